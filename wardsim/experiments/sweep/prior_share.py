"""How much of an answer is prior: of the spread of a difference in one year, what parameters nobody has measured make, and chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..statistics.difference import Difference
from ..statistics.split import between
from ..study.cells import Study
from .marks import mark_of


@dataclass(frozen=True, slots=True)
class PriorShare:
    """One measure over all cells of a sweep.

    Attributes
    ----------
    parameters : float or None
        Percent of the variance of a difference in one year that comes from the parameters (priors where no posterior is used), median
        over cells; None under point parameters. More runs do not lower it; only evidence does.
    chance : float or None
        The rest: chance of one year in each of two independent wards.
    settled, open, noise, cells : int
        Cells whose sign the evidence settles, leaves open, or the runs cannot tell; all cells but the reference.
    """

    parameters: float | None
    chance: float | None
    settled: int
    open: int
    noise: int
    cells: int


def prior_share(found: Sequence[Difference], study: Study) -> PriorShare | None:
    """The shares over the differences of a measure; None when no cell has a value."""
    told = [one for one in found if one.mean is not None]
    if not told:
        return None
    shares = []
    for one in told:
        if study.point or one.split is None or one.low is None or one.year_low is None or one.year_high is None:
            continue
        unknown = between(one.split).variance
        year = ((one.year_high - one.year_low) / (2.0 * 1.2816)) ** 2
        if unknown + year > 0.0:
            shares.append(100.0 * unknown / (unknown + year))
    marks = [mark_of(one) for one in told]
    middle = float(np.median(shares)) if shares else None
    return PriorShare(
        middle, None if middle is None else 100.0 - middle, sum(mark in ("higher", "lower") for mark in marks),
        marks.count("open"), marks.count("noise"), len(told),
    )  # fmt: skip
