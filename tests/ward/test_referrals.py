"""Referrals: profile over week and clock, thinning of fixed candidates, crisis alternatives, readmission."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from tests.support import point_parameters
from tests.ward.flow_only import FlowOnly, empty_ward, scenario
from wardsim.parameters.conditioning import condition
from wardsim.ward.core.clock import DAY, HOUR
from wardsim.ward.patients.patients import EARLY, RETURN, RETURN_CLOCK, RETURN_DELAY, TRANSFER, TRANSFER_LENGTH
from wardsim.ward.patients.referrals import Profile

OFF = {"teamwork": False}


def firsts(ward: FlowOnly) -> list[tuple[float, tuple[int, int, int]]]:
    return list(zip(ward.referrals._times, ward.referrals._keys, strict=True))


def test_profile_gives_the_published_clock_and_weekend_share() -> None:
    ward = empty_ward()
    profile = Profile(ward.ctx)
    grid = np.arange(0.0, 52 * 7 * DAY, 10.0) + 5.0
    rate = profile.at(grid)
    hour = grid % DAY / HOUR
    day = (grid // DAY + ward.ctx.calendar.weekday0) % 7
    assert rate.mean() == pytest.approx(1.0, abs=1e-9)
    assert rate[(hour >= 8) & (hour < 17)].sum() / rate.sum() == pytest.approx(0.516, abs=1e-6)
    assert rate[(hour >= 1) & (hour < 8)].sum() / rate.sum() == pytest.approx(0.093, abs=1e-6)
    # 16.1% of admissions on weekends and public holidays (FC022); without holidays a little less
    assert rate[day >= 5].sum() / rate.sum() == pytest.approx(0.147, abs=0.002)


def test_public_holidays_are_like_weekends() -> None:
    holidays = frozenset({10, 11, 32, 137, 262, 263, 268, 200})
    ward = FlowOnly(scenario(mechanisms=OFF), days=1.0, holidays=holidays)
    profile = Profile(ward.ctx)
    noon = np.array([d * DAY + 12 * HOUR for d in range(364)])
    rate = profile.at(noon)
    off = np.array([ward.ctx.calendar.is_weekend(d) or d in holidays for d in range(364)])
    assert rate[off].sum() / rate.sum() == pytest.approx(0.161, abs=0.004)
    assert set(np.round(rate[off] / rate[~off].max(), 6)) == {0.43}
    assert profile.minute(0.0) == 0.0
    assert profile.minute(1.0) == pytest.approx(DAY)
    minutes = np.array([profile.minute(u) for u in (np.arange(2000) + 0.5) / 2000])
    assert ((minutes >= 480) & (minutes < 1020)).mean() == pytest.approx(0.516, abs=0.001)


def test_a_multiplier_accepts_more_or_fewer_of_the_same_candidates() -> None:
    p = condition(scenario(), point_parameters())
    found = {}
    for multiplier in (0.5, 1.0, 1.3):
        scene = scenario(mechanisms=OFF, demand={"referrals_multiplier": multiplier})
        found[multiplier] = set(firsts(FlowOnly(scene, p, conditioned=True)))
    assert found[0.5] < found[1.0] < found[1.3]
    assert len(found[0.5]) == pytest.approx(0.5 * len(found[1.0]), rel=0.3)


def test_growth_adds_later_referrals_to_the_same_ones() -> None:
    p = condition(scenario(), point_parameters())
    plain = set(firsts(FlowOnly(scenario(mechanisms=OFF), p, conditioned=True, days=1400)))
    grown = set(firsts(FlowOnly(scenario(mechanisms=OFF, demand={"growth_pct_per_year": 10.0}), p, conditioned=True, days=1400)))
    assert plain < grown
    extra = sorted(time for time, _ in grown - plain)
    assert np.median(extra) > 700 * DAY


def test_candidates_do_not_depend_on_where_a_run_begins_or_ends() -> None:
    p = condition(scenario(), point_parameters())
    long = firsts(FlowOnly(scenario(mechanisms=OFF), p, conditioned=True, begin_days=-182.0, days=400.0))
    short = firsts(FlowOnly(scenario(mechanisms=OFF), p, conditioned=True, days=100.0))
    assert short == [r for r in long if 0.0 <= r[0] < 100 * DAY]


@pytest.mark.parametrize(
    "change",
    [
        {"ward": {"beds": 19}},
        {"flow": {"leave_beds": False}},
        {"flow": {"discharge_team": True, "out_of_area_after_hours": 72.0}},
        {"demand": {"admission_threshold": 0.5, "crisis_alternatives_pct": 40.0}},
        {"staffing": {"required": {"night": {"rn": 3, "hca": 2}}}},
        {"mechanisms": {"teamwork": False, "bed_pressure": False}},
    ],
)
def test_an_option_changes_no_first_referral_and_no_attribute(change: dict[str, dict[str, object]]) -> None:
    p = condition(scenario(), point_parameters())
    rows = []
    for sections in ({}, change):
        ward = FlowOnly(scenario(**{"mechanisms": OFF, **sections}), p, conditioned=True, days=200.0)
        facts = ward.run()
        rows.append([(r[0], *r[2:-1]) for r in facts.table("referral") if r[3] == 0 and r[2] != "census"])
    assert rows[0] == rows[1]
    assert len(rows[0]) > 60


@pytest.mark.statistical
def test_number_of_referrals() -> None:
    """60 ward-years, seed 1: mean within 4 SE of a Poisson law (SE 1.7 of 180)."""
    p = condition(scenario(), point_parameters())
    counts = [len(firsts(FlowOnly(scenario(mechanisms=OFF), p, conditioned=True, replication=r))) for r in range(60)]
    mean = p["flow.referrals_per_week"] * 365.25 / 7.0
    assert np.mean(counts) == pytest.approx(mean, abs=4.0 * (mean / 60.0) ** 0.5)
    assert 0.5 < np.var(counts, ddof=1) / mean < 1.7


def test_too_many_referrals_are_refused() -> None:
    p = {**point_parameters(), "flow.referrals_per_week": 60.0}
    scene = scenario(mechanisms=OFF, demand={"referrals_multiplier": 2.0, "growth_pct_per_year": 20.0})
    with pytest.raises(ValueError, match=r"referrals from community_crisis reach \d+ a week"):
        FlowOnly(scene, p, conditioned=True, days=5 * 365.0)


@pytest.mark.lever
def test_crisis_alternatives_take_the_less_acute_from_the_community_only() -> None:
    p = condition(scenario(), point_parameters())
    diverted: dict[float, set[float]] = {}
    admissions, people = {}, {}
    for pct in (0.0, 40.0, 100.0):
        scene = scenario(mechanisms=OFF, demand={"crisis_alternatives_pct": pct})
        facts = FlowOnly(scene, p, conditioned=True).run()
        rows = [r for r in facts.table("referral") if r[2] != "census" and r[3] == 0]
        diverted[pct] = {r[0] for r in rows if r[-1] == "diverted"}
        people[pct] = rows
        assert {r[2] for r in rows if r[-1] == "diverted"} <= {"community_crisis"}
        admissions[pct] = len(facts.table("admission"))
    assert diverted[0.0] == set()
    assert diverted[40.0] < diverted[100.0]
    community = [r for r in people[100.0] if r[2] == "community_crisis"]
    assert len(diverted[100.0]) == pytest.approx(0.5 * len(community), rel=0.25)
    assert admissions[100.0] < admissions[0.0]


def _one_stay(early_min: float = 0.0, **chance: float) -> tuple[FlowOnly, list[tuple[object, ...]]]:
    places = {"back": RETURN, "delay": RETURN_DELAY, "clock": RETURN_CLOCK}
    ward = empty_ward(1, days=200.0, parameters={"flow.readmission_90_days_share": 0.15})
    patient = ward.arrive(9 * HOUR, clinical_days=4.0, chance={places[k]: v for k, v in chance.items()})
    patient.early_min = early_min
    ward.ctx.env.run(until=4.9 * DAY)
    return ward, ward.ctx.facts.table("referral")


def test_readmission_is_the_same_person_within_90_days_by_inversion() -> None:
    ward, rows = _one_stay(back=0.10, delay=0.5, clock=0.5)
    left = ward.ctx.facts.table("discharge")[0][0]
    ward.run()
    scale = 38.0 * DAY
    due = left - scale * log(1.0 - 0.5 * (1.0 - exp(-90.0 * DAY / scale)))
    again = rows[1]
    assert again[2:4] == ("readmission", 1)
    assert again[0] // DAY == due // DAY
    assert again[0] % DAY == pytest.approx(ward.referrals.profile.minute(0.5))
    assert again[4:6] == rows[0][4:6]
    assert again[7:12] == rows[0][7:12]
    never, rows = _one_stay(back=0.16, delay=0.5, clock=0.5)
    never.run()
    assert len(rows) == 1


def test_a_discharge_brought_forward_raises_readmission_only_with_the_mechanism() -> None:
    odds = 0.15 / 0.85 * exp(0.25 * 3.0)
    raised = odds / (1.0 + odds)
    for on, u, times in ((True, raised - 1e-6, 2), (True, raised + 1e-6, 1), (False, 0.15 + 1e-6, 1), (False, 0.15 - 1e-6, 2)):
        ward = empty_ward(
            1, days=200.0, parameters={"flow.readmission_90_days_share": 0.15}, mechanisms={"teamwork": False, "bed_pressure": on}
        )
        patient = ward.arrive(9 * HOUR, clinical_days=4.0, chance={RETURN: u, EARLY: 0.99})
        patient.early_min = 3.0 * 7.0 * DAY
        ward.run()
        assert sum(r[2] in ("readmission", "community_crisis") and r[3] <= 1 for r in ward.ctx.facts.table("referral")) == times


def test_from_intensive_care_some_step_down_to_this_ward() -> None:
    for u, back in ((0.49, 1), (0.51, 0)):
        ward = empty_ward(1, days=90.0)
        patient = ward.arrive(9 * HOUR, clinical_days=40.0, chance={TRANSFER: u, TRANSFER_LENGTH: 0.5})
        ward.ctx.env.run(until=3 * DAY)
        ward.beds.transfer(patient, "picu")
        ward.run()
        came = [r for r in ward.ctx.facts.table("referral") if r[2] == "picu_step_down"]
        assert len(came) == back
        if back:
            assert came[0][0] == pytest.approx(17 * DAY)


@pytest.mark.statistical
def test_readmission_share() -> None:
    """30 ward-years without pressure, seed 1, about 5,700 discharges: share SE 0.5 points, tolerance 4 SE."""
    scene = scenario(mechanisms={"teamwork": False, "bed_pressure": False})
    p = condition(scene, point_parameters())
    home = back = 0
    for r in range(30):
        ward = FlowOnly(scene, p, conditioned=True, replication=r, pathway=False)
        facts = ward.run()
        home += sum(d[5] == "home" for d in facts.table("discharge"))
        came = sum(a[2] == "readmission" for a in facts.table("referral"))
        back += came
    assert back / home == pytest.approx(0.15, abs=0.02)
