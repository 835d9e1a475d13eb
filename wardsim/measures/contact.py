"""Therapeutic contact: one-to-one sessions as discrete work, groups, and what patients got of them."""

from __future__ import annotations

from collections import defaultdict
from math import floor

import numpy as np

from wardsim.ward.core.clock import DAY

from .columns import Columns, FloatArray, IntArray, field
from .declare import Measure, Value, ratio, share
from .followed import Followed
from .incidents import OBD
from .integrate import within
from .view import View

SESSION = "one_to_one"
THERAPY = "therapy_session"
SESSION_MIN = 10.0
"""Minutes from which a session counts as one that the patient had."""

FIRST_WEEK = 7.0 * DAY

_PLANNED = (
    "One-to-one sessions planned for a patient by nursing staff whose outcome fell in the window: done, cut short or "
    "not begun. Sessions taken "
    "back because the patient was no longer on the ward are left out."
)

DECLARED: tuple[Measure, ...] = (
    Measure(
        "one_to_one_min_per_patient_day",
        "One-to-one time with nursing staff per patient day",
        "min per patient day",
        "Delivered one-to-one therapeutic contact: minutes that nursing staff spent in one-to-one sessions in the "
        "window (full or cut short), divided by "
        f"{OBD}. Sessions of psychologists and occupational therapists are counted apart.",
        "higher",
        "ward",
        "contact",
        1,
        True,
    ),
    Measure(
        "no_one_to_one_first_week",
        "Patients without a one-to-one session in their first week",
        "%",
        "Patients admitted to the ward in the window (not residents of the first day, not returned from out of area) "
        "who stayed at least 7 days "
        "and whose first 7 days lie in the measured run, without any one-to-one session with nursing staff of at least "
        "10 delivered minutes begun "
        "in those 7 days, as a share of all such patients.",
        "lower",
        "ward",
        "contact",
        0,
        True,
    ),
    Measure(
        "no_session_of_any_profession_first_week",
        "Patients without any individual session in their first week",
        "%",
        "As no_one_to_one_first_week, but a session of at least 10 minutes with a psychologist or occupational "
        "therapist counts too.",
        "lower",
        "ward",
        "contact",
        0,
    ),
    Measure(
        "patient_days_with_one_to_one",
        "Patient days with a one-to-one session",
        "%",
        "Pairs of patient and calendar day with at least one one-to-one session with nursing staff of at least 10 "
        "delivered minutes begun that day, "
        "as a share of patient days; a patient day is a patient on the ward at the midnight that ends the day, in "
        "numerator and denominator.",
        "higher",
        "ward",
        "contact",
        0,
    ),
    Measure(
        "one_to_one_delivered",
        "Planned one-to-one sessions delivered in full",
        "%",
        f"{_PLANNED} Share done.",
        "higher",
        "ward",
        "contact",
        0,
    ),
    Measure(
        "one_to_one_cut_short",
        "Planned one-to-one sessions cut short",
        "%",
        f"{_PLANNED} Share begun and interrupted.",
        "lower",
        "ward",
        "contact",
        0,
    ),
    Measure(
        "one_to_one_not_begun",
        "Planned one-to-one sessions dropped",
        "%",
        f"{_PLANNED} Share never begun.",
        "lower",
        "ward",
        "contact",
        0,
    ),
    Measure(
        "one_to_one_sessions_per_patient_week",
        "One-to-one sessions per patient week",
        "sessions per patient week",
        "One-to-one sessions with nursing staff of at least 10 delivered minutes begun in the window, divided by "
        "occupied bed days, times 7.",
        "higher",
        "ward",
        "contact",
        2,
    ),
    Measure(
        "therapy_min_per_patient_day",
        "Individual therapy per patient day",
        "min per patient day",
        f"Minutes of individual sessions of psychologists and occupational therapists with patients in the window, "
        f"divided by {OBD}.",
        "higher",
        "ward",
        "contact",
        1,
    ),
    Measure(
        "group_hours_per_patient_week",
        "Groups and activities attended per patient week",
        "h per patient week",
        "Hours of groups and activities in the window, each hour times the patients who attended, divided by occupied "
        "bed days, times 7.",
        "higher",
        "ward",
        "contact",
        2,
    ),
    Measure(
        "groups_delivered",
        "Planned groups held in full",
        "%",
        "Groups whose outcome fell in the window (done, cut short, not begun): share done.",
        "higher",
        "ward",
        "contact",
        0,
    ),
    Measure(
        "escorts_delivered",
        "Planned escorted leave that took place",
        "%",
        "Escorted walks and appointments whose outcome fell in the window (done, cut short, not begun): share done.",
        "higher",
        "ward",
        "contact",
        0,
    ),
)

