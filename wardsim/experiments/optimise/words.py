"""Results in plain sentences, for the terminal.

Numbers carry no more digits than the noise supports, shares are counts of a hundred, and every promise says what it
rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from math import floor, isfinite, log10

from .chance import OF_ITSELF, Feasibility
from .cheapest import Choice
from .limits import Limit
from .pareto import Front
from .ranking import Selection
from .shadow import Step

SHOWN = 6
"""Options named one by one before the rest are counted."""


def amount(x: float, unit: str = "", noise: float | None = None) -> str:
    """A number with its unit, rounded to the first figure of the noise (three figures without).

    Parameters
    ----------
    x : float
        Value.
    unit : str
        As the measure declares it; GBP goes before the number as a pound sign.
    noise : float, optional
        Half-width of its interval.
    """
    if not isfinite(x):
        return "no value"
    base = noise if noise else abs(x) / 100.0
    places = 0 if base <= 0 or not isfinite(base) else -floor(log10(base))
    shown = round(x, min(places, 10))
    text = f"{abs(shown):,.{max(0, min(places, 4))}f}"
    sign = "-" if shown < 0 else ""
    if unit.startswith("GBP"):
        return f"{sign}£{text}{unit[3:]}"
    return f"{sign}{text}{'' if unit == '%' else ' ' if unit else ''}{unit}"


def _given(x: float, unit: str) -> str:
    """A number as it was given, with its unit."""
    text = f"{abs(x):,.10g}"
    sign = "-" if x < 0 else ""
    return (
        f"{sign}£{text}{unit[3:]}"
        if unit.startswith("GBP")
        else f"{sign}{text}{'' if unit == '%' else ' '}{unit}".strip()
    )


def _measure(name: str) -> tuple[str, str]:
    """Label, lower case at its start, and unit of a measure; its name where it is not declared."""
    from wardsim.measures import MEASURES

    declared = MEASURES.get(name)
    if declared is None:
        return name, ""
    label, unit = declared.label, declared.unit
    if label.endswith(" a year"):
        unit = unit.removesuffix(" a year")
    return (label[0].lower() + label[1:] if label[1:2].islower() else label), unit


def _percent(p: float) -> str:
    return f"{100 * p:.4g}%"


def _of_hundred(share: float, low: float, high: float, over: str) -> str:
    what = "parameter draws" if over == "draws" else "single years"
    return f"{100 * share:.0f} of 100 {what} (simulation error {100 * low:.0f} to {100 * high:.0f})"


def _list(cells: Sequence[int], names: Sequence[str]) -> str:
    shown = [names[c] for c in cells[:SHOWN]]
    more = len(cells) - len(shown)
    if more:
        return ", ".join(shown) + f" and {more} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def limit_text(limit: Limit, names: Sequence[str]) -> str:
    """A limit in words."""
    label, unit = _measure(limit.measure)
    parts = []
    if limit.against is not None and limit.times != 1.0:
        bound = "at most" if limit.at_most is not None else "at least"
        return f"{label} {bound} {100 * limit.times:g}% of {names[limit.against]}"
    if limit.at_least is not None:
        parts.append(f"at least {_given(limit.at_least, unit)}")
    if limit.at_most is not None:
        parts.append(f"at most {_given(limit.at_most, unit)}")
    above = "" if limit.against is None else f" above {names[limit.against]}"
    return f"{label} {' and '.join(parts)}{above}"


@singledispatch
def text_of(found: object, names: Sequence[str]) -> str:
    """A result in plain sentences.

    Parameters
    ----------
    found : Selection, Feasibility, Choice, Front or list of Step
        What an analysis gave.
    names : sequence of str
        Names of the cells, by place.
    """
    raise TypeError(f"no words for {type(found).__name__}")


@text_of.register
def _selection(found: Selection, names: Sequence[str]) -> str:
    label, unit = _measure(found.measure)
    best = names[found.chosen]
    zone = amount(found.delta, unit)
    if len(found.cells) == 1:
        return f"{best} is the only option: there was nothing to select, and nothing is promised."
    compared = len(found.cells) - len(found.left_out)
    lines = [
        f"Of {compared} options {best} has the {_superlative(found.better)} {label}; {found.total} runs were needed."
    ]
    if found.equal:
        lines.append(
            f"{_list(found.equal, names)} gave the same in every run: nothing but the order of the list sets them apart."
        )
    if found.left_out:
        lines.append(f"Left out because no run has a value: {_list(found.left_out, names)}.")
    if found.skipped:
        lines.append(
            f"{found.skipped} parameter draws were skipped because a run failed or has no value; the comparison is of the others."
        )
    if found.kept:
        lines.append(
            f"Promise: with probability at least {_percent(found.confidence)} this is the best option if it is better than "
            f"every other by {zone} or more. Options that are nearer to it than that may be as good."
        )
    else:
        left = [c for c in found.stages[-1].survivors if c != found.chosen]
        lines.append(
            f"No promise: {found.reason}. {best} is ahead, but {_list(left, names)} could not be told apart from it by "
            f"{zone}. More runs would be needed."
        )
    return "\n".join(lines)


def _superlative(better: str) -> str:
    return "lowest" if better == "lower" else "highest"


@text_of.register
def _feasibility(found: Feasibility, names: Sequence[str]) -> str:
    what = "in which the ward keeps them on average" if found.over == "draws" else "of any parameter draw"
    unit = "parameter draws" if found.over == "draws" else "single years"
    lines = [
        f"Limits: {'; '.join(limit_text(limit, names) for limit in found.limits)}.",
        f"Asked for: kept{' together' if len(found.limits) > 1 else ''} in at least {100 * found.probability:g} of 100 {unit} {what}.",
    ]
    for state, text in (("feasible", "kept"), ("infeasible", "not kept")):
        cells = found.cells(state)  # type: ignore[arg-type]
        lines.append(
            f"{text[0].upper() + text[1:]} by {len(cells)} of {len(found.verdicts)} options"
            + (f": {_list(cells, names)}." if cells else ".")
        )
    undecided = found.cells("undecided")
    if undecided:
        lines.append(f"Undecided with these runs: {_list(undecided, names)}.")
    for reason in dict.fromkeys(v.reason for v in found.verdicts.values() if v.reason):
        lines.append(f"Note: {reason}.")
    counts = [v.binding for v in found.verdicts.values() if v.binding is not None]
    if counts:
        most = max(sorted(set(counts)), key=counts.count)
        lines.append(
            f"The limit that is kept least often, in {counts.count(most)} of {len(found.verdicts)} options: {limit_text(found.limits[most], names)}."
        )
    else:
        lines.append("No limit binds: each is kept in every draw, or nothing could be judged.")
    lines.append(
        f"All verdicts together are right with probability at least {_percent(found.confidence)}; {found.spent} runs."
    )
    return "\n".join(lines)


@text_of.register
def _choice(found: Choice, names: Sequence[str]) -> str:
    label, unit = _measure(found.cost)
    judged = found.feasibility
    if found.chosen is None:
        return _no_choice(found, names)
    best, verdict = names[found.chosen], judged.verdicts[found.chosen]
    known = "known to keep" if found.open else "that keeps"
    lines = [
        f"Cheapest option {known} the limits: {best}, {label} {amount(found.costs[found.chosen], unit)}.",
        "The limits are held against it, so it keeps them whatever the runs show."
        if verdict.reason == OF_ITSELF
        else f"It keeps them in {_of_hundred(verdict.share, verdict.low, verdict.high, judged.over)}; "
        f"asked for: {100 * judged.probability:g}.",
    ]
    if found.next is None:
        lines.append("No other option is known to keep the limits.")
    else:
        lines.append(f"Next: {names[found.next]}, {_difference(found, found.next, unit)}.")
    if found.level:
        lines.append(
            f"Cannot be told apart in cost with these runs: {_list(found.level, names)}. Any of them may be the cheapest."
        )
    if found.alike:
        lines.append(
            f"Told apart, but within {amount(found.delta, unit)}: {_list(found.alike, names)}. Choose on other grounds."
        )
    if found.open:
        lines.append(f"May be cheaper, but undecided with these runs: {_list(found.open, names)}.")
    if len(found.p_cheapest) > 1:
        share = found.p_cheapest[found.chosen]
        lines.append(
            f"It is the cheapest of the {len(found.p_cheapest)} that keep the limits in {100 * share:.0f} of 100 parameter draws."
        )
    lines.append(_promise(found, unit))
    return "\n".join(lines)


def _difference(found: Choice, cell: int, unit: str) -> str:
    gap = found.gaps[cell]
    if gap.mc_low is None or gap.mc_high is None:
        return f"{amount(gap.mean, unit)} more, simulation error not known"
    noise = (gap.mc_high - gap.mc_low) / 2.0
    return (
        f"{amount(gap.mean, unit, noise)} more (simulation error {amount(gap.mc_low, unit, noise)} to "
        f"{amount(gap.mc_high, unit, noise)})"
    )


def _promise(found: Choice, unit: str) -> str:
    if not found.sure:
        why = [*found.reasons]
        if found.open:
            why.append(f"{len(found.open)} options that may be cheaper are undecided")
        return f"No promise for the grid as a whole: {'; '.join(why)}. {found.spent} runs."
    return (
        f"Promise: with probability at least {_percent(found.confidence)} it keeps the limits as asked, and none that does "
        f"is cheaper, if no other is within {amount(found.delta, unit)} of it. {found.spent} runs."
    )


def _no_choice(found: Choice, names: Sequence[str]) -> str:
    judged = found.feasibility
    undecided = judged.cells("undecided")
    lines = []
    if undecided:
        lines.append(
            f"No option is known to keep the limits: {len(judged.cells('infeasible'))} do not, {len(undecided)} are undecided "
            f"with {found.spent} runs ({_list(undecided, names)})."
        )
    else:
        lines.append(
            f"None of the {len(judged.verdicts)} options keeps the limits in {100 * judged.probability:g} of 100 "
            f"{'parameter draws' if judged.over == 'draws' else 'single years'}; right with probability at least "
            f"{_percent(judged.confidence)}. Loosen a limit or the probability, or add options."
        )
    if found.nearest is not None:
        v = judged.verdicts[found.nearest]
        lines.append(f"Nearest: {names[found.nearest]}, {_of_hundred(v.share, v.low, v.high, judged.over)}.")
        if v.binding is not None:
            lines.append(f"What it misses most often: {limit_text(judged.limits[v.binding], names)}.")
    for reason in dict.fromkeys(v.reason for v in judged.verdicts.values() if v.reason):
        lines.append(f"Note: {reason}.")
    return "\n".join(lines)


@text_of.register
def _front(found: Front, names: Sequence[str]) -> str:
    labels = ", ".join(f"{_measure(o.measure)[0]} ({o.better} is better)" for o in found.objectives)
    lines = [f"Weighed: {labels}; {found.draws} {'runs' if found.reason.startswith('point') else 'parameter draws'}."]
    if len(found.members) == 1:
        return lines[0] + f"\n{names[found.members[0].cell]} is the only option: nothing can beat it."
    on = [m for m in found.members if m.on_front]
    lines.append(f"On the means nothing beats {_list([m.cell for m in on], names)}.")
    if found.reason:
        lines.append(f"How sure that is cannot be told: {found.reason}.")
    for m in found.members:
        if m.membership is not None and m.low is not None and m.high is not None:
            text = f"{names[m.cell]}: unbeaten in {100 * m.membership:.0f} of 100 parameter draws"
            text += f" (simulation error {100 * m.low:.0f} to {100 * m.high:.0f})"
            if m.beaten_by and m.membership < 0.5:
                cell, share = m.beaten_by[0]
                text += f", most often beaten by {names[cell]} ({100 * (share or 0):.0f})"
            lines.append(text + ".")
    same = sorted({tuple(sorted((m.cell, *m.same_as))) for m in found.members if m.same_as})
    lines += [f"The same in every run: {_list(group, names)}." for group in same]
    if found.left_out:
        lines.append(f"Left out because no run has a value: {_list(found.left_out, names)}.")
    return "\n".join(lines)


@text_of.register
def _steps(found: list, names: Sequence[str]) -> str:  # type: ignore[type-arg]
    if not found:
        return "No two options differ in one factor by one level: there are no shadow prices."
    return "\n".join(step_text(step, names) for step in found)


def step_text(step: Step, names: Sequence[str]) -> str:
    """One step in one sentence."""
    (label, unit), (cost, money) = _measure(step.measure), _measure(step.money)
    head = f"{step.factor} {step.levels[0]} to {step.levels[1]} ({names[step.first]} to {names[step.second]})"
    if step.price is None:
        return f"{head}: no price; {step.reason.replace(step.money, cost).replace(step.measure, label)}."
    verb, worse = ("costs", False) if step.kind == "price" else ("saves", True)
    move = "fall" if (step.better == "lower") != worse else "rise"
    noise = None if step.mc_low is None or step.mc_high is None else (step.mc_high - step.mc_low) / 2.0
    text = f"{head}: {verb} {amount(step.price, money, noise)} for a {move} of 1 in {label}"
    if unit:
        text += f" ({unit})"
    if step.low is not None and step.high is not None:
        text += f"; what is not known: {amount(step.low, money, noise)} to {amount(step.high, money, noise)}"
    elif step.reason:
        text += f"; {step.reason}"
    return text + "."
