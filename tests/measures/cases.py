"""The table of expected values: small wards made by hand, and what each measure must be, worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.measures.hand import HOUR, NAN, QUIET, YEARS_100, changed, ward
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts
from wardsim.ward.work.kinds import KINDS


class Case(NamedTuple):
    """One ward and its expected values (percent, rates and money in the unit of the measure)."""

    name: str
    facts: Callable[[], Facts]
    expected: dict[str, float]
    days: float = 100.0
    scenario: Scenario = QUIET
    options: dict[str, Any] = {}  # noqa: RUF012


def incidents() -> Facts:
    """Six aggressive incidents in the window, one by a patient away, two outside; one of each other type, every second reported."""
    rows: list[tuple[str, dict[str, Any]]] = [
        ("incident", {"time": -1.0, "incident": 90}),
        ("incident", {"time": 0.0, "incident": 1, "victim": "staff", "victim_person": 1, "harm": 1}),
        ("incident", {"time": 5.0, "incident": 2, "victim": "patient", "victim_person": 5}),
        ("incident", {"time": 6.0, "incident": 3, "type": "verbal", "noticed": 0}),
        ("incident", {"time": 7.0, "incident": 4, "type": "objects", "weapon": 1, "victim": "object"}),
        ("incident", {"time": 8.0, "incident": 5, "origin": "escalation", "parent": 3, "victim": "staff", "victim_person": 2}),
        ("incident", {"time": 9.0, "incident": 6, "type": "verbal", "origin": "contagion", "parent": 5}),
        ("incident", {"time": 9.5, "incident": 7, "origin": "away"}),
        ("incident", {"time": 100 * DAY, "incident": 91}),
        ("containment", {"time": 8.5, "incident": 5, "kind": "restraint"}),
    ]
    others = ("sexual_safety", "self_harm", "suicide_attempt", "absconding", "substance_use", "medication_refusal", "medical_emergency")
    rows += [("incident", {"time": 20.0 + i, "incident": 20 + i, "type": name}) for i, name in enumerate(others)]
    reported = (1, 3, 4, 5, 90, 91, 20, 22, 24, 26)
    rows += [("report", {"time": 101 * DAY, "incident": i}) for i in reported]
    return ward(*rows)


def people() -> Facts:
    """Census on day 400: nurses 1 (all the year), 2 (hired day 300), 5 (all the year); 3 left, 4 is a manager, 100 is bank."""
    day = DAY
    rows: list[tuple[str, dict[str, Any]]] = [
        ("employment", {"person": 1}),
        ("employment", {"person": 3}),
        ("employment", {"person": 4, "role": "ward_manager", "band": 7}),
        ("employment", {"person": 5, "role": "na", "band": 4}),
        ("employment", {"time": 200 * day, "person": 3, "event": "left"}),
        ("employment", {"time": 300 * day, "person": 2, "role": "hca", "band": 3, "event": "hired"}),
        *(
            ("incident", {"time": t * day, "incident": i, "victim": "staff", "victim_person": who})
            for i, (who, t) in enumerate(((1, 100), (1, 10), (2, 350), (2, 351), (3, 150), (4, 150), (100, 150)))
        ),
        ("report", {"time": 101 * day, "incident": 0}),
        *(("admission", {"time": t * day, "patient": who}) for who, t in ((11, 0), (12, 10), (13, 45), (14, 50), (15, 390), (16, 380))),
        ("discharge", {"time": 20 * day, "patient": 11, "admitted": 0.0}),
        ("discharge", {"time": 30 * day, "patient": 12, "admitted": 10 * day}),
        ("discharge", {"time": 60 * day, "patient": 13, "admitted": 45 * day}),
        ("discharge", {"time": 61 * day, "patient": 14, "admitted": 50 * day, "place": "out_of_area"}),
        ("incident", {"time": 5 * day, "incident": 20, "victim": "patient", "victim_person": 11}),
        ("incident", {"time": 40 * day, "incident": 21, "victim": "patient", "victim_person": 12}),
        ("incident", {"time": 15 * day, "incident": 22, "patient": 12}),
        ("incident", {"time": 50 * day, "incident": 23, "patient": 13, "type": "verbal"}),
        ("incident", {"time": 395 * day, "incident": 24, "victim": "patient", "victim_person": 15}),
        ("injury", {"time": 100 * day, "incident": 0, "days_lost": 8.0}),
        ("injury", {"time": 5 * day, "incident": 20, "victim": "patient", "victim_person": 11}),
    ]
    # the patient discharged away would count as resident: he never was on the ward after day 50
    rows.append(("discharge", {"time": 51 * day, "patient": 14, "admitted": 50 * day}))
    return ward(*rows)


def responses() -> Facts:
    """Three restraints among the containment; four answered incidents, one that nobody came to."""
    kinds = ("restraint", "restraint", "seclusion", "rapid_tranquillisation", "low_stimulus", "prn", "picu_transfer", "police")
    rows: list[tuple[str, dict[str, Any]]] = [
        ("containment", {"time": 10.0 * i, "incident": 1, "kind": kind, "minutes": 6.0 + 6.0 * i, "people": 3 + i, "trained": 2})
        for i, kind in enumerate(kinds)
    ]
    rows.append(("containment", {"time": -1.0, "incident": 0, "kind": "restraint"}))
    rows += [
        ("incident", {"time": 10.0, "incident": i, "type": kind})
        for i, kind in enumerate(("verbal", "assault", "verbal", "medical_emergency", "medical_emergency", "self_harm"))
    ]
    rows += [
        ("response", {"incident": 0, "first_arrival_min": 1.0, "team_arrival_min": 4.0, "team": 4, "from_neighbours": 1, "de_escalated": 1}),
        ("response", {"incident": 1, "first_arrival_min": 3.0, "team_arrival_min": 8.0, "team": 4}),
        ("response", {"incident": 2, "first_arrival_min": NAN, "team": 0}),
        ("response", {"incident": 3, "first_arrival_min": 1.0, "team_arrival_min": 2.0, "team": 1}),
        ("response", {"incident": 4, "first_arrival_min": 1.0, "team_arrival_min": 5.0, "team": 1}),
        ("response", {"incident": 5, "first_arrival_min": 90.0, "team": 9, "from_neighbours": 9}),
    ]
    return ward(*rows)


def contacts() -> Facts:
    """Four newcomers and their sessions; one nurse on duty for the first day and the last."""
    day = DAY
    rows: list[tuple[str, dict[str, Any]]] = [
        ("admission", {"time": 0.0, "patient": 50, "route": "census"}),
        ("admission", {"time": 1.0 * day, "patient": 1}),
        ("admission", {"time": 2.0 * day, "patient": 2, "route": "queue"}),
        ("admission", {"time": 3.0 * day, "patient": 3}),
        ("admission", {"time": 4.0 * day, "patient": 4}),
        ("admission", {"time": 5.0 * day, "patient": 5, "route": "repatriation"}),
        ("admission", {"time": 95.0 * day, "patient": 6}),
        ("discharge", {"time": 9.0 * day, "patient": 4, "admitted": 4.0 * day}),
    ]
    sessions = (
        # patient, started, delivered, outcome
        (1, 1.5 * day, 20.0, "done"),  # counts
        (1, 1.6 * day, 15.0, "cut_short"),  # the same patient day
        (2, 3.5 * day, 9.0, "cut_short"),  # too short
        (2, 9.5 * day, 20.0, "done"),  # second week
        (4, 9.0 * day - 300.0, 20.0, "done"),  # on day 8, discharged at the midnight that begins day 9
        (50, 20.5 * day, 20.0, "done"),
        (50, 30.5 * day, 20.0, "done"),  # on leave that night
    )
    for i, (patient, at, minutes, outcome) in enumerate(sessions):
        rows.append(("task", {"kind": "one_to_one", "task": i, "patient": patient, "started": at, "delivered_min": minutes, "outcome": outcome}))
        rows.append(("duty", {"start": at - 60.0, "end": at + 60.0}))
        rows.append(("segment", {"start": at, "end": at + minutes, "kind": "one_to_one", "patient": patient, "task": i}))
    rows += [
        ("task", {"kind": "one_to_one", "ended": 10.0 * day, "delivered_min": 0.0, "outcome": "not_done"}),
        ("task", {"kind": "one_to_one", "ended": 10.0 * day, "delivered_min": 0.0, "outcome": "cancelled"}),
        ("task", {"kind": "one_to_one", "ended": 100.0 * day, "delivered_min": 0.0, "outcome": "not_done"}),
        ("task", {"kind": "therapy_session", "patient": 3, "started": 4.0 * day, "delivered_min": 50.0}),
        ("duty", {"start": 4.0 * day, "end": 4.0 * day + 100.0, "person": 9, "role": "psychologist", "band": 8}),
        ("segment", {"start": 4.0 * day, "end": 4.0 * day + 50.0, "person": 9, "role": "psychologist", "kind": "therapy_session"}),
        ("leave", {"start": 30.0 * day, "end": 32.0 * day, "patient": 50}),
        ("group", {"start": -30.0, "end": 30.0, "kind": "group", "patients": (1, 2, 3, 4)}),
        ("group", {"start": 5 * day, "end": 5 * day + 60.0, "kind": "group", "patients": (1, 2, 3)}),
        *(("task", {"kind": "group", "ended": day, "outcome": o}) for o in ("done", "done", "cut_short", "not_done")),
        *(("task", {"kind": "escort", "ended": day, "outcome": o}) for o in ("done", "not_done")),
    ]
    return ward(*rows)


def minutes() -> Facts:
    """One nurse for 600 minutes, of which 100 before the window; a doctor who does not count."""
    plan = (
        ("one_to_one", 0, 50), ("documentation", 50, 150), ("meal", 150, 175), ("break", 175, 205), ("e_learning", 205, 255),
        ("incident_response", 255, 280), ("constant_observation", 280, 340), ("intermittent_observation", 340, 370), ("group", 370, 400),
    )  # fmt: skip
    rows: list[tuple[str, dict[str, Any]]] = [
        ("duty", {"start": -100.0, "end": 500.0}),
        ("duty", {"start": 0.0, "end": 500.0, "person": 2, "role": "doctor", "band": 9}),
        ("segment", {"start": 0.0, "end": 400.0, "person": 2, "role": "doctor", "kind": "medical_review"}),
        ("segment", {"start": -100.0, "end": 0.0, "kind": "documentation"}),
    ]
    rows += [("segment", {"start": float(a), "end": float(b), "kind": kind}) for kind, a, b in plan]
    for kind in KINDS:
        rows.append(("task", {"kind": kind, "ended": 10.0, "started": 0.0}))
        rows.append(("task", {"kind": kind, "ended": 11.0, "started": 0.0, "outcome": "cut_short"}))
        rows.append(("task", {"kind": kind, "ended": 12.0, "delivered_min": 0.0, "outcome": "not_done"}))
        rows.append(("task", {"kind": kind, "ended": 13.0, "delivered_min": 0.0, "outcome": "cancelled"}))
        rows.append(("task", {"kind": kind, "ended": -1.0, "started": -9.0}))
    rows.append(("round", {"start": 5.0, "end": 9.0, "kind": "medication_round", "patients": tuple(range(8))}))
    rows.append(("round", {"start": 50.0, "end": 59.0, "kind": "general_observation", "patients": tuple(range(10))}))
    rows.append(("round", {"start": -5.0, "end": 5.0, "kind": "general_observation", "patients": tuple(range(10))}))
    rows.append(("exposure", {"time": 100 * DAY, "patient_minutes": 20000.0, "capped_minutes": 10.0}))
    return ward(*rows)


def steps() -> Facts:
    """Each step: 3 on time, 1 late, 1 missed in the window, and one outside."""
    names = (
        "admission_assessment", "physical_health_check", "investigations", "risk_and_safety_plan", "care_plan", "first_one_to_one", "weekly_review",
        "discharge_plan",
    )  # fmt: skip
    rows: list[tuple[str, dict[str, Any]]] = []
    for name in names:
        for i, status in enumerate(("on_time", "on_time", "on_time", "late", "missed")):
            rows.append(("pathway", {"patient": i, "step": name, "due": 100.0 * i, "done_at": NAN, "status": status}))
        rows.append(("pathway", {"patient": 9, "step": name, "due": -5.0, "done_at": NAN, "status": "missed"}))
    rows += [("discharge", {"time": 50 * DAY, "patient": i, "admitted": 10 * DAY}) for i in range(4)]
    rows += [
        ("observation", {"time": 20 * DAY, "patient": 1, "level": "constant"}),
        ("observation", {"time": 5 * DAY, "patient": 2, "level": "constant"}),
        ("observation", {"time": 20 * DAY, "patient": 3, "level": "intermittent"}),
    ]
    return ward(*rows)


def shifts() -> Facts:
    """Two early shifts and one night, both roles; gaps; three teams."""
    night = {"shift": "night", "start": 2.0 * DAY, "end": 2.0 * DAY + 600.0}
    rows: list[tuple[str, dict[str, Any]]] = [
        ("shift", {"start": -500.0, "end": -100.0, "worked_hours": 0.0}),
        ("shift", {"start": 100 * DAY - 500.0, "end": 100 * DAY, "worked_hours": 0.0}),
        ("shift", {"start": 420.0, "end": 885.0, "worked_hours": 12.0}),
        ("shift", {"start": 420.0, "end": 885.0, "role": "hca", "required": 3, "substantive": 1, "bank": 1, "worked_hours": 10.0, "planned_hours": 20.0}),
        ("shift", {"start": DAY + 420.0, "end": DAY + 885.0, "worked_hours": 15.0, "substantive": 1, "lent": 1}),
        ("shift", {"start": DAY + 420.0, "end": DAY + 885.0, "role": "hca", "required": 3, "substantive": 3, "agency": 1, "worked_hours": 20.0, "planned_hours": 20.0}),
        ("shift", {**night, "worked_hours": 9.0, "planned_hours": 18.0, "substantive": 1, "extra_requested": 1}),
        ("shift", {**night, "role": "hca", "required": 2, "substantive": 1, "overtime": 2, "worked_hours": 18.0, "planned_hours": 18.0}),
        *(("offer", {"time": 10.0, "outcome": o}) for o in ("own_staff", "bank", "bank", "bank", "agency", "unfilled", "unfilled", "unfilled", "unfilled", "unfilled")),
        ("offer", {"time": -10.0, "outcome": "unfilled"}),
        *(("extra_request", {"time": t, "outcome": o}) for t, o in ((-1.0, "agreed"), (5.0, "agreed"), (6.0, "refused"), (7.0, "refused"), (8.0, "limit"))),
        ("team", {"time": 420.0, "familiarity": 0.5, "fatigue": 0.1, "multidisciplinary": 3, "skill_violence": 0.2}),
        ("team", {"time": 825.0, "familiarity": 0.9, "fatigue": 0.3, "multidisciplinary": 0, "skill_violence": 0.4}),
        ("team", {"time": 1260.0, "familiarity": NAN, "fatigue": NAN, "multidisciplinary": NAN, "skill_violence": NAN}),
        ("programme", {"time": 10.0, "fidelity": 0.4}),
        ("programme", {"time": 20.0, "fidelity": 0.8}),
    ]  # fmt: skip
    return ward(*rows)


def workers() -> Facts:
    """Two nurses and an assistant in post, one nurse leaves half-way; four kinds of duty; absence over the window's edge."""
    shift = {"start": DAY, "end": DAY + 480.0}
    rows: list[tuple[str, dict[str, Any]]] = [
        ("employment", {"time": -DAY, "person": 1}),
        ("employment", {"time": -DAY, "person": 2}),
        ("employment", {"time": -DAY, "person": 3, "role": "hca", "band": 3, "wte": 0.5}),
        ("employment", {"time": 50 * DAY, "person": 2, "event": "left"}),
        ("duty", {**shift, "person": 1}),  # 7.5 h
        ("duty", {**shift, "person": 2, "contracted": 0}),  # 7.5 h overtime
        ("duty", {**shift, "person": 3, "role": "hca", "band": 3, "end": DAY + 510.0, "planned_end": DAY + 480.0}),  # 8 h
        ("duty", {"start": DAY, "end": DAY + 720.0, "person": 10, "role": "hca", "band": 2, "employment": "bank"}),  # 11 h
        ("duty", {"start": DAY, "end": DAY + 360.0, "person": 11, "employment": "agency"}),  # 6 h
        ("duty", {"start": -480.0, "end": 0.0, "person": 1}),
        ("duty", {**shift, "person": 20, "role": "doctor", "band": 8}),
        ("absence", {"start": 10 * DAY, "end": 20 * DAY, "hours": 50.0, "cause": "annual_leave"}),
        ("absence", {"start": -5 * DAY, "end": 5 * DAY, "hours": 60.0, "cause": "sickness"}),
        ("absence", {"start": 20 * DAY, "end": 21 * DAY, "hours": 7.5, "cause": "injury", "person": 3, "role": "hca"}),
        ("absence", {"start": 95 * DAY, "end": 115 * DAY, "hours": 40.0, "cause": "parental_other", "person": 3, "role": "hca"}),
        ("absence", {"start": 30 * DAY, "end": 30 * DAY + 450.0, "hours": 7.5, "cause": "study"}),
        ("absence", {"start": 30 * DAY, "end": 31 * DAY, "hours": 7.5, "cause": "study", "person": 20, "role": "doctor"}),
        ("leave_owed", {"time": -DAY, "event": "opening", "hours": 150.0}),
        ("leave_owed", {"time": -DAY, "event": "opening", "hours": 30.0, "person": 2}),
        ("leave_owed", {"time": -DAY, "event": "opening", "hours": 75.0, "person": 3, "role": "hca"}),
        ("leave_owed", {"time": -DAY, "event": "opening", "hours": 100.0, "person": 20, "role": "doctor"}),
        ("leave_owed", {"time": 20 * DAY, "event": "taken", "hours": 37.5}),
        ("leave_owed", {"time": 30 * DAY, "event": "given_back", "hours": 37.5, "person": 3, "role": "hca"}),
        ("leave_owed", {"time": 31 * DAY, "event": "rebooked", "hours": 37.5, "person": 3, "role": "hca"}),
        ("leave_owed", {"time": 40 * DAY, "event": "lost", "hours": 15.0, "person": 2}),
        ("leave_owed", {"time": 50 * DAY, "event": "settled", "hours": 15.0, "person": 2}),
        ("leave_owed", {"time": 80 * DAY, "event": "granted", "hours": 75.0}),
        ("vacancy", {"role": "rn", "established_wte": 4.0, "in_post_wte": 2.0}),
        ("vacancy", {"role": "hca", "established_wte": 1.0, "in_post_wte": 0.5}),
        ("vacancy", {"time": 50 * DAY, "role": "rn", "established_wte": 4.0, "in_post_wte": 1.0}),
    ]
    return ward(*rows)


