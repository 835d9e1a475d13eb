"""The level of a measure of one option with its intervals, as every other command has it."""

from __future__ import annotations

import numpy as np

from wardsim.measures import MEASURES

from ..collect import POISSON_UNITS
from ..intervals import Summary, summarise
from ..statistics.difference import taken
from ..statistics.split import unseen_scale
from ..study.runs import Ints
from .bank import Bank


def kind_of(measure: str) -> tuple[bool, bool, float]:
    """Whether a measure is a percentage, whether it counts events, and the factor to its unit where no run had one."""
    declared = MEASURES.get(measure)
    unit = "" if declared is None else declared.unit
    return unit == "%", unit.startswith(POISSON_UNITS), unseen_scale(unit)


def level(bank: Bank, cell: int, measure: str, runs: Ints | None = None) -> Summary:
    """One measure of one option.

    Parameters
    ----------
    bank : Bank
        Where runs come from; no new ones are asked for.
    cell : int
        Which.
    measure : str
        Name.
    runs : array of int, optional
        Numbers of the runs looked at; left out: all that were asked for.

    Returns
    -------
    Summary
        The mean without a value where no run has one.
    """
    column = bank.column(cell, measure)
    if runs is not None:
        column = taken(column, np.flatnonzero(np.isin(column.run, runs)))
    percent, counted, scale = kind_of(measure)
    return summarise(
        column.draw, column.value, column.top, column.bottom, point=bank.point, years=bank.years, percent=percent, counted=counted,
        scale=scale,
    )  # fmt: skip
