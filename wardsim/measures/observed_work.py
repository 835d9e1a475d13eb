"""Staff time as observers with a clock saw it: whose time, at which hours, out of what.

The studies watched registered nurses by day; the ward's own shares of nursing time are of everybody, day and night. An
observer codes what a nurse does: breaks are left out, and so is time with no task in hand, which such studies have no
box for.
"""

from __future__ import annotations

import numpy as np

from wardsim.ward.core.clock import DAY, HOUR
from wardsim.ward.work.kinds import KINDS

from .columns import BoolArray, Columns, FloatArray, IntArray, field
from .declare import NURSING_ROLES, Measure, Value, ratio, share
from .integrate import within
from .view import View

DAY_FROM, DAY_TO = 7.0 * HOUR, 21.0 * HOUR
"""The hours by day."""

WITH_A_PATIENT = (
    "incident_response", "incident_aftermath", "incident_note", "calming", "check_after_restraint", "incident_follow_up",
    "medical_review_after_incident", "seclusion_care",
)  # fmt: skip
"""Kinds of incident work whose patient is known."""
WITHOUT = ("debrief", "incident_documentation", "incident_review")
"""Kinds of incident work that name no patient."""

_BY_DAY = "registered nurses on duty from 07:00 to 21:00 in the window"
_CODED = f"of the time that {_BY_DAY} spend on work of any kind (breaks, study and time without a task left out)"


def _m(name: str, label: str, unit: str, definition: str, digits: int = 1) -> Measure:
    return Measure(f"observed_{name}", label, unit, definition, "neutral", "reported", "observed", digits)


DECLARED: tuple[Measure, ...] = (
    _m("nurse_day_direct", "Registered nurses' time by day in direct care (reported by observers)", "%",
       f"Share {_CODED} in direct care: work with or for named patients."),
    _m("nurse_day_indirect", "Registered nurses' time by day in indirect care (reported by observers)", "%",
       f"Share {_CODED} in indirect care: handover, documentation, meetings, planning."),
    _m("nurse_day_service", "Registered nurses' time by day in service-related work (reported by observers)", "%",
       f"Share {_CODED} in service-related work: meals, checks of the environment, general rounds, calls and visitors."),
    _m("nurse_day_contact", "Registered nurses' working day in contact with patients (reported by observers)", "%",
       f"Minutes face to face with a patient, as a share of the time on duty of {_BY_DAY}, breaks taken left out."),
    _m("nurse_day_one_to_one", "Registered nurses' working day in potentially therapeutic one-to-one contact (reported by observers)", "%",
       "Minutes in one-to-one sessions and, times recording.conversation_therapeutic_share, in conversations in passing, as a share of the "
       f"time on duty of {_BY_DAY}, breaks taken left out. Groups do not count.", 2),
    _m("intermittent_hours_per_day", "Staff hours on intermittent observation a day (reported at the end of shifts)", "h a day",
       "Hours of nursing staff on checks of patients under intermittent observation in the window, per day of the window: the rounds of "
       "intermittent observation, and of general rounds that part which is due to patients checked more often than others."),
    _m("incident_staff_min", "Staff time per aggressive incident (reported by observers)", "min per incident",
       "Minutes of all staff on response, settling, calming, seclusion, checks, reviews, notes and calls whose patient's latest incident is "
       "aggressive, and of debriefs, documentation and managers' reviews in the share that reported aggression has of all reports, divided by "
       "noticed aggressive incidents in the window.", 0),
    _m("incident_nursing_share", "Nursing staff's part of the time per aggressive incident (reported by observers)", "%",
       "Part of the minutes of observed_incident_staff_min that are of registered nurses, healthcare assistants and nursing associates.", 0),
)  # fmt: skip


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    hours = (view.kind_minutes.get("intermittent_observation", 0.0) + _checks_in_general_rounds(view)) / 60.0
    values = {**_nurses(view), "intermittent_hours_per_day": ratio(hours, view.days), **_incident_time(view)}
    return {f"observed_{name}": value for name, value in values.items()}


def _checks_in_general_rounds(view: View) -> float:
    """Minutes of general rounds that are checks of patients under intermittent observation."""
    rounds = view.rounds
    began = within(rounds.floats("round", "start"), view.start, view.end)
    general = began & rounds.among("round", "kind", "general_observation")
    start = rounds.floats("round", "start")[general]
    length = rounds.floats("round", "end")[general] - start
    each = view.parameters["work.intermittent_round_min_per_patient"]
    checked = each * _under_intermittent(view, start)
    return float(np.sum(length * checked / (view.parameters["work.general_round_base_min"] + checked)))


def _under_intermittent(view: View, times: FloatArray) -> FloatArray:
    """Patients under intermittent observation at each time."""
    changes: tuple[FloatArray, FloatArray] = view.columns.kept("intermittent", lambda: _intermittent(view.columns))
    when, total = changes
    found: FloatArray = total[np.searchsorted(when, times, side="right")]
    return found


def _intermittent(columns: Columns) -> tuple[FloatArray, FloatArray]:
    """When the number of patients under intermittent observation changes; the number before each change and after all."""
    begun = columns.among("observation", "level", "intermittent")
    who, when = columns.ints("observation", "patient"), columns.floats("observation", "time")
    order = np.lexsort((np.arange(len(when)), when, who))
    now = begun[order]
    before = np.zeros(len(now), np.bool_)
    before[1:] = now[:-1] & (who[order][1:] == who[order][:-1])
    change = now.astype(np.float64) - before
    by_time = np.argsort(when[order], kind="stable")
    return when[order][by_time], np.concatenate(([0.0], np.cumsum(change[by_time])))


