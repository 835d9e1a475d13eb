"""Designs in the unit cube and over axes: coverage, balance, and the same rows for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.experiments.design import unit
from wardsim.experiments.design.parameters import problem_of, rows_of
from wardsim.experiments.design.points import count, points_of
from wardsim.experiments.sensitivity.design import saltelli, trajectories
from wardsim.experiments.sensitivity.problem import Factor, Problem
from wardsim.parameters import Ledger
from wardsim.scenario.studies import load_study_text
from wardsim.scenario.studies.parts import ParameterRange
from wardsim.scenario.studies.schema import SensitivityFile

pytestmark = pytest.mark.unit


def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_dimension() -> None:
    for points in (1, 7, 60):
        rows = unit.latin_hypercube(points, 5, 11)
        assert rows.shape == (points, 5)
        for column in rows.T:
            assert sorted((column * points).astype(int)) == list(range(points))


def test_a_sobol_design_is_balanced_in_every_half_and_quarter_of_pairs() -> None:
    rows = unit.sobol(64, 6, 3)
    for column in rows.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    pairs = (rows[:, 0] * 8).astype(int) * 8 + (rows[:, 1] * 8).astype(int)
    assert sorted(pairs) == list(range(64))


@pytest.mark.parametrize("points", [0, 3, 100])
def test_a_sobol_design_of_another_size_is_refused(points: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        unit.sobol(points, 2, 1)


def test_the_seed_alone_decides() -> None:
    problem = Problem(tuple(Factor(name, 0.0, 1.0) for name in "abc"))
    for make in (
        lambda seed: unit.latin_hypercube(16, 3, seed),
        lambda seed: unit.sobol(16, 3, seed),
        lambda seed: trajectories(problem, 5, unit.small(seed)).unit,
        lambda seed: saltelli(problem, 8, unit.small(seed)).unit,
    ):
        np.random.seed(0)
        first = make(2**62 + 1)
        np.random.seed(1)
        assert np.array_equal(first, make(2**62 + 1))
        assert not np.array_equal(first, make(2**62 + 2))


def test_designs_of_salib_have_its_rows() -> None:
    problem = Problem(tuple(Factor(name, 0.0, 1.0) for name in "abc"))
    assert saltelli(problem, 8, 1).unit.shape == (8 * 5, 3)
    paths = trajectories(problem, 6, 1, levels=4).unit.reshape(6, 4, 3)
    steps = np.abs(np.diff(paths, axis=1))
    assert np.allclose(np.sort(steps, axis=2)[:, :, :2], 0)  # one dimension at a time
    assert np.allclose(steps.max(axis=2), 2 / 3)


def test_a_factorial_has_every_combination_once_the_last_factor_fastest() -> None:
    file = load_study_text(
        "name: x\nfactors:\n  ward.beds: [16, 18]\n  training.protected: [false, true]\n  staffing.required.night.rn: [1, 2, 3]\n"
    )
    points = [tuple(level.given for level in point) for point in points_of(file)]
    assert len(points) == count(file) == len(set(points)) == 12
    assert points[:4] == [(16, False, 1), (16, False, 2), (16, False, 3), (16, True, 1)]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_chance_designs_meet_levels_and_whole_numbers_in_equal_shares_and_stay_in_range(kind: str) -> None:
    file = load_study_text(
        "name: x\nfactors:\n  ward.beds: {low: 10, high: 13}\n  training.protected: [false, true]\n"
        f"  staffing.absence.headroom_pct: {{low: 15, high: 30}}\ndesign: {{kind: {kind}, points: 64}}\n"
    )
    points = list(points_of(file))
    beds = [point[0].given for point in points]
    assert len(points) == count(file) == 64
    assert {value: beds.count(value) for value in set(beds)} == {10: 16, 11: 16, 12: 16, 13: 16}
    assert sum(point[1].given for point in points) == 32
    shares = sorted((float(point[2].given) - 15) / 15 for point in points)
    assert all(index / 64 <= share <= (index + 1) / 64 for index, share in enumerate(shares))


def test_rows_over_parameters_follow_the_prior_or_the_range() -> None:
    ledger = Ledger.load()
    prior = load_study_text("name: x\nkind: sensitivity\nparameters: [work.requests_per_patient_day]\n").ranges[0]
    values = problem_of([prior.as_dict()]).natural(np.array([[0.05], [0.5], [0.95]]))
    assert values[:, 0] == pytest.approx(ledger[prior.name].quantiles(0.05, 0.5, 0.95))
    given = ParameterRange(prior.name, 1.0, 3.0, False, "", "")
    assert problem_of([given.as_dict()]).natural(np.array([[0.25], [0.5], [0.75]]))[:, 0] == pytest.approx([1.5, 2.0, 2.5])


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        ("method: tornado", 5),
        ("method: morris\ntrajectories: 7", 21),
        ("method: sobol\npoints: 32", 32),
        ("method: sobol\npoints: 16\nthrough: ward", 64),
    ],
)
def test_rows_of_each_method(method: str, rows: int) -> None:
    file = load_study_text(
        f"name: x\n{method}\nparameters: [work.requests_per_patient_day, {{mechanisms.limit_share: {{low: 0.25, high: 0.4}}}}]\n"
    )
    assert isinstance(file.content, SensitivityFile)
    made = rows_of(file.content, file.ranges)
    assert len(made) == rows == len({row.id for row in made})
    assert [row.id for row in made] == sorted(row.id for row in made)
    for row in made:
        assert 0.25 <= row.values.get("mechanisms.limit_share", 0.3) <= 0.4
    if "tornado" in method:
        assert [(row.role, row.parameter) for row in made[:3]] == [
            ("centre", ""), ("low", "work.requests_per_patient_day"), ("high", "work.requests_per_patient_day"),
        ]  # fmt: skip
        assert set(made[0].values) == {about.name for about in file.ranges}
