"""Where the model is run: points of the unit cube in an order that analyses rely on.

SALib's analyses never see the points, only outcomes in the order of its sampler. Every point therefore has a row number,
outcomes come back with theirs, and `in_order` refuses what is missing, twice or unknown.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .problem import Array, Problem, SensitivityError

Kind = Literal["sobol", "lhs", "saltelli", "morris", "tornado"]
FEWEST, MOST = 200, 400
"""Points of a space-filling design for an emulator of some dozen factors."""
LEVELS = 4
"""Levels of Morris."""
TRAJECTORIES = 20
"""Trajectories of Morris."""
EDGE = 0.05
"""Morris goes from this share of a prior to one less it; a uniform factor from bound to bound is said with 0."""
BASE = 256
"""Base points of a direct Sobol design."""


@dataclass(frozen=True)
class Design:
    """Points in order.

    Attributes
    ----------
    problem : Problem
        What varies.
    kind : str
        sobol, lhs (space-filling, for an emulator and rank correlation), saltelli (direct Sobol), morris or tornado.
    unit : array of float, shape (points, factors)
        Points of the unit cube; the row is the point's number.
    seed : int
        Seed of the sampler; a tornado has no chance.
    """

    problem: Problem
    kind: Kind
    unit: Array
    seed: int = 0

    def __post_init__(self) -> None:
        if self.unit.ndim != 2 or self.unit.shape[1] != len(self.problem):
            raise SensitivityError(f"a design of {len(self.problem)} factors needs as many columns, not {self.unit.shape}")

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def natural(self) -> Array:
        """Points in the units of the factors."""
        return self.problem.natural(self.unit)

    def rows(self) -> list[dict[str, float]]:
        """Row number and values of each point, for a table and for the cells of a study."""
        return [
            {"row": float(i), **dict(zip(self.problem.names, map(float, x), strict=True))}
            for i, x in enumerate(self.natural)
        ]


def space_filling(problem: Problem, points: int, seed: int, kind: Literal["sobol", "lhs"] = "sobol") -> Design:
    """Points spread evenly: a scrambled Sobol sequence, whose beginnings are spread evenly as well, or a Latin hypercube.

    Parameters
    ----------
    problem : Problem
        What varies.
    points : int
        200 to 400 serve a dozen factors; at least 10.
    seed : int
        Scrambling.
    kind : str
        sobol or lhs.
    """
    from scipy.stats import qmc

    if points < 10:
        raise SensitivityError(f"{points} points are too few for an emulator; {FEWEST} to {MOST} serve a dozen factors")
    sampler: Any = qmc.Sobol if kind == "sobol" else qmc.LatinHypercube
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # no power of two: only the balance of the last points suffers
        unit = sampler(len(problem), seed=seed).random(points)
    return Design(problem, kind, _whole(unit), seed)


def saltelli(problem: Problem, base: int, seed: int) -> Design:
    """Design of direct first and total indices: `base` x (factors + 2) points in SALib's order.

    Parameters
    ----------
    problem : Problem
        What varies.
    base : int
        Base points, a power of two.
    seed : int
        Scrambling.
    """
    from SALib.sample import sobol

    if base < 8 or base & (base - 1):
        raise SensitivityError(f"base points of a Sobol design must be a power of two from 8, not {base}")
    unit = sobol.sample(problem.to_salib(), base, calc_second_order=False, scramble=True, seed=seed)
    return Design(problem, "saltelli", _whole(unit), seed)


def trajectories(problem: Problem, number: int = TRAJECTORIES, seed: int = 0, levels: int = LEVELS) -> Design:
    """Morris's design: `number` x (factors + 1) points, each one step of one factor from the one before.

    Levels are shares 5% to 95% of a prior, and bound to bound of a uniform factor.
    """
    from SALib.sample import morris

    if number < 4:
        raise SensitivityError(f"{number} trajectories are too few for an interval; 20 are usual")
    unit = morris.sample(problem.to_salib(), number, num_levels=levels, seed=seed)
    return Design(problem, "morris", _whole(_stretched(problem, unit)), seed)


def one_at_a_time(problem: Problem) -> Design:
    """Tornado: the centre first, then each factor at its low and at its high with the others at their medians."""
    d = len(problem)
    unit = np.full((2 * d + 1, d), 0.5)
    edge = edges(problem)
    for j in range(d):
        unit[1 + 2 * j, j], unit[2 + 2 * j, j] = edge[j], 1 - edge[j]
    return Design(problem, "tornado", unit)


def edges(problem: Problem) -> Array:
    """Share that stands for the low of each factor: 5% of a prior, the bound of a uniform factor."""
    return np.array([0.0 if factor.uniform else EDGE for factor in problem.factors])


def _stretched(problem: Problem, levels: Array) -> Array:
    edge = edges(problem)
    stretched: Array = edge + np.asarray(levels, dtype=np.float64) * (1 - 2 * edge)
    return stretched


def in_order(points: int, row: NDArray[np.int64], outcomes: Array) -> Array:
    """Outcomes sorted by row number, one for each point.

    Parameters
    ----------
    points : int
        Points of the design.
    row : array of int, shape (rows,)
        Row number of each outcome.
    outcomes : array of float, shape (rows, ...)
        Outcomes in any order.

    Raises
    ------
    SensitivityError
        When a row is missing, twice or unknown: the analysis would give wrong indices without a sign of it.
    """
    row = np.asarray(row)
    if len(row) != len(outcomes):
        raise SensitivityError(f"{len(row)} row numbers for {len(outcomes)} outcomes")
    known, times = np.unique(row, return_counts=True)
    strange = known[(known < 0) | (known >= points)]
    missing = np.setdiff1d(np.arange(points), known)
    for what, found in (("unknown", strange), ("given twice", known[times > 1]), ("missing", missing)):
        if len(found):
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            listed = ", ".join(map(str, found[:5].tolist()))
            raise SensitivityError(f"rows {what} of a design of {points} points: {listed}{more}")
    return np.asarray(outcomes, dtype=np.float64)[np.argsort(row, kind="stable")]


def _whole(unit: Any) -> Array:
    """Plain float64, rows in order of memory."""
    return np.ascontiguousarray(unit, dtype=np.float64)
