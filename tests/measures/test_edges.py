"""Moments exactly on an edge: of the window, of a stay, of a week, of a day. Each row says which side it falls on."""

from __future__ import annotations

from math import isnan
from typing import Any

import pytest

from tests.measures.hand import NAN, PARAMETERS, QUIET, values, ward
from wardsim.measures import measure
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts

WEEK = 7 * DAY
FIVE, SIX, TEN = 5 * DAY, 6 * DAY, 10 * DAY
"""The window of these tests is from day 5 to day 10 unless said otherwise."""


def window(facts: Facts, start: float = FIVE, end: float = TEN, **options: Any):
    return measure(facts, QUIET, PARAMETERS, start, end, **options)


def top(facts: Facts, name: str, *edges: float, **options: Any) -> float:
    """Numerator of a measure."""
    return window(facts, *edges, **options)[name].numerator


def session(patient: int, at: float, minutes: float = 20.0, **given: Any) -> tuple[str, dict[str, Any]]:
    return "task", {"kind": "one_to_one", "patient": patient, "started": at, "delivered_min": minutes, **given}


# -- sessions ---------------------------------------------------------------------------------------------------------------


def test_sessions_from_ten_minutes_begun_in_the_window():
    facts = ward(
        session(1, FIVE), session(1, TEN - 1.0), session(1, SIX, 10.0),
        session(1, FIVE - 1.0), session(1, TEN), session(1, SIX, 9.9), session(1, NAN, 20.0, ended=SIX),
        ("task", {"kind": "therapy_session", "patient": 1, "started": SIX, "delivered_min": 30.0}),
    )  # fmt: skip
    got = window(facts)["one_to_one_sessions_per_patient_week"]
    assert (got.numerator, got.denominator, got.value) == (3.0, 50.0, pytest.approx(7 * 3 / 50))


def test_a_day_counts_once_a_patient_and_only_days_that_end_in_the_window():
    facts = ward(session(1, FIVE), session(1, FIVE + 700.0), session(2, FIVE + 700.0), session(1, SIX), session(1, TEN))
    name = "patient_days_with_one_to_one"
    got = window(facts, FIVE, TEN + 600.0)[name]
    assert (got.numerator, got.denominator) == (3.0, 50.0), "day 10 has not ended when the window does"
    assert top(facts, name, FIVE, TEN + DAY) == 4.0
    assert top(facts, name, FIVE, SIX) == 2.0


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (600.0, 900.0, 5),  # out and back in the day
        (600.0, 1440.0, 4),  # back exactly at midnight: counted before it
        (600.0, 2000.0, 4),  # over the midnight that ends day 5
        (1440.0, 2000.0, 5),  # left exactly at midnight
        (1439.0, 1441.0, 4),
        (600.0, 2 * 1440.0 + 10.0, 3),  # over two midnights
        (600.0, 4 * 1440.0, 1),
        (600.0, 1e9, 0),  # never back
        (600.0 - 3 * 1440.0, 10.0, 5),  # back on day 5
        (600.0 - 3 * 1440.0, 1440.0, 4),
    ],
)
def test_leave_over_a_midnight_takes_the_day_away(start: float, end: float, days: int):
    """One session at noon of each of the five days."""
    sessions = [session(1, day * DAY + 720.0) for day in range(5, 10)]
    leave = ("leave", {"start": FIVE + start, "end": FIVE + end, "patient": 1})
    name = "patient_days_with_one_to_one"
    assert top(ward(*sessions, leave), name) == days
    assert top(ward(*sessions, ("leave", {**leave[1], "patient": 2})), name) == 5.0


def test_leave_before_time_zero_counts_alike():
    rows = [session(1, -2 * DAY + 720.0), ("leave", {"start": -2 * DAY + 900.0, "end": -DAY + 600.0, "patient": 1})]
    assert top(ward(*rows), "patient_days_with_one_to_one", -FIVE, 0.0) == 0.0
    assert top(ward(rows[0]), "patient_days_with_one_to_one", -FIVE, 0.0) == 1.0


