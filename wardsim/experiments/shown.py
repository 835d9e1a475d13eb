"""Measures and their values as people see them, the same on the terminal and in a report: labels with units, the digits worth showing."""

from __future__ import annotations

from typing import Any

from wardsim.parameters.posterior import Source

from .compare.sentences import signed

THOUSAND = 1000
MONEY = "GBP a year"
FILLERS = frozenset({"events", "episodes", "injuries", "per", "1", "000", "obd", "to"})
"""Words of units that labels say in other words."""
KEEP = "\N{NO-BREAK SPACE}"
"""Keeps a unit on the line of the word before it; a terminal shows it as a space."""
CAUTION = "*"
"""Mark beside a range of what is not known that is no more than chance could have made."""


def label(measure: Any) -> str:
    """Label and unit, unless the label says it already; occupied bed days and pounds in short."""
    text = str(measure.label).replace("occupied bed days", "OBD")
    unit = "GBP thousand" if measure.unit == MONEY else str(measure.unit)
    first, per, rest = unit.partition(" per ")
    if per and f"per {rest}" in text:
        unit = first
    said = text.lower().replace(",", " ").split()
    told = not unit or all(word in said or word in FILLERS for word in unit.lower().replace(",", " ").split())
    return text if told else f"{text},{KEEP}{unit}"


def number_of(measure: Any, x: float | None) -> str:
    """A number with the digits worth showing; money by the year in thousands."""
    if x is None:
        return "-"
    shown = f"{x / THOUSAND if measure.unit == MONEY else x:,.{measure.digits}f}"
    return shown if shown.strip("-0.,") else shown.lstrip("-")


def range_of(measure: Any, low: float | None, high: float | None) -> str:
    """A range, or a dash where there is none."""
    return "-" if low is None or high is None else f"{number_of(measure, low)} to {number_of(measure, high)}"


def change_of(measure: Any, x: float | None) -> str:
    """A difference with its sign; money by the year in thousands."""
    return "-" if x is None else signed(x / THOUSAND if measure.unit == MONEY else x, measure.digits)


def changes_of(measure: Any, low: float | None, high: float | None) -> str:
    """A range of differences, or a dash where there is none."""
    return "-" if low is None or high is None else f"{change_of(measure, low)} to {change_of(measure, high)}"


SOURCE_WORDS: dict[Source, str] = {"prior": "from the priors", "posterior": "from the calibrated posterior"}
"""Where draws of the parameters come from."""


def drawn_words(point: bool, source: Source, draws: int) -> str:
    """How many draws of the parameters an answer rests on, and where they come from."""
    return "point parameters" if point else f"{draws} parameter draw{'s' if draws != 1 else ''} {SOURCE_WORDS[source]}"


def calibrated_words(point: bool, source: Source) -> str:
    """What the parameters were fitted to, for those who read a number of theirs into it."""
    if source == "posterior" and not point:
        return "The model is calibrated to published figures of many wards, not to yours."
    return "The model is not calibrated to any ward."


def time_after(years: float) -> str:
    """How long after a change: "the year", "the 2 years"."""
    return "the year" if years == 1 else f"the {years:g} years"