WORKERS_CONTRACT = 37.5 / 7.0 * (100 + 50 + 50)
"""Contracted hours of the window: nurse 1 for 100 days, nurse 2 for 50, assistant 3 for 100 at half time."""


def courses() -> Facts:
    """Every course half in date but life support; bookings that end in each way; requests refused."""
    names = (
        "violence_prevention", "de_escalation", "suicide_safety", "life_support", "dual_diagnosis", "sexual_safety", "induction", "other_mandatory",
    )  # fmt: skip
    rows: list[tuple[str, dict[str, Any]]] = []
    for week in (0, 7):
        rows += [("compliance", {"time": week * DAY, "course": n, "needed": 10, "in_date": 9 if n == "life_support" else 5}) for n in names]
        rows += [("training_plan", {"time": week * DAY, "course": n, "planned_hours": 2.0, "wte": 8.0}) for n in names[:4]]
    event = [
        (1, "asked", 7.5, "", 10.0), (1, "booked", 7.5, "", 10.0), (1, "released", 7.5, "rostered_shift", 10.0), (1, "attended", 7.5, "complete", 20 * DAY),
        (2, "asked", 15.0, "", 10.0), (2, "booked", 15.0, "", 10.0), (2, "released", 15.0, "study_day", 10.0), (2, "attended", 7.5, "part", 20 * DAY),
        (2, "cancelled", 7.5, "recalled_short", 21 * DAY),
        (3, "booked", 7.5, "", -DAY), (3, "cancelled", 7.5, "sick", 5 * DAY),
        (4, "booked", 7.5, "", -DAY), (4, "cancelled", 7.5, "left", 5 * DAY),
        (5, "booked", 7.5, "", -9 * DAY), (5, "attended", 7.5, "complete", -DAY),
        (6, "attended", 7.5, "complete", 30 * DAY),
        *((7, "asked", 7.5, "", 50.0) for _ in range(4)),
        (7, "refused", 7.5, "cover_short", 50.0), (7, "refused", 7.5, "no_place", 50.0),
        (7, "refused", 7.5, "release_not_allowed", 50.0),
    ]  # fmt: skip
    rows += [
        ("training", {"person": p, "event": e, "hours": h, "reason": r, "time": t, "backfilled": int(p == 1 and e == "released")})
        for p, e, h, r, t in event
    ]
    alone = {"person": 8, "course": "other_mandatory", "modality": "e_learning"}
    rows += [
        ("training", {**alone, "time": 50.0, "event": "asked"}),
        ("training", {**alone, "time": 60.0, "event": "attended", "hours": 1.5, "reason": "part"}),
        ("training", {**alone, "time": 70.0, "event": "refused", "hours": 6.0, "reason": "no_time"}),
        ("training", {"person": 1, "time": 80.0, "event": "released", "hours": 7.5, "reason": "rostered_shift"}),
        ("training", {"person": 9, "modality": "on_ward", "time": 90.0, "event": "booked", "hours": 1.0}),
        ("training", {"person": 9, "modality": "on_ward", "time": 95.0, "event": "attended", "hours": 0.25, "reason": "part"}),
        ("training", {"person": 9, "modality": "on_ward", "time": 96.0, "event": "cancelled", "hours": 0.75, "reason": "no_time"}),
    ]
    return ward(*rows)


