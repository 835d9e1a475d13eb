"""Patients as a study follows them: the first fourteen days after admission, or a whole stay.

First days: everybody admitted in the window from outside (not the residents of the run's first day, not those brought
back from out of area) whose fourteen days lie wholly in the measured run. Who leaves sooner is followed until leaving,
as in a study of notes; nobody has to stay fourteen days.

Whole stays: everybody who left the ward in the window, from admission on. Of a stay begun before the run's first minute
only the observed part counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wardsim.ward.core.clock import DAY

from .columns import FloatArray, IntArray, field
from .view import View

FORTNIGHT = 14.0 * DAY


class Followed:
    """Patients, each followed from one moment to another.

    Parameters
    ----------
    patients : sequence of int
        Ids, each once.
    begin, end : array of float
        First minute, and the minute after the last.
    """

    def __init__(self, patients: Sequence[int], begin: FloatArray, end: FloatArray) -> None:
        order = np.argsort(np.asarray(patients, np.int64), kind="stable")
        self.patients: IntArray = np.asarray(patients, np.int64)[order]
        self.begin: FloatArray = begin[order]
        self.end: FloatArray = end[order]

    def __len__(self) -> int:
        return len(self.patients)

    @property
    def patient_days(self) -> float:
        """Days followed, all patients together, leave included."""
        return float(np.sum(self.end - self.begin)) / DAY

    def places(self, patient: IntArray, time: FloatArray) -> IntArray:
        """Place (0, 1, ...) of the patient of each event in the time followed; -1 for other events."""
        if len(self) == 0 or len(patient) == 0:
            return np.full(len(patient), -1, np.int64)
        at = np.minimum(np.searchsorted(self.patients, patient), len(self) - 1)
        inside = (self.patients[at] == patient) & (time >= self.begin[at]) & (time < self.end[at])
        return np.where(inside, at, -1)

    def incidents(self, view: View) -> IntArray:
        """Place for each incident of the run."""
        return self.places(view.columns.ints("incident", "patient"), view.events.time)


def first_days(view: View, length: float = FORTNIGHT) -> Followed:
    """Patients admitted in the window, followed for `length` minutes or until they leave."""
    columns = view.columns
    fresh = view.happened("admission") & columns.among("admission", "route", "direct", "queue")
    patient, time = field("admission", "patient"), field("admission", "time")
    begin: dict[int, float] = {}
    for row in columns.picked("admission", fresh):
        if row[time] + length <= view.observed[1]:
            begin.setdefault(row[patient], row[time])
    end = {who: since + length for who, since in begin.items()}
    patient, time = field("discharge", "patient"), field("discharge", "time")
    for row in columns.rows("discharge"):
        who = row[patient]
        if who in begin and row[time] >= begin[who]:
            end[who] = min(end[who], row[time])
    return Followed(list(begin), np.array(list(begin.values())), np.array(list(end.values())))


def whole_stays(view: View) -> Followed:
    """Patients who left the ward in the window, from admission to leaving (the last stay of each)."""
    columns = view.columns
    left = view.happened("discharge") & columns.among("discharge", "place", "ward")
    patient, time, admitted = (field("discharge", c) for c in ("patient", "time", "admitted"))
    stays = {row[patient]: (row[admitted], row[time]) for row in columns.picked("discharge", left)}
    edges = np.array(list(stays.values())).reshape(-1, 2)
    return Followed(list(stays), edges[:, 0], edges[:, 1])


def any_of(groups: IntArray, chances: FloatArray, n: int) -> FloatArray:
    """Chance of at least one event, for each of n groups.

    Parameters
    ----------
    groups : array of int
        Group of each event, 0 to n - 1; events of group -1 are left out.
    chances : array of float
        Chance that each event counts, 0 to 1.
    n : int
        Number of groups.
    """
    none = np.ones(n)
    inside = groups >= 0
    np.multiply.at(none, groups[inside], 1.0 - chances[inside])
    return 1.0 - none
