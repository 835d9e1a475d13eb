"""Knowledge and skill: half-lives, gains by modality and hours, teams; against closed forms."""

from __future__ import annotations

from math import inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ward.training_world import parameters
from wardsim.ward.staff.people import BANK, DOCTOR, HCA, RN, SUBSTANTIVE, Person
from wardsim.ward.training.skill import COURSE_NAMES, KEPT_UP, MONTH, TEAM_COURSES, Skill, decayed

VP, DUAL = "violence_prevention", "dual_diagnosis"


def someone(role: int = RN, employment: str = SUBSTANTIVE, number: int = 0) -> Person:
    return Person(number, (number, 0), role, 5, employment, 37.5, 0.0)


def test_levels_halve_in_their_own_half_lives() -> None:
    skill = Skill(parameters())
    person = someone()
    for course in (VP, DUAL):
        person.knowledge[course] = person.skill[course] = (0.8, 0.0)
    assert skill.knowledge(person, VP, 24 * MONTH) == pytest.approx(0.4)
    assert skill.skill(person, VP, 6 * MONTH) == pytest.approx(0.4)
    assert skill.skill(person, DUAL, 12 * MONTH) == pytest.approx(0.4)
    assert skill.person(person, VP, 6 * MONTH) == pytest.approx(0.3 * 0.8 * 0.5**0.25 + 0.7 * 0.4)
    assert skill.person(person, "life_support", 0.0) == 0.0


@pytest.mark.theory
def test_a_level_integrates_to_its_closed_form() -> None:
    half, months = 6.0, 12.0
    steps = 20_000
    numeric = sum(decayed((0.7, 0.0), half, (i + 0.5) * months / steps) for i in range(steps)) * months / steps
    assert numeric == pytest.approx(0.7 * half / log(2) * (1 - 0.5 ** (months / half)), rel=1e-6)


@pytest.mark.theory
def test_refreshers_for_ever_reach_the_settled_level() -> None:
    skill = Skill(parameters())
    person = someone()
    for year in range(60):
        skill.learn(person, VP, "classroom", 7.5, year * 12 * MONTH, first=year == 0)
    knowledge, physical = skill.settled(VP, "classroom", 7.5, 12 * MONTH)
    assert person.knowledge[VP][0] == pytest.approx(knowledge)
    assert person.skill[VP][0] == pytest.approx(physical)
    # Peak g / (1 - (1 - g) k); mean over the year peak * half / (T ln 2) * (1 - k).
    gain, kept = 0.7, 0.25
    assert physical == pytest.approx(gain / (1 - (1 - gain) * kept))
    now = 59 * 12 * MONTH
    mean = sum(skill.skill(person, VP, now + (i + 0.5) * 12 * MONTH / 5000) for i in range(5000)) / 5000
    assert mean == pytest.approx(physical * 6 / (12 * log(2)) * (1 - kept), rel=1e-5)


def test_modality_decides_what_is_learnt() -> None:
    skill = Skill(parameters())
    classroom, on_ward, alone = (skill.gains(VP, m, 7.5, first=False) for m in ("classroom", "on_ward", "e_learning"))
    assert alone[0] > on_ward[0]
    assert alone[0] == pytest.approx(classroom[0], abs=0.1)
    assert alone[1] < 0.3 * classroom[1]
    assert on_ward[1] > alone[1]


def test_hours_decide_how_much() -> None:
    skill = Skill(parameters(training__hours_exponent=1.0))
    assert skill.gains(VP, "classroom", 0.0, first=False) == (0.0, 0.0)
    assert skill.gains(VP, "classroom", 7.5, first=False)[1] == pytest.approx(0.7)
    assert skill.gains(VP, "classroom", 15.0, first=False)[1] == pytest.approx(1 - 0.3**2)
    assert skill.gains(VP, "classroom", 3.75, first=False)[1] == pytest.approx(1 - 0.3**0.5)
    assert skill.gains(VP, "classroom", 30.0, first=True)[1] == pytest.approx(0.7)