def test_discharge_takes_its_own_day_away():
    sessions = [session(1, day * DAY + 720.0) for day in range(5, 10)]
    name = "patient_days_with_one_to_one"
    for when, days in ((SIX + 900.0, 4), (SIX, 4), (SIX - 1.0, 4), (TEN, 5)):
        gone = ("discharge", {"time": when, "patient": 1, "admitted": 0.0})
        assert top(ward(*sessions, gone), name) == days
        assert top(ward(*sessions, ("discharge", {**gone[1], "patient": 2})), name) == 5.0


NAME = "no_one_to_one_first_week"


def first_week(*rows: tuple[str, dict[str, Any]], until: float = 100 * DAY, **admission: Any) -> tuple[float, float]:
    """Newcomers without a session, and newcomers, of one admission at the start of day 6."""
    given = {"time": SIX, "patient": 1, **admission}
    got = window(ward(("admission", given), *rows), observed=(0.0, until))[NAME]
    return got.numerator, got.denominator


def test_a_session_in_the_first_seven_days():
    assert first_week() == (1.0, 1.0)
    assert first_week(session(1, SIX)) == (0.0, 1.0)
    assert first_week(session(1, SIX + WEEK - 1.0)) == (0.0, 1.0)
    assert first_week(session(1, SIX + WEEK)) == (1.0, 1.0)
    assert first_week(session(1, SIX - 1.0)) == (1.0, 1.0)
    assert first_week(session(2, SIX)) == (1.0, 1.0)
    assert first_week(session(1, SIX + WEEK), session(1, SIX)) == (0.0, 1.0)


def test_who_is_followed_for_a_first_week():
    assert first_week(until=SIX + WEEK) == (1.0, 1.0)
    assert first_week(until=SIX + WEEK - 1.0) == (0.0, 0.0)
    assert first_week(route="queue") == (1.0, 1.0)
    for route in ("census", "repatriation"):
        assert first_week(route=route) == (0.0, 0.0)
    for at, followed in ((FIVE, 1.0), (FIVE - 1.0, 0.0), (TEN - 1.0, 1.0), (TEN, 0.0)):
        assert first_week(time=at)[1] == followed


@pytest.mark.parametrize(
    ("after", "followed"), [(-1.0, 1.0), (0.0, 0.0), (1.0, 0.0), (WEEK - 1.0, 0.0), (WEEK, 1.0), (WEEK + 1.0, 1.0)]
)
def test_who_left_within_the_week_is_not_followed(after: float, followed: float):
    gone = {"time": SIX + after, "patient": 1, "admitted": 0.0}
    assert first_week(("discharge", gone))[1] == followed
    assert first_week(("discharge", gone | {"patient": 2}))[1] == 1.0
    later = ("discharge", gone | {"time": SIX + 2 * WEEK})
    assert first_week(("discharge", gone), later)[1] == first_week(later, ("discharge", gone))[1] == followed


def test_therapists_count_for_the_measure_of_every_profession_only():
    therapy = ("task", {"kind": "therapy_session", "patient": 1, "started": SIX + 60.0, "delivered_min": 50.0})
    facts = ward(("admission", {"time": SIX, "patient": 1}), ("admission", {"time": SIX, "patient": 2}), therapy, session(2, SIX))
    got = window(facts, observed=(0.0, 100 * DAY))
    name = "no_session_of_any_profession_first_week"
    assert (got[NAME].value, got[name].value) == (50.0, 0.0)


def test_minutes_are_cut_to_the_window():
    facts = ward(
        ("duty", {"start": FIVE - 60.0, "end": FIVE + 60.0, "person": 9, "role": "psychologist", "band": 8}),
        ("segment", {"start": FIVE - 30.0, "end": FIVE + 20.0, "person": 9, "role": "psychologist", "kind": "therapy_session"}),
        ("segment", {"start": FIVE + 20.0, "end": FIVE + 50.0, "person": 9, "role": "psychologist"}),
        ("group", {"start": TEN - 30.0, "end": TEN + 60.0, "kind": "group", "patients": (1, 2, 3, 4)}),
        ("group", {"start": SIX, "end": SIX + 60.0, "kind": "group", "patients": (1,)}),
    )
    assert top(facts, "therapy_min_per_patient_day") == 20.0
    assert top(facts, "group_hours_per_patient_week") == 3.0


