"""Tornado, Morris and partial rank correlation on functions whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.experiments.sensitivity.known import ISHIGAMI, LINEAR, ishigami, noisy, several
from wardsim.experiments.sensitivity.analyse import analyse
from wardsim.experiments.sensitivity.design import one_at_a_time, space_filling, trajectories
from wardsim.experiments.sensitivity.morris import BELOW
from wardsim.experiments.sensitivity.prcc import NOTHING, coefficients
from wardsim.experiments.sensitivity.problem import SensitivityError
from wardsim.experiments.sensitivity.tornado import UNSETTLED, order


def test_morris_is_salib_without_noise():
    """mu*, mu and sigma are SALib's (a hand-computed line gives its slopes)."""
    design = trajectories(LINEAR, 10, 1)
    y = design.unit @ np.arange(12.0)
    found = analyse(LINEAR, design.unit, y[:, None], np.zeros((len(y), 1)), "morris", 1)
    for i, name in enumerate(LINEAR.names):
        assert found.get("outcome", name, "mu_star").value == pytest.approx(i, abs=1e-6)
        assert found.get("outcome", name, "sigma").value == pytest.approx(0, abs=1e-6)


@pytest.mark.statistical
def test_morris_ranks_and_marks_what_chance_alone_gives():
    """30 trajectories of 4 runs: the strongest factor comes first, the five largest rise above the floor, and of the six
    that do nothing at most two do (5% each)."""
    design = trajectories(LINEAR, 30, 2)
    runs = noisy(several(design.unit), 0.3, 4, 2)
    found = analyse(LINEAR, design.unit, runs[:, :, None], None, "morris", 2, shared=False)
    ranked = [row.parameter for row in found.ranked("outcome", "mu_star")]
    assert ranked[0] == "p00"
    acting = {"p00", "p01", "p02", "p03", "p05"}
    assert set(ranked[:5]) == acting
    marked = {row.parameter for row in found.rows if row.index == "mu_star" and row.note == BELOW}
    assert not marked & acting
    assert len(marked & set(LINEAR.names[6:])) >= 4
    assert found.get("outcome", "p02", "sigma").value > found.get("outcome", "p00", "sigma").value


@pytest.mark.statistical
def test_the_floor_of_morris_is_passed_by_chance_in_5_of_100():
    """100 studies of nothing but noise: 2 to 8% of 1,200 mu* rise above their floor; with shared chance as well."""
    for crn in (False, True):
        above = []
        for seed in range(100):
            design = trajectories(LINEAR, 10, seed)
            runs = noisy(np.zeros(len(design)), 1.0, 3, seed, shared=3.0 if crn else 0.0)
            found = analyse(LINEAR, design.unit, runs[:, :, None], None, "morris", seed, shared=crn)
            above += [row.note != BELOW for row in found.rows if row.index == "mu_star"]
        assert 0.02 <= np.mean(above) <= 0.08


def test_points_that_are_no_trajectories_are_refused():
    """A space-filling design, and rows in another order."""
    filled = space_filling(ISHIGAMI, 50, 1).unit
    with pytest.raises(SensitivityError, match="no Morris trajectories"):
        analyse(ISHIGAMI, filled, np.zeros((50, 1)), None, "morris", 1)
    design = trajectories(ISHIGAMI, 10, 1)
    mixed = np.random.default_rng(1).permutation(len(design))
    with pytest.raises(SensitivityError, match="no Morris trajectories"):
        analyse(ISHIGAMI, design.unit[mixed], np.zeros((50, 1)), None, "morris", 1)


@pytest.mark.statistical
def test_tornado_with_shared_chance_is_paired():
    """Shared chance of SD 10 does not widen the interval of a swing; independent chance does. Swings are the differences
    themselves; factors that do nothing are marked as unsettled or have an interval about 0."""
    design = one_at_a_time(LINEAR)
    truth = several(design.unit)
    runs = noisy(truth, 0.2, 6, 3, shared=10.0)
    found = analyse(LINEAR, design.unit, runs[:, :, None], None, "tornado", 0, shared=True)
    row = found.get("outcome", "p00", "swing")
    assert row.low < 12**0.5 < row.high
    assert row.high - row.low < 1.0
    apart = analyse(LINEAR, design.unit, runs[:, :, None], None, "tornado", 0, shared=False)
    assert apart.get("outcome", "p00", "swing").high - apart.get("outcome", "p00", "swing").low > 10
    assert order(list(found.rows))[0] == "p00"
    inert = [found.get("outcome", name, "swing") for name in LINEAR.names[6:]]
    assert sum(r.note == UNSETTLED for r in inert) >= 4


def test_a_bend_is_seen_from_the_centre():
    """A factor whose low and high are alike still has its changes from the centre, and is ranked by them."""
    design = one_at_a_time(LINEAR)
    runs = noisy(several(design.unit), 0.01, 4, 3)
    found = analyse(LINEAR, design.unit, runs[:, :, None], None, "tornado", 0)
    assert abs(found.get("outcome", "p01", "swing").value) < 0.05
    assert found.get("outcome", "p01", "low").value == pytest.approx(1.5, abs=0.05)
    assert order(list(found.rows))[1] == "p01"


@pytest.mark.statistical
def test_rank_correlations_have_the_right_signs():
    """300 points: + for the rising factor, - for the falling one, intervals without 0; of six that do nothing, at most two
    have an interval without 0 (5% each)."""
    design = space_filling(LINEAR, 300, 4)
    z = LINEAR.scores(design.unit)
    runs = noisy(np.exp(z[:, 0] - 0.7 * z[:, 1]), 0.2, 2, 4)
    found = analyse(LINEAR, design.unit, runs[:, :, None], None, "prcc", 4)
    rising, falling = found.get("outcome", "p00", "prcc"), found.get("outcome", "p01", "prcc")
    assert rising.value > 0.5 > 0 > -0.5 > falling.value
    assert rising.low > 0 > falling.high
    assert sum(found.get("outcome", name, "prcc").note == NOTHING for name in LINEAR.names[6:]) >= 4


def test_rank_correlation_is_that_of_residuals():
    """The same as correlating what is left of the ranks after regression on the others."""
    from scipy.stats import pearsonr, rankdata

    rng = np.random.default_rng(5)
    x = rng.random((80, 3))
    y = x @ [1.0, -2.0, 0.5] + 0.3 * rng.standard_normal(80)
    ranks = rankdata(np.column_stack([x, y]), axis=0)
    others = np.column_stack([np.ones(80), ranks[:, 1:3]])
    left = [v - others @ np.linalg.lstsq(others, v, rcond=None)[0] for v in (ranks[:, 0], ranks[:, 3])]
    assert coefficients(np.column_stack([x, y]))[0] == pytest.approx(pearsonr(*left).statistic, abs=1e-9)


def test_rank_correlation_does_without_failed_points():
    """And says how many it used; too few are refused."""
    design = space_filling(ISHIGAMI, 60, 1)
    y = ishigami(design.natural)
    y[:10] = np.nan
    assert analyse(ISHIGAMI, design.unit, y[:, None], None, "prcc", 1).get("outcome", "x1", "prcc").n == 50
    with pytest.raises(SensitivityError, match="need 18"):
        analyse(ISHIGAMI, design.unit[:15], ishigami(design.natural)[:15, None], None, "prcc", 1)
