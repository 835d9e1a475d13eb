"""What `wardsim compare` prints about a choice: expected net benefit, and what it would be worth to know more before spending."""

from __future__ import annotations

from wardsim.experiments.compare.decision import Decision, label_of
from wardsim.experiments.compare.known import GROUP
from wardsim.experiments.compare.sentences import signed
from wardsim.experiments.statistics.information import Information, Worth
from wardsim.measures import MEASURES

from .grid import THOUSAND, Entry, fill, grids, opened

SHOWN = 8
"""Parameters that are printed."""


def decision_text(found: Decision | None, width: int) -> str:
    """The choice, and the value of information with what cannot be told."""
    if found is None:
        return ""
    if not found.benefits:
        return fill(f"No choice by net benefit: {found.reason}.", width)
    worth = "; ".join(f"{MEASURES[name].label} {signed(value, 0)}" for name, value in found.values.items())
    head = fill(f"Choice by expected net benefit, thousand GBP a year (GBP for one unit: {worth})", width)
    entries = [
        Entry(
            one.option + (" (the choice)" if one.option == found.choice else ""),
            (
                _thousand(one.own.mean), "reference" if one.over is None else _thousand(one.over.mean),
                "-" if one.over is None else _span(one.over.low, one.over.high), "-" if one.over is None else _span(one.over.mc_low, one.over.mc_high),
                "-" if one.best is None else f"{round(100 * one.best.p)} of 100{opened(one.best.low, one.best.high)}",
            ),
        )
        for one in found.benefits
    ]  # fmt: skip
    parts = [head, *grids([("option", entries)], ("net benefit", "gain", "not known (95%)", "simulation (95%)", "best in"), width)]
    return "\n".join([*parts, *_information(found, width)])


def _information(found: Decision, width: int) -> list[str]:
    told = found.told
    if told is None or told.perfect is None:
        return [fill(f"What it would be worth to know more cannot be told: {found.reason}.", width)]
    if told.perfect < 0.5:
        return [fill("To know more would not change the choice: in every parameter draw it is the best (EVPI 0 GBP a year).", width)]
    said = [
        fill(
            f"To know all parameters before choosing would be worth {_pounds(told.perfect)} GBP a year for one ward "
            f"(EVPI, standard error {_pounds(told.error)}, 95% {_pounds(told.low)} to {_pounds(told.high)}): no study of them is worth more.",
            width,
        )
    ]
    said += _partial(told, width)
    if found.left_out:
        topics = ", ".join(name.removeprefix(GROUP) for name in found.left_out)
        said.append(fill(f"Topics that hold too many parameters for so many draws: {topics}.", width))
    return said


def _partial(told: Information, width: int) -> list[str]:
    apart = [one for one in told.partial if one.told_apart and one.value > 0.0]
    rest = len(told.partial) - len([one for one in told.partial if one.told_apart])
    said = []
    if apart:
        entries = [_entry(one) for one in apart[:SHOWN]]
        said += grids([("To know only (EVPPI)", entries)], ("GBP a year", "95%", "s.e.", "% of EVPI"), width)
    else:
        said.append(fill("To know one parameter or one topic alone: none is told apart from accident with these draws.", width))
    if apart and rest:
        said.append(fill(f"{rest} others are not told apart from accident with these draws; information.csv has all.", width))
    return said


def _entry(one: Worth) -> Entry:
    name = one.name if one.name.startswith(GROUP) or not label_of(one.name) else f"{label_of(one.name)} ({one.name})"
    return Entry(name, (_pounds(one.value), f"{_pounds(one.low)} to {_pounds(one.high)}", _pounds(one.error), f"{one.share:.0f}"))


def _pounds(x: float | None) -> str:
    return "-" if x is None or x != x else f"{x:,.0f}"


def _span(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{_thousand(low)} to {_thousand(high)}"


def _thousand(x: float) -> str:
    return signed(x / THOUSAND, 1)
