"""Every ward term's size, worked out by hand: coefficients and references are round, one exposure moves at a time."""

from __future__ import annotations

from math import exp, log
from typing import Any

import pytest

from tests.ward.incident_world import ALL_OFF, World, person
from wardsim.scenario.schema.run import MechanismsSection
from wardsim.ward.core.clock import WEEK
from wardsim.ward.incidents.effects import COURSES, EFFECTS, effect
from wardsim.ward.incidents.intensity import (
    ABSCONDING,
    AGGRESSION,
    ASSAULT,
    MEDICAL,
    N_TYPES,
    OBJECTS,
    REFUSAL,
    SELF_HARM,
    SEXUAL_SAFETY,
    SUBSTANCE_USE,
    SUICIDE_ATTEMPT,
    TYPES,
    VERBAL,
)
from wardsim.ward.incidents.mechanisms import CHECKED, PLANNED, Mechanisms, hazards_of
from wardsim.ward.work.kinds import DOCUMENTATION

EVERYTHING_ON = MechanismsSection(direct_effects=True)
REFERENCES = {
    "familiarity": 0.5, "familiar_with_patient": 0.5, "fatigue": 0.25, "eyes_per_patient": 0.5, "occupancy": 1.0,
    "staff_per_patient": 0.5, "registered_share": 0.5, "temporary_share": 0.25, "released": 1.0, "presence": 0.5,
    "plan_missing": 1.0, "check_missing": 1.0, "intermittent": 0.25, "constant": 0.125,
}  # fmt: skip


def world(scenario: dict[str, Any] | None = None, staff: int = 4, patients: int = 8, **coefficients: float) -> World:
    """Four on duty for eight patients, everything at its reference, nothing acting but what is named."""
    p = {f"mechanisms.{name}": nothing for name, (_, nothing) in EFFECTS.items()}
    p |= {f"mechanisms.{name}_reference": value for name, value in REFERENCES.items()}
    p |= {f"mechanisms.skill_{course}_reference": 0.5 for course in COURSES}
    p |= {f"mechanisms.{name}": value for name, value in {
        "contact_reference_min_per_day": 20.0, "contact_most_min_per_day": 60.0, "unmet_reference_per_day": 0.5,
        "unmet_most_per_day": 4.0, "limit_window_min": 120.0, "limit_reference_per_day": 2.0,
    }.items()}  # fmt: skip
    p |= {f"incidents.{name}": value for name, value in {
        "sexual_same_sex_weight": 0.25, "sexual_separate_rooms_weight": 0.5, "sexual_access_reference": 4.75, "limit_cap": 6.0,
    }.items()}  # fmt: skip
    p |= {f"mechanisms.{name}": value for name, value in coefficients.items()}
    made = World(staff=staff, patients=patients, on=EVERYTHING_ON, parameters=p, scenario=scenario)
    made.training.levels = dict.fromkeys(COURSES, 0.5)
    team = made.staffing.team
    team.on_duty, team.registered, team.temporary, team.familiarity, team.fatigue = 4, 2, 1, 0.5, 0.25
    made.contact.minutes, made.contact.needs = 20.0, 0.5
    look_again(made)
    return made


def look_again(made: World) -> None:
    """Tell the mechanisms that the team has changed."""
    made.dispatcher.version += 1


def logs(made: World, number: int = 0) -> list[float]:
    """Logarithm of each type's product for one patient (`number` 0 is a man among four men and four women)."""
    product = made.incidents.mechanisms.product
    return [log(product(kind, made.patients[number], 0.0)) for kind in range(N_TYPES)]


def expected(of: dict[int, float]) -> Any:
    return pytest.approx([of.get(kind, 0.0) for kind in range(N_TYPES)], abs=1e-12)


def aggression(value: float) -> dict[int, float]:
    return dict.fromkeys((VERBAL, OBJECTS, ASSAULT), value)


