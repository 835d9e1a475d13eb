"""Differences between options, draw by draw, with chance removed; and how they move when draws are resampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..statistics.better import cannot, p_better
from ..statistics.difference import at_confidence, difference
from ..study.runs import Array, Ints
from .bank import Bank
from .draws import shrunk
from .level import kind_of

ROUNDING = 1e-12


@dataclass(frozen=True)
class Gap:
    """Difference of one measure between two options: the second minus the first, paired by run.

    Attributes
    ----------
    mean : float
        Mean over parameter draws; NaN without runs in common.
    low, high : float or None
        95% over parameter draws, chance removed; None where that cannot be told.
    mc_low, mc_high : float or None
        Simulation error of the mean.
    share_below : float or None
        Share of parameter draws in which the expected difference is below 0 (`statistics.better`); None where it is nought in all.
    draws : int
        Parameter draws (runs, with point parameters) in common.
    shrunk : array of float, shape (draws,)
        Difference in each draw, chance removed; empty where that cannot be told.
    draw : array of int, shape (draws,)
        Which draws.
    reason : str
        Why something is missing.
    share_below_low, share_below_high : float or None
        95% range of `share_below`, where it was asked for.
    """

    mean: float
    low: float | None
    high: float | None
    mc_low: float | None
    mc_high: float | None
    share_below: float | None
    draws: int
    shrunk: Array
    draw: Ints
    reason: str = ""
    share_below_low: float | None = None
    share_below_high: float | None = None


def gap(bank: Bank, first: int, second: int, measure: str, *, alpha: float = 0.05, ranged: bool = False) -> Gap:
    """Difference of a measure between two options.

    Parameters
    ----------
    bank : Bank
        Where runs come from; only runs that both options have are used.
    first, second : int
        Cells; the difference is second minus first.
    measure : str
        Name.
    alpha : float
        Error of `mc_low` to `mc_high`, both tails together.
    ranged : bool
        Also the range of the share of draws below 0, which costs some milliseconds.
    """
    percent, counted, scale = kind_of(measure)
    found = difference(
        bank.column(first, measure), bank.column(second, measure), point=bank.point, years=bank.years, percent=percent,
        counted=counted, scale=scale,
    )  # fmt: skip
    nothing, no_draw = np.zeros(0), np.zeros(0, dtype=np.int64)
    if found.mean is None or found.split is None:
        return Gap(float("nan"), None, None, None, None, None, 0, nothing, no_draw, "no runs in common have a value")
    mc_low, mc_high = at_confidence(found, 1.0 - alpha) or (None, None)
    reason = cannot(found.split, found.point)
    if reason:
        return Gap(found.mean, None, None, mc_low, mc_high, None, found.draws, nothing, found.split.ids, reason)
    below = p_better(found, "lower", ranged=ranged)
    return Gap(
        found.mean, found.low, found.high, mc_low, mc_high, below.p, found.draws, shrunk(found.split),
        found.split.ids, share_below_low=below.low, share_below_high=below.high,
    )  # fmt: skip


class Paired:
    """All options over the draws that all of them have: differences with chance removed, for any resample of draws.

    Parameters
    ----------
    bank : Bank
        Where runs come from.
    cells : sequence of int
        Options.
    measures : sequence of str
        Measures.
    """

    def __init__(self, bank: Bank, cells: Sequence[int], measures: Sequence[str]) -> None:
        runs = min(bank.asked(cell) for cell in cells)
        self.per_draw = bank.per_draw
        draws = runs // self.per_draw
        values = np.stack([bank.matrix(cells, m, draws * self.per_draw) for m in measures], axis=2)
        grouped = values.reshape(draws, self.per_draw, len(cells), len(measures))
        self.whole = np.flatnonzero(np.isfinite(grouped).all(axis=(1, 2, 3)))
        self.runs: Ints = (self.whole[:, None] * self.per_draw + np.arange(self.per_draw)).ravel()
        kept = grouped[self.whole]
        self.means = kept.mean(axis=1)
        self._kept = kept
        self.draws = len(self.whole)

    def difference(self, a: int, b: int) -> tuple[Array, Array]:
        """Place b minus place a: means of draws and variance within draws, each of shape (draws, measures)."""
        found = self.means[:, b] - self.means[:, a]
        size = np.maximum(np.abs(self.means[:, b]), np.abs(self.means[:, a]))
        found[np.abs(found) <= ROUNDING * size] = 0.0
        if self.per_draw < 2:
            return found, np.zeros_like(found)
        own = self._kept[:, :, b] - self._kept[:, :, a]
        return found, own.var(axis=1, ddof=1)


def shrink(means: Array, within: Array, weights: Array, per_draw: int) -> Array:
    """Differences with chance removed under resampling weights.

    Parameters
    ----------
    means, within : array of float, shape (draws, measures)
        Mean difference and its variance within each draw.
    weights : array of float, shape (resamples, draws)
        How often each draw is taken; rows sum to the number of draws.
    per_draw : int
        Replications of each draw.

    Returns
    -------
    array of float, shape (resamples, draws, measures)
    """
    draws = len(means)
    centre = weights @ means / draws
    total = np.maximum(weights @ means**2 / draws - centre**2, 0.0) * draws / max(draws - 1, 1)
    noise = weights @ within / draws / per_draw
    between = total - noise
    error = np.sqrt(2.0 * total**2 / max(draws - 1, 1) + 2.0 * noise**2 / max(draws * (per_draw - 1), 1))
    between = np.minimum(_positive_parts(between, error), total)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(total > 0.0, np.sqrt(between / total), 0.0)
    out: Array = centre[:, None, :] + factor[:, None, :] * (means[None] - centre[:, None, :])
    return out


def _positive_parts(estimate: Array, error: Array) -> Array:
    """Expected positive part of normal variables, as `..intervals` has it for one."""
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(error > 0.0, estimate / error, 0.0)
    expected = estimate * ndtr(z) + error * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    out: Array = np.where(error > 0.0, expected, np.maximum(estimate, 0.0))
    return out


def resamples(draws: int, times: int, seed: int) -> Array:
    """How often each draw is taken in each bootstrap resample; the first row is the sample itself."""
    rng = np.random.default_rng(seed)
    out = rng.multinomial(draws, np.full(draws, 1.0 / draws), size=times + 1).astype(np.float64)
    out[0] = 1.0
    return out