def overdue() -> Facts:
    """Five in post on day 400: one done in time, one done late, one expired, one never taught, one asked for lately."""
    day = DAY
    rows: list[tuple[str, dict[str, Any]]] = [("employment", {"person": p}) for p in (1, 2, 3, 4, 5)]
    event = [
        (1, "due", "", 100), (1, "attended", "complete", 150),
        (2, "due", "", 100), (2, "expired", "no_place", 156), (2, "attended", "complete", 300),
        (3, "due", "", 100), (3, "attended", "part", 120), (3, "expired", "no_place", 156),
        (4, "due", "", 0),
        (5, "due", "", 390),
        (6, "due", "", 0),
    ]  # fmt: skip
    rows += [("training", {"person": p, "event": e, "reason": r, "time": t * day}) for p, e, r, t in event]
    return ward(*rows)


def flow() -> Facts:
    """Levels that change half-way; three stays; a readmission in time, one too late, one that cannot be followed."""
    day = DAY
    half = {"present": 12, "on_leave": 2, "waiting": 4, "out_of_area": 3, "delayed": 6, "detained": 9}
    rows: list[tuple[str, dict[str, Any]]] = [
        ("beds", {"time": 50 * day, **half}),
        ("acuity", {"day": 0, "level1": 1, "level2": 2, "level3": 3, "level4": 3, "level5": 1}),
        ("acuity", {"day": 100, "level1": 9, "level2": 0, "level3": 0, "level4": 0, "level5": 0}),
        ("admission", {"time": 0.0, "patient": 1, "route": "census", "key": "0-7-0"}),
        ("admission", {"time": 5 * day, "patient": 2, "wait_min": 0.0, "key": "1-3-0"}),
        ("admission", {"time": 6 * day, "patient": 3, "wait_min": 180.0, "route": "queue", "key": "1-4-0"}),
        ("admission", {"time": 7 * day, "patient": 4, "wait_min": 9000.0, "route": "repatriation", "key": "2-1-0"}),
        ("discharge", {"time": 8 * day, "patient": 2, "admitted": 5 * day, "route": "early"}),
        ("discharge", {"time": 9 * day, "patient": 3, "admitted": 6 * day}),
        ("discharge", {"time": 9.5 * day, "patient": 1, "admitted": -90 * day}),
        ("discharge", {"time": 20 * day, "patient": 4, "admitted": 7 * day}),
        ("discharge", {"time": 20 * day, "patient": 8, "admitted": 7 * day, "place": "out_of_area"}),
        ("admission", {"time": 60 * day, "patient": 5, "wait_min": 60.0, "key": "1-3-1"}),
        ("admission", {"time": 100 * day, "patient": 6, "wait_min": 60.0, "key": "1-4-1"}),
        *(("referral", {"time": 10.0, "patient": i, "outcome": o}) for i, o in enumerate(("queued", "queued", "queued", "diverted", "census"))),
        ("out_of_area", {"time": 50 * day, "event": "placed"}),
        ("out_of_area", {"time": 50 * day, "event": "placed"}),
        ("out_of_area", {"time": 60 * day, "event": "repatriated"}),
    ]
    return ward(*rows)


