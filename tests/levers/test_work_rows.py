"""Rows A6, A13, A14, B7, B8, B9: what staff time buys, who does it, and what gives way."""

from __future__ import annotations

import pytest

from tests.levers.bench import ALL_OFF, run

pytestmark = pytest.mark.lever


def test_a6_sessions_are_discrete_work_and_the_first_week_shows_it() -> None:
    none = run({"work.one_to_one.sessions_per_patient_week": 0.5}, days=180)
    many = run({"work.one_to_one.sessions_per_patient_week": 6}, days=180)
    assert many.tasks("one_to_one") > 5 * none.tasks("one_to_one")
    assert many["one_to_one_min_per_patient_day"] > 2 * none["one_to_one_min_per_patient_day"]
    assert many["no_one_to_one_first_week"] < none["no_one_to_one_first_week"] - 20


def test_a6_a_protected_session_is_cut_short_less_often() -> None:
    usual, protected = run(days=180), run({"work.one_to_one.protected": True}, days=180)
    assert protected["one_to_one_cut_short"] < 0.5 * usual["one_to_one_cut_short"]
    assert protected["one_to_one_delivered"] > usual["one_to_one_delivered"]


def test_a6_contact_acts_on_incidents_only_through_its_switch() -> None:
    for switch, same in ((True, False), (False, True)):
        others = {**ALL_OFF, "mechanisms.contact": switch}
        few = run({**others, "work.one_to_one.sessions_per_patient_week": 0.5}, days=120)
        many = run({**others, "work.one_to_one.sessions_per_patient_week": 8}, days=120)
        assert (few.incidents() == many.incidents()) is same


def test_a14_activity_workers_and_therapists_do_work_of_their_own() -> None:
    without = run({"staffing.multidisciplinary.activity_worker_wte": 0, "staffing.multidisciplinary.occupational_therapist_wte": 0}, days=120)
    with_ = run({"staffing.multidisciplinary.activity_worker_wte": 3, "staffing.multidisciplinary.activity_seven_days": True}, days=120)
    assert without.minutes("group", "activity_worker") == 0
    assert with_.minutes("group", "activity_worker") > 60 * 20
    assert with_.minutes("group", "hca") < without.minutes("group", "hca")
    assert with_["groups_delivered"] > without["groups_delivered"]
    assert with_["group_hours_per_patient_week"] > without["group_hours_per_patient_week"]
    assert run({"staffing.multidisciplinary.psychologist_wte": 0}, days=120).minutes("therapy_session", "psychologist") == 0


def test_a14_teamwork_acts_through_its_switch_alone() -> None:
    poor, good = {"staffing.multidisciplinary.teamwork": -1}, {"staffing.multidisciplinary.teamwork": 1}
    assert run(poor, days=120).facts.pathway != run(good, days=120).facts.pathway
    off = {"mechanisms.teamwork": False}
    a, b = run({**poor, **off}, days=120), run({**good, **off}, days=120)
    assert a.facts.pathway == b.facts.pathway
    assert a.facts.discharge == b.facts.discharge


def test_b7_with_few_staff_the_ward_runs_on_safety_alone() -> None:
    few = run({"staffing.required.early.hca": 1, "staffing.required.late.hca": 1, "staffing.required.early.rn": 1, "staffing.required.late.rn": 1}, days=120)
    many = run({"staffing.by_bank_extra.early.hca": 2, "staffing.by_bank_extra.late.hca": 2}, days=120)
    assert few["care_hours_per_patient_day"] < many["care_hours_per_patient_day"]
    # observation is kept, contact is what is left
    kept = few.minutes("constant_observation") / many.minutes("constant_observation")
    left = few["one_to_one_delivered"] / many["one_to_one_delivered"]
    assert kept > 0.7
    assert left < 0.85 * kept
    assert few.tasks("one_to_one", "not_done") > many.tasks("one_to_one", "not_done")
    assert few["nurse_time_idle"] < many["nurse_time_idle"]


def test_b8_documentation_time_gives_way_to_contact() -> None:
    half, double = run({"work.documentation_time_multiplier": 0.5}, days=120), run({"work.documentation_time_multiplier": 2.0}, days=120)
    assert half.minutes("documentation") < 0.7 * double.minutes("documentation")
    assert half["nurse_time_indirect"] < double["nurse_time_indirect"]
    assert half["nurse_time_idle"] > double["nurse_time_idle"]


def test_b9_observation_levels_follow_the_policy() -> None:
    strict, loose = run({"work.observation.threshold": -1}, days=120), run({"work.observation.threshold": 1}, days=120)
    levels = [sum(o[2] == "constant" for o in r.facts.observation) for r in (strict, loose)]
    assert levels[0] > 2 * levels[1]
    assert strict["observation_staff_hours_per_day"] > loose["observation_staff_hours_per_day"]
    off = ALL_OFF
    a = run({**off, "work.observation.threshold": -1}, days=120)
    b = run({**off, "work.observation.threshold": 1}, days=120)
    assert a.incidents("self_harm", "suicide_attempt") == b.incidents("self_harm", "suicide_attempt")
    on = {**off, "mechanisms.detection": True}
    strong = {"mechanisms.intermittent_self_harm": -0.5, "incidents.self_harm_per_1000_days": 60.0}
    c = run({**on, "work.observation.threshold": -1}, days=120, parameters=strong)
    d = run({**on, "work.observation.threshold": 1}, days=120, parameters=strong)
    assert c.incidents("self_harm") != d.incidents("self_harm")


def test_b9_safety_plans_are_work_that_can_be_late() -> None:
    base = run(days=120)
    nobody = {f"staffing.required.{shift}.rn": 0 for shift in ("early", "late", "night")}
    posts = {f"staffing.establishment.{post}_wte": 0 for post in ("rn_band5", "rn_band6", "ward_manager")}
    few = run({**nobody, **posts}, days=120)
    assert few.minutes("risk_and_safety_plan", "rn") == 0
    assert few.tasks("risk_and_safety_plan", "done") < 0.5 * base.tasks("risk_and_safety_plan", "done")
    assert base.tasks("risk_and_safety_plan", "done") > 10
    assert few["risk_plan_on_time"] < base["risk_plan_on_time"]
