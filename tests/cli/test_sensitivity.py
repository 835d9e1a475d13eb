"""`wardsim sensitivity` from file to printed indices, on wards whose truth is known."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.made_up import ASSAULTS, BASELINE, EFFECT, SLOPE
from wardsim.experiments.sensitivity.analyse import analyse
from wardsim.experiments.sensitivity.design import trajectories
from wardsim.experiments.sensitivity.problem import Factor, Problem, SensitivityError

pytestmark = pytest.mark.e2e

LEVEL = f"""
name: What decides
kind: sensitivity
outcomes: [{ASSAULTS}]
parameters: [{BASELINE}, {EFFECT}, mechanisms.limit_share]
years: 1
"""
OPTION = LEVEL + "option: {name: one nurse, set: {staffing.funded_extra.night.rn: 1}}\n"


def indices(found, index):
    return {row["parameter"]: row["value"] for row in found["indices"] if row["index"] == index}


def test_a_tornado_of_the_level_and_of_a_difference(data, write):
    """From 5% to 95% of its prior the baseline rate moves the level by 3 and the effect moves the difference by 1.5; chance is the same."""
    found = data("sensitivity", write("l.yaml", LEVEL + "replications: 4\n"), "--out", "level")
    swings = indices(found, "swing")
    assert swings[BASELINE] == pytest.approx(3.0)
    assert swings[EFFECT] == pytest.approx(0.0, abs=1e-9)
    found = data("sensitivity", write("d.yaml", OPTION + "replications: 4\n"), "--out", "difference")
    assert found["option"] == "one nurse"
    swings = indices(found, "swing")
    assert swings[EFFECT] == pytest.approx(SLOPE)
    assert swings[BASELINE] == pytest.approx(0.0, abs=1e-9)
    assert swings["mechanisms.limit_share"] == pytest.approx(0.0, abs=1e-9)
    assert {row["estimand"] for row in csv.DictReader(io.StringIO(Path("difference/sensitivity.csv").read_text()))} == {"transition"}


@pytest.mark.parametrize("levels", [4, 6])
def test_morris_with_the_levels_of_the_file(levels, data, write):
    more = f"method: morris\ntrajectories: 8\nlevels: {levels}\nreplications: 2\n"
    found = data("sensitivity", write("m.yaml", OPTION + more), "--out", "r")
    stars = indices(found, "mu_star")
    assert stars[EFFECT] == pytest.approx(SLOPE, rel=0.25)  # a prior is no straight line in its shares
    assert stars[BASELINE] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("levels", [4, 6, 10])
def test_effects_are_by_the_whole_range_whatever_the_levels(levels):
    problem = Problem((Factor("a", 0.0, 1.0), Factor("b", -1.0, 1.0)))
    design = trajectories(problem, 10, seed=3, levels=levels)
    y = (design.unit @ [2.0, -5.0])[:, None]
    found = analyse(problem, design.unit, y, None, "morris", 1, levels=levels)
    assert found.get("outcome", "a", "mu_star").value == pytest.approx(2.0)
    assert found.get("outcome", "b", "mu").value == pytest.approx(-5.0)
    with pytest.raises(SensitivityError, match="no Morris trajectories of 8 levels"):
        analyse(problem, design.unit, y, None, "morris", 1, levels=8)


def test_sobol_through_an_emulator_of_a_difference(call, data, write):
    found = data("sensitivity", write("s.yaml", OPTION + "method: sobol\npoints: 64\nreplications: 1\n"), "--out", "r")
    total = indices(found, "ST")
    assert total[EFFECT] > 0.9
    assert total[BASELINE] < 0.05
    assert {row["index"] for row in found["indices"]} >= {"S1", "ST", "prcc"}
    text = " ".join(call("resume", "r").stdout.split())
    assert "Sobol indices of the mean outcome, through an emulator" in text
    assert "difference of one nurse from Baseline" in text
    names = {path.name for path in Path("r").iterdir()}
    assert {"sensitivity.csv", "problem.json", "salib.txt", "failures.csv"} <= names


def test_few_points_for_many_parameters_leave_out_rank_correlation(data, write):
    many = OPTION.replace("mechanisms.limit_share", "'mechanisms.*'")
    found = data("sensitivity", write("s.yaml", many + "method: sobol\npoints: 64\nreplications: 1\n"), "--out", "r")
    assert {row["index"] for row in found["indices"]} >= {"S1", "ST"}
    assert "prcc" not in {row["index"] for row in found["indices"]}


def test_failed_runs_that_leave_holes(call, write, monkeypatch):
    """Trajectories cannot do without them: exit code 1, the rows are there, and they can be made again. An emulator can: exit code 3."""
    file = write("m.yaml", OPTION + "method: morris\ntrajectories: 4\nreplications: 2\n")
    monkeypatch.setenv("MADE_UP_FAILS", "1")
    done = call("sensitivity", file, "--out", "r", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ok"], told["problems"][0]["code"]) == (1, False, "failed")
    assert "wardsim resume r --again" in told["problems"][0]["message"]
    rows = list(csv.DictReader(io.StringIO(Path("r/failures.csv").read_text())))
    assert len(rows) == 32
    file = write("s.yaml", OPTION + "method: sobol\npoints: 32\nreplications: 2\n")
    done = call("sensitivity", file, "--out", "s", "--json")
    assert done.exit_code == 3, done.output
    assert json.loads(done.stdout)["data"]["runs"] == {"done": 64, "failed": 64}
    monkeypatch.delenv("MADE_UP_FAILS")
    assert call("resume", "r", "--again").exit_code == 0


def test_what_cannot_be_had_as_asked(call, write):
    """Nothing moves the outcome: a message, exit code 2, no traceback."""
    nothing = OPTION.replace(BASELINE, "mechanisms.contagion_offspring").replace(EFFECT, "mechanisms.contact_aggression")
    done = call("sensitivity", write("s.yaml", nothing + "method: sobol\npoints: 32\nreplications: 1\n"), "--out", "r")
    assert done.exit_code == 2
    assert "no factor moves it" in done.stderr
    assert "Traceback" not in done.stderr
    for more in ("method: sobol\npoints: 16\n", "method: morris\ntrajectories: 2\n"):
        assert call("sensitivity", write("s.yaml", OPTION + more)).exit_code == 2


def test_values_of_every_point_come_in_the_order_of_the_design(data, write):
    """Indices of a straight line do not survive rows in another order."""
    found = data("sensitivity", write("s.yaml", LEVEL + "method: sobol\nthrough: ward\npoints: 64\nreplications: 2\n"), "--out", "r")
    first = indices(found, "S1")
    assert first[BASELINE] == pytest.approx(1.0, abs=0.25)
    assert np.abs([first[EFFECT], first["mechanisms.limit_share"]]).max() < 0.2