def outcome(kind: str, ended: float, what: str) -> tuple[str, dict[str, Any]]:
    return "task", {"kind": kind, "ended": ended, "outcome": what}


def test_outcomes_count_when_they_fall_in_the_window_and_were_not_taken_back():
    rows = [outcome(kind, SIX, what) for kind, what in (
        *(("one_to_one", w) for w in ("done", "done", "cut_short", "not_done", "not_done", "not_done", "cancelled")),
        *(("group", w) for w in ("done", "cut_short", "not_done", "cancelled")),
        *(("escort", w) for w in ("done", "done", "cut_short", "not_done", "cancelled")),
    )]  # fmt: skip
    edges = [outcome(kind, at, "done") for kind in ("one_to_one", "group", "escort") for at in (FIVE - 1.0, TEN)]
    got = window(ward(*rows, *edges))
    expected = {
        "one_to_one_delivered": (2.0, 6.0), "one_to_one_cut_short": (1.0, 6.0), "one_to_one_not_begun": (3.0, 6.0),
        "groups_delivered": (1.0, 3.0), "escorts_delivered": (2.0, 4.0),
    }  # fmt: skip
    assert {name: (got[name].numerator, got[name].denominator) for name in expected} == expected


# -- who is assaulted -------------------------------------------------------------------------------------------------------

YEAR = 365 * DAY
CENSUS = 400 * DAY
STAFF = "nursing_staff_assaulted_per_year"


def hits(*rows: tuple[str, dict[str, Any]], begin: float = 0.0, observed: float = 0.0, which: str = "") -> tuple[float, float]:
    """Nurses assaulted and nurses in post, of one nurse with number 1 and a census at the end of day 400."""
    facts = ward(("employment", {"time": begin, "person": 1}), *rows)
    got = window(facts, 300 * DAY, CENSUS, observed=(observed, CENSUS))[f"{STAFF}{which}"]
    return got.numerator, got.denominator


def assault(at: float, number: int = 7, **given: Any) -> tuple[str, dict[str, Any]]:
    return "incident", {"time": at, "incident": number, "victim": "staff", "victim_person": 1, **given}


def test_the_last_twelve_months_hold_their_first_minute_and_not_their_last():
    since = CENSUS - YEAR
    for at, hit in ((since, 1.0), (since - 1.0, 0.0), (CENSUS - 1.0, 1.0), (CENSUS, 0.0)):
        assert hits(assault(at)) == (hit, 1.0)


def test_whose_assaults_count():
    assert hits(assault(CENSUS - DAY, type="verbal")) == (0.0, 1.0)
    assert hits(assault(CENSUS - DAY, victim="patient")) == (0.0, 1.0)
    assert hits(assault(CENSUS - DAY, origin="away")) == (0.0, 1.0)
    assert hits(assault(CENSUS - DAY, victim_person=2)) == (0.0, 1.0)
    report = ("report", {"time": CENSUS - DAY, "incident": 7})
    for rows, reported in (((), 0.0), ((report,), 1.0)):
        assert hits(assault(CENSUS - DAY), *rows, which="_reported") == (reported, 1.0)
    assert hits(assault(CENSUS - DAY, origin="away"), report, which="_reported") == (0.0, 1.0)
    assert hits(assault(CENSUS, number=7), report, which="_reported") == (0.0, 1.0)


def test_a_survey_forgets_some_assaults():
    """Each of two assaults is recalled with 0.8, so one of them at least with 0.96."""
    rows = [assault(CENSUS - DAY, number) for number in (7, 8)]
    assert hits(*rows, which="_survey") == (pytest.approx(0.96), 1.0)
    assert hits(*rows[:1], which="_survey_tenured") == (pytest.approx(0.8), 1.0)
    assert hits(which="_survey") == (0.0, 1.0)


