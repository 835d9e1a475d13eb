"""The ledger of staff time: every minute on duty belongs to exactly one activity, or the person was free.

It closes for each person, each shift and the whole run: each piece of work lies inside one duty of the person who did
it, and no two overlap. What is not work is idle time, so the sums agree by construction once those two hold; they are
what is checked.
"""

from __future__ import annotations

import numpy as np

from wardsim.ward.core.clock import DAY
from wardsim.ward.work.kinds import KINDS

from .columns import BoolArray, Columns, FloatArray, IntArray
from .integrate import overlap

TOLERANCE_MIN = 1e-3
"""Largest disagreement that is rounding and not an error, minutes."""

IDLE = "idle"


class LedgerError(Exception):
    """The minutes of the staff do not close.

    Parameters
    ----------
    message : str
        What is wrong, with persons and times.
    residual : float
        Minutes that are counted twice or belong to nobody's duty.
    """

    def __init__(self, message: str, residual: float) -> None:
        super().__init__(message, residual)
        self.residual = residual

    def __str__(self) -> str:
        return str(self.args[0])


class Ledger:
    """Staff minutes of a whole run, by duty.

    Attributes
    ----------
    duty : array of int
        Row of `duty` for each row of `segment`.
    on_duty, worked, idle : array of float
        Minutes of each duty: in all, on work, and the rest.
    residual : float
        Minutes of work counted twice or done off duty (0 but for rounding).
    """

    __slots__ = ("_columns", "duty", "idle", "on_duty", "residual", "worked")

    def __init__(self, columns: Columns, duty: IntArray, residual: float) -> None:
        self._columns = columns
        self.duty = duty
        self.residual = residual
        length = columns.floats("segment", "end") - columns.floats("segment", "start")
        self.on_duty = columns.floats("duty", "end") - columns.floats("duty", "start")
        self.worked = np.bincount(duty, weights=length, minlength=len(self.on_duty))
        self.idle = self.on_duty - self.worked

    def by_person(self) -> dict[int, tuple[float, float, float]]:
        """Minutes on duty, at work and idle of each person."""
        people = self._columns.ints("duty", "person")
        found, where = np.unique(people, return_inverse=True)
        sums = [
            np.bincount(where, weights=part, minlength=len(found)) for part in (self.on_duty, self.worked, self.idle)
        ]
        return {int(p): (float(sums[0][i]), float(sums[1][i]), float(sums[2][i])) for i, p in enumerate(found)}

    def by_shift(self) -> dict[tuple[int, str], tuple[float, float, float]]:
        """Minutes on duty, at work and idle of each shift: key is the day number and the name of the shift."""
        days = np.floor(self._columns.floats("duty", "start") / DAY).astype(np.int64).tolist()
        names = [row[6] for row in self._columns.rows("duty")]
        sums: dict[tuple[int, str], tuple[float, float, float]] = {}
        for i, key in enumerate(zip(days, names, strict=True)):
            a, b, c = sums.get(key, (0.0, 0.0, 0.0))
            sums[key] = (a + float(self.on_duty[i]), b + float(self.worked[i]), c + float(self.idle[i]))
        return sums


def close(columns: Columns, tolerance: float = TOLERANCE_MIN) -> Ledger:
    """Check that every minute of work lies in exactly one duty of its person.

    Parameters
    ----------
    columns : Columns
        Facts of a finished run.
    tolerance : float
        Minutes of residual that are still rounding.

    Raises
    ------
    LedgerError
        When duties or segments of one person overlap, a segment ends before it starts, or lies outside its person's
        duties.
    """
    duty_key, duty_order, span, low = _by_person(columns, "duty")
    d_starts, d_ends, d_people = _intervals(columns, "duty")
    residual = _overlaps("duty", d_starts[duty_order], d_ends[duty_order], d_people[duty_order], tolerance)
    starts, ends, people = _intervals(columns, "segment")
    order = _sorted_by_person(starts, people)
    starts, ends, people = starts[order], ends[order], people[order]
    residual += _overlaps("segment", starts, ends, people, tolerance)
    if len(starts) == 0:
        return Ledger(columns, np.zeros(0, np.int64), residual)
    if len(d_starts) == 0:
        raise LedgerError(f"{len(starts)} pieces of work but nobody was ever on duty", float(np.sum(ends - starts)))
    # one number a row, person first and time second, finds the last duty of the person begun by then
    at = np.searchsorted(duty_key, people * span + (starts - low) + tolerance, side="right") - 1
    found = duty_order[np.maximum(at, 0)]
    late = np.maximum(d_starts[found] - starts, 0.0) + np.maximum(ends - d_ends[found], 0.0)
    late = np.where((at < 0) | (d_people[found] != people), ends - starts + tolerance * 2.0, late)
    duty, outside = np.empty_like(found), np.empty_like(late)
    duty[order], outside[order] = found, late
    bad = np.flatnonzero(outside > tolerance)
    if len(bad):
        starts, ends, people = _intervals(columns, "segment")
        first = "; ".join(f"person {int(people[i])} from {starts[i]:.2f} to {ends[i]:.2f}" for i in bad[:5])
        raise LedgerError(
            f"{len(bad)} pieces of work outside the duty of their person: {first}", float(np.sum(outside[bad]))
        )
    return Ledger(columns, duty, residual + float(np.sum(outside)))


