"""Findings counted: right rates where the truth is known, and adjustment takes confounding by acuity away."""

from __future__ import annotations

from math import erf, exp, sqrt
from typing import Any

import numpy as np
import pytest

from tests.experiments.population.made import shift_table
from wardsim.experiments.population.again import counts_again
from wardsim.experiments.population.glm import fit
from wardsim.experiments.population.literature import ADJUSTED, FEWER, MORE, NONE, UNADJUSTED, counted, found_by

pytestmark = pytest.mark.statistical
DESIGN = {"outcome": "aggression", "exposure": "nursing", "unit": "shift", "regression": "poisson", "wards_compared": False}
STUDIES = 400


def literature(regression: str = "poisson", unit: str = "shift", seed: int = 1, studies: int = STUDIES, **truth: Any) -> dict[str, dict[str, int]]:
    """How many studies of two wards and 300 shifts find what."""
    rng = np.random.default_rng(seed)
    out = {model: dict.fromkeys((FEWER, MORE, NONE), 0) for model in (UNADJUSTED, ADJUSTED)}
    for _ in range(studies):
        tables = [shift_table(rng, 300, **truth) for _ in range(2)]
        found = found_by(tables, [18, 18], {**DESIGN, "regression": regression, "unit": unit}, 5.0)
        for model, one in found.items():
            out[model][one.finding] += 1
    return out


@pytest.mark.parametrize("regression", ["poisson", "negative_binomial", "logistic"])
@pytest.mark.parametrize("unit", ["shift", "day"])
def test_without_an_effect_five_percent_find_one(regression: str, unit: str) -> None:
    """400 studies: 20 false findings expected, SD 4.4; 99.9% bounds, so each of six cases fails by chance once in 1,000 (after the seed)."""
    found = literature(regression, unit)
    for model in (UNADJUSTED, ADJUSTED):
        false = STUDIES - found[model][NONE]
        assert abs(false - 0.05 * STUDIES) < 3.3 * sqrt(STUDIES * 0.05 * 0.95)
        assert abs(found[model][FEWER] - found[model][MORE]) < 3.3 * sqrt(0.05 * STUDIES)


def test_a_true_effect_is_found_with_its_sign_as_often_as_its_power() -> None:
    """log ratio -0.15 a person, SD of staff 0.7, 600 shifts at 0.5: error 1 / sqrt(600 * 0.5 * 0.49), power about 47%; 3.3 SD bounds."""
    found = literature(effect=-0.15)
    error = 1 / sqrt(600 * 0.5 * 0.49)
    power = 0.5 * (1 + erf((0.15 / error - 1.96) / sqrt(2)))
    assert found[ADJUSTED][FEWER] == pytest.approx(STUDIES * power, abs=3.3 * sqrt(STUDIES * power * (1 - power)) + 0.05 * STUDIES)
    assert found[ADJUSTED][MORE] <= 2


def test_demand_led_staffing_makes_more_and_adjustment_undoes_it() -> None:
    """Staff and incidents both follow acuity: unadjusted nearly all find more; adjusted the false findings are back at 5% (3.3 SD)."""
    found = literature(acuity_on_staff=1.0, acuity_on_rate=0.8)
    assert found[UNADJUSTED][MORE] > 0.9 * STUDIES
    assert abs(STUDIES - found[ADJUSTED][NONE] - 0.05 * STUDIES) < 3.3 * sqrt(STUDIES * 0.05 * 0.95)


def test_confounding_can_hide_a_true_benefit() -> None:
    """A true -0.2 against acuity that brings staff: unadjusted hardly anyone finds fewer, adjusted most do. Bounds far from both (seeded)."""
    found = literature(studies=150, effect=-0.2, acuity_on_staff=1.0, acuity_on_rate=0.8)
    assert found[UNADJUSTED][FEWER] < 0.1 * 150
    assert found[ADJUSTED][FEWER] > 0.5 * 150


def test_wards_that_differ_confound_only_where_they_are_compared() -> None:
    """A ward with more staff and more incidents: compared, all find more; each with itself, 5% do (3.3 SD of 200)."""
    rng = np.random.default_rng(5)
    compared = within = 0
    for _ in range(200):
        calm, busy = shift_table(rng, 300, rate=0.3), shift_table(rng, 300, rate=1.2)
        busy[:, 2] += 3.0
        for both in (True, False):
            found = found_by([calm, busy], [18, 18], {**DESIGN, "wards_compared": both}, 5.0)[UNADJUSTED]
            compared += both and found.finding == MORE
            within += (not both) and found.finding != NONE
    assert compared > 190
    assert abs(within - 10) < 3.3 * sqrt(200 * 0.05 * 0.95)


def test_a_study_without_events_or_wards_counts_as_no_difference_and_says_so() -> None:
    table = shift_table(np.random.default_rng(1), 30)
    table[:, 7] = 0
    for tables in ([table], []):
        found = found_by(tables, [18] * len(tables), DESIGN, 5.0)
        assert {one.finding for one in found.values()} == {NONE}
        assert not any(one.fitted for one in found.values())


def test_regressions_recover_what_was_put_in() -> None:
    """Coefficients within 3.5 standard errors of the truth; dispersion of the negative binomial within a tenth. 20,000 rows, seeded."""
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(20_000), rng.normal(size=20_000)])
    truth = np.array([0.2, 0.3])
    mean = np.exp(x @ truth)
    cases = {
        "poisson": rng.poisson(mean),
        "negative_binomial": rng.poisson(mean * rng.gamma(1 / 0.8, 0.8, 20_000)),
        "logistic": (rng.random(20_000) < 1 / (1 + np.exp(-(x @ truth)))).astype(int),
    }
    for family, y in cases.items():
        found = fit(x, y.astype(float), family)
        assert found.fitted
        assert np.all(np.abs(found.beta - truth) < 3.5 * found.error)
        assert found.dispersion == pytest.approx(0.8 if family == "negative_binomial" else 0.0, abs=0.1)


def test_an_offset_is_exposure() -> None:
    y = np.array([4.0, 8.0, 12.0] * 5)
    size = np.array([1.0, 2.0, 3.0] * 5)
    found = fit(np.ones((15, 1)), y, "poisson", np.log(size))
    assert exp(found.beta[0]) == pytest.approx(4.0)
    assert found.error[0] == pytest.approx(1 / sqrt(y.sum()), rel=1e-6)


def test_separation_and_columns_that_repeat_are_not_fitted() -> None:
    x = np.column_stack([np.ones(40), np.repeat([0.0, 1.0], 20)])
    y = np.repeat([0.0, 1.0], 20)
    assert not fit(x, y, "logistic").fitted
    assert not fit(np.column_stack([x, x[:, 1]]), y, "poisson").fitted


def test_counts_with_their_range() -> None:
    """Ten of 40 fewer in each of 50 literatures: the range is that of a binomial, 5 to 16 (one to either side allowed)."""
    one = [FEWER] * 10 + [NONE] * 30
    found = counted([one] * 50, 0.0, seed=1)
    assert (found.mean[FEWER], found.mean[MORE], found.mean[NONE]) == (10.0, 0.0, 30.0)
    assert found.low[FEWER] == pytest.approx(5, abs=1)
    assert found.high[FEWER] == pytest.approx(15.5, abs=1.1)
    assert (found.low[MORE], found.high[MORE]) == (0.0, 0.0)
    assert np.isnan(counts_again([], 3, 1)).all()