def test_who_is_in_post_on_the_census_day():
    left = {"person": 1, "event": "left"}
    assert hits(begin=CENSUS) == (0.0, 0.0)
    assert hits(begin=CENSUS - 1.0) == (0.0, 1.0)
    assert hits(("employment", {"time": CENSUS, **left})) == (0.0, 1.0)
    assert hits(("employment", {"time": CENSUS - 1.0, **left})) == (0.0, 0.0)
    for begin, long in ((CENSUS - YEAR, 1.0), (CENSUS - YEAR + 1.0, 0.0)):
        assert hits(begin=begin, which="_tenured") == (0.0, long)


def test_twelve_months_must_have_been_measured():
    assert hits(observed=CENSUS - YEAR) == (0.0, 1.0)
    short = window(ward(), 300 * DAY, CENSUS, observed=(CENSUS - 363.6 * DAY, CENSUS))[STAFF]
    assert isnan(short.value)
    assert short.reason == "needs 365 measured days before the census day; there are 364"


PATIENTS = ("patients_assaulted", "patients_violent", "patients_aggressive", "patients_assaulted_census")


def struck(*rows: tuple[str, dict[str, Any]], left: float | None = SIX, **discharge: Any) -> dict[str, tuple[float, float]]:
    """Numerators and denominators for one patient admitted on day 2 who leaves on day 6 (None: stays)."""
    stay = [("admission", {"time": 2 * DAY, "patient": 1})]
    if left is not None:
        stay.append(("discharge", {"time": left, "patient": 1, "admitted": 2 * DAY, **discharge}))
    got = window(ward(*stay, *rows))
    return {name: (got[name].numerator, got[name].denominator) for name in PATIENTS}


def hurt(at: float, **given: Any) -> tuple[str, dict[str, Any]]:
    return "incident", {"time": at, "incident": 7, "patient": 50, "victim": "patient", "victim_person": 1, **given}


def test_a_stay_holds_its_first_and_last_minute():
    for at, hit in ((2 * DAY, 1.0), (2 * DAY - 1.0, 0.0), (SIX, 1.0), (SIX + 1.0, 0.0)):
        assert struck(hurt(at))["patients_assaulted"] == (hit, 1.0)
        by = {"patient": 1, "victim": "staff", "victim_person": 3}
        assert struck(hurt(at, **by))["patients_violent"] == (hit, 1.0)
        got = struck(hurt(at, type="verbal", **by))
        assert (got["patients_aggressive"], got["patients_violent"]) == ((hit, 1.0), (0.0, 1.0))
        assert got["patients_assaulted"] == (0.0, 1.0)


def test_assaults_elsewhere_or_on_somebody_else_are_not_of_this_stay():
    for given in ({"origin": "away"}, {"victim": "staff"}, {"victim_person": 2}, {"type": "verbal"}):
        assert struck(hurt(3 * DAY, **given))["patients_assaulted"] == (0.0, 1.0)
    for given in ({"origin": "away"}, {"patient": 2}, {"type": "self_harm"}):
        got = struck(hurt(3 * DAY, **{"patient": 1, **given}))
        assert (got["patients_violent"], got["patients_aggressive"]) == ((0.0, 1.0), (0.0, 1.0))


def test_who_left_in_the_window_and_who_is_there_at_its_end():
    for left, gone, there in ((FIVE, 1.0, 0.0), (FIVE - 1.0, 0.0, 0.0), (TEN - 1.0, 1.0, 0.0), (TEN, 0.0, 1.0), (None, 0.0, 1.0)):
        got = struck(hurt(3 * DAY), left=left)
        assert got["patients_assaulted"] == (gone, gone)
        assert got["patients_assaulted_census"] == (there, there)
    assert struck(hurt(TEN), left=None)["patients_assaulted_census"] == (1.0, 1.0)
    assert struck(hurt(TEN + 1.0), left=None)["patients_assaulted_census"] == (0.0, 1.0)
    assert struck(place="out_of_area")["patients_assaulted"] == (0.0, 0.0)


def test_who_comes_at_the_very_end_is_not_there_yet():
    got = window(ward(("admission", {"time": TEN, "patient": 2}), ("admission", {"time": TEN - 1.0, "patient": 3})))
    assert got["patients_assaulted_census"].denominator == 1.0


