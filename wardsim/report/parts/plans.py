"""Of an optimisation: the plan that was chosen, in sentences; and part 4, every plan by cost and outcome."""

from __future__ import annotations

from wardsim.experiments.optimise.chance import OF_ITSELF
from wardsim.experiments.results import cell as guarded
from wardsim.experiments.shown import MONEY, THOUSAND, change_of, changes_of, label, number_of, range_of
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Part
from ..figures import Plan, front
from ..result import Result
from ..source import Row, number
from .words import unit_of

MOST_NAMED = 6
"""Plans that are not ruled out, named in the answer."""


def chosen(result: Result) -> list[str]:
    """The plan that was chosen, what it costs, how sure that is, and which others may be cheaper; every number with its range."""
    source = result.source
    told = source.manifest["result"]
    name = told.get("chosen")
    measure = MEASURES[result.settings["objective"]]
    plans = len(source.study["cells"]) if source.study else 0
    share = f"{100 * float(result.settings['probability']):g}"
    rows = source.rows("choice.csv")
    if name is None:
        said = [f"Of {plans} plans none is known to keep the limits in at least {share} of 100 parameter draws, so none is chosen."]
        states = [row["state"] for row in rows]
        some = [(states.count("infeasible"), "known to break them"), (states.count("undecided"), "not decided by these runs")]
        counted = "; ".join(f"{count} {words}" for count, words in some if count)
        return [*said, f"Of all plans {counted}: more runs may decide."] if states.count("undecided") and counted else said
    row = next((row for row in rows if row["option"] == guarded(name)), {})
    known = "that keeps" if told.get("sure") else "known to keep"
    said = [
        f"Of {plans} plans, {name} is the cheapest {known} the limits in at least {share} of 100 parameter draws. {measure.label}: {_cost(measure, row)}."
    ]
    keeps, low, high = number(row, "share"), number(row, "share_mc_low"), number(row, "share_mc_high")
    judged = next(iter(source.rows("verdicts.csv", option=guarded(name))), {})
    if judged.get("reason") == OF_ITSELF:
        said.append(f"The limits are held against {name} itself, so it keeps them whatever the runs show.")
    elif keeps is not None and low is not None and high is not None:
        said.append(f"{name} keeps the limits in {100 * keeps:.0f} of 100 draws (simulation error, over all plans and looks: {100 * low:.0f} to {100 * high:.0f}).")
    reached = "reached" if told.get("sure") else "not reached: more runs are needed"
    said.append(f"The confidence that was asked for in this choice was {reached}.")
    others = [one for one in rows if one["standing"] not in ("", "chosen")]
    if others:
        named = "; ".join(f"{source.name(one['option'])}{_apart(measure, one)}" for one in others[:MOST_NAMED])
        more = f"; and {len(others) - MOST_NAMED} more, which part 8 lists" if len(others) > MOST_NAMED else ""
        said.append(
            f"Not ruled out as cheaper or as good by these runs (in brackets the difference in {unit_of(measure)} from {name}, with its 95% range): "
            f"{named}{more}."
        )
    return said


def _cost(measure: Measure, row: Row) -> str:
    """What a plan costs, with its range where the table has one."""
    text = f"{number_of(measure, number(row, 'cost'))} {unit_of(measure)}"
    for low, high, words in (("cost_low", "cost_high", "95% range of what the model does not know"), ("cost_mc_low", "cost_mc_high", "95% simulation error")):
        span = range_of(measure, number(row, low), number(row, high))
        if span != "-":
            return f"{text} ({words}: {span})"
    return f"{text} (the table of plans has no range of the level)"


def level(measure: Measure, row: Row, key: str) -> str:
    """A level of a plan with the range that its table has: what is not known, else the simulation error, named so."""
    text = number_of(measure, number(row, key))
    for word, low, high in (("", f"{key}_low", f"{key}_high"), ("sim. ", f"{key}_mc_low", f"{key}_mc_high")):
        span = range_of(measure, number(row, low), number(row, high))
        if span != "-":
            return f"{text} ({word}{span})"
    return text


def _apart(measure: Measure, row: Row) -> str:
    """How a plan differs from the choice in cost, with its range."""
    mean = number(row, "difference_mean")
    if mean is None:
        return ""
    span = changes_of(measure, number(row, "difference_low"), number(row, "difference_high"))
    if span == "-":
        span = f"sim. {changes_of(measure, number(row, 'difference_mc_low'), number(row, 'difference_mc_high'))}"
    return f" ({change_of(measure, mean)}; {span})"



def plans(result: Result) -> Part | None:
    """The front of an optimisation."""
    source = result.source
    rows = source.rows("front.csv")
    if result.kind != "optimise" or not rows:
        return None
    objectives = [key for key in rows[0] if key in MEASURES]
    cost = str(result.settings["objective"])
    others = [name for name in objectives if name != cost]
    if cost not in objectives or not others:
        return None
    outcome, money = MEASURES[others[0]], MEASURES[cost]
    states = {row["option"]: (row["state"], row["standing"] == "chosen") for row in source.rows("choice.csv")}
    shown = []
    for row in rows:
        x, y = number(row, outcome.name), number(row, money.name)
        if x is None or y is None:
            continue
        state, chosen = states.get(row["option"], ("undecided", False))
        edge = row["on_front"] == "yes"
        texts = (level(outcome, row, outcome.name), level(money, row, money.name), state, "yes" if edge else "no", "yes" if chosen else "no")
        unit = THOUSAND if money.unit == MONEY else 1.0
        name = source.name(row["option"])
        shown.append(Plan(name, x, y / unit, edge, chosen, state, texts, current=name == result.settings.get("reference")))
    if not shown:
        return None
    kept = sum(plan.state == "feasible" for plan in shown)
    edges = sum(plan.on_front for plan in shown)
    part = Part("plane", "Plans by cost and consequence")
    runs = result.source.manifest.get("runs", {}).get("done", 0)
    part.show(
        front(
            shown, x_title=label(outcome), y_title=label(money),
            title=f"{kept} of {len(shown)} plans are known to keep the limits; {edges} lie on the front",
            caption=(
                f"Means over parameter draws and runs; ringed: no other plan is as good in every objective ({', '.join(label(MEASURES[o]) for o in objectives)}). "
                f"{runs} runs in all. Ranges stand in part 8. Source: front.csv and choice.csv."
            ),
        )
    )  # fmt: skip
    return part