def _minutes_by_day(time: FloatArray) -> FloatArray:
    """Minutes between 07:00 and 21:00 of all days up to each moment."""
    whole = np.floor(time / DAY)
    so_far: FloatArray = whole * (DAY_TO - DAY_FROM) + np.clip(time - whole * DAY - DAY_FROM, 0.0, DAY_TO - DAY_FROM)
    return so_far


def minutes_by_day(start: FloatArray, end: FloatArray) -> FloatArray:
    """Minutes of each interval that lie between 07:00 and 21:00, whichever days it covers."""
    return _minutes_by_day(end) - _minutes_by_day(start)


def _cut(view: View, table: str, rows: IntArray) -> FloatArray:
    """Minutes by day of some rows inside the window: counted up to a moment they never fall, so they can be cut for it."""
    columns = view.columns
    begun, ended = columns.kept(
        f"by day {table}",
        lambda: [_minutes_by_day(columns.floats(table, edge)[rows]) for edge in ("start", "end")],
    )
    first, last = _minutes_by_day(np.array([view.start, view.end])).tolist()
    cut: FloatArray = np.clip(ended, first, last) - np.clip(begun, first, last)
    return cut


def _nurses(view: View) -> dict[str, Value]:
    columns = view.columns
    kinds, names = columns.codes("segment", "kind")
    work: IntArray = columns.kept("work of nurses", lambda: np.flatnonzero(view.by_roles("rn")))
    sums = np.bincount(kinds[work], weights=_cut(view, "segment", work), minlength=len(names))
    minutes = {name: float(sums[code]) for name, code in names.items()}
    on_duty = float(np.sum(_cut(view, "duty", np.flatnonzero(columns.among("duty", "role", "rn")))))
    activity = dict.fromkeys(("direct", "indirect", "service"), 0.0)
    contact = breaks = 0.0
    for name, found in minutes.items():
        kind = KINDS[name]
        if kind.activity in activity:
            activity[kind.activity] += found
        contact += found * kind.contact
        breaks += found * (kind.activity == "break")
    coded = sum(activity.values())
    nobody = "no registered nurse was on duty by day in the window"
    return {
        **{f"nurse_day_{name}": share(found, coded, nobody) for name, found in activity.items()},
        "nurse_day_contact": share(contact, on_duty - breaks, nobody),
        "nurse_day_one_to_one": share(
            minutes.get("one_to_one", 0.0)
            + minutes.get("conversation", 0.0) * view.parameters["recording.conversation_therapeutic_share"],
            on_duty - breaks,
            nobody,
        ),
    }


def _incident_time(view: View) -> dict[str, Value]:
    columns, events = view.columns, view.events
    now = view.minutes("segment")
    mine, others = columns.kept("work on aggression", lambda: _on_aggression(view))
    reported = events.now & events.reported
    reports = int(np.count_nonzero(reported))
    part = int(np.count_nonzero(reported & events.aggression)) / reports if reports else 0.0
    weight = np.zeros(len(now))
    weight[mine] = 1.0
    weight[others] = part
    minutes = float(np.dot(now, weight))
    for these in (mine, others):
        weight[these] *= view.by_roles(*NURSING_ROLES)[these]
    noticed = columns.floats("incident", "noticed") > 0
    incidents = int(np.count_nonzero(events.now & events.aggression & noticed))
    return {
        "incident_staff_min": ratio(minutes, incidents, 1.0, "no aggression was noticed in the window"),
        "incident_nursing_share": share(
            float(np.dot(now, weight)), minutes, "no time was spent on aggression in the window"
        ),
    }


def _on_aggression(view: View) -> tuple[IntArray, IntArray]:
    """Segments of incident work for a patient whose latest incident is aggressive, and those that name no patient."""
    columns = view.columns
    known = columns.among("segment", "kind", *WITH_A_PATIENT)
    patient = field("segment", "patient")
    who = np.array([row[patient] for row in columns.picked("segment", known)], np.int64)
    mine = np.flatnonzero(known)[_follows_aggression(view, who, columns.floats("segment", "start")[known])]
    return mine, np.flatnonzero(columns.among("segment", "kind", *WITHOUT))


def _follows_aggression(view: View, patient: IntArray, start: FloatArray) -> BoolArray:
    """Whether the latest incident of the patient up to each moment is aggressive."""
    columns, events = view.columns, view.events
    if len(events.time) == 0 or len(patient) == 0:
        return np.zeros(len(patient), np.bool_)
    who = columns.ints("incident", "patient")
    order = np.lexsort((events.time, who))
    span = max(float(events.time.max()), float(start.max())) - min(float(events.time.min()), float(start.min())) + 1.0
    first = min(float(events.time.min()), float(start.min()))
    keys = who[order] * span + (events.time[order] - first)
    at = np.searchsorted(keys, patient * span + (start - first) + 1e-6, side="right") - 1
    found = at >= 0
    latest = order[np.maximum(at, 0)]
    same = found & (who[latest] == patient)
    follows: BoolArray = same & events.aggression[latest]
    return follows