def test_a_resident_of_the_first_day_came_earlier_than_the_run_says():
    """Written as admitted at minute 0; the discharge knows that the stay began five days before."""
    rows = [("admission", {"time": 0.0, "patient": 1}), ("discharge", {"time": SIX, "patient": 1, "admitted": -FIVE}), hurt(-DAY)]
    assert top(ward(*rows), "patients_assaulted") == 1.0
    unknown = [("discharge", {"time": SIX, "patient": 1, "admitted": DAY}), hurt(DAY)]
    assert top(ward(*unknown), "patients_assaulted") == 1.0
    assert top(ward(unknown[0], hurt(DAY - 1.0)), "patients_assaulted") == 0.0


def test_a_second_stay_is_another_stay():
    rows = [
        ("admission", {"time": 2 * DAY, "patient": 1}), ("discharge", {"time": SIX, "patient": 1, "admitted": 2 * DAY}),
        ("discharge", {"time": 8 * DAY, "patient": 1, "admitted": 7 * DAY}), hurt(7.5 * DAY),
    ]  # fmt: skip
    got = window(ward(*rows))["patients_assaulted"]
    assert (got.numerator, got.denominator) == (1.0, 2.0)


def test_injuries_of_staff_in_the_window():
    rows = [
        ("injury", {"time": at, "incident": 1, "days_lost": lost, "victim": who})
        for at, lost, who in ((FIVE, 3.0, "staff"), (FIVE - 1.0, 50.0, "staff"), (TEN, 70.0, "staff"), (SIX, 9.0, "patient"))
    ]
    got = window(ward(*rows))
    assert got["staff_injuries_per_1000_obd"][:3] == (20.0, 1.0, 50.0)
    assert got["staff_injury_days_lost_per_year"].value == pytest.approx(3.0 * 365.25 / 5.0)


# -- incidents and what answered them ---------------------------------------------------------------------------------------


def test_an_incident_counts_in_the_window_that_holds_it():
    """Each fact outside the window or away would change its count by one."""
    kinds = ("assault", "verbal", "objects")
    rows: list[tuple[str, dict[str, Any]]] = []
    for i, kind in enumerate(kinds):
        given = {"type": kind, "origin": ("escalation", "contagion", "direct")[i], "victim": "staff", "noticed": 1}
        rows += [("incident", {"time": at, "incident": 10 * i + n, **given}) for n, at in enumerate((FIVE, FIVE - 1.0, TEN))]
        rows.append(("incident", {"time": SIX, "incident": 10 * i + 4, **given, "origin": "away"}))
        rows += [("report", {"time": SIX, "incident": 10 * i + n}) for n in range(5)]
    rows.append(("incident", {"time": SIX, "incident": 99, "noticed": 0, "victim": "patient"}))
    rows.append(("beds", {"time": FIVE, "out_of_area": 2}))
    got = window(ward(*rows))
    expected = {
        "assaults_true_per_1000_obd": (40.0, 2.0, 50.0), "assaults_reported_per_1000_obd": (20.0, 1.0, 50.0),
        "aggression_true_per_1000_obd": (80.0, 4.0, 50.0), "aggression_reported_per_1000_obd": (60.0, 3.0, 50.0),
        "assaults_on_staff_true_per_1000_obd": (20.0, 1.0, 50.0), "assaults_on_patients_true_per_1000_obd": (20.0, 1.0, 50.0),
        "assaults_on_patients_reported_per_1000_obd": (0.0, 0.0, 50.0),
        "assaults_reported_share": (50.0, 1.0, 2.0), "aggression_reported_share": (75.0, 3.0, 4.0),
        "assaults_by_escalation": (50.0, 1.0, 2.0), "incidents_by_contagion": (25.0, 1.0, 4.0),
        "aggression_noticed": (75.0, 3.0, 4.0),
        "catchment_assaults_true_per_1000_patient_days": (50.0, 3.0, 60.0),
    }  # fmt: skip
    assert {name: got[name][:3] for name in expected} == expected
    assert got["catchment_assaults_true_per_year"].value == pytest.approx(3.0 * 365.25 / 5.0)


