"""Intervals of many options hold for all of them together."""

from __future__ import annotations

import numpy as np
import pytest

from tests.experiments.statistics.banks import plain
from wardsim.experiments.statistics.better import NEUTRAL
from wardsim.experiments.statistics.difference import difference
from wardsim.experiments.statistics.simultaneous import DIFFERENT_RUNS, METHOD, simultaneous, with_best


def world(rng, options, draws, means, common=0.7):
    """Reference and options; differences correlated through the reference and through what options share."""
    ids = np.repeat(np.arange(draws), 2)
    reference = 5 * rng.standard_normal(2 * draws)
    shared = common * rng.standard_normal(draws)[ids]
    columns = {"reference": plain(ids, reference)}
    effects = np.asarray(means) + rng.standard_normal((draws, options))
    for k in range(options):
        columns[str(k)] = plain(ids, reference + shared + effects[ids, k] + 0.7 * rng.standard_normal(2 * draws))
    return columns


def against_reference(columns):
    return {
        n: difference(columns["reference"], c, point=False, years=1.0) for n, c in columns.items() if n != "reference"
    }


@pytest.mark.statistical
def test_all_intervals_hold_together():
    """Simulation error of 6 options all covered in 95%: 150 trials, standard error 1.8 points, bounds 3 of them."""
    rng = np.random.default_rng(31)
    means = [0, 1, -1, 0.5, 0, 2]
    all_hold = one_holds = 0
    for _ in range(150):
        found = against_reference(world(rng, 6, 30, means))
        together = simultaneous(found)
        assert together.method == METHOD
        all_hold += all(
            together.options[str(k)].mc_low <= means[k] <= together.options[str(k)].mc_high for k in range(6)
        )
        one_holds += all(found[str(k)].mc_low <= means[k] <= found[str(k)].mc_high for k in range(6))
    assert all_hold / 150 > 0.895
    assert one_holds < all_hold


@pytest.mark.statistical
def test_over_parameters_they_hold_together():
    """A fresh draw lies in all five intervals in about 95%: 60 banks of 100 draws, 400 fresh draws each."""
    rng = np.random.default_rng(32)
    share = []
    for _ in range(60):
        together = simultaneous(against_reference(world(rng, 5, 100, [0] * 5))).options
        fresh = 0.7 * rng.standard_normal((400, 1)) + rng.standard_normal((400, 5))
        inside = [(fresh[:, k] >= together[str(k)].low) & (fresh[:, k] <= together[str(k)].high) for k in range(5)]
        share.append(np.all(inside, axis=0).mean())
    assert 0.92 < np.mean(share) < 0.985


@pytest.mark.statistical
def test_comparison_with_the_best_holds():
    """All intervals of MCB cover in at least 95%: 150 trials, less 3 standard errors (1.8 points each)."""
    rng = np.random.default_rng(33)
    means = np.array([0.0, 0.1, 0.9, 1.0])
    truth = [m - np.delete(means, i).max() for i, m in enumerate(means)]
    held = 0
    for _ in range(150):
        columns = world(rng, 4, 30, means)
        del columns["reference"]
        found, _ = with_best(columns, "higher")
        held += all(found[str(k)].low <= truth[k] <= found[str(k)].high for k in range(4))
    assert held / 150 > 0.895


def test_a_clear_best_is_named_whichever_way_is_better():
    rng = np.random.default_rng(34)
    columns = world(rng, 3, 40, [0.0, 5.0, -5.0])
    del columns["reference"]
    up, _ = with_best(columns, "higher")
    down, _ = with_best(columns, "lower")
    assert up["1"].is_best
    assert up["1"].low > 0
    assert down["2"].is_best
    assert not up["0"].may_be_best
    assert up["0"].high == 0.0
    assert with_best(columns, "neutral") == (None, NEUTRAL)


def test_options_with_other_runs_fall_back_to_bonferroni():
    rng = np.random.default_rng(35)
    columns = world(rng, 2, 30, [0, 1])
    found = against_reference(columns)
    short = columns["1"]._replace(value=np.where(np.arange(60) < 50, columns["1"].value, np.nan))
    found["1"] = difference(columns["reference"], short, point=False, years=1.0)
    assert simultaneous(found).method == DIFFERENT_RUNS
    assert simultaneous(found).confidence_of_one == pytest.approx(0.975)
