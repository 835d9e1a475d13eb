"""Sobol indices of the Ishigami function as a noisy model: directly, through an emulator, and as other libraries find them."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.experiments.sensitivity.known import ISHIGAMI, LINEAR, TRUTH, ishigami, noisy, several
from tests.support import ROOT
from wardsim.experiments.sensitivity.analyse import analyse
from wardsim.experiments.sensitivity.design import saltelli, space_filling
from wardsim.experiments.sensitivity.problem import SensitivityError
from wardsim.experiments.sensitivity.result import BOTH, CHANCE, EMULATOR, SAMPLE, UNEXPLAINED

CELLS = [(index, name) for index in ("S1", "ST") for name in ISHIGAMI.names]


def direct(base, sd, replications, seed, *, shared=0.0, crn=False, convergence=False):
    """Direct indices of the noisy Ishigami function."""
    design = saltelli(ISHIGAMI, base, seed)
    runs = noisy(ishigami(design.natural), sd, replications, seed, shared=shared)
    return analyse(
        ISHIGAMI, design.unit, runs[:, :, None], None, "sobol", seed, outcomes=["y"], shared=crn, convergence=convergence
    )


@pytest.fixture(scope="module")
def emulated():
    """Through an emulator from 256 points of 2 runs; chance is a thirtieth of the variance between points."""
    design = space_filling(ISHIGAMI, 256, 1)
    runs = noisy(ishigami(design.natural), 1.0, 2, 1)
    return analyse(ISHIGAMI, design.unit, runs[:, :, None], None, "emulator", 1, outcomes=["y"], shared=False)


def test_without_noise_it_is_salib():
    """Means without noise: the estimators are SALib's own."""
    design = saltelli(ISHIGAMI, 256, 2)
    y = ishigami(design.natural)[:, None]
    found = analyse(ISHIGAMI, design.unit, y, np.zeros_like(y), "sobol", 2, convergence=False)
    for index, name in CELLS:
        assert found.get("outcome", name, index).value == pytest.approx(
            found.get("outcome", name, f"{index}_raw").value, abs=2e-3
        )


@pytest.mark.statistical
@pytest.mark.parametrize(("shared", "crn"), [(0.0, False), (5.0, True)])
def test_direct_indices_match_theory_whatever_the_chance(shared, crn):
    """Noise of SD 3 (0.65 of the variance) in each run: all 8 true indices within their 95% intervals in 5 studies, save
    4 of 40 (2 expected); with common random numbers a shift of each replication changes nothing."""
    outside = 0
    for seed in range(5):
        found = direct(512, 3.0, 2, seed, shared=shared, crn=crn)
        rows = [(found.get("y", name, index), TRUTH[index][name]) for index, name in CELLS]
        outside += sum(not row.low - 1e-9 <= truth <= row.high + 1e-9 for row, truth in rows)
    assert outside <= 4


@pytest.mark.statistical
def test_a_factor_that_does_nothing_gets_nothing():
    """As it stands in the means, chance gives it a total index of 0.2; with chance taken out the mean of 10 studies is 0
    within 0.02 (3 standard errors), and chance is a bar of its own."""
    values, raw, chance = [], [], []
    for seed in range(10):
        found = direct(256, 3.0, 2, seed)
        values.append(found.get("y", "inert", "ST").value)
        raw.append(found.get("y", "inert", "ST_raw").value)
        chance.append(found.get("y", CHANCE, "of_one_run").value)
    assert abs(np.mean(values)) < 0.02
    assert np.mean(raw) > 0.15
    assert np.mean(chance) == pytest.approx(9 / (9 + 13.845), abs=0.02)


@pytest.mark.statistical
def test_indices_through_the_emulator_match_theory(emulated):
    """All 8 true indices within the interval over both sources, and within 0.05."""
    for index, name in CELLS:
        row = emulated.get("y", name, index, BOTH)
        assert row.low - 1e-9 <= TRUTH[index][name] <= row.high, (index, name)
        assert row.value == pytest.approx(TRUTH[index][name], abs=0.05)
        assert row.emulator_error is not None
        assert 0 < row.emulator_error < 0.1
    inert = emulated.get("y", "inert", "ST", BOTH)
    assert inert.value < 0.005
    assert inert.high < 0.03


