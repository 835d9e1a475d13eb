"""The runs of a study as arrays, sorted by cell, run and window: what every analysis reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..extra import Tables
from ..job import Failure

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


class Column(NamedTuple):
    """One measure of one cell over one window, a row a run (sorted by run number).

    Attributes
    ----------
    run, draw : array of int, shape (runs,)
        Run number and parameter draw.
    value : array of float, shape (runs,)
        The measure in its unit; NaN where it has no value.
    top, bottom : array of float, shape (runs,)
        The two sums whose ratio it is before scaling; NaN for a measure that is no ratio.
    """

    run: Ints
    draw: Ints
    value: Array
    top: Array
    bottom: Array


@dataclass(frozen=True)
class Failed:
    """A run that has no result.

    Attributes
    ----------
    cell : str
        Name of the cell.
    failure : Failure
        Stage, seed, draw, replication, error and traceback.
    """

    cell: str
    failure: Failure


@dataclass(frozen=True)
class Runs:
    """All finished runs.

    Attributes
    ----------
    names : tuple of str
        Measures.
    cell, run, draw, window : array of int, shape (rows,)
        Keys; window 0 is the whole period, then quarters.
    values : array of float, shape (rows, measures, 3)
        Value, numerator, denominator.
    failed : list of Failed
        Runs that raised or whose process died twice.
    extra : dict
        Extra output by cell and run, if the study asks for one.
    """

    names: tuple[str, ...]
    cell: Ints
    run: Ints
    draw: Ints
    window: Ints
    values: Array
    failed: list[Failed] = field(default_factory=list)
    extra: Tables = field(default_factory=dict)

    def column(self, cell: int, measure: str, window: int = 0) -> Column:
        """One measure of one cell.

        Parameters
        ----------
        cell : int
            Place of the cell in the study.
        measure : str
            Name.
        window : int
            0 the whole period, then quarters.

        Raises
        ------
        KeyError
            When the measure was not kept.
        """
        if measure not in self.names:
            raise KeyError(f"{measure} was not kept by this study")
        rows = np.flatnonzero((self.cell == cell) & (self.window == window))
        found = self.values[rows, self.names.index(measure)]
        return Column(self.run[rows], self.draw[rows], found[:, 0], found[:, 1], found[:, 2])

    def count(self, cell: int) -> int:
        """Finished runs of a cell."""
        return int(np.count_nonzero((self.cell == cell) & (self.window == 0)))

    @property
    def windows(self) -> int:
        """Windows measured: the whole period, then quarters if any."""
        return int(self.window.max()) + 1 if len(self.window) else 0


def paired(a: Column, b: Column) -> tuple[Column, Column]:
    """The rows that two cells have in common, by run number."""
    _, at_a, at_b = np.intersect1d(a.run, b.run, assume_unique=True, return_indices=True)
    return _rows(a, at_a), _rows(b, at_b)


def _rows(column: Column, at: Ints) -> Column:
    return Column(column.run[at], column.draw[at], column.value[at], column.top[at], column.bottom[at])
