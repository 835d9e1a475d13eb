"""Conditioning on what is known of a ward: closed forms, local facts, and that simulated wards agree with them."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from tests.ward.flow_only import FlowOnly, flow_parameters, scenario
from wardsim.parameters.casemix import mix_of
from wardsim.parameters.conditioning import condition
from wardsim.parameters.flow_law import (
    Flow,
    StayLaw,
    capped_lognormal_mean,
    flow_of,
    growth_factor,
    need_per_day,
    numbers,
)
from wardsim.parameters.incident_scale import expected_reports
from wardsim.parameters.leave_law import daily_chance
from wardsim.scenario.schema import Scenario

FOI = {"ward": {"beds": 15, "sex": "female"}, "demand": {"local": {"admissions_per_year": 76.0, "occupied_bed_days_per_year": 4973.0}}}
"""Rows W008 to W010: one real ward."""


def law(scene: Scenario, p: dict[str, float]) -> Any:
    return numbers(flow_of(scene, p, mix_of(scene, p), neutral=True), need_per_day(scene, p))


def local(**facts: float) -> Scenario:
    return scenario(demand={"local": facts})


@pytest.mark.theory
@pytest.mark.parametrize(("median", "sigma", "cap"), [(14.0, 1.2, 540.0), (3.0, 0.4, 30.0), (30.0, 1.3, 60.0)])
def test_mean_of_a_capped_lognormal(median: float, sigma: float, cap: float) -> None:
    z = np.linspace(-9.0, 9.0, 400_001)
    density = np.exp(-z * z / 2.0)
    direct = (np.minimum(median * np.exp(sigma * z), cap) * density).sum() / density.sum()
    assert capped_lognormal_mean(median, sigma, cap) == pytest.approx(direct, rel=1e-4)
    assert capped_lognormal_mean(0.0, sigma, cap) == 0.0
    assert capped_lognormal_mean(median, 0.0, cap) == median


@pytest.mark.theory
def test_law_is_poisson_without_leave_wait_or_pressure() -> None:
    flow = Flow(beds=18, stay_days=36.0, leave_share=0.0, leave_beds=True, wait_days=0.0, lapses=False, pressure_days=0.0)
    found = numbers(flow, 0.55)
    n = np.arange(len(found.pmf))
    load = 0.55 * 36.0
    assert found.pmf @ n == pytest.approx(load, rel=1e-9)
    assert found.pmf @ n**2 - load**2 == pytest.approx(load, rel=1e-6)
    assert found.present == pytest.approx(found.pmf @ np.minimum(n, 18), rel=1e-12)
    assert found.elsewhere == pytest.approx(load - found.present, rel=1e-9)


def test_occupancy_is_solved_to_the_published_one() -> None:
    scene = scenario()
    p = condition(scene, flow_parameters())
    assert law(scene, p).present / 18 == pytest.approx(0.945, abs=1e-5)
    assert 3.0 < law(scene, p).admissions_per_day * 7 < 3.8
    assert 33.0 < sum(StayLaw(p, mix_of(scene, p)).phases(1.0)) < 39.0


@pytest.mark.parametrize("beds", [1, 5, 15, 30, 80])
def test_every_size_of_ward(beds: int) -> None:
    scene = scenario(ward={"beds": beds})
    assert law(scene, condition(scene, flow_parameters())).present / beds == pytest.approx(0.945, abs=2e-3)


def test_no_beds_leaves_the_rate_of_the_ledger() -> None:
    p = flow_parameters()
    assert condition(scenario(ward={"beds": 0}), p)["flow.referrals_per_week"] == p["flow.referrals_per_week"]


def test_levers_are_turned_on_the_solved_ward_not_in_the_solution() -> None:
    plain = condition(scenario(), flow_parameters())["flow.referrals_per_week"]
    for change in (
        {"demand": {"referrals_multiplier": 1.4, "growth_pct_per_year": 8.0, "admission_threshold": 1.0, "crisis_alternatives_pct": 50.0}},
        {"flow": {"discharge_team": True}},
    ):
        assert condition(scenario(**change), flow_parameters())["flow.referrals_per_week"] == plain
    more_beds = scenario(ward={"beds": 20})
    assert condition(more_beds, flow_parameters())["flow.referrals_per_week"] > plain
    assert condition(more_beds, flow_parameters(), baseline=scenario())["flow.referrals_per_week"] == plain


def test_a_scenario_may_fix_parameters() -> None:
    scene = scenario(parameters={"flow.referrals_per_week": 2.5, "flow.stay_clinical_median_days": 9.0})
    p = condition(scene, flow_parameters())
    assert p["flow.referrals_per_week"] == 2.5
    assert p["flow.stay_clinical_median_days"] == 9.0


@pytest.mark.parametrize(
    "facts",
    [
        {"admissions_per_year": 150.0, "occupancy_pct": 93.0},
        {"admissions_per_year": 150.0, "stay_mean_days": 42.0},
        {"stay_mean_days": 30.0, "occupancy_pct": 90.0},
        {"stay_mean_days": 40.0, "occupied_bed_days_per_year": 6000.0},
        {"admissions_per_year": 150.0, "stay_mean_days": 42.0, "occupancy_pct": 95.0},
    ],
)
def test_two_of_admissions_stay_and_occupancy_give_the_third(facts: dict[str, float]) -> None:
    scene = local(**facts)
    found = law(scene, condition(scene, flow_parameters()))
    if "admissions_per_year" in facts:
        assert found.admissions_per_day * 365.25 == pytest.approx(facts["admissions_per_year"], rel=0.02)
    if "stay_mean_days" in facts:
        assert found.present / found.admissions_per_day == pytest.approx(facts["stay_mean_days"], rel=0.02)
    if "occupancy_pct" in facts:
        assert found.present / 18 == pytest.approx(facts["occupancy_pct"] / 100, rel=0.02)
    if "occupied_bed_days_per_year" in facts:
        assert found.present * 365.25 == pytest.approx(facts["occupied_bed_days_per_year"], rel=0.02)


def test_one_local_fact_alone() -> None:
    found = law(local(admissions_per_year=120.0), condition(local(admissions_per_year=120.0), flow_parameters()))
    assert found.admissions_per_day * 365.25 == pytest.approx(120.0, rel=1e-3)
    p = condition(local(stay_mean_days=25.0), flow_parameters())
    found = law(local(stay_mean_days=25.0), p)
    assert found.present / 18 == pytest.approx(0.945, abs=1e-3)
    assert found.present / found.admissions_per_day == pytest.approx(25.0, rel=0.01)
    assert p["flow.stay_scale"] < 1.0


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"admissions_per_year": 150.0, "stay_mean_days": 60.0, "occupancy_pct": 90.0}, r"150 admissions of 60 days are 9000 bed days a year"),
        ({"admissions_per_year": 400.0, "stay_mean_days": 40.0}, r"400 admissions of 40 days need 43\.8 beds all year; the ward has 18"),
        ({"occupancy_pct": 90.0, "occupied_bed_days_per_year": 4000.0}, r"occupancy_pct 90 of 18 beds is 5917 occupied bed days"),
        ({"occupied_bed_days_per_year": 9000.0}, r"9000 bed days are more than 18 beds have in a year \(6574\)"),
        ({"admissions_per_year": 900.0}, r"900 admissions are more than 18 beds take"),
        ({"occupancy_pct": 100.0}, r"100\.0% of beds occupied, leave excluded, cannot be reached"),
        ({"aggression_reported_per_year": 10.0, "assaults_reported_per_year": 20.0}, r"assaults_reported_per_year \(20\) are part of"),
    ],
)
def test_facts_that_contradict_each_other_are_refused(facts: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        condition(local(**facts), flow_parameters())


def test_kept_leave_beds_limit_occupancy() -> None:
    scene = scenario(flow={"leave_beds": False}, demand={"local": {"occupancy_pct": 97.0}})
    with pytest.raises(ValueError, match="their beds kept"):
        condition(scene, flow_parameters())


@pytest.mark.statistical
@pytest.mark.parametrize("name", ["national", "foi", "no pressure"])
def test_simulated_wards_have_the_occupancy_and_admissions_solved_for(name: str) -> None:
    """80 ward-years, seed 4: SE of occupancy about 0.5 points (foi 0.8), of admissions 1%; tolerance 2% plus 3 SE."""
    sections: dict[str, Any] = {"national": {}, "foi": FOI, "no pressure": {}}[name]
    scene = scenario(mechanisms={"teamwork": False, "bed_pressure": name != "no pressure"}, **sections)
    p = condition(scene, flow_parameters())
    expected = law(scene, p)
    present, admitted = [], []
    for r in range(80):
        ward = FlowOnly(scene, p, conditioned=True, seed=4, replication=r, pathway=False)
        facts = ward.run()
        rows = np.array(facts.table("beds"))
        present.append((rows[:, 1] * np.diff(np.append(rows[:, 0], ward.ctx.until))).sum() / ward.ctx.until)
        admitted.append(sum(a[4] != "census" for a in facts.table("admission")) / 365.25)
    for found, target in ((present, expected.present), (admitted, expected.admissions_per_day)):
        error = 3.0 * np.std(found, ddof=1) / 80**0.5
        assert np.mean(found) == pytest.approx(target, abs=0.02 * target + error)
    if name == "foi":
        assert np.mean(present) * 365.25 == pytest.approx(4973.0, rel=0.05)
        assert np.mean(admitted) * 365.25 == pytest.approx(76.0, rel=0.05)


def test_case_mix_replaces_published_shares_and_keeps_the_rest_in_proportion() -> None:
    p = condition(scenario(demand={"case_mix": {"psychosis_pct": 60.0, "detained_pct": 70.0, "male_pct": 30.0}}), flow_parameters())
    assert p["patients.psychosis_share"] == 0.6
    assert p["patients.detained_share"] == 0.7
    assert p["patients.detained_share_usual"] == 0.45
    assert p["patients.male_share"] == 0.3
    usual = flow_parameters()
    rest = 1.0 - usual["patients.psychosis_share"] - usual["patients.personality_share"]
    assert p["patients.mood_share"] == pytest.approx((1.0 - 0.6 - 0.18) * usual["patients.mood_share"] / rest)


def test_leave_begins_more_often_at_weekends_and_never_without_leave() -> None:
    weekday, weekend = daily_chance(flow_parameters())
    assert weekend == pytest.approx(3.0 * weekday)
    assert daily_chance({**flow_parameters(), "flow.leave_share": 0.0}) == (0.0, 0.0)


def test_growth() -> None:
    demand = scenario(demand={"growth_pct_per_year": 10.0}).demand
    year = 365.25 * 1440.0
    assert growth_factor(demand, -year) == 1.0
    assert growth_factor(demand, 2 * year) == pytest.approx(1.21)


def test_incident_counts_scale_true_rates() -> None:
    plain = scenario()
    expected = expected_reports(plain, condition(plain, flow_parameters()))
    total = sum(expected.values())
    p = condition(local(aggression_reported_per_year=2.0 * total), flow_parameters())
    assert p["incidents.local_scale"] == pytest.approx(2.0)
    assert p["incidents.local_assault_scale"] == 1.0
    p = condition(local(assaults_reported_per_year=3.0 * expected["assault"]), flow_parameters())
    assert (p["incidents.local_scale"], p["incidents.local_assault_scale"]) == (1.0, pytest.approx(3.0))
    rest = total - expected["assault"]
    counted = {"aggression_reported_per_year": 1.5 * rest + 60.0, "assaults_reported_per_year": 60.0}
    p = condition(local(**counted), flow_parameters())
    assert p["incidents.local_scale"] == pytest.approx(1.5)
    assert 1.5 * p["incidents.local_assault_scale"] * expected["assault"] == pytest.approx(60.0)


def test_quick() -> None:
    for scene in (scenario(), scenario(**FOI)):
        p = flow_parameters()
        condition(scene, p)
        best = min(_timed(scene, p) for _ in range(5))
        assert best < 0.1  # 0.004 to 0.02 s where nothing else runs


def _timed(scene: Scenario, p: dict[str, float]) -> float:
    begun = time.process_time()
    condition(scene, p)
    return time.process_time() - begun
