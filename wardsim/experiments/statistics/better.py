"""How sure it is that an option is better: the share of parameter draws in which its expected difference is.

Chance is removed twice over: each draw's difference is known only up to the chance of its few replications, and so is the
variance of that chance. With V the variance of the means of draws as they are, and v the part of it that is chance, both
have (scaled inverse chi-square) posteriors, joined under V > v (Box and Tiao 1973, chapter 5). For each pair of a grid
over the two, a fresh draw has the shape of the draws pulled to their mean by B = 1 - v / V, with what the pull leaves
uncertain, and the uncertainty of the mean, added as a normal spread. The share on the better side is averaged over the
grid. It is a probability over parameters only: years, paired or not, do not come in.

With few draws the share itself is poorly known. Its 95% range comes from the same posterior: the share for each pair of the
two variances and each of several places of the mean, instead of their average.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np

from ..intervals import FEW_DRAWS, FEWEST_DRAWS, ONE_REPLICATION, POINT
from .difference import Difference
from .split import ROUNDING, Array, Split

Direction = Literal["higher", "lower", "neutral"]

GRID = 24
"""Points of each variance."""
COARSE, PLACES, SEED = 6, 31, 20250407
"""Points of each variance, places of the mean (each with its own weights of the draws) for the range of the share, and their seed."""
TAILS = (0.02, 0.98)
"""Of the posterior of the share: so far out, its range holds 92 to 98% of known shares, to a point in a hundred (measured, 5 to 40 draws)."""
SMOOTH = 0.15
"""Share of a draw's distance that is smoothed, in standard deviations: the tail beyond the outermost draws."""

NEUTRAL = "no direction is better"
SAME = "the difference is the same in every draw"


class Better(NamedTuple):
    """Probability that b is better than a.

    Attributes
    ----------
    p : float or None
        Over parameter draws, chance removed; None where it cannot be known.
    reason : str
        Why it is None, or a caution.
    low, high : float or None
        95% range of the share itself, which few draws leave open; more draws narrow it.
    """

    p: float | None
    reason: str = ""
    low: float | None = None
    high: float | None = None


def p_better(found: Difference, direction: Direction, *, ranged: bool = True) -> Better:
    """Share of parameter draws in which the expected difference is better.

    Parameters
    ----------
    found : Difference
        b minus a.
    direction : str
        Which way is better: higher, lower or neutral.
    ranged : bool
        Also the range of the share, which costs some milliseconds.
    """
    if direction == "neutral":
        return Better(None, NEUTRAL)
    if found.split is None:
        return Better(None, found.reason)
    reason = cannot(found.split, found.point)
    if reason:
        return Better(None, reason)
    share, reason = p_positive(found.split)
    if share is None:
        return Better(None, reason)
    if not ranged:
        return Better(share if direction == "higher" else 1.0 - share, reason)
    low, high = range_of_share(found.split, share)
    return Better(share, reason, low, high) if direction == "higher" else Better(1.0 - share, reason, 1.0 - high, 1.0 - low)


def cannot(split: Split, point: bool) -> str:
    """Why nothing can be said over parameters; empty where something can."""
    if point:
        return POINT
    if split.draws < FEWEST_DRAWS:
        return FEW_DRAWS
    if split.df_within < FEWEST_DRAWS - 1:
        return ONE_REPLICATION
    return ""


def p_positive(split: Split) -> tuple[float | None, str]:
    """Probability that the expected value of a fresh draw is above 0."""
    from scipy.special import ndtr

    centre = float(split.means.mean())
    total = float(split.means.var(ddof=1))
    if total <= (ROUNDING * centre) ** 2:
        return (None if centre == 0.0 else float(centre > 0.0)), SAME
    all_, _, where, spread = _fresh(split, GRID)
    return float(ndtr((centre + where) / np.sqrt(spread + all_ / split.draws)).mean()), ""


def range_of_share(split: Split, share: float) -> tuple[float, float]:
    """95% range of the share of parameter draws in which the expected value is above 0, the share itself (`p_positive`) within."""
    from scipy.special import ndtr, ndtri

    centre = float(split.means.mean())
    if float(split.means.var(ddof=1)) <= (ROUNDING * centre) ** 2:
        return float(centre > 0.0), float(centre > 0.0)
    all_, _, where, spread = _fresh(split, COARSE)
    steps = ndtri((np.arange(PLACES) + 0.5) / PLACES) * np.sqrt(all_ / split.draws)  # of the mean, (pairs, places)
    weights = np.random.default_rng(SEED).dirichlet(np.ones(split.draws), PLACES)  # of draws: the shape is not known either
    off = where[:, None, :] - (where @ weights.T)[:, :, None]
    spread_of_off = np.sqrt((weights * off**2).sum(axis=2, keepdims=True))
    away = centre + steps[:, :, None] + off * np.sqrt((where**2).mean(axis=1))[:, None, None] / np.maximum(spread_of_off, 1e-300)
    shares = (weights * ndtr(away / np.sqrt(np.maximum(spread, 1e-300))[:, :, None])).sum(axis=2)
    low, high = np.quantile(shares, TAILS).tolist()
    return max(min(low, share), 0.0), min(max(high, share), 1.0)  # the mean of a very skew posterior can lie outside


def _fresh(split: Split, grid: int) -> tuple[Array, Array, Array, Array]:
    """For each possible pair of variances (of means of draws, and chance in them): the two, how far the true value of each draw lies from
    the mean (pairs, draws), and the variance that is left of it (pairs, 1)."""
    centre = float(split.means.mean())
    total = float(split.means.var(ddof=1))
    of_total, of_noise = _inverse_chi_square(split.draws - 1, grid), _inverse_chi_square(split.df_within, grid)
    all_, noise = np.meshgrid(total * of_total, split.chance_of_mean * of_noise, indexing="ij")
    possible = all_ > noise
    if not possible.any():
        possible[np.unravel_index(np.argmax(all_ - noise), all_.shape)] = True
        noise = np.minimum(noise, all_)
    all_, noise = all_[possible][:, None], noise[possible][:, None]
    pull = 1.0 - noise / all_
    place = (split.means - centre) / np.sqrt(total)
    where = np.sqrt(all_ * (1.0 - SMOOTH**2)) * pull * place
    return all_, noise, where, pull * noise + (SMOOTH * pull) ** 2 * all_


@lru_cache(maxsize=64)
def _inverse_chi_square(df: int, grid: int) -> Array:
    """Equally likely values of df / chi-square(df)."""
    from scipy.special import gammaincinv

    at = (np.arange(grid) + 0.5) / grid
    values: Array = df / (2.0 * gammaincinv(df / 2.0, at))
    return values
