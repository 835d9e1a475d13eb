"""Which option is best on one measure: the share of parameter draws in which its expected value is.

Options are compared inside each draw (differences from the mean of all options, so that what moves them together drops
out), chance removed jointly; see `posterior`. Options that no draw tells apart share their place: ties are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..intervals import NO_VALUE, POINT
from ..study.runs import Array, Column
from .better import NEUTRAL, Direction, cannot, p_positive
from .difference import taken
from .posterior import fresh_draws
from .split import ROUNDING, Split, as_plain, as_ratio, combine

ONE_OPTION = "one option only"


@dataclass(frozen=True, slots=True)
class Best:
    """How probably each option is the best on one measure.

    Attributes
    ----------
    p : mapping of str to float, or None
        Probability of being best, by option; options that are equal in every draw share it. They add up to 1.
    ties : tuple of tuple of str
        Options that are equal in every draw.
    reason : str
        Why there is none.
    """

    p: Mapping[str, float] | None
    ties: tuple[tuple[str, ...], ...] = ()
    reason: str = ""


def best(columns: Mapping[str, Column], direction: Direction, *, point: bool = False) -> Best:
    """Probability that each option is the best one.

    Parameters
    ----------
    columns : mapping of str to Column
        The same measure (or cost) of each option; only runs with a value in all of them count.
    direction : str
        Which way is better: higher, lower or neutral.
    point : bool
        All runs share one set of parameters.
    """
    if direction == "neutral":
        return Best(None, reason=NEUTRAL)
    if len(columns) < 2:
        return Best(None, reason=ONE_OPTION)
    if point:
        return Best(None, reason=POINT)
    splits = splits_of(list(columns.values()))
    if splits is None:
        return Best(None, reason=NO_VALUE)
    return best_of(dict(zip(columns, splits, strict=True)), direction)


def best_of(splits: Mapping[str, Split], direction: Direction) -> Best:
    """Probability that each option is the best one, from splits of the same runs (a net benefit, say)."""
    names, parts = list(splits), list(splits.values())
    reason = cannot(parts[0], False)
    if reason:
        return Best(None, reason=reason)
    groups = _equal(parts)
    ties = tuple(tuple(names[i] for i in group) for group in groups if len(group) > 1)
    if len(groups) == 1:
        return Best({name: 1.0 / len(names) for name in names}, ties)
    first = [parts[group[0]] for group in groups]
    won = _of_two(first, direction) if len(first) == 2 else _of_many(first, direction)
    found = {names[i]: float(won[g]) / len(group) for g, group in enumerate(groups) for i in group}
    return Best({name: found[name] for name in names}, ties)


def _of_two(parts: Sequence[Split], direction: Direction) -> Array:
    """The same number as `better` gives for the second against the first: two options need no joint posterior."""
    share = p_positive(combine([(1.0, parts[1]), (-1.0, parts[0])]))[0]
    if share is None:
        return _of_many(parts, direction)
    return np.array([1.0 - share, share] if direction == "higher" else [share, 1.0 - share])


def _of_many(parts: Sequence[Split], direction: Direction) -> Array:
    average = combine([(1.0 / len(parts), split) for split in parts])
    values = fresh_draws([combine([(1.0, split), (-1.0, average)]) for split in parts])
    sign = 1.0 if direction == "higher" else -1.0
    won: Array = np.bincount(np.argmax(sign * values, axis=2).ravel(), minlength=len(parts)) / values[..., 0].size
    return won


def splits_of(columns: Sequence[Column]) -> list[Split] | None:
    """One split an option, of the runs that all options have with a value; None without any.

    The options are a ratio of sums all together, or plain values all together.
    """
    runs = columns[0].run[np.isfinite(columns[0].value)]
    for column in columns[1:]:
        runs = np.intersect1d(runs, column.run[np.isfinite(column.value)], assume_unique=True)
    if not len(runs):
        return None
    cut = []
    for column in columns:
        cut.append(taken(column, np.searchsorted(column.run, runs)))
    ratios = [as_ratio(column.value, column.top, column.bottom) for column in cut]
    if any(ratio is None for ratio in ratios):
        ratios = [as_plain(column.value) for column in cut]
    return [Split.of(cut[0].draw, *ratio[1:]) for ratio in ratios if ratio is not None]


def _equal(splits: Sequence[Split]) -> list[list[int]]:
    """Options in groups that are equal in every draw and run."""
    groups: list[list[int]] = []
    for i, split in enumerate(splits):
        for group in groups:
            other = splits[group[0]]
            near = ROUNDING * max(abs(other.mean), abs(split.mean))
            if np.allclose(split.means, other.means, rtol=0, atol=near) and np.allclose(
                split.residuals, other.residuals, rtol=0, atol=near
            ):
                group.append(i)
                break
        else:
            groups.append([i])
    return groups
