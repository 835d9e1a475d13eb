"""Fast posteriors: importance sampling and the copy of the emulators, against laws that are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.calibrate.toy import Toy, toy_judge, toy_problem
from wardsim.calibrate.importance import Effort, draws_of, weighted
from wardsim.calibrate.inference import Array, CalibrationError, shares
from wardsim.calibrate.quick import predict, quick, sobol
from wardsim.calibrate.sampling import Chains, Density, corrected, effective
from wardsim.calibrate.surrogate import Surrogate, build

MEAN = np.array([1.0, -0.5, 0.0, 2.0])
ROOT = np.array([[0.3, 0, 0, 0], [0.2, 0.2, 0, 0], [0, 0, 1.0, 0], [0.1, 0, 0.3, 0.05]])


def normal(z: Array) -> Array:
    """A correlated normal law, a twentieth as wide in one direction as in another."""
    away = np.linalg.solve(ROOT, (z - MEAN).T)
    return np.asarray(-0.5 * (away**2).sum(axis=0))


@pytest.mark.statistical
def test_importance_sampling_finds_a_normal_law_far_from_where_it_starts() -> None:
    """5,000 draws of which 60% or more count: means within 0.08 of a standard deviation (four standard errors and more), standard
    deviations within 8%. Seed fixed."""
    start = np.random.default_rng(1).standard_normal((2048, 4))
    found = weighted(normal, start, normal(start), 1, Effort())
    assert found is not None
    assert found.share > 0.6
    covariance = ROOT @ ROOT.T
    sd = np.sqrt(np.diag(covariance))
    assert np.abs((found.z.mean(axis=0) - MEAN) / sd).max() < 0.08
    assert np.abs(found.z.std(axis=0) / sd - 1).max() < 0.08
    assert np.abs(np.corrcoef(found.z.T) - covariance / np.outer(sd, sd)).max() < 0.08


@pytest.mark.statistical
def test_where_importance_sampling_fails_chains_are_run() -> None:
    """Eight narrow hills at random places: one t distribution over them wastes nearly every point."""
    hills = np.random.default_rng(2).choice([-3.0, 3.0], (8, 6))

    def many(z: Array) -> Array:
        return np.asarray(np.logaddexp.reduce([-0.5 * ((z - h) ** 2).sum(axis=1) / 0.15**2 for h in hills], axis=0))

    start = np.vstack([hills + 0.1, np.random.default_rng(1).standard_normal((500, 6))])
    assert weighted(many, start, many(start), 1, Effort(rounds=2, each=400, last=400)) is None
    chains = Chains(walkers=32, enough=10, burn=20, chunk=20, most=20, ensembles=1)
    found = draws_of(many, start, many(start), seed=1, effort=Effort(rounds=2, each=400, last=400), chains=chains)
    assert len(found.z) == 640


def test_effective_draws_know_that_walkers_move_together() -> None:
    """Walkers that all repeat one wandering mean are worth as many draws as that mean, not as many as there are walkers."""
    rng = np.random.default_rng(3)
    wander = np.cumsum(rng.standard_normal(2000)) * 0.03
    together = wander[:, None, None] + 0.5 * rng.standard_normal((2000, 40, 1))
    alone = rng.standard_normal((2000, 40, 1))
    assert effective(alone)[0] > 40_000
    assert effective(together)[0] < 200


@pytest.fixture(scope="module")
def emulators() -> tuple[Toy, Surrogate]:
    toy = Toy(toy_problem(5), outcomes=4)
    unit = sobol(64, 5, 3)
    return toy, build(toy.problem, toy.operators, toy.run(unit, None, "wave-1"), extra=np.full(4, 0.01))


def test_the_copy_says_what_the_emulators_say_and_how_far_it_may_be_off(emulators: tuple[Toy, Surrogate]) -> None:
    _, whole = emulators
    copy = quick(whole, seed=2)
    z = np.random.default_rng(9).standard_normal((500, 5))
    mean, variance = whole.predict(z)
    near, unsure = copy.predict(z)
    assert near.std(axis=0) == pytest.approx(mean.std(axis=0), rel=0.1)
    assert np.all(((near - mean) ** 2).mean(axis=0) < 2 * copy.error + 1e-8)
    assert np.median(unsure / (variance + copy.error)) == pytest.approx(1.0, abs=0.15)
    only = np.array([2, 0])
    assert np.allclose(copy.predict(z, only)[0], near[:, only], rtol=1e-12)
    together = predict(whole, z, threads=2)
    assert np.array_equal(together[0], mean)
    assert np.array_equal(together[1], variance)


@pytest.mark.statistical
def test_draws_of_the_copy_are_corrected_by_the_emulators(emulators: tuple[Toy, Surrogate]) -> None:
    """A copy that is wrong on purpose by a third of a posterior standard deviation: weights bring the mean back to within 0.12 of it
    (2,000 draws of which more than half count). Seed fixed."""
    from dataclasses import replace

    toy, whole = emulators
    judge = toy_judge(toy, np.full(5, 0.4), sd=0.2)
    copy = quick(whole, seed=2)
    off = replace(copy, mean=copy.mean + np.where(np.arange(len(copy.mean))[:, None] == 0, 0.08, 0.0))
    rough, right = Density(off, judge), Density(whole, judge)
    start = np.random.default_rng(1).standard_normal((1024, 5))
    chains = Chains(ensembles=1, weighed=2000)
    drawn = draws_of(rough, start, rough(start), seed=4)
    mended = corrected(drawn, right, rough, chains, 4)
    best = draws_of(right, start, right(start), seed=5)
    sd = best.z.std(axis=0)
    assert mended.share > 0.5
    assert np.abs((drawn.z.mean(axis=0) - best.z.mean(axis=0)) / sd).max() > 0.2
    assert np.abs((mended.z.mean(axis=0) - best.z.mean(axis=0)) / sd).max() < 0.12


def test_a_copy_that_has_nothing_to_do_with_the_emulators_is_refused(emulators: tuple[Toy, Surrogate]) -> None:
    from wardsim.calibrate.sampling import Sampled

    drawn = Sampled(np.zeros((50, 5)), np.zeros(50), np.ones(5), np.ones(5), 1.0, 50, parts=(50,))
    with pytest.raises(CalibrationError, match="quick copy is too far"):
        corrected(drawn, lambda z: np.full(len(z), -np.inf), lambda z: np.zeros(len(z)), Chains(ensembles=1, weighed=20), 1)


def test_points_are_the_first_of_a_balanced_sequence() -> None:
    assert np.array_equal(sobol(100, 3, 7), sobol(128, 3, 7)[:100])
    assert shares(np.zeros((1, 2))).tolist() == [[0.5, 0.5]]
