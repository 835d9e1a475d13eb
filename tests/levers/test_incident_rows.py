"""Rows A3, A4, A5, B3, B4, B11: who is hurt, sexual safety, emergencies, what is reported, programmes."""

from __future__ import annotations

import pytest

from tests.levers.bench import ALL_OFF, Run, run

pytestmark = pytest.mark.lever

AGGRESSION = ("verbal", "objects", "assault")


def assaulted(r: Run, who: str) -> set[int]:
    return {f[7] for f in r.facts.incident if f[3] == "assault" and f[6] == who and f[4] != "away"}


def test_a3_assaults_have_named_victims_among_those_present() -> None:
    r = run(days=365)
    staff, patients = assaulted(r, "staff"), assaulted(r, "patient")
    assert len(staff) > 3
    assert len(patients) > 3
    on_duty = {(d[2]): [] for d in r.facts.duty}
    for d in r.facts.duty:
        on_duty[d[2]].append((d[0], d[1]))
    for f in r.facts.incident:
        if f[3] == "assault" and f[6] == "staff" and f[7] >= 0:
            assert any(a <= f[0] <= b for a, b in on_duty[f[7]])
    assert 0 < r["nursing_staff_assaulted_per_year"] < 100
    assert r["nursing_staff_assaulted_per_year_reported"] <= r["nursing_staff_assaulted_per_year"]


def test_a3_response_acts_through_its_switch() -> None:
    strong = {"mechanisms.response_presence_escalation": -1.0}
    for switch, same in ((True, False), (False, True)):
        base = {**ALL_OFF, "mechanisms.response": switch}
        few = run({**base, "staffing.required.early.hca": 0, "staffing.required.late.hca": 0}, days=200, parameters=strong)
        many = run({**base, "staffing.by_bank_extra.early.hca": 3, "staffing.by_bank_extra.late.hca": 3}, days=200, parameters=strong)
        assert (few.incidents("assault") == many.incidents("assault")) is same
        # the facts differ either way: who came, and how soon
        assert [x[1:5] for x in few.facts.response] != [x[1:5] for x in many.facts.response]


def test_a3_an_injury_takes_a_named_person_off_the_roster_only_with_the_switch_on() -> None:
    often = {"incidents.assault_per_1000_days": 120.0}
    on, off = run({"mechanisms.injury": True}, days=200, parameters=often), run({"mechanisms.injury": False}, days=200, parameters=often)
    away = [f for f in on.facts.absence if f[4] == "injury"]
    assert away
    hurt = {f[3] for f in on.facts.injury if f[2] == "staff"}
    assert {f[2] for f in away} <= hurt
    assert not [f for f in off.facts.absence if f[4] == "injury"]
    assert [f for f in off.facts.injury if f[2] == "staff"]


def test_a5_sexual_safety_depends_on_who_shares_rooms() -> None:
    base = {**ALL_OFF}
    often = {"incidents.sexual_safety_per_1000_days": 30.0}
    mixed = run({**base}, days=365, parameters=often)
    apart = run({**base, "work.mixed_sex_day_rooms": False}, days=365, parameters=often)
    women = run({**base, "ward.sex": "female"}, days=365, parameters=often)
    assert len(apart.incidents("sexual_safety")) < 0.8 * len(mixed.incidents("sexual_safety"))
    assert len(women.incidents("sexual_safety")) < 0.8 * len(mixed.incidents("sexual_safety"))
    assert apart.incidents("self_harm") == mixed.incidents("self_harm")


def test_b3_emergencies_wait_for_a_trained_person() -> None:
    often = {"incidents.medical_emergency_per_1000_days": 12.0}
    trained = run(days=200, parameters=often)
    life = [{"name": "life_support", "initial_hours": 7.5, "refresher_hours": 7.5, "valid_months": 12, "roles": ["ward_manager"]}]
    untrained = run({"training.courses": life}, days=200, parameters=often)
    assert untrained["team_skill_life_support"] < trained["team_skill_life_support"]
    assert untrained["medical_emergency_response_min"] > trained["medical_emergency_response_min"]


def test_b3_physical_checks_are_offered_again_when_somebody_leads() -> None:
    usual, led = run(days=200), run({"work.physical_health_lead": True}, days=200)
    assert led.tasks("physical_health_check") > usual.tasks("physical_health_check")
    assert led["physical_check_missed"] < usual["physical_check_missed"]


def test_b4_culture_changes_what_is_reported_and_not_what_happens() -> None:
    blame, just = {"work.reporting.culture": -1.5}, {"work.reporting.culture": 1.5}
    only = {**ALL_OFF, "mechanisms.reporting": True}  # what is written up takes time, which other mechanisms would feel
    a, b = run({**only, **blame}, days=200), run({**only, **just}, days=200)
    assert a.incidents(*AGGRESSION) == b.incidents(*AGGRESSION)
    assert len(a.facts.report) < 0.8 * len(b.facts.report)
    assert a["assaults_reported_per_1000_obd"] < b["assaults_reported_per_1000_obd"]
    assert a["assaults_true_per_1000_obd"] == b["assaults_true_per_1000_obd"]
    off = {"mechanisms.reporting": False}
    assert run({**blame, **off}, days=200).facts.report == run({**just, **off}, days=200).facts.report
    for r in (a, b):
        assert {f[1] for f in r.facts.report} <= {f[1] for f in r.facts.incident}


def test_b11_a_programme_works_by_hours_that_are_really_given() -> None:
    what = {"kind": "relational_safety", "start_week": 0, "fidelity_pct": 100, "ramp_up_weeks": 8, "staff_hours_per_week": 8}
    busy = {f"staffing.required.{s}.{r}": 1 for s in ("early", "late") for r in ("rn", "hca")}
    done = run({"programmes": [what]}, days=250)
    starved = run({"programmes": [what], **busy, "work.documentation_time_multiplier": 3.0}, days=250)
    proposed = run({"programmes": [{**what, "status": "proposed"}]}, days=250)
    base = run(days=250)
    assert done.minutes("programme_work") > starved.minutes("programme_work")
    assert done.facts.programme[-1][2] > starved.facts.programme[-1][2]
    assert done.ward.ctx.effects["containment"] < starved.ward.ctx.effects["containment"] <= 1.0
    assert len(done.facts.containment) < len(base.facts.containment)
    assert proposed.minutes("programme_work") == 0
    assert proposed.facts.incident == base.facts.incident


def test_b11_a_programme_changes_nothing_with_its_mechanisms_off() -> None:
    what = {"kind": "relational_safety", "start_week": 0, "fidelity_pct": 100, "ramp_up_weeks": 4, "staff_hours_per_week": 8}
    assert run({**ALL_OFF, "programmes": [what]}, days=120).incidents() == run(ALL_OFF, days=120).incidents()


def test_a4_the_rating_follows_the_measures_it_is_made_of() -> None:
    poor = run(
        {
            "training.release_rule": "never",
            "staffing.multidisciplinary.consultant_wte": 0,
            "staffing.multidisciplinary.junior_doctor_wte": 0,
            "staffing.temporary.bank": False,
            "staffing.temporary.agency": False,
            "staffing.vacancies.rn_pct": 50,
        },
        days=365,
    )
    base = run(days=365)
    assert 1 <= poor["safety_rating"] <= base["safety_rating"] <= 4
    assert poor["safety_points"] < base["safety_points"]
