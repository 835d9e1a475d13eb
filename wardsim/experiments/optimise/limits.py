"""Limits on measures, and the share of parameter draws or of single years of one option that keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import numpy as np

from ..statistics.split import Split
from ..study.runs import Array
from .bank import Bank, OptimiseError
from .draws import half_width, spread
from .share import Bound, Flags, Share, share_of_draws, share_of_years
from .years import years_of

NO_CHANCE = (
    "one replication a draw: chance cannot be told from the parameters; ask for two replications, or judge single years"
)
NO_VALUE = "no run has a value of every limited measure"
SHOWN = 0.025
"""Error in each tail of intervals that are shown: 95%."""


class Kept(NamedTuple):
    """Share that keeps all limits, with an interval for each error asked for, and share that keeps each, with its 95% interval."""

    joint: tuple[Share, ...]
    each: tuple[Share, ...]


@dataclass(frozen=True)
class Limit:
    """A measure that must stay within bounds.

    Attributes
    ----------
    measure : str
        Name.
    at_most, at_least : float, optional
        Bounds, unit of the measure; one of them or both.
    against : int, optional
        Cell from which the difference is limited (0 at most: no more than there) in place of the value itself; over
        draws only.
    times : float
        The difference is from so many times that cell's value: 0 at most with 1.02 is at most 102% of it.
    """

    measure: str
    at_most: float | None = None
    at_least: float | None = None
    against: int | None = None
    times: float = 1.0

    def __post_init__(self) -> None:
        given = [x for x in (self.at_most, self.at_least) if x is not None]
        if not given or not all(isfinite(x) for x in given):
            raise OptimiseError(f"the limit on {self.measure} needs at_most or at_least, a finite number")
        if self.at_most is not None and self.at_least is not None and self.at_most < self.at_least:
            raise OptimiseError(
                f"the limit on {self.measure} is from {self.at_least:g} to {self.at_most:g}: nothing is within"
            )


def kept_by_draws(bank: Bank, cell: int, limits: Sequence[Limit], alphas: Sequence[float]) -> Kept | str:
    """Share of draws that keep all limits, and each; or why there is none."""
    columns = [values_of(bank, cell, limit) for limit in limits]
    runs = min(len(column) for column in columns)
    values = np.column_stack([column[:runs] for column in columns])
    failed = np.isin(np.arange(runs), bank.failed(cell))
    whole = np.isfinite(values).all(axis=1)
    if not whole.any():
        return NO_VALUE
    if bank.point:
        return _at_the_point(values[whole], limits, alphas)
    draw = np.arange(runs) // bank.per_draw
    usable = whole & ~np.isin(draw, draw[failed])
    if not usable.any():
        return "every parameter draw has a failed run"
    spreads = [s for place in range(len(limits)) if (s := spread(draw[usable], values[usable, place])) is not None]
    if any(s.df_within < 2 for s in spreads):
        return NO_CHANCE
    draws = len(spreads[0].means) + len(np.unique(draw[failed]))
    bounds = [_bounds(s, limit) for s, limit in zip(spreads, limits, strict=True)]
    together = [b for some in bounds for b in some]
    joint = tuple(share_of_draws(together, draws, alpha) for alpha in alphas)
    return Kept(joint, tuple(share_of_draws(some, draws, SHOWN) for some in bounds))


def _bounds(s: Split, limit: Limit) -> list[Bound]:
    most = [] if limit.at_most is None else [Bound(s, limit.at_most, True)]
    return most if limit.at_least is None else [*most, Bound(s, limit.at_least, False)]


def values_of(bank: Bank, cell: int, limit: Limit) -> Array:
    """What a limit is held against, run by run: the measure, or its difference from so many times another cell's."""
    runs = bank.asked(cell)
    own = bank.matrix([cell], limit.measure, runs)[:, 0]
    if limit.against is None:
        return own
    both = min(runs, bank.asked(limit.against))
    return own[:both] - limit.times * bank.matrix([limit.against], limit.measure, both)[:, 0]


def kept_of_itself(bank: Bank, cell: int, limits: Sequence[Limit]) -> bool:
    """Whether an option keeps all limits whatever the runs show, because each is held against that option itself.

    No more than 102% of its own value is kept by every option whose measure is never negative: arithmetic, not evidence.
    A limit at 98% of its own value is not.
    """
    if any(limit.against != cell for limit in limits) or bank.failed(cell).size:
        return False
    for limit in limits:
        values = values_of(bank, cell, limit)
        own = bank.matrix([cell], limit.measure, len(values))[:, 0]
        if not np.isfinite(own).all() or (limit.times != 1.0 and own.min() < 0.0):
            return False
        if limit.at_most is not None and (limit.at_most < 0.0 or limit.times < 1.0):
            return False
        if limit.at_least is not None and (limit.at_least > 0.0 or limit.times > 1.0):
            return False
    return True


def _at_the_point(values: Array, limits: Sequence[Limit], alphas: Sequence[float]) -> Kept | str:
    """With point parameters the expected value is within the limits or it is not."""
    if len(values) < 2:
        return "one run only"
    each = tuple(_at_mean(column, limit, 2.0 * SHOWN) for column, limit in zip(values.T, limits, strict=True))
    joint = []
    for alpha in alphas:
        found = [_at_mean(column, limit, 2.0 * alpha / len(limits)) for column, limit in zip(values.T, limits, strict=True)]
        joint.append(Share(*(min(ends) for ends in zip(*found, strict=True))))
    return Kept(tuple(joint), each)


def _at_mean(column: Array, limit: Limit, alpha: float) -> Share:
    """Whether the mean of runs keeps a limit (1 or 0), and whether the ends of its interval with error `alpha` do."""
    mean, half = float(column.mean()), half_width(column, alpha)
    above = limit.at_most is not None and mean - half > limit.at_most
    below = limit.at_least is not None and mean + half < limit.at_least
    low = float(_keeps(np.array([mean - half, mean + half]), limit).all())
    return Share(float(_keeps(np.array([mean]), limit)[0]), low, 0.0 if above or below else 1.0)


def _keeps(values: Array, limit: Limit) -> Flags:
    kept = np.ones(values.shape, dtype=bool)
    if limit.at_most is not None:
        kept &= values <= limit.at_most
    if limit.at_least is not None:
        kept &= values >= limit.at_least
    return kept


def kept_by_years(bank: Bank, cell: int, limits: Sequence[Limit], alphas: Sequence[float]) -> Kept | str:
    """Share of years that keep all limits, and each; or why there is none."""
    table = []
    for limit in limits:
        found = years_of(bank, cell, limit.measure)
        if isinstance(found, str):
            return found
        table.append(found)
    values = np.stack(table)  # limits, runs, years
    runs, years = values.shape[1:]
    failed = np.isin(np.arange(runs), bank.failed(cell))
    usable = np.isfinite(values).all(axis=0) | failed[:, None]
    if not usable.any():
        return NO_VALUE
    kept = [_keeps(v, limit) & ~failed[:, None] for v, limit in zip(values, limits, strict=True)]
    group = np.arange(runs) if bank.point else np.arange(runs) // bank.per_draw
    cluster = np.repeat(group[:, None], years, axis=1)[usable]
    joint = tuple(share_of_years(np.logical_and.reduce(kept)[usable], cluster, alpha) for alpha in alphas)
    return Kept(joint, tuple(share_of_years(k[usable], cluster, SHOWN) for k in kept))
