"""About how many runs would decide an option that is undecided, from the error seen so far.

The interval of a share narrows about as the root of the number of runs. An option is decided when the end of its interval that lies
beyond the line reaches it, so that the distance of the share from the line over that half of the interval, squared, is the share of the
runs needed that have been made. The distance is known no better than the share: the range is for a share one standard error nearer or
farther, and where the line lies within one standard error nothing can be told. Nor can it where the interval reaches 0 or 1 beyond the
line: how wide it would be without that end is not seen.
"""

from __future__ import annotations

from math import isfinite
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .chance import Verdict

TOO_NEAR = "the share is too near to the one asked for"
NO_END = "so far the interval of the share reaches the end of the scale"
MOST = 100.0
"""Times the runs made beyond which an end is left open."""


class Needed(NamedTuple):
    """Runs of one option that would decide it.

    Attributes
    ----------
    runs : float or None
        About how many, those made included; None where it cannot be told.
    low, high : float or None
        The same for a share that is a standard error farther from the line, and nearer; an end is None where it is open.
    reason : str
        Why it cannot be told.
    """

    runs: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


def needed(verdict: Verdict, probability: float) -> Needed:
    """Runs that would decide an undecided option.

    Parameters
    ----------
    verdict : Verdict
        What is known of it.
    probability : float
        Least share that is asked for.
    """
    share = verdict.share
    if not isfinite(share) or not verdict.runs:
        return Needed(None, reason=verdict.reason or "it has no share yet")
    low, high = verdict.judged
    above = share > probability
    distance, half = abs(share - probability), share - low if above else high - share
    if (low <= 0.0) if above else (high >= 1.0):
        return Needed(None, reason=NO_END)
    error = (share - verdict.low if above else verdict.high - share) / NormalDist().inv_cdf(0.975)
    if distance <= error or half <= 0.0:
        return Needed(None, reason=TOO_NEAR)
    farthest = 1.0 - probability if above else probability
    wanted = [verdict.runs * max((half / away) ** 2, 1.0) for away in (distance, min(distance + error, farthest), distance - error)]
    return Needed(wanted[0], wanted[1], wanted[2] if wanted[2] <= MOST * verdict.runs else None)