PRICED = changed(
    QUIET,
    prices__bank_multiple=1.5, prices__agency_multiple=2.0, prices__overtime_multiple=1.5, prices__hour_band5_gbp=20.0,
    prices__hour_band3_gbp=10.0, prices__hour_consultant_gbp=70.0, prices__out_of_area_day_gbp=500.0, prices__property_damage_gbp=100.0,
    prices__police_attendance_gbp=50.0, prices__injury_pay_gbp_per_day=30.0, work__break_minutes=0.0,
    programmes=[
        {"kind": "reporting_culture", "cost_gbp_per_year": 3652.5},
        {"kind": "quality_improvement", "cost_gbp_per_year": 9999.0, "status": "accepted"},
        {"kind": "protected_engagement", "cost_gbp_per_year": 365.25, "sustained": False, "ramp_up_weeks": 4, "start_week": -2},
    ],
)  # fmt: skip
"""Round prices. Additions stay as shipped: band 5 30% and 60%, band 3 35% and 69%."""


def money() -> Facts:
    """Monday is day 0. A nurse and an assistant with contract, a consultant, and one duty of each sort."""
    day = DAY
    rows: list[tuple[str, dict[str, Any]]] = [
        ("employment", {"person": 1}),
        ("employment", {"person": 2, "role": "hca", "band": 3, "wte": 0.5}),
        ("employment", {"person": 3, "role": "doctor", "band": 9, "wte": 0.2}),
        ("absence", {"start": 0.0, "end": 14 * day, "person": 2, "role": "hca", "cause": "parental_other", "hours": 37.5}),
        # Monday 19:00 to 24:00, one hour late: four hours of night; the late hour is overtime
        ("duty", {"start": 19 * HOUR, "end": 25 * HOUR, "planned_end": 24 * HOUR}),
        # Saturday 12:00 to Sunday 02:00: twelve hours of Saturday, two of Sunday
        ("duty", {"start": 5 * day + 12 * HOUR, "end": 6 * day + 2 * HOUR}),
        # extra shift of own staff on Sunday: overtime, no addition
        ("duty", {"start": 6 * day + 8 * HOUR, "end": 6 * day + 14 * HOUR, "contracted": 0}),
        # bank assistant on Tuesday 05:00 to 11:00: one hour of night
        ("duty", {"start": day + 5 * HOUR, "end": day + 11 * HOUR, "person": 9, "role": "hca", "band": 3, "employment": "bank"}),
        # agency nurse on Sunday 10:00 to 15:00
        ("duty", {"start": 6 * day + 10 * HOUR, "end": 6 * day + 15 * HOUR, "person": 10, "employment": "agency"}),
        # before the window
        ("duty", {"start": -10 * HOUR, "end": -1 * HOUR, "person": 10, "employment": "agency"}),
        ("segment", {"start": 20 * HOUR, "end": 21 * HOUR, "kind": "incident_response"}),
        ("segment", {"start": 21 * HOUR, "end": 21.5 * HOUR, "kind": "incident_documentation"}),
        ("training", {"time": day, "event": "attended", "reason": "part", "course": "violence_prevention"}),
        ("training", {"time": 2 * day, "event": "attended", "reason": "complete", "course": "violence_prevention"}),
        ("training", {"time": 2 * day, "event": "attended", "reason": "complete", "course": "life_support", "hours": 5.0}),
        ("beds", {"time": 90 * day, "out_of_area": 2}),
        ("incident", {"time": 5.0, "incident": 1, "type": "objects"}),
        ("incident", {"time": 6.0, "incident": 2, "type": "objects"}),
        ("incident", {"time": 7.0, "incident": 3, "type": "objects", "origin": "away"}),
        ("containment", {"time": 7.0, "incident": 2, "kind": "police"}),
        ("injury", {"time": 7.0, "incident": 2, "days_lost": 4.0}),
        ("injury", {"time": 7.0, "incident": 2, "days_lost": 9.0, "victim": "patient"}),
    ]
    return ward(*rows)


