"""The three intervals that every number carries, and never mixes.

* ``low``/``high``: 95% over parameter draws with chance removed: what the model does not know.
* ``year_low``/``year_high``: 80% for one ward-year: how much single years differ by chance.
* ``mc_low``/``mc_high``: 95% simulation error of the mean over all parameters: what more runs would narrow. It is of the chance of the
  runs and of which parameter draws they happened to try, so that with few draws most of it can be the spread between draws. Under
  point parameters it is of chance alone.

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
98% of the true mean. One year is told around the mean of the runs: it says how far years lie apart, not where. With 20 draws of
wide parameters it held 79% of years taken around that mean and 65 to 72% of those around the true mean, whose distance is the
simulation error's to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .statistics.split import (
    FEWEST_DRAWS,
    ROUNDING,
    Array,
    Ratio,
    Split,
    as_plain,
    as_ratio,
    between,
    shrunk,
    student_t,
)
from .statistics.year import middle, year_of

__all__ = ["FEWEST_DRAWS", "Array", "Summary", "over_draws", "simulation_error", "student_t", "summarise"]

DRAWS_FOR_QUANTILES = 39
"""Draws from which the 2.5% and 97.5% points are order statistics; below, a prediction interval stands in (of the
logarithm, for what cannot be negative)."""
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
        95% simulation error of the mean: chance of the runs, and which draws they happened to try.
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
    scale: float = 1.0,
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
    scale : float
        Factor from the plain ratio to the unit where no run shows it because all are nought.
    """
    values = np.asarray(values, dtype=np.float64)
    found = as_ratio(values, numerators, denominators, scale)
    counted = counted and found is not None
    runs = as_plain(values) if found is None else found
    n = len(runs.top)
    if n == 0:
        return Summary(None, None, None, None, None, None, None, 0, NO_VALUE)
    kept = values[runs.keep]
    floor = 0.0 if kept.min() >= 0.0 else -np.inf
    ceiling = 100.0 if percent and kept.max() <= 100.0 else np.inf
    split = Split.of(np.zeros(n, dtype=np.int64) if point else np.asarray(draws)[runs.keep], *runs[1:])
    reasons: list[str] = []
    low, high = over_draws(split, point, floor == 0.0, reasons)
    year = year_of(split, runs, years, counted)
    if year is None:
        reasons.append(ONE_RUN if n == 1 else NO_YEAR)
    year_low, year_high = (None, None) if year is None else middle(year)
    mc_low, mc_high = simulation_error(split, point, reasons)
    if counted and mc_low is not None and mc_high is not None:
        mc_low, mc_high = _at_least_poisson(mc_low, mc_high, runs)

    def bound(x: float | None) -> float | None:
        return None if x is None else float(min(max(x, floor), ceiling))

    return Summary(
        split.mean, bound(low), bound(high), bound(year_low), bound(year_high), bound(mc_low), bound(mc_high), n,
        "; ".join(reasons),
    )  # fmt: skip


def over_draws(
    split: Split, point: bool, positive: bool, reasons: list[str], *, cautious: bool = False
) -> tuple[float | None, float | None]:
    """95% over parameter draws with chance removed; None where nothing can be said, and why in `reasons`.

    Parameters
    ----------
    split : Split
        The quantity, taken apart.
    point : bool
        All runs share one set of parameters.
    positive : bool
        The quantity cannot be negative.
    reasons : list of str
        What is missing, or a caution, is added.
    cautious : bool
        Also wider for what chance leaves uncertain: how far draws spread (by a quarter at most), and where their middle is.
    """
    if point:
        reasons.append(POINT)
        return None, None
    if split.draws < FEWEST_DRAWS:
        reasons.append(FEW_DRAWS)
        return None, None
    if split.df_within < FEWEST_DRAWS - 1:
        reasons.append(ONE_REPLICATION)
        return None, None
    centre = float(split.means.mean())
    spread = between(split)
    if spread.total <= (ROUNDING * centre) ** 2:
        return centre, centre
    if spread.unresolved:
        reasons.append(UNRESOLVED)
    if split.draws < DRAWS_FOR_QUANTILES:
        t = student_t(0.975, spread.df if cautious else split.draws - 1)
        widened = spread.variance + (spread.total if cautious else spread.variance) / split.draws
        if positive and centre > 0.0:
            of_log = log(1.0 + widened / centre**2)
            middle_of_log, half = log(centre) - of_log / 2.0, t * sqrt(of_log)
            return exp(middle_of_log - half), exp(middle_of_log + half)
        half = t * sqrt(widened)
        return centre - half, centre + half
    low, high = np.quantile(shrunk(split), (0.025, 0.975), method="weibull").tolist()
    if not cautious:
        return low, high
    wider = student_t(0.975, spread.df) / student_t(0.975, split.draws - 1)
    of_middle = NormalDist().inv_cdf(0.975) ** 2 * (spread.total - spread.variance) / split.draws
    below, above = (sqrt((wider * side) ** 2 + of_middle) for side in (centre - low, high - centre))
    return centre - below, centre + above


def simulation_error(
    split: Split, point: bool, reasons: list[str], confidence: float = 0.95
) -> tuple[float | None, float | None]:
    """Simulation error of the mean: a t interval on sums by draw (by run under point parameters), so of chance and of the draws tried."""
    error, clusters = split.error(point)
    if clusters < 2:
        if ONE_RUN not in reasons:
            reasons.append(ONE_RUN)
        return None, None
    half = student_t(0.5 + confidence / 2.0, clusters - 1) * error
    return split.mean - half, split.mean + half


def _at_least_poisson(low: float, high: float, runs: Ratio) -> tuple[float, float]:
    """Widen the simulation error of a rare count to the exact Poisson interval of its total (Wilson-Hilferty form)."""
    events = float(runs.top.sum())
    if events > FEW_EVENTS or runs.scale <= 0 or not np.array_equal(runs.top, np.round(runs.top)):
        return low, high
    per_event = runs.scale / float(runs.bottom.sum())
    z = 1.959964
    fewest = 0.0 if events == 0 else events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3
    most = (events + 1) * (1 - 1 / (9 * (events + 1)) + z / (3 * sqrt(events + 1))) ** 3
    return min(low, max(fewest, 0.0) * per_event), max(high, most * per_event)
