"""How sure it is that an option is better: the share of parameter draws in which its expected difference is.

Chance is removed twice over: each draw's difference is known only up to the chance of its few replications, and so is the
variance of that chance. With V the variance of the means of draws as they are, and v the part of it that is chance, both
have (scaled inverse chi-square) posteriors, joined under V > v (Box and Tiao 1973, chapter 5). For each pair of a grid
over the two, a fresh draw has the shape of the draws pulled to their mean by B = 1 - v / V, with what the pull leaves
uncertain, and the uncertainty of the mean, added as a normal spread. The share on the better side is averaged over the
grid. It is a probability over parameters only: years, paired or not, do not come in.
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
    """

    p: float | None
    reason: str = ""


def p_better(found: Difference, direction: Direction) -> Better:
    """Share of parameter draws in which the expected difference is better.

    Parameters
    ----------
    found : Difference
        b minus a.
    direction : str
        Which way is better: higher, lower or neutral.
    """
    if direction == "neutral":
        return Better(None, NEUTRAL)
    if found.split is None:
        return Better(None, found.reason)
    reason = cannot(found.split, found.point)
    if reason:
        return Better(None, reason)
    share, reason = p_positive(found.split)
    return Better(share if direction == "higher" else None if share is None else 1.0 - share, reason)


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
    n = split.draws
    of_total, of_noise = _inverse_chi_square(n - 1), _inverse_chi_square(split.df_within)
    all_, noise = np.meshgrid(total * of_total, split.chance_of_mean * of_noise, indexing="ij")
    possible = all_ > noise
    if not possible.any():
        possible[np.unravel_index(np.argmax(all_ - noise), all_.shape)] = True
        noise = np.minimum(noise, all_)
    all_, noise = all_[possible][:, None], noise[possible][:, None]
    pull = 1.0 - noise / all_
    place = (split.means - centre) / np.sqrt(total)
    where = centre + np.sqrt(all_ * (1.0 - SMOOTH**2)) * pull * place
    spread = np.sqrt(pull * noise + (SMOOTH * pull) ** 2 * all_ + all_ / n)
    return float(ndtr(where / spread).mean()), ""


@lru_cache(maxsize=64)
def _inverse_chi_square(df: int) -> Array:
    """Equally likely values of df / chi-square(df)."""
    from scipy.special import gammaincinv

    at = (np.arange(GRID) + 0.5) / GRID
    values: Array = df / (2.0 * gammaincinv(df / 2.0, at))
    return values
