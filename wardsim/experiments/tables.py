"""Finer counts of one run, for the tidy tables: incidents by type, staff time, training, shifts, tasks.

One run gives sums (`counts`) and what they are out of (`exposures`); over runs each quantity of a table becomes a
ratio of sums with the same three intervals as any measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardsim.measures.by_hour import EVENTS, HOURS, PEOPLE, by_hour, training_steps
from wardsim.measures.columns import BoolArray, Codes, Columns, field
from wardsim.measures.integrate import Steps, within
from wardsim.measures.ledger import time_table
from wardsim.ward.core.clock import DAY, YEAR

from .weeks import each, weeks

Key = tuple[str, ...]
"""Table, the row's own columns, and what is summed."""


class Quantity(NamedTuple):
    """One number of a table's row: `scale` x sum of `metric` / sum of `exposure`.

    `exposure` names an exposure; `{column}` in it is filled from the row.
    """

    name: str
    unit: str
    metric: str
    exposure: str
    scale: float = 1.0
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """A table: its key columns and the quantities of each row."""

    columns: tuple[str, ...]
    quantities: tuple[Quantity, ...]


SPECS: dict[str, Spec] = {
    "incidents_by_type": Spec(
        ("type", "layer", "victim", "place"),
        (
            Quantity("per_1000_obd", "events per 1,000 occupied bed days", "events", "bed_days", 1000.0, True),
            Quantity("per_year", "events a year", "events", "years", 1.0, True),
        ),
    ),
    "staff_time": Spec(
        ("role", "activity", "kind"),
        (
            Quantity("hours_per_day", "hours a day", "minutes", "days", 1 / 60),
            Quantity("share_of_duty", "% of the role's time on duty", "minutes", "duty:{role}", 100.0),
        ),
    ),
    "training": Spec(
        ("course", "event", "reason"),
        (
            Quantity("per_year", "events a year", "events", "years", 1.0, True),
            Quantity("hours_per_year", "hours a year", "hours", "years"),
        ),
    ),
    "shifts": Spec(
        ("shift", "role"),
        (
            Quantity("required", "staff a shift", "required", "shifts:{shift}:{role}"),
            Quantity("rostered", "staff a shift", "rostered", "shifts:{shift}:{role}"),
            Quantity("substantive", "staff a shift", "substantive", "shifts:{shift}:{role}"),
            Quantity("overtime", "staff a shift", "overtime", "shifts:{shift}:{role}"),
            Quantity("bank", "staff a shift", "bank", "shifts:{shift}:{role}"),
            Quantity("agency", "staff a shift", "agency", "shifts:{shift}:{role}"),
            Quantity("extra_requested", "staff a shift", "extra_requested", "shifts:{shift}:{role}"),
            Quantity("lent", "staff a shift", "lent", "shifts:{shift}:{role}"),
            Quantity("fill", "% of planned hours", "worked_hours", "planned:{shift}:{role}", 100.0),
        ),
    ),
    "tasks": Spec(
        ("kind", "outcome"),
        (
            Quantity("per_patient_day", "a patient day", "tasks", "bed_days"),
            Quantity("share_of_kind", "% of tasks of the kind", "tasks", "tasks:{kind}", 100.0),
            Quantity("minutes_per_patient_day", "min a patient day", "minutes", "bed_days"),
            Quantity("entries_per_patient_day", "entries a patient day", "entries", "bed_days"),
        ),
    ),
}

SPECS["hours"] = Spec(
    ("hour",),
    (
        *(Quantity(name, "staff", name, "minutes:{hour}") for name in PEOPLE),
        *(Quantity(name, "events a year", name, "years", 1.0, True) for name in EVENTS),
    ),
)
SPECS["activity_time"] = Spec(
    ("role", "activity"),
    (
        Quantity("hours_per_day", "hours a day", "minutes", "days", 1 / 60),
        Quantity("share_of_duty", "% of the role's time on duty", "minutes", "duty:{role}", 100.0),
    ),
)
SPECS["training_steps"] = Spec(
    ("step",),
    (Quantity("hours_per_year", "hours a year", "hours", "years"), Quantity("share_of_needs", "%", "in_date", "needs:{step}", 100.0)),
)

