"""Local counts of incidents: what goes into the scale of true rates, and that simulated wards then report what was counted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.levers.bench import run, scenario
from tests.support import point_parameters
from wardsim.parameters.casemix import mix_of
from wardsim.parameters.conditioning import condition
from wardsim.parameters.incident_scale import (
    expected_reports,
    first_week_factor,
    mix_factor,
    seen_shares,
    staff_per_patient,
)


def given(**keys: Any) -> tuple[Any, dict[str, float]]:
    scene = scenario({key.replace("__", "."): value for key, value in keys.items()})
    return scene, condition(scene, point_parameters())


def test_residents_more_violent_than_usual_explain_more_of_a_count() -> None:
    usual, p = given()
    detained, q = given(demand__case_mix__detained_pct=90.0)
    assert mix_factor(p, mix_of(usual, p)) == pytest.approx(1.0, abs=0.08)
    more = mix_factor(q, mix_of(detained, q)) / mix_factor(p, mix_of(usual, p))
    share, was = 0.9, mix_of(usual, p).share("detained")
    ratio = p["incidents.aggression_ratio_detained"]
    assert more == pytest.approx((1 - share + share * ratio) / (1 - was + was * ratio), rel=0.06)
    count = {"demand__local__aggression_reported_per_year": 160.0}
    assert given(**count, demand__case_mix__detained_pct=90.0)[1]["incidents.local_scale"] < given(**count)[1]["incidents.local_scale"]


def test_first_week_door_and_contagion_enter_the_expectation() -> None:
    scene, p = given()
    assert 1.0 < first_week_factor(p, 36.0) < p["incidents.aggression_first_week_ratio"]
    still = {**p, "mechanisms.contagion_offspring": 0.0}
    assert expected_reports(scene, p)["verbal"] == pytest.approx(expected_reports(scene, still)["verbal"] / 0.9, rel=1e-9)
    opened, q = given(ward__door_locked=False)
    assert expected_reports(scene, p)["verbal"] / expected_reports(opened, q)["verbal"] == pytest.approx(
        p["incidents.locked_door_aggression_ratio"], rel=1e-9
    )


def test_assaults_on_staff_are_always_noticed_and_more_staff_report_more() -> None:
    scene, p = given()
    seen = seen_shares(scene, p, 17.0)
    staff = p["incidents.victim_staff_share"]
    noticed = staff + (1 - staff) * p["incidents.assault_noticed_share"]
    assert seen["assault"] == pytest.approx(noticed * p["reporting.assault_share"], rel=0.02)
    assert seen["verbal"] > p["incidents.verbal_noticed_share"] * p["reporting.verbal_share"]  # some end in restraint
    assert staff_per_patient(scene, 17.0) == pytest.approx(p["mechanisms.staff_per_patient_reference"], rel=0.03)
    assert seen_shares(scene, p, 12.0)["verbal"] > seen["verbal"]
    off, q = given(mechanisms__reporting=False)
    plain = p["incidents.verbal_noticed_share"] * p["reporting.verbal_share"]
    assert seen_shares(off, q, 12.0)["verbal"] == pytest.approx(plain, rel=1e-9)


@pytest.mark.slow
@pytest.mark.statistical
def test_simulated_wards_report_what_was_counted() -> None:
    """Twenty ward-years; frailty less uneven than it is, which leaves the means alone and takes most of the chance away."""
    for changes in (
        {"demand.local.aggression_reported_per_year": 200.0, "demand.local.assaults_reported_per_year": 80.0},
        {
            "ward.sex": "female", "ward.beds": 15, "demand.case_mix.detained_pct": 90.0,
            "demand.local.aggression_reported_per_year": 120.0, "demand.local.assaults_reported_per_year": 40.0,
        },
    ):  # fmt: skip
        counts = {"aggression": 0.0, "assaults": 0.0}
        for replication in range(20):
            r = run(changes, days=421.0, warm_up=56.0, replication=replication, parameters={"patients.frailty_shape": 3.0}, itself=True)
            days = r["occupied_bed_days_per_year"] / 1000.0
            for name in counts:
                counts[name] += r[f"{name}_reported_per_1000_obd"] * days / 20.0
        for name, count in counts.items():
            assert count == pytest.approx(changes[f"demand.local.{name}_reported_per_year"], rel=0.15), changes
