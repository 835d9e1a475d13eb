"""In what share of parameter draws, or of years, limits are kept, with an interval that is exact or errs to the wide side.

Draws. The share is of parameter draws whose expected value keeps the limit. A draw's mean over a few replications has
chance in it, so the limit is moved away from the centre by as much as the spread of the means is too wide; the interval
is the exact (Clopper-Pearson) interval of the count at the least and most favourable place the moved limit can have,
given what is known of the centre (Student's t) and of the share of chance in the spread (F). The three errors are added
as if they always fell together, which errs to the wide side whatever their correlation.

Years. The share is of single years of single draws. Years of one draw are not independent: the exact interval is taken
at the effective number (Korn and Graubard 1998, Survey Methodology 24, 193-201), between the draws and the years.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..statistics.split import Split
from ..study.runs import Ints
from .draws import factor, variance

Flags = NDArray[np.bool_]


class Share(NamedTuple):
    """A share and its interval."""

    share: float
    low: float
    high: float


class Bound(NamedTuple):
    """One side of a limit on the means of draws.

    Attributes
    ----------
    spread : Split
        Means of the draws.
    limit : float
        Where it lies.
    above : bool
        The limit is a most (True) or a least.
    """

    spread: Split
    limit: float
    above: bool


def exact(kept: float, of: float, alpha: float) -> tuple[float, float]:
    """Clopper-Pearson interval of a share, `alpha` in each tail; fractions of counts are allowed."""
    from scipy.special import betaincinv

    if of <= 0:
        return 0.0, 1.0
    low = 0.0 if kept <= 0 else float(betaincinv(kept, of - kept + 1.0, alpha))
    high = 1.0 if kept >= of else float(betaincinv(kept + 1.0, of - kept, 1.0 - alpha))
    return low, high


def share_of_draws(bounds: Sequence[Bound], draws: int, alpha: float) -> Share:
    """Share of draws whose expected value keeps every bound.

    Parameters
    ----------
    bounds : sequence of Bound
        All over the same draws.
    draws : int
        Draws in all; those that are not in the spreads (failed runs) count as not kept.
    alpha : float
        Error in each tail.
    """
    best = np.ones(len(bounds[0].spread.means), dtype=bool)
    least, most = best.copy(), best.copy()
    for bound in bounds:
        middle, near, far = _places(bound, alpha)
        best &= _within(bound, middle)
        least &= _within(bound, near)
        most &= _within(bound, far)
    low = exact(float(least.sum()), draws, alpha)[0]
    high = exact(float(most.sum()), draws, alpha)[1]
    return Share(float(best.sum()) / draws, low, high)


def _within(bound: Bound, place: float) -> Flags:
    means = bound.spread.means
    slack = 1e-12 * max(abs(bound.spread.mean), abs(bound.limit))
    return means <= place + slack if bound.above else means >= place - slack


def _places(bound: Bound, alpha: float) -> tuple[float, float, float]:
    """The limit moved to the scale of means with chance in them: as estimated, least and most favourable."""
    from scipy.special import fdtri, stdtrit

    s = bound.spread
    n, total, noise = s.draws, variance(s), s.chance_of_mean
    centre = float(s.means.mean())
    centres, factors = [centre], [factor(s)]
    if total > 0.0:
        half = float(stdtrit(n - 1, 1.0 - alpha)) * sqrt(total / n)
        centres += [centre - half, centre + half]
        if s.df_within > 0 and noise > 0.0:
            ratio = noise / total
            lowest = ratio / float(fdtri(s.df_within, n - 1, 1.0 - alpha))
            highest = ratio / float(fdtri(s.df_within, n - 1, alpha))
            factors += [sqrt(max(0.0, 1.0 - highest)), sqrt(max(0.0, 1.0 - lowest))]
        else:
            factors = [1.0]
    places = [_place(bound.limit, c, f) for c in centres for f in factors]
    middle = _place(bound.limit, centre, factors[0])
    return (middle, min(places), max(places)) if bound.above else (middle, max(places), min(places))


def _place(limit: float, centre: float, factor: float) -> float:
    if factor > 0.0:
        return centre + (limit - centre) / factor
    return centre if limit == centre else inf if limit > centre else -inf


def share_of_years(kept: Flags, draw: Ints, alpha: float) -> Share:
    """Share of years in which limits are kept.

    Parameters
    ----------
    kept : array of bool, shape (years,)
        Whether the year kept every limit.
    draw : array of int, shape (years,)
        Parameter draw of the year (its own number for each run where there are no draws).
    alpha : float
        Error in each tail.
    """
    from scipy.special import stdtrit

    n = len(kept)
    _, group = np.unique(draw, return_inverse=True)
    count = np.bincount(group).astype(np.float64)
    draws = len(count)
    share = float(kept.mean())
    effective = float(draws)
    if draws > 2 and n > draws and 0.0 < share < 1.0:
        residual = np.bincount(group, weights=kept - share)
        variance = draws / (draws - 1.0) * float((residual**2).sum()) / n**2
        if variance > 0.0:
            effective = share * (1.0 - share) / variance
            effective *= (float(stdtrit(n - 1, 1.0 - alpha)) / float(stdtrit(draws - 1, 1.0 - alpha))) ** 2
        effective = min(max(effective, float(draws)), float(n))
    return Share(share, *exact(share * effective, effective, alpha))
