"""Draws from the spreads of a population file: by name, trust and ward, so that one spread more moves none of the others.

A ward's value is the quantile of its spread at Phi(sqrt(s) z_trust + sqrt(1 - s) z_ward), s being the share of the variance that a trust has
in common: each value by itself is distributed exactly as the file says, whatever s is.
"""

from __future__ import annotations

from bisect import bisect_right
from hashlib import blake2b
from itertools import accumulate
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any

from wardsim.scenario.studies.schema import Spread

NORMAL = NormalDist()
LEAST = 1e-12
"""Shares are kept so far from 0 and 1."""


def drawn(name: str, spread: Spread, seed: int, trust: int, ward: int) -> Any:
    """The value of one ward.

    Parameters
    ----------
    name : str
        What differs.
    spread : Spread
        How.
    seed : int
        Root of the population.
    trust, ward : int
        Which; wards are numbered over all trusts.
    """
    common, own = normal(seed, name, "trust", trust), normal(seed, name, "ward", ward)
    score = sqrt(spread.trust_share) * common + sqrt(1.0 - spread.trust_share) * own
    return quantile(spread, NORMAL.cdf(score))


def drawn_alone(name: str, spread: Spread, seed: int, number: int) -> Any:
    """The value of something that belongs to no trust, such as a study."""
    return quantile(spread, NORMAL.cdf(normal(seed, name, "alone", number)))


def normal(seed: int, *key: object) -> float:
    """A standard normal number from its key alone."""
    words = " ".join(str(part) for part in (seed, *key))
    share = int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) / 2**64
    return NORMAL.inv_cdf(min(max(share, LEAST), 1.0 - LEAST))


def quantile(spread: Spread, share: float) -> Any:
    """The value below which a share of wards lies.

    Parameters
    ----------
    spread : Spread
        As checked.
    share : float
        0 to 1.
    """
    share = min(max(share, LEAST), 1.0 - LEAST)
    if spread.distribution == "choice":
        assert spread.levels is not None
        weights = spread.weights if spread.weights is not None else (1.0,) * len(spread.levels)
        ends = list(accumulate(weights))
        return spread.levels[min(bisect_right(ends, share * ends[-1]), len(spread.levels) - 1)]
    if spread.distribution == "uniform":
        assert spread.low is not None
        assert spread.high is not None
        return spread.low + share * (spread.high - spread.low)
    if spread.distribution == "normal":
        assert spread.mean is not None
        assert spread.sd is not None
        found = _cut(spread.mean, spread.sd, spread.low, spread.high, share)
    else:
        assert spread.median is not None
        assert spread.sigma is not None
        low = log(spread.low) if spread.low is not None and spread.low > 0 else None
        high = log(spread.high) if spread.high is not None else None
        found = exp(_cut(log(spread.median), spread.sigma, low, high, share))
    low, high = spread.low, spread.high  # what a logarithm and back may have moved
    found = found if low is None else max(found, low)
    return found if high is None else min(found, high)


def _cut(mean: float, sd: float, low: float | None, high: float | None, share: float) -> float:
    """Quantile of a normal distribution cut at its ends."""
    least = 0.0 if low is None else NORMAL.cdf((low - mean) / sd)
    most = 1.0 if high is None else NORMAL.cdf((high - mean) / sd)
    inside = least + share * (most - least)
    return mean + sd * NORMAL.inv_cdf(min(max(inside, LEAST), 1.0 - LEAST))
