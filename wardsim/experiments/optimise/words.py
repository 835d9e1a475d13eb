"""Results in plain sentences, for the terminal.

Numbers carry no more digits than the noise supports, shares are counts of a hundred, and every promise says what it
rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from .amounts import about, amount, given, label_and_unit, noise_of, of_hundred, percent, ranges_of
from .chance import OF_ITSELF, Feasibility
from .cheapest import Choice
from .limits import Limit
from .pareto import Front
from .plans import Plans
from .shadow import Step

SHOWN = 3
"""Options named one by one before the rest are counted."""
MEMBERS = 6
"""Options of a front that have a sentence each; of more there is a table."""


def _list(cells: Sequence[int], plans: Plans) -> str:
    shown = [plans.names[c] for c in cells[:SHOWN]]
    more = len(cells) - len(shown)
    if more:
        return ", ".join(shown) + f" and {more} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def limit_text(limit: Limit) -> str:
    """A limit in words; what it is held against is the reference."""
    label, unit = label_and_unit(limit.measure)
    parts = []
    if limit.against is not None and limit.times != 1.0:
        bound = "at most" if limit.at_most is not None else "at least"
        return f"{label} {bound} {100 * limit.times:g}% of the reference"
    if limit.at_least is not None:
        parts.append(f"at least {given(limit.at_least, unit)}")
    if limit.at_most is not None:
        parts.append(f"at most {given(limit.at_most, unit)}")
    above = "" if limit.against is None else " above the reference"
    return f"{label} {' and '.join(parts)}{above}"


@singledispatch
def text_of(found: object, plans: Plans) -> str:
    """A result in plain sentences.

    Parameters
    ----------
    found : Feasibility, Choice, Front or list of Step
        What an analysis gave.
    plans : Plans
        Names of the cells, by place, and the factors that they are made of.
    """
    raise TypeError(f"no words for {type(found).__name__}")


@text_of.register
def _feasibility(found: Feasibility, plans: Plans) -> str:
    what = "in which the ward keeps them on average" if found.over == "draws" else "of any parameter draw"
    unit = "parameter draws" if found.over == "draws" else "single years"
    lines = [
        f"Limits: {'; '.join(limit_text(limit) for limit in found.limits)}.{_reference(found, plans)}",
        f"Asked for: kept{' together' if len(found.limits) > 1 else ''} in at least {100 * found.probability:g} of 100 {unit} {what}.",
    ]
    for state, text in (("feasible", "kept"), ("infeasible", "not kept")):
        cells = found.cells(state)  # type: ignore[arg-type]
        lines.append(
            f"{text[0].upper() + text[1:]} by {len(cells)} of {len(found.verdicts)} options"
            + (f": {_list(cells, plans)}." if cells else ".")
        )
    undecided = found.cells("undecided")
    if undecided:
        lines.append(f"Undecided with these runs: {_list(undecided, plans)}.")
    itself = [cell for cell, v in found.verdicts.items() if v.reason == OF_ITSELF]
    for reason in dict.fromkeys(v.reason for v in found.verdicts.values() if v.reason):
        lines.append(f"Note: {f'{_list(itself, plans)}: ' if reason == OF_ITSELF else ''}{reason}.")
    counts = [v.binding for v in found.verdicts.values() if v.binding is not None]
    if counts:
        most = max(sorted(set(counts)), key=counts.count)
        lines.append(
            f"The limit that is kept least often, in {counts.count(most)} of {len(found.verdicts)} options: {limit_text(found.limits[most])}."
        )
    else:
        lines.append("No limit binds: each is kept in every draw, or nothing could be judged.")
    lines.append(
        f"All verdicts together are right with probability at least {percent(found.confidence)}; {found.spent} runs."
    )
    return "\n".join(lines)


def _reference(found: Feasibility, plans: Plans) -> str:
    held = sorted({limit.against for limit in found.limits if limit.against is not None})
    return f" The reference is {' and '.join(plans.spelled(cell) for cell in held)}." if held else ""


@text_of.register
def _choice(found: Choice, plans: Plans) -> str:
    label, unit = label_and_unit(found.cost)
    judged = found.feasibility
    if found.chosen is None:
        return _no_choice(found, plans)
    best, verdict, cost = plans.spelled(found.chosen), judged.verdicts[found.chosen], found.costs[found.chosen]
    known = "known to keep" if found.open else "that keeps"
    mean, ranges = amount(cost.mean or 0.0, unit, noise_of(cost.mc_low, cost.mc_high)), ranges_of(cost, unit)
    lines = [
        f"Cheapest option {known} the limits: {best}; {label} {mean}{f' ({ranges})' if ranges else ''}.",
        "The limits are held against it, so it keeps them whatever the runs show."
        if verdict.reason == OF_ITSELF
        else f"It keeps them in {of_hundred(verdict.share, verdict.low, verdict.high, judged.over)}; "
        f"asked for: {100 * judged.probability:g}.",
    ]
    if found.next is None:
        lines.append("No other option is known to keep the limits.")
    else:
        lines.append(f"Next: {plans.spelled(found.next)}, {_difference(found, found.next, unit)}.")
    if found.level:
        lines.append(
            f"Cannot be told apart in cost with these runs: {_list(found.level, plans)}. Any of them may be the cheapest."
        )
    if found.alike:
        lines.append(
            f"Told apart, but within {amount(found.delta, unit)}: {_list(found.alike, plans)}. Choose on other grounds."
        )
    if found.open:
        lines += [f"May be cheaper, but undecided with these runs: {_list(found.open, plans)}.", *stopped(found)]
    if len(found.chances) > 1:
        p, low, high = found.chances[found.chosen]
        lines.append(
            f"It is the cheapest of the {len(found.chances)} that keep the limits in {100 * p:.0f} of 100 parameter draws "
            f"(95% range {100 * low:.0f} to {100 * high:.0f})."
        )
    lines.append(_promise(found, unit))
    return "\n".join(lines)


def _difference(found: Choice, cell: int, unit: str) -> str:
    gap = found.gaps[cell]
    if gap.mc_low is None or gap.mc_high is None:
        return f"{amount(gap.mean, unit)} more, simulation error not known"
    noise = noise_of(gap.mc_low, gap.mc_high)
    known = "" if gap.low is None or gap.high is None else f"what is not known {amount(gap.low, unit, noise)} to {amount(gap.high, unit, noise)}; "
    return (
        f"{amount(gap.mean, unit, noise)} more ({known}simulation error {amount(gap.mc_low, unit, noise)} to "
        f"{amount(gap.mc_high, unit, noise)})"
    )


def stopped(found: Choice) -> list[str]:
    """Why plans that may be cheaper are still open, and about how many runs would decide them; empty where none is."""
    if not found.open:
        return []
    told = sorted((one for one in found.needs.values() if one.runs is not None), key=lambda one: one.runs or 0.0)
    lines = [f"Stopped with {len(found.open)} of {len(found.feasibility.verdicts)} plans open: {found.stopped}."]
    told = sorted((one for one in found.needs.values() if one.runs is not None), key=lambda one: one.runs or 0.0)
    if told:
        each = about(told[0]) if len(told) == 1 else f"{about(told[0])} in the nearest, {about(told[-1])} in the farthest"
        lines.append(
            f"To decide {len(told)} of them about so many runs of each would be needed: {each} (in brackets: for a share one standard error "
            "farther from the line, and nearer). The reference of the limits needs as many. It is taken that shares stay as they are and that "
            "their error falls with the root of the runs."
        )
    untold = len(found.open) - len(told)
    if untold:
        why = "; ".join(dict.fromkeys(one.reason for one in found.needs.values() if one.runs is None))
        lines.append(f"How many runs would decide {'the other ' if told else ''}{untold} cannot be told: {why}.")
    return lines


def _promise(found: Choice, unit: str) -> str:
    if not found.sure:
        why = [*found.reasons]
        if found.open:
            why.append(f"{len(found.open)} options that may be cheaper are undecided")
        return f"No promise for the grid as a whole: {'; '.join(why)}. {found.spent} runs."
    return (
        f"Promise: with probability at least {percent(found.confidence)} it keeps the limits as asked, and none that does "
        f"is cheaper, if no other is within {amount(found.delta, unit)} of it. {found.spent} runs."
    )


def _no_choice(found: Choice, plans: Plans) -> str:
    judged = found.feasibility
    undecided = judged.cells("undecided")
    lines = []
    if undecided:
        lines.append(
            f"No option is known to keep the limits: {len(judged.cells('infeasible'))} do not, {len(undecided)} are undecided "
            f"with {found.spent} runs ({_list(undecided, plans)})."
        )
        lines += stopped(found)
    else:
        lines.append(
            f"None of the {len(judged.verdicts)} options keeps the limits in {100 * judged.probability:g} of 100 "
            f"{'parameter draws' if judged.over == 'draws' else 'single years'}; right with probability at least "
            f"{percent(judged.confidence)}. Loosen a limit or the probability, or add options."
        )
    if found.nearest is not None:
        v = judged.verdicts[found.nearest]
        lines.append(f"Nearest: {plans.spelled(found.nearest)}, {of_hundred(v.share, v.low, v.high, judged.over)}.")
        if v.binding is not None:
            lines.append(f"What it misses most often: {limit_text(judged.limits[v.binding])}.")
    for reason in dict.fromkeys(v.reason for v in judged.verdicts.values() if v.reason):
        lines.append(f"Note: {reason}.")
    return "\n".join(lines)


@text_of.register
def _front(found: Front, plans: Plans) -> str:
    labels = ", ".join(f"{label_and_unit(o.measure)[0]} ({o.better} is better)" for o in found.objectives)
    lines = [f"Weighed: {labels}; {found.draws} {'runs' if found.reason.startswith('point') else 'parameter draws'}."]
    if len(found.members) == 1:
        return lines[0] + f"\n{plans.names[found.members[0].cell]} is the only option: nothing can beat it."
    on = [m for m in found.members if m.on_front]
    lines.append(f"On the means nothing beats {_list([m.cell for m in on], plans)}.")
    if found.reason:
        lines.append(f"How sure that is cannot be told: {found.reason}.")
    for m in found.members if len(found.members) <= MEMBERS else []:
        if m.membership is not None and m.low is not None and m.high is not None:
            text = f"{plans.names[m.cell]}: unbeaten in {100 * m.membership:.0f} of 100 parameter draws"
            text += f" (simulation error {100 * m.low:.0f} to {100 * m.high:.0f})"
            if m.beaten_by and m.membership < 0.5:
                cell, share = m.beaten_by[0]
                text += f", most often beaten by {plans.names[cell]} ({100 * (share or 0):.0f})"
            lines.append(text + ".")
    same = sorted({tuple(sorted((m.cell, *m.same_as))) for m in found.members if m.same_as})
    lines += [f"The same in every run: {_list(group, plans)}." for group in same]
    if found.left_out:
        lines.append(f"Left out because no run has a value: {_list(found.left_out, plans)}.")
    return "\n".join(lines)


@text_of.register
def _steps(found: list, plans: Plans) -> str:  # type: ignore[type-arg]
    if not found:
        return "No two options differ in one factor by one level: there are no shadow prices."
    return "\n".join(step_text(step, plans) for step in found)


def _step(step: Step, plans: Plans) -> str:
    """What differs between two neighbours, and what is the same."""
    first, second = (plans.label(cell, step.factor) for cell in (step.first, step.second))
    if first is None or second is None:
        return f"{step.factor} {step.levels[0]} to {step.levels[1]} ({plans.names[step.first]} to {plans.names[step.second]})"
    others = plans.spelled(step.first, without=step.factor) if len(plans.factors) > 1 else ""
    return f"{step.factor} {first} to {second}" + (f" ({others})" if others else "")


def step_text(step: Step, plans: Plans) -> str:
    """One step in one sentence."""
    (label, unit), (cost, money) = label_and_unit(step.measure), label_and_unit(step.money)
    head = _step(step, plans)
    if step.price is None:
        return f"{head}: no price; {step.reason.replace(step.money, cost).replace(step.measure, label)}."
    verb, worse = ("costs", False) if step.kind == "price" else ("saves", True)
    move = "fall" if (step.better == "lower") != worse else "rise"
    noise = noise_of(step.mc_low, step.mc_high)
    text = f"{head}: {verb} {amount(step.price, money, noise)} for a {move} of 1 in {label}"
    if unit:
        text += f" ({unit})"
    if step.low is not None and step.high is not None:
        text += f"; what is not known: {amount(step.low, money, noise)} to {amount(step.high, money, noise)}"
    elif step.reason:
        text += f"; {step.reason}"
    if step.mc_low is not None and step.mc_high is not None:
        text += f"; simulation error {amount(step.mc_low, money, noise)} to {amount(step.mc_high, money, noise)}"
    return text + "."
