"""Emulators: error on points held back, coverage of their intervals, and what they say when they are poor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.experiments.sensitivity.known import ISHIGAMI, LINEAR, ishigami, noisy
from wardsim.experiments.sensitivity import gaussian, kernel
from wardsim.experiments.sensitivity.design import space_filling
from wardsim.experiments.sensitivity.emulator import build, quietly
from wardsim.experiments.sensitivity.likelihood import Likelihood
from wardsim.experiments.sensitivity.outcomes import of_means, of_runs, squeezed
from wardsim.experiments.sensitivity.problem import SensitivityError


@pytest.fixture(scope="module")
def emulator():
    """Of the noisy Ishigami function, 200 points of 2 runs."""
    design = space_filling(ISHIGAMI, 200, 3)
    return build(ISHIGAMI, design.unit, of_runs("y", noisy(ishigami(design.natural), 1.0, 2, 3), shared=False), 3)


@pytest.mark.statistical
def test_held_out_error_and_coverage_on_fresh_points(emulator):
    """On 1,000 fresh points: at least 90% of the spread predicted, which the held-out error foretold within 0.1; 95%
    intervals hold 88 to 100% of the true means (one fitted surface, so that errors go together)."""
    unit = np.random.default_rng(9).random((1000, 4))
    truth = ishigami(ISHIGAMI.natural(unit))
    mean, sd = emulator.predict(unit)
    q2 = 1 - np.mean((mean - truth) ** 2) / truth.var()
    assert q2 > 0.9
    assert emulator.error.q2_mean == pytest.approx(q2, abs=0.1)
    assert 0.88 <= np.mean(np.abs(mean - truth) < 1.96 * sd) <= 1.0
    assert 0.88 <= emulator.error.covered <= 1.0


def test_the_better_kind_is_chosen(emulator):
    """A wave needs the Gaussian process; both errors are kept. A plain quadratic is found by the quadratic."""
    assert emulator.error.kind == "gaussian process"
    assert {error.kind for error in emulator.tried} == {"gaussian process", "quadratic"}
    assert emulator.error.rmse == min(error.rmse for error in emulator.tried)
    design = space_filling(LINEAR, 250, 1)
    z = LINEAR.scores(design.unit)
    y = z[:, 0] + z[:, 1] * z[:, 2] + z[:, 3] ** 2
    plain = build(LINEAR, design.unit, of_runs("y", noisy(y, 0.3, 2, 1), shared=False), 1)
    quadratic = next(error for error in plain.tried if error.kind == "quadratic")
    assert quadratic.q2_mean > 0.95


def test_the_likelihood_is_that_of_scikit_learn():
    """Value and slopes, at a point that is no optimum."""
    from sklearn.gaussian_process import GaussianProcessRegressor

    rng = np.random.default_rng(2)
    x, known = rng.standard_normal((60, 4)), np.full(60, 0.05)
    y = x[:, 0] + 0.3 * rng.standard_normal(60)
    first = kernel.initial(4, 0.1)
    model = GaussianProcessRegressor(first, alpha=known, optimizer=None).fit(x, y)
    theta = first.theta + 0.3 * rng.standard_normal(len(first.theta))
    value, slopes = model.log_marginal_likelihood(theta, eval_gradient=True)
    ours, our_slopes = Likelihood(x, y, known)(theta)
    assert ours == pytest.approx(-value, abs=1e-8)
    assert our_slopes == pytest.approx(-slopes, abs=1e-8)


@pytest.fixture(scope="module")
def process() -> gaussian.Gaussian:
    """Fitted to a wave, a line and a factor that does nothing."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((80, 3))
    with quietly():
        return gaussian.fit(x, np.sin(2 * x[:, 0]) + x[:, 1] + 0.3 * rng.standard_normal(80), np.full(80, 0.09))


@pytest.mark.statistical
def test_draws_of_functions_have_the_mean_and_spread_of_the_process(process):
    """400 draws at 50 points, six sets of waves: mean within 0.25 SD (5 standard errors); spread within 8% of the exact one over the sets
    (a set strays by 5%). Corrected by the covariance of the waves instead of the process's own, draws spread 14% too little."""
    at = np.random.default_rng(5).standard_normal((50, 3))
    mean, sd = process.predict(at)
    spreads = []
    for seed in range(6):
        same, drawn = process.functions(at, 400, np.random.default_rng(seed))
        assert same == pytest.approx(mean, abs=1e-8)
        assert np.abs((drawn.mean(axis=1) - mean) / sd).max() < 0.25
        spreads.append(drawn.std(axis=1) / sd)
    assert np.mean(spreads) == pytest.approx(1, abs=0.08)
    assert np.abs(np.array(spreads) - 1).mean() < 0.15


