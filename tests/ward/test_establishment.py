"""Posts, leaving and hiring: closed forms, pairing, the statistical balance."""

from __future__ import annotations

from math import exp, sqrt

import pytest

from tests.ward.staff_world import World, none, wte_years
from wardsim.ward.core.clock import DAY, YEAR
from wardsim.ward.staff.patterns import Pattern
from wardsim.ward.staff.posts import split_wte
from wardsim.ward.staff.tenure import Hiring, Leaving

RN = ("rn",)


def test_wte_is_cut_into_posts_that_do_not_move_when_more_are_added() -> None:
    small = split_wte(7.6, 0.3, 0.6)
    large = split_wte(9.6, 0.3, 0.6)
    assert sum(small) == pytest.approx(7.6)
    assert sum(large) == pytest.approx(9.6)
    assert large[: len(small) - 1] == small[:-1]
    assert split_wte(0.0, 0.3, 0.6) == []
    assert split_wte(2.0, 0.0, 1.0) == [1.0, 1.0]


@pytest.mark.theory
@pytest.mark.parametrize(("per_year", "ratio"), [(0.15, 2.0), (0.3, 3.0), (0.05, 1.0), (0.8, 2.0)])
def test_mean_time_in_post_is_one_over_the_leavers_a_year(per_year: float, ratio: float) -> None:
    leaving = Leaving.solve(per_year, ratio)
    n = 20_000
    mean = sum(leaving.time_of(-_log1m((i + 0.5) / n)) for i in range(n)) / n
    assert mean == pytest.approx(1.0 / per_year, rel=2e-3)


def _log1m(u: float) -> float:
    from math import log

    return log(1.0 - u)


@pytest.mark.theory
def test_tenure_met_in_balance_has_density_proportional_to_survival() -> None:
    leaving = Leaving.solve(0.15, 2.0)
    for u in (0.05, 0.2, 0.5, 0.9):
        t = leaving.elapsed(u)
        steps = 20_000
        area = sum(exp(-leaving.cumulative((i + 0.5) * t / steps)) for i in range(steps)) * t / steps
        assert 0.15 * area == pytest.approx(u, rel=1e-4)


def test_pressure_brings_leaving_forward_and_none_changes_nothing() -> None:
    leaving = Leaving.solve(0.2, 2.0)
    target = leaving.cumulative(5.0)
    assert leaving.leaves_at(0.0, target) == pytest.approx(5.0 * YEAR)
    assert leaving.leaves_at(0.0, target, [(YEAR, 2.0 * YEAR, 1.0)]) == pytest.approx(5.0 * YEAR)
    # A doubled hazard for one year gathers one year's hazard more: leaving is a year earlier.
    assert leaving.leaves_at(0.0, target, [(2.0 * YEAR, 3.0 * YEAR, 2.0)]) == pytest.approx(4.0 * YEAR)
    # Reached inside the window: two years gather in one.
    assert leaving.leaves_at(0.0, target, [(3.0 * YEAR, 9.0 * YEAR, 2.0)]) == pytest.approx(4.0 * YEAR)


@pytest.mark.theory
@pytest.mark.parametrize("vacancy", [0.0, 0.02, 0.08, 0.15, 0.4])
def test_rounds_of_recruitment_hold_the_vacancy_share_in_balance(vacancy: float) -> None:
    hiring = Hiring.solve(0.15, vacancy, 4.0, 0.4)
    vacant_years = hiring.months / 12.0 / hiring.success if hiring.success else 0.0
    assert 0.15 * vacant_years / (1.0 + 0.15 * vacant_years) == pytest.approx(vacancy, abs=1e-9)
    assert hiring.success <= 1.0
    assert hiring.months <= 4.0


def test_a_given_time_to_hire_alone_decides_the_vacancy_share() -> None:
    assert Hiring.solve(0.15, None, 12.0, 0.4).vacancy == pytest.approx(0.15 / 1.15)
    world = World(days=1, staffing={"turnover": {"time_to_hire_months": 12.0}})
    assert world.staffing.establishment.hiring["rn"].vacancy == pytest.approx(0.15 / 1.15)


def test_figures_in_post_take_no_vacancies_off() -> None:
    rows = World(days=1, staffing={"establishment": {"in_post": True}}).rows("vacancy")
    assert {r["role"]: r["in_post_wte"] - r["established_wte"] for r in rows if r["role"] in ("rn", "hca", "na")} == {
        "rn": 0.0,
        "hca": 0.0,
        "na": 0.0,
    }


def test_everybody_vacant_is_nobody_in_post_for_ever() -> None:
    world = World(days=200, staffing={"vacancies": {"rn_pct": 100.0, "hca_pct": 100.0}}).run()
    assert not [r for r in world.rows("employment") if r["role"] in ("rn", "hca", "na")]


