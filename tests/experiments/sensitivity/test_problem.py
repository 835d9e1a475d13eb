"""Factors, the problem file that SALib reads, and designs whose order is kept."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.support import entry
from wardsim.experiments.sensitivity.design import (
    in_order,
    one_at_a_time,
    saltelli,
    space_filling,
    trajectories,
)
from wardsim.experiments.sensitivity.problem import Factor, Problem, SensitivityError
from wardsim.parameters import Ledger

PRIORS = [
    {"dist": "lognormal", "low": 10.0, "high": 15.0},
    {"dist": "uniform", "low": 8.0, "high": 20.0},
    {"dist": "normal", "mean": 12.0, "sd": 2.0},
]


@pytest.fixture
def problem() -> Problem:
    """Three factors of the ledger's kinds and one box."""
    found = [entry(name=f"flow.f{i}_days", prior=prior) for i, prior in enumerate(PRIORS)]
    return Problem((*(Factor.of_entry(e) for e in found), Factor("box", -1.0, 3.0)))


def test_shares_and_values_turn_into_each_other(problem):
    """`unit` undoes `natural`; low and high are the 5% and 95% points of a prior and the bounds of a uniform one."""
    unit = np.random.default_rng(1).uniform(0.01, 0.99, (50, 4))
    assert np.allclose(problem.unit(problem.natural(unit)), unit, atol=1e-9)
    lognormal, uniform = problem.factors[:2]
    assert (lognormal.low, lognormal.high) == pytest.approx((10.0, 15.0), rel=1e-3)
    assert (uniform.low, uniform.high) == (8.0, 20.0)
    with pytest.raises(SensitivityError, match="outside"):
        problem.unit(np.full((1, 4), 99.0))


def test_scores_have_mean_0_and_sd_1(problem):
    """Standardised inputs, also of a lognormal prior."""
    even = (np.arange(4000) + 0.5) / 4000
    scores = problem.scores(np.column_stack([even] * 4))
    assert np.allclose(scores.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(scores.std(axis=0), 1, atol=0.01)


def test_the_problem_file_is_read_by_salib(problem, tmp_path):
    """SALib reads the text form and takes the JSON one; JSON gives the values of shares."""
    from SALib.util import read_param_file

    path = tmp_path / "problem.txt"
    path.write_bytes(problem.salib_text())
    read = read_param_file(str(path))
    told = json.loads(problem.file())
    assert read["names"] == list(problem.names) == told["salib"]["names"]
    assert read["bounds"] == [[0.0, 1.0]] * 4 == told["salib"]["bounds"]
    shares, values = told["factors"][0]["shares"], told["factors"][0]["values"]
    assert values[shares.index(0.5)] == pytest.approx(12.0)
    assert problem.file() == problem.file()


def test_factors_that_cannot_vary_are_refused():
    """A fixed parameter, a factor given twice, a box the wrong way round."""
    fixed = entry(prior={"dist": "fixed"})
    with pytest.raises(SensitivityError, match="fixed at 12"):
        Factor.of_entry(fixed)
    with pytest.raises(SensitivityError, match="given twice"):
        Problem((Factor("a", 0, 1), Factor("a", 0, 2)))
    with pytest.raises(SensitivityError, match="below high"):
        Factor("a", 1, 1)


def test_every_parameter_of_the_shipped_ledger_is_a_factor():
    """All priors of the ledger have values at all shares that designs use."""
    varying = [e for e in Ledger.load() if e.prior.dist != "fixed"]
    problem = Problem.of_entries(varying)
    ends = problem.natural(np.vstack([np.zeros(len(problem)), np.ones(len(problem))]))
    assert np.isfinite(ends).all()
    assert (ends[0] < ends[1]).all()


def test_designs_have_the_rows_of_their_method(problem):
    """Sizes, the same points from the same seed, others from another."""
    designs = {
        "sobol": lambda seed: space_filling(problem, 200, seed),
        "lhs": lambda seed: space_filling(problem, 200, seed, "lhs"),
        "saltelli": lambda seed: saltelli(problem, 16, seed),
        "morris": lambda seed: trajectories(problem, 10, seed),
    }
    rows = {"sobol": 200, "lhs": 200, "saltelli": 16 * 6, "morris": 10 * 5}
    for kind, make in designs.items():
        design = make(3)
        assert design.kind == kind
        assert len(design) == rows[kind] == len(design.rows())
        assert design.unit.tobytes() == make(3).unit.tobytes() != make(4).unit.tobytes()
        assert np.isfinite(design.natural).all()
    tornado = one_at_a_time(problem)
    assert len(tornado) == 9
    assert tornado.natural[1, 0] == pytest.approx(10.0, rel=1e-3)
    assert tornado.natural[8, 3] == 3.0


def test_outcomes_are_put_in_order():
    """Whatever the order in which rows come back."""
    row = np.array([3, 0, 2, 1])
    assert in_order(4, row, 10.0 * row).tolist() == [0, 10, 20, 30]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([0, 1, 3], "missing of a design of 4 points: 2"),
        ([0, 1, 2, 2], "given twice of a design of 4 points: 2"),
        ([0, 1, 2, 4], "unknown of a design of 4 points: 4"),
        ([-1, 1, 2, 3], "unknown of a design of 4 points: -1"),
    ],
)
def test_rows_that_are_not_those_of_the_design_are_refused(row, message):
    """A gap, a duplicate and a stranger; the message names them."""
    with pytest.raises(SensitivityError, match=message):
        in_order(4, np.array(row), np.zeros(len(row)))