def test_a_part_that_is_idle_on_one_processor_only_changes_no_draw(process):
    """Processors round differently, and a size near the limit falls on either side of it: the draws of the other parts stay."""
    at = np.random.default_rng(5).standard_normal((50, 3))
    sizes = slice(3, 6)
    drawn = []
    for size in (0.99, 1.01):
        theta = process.theta.copy()
        theta[sizes] = np.log([np.exp(theta[3]), kernel.IDLE * size, np.exp(theta[5])])
        drawn.append(replace(process, theta=theta).functions(at, 20, np.random.default_rng(1))[1])
    assert drawn[0] == pytest.approx(drawn[1], abs=0.02)
    assert drawn[0].std(axis=1).min() > 0.05


def test_failed_points_are_left_out_and_said():
    """An emulator does without the rows that have no value; many of them are a warning."""
    design = space_filling(ISHIGAMI, 100, 1)
    runs = noisy(ishigami(design.natural), 0.5, 2, 1)
    runs[::6] = np.nan
    found = build(ISHIGAMI, design.unit, of_runs("y", runs, shared=False), 1)
    assert (found.rows, found.dropped) == (83, 17)
    assert any("17 of 100 points have no value" in said for said in found.warnings())


def test_a_poor_emulator_says_so():
    """Outcomes that are chance alone, and means without a known noise."""
    design = space_filling(ISHIGAMI, 60, 1)
    rng = np.random.default_rng(1)
    chance = build(ISHIGAMI, design.unit, of_runs("y", rng.standard_normal((60, 2)), shared=False), 1)
    assert any("not to be relied on" in said for said in chance.warnings())
    unknown = build(ISHIGAMI, design.unit, of_means("y", ishigami(design.natural), None), 1)
    assert any("estimated by the emulator" in said for said in unknown.warnings())


def test_what_cannot_be_emulated_is_refused():
    """Too few points, and an outcome that is the same everywhere."""
    unit = space_filling(ISHIGAMI, 30, 1).unit
    with pytest.raises(SensitivityError, match="needs 20"):
        build(ISHIGAMI, unit[:12], of_means("y", np.arange(12.0), None), 1)
    with pytest.raises(SensitivityError, match="no factor moves it"):
        build(ISHIGAMI, unit, of_means("y", np.full(30, 7.0), None), 1)
    with pytest.raises(SensitivityError, match="30 points"):
        build(ISHIGAMI, unit, of_means("y", np.arange(29.0), None), 1)


@pytest.mark.statistical
def test_chance_that_all_points_share_is_no_noise():
    """Shared replications: noise is what differs between points (0.5 = 1 / 2 replications), the chance of one run is all
    of it (1 + 25). Within 20% and by the sample of 2 replications."""
    runs = noisy(np.zeros(400), 1.0, 2, 1, shared=5.0)
    apart = of_runs("y", runs, shared=True)
    assert apart.noise.mean() == pytest.approx(0.5, rel=0.2)
    alike = of_runs("y", runs, shared=False)
    assert alike.noise.mean() > 4 * apart.noise.mean()
    assert apart.within.mean() == alike.within.mean()


@pytest.mark.statistical
def test_noise_of_single_rows_is_pulled_to_the_common_value():
    """From two runs a row's own variance is worthless: pulled together its error is a fifth or less; where rows truly
    differ and have many runs, they stay apart."""
    rng = np.random.default_rng(3)
    poor = rng.chisquare(1, 300)
    assert np.mean((squeezed(poor, np.full(300, 1.0)) - 1) ** 2) < 0.2 * np.mean((poor - 1) ** 2)
    truth = np.exp(rng.standard_normal(300))
    rich = truth * rng.chisquare(40, 300) / 40
    assert np.corrcoef(squeezed(rich, np.full(300, 40.0)), truth)[0, 1] > 0.95