def self_harm(value: float) -> dict[int, float]:
    return dict.fromkeys((SELF_HARM, SUICIDE_ATTEMPT), value)


def test_at_every_reference_every_product_is_one() -> None:
    everything = {name: 0.7 for name in EFFECTS if name != "limit_share"}
    made = world(**everything)
    made.incidents.mechanisms.released = lambda: 1.0
    # levels of observation average out over their usual shares of time
    usual = 0.7 * (0.25 + 0.125)
    observed = dict.fromkeys((SELF_HARM, SUICIDE_ATTEMPT, ABSCONDING, SEXUAL_SAFETY), -usual)
    assert logs(made) == expected(observed)


# -- exposures that are the patient's ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "tens"), [(50.0, 3.0), (0.0, -2.0), (60.0, 4.0), (90.0, 4.0)])
def test_contact_counts_in_tens_of_minutes_above_reference_up_to_its_most(minutes: float, tens: float) -> None:
    made = world(contact_aggression=0.1, contact_self_harm=0.2, contact_absconding=0.3, contact_substance_use=0.4,
                 contact_refusal=0.5)  # fmt: skip
    made.contact.minutes = minutes
    assert logs(made) == expected(
        aggression(0.1 * tens) | self_harm(0.2 * tens) | {ABSCONDING: 0.3 * tens, SUBSTANCE_USE: 0.4 * tens, REFUSAL: 0.5 * tens}
    )


@pytest.mark.parametrize(("needs", "more"), [(2.5, 2.0), (0.0, -0.5), (4.0, 3.5), (9.0, 3.5)])
def test_unmet_needs_count_above_reference_up_to_their_most(needs: float, more: float) -> None:
    made = world(unmet_aggression=0.1, unmet_self_harm=0.2, unmet_absconding=0.3)
    made.contact.needs = needs
    assert logs(made) == expected(aggression(0.1 * more) | self_harm(0.2 * more) | {ABSCONDING: 0.3 * more})


def test_contact_and_needs_are_asked_of_this_patient_at_this_time() -> None:
    made = world(contact_aggression=0.1, unmet_aggression=0.1, contact_self_harm=0.1, unmet_self_harm=0.1, contact_absconding=0.1,
                 unmet_absconding=0.1, contact_substance_use=0.1, contact_refusal=0.1, limit_share=0.3)  # fmt: skip
    asked: list[tuple[str, Any, float]] = []
    made.contact.recent = lambda who, when: asked.append(("recent", who, when)) or 20.0  # type: ignore[method-assign, func-returns-value]
    made.contact.unmet = lambda who, when: asked.append(("unmet", who, when)) or 0.5  # type: ignore[method-assign, func-returns-value]
    q = made.patients[3]
    for kind in range(N_TYPES):
        made.incidents.mechanisms.product(kind, q, 77.0)
    assert set(asked) == {("recent", q, 77.0), ("unmet", q, 77.0)}
    assert [name for name, _, _ in asked].count("recent") == 8
    assert [name for name, _, _ in asked].count("unmet") == 6


def test_a_plan_or_check_made_counts_as_one_less_missing() -> None:
    made = world(safety_plan_self_harm=0.3, physical_check_medical=0.4)
    made.patients[0].extra.update({PLANNED: 1.0, CHECKED: 1.0})
    assert logs(made) == expected(self_harm(-0.3) | {MEDICAL: -0.4})
    assert logs(made, 1) == expected({})
    rare = world(safety_plan_self_harm=0.3, physical_check_medical=0.4, plan_missing_reference=0.2, check_missing_reference=0.1)
    assert logs(rare) == expected(self_harm(0.3 * 0.8) | {MEDICAL: 0.4 * 0.9})


