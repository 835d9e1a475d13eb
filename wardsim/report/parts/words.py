"""Small words that several parts share."""

from __future__ import annotations

from wardsim.experiments.intervals import FEWEST_DRAWS
from wardsim.experiments.shown import MONEY
from wardsim.measures.declare import Measure

from ..source import Row, number


def unit_of(measure: Measure) -> str:
    """Unit in a sentence; money by the year in thousands."""
    return "thousand GBP a year" if measure.unit == MONEY else measure.unit


def lower(text: str) -> str:
    """A text within a sentence: its first letter small, unless it begins with an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] in ("-", " ", "") else text


def draws_of(n: int) -> str:
    """So many parameter draws."""
    return f"{n} parameter draw{'' if n == 1 else 's'}"


def too_few(draws: int) -> str:
    """Why so many parameter draws have no range of what is not known."""
    if draws < FEWEST_DRAWS:
        return f"{draws_of(draws)} only, of at least {FEWEST_DRAWS} that a range takes"
    return "One run of each parameter draw only, from which chance cannot be taken out"


def share_of(row: Row, *keys: str) -> str:
    """A share of draws of 100, with its range where there is one."""
    share, low, high = (number(row, key) for key in keys)
    if share is None:
        return "-"
    return f"{100 * share:.0f}" + ("" if low is None or high is None else f" ({100 * low:.0f} to {100 * high:.0f})")
