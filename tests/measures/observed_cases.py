"""Wards made by hand for the observation operators, and what each study would have counted on them, worked out on paper."""

from __future__ import annotations

from math import sqrt
from typing import Any

from tests.measures.cases import Case
from tests.measures.hand import ward
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts

Rows = list[tuple[str, dict[str, Any]]]


def incident(number: int, patient: int, day: float, kind: str = "verbal", **given: Any) -> tuple[str, dict[str, Any]]:
    return "incident", {"incident": number, "patient": patient, "time": day * DAY, "type": kind, **given}


def newcomers() -> Facts:
    """Patients 1 (stays), 2 (leaves on day 15) and 6 count; 3 was here, 4 came back, 5 came too late; 7 left a stay begun before."""
    rows: Rows = [
        ("admission", {"time": 0.0, "patient": 1}),
        ("admission", {"time": 10 * DAY, "patient": 2, "route": "queue"}),
        ("admission", {"time": 0.0, "patient": 3, "route": "census"}),
        ("admission", {"time": 5 * DAY, "patient": 4, "route": "repatriation"}),
        ("admission", {"time": 86.01 * DAY, "patient": 5}),
        ("admission", {"time": 20 * DAY, "patient": 6}),
        ("discharge", {"time": 15 * DAY, "patient": 2, "admitted": 10 * DAY}),
        ("discharge", {"time": 50 * DAY, "patient": 7, "admitted": -10 * DAY}),
        incident(1, 1, 1.0),
        incident(2, 1, 2.0),
        incident(3, 1, 3.0, noticed=0),
        incident(4, 1, 4.0, "objects"),
        incident(5, 1, 13.9, "assault"),
        incident(6, 1, 14.0, "assault"),
        incident(7, 2, 12.0, "assault", harm=1),
        incident(8, 2, 15.0),
        incident(9, 6, 21.0, "self_harm"),
        incident(10, 6, 22.0, "suicide_attempt"),
        incident(11, 6, 23.0, "self_harm"),
        incident(12, 3, 1.0),
        incident(13, 2, 12.5, "assault", origin="escalation"),
        incident(14, 7, 40.0),
        incident(15, 1, 2.5, origin="away"),
        incident(16, 5, 90.0, "self_harm"),
        *(("response", {"incident": i, "de_escalated": int(i == 1)}) for i in (1, 4, 5, 12, 13)),
        *(
            ("containment", {"time": day * DAY, "patient": who, "incident": 99, "kind": "seclusion"})
            for who, day in ((1, 3), (1, 5), (2, 20), (6, 21))
        ),
    ]
    return ward(*rows)


def reports() -> Facts:
    """Four reported assaults over three months and a bit, three reported absences, one sexual safety incident, one threat to staff."""
    rows: Rows = [
        *(("referral", {"time": 0.0, "patient": who, "detained": held}) for who, held in ((21, 1), (22, 0), (23, 1))),
        ("admission", {"time": 1 * DAY, "patient": 21}),
        ("admission", {"time": 2 * DAY, "patient": 22}),
        ("admission", {"time": 0.0, "patient": 23, "route": "census"}),
        ("discharge", {"time": 50 * DAY, "patient": 21, "admitted": 1 * DAY}),
        ("discharge", {"time": 60 * DAY, "patient": 22, "admitted": 2 * DAY}),
        incident(1, 21, 5.0, "assault", harm=1, victim="staff"),
        incident(2, 22, 6.0, "assault", victim="patient"),
        incident(3, 23, 70.0, "assault", victim="staff"),
        incident(4, 23, 95.0, "assault"),
        incident(5, 22, 7.0, "assault", harm=1),
        incident(6, 21, 8.0, "absconding"),
        incident(7, 21, 9.0, "absconding"),
        incident(8, 22, 9.0, "absconding"),
        incident(9, 21, 10.0, "absconding"),
        incident(10, 22, 11.0, "sexual_safety"),
        incident(11, 23, 12.0, victim="staff"),
        *(("report", {"time": 99 * DAY, "incident": i}) for i in (1, 2, 3, 4, 6, 7, 8, 10, 11)),
        *(("containment", {"time": day * DAY, "incident": 99, "kind": "restraint"}) for day in (1, 2, 100)),
        *(("containment", {"time": day * DAY, "incident": 99, "kind": "seclusion"}) for day in (1, 2, 3, 4)),
    ]
    return ward(*rows)


