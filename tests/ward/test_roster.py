"""The roster: rules, publication, the interface that training uses, rosters given by the planner."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.ward.staff_world import World, numbers
from wardsim.ward.core.clock import DAY, HOUR
from wardsim.ward.staff.patterns import Pattern, paid_hours

PATTERNS: list[dict[str, Any]] = [{"pattern": "three_shift"}, {"pattern": "long_day"}, {"pattern": "mixed"}]


def test_paid_hours_leave_out_the_breaks_that_the_ward_gives() -> None:
    assert paid_hours(360.0, 30.0) == 6.0
    assert paid_hours(465.0, 30.0) == 7.25
    assert paid_hours(765.0, 30.0) == 11.75
    assert paid_hours(465.0, 0.0) == 7.75


def test_times_over_midnight_and_required_numbers() -> None:
    world = World(days=1, staffing={"required": {"weekend_hca_change": 2}})
    pattern = Pattern(world.scenario.staffing, 30.0, world.ctx.calendar)
    night = pattern.shifts["night"]
    assert (night.start, night.end, night.night) == (21 * 60, 24 * 60 + 450, True)
    saturday = 5 - world.ctx.calendar.weekday0
    assert pattern.required(saturday, 0) == (2, 5)
    assert pattern.required(saturday, 2) == (2, 2)
    assert pattern.required(saturday + 2, 0) == (2, 3)
    assert [pattern.until_next(n) for n in range(3)] == [825, 1260, 1860]


@pytest.mark.property
@pytest.mark.parametrize("staffing", PATTERNS)
def test_own_staff_rest_eleven_hours_and_work_few_days_in_a_row(staffing: dict[str, Any]) -> None:
    for seed in range(3):
        world = World(days=168, seed=seed, staffing=staffing).run()
        ends: dict[int, float] = {}
        days: dict[int, list[int]] = {}
        for row in sorted(world.rows("duty"), key=lambda r: r["start"]):
            before = ends.get(row["person"])
            assert before is None or row["start"] - before >= 11 * HOUR
            ends[row["person"]] = row["end"]
            if row["employment"] == "substantive" and row["role"] in ("rn", "hca", "na"):
                days.setdefault(row["person"], []).append(int(row["start"] // DAY))
        for worked in days.values():
            run = longest = 1
            for a, b in pairwise(worked):
                run = run + 1 if b == a + 1 else 1
                longest = max(longest, run)
            assert longest <= 7  # six rostered; written-in starters and study days count towards them too


@pytest.mark.property
@pytest.mark.parametrize("staffing", PATTERNS)
def test_contracted_hours_are_given_within_a_shift_a_block_and_balance_over_a_year(staffing: dict[str, Any]) -> None:
    world = World(
        days=1, parameters={"staff.sickness_rn_share": 0.0, "staff.sickness_hca_share": 0.0}, staffing=staffing
    )
    lead = 7 * world.scenario.staffing.roster_lead_weeks
    longest = max(s.hours for s in world.roster.pattern.shifts.values())
    for plan in (*world.plans(0), *world.plans(1)):
        if plan.leaves_day < lead + 28:
            continue
        rostered = sum(s.hours for d, s in plan.shifts.items() if d >= 0)
        free = sum(1 for d in range(world.roster.published_until + 1) if d not in plan.leave)
        # Up to 24 hours may be owed from before; half a shift may be lent.
        assert rostered <= plan.person.weekly_hours / 7 * free + 24.0 + 0.5 * longest
    year = World(
        days=364, parameters={"staff.sickness_rn_share": 0.0, "staff.sickness_hca_share": 0.0}, staffing=staffing
    ).run()
    worked: dict[int, float] = {}
    for row in year.rows("duty"):
        if row["contracted"] and row["role"] in ("rn", "hca", "na"):
            shift = year.roster.pattern.shifts[row["shift"]]
            worked[row["person"]] = worked.get(row["person"], 0.0) + shift.hours
    away: dict[int, float] = {}
    for row in year.rows("absence"):
        away[row["person"]] = away.get(row["person"], 0.0) + row["hours"]
    lent = sum(r["lent"] for r in year.rows("shift")) * longest
    given = expected = 0.0
    for plan in (*year.plans(0), *year.plans(1)):
        if plan.start_day <= 0 and plan.leaves_day > 364:
            given += worked.get(plan.person.id, 0.0)
            expected += plan.person.weekly_hours * 52 - away.get(plan.person.id, 0.0)
    assert given <= expected + 12 * len(worked)
    assert given + lent >= 0.97 * expected


def test_gaps_do_not_gather_in_one_shift() -> None:
    world = World(days=84, staffing={"vacancies": {"rn_pct": 35.0}}).run()
    shares = {}
    for name in ("early", "late", "night"):
        rows = [r for r in world.rows("shift") if r["role"] == "rn" and r["shift"] == name]
        shares[name] = sum(min(r["rostered"], r["required"]) for r in rows) / sum(r["required"] for r in rows)
        assert sum(r["rostered"] == 0 for r in rows) < 0.1 * len(rows)
    assert max(shares.values()) - min(shares.values()) < 0.15


def test_weekends_and_nights_are_shared() -> None:
    world = World(days=168, staffing={"establishment": {"in_post": True}}).run()
    weekends: dict[int, int] = {}
    nights: dict[int, int] = {}
    whole = [
        p.person.id for p in world.plans(1) if p.person.weekly_hours == 37.5 and p.start_day <= 0 and p.leaves_day > 168
    ]
    for row in world.rows("duty"):
        if row["contracted"] and row["person"] in whole:
            day = int(row["start"] // DAY)
            weekends[row["person"]] = weekends.get(row["person"], 0) + world.ctx.calendar.is_weekend(day)
            nights[row["person"]] = nights.get(row["person"], 0) + (row["shift"] == "night")
    mean = sum(weekends.values()) / len(whole)
    assert all(0.4 * mean < weekends.get(i, 0) < 1.6 * mean for i in whole)
    mean = sum(nights.values()) / len(whole)
    assert all(0.35 * mean < nights.get(i, 0) < 1.65 * mean for i in whole)


def test_it_is_published_as_many_weeks_ahead_as_said() -> None:
    for weeks in (1, 6, 12):
        world = World(days=60, staffing={"roster_lead_weeks": weeks})
        world.run(30 * DAY)
        assert 30 + 7 * weeks - 2 <= world.roster.published_until <= 30 + 7 * weeks + 28


def test_reserve_before_publication_gives_a_study_day_and_no_shift() -> None:
    world = World(days=120)
    day = world.roster.published_until + 10
    plan = next(p for p in world.plans(0) if p.leaves_at > 200 * DAY and not p.known_absent(day))
    assert not world.roster.reserve(plan.person, world.roster.published_until, 7.5)
    assert world.roster.reserve(plan.person, day, 7.5)
    assert not world.roster.reserve(plan.person, day, 7.5)
    plan.sick.clear()
    world.run()
    study = [r for r in world.rows("absence") if r["cause"] == "study"]
    assert [(r["person"], r["start"], r["hours"]) for r in study] == [(plan.person.id, day * DAY + 540, 7.5)]
    assert not [r for r in world.rows("duty") if r["person"] == plan.person.id and r["start"] // DAY == day]


@pytest.mark.parametrize("backfill", [True, False])
def test_release_frees_the_person_and_offers_the_gap_only_if_backfilled(backfill: bool) -> None:
    world = World(days=60, parameters={"staff.bank_fill_same_day": 1.0, "staff.bank_fill_two_weeks": 1.0})
    person, day = next(
        (p.person, d)
        for d in range(20, 30)
        for p in world.plans(0)
        if (s := p.shifts.get(d)) and s.name == "early" and world.roster.cover(d, "early", "rn") == (2, 2)
        and d not in p.sick
    )  # fmt: skip
    plan = world.roster.plans[person.id]
    owed = plan.owed
    world.run(8 * DAY)
    world.roster.release(person, day, 7.5, backfill)
    assert world.roster.shift_of(person, day) is None
    assert plan.owed - owed == pytest.approx(7.25 - 7.5)
    offers = [r for r in world.rows("offer") if r["day"] == day and r["reason"] == "training"]
    assert len(offers) == int(backfill)
    assert world.roster.cover(day, "early", "rn") == ((2, 2) if backfill else (1, 2))
    before = len(world.facts.offer)
    world.run((day - 1) * DAY)
    later = [r for r in world.rows("offer")[before:] if r["day"] == day and r["shift"] == "early" and r["role"] == "rn"]
    assert all(r["reason"] == "sickness" for r in later)


def test_recall_puts_the_person_back() -> None:
    world = World(days=60)
    person, day = world.with_shift(0, "late", 20, 30)
    plan = world.roster.plans[person.id]
    plan.sick.clear()
    cover = world.roster.cover(day, "late", "rn")
    owed = plan.owed
    world.roster.release(person, day, 7.5, False)
    world.roster.recall(person, day)
    assert world.roster.shift_of(person, day) == "late"
    assert world.roster.cover(day, "late", "rn") == cover
    assert plan.owed == pytest.approx(owed)
    assert not plan.study
    world.run()
    assert not [r for r in world.rows("absence") if r["cause"] == "study"]
    assert [r["shift"] for r in world.rows("duty") if r["person"] == person.id and r["start"] // DAY == day] == ["late"]


def test_recall_after_a_reserved_day_goes_where_most_are_missing() -> None:
    world = World(days=120, staffing={"temporary": {"bank": False, "agency": False}})
    day = world.roster.published_until + 12
    plan = next(p for p in world.plans(1) if p.leaves_at > 200 * DAY and not p.known_absent(day))
    plan.sick.clear()
    world.roster.reserve(plan.person, day, 7.5)
    world.run(day * DAY + 310)
    cover = {name: world.roster.cover(day, name, "hca") for name in ("early", "late")}
    lack = {name: required - there for name, (there, required) in cover.items()}
    world.roster.recall(plan.person, day)
    got = world.roster.shift_of(plan.person, day)
    assert got in ("early", "late")
    assert lack[str(got)] == max(lack.values())


def test_a_given_roster_is_worked_and_extra_names_are_bank_workers() -> None:
    rows = [
        (day, shift, role, f"{role}-{shift}-{n}")
        for day in range(28)
        for shift in ("early", "late")
        for role, k in (("rn", 2), ("hca", 3))
        for n in range(k)
    ]
    rows += [(day, "night", "hca", f"stranger {n}") for day in range(2) for n in range(30)]
    well = {f"staff.{name}_share": 0.0 for name in ("sickness_rn", "sickness_hca", "parental", "other_absence")}
    world = World(days=28, given=rows, staffing={"roster_lead_weeks": 1}, parameters=well).run()
    early = [r for r in world.rows("shift") if r["shift"] == "early" and r["role"] == "rn"]
    assert {r["rostered"] for r in early} <= {1, 2}
    assert sum(r["rostered"] for r in early) >= 50
    nights = [r for r in world.rows("shift") if r["shift"] == "night" and r["role"] == "rn" and r["day"] >= 0]
    assert all(r["rostered"] == 0 for r in nights)
    night = next(r for r in world.rows("shift") if r["day"] == 0 and r["shift"] == "night" and r["role"] == "hca")
    assert night["bank"] > 5


def test_a_given_annual_leave_is_taken() -> None:
    world = World(days=28, given=[(10, "annual_leave", "rn", "A"), (11, "early", "rn", "A")])
    plan = world.plans(0)[0]
    assert plan.leave[10] == "annual_leave"
    assert plan.shifts[11].name == "early"
    assert 10 not in plan.shifts


@pytest.mark.parametrize("zero", [True, False])
def test_nobody_required_or_nobody_employed_runs(zero: bool) -> None:
    empty = {
        f"{line}_wte": 0.0 for line in ("rn_band5", "rn_band6", "na_band4", "hca_band3", "hca_band2", "ward_manager")
    }
    staffing: dict[str, Any] = {"establishment": empty, "temporary": {"bank": False, "agency": False}}
    if zero:
        staffing = {"required": numbers((0, 0), (0, 0), (0, 0))}
    world = World(days=60, staffing=staffing).run()
    if zero:
        assert not world.facts.offer
    else:
        assert not [r for r in world.rows("duty") if r["role"] in ("rn", "hca", "na")]
        assert {r["outcome"] for r in world.rows("offer")} == {"unfilled"}