@pytest.mark.parametrize(("level", "intermittent", "constant"), [("general", 0, 0), ("intermittent", 1, 0), ("constant", 0, 1)])
def test_observation_acts_against_its_usual_shares(level: str, intermittent: int, constant: int) -> None:
    made = world(intermittent_self_harm=0.4, constant_self_harm=0.8, observed_absconding=-0.2, observed_sexual_safety=-1.6)
    made.patients[0].observation = level
    watched = intermittent + constant
    assert logs(made) == expected(
        self_harm(0.4 * intermittent + 0.8 * constant - (0.4 * 0.25 + 0.8 * 0.125))
        | {ABSCONDING: -0.2 * watched + 0.2 * 0.375, SEXUAL_SAFETY: -1.6 * watched + 1.6 * 0.375}
    )


def test_a_better_course_acts_through_the_slope_of_each_type() -> None:
    made = world()
    made.patients[0].shift_of_acuity = 0.5
    slopes = made.incidents.rates.slope.tolist()
    assert logs(made) == expected({kind: -0.5 * slopes[kind] for kind in range(N_TYPES)})


# -- exposures that are the ward's ------------------------------------------------------------------------------------------


def test_crowding_counts_in_tenths_above_reference() -> None:
    made = world(crowding_aggression=0.2)
    made.beds.crowd = 0.15
    assert logs(made) == expected(aggression(0.2 * 1.5))


def test_a_programme_multiplies_aggression_or_self_harm() -> None:
    made = world()
    made.ctx.effects.update({"incidents.aggression": 0.5, "incidents.self_harm": 0.25})
    assert logs(made) == expected(aggression(log(0.5)) | self_harm(log(0.25)))


@pytest.mark.parametrize(
    ("course", "coefficient", "kinds"),
    [
        ("de_escalation", "skill_aggression", (VERBAL, OBJECTS, ASSAULT)),
        ("suicide_safety", "skill_self_harm", (SELF_HARM, SUICIDE_ATTEMPT)),
        ("sexual_safety", "skill_sexual_safety", (SEXUAL_SAFETY,)),
        ("dual_diagnosis", "skill_substance_use", (SUBSTANCE_USE,)),
    ],
)
def test_a_course_acts_on_its_own_types(course: str, coefficient: str, kinds: tuple[int, ...]) -> None:
    made = world(**{coefficient: -0.6})
    for other in COURSES:
        made.training.levels[other] = 0.9
    made.training.levels[course] = 0.75
    look_again(made)
    assert logs(made) == expected(dict.fromkeys(kinds, -0.6 * 0.25))


def test_a_team_that_knows_the_ward() -> None:
    made = world(familiarity_aggression=-0.4, familiarity_refusal=-0.8)
    made.staffing.team.familiarity = 0.75
    look_again(made)
    assert logs(made) == expected(aggression(-0.1) | {REFUSAL: -0.2})


@pytest.mark.parametrize(
    ("coefficient", "team", "away", "units"),
    [
        ("direct_staffing", {"on_duty": 6, "registered": 3}, 1.0, 2.5),  # 6 for 8 patients against 0.5, in tenths
        ("direct_skill_mix", {"registered": 3}, 1.0, 2.5),  # 3 of 4 against a half, in tenths
        ("direct_temporary_share", {"temporary": 3}, 1.0, 5.0),  # 3 of 4 against a quarter, in tenths
        ("direct_release", {}, 4.0, 3.0),  # people away
    ],
)
def test_residual_terms_count_tenths(coefficient: str, team: dict[str, int], away: float, units: float) -> None:
    made = world(**{coefficient: 1.0})
    made.incidents.mechanisms.released = lambda: away
    for name, value in team.items():
        setattr(made.staffing.team, name, value)
    look_again(made)
    assert logs(made) == expected(aggression(units))
    assert world().incidents.mechanisms.released() == 0.0


def test_a_ward_without_patients_counts_as_one_for_staffing() -> None:
    made = world(patients=1, direct_staffing=0.1)
    made.beds.leave(made.patients[0])
    made.beds.crowd = 1.0
    look_again(made)
    assert made.incidents.mechanisms.product(VERBAL, made.patients[0], 0.0) == pytest.approx(exp(0.1 * (4 - 0.5) * 10))