def test_three_intervals_of_the_emulator_are_named(emulated):
    """Over the sample, over the emulator, and over both: the last the widest; each holds the value."""
    for index, name in CELLS:
        widths = {}
        for source in (SAMPLE, EMULATOR, BOTH):
            row = emulated.get("y", name, index, source)
            assert row.low <= row.value <= row.high
            widths[source] = row.high - row.low
        assert widths[BOTH] >= 0.95 * max(widths[SAMPLE], widths[EMULATOR])


def test_chance_and_what_is_not_explained_have_rows_of_their_own(emulated):
    """Chance of one run is 1 / (1 + 13.845) of its spread; the rest of the emulator is small."""
    assert emulated.get("y", CHANCE, "of_one_run").value == pytest.approx(1 / 14.845, abs=0.02)
    assert emulated.get("y", CHANCE, "of_point_mean").value == pytest.approx(0.5 / 14.345, abs=0.01)
    assert emulated.get("y", UNEXPLAINED, "of_true_spread").value < 0.05
    assert emulated.noise["y"] == pytest.approx(0.5 / 14.345, abs=0.01)


def test_indices_settle_as_points_are_added(emulated):
    """A quarter, a half and all of the points; the last step is the result itself, and the narrowest."""
    steps = [row for row in emulated.convergence if (row.index, row.parameter) == ("ST", "x1")]
    assert [row.n for row in steps] == [64, 128, 256]
    assert steps[-1].value == emulated.get("y", "x1", "ST").value
    far = [abs(row.value - TRUTH["ST"]["x1"]) for row in steps]
    assert far[2] < max(far[0], 0.05)
    assert steps[2].emulator_error < steps[0].emulator_error
    found = direct(64, 0.5, 2, 1, convergence=True)
    assert [r.n for r in found.convergence if (r.index, r.parameter) == ("S1", "x1")] == [96, 192, 384]


@pytest.mark.statistical
def test_scipy_finds_the_same():
    """`scipy.stats.sobol_indices` on the function itself and ours directly: within 0.05."""
    from scipy.stats import sobol_indices, uniform

    theirs = sobol_indices(
        func=lambda x: ishigami(x.T), n=2048, dists=[uniform(-np.pi, 2 * np.pi)] * 3, rng=np.random.default_rng(1)
    )
    found = direct(1024, 1.0, 2, 7)
    for j, name in enumerate(("x1", "x2", "x3")):
        assert found.get("y", name, "S1").value == pytest.approx(theirs.first_order[j], abs=0.05)
        assert found.get("y", name, "ST").value == pytest.approx(theirs.total_order[j], abs=0.05)


@pytest.mark.statistical
def test_means_with_a_known_noise_do_as_well():
    """Means and the variance of their noise in place of runs: the inert factor gets 0 within 0.02 over 10 studies."""
    values = []
    for seed in range(10):
        design = saltelli(ISHIGAMI, 256, seed)
        means = noisy(ishigami(design.natural), 3.0, 2, seed).mean(axis=1)[:, None]
        found = analyse(
            ISHIGAMI, design.unit, means, np.full_like(means, 4.5), "sobol", seed, convergence=False
        )
        values.append(found.get("outcome", "inert", "ST").value)
        assert found.get("outcome", "x1", "ST").note == ""
    assert abs(np.mean(values)) < 0.02


def test_what_cannot_be_told_is_not_told():
    """One run a point: chance stays in and the rows say so. Nothing but chance: no index."""
    one = direct(64, 1.0, 1, 1)
    assert "chance is not taken out" in one.get("y", "x1", "ST").note
    assert any("one run a point" in note for note in one.notes)
    drowned = direct(64, 300.0, 2, 1)
    row = drowned.get("y", "x1", "ST")
    assert row.value is None
    assert "less than chance" in row.note


def test_gaps_and_other_orders_are_refused():
    """A missing row, rows in another order, a run without a value, a design of another method."""
    design = saltelli(ISHIGAMI, 16, 1)
    y = ishigami(design.natural)[:, None]
    with pytest.raises(SensitivityError, match="95 outcomes for 96 points"):
        analyse(ISHIGAMI, design.unit, y[:-1], None, "sobol", 1)
    with pytest.raises(SensitivityError, match="not in the order"):
        analyse(ISHIGAMI, design.unit[::-1], y[::-1], None, "sobol", 1)
    with pytest.raises(SensitivityError, match="no Saltelli design"):
        analyse(ISHIGAMI, design.unit[:-1], y[:-1], None, "sobol", 1)
    y[5] = np.nan
    with pytest.raises(SensitivityError, match=r"1 rows have a run without a value \(first: 5\)"):
        analyse(ISHIGAMI, design.unit, y, None, "sobol", 1)