def watched() -> Facts:
    """A nurse from 06:00 to 12:00 and what others do on one day; two incidents of patient 1."""
    duty = {"start": 360.0, "end": 1000.0, "planned_end": 1000.0}
    rows: Rows = [
        ("duty", {"start": 360.0, "end": 720.0}),
        ("duty", {**duty, "person": 2, "role": "hca", "band": 3}),
        ("duty", {**duty, "person": 3, "role": "doctor", "band": 9}),
        incident(1, 1, 600 / 1440),
        incident(2, 1, 800 / 1440, "self_harm"),
        incident(3, 1, 900 / 1440, noticed=0),
        *(("report", {"time": 1000.0, "incident": i}) for i in (1, 2)),
    ]
    work = (
        (1, "rn", "documentation", -1, 360, 420), (1, "rn", "one_to_one", 5, 420, 480), (1, "rn", "documentation", -1, 480, 540),
        (1, "rn", "meal", -1, 540, 570), (1, "rn", "break", -1, 570, 600), (2, "hca", "intermittent_observation", -1, 400, 460),
        (2, "hca", "incident_response", 1, 610, 630), (3, "doctor", "incident_response", 1, 612, 622),
        (2, "hca", "incident_response", 2, 640, 650), (2, "hca", "incident_aftermath", 1, 810, 830),
        (2, "hca", "incident_documentation", -1, 900, 940),
    )  # fmt: skip
    rows += [
        ("segment", {"start": float(a), "end": float(b), "person": who, "role": role, "kind": kind, "patient": patient})
        for who, role, kind, patient, a, b in work
    ]
    return ward(*rows)


def records() -> Facts:
    """Five people with courses on day 400; weekly counts on days 100 and 200; five patients."""
    course = {"course": "violence_prevention", "hours": 30.0}
    rows: Rows = [
        *(("employment", {"person": who}) for who in (1, 2, 3, 4, 7)),
        ("training", {"time": 314 * DAY, "person": 7, "event": "due"}),  # overdue for thirty days: late, not unable
        ("training", {**course, "time": 10 * DAY, "person": 1, "event": "due"}),
        ("training", {**course, "time": 200 * DAY, "person": 1, "event": "refused", "reason": "cover_short"}),
        ("training", {**course, "time": 250 * DAY, "person": 1, "event": "refused", "reason": "no_place"}),
        ("training", {"time": 10 * DAY, "person": 2, "event": "due"}),
        ("training", {"time": 200 * DAY, "person": 2, "event": "refused", "reason": "no_place"}),
        ("training", {"time": 10 * DAY, "person": 3, "event": "due"}),
        ("training", {"time": 50 * DAY, "person": 3, "event": "cancelled", "reason": "recalled_short"}),
        ("training", {"time": 60 * DAY, "person": 3, "event": "attended", "reason": "complete"}),
        ("training", {"time": 10 * DAY, "person": 4, "event": "due"}),
        ("training", {"time": 34 * DAY, "person": 4, "event": "refused", "reason": "cover_short"}),
        ("training", {"time": 90 * DAY, "person": 4, "event": "refused", "reason": "cover_short", "course": "de_escalation"}),
        ("training", {**course, "time": 50 * DAY, "person": 5, "event": "due"}),
        ("training", {**course, "time": 150 * DAY, "person": 5, "event": "attended", "reason": "complete"}),
        ("training", {**course, "time": 50 * DAY, "person": 6, "event": "due", "hours": 7.5}),
        *(
            ("compliance", {"time": day * DAY, "course": "violence_prevention", "needed": 10, "in_date": 6})
            for day in (-7, 100, 200)
        ),
        *(("admission", {"time": day * DAY, "patient": who}) for who, day in ((31, 0), (32, 10), (33, 20), (34, 395), (35, 0))),
        *(
            ("pathway", {"patient": who, "step": "physical_health_check", "due": day * DAY, "done_at": 0.0, "status": status})
            for who, day, status in ((31, 1, "missed"), (32, 11, "on_time"), (33, 21, "missed"), (34, 396, "missed"))
        ),
        ("discharge", {"time": 30 * DAY, "patient": 32, "admitted": 10 * DAY}),
        ("discharge", {"time": 25 * DAY, "patient": 33, "admitted": 20 * DAY}),
        ("discharge", {"time": 380 * DAY, "patient": 35, "admitted": 0.0}),
    ]
    return ward(*rows, beds={"delayed": 3})


