"""Draws: distributed as the file says, alike within trusts as the file says, the same for a seed, untouched by other spreads."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from tests.experiments.population.made import TRUSTS, built, trusts
from wardsim.experiments.population.draw import drawn, quantile
from wardsim.experiments.population.wards import keys_of
from wardsim.scenario.load import load
from wardsim.scenario.shipped import shipped_scenarios
from wardsim.scenario.studies import load_study_text
from wardsim.scenario.studies.schema import Spread

pytestmark = pytest.mark.unit
BASE = load(shipped_scenarios()["baseline"]).scenario


def spread(**given: Any) -> Spread:
    return Spread.model_validate({"assumption": "a", **given})


CASES = [
    (spread(mean=10, sd=2), 0.5, 10.0),
    (spread(mean=10, sd=2), 0.8413447, 12.0),
    (spread(distribution="lognormal", median=3, sigma=0.7), 0.5, 3.0),
    (spread(distribution="uniform", low=2, high=6), 0.25, 3.0),
    (spread(distribution="choice", levels=("a", "b"), weights=(3, 1)), 0.74, "a"),
    (spread(distribution="choice", levels=("a", "b"), weights=(3, 1)), 0.76, "b"),
]


@pytest.mark.parametrize(("about", "share", "value"), CASES)
def test_quantiles(about: Spread, share: float, value: Any) -> None:
    found = quantile(about, share)
    assert found == (value if isinstance(value, str) else pytest.approx(value, abs=1e-4))


@pytest.mark.statistical
@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
def test_margin_and_likeness_within_a_trust(share: float) -> None:
    """Whatever trusts share, the margin stays; correlation of two wards of a trust is the share. Three-sigma bounds, seed fixed."""
    about = spread(mean=5, sd=2, trust_share=share)
    pairs = np.array([[drawn("x", about, 3, trust, 2 * trust + i) for i in (0, 1)] for trust in range(3000)])
    assert pairs.mean() == pytest.approx(5, abs=3 * 2 / sqrt(3000))
    assert pairs[:, 0].std() == pytest.approx(2, rel=3 / sqrt(2 * 3000))
    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(share, abs=3 * (1 - share**2) / sqrt(3000) + 1e-9)


def test_cut_at_its_ends_and_never_beyond() -> None:
    about = spread(distribution="lognormal", median=1, sigma=2, low=0.5, high=2)
    found = [drawn("x", about, 1, t, t) for t in range(500)]
    assert min(found) >= 0.5
    assert max(found) <= 2
    assert np.median(np.log(found)) == pytest.approx(0, abs=3 * log(4) / sqrt(12 * 500) * 2)


def test_the_same_seed_the_same_wards_and_another_others() -> None:
    first, again = built(trusts()), built(trusts())
    assert first.identity == again.identity
    other = built(load_study_text(TRUSTS.format(trusts=6, wards=2, populations=2, share=0.5, sigma=0.5), overrides=["seed=12"]))
    assert [cell.scenario.ward.beds for cell in first.cells] != [cell.scenario.ward.beds for cell in other.cells]


def test_one_more_spread_moves_no_other() -> None:
    text = TRUSTS.format(trusts=6, wards=2, populations=2, share=0.5, sigma=0.5)
    more = text.replace("spread:\n", "spread:\n  staffing.vacancies.rn_pct: {mean: 12, sd: 3, low: 0, high: 40, assumption: a}\n")
    first, second = built(load_study_text(text)), built(load_study_text(more))
    assert [c.scenario.ward.beds for c in first.cells] == [c.scenario.ward.beds for c in second.cells]
    assert all(c.scenario.staffing.vacancies.rn_pct is not None for c in second.cells)


def test_more_trusts_only_add() -> None:
    few, many = built(trusts(trusts=3)), built(trusts(trusts=5))
    assert [c.scenario.ward.beds for c in many.cells[:6]] == [c.scenario.ward.beds for c in few.cells]


def test_quantities_become_people_posts_and_courses() -> None:
    values = {"ward.beds": 20, "nurses_per_bed_day": 0.3, "nurses_per_bed_night": 0.2, "registered_share_pct": 50.0,
              "posts_pct": 110.0, "course_places_pct": 50.0}  # fmt: skip
    keys = keys_of(values, BASE)
    assert (keys["staffing.required.early.rn"], keys["staffing.required.early.hca"]) == (3, 3)
    assert (keys["staffing.required.night.rn"], keys["staffing.required.night.hca"]) == (2, 2)
    before, after = 2 * (7.75 + 7.75 + 10.5), 3 * 7.75 + 3 * 7.75 + 2 * 10.5
    assert keys["staffing.establishment.rn_band5_wte"] == pytest.approx(7.6 * after / before * 1.1, abs=0.051)
    assert keys["training.courses.life_support.sessions_per_month"] == 1.5
    assert keys["ward.beds"] == 20
    assert not {"posts_pct", "course_places_pct"} & set(keys)


def test_without_quantities_staffing_stays() -> None:
    assert keys_of({"ward.beds": 20}, BASE) == {"ward.beds": 20}
