"""Variance by source, against what was put in."""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.experiments.intervals import FEW_DRAWS, ONE_REPLICATION
from wardsim.experiments.statistics.split import Split
from wardsim.experiments.statistics.variance import BELOW_NOUGHT, decompose


def structures(rng, draws, per_draw, offsets, parameters, interaction, chance):
    """Structures that share draws and, run by run, most of their chance."""
    ids = np.repeat(np.arange(draws), per_draw)
    of_draw, of_run = parameters * rng.standard_normal(draws), chance * rng.standard_normal(len(ids))
    found = {}
    for i, offset in enumerate(offsets):
        own = of_draw + interaction * rng.standard_normal(draws)
        found[str(i)] = Split.of(ids, 10 + offset + own[ids] + of_run, np.ones(len(ids)))
    return found


@pytest.mark.statistical
def test_estimates_are_unbiased_and_intervals_hold():
    """200 experiments of 3 structures: means within 4 standard errors, 95% intervals cover 88 to 99%."""
    rng = np.random.default_rng(41)
    offsets = np.array([0.0, 1.0, -1.0])
    truth = {"chance": 4.0, "parameters": 2.0 + 0.25, "structure": offsets.var()}
    values, held = {name: [] for name in truth}, dict.fromkeys(truth, 0)
    for _ in range(200):
        parts = decompose(structures(rng, 60, 3, offsets, 2**0.5, 0.5, 2.0), bootstraps=300).parts
        for name, true in truth.items():
            values[name].append(parts[name].variance)
            held[name] += parts[name].low <= true <= parts[name].high
        assert sum(part.share for part in parts.values()) == pytest.approx(100)
    for name, true in truth.items():
        assert abs(np.mean(values[name]) - true) < 4 * np.std(values[name]) / 200**0.5, name
        assert 0.88 <= held[name] / 200 <= 0.99, (name, held)


def test_nothing_is_given_as_nothing_with_a_reason():
    rng = np.random.default_rng(42)
    reasons = []
    for _ in range(20):
        parts = decompose(structures(rng, 20, 2, [0, 0], 0.0, 0.3, 2.0), bootstraps=50).parts
        assert all(part.variance >= 0 and part.low >= 0 for part in parts.values())
        reasons += [part.reason for part in parts.values() if part.variance == 0]
    assert reasons
    assert set(reasons) == {BELOW_NOUGHT}


def test_one_structure_years_and_reasons():
    rng = np.random.default_rng(43)
    one = structures(rng, 50, 4, [0], 1.0, 0.0, 1.0)
    year, three = decompose(one), decompose(one, years=3.0)
    assert set(year.parts) == {"chance", "parameters"}
    assert three.parts["chance"].variance == pytest.approx(3 * year.parts["chance"].variance)
    assert decompose({"a": Split.of(np.repeat([0, 1], 3), rng.standard_normal(6), np.ones(6))}).reason == FEW_DRAWS
    assert decompose({"a": Split.of(np.arange(9), rng.standard_normal(9), np.ones(9))}).reason == ONE_REPLICATION
    assert decompose({}).parts is None


def test_structures_with_draws_of_their_own():
    rng = np.random.default_rng(44)
    ids = np.repeat(np.arange(400), 2)
    apart = {}
    for i, offset in enumerate([0.0, 2.0]):
        values = offset + rng.standard_normal(400)[ids] + 0.5 * rng.standard_normal(800)
        apart[str(i)] = Split.of(ids + 1000 * i, values, np.ones(800))
    assert decompose(apart).parts["structure"].variance == pytest.approx(1.0, abs=0.3)
