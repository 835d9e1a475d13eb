"""The difference between two wards, paired run by run, with three intervals that are never mixed.

* ``low``/``high``: 95% over parameter draws, chance removed: how far the evidence leaves the effect open. More
  replications never narrow it.
* ``year_low``/``year_high``: 80% for one year of b minus one year of a when the two years are independent of each other,
  as real years are. The spread of paired years is an artefact of pairing and is not given anywhere.
* ``mc_low``/``mc_high``: 95% simulation error of the mean difference: what more runs would narrow.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..intervals import NO_VALUE, NO_YEAR, ONE_RUN, Summary, over_draws
from ..study.runs import Column, paired
from .rare import Discordant, discordant, limits
from .simulation import interval
from .split import Array, Ints, Ratio, Split, as_plain, as_ratio, between, combine
from .year import middle_of_difference, year_of

NO_PAIR = "the two wards have no run in common that has a value in both"
FEW_EVENTS = "few events in only one of the wards: simulation error from limits of their number, and low to high no narrower"
NO_REFERENCE = "the reference is nought or too uncertain to be divided by"
SURE_OF_REFERENCE = 4.0
"""Standard errors by which the reference must be clear of nought for a difference in percent of it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """b minus a; an interval that does not apply is None, and `reason` says why.

    Attributes
    ----------
    mean : float or None
        Difference of the ratios of sums (of the means for what is no ratio).
    low, high : float or None
        95% over parameter draws, chance removed.
    year_low, year_high : float or None
        80% for one year of each, the years being independent.
    mc_low, mc_high : float or None
        95% simulation error of the mean.
    relative : Summary or None
        The difference in percent of a, with the same three intervals (the year's in percent of the mean of a).
    n, draws : int
        Paired runs with a value in both, and parameter draws.
    reason : str
        Why something is missing, or a caution.
    point : bool
        All runs share one set of parameters.
    split : Split or None
        The difference taken apart, for `p_better`, `simultaneous`, `variance` and `information`.
    rare : Discordant or None
        Events in one ward only, where the measure counts events.
    """

    mean: float | None
    low: float | None
    high: float | None
    year_low: float | None
    year_high: float | None
    mc_low: float | None
    mc_high: float | None
    relative: Summary | None
    n: int
    draws: int
    reason: str = ""
    point: bool = False
    split: Split | None = field(default=None, repr=False, compare=False)
    rare: Discordant | None = field(default=None, repr=False, compare=False)


def difference(
    a: Column,
    b: Column,
    *,
    point: bool,
    years: float,
    percent: bool = False,
    counted: bool = False,
    sequential: bool = False,
    scale: float = 1.0,
) -> Difference:
    """The difference b minus a of one measure, paired by run.

    Parameters
    ----------
    a, b : Column
        One measure of the reference and of the option; runs that only one of them has are left out.
    point : bool
        All runs share one set of parameters.
    years : float
        Length of a run in years.
    percent : bool
        The measure is a percentage, from 0 to 100.
    counted : bool
        The tops are numbers of events.
    sequential : bool
        Runs were added until simulation error was small enough (see `precision`); it is then given a little wider.
    scale : float
        Factor from the plain ratio to the unit where no run shows it because all are nought.
    """
    pair = pair_of(a, b, scale)
    if pair is None:
        reason = NO_PAIR if len(a.run) and len(b.run) else NO_VALUE
        return Difference(None, None, None, None, None, None, None, None, 0, 0, reason, point)
    draws, runs_a, runs_b, is_ratio = pair
    if point:
        draws = np.zeros_like(draws)
    split_a, split_b = Split.of(draws, *runs_a[1:]), Split.of(draws, *runs_b[1:])
    apart = combine([(1.0, split_b), (-1.0, split_a)])
    counted = counted and is_ratio
    rare = discordant(runs_a, runs_b, percent) if is_ratio and (counted or percent) else None
    reasons: list[str] = []
    low, high = over_draws(apart, point, False, reasons, cautious=True)
    mc_low, mc_high = _simulation_error(apart, rare, point, 0.95, reasons, sequential)
    if rare is not None and rare.few and low is not None and high is not None and mc_low is not None and mc_high is not None:
        low, high = min(low, mc_low), max(high, mc_high)  # so few events do not show how far draws lie apart
    year_a, year_b = year_of(split_a, runs_a, years, counted), year_of(split_b, runs_b, years, counted)
    year_low, year_high = (None, None) if year_a is None or year_b is None else middle_of_difference(year_a, year_b)
    if year_low is None:
        reasons.append(ONE_RUN if apart.n == 1 else NO_YEAR)
    relative = _relative(split_a, split_b, point, year_low, year_high)
    if relative is None:
        reasons.append(NO_REFERENCE)

    def bound(x: float | None) -> float | None:
        return x if x is None or not percent else min(max(x, -100.0), 100.0)

    return Difference(
        apart.mean, bound(low), bound(high), bound(year_low), bound(year_high), bound(mc_low), bound(mc_high), relative,
        apart.n, apart.draws, "; ".join(dict.fromkeys(reasons)), point, apart, rare,
    )  # fmt: skip


