"""What becomes of places booked on courses."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from .columns import field
from .view import View

GONE = ("left", "withdrawn")
"""Reasons for which a booking ends that say nothing about release: the person has left, or the course is no longer
taught."""

HELD = "classroom"
ON_DUTY = "on_ward"
"""Sessions on the ward are booked by the piece on the day itself: their hours count, not their number."""


class Ended(NamedTuple):
    """What became of bookings in the window.

    Attributes
    ----------
    attended, lost : float
        Hours of booked courses attended, and lost to cancellation.
    completed : int
        Bookings of courses off the ward completed.
    cancelled : Counter
        Bookings of courses off the ward cancelled, by reason.
    """

    attended: float
    lost: float
    completed: int
    cancelled: Counter[str]


def ended_bookings(view: View) -> Ended:
    """Follow every booking to its end; only what fell in the window is counted."""
    columns = view.columns
    chosen = columns.among("training", "event", "booked", "attended", "cancelled")
    at = {
        name: field("training", name) for name in ("time", "person", "course", "event", "hours", "reason", "modality")
    }
    open_bookings: set[tuple[int, str]] = set()
    attended = lost = 0.0
    completed = 0
    cancelled: Counter[str] = Counter()
    for row in columns.picked("training", chosen):
        event, reason = row[at["event"]], row[at["reason"]]
        key = (row[at["person"]], row[at["course"]])
        if event == "booked":
            open_bookings.add(key)
            continue
        # a course in the classroom is always booked, though perhaps before the run's first minute
        booked = key in open_bookings or row[at["modality"]] == HELD
        over = event == "cancelled" or reason != "part"
        if over:
            open_bookings.discard(key)
        if not booked or not view.start <= row[at["time"]] < view.end:
            continue
        if event == "attended":
            attended += row[at["hours"]]
            completed += over and row[at["modality"]] != ON_DUTY
        elif reason not in GONE:
            lost += row[at["hours"]]
            cancelled[reason] += row[at["modality"]] != ON_DUTY
    return Ended(attended, lost, completed, cancelled)