WEEKS = "weeks"
"""Table of the sums by week and measure. It is no `SPECS`: what chance does to one week is not what it does to a year (see `weeks`)."""

_SHIFT_METRICS = tuple(q.metric for q in SPECS["shifts"].quantities)


def tables_of(columns: Columns, start: float, end: float) -> tuple[dict[Key, float], dict[str, float]]:
    """Counts and exposures of one run over its measured period.

    Parameters
    ----------
    columns : Columns
        Facts of the run.
    start, end : float
        Minutes.

    Returns
    -------
    counts, exposures : dict
        Sums by (table, *row, metric), and what they are out of.
    """
    counts: dict[Key, float] = {}
    exposures = {
        "years": (end - start) / YEAR,
        "days": (end - start) / DAY,
        "bed_days": Steps(columns.floats("beds", "time"), columns.floats("beds", "present")).integral(start, end) / DAY,
    }
    _incidents(columns, start, end, counts)
    _staff_time(columns, start, end, counts)
    _training(columns, start, end, counts)
    _shifts(columns, start, end, counts, exposures)
    _tasks(columns, start, end, counts, exposures)
    hours_of(columns, start, end, counts, exposures)
    _weeks(columns, start, end, counts, exposures)
    return counts, exposures


def _add(counts: dict[Key, float], key: Key, amount: float) -> None:
    counts[key] = counts.get(key, 0.0) + amount


def _grouped(
    columns: Columns, table: str, mask: BoolArray, keys: tuple[str, ...]
) -> tuple[list[tuple[str, ...]], NDArray[np.int64]]:
    """Rows where a mask is true by what they have in some columns: the groups as they come, and the number of each row's."""
    rows = columns.picked(table, mask)
    groups = Codes()
    parts = ([row[place] for row in rows] for place in (field(table, key) for key in keys))
    numbers = np.fromiter(map(groups.__getitem__, zip(*parts, strict=True)), np.int64, len(rows))
    return list(groups), numbers


def _summed(numbers: NDArray[np.int64], n: int, amounts: NDArray[np.float64] | None = None) -> list[float]:
    """Sum of amounts (left out: number of rows) in each of n groups, added up in the order of the rows."""
    found: list[float] = np.bincount(numbers, weights=amounts, minlength=n).astype(np.float64).tolist()
    return found


def _incidents(columns: Columns, start: float, end: float, counts: dict[Key, float]) -> None:
    """Incidents in the period by type, layer and victim, those on the ward and those of its patients elsewhere apart."""
    now = within(columns.floats("incident", "time"), start, end)
    reported = np.isin(columns.ints("incident", "incident"), columns.ints("report", "incident"))
    for layer, mask in (("happened", now), ("reported", now & reported)):
        groups, numbers = _grouped(columns, "incident", mask, ("type", "victim", "origin"))
        for (kind, victim, origin), found in zip(groups, _summed(numbers, len(groups)), strict=True):
            where = "elsewhere" if origin == "away" else "ward"
            _add(counts, ("incidents_by_type", kind, layer, victim, where, "events"), found)


def _staff_time(columns: Columns, start: float, end: float, counts: dict[Key, float]) -> None:
    for role, activity, kind, minutes in time_table(columns, start, end):
        _add(counts, ("staff_time", role, activity, kind, "minutes"), minutes)


def _training(columns: Columns, start: float, end: float, counts: dict[Key, float]) -> None:
    now = within(columns.floats("training", "time"), start, end)
    groups, numbers = _grouped(columns, "training", now, ("course", "event", "reason"))
    events = _summed(numbers, len(groups))
    hours = _summed(numbers, len(groups), columns.floats("training", "hours")[now])
    for group, happened, spent in zip(groups, events, hours, strict=True):
        _add(counts, ("training", *group, "events"), happened)
        _add(counts, ("training", *group, "hours"), spent)