OUTCOMES = ("done", "cut_short", "not_done")


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    sessions, therapy = _sessions(view, SESSION), _sessions(view, THERAPY)
    no_days = "no occupied bed days in the window"
    patients, times = sessions
    in_window = within(times, view.start, view.end)
    outcomes = _outcomes(view, SESSION)
    planned = sum(outcomes.values())
    none_planned = "no one-to-one session was planned in the window"
    groups, escorts = _outcomes(view, "group"), _outcomes(view, "escort")
    values = {
        "one_to_one_min_per_patient_day": ratio(view.kind_minutes.get(SESSION, 0.0), view.bed_days, 1.0, no_days),
        "one_to_one_delivered": share(outcomes["done"], planned, none_planned),
        "one_to_one_cut_short": share(outcomes["cut_short"], planned, none_planned),
        "one_to_one_not_begun": share(outcomes["not_done"], planned, none_planned),
        "one_to_one_sessions_per_patient_week": ratio(int(np.count_nonzero(in_window)), view.bed_days, 7.0, no_days),
        "patient_days_with_one_to_one": share(
            _days_with_session(view, patients[in_window], times[in_window]),
            view.midnight_patients,
            "nobody was on the ward at any midnight of the window",
        ),
        "therapy_min_per_patient_day": ratio(_therapy_minutes(view), view.bed_days, 1.0, no_days),
        "group_hours_per_patient_week": ratio(_group_hours(view), view.bed_days, 7.0, no_days),
        "groups_delivered": share(groups["done"], sum(groups.values()), "no group was planned in the window"),
        "escorts_delivered": share(escorts["done"], sum(escorts.values()), "no escort was planned in the window"),
    }
    newcomers = _first_weeks(view)
    nobody = "nobody admitted in the window had a whole first week in the measured run"
    values["no_one_to_one_first_week"] = share(_without(newcomers, sessions), len(newcomers), nobody)
    values["no_session_of_any_profession_first_week"] = share(
        _without(newcomers, sessions, therapy), len(newcomers), nobody
    )
    return values


def _sessions(view: View, kind: str) -> tuple[IntArray, FloatArray]:
    """Patient and start of every session of the measured run that counts (at least 10 delivered minutes)."""
    found: tuple[IntArray, FloatArray] = view.tasks.kept(f"sessions {kind}", lambda: _counting(view.tasks, kind))
    return found


def _counting(tasks: Columns, kind: str) -> tuple[IntArray, FloatArray]:
    rows = tasks.picked("task", tasks.among("task", "kind", kind))
    started, patient, delivered = (field("task", c) for c in ("started", "patient", "delivered_min"))
    times = np.array([row[started] for row in rows], np.float64)
    counts = (np.array([row[delivered] for row in rows], np.float64) >= SESSION_MIN) & ~np.isnan(times)
    return np.array([row[patient] for row in rows], np.int64)[counts], times[counts]


def _outcomes(view: View, kind: str) -> dict[str, int]:
    """Number of pieces of work of one kind by outcome, those whose outcome fell in the window; cancelled left out."""
    return {outcome: view.outcomes[kind, outcome] for outcome in OUTCOMES}


def _days_with_session(view: View, patient: IntArray, time: FloatArray) -> int:
    """Pairs of patient and day with a session, the patient on the ward at the midnight that ends the day."""
    last = floor(view.end / DAY)
    gone: set[tuple[int, int]] = view.columns.kept("gone at midnight", lambda: _gone(view.columns))
    pairs = set(zip(patient.tolist(), np.floor(time / DAY).astype(np.int64).tolist(), strict=True))
    return sum(1 for pair in pairs - gone if pair[1] < last)


def _gone(columns: Columns) -> set[tuple[int, int]]:
    """Pairs of patient and day of whom left that day, or were on leave at the midnight that ends it."""
    gone: set[tuple[int, int]] = set()
    patient, time = field("discharge", "patient"), field("discharge", "time")
    for row in columns.rows("discharge"):
        gone.add((row[patient], floor(row[time] / DAY)))
    start, end, patient = (field("leave", c) for c in ("start", "end", "patient"))
    for row in columns.rows("leave"):
        for day in range(floor(row[start] / DAY), floor(row[end] / DAY) + 1):
            if row[start] < (day + 1) * DAY <= row[end]:
                gone.add((row[patient], day))
    return gone


def _therapy_minutes(view: View) -> float:
    columns = view.columns
    mask = columns.among("segment", "kind", THERAPY)
    return float(np.sum(view.minutes("segment")[mask]))


def _group_hours(view: View) -> float:
    attended = view.columns.lengths("group", "patients").astype(np.float64)
    return float(np.dot(view.minutes("group"), attended)) / 60.0


def _first_weeks(view: View) -> Followed:
    """The first week of those whose whole first week on the ward was measured."""
    columns = view.columns
    left: dict[int, list[float]] = defaultdict(list)
    patient, time = field("discharge", "patient"), field("discharge", "time")
    for row in columns.rows("discharge"):
        left[row[patient]].append(row[time])
    fresh = view.happened("admission") & columns.among("admission", "route", "direct", "queue")
    patient, time = field("admission", "patient"), field("admission", "time")
    newcomers = {
        row[patient]: row[time]
        for row in columns.picked("admission", fresh)
        if row[time] + FIRST_WEEK <= view.observed[1]
        and not any(row[time] <= t < row[time] + FIRST_WEEK for t in left.get(row[patient], ()))
    }
    begin = np.array(list(newcomers.values()), np.float64)
    return Followed(list(newcomers), begin, begin + FIRST_WEEK)


def _without(newcomers: Followed, *sessions: tuple[IntArray, FloatArray]) -> int:
    """How many newcomers had none of these sessions begun in their first week."""
    places = np.concatenate([newcomers.places(patient, time) for patient, time in sessions])
    return len(newcomers) - len(np.unique(places[places >= 0]))
