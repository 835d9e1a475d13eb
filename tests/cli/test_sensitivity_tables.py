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


def test_a_tornado_has_the_digits_that_its_error_supports_and_names_ties():
    """Errors of about 0.3 assaults and 40 thousand pounds; what is the same in every run is said to be so, and money is in thousands."""
    design = one_at_a_time(PROBLEM)
    rng = np.random.default_rng(2)
    noise = rng.standard_normal((len(design), 4))
    assaults = (design.unit @ [0.0, 3.0, 2.0])[:, None] + 0.3 * np.where(design.unit[:, [0]] == 0.5, noise, 0.0)
    cost = (design.unit @ [0.0, 90_000.0, 0.0])[:, None] + 20_000.0 * noise
    names = ["assaults_true_per_1000_obd", "cost_total_per_year"]
    result = analyse(PROBLEM, design.unit, np.stack([assaults, cost], axis=2), None, "tornado", 1, outcomes=names, shared=True)
    lines = [line.split() for line in text_of(result, None, 160).splitlines()]
    (stay, other_stay) = [line for line in lines if "(flow.stay_days)" in line]
    assert all(len(number.partition(".")[2]) == 2 for number in stay if number[0] in "+-")
    assert all(len(number.partition(".")[2]) == 0 for number in other_stay if number[0] in "+-")
    assert 60 < float(other_stay[other_stay.index("to") - 2].lstrip("+")) < 120
    (effect, _) = [" ".join(line) for line in lines if "(staffing.effect_per_nurse)" in line]
    assert "0 no difference in these runs between low and high; at low" in effect
    minutes = 1e-7 * noise[:, :, None]  # wards that differ in nothing but minutes of bed days
    still = analyse(PROBLEM, design.unit, 1.0 + minutes, None, "tornado", 1, outcomes=names[:1], shared=True)
    assert text_of(still, None, 160).count("0  no difference in these runs\n") == 3
    assert "0 to 0" not in text_of(still, None, 160)
    assert "holds no change" not in text_of(still, None, 160)


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