def _shifts(columns: Columns, start: float, end: float, counts: dict[Key, float], exposures: dict[str, float]) -> None:
    now = within(columns.floats("shift", "start"), start, end)
    groups, numbers = _grouped(columns, "shift", now, ("shift", "role"))
    sums = {
        name: _summed(numbers, len(groups), columns.floats("shift", name)[now])
        for name in (*_SHIFT_METRICS, "planned_hours")
    }
    for i, ((shift, role), found) in enumerate(zip(groups, _summed(numbers, len(groups)), strict=True)):
        exposures[f"shifts:{shift}:{role}"] = found
        exposures[f"planned:{shift}:{role}"] = sums["planned_hours"][i]
        for metric in _SHIFT_METRICS:
            _add(counts, ("shifts", shift, role, metric), sums[metric][i])


def _tasks(columns: Columns, start: float, end: float, counts: dict[Key, float], exposures: dict[str, float]) -> None:
    """Tasks that ended in the period, by kind and outcome; a check of a round and a place in a group count one a
    patient."""
    tasks = columns.since("task", "ended", start)
    kinds, kind_names = tasks.codes("task", "kind")
    outcomes, outcome_names = tasks.codes("task", "outcome")
    n = max(len(outcome_names), 1)
    mask = within(tasks.floats("task", "ended"), start, end)
    cell = (kinds * n + outcomes)[mask]
    size = len(kind_names) * n
    number = np.bincount(cell, minlength=size).astype(np.float64)
    minutes = np.bincount(cell, weights=tasks.floats("task", "delivered_min")[mask], minlength=size)
    for kind, k in kind_names.items():
        for outcome, o in outcome_names.items():
            found = float(number[k * n + o])
            if found:
                _add(counts, ("tasks", kind, outcome, "tasks"), found)
                _add(counts, ("tasks", kind, outcome, "minutes"), float(minutes[k * n + o]))
                exposures[f"tasks:{kind}"] = exposures.get(f"tasks:{kind}", 0.0) + found
    for table in ("round", "group"):
        begun = columns.since(table, "start", start)
        now = within(begun.floats(table, "start"), start, end)
        kinds, kind_names = begun.codes(table, "kind")
        entries = _summed(kinds[now], len(kind_names), begun.lengths(table, "patients")[now].astype(np.float64))
        for kind, number_of, found in zip(kind_names, _summed(kinds[now], len(kind_names)), entries, strict=True):
            if number_of:
                _add(counts, ("tasks", kind, "entry", "entries"), found)


def _weeks(columns: Columns, start: float, end: float, counts: dict[Key, float], exposures: dict[str, float]) -> None:
    """Sums of the whole weeks by measure, out of the bed days of the week."""
    for week, name, (top,), (days,) in each(weeks(columns, start, end)[np.newaxis]):
        counts[WEEKS, str(week), name, "sum"] = float(top)
        exposures[f"{WEEKS}:{week}"] = float(days)


def hours_of(columns: Columns, start: float, end: float, counts: dict[Key, float], exposures: dict[str, float]) -> None:
    """The day hour by hour, time on duty by activity, and training step by step, added to the counts and exposures of a run."""
    sums, minutes = by_hour(columns, start, end)
    for i, hour in enumerate(HOURS):
        exposures[f"minutes:{hour}"] = float(minutes[i])
        for name, found in sums.items():
            _add(counts, ("hours", hour, name), float(found[i]))
    for role, activity, _, minutes_of in time_table(columns, start, end):
        _add(counts, ("activity_time", role, activity, "minutes"), minutes_of)
        exposures[f"duty:{role}"] = exposures.get(f"duty:{role}", 0.0) + minutes_of
    hours, in_date, needed = training_steps(columns, start, end)
    for step, found_hours in hours.items():
        _add(counts, ("training_steps", step, "hours"), found_hours)
    _add(counts, ("training_steps", "in_date", "in_date"), in_date)
    exposures["needs:in_date"] = needed
