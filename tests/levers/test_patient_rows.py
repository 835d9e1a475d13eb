"""Rows A1, A2, A7, B2, B5, B10, B12: who comes, how ill, the pathway, beds, delay, alternatives."""

from __future__ import annotations

import pytest

from tests.levers.bench import ALL_OFF, Run, run
from wardsim.ward.incidents.intensity import GROUPS

pytestmark = pytest.mark.lever


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def arrivals(r: Run) -> list[tuple[object, ...]]:
    return [a for a in r.facts.admission if a[4] != "census"]


def test_a1_a_higher_threshold_admits_the_more_acutely_ill() -> None:
    usual, high = run(ALL_OFF, days=200), run({**ALL_OFF, "demand.admission_threshold": 1.0}, days=200)
    assert mean([a[5] for a in arrivals(high)]) > mean([a[5] for a in arrivals(usual)]) + 0.5
    assert high["aggression_true_per_1000_obd"] > 1.1 * usual["aggression_true_per_1000_obd"]
    assert high["observation_staff_hours_per_day"] > usual["observation_staff_hours_per_day"]
    flat = {f"incidents.{group}_acuity_slope": 0.0 for group in set(GROUPS)}
    a = run(ALL_OFF, days=200, parameters=flat)
    b = run({**ALL_OFF, "demand.admission_threshold": 1.0}, days=200, parameters=flat)
    assert 0.9 < b["aggression_true_per_1000_obd"] / a["aggression_true_per_1000_obd"] < 1.1


def test_a2_dual_diagnosis_brings_substance_use_and_more_aggression() -> None:
    few, many = run({**ALL_OFF, "demand.case_mix.dual_diagnosis_pct": 0}, days=300), run({**ALL_OFF, "demand.case_mix.dual_diagnosis_pct": 95}, days=300)
    assert mean([f[8] for f in few.facts.referral]) < 0.1
    assert mean([f[8] for f in many.facts.referral]) > 0.85
    # their needs are work: longer admission, checks and plans
    for kind in ("admission", "risk_and_safety_plan", "physical_health_check"):
        each = [mean([t[8] for t in r.facts.task if t[4] == kind and t[6] == "done"]) for r in (few, many)]
        assert each[1] > 1.05 * each[0], kind
    assert len(many.incidents("substance_use")) > 1.5 * len(few.incidents("substance_use"))


def test_a7_pathway_steps_are_late_or_missed_when_nobody_can_do_them() -> None:
    base = run(days=150)
    no_doctors = run({"staffing.multidisciplinary.consultant_wte": 0, "staffing.multidisciplinary.junior_doctor_wte": 0}, days=150)
    assert no_doctors.minutes("ward_round_medical") == 0
    assert no_doctors["weekly_review_on_time"] < 20 < base["weekly_review_on_time"]
    late = [p for p in no_doctors.facts.pathway if p[1] == "weekly_review" and p[4] == "missed"]
    assert late


def test_b2_young_people_bring_transition_work() -> None:
    without = {"demand.sources.community_crisis_pct": 60.0, "demand.sources.young_people_pct": 0.0}
    with_ = {"demand.sources.community_crisis_pct": 30.0, "demand.sources.young_people_pct": 30.0}
    a, b = run(without, days=200), run(with_, days=200)
    assert not [x for x in arrivals(a) if x[2] == "young_people"]
    young = [x for x in arrivals(b) if x[2] == "young_people"]
    assert len(young) > 10
    assert "transition_meeting" in {p[1] for p in b.facts.pathway}
    assert "transition_meeting" not in {p[1] for p in a.facts.pathway if p[0] not in {x[1] for x in a.facts.admission if x[4] == "census"}}
    ids = {x[1] for x in young}
    each = mean([t[8] for t in b.facts.task if t[4] == "admission" and t[5] in ids and t[6] == "done"])
    other = mean([t[8] for t in b.facts.task if t[4] == "admission" and t[5] not in ids and t[6] == "done"])
    assert each > 1.1 * other


def test_b5_a_discharge_team_shortens_delay_and_frees_beds() -> None:
    calm = {"mechanisms.bed_pressure": False}  # early discharges would answer the beds that are freed
    usual = [run(calm, days=365, replication=r) for r in range(4)]
    team = [run({**calm, "flow.discharge_team": True}, days=365, replication=r) for r in range(4)]
    assert all(b["delayed_patients"] < a["delayed_patients"] for a, b in zip(usual, team, strict=True))
    for name in ("out_of_area_days_per_year", "stay_mean_days"):
        assert sum(r[name] for r in team) < sum(r[name] for r in usual)
    # why a patient is delayed was drawn before anybody worked on it
    keys = [{a[1]: a[6] for a in r.facts.admission} for r in (usual[0], team[0])]
    causes = [{k[f[1]]: f[2] for f in r.facts.ready if f[1] in k} for k, r in zip(keys, (usual[0], team[0]), strict=True)]
    shared = causes[0].keys() & causes[1].keys()
    assert len(shared) > 100
    same = sum(causes[0][k] == causes[1][k] for k in shared)
    assert same > 0.95 * len(shared)  # the few others went home early in one of the two


def test_b10_growth_beds_and_leave_beds() -> None:
    base = run(days=365)
    grown = run({"demand.growth_pct_per_year": 20}, days=365)
    assert len(grown.facts.referral) > len(base.facts.referral)
    assert grown["out_of_area_days_per_year"] > base["out_of_area_days_per_year"]
    kept = run({"flow.leave_beds": False}, days=365)
    assert base["occupancy_with_leave"] > 100
    assert kept["occupancy_with_leave"] <= 100.0
    never = run({"flow.out_of_area_after_hours": None}, days=365)
    assert never["out_of_area_placements_per_year"] == 0
    assert never["wait_for_bed_hours"] > base["wait_for_bed_hours"]


def test_b10_pressure_brings_early_discharge_only_with_the_switch() -> None:
    soon = {"flow.discharge_pressure_after_hours": 1.0}
    on, off = run(soon, days=365), run({**soon, "mechanisms.bed_pressure": False}, days=365)
    assert [d for d in on.facts.discharge if d[5] == "early"]
    assert not [d for d in off.facts.discharge if d[5] == "early"]


def test_b12_a_crisis_alternative_takes_the_less_acute() -> None:
    base, house = run(days=300), run({"demand.crisis_alternatives_pct": 80}, days=300)
    diverted = [f for f in house.facts.referral if f[12] == "diverted"]
    assert diverted
    assert not [f for f in base.facts.referral if f[12] == "diverted"]
    assert mean([a[5] for a in arrivals(house)]) > mean([a[5] for a in arrivals(base)])
    assert house["occupancy"] <= base["occupancy"]
    assert {f[3] for f in base.facts.referral} >= {0, 1}  # readmissions come back as further episodes
