"""Week by week: assaults and one-to-one time of the ward of a run or of every ward of a comparison, and some single wards as they went.

For each whole week and each of `WEEKLY` a sum and what it is out of: of a comparison as rows of the extra output `profile` beside the hours of
the day, of a run among its finer counts (see `tables`). Levels, not differences: a week of one ward is mostly chance, which the difference of
two would double.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardsim.measures.by_hour import REGISTERED, SUPPORT, over_hours
from wardsim.measures.columns import Columns
from wardsim.measures.contact import SESSION
from wardsim.measures.incidents import PER_1000
from wardsim.measures.integrate import Steps, within
from wardsim.measures.ledger import by_roles
from wardsim.ward.core.clock import DAY, HOUR, WEEK

from .intervals import summarise
from .results import INTERVALS, csv_bytes, intervals, number

WEEKLY: Mapping[str, float] = {"assaults_true_per_1000_obd": PER_1000, "one_to_one_min_per_patient_day": 1.0}
"""Measures told by week, and the factor from sum over bed days to the unit."""
SINGLE = 3
"""Wards told singly, each the first run of another draw of the parameters (under point parameters, each another run)."""
WEEKS, YEARS = "weeks.csv", "single_years.csv"
Sums = NDArray[np.float64]


class Ward(NamedTuple):
    """The weeks of one ward.

    Attributes
    ----------
    name : str
    runs, draws : sequence of int
        Number and parameter draw of each run.
    sums : array of float, shape (runs, weeks x measures, 2)
        As `weeks` gives them.
    """

    name: str
    runs: Sequence[int]
    draws: Sequence[int]
    sums: Sums


def weeks(columns: Columns, start: float, end: float) -> Sums:
    """Sums of the whole weeks of one run.

    Parameters
    ----------
    columns : Columns
        Facts of a run.
    start, end : float
        Measured period, minutes.

    Returns
    -------
    array of float, shape (weeks x measures, 2)
        Sum, and occupied bed days; the measures of a week follow each other in the order of `WEEKLY`.
    """
    n = int((end - start) // WEEK)
    if not n:
        return np.zeros((0, 2))
    edges = start + WEEK * np.arange(n + 1)
    beds = Steps(columns.floats("beds", "time"), columns.floats("beds", "present"))
    days = np.array([beds.integral(float(a), float(b)) for a, b in pairwise(edges)]) / DAY
    times = columns.floats("incident", "time")
    here = columns.among("incident", "type", "assault") & ~columns.among("incident", "origin", "away") & within(times, edges[0], edges[-1])
    assaults = np.histogram(times[here], edges)[0]
    session = columns.among("segment", "kind", SESSION) & by_roles(columns, *REGISTERED, *SUPPORT)
    hours = np.arange(start, start + n * WEEK + HOUR / 2, HOUR, dtype=np.float64)
    spent = over_hours(columns.floats("segment", "start")[session], columns.floats("segment", "end")[session], hours)
    tops = np.column_stack([assaults, spent.reshape(n, -1).sum(axis=1)])
    return np.column_stack([tops.reshape(-1), np.repeat(days, len(WEEKLY))])


def files_of(wards: Sequence[Ward], *, point: bool, estimand: str, named: bool = True) -> dict[str, bytes]:
    """weeks.csv (a row a ward, week and measure, with the range of a single ward's week as that of one year) and single_years.csv (the weeks of
    some single wards); none where no run brought a whole week.

    Parameters
    ----------
    wards : sequence of Ward
    point : bool
        All runs share one set of parameters.
    estimand : str
        steady or transition.
    named : bool
        Whether a column `option` says which ward a row is of.
    """
    rows: list[Sequence[object]] = []
    single: list[Sequence[object]] = []
    for ward in wards:
        own = (ward.name,) if named else ()
        draws = np.array(ward.draws, dtype=np.int64)
        shown = _singly(ward.draws, point)
        for week, name, top, days in each(ward.sums):
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.where(days > 0, WEEKLY[name] * top / days, np.nan)
            one = summarise(draws, values, top, days, point=point, counted=name.startswith("assaults"), scale=WEEKLY[name])
            rows.append((*own, week, name, number(one.mean), *intervals(one), one.n, one.reason, estimand))
            single += [(*own, ward.runs[at], int(draws[at]), week, name, number(float(values[at])), estimand) for at in shown]
    if not rows:
        return {}
    head = ("option",) if named else ()
    return {
        WEEKS: csv_bytes((*head, "week", "name", "mean", *INTERVALS, "n", "reason", "estimand"), rows),
        YEARS: csv_bytes((*head, "run", "draw", "week", "name", "value", "estimand"), single),
    }


def _singly(draws: Sequence[int], point: bool) -> list[int]:
    """Places of the runs told singly."""
    first = range(len(draws)) if point else {draw: at for at, draw in reversed(list(enumerate(draws)))}.values()
    return sorted(first)[:SINGLE]


def each(table: Sums) -> Iterator[tuple[int, str, Sums, Sums]]:
    """Week from 1, measure, and the two sums of every run.

    Parameters
    ----------
    table : array of float, shape (runs, weeks x measures, 2)
    """
    for at in range(table.shape[1]):
        week, of = divmod(at, len(WEEKLY))
        yield week + 1, tuple(WEEKLY)[of], table[:, at, 0], table[:, at, 1]
