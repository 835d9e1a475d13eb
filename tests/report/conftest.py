"""Results folders that several tests read, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.made import SIX, TORNADO, from_file, write
from wardsim.report import add_report


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