@pytest.mark.parametrize("fact", ["injury", "restraint", "harm", "weapon", "seclusion", "nothing"])
def test_what_makes_aggression_serious(fact: str):
    given = {fact: 1} if fact in ("harm", "weapon") else {}
    rows: list[tuple[str, dict[str, Any]]] = [("incident", {"time": SIX, "incident": 3, "type": "verbal", **given})]
    if fact == "injury":
        rows.append(("injury", {"time": SIX, "incident": 3}))
    if fact in ("restraint", "seclusion"):
        rows.append(("containment", {"time": SIX, "incident": 3, "kind": fact}))
    serious = float(fact in ("injury", "restraint", "harm", "weapon"))
    assert top(ward(*rows), "serious_aggression_true_per_1000_obd") == serious
    rows[0][1]["type"] = "self_harm"
    assert top(ward(*rows), "serious_aggression_true_per_1000_obd") == 0.0


def test_answers_to_incidents_of_the_window():
    """Numbers 1 to 3 are aggression in the window, 4 an emergency, 5 self-harm, 6 aggression before it."""
    times = {1: FIVE, 2: SIX, 3: SIX, 4: SIX, 5: SIX, 6: FIVE - 1.0}
    types = {1: "verbal", 2: "assault", 3: "objects", 4: "medical_emergency", 5: "self_harm", 6: "verbal"}
    answers = {
        1: (2.0, 6.0, 4, 1, 1), 2: (5.0, NAN, 2, 0, 0), 3: (NAN, NAN, 0, 0, 1), 4: (1.0, 4.0, 2, 1, 0), 5: (0.1, 0.1, 9, 9, 1),
        6: (0.1, 0.1, 9, 9, 1),
    }  # fmt: skip
    rows: list[tuple[str, dict[str, Any]]] = [("incident", {"time": times[i], "incident": i, "type": types[i]}) for i in times]
    for i, (first, team, people, others, talked) in answers.items():
        rows.append(("response", {"incident": i, "first_arrival_min": first, "team_arrival_min": team, "team": people,
                                  "from_neighbours": others, "de_escalated": talked}))  # fmt: skip
    got = window(ward(*rows))
    assert got["first_response_min"].value == 5.0, "nobody coming is later than any time"
    assert got["team_response_min"].value == 6.0
    assert got["de_escalated"][:3] == (pytest.approx(200.0 / 3.0), 2.0, 3.0)
    assert got["responders_from_neighbours"][:3] == (25.0, 2.0, 8.0)
    assert got["medical_emergency_response_min"].value == 4.0


def test_containment_of_the_window_by_kind():
    kinds = {"restraint": 2, "seclusion": 3, "rapid_tranquillisation": 4, "low_stimulus": 5, "prn": 6, "picu_transfer": 7, "police": 8}
    rows = [
        ("containment", {"time": FIVE, "kind": kind, "minutes": 4.0 + n, "people": 3 + n, "trained": 1 + n})
        for kind, count in kinds.items()
        for n in range(count)
    ]
    rows += [("containment", {"time": at, "kind": kind, "minutes": 99.0, "people": 9}) for kind in kinds for at in (FIVE - 1.0, TEN)]
    got = window(ward(*rows))
    for kind, count in kinds.items():
        assert got[f"{kind}_per_1000_obd"][:3] == (20.0 * count, float(count), 50.0)
    assert got["restrictive_interventions_per_1000_obd"][:3] == (180.0, 9.0, 50.0)
    assert got["restraint_minutes"][:3] == (4.5, 9.0, 2.0)
    assert got["restraint_staff_trained"][:3] == (pytest.approx(300.0 / 7.0), 3.0, 7.0)


def test_ten_incidents_of_a_hundred_days_are_ten_a_thousand_bed_days():
    facts = ward(*(("incident", {"time": i * DAY, "incident": i}) for i in range(10)))
    assert values(facts)["assaults_true_per_1000_obd"].value == 10.0