@pytest.mark.property
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(-1e6, 0), st.booleans()), min_size=1, max_size=9),
    st.floats(0, 3e6),
    st.sampled_from(COURSE_NAMES),
)
def test_a_team_is_the_mean_of_its_nursing_staff(
    rows: list[tuple[float, float, float, bool]], now: float, course: str
) -> None:
    skill = Skill(parameters())
    people = []
    for i, (knowledge, ability, since, sent) in enumerate(rows):
        person = someone(HCA, BANK if sent else SUBSTANTIVE, i)
        person.knowledge[course] = (knowledge, KEPT_UP if sent else since)
        person.skill[course] = (ability, KEPT_UP if sent else since)
        people.append(person)
    mean = sum(skill.person(p, course, now) for p in people) / len(people)
    doctor = someone(DOCTOR, number=99)
    doctor.skill[course] = (1.0, now)
    assert skill.team([*people, doctor], course, now) == pytest.approx(mean, abs=1e-12)
    if course in COURSE_NAMES[:TEAM_COURSES]:
        assert skill.teams([*people, doctor], now)[COURSE_NAMES.index(course)] == pytest.approx(mean, abs=1e-12)


def test_nobody_has_no_skill_and_a_course_is_seen_at_once() -> None:
    skill = Skill(parameters())
    person = someone()
    assert skill.team([], VP, 0.0) == 0.0
    assert skill.teams([], 0.0) == skill.teams([person], 0.0) == [0.0] * TEAM_COURSES
    skill.learn(person, VP, "classroom", 30.0, 0.0, first=True)
    assert skill.teams([person], 0.0)[0] == skill.team([person], VP, 0.0) == pytest.approx(0.3 * 0.75 + 0.7 * 0.7)


def test_both_levels_rise_by_their_own_gain_and_the_dose() -> None:
    """A refresher of 7.5 hours in a classroom closes 0.75 of the gap in knowledge and 0.7 of that in skill."""
    linear, root = (Skill(parameters(training__hours_exponent=exponent)) for exponent in (1.0, 0.5))
    assert linear.gains(VP, "classroom", 7.5, first=False) == pytest.approx((0.75, 0.7))
    assert linear.gains(VP, "classroom", 15.0, first=False) == pytest.approx((1 - 0.25**2, 1 - 0.3**2))
    assert linear.gains(VP, "classroom", 0.75, first=False) == pytest.approx((1 - 0.25**0.1, 1 - 0.3**0.1))
    assert root.gains(VP, "classroom", 30.0, first=False) == pytest.approx((1 - 0.25**2, 1 - 0.3**2))
    assert linear.gains(VP, "classroom", 60.0, first=True) == pytest.approx((1 - 0.25**2, 1 - 0.3**2)), "a first one has 30"
    assert linear.gains(VP, "classroom", -1.0, first=False) == (0.0, 0.0)
    assert linear.gains("induction", "classroom", 0.0, first=False) == (0.0, 0.0)


@pytest.mark.parametrize("modality", ["classroom", "on_ward", "e_learning"])
def test_gains_of_a_modality_are_those_of_the_ledger(modality: str) -> None:
    p = parameters()
    expected = (p[f"training.gain.{modality}_knowledge"], p[f"training.gain.{modality}_skill"])
    skill = Skill(p)
    for course, first, kind in ((VP, True, "initial"), (VP, False, "refresher"), (DUAL, True, "initial")):
        hours = p[f"training.reference_hours.{course}_{kind}"]
        assert skill.gains(course, modality, hours, first=first) == pytest.approx(expected)
    assert skill.gains("induction", modality, 0.3, first=False) == pytest.approx(expected), "no reference: any length is whole"