def test_funded_extra_is_hours_over_one_minus_headroom() -> None:
    world = World(
        days=1,
        staffing={
            "funded_extra": {"early": none(), "late": none(), "night": {"rn": 1, "hca": 0}},
            "absence": {"headroom_pct": 25.0},
        },
    )
    pattern = Pattern(world.scenario.staffing, 30.0, world.ctx.calendar)
    night = pattern.shifts["night"].hours
    assert world.staffing.establishment.lines[12].wte == pytest.approx(7 * night / 0.75 / 37.5)
    assert pattern.required(0, 2) == (3, 2)
    by_bank = World(days=1, staffing={"by_bank_extra": {"early": none(), "late": none(), "night": {"rn": 1, "hca": 0}}})
    assert by_bank.staffing.establishment.lines[12].wte == 0.0
    assert by_bank.roster.cover(0, "night", "rn")[1] == 3


def test_one_more_post_leaves_everybody_else_as_they_were() -> None:
    """Sickness, leave wishes, tenure, leaving and hiring of all others are the same to the last bit."""
    base = World(days=700).run()
    more = World(
        days=700, staffing={"funded_extra": {"early": none(), "late": none(), "night": {"rn": 1, "hca": 0}}}
    ).run()

    def people(world: World) -> dict[tuple[int, ...], tuple[object, ...]]:
        plans = world.staffing.establishment.plans.values()
        return {
            p.person.key: (p.person.hired_at, p.leaves_at, frozenset(p.sick), tuple(sorted(p.leave.items())))
            for p in plans
        }

    def moves(world: World) -> list[tuple[object, ...]]:
        return [
            (r["time"], r["key"], r["event"]) for r in world.rows("employment") if not r["key"].startswith(("12", "13"))
        ]

    a, b = people(base), people(more)
    assert len(b) > len(a)
    assert {key: b[key] for key in a} == a
    assert moves(base) == moves(more)


@pytest.mark.statistical
def test_vacancy_and_turnover_are_the_stated_ones() -> None:
    """Over 24 wards of two years; a correct model fails at most once in 500 (three standard errors each)."""
    vacancy, rates = [], []
    for replication in range(24):
        world = World(days=730, replication=replication, seed=5).run()
        in_post = wte_years(world, RN) / 2.0
        vacancy.append(
            1.0 - in_post / sum(line.wte for line in world.staffing.establishment.lines.values() if line.group == 0)
        )
        heads = [r for r in world.rows("employment") if r["role"] == "rn" and r["event"] != "left"]
        left = sum(1 for r in world.rows("employment") if r["role"] == "rn" and r["event"] == "left")
        mean_wte = sum(r["wte"] for r in heads) / len(heads)
        rates.append(left / (in_post / mean_wte) / 2.0)
    for values, expected in ((vacancy, 0.15), (rates, 0.15)):
        mean = sum(values) / len(values)
        error = sqrt(sum((v - mean) ** 2 for v in values) / len(values) / (len(values) - 1))
        assert abs(mean - expected) < 3.0 * error + 0.002


@pytest.mark.lever
def test_vacancy_makes_named_gaps_and_temporary_staff() -> None:
    def chain(pct: float) -> tuple[int, float]:
        world = World(days=364, staffing={"vacancies": {"rn_pct": pct}}).run()
        gaps = sum(1 for r in world.rows("offer") if r["role"] == "rn" and r["reason"] == "vacancy")
        rows = [r for r in world.rows("shift") if r["role"] == "rn"]
        temporary = sum(r["bank"] + r["agency"] for r in rows)
        return gaps, temporary / sum(r["required"] for r in rows)

    few, many = chain(0.0), chain(40.0)
    assert many[0] > few[0] + 300
    assert many[1] > few[1] + 0.1


def test_violence_brings_leaving_forward_only_with_the_switch() -> None:
    for on in (True, False):
        world = World(days=28, mechanisms={"injury": on})
        plan = next(p for p in world.plans(0) if p.leaves_at > 400 * DAY)
        before = plan.leaves_at
        world.staffing.leaving_multiplier(plan.person, 3.0, 180.0 * DAY)
        assert (plan.leaves_at < before) is on


def test_notice_is_served_and_leaver_is_off_the_roster() -> None:
    world = World(days=28)
    plan = next(p for p in world.plans(1) if p.leaves_at > 400 * DAY)
    world.staffing.leaving_multiplier(plan.person, 1e9, 300.0 * DAY)
    assert plan.leaves_at == pytest.approx(world.ctx.p["staff.notice_weeks"] * 7 * DAY)
    world.run(DAY)
    assert plan.leaves_day == 56
    assert all(day < 56 for day in plan.shifts)