def test_the_team_is_looked_at_only_when_it_has_changed() -> None:
    made = world(familiarity_aggression=-0.4, fatigue_delay=1.0)
    before = logs(made)
    made.staffing.team.familiarity, made.staffing.team.fatigue = 0.75, 1.25
    assert logs(made) == before
    look_again(made)
    assert made.incidents.mechanisms.travel() == pytest.approx(exp(1.0))
    assert logs(made) == expected(aggression(-0.1))


@pytest.mark.parametrize("changes", [0, 1, 2])
def test_the_first_look_is_taken_however_often_the_team_has_changed_before(changes: int) -> None:
    made = world(familiarity_aggression=-0.4)
    made.staffing.team.familiarity = 0.75
    made.dispatcher.version = changes
    assert logs(made) == expected(aggression(-0.1))


def test_one_person_is_a_team() -> None:
    made = world(familiarity_aggression=-0.4)
    made.staffing.team.on_duty, made.staffing.team.familiarity = 1, 0.75
    look_again(made)
    assert logs(made) == expected(aggression(-0.1))


def test_when_nobody_is_on_duty_the_team_has_no_terms() -> None:
    made = world(
        familiarity_aggression=-0.4, familiarity_refusal=-0.4, skill_aggression=-0.4, skill_self_harm=-0.4, direct_staffing=0.1,
        skill_escalation=-1.0, skill_de_escalation=1.0, skill_medical_harm=-1.0, skill_harm=-1.0, fatigue_delay=1.0,
    )  # fmt: skip
    made.training.levels = dict.fromkeys(COURSES, 0.9)
    made.staffing.team.familiarity, made.staffing.team.fatigue = 0.9, 2.0
    look_again(made)
    mechanisms = made.incidents.mechanisms
    assert logs(made)[VERBAL] != 0.0
    made.staffing.team.on_duty = 0
    look_again(made)
    assert logs(made) == expected({})
    assert (mechanisms.escalation_team, mechanisms.talk_team, mechanisms.medical_team) == (0.0, 0.0, 0.0)
    assert (mechanisms.skill_violence, mechanisms.travel()) == (0.0, 1.0)


# -- limits and shared space ------------------------------------------------------------------------------------------------


def test_a_limit_moves_hazard_into_its_window_and_leaves_the_day_the_same() -> None:
    """Two limits a day of two hours are a sixth of the day: 0.3 of the hazard lies in it."""
    made = world(limit_share=0.3)
    mechanisms = made.incidents.mechanisms
    assert mechanisms.limit_closed == pytest.approx(0.7)
    assert mechanisms.limit_open == pytest.approx(0.7 + 0.3 * 6.0)
    assert mechanisms.limit_open / 6.0 + mechanisms.limit_closed * 5.0 / 6.0 == pytest.approx(1.0)
    q = made.patients[0]
    made.contact.open(q, 500.0)
    assert [mechanisms.limit(q, t) for t in (499.0, 500.0)] == [mechanisms.limit_open, mechanisms.limit_closed]
    assert mechanisms.limit(made.patients[1], 499.0) == mechanisms.limit_closed
    assert world(limit_share=0.3, limit_window_min=1.0).incidents.mechanisms.limit_open == 6.0, "at the cap"


def test_a_tired_person_sets_limits_by_their_own_fatigue() -> None:
    made = world(fatigue_limit=0.4)
    factor = made.contact.limit_factor
    assert factor is not None
    tired, rested = person(1), person(2)
    tired.fatigue, rested.fatigue = 1.25, 0.25
    assert [factor(one) for one in (tired, rested, tired)] == pytest.approx([exp(0.4), 1.0, exp(0.4)])
    assert world().contact.limit_factor is None