OBSERVED: tuple[Case, ...] = (
    Case("case notes and forms", newcomers, {
        # verbal 2 x 0.5, objects 0.75, assaults 3 x 1, over patients 1, 2, 6 and 14 + 5 + 14 days
        "observed_notes_aggression_per_patient_14d": 4.75 / 3, "observed_notes_aggression_per_1000_days_14d": 4750 / 33,
        "observed_notes_assaults_per_patient_14d": 1.0,
        "observed_notes_patients_verbal_14d": 25.0, "observed_notes_patients_self_harm_14d": 25.0,
        "observed_notes_patients_suicide_attempt_14d": 100 / 3,
        # attempts 1 and 4 on patient 1, 13 (grown out of an aggression) on patient 2
        "observed_notes_patients_de_escalated_14d": 125 / 3, "observed_notes_de_escalation_ended": 100 / 3,
        "observed_notes_patients_secluded_14d": 50 / 3,
        # verbal 1, 2, 8, 12, 14 x 0.125, objects 0.25, assaults 5, 6, 13 x 0.5, assault 7 with harm 0.75, in 1,000 days
        "observed_form_aggression_per_1000_days": 3.125, "observed_form_assaults_per_1000_days": 2.25,
        "observed_form_patients_aggressive": 50.0, "observed_form_patients_assaultive": 43.75,
        "observed_form_bodily_harm": 24.0,
    }),
    Case("reports", reports, {
        "observed_restraint_per_ward_day": 0.01, "observed_seclusion_per_ward_day": 0.005,
        "observed_stays_with_serious_aggression": 100.0,  # an assault is serious, harm or none
        "observed_serious_aggression_per_1000_obd": 4.0, "observed_aggression_reports_on_staff": 75.0,
        "observed_assault_reports_dispersion_month": 1.0,  # 2, 0 and 1 in whole months
        "observed_assault_reports_sd_month_64_beds": sqrt(64 / 20),
        "observed_assault_reports_on_staff": 200 / 3,
        "observed_absconding_per_100_detained_admissions": 200.0,
        "observed_absconding_half_locked_per_1000_obd": 4.5,
        "observed_sexual_safety_share_of_reports": 50 / 9,
    }),
    Case("observers with a clock", watched, {
        "observed_nurse_day_direct": 40.0, "observed_nurse_day_indirect": 40.0, "observed_nurse_day_service": 20.0,
        "observed_nurse_day_contact": 100 * 60 / 270, "observed_nurse_day_one_to_one": 100 * 60 / 270,
        "observed_intermittent_hours_per_day": 1.0,
        "observed_incident_staff_min": 50.0, "observed_incident_nursing_share": 80.0,
    }, days=1.0),
    Case("surveys and records", records, {
        "observed_training_not_completed": 60.0, "observed_missing_training_for_cover": 50 / 3,
        "observed_restraint_course_initial": 85.0, "observed_restraint_course_refresher": 1200 / 17,
        "observed_physical_check_missed_week": 50.0, "observed_stays_over_365_days": 100 / 3, "observed_delayed_beds": 15.0,
    }, days=400.0),
)  # fmt: skip
