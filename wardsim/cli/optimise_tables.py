"""What `wardsim optimise` prints in tables: every plan beside the choice, and the plans that nothing beats."""

from __future__ import annotations

from wardsim.experiments.optimise.amounts import about
from wardsim.experiments.optimise.chance import OF_ITSELF, State
from wardsim.experiments.optimise.conduct import Optimum
from wardsim.experiments.optimise.tables import by_cost, standing_of
from wardsim.experiments.shown import change_of, changes_of, label, number_of, range_of
from wardsim.measures import MEASURES

from .grid import Entry, fill, grids

MOST_ROWS = 40
"""Plans listed; choice.csv has all."""
KEPT: dict[State, str] = {"feasible": "yes", "infeasible": "no", "undecided": "open"}
"""Whether a plan keeps the limits."""


def plans_text(found: Optimum, width: int) -> str:
    """Every plan, the cheapest first: whether it keeps the limits, and what it costs beside the choice."""
    choice, plans = found.choice, found.plans
    measure = MEASURES[choice.cost]
    reference = choice.nearest if choice.chosen is None else choice.chosen
    rows = by_cost(choice, plans.names)
    entries = []
    for cell in rows[:MOST_ROWS]:
        verdict, gap = choice.feasibility.verdicts[cell], choice.gaps.get(cell)
        kept = "by definition" if verdict.reason == OF_ITSELF else _hundred(verdict.share, verdict.low, verdict.high)
        own = choice.costs.get(cell)
        cost = "-" if own is None else number_of(measure, own.mean)
        apart = ("-", "-", "-")
        if gap is not None and gap.mean == gap.mean:
            apart = (change_of(measure, gap.mean), changes_of(measure, gap.low, gap.high), changes_of(measure, gap.mc_low, gap.mc_high))
        elif cell == reference and own is not None:
            apart = (f"[{cost}]", f"[{range_of(measure, own.low, own.high)}]", f"[{range_of(measure, own.mc_low, own.mc_high)}]")
        standing = standing_of(choice, cell)
        name = plans.names[cell] + (" (the choice)" if standing == "chosen" else "")
        entries.append(Entry(name, (KEPT[verdict.state], kept, *apart, f"{choice.runs.get(cell, verdict.runs):,}")))
    heads = ("keeps", "of 100", "cost", "not known (95%)", "simulation (95%)", "runs")
    against = "" if reference is None else f", difference from {'the choice' if choice.chosen is not None else 'the plan nearest to the limits'}"
    head = (
        f"Plans, the cheapest first. Keeps: whether all limits are kept, and in how many of 100 {_over(found)} (95% simulation error). "
        f"Cost: {label(measure)}{against} ([ ] its own)."
    )
    more = [f"({len(rows) - MOST_ROWS} more in choice.csv)"] if len(rows) > MOST_ROWS else []
    return "\n".join([fill(head, width), *grids([(plans.title, entries)], heads, width), *more])


def open_text(found: Optimum, width: int) -> str:
    """About how many runs would decide each open plan of which it can be told; empty where there is none."""
    choice, plans = found.choice, found.plans
    told = [cell for cell in by_cost(choice, plans.names) if cell in choice.needs and choice.needs[cell].runs is not None]
    entries = [Entry(plans.names[cell], (f"{choice.runs[cell]:,}", about(choice.needs[cell]))) for cell in told[:MOST_ROWS]]
    return "\n".join(grids([(plans.title, entries)], ("runs made", "about, to decide"), width)) if entries else ""


def front_text(found: Optimum, width: int) -> str:
    """The plans that nothing beats on the means, with every objective and its range; empty for one plan."""
    front, plans = found.front, found.plans
    if len(front.members) < 2:
        return ""
    measures = [MEASURES[one.measure] for one in front.objectives]
    entries = []
    for member in front.members:
        if not member.on_front:
            continue
        cells = []
        for measure, level in zip(measures, member.levels, strict=True):
            low, high = (level.mc_low, level.mc_high) if level.low is None else (level.low, level.high)
            cells.append(f"{number_of(measure, level.mean)} ({range_of(measure, low, high)})")
        entries.append(Entry(plans.names[member.cell], (*cells, _hundred(member.membership, member.low, member.high))))
    heads = [*(f"({chr(ord('a') + i)})" for i in range(len(measures))), "unbeaten in"]
    told = "; ".join(f"{head} {label(measure)}" for head, measure in zip(heads, measures, strict=False))
    span = "95% simulation error" if any(level.low is None for m in front.members for level in m.levels) else "95% range of what is not known"
    line = (
        f"Plans that nothing beats on the means of the {front.runs} runs that all plans have ({span}): {told}; unbeaten in so many of 100 "
        "parameter draws (95% simulation error). front.csv has the others."
    )
    return "\n".join([fill(line, width), *grids([(plans.title, entries)], heads, width)])


def _over(found: Optimum) -> str:
    return "parameter draws" if found.choice.feasibility.over == "draws" else "single years"


def _hundred(share: float | None, low: float | None, high: float | None) -> str:
    """A share of 100 with its range; a dash where it cannot be told."""
    if share is None or share != share or low is None or high is None:
        return "-"
    return f"{100 * share:.0f} ({100 * low:.0f}-{100 * high:.0f})"
