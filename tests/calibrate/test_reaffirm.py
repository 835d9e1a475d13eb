"""Changed code keeps the posterior only when the ward gives the same numbers at its draws."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.calibrate.test_wards import fake
from wardsim.calibrate.posterior import changes, identity_now, write
from wardsim.calibrate.reaffirm import KEY, NotTheSameError, reaffirm
from wardsim.calibrate.targets_now import targets_identity
from wardsim.calibrate.wards import Length, Operator, WardSimulator
from wardsim.experiments.executor import Here
from wardsim.experiments.job import Job, RunResult
from wardsim.experiments.sensitivity.problem import Problem
from wardsim.parameters import Ledger
from wardsim.parameters.posterior import FOLDER, MANIFEST, Posterior
from wardsim.scenario.load import load as load_scenario
from wardsim.scenario.shipped import shipped, shipped_scenarios

NAME = "incidents.verbal_per_1000_days"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "calibration"
    shutil.copytree(shipped("calibration"), place, ignore=shutil.ignore_patterns(FOLDER))
    ledger = Ledger.load(place)
    natural = np.array([[ledger[NAME].distribution.quantile(u)] for u in np.linspace(0.3, 0.6, 100)])
    write(place, (NAME,), natural, identity=identity_now(targets_identity(place), ledger), method={"seed": 1}, diagnostics={"ess": 1000})
    return place


@pytest.fixture
def simulator() -> WardSimulator:
    ward = load_scenario(shipped_scenarios()["baseline"]).scenario
    looked_at = (Operator("baseline", "rate", "log", 1.0),)
    return WardSimulator(Problem.of_entries([Ledger.load()[NAME]]), looked_at, {"baseline": ward}, Length(years=1.0), executor=Here(), task=fake)


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / FOLDER / MANIFEST).read_text())
    return found


def older_code(folder: Path, part: str = "model") -> None:
    """As if one file had been another when the posterior was made."""
    about = manifest(folder)
    about["rests_on"][part][next(iter(about["rests_on"][part]))] = "00000000"
    (folder / FOLDER / MANIFEST).write_text(json.dumps(about))


def other(job: Job) -> RunResult:
    """The same ward with one count more in one year."""
    found = fake(job)
    return found if job.replication else replace(found, values=np.nextafter(found.values, 1e9))


def test_the_same_numbers_keep_the_posterior_and_renew_its_marks(folder: Path, simulator: WardSimulator) -> None:
    assert "is kept" in reaffirm(simulator, folder)
    table = (folder / FOLDER / "draws.csv").read_bytes()
    older_code(folder)
    assert changes(Posterior.read(folder), folder)
    assert "belongs to the code of today" in reaffirm(simulator, folder)
    assert changes(Posterior.read(folder), folder) == []
    assert (folder / FOLDER / "draws.csv").read_bytes() == table


def test_other_numbers_in_the_last_digit_do_not(folder: Path, simulator: WardSimulator) -> None:
    reaffirm(simulator, folder)
    older_code(folder, "measures")
    before = manifest(folder)
    with pytest.raises(NotTheSameError, match="other numbers"):
        reaffirm(replace(simulator, task=other), folder)
    assert manifest(folder) == before


def test_code_that_changed_before_anything_was_kept_is_not_taken(folder: Path, simulator: WardSimulator) -> None:
    older_code(folder)
    with pytest.raises(NotTheSameError, match="nothing was kept"):
        reaffirm(simulator, folder)
    assert KEY not in manifest(folder)


def test_targets_are_another_matter(folder: Path, simulator: WardSimulator) -> None:
    reaffirm(simulator, folder)
    about = manifest(folder)
    about["rests_on"]["targets"][next(iter(about["rests_on"]["targets"]))] = "00000000"
    (folder / FOLDER / MANIFEST).write_text(json.dumps(about))
    with pytest.raises(NotTheSameError, match="new calibration"):
        reaffirm(simulator, folder)
