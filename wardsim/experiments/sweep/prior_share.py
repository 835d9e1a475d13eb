"""How much of an answer is prior, and whether the runs were enough to see it.

Of the variance of a difference between one year of each ward: what the parameters make, which nobody has measured, what chance makes,
and what the form of the model makes where there are several. And the simulation error of each difference beside the spread that the
parameters give it: with at most a quarter of it, what is left open is the evidence's and not the runs'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from ..compare.variance import Spread
from ..statistics.difference import Difference
from ..statistics.split import between
from .marks import mark_of

BAR = 0.25
"""Greatest simulation error (standard error) of a difference, as a share of its standard deviation over parameters."""


@dataclass(frozen=True, slots=True)
class PriorShare:
    """One measure over all cells of a sweep.

    Attributes
    ----------
    parameters, chance, structure : float or None
        Percent of the variance of a difference in one year that comes from the parameters (priors where no posterior is used), from
        the chance of one year in each of two independent wards, and from the form of the model; medians over cells, so that they
        need not add up to 100. More runs lower none of them; only evidence lowers the first and the last. None where it cannot be told.
    settled, open, noise, cells : int
        Cells whose sign the evidence settles, leaves open, or the runs cannot tell; all cells but the reference.
    ratio, largest_ratio : float or None
        Standard error of a difference over its standard deviation over parameters: median over cells, and the largest.
    within, judged : int
        Cells whose ratio is at most a quarter, and cells that have one.
    """

    parameters: float | None
    chance: float | None
    structure: float | None
    settled: int
    open: int
    noise: int
    cells: int
    ratio: float | None
    largest_ratio: float | None
    within: int
    judged: int


def prior_share(found: Sequence[Difference], spreads: Sequence[Spread]) -> PriorShare | None:
    """The shares over the differences of a measure; None when no cell has a value.

    Parameters
    ----------
    found : sequence of Difference
        A cell each.
    spreads : sequence of Spread
        Variance of the same differences by source.
    """
    told = [one for one in found if one.mean is not None]
    if not told:
        return None
    marks = [mark_of(one) for one in told]
    ratios = [ratio for one in told if (ratio := ratio_of(one)) is not None]
    return PriorShare(
        _median(spreads, "parameters"), _median(spreads, "chance"), _median(spreads, "structure"),
        sum(mark in ("higher", "lower") for mark in marks), marks.count("open"), marks.count("noise"), len(told),
        float(np.median(ratios)) if ratios else None, max(ratios, default=None), sum(ratio <= BAR for ratio in ratios), len(ratios),
    )  # fmt: skip


def ratio_of(found: Difference) -> float | None:
    """Standard error of a difference over its standard deviation over parameters, chance removed; None where it cannot be told."""
    if found.point or found.split is None or found.low is None:
        return None
    spread = sqrt(between(found.split).variance)
    error, _ = found.split.error()
    return error / spread if spread > 0.0 and isfinite(error) else None


def _median(spreads: Sequence[Spread], source: str) -> float | None:
    shares = [one.found.parts[source].share for one in spreads if one.found.parts is not None and source in one.found.parts]
    return float(np.median(shares)) if shares else None
