"""Runs on demand: how many each option has been asked for, what is left, and the measured values as arrays.

Only runs below the number asked for are read, whatever else the store holds, so that a study that was interrupted and
taken up again takes the same path as one that was not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from ..study.runs import Array, Column, Ints, Runs

if TYPE_CHECKING:
    from ..study.cells import Study

Need = Callable[[Mapping[int, int]], Runs]
"""Given the number of runs wanted of each cell, makes those that are missing and returns everything that is stored."""


class OptimiseError(Exception):
    """An optimisation that cannot be carried out as asked; the message says what would be right."""


class Bank:
    """Runs of the options, made as they are asked for.

    Parameters
    ----------
    need : callable
        Makes runs; see `Need`.
    names : sequence of str
        Names of the cells, by place.
    per_draw : int
        Replications of each parameter draw.
    point : bool
        Point parameters in place of draws.
    years : float
        Length of a run, years.
    block : int
        Runs that are made together.
    limit : int
        Most runs of one cell.
    budget : int, optional
        Most runs of all cells together; left out: the limit times the cells.
    """

    def __init__(
        self,
        need: Need,
        names: Sequence[str],
        *,
        per_draw: int = 1,
        point: bool = False,
        years: float = 1.0,
        block: int = 1,
        limit: int = 400,
        budget: int | None = None,
    ) -> None:
        self.names = tuple(names)
        self.per_draw = 1 if point else per_draw
        self.point = point
        self.years = years
        self.step = lcm(self.per_draw, block)
        self.limit = limit // self.step * self.step
        self.budget = self.limit * len(self.names) if budget is None else budget
        self._need = need
        self._asked: dict[int, int] = {}
        self._runs: Runs | None = None
        if self.limit == 0:
            raise OptimiseError(f"a limit of {limit} runs holds no whole step of {self.step} runs")

    @classmethod
    def of(cls, study: Study, need: Need, budget: int | None = None) -> Bank:
        """A bank for the cells of a study."""
        return cls(
            need, [cell.name for cell in study.cells], per_draw=study.per_draw, point=study.point, years=study.years,
            block=study.block, limit=study.limit, budget=budget,
        )  # fmt: skip

    @property
    def cells(self) -> range:
        """Places of all cells."""
        return range(len(self.names))

    @property
    def spent(self) -> int:
        """Runs asked for, all cells together."""
        return sum(self._asked.values())

    def asked(self, cell: int) -> int:
        """Runs asked of a cell."""
        return self._asked.get(cell, 0)

    def draws(self, cell: int) -> int:
        """Parameter draws (runs, with point parameters) asked of a cell."""
        return self.asked(cell) // self.per_draw

    def room(self, cells: Iterable[int], runs: int) -> int:
        """The most runs, up to `runs` and in whole steps, that every one of the cells can have within limit and budget."""
        chosen = list(cells)
        wanted = min(-(-runs // self.step) * self.step, self.limit)
        while wanted > 0 and self._cost(chosen, wanted) > self.budget - self.spent:
            wanted -= self.step
        return wanted

    def _cost(self, cells: Sequence[int], runs: int) -> int:
        return sum(max(0, runs - self.asked(cell)) for cell in cells)

    def ask(self, cells: Iterable[int], runs: int) -> bool:
        """See to it that the cells have so many runs.

        Parameters
        ----------
        cells : iterable of int
            Places of the cells.
        runs : int
            Runs of each, rounded up to whole steps.

        Returns
        -------
        bool
            Whether limit and budget allow it; if not, nothing is run.
        """
        chosen = list(cells)
        wanted = -(-runs // self.step) * self.step
        if self.room(chosen, runs) < wanted:
            return False
        missing = {cell: wanted for cell in chosen if wanted > self.asked(cell)}
        if missing:
            self._runs = self._need(missing)
            self._asked.update(missing)
        return True

    @property
    def runs(self) -> Runs:
        """Everything stored.

        Raises
        ------
        OptimiseError
            When nothing was asked for yet.
        """
        if self._runs is None:
            raise OptimiseError("no runs were asked for")
        return self._runs

    def column(self, cell: int, measure: str, window: int = 0) -> Column:
        """One measure of one cell over one window: the runs asked for.

        Raises
        ------
        OptimiseError
            When the study does not keep the measure.
        """
        try:
            found = self.runs.column(cell, measure, window)
        except KeyError as error:
            raise OptimiseError(str(error.args[0])) from None
        keep = found.run < self.asked(cell)
        return Column(found.run[keep], found.draw[keep], found.value[keep], found.top[keep], found.bottom[keep])

    def failed(self, cell: int) -> Ints:
        """Numbers of the runs that were asked for and have no result."""
        stored = self.runs.run[(self.runs.cell == cell) & (self.runs.window == 0)]
        return np.setdiff1d(np.arange(self.asked(cell), dtype=np.int64), stored)

    def matrix(self, cells: Sequence[int], measure: str, runs: int) -> Array:
        """Values of the first runs of several cells; NaN where a run has none.

        Returns
        -------
        array of float, shape (runs, cells)
            Ratio measures are linear about the ratio of sums of their draw (`draws.linear`).
        """
        from .draws import linear

        out = np.full((runs, len(cells)), np.nan)
        for place, cell in enumerate(cells):
            column = self.column(cell, measure)
            keep = column.run < runs
            out[column.run[keep], place] = linear(column, point=self.point)[keep]
        return out