@pytest.mark.parametrize(("shared", "man", "all_men"), [(True, 4 + 3 * 0.25, 7 * 0.25), (False, 4 * 0.5 + 3 * 0.25, 7 * 0.25)])
def test_shared_space_weighs_the_other_sex_and_leaves_oneself_out(shared: bool, man: float, all_men: float) -> None:
    made = world(scenario={"work": {"mixed_sex_day_rooms": shared}})
    mechanisms = made.incidents.mechanisms
    assert mechanisms.access(made.patients[0]) == pytest.approx(man)
    assert mechanisms.product(SEXUAL_SAFETY, made.patients[0], 0.0) == pytest.approx(man / 4.75)
    for q in made.patients:
        q.sex = "m"
    assert mechanisms.access(made.patients[0]) == pytest.approx(all_men)


# -- what follows -----------------------------------------------------------------------------------------------------------


def odds(share: float, shift: float) -> Any:
    """A share after its log odds are shifted."""
    ratio = share / (1.0 - share) * exp(shift)
    return pytest.approx(ratio / (1.0 + ratio), rel=1e-9)


def test_eyes_for_each_patient_decide_what_is_noticed() -> None:
    made = world(detection_noticed=1.0)
    noticed = made.incidents.mechanisms.noticed
    assert noticed(0.6) == odds(0.6, 0.0), "four pairs of eyes for eight patients are the reference"
    made.dispatcher.submit(DOCUMENTATION, 500.0)
    made.dispatcher.submit(DOCUMENTATION, 500.0)
    assert noticed(0.6) == odds(0.6, -log(2.0))
    for _ in range(2):
        made.dispatcher.submit(DOCUMENTATION, 500.0)
    assert made.dispatcher.eyes_on_ward() == 0
    assert noticed(0.6) == odds(0.6, log(0.36 / 8 / 0.5)), "something is heard behind a door"
    empty = world(patients=1, detection_noticed=1.0)
    empty.beds.leave(empty.patients[0])
    assert empty.incidents.mechanisms.noticed(0.6) == odds(0.6, log(8.0))


def test_nobody_on_duty_notices_nothing_however_small_the_effect() -> None:
    nobody = world(staff=0, detection_noticed=0.001).incidents.mechanisms
    assert not nobody.attended()
    assert nobody.noticed(0.6) == 0.0
    off = world(staff=0).incidents.mechanisms
    assert off.attended()
    assert off.noticed(0.6) == 0.6
    somebody = world(staff=1, detection_noticed=0.8).incidents.mechanisms
    assert somebody.attended()
    assert somebody.noticed(0.6) > 0.0


def test_a_tired_team_is_slower() -> None:
    made = world(fatigue_delay=0.4)
    assert made.incidents.mechanisms.travel() == 1.0
    made.staffing.team.fatigue = 0.75
    look_again(made)
    assert made.incidents.mechanisms.travel() == pytest.approx(exp(0.4 * 0.5))


@pytest.mark.parametrize(("weight", "counts"), [(0.0, 2.0), (0.25, 3.0), (1.0, 6.0)])
def test_the_arrival_that_counts_lies_between_reference_and_fact(weight: float, counts: float) -> None:
    assert world(response_arrival_weight=weight).incidents.mechanisms.arrival(2.0, 6.0) == counts


def team_of(made: World, ward: int, patient: int) -> list[Any]:
    """One who has worked so many shifts here and so many since this patient came, and one who is new."""
    regular, new = person(20), person(21)
    regular.shifts_here, new.shifts_here = float(ward), 0.0
    regular.known = {made.patients[0].id: float(ward - patient)}
    return [regular, new]


KNOWN = 0.5 * ((1.0 - exp(-2.0)) + (1.0 - exp(-1.0))) / 2.0
"""Mean over two people of the mean of familiarity with the ward (20 shifts, scale 10) and the patient (3 shifts, scale 3)."""


def test_knowing_is_the_mean_over_people_of_ward_and_patient() -> None:
    made = world()
    knows = made.incidents.mechanisms.knows
    assert knows(team_of(made, 20, 3), made.patients[0]) == pytest.approx(KNOWN)
    assert knows(team_of(made, 20, 3)[:1], made.patients[0]) == pytest.approx(2.0 * KNOWN)


