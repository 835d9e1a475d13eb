"""Where the parameters of a study come from: the calibrated posterior when a valid one is installed, the priors otherwise, or as asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.cli.made_up import BASELINE, EFFECT
from wardsim.parameters import Ledger
from wardsim.scenario.shipped import shipped

pytestmark = pytest.mark.e2e

STUDIES = {
    "compare": "name: x\noptions:\n  - {name: one, set: {staffing.funded_extra.night.rn: 1}}\n",
    "sweep": "name: x\nkind: sweep\nfactors:\n  staffing.required.night.rn: [2, 3]\n",
    "optimise": (
        "name: x\nkind: optimise\nchoices:\n  staffing.required.night.rn: [2, 3]\nobjective: cost_total_per_year\n"
        "limits: {assaults_true_per_1000_obd: {at_most: 150, relative_to_base: percent}}\n"
    ),
}
LITTLE = "years: 1\nreplications: 20\n"


@pytest.fixture
def calibration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped calibration folder with a posterior of two parameters in it that belongs to the model of today."""
    from wardsim.calibrate import posterior
    from wardsim.calibrate.targets_now import targets_identity
    from wardsim.parameters import posterior as reading

    place = tmp_path / "calibration"
    shutil.copytree(shipped("calibration"), place, ignore=shutil.ignore_patterns("posterior"))
    low, high = (np.array([Ledger.load()[name].range[side] for name in (BASELINE, EFFECT)]) for side in (0, 1))
    draws = low + np.array([[0.3], [0.4], [0.5]]) * (high - low)
    posterior.write(place, [BASELINE, EFFECT], draws, identity=posterior.identity_now(targets_identity(place)), method={}, diagnostics={})
    for module in (posterior, reading):
        monkeypatch.setattr(module, "shipped", lambda folder: place if folder == "calibration" else shipped(folder))
    reading.shipped_posterior.cache_clear()
    yield place
    reading.shipped_posterior.cache_clear()


@pytest.fixture
def none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A calibration folder without a posterior."""
    from wardsim.parameters import posterior as reading

    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(reading, "shipped", lambda folder: tmp_path / "empty")


@pytest.mark.parametrize("command", STUDIES)
def test_a_valid_posterior_is_drawn_from_unless_something_else_is_asked(command, data, write, calibration):
    file = write("s.yaml", STUDIES[command] + LITTLE.replace("20", "80" if command == "optimise" else "20"))
    for asked, source, point in ((None, "posterior", False), ("prior", "prior", False), ("posterior", "posterior", False), ("point", "prior", True)):
        place = f"r-{asked}"
        found = data(command, file, "--out", place, *(["--parameters", asked] if asked else []))
        study = json.loads(Path(place, "study.json").read_text(encoding="utf-8"))["study"]
        assert (study["parameters"], study["point"]) == (source, point)
        assert found["parameters"] == ("point" if point else source)


def test_a_file_that_says_where_stands_until_the_command_says_otherwise(data, write, calibration):
    file = write("s.yaml", STUDIES["compare"] + LITTLE + "parameters: prior\n")
    assert data("compare", file, "--out", "a")["parameters"] == "prior"
    assert data("compare", file, "--out", "b", "--parameters", "posterior")["parameters"] == "posterior"


def test_the_answer_says_where_its_draws_come_from(call, write, calibration):
    file = write("s.yaml", STUDIES["compare"] + LITTLE)
    assert "10 parameter draws from the calibrated posterior" in " ".join(call("compare", file, "--out", "a").stdout.split())
    prior = call("compare", file, "--out", "b", "--parameters", "prior")
    assert "10 parameter draws from the priors" in " ".join(prior.stdout.split())


def test_a_posterior_of_another_model_is_left_and_the_user_told(call, write, calibration):
    manifest = calibration / "posterior" / "manifest.json"
    about = json.loads(manifest.read_text(encoding="utf-8"))
    about["rests_on"]["priors"][EFFECT] = "00000000"
    manifest.write_text(json.dumps(about), encoding="utf-8")
    done = call("compare", write("s.yaml", STUDIES["compare"] + LITTLE), "--out", "r")
    assert done.exit_code == 0, done.output
    assert "parameters come from their priors" in done.stderr
    assert EFFECT in done.stderr
    assert "from the priors" in " ".join(done.stdout.split())


def test_a_posterior_that_is_asked_for_and_not_there_is_refused(call, write, none):
    done = call("compare", write("s.yaml", STUDIES["compare"] + LITTLE), "--out", "r", "--parameters", "posterior")
    assert done.exit_code == 2
    assert "there is no calibrated posterior" in done.stderr


def test_sensitivity_draws_its_other_parameters(data, write, calibration):
    text = "name: x\nkind: sensitivity\nmethod: tornado\nyears: 1\nreplications: 4\noutcomes: [assaults_true_per_1000_obd]\nparameters: [flow.stay_scale]\n"
    text = text.replace("flow.stay_scale", EFFECT)
    file = write("s.yaml", text)
    assert data("sensitivity", file, "--out", "a")["others"] == "point"
    assert data("sensitivity", file, "--out", "b", "--parameters", "posterior")["others"] == "posterior"
    assert data("sensitivity", file, "--out", "c", "--parameters", "prior")["others"] == "prior"


def test_a_plan_fixes_where_draws_come_from(call, write, calibration):
    done = call("plan", write("s.yaml", STUDIES["compare"] + "years: 1\n"), "--runs", "4", "--chunks", "2", "--out", "r")
    assert done.exit_code == 0, done.output
    assert json.loads(Path("r/study.json").read_text(encoding="utf-8"))["study"]["parameters"] == "posterior"
