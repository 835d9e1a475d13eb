"""What `wardsim sensitivity` prints, by method."""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.cli.sensitivity_tables import HEADS, text_of
from wardsim.experiments.sensitivity.analyse import METHODS, analyse
from wardsim.experiments.sensitivity.design import one_at_a_time, saltelli, space_filling, trajectories
from wardsim.experiments.sensitivity.problem import Factor, Problem

PROBLEM = Problem(
    (
        Factor("staffing.effect_per_nurse", 0.0, 1.0, "Effect of one more nurse on the rate of incidents"),
        Factor("flow.stay_days", 20.0, 60.0, "Length of stay", "days"),
        Factor("other", 0.0, 1.0),
    )
)


@pytest.fixture(scope="module")
def printed():
    """The text of each method for the same straight line with noise."""
    designs = {
        "tornado": one_at_a_time(PROBLEM),
        "morris": trajectories(PROBLEM, 8, 1),
        "sobol": saltelli(PROBLEM, 64, 1),
        "emulator": space_filling(PROBLEM, 64, 1),
        "prcc": space_filling(PROBLEM, 64, 1),
    }
    found = {}
    for method in METHODS:
        design = designs[method]
        rng = np.random.default_rng(1)
        runs = (design.unit @ [1.0, 3.0, 0.0])[:, None] + 0.3 * rng.standard_normal((len(design), 3))
        result = analyse(PROBLEM, design.unit, runs[:, :, None], None, method, 1, outcomes=["violence"], shared=False)
        found[method] = {
            width: text_of(result, {"violence": "Violent incidents per 1,000 OBD"}, width) for width in (80, 120, 160)
        }
    return found


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_printed_within_the_terminal(method, printed):
    """Heads, outcome, every factor, the strongest first, the seed; no line wider than asked."""
    for width, text in printed[method].items():
        assert all(len(line) <= width for line in text.splitlines())
        flowing = " ".join(text.split())
        assert "3 factors" in flowing
        assert "seed 1" in flowing
        assert text.index("flow.stay_days") < text.index("staffing.effect_per_nurse")
    assert "Violent incidents per 1,000 OBD" in printed[method][120]
    assert all(head in printed[method][120] for head in HEADS[method])


def test_chance_and_error_of_the_emulator_are_told(printed):
    """Chance as its own share, the emulator's error, and how the indices settled."""
    text = printed["emulator"][160]
    assert "Chance, not any factor: 9.3%" in text
    assert "Error of the emulator on points held back" in text
    assert "ST from 16, 32, 64 points" not in text  # 16 points are too few for an emulator
    assert "ST from 32, 64 points: flow.stay_days" in text


def test_what_chance_could_give_is_marked(printed):
    """The factor that does nothing is named under each table that can tell."""
    assert "Not above what chance alone gives: other" in printed["morris"][160]
    assert "The interval holds 0: other" in printed["prcc"][160]
    assert "The interval holds no change: other" in printed["tornado"][160]
