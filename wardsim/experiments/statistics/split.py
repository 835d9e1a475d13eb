"""Runs taken apart into parameters (draws) and chance (replications within a draw): the base of every interval.

A measure is a ratio of sums, R = scale * sum(top) / sum(bottom). Draw i has its own ratio R_i, and each run what it adds
to it: e_r = scale * (top_r - R_i / scale * bottom_r) / (mean bottom of the draw), whose mean over the draw is nought. The
share of a run in the error of R over all runs is its influence, (scale * top_r - R * bottom_r) / (mean bottom). Splits of
the same runs add up, so that the split of a difference, of a relative difference or of a net benefit is a sum of splits,
paired run by run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, pi, sqrt, tan
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_DRAWS = 5
"""Draws below which nothing is said over parameters."""
FEWEST_DF = 6
"""Degrees of freedom below which the variance between draws is not taken to be known any worse."""
ROUNDING = 1e-9
"""Relative spread that is rounding and not chance."""


def unseen_scale(unit: str) -> float:
    """Factor from the plain ratio to a unit, for measures of which no run had an event, so that no value shows it."""
    return 1000.0 if "per 1,000" in unit else 100.0 if unit == "%" else 1.0


class Ratio(NamedTuple):
    """Runs whose value is `scale * top / bottom`.

    Attributes
    ----------
    keep : array of bool, shape (all runs,)
        Runs that have a value; the other arrays hold these only.
    top, bottom : array of float, shape (runs,)
        The two sums of each run.
    scale : float
        Factor from the plain ratio to the unit of the measure.
    """

    keep: NDArray[np.bool_]
    top: Array
    bottom: Array
    scale: float


def as_ratio(values: Array, numerators: Array | None, denominators: Array | None, scale: float = 1.0) -> Ratio | None:
    """The runs as a ratio of sums, or None if the values are no such ratio (a median, a plain number).

    Parameters
    ----------
    values, numerators, denominators : array of float, shape (runs,)
        As in a `Column`.
    scale : float
        Factor from the plain ratio to the unit where no run shows it because all are nought (`unseen_scale`).
    """
    if numerators is None or denominators is None:
        return None
    top = np.asarray(numerators, dtype=np.float64)
    bottom = np.asarray(denominators, dtype=np.float64)
    keep = np.isfinite(values) & np.isfinite(top) & np.isfinite(bottom) & (bottom > 0)
    if not keep.any() or bool((np.isfinite(values) & ~keep).any()):
        return None
    top, bottom, value = top[keep], bottom[keep], values[keep]
    nonzero = top != 0
    if not nonzero.any():
        return Ratio(keep, top, bottom, scale) if not value.any() else None
    factors = value[nonzero] * bottom[nonzero] / top[nonzero]
    scale = float(np.median(factors))
    if scale == 0.0 or not np.allclose(factors, scale, rtol=1e-6) or bool(value[~nonzero].any()):
        return None
    return Ratio(keep, top, bottom, scale)


def as_plain(values: Array) -> Ratio:
    """The runs as plain numbers: each its own value over 1."""
    keep = np.isfinite(values)
    return Ratio(keep, np.asarray(values[keep], dtype=np.float64), np.ones(int(keep.sum())), 1.0)


@dataclass(frozen=True, slots=True)
class Split:
    """One quantity of one set of runs, taken apart (a one-way random-effects split; unbalanced allowed).

    Attributes
    ----------
    mean : float
        The quantity over all runs.
    ids : array of int, shape (draws,)
        Parameter draws, ascending.
    group : array of int, shape (runs,)
        Place of each run's draw in `ids`.
    count : array of float, shape (draws,)
        Runs of each draw.
    means : array of float, shape (draws,)
        The quantity in each draw.
    residuals : array of float, shape (runs,)
        What each run is away from its draw, linearised.
    influence : array of float, shape (runs,)
        Share of each run in the error of the mean, times the number of runs.
    """

    mean: float
    ids: Ints
    group: Ints
    count: Array
    means: Array
    residuals: Array
    influence: Array

    @classmethod
    def of(cls, draws: Ints, top: Array, bottom: Array, scale: float = 1.0) -> Split:
        """The split of a ratio of sums.

        Parameters
        ----------
        draws : array of int, shape (runs,)
            Parameter draw of each run.
        top, bottom : array of float, shape (runs,)
            The two sums; `bottom` above 0.
        scale : float
            Factor from the plain ratio to the unit.
        """
        ids, group = np.unique(draws, return_inverse=True)
        count = np.bincount(group).astype(np.float64)
        sums = np.bincount(group, weights=top)
        weights = np.bincount(group, weights=bottom)
        means = scale * sums / weights
        mean = float(scale * top.sum() / bottom.sum())
        usual = weights / count
        residuals = scale * (top - (means / scale)[group] * bottom) / usual[group]
        influence = (scale * top - mean * bottom) / float(bottom.mean())
        return cls(mean, ids.astype(np.int64), group.astype(np.int64), count, means, residuals, influence)

    @property
    def n(self) -> int:
        """Runs."""
        return len(self.residuals)

    @property
    def draws(self) -> int:
        """Parameter draws."""
        return len(self.means)

    @property
    def df_within(self) -> int:
        """Degrees of freedom of chance."""
        return self.n - self.draws

    @property
    def chance(self) -> float:
        """Variance of one run within its draw."""
        return float((self.residuals**2).sum() / self.df_within) if self.df_within > 0 else 0.0

    @property
    def chance_of_mean(self) -> float:
        """Variance that chance gives to the mean of a draw."""
        return self.chance * float((1.0 / self.count).mean())

    def clusters(self, point: bool = False) -> Array:
        """Sums of influence that are independent of each other: by draw, or run by run under point parameters."""
        if point or self.draws < 2:
            return self.influence
        return np.bincount(self.group, weights=self.influence).astype(np.float64)

    def error(self, point: bool = False) -> tuple[float, int]:
        """Standard error of the mean, and the number of clusters behind it (the error is NaN for one)."""
        sums = self.clusters(point)
        k = len(sums)
        if k < 2:
            return float("nan"), k
        return sqrt(k / (k - 1) * float((sums**2).sum())) / self.n, k


def combine(terms: Sequence[tuple[float, Split]], constant: float = 0.0) -> Split:
    """Weighted sum of splits of the same runs, paired run by run.

    Parameters
    ----------
    terms : sequence of (float, Split)
        Weight and split; all splits of the same runs in the same order.
    constant : float
        Added to the mean and to the mean of each draw.

    Raises
    ------
    ValueError
        When the splits are not of the same runs.
    """
    first = terms[0][1]
    for _, split in terms[1:]:
        if split.n != first.n or not np.array_equal(split.group, first.group):
            raise ValueError("splits of different runs cannot be added")
    mean = constant + sum(weight * split.mean for weight, split in terms)
    means = constant + np.sum([weight * split.means for weight, split in terms], axis=0)
    residuals = np.sum([weight * split.residuals for weight, split in terms], axis=0)
    influence = np.sum([weight * split.influence for weight, split in terms], axis=0)
    return Split(float(mean), first.ids, first.group, first.count, means, residuals, influence)


class Between(NamedTuple):
    """Variance between draws.

    Attributes
    ----------
    variance : float
        Between draws, chance removed; never above `total`, never nought when chance drowns it.
    total : float
        Of the means of draws as they are.
    unresolved : bool
        Parameters spread less than chance can tell.
    df : int
        Degrees of freedom that the variance is worth (Satterthwaite), from `FEWEST_DF` to draws - 1.
    """

    variance: float
    total: float
    unresolved: bool
    df: int


def between(split: Split) -> Between:
    """Variance of the quantity between draws with chance removed.

    The moment estimate, total - chance of a mean, where it is clear of zero; near zero the expected positive part of its
    sampling distribution, the least spread that these runs could have seen.
    """
    total = float(split.means.var(ddof=1))
    if total <= 0.0:
        return Between(0.0, 0.0, False, split.draws - 1)
    noise = split.chance_of_mean
    excess = total - noise
    error = sqrt(2.0 * total**2 / (split.draws - 1) + 2.0 * noise**2 / max(split.df_within, 1))
    variance = min(positive_part(excess, error), total)
    df = int(min(max(2.0 * (variance / error) ** 2, FEWEST_DF), split.draws - 1))
    return Between(variance, total, excess < error, df)


def shrunk(split: Split) -> Array:
    """Means of draws pulled to their mean until their spread is that between draws alone, keeping their own skew."""
    found = between(split)
    centre = float(split.means.mean())
    factor = sqrt(found.variance / found.total) if found.total > 0 else 0.0
    return centre + factor * (split.means - centre)


def positive_part(estimate: float, error: float) -> float:
    """Expected positive part of a normal variable: the estimate itself when clear of zero, never below zero."""
    if error <= 0.0:
        return max(estimate, 0.0)
    z = estimate / error
    return estimate * 0.5 * (1.0 + erf(z / sqrt(2.0))) + error * exp(-0.5 * z * z) / sqrt(2.0 * pi)


def student_t(p: float, df: int) -> float:
    """Quantile of Student's t for p > 0.5; exact for 1 and 2 degrees of freedom, else within 0.2% (Cornish-Fisher)."""
    if df <= 0:
        raise ValueError("degrees of freedom must be at least 1")
    if df == 1:
        return tan(pi * (p - 0.5))
    if df == 2:
        return (2 * p - 1) / sqrt(2 * p * (1 - p))
    z = NormalDist().inv_cdf(p)
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / df + g2 / df**2 + g3 / df**3 + g4 / df**4