def test_whether_it_becomes_an_assault() -> None:
    made = world(response_presence_escalation=-0.8, familiarity_escalation=1.0, skill_escalation=-0.4, fatigue_escalation=0.2)
    q = made.patients[0]
    escalates = made.incidents.mechanisms.escalates
    assert escalates(0.2, 0.5, [], q) == odds(0.2, 0.0)
    assert escalates(0.2, 0.75, [], q) == odds(0.2, -0.8 * 0.25)
    assert escalates(0.2, 0.5, team_of(made, 20, 3), q) == odds(0.2, KNOWN - 0.5)
    assert escalates(0.2, 0.75, team_of(made, 20, 3), q) == odds(0.2, -0.8 * 0.25 + KNOWN - 0.5)
    made.training.levels["de_escalation"] = 1.0
    made.staffing.team.fatigue = 1.25
    look_again(made)
    assert escalates(0.2, 0.5, [], q) == odds(0.2, -0.4 * 0.5 + 0.2 * 1.0)
    made.ctx.effects["de_escalation_odds"] = 2.0
    assert escalates(0.2, 0.5, [], q) == odds(0.2, -0.2 + 0.2 - log(2.0))
    assert world(skill_escalation=-0.4).incidents.mechanisms.escalates(0.2, 0.0, team_of(made, 20, 3), q) == 0.2


def test_whether_talking_ends_it() -> None:
    made = world(response_delay_de_escalation=-0.8, familiarity_de_escalation=1.0, skill_de_escalation=0.4)
    q = made.patients[0]
    talks = made.incidents.mechanisms.talks_down
    assert talks(0.6, 1.0, [], q) == odds(0.6, 0.0)
    assert talks(0.6, 2.0, [], q) == odds(0.6, -0.8 * log(2.0))
    assert talks(0.6, 0.01, [], q) == odds(0.6, -0.8 * log(0.05)), "sooner than a twentieth of the usual is no better"
    assert talks(0.6, 1.0, team_of(made, 20, 3), q) == odds(0.6, KNOWN - 0.5)
    assert talks(0.6, 2.0, team_of(made, 20, 3), q) == odds(0.6, -0.8 * log(2.0) + KNOWN - 0.5)
    made.training.levels["de_escalation"] = 1.0
    look_again(made)
    assert talks(0.6, 1.0, [], q) == odds(0.6, 0.4 * 0.5)
    made.ctx.effects["de_escalation_odds"] = 2.0
    assert talks(0.6, 1.0, [], q) == odds(0.6, 0.2 + log(2.0))
    assert world().incidents.mechanisms.talks_down(0.6, 5.0, team_of(made, 20, 3), q) == 0.6


@pytest.mark.parametrize("name", ["escalates", "talks_down"])
def test_odds_of_nothing_stay_finite(name: str) -> None:
    made = world()
    made.ctx.effects["de_escalation_odds"] = 0.0
    sign = -1.0 if name == "escalates" else 1.0
    got = getattr(made.incidents.mechanisms, name)(0.5, 1.0, [], made.patients[0])
    assert got == odds(0.5, sign * log(1e-6))


def test_missing_people_and_skill_of_the_hands() -> None:
    made = world(response_team_restraint_minutes=0.2, skill_restraint_minutes=-0.4, response_team_harm=0.3, skill_harm=-0.6)
    mechanisms = made.incidents.mechanisms
    assert [mechanisms.restraint_minutes(missing) for missing in (0, 2)] == pytest.approx([1.0, exp(0.4)])
    assert mechanisms.harm(0.2) == odds(0.2, 0.0)
    assert mechanisms.harm(0.2, 2) == odds(0.2, 0.6)
    made.training.levels["violence_prevention"] = 1.0
    look_again(made)
    assert mechanisms.restraint_minutes(2) == pytest.approx(exp(0.4 - 0.4 * 0.5))
    assert mechanisms.harm(0.2, 2) == odds(0.2, 0.6 - 0.6 * 0.5)


