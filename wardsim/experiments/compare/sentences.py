"""A difference in plain words: the number and its range inside the sentence, how sure, and what single years do.

Rules. The range that stands first is what the model does not know; where it cannot be told (point parameters, few draws) the
simulation error stands in its place and is named so. A difference is called too close to tell apart when its simulation error
spans nothing. No more digits than the simulation error supports. The word "significant" is never used.
"""

from __future__ import annotations

from math import ceil, floor, isfinite, log10
from typing import Protocol

from ..statistics.difference import Difference

CERTAIN = 0.975
LIKELY = 0.8
EVEN = 0.6
"""Share of parameter draws on one side from which words change: nearly certain, likely, leaning, open."""


class Judged(Protocol):
    """What is needed of a measure."""

    @property
    def label(self) -> str:
        """Label."""

    @property
    def unit(self) -> str:
        """Unit."""

    @property
    def direction(self) -> str:
        """higher, lower or neutral is better."""

    @property
    def digits(self) -> int:
        """Decimals worth showing."""


MONEY, THOUSAND = "GBP a year", 1000.0
"""Money is told in thousands: nobody plans a ward to the pound."""


def digits_for(measure: Judged, half_width: float | None) -> int:
    """Decimals to show: two significant figures of the simulation error, at most those of the measure."""
    if half_width is None or not isfinite(half_width) or half_width <= 0.0:
        return measure.digits
    return min(measure.digits, digits_of(half_width))


def digits_of(half_width: float) -> int:
    """Decimals that two significant figures of an error have."""
    return max(0, 1 - floor(log10(half_width)))


def signed(x: float, digits: int) -> str:
    """A number with its sign; nothing is written 0 and not -0."""
    shown = f"{x:+,.{digits}f}"
    return shown if shown.strip("+-0.,") else shown.lstrip("+-")


def span(low: float, high: float, digits: int) -> str:
    """A range of signed numbers."""
    return f"{signed(low, digits)} to {signed(high, digits)}"


def unit_of(measure: Judged) -> str:
    """Unit as it follows a difference: shares differ by points."""
    return {"%": "percentage points", MONEY: "thousand GBP a year"}.get(measure.unit, measure.unit)


def sure(p: float, direction: str) -> str:
    """How sure the direction is, as a natural frequency and in words.

    Parameters
    ----------
    p : float
        Share of parameter draws in which the expected difference is better (a measure with a better direction) or is an
        increase (neutral).
    direction : str
        higher, lower or neutral.
    """
    hundred = round(100 * p)
    more = {"higher": "better (higher)", "lower": "better (lower)", "neutral": "higher"}[direction]
    less = {"higher": "worse (lower)", "lower": "worse (higher)", "neutral": "lower"}[direction]
    word, count = (more, hundred) if p >= 0.5 else (less, 100 - hundred)
    side = max(p, 1.0 - p)
    if side >= CERTAIN:
        return f"nearly certainly {word}: in {count} of 100 parameter draws"
    if side >= LIKELY:
        return f"probably {word}: in {count} of 100 parameter draws"
    if side >= EVEN:
        return f"leaning to {word}, not settled: in {count} of 100 parameter draws"
    return f"the direction is open: {word} in {count} of 100 parameter draws"


def runs_needed(found: Difference) -> int | None:
    """Runs after which the simulation error would no longer span nothing, were the difference as it looks now."""
    if found.mean is None or found.mc_low is None or found.mc_high is None or found.mean == 0.0:
        return None
    half = (found.mc_high - found.mc_low) / 2.0
    return None if half <= 0.0 else ceil(found.n * (half / abs(found.mean)) ** 2)


def _rounded(n: int) -> int:
    """Two figures, upwards: a number of runs that is itself an estimate."""
    step: int = 10 ** max(0, len(str(n)) - 2)
    return -(-n // step) * step


def sentence(option: str, reference: str, measure: Judged, found: Difference, base: float | None, p: float | None) -> str:
    """What an option is expected to do to one measure.

    Parameters
    ----------
    option, reference : str
        Names.
    measure : Judged
        As declared.
    found : Difference
        Option less reference.
    base : float or None
        Mean of the reference.
    p : float or None
        See `sure`; None where it cannot be told.
    """
    if found.mean is None:
        return f"{measure.label}: no run of {option} and {reference} has a value for both."
    unit = THOUSAND if measure.unit == MONEY else 1.0
    half = None if found.mc_low is None or found.mc_high is None else (found.mc_high - found.mc_low) / 2.0 / unit
    digits = digits_for(measure, half)
    if half and round(found.mean / unit, digits) == 0.0:  # one digit more, where the simulation supports it, says more than "about 0.0"
        digits = max(digits, min(measure.digits + 1, 1 - floor(log10(half))))
    name = measure.label[:1].lower() + measure.label[1:] if not measure.label[1:2].isupper() else measure.label
    from_base = "" if base is None else f", from {base / unit:,.{measure.digits}f}"
    text = f"{option} is expected to change {name} by about {signed(found.mean / unit, digits)} {unit_of(measure)}{from_base}"
    if found.low is not None and found.high is not None:
        text += f" (95% range of what the model does not know: {span(found.low / unit, found.high / unit, digits)})"
    elif found.mc_low is not None and found.mc_high is not None:
        text += f" (95% simulation error only: {span(found.mc_low / unit, found.mc_high / unit, digits)})"
    if p is not None:
        text += f"; {sure(p, measure.direction)}"
    text += "."
    if found.mc_low is not None and found.mc_high is not None and found.mc_low < 0.0 < found.mc_high:
        need = runs_needed(found)
        text += f" Too close to tell apart with {found.n} runs"
        text += f"; about {_rounded(need):,} runs would show a difference of this size." if need is not None and need < 1_000_000 else "."
    if found.year_low is not None and found.year_high is not None:
        years = span(found.year_low / unit, found.year_high / unit, digits)
        text += f" By chance alone, one single year of each would differ by {years} (80%)."
    return text