WEEKS = 100.0 / 7.0
BASIC = 37.5 * WEEKS * (20.0 + 0.5 * 10.0 + 0.2 * 70.0) - 0.5 * 37.5 * 10.0
UNSOCIAL = 4 * 6.0 + 12 * 6.0 + 2 * 12.0
OVERTIME = 20.0 * 1.5 * (1.0 + 6.0)
BANKED = 6 * 15.0 + 1 * 3.5
AGENCY = 5 * 40.0 + 5 * 12.0
FEES, PROGRAMMES = 60.0 + 40.0, 1000.0 + 14.0
INCIDENT_CASH = 2 * 100.0 + 50.0 + 4 * 30.0
CASH = BASIC + UNSOCIAL + OVERTIME + BANKED + AGENCY + FEES + PROGRAMMES + 20 * 500.0 + INCIDENT_CASH

_OTHER_TYPES = (
    "sexual_safety", "self_harm", "suicide_attempts", "absconding", "substance_use", "medication_refusal", "medical_emergencies",
)  # fmt: skip

CASES: tuple[Case, ...] = (
    Case(
        "incidents", incidents,
        {
            "assaults_true_per_1000_obd": 3.0, "assaults_reported_per_1000_obd": 2.0,
            "aggression_true_per_1000_obd": 6.0, "aggression_reported_per_1000_obd": 4.0,
            "assaults_on_staff_true_per_1000_obd": 2.0, "assaults_on_staff_reported_per_1000_obd": 2.0,
            "assaults_on_patients_true_per_1000_obd": 1.0, "assaults_on_patients_reported_per_1000_obd": 0.0,
            "serious_aggression_true_per_1000_obd": 3.0, "serious_aggression_reported_per_1000_obd": 3.0,
            "verbal_aggression_true_per_1000_obd": 2.0, "verbal_aggression_reported_per_1000_obd": 1.0,
            "objects_aggression_true_per_1000_obd": 1.0, "objects_aggression_reported_per_1000_obd": 1.0,
            **{f"{name}_true_per_1000_obd": 1.0 for name in _OTHER_TYPES},
            **{f"{name}_reported_per_1000_obd": float(i % 2 == 0) for i, name in enumerate(_OTHER_TYPES)},
            "assaults_reported_share": 200.0 / 3.0, "aggression_reported_share": 400.0 / 6.0,
            "catchment_assaults_true_per_year": 4.0 / YEARS_100, "catchment_assaults_true_per_1000_patient_days": 4.0,
            "assaults_by_escalation": 100.0 / 3.0, "incidents_by_contagion": 100.0 / 6.0, "aggression_noticed": 500.0 / 6.0,
        },
    ),
    Case(
        "people", people,
        {
            "nursing_staff_assaulted_per_year": 200.0 / 3.0, "nursing_staff_assaulted_per_year_tenured": 50.0,
            "nursing_staff_assaulted_per_year_reported": 100.0 / 3.0,
            "nursing_staff_assaulted_per_year_survey": 100.0 * (0.8 + 0.96) / 3.0,
            "nursing_staff_assaulted_per_year_survey_tenured": 40.0,
            "patients_assaulted": 25.0, "patients_violent": 25.0, "patients_aggressive": 50.0, "patients_assaulted_census": 50.0,
            "staff_injuries_per_1000_obd": 0.25, "staff_injury_days_lost_per_year": 8.0 * 365.25 / 400.0,
        },
        days=400.0,
    ),
    Case(
        "responses", responses,
        {
            "restrictive_interventions_per_1000_obd": 4.0, "restraint_per_1000_obd": 2.0, "seclusion_per_1000_obd": 1.0,
            "rapid_tranquillisation_per_1000_obd": 1.0, "low_stimulus_per_1000_obd": 1.0, "prn_per_1000_obd": 1.0,
            "picu_transfer_per_1000_obd": 1.0, "police_per_1000_obd": 1.0,
            "restraint_minutes": 9.0, "restraint_staff_trained": 400.0 / 7.0,
            "first_response_min": 3.0, "team_response_min": 6.0, "de_escalated": 100.0 / 3.0,
            "responders_from_neighbours": 10.0, "medical_emergency_response_min": 3.5,
        },
    ),
    Case(
        "contacts", contacts,
        {
            "one_to_one_min_per_patient_day": 0.124, "no_one_to_one_first_week": 200.0 / 3.0,
            "no_session_of_any_profession_first_week": 100.0 / 3.0,
            # days 1 (patient 1), 8 (patient 4), 9 (patient 2), 20 (patient 50)
            "patient_days_with_one_to_one": 0.4,
            "one_to_one_delivered": 62.5, "one_to_one_cut_short": 25.0, "one_to_one_not_begun": 12.5,
            "one_to_one_sessions_per_patient_week": 0.042, "therapy_min_per_patient_day": 0.05,
            "group_hours_per_patient_week": 7.0 * (4 * 0.5 + 3.0) / 1000.0, "groups_delivered": 50.0, "escorts_delivered": 50.0,
        },
    ),
    Case(
        "minutes", minutes,
        {
            "nurse_time_direct": 195.0 / 5.0, "nurse_time_indirect": 20.0, "nurse_time_service": 5.0, "nurse_time_break": 6.0,
            "nurse_time_study": 10.0, "nurse_time_idle": 20.0, "nurse_time_contact": 165.0 / 5.0, "nurse_time_therapeutic": 16.0,
            "nurse_time_incidents": 5.0, "missed_breaks": 200.0 / 3.0, "work_not_done": 100.0 / 3.0, "work_cut_short": 100.0 / 3.0,
            **{f"tasks_per_patient_day_{kind}": 0.002 for kind in KINDS},
            "round_entries_per_patient_day": 0.018,
            "observation_staff_hours_per_day": 0.015, "constant_observation_hours_per_day": 0.01,
            "time_ledger_residual_min": 0.0, "hazard_at_cap": 0.05,
        },
    ),
    Case(
        "steps", steps,
        {
            **{
                f"{name}_on_time": 60.0
                for name in ("admission_assessment", "physical_check", "investigations", "risk_plan", "care_plan", "first_one_to_one", "weekly_review", "discharge_plan")
            },
            "physical_check_missed": 20.0, "constant_observation_admissions": 25.0,
        },
    ),
    Case(
        "shifts", shifts,
        {
            "fill_rn_day": 90.0, "fill_rn_night": 50.0, "fill_hca_day": 75.0, "fill_hca_night": 100.0,
            "shifts_below_required": 100.0 / 3.0, "shifts_below_two_rn": 200.0 / 3.0,
            "extra_staff_requests_per_week": 0.28, "extra_staff_requests_refused": 75.0,
            "extra_staff_requested_per_week": 0.07, "staff_lent_per_week": 0.07, "gaps_offered_per_week": 0.7,
            "gaps_filled_own_staff": 10.0, "gaps_filled_bank": 30.0, "gaps_filled_agency": 10.0, "gaps_filled_unfilled": 50.0,
            "team_familiarity": 70.0, "team_fatigue": 0.2, "team_multidisciplinary": 0.0,
            "team_skill_violence": 30.0,
            **{f"team_skill_{s}": 50.0 for s in ("de_escalation", "suicide", "life_support", "dual_diagnosis", "sexual_safety")},
            "programme_fidelity": 60.0,
        },
    ),
    Case(
        "workers", workers,
        {
            "care_hours_per_patient_day": 0.04, "care_hours_rn_per_patient_day": 0.021,
            "temporary_share": 42.5, "agency_share": 15.0, "overtime_share": 18.75, "registered_share": 52.5,
            "late_finish_hours_per_week": 0.5 / WEEKS, "team_multidisciplinary": 480.0 / (100 * DAY),
            "unavailability": 100 * 105.0 / WORKERS_CONTRACT, "sickness": 100 * 37.5 / WORKERS_CONTRACT,
            "absence_annual_leave": 100 * 50.0 / WORKERS_CONTRACT, "absence_sickness": 100 * 30.0 / WORKERS_CONTRACT,
            "absence_injury": 100 * 7.5 / WORKERS_CONTRACT, "absence_parental_other": 100 * 10.0 / WORKERS_CONTRACT,
            "absence_study": 100 * 7.5 / WORKERS_CONTRACT,
            "contracted_hours_accounted": 100 * (15.5 + 105.0) / WORKERS_CONTRACT,
            "turnover_rn": 100.0 / 1.5 / YEARS_100, "turnover_hca": 0.0, "vacancy_rn": 62.5, "vacancy_hca": 50.0,
            "nursing_in_post_wte": 2.0,
            "leave_owed_days_per_wte": (0.2 * 255 + 0.2 * 217.5 + 0.1 * 202.5 + 0.3 * 187.5 + 0.2 * 262.5) / 7.5 / 2.0,
            "leave_given_back_hours_per_wte": 37.5 / 2.0 / YEARS_100, "leave_lost_hours_per_wte": 15.0 / 2.0 / YEARS_100,
        },
    ),
    Case(
        "courses", courses,
        {
            "training_compliance": 100.0 * 44 / 80,
            **{
                f"training_compliance_{n}": 90.0 if n == "life_support" else 50.0
                for n in ("violence_prevention", "de_escalation", "suicide_safety", "life_support", "dual_diagnosis", "sexual_safety", "induction", "other_mandatory")
            },
            "training_hours_planned_per_wte": 8.0 / 8.0 * 365.25 / 7.0,
            "training_hours_delivered_per_wte": (7.5 * 3 + 1.5 + 0.25) / 8.0 / YEARS_100,
            "training_hours_missing_per_wte": 365.25 / 7.0 - 24.25 / 8.0 / YEARS_100,
            "training_release_honoured": 100.0 * 22.75 / (22.75 + 15.75),
            "training_refused": 100.0 * 4 / 7, "training_refused_cover_short": 100.0 / 7, "training_refused_no_place": 100.0 / 7,
            "training_refused_release_not_allowed": 100.0 / 7, "training_refused_no_time": 100.0 / 7,
            "training_cancelled": 50.0, "training_cancelled_recalled_short": 25.0, "training_cancelled_sick": 25.0,
            "training_backfilled": 50.0,
        },
    ),
    Case("overdue", overdue, {"staff_missing_mandatory_training": 40.0}, days=400.0),
    Case(
        "flow", flow,
        {
            "occupancy": 55.0, "occupancy_with_leave": 60.0, "occupied_bed_days_per_year": 1100.0 / YEARS_100,
            "stay_mean_days": (3.0 + 3.0 + 99.5 + 13.0) / 4.0, "stay_median_days": 8.0, "stay_over_90_days": 25.0,
            "delayed_patients": 100.0 * 6 / 22, "detained_patients": 100.0 * 9 / 22, "high_acuity_patients": 40.0,
            "admissions_per_week": 4.0 / WEEKS, "referrals_per_week": 4.0 / WEEKS, "referrals_diverted": 25.0,
            "wait_for_bed_hours": 240.0 / 60.0 / 3.0, "patients_waiting": 2.0, "out_of_area_days_per_year": 150.0 / YEARS_100,
            "out_of_area_placements_per_year": 2.0 / YEARS_100,
            # followed: patients 2 (back on day 60), 3 (back after 91 days) and 1
            "readmission_90_days": 100.0 / 3.0, "discharged_early": 25.0,
        },
    ),
    Case(
        "money", money,
        {
            "cost_substantive_basic_per_year": BASIC / YEARS_100, "cost_substantive_unsocial_per_year": UNSOCIAL / YEARS_100,
            "cost_substantive_overtime_per_year": OVERTIME / YEARS_100,
            "cost_substantive_per_year": (BASIC + UNSOCIAL + OVERTIME) / YEARS_100,
            "cost_bank_per_year": BANKED / YEARS_100, "cost_agency_per_year": AGENCY / YEARS_100,
            "cost_course_fees_per_year": FEES / YEARS_100, "cost_programmes_per_year": PROGRAMMES / YEARS_100,
            "cost_courses_per_year": (FEES + PROGRAMMES) / YEARS_100, "cost_out_of_area_per_year": 20 * 500.0 / YEARS_100,
            "cost_property_per_year": 200.0 / YEARS_100, "cost_police_per_year": 50.0 / YEARS_100,
            "cost_injury_pay_per_year": 120.0 / YEARS_100, "cost_incident_cash_per_year": INCIDENT_CASH / YEARS_100,
            "cost_total_per_year": CASH / YEARS_100, "cost_per_obd": CASH / 1000.0,
            "opportunity_training_hours": 20.0 / YEARS_100, "opportunity_incident_hours": 1.5 / YEARS_100,
        },
        scenario=PRICED,
    ),
)  # fmt: skip

RATED = ("safety_rating", "safety_points")
"""Covered in test_rating, which goes through the thresholds of these."""