def test_harm_in_a_medical_emergency() -> None:
    made = world(response_delay_medical_harm=0.5, skill_medical_harm=-0.8)
    harm = made.incidents.mechanisms.medical_harm
    assert harm(0.2, 2.0, 2.0) == odds(0.2, 0.0)
    assert harm(0.2, 8.0, 2.0) == odds(0.2, 0.5 * log(4.0))
    assert harm(0.2, 0.01, 2.0) == odds(0.2, 0.5 * log(0.05)), "nobody is there before a tenth of a minute"
    made.training.levels["life_support"] = 1.0
    look_again(made)
    assert harm(0.2, 2.0, 2.0) == odds(0.2, -0.8 * 0.5)


@pytest.mark.parametrize(
    "ask",
    [
        lambda m, q: m.travel(),
        lambda m, q: m.escalates(0.2, 0.5, [], q),
        lambda m, q: m.talks_down(0.6, 1.0, [], q),
        lambda m, q: m.restraint_minutes(0),
        lambda m, q: m.harm(0.2),
        lambda m, q: m.medical_harm(0.2, 1.0, 1.0),
        lambda m, q: m.product(VERBAL, q, 0.0),
    ],
    ids=["travel", "escalates", "talks_down", "restraint_minutes", "harm", "medical_harm", "product"],
)
def test_everything_sees_a_changed_team_by_itself_and_at_once(ask: Any) -> None:
    made = world(fatigue_delay=1.0, skill_escalation=1.0, skill_de_escalation=1.0, skill_restraint_minutes=1.0, skill_harm=1.0,
                 skill_medical_harm=1.0, skill_aggression=1.0)  # fmt: skip
    mechanisms: Mechanisms = made.incidents.mechanisms
    first = ask(mechanisms, made.patients[0])
    made.training.levels = dict.fromkeys(COURSES, 1.0)
    made.staffing.team.fatigue = 1.25
    assert ask(mechanisms, made.patients[0]) == first
    look_again(made)
    assert ask(mechanisms, made.patients[0]) > first


# -- all together -----------------------------------------------------------------------------------------------------------


def test_hazards_are_the_exogenous_intensity_times_terms_at_their_cap() -> None:
    made = world(contact_aggression=0.1, contact_refusal=1.0, limit_share=0.3)
    q = made.patients[0]
    mechanisms, rates = made.incidents.mechanisms, made.incidents.rates
    profile = rates.profile(q)
    made.contact.open(q, 2 * WEEK)
    times: set[float] = set()
    made.contact.recent = lambda who, when: times.add(when) or 40.0  # type: ignore[method-assign, func-returns-value]
    got = hazards_of(mechanisms, rates, q, profile, 600.0)
    factors = dict.fromkeys(TYPES, 1.0)
    for name in TYPES[:AGGRESSION]:
        factors[name] = exp(0.2) * (0.7 + 1.8)
    factors["medication_refusal"] = rates.ward_cap
    assert exp(2.0) > rates.ward_cap == mechanisms.ward_cap
    assert got == pytest.approx({name: rates.one(q, profile, 600.0, k) * factors[name] for k, name in enumerate(TYPES)})
    assert times == {600.0}


def test_a_switch_turned_off_gives_the_value_that_means_nothing() -> None:
    p = {"mechanisms.fatigue_delay": 0.4}
    assert effect(p, EVERYTHING_ON, "mechanisms.fatigue_delay", "fatigue", 0.0) == 0.4
    assert effect(p, ALL_OFF, "mechanisms.fatigue_delay", "fatigue", 0.125) == 0.125
    assert World(patients=1, on=ALL_OFF).incidents.mechanisms.c == {name: nothing for name, (_, nothing) in EFFECTS.items()}
