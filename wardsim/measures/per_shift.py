"""One row a shift: who was on duty, who was ill, how full the ward was, what was reported. What an observational study would have on its sheet.

An extra output of a run (see `experiments/extra.py`): made only where it is asked for, from the facts that are there anyway.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wardsim.ward.core.clock import DAY

from .columns import BoolArray, Columns, FloatArray
from .events import AGGRESSION
from .integrate import Steps

COLUMNS = (
    "start_day", "kind", "nursing", "registered", "temporary", "present", "acuity", "aggression", "assaults", "restrictive", "self_harm",
    "aggression_true", "assaults_true",
)  # fmt: skip
"""Of the table: day number of the start with its fraction; 0 early, 1 late, 2 night (0 and 2 under long days); staff on duty, all nursing
and registered, as paid hours worked for each paid hour of one person planned; of all hours, the share by bank and agency; patients present
(mean); mean level of acuity at 08:00 of the day, 1 to 5; reported aggression, assaults, restrictive interventions (recorded), self-harm and
suicide attempts; and what happened, for aggression and assaults."""
KINDS = {"early": 0, "long_day": 0, "late": 1, "night": 2, "long_night": 2}
HARM = ("self_harm", "suicide_attempt")
RESTRICTIVE = ("restraint", "seclusion", "rapid_tranquillisation")


def per_shift(columns: Columns, start: float, end: float) -> NDArray[np.float32]:
    """Shifts that began in [start, end), by their beginning.

    Parameters
    ----------
    columns : Columns
        Facts of a run.
    start, end : float
        Window, minutes.

    Returns
    -------
    array of float, shape (shifts, len(COLUMNS))
        Events belong to the shift that began last, so that those of a handover are counted once. A level that is not known is NaN.
    """
    begun = columns.floats("shift", "start")
    inside = (begun >= start) & (begun < end)
    starts = np.unique(begun[inside])
    if not len(starts):
        return np.zeros((0, len(COLUMNS)), dtype=np.float32)
    row = np.searchsorted(starts, begun[inside])
    out = np.zeros((len(starts), len(COLUMNS)))
    put = {name: out[:, i] for i, name in enumerate(COLUMNS)}
    _people(columns, inside, row, put)
    put["start_day"][:] = starts / DAY
    edges = np.append(starts, end)
    levels = Steps(columns.floats("beds", "time"), columns.floats("beds", "present"))
    put["present"][:] = [levels.mean(a, b) for a, b in pairwise(edges)]
    put["acuity"][:] = _acuity(columns, starts)
    for name, times in _events(columns).items():
        put[name][:] = np.histogram(times[(times >= starts[0]) & (times < end)], edges)[0]
    return out.astype(np.float32)


def _people(columns: Columns, inside: BoolArray, row: NDArray[np.int64], put: dict[str, FloatArray]) -> None:
    """Staff on duty from the two rows, registered and not, that each shift has."""
    worked = columns.floats("shift", "worked_hours")[inside]
    each = _hours_of_one(columns, inside)
    registered = columns.among("shift", "role", "rn")[inside]
    came = {name: columns.floats("shift", name)[inside] for name in ("substantive", "overtime", "bank", "agency")}
    everybody = sum(came.values(), np.zeros(len(worked)))
    people = np.divide(worked, each, out=np.zeros_like(worked), where=each > 0)
    np.add.at(put["nursing"], row, people)
    np.add.at(put["registered"], row, np.where(registered, people, 0.0))
    casual, total = np.zeros(len(put["nursing"])), np.zeros(len(put["nursing"]))
    np.add.at(casual, row, came["bank"] + came["agency"])
    np.add.at(total, row, everybody)
    put["temporary"][:] = np.divide(casual, total, out=np.zeros_like(casual), where=total > 0)
    codes, names = columns.codes("shift", "shift")
    kinds = np.array([KINDS.get(name, 0) for name in names], dtype=np.float64)
    put["kind"][row] = kinds[codes[inside]]


def _hours_of_one(columns: Columns, inside: BoolArray) -> FloatArray:
    """Paid hours of one person on each shift: planned hours for each person required; the median of its kind where nobody was."""
    planned, required = columns.floats("shift", "planned_hours")[inside], columns.floats("shift", "required")[inside]
    hours: FloatArray = np.divide(planned, required, out=np.full(len(planned), np.nan), where=required > 0)
    codes, _ = columns.codes("shift", "shift")
    kind = codes[inside]
    for code in np.unique(kind):
        of_it = kind == code
        known = hours[of_it & ~np.isnan(hours)]
        hours[of_it & np.isnan(hours)] = np.median(known) if len(known) else 7.5
    return hours


def _acuity(columns: Columns, starts: FloatArray) -> FloatArray:
    """Mean level of the patients present at 08:00 of the day on which a shift begins."""
    days = columns.floats("acuity", "day")
    counts = np.stack([columns.floats("acuity", f"level{level}") for level in range(1, 6)])
    present = counts.sum(axis=0)
    means = np.divide(np.arange(1, 6) @ counts, present, out=np.full(len(days), np.nan), where=present > 0)
    if not len(days):
        return np.full(len(starts), np.nan)
    at = np.searchsorted(days, np.floor(starts / DAY), side="right") - 1
    found: FloatArray = np.where(at >= 0, means[np.maximum(at, 0)], np.nan)
    return found


def _events(columns: Columns) -> dict[str, FloatArray]:
    """Times of what is counted."""
    time = columns.floats("incident", "time")
    here = ~columns.among("incident", "origin", "away")
    reported = here & np.isin(columns.ints("incident", "incident"), columns.ints("report", "incident"))
    return {
        "aggression": time[reported & columns.among("incident", "type", *AGGRESSION)],
        "assaults": time[reported & columns.among("incident", "type", "assault")],
        "self_harm": time[reported & columns.among("incident", "type", *HARM)],
        "aggression_true": time[here & columns.among("incident", "type", *AGGRESSION)],
        "assaults_true": time[here & columns.among("incident", "type", "assault")],
        "restrictive": columns.floats("containment", "time")[columns.among("containment", "kind", *RESTRICTIVE)],
    }
