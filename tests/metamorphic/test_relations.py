"""Relations between runs: what a change of input must do to the output, whatever the output is."""

from __future__ import annotations

from math import sqrt
from typing import Any

import pytest
from scipy import stats

from tests.levers.bench import ALL_OFF, run, scenario
from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import TABLES
from wardsim.ward.ward import Ward

pytestmark = pytest.mark.property

STILL = {
    "mechanisms.injury": False,
    "mechanisms.fatigue": False,
    "mechanisms.demand_staffing": False,
    "staffing.turnover.rn_leavers_pct_per_year": 0.0,
    "staffing.turnover.hca_leavers_pct_per_year": 0.0,
    "training.release_rule": "never",
    "training.booking": "none",
}
"""No injury, nobody leaves, nobody is released: nothing but the required number moves the hours worked."""

SEEDS = (
    1,
    2,
    3,
    pytest.param(4, marks=pytest.mark.slow),
    pytest.param(5, marks=pytest.mark.slow),
    pytest.param(6, marks=pytest.mark.slow),
)


def nursing_minutes(changes: dict[str, Any], seed: int) -> float:
    done = run({**STILL, **changes}, days=91.0, seed=seed)
    return sum(row[1] - row[0] for row in done.facts.duty if row[3] in ("rn", "hca", "na"))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("how", ["by_bank_extra", "funded_extra"])
@pytest.mark.parametrize("role", ["rn", "hca"])
def test_one_more_at_night_never_means_fewer_minutes_worked(seed: int, how: str, role: str) -> None:
    assert nursing_minutes({f"staffing.{how}.night.{role}": 1}, seed) >= nursing_minutes({}, seed)


@pytest.mark.parametrize("kind", ["self_harm", "substance_use", "sexual_safety", "medical_emergency"])
def test_with_feedback_off_a_doubled_rate_doubles_its_count(kind: str) -> None:
    """Four half years of the same patients with every mechanism off: each count is Poisson given the patients, so that the doubled
    one less twice the other has variance 4 x mean of the one + mean of the other (99.9%)."""
    name = f"incidents.{kind}_per_1000_days"
    doubled = {name: 2.0 * Ledger.load().point()[name]}
    once = twice = 0
    for seed in range(4):
        once += len(run(ALL_OFF, days=182.0, seed=seed).incidents(kind))
        twice += len(run(ALL_OFF, days=182.0, seed=seed, parameters=doubled).incidents(kind))
    assert once >= 10
    assert abs(twice - 2 * once) <= stats.norm.ppf(0.9995) * sqrt(twice + 4.0 * once), (once, twice)


def dated(start: str) -> dict[str, str]:
    """Fact tables, as text, of a ward whose time zero is a date; school holidays weigh no more than other weeks."""
    scene = scenario({"ward.start_date": start, "ward.bank_holidays": "none"})
    p = {**condition(scene, Ledger.load().point()), "staff.leave_holiday_peak": 0.0}
    facts = Ward(scene, p, 5, 0, begin=-7.0 * DAY, until=42.0 * DAY).run()
    return {name: repr(facts.table(name)) for name in TABLES}


def test_an_origin_whole_weeks_later_changes_nothing() -> None:
    """Without growth and public holidays the calendar matters through the weekday only."""
    first, *others = (dated(start) for start in ("2025-04-07", "2025-09-08", "2031-03-03"))
    assert len(first["segment"]) > 100_000
    for later in others:
        for name in TABLES:
            assert later[name] == first[name], name


def test_name_and_question_change_nothing() -> None:
    plain = run(days=42.0)
    renamed = run({"name": "Another ward", "question": "Does the name matter?"}, days=42.0)
    for name in TABLES:
        assert repr(plain.facts.table(name)) == repr(renamed.facts.table(name)), name
    assert {k: repr(v) for k, v in plain.measures.items()} == {k: repr(v) for k, v in renamed.measures.items()}
