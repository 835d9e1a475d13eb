"""The day hour by hour, the staff time ledger, training step by step and weeks, of every ward of a comparison.

An extra output of a run (see `extra`): a sum and what it is out of for each of `NAMES`, then those of the weeks (see `weeks`); over runs these
become ratios of sums with the three intervals, as in the tables of a single ward (see `tables`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from wardsim.measures.by_hour import HOURS, STEPS
from wardsim.measures.columns import Columns
from wardsim.measures.one_day import ROLES
from wardsim.measures.staff_time import ACTIVITIES

from . import weeks
from .intervals import summarise
from .results import INTERVALS, csv_bytes, intervals, number
from .study.cells import Study
from .study.runs import Runs
from .tables import SPECS, Key, Quantity, hours_of

COLUMNS = ("sum", "out_of")
NAME = "profile"
"""Name of the extra output."""


def _names() -> Iterator[tuple[str, Key, Quantity]]:
    """Table, its row, and the quantity."""
    for hour in HOURS:
        yield from (("hours", (hour,), quantity) for quantity in SPECS["hours"].quantities)
    for step in STEPS:
        yield "training_steps", (step,), SPECS["training_steps"].quantities[0]
    yield "training_steps", ("in_date",), SPECS["training_steps"].quantities[1]
    for role in ROLES:
        for activity in ACTIVITIES:
            yield from (("activity_time", (role, activity), quantity) for quantity in SPECS["activity_time"].quantities)


NAMES: tuple[tuple[str, Key, Quantity], ...] = tuple(_names())
"""What each row of the table is: table, row of it, quantity."""
HEADS = {"hours": ("hour",), "training_steps": ("step",), "activity_time": ("role", "activity")}
"""Columns that name a row, by table."""


def profile(columns: Columns, start: float, end: float) -> NDArray[np.float32]:
    """Sums of one run.

    Parameters
    ----------
    columns : Columns
        Facts of a run.
    start, end : float
        Measured period, minutes.

    Returns
    -------
    array of float, shape (len(NAMES) + weeks x measures by week, 2)
        Sum, and what it is out of.
    """
    counts: dict[Key, float] = {}
    exposures = {"years": (end - start) / 525_960.0, "days": (end - start) / 1440.0}
    hours_of(columns, start, end, counts, exposures)
    rows = []
    for table, row, quantity in NAMES:
        known = dict(zip(HEADS[table], row, strict=True))
        rows.append((counts.get((table, *row, quantity.metric), 0.0), exposures.get(quantity.exposure.format(**known), 0.0)))
    return np.concatenate([np.array(rows), weeks.weeks(columns, start, end)]).astype(np.float32)


def files_of(study: Study, runs: Runs, cells: Sequence[int]) -> dict[str, bytes]:
    """hours.csv, training_steps.csv and activity_time.csv: a row an option, row and quantity; weeks.csv and single_years.csv; none where the runs
    brought nothing.

    Parameters
    ----------
    study : Study
    runs : Runs
    cells : sequence of int
        Wards told of.
    """
    found: dict[str, list[Sequence[object]]] = {table: [] for table in HEADS}
    by_week: list[weeks.Ward] = []
    for cell in cells:
        keys = sorted(run for at, run in runs.extra if at == cell)
        tables = [runs.extra[cell, run] for run in keys]
        if not tables or len({table.shape for table in tables}) > 1 or len(tables[0]) < len(NAMES) or tables[0].shape[1] != len(COLUMNS):
            continue
        stacked = np.stack(tables).astype(np.float64)
        draws = np.array([study.key(run)[0] for run in keys], dtype=np.int64)
        by_week.append(weeks.Ward(study.cells[cell].name, keys, draws.tolist(), stacked[:, len(NAMES) :]))
        for i, (table, row, quantity) in enumerate(NAMES):
            top, bottom = stacked[:, i, 0], stacked[:, i, 1]
            if not bottom.any():
                continue
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.where(bottom > 0, quantity.scale * top / bottom, np.nan)
            one = summarise(
                draws, values, top, bottom, point=study.point, years=study.years, percent=quantity.name.startswith("share"),
                counted=quantity.counted,
            )  # fmt: skip
            told = (study.cells[cell].name, *row, quantity.name, quantity.unit, number(one.mean), *intervals(one), one.n, one.reason)
            found[table].append(told)
    return {
        f"{table}.csv": csv_bytes(("option", *HEADS[table], "quantity", "unit", "mean", *INTERVALS, "n", "reason"), rows)
        for table, rows in found.items()
        if rows
    } | weeks.files_of(by_week, point=study.point, estimand=study.estimand)