def _intervals(columns: Columns, table: str) -> tuple[FloatArray, FloatArray, IntArray]:
    return columns.floats(table, "start"), columns.floats(table, "end"), columns.ints(table, "person")


def ledger_of(columns: Columns) -> Ledger:
    """The ledger of a run, made and checked once."""
    ledger: Ledger = columns.kept("ledger", lambda: close(columns))
    return ledger


def by_roles(columns: Columns, *roles: str) -> BoolArray:
    """Which rows of `segment` are of staff in one of these roles (on the duty that the work is part of)."""
    found: BoolArray = columns.kept(
        f"work of {roles}", lambda: columns.among("duty", "role", *roles)[ledger_of(columns).duty]
    )
    return found


def time_table(columns: Columns, start: float, end: float) -> list[tuple[str, str, str, float]]:
    """Minutes in [start, end) by role, activity and kind of work, idle time included; each role's sum is its time on
    duty."""
    duty_roles, duty_names = columns.codes("duty", "role")
    kinds, kind_names = columns.codes("segment", "kind")
    n = max(len(kind_names), 1)
    minutes = overlap(columns.floats("segment", "start"), columns.floats("segment", "end"), start, end)
    cells = duty_roles[ledger_of(columns).duty] * n + kinds
    sums = np.bincount(cells, weights=minutes, minlength=len(duty_names) * n)
    on_duty = np.bincount(
        duty_roles,
        weights=overlap(columns.floats("duty", "start"), columns.floats("duty", "end"), start, end),
        minlength=len(duty_names),
    )
    table: list[tuple[str, str, str, float]] = []
    for role, code in duty_names.items():
        worked = 0.0
        for kind, kind_code in sorted(kind_names.items()):
            found = float(sums[code * n + kind_code])
            if found > 0.0:
                table.append((role, KINDS[kind].activity, kind, found))
                worked += found
        table.append((role, IDLE, IDLE, float(on_duty[code]) - worked))
    return table


def _sorted_by_person(starts: FloatArray, people: IntArray) -> IntArray:
    """Order of rows by person, then start. The ward writes them in time order, so that one stable sort usually does."""
    small = people.astype(np.int16) if len(people) and people.max() < 32_000 and people.min() >= 0 else people
    order = np.argsort(small, kind="stable")
    sorted_people, sorted_starts = people[order], starts[order]
    falls = (np.diff(sorted_starts) < 0.0) & (np.diff(sorted_people) == 0)
    return np.lexsort((starts, people)) if bool(falls.any()) else order


def _by_person(columns: Columns, table: str) -> tuple[FloatArray, IntArray, float, float]:
    """Sorted keys (person, start) of a table, its order, and the scale and origin of the keys."""
    starts, people = columns.floats(table, "start"), columns.ints(table, "person")
    order = _sorted_by_person(starts, people)
    work = columns.floats("segment", "start")
    both = [part for part in (starts, work) if len(part)]
    low = min((float(part.min()) for part in both), default=0.0) - 1.0
    high = max((float(part.max()) for part in both), default=0.0) + 2.0
    span = high - low
    return people[order] * span + (starts[order] - low), order, span, low


def _overlaps(table: str, starts: FloatArray, ends: FloatArray, people: IntArray, tolerance: float) -> float:
    """Minutes covered twice by one person, rounding only; more is an error."""
    if len(starts) == 0:
        return 0.0
    negative = np.flatnonzero(ends < starts - tolerance)
    if len(negative):
        i = int(negative[0])
        raise LedgerError(
            f"{table} of person {int(people[i])} ends at {ends[i]:.2f} before it starts at {starts[i]:.2f}", 0.0
        )
    twice = np.where(people[1:] == people[:-1], ends[:-1] - starts[1:], 0.0)
    bad = np.flatnonzero(twice > tolerance)
    if len(bad):
        first = "; ".join(f"person {int(people[i])} at {starts[i + 1]:.2f}" for i in bad[:5])
        raise LedgerError(f"{len(bad)} overlaps in {table}: {first}", float(np.sum(twice[bad])))
    return float(np.sum(np.maximum(twice, 0.0)))
