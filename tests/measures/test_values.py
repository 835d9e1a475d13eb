"""Each measure against numbers worked out on paper; windows; unknown values."""

from __future__ import annotations

from math import isfinite, isnan

import pytest

from tests.measures.cases import CASES, RATED, Case, contacts, incidents, money, people, workers
from tests.measures.hand import PARAMETERS, QUIET, changed, put, values, ward
from tests.measures.observed_cases import OBSERVED
from wardsim.measures import MEASURES, Columns, measure, measure_windows
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import TABLES, Facts


@pytest.mark.parametrize("case", [*CASES, *OBSERVED], ids=lambda case: case.name)
def test_values_are_those_worked_out_on_paper(case: Case):
    got = values(case.facts(), case.days, case.scenario, **case.options)
    found = {name: (got[name].value, got[name].reason) for name in case.expected}
    assert {name: value for name, (value, _) in found.items()} == pytest.approx(case.expected, rel=1e-12, abs=1e-12)
    assert {reason for _, reason in found.values()} == {""}
    for name, value in got.items():
        assert isfinite(value.value) != bool(value.reason), name


def test_every_measure_has_a_number_worked_out_on_paper():
    covered = {name for case in (*CASES, *OBSERVED) for name in case.expected} | set(RATED)
    assert covered == set(MEASURES)


def test_all_names_come_in_the_order_of_the_registry():
    assert list(values(ward())) == list(MEASURES)


# -- windows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [incidents, people, contacts, workers, money])
def test_numerators_of_adjoining_windows_add_up(make):
    """What is counted over a year is the sum of what is counted over its parts: nothing lost or doubled at an edge."""
    facts = make()
    whole, first, second = measure_windows(facts, QUIET, PARAMETERS, [(0, 100 * DAY), (0, 7.3 * DAY), (7.3 * DAY, 100 * DAY)])
    for name in (
        "assaults_true_per_1000_obd",
        "aggression_reported_per_1000_obd",
        "one_to_one_min_per_patient_day",
        "one_to_one_delivered",
        "group_hours_per_patient_week",
        "care_hours_per_patient_day",
        "unavailability",
        "turnover_rn",
        "staff_injuries_per_1000_obd",
        "opportunity_training_hours",
        "opportunity_incident_hours",
        "cost_per_obd",
        "patients_violent",
    ):
        for part in ("numerator", "denominator"):
            total = getattr(first[name], part) + getattr(second[name], part)
            assert total == pytest.approx(getattr(whole[name], part), rel=1e-9, abs=1e-9), name


def test_a_segment_over_the_edge_counts_on_both_sides():
    facts = ward(
        ("duty", {"start": 10 * DAY - 60.0, "end": 10 * DAY + 60.0}),
        ("segment", {"start": 10 * DAY - 20.0, "end": 10 * DAY + 10.0, "kind": "one_to_one"}),
    )
    before, after = (measure(facts, QUIET, PARAMETERS, a * DAY, b * DAY) for a, b in ((0, 10), (10, 20)))
    assert before["one_to_one_min_per_patient_day"].numerator == 20.0
    assert after["one_to_one_min_per_patient_day"].numerator == 10.0


def test_warm_up_is_left_out():
    facts = incidents()
    later = measure(facts, QUIET, PARAMETERS, 50 * DAY, 90 * DAY)
    assert later["aggression_true_per_1000_obd"].value == 0.0


def test_columns_made_once_give_the_same_values():
    facts = people()
    columns = Columns(facts)
    for a, b in ((0.0, 400.0), (100.0, 200.0)):
        fresh = measure(facts, QUIET, PARAMETERS, a * DAY, b * DAY)
        shared = measure(columns, QUIET, PARAMETERS, a * DAY, b * DAY)
        assert repr(fresh) == repr(shared)


def test_an_empty_window_is_refused():
    with pytest.raises(ValueError, match="empty"):
        measure(Facts(), QUIET, PARAMETERS, 5.0, 5.0)


