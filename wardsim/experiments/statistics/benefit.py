"""Net benefit of options: what a decision is about, as one number a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..study.runs import Column
from .best import splits_of
from .difference import taken
from .split import Split, combine


@dataclass(frozen=True, slots=True)
class Limit:
    """A measure that should stay within a limit in the year that comes (a chance constraint, priced).

    Attributes
    ----------
    measure : str
        Name.
    at_most : float
        Limit; a run with more misses it (with `at_least`, a run with less).
    penalty : float
        What missing it costs, in the unit of the benefit.
    at_least : bool
        The limit is a lower one.
    """

    measure: str
    at_most: float
    penalty: float
    at_least: bool = False


def net_benefit(
    options: Mapping[str, Mapping[str, Column]], prices: Mapping[str, float], limits: Sequence[Limit] = ()
) -> dict[str, Split]:
    """Net benefit of each option: sum of price x measure, less the penalties of limits missed.

    Parameters
    ----------
    options : mapping of str to mapping of str to Column
        By option, the columns of each measure.
    prices : mapping of str to float
        Benefit of one unit of a measure: negative for cost and for harm (cost itself: -1).
    limits : sequence of Limit
        Priced chance constraints: the probability of missing a limit times its penalty.

    Raises
    ------
    KeyError
        When a measure is not among the columns of an option.
    ValueError
        When no run has a value of all measures in all options.
    """
    wanted = [*prices, *(limit.measure for limit in limits)]
    if not wanted:
        raise ValueError("a net benefit needs a price or a limit")
    for option, columns in options.items():
        for measure in wanted:
            if measure not in columns:
                raise KeyError(f"{option} has no column of {measure}")
    runs = None
    for columns in options.values():
        for measure in wanted:
            mine = columns[measure].run[np.isfinite(columns[measure].value)]
            runs = mine if runs is None else np.intersect1d(runs, mine, assume_unique=True)
    if runs is None or not len(runs):
        raise ValueError("no run has a value of every measure in every option")
    terms: dict[str, list[tuple[float, Split]]] = {option: [] for option in options}

    def add(weight: float, columns: Sequence[Column]) -> None:
        for option, split in zip(options, splits_of(columns) or [], strict=True):
            terms[option].append((weight, split))

    for measure, price in prices.items():
        add(price, [_at(columns[measure], runs) for columns in options.values()])
    for limit in limits:
        add(-limit.penalty, [_missed(_at(columns[limit.measure], runs), limit) for columns in options.values()])
    return {option: combine(parts) for option, parts in terms.items()}


def _at(column: Column, runs: np.ndarray) -> Column:
    return taken(column, np.searchsorted(column.run, runs))


def _missed(column: Column, limit: Limit) -> Column:
    missed = column.value < limit.at_most if limit.at_least else column.value > limit.at_most
    none = np.full(len(missed), np.nan)
    return Column(column.run, column.draw, missed.astype(np.float64), none, none)
