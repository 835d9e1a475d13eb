"""From runs to parameter draws, and the removal of chance.

A run's value is put as the ratio of sums of its draw plus what the run itself adds (linearised), so that the mean of a
draw is a ratio of sums and differences between options are plain differences of runs with the same chance.

The means of draws spread by what the parameters do and by the chance left in a few replications. They are pulled
towards their mean until their spread is that of the parameters alone (as in `..intervals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from ..intervals import ROUNDING, _as_ratio, _positive_part
from ..study.runs import Array, Column, Ints


def linear(column: Column, *, point: bool = False) -> Array:
    """Value of each run, linear about the ratio of sums of its draw.

    Parameters
    ----------
    column : Column
        One measure of one cell.
    point : bool
        All runs share one set of parameters, hence one ratio.

    Returns
    -------
    array of float, shape (runs,)
        In the measure's unit; NaN where a run has no value. The mean over a draw is the draw's ratio of sums; for a
        measure that is no ratio the values themselves.
    """
    ratio = _as_ratio(column.value, column.top, column.bottom)
    if ratio is None:
        return np.array(column.value, dtype=np.float64)
    keep, top, bottom, scale = ratio
    draw = np.zeros(len(top), dtype=np.int64) if point else column.draw[keep]
    _, group = np.unique(draw, return_inverse=True)
    count = np.bincount(group)
    sums, weights = np.bincount(group, weights=top), np.bincount(group, weights=bottom)
    rate = sums / weights
    out = np.full(len(column.value), np.nan)
    out[keep] = scale * (rate[group] + (top - rate[group] * bottom) * count[group] / weights[group])
    return out


@dataclass(frozen=True)
class Spread:
    """Means of parameter draws, and how much of their spread is chance.

    Attributes
    ----------
    draw : array of int, shape (draws,)
        Which draws.
    means : array of float, shape (draws,)
        Mean over the replications of each draw.
    centre, total : float
        Mean and variance of the means.
    noise : float
        The part of `total` that is chance.
    freedom : int
        Degrees of freedom of `noise`; 0 where no draw has two replications.
    """

    draw: Ints
    means: Array
    centre: float
    total: float
    noise: float
    freedom: int

    @property
    def factor(self) -> float:
        """Factor from the spread of the means to that of the parameters alone, from 0 to 1."""
        if self.total <= (ROUNDING * self.centre) ** 2:
            return 0.0
        error = sqrt(2.0 * self.total**2 / max(len(self.means) - 1, 1) + 2.0 * self.noise**2 / max(self.freedom, 1))
        return sqrt(min(_positive_part(self.total - self.noise, error), self.total) / self.total)

    @property
    def shrunk(self) -> Array:
        """Means of the draws with chance removed."""
        return self.centre + self.factor * (self.means - self.centre)

    @property
    def error(self) -> float:
        """Standard error of the mean over draws; NaN below two draws."""
        return sqrt(self.total / len(self.means)) if len(self.means) > 1 else float("nan")


def spread(draw: Ints, value: Array) -> Spread:
    """Means of draws and the chance in them.

    Parameters
    ----------
    draw : array of int, shape (runs,)
        Parameter draw of each run.
    value : array of float, shape (runs,)
        Values; NaN is left out.
    """
    keep = np.isfinite(value)
    ids, group = np.unique(np.asarray(draw)[keep], return_inverse=True)
    kept = value[keep]
    count = np.bincount(group).astype(np.float64)
    means = np.bincount(group, weights=kept) / count if len(count) else np.zeros(0)
    freedom = len(kept) - len(count)
    within = float(((kept - means[group]) ** 2).sum() / freedom) if freedom > 0 else 0.0
    noise = within * float((1.0 / count).mean()) if len(count) else 0.0
    total = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    return Spread(ids, means, float(means.mean()) if len(means) else float("nan"), total, noise, freedom)


def half_width(values: Array, alpha: float) -> float:
    """Half-width of Student's interval of a mean with error `alpha` in both tails together; NaN below two values."""
    from scipy.special import stdtrit

    n = len(values)
    if n < 2:
        return float("nan")
    return float(stdtrit(n - 1, 1.0 - alpha / 2.0)) * float(values.std(ddof=1)) / sqrt(n)
