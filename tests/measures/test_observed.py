"""Observation operators at their edges: nobody leaves, nobody stays fourteen days, nothing is known; and what each channel must obey."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from tests.measures.hand import PARAMETERS, QUIET, changed, values, ward
from tests.measures.observed_cases import incident, newcomers, records, reports
from wardsim.measures import MEASURES, measure
from wardsim.measures.followed import Followed, any_of
from wardsim.measures.observed_work import minutes_by_day
from wardsim.ward.core.clock import DAY, HOUR
from wardsim.ward.core.facts import Facts

NAMES = [name for name, declared in MEASURES.items() if declared.group == "observed"]
NOTES = [name for name in NAMES if name.startswith("observed_notes")]
FORTNIGHT = [name for name in NOTES if name != "observed_notes_de_escalation_ended"]
STAYS = [
    "observed_form_patients_aggressive", "observed_form_patients_assaultive", "observed_stays_with_serious_aggression",
    "observed_stays_over_365_days",
]  # fmt: skip


def with_parameters(facts: Facts, days: float = 100.0, scenario=QUIET, **shares: float):
    return measure(facts, scenario, {**PARAMETERS, **{k.replace("__", "."): v for k, v in shares.items()}}, 0.0, days * DAY)


# -- edges ------------------------------------------------------------------------------------------------------------------------


def test_a_quiet_ward_has_a_reason_for_every_operator_that_is_not_known():
    got = values(ward())
    for name in NAMES:
        assert isnan(got[name].value) == bool(got[name].reason), name
    assert {got[name].reason for name in FORTNIGHT} == {"nobody admitted in the window had 14 days in the measured run"}
    assert {got[name].reason for name in STAYS} == {"nobody left the ward in the window"}


def test_nobody_leaves():
    """Newcomers are followed for fourteen days all the same."""
    facts = ward(("admission", {"time": 0.0, "patient": 1}), incident(1, 1, 13.9), incident(2, 1, 14.0))
    got = values(facts)
    assert got["observed_notes_aggression_per_patient_14d"].value == 0.5
    assert got["observed_notes_aggression_per_1000_days_14d"].denominator == 14.0
    assert {got[name].reason for name in STAYS} == {"nobody left the ward in the window"}


def test_nobody_stays_fourteen_days():
    """Three patients of two days each: all count, for the days they were there; an incident after leaving does not."""
    rows = []
    for who in (1, 2, 3):
        rows.append(("admission", {"time": who * DAY, "patient": who}))
        rows.append(("discharge", {"time": (who + 2) * DAY, "patient": who, "admitted": who * DAY}))
        rows.append(incident(who, who, who + 1.0, "assault"))
        rows.append(incident(10 + who, who, who + 2.0, "assault"))
    got = values(ward(*rows))
    per_patient = got["observed_notes_aggression_per_patient_14d"]
    assert (per_patient.numerator, per_patient.denominator) == (3.0, 3.0)
    assert got["observed_notes_aggression_per_1000_days_14d"].value == pytest.approx(500.0)


def test_fourteen_days_must_lie_in_the_measured_run_not_in_the_window():
    facts = ward(("admission", {"time": 9.0 * DAY, "patient": 1}), incident(1, 1, 20.0, "assault"))
    short = measure(facts, QUIET, PARAMETERS, 0.0, 10.0 * DAY)["observed_notes_assaults_per_patient_14d"]
    assert short.reason
    followed_on = measure(facts, QUIET, PARAMETERS, 0.0, 10.0 * DAY, observed=(0.0, 23.0 * DAY))
    assert followed_on["observed_notes_assaults_per_patient_14d"].value == 1.0
    one_day_less = measure(facts, QUIET, PARAMETERS, 0.0, 10.0 * DAY, observed=(0.0, 22.9 * DAY))
    assert one_day_less["observed_notes_assaults_per_patient_14d"].reason


def test_somebody_who_left_before_being_admitted_again_is_followed_from_admission():
    facts = ward(
        ("discharge", {"time": 2.0 * DAY, "patient": 1, "admitted": -5.0 * DAY}),
        ("admission", {"time": 10.0 * DAY, "patient": 1}), incident(1, 1, 12.0, "assault"),
    )  # fmt: skip
    assert values(facts)["observed_notes_assaults_per_patient_14d"].value == 1.0


def test_a_ward_of_which_nothing_is_known():
    got = measure(Facts(), QUIET, PARAMETERS, 0.0, DAY)
    for name in NAMES:
        assert isnan(got[name].value) == bool(got[name].reason), name


def test_months_need_a_quarter_of_a_year():
    assert values(reports(), days=91.0)["observed_assault_reports_dispersion_month"].reason == "needs three whole months"
    assert values(reports(), days=91.4)["observed_assault_reports_dispersion_month"].value == 1.0


def test_a_survey_of_a_year_needs_a_year():
    assert values(records(), days=364.0)["observed_missing_training_for_cover"].reason.startswith("needs 365 measured days")


def test_who_is_in_date_does_not_wait_for_the_first_course():
    """A refresher as long as the first course is asked for before the certificate ends: nobody is counted twice."""
    due = ("training", {"course": "violence_prevention", "hours": 30.0, "time": 0.0, "event": "due"})
    count = {"time": 7 * DAY, "course": "violence_prevention", "needed": 3}
    all_in_date = values(ward(*(("training", {**due[1], "person": i}) for i in (1, 2)), ("compliance", {**count, "in_date": 3})))
    one_out = values(ward(*(("training", {**due[1], "person": i}) for i in (1, 2)), ("compliance", {**count, "in_date": 2})))
    names = ("observed_restraint_course_initial", "observed_restraint_course_refresher")
    assert [all_in_date[name].value for name in names] == [100.0, 100.0]
    assert [one_out[name].value for name in names] == pytest.approx([200 / 3, 100.0])


# -- channels -----------------------------------------------------------------------------------------------------------------------


def test_what_nobody_noticed_is_in_no_channel():
    facts = newcomers()
    blind = Facts()
    blind.beds.extend(facts.beds)
    for table in ("admission", "discharge"):
        blind.table(table).extend(facts.table(table))
    at = [i for i, row in enumerate(facts.incident)]
    blind.incident.extend(tuple(0 if place == 8 else x for place, x in enumerate(facts.incident[i])) for i in at)
    got = values(blind)
    for name in ("observed_notes_aggression_per_patient_14d", "observed_notes_patients_verbal_14d", "observed_form_aggression_per_1000_days"):
        assert got[name].value == 0.0
    assert got["observed_form_bodily_harm"].reason


def test_a_channel_that_holds_everything_shows_what_was_noticed():
    """All shares 1: the form holds every noticed aggression, whether with harm or without."""
    full = {f"recording__{channel}_{kind}_share": 1.0 for channel in ("notes", "form") for kind in ("verbal", "objects", "assault")}
    got = with_parameters(newcomers(), **full)
    assert got["observed_form_aggression_per_1000_days"].value == 10.0  # eleven here, one of them not noticed
    assert got["observed_notes_aggression_per_patient_14d"].value == pytest.approx(6 / 3)
    assert got["observed_notes_patients_verbal_14d"].value == pytest.approx(100 / 3)


def test_a_channel_that_holds_nothing_shows_nothing():
    none = {f"recording__form_{kind}_share": 0.0 for kind in ("verbal", "objects", "assault")}
    got = with_parameters(newcomers(), **none)
    assert got["observed_form_aggression_per_1000_days"].value == 0.0
    assert got["observed_form_patients_aggressive"].value == 0.0


def test_harm_raises_the_odds_of_a_form_and_only_of_an_assault():
    level = with_parameters(newcomers(), reporting__harm_log_odds=0.0)
    assert level["observed_form_assaults_per_1000_days"].value == pytest.approx(2.0)
    verbal = ward(incident(1, 1, 1.0, harm=1))
    assert with_parameters(verbal)["observed_form_aggression_per_1000_days"].value == pytest.approx(0.125)


def test_a_ward_without_a_seclusion_room_is_not_thinned():
    got = with_parameters(reports(), scenario=changed(QUIET, ward__seclusion_rooms=0))
    assert got["observed_seclusion_per_ward_day"].value == pytest.approx(0.02)


def test_an_open_ward_is_brought_to_half_locked():
    got = with_parameters(reports(), scenario=changed(QUIET, ward__door_locked=False))
    assert got["observed_absconding_half_locked_per_1000_obd"].value == pytest.approx(3 * 0.75)


# -- parts --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (6.0, 8.0, 60.0),
        (20.0, 23.0, 60.0),
        (22.0, 30.0, 0.0),
        (0.0, 24.0, 840.0),
        (-24.0, 48.0, 3 * 840.0),
        (10.0, 10.0, 0.0),
        (-3.0, 8.0, 60.0),
    ],
)
def test_minutes_by_day(start: float, end: float, minutes: float):
    assert minutes_by_day(np.array([start * HOUR]), np.array([end * HOUR])) == pytest.approx([minutes])


def test_events_find_their_patient():
    followed = Followed([7, 3], np.array([0.0, 10.0]), np.array([5.0, 20.0]))
    places = followed.places(np.array([7, 7, 3, 3, 3, 9]), np.array([0.0, 5.0, 9.9, 10.0, 19.9, 1.0]))
    assert places.tolist() == [1, -1, -1, 0, 0, -1]
    assert followed.patient_days == pytest.approx(15.0 / 1440.0)
    nobody = Followed([], np.empty(0), np.empty(0))
    assert nobody.places(np.array([1]), np.array([0.0])).tolist() == [-1]


def test_at_least_one_of_independent_chances():
    got = any_of(np.array([0, 0, 1, -1]), np.array([0.5, 0.5, 1.0, 1.0]), 3)
    assert got == pytest.approx([0.75, 1.0, 0.0])


def test_time_is_that_of_the_latest_incident_of_the_patient():
    """An answer after a later self-harm is not time on the aggression before; another patient's incident changes nothing."""
    rows = [
        ("duty", {"start": 0.0, "end": 1000.0, "role": "hca"}),
        incident(1, 1, 0.1), incident(2, 1, 0.2, "self_harm"), incident(3, 2, 0.3),
        ("segment", {"start": 0.1 * DAY, "end": 0.1 * DAY + 10.0, "role": "hca", "kind": "incident_response", "patient": 1}),
        ("segment", {"start": 0.35 * DAY, "end": 0.35 * DAY + 7.0, "role": "hca", "kind": "incident_response", "patient": 1}),
    ]  # fmt: skip
    got = values(ward(*rows), days=1.0)["observed_incident_staff_min"]
    assert (got.numerator, got.denominator) == (pytest.approx(10.0), 2.0)
