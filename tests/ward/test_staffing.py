"""The shift clock and the whole of staffing: exact timelines, restoring, fatigue and familiarity."""

from __future__ import annotations

import json
from math import exp
from typing import Any

import pytest

from tests.ward.staff_world import HOLIDAYS, World, none
from wardsim.ward.core.clock import DAY
from wardsim.ward.staff.people import NURSING, OCCUPATIONAL_THERAPIST, PSYCHOLOGIST, WARD_MANAGER
from wardsim.ward.staff.weekly import works_on
from wardsim.ward.work.task import Kind

LONG_JOB = Kind(990, "long_job", 5, NURSING, "direct", yields_to=2)
WATCH = Kind(991, "watch", 1, NURSING, "direct", yields_to=-1, hand_over=True)


def test_shifts_start_and_end_at_the_minutes_of_the_pattern() -> None:
    world = World(days=7).run()
    rows = [r for r in world.rows("duty") if r["role"] in ("rn", "hca", "na") and 0 < r["start"] < 6 * DAY]
    minutes = {(r["shift"], r["start"] % DAY, r["end"] - r["start"]) for r in rows}
    assert minutes == {("early", 420.0, 465.0), ("late", 825.0, 465.0), ("night", 1260.0, 630.0)}
    assert {(r["start"] % DAY, r["end"] % DAY) for r in world.rows("duty") if r["role"] == "doctor"} == {
        (540.0, 1020.0)
    }


def test_a_run_that_begins_at_midnight_finds_the_night_on_duty() -> None:
    world = World(days=2)
    people = list(world.dispatcher.on_duty)
    assert {p.shift for p in people} == {"night"}
    assert len(people) >= 3
    world.run(450)
    assert all(p.on_duty for p in people)
    world.run(451)
    assert not any(p.on_duty for p in people)


def test_the_end_of_one_shift_comes_before_the_start_of_the_next_in_the_same_minute() -> None:
    world = World(
        days=4,
        staffing={"pattern": "long_day", "times": {"long_day": ["07:00", "19:00"], "long_night": ["19:00", "07:00"]}},
    )
    seen: list[set[str]] = []
    world.staffing.shift_started.append(
        lambda s: seen.append({p.shift for p in world.dispatcher.on_duty if p.role & NURSING})
    )
    world.run()
    assert all(len(shifts) == 1 for shifts in seen)


def test_everybody_is_on_duty_when_the_start_of_a_shift_is_told() -> None:
    world = World(days=5)
    checks: list[bool] = []

    def told(start: Any) -> None:
        checks.append(all(p.on_duty for p in start.people) and start.end > start.time == world.env.now)
        checks.append(world.staffing.team_now().shift == start.shift)

    world.staffing.shift_started.append(told)
    world.run()
    assert checks
    assert all(checks)


@pytest.mark.parametrize(("policy", "late", "pieces"), [("finish", 30.0, 1), ("hand_over", 0.0, 2), ("stop", 0.0, 1)])
def test_work_in_hand_at_the_end_of_a_shift(policy: str, late: float, pieces: int) -> None:
    world = World(days=3, end_of_shift=policy)
    end = DAY + 14 * 60 + 45
    world.run(end - 60)
    person = next(p for p in world.dispatcher.on_duty if p.shift == "early" and p.role & NURSING)
    for other in list(world.dispatcher.free):
        if other is not person:
            world.dispatcher.submit(WATCH, 600.0, only=other)
    task = world.dispatcher.submit(LONG_JOB, 90.0, roles=person.role, only=person if policy != "hand_over" else None)
    world.run()
    duty = next(r for r in world.rows("duty") if r["person"] == person.id and r["start"] == DAY + 420)
    assert duty["planned_end"] == end
    assert duty["end"] == end + late
    parts = [r for r in world.rows("segment") if r["task"] == task.id]
    assert len(parts) == pieces