def at_confidence(found: Difference, confidence: float) -> tuple[float, float] | None:
    """Simulation error of a difference at another confidence; None where it has none."""
    if found.split is None:
        return None
    low, high = _simulation_error(found.split, found.rare, found.point, confidence, [])
    return None if low is None or high is None else (low, high)


def simulation_error_of(
    a: Column, b: Column, *, point: bool, percent: bool = False, counted: bool = False, confidence: float = 0.95,
    sequential: bool = False, scale: float = 1.0,
) -> tuple[float, float, float] | None:  # fmt: skip
    """Mean, and limits of the simulation error, of a difference: that part of `difference` alone, quick to repeat."""
    pair = pair_of(a, b, scale)
    if pair is None:
        return None
    draws, runs_a, runs_b, is_ratio = pair
    apart = combine([(1.0, Split.of(draws, *runs_b[1:])), (-1.0, Split.of(draws, *runs_a[1:]))])
    rare = discordant(runs_a, runs_b, percent) if is_ratio and (counted or percent) else None
    low, high = _simulation_error(apart, rare, point, confidence, [], sequential)
    return None if low is None or high is None else (apart.mean, low, high)


def pair_of(a: Column, b: Column, scale: float = 1.0) -> tuple[Ints, Ratio, Ratio, bool] | None:
    """Draws and runs that two wards have in common, and whether both are ratios of sums; None without any."""
    a, b = paired(a, b)
    both = np.isfinite(a.value) & np.isfinite(b.value)
    if not both.any():
        return None
    draws, a, b = a.draw[both], taken(a, both), taken(b, both)
    runs_a, runs_b = as_ratio(a.value, a.top, a.bottom, scale), as_ratio(b.value, b.top, b.bottom, scale)
    if runs_a is None or runs_b is None:
        return draws, as_plain(a.value), as_plain(b.value), False
    if not runs_a.top.any() or not runs_b.top.any():  # all nought: the scale is not seen
        scale = runs_b.scale if runs_b.top.any() else runs_a.scale
        runs_a, runs_b = runs_a._replace(scale=scale), runs_b._replace(scale=scale)
    return draws, runs_a, runs_b, True


def taken(column: Column, at: NDArray[Any]) -> Column:
    """Rows of a column, by place or by mask."""
    return Column(column.run[at], column.draw[at], column.value[at], column.top[at], column.bottom[at])


def _simulation_error(
    split: Split,
    rare: Discordant | None,
    point: bool,
    confidence: float,
    reasons: list[str],
    sequential: bool = False,
) -> tuple[float | None, float | None]:
    if rare is not None and rare.few:
        reasons.append(FEW_EVENTS)
        return limits(rare, split.mean, confidence)
    return interval(split, point, reasons, confidence, sequential=sequential)


def _relative(a: Split, b: Split, point: bool, year_low: float | None, year_high: float | None) -> Summary | None:
    """The difference in percent of a: (R_b - q R_a) / R_a around q = R_b / R_a, each draw by its own R_a, chance removed."""
    error, _ = a.error(point)
    if a.mean <= 0.0 or (not isnan(error) and a.mean < SURE_OF_REFERENCE * error):
        return None
    by_draw = _best_guess(a)
    if by_draw.min() <= 0.0:
        return None
    q = b.mean / a.mean
    apart = combine([(1.0, b), (-q, a)])
    share = Split(
        100.0 * (q - 1.0), apart.ids, apart.group, apart.count, 100.0 * (q - 1.0) + 100.0 * apart.means / by_draw,
        100.0 * apart.residuals / by_draw[apart.group], 100.0 * apart.influence / a.mean,
    )  # fmt: skip
    reasons: list[str] = []
    low, high = over_draws(share, point, False, reasons, cautious=True)
    mc_low, mc_high = interval(share, point, reasons, 0.95)
    unit = 100.0 / a.mean
    found = Summary(
        share.mean, low, high, None if year_low is None else year_low * unit, None if year_high is None else year_high * unit,
        mc_low, mc_high, share.n, "; ".join(reasons),
    )  # fmt: skip
    if low is not None and min(a.means.min(), b.means.min()) >= 0.0:
        found = replace(found, low=max(low, -100.0))
    return found


def _best_guess(split: Split) -> Array:
    """What each draw is expected to be, chance removed: its mean pulled to the mean of all by the share of chance."""
    if split.draws < 2:
        return split.means
    found = between(split)
    weight = found.variance / found.total if found.total > 0 else 0.0
    centre = float(split.means.mean())
    guess: Array = centre + weight * (split.means - centre)
    return guess
