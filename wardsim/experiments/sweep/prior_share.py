"""How much of an answer is prior, and whether the runs were enough to see it.

Of the variance of a difference between one year of each ward: what the parameters make, which nobody has measured, what chance makes,
and what the form of the model makes where there are several. And the simulation error of each difference beside the spread that the
parameters give it, as half of its 95% interval and as a standard error: where the half is at most a quarter of the spread, what is left
open is the evidence's and not the runs'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import NamedTuple

import numpy as np

from ..compare.analysis import Against
from ..compare.variance import NOT_VARIED, Spread
from ..statistics.difference import Difference
from ..statistics.split import between
from .marks import mark_of

BAR = 0.25
"""Greatest simulation error (half of its 95% interval) of a difference, as a share of its standard deviation over parameters."""


class Ratio(NamedTuple):
    """Simulation error of a difference over its standard deviation over parameters, chance removed.

    Attributes
    ----------
    half : float
        Of half the 95% interval: what is held against the bar.
    error : float
        Of the standard error, about half as much.
    """

    half: float
    error: float


class Over(NamedTuple):
    """A number over all cells that have it.

    Attributes
    ----------
    middle, smallest, largest : float
        Median, and the range over cells.
    """

    middle: float
    smallest: float
    largest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Over | None:
        """None without any value."""
        return cls(float(np.median(values)), min(values), max(values)) if values else None


@dataclass(frozen=True, slots=True)
class PriorShare:
    """One measure over all cells of a sweep.

    Attributes
    ----------
    parameters, chance, structure : Over or None
        Percent of the variance of a difference in one year that comes from the parameters (priors where no posterior is used), from
        the chance of one year in each of two independent wards, and from the form of the model; medians over cells, so that they
        need not add up to 100. More runs lower none of them; only evidence lowers the first and the last. None where it cannot be told.
    settled, open, noise, cells : int
        Cells whose sign the evidence settles, leaves open, or the runs cannot tell; all cells but the reference.
    half_ratio, error_ratio : Over or None
        Half of the 95% simulation interval of a difference, and its standard error, over its standard deviation over parameters.
    within, within_error, judged : int
        Cells whose ratio is at most a quarter, by the half and by the standard error, and cells that have one.
    reason : str
        Why a share is missing.
    runs_factor : float or None
        Times as many runs as there are that bring the middle cell's half to a quarter; 1 where it is there.
    """

    parameters: Over | None
    chance: Over | None
    structure: Over | None
    settled: int
    open: int
    noise: int
    cells: int
    half_ratio: Over | None
    error_ratio: Over | None
    within: int
    within_error: int
    judged: int
    reason: str = ""

    @property
    def runs_factor(self) -> float | None:
        """See above: the error falls with the root of the number of runs."""
        return None if self.half_ratio is None else max(1.0, (self.half_ratio.middle / BAR) ** 2)


def prior_share(found: Sequence[Against], spreads: Sequence[Spread]) -> PriorShare | None:
    """The shares over the differences of a measure; None when no cell has a value.

    Parameters
    ----------
    found : sequence of Against
        A cell each.
    spreads : sequence of Spread
        Variance of the same differences by source.
    """
    told = [one for one in found if one.found.mean is not None]
    if not told:
        return None
    marks = [mark_of(one) for one in told]
    ratios = [ratio for one in told if (ratio := ratio_of(one.found)) is not None]
    return PriorShare(
        _over(spreads, "parameters"), _over(spreads, "chance"), _over(spreads, "structure"),
        sum(mark in ("higher", "lower") for mark in marks), marks.count("open"), marks.count("noise"), len(told),
        Over.of([one.half for one in ratios]), Over.of([one.error for one in ratios]), sum(one.half <= BAR for one in ratios),
        sum(one.error <= BAR for one in ratios), len(ratios), _missing(spreads),
    )  # fmt: skip


def ratio_of(found: Difference) -> Ratio | None:
    """Simulation error of a difference over its standard deviation over parameters; None where it cannot be told."""
    if found.point or found.split is None or found.low is None or found.mc_low is None or found.mc_high is None:
        return None
    spread = sqrt(between(found.split).variance)
    error, _ = found.split.error()
    return Ratio((found.mc_high - found.mc_low) / 2.0 / spread, error / spread) if spread > 0.0 and isfinite(error) else None


def _over(spreads: Sequence[Spread], source: str) -> Over | None:
    return Over.of([one.found.parts[source].share for one in spreads if one.found.parts is not None and source in one.found.parts])


def _missing(spreads: Sequence[Spread]) -> str:
    """Why shares are missing: of all sources, or of the form of the model alone."""
    reasons = dict.fromkeys(one.found.reason for one in spreads if one.found.parts is None)
    if any(one.found.parts is not None and "structure" not in one.found.parts for one in spreads):
        reasons[f"structure: {NOT_VARIED}"] = None
    return "; ".join(reasons)
