"""Outcomes of wards and published figures as the inference sees them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from wardsim.calibrate.inference import Array
from wardsim.calibrate.likelihood import Simulated, joint_log_likelihood
from wardsim.calibrate.outcome import Chance, outcome
from wardsim.calibrate.published import Operator, PublishedJudge
from wardsim.calibrate.scales import to_scale
from wardsim.calibrate.targets import Targets, load_targets
from wardsim.calibrate.wards import Length, WardSimulator, without
from wardsim.experiments.executor import Here
from wardsim.experiments.job import Job, RunResult
from wardsim.experiments.sensitivity.problem import Problem
from wardsim.experiments.study.runs import Column
from wardsim.parameters import Ledger
from wardsim.scenario.load import load
from wardsim.scenario.schema import Scenario
from wardsim.scenario.shipped import shipped_scenarios

RATE = Operator("baseline", "rate", "log", 1.0)


def column(top: list[float], bottom: list[float], per: float = 1000.0) -> Column:
    t, b = np.array(top), np.array(bottom)
    run = np.arange(len(t))
    return Column(run, np.full(len(t), -1), per * t / b, t, b)


def test_a_rate_is_a_ratio_of_sums_on_its_scale_with_the_chance_of_its_counts() -> None:
    mean, noise = outcome(RATE, [column([10.0, 30.0], [1000.0, 1000.0]), column([0.0, 0.0], [1000.0, 1000.0])])
    assert mean[0] == pytest.approx(math.log(1000 * 40.5 / 2000))
    assert mean[1] == pytest.approx(math.log(1000 * 0.5 / 2000)), "nothing seen is half an event, not minus infinity"
    assert noise[0] >= 1 / 40.5
    assert noise[1] >= 1 / 0.5


@pytest.mark.statistical
def test_logarithms_of_counts_are_not_biased_and_their_noise_is_right() -> None:
    """2,000 points of two runs with 15 events expected in all: mean within 4 standard errors of the truth (0.025), noise within 15%."""
    rng = np.random.default_rng(1)
    columns = [column([float(a), float(b)], [500.0, 500.0]) for a, b in rng.poisson(7.5, (2000, 2))]
    mean, noise = outcome(RATE, columns)
    assert abs(mean.mean() - math.log(15.0)) < 0.025
    assert noise.mean() == pytest.approx(mean.var(), rel=0.15)


def test_shares_times_and_missing_values() -> None:
    share = Operator("baseline", "share", "logit", 100.0)
    mean, _ = outcome(share, [column([3.0, 4.0], [10.0, 10.0], per=100.0)])
    assert mean[0] == pytest.approx(math.log(7.5 / 13.5))
    nothing = np.full(2, np.nan)
    minutes = Operator("baseline", "minutes", "identity", 1.0)
    values = [Column(np.arange(2), nothing, np.array([4.0, 6.0]), nothing, nothing)]
    values.append(Column(np.arange(2), nothing, nothing, nothing, nothing))
    mean, noise = outcome(minutes, values)
    assert mean[0] == 5.0
    assert noise[0] == pytest.approx(1.0)
    assert np.isnan(mean[1])
    assert np.isnan(noise[1])


def fake(job: Job) -> RunResult:
    """A ward of two measures that follow one parameter, with chance of the replication."""
    rng = np.random.default_rng([job.chance, job.replication])
    level = job.scenario.parameters["incidents.verbal_per_1000_days"] * (
        1.0 if job.scenario.mechanisms.contagion else 0.5
    )
    top, bottom = float(rng.poisson(level * 6.0)), 6000.0
    values = np.array([[(1000 * top / bottom, top, bottom), (job.years, np.nan, np.nan)]])
    return RunResult(job.draw, job.replication, names=("rate", "years"), values=values)


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load(shipped_scenarios()["baseline"]).scenario


@pytest.fixture
def simulator(baseline: Scenario) -> WardSimulator:
    problem = Problem.of_entries([Ledger.load()["incidents.verbal_per_1000_days"]])
    looked_at = (RATE, Operator("baseline", "years", "identity", 1.0), Operator("other", "rate", "log", 1.0))
    wards = {"baseline": baseline, "other": baseline.model_copy(update={"name": "other"})}
    return WardSimulator(problem, looked_at, wards, Length(years=2.0, runs=2), executor=Here(), task=fake)


def test_a_point_is_run_with_its_parameters_in_every_setting_with_chance_of_its_own(
    simulator: WardSimulator, tmp_path: Path
) -> None:
    unit = np.array([[0.2], [0.8], [0.8]])
    runs = simulator.run(unit, tmp_path, "wave-1")
    level = simulator.problem.natural(unit)[:, 0]
    assert np.abs(runs.mean[:, 0] - np.log(level)).max() < 0.25
    assert np.all(runs.mean[:, 1] == 2.0)
    assert runs.mean[1, 0] != runs.mean[2, 0], "equal points have different luck"
    again = simulator.run(unit, tmp_path, "wave-1")
    assert np.array_equal(again.mean, runs.mean)
    assert np.array_equal(again.noise, runs.noise)
    other = simulator.run(unit, None, "wave-2")
    assert other.mean[0, 0] != runs.mean[0, 0], "another design has other luck"


def test_a_structure_sees_the_same_luck(simulator: WardSimulator, baseline: Scenario) -> None:
    from dataclasses import replace

    off = replace(simulator, settings={n: without(s, ["contagion"]) for n, s in simulator.settings.items()})
    assert not without(baseline, ["contagion"]).mechanisms.contagion
    unit = np.array([[0.5]])
    difference = off.run(unit, None, "structures").mean - simulator.run(unit, None, "structures").mean
    assert difference[0, 0] == pytest.approx(math.log(0.5), abs=0.3)
    assert off.identity() != simulator.identity()


def test_others_measures_chance_alone_where_other_parameters_do_nothing(simulator: WardSimulator) -> None:
    spread, chance = simulator.others(None, 20)
    assert spread[0] < 0.01
    assert chance[0] > 0
    assert chance[1] == 0


@pytest.mark.statistical
def test_with_one_run_a_point_chance_is_that_of_the_other_parameters_runs(simulator: WardSimulator) -> None:
    """Counts of 40 to 400 a point: the noise that is given is within a third of the Poisson variance of each; without `others` it is
    not known. Seed fixed; the chance itself comes from 200 pairs of runs (standard error 10%)."""
    from dataclasses import replace

    single = replace(simulator, length=Length(years=2.0, runs=1))
    unit = np.linspace(0.02, 0.98, 60)[:, None]
    assert np.isnan(single.run(unit, None, "wave-1").noise[:, 0]).all()
    single.others(None, 200)
    runs = single.run(unit, None, "wave-1")
    expected = 1 / (single.problem.natural(unit)[:, 0] * 6.0)
    assert np.all(np.abs(np.log(runs.noise[:, 0] / expected)) < math.log(4 / 3))


def test_nothing_and_everything_are_put_beyond_the_nearest_and_badly_known() -> None:
    hours = Operator("baseline", "share", "logit", 100.0)
    columns = [column([t], [80.5], per=100.0) for t in (0.0, 8.05, 40.25, 80.5)]
    mean, noise = outcome(hours, columns, chance=Chance(0.02, 0.0, 2.0))
    assert mean[1:3] == pytest.approx([math.log(1 / 9), 0.0])
    assert mean[0] == pytest.approx(mean[1] - math.log(2))
    assert mean[3] == pytest.approx(mean[2] + math.log(2))
    assert noise.tolist() == pytest.approx([2.0, 0.01, 0.01, 2.0])


# -- published figures ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def targets() -> Targets:
    return load_targets()


@pytest.fixture(scope="module")
def at(targets: Targets) -> Array:
    """Outcomes on their scales near what was published, shape (3, outcomes)."""
    judge = PublishedJudge.of(targets)
    mean = np.zeros(len(judge.operators))
    for i, t in enumerate(judge.targets):
        mean[judge.looks_at[i]] = float(to_scale(t.scale, max(t.published, 0.1), t.per))
    return np.stack([mean - 0.1, mean, mean + 0.1])


def test_the_likelihood_is_that_of_the_targets(targets: Targets, at: Array) -> None:
    judge = PublishedJudge.of(targets)
    variance = np.full(at.shape, 0.01)
    found = judge.log_density(at, variance)
    seen = judge.simulated(at, variance)
    assert all(isinstance(s, Simulated) for s in seen.values())
    assert np.allclose(found, joint_log_likelihood(targets.fitted, seen, targets.correlations))
    assert found.shape == (3,)
    away = judge.implausibility(at, variance)
    assert away.shape == (3, len(judge.names))
    assert judge.spread().min() > 0.05


def test_several_targets_may_look_at_one_outcome(targets: Targets) -> None:
    judge = PublishedJudge.of(targets)
    assert len(set(judge.operators)) == len(judge.operators) <= len(judge.names)
    first, second = judge.names.index("flow.stay_2014_2019"), judge.names.index("flow.stay_2023")
    assert judge.looks_at[first] == judge.looks_at[second]


@pytest.mark.statistical
def test_figures_of_like_studies_scatter_as_the_likelihood_believes(targets: Targets, at: Array) -> None:
    """4,000 replicates of every target that is no bound: standard deviation on the scale within 25% of what the likelihood allows
    (counts are skewed), mean within 0.3 of it. Seed fixed."""
    judge = PublishedJudge.of(targets).for_checks()
    assert "none" in judge.censoring
    assert set(judge.censoring) == {"none"}
    many = np.repeat(at[1:2], 4000, axis=0)
    figures = judge.replicate(many, np.full(many.shape, 0.01), np.random.default_rng(1))
    spread = np.sqrt(judge.spread() ** 2 + 0.01)
    for i, t in enumerate(judge.targets):
        if t.exposure is not None and t.published / t.per * t.exposure < 10:
            continue  # few events: the scale is far from normal
        here = to_scale(t.scale, figures[:, i], t.per)
        middle = here[np.isfinite(here)]
        assert np.median(middle) == pytest.approx(at[1, judge.looks_at[i]], abs=0.3 * spread[i]), t.id
        width = (np.quantile(middle, 0.84) - np.quantile(middle, 0.16)) / 2
        assert width == pytest.approx(spread[i], rel=0.25), t.id


def test_other_figures_move_the_likelihood_towards_them(targets: Targets, at: Array) -> None:
    judge = PublishedJudge.of(targets).for_checks()
    variance = np.full(at.shape, 0.01)
    low = judge.given(judge.replicate(at[:1], variance[:1], np.random.default_rng(1), discrepancy=False)[0])
    high = judge.given(judge.replicate(at[2:], variance[2:], np.random.default_rng(1), discrepancy=False)[0])
    gain_low = low.log_density(at, variance)[0] - low.log_density(at, variance)[2]
    gain_high = high.log_density(at, variance)[0] - high.log_density(at, variance)[2]
    assert gain_low > gain_high


def test_targets_left_out_leave_the_outcomes_in_place(targets: Targets) -> None:
    judge = PublishedJudge.of(targets)
    rest = judge.without([judge.names[0]])
    assert rest.names == judge.names[1:]
    assert rest.operators == judge.operators
    assert rest.identity() == judge.identity()
