"""Where the minutes of nursing staff go, and how often each kind of work is done."""

from __future__ import annotations

import numpy as np

from wardsim.ward.work.kinds import KINDS

from .contact import OUTCOMES
from .declare import Direction, Measure, Value, ratio, share
from .integrate import within
from .ledger import IDLE
from .view import View

_SHARE = (
    "minutes of nursing staff (registered nurses, healthcare assistants, nursing associates) on duty in the "
    "window, breaks included."
)

ACTIVITIES: dict[str, tuple[str, str, Direction]] = {
    "direct": ("Nursing time in direct care", "work with or for one or several named patients", "higher"),
    "indirect": ("Nursing time in indirect care", "handover, documentation, meetings, planning", "neutral"),
    "service": (
        "Nursing time in service-related work",
        "meals, environment checks, general rounds, calls and visitors",
        "neutral",
    ),
    "break": ("Nursing time in breaks", "breaks taken", "neutral"),
    "study": ("Nursing time in study on the ward", "on-ward training and e-learning on duty", "neutral"),
    IDLE: ("Nursing time free", "on duty with no task in hand", "neutral"),
}

DECLARED: tuple[Measure, ...] = (
    *(
        Measure(f"nurse_time_{name}", label, "%", f"Share in {what}, of all {_SHARE}", direction, "ward", "time", 1)
        for name, (label, what, direction) in ACTIVITIES.items()
    ),
    Measure(
        "nurse_time_contact",
        "Nursing time in contact with patients",
        "%",
        f"Share in kinds of work done face to face with a patient, of all {_SHARE}",
        "higher",
        "ward",
        "time",
        1,
    ),
    Measure(
        "nurse_time_therapeutic",
        "Nursing time that is potentially therapeutic",
        "%",
        f"Share in one-to-one sessions and groups, of all {_SHARE}",
        "higher",
        "ward",
        "time",
        1,
    ),
    Measure(
        "nurse_time_incidents",
        "Nursing time on incidents",
        "%",
        f"Share in response, calming, seclusion care, checks, aftermath, debrief, calls, notes and documentation of incidents, of all {_SHARE}",
        "lower",
        "ward",
        "time",
        2,
    ),
    Measure(
        "missed_breaks",
        "Breaks missed",
        "%",
        "Breaks due whose outcome fell in the window and that were never begun or broken off, as a share of breaks "
        "due.",
        "lower",
        "ward",
        "time",
        1,
    ),
    Measure(
        "work_not_done",
        "Work not done in its time",
        "%",
        "Tasks whose outcome fell in the window (done, cut short, not begun; breaks and conversations in passing left out): share never begun.",
        "lower",
        "ward",
        "time",
        1,
    ),
    Measure(
        "work_cut_short",
        "Work cut short",
        "%",
        "Tasks whose outcome fell in the window (done, cut short, not begun; breaks and conversations in passing left out): share begun and not "
        "finished.",
        "lower",
        "ward",
        "time",
        1,
    ),
    *(
        Measure(
            f"tasks_per_patient_day_{name}",
            f"Tasks per patient day: {name.replace('_', ' ')}",
            "tasks per patient day",
            f"Tasks of the kind {name} that were done or cut short in the window, divided by occupied bed days. "
            "A round walked for several patients is one task.",
            "neutral",
            "ward",
            "tasks",
            3,
        )
        for name in KINDS
    ),
    Measure(
        "round_entries_per_patient_day",
        "Entries in rounds per patient day",
        "entries per patient day",
        "Patients seen in rounds (observation, medication, meals, physical observations) that began in the window, "
        "one entry a patient a round, divided by occupied bed days.",
        "neutral",
        "ward",
        "tasks",
        1,
    ),
)

INCIDENT_WORK = (
    "incident_response",
    "medical_emergency",
    "seclusion_care",
    "incident_aftermath",
    "debrief",
    "incident_documentation",
    "incident_note",
    "calming",
    "check_after_restraint",
    "incident_follow_up",
)
"""Kinds of work that incidents bring."""


NO_DUTY = ("break", "conversation")
"""Kinds left out of work not done and cut short: nobody is owed a conversation in passing."""


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    nobody = "no nursing staff were on duty in the window"
    total = view.nursing_duty_minutes
    sums = dict.fromkeys(ACTIVITIES, 0.0)
    contact = therapeutic = 0.0
    for name, minutes in view.kind_minutes.items():
        kind = KINDS[name]
        sums[kind.activity] += minutes
        contact += minutes * kind.contact
        therapeutic += minutes * kind.therapeutic
    sums[IDLE] = total - sum(sums.values())
    on_incidents = sum(view.kind_minutes.get(name, 0.0) for name in INCIDENT_WORK)
    values = {f"nurse_time_{name}": share(minutes, total, nobody) for name, minutes in sums.items()}
    values["nurse_time_contact"] = share(contact, total, nobody)
    values["nurse_time_therapeutic"] = share(therapeutic, total, nobody)
    values["nurse_time_incidents"] = share(on_incidents, total, nobody)
    values.update(_tasks(view))
    return values


def _tasks(view: View) -> dict[str, Value]:
    """Tasks of the window by kind and outcome."""
    counts = view.outcomes
    no_days = "no occupied bed days in the window"
    values = {
        f"tasks_per_patient_day_{name}": ratio(
            counts[name, "done"] + counts[name, "cut_short"], view.bed_days, 1.0, no_days
        )
        for name in KINDS
    }
    breaks = {outcome: counts["break", outcome] for outcome in OUTCOMES}
    work = {outcome: sum(counts[name, outcome] for name in KINDS if name not in NO_DUTY) for outcome in OUTCOMES}
    values["missed_breaks"] = share(
        breaks["not_done"] + breaks["cut_short"], sum(breaks.values()), "no break was due in the window"
    )
    values["work_not_done"] = share(work["not_done"], sum(work.values()), "no work fell due in the window")
    values["work_cut_short"] = share(work["cut_short"], sum(work.values()), "no work fell due in the window")
    began = within(view.rounds.floats("round", "start"), view.start, view.end)
    entries = int(np.sum(view.rounds.lengths("round", "patients")[began]))
    values["round_entries_per_patient_day"] = ratio(entries, view.bed_days, 1.0, no_days)
    return values
