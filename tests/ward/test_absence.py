"""Absence: shares, pairing, who rings in when, what injury does."""

from __future__ import annotations

from math import sqrt

import pytest

from tests.ward.staff_world import World, wte_years
from wardsim.ward.core.clock import DAY

NURSING = ("rn", "hca", "na")


def hours(world: World, cause: str, roles: tuple[str, ...] = NURSING) -> float:
    return sum(r["hours"] for r in world.rows("absence") if r["cause"] == cause and r["role"] in roles)


@pytest.mark.statistical
def test_sickness_and_leave_take_their_stated_shares() -> None:
    """16 wards of two years; each share within three standard errors of the stated one (fails once in 300 when right)."""
    sick, leave = [], []
    for replication in range(16):
        world = World(
            days=728,
            seed=3,
            replication=replication,
            staffing={"absence": {"sickness_rn_pct": 6.0, "sickness_hca_pct": 6.0, "parental_other_pct": 0.0}},
            mechanisms={"fatigue": False},
        ).run()
        contracted = wte_years(world, NURSING) * 365 / 7 * 37.5
        sick.append(hours(world, "sickness") / contracted)
        leave.append(hours(world, "annual_leave") / contracted)
    for values, expected in ((sick, 0.06), (leave, 46.0 / 364.0 * 0.94)):
        mean = sum(values) / len(values)
        error = sqrt(sum((v - mean) ** 2 for v in values) / len(values) / (len(values) - 1))
        assert abs(mean - expected) < 3.0 * error + 0.0005


def test_no_sickness_and_no_leave_when_there_is_none() -> None:
    world = World(
        days=365,
        staffing={
            "absence": {
                "sickness_rn_pct": 0.0, "sickness_hca_pct": 0.0, "parental_other_pct": 0.0, "annual_leave_days": 0.0,
            }
        },
        mechanisms={"fatigue": False},
    ).run()  # fmt: skip
    assert not [r for r in world.rows("absence") if r["role"] in NURSING]


def test_everybody_always_ill_is_a_ward_of_temporary_staff() -> None:
    world = World(days=60, staffing={"absence": {"sickness_rn_pct": 100.0, "sickness_hca_pct": 100.0}}).run()
    assert sum(r["substantive"] for r in world.rows("shift") if r["start"] > 30 * DAY) == 0


def test_annual_leave_is_spread_over_the_year() -> None:
    world = World(days=364, parameters={"staff.leave_holiday_peak": 0.0, "staff.parental_share": 0.0})
    away = [
        sum(p.leave.get(day) == "annual_leave" and p.in_post(day) for p in world.plans(1)) for day in range(0, 364, 7)
    ]
    people = len(world.plans(1))
    assert max(away) <= 0.35 * people
    assert sum(1 for n in away if n == 0) <= 10


def test_school_holidays_weigh_more_when_the_parameter_says_so() -> None:
    def in_august(peak: float) -> int:
        world = World(days=364, parameters={"staff.leave_holiday_peak": peak})
        calendar = world.ctx.calendar
        august = [d for d in range(364) if calendar.date(d).month == 8]
        return sum(p.leave.get(d) == "annual_leave" for p in world.roster.plans.values() for d in august)

    assert in_august(3.0) > 1.3 * in_august(0.0)


def test_sickness_depends_on_nothing_but_the_key() -> None:
    """Another roster, other numbers, other vacancies, other horizons: the same spells."""
    base = World(days=300)
    other = World(
        days=500,
        begin=-100 * DAY,
        staffing={"pattern": "long_day", "vacancies": {"rn_pct": 0.0}, "absence": {"annual_leave_days": 20.0}},
    )
    mine = {p.person.key: {d for d in p.sick if 0 <= d < 300} for p in base.roster.plans.values()}
    theirs = {p.person.key: {d for d in p.sick if 0 <= d < 300} for p in other.roster.plans.values()}
    both = mine.keys() & theirs.keys()
    assert len(both) > 20
    assert {k: mine[k] for k in both} == {k: theirs[k] for k in both}
    assert any(mine.values())


