"""Ranges of what is not known with the mark of those that chance could hide, as the terminal has them, and what the mark means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from wardsim.experiments.intervals import UNRESOLVED, Summary
from wardsim.experiments.shown import CAUTION, change_of, changes_of, number_of, range_of
from wardsim.experiments.statistics.difference import Difference
from wardsim.measures.declare import Measure

Ranged = Callable[[Measure, float | None, float | None], str]
"""Words of a range: `range_of` of a level, `changes_of` of a difference."""
MEANING = f"{CAUTION} parameters spread less than chance does with these runs: the range is the most that they could hide."


def known(both: Ranged, measure: Measure, found: Summary | Difference) -> str:
    """The range of what is not known, marked where it is no more than these runs could hide; a dash where there is none."""
    text = both(measure, found.low, found.high)
    return text if text == "-" else f"{text}{mark(found.reason)}"


def span(both: Ranged, measure: Measure, found: Summary | Difference, more: str = "") -> str:
    """The range in brackets: what is not known, else the simulation error, named so; with more words where there are any."""
    text, error = known(both, measure, found), both(measure, found.mc_low, found.mc_high)
    if text == "-":
        text = f"sim. {error}" if error != "-" else "no range"
    return f"({text}{more})"


def three(measure: Measure, found: Summary | Difference, change: bool) -> tuple[str, str, str]:
    """A level (or difference), its marked range of what is not known, and its range by chance."""
    one, both = (change_of, changes_of) if change else (number_of, range_of)
    return one(measure, found.mean), known(both, measure, found), both(measure, found.year_low, found.year_high)


def mark(reason: str) -> str:
    """The mark of a range, by the reason that stands beside it in a table."""
    return CAUTION if UNRESOLVED in reason else ""


def mark_of(row: Mapping[str, str]) -> str:
    """The mark of the range of a row of a table."""
    return mark(row.get("reason") or "")


def explained(texts: Iterable[str]) -> str:
    """What the mark means, where one of the texts has it; else nothing."""
    return f" {MEANING}" if any(CAUTION in text for text in texts) else ""
