"""The declarations: names that are fixed, layers that are named, texts that explain."""

from __future__ import annotations

import pytest

from wardsim.measures import GROUPS, HEADLINE, MEASURES, explain
from wardsim.measures.registry import nearest

FIXED = """
aggression_true_per_1000_obd aggression_reported_per_1000_obd assaults_true_per_1000_obd assaults_reported_per_1000_obd
assaults_on_staff_reported_per_1000_obd assaults_on_patients_reported_per_1000_obd nursing_staff_assaulted_per_year
nursing_staff_assaulted_per_year_reported nursing_staff_assaulted_per_year_survey patients_assaulted patients_assaulted_census
patients_violent serious_aggression_reported_per_1000_obd self_harm_true_per_1000_obd suicide_attempts_true_per_1000_obd
absconding_reported_per_1000_obd sexual_safety_reported_per_1000_obd restraint_per_1000_obd seclusion_per_1000_obd
rapid_tranquillisation_per_1000_obd restrictive_interventions_per_1000_obd staff_injuries_per_1000_obd
medical_emergency_response_min one_to_one_min_per_patient_day patient_days_with_one_to_one no_one_to_one_first_week
one_to_one_delivered one_to_one_cut_short group_hours_per_patient_week nurse_time_direct nurse_time_indirect nurse_time_service
nurse_time_contact nurse_time_therapeutic observation_staff_hours_per_day constant_observation_admissions physical_check_on_time
care_plan_on_time risk_plan_on_time fill_rn_day fill_rn_night fill_hca_day fill_hca_night care_hours_per_patient_day
care_hours_rn_per_patient_day temporary_share agency_share unavailability sickness missed_breaks turnover_rn turnover_hca
training_compliance training_hours_planned_per_wte training_hours_delivered_per_wte training_refused training_cancelled
staff_missing_mandatory_training occupancy occupancy_with_leave stay_mean_days stay_median_days stay_over_90_days
delayed_patients admissions_per_week wait_for_bed_hours out_of_area_days_per_year readmission_90_days safety_rating
cost_total_per_year cost_substantive_per_year cost_bank_per_year cost_agency_per_year cost_courses_per_year
cost_out_of_area_per_year cost_incident_cash_per_year opportunity_training_hours opportunity_incident_hours
training_release_honoured catchment_assaults_true_per_year
""".split()  # noqa: SIM905
"""Names on which files, tables and users rely."""


@pytest.mark.parametrize("name", FIXED)
def test_fixed_names_exist(name):
    assert name in MEASURES


def test_headline_comes_first_and_in_its_order():
    assert tuple(MEASURES)[: len(HEADLINE)] == HEADLINE
    assert tuple(n for n, m in MEASURES.items() if m.headline) == HEADLINE
    assert HEADLINE == (
        "assaults_true_per_1000_obd",
        "assaults_reported_per_1000_obd",
        "restrictive_interventions_per_1000_obd",
        "one_to_one_min_per_patient_day",
        "no_one_to_one_first_week",
        "training_release_honoured",
        "cost_total_per_year",
    )


def test_the_rest_comes_group_by_group():
    groups = [m.group for name, m in MEASURES.items() if name not in HEADLINE]
    assert groups == sorted(groups, key=list(GROUPS).index)
    assert set(groups) == set(GROUPS)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda m: m.name)
def test_declaration_is_complete(measure):
    assert measure.name.isidentifier()
    assert measure.label[0].isupper()
    assert measure.unit
    assert measure.definition.endswith(".")
    assert len(measure.definition) > 20
    assert 0 <= measure.digits <= 6
    if measure.layer in ("happened", "reported"):
        assert measure.layer in measure.label
    if "_true_" in measure.name or "_reported_" in measure.name:
        assert measure.layer == ("happened" if "_true_" in measure.name else "reported")
    if measure.name.startswith(("cost_", "opportunity_")):
        assert measure.layer == "money"


def test_labels_are_different():
    labels = [m.label for m in MEASURES.values()]
    assert len(set(labels)) == len(labels)


def test_explain_tells_unit_definition_and_direction():
    text = explain("no_one_to_one_first_week")
    assert text is not None
    for part in ("unit:        %", "lower is better", "stayed at least 7 days", "Therapeutic contact"):
        assert part in text
    assert explain("nothing_like_it") is None


def test_a_misspelt_name_has_neighbours():
    assert nearest("assault_true_per_1000_obd")[0] == "assaults_true_per_1000_obd"
