"""Referrals by hour and weekday, sickness as alternating renewal, compliance in steady state, decay of skill.

Stated error: chi-square tests at 0.1%, intervals at 99.9%; the slow versions would see an error of 2% in a rate.
"""

from __future__ import annotations

from datetime import date
from math import exp, log

import numpy as np
import pytest
from scipy import stats

from tests.support import point_parameters
from tests.theory.queues import agrees
from tests.ward.flow_only import FlowOnly, scenario
from tests.ward.staff_world import World as StaffWorld
from tests.ward.training_world import World as TrainingWorld
from tests.ward.training_world import course, parameters
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.core.streams import Stream
from wardsim.ward.staff.absence import Absence
from wardsim.ward.staff.people import RN, SUBSTANTIVE, Person
from wardsim.ward.training.skill import MONTH, Skill

pytestmark = pytest.mark.theory
REJECT = 0.001


def hours_of_the_week(replication: int, years: int) -> np.ndarray:
    """Number of first referrals in each hour of the week, Monday 0:00 first, over whole weeks without public holidays."""
    scene = scenario(
        ward={"bank_holidays": "none", "start_date": "2025-04-09"}, mechanisms={"teamwork": False}, start={"census": []}
    )
    p = {**point_parameters(), "flow.referrals_per_week": 100.0, "flow.readmission_90_days_share": 0.0}
    ward = FlowOnly(scene, p, conditioned=True, pathway=False, days=years * 364.0, replication=replication, seed=13)
    times = np.array(ward.referrals._times) + date(2025, 4, 9).weekday() * DAY
    return np.bincount((times % WEEK // 60.0).astype(int), minlength=168)


def expected_share() -> np.ndarray:
    """Share of each hour of the week, written down from the ledger: day, night and evening; weekends at their ratio."""
    p = point_parameters()
    night, day = p["flow.arrivals_night_share"], p["flow.arrivals_day_share"]
    clock = [night / 7 if 1 <= h < 8 else day / 9 if 8 <= h < 17 else (1 - night - day) / 8 for h in range(24)]
    week = np.array([ratio * c for ratio in [1.0] * 5 + [p["flow.weekend_rate_ratio"]] * 2 for c in clock])
    return week / week.sum()


@pytest.mark.parametrize(
    ("replications", "years", "sharp"),
    [pytest.param(12, 1, False, id="small"), pytest.param(30, 5, True, marks=pytest.mark.slow, id="sharp")],
)
def test_referrals_by_hour_and_weekday(replications: int, years: int, sharp: bool) -> None:
    counts = np.array([hours_of_the_week(r, years) for r in range(replications)])
    shares = expected_share()
    weeks = 52 * years
    expected = 100.0 * weeks * replications * shares
    found = float(((counts.sum(axis=0) - expected) ** 2 / expected).sum())
    assert found < stats.chi2.ppf(1.0 - REJECT, 168), f"chi-square {found:.1f} on 168"
    agrees("referrals a week", counts.sum(axis=1) / weeks, 100.0, 102.0, sharp=sharp)
    weekend = counts[:, 120:].sum(axis=1) / counts.sum(axis=1)
    right = shares[120:].sum()
    agrees("referrals at weekends", weekend, right, 1.02 * right, sharp=sharp)
    dispersion = float(((counts - 100.0 * weeks * shares) ** 2 / (100.0 * weeks * shares)).sum())
    low, high = stats.chi2.ppf([REJECT / 2, 1 - REJECT / 2], counts.size)
    assert low < dispersion < high, f"dispersion {dispersion / counts.size:.3f}"


@pytest.mark.parametrize(
    ("people", "sharp"),
    [pytest.param(240, False, id="small"), pytest.param(12000, True, marks=pytest.mark.slow, id="sharp")],
)
def test_sickness_share_as_alternating_renewal(people: int, sharp: bool) -> None:
    """Share of days = mean spell / (mean spell + mean gap); spells begin at one a (spell + gap), independently of its law."""
    world = StaffWorld(days=7)
    years = 30
    absence = Absence(world.ctx, years * 365)
    p = world.ctx.p
    short, long, long_share = (p[f"staff.sickness_{name}"] for name in ("short_days", "long_days", "long_spell_share"))
    span = absence.last_day - absence.first_day + 1
    share, days, begun = 0.06, [], []
    for group in np.array_split(np.arange(people), 24):
        sick = [absence._spells((Stream.SICKNESS, 5000 + int(i), 0), share, short, long, long_share) for i in group]
        days.append(sum(len(s) for s in sick) / span / len(group))
        begun.append(sum(sum(d - 1 not in s for d in s) for s in sick) / span / len(group))
    agrees("sickness share", days, share, 1.02 * share, sharp=sharp)
    mean = (1.0 - long_share) * short + long_share * long
    gap = mean * (1.0 - share) / share
    joined = 1.0 - gap * (1.0 - exp(-1.0 / gap))  # the next spell begins on the day after: one run of days
    starts = (1.0 - joined) / (mean + gap)
    agrees("spells a day", begun, starts, 1.02 * starts, sharp=sharp)


@pytest.mark.parametrize(
    ("per_month", "people"),
    [(0.5, 40), pytest.param(0.2, 200, marks=pytest.mark.slow), pytest.param(0.7, 200, marks=pytest.mark.slow)],
)
def test_compliance_in_steady_state(per_month: float, people: int) -> None:
    """Release is no obstacle and course days come every d days. Everybody is renewed on the first course day that can still be
    booked, the n-th after the last, so that certificates begin on course days and V of every n x d days are in date."""
    spacing = MONTH / DAY / per_month
    rare = course(sessions_per_month=per_month, group_size=60, valid_months=7)
    free = {"release_rule": "always", "max_released_per_shift": 30, "protected": True, "book_ahead_weeks": 1}
    w = TrainingWorld(
        "h" * min(people, 60), (rare,), {"violence_prevention": [-5.0] * min(people, 60)}, policy=free, hired_day=-2000,
        p={"training__booking_notice_days": 14, "training__search_beyond_weeks": 60},
    )  # fmt: skip
    w.roster.freeze()
    cycles = 10
    valid = 7 * MONTH / DAY
    soonest = valid - 7.0 + 14.0  # sought a week before it runs out, in the next Monday's round, with notice
    assert np.ceil(soonest / spacing) == np.ceil((soonest + 7.0) / spacing)
    cycle = spacing * np.ceil(soonest / spacing)
    first = next(f[0] for f in w.run(cycle + 60).facts.training if f[4] == "attended" and f[6] == "complete")
    w.run(first / DAY + cycles * cycle)
    rows = [row for row in w.facts.compliance if first < row[0] <= first + cycles * cycle * DAY]
    found = sum(r[3] for r in rows) / sum(r[2] for r in rows)
    print(f"compliance with {per_month} course days a month: {found:.4f}, theory {valid / cycle:.4f}")
    assert found == pytest.approx(valid / cycle, abs=0.02)


def test_skill_decay_integrals() -> None:
    """Level after a course, its integral over a year, and two refreshers a year apart: powers of two by half-lives."""
    p = parameters()
    skill = Skill(p)
    for name, half in (("violence_prevention", p["training.skill_half_life_months.physical"]),
                       ("dual_diagnosis", p["training.skill_half_life_months.interpersonal"])):  # fmt: skip
        person = Person(0, (0, 0), RN, 5, SUBSTANTIVE, 37.5, 0.0)
        hours = p[f"training.reference_hours.{name}_refresher"]
        skill.learn(person, name, "classroom", hours, 0.0, first=False)
        gain = p["training.gain.classroom_skill"]
        x, weights = np.polynomial.legendre.leggauss(40)
        level = np.array([skill.skill(person, name, 6.0 * MONTH * (1.0 + t)) for t in x])
        year = 6.0 * float(weights @ level)
        assert year == pytest.approx(gain * half / log(2.0) * (1.0 - 0.5 ** (12.0 / half)), rel=1e-9)
        skill.learn(person, name, "classroom", hours, 12.0 * MONTH, first=False)
        kept = gain * 0.5 ** (12.0 / half)
        assert skill.skill(person, name, 12.0 * MONTH) == pytest.approx(kept + gain * (1.0 - kept), rel=1e-12)
        known = Skill(p).settled(name, "classroom", hours, 12.0 * MONTH)[1]
        assert known == pytest.approx(gain / (1.0 - (1.0 - gain) * 0.5 ** (12.0 / half)), rel=1e-12)
