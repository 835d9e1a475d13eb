"""One day of a run as it went: who was on duty and at what work, which patients were there, what happened. For a replay, not for a measure.

An extra output of a run (see `experiments/extra.py`): numbers only, told in words by `told`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.work.kinds import KINDS

from .columns import Columns, field

COLUMNS = ("what", "start", "end", "person", "role", "kind", "patient", "detail")
WHATS = ("day", "duty", "work", "stay", "leave", "incident", "containment")
"""day: which day of the run; duty: a person on duty; work: a person at a piece of work; stay: a patient of the ward, on it or on leave;
leave: a patient away; incident: what happened (person: staff victim, detail: 1 reported); containment: what was done (start, end)."""
ROLES = (
    "rn", "hca", "na", "ward_manager", "doctor", "psychologist", "occupational_therapist", "activity_worker",
)  # fmt: skip
TYPES = (
    "assault", "verbal", "objects", "self_harm", "suicide_attempt", "absconding", "sexual_safety", "substance_use", "medication_refusal",
    "medical_emergency",
)  # fmt: skip
"""Kinds of incident, those that choose the day first."""
MEANS = ("restraint", "seclusion", "rapid_tranquillisation", "low_stimulus", "prn", "picu_transfer", "police")
WORKS = tuple(sorted(KINDS, key=lambda name: KINDS[name].code))
LEAVES = ("overnight", "absent_without_leave", "police")
SETTLED = 2.0 * WEEK
"""Minutes of the measured period that are passed over when a day is chosen."""
LATEST = 8.0 * WEEK
"""Minutes into the measured period by which the day has come."""


def one_day(columns: Columns, start: float, end: float) -> NDArray[np.float32]:
    """The first day after `SETTLED` with an assault on the ward; where there is none by `LATEST`, the first day.

    Parameters
    ----------
    columns : Columns
        Facts of a run.
    start, end : float
        Measured period, minutes.

    Returns
    -------
    array of float, shape (rows, len(COLUMNS))
        Times in minutes since the midnight that begins the day; -1 where a column does not apply.
    """
    first = np.ceil((start + min(SETTLED, max(0.0, end - start - DAY))) / DAY) * DAY
    if first + DAY > end:
        first = np.floor(start / DAY) * DAY
    day = _eventful(columns, first, min(end, start + LATEST))
    rows: list[Row] = [(0.0, day, day + DAY, -1, -1, -1, -1, -1)]
    rows += [row for part in (_duty, _work, _stays, _incidents, _containment) for row in part(columns, day)]
    return np.array(rows, dtype=np.float32)


def told(table: NDArray[np.float32]) -> list[tuple[Any, ...]]:
    """Rows in words: what, from_min, to_min, person, role, kind, patient, detail; empty where a column does not apply."""
    names: dict[str, tuple[str, ...]] = {
        "work": WORKS, "incident": TYPES, "containment": MEANS, "leave": LEAVES,
    }  # fmt: skip
    found: list[tuple[Any, ...]] = []
    for what, start, end, person, role, kind, patient, detail in table.tolist():
        word = WHATS[int(what)]
        known = names.get(word, ())
        found.append((
            word, round(start, 2), round(end, 2), _number(person), ROLES[int(role)] if role >= 0 else "",
            known[int(kind)] if known and kind >= 0 else "", _number(patient),
            ("reported" if detail else "not reported") if word == "incident" else "",
        ))  # fmt: skip
    return found


def _number(x: float) -> int | None:
    return int(x) if x >= 0 else None


Row = tuple[float, ...]


def _eventful(columns: Columns, first: float, last: float) -> float:
    times = columns.floats("incident", "time")
    wanted = ~columns.among("incident", "origin", "away") & columns.among("incident", "type", "assault")
    inside = times[wanted & (times >= first) & (times < last - DAY)]
    return float(np.floor(inside.min() / DAY) * DAY) if len(inside) else float(first)


def _between(columns: Columns, table: str, day: float) -> list[tuple[Any, ...]]:
    """Rows of a table with start and end that touch the day."""
    mask = (columns.floats(table, "start") < day + DAY) & (columns.floats(table, "end") > day)
    return columns.picked(table, mask)


def _duty(columns: Columns, day: float) -> Iterator[Row]:
    start, end, person, role = (field("duty", name) for name in ("start", "end", "person", "role"))
    for row in _between(columns, "duty", day):
        yield (WHATS.index("duty"), row[start] - day, row[end] - day, row[person], ROLES.index(row[role]), -1, -1, -1)


def _work(columns: Columns, day: float) -> Iterator[Row]:
    """Pieces of work; pieces of the same kind for the same patient with nothing between are one."""
    at = [field("segment", name) for name in ("start", "end", "person", "role", "kind", "patient")]
    pieces = sorted((tuple(row[i] for i in at) for row in _between(columns, "segment", day)), key=lambda row: (row[2], row[0]))
    held: list[Any] | None = None
    for start, end, person, role, kind, patient in pieces:
        same = held is not None and held[1] >= start - 0.01 and tuple(held[2:]) == (person, role, kind, patient)
        if same and held is not None:
            held[1] = end
            continue
        if held is not None:
            yield _piece(held, day)
        held = [start, end, person, role, kind, patient]
    if held is not None:
        yield _piece(held, day)


def _piece(held: list[Any], day: float) -> Row:
    start, end, person, role, kind, patient = held
    return (WHATS.index("work"), start - day, end - day, person, ROLES.index(role), WORKS.index(kind), patient, -1)


def _stays(columns: Columns, day: float) -> Iterator[Row]:
    """Patients of the ward this day, and when they were away."""
    begun: dict[int, float] = {}
    gone: dict[int, float] = {}
    at, who = field("admission", "time"), field("admission", "patient")
    for row in columns.rows("admission"):
        if row[at] < day + DAY:
            begun[row[who]] = row[at]
    at, who, place = (field("discharge", name) for name in ("time", "patient", "place"))
    for row in columns.rows("discharge"):
        if row[place] == "ward":
            gone.setdefault(row[who], row[at])
    at, who, event = (field("out_of_area", name) for name in ("time", "patient", "event"))
    away: dict[int, float] = {}
    for row in columns.rows("out_of_area"):
        if row[event] == "placed" and row[at] < day + DAY:
            away[row[who]] = row[at]
    for patient, since in sorted(begun.items()):
        until = gone.get(patient, np.inf)
        if away.get(patient, -np.inf) > since:
            until = min(until, away[patient])
        if until > day:
            yield (WHATS.index("stay"), since - day, min(until - day, 2 * DAY), -1, -1, -1, patient, -1)
    start, end, who, kind = (field("leave", name) for name in ("start", "end", "patient", "kind"))
    for row in _between(columns, "leave", day):
        kinds = LEAVES.index(row[kind]) if row[kind] in LEAVES else -1
        yield (WHATS.index("leave"), row[start] - day, row[end] - day, -1, -1, kinds, row[who], -1)


def _incidents(columns: Columns, day: float) -> Iterator[Row]:
    at, number, kind, victim, person, patient, origin = (
        field("incident", name) for name in ("time", "incident", "type", "victim", "victim_person", "patient", "origin")
    )
    reported = set(columns.ints("report", "incident").tolist())
    for row in columns.rows("incident"):
        if day <= row[at] < day + DAY and row[origin] != "away" and row[kind] in TYPES:
            minute, staff = row[at] - day, row[person] if row[victim] == "staff" else -1
            told_of = float(row[number] in reported)
            yield (WHATS.index("incident"), minute, minute, staff, -1, TYPES.index(row[kind]), row[patient], told_of)


def _containment(columns: Columns, day: float) -> Iterator[Row]:
    at, patient, kind, minutes = (field("containment", name) for name in ("time", "patient", "kind", "minutes"))
    for row in columns.rows("containment"):
        if day <= row[at] < day + DAY and row[kind] in MEANS:
            minute = row[at] - day
            yield (WHATS.index("containment"), minute, minute + max(0.0, row[minutes]), -1, -1, MEANS.index(row[kind]), row[patient], -1)
