"""How one ward-year differs from the average ward by chance: a law from which intervals, and differences, are read."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from .split import ROUNDING, Array, Ratio, Split, student_t

MANY_EVENTS = 200.0
"""Events a year up to which one year is given as a whole number of events (negative binomial)."""
FEW_EVENTS = 5.0
"""Events a year up to which years of different exposure are told apart (the value of one event is then what counts)."""
FEWEST_RUNS = 9
"""Runs that tell of chance below which their shape is not used: a t interval stands in."""
POINTS = 120
"""Points of each year that a difference of two is made of."""

ONE: Array = np.ones(1)


class Year(NamedTuple):
    """One ward-year of a measure.

    Attributes
    ----------
    mean : float
        Mean over runs.
    points : array of float
        What a year may be; empty where only the spread is known.
    weights : array of float or None
        Probability of each point; None: equal.
    variance : float
        Of one year, chance only.
    runs, df : int
        Runs, and degrees of freedom of the variance.
    stretch : array of float
        What an event counts for in years of greater and smaller exposure, 1 on average; for few events only.
    """

    mean: float
    points: Array
    weights: Array | None
    variance: float
    runs: int
    df: int
    stretch: Array = ONE


def year_of(split: Split, runs: Ratio, years: float, counted: bool) -> Year | None:
    """The law of one ward-year, or None when chance cannot be told from parameters.

    Parameters
    ----------
    split : Split
        Of the measure.
    runs : Ratio
        Its runs.
    years : float
        Length of a run; the variance of one year is that of a run times it.
    counted : bool
        The tops are numbers of events: a year is a whole number of them, Poisson or negative binomial.
    """
    if split.df_within < 1:
        return None
    variance = split.chance * years
    law = Year(split.mean, np.array([split.mean]), None, variance, split.n, split.df_within)
    if variance <= (ROUNDING * split.mean) ** 2:
        return law
    if counted:
        exposure = float(runs.bottom.mean()) / years
        unit = runs.scale / exposure
        found = _events(split.mean / unit, variance / unit**2)
        if found is not None:
            few = split.mean / unit <= FEW_EVENTS
            stretch = float(runs.bottom.mean()) / np.quantile(runs.bottom, np.linspace(0, 1, 5)) if few else ONE
            return law._replace(points=found[0] * unit, weights=found[1], stretch=stretch)
    values = runs.scale * runs.top / runs.bottom
    # Where chance makes most of the spread the runs themselves have its shape; else only what is left within draws has, and a run that is
    # alone in its draw, as where most runs have no value, leaves nothing.
    alone = split.count[split.group] < 2
    shape = values - values.mean() if split.chance > 0.5 * float(values.var(ddof=1)) else split.residuals[~alone]
    if len(shape) < FEWEST_RUNS:
        return law._replace(points=np.empty(0))
    return law._replace(points=split.mean + sqrt(variance / float(shape.var(ddof=1))) * shape)


def middle(year: Year) -> tuple[float, float]:
    """80% for one year."""
    if not len(year.points):
        half = student_t(0.9, year.df) * sqrt(year.variance * (1.0 + 1.0 / year.runs))
        return year.mean - half, year.mean + half
    if len(year.points) == 1:
        return year.mean, year.mean
    if year.weights is not None:
        return _of_weights(year.points, year.weights)
    low, high = np.quantile(year.points, (0.1, 0.9), method="weibull")
    return float(low), float(high)


def middle_of_difference(a: Year, b: Year) -> tuple[float, float]:
    """80% for one year of b minus one year of a, the two years being independent."""
    if not len(a.points) or not len(b.points):
        half = student_t(0.9, min(a.df, b.df)) * sqrt((a.variance + b.variance) * (1.0 + 1.0 / min(a.runs, b.runs)))
        return b.mean - a.mean - half, b.mean - a.mean + half
    points_a, weights_a = _thin(a)
    points_b, weights_b = _thin(b)
    apart = (points_b[:, None] - points_a[None, :]).ravel()
    return _of_weights(apart, (weights_b[:, None] * weights_a[None, :]).ravel())


def _thin(year: Year) -> tuple[Array, Array]:
    """At most `POINTS` points with their weights; many equally likely points become as many quantiles."""
    if year.weights is not None:
        if len(year.points) > POINTS:
            at = np.searchsorted(np.cumsum(year.weights), (np.arange(POINTS) + 0.5) / POINTS)
            return year.points[np.minimum(at, len(year.points) - 1)], np.full(POINTS, 1.0 / POINTS)
        k = len(year.stretch)
        return np.outer(year.points, year.stretch).ravel(), np.repeat(year.weights / k, k)
    points = year.points
    if len(points) > POINTS:
        points = np.quantile(points, (np.arange(POINTS) + 0.5) / POINTS)
    return points, np.full(len(points), 1.0 / len(points))


def _of_weights(points: Array, weights: Array) -> tuple[float, float]:
    """10% and 90% points of weighted points: the first at which so much probability is reached."""
    order = np.argsort(points, kind="stable")
    below = np.cumsum(weights[order])
    at = np.minimum(np.searchsorted(below, (0.1, 0.9)), len(points) - 1)
    low, high = points[order][at].tolist()
    return float(low), float(high)


def _events(mean: float, variance: float) -> tuple[Array, Array] | None:
    """Numbers of events in a year and their probabilities, negative binomial or Poisson; None where that is no shape."""
    if not 0.0 < mean <= MANY_EVENTS or variance < 0.8 * mean:
        return None
    k = np.arange(int(mean + 12.0 * sqrt(max(variance, mean)) + 25.0), dtype=np.float64)
    if variance > mean * 1.001:
        size = mean * mean / (variance - mean)
        share = mean / (size + mean)
        steps = np.log((k + size) / (k + 1.0) * share)
        first = -size * float(np.log1p(mean / size))
    else:
        steps = np.log(mean / (k + 1.0))
        first = -mean
    return k, np.exp(first + np.concatenate(([0.0], np.cumsum(steps)[:-1])))
