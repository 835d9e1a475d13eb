"""Results folders that several tests read, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.experiments.population.made import TRUSTS
from tests.experiments.population.made import fake as ward
from tests.report.made import SIX, TORNADO, from_file, write
from wardsim.cli import main
from wardsim.report import add_report
from wardsim.scenario.shipped import shipped


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A results folder of every kind of study, with its report."""
    root = tmp_path_factory.mktemp("reports")
    from_file(write(root, SIX), root / "compare")
    from_file("scenarios/sweeps/staffing-by-training.yaml", root / "sweep", "replications=12", "years=1")
    from_file(write(root, TORNADO), root / "tornado")
    from_file("scenarios/studies/sensitivity-night-nurse.yaml", root / "sobol", "points=64", "replications=2")
    from_file("scenarios/optimise/cheapest-safe.yaml", root / "optimise", "years=1")
    found = {name: root / name for name in ("compare", "sweep", "tornado", "sobol", "optimise")}
    for folder in found.values():
        add_report(folder)
    return found


@pytest.fixture(scope="session")
def pages(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A results folder of everything that has a report: the studies, a run of a real ward, a population, the shipped calibration."""
    root = tmp_path_factory.mktemp("pages")
    words = ["run", "scenarios/baseline.yaml", "--replications", "2", "--years", "0.05", "--warm-up", "1", "--set", "start.burn_in_weeks=1", "--jobs", "1",
             "--no-progress", "--out", str(root / "run")]  # fmt: skip
    assert CliRunner().invoke(main, words).exit_code == 0
    from_file(write(root, TRUSTS.format(trusts=4, wards=2, populations=2, share=0.5, sigma=0.5)), root / "population", task=ward)
    for part in ("posterior", "report"):
        shutil.copytree(shipped("calibration") / part, root / "calibrate" / part)
    added = {name: root / name for name in ("run", "population", "calibrate")}
    for folder in added.values():
        add_report(folder)
    return {**folders, **added}
