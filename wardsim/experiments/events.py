"""Event log of one run with the column names of vidigi, so that its animations and process maps read it as it is.

One row an event of one patient: `arrival_departure` (arrival, depart), `queue` (waiting for a bed, out of area, on
leave) and `resource_use` / `resource_use_end` of a numbered bed. A patient is in one place at a time. Times are
minutes since time zero; whoever was in the system before has an arrival of that earlier time, as vidigi needs it.
"""

from __future__ import annotations

import heapq
from typing import Any

from wardsim.measures.columns import field
from wardsim.ward.core.facts import Facts

COLUMNS = ("entity_id", "event_type", "event", "time", "resource_id", "run_number", "pathway")

_ADMIT, _OUT, _BACK, _AWAY, _GONE, _REFERRED = "admit", "out", "back", "away", "gone", "referred"
_ORDER = {_REFERRED: 0, _GONE: 1, _OUT: 2, _AWAY: 3, _BACK: 4, _ADMIT: 5}
"""Order of what happens in one minute: beds are left before they are taken."""

Event = tuple[Any, ...]


def event_log(facts: Facts, beds: int, run_number: int, end: float) -> list[Event]:
    """Event log of a run.

    Parameters
    ----------
    facts : Facts
        Of the run.
    beds : int
        Beds of the ward; more patients than beds (after leave) stand in beds numbered above.
    run_number : int
        Replication.
    end : float
        Last minute; later events are left out.

    Returns
    -------
    list of tuple
        Rows in the order of `COLUMNS`; `resource_id` None where there is no bed.
    """
    moves = sorted(_moves(facts, end))
    sources = {patient: source for _, _, patient, _, source in reversed(moves) if source}
    log = _Log(beds, run_number, sources)
    for time, _, patient, what, _ in moves:
        log.move(time, patient, what)
    return log.rows


def _moves(facts: Facts, end: float) -> list[tuple[float, int, int, str, str]]:
    """Every change of place: time, order within the minute, patient, what, referral source."""
    moves: list[tuple[float, int, int, str, str]] = []

    def add(time: float, patient: int, what: str, pathway: str = "") -> None:
        if time < end:
            moves.append((float(time), _ORDER[what], int(patient), what, pathway))

    t, p, source, outcome = (field("referral", name) for name in ("time", "patient", "source", "outcome"))
    for row in facts.table("referral"):
        if row[outcome] == "queued":
            add(row[t], row[p], _REFERRED, row[source])
    t, p, source = (field("admission", name) for name in ("time", "patient", "source"))
    for row in facts.table("admission"):
        add(row[t], row[p], _ADMIT, row[source])
    t, p, what = (field("out_of_area", name) for name in ("time", "patient", "event"))
    for row in facts.table("out_of_area"):
        if row[what] == "placed":
            add(row[t], row[p], _AWAY)
    first, last, p = (field("leave", name) for name in ("start", "end", "patient"))
    for row in facts.table("leave"):
        add(row[first], row[p], _OUT)
        add(row[last], row[p], _BACK)
    t, p = field("discharge", "time"), field("discharge", "patient")
    for row in facts.table("discharge"):
        add(row[t], row[p], _GONE)
    return moves


class _Log:
    """Keeps each patient in one place and gives out the lowest free bed."""

    def __init__(self, beds: int, run_number: int, sources: dict[int, str]) -> None:
        self.rows: list[Event] = []
        self._run = run_number
        self._free = list(range(1, beds + 1))
        self._next = beds + 1
        self._bed: dict[int, int] = {}
        self._sources = sources
        self._here: set[int] = set()
        self._gone: set[int] = set()

    def move(self, time: float, patient: int, what: str) -> None:
        """Write one change of place."""
        if patient in self._gone:
            return
        if patient not in self._here:
            self._here.add(patient)
            self._write(time, patient, "arrival_departure", "arrival")
        if what == _REFERRED:
            self._write(time, patient, "queue", "waiting_for_bed")
        elif what in (_ADMIT, _BACK):
            self._enter(time, patient)
        elif what == _OUT:
            self._leave(time, patient)
            self._write(time, patient, "queue", "on_leave")
        elif what == _AWAY:
            self._leave(time, patient)
            self._write(time, patient, "queue", "out_of_area")
        else:
            self._leave(time, patient)
            self._write(time, patient, "arrival_departure", "depart")
            self._gone.add(patient)

    def _enter(self, time: float, patient: int) -> None:
        if patient in self._bed:
            return
        if self._free:
            bed = heapq.heappop(self._free)
        else:
            bed = self._next
            self._next += 1
        self._bed[patient] = bed
        self._write(time, patient, "resource_use", "in_bed", bed)

    def _leave(self, time: float, patient: int) -> None:
        bed = self._bed.pop(patient, None)
        if bed is not None:
            heapq.heappush(self._free, bed)
            self._write(time, patient, "resource_use_end", "bed_left", bed)

    def _write(self, time: float, patient: int, kind: str, event: str, bed: int | None = None) -> None:
        self.rows.append((patient, kind, event, time, bed, self._run, self._sources.get(patient, "")))
