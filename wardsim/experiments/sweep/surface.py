"""A response surface through the cells of a sweep, with the uncertainty that the cells have.

A polynomial of second order in the factors (first order where a factor has two levels), each scaled to run from -1 to 1. Least
squares weighs cells only, so each coefficient, and the surface at any place, is a weighted sum of cells. Cells were run with the same
keys: the sum is taken run by run, and its intervals are those of any difference (what is not known, simulation error).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..intervals import over_draws
from ..statistics.better import p_positive
from ..statistics.simulation import interval
from ..statistics.split import Array, Split, as_plain, as_ratio, combine
from ..study.runs import Column


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient of a surface: change of the measure for half the span of a factor (or the product of two).

    Attributes
    ----------
    name : str
        `1` (middle of the design), `a`, `a^2`, or `a x b`.
    mean : float
    low, high : float or None
        95% over parameter draws, chance removed.
    mc_low, mc_high : float or None
        95% simulation error.
    p_positive : float or None
        Share of parameter draws in which it is above 0.
    """

    name: str
    mean: float
    low: float | None
    high: float | None
    mc_low: float | None
    mc_high: float | None
    p_positive: float | None


@dataclass(frozen=True, slots=True)
class Surface:
    """A fitted surface.

    Attributes
    ----------
    measure : str
    terms : tuple of Term
    fitted : array of float, shape (cells,)
        The surface at the cells.
    observed : array of float, shape (cells,)
        The cells themselves.
    misfit : float
        Root mean square of observed less fitted.
    error : float
        Root mean square simulation error (standard error) of a cell's difference from the mean of all cells: a misfit well above it
        says that the surface is not of second order.
    n, draws : int
        Runs that all cells have, and their parameter draws.
    """

    measure: str
    terms: tuple[Term, ...]
    fitted: Array
    observed: Array
    misfit: float
    error: float
    n: int
    draws: int


def basis(points: Sequence[Mapping[str, float]], factors: Sequence[str]) -> tuple[list[str], Array]:
    """Names of terms and their values at the points; a term that the design cannot tell from others is left out.

    Parameters
    ----------
    points : sequence of mapping
        Number of each factor.
    factors : sequence of str
        In the order of the terms.
    """
    scaled: dict[str, Array] = {}
    for name in factors:
        x = np.array([float(point[name]) for point in points])
        half = (x.max() - x.min()) / 2.0
        if half > 0.0:
            scaled[name] = (x - (x.max() + x.min()) / 2.0) / half
    wanted: list[tuple[str, Array]] = [("1", np.ones(len(points)))]
    wanted += list(scaled.items())
    wanted += [(f"{name}^2", x * x) for name, x in scaled.items() if len(np.unique(x)) > 2]
    wanted += [(f"{a} x {b}", scaled[a] * scaled[b]) for a, b in combinations(scaled, 2)]
    names: list[str] = []
    columns: list[Array] = []
    for name, column in wanted:
        trial = np.column_stack([*columns, column])
        if trial.shape[1] < len(points) and np.linalg.matrix_rank(trial, tol=1e-8) == trial.shape[1]:
            names.append(name)
            columns.append(column)
    return names, np.column_stack(columns)


def fit(
    measure: str, points: Sequence[Mapping[str, float]], factors: Sequence[str], columns: Sequence[Column], *, point: bool
) -> Surface | None:
    """Fit a surface; None when fewer cells than terms have values, or no run is common to all.

    Parameters
    ----------
    measure : str
        Name.
    points : sequence of mapping
        Place of each cell.
    factors : sequence of str
        Names of the axes.
    columns : sequence of Column
        The measure in each cell.
    point : bool
        Point parameters.
    """
    names, design = basis(points, factors)
    splits = common_splits(columns, point)
    if splits is None or len(splits) <= design.shape[1] - 1:
        return None
    weights = np.linalg.pinv(design)
    terms = []
    for name, row in zip(names, weights, strict=True):
        apart = combine(list(zip(row.tolist(), splits, strict=True)))
        reasons: list[str] = []
        low, high = over_draws(apart, point, False, reasons)
        mc_low, mc_high = interval(apart, point, reasons)
        share = None if low is None else p_positive(apart)[0]
        terms.append(Term(name, apart.mean, low, high, mc_low, mc_high, share))
    observed = np.array([split.mean for split in splits])
    fitted = design @ np.array([term.mean for term in terms])
    average = 1.0 / len(splits)
    errors = []
    for i in range(len(splits)):
        apart = combine([(float(i == j) - average, split) for j, split in enumerate(splits)])
        errors.append(apart.error(point)[0])
    told = [error for error in errors if np.isfinite(error)]  # a single draw tells none
    return Surface(
        measure, tuple(terms), fitted, observed, float(np.sqrt(((observed - fitted) ** 2).mean())),
        float(np.sqrt(np.mean(np.square(told)))) if told else float("nan"), splits[0].n, splits[0].draws,
    )  # fmt: skip


def common_splits(columns: Sequence[Column], point: bool) -> list[Split] | None:
    """The cells taken apart over the runs that all of them have; None when there is none."""
    kept = [np.unique(column.run[np.isfinite(column.value)]) for column in columns]
    if not kept:
        return None
    runs = kept[0]
    for other in kept[1:]:
        runs = np.intersect1d(runs, other, assume_unique=True)
    if not len(runs):
        return None
    splits = []
    for column in columns:
        at = np.flatnonzero(np.isin(column.run, runs))
        value, top, bottom = column.value[at], column.top[at], column.bottom[at]
        found = as_ratio(value, top, bottom) or as_plain(value)
        draws = np.zeros(len(at), dtype=np.int64) if point else column.draw[at]
        splits.append(Split.of(draws, *found[1:]))
    return splits