def test_values_instead_of_shares():
    """Points may come in their own units, and must say so."""
    design = saltelli(ISHIGAMI, 16, 1)
    y = ishigami(design.natural)[:, None]
    a = analyse(ISHIGAMI, design.natural, y, None, "sobol", 1, scale="natural", convergence=False)
    b = analyse(ISHIGAMI, design.unit, y, None, "sobol", 1, convergence=False)
    assert a.csv() == b.csv()
    with pytest.raises(SensitivityError, match='scale="natural"'):
        analyse(ISHIGAMI, design.natural, y, None, "sobol", 1)


def test_the_same_bytes_twice():
    """Directly and through an emulator."""
    design = space_filling(ISHIGAMI, 64, 1)
    runs = noisy(ishigami(design.natural), 1.0, 2, 1)[:, :, None]
    again = [analyse(ISHIGAMI, design.unit, runs, None, "emulator", 1).csv() for _ in range(2)]
    assert again[0] == again[1]
    assert direct(32, 1.0, 2, 1).csv() == direct(32, 1.0, 2, 1).csv()
    assert direct(32, 1.0, 2, 1).csv() != direct(32, 1.0, 2, 2).csv()


@pytest.mark.slow
@pytest.mark.statistical
def test_coverage_of_intervals_through_the_emulator():
    """40 studies of 256 points: the interval over both sources holds at least 93% of the true indices."""
    held = []
    for seed in range(40):
        design = space_filling(ISHIGAMI, 256, seed)
        runs = noisy(ishigami(design.natural), 1.0, 2, seed)
        found = analyse(
            ISHIGAMI, design.unit, runs[:, :, None], None, "emulator", seed, outcomes=["y"], shared=False, convergence=False
        )
        rows = [(found.get("y", name, index, BOTH), TRUTH[index][name]) for index, name in CELLS]
        held += [row.low - 1e-9 <= truth <= row.high for row, truth in rows]
        assert found.get("y", "inert", "ST", BOTH).value < 0.02
    print(f"held {np.mean(held):.3f} of {len(held)}")
    assert np.mean(held) >= 0.93


@pytest.mark.slow
def test_twelve_factors_and_three_outcomes_within_minutes():
    """Fit, held-out errors, indices with both intervals and convergence: under 2 minutes of processor time, which leaves the
    rest of 20 minutes for the runs; the six factors that do nothing stay below 0.02."""
    from time import process_time

    design = space_filling(LINEAR, 300, 1)
    runs = np.stack([noisy(several(design.unit), 0.5, 2, seed) for seed in range(3)], axis=2)
    begun = process_time()
    found = analyse(LINEAR, design.unit, runs, None, "emulator", 1, outcomes=["a", "b", "c"], shared=False)
    took = process_time() - begun
    print(f"{took:.1f} s of processor time")
    assert took < 120
    assert found.ranked("a", "ST")[0].parameter == "p00"
    for outcome in found.outcomes:
        assert all(found.get(outcome, f"p{i:02d}", "ST").value < 0.02 for i in range(6, 12))


_ALONE = """
import hashlib
from tests.experiments.sensitivity.known import ISHIGAMI, ishigami, noisy
from wardsim.experiments.sensitivity.analyse import analyse
from wardsim.experiments.sensitivity.design import saltelli, space_filling
whole = hashlib.sha256()
for design, method in ((space_filling(ISHIGAMI, 64, 1), "emulator"), (saltelli(ISHIGAMI, 32, 1), "sobol")):
    runs = noisy(ishigami(design.natural), 1.0, 2, 1)[:, :, None]
    whole.update(analyse(ISHIGAMI, design.unit, runs, None, method, 1, convergence=False).csv())
print(whole.hexdigest())
"""


@pytest.mark.slow
def test_the_same_bytes_whatever_the_number_of_threads():
    """Two processes, told to use one and four threads of linear algebra."""
    printed = set()
    for threads in ("1", "4"):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", _ALONE], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        printed.add(done.stdout)
    assert len(printed) == 1