def test_night_over_midnight_and_on_a_public_holiday_keeps_its_pay_class() -> None:
    """One row a duty, contracted 1 for own staff and 0 for all else, so that pay can be split at midnight."""
    world = World(days=15, staffing={"vacancies": {"rn_pct": 50.0, "hca_pct": 50.0}}).run()
    holiday = min(HOLIDAYS)
    rows = [r for r in world.rows("duty") if r["shift"] == "night" and r["start"] == (holiday - 1) * DAY + 1260]
    assert rows
    assert all(r["end"] == holiday * DAY + 450 for r in rows)
    assert world.ctx.calendar.is_holiday(holiday)
    assert not world.ctx.calendar.is_working_day(holiday)
    own = {(p.person.id) for p in world.roster.plans.values()}
    taken = {(r["person"], r["day"]) for r in world.rows("offer") if r["shift"] == "night"}
    for row in rows:
        assert row["contracted"] == int(row["person"] in own and (row["person"], holiday - 1) not in taken)
    assert not [r for r in world.rows("duty") if r["role"] == "doctor" and int(r["start"] // DAY) in HOLIDAYS]


def test_weekly_patterns_give_the_days_of_the_wte() -> None:
    world = World(days=364, staffing={"multidisciplinary": {"activity_seven_days": True}})
    days = {
        role: sum(works_on(p, d, world.ctx.calendar, True) for d in range(364) for p in world.staffing.in_post(role))
        for role in (WARD_MANAGER, OCCUPATIONAL_THERAPIST, PSYCHOLOGIST)
    }
    working = sum(world.ctx.calendar.is_working_day(d) for d in range(364))
    people = {role: len(world.staffing.in_post(role)) for role in days}
    assert days[WARD_MANAGER] == working * people[WARD_MANAGER]
    assert abs(days[PSYCHOLOGIST] - working / 2 * people[PSYCHOLOGIST]) <= 4
    activity = next(p.person for p in world.plans(2) if p.person.role_name == "activity_worker")
    assert abs(sum(works_on(activity, d, world.ctx.calendar, True) for d in range(364)) - 260) <= 1
    assert any(works_on(activity, d, world.ctx.calendar, True) for d in range(28) if world.ctx.calendar.is_weekend(d))


def test_familiarity_and_fatigue_of_the_team() -> None:
    world = World(days=10)
    world.run(2 * DAY + 8 * 60)
    team = world.staffing.team_now()
    people = [p for p in world.dispatcher.on_duty if p.role & NURSING]
    assert team.on_duty == len(people)
    assert team.registered == sum(p.role_name == "rn" for p in people)
    assert team.familiarity == pytest.approx(sum(1 - exp(-p.shifts_here / 30.0) for p in people) / len(people))
    assert team is world.staffing.team_now()
    person = people[0]
    world.staffing.patient_came(77)
    assert world.staffing.familiarity_with(person, 77) == 0.0
    person.shifts_here += 4.0
    assert world.staffing.familiarity_with(person, 77) == pytest.approx(1 - exp(-1.0))
    world.staffing.patient_left(77)
    assert 77 not in person.known


def test_fatigue_adds_up_days_nights_long_shifts_and_missed_breaks() -> None:
    world = World(days=30, staffing={"pattern": "long_day"})
    p = world.ctx.p
    person, day = world.with_shift(0, "long_night", 5, 20)
    plan = world.roster.plans[person.id]
    plan.sick.clear()
    world.run(day * DAY + 19 * 60)
    person.consecutive_shifts, person.last_shift_end, person.breaks_missed = 3, world.env.now - 11.5 * 60, 2
    world.run(day * DAY + 19 * 60 + 16)
    assert person.on_duty
    assert person.consecutive_shifts == 4
    expected = (
        2 * p["staff.fatigue_consecutive"] + p["staff.fatigue_long_shift"] + p["staff.fatigue_night"]
        + p["staff.fatigue_short_rest"] + 2 * p["staff.fatigue_missed_break"]
    )  # fmt: skip
    assert person.fatigue == pytest.approx(expected)


def test_shifts_are_counted_when_they_end() -> None:
    world = World(days=4)
    person, day = world.with_shift(0, "early", 1, 2)
    world.roster.plans[person.id].sick.clear()
    before = person.shifts_here
    world.run(day * DAY + 500)
    assert person.shifts_here == before
    world.run(day * DAY + 886)
    assert person.shifts_here == before + 1.0
    assert person.last_shift_end == day * DAY + 885


def test_sheet_hours_and_duty_hours_agree() -> None:
    world = World(days=56).run()
    worked = dict.fromkeys(("early", "late", "night"), 0.0)
    for row in world.rows("shift"):
        worked[row["shift"]] += row["worked_hours"]
    for name, hours in worked.items():
        shift = world.roster.pattern.shifts[name]
        paid = shift.hours / (shift.end - shift.start)
        rows = [r for r in world.rows("duty") if r["shift"] == name and r["role"] in ("rn", "hca", "na")]
        assert hours == pytest.approx(sum(r["end"] - r["start"] for r in rows) * paid, rel=1e-6)


@pytest.mark.parametrize("staffing", [{}, {"pattern": "mixed"}, {"vacancies": {"rn_pct": 40.0}}])
def test_a_saved_staff_goes_on_as_if_nothing_had_happened(staffing: dict[str, Any]) -> None:
    parts = {"mechanisms": {"fatigue": False}, "staffing": staffing}
    whole = World(days=200, **parts).run()
    first = World(days=100, **parts)
    first.run(100 * DAY)
    state = json.loads(json.dumps(first.staffing.save(), allow_nan=False))
    second = World(days=100, begin=100 * DAY, state=state, **parts).run()
    for table, column in (("shift", "start"), ("offer", "time"), ("absence", "start")):
        a = [r for r in whole.rows(table) if r[column] >= 101 * DAY]
        b = [r for r in second.rows(table) if r[column] >= 101 * DAY]
        assert a
        assert a == b


def test_posts_new_in_the_option_are_hired_for_and_lost_ones_close_as_people_leave() -> None:
    first = World(days=30)
    first.run(30 * DAY)
    state = first.staffing.save()
    wider = World(
        days=1200, begin=30 * DAY, state=json.loads(json.dumps(state)),
        staffing={"funded_extra": {"early": none(), "late": none(), "night": {"rn": 1, "hca": 0}}},
        parameters={"staff.vacancy_rn_share": 0.02},
    )  # fmt: skip
    extra = [q for q in wider.staffing.establishment.posts.values() if q.line.code == 12]
    assert extra
    assert all(q.plan is None for q in extra)
    wider.run()
    hired = [r for r in wider.rows("employment") if r["event"] == "hired" and r["key"].startswith("12")]
    assert len(hired) >= len(extra)
    assert min(r["time"] for r in hired) > 30 * DAY + 30 * DAY
    smaller = World(
        days=700,
        begin=30 * DAY,
        state=json.loads(json.dumps(state)),
        staffing={"establishment": {"hca_band3_wte": 6.0}},
    )
    before = sum(q.wte for q in smaller.staffing.establishment.posts.values() if q.line.code == 4 and q.plan)
    smaller.run()
    after = sum(q.wte for q in smaller.staffing.establishment.posts.values() if q.line.code == 4 and q.plan)
    assert after < before


def test_another_pattern_from_a_saved_state_draws_the_roster_again() -> None:
    first = World(days=30)
    first.run(30 * DAY)
    state = json.loads(json.dumps(first.staffing.save()))
    world = World(days=60, begin=30 * DAY, state=state, staffing={"pattern": "long_day"}).run()
    shifts = {r["shift"] for r in world.rows("duty") if r["start"] > 31 * DAY and r["role"] == "rn"}
    assert shifts == {"long_day", "long_night"}
    assert {r["shift"] for r in world.rows("duty") if r["start"] == 30 * DAY} == {"night"}


def test_the_clock_needs_few_events() -> None:
    world = World(days=28)
    before = world.env.number
    world.run()
    assert (world.env.number - before) / (28 * 3) < 10


def test_one_more_night_nurse_moves_no_illness_leave_or_hiring_date_on_duty() -> None:
    """Absence rows of everybody common to both wards are the same; only shifts differ."""
    base = World(days=364, mechanisms={"fatigue": False}).run()
    more = World(
        days=364,
        mechanisms={"fatigue": False},
        staffing={"funded_extra": {"early": none(), "late": none(), "night": {"rn": 1, "hca": 0}}},
    ).run()

    def absences(world: World) -> set[tuple[Any, ...]]:
        keys = {r["person"]: r["key"] for r in world.rows("employment")}
        return {
            (keys[r["person"]], r["start"], r["end"], r["cause"])
            for r in world.rows("absence")
            if not keys[r["person"]].startswith("12")
        }

    assert absences(base) == absences(more)


def test_same_seed_same_bytes() -> None:
    a, b = World(days=60).run(), World(days=60).run()
    for table in ("duty", "shift", "offer", "absence", "employment", "vacancy"):
        assert a.facts.table(table) == b.facts.table(table)
