"""Natural frequencies: shares of parameter draws in tens, told from both sides, and rates of a ward as one every so often."""

from __future__ import annotations

from wardsim.experiments.compare.sentences import CERTAIN

WEEKS, MONTHS = 52.18, 12.0
"""In a year."""
SELDOM = 0.05
"""A year; what comes less often is not told as one every so many years."""


def both_sides(p: float, better: str, worse: str) -> str:
    """In about how many of ten parameter draws it goes one way, and in how many the other, the more frequent first.

    Parameters
    ----------
    p : float
        Share of parameter draws on the better side.
    better, worse : str
        Words of the two sides: "fewer", "more".
    """
    first, second, side = (better, worse, p) if p >= 0.5 else (worse, better, 1.0 - p)
    if side >= CERTAIN:
        return f"{first} in nearly all draws"
    of = 10 if side < 0.95 else 20
    n = min(max(round(of * side), 1), of - 1)
    return f"{first} in about {n} of {of} draws, {second} in the other {of - n}"


def every(a_year: float) -> str:
    """A rate of a ward: "about 3 a week", "about 1 every 2 months"; empty where it is too seldom to tell so."""
    if a_year < SELDOM:
        return ""
    for name, per in (("week", WEEKS), ("month", MONTHS)):
        if a_year >= 1.5 * per:
            return f"about {a_year / per:.0f} a {name}"
    name, apart = ("month", MONTHS / a_year) if a_year >= 1.5 else ("year", 1.0 / a_year)
    n = round(apart)
    return f"about 1 a {name}" if n <= 1 else f"about 1 every {n} {name}s"


def more_or_fewer(a_year: float) -> str:
    """A difference of a rate of a ward: "about 1 more every 2 months"; empty where it is too seldom to tell so."""
    text = every(abs(a_year))
    if not text:
        return ""
    about, number, rest = text.split(" ", 2)
    return f"{about} {number} {'more' if a_year > 0 else 'fewer'} {rest}"


def a_year(low: float, high: float) -> str:
    """A range of differences of a rate: "14 fewer to 15 more a year"."""
    return f"{_counted(low)} to {_counted(high)} a year"


def _counted(x: float) -> str:
    n = round(abs(x)) if abs(x) < 100 else round(abs(x), -1)
    return "0" if not n else f"{n:,.0f} {'more' if x > 0 else 'fewer'}"