def test_learning_closes_a_share_of_what_is_left() -> None:
    """Knowledge 0.8 has halved in 24 months, skill 0.8 in 6 months quartered in 12; three quarters and 0.7 of the gaps are closed."""
    skill = Skill(parameters())
    person = someone()
    person.knowledge[VP], person.skill[VP] = (0.8, 0.0), (0.8, 12 * MONTH)
    now = 24 * MONTH
    skill.learn(person, VP, "classroom", 7.5, now, first=False)
    assert person.knowledge[VP] == (pytest.approx(0.4 + 0.75 * 0.6), now)
    assert person.skill[VP] == (pytest.approx(0.2 + 0.7 * 0.8), now)
    after = skill.again(VP, "classroom", 7.5, (0.8, 0.8), 12 * MONTH)
    assert after == pytest.approx((0.8 * 0.5**0.5 + 0.75 * (1 - 0.8 * 0.5**0.5), 0.2 + 0.7 * 0.8))
    for since in (-5.0, 0.0):
        at_once = skill.again(VP, "classroom", 7.5, (0.8, 0.4), since)
        assert at_once == pytest.approx((0.95, 0.82), rel=1e-12), "no time has passed"


def test_settled_levels_by_hand() -> None:
    """Every 24 months knowledge halves and skill falls to a sixteenth: peak g / (1 - (1 - g) k)."""
    skill = Skill(parameters())
    assert skill.settled(VP, "classroom", 7.5, 24 * MONTH) == pytest.approx((0.75 / (1 - 0.25 * 0.5), 0.7 / (1 - 0.3 / 16)))
    assert skill.settled(VP, "classroom", 0.0, 24 * MONTH) == skill.settled(VP, "classroom", 0.0, 0.0) == (0.0, 0.0)


def mixed() -> tuple[list[Person], Skill]:
    """Two of the ward's own, one from the bank, and a psychiatrist who does not count."""
    own, other, sent, doctor = someone(RN, number=1), someone(HCA, number=2), someone(HCA, BANK, 3), someone(DOCTOR, number=4)
    own.knowledge[VP], own.skill[VP] = (0.8, 0.0), (0.8, 0.0)
    other.knowledge[DUAL], other.skill[DUAL] = (0.6, 12 * MONTH), (0.4, 12 * MONTH)
    for course, level in ((VP, 0.5), (DUAL, 0.2)):
        sent.knowledge[course] = sent.skill[course] = (level, KEPT_UP)
        doctor.knowledge[course] = doctor.skill[course] = (1.0, KEPT_UP)
    return [own, other, sent, doctor], Skill(parameters())


def test_a_team_by_hand() -> None:
    people, skill = mixed()
    weight = parameters()["training.knowledge_weight.interpersonal"]
    now = 24 * MONTH
    violence = (0.3 * 0.4 + 0.7 * 0.05 + 0.5) / 3
    dual = (weight * 0.6 * 0.5**0.5 + (1 - weight) * 0.2 + 0.2) / 3
    expected = [violence, 0.0, 0.0, 0.0, dual, 0.0]
    assert [skill.team(people, course, now) for course in COURSE_NAMES[:TEAM_COURSES]] == pytest.approx(expected)
    assert skill.teams(people, now) == pytest.approx(expected)
    assert skill.teams(people[:2], now) == pytest.approx([1.5 * (violence - 0.5 / 3), 0, 0, 0, 1.5 * (dual - 0.2 / 3), 0])
    assert skill.teams(people[2:], now) == [0.5, 0.0, 0.0, 0.0, 0.2, 0.0]
    assert skill.teams(people[3:], now) == [0.0] * TEAM_COURSES


def test_levels_set_from_outside_are_seen_once_told() -> None:
    people, skill = mixed()
    sent = people[2]
    assert skill.teams([sent], 0.0)[0] == 0.5
    sent.knowledge[VP] = sent.skill[VP] = (0.25, KEPT_UP)
    assert skill.teams([sent], 0.0)[0] == 0.5
    skill.forget(sent)
    skill.forget(people[0])
    assert skill.teams([sent], 0.0)[0] == 0.25


def test_a_level_before_its_time_without_end_and_without_a_course() -> None:
    assert decayed(None, 6.0, 10.0) == 0.0
    assert decayed((0.8, 10.0), 6.0, 4.0) == 0.8
    assert decayed((0.8, 10.0), 6.0, 10.5) == pytest.approx(0.8 * 0.5 ** (0.5 / 6.0))
    assert decayed((0.8, 10.0), inf, 1e9) == 0.8