# -- looking beyond the window ------------------------------------------------------------------------------------------


def test_a_quarter_has_a_last_year_only_when_the_measured_run_has():
    facts = people()
    name = "nursing_staff_assaulted_per_year"
    quarter = (310 * DAY, 400 * DAY)
    alone = measure(facts, QUIET, PARAMETERS, *quarter)[name]
    within = measure(facts, QUIET, PARAMETERS, *quarter, observed=(0.0, 400 * DAY))[name]
    assert isnan(alone.value)
    assert alone.reason == "needs 365 measured days before the census day; there are 90"
    assert within.value == pytest.approx(200.0 / 3.0)


def test_a_first_week_that_ends_after_the_run_is_left_out():
    facts = contacts()
    name = "no_one_to_one_first_week"
    short = measure(facts, QUIET, PARAMETERS, 0.0, 9 * DAY)[name]
    assert (short.numerator, short.denominator) == (1.0, 2.0)  # patient 3's week ends on day 10
    followed = measure(facts, QUIET, PARAMETERS, 0.0, 9 * DAY, observed=(0.0, 100 * DAY))[name]
    assert (followed.numerator, followed.denominator) == (2.0, 3.0)


# -- unknown ------------------------------------------------------------------------------------------------------------


def test_of_no_facts_every_value_is_finite_or_unknown_with_a_reason():
    for name, value in measure(Facts(), QUIET, PARAMETERS, 0.0, DAY).items():
        assert isfinite(value.value) != bool(value.reason), name


def test_an_empty_ward_has_no_rates():
    facts = ward(("incident", {"time": 5.0, "incident": 1}), beds={"present": 0})
    got = values(facts)
    for name in ("assaults_true_per_1000_obd", "one_to_one_min_per_patient_day", "care_hours_per_patient_day", "delayed_patients"):
        assert isnan(got[name].value)
        assert got[name].reason
    assert got["assaults_true_per_1000_obd"].numerator == 1.0
    assert got["occupancy"].value == 0.0


def test_a_ward_without_beds_has_no_occupancy():
    got = values(ward(beds={"present": 0}), scenario=changed(QUIET, ward__beds=0))
    assert got["occupancy"].reason == "the ward has no beds"


def test_levels_not_known_from_the_start_are_unknown():
    facts = Facts()
    put(facts, "beds", time=2 * DAY)
    got = values(facts)
    for name in ("occupancy", "assaults_true_per_1000_obd", "cost_total_per_year", "care_hours_per_patient_day"):
        assert isnan(got[name].value), name


def test_half_of_emergencies_without_anybody_have_no_median():
    facts = ward(
        *(("incident", {"time": 5.0, "incident": i, "type": "medical_emergency"}) for i in (1, 2)),
        ("response", {"incident": 1, "team_arrival_min": 2.0}),
        ("response", {"incident": 2}),
    )
    got = values(facts)["medical_emergency_response_min"]
    assert isnan(got.value)
    assert got.reason == "in half of the cases or more nobody came"


def test_reasons_say_what_is_missing():
    got = values(ward())
    assert got["restraint_minutes"].reason == "no restraint in the window"
    assert got["training_compliance_induction"].reason == "nobody needs this course in the window"
    assert got["readmission_90_days"].reason.startswith("nobody was discharged home")


def test_a_readmission_that_finds_no_bed_here_counts_where_referrals_carry_keys(monkeypatch):
    rows = (
        ("admission", {"time": DAY, "patient": 1, "key": "1-3-0"}),
        ("discharge", {"time": 5 * DAY, "patient": 1, "admitted": DAY}),
    )
    name = "readmission_90_days"
    assert values(ward(*rows))[name].value == 0.0
    monkeypatch.setitem(TABLES, "referral", (*(c for c in TABLES["referral"] if c != "key"), "key"))
    back = ("referral", {"time": 20 * DAY, "patient": 2, "episode": 1, "key": "1-3-1"})
    assert values(ward(*rows, back))[name].value == 100.0
