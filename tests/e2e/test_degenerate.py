"""Wards at the edge of what a scenario may say, with all the parts of the real one: each run ends, its books close, and every measure
is a number or says why it is none."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from wardsim.experiments.job import Job, RunResult, parameters_of, shipped_parts, simulate
from wardsim.parameters import Ledger
from wardsim.scenario.schema import Scenario

pytestmark = pytest.mark.e2e

YEARS = 0.06
SHIFTS = ("early", "late", "night")
POSTS = ("rn_band5_wte", "rn_band6_wte", "na_band4_wte", "hca_band3_wte", "hca_band2_wte", "ward_manager_wte")
OTHERS = (
    "occupational_therapist_wte",
    "psychologist_wte",
    "activity_worker_wte",
    "consultant_wte",
    "junior_doctor_wte",
)
MECHANISMS = (
    "response", "contact", "limit_setting", "familiarity", "skill", "fatigue", "crowding", "contagion", "detection", "reporting",
    "injury", "demand_staffing", "bed_pressure", "teamwork",
)  # fmt: skip

NOBODY = {
    "establishment": dict.fromkeys(POSTS, 0.0),
    "temporary": {"bank": False, "agency": False},
    "multidisciplinary": dict.fromkeys(OTHERS, 0.0),
}


def required(number: int) -> dict[str, Any]:
    """The same number of each role required on every shift."""
    return {"required": {shift: {"rn": number, "hca": number} for shift in SHIFTS}}


def floors() -> dict[str, float]:
    """Every rate of incidents at the lower end of its range."""
    rates = [e for e in Ledger.load() if e.name.startswith("incidents.") and e.name.endswith("_per_1000_days")]
    assert len(rates) >= 10
    return {e.name: float(e.range[0]) for e in rates}


def without_days() -> list[dict[str, Any]]:
    """The usual courses, none of which is ever held."""
    courses = Scenario.model_validate({"name": "Edge"}).training.courses
    return [{**course.model_dump(mode="json"), "sessions_per_month": 0.0} for course in courses]


WARDS: dict[str, dict[str, Any]] = {
    "no beds": {"ward": {"beds": 0}},
    "one bed": {"ward": {"beds": 1}},
    "eighty beds": {"ward": {"beds": 80}},
    "no referrals": {"demand": {"referrals_multiplier": 0.0}},
    "nobody required": {"staffing": required(0)},
    "no staff at all": {"staffing": NOBODY},
    "no staff and no neighbours": {"staffing": {**NOBODY, "neighbour_responders": False}},
    "nobody but the bank": {"staffing": {**NOBODY, "temporary": {"bank": True, "agency": False}}},
    "twenty a shift": {"staffing": required(20)},
    "no courses": {"training": {"courses": []}},
    "no course days": {"training": {"courses": without_days()}},
    "nobody released": {"training": {"release_rule": "never"}},
    "rates at their floor": {"parameters": floors()},
    "everyone sick": {"staffing": {"absence": {"sickness_rn_pct": 100.0, "sickness_hca_pct": 100.0}}},
    "everyone sick and nobody else": {
        "staffing": {
            "absence": {"sickness_rn_pct": 100.0, "sickness_hca_pct": 100.0}, "temporary": {"bank": False, "agency": False},
        }
    },
    "no mechanisms": {"mechanisms": dict.fromkeys(MECHANISMS, False)},
    "no burn-in": {"start": {"burn_in_weeks": 0}},
    "no holidays": {"ward": {"bank_holidays": "none"}},
}  # fmt: skip


def run(sections: dict[str, Any], replication: int = 0) -> RunResult:
    """A short run at point parameters."""
    content = {"name": "Edge", "start": {"burn_in_weeks": 1}, **copy.deepcopy(sections)}
    return simulate(Job(Scenario.model_validate(content), -1, replication, seed=5, years=YEARS, warm_up_weeks=0.0))


def value(result: RunResult, name: str) -> float:
    return float(result.values[0, result.names.index(name), 0])


@pytest.fixture(scope="module")
def results() -> dict[str, RunResult]:
    """Runs that more than one test looks at."""
    return {}


def result_of(results: dict[str, RunResult], name: str) -> RunResult:
    if name not in results:
        results[name] = run(WARDS[name])
    return results[name]


@pytest.mark.parametrize("name", WARDS)
def test_the_run_ends_with_numbers_or_reasons(results, name):
    result = result_of(results, name)
    assert result.failure is None, result.failure
    values = result.values[0, :, 0]
    assert not np.isinf(values).any()
    silent = [n for n, v in zip(result.names, values, strict=True) if math.isnan(v) and not result.missing.get(n)]
    assert silent == []
    assert value(result, "time_ledger_residual_min") == pytest.approx(0.0, abs=1e-3)
    assert all(math.isfinite(v) for v in [*result.counts.values(), *result.exposures.values()])


@pytest.mark.parametrize("name", ["no beds", "no referrals"])
def test_without_patients_nothing_happens_to_anybody(results, name):
    result = result_of(results, name)
    if name == "no beds":
        assert value(result, "admissions_per_week") == 0.0
        assert value(result, "out_of_area_days_per_year") > 0.0
    else:
        assert value(result, "referrals_per_week") == 0.0


def test_without_staff_no_time_is_given(results):
    result = result_of(results, "no staff at all")
    assert value(result, "one_to_one_min_per_patient_day") == 0.0
    assert value(result, "care_hours_per_patient_day") == 0.0
    assert value(result, "fill_rn_night") == 0.0
    for name in ("cost_substantive_per_year", "cost_bank_per_year", "cost_agency_per_year"):
        assert value(result, name) == 0.0


@pytest.mark.parametrize("name", ["no staff at all", "no staff and no neighbours"])
def test_where_nobody_is_on_duty_aggression_happens_and_nobody_notices_or_reports_it(results, name):
    result = result_of(results, name)
    assert value(result, "aggression_true_per_1000_obd") > 0.0
    assert value(result, "aggression_reported_per_1000_obd") == 0.0
    assert value(result, "restraint_per_1000_obd") == 0.0
    assert math.isnan(value(result, "de_escalated"))  # no response, so no share


def test_nobody_who_is_sick_works(results):
    result = result_of(results, "everyone sick and nobody else")
    assert value(result, "sickness") > 90.0
    assert value(result, "care_hours_per_patient_day") < 1.0  # those who came to the end of a spell in the first days


def test_floors_are_low(results):
    least, usual = result_of(results, "rates at their floor"), run({})
    name = "aggression_true_per_1000_obd"
    assert value(least, name) < 0.5 * value(usual, name)


def test_what_contradicts_itself_is_refused():
    local = {"admissions_per_year": 500.0, "occupied_bed_days_per_year": 40_000.0}
    scene = Scenario.model_validate({"name": "Edge", "demand": {"local": local}})
    with pytest.raises(ValueError, match="bed days"):
        parameters_of(Job(scene, -1, 0, seed=5), shipped_parts())
