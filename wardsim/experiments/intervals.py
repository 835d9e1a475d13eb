"""The three intervals that every number carries, and never mixes.

* ``low``/``high``: 95% over parameter draws with chance removed: what the model does not know.
* ``year_low``/``year_high``: 80% for one ward-year: how much single years differ by chance.
* ``mc_low``/``mc_high``: 95% simulation error of the mean: what more runs would narrow.

Method. Runs come as draws of the parameters with a few replications (different chance) each. Means are ratios of
sums. A one-way random-effects split gives the variance within draws (chance) and between draws (parameters). The draw
means are pulled towards their mean until their spread is the spread between draws alone, keeping their own skew. One
year has the variance within draws: as a whole number of events where events are counted, else in the shape of the runs
(where chance makes most of their spread) or of what is left of them within draws. More replications narrow the third
interval and never the first.

When chance drowns the parameters the moment estimate of the variance between draws can fall below zero. Zero would
claim that nothing is uncertain, so the expected positive part of its sampling distribution stands in; it is the least
spread that these runs could have seen, and the summary says so.

Coverage, measured by `tests/experiments/test_intervals.py` on known truths: `low`/`high` holds 91 to 99% of the true
means of fresh draws (20 to 140 draws of 2), `year_low`/`year_high` 75 to 84% of fresh years (more where few whole
events leave no such point), `mc_low`/`mc_high` 92 to
98% of the true mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, log, pi, sqrt, tan
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEWEST_DRAWS = 5
"""Draws below which no interval over parameters is given."""
DRAWS_FOR_QUANTILES = 39
"""Draws from which the 2.5% and 97.5% points are order statistics; below, a prediction interval stands in (of the
logarithm, for what cannot be negative)."""
MANY_EVENTS = 200.0
"""Events a year up to which one year is given as a whole number of events (negative binomial)."""
ROUNDING = 1e-9
"""Relative spread that is rounding and not chance."""
FEW_EVENTS = 20
"""Events in all runs together up to which the simulation error of a count is at least Poisson."""

NO_VALUE = "no run has a value"
ONE_RUN = "one run only"
POINT = "point parameters: nothing is drawn"
ONE_REPLICATION = "one replication a draw: chance cannot be removed"
NO_YEAR = "one replication a draw: the chance of one year cannot be told from the parameters"
FEW_DRAWS = f"fewer than {FEWEST_DRAWS} parameter draws"
UNRESOLVED = "parameters spread less than chance does with these runs: low and high are the most they could hide"


@dataclass(frozen=True, slots=True)
class Summary:
    """One number with its three intervals; an interval that does not apply is None, and `reason` says why.

    Attributes
    ----------
    mean : float or None
        Ratio of sums over all runs (mean of runs for what is not a ratio).
    low, high : float or None
        95% over parameter draws, chance removed.
    year_low, year_high : float or None
        80% for one ward-year, chance only.
    mc_low, mc_high : float or None
        95% simulation error of the mean.
    n : int
        Runs with a value.
    reason : str
        Why something is missing, or a caution about it.
    """

    mean: float | None
    low: float | None
    high: float | None
    year_low: float | None
    year_high: float | None
    mc_low: float | None
    mc_high: float | None
    n: int
    reason: str = ""


def summarise(
    draws: NDArray[np.int64],
    values: Array,
    numerators: Array | None = None,
    denominators: Array | None = None,
    *,
    point: bool = False,
    years: float = 1.0,
    percent: bool = False,
    counted: bool = False,
) -> Summary:
    """Summarise one measure over runs.

    Parameters
    ----------
    draws : array of int, shape (runs,)
        Parameter draw of each run.
    values : array of float, shape (runs,)
        Value of each run; NaN where it has none.
    numerators, denominators : array of float, shape (runs,), optional
        What the value is a ratio of, up to a constant factor. Left out, or not in proportion to the value (a median):
        plain means.
    point : bool
        All runs share one set of parameters.
    years : float
        Length of a run in years; the chance of one year is that of a run times the root of it.
    percent : bool
        Bounded by 0 and 100.
    counted : bool
        The numerators are numbers of events.
    """
    values = np.asarray(values, dtype=np.float64)
    ratio = _as_ratio(values, numerators, denominators)
    if ratio is None:
        keep = np.isfinite(values)
        top, bottom, scale = values[keep], np.ones(int(keep.sum())), 1.0
    else:
        keep, top, bottom, scale = ratio
    n = int(keep.sum())
    if n == 0:
        return Summary(None, None, None, None, None, None, None, 0, NO_VALUE)
    kept = values[keep]
    floor = 0.0 if kept.min() >= 0.0 else -np.inf
    ceiling = 100.0 if percent and kept.max() <= 100.0 else np.inf
    split = _Split(np.zeros(n, dtype=np.int64) if point else np.asarray(draws)[keep], top, bottom, scale, kept)
    reasons: list[str] = []
    low, high = _over_draws(split, point, floor == 0.0, reasons)
    year_low, year_high = _one_year(split, years, counted and ratio is not None, reasons)
    mc_low, mc_high = _simulation_error(split, point, reasons)
    if counted and ratio is not None and mc_low is not None and mc_high is not None:
        mc_low, mc_high = _at_least_poisson(mc_low, mc_high, top, bottom, scale)

    def bound(x: float | None) -> float | None:
        return None if x is None else float(min(max(x, floor), ceiling))

    return Summary(
        float(split.mean), bound(low), bound(high), bound(year_low), bound(year_high), bound(mc_low), bound(mc_high), n,
        "; ".join(reasons),
    )  # fmt: skip


class _Split:
    """The one-way random-effects split of runs into draws and replications within draws (unbalanced allowed)."""

    __slots__ = (
        "bottom",
        "chance",
        "chance_of_mean",
        "df_within",
        "draws",
        "mean",
        "means",
        "n",
        "residuals",
        "scale",
        "sums",
        "top",
        "values",
        "weights",
    )

    def __init__(self, draws: NDArray[np.int64], top: Array, bottom: Array, scale: float, values: Array) -> None:
        _, group = np.unique(draws, return_inverse=True)
        count = np.bincount(group).astype(np.float64)
        self.n = len(top)
        self.draws = len(count)
        self.top, self.bottom, self.scale, self.values = top, bottom, scale, values
        self.sums = np.bincount(group, weights=top).astype(np.float64)
        self.weights = np.bincount(group, weights=bottom).astype(np.float64)
        self.means = scale * self.sums / self.weights
        self.mean = float(scale * top.sum() / bottom.sum())
        usual = self.weights / count
        self.residuals = scale * (top - (self.means / scale)[group] * bottom) / usual[group]
        self.df_within = self.n - self.draws
        self.chance = float((self.residuals**2).sum() / self.df_within) if self.df_within > 0 else 0.0
        self.chance_of_mean = self.chance * float((1.0 / count).mean())


def _as_ratio(
    values: Array, numerators: Array | None, denominators: Array | None
) -> tuple[NDArray[np.bool_], Array, Array, float] | None:
    """Return which runs count, numerators, denominators and the factor, or None if the value is no such ratio."""
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
        return (keep, top, bottom, 1.0) if not value.any() else None
    factors = value[nonzero] * bottom[nonzero] / top[nonzero]
    scale = float(np.median(factors))
    if scale == 0.0 or not np.allclose(factors, scale, rtol=1e-6) or bool(value[~nonzero].any()):
        return None
    return keep, top, bottom, scale


def _over_draws(split: _Split, point: bool, positive: bool, reasons: list[str]) -> tuple[float | None, float | None]:
    if point:
        reasons.append(POINT)
        return None, None
    if split.draws < FEWEST_DRAWS:
        reasons.append(FEW_DRAWS)
        return None, None
    if split.df_within < FEWEST_DRAWS - 1:
        reasons.append(ONE_REPLICATION)
        return None, None
    total = float(split.means.var(ddof=1))
    centre = float(split.means.mean())
    if total <= (ROUNDING * centre) ** 2:
        return centre, centre
    excess = total - split.chance_of_mean
    error = sqrt(2.0 * total**2 / (split.draws - 1) + 2.0 * split.chance_of_mean**2 / split.df_within)
    between = min(_positive_part(excess, error), total)
    if excess < error:
        reasons.append(UNRESOLVED)
    if split.draws < DRAWS_FOR_QUANTILES:
        t = student_t(0.975, split.draws - 1)
        if positive and centre > 0.0:
            spread = log(1.0 + between * (1.0 + 1.0 / split.draws) / centre**2)
            middle, half = log(centre) - spread / 2.0, t * sqrt(spread)
            return exp(middle - half), exp(middle + half)
        half = t * sqrt(between * (1.0 + 1.0 / split.draws))
        return centre - half, centre + half
    shrunk = centre + sqrt(between / total) * (split.means - centre)
    low, high = np.quantile(shrunk, (0.025, 0.975), method="weibull")
    return float(low), float(high)


def _one_year(split: _Split, years: float, counted: bool, reasons: list[str]) -> tuple[float | None, float | None]:
    if split.df_within < 1:
        reasons.append(ONE_RUN if split.n == 1 else NO_YEAR)
        return None, None
    chance = split.chance * years
    if chance <= (ROUNDING * split.mean) ** 2:
        return split.mean, split.mean
    if counted:
        exposure = float(split.bottom.mean()) / years
        found = _year_of_events(split.mean * exposure / split.scale, chance * (exposure / split.scale) ** 2)
        if found is not None:
            return found[0] * split.scale / exposure, found[1] * split.scale / exposure
    if split.n < 9:
        half = student_t(0.9, split.df_within) * sqrt(chance * (1.0 + 1.0 / split.n))
        return split.mean - half, split.mean + half
    total = float(split.values.var(ddof=1))
    # Where chance makes most of the spread the runs themselves have its shape; else only what is left within draws has.
    shape = split.values - split.values.mean() if split.chance > 0.5 * total else split.residuals
    low, high = np.quantile(split.mean + sqrt(chance / float(shape.var(ddof=1))) * shape, (0.1, 0.9), method="weibull")
    return float(low), float(high)


def _year_of_events(mean: float, variance: float) -> tuple[float, float] | None:
    """10% and 90% points of a number of events, negative binomial or Poisson; None where that is not its shape."""
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
    below = np.cumsum(np.exp(first + np.concatenate(([0.0], np.cumsum(steps)[:-1]))))
    first_low, first_high = np.searchsorted(below, (0.1, 0.9)).tolist()
    return float(first_low), float(first_high)


def _simulation_error(split: _Split, point: bool, reasons: list[str]) -> tuple[float | None, float | None]:
    if point or split.draws < 2:
        sums, weights = split.top, split.bottom
    else:
        sums, weights = split.sums, split.weights
    clusters = len(sums)
    if clusters < 2:
        if ONE_RUN not in reasons:
            reasons.append(ONE_RUN)
        return None, None
    residual = split.scale * sums - split.mean * weights
    error = sqrt(clusters / (clusters - 1) * float((residual**2).sum())) / float(weights.sum())
    half = student_t(0.975, clusters - 1) * error
    return split.mean - half, split.mean + half


def _at_least_poisson(low: float, high: float, top: Array, bottom: Array, scale: float) -> tuple[float, float]:
    """Widen the simulation error of a rare count to the exact Poisson interval of its total (Wilson-Hilferty form)."""
    events = float(top.sum())
    if events > FEW_EVENTS or scale <= 0 or not np.array_equal(top, np.round(top)):
        return low, high
    per_event = scale / float(bottom.sum())
    z = 1.959964
    fewest = 0.0 if events == 0 else events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3
    most = (events + 1) * (1 - 1 / (9 * (events + 1)) + z / (3 * sqrt(events + 1))) ** 3
    return min(low, max(fewest, 0.0) * per_event), max(high, most * per_event)


def _positive_part(estimate: float, error: float) -> float:
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
