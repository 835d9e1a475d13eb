"""Single years out of runs: a run of one year as it is, a longer one put together from its quarters."""

from __future__ import annotations

import numpy as np

from ..statistics.split import as_ratio
from ..study.runs import Array
from .bank import Bank

QUARTERS = 4


def years_of(bank: Bank, cell: int, measure: str) -> Array | str:
    """Value of a measure in each whole year of each run.

    Parameters
    ----------
    bank : Bank
        Where runs come from.
    cell : int
        Place of the cell.
    measure : str
        Name.

    Returns
    -------
    array of float, shape (runs, years)
        NaN where there is no value; or the reason, in words, why single years cannot be had.
    """
    runs = bank.asked(cell)
    if abs(bank.years - 1.0) < 0.02:
        column = bank.column(cell, measure)
        out = np.full((runs, 1), np.nan)
        out[column.run, 0] = column.value
        return out
    quarters = bank.runs.windows - 1
    if quarters < QUARTERS:
        return f"runs of {bank.years:g} years without quarters hold no single years; ask for runs of one year"
    parts = [bank.column(cell, measure, window) for window in range(1, quarters // QUARTERS * QUARTERS + 1)]
    value, top, bottom = (np.concatenate([getattr(p, name) for p in parts]) for name in ("value", "top", "bottom"))
    ratio = as_ratio(value, top, bottom)
    if ratio is None:
        return f"{measure} is no ratio of sums, so that quarters make no year; ask for runs of one year"
    scale = ratio.scale
    out = np.full((runs, len(parts) // QUARTERS), np.nan)
    for year in range(out.shape[1]):
        tops, bottoms = np.full((2, runs, QUARTERS), np.nan)
        for place, part in enumerate(parts[year * QUARTERS : (year + 1) * QUARTERS]):
            tops[part.run, place], bottoms[part.run, place] = part.top, part.bottom
        below = bottoms.sum(axis=1)
        good = np.isfinite(below) & (below > 0)
        out[good, year] = scale * tops.sum(axis=1)[good] / below[good]
    return out
