"""T35: memory and open files stay flat however many cells a study has."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

pytestmark = [
    pytest.mark.e2e, pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc"),
]  # fmt: skip


def soak(folder: Path, cells: int) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.experiments.study.soak", "--cells", str(cells), "--folder", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def judge(said: dict, cells: int) -> None:
    """Nine tenths of the pieces take less than 8 MB and leave no file open."""
    assert said["cells"] == cells
    assert said["rows"] == 8 * cells
    assert said["at_the_end"][0] - said["at_a_tenth"][0] < 8.0
    assert said["at_the_end"][1] == said["at_a_tenth"][1]
    assert said["with_the_table"][1] <= said["at_the_end"][1] + 1


def test_a_hundred_cells(in_memory):
    judge(soak(in_memory / "a", 100), 100)


@pytest.mark.slow
def test_a_thousand_cells(in_memory):
    judge(soak(in_memory / "a", 1000), 1000)
