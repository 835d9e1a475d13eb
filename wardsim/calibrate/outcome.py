"""One outcome over the points of a design: means of runs on the emulated scale, and how much of each is chance.

Ratios are ratios of sums. A count is taken with half an event added while it is small; what is nothing or everything though it is no
count (hours, minutes) is put half as far from the bound as the nearest point that is not there, and is known as badly as half an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wardsim.experiments.sensitivity.outcomes import squeezed
from wardsim.experiments.study.runs import Column

from .inference import Array, scores
from .scales import slope, to_scale

if TYPE_CHECKING:
    from .published import Operator

FEW = 1000.0
"""Below so many events the logarithm of a count is taken with half an event added: without it the mean of logarithms is off by half
a relative variance."""
BOUND_VARIANCE = 2.0
"""Variance on the scale of what is nothing or everything: that of half an event."""
MOST_SCALING = 8.0
"""Chance of a point is at most so many times, and at least that part of, the chance at the middle of the priors."""


@dataclass(frozen=True)
class Chance:
    """What is known of the chance of an outcome from elsewhere, for designs with one run a point.

    Attributes
    ----------
    variance : float
        Of one ward-year, on the scale, at the middle of the priors.
    middle : float
        The outcome there, on the scale.
    years : float
        Ward-years of a point.
    """

    variance: float
    middle: float
    years: float


def outcome(
    operator: Operator, columns: Sequence[Column], *, chance: Chance | None = None, unit: Array | None = None
) -> tuple[Array, Array]:
    """Mean of an outcome over the runs of each point, on the emulated scale, and its variance by chance.

    The variance of a point comes from few runs and is pulled towards that of all points; that of a count is not taken to be below a
    Poisson count's. With one run a point it comes from `chance`; without that it is not known (NaN).

    Parameters
    ----------
    operator : Operator
    columns : sequence of Column
        Runs of each point.
    chance : Chance, optional
        From elsewhere.
    unit : array of float, shape (points, parameters), optional
        The points; the chance of a count then follows the count that a straight line through the design expects. (Its own count would
        not do: points with bad luck would weigh more than those with good.)

    Returns
    -------
    tuple of array, shape (points,)
        NaN where a point has no value.
    """
    n = len(columns)
    mean, own, freedom, least = np.full(n, np.nan), np.full(n, np.nan), np.zeros(n), np.zeros(n)
    beyond = np.zeros(n)  # -1: nothing, 1: everything, of what is no count
    counts, counted = _counts(columns), False
    factor = _factor(operator, columns)
    for i, column in enumerate(columns):
        known = np.isfinite(column.value)
        runs = int(known.sum())
        if runs == 0:
            continue
        value, top, bottom = column.value[known], column.top[known], column.bottom[known]
        if np.isfinite(top).all() and np.isfinite(bottom).all():
            at, residual, least[i], whole = _ratio(operator, factor, top, bottom, counts)
            counted = counted or whole
        else:
            at = float(value.mean())
            residual = value - at
        if operator.scale != "identity" and at <= 0.0:
            beyond[i] = -1.0
        elif operator.scale == "logit" and at >= operator.per:
            beyond[i] = 1.0
        else:
            mean[i] = float(to_scale(operator.scale, at, operator.per))
            if runs > 1:
                steep = float(slope(operator.scale, at, operator.per))
                own[i] = float((residual**2).sum()) / (runs - 1) / runs * steep**2
                freedom[i] = runs - 1
    _put_within(operator, mean, least, beyond)
    there = np.isfinite(mean)
    if (freedom > 0).any():
        noise = squeezed(own, freedom)
    elif chance is not None:
        noise = _elsewhere(chance, mean, unit if counted else None)
        least = np.where(beyond != 0, least, 0.0)  # a count's own is not asked: see `unit`
    else:
        noise = np.full(n, np.nan)
    return mean, np.where(there, np.maximum(noise, least) if np.isfinite(noise).all() else noise, np.nan)


def _put_within(operator: Operator, mean: Array, least: Array, beyond: Array) -> None:
    """Place points at a bound half as far from it as the nearest other point."""
    inside = mean[np.isfinite(mean)]
    if not len(inside):
        return
    for side, nearest in ((-1.0, float(inside.min())), (1.0, float(inside.max()))):
        mean[beyond == side] = nearest + side * np.log(2.0)
        least[beyond == side] = BOUND_VARIANCE


def _elsewhere(chance: Chance, mean: Array, unit: Array | None) -> Array:
    """Chance of points with one run, from that at the middle of the priors."""
    noise = np.full(len(mean), chance.variance / chance.years)
    good = np.isfinite(mean)
    if unit is None or good.sum() < 3 * (unit.shape[1] + 1):
        return noise
    line = np.column_stack([np.ones(len(mean)), scores(np.clip(unit, 0.01, 0.99))])
    fitted = line @ np.linalg.lstsq(line[good], mean[good], rcond=None)[0]
    scaled: Array = noise * np.clip(np.exp(chance.middle - fitted), 1 / MOST_SCALING, MOST_SCALING)
    return scaled


def _factor(operator: Operator, columns: Sequence[Column]) -> float:
    """From the plain ratio to the unit of the measure (1,000 for rates per 1,000): found from points at which something happened."""
    for column in columns:
        with np.errstate(invalid="ignore", divide="ignore"):
            found = column.value * column.bottom / column.top
        if np.isfinite(found).any():
            return float(np.median(found[np.isfinite(found)]))
    return operator.per


def _counts(columns: Sequence[Column]) -> bool:
    """Whether what is over the line is a count at every point: hours that happen to be none are not."""
    every = np.concatenate([column.top for column in columns]) if columns else np.zeros(0)
    return bool(np.array_equal(every[np.isfinite(every)], np.round(every[np.isfinite(every)])))


def _ratio(
    operator: Operator, factor: float, top: Array, bottom: Array, counts: bool
) -> tuple[float, Array, float, bool]:
    """Value in its unit, residual of each run in the unit, least variance on the scale, and whether it is a count."""
    total, base = float(top.sum()), float(bottom.sum())
    whole = counts and total < FEW
    least = 0.0
    if whole and operator.scale == "log":
        at = factor * (total + 0.5) / base
        least = 1.0 / (total + 0.5)
    elif whole and operator.scale == "logit" and total <= base:
        at = factor * (total + 0.5) / (base + 1.0)
    else:
        at = factor * total / base if base > 0 else 0.0
        whole = False
    return at, (factor * top - at * bottom) / float(bottom.mean() or 1.0), least, whole
