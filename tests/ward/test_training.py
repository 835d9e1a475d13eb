"""Training, from a due date to a skill: exact timelines on a small ward, closed forms, and the levers of a scenario."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.ward.training_world import DAY, World, course
from wardsim.ward.core.clock import AT_NEW_WORK, At
from wardsim.ward.staff.people import AGENCY, BANK, HCA, NURSING, RN, Person
from wardsim.ward.training.courses import binomial_cumulative, course_days, hours_of_days
from wardsim.ward.training.skill import MONTH
from wardsim.ward.work.task import Kind

VP = "violence_prevention"
EARLY = 375.0 / DAY
URGENT = Kind(950, "urgent", 2, NURSING, "direct", preempts=True, yields_to=0)
ROUTINE = Kind(951, "routine", 5, NURSING, "direct", yields_to=2)


def months(n: float) -> float:
    return n * MONTH


def falls_ill(w: World, person: int, day: int) -> None:
    """Sick on one day, known only on the morning of it."""
    At(w.env, day * DAY, lambda _: w.roster.sick.add((person, day)), None, AT_NEW_WORK)


# -- exact timelines ----------------------------------------------------------------------------------------------------------


def test_due_asked_booked_released_attended_and_certified() -> None:
    """Day 0 is a Monday. Everybody works earlies; one more than required is there, so one may go."""
    w = World("rrr", (course(),), {VP: [20, 300, 300]}, required={"rn": 2})
    w.staffing.run_shifts(0, 10)
    assert w.roster.cover(7, "early", "rn") == (3, 2)
    w.run(10)
    assert w.story(person=0) == [
        (0, "due", 7.5, ""), (0, "asked", 7.5, ""), (0, "booked", 7.5, ""), (0, "released", 7.5, "rostered_shift"),
        (7, "attended", 7.5, "complete"),
    ]  # fmt: skip
    assert w.roster.cover(7, "early", "rn") == (2, 2)
    assert not any(d[2] == 0 and 7 * DAY <= d[0] < 8 * DAY for d in w.facts.duty)
    assert any(d[2] == 0 and 6 * DAY <= d[0] < 7 * DAY for d in w.facts.duty)
    end = 7 * DAY + 16.5 * 60
    assert w.people[0].valid_until[VP] == pytest.approx(20 * DAY + months(12))  # early: counts on from the old date
    assert w.people[0].skill[VP] == (pytest.approx(0.7), end)
    assert w.training.in_date(w.people[0], VP)


def test_refused_with_cover_short_and_booked_into_the_roster_to_come() -> None:
    w = World("rr", (course(),), {VP: [20, 300]}, required={"rn": 2})
    w.run(1)
    assert w.story(person=0) == [
        (0, "due", 7.5, ""), (0, "asked", 7.5, ""), (0, "refused", 7.5, "cover_short"),
        (0, "asked", 7.5, ""), (0, "booked", 7.5, ""), (0, "released", 7.5, "study_day"),
    ]  # fmt: skip
    assert w.roster.study == {(0, 28): (7.5, None)}
    w.roster.temporary = {(28, "early", "rn"): 1, (28, "late", "rn"): 2}  # the gap has been filled by then
    w.run(29)
    assert (20, "expired", 7.5, "cover_short") in w.story("expired")
    assert w.story("attended") == [(28, "attended", 7.5, "complete")]


def test_a_course_day_cancelled_at_the_last_hour_because_short() -> None:
    w = World("rrr", (course(),), {VP: [20, 300, 300]}, required={"rn": 2})
    falls_ill(w, 1, 7)
    w.staffing.run_shifts(0, 20)
    w.run(20)
    assert w.story("cancelled", person=0) == [(7, "cancelled", 7.5, "recalled_short")]
    assert w.roster.recalled == [(0, 7)]
    assert any(d[2] == 0 and d[0] == 7 * DAY + 420 for d in w.facts.duty)
    # Rebooked in the round of the same morning, a week ahead; this time the ward is not short.
    assert w.story("attended", person=0) == [(14, "attended", 7.5, "complete")]


def test_protected_release_is_not_called_back() -> None:
    w = World("rrr", (course(),), {VP: [20, 300, 300]}, required={"rn": 2}, policy={"protected": True})
    falls_ill(w, 1, 7)
    w.run(8)
    assert w.story("attended", person=0) == [(7, "attended", 7.5, "complete")]


def test_the_sick_do_not_go_and_leavers_give_up_their_places() -> None:
    w = World("rrrrr", (course(),), {VP: [20, 20, 300, 300, 300]}, required={"rn": 2})
    falls_ill(w, 0, 7)
    At(w.env, 5.0 * DAY, lambda _: w.staffing.leave(w.people[1]), None, AT_NEW_WORK)
    w.run(8)
    assert w.story("cancelled", person=0) == [(7, "cancelled", 7.5, "sick")]
    assert w.story("cancelled", person=1) == [(5, "cancelled", 7.5, "left")]
    assert w.hours("attended") == 0.0


@pytest.mark.parametrize(
    ("policy", "chance", "offered"), [(True, 0.0, 1), (False, 1.0, 0), (None, 1.0, 1), (None, 0.0, 0)]
)
def test_backfilled_or_not(policy: bool | None, chance: float, offered: int) -> None:
    w = World(
        "rrr", (course(),), {VP: [20, 300, 300]}, required={"rn": 2}, policy={"backfill": policy},
        p={"training__backfill_probability": chance},
    )  # fmt: skip
    w.roster.fills = True
    w.run(8)
    assert w.roster.offers == [(7, "early", "rn")] * offered
    assert w.roster.cover(7, "early", "rn") == (2 + offered, 2)
    assert [f[8] for f in w.facts.training if f[4] == "released"] == [offered]


def test_a_first_course_of_four_days_and_what_is_lost_when_it_breaks_off() -> None:
    w = World("rrr", (course(),), {VP: [None, 300, 300]}, required={"rn": 2}, hired_day=-10)
    w.run(12)
    assert w.story("attended", person=0) == [
        (7, "attended", 7.5, "part"), (8, "attended", 7.5, "part"), (9, "attended", 7.5, "part"),
        (10, "attended", 7.5, "complete"),
    ]  # fmt: skip
    broken = World("rrr", (course(),), {VP: [None, 300, 300]}, required={"rn": 2}, hired_day=-10)
    falls_ill(broken, 2, 9)
    broken.run(12)
    assert broken.story("attended", "cancelled", person=0) == [
        (7, "attended", 7.5, "part"), (8, "attended", 7.5, "part"), (9, "cancelled", 15.0, "recalled_short"),
    ]  # fmt: skip
    assert VP not in broken.people[0].valid_until
    assert set(broken.roster.recalled) == {(0, 9), (0, 10)}


def test_places_are_limited_and_the_first_due_comes_first() -> None:
    one_place = course(group_size=1, sessions_per_month=1.0)
    w = World("hhhhh", (one_place,), {VP: [30, 10, 300, 300, 300]}, required={"hca": 1})
    session = next(day for _, day in w.training._specs[VP].sessions.between(7, 60))
    w.run(session + 1)
    assert [f[1] for f in w.facts.training if f[4] == "attended"] == [1]
    none = World("hh", (course(sessions_per_month=0.0),), {VP: [10, 300]}).run(15)
    assert none.story("refused") == [(0, "refused", 7.5, "no_place"), (14, "refused", 7.5, "no_place")]
    assert none.story("expired") == [(10, "expired", 7.5, "no_place")]


def test_needs_assessment_puts_the_most_exposed_first() -> None:
    places = course(group_size=1, sessions_per_month=2.0)

    def order(policy: str) -> list[int]:
        w = World("hhh", (places,), {VP: [8, 9, 10]}, policy={"booking": policy}, required={"hca": 0})
        w.people[2].extra.update(exposure=30.0, exposure_at=0.0)
        w.people[1].extra.update(exposure=10.0, exposure_at=0.0)
        w.people[0].extra.update(exposure=1.0, exposure_at=0.0)
        w.run(1)
        return [f[1] for f in w.facts.training if f[4] == "booked"]

    assert order("first_come")[0] == 0
    assert order("most_exposed_first") == [2, 1, 0]
    assert order("none") == []


def test_exposure_counts_shifts_and_the_assaults_in_them() -> None:
    w = World("rr", (course(),), {VP: [300, 300]}, rule=lambda person, day: "early" if person == 0 else "late")
    w.staffing.run_shifts(0, 0)
    At(w.env, 600.0, lambda _: w.facts.incident.append((600.0, 0, 1, "assault")), None, AT_NEW_WORK)
    w.run(1)
    assert w.people[0].extra["exposure"] == pytest.approx(6.0)
    assert w.people[1].extra["exposure"] == pytest.approx(1.0)


# -- study on duty ------------------------------------------------------------------------------------------------------------

ALONE = course("sexual_safety", modality="e_learning", initial_hours=3.75, refresher_hours=1.5, valid_months=36)


def test_e_learning_is_interrupted_and_goes_on_over_shifts() -> None:
    w = World(
        "h", (ALONE,), {"sexual_safety": [20]},
        p={"training__quiet_after_min": 120, "training__e_learning_max_min_per_shift": 60, "work__e_learning_min": 30},
    )  # fmt: skip
    w.staffing.run_shifts(0, 1)
    At(w.env, 560.0, lambda _: w.dispatcher.submit(URGENT, 25.0), None, AT_NEW_WORK)
    w.run(2)
    study = [(s[0], s[1]) for s in w.facts.segment if s[4] == "e_learning"]
    assert study == [
        (540, 560), (585, 595), (595, 625),  # 20 minutes, called away for 25, then the rest and one more piece
        (DAY + 540, DAY + 570),
    ]  # fmt: skip
    assert w.story() == [
        (0, "due", 1.5, ""), (0, "asked", 1.5, ""), (0, "attended", 0.5, "part"), (0, "attended", 0.5, "part"),
        (1, "attended", 0.5, "complete"),
    ]  # fmt: skip
    person = w.people[0]
    assert person.knowledge["sexual_safety"][0] == pytest.approx(0.7)
    assert person.skill["sexual_safety"][0] == pytest.approx(0.15)


def test_e_learning_is_never_done_when_busy() -> None:
    w = World("h", (ALONE,), {"sexual_safety": [2]})
    w.staffing.run_shifts(0, 3)
    for day in range(4):
        At(
            w.env,
            day * DAY + 425.0,
            lambda _: w.dispatcher.submit(ROUTINE, 470.0, expires=w.env.now + 400),
            None,
            AT_NEW_WORK,
        )
    w.run(4)
    assert not [s for s in w.facts.segment if s[4] == "e_learning"]
    assert w.story("refused", "expired") == [(2, "refused", 1.5, "no_time"), (2, "expired", 1.5, "no_time")]


def test_e_learning_in_protected_hours_is_time_off_the_ward() -> None:
    w = World(
        "hhh",
        (ALONE,),
        {"sexual_safety": [20, 900, 900]},
        required={"hca": 2},
        policy={"e_learning_protected_hours": True},
    )
    w.staffing.run_shifts(0, 8)
    w.run(8)
    assert w.story("booked", "attended") == [(0, "booked", 1.5, ""), (7, "attended", 1.5, "complete")]
    assert not [s for s in w.facts.segment if s[4] == "e_learning"]
    assert w.people[0].skill["sexual_safety"][0] == pytest.approx(0.15)


def test_training_on_the_ward_takes_short_time_on_shift() -> None:
    taught = course("de_escalation", modality="on_ward", refresher_hours=1.5, initial_hours=3.75)
    quiet = {
        "training__quiet_after_min": 150,
        "work__on_ward_training_min": 45,
        "training__on_ward_max_min_per_day": 45,
    }
    w = World("hh", (taught,), {"de_escalation": [20, 300]}, p=quiet)
    w.staffing.run_shifts(0, 4)
    w.run(3)
    held = [(s[0], s[1] - s[0]) for s in w.facts.segment if s[4] == "on_ward_training"]
    assert held == [(570, 45), (DAY + 570, 45)]
    assert w.story("booked", "attended", person=0) == [
        (0, "booked", 0.75, ""), (0, "attended", 0.75, "part"), (1, "booked", 0.75, ""), (1, "attended", 0.75, "complete"),
    ]  # fmt: skip
    assert len(w.roster.study) == 0
    busy = World("h", (taught,), {"de_escalation": [20]}, p=quiet)
    busy.staffing.run_shifts(0, 0)
    At(busy.env, 425.0, lambda _: busy.dispatcher.submit(ROUTINE, 470.0), None, AT_NEW_WORK)
    busy.run(1)
    assert busy.story("cancelled") == [(0, "cancelled", 0.75, "no_time")]


# -- people -------------------------------------------------------------------------------------------------------------------


def test_starters_bring_what_they_have_and_are_given_dates() -> None:
    for share, hours in ((0.0, 30.0), (0.999999, 7.5)):
        w = World("rr", (course(),), {VP: [300, 300]}, p={"training__starter_certificate_share": share})
        newcomer = Person(9, (9, 1), RN, 5, "substantive", 37.5, 2.0 * DAY)
        At(w.env, 2.0 * DAY, lambda _, w=w, n=newcomer: w.staffing.hire(n), None, AT_NEW_WORK)
        w.run(360)
        first = w.story("due", person=9)[0]
        assert first[2] == hours
        assert (first[0] == 2) == (hours == 30.0) or VP in newcomer.valid_until


def test_after_too_long_out_of_date_the_whole_first_course_is_needed() -> None:
    w = World("hhh", (course(),), {VP: [-400, -300, 300]}, required={"hca": 1}).run(1)
    assert [(f[1], f[5]) for f in w.facts.training if f[4] == "due"] == [(0, 30.0), (1, 7.5)]


def test_temporary_staff_bring_records_that_their_sender_keeps_up() -> None:
    w = World(
        "r",
        (course(),),
        {VP: [300]},
        p={"training__bank_in_date_share": 0.999999, "training__agency_in_date_share": 1e-6},
    )
    bank = Person(50, (5000, 1), HCA, 3, BANK, 0.0, 0.0)
    agency = Person(51, (6000, 1), HCA, 3, AGENCY, 0.0, 0.0)
    for person in (bank, agency):
        w.dispatcher.start_duty(person, "early", 400.0)
    assert w.training.in_date(bank, VP)
    assert not w.training.in_date(agency, VP)
    assert w.training.team_skill(VP) == pytest.approx((0.45 + 0.42) / 2)
    w.run(300)
    assert w.training.person_skill(bank, VP) == pytest.approx(0.45)


def test_the_team_is_looked_at_anew_when_it_changes() -> None:
    w = World("rr", (course(),), {VP: [300, 300]})
    w.people[0].skill[VP] = w.people[0].knowledge[VP] = (1.0, 0.0)
    w.training.skill.forget(w.people[0])
    w.dispatcher.start_duty(w.people[0], "early", 400.0)
    assert w.training.team_skill(VP) == pytest.approx(1.0)
    w.dispatcher.start_duty(w.people[1], "early", 400.0)
    assert w.training.team_skill(VP) == pytest.approx(0.5)
    w.dispatcher.end_duty(w.people[0])
    assert w.training.team_skill(VP) == 0.0


def test_the_starting_state_is_the_same_under_every_option() -> None:
    def records(**policy: Any) -> list[Any]:
        w = World("rrhh", (course(needed_pct=60.0), course("life_support")), policy=policy, hired_day=-900)
        return [(p.knowledge, p.skill, p.valid_until) for p in w.people.values()]

    assert records() == records(release_rule="never", booking="none", backfill=True)


# -- closed forms -------------------------------------------------------------------------------------------------------------


@pytest.mark.theory
def test_without_any_release_compliance_runs_out_in_a_straight_line() -> None:
    w = World(
        "rh" * 150, (course(),), policy={"release_rule": "never"}, p={"training__start_in_date_share": 0.9}, required={"rn": 1}
    )  # fmt: skip
    w.roster.freeze()
    w.run(260)
    for week in (0, 13, 26, 37):
        row = w.facts.compliance[week]
        assert row[2] == 300
        expected = 0.9 * (1.0 - 7.0 * week / 365.25)
        assert row[3] / row[2] == pytest.approx(expected, abs=4.0 * (expected * (1 - expected) / 300) ** 0.5)
    assert w.hours("attended") == 0.0
    assert {f[7] for f in w.facts.training if f[4] == "refused"} == {"classroom"}
    assert {f[6] for f in w.facts.training if f[4] == "refused"} == {"release_not_allowed"}


@pytest.mark.theory
def test_without_obstacles_everybody_stays_in_date_at_the_hours_promised() -> None:
    free = {"release_rule": "always", "max_released_per_shift": 30, "protected": True, "book_ahead_weeks": 8}
    w = World("h" * 60, (course(group_size=60),), policy=free, p={"training__start_in_date_share": 0.999999})
    w.roster.freeze()
    w.run(3 * 365 + 90)
    late = [row for row in w.facts.compliance if row[0] > 7 * DAY]
    assert min(row[3] / row[2] for row in late) == 1.0
    # One refresher in each year of validity: three years' worth in three years, once places booked before the run are taken up.
    hours = sum(f[5] for f in w.facts.training if f[4] == "attended" and f[0] > 90 * DAY) / 60 / 3
    assert hours == pytest.approx(7.5, rel=0.05)
    plan = w.facts.training_plan[-1]
    assert plan[2] / plan[3] * 365.25 / 7 == pytest.approx(7.5, rel=1e-6)


@pytest.mark.theory
def test_renewed_at_the_third_of_a_year_too_late_compliance_is_three_quarters() -> None:
    """One course day every four months; a certificate of twelve months begun on one course day is renewed at the fourth after
    it when the third comes too soon to be asked for: in date 12 months of every 16."""
    rare = course(sessions_per_month=0.25, group_size=60)
    free = {"release_rule": "always", "max_released_per_shift": 30, "protected": True, "book_ahead_weeks": 1}
    notice = {"training__booking_notice_days": 14}
    w = World("h" * 5, (rare,), {VP: [None] * 5}, policy=free, hired_day=-100, p=notice)
    w.roster.freeze()
    w.run(10 * 365)
    rows = [row for row in w.facts.compliance if row[0] > 365 * DAY]
    assert sum(r[3] for r in rows) / sum(r[2] for r in rows) == pytest.approx(0.75, abs=0.03)


@pytest.mark.theory
def test_courses_and_places() -> None:
    w = World("r", (course(),), {VP: [300]})
    calendar = w.ctx.calendar
    assert course_days(calendar, 3, 30.0) == (3, 4, 7, 8)
    assert hours_of_days(30.0) == [7.5] * 4
    assert hours_of_days(9.0) == [7.5, 1.5]
    assert binomial_cumulative(2, 0.5) == [0.25, 0.75]
    shared = (
        World("r", (course(sessions_per_month=20.0),), {VP: [300]}, p={"training__places_share": 0.3})
        .training._specs[VP]
        .sessions
    )
    days = shared.between(0, 3652)
    assert len(days) / 120 == pytest.approx(20.0, rel=0.01)
    assert all(calendar.is_working_day(day) for _, day in days)
    mean = sum(shared.places(k) for k, _ in days) / len(days)
    assert mean == pytest.approx(12 * 0.3, abs=4 * (12 * 0.21 / len(days)) ** 0.5)


# -- levers -------------------------------------------------------------------------------------------------------------------


def rota(person: int, day: int) -> str | None:
    """Two earlies, two lates, two nights, two days off, each person a step further on."""
    return ("early", "early", "late", "late", "night", "night", None, None)[(day + person) % 8]


def year(policy: dict[str, Any] | None = None, roles: str = "rrrh" * 6 + "hh", **keys: Any) -> World:
    """A year of 26 people on shifts; roster published 7 weeks ahead, moved on each week; about one in twelve sick."""
    courses = (
        course(sessions_per_month=2.0), course("life_support", initial_hours=7.5, sessions_per_month=3.0),
        course("suicide_safety", initial_hours=7.5, refresher_hours=3.75, valid_months=36, sessions_per_month=1.0, roles=("rn",)),
    )  # fmt: skip
    w = World(
        roles,
        courses,
        None,
        rota,
        {"rn": 4, "hca": 2},
        policy,
        hired_day=-900,
        p={"training__places_share": 0.3},
        **keys,
    )
    w.roster.freeze()
    w.roster.published_until = 48
    w.roster.sick = {(p, d) for p in w.people for d in range(400) if (p * 7919 + (d // 4) * 104729) % 97 < 8}
    for week in range(1, 53):
        At(
            w.env,
            week * 7.0 * DAY,
            lambda _: setattr(w.roster, "published_until", w.roster.published_until + 7),
            None,
            2,
        )
    return w.run(364)


@pytest.fixture(scope="module")
def usual() -> World:
    return year()


@pytest.mark.lever
def test_never_released_means_no_hours_less_compliance_and_less_skill(usual: World) -> None:
    never = year({"release_rule": "never"})
    assert usual.hours("attended") > 100.0
    assert never.hours("attended") == 0.0
    assert never.compliance(VP, 13) < usual.compliance(VP, 13) - 0.2
    people = list(usual.people)
    now = 364 * DAY

    def level(w: World) -> float:
        return w.training.skill.team([w.people[i] for i in people], VP, now)

    assert level(never) < level(usual) - 0.05
    assert len(never.roster.study) == 0


@pytest.mark.lever
def test_protected_and_always_released_is_honoured(usual: World) -> None:
    kept = year({"release_rule": "always", "protected": True, "backfill": True, "max_released_per_shift": 6})
    reasons = {f[6] for f in kept.facts.training if f[4] == "cancelled"}
    assert reasons <= {"sick"}
    assert usual.hours("cancelled", "recalled_short") > 0.0
    assert usual.hours("refused", "cover_short") > 0.0
    assert kept.hours("refused", "cover_short") < usual.hours("refused", "cover_short")
    assert kept.compliance(VP, 26) > usual.compliance(VP, 26)
    assert len(kept.roster.offers) > 0


@pytest.mark.lever
def test_a_lower_threshold_and_no_call_back_release_more(usual: World) -> None:
    easy = year({"release_minimum_cover_pct": 50.0})
    assert easy.hours("refused", "cover_short") < usual.hours("refused", "cover_short")
    kept = year({"cancel_when_short": False})
    assert kept.hours("cancelled", "recalled_short") == 0.0


@pytest.mark.lever
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_booking_further_ahead_finds_the_roster_not_yet_drawn_up(seed: int) -> None:
    """Fewer releases are refused. Compliance need not be higher for it: places far ahead come later (seven seeds: lower in six)."""
    soon, early = year({"book_ahead_weeks": 4}, seed=seed), year({"book_ahead_weeks": 16}, seed=seed)

    def refused(w: World) -> float:
        return w.hours("refused", "cover_short") / w.hours("asked")

    assert refused(early) < 0.8 * refused(soon)


@pytest.mark.property
def test_hours_add_up(usual: World) -> None:
    to_come = sum(sum(b.hours) for b in usual.training._bookings.booked)
    assert usual.hours("booked") == pytest.approx(usual.hours("attended") + usual.hours("cancelled") + to_come)
    assert usual.hours("asked") == pytest.approx(usual.hours("booked") + usual.hours("refused"))
    study = {key for key, _ in usual.roster.study.items()}
    assert study >= {(b.need.person.id, d) for b in usual.training._bookings.booked for d in b.days}


@pytest.mark.property
def test_chance_belongs_to_the_person() -> None:
    """Another person more changes nobody's starting records, and no course's places."""
    small, large = year(roles="rrrh" * 6 + "hh"), year(roles="rrrh" * 6 + "hhh")
    for name, spec in small.training._specs.items():
        days = spec.sessions.between(0, 364)
        assert days == large.training._specs[name].sessions.between(0, 364)
        assert [spec.sessions.places(k) for k, _ in days] == [
            large.training._specs[name].sessions.places(k) for k, _ in days
        ]


def test_saved_and_taken_up_again_it_goes_on_as_if_never_stopped(usual: World) -> None:
    """Stopped at day 100, saved through JSON, restored in a new ward with the roster as it stood."""
    first = World("hhhh", (course(sessions_per_month=4.0), ALONE), None, rota, {"hca": 1}, hired_day=-900)
    first.staffing.run_shifts(0, 250)
    first.run(100)
    state = json.loads(json.dumps(first.training.save()))
    second = World(
        "hhhh", (course(sessions_per_month=4.0), ALONE), None, rota, {"hca": 1}, state=state, begin=100.0 * DAY, hired_day=-900
    )  # fmt: skip
    second.roster.study = dict(first.roster.study)
    for id_, person in second.people.items():
        person.extra = dict(first.people[id_].extra)
    second.staffing.run_shifts(100, 250)
    first.run(250)
    second.run(250)

    def after(w: World) -> list[Any]:
        return [f for f in w.facts.training if f[0] >= 102 * DAY]

    assert len(after(first)) > 10
    assert after(second) == after(first)


def test_taken_up_under_another_matrix_bookings_without_a_course_are_withdrawn() -> None:
    first = World(
        "hhhh",
        (course(), course("life_support")),
        {VP: [20, 20, 20, 20], "life_support": [300] * 4},
        required={"hca": 1},
    )
    first.run(3)
    state = first.training.save()
    assert len(state["bookings"]) == 4
    second = World("hhhh", (course("life_support"), course("dual_diagnosis")), state=state, begin=3.0 * DAY)
    second.roster.study = dict(first.roster.study)
    assert second.story("cancelled") == [(3, "cancelled", 7.5, "withdrawn")] * 4
    second.run(8)
    assert {f[3] for f in second.facts.training if f[4] == "due"} == {"dual_diagnosis"}


def test_the_team_is_stated_at_each_shift_start() -> None:
    w = World("rr", (course(),), {VP: [300, 300]})
    w.staffing.run_shifts(0, 0)
    w.run(1)
    assert w.facts.team[0] == (420.0, "early", 2, 2, 0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0)


def test_a_refresher_is_asked_for_when_somebody_thinks_of_it() -> None:
    def first_ask(weeks: float) -> float:
        w = World("rrrr", (course(),), {VP: [60, 61, 62, 63]}, required={"rn": 1}, p={"training__refresher_asking_weeks": weeks})
        w.run(360)
        firsts = [min((row[0] for row in w.story("asked", person=i)), default=360) for i in range(4)]
        return sum(firsts) / 4

    assert first_ask(0.0) <= 14  # eight weeks before day 60 and later, in the first round of a week
    assert first_ask(20.0) > first_ask(0.0) + 28
