"""From runs to parameter draws.

A run's value is put as the ratio of sums of its draw plus what the run itself adds (linearised, `..statistics.split`), so
that the mean of a draw is a ratio of sums and differences between options are plain differences of runs with the same
chance. The mean over draws gives every draw the same weight.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from ..statistics.split import ROUNDING, Split, as_ratio, between
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
    ratio = as_ratio(column.value, column.top, column.bottom)
    if ratio is None:
        return np.array(column.value, dtype=np.float64)
    draw = np.zeros(len(ratio.top), dtype=np.int64) if point else column.draw[ratio.keep]
    split = Split.of(draw, ratio.top, ratio.bottom, ratio.scale)
    out = np.full(len(column.value), np.nan)
    out[ratio.keep] = split.means[split.group] + split.residuals
    return out


def spread(draw: Ints, value: Array) -> Split | None:
    """Values taken apart into draws and chance; None without any.

    Parameters
    ----------
    draw : array of int, shape (runs,)
        Parameter draw of each run.
    value : array of float, shape (runs,)
        Values; NaN is left out.
    """
    keep = np.isfinite(value)
    if not keep.any():
        return None
    return Split.of(np.asarray(draw)[keep], value[keep], np.ones(int(keep.sum())))


def variance(split: Split) -> float:
    """Variance of the means of draws; 0 for one draw, and where it is rounding."""
    if split.draws < 2:
        return 0.0
    total = float(split.means.var(ddof=1))
    return 0.0 if total <= (ROUNDING * split.mean) ** 2 else total


def factor(split: Split) -> float:
    """Factor from the spread of the means of draws to that of the parameters alone, from 0 to 1."""
    if variance(split) == 0.0:
        return 0.0
    found = between(split)
    return sqrt(found.variance / found.total)


def shrunk(split: Split) -> Array:
    """Means of draws with chance removed."""
    centre = split.means.mean()
    out: Array = centre + factor(split) * (split.means - centre)
    return out


def half_width(values: Array, alpha: float) -> float:
    """Half-width of Student's interval of a mean with error `alpha` in both tails together; NaN below two values."""
    from scipy.special import stdtrit

    n = len(values)
    if n < 2:
        return float("nan")
    return float(stdtrit(n - 1, 1.0 - alpha / 2.0)) * float(values.std(ddof=1)) / sqrt(n)