def test_illness_is_known_at_five_and_the_shift_becomes_a_gap() -> None:
    world = World(days=28, parameters={"staff.sickness_rn_share": 0.0})
    person, day = world.with_shift(0, "early", 3, 20)
    plan = world.roster.plans[person.id]
    plan.sick.update((day, day + 1))
    world.run(day * DAY + 299)
    assert world.roster.shift_of(person, day) == "early"
    world.run(day * DAY + 301)
    assert world.roster.shift_of(person, day) is None
    assert world.roster.shift_of(person, day + 1) is None
    offers = [r for r in world.rows("offer") if r["time"] == day * DAY + 300 and r["day"] == day and r["role"] == "rn"]
    assert [r["reason"] for r in offers if r["shift"] == "early"][:1] in (["sickness"], [])
    world.run()
    row = next(r for r in world.rows("absence") if r["person"] == person.id and r["cause"] == "sickness")
    assert (row["start"], row["end"]) == (day * DAY, (day + 2) * DAY)
    assert row["hours"] == pytest.approx(person.weekly_hours * 2 / 7)


def test_long_sickness_is_certified_a_fortnight_at_a_time() -> None:
    world = World(
        days=60,
        parameters={"staff.sickness_rn_share": 0.0},
        staffing={"absence": {"annual_leave_days": 0.0, "parental_other_pct": 0.0}},
    )
    plan = next(p for p in world.plans(0) if p.leaves_at > 200 * DAY)
    plan.sick.update(range(10, 50))
    world.run(10 * DAY + 301)
    assert plan.sick_known == 23
    assert not any(10 <= d <= 23 for d in plan.shifts)
    assert any(24 <= d <= 38 for d in plan.shifts)
    world.run(24 * DAY + 301)
    assert plan.sick_known == 37


@pytest.mark.lever
@pytest.mark.parametrize("on", [True, False])
def test_injury_makes_absence_and_gaps_only_with_the_switch(on: bool) -> None:
    world = World(days=42, mechanisms={"injury": on}, parameters={"staff.sickness_hca_share": 0.0})
    person, day = world.with_shift(1, "early", 10, 20)
    world.run(day * DAY + 600)
    assert person.on_duty
    world.staffing.absent(person, "injury", world.env.now, 8 * DAY)
    assert person.on_duty is not on
    plan = world.roster.plans[person.id]
    assert plan.injured == (set(range(day + 1, day + 9)) if on else set())
    assert any(day < d <= day + 8 for d in plan.shifts) is not on
    world.run()
    rows = [r for r in world.rows("absence") if r["cause"] == "injury"]
    assert len(rows) == int(on)
    assert any(r["reason"] == "injury" for r in world.rows("offer")) is on


@pytest.mark.lever
def test_fatigue_adds_spells_from_draws_of_their_own() -> None:
    """Only with the switch on and a coefficient that is not nothing; the exogenous spells never move."""

    def spells(on: bool, coefficient: float) -> tuple[dict[tuple[int, ...], frozenset[int]], int]:
        world = World(
            days=364,
            staffing={"pattern": "long_day"},
            mechanisms={"fatigue": on},
            parameters={"staff.fatigue_on_sickness": coefficient, "staff.fatigue_reference": 0.0},
        ).run()
        plans = world.roster.plans.values()
        return {p.person.key: frozenset(p.sick) for p in plans}, sum(len(p.extra_sick) for p in plans)

    off, extra_off = spells(False, 1.0)
    null, extra_null = spells(True, 0.0)
    strong, extra = spells(True, 1.0)
    assert extra_off == extra_null == 0
    assert extra > 10
    both = off.keys() & strong.keys()
    assert {k: strong[k] for k in both} == {k: off[k] for k in both}
    assert off == null
