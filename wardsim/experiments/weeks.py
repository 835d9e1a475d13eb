"""Week by week: assaults and one-to-one time of every ward of a comparison, and some single wards as they went.

Rows of the extra output `profile` beside the hours of the day (see `profile`): for each whole week and each of `WEEKLY`, a sum and what it is
out of. Levels, not differences: a week of one ward is mostly chance, which the difference of two would double.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

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
from .study.cells import Study

WEEKLY: Mapping[str, float] = {"assaults_true_per_1000_obd": PER_1000, "one_to_one_min_per_patient_day": 1.0}
"""Measures told by week, and the factor from sum over bed days to the unit."""
SINGLE = 3
"""Wards told singly, each the first run of another draw of the parameters."""
WEEKS, YEARS = "weeks.csv", "single_years.csv"
Sums = NDArray[np.float64]


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


def files_of(study: Study, sums: Mapping[int, tuple[Sequence[int], Sums]]) -> dict[str, bytes]:
    """weeks.csv (a row an option, week and measure, with the range of a single ward's week as that of one year) and single_years.csv (the weeks of
    some single wards); none where no run brought a whole week.

    Parameters
    ----------
    study : Study
    sums : mapping of int to (sequence of int, array)
        By ward: its runs, and their sums, shape (runs, weeks x measures, 2).
    """
    rows: list[Sequence[object]] = []
    single: list[Sequence[object]] = []
    for cell, (runs, table) in sums.items():
        draws = np.array([study.key(run)[0] for run in runs], dtype=np.int64)
        shown = list({int(draw): at for at, draw in reversed(list(enumerate(draws)))}.values())[::-1][:SINGLE]
        for week, name, top, days in _each(table):
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.where(days > 0, WEEKLY[name] * top / days, np.nan)
            one = summarise(draws, values, top, days, point=study.point, counted=name.startswith("assaults"), scale=WEEKLY[name])
            rows.append((study.cells[cell].name, week, name, number(one.mean), *intervals(one), one.n, one.reason, study.estimand))
            single += [(study.cells[cell].name, runs[at], int(draws[at]), week, name, number(float(values[at])), study.estimand) for at in shown]
    if not rows:
        return {}
    return {
        WEEKS: csv_bytes(("option", "week", "name", "mean", *INTERVALS, "n", "reason", "estimand"), rows),
        YEARS: csv_bytes(("option", "run", "draw", "week", "name", "value", "estimand"), single),
    }


def _each(table: Sums) -> Iterator[tuple[int, str, Sums, Sums]]:
    """Week from 1, measure, and the two sums of every run."""
    for at in range(table.shape[1]):
        week, of = divmod(at, len(WEEKLY))
        yield week + 1, tuple(WEEKLY)[of], table[:, at, 0], table[:, at, 1]
