"""T3: the parent is killed with -9 at random points of a study, again and again; nothing is lost, nothing twice, same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

pytestmark = [
    pytest.mark.e2e, pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc"),
]  # fmt: skip


def kill(folder: Path, kills: int, pools: int, seed: int) -> dict[str, int]:
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.experiments.study.killing", "--kills", str(kills), "--pools", str(pools), "--seed",
            str(seed), "--folder", str(folder),
        ],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def judge(said: dict[str, int], kills: int) -> None:
    assert said["kills"] >= kills
    assert said["stored_at_kill"] > 0
    assert {k: said[k] for k in ("lost", "twice", "different", "left_behind")} == {
        "lost": 0, "twice": 0, "different": 0, "left_behind": 0,
    }  # fmt: skip


def test_killed_sixty_times(in_memory):
    judge(kill(in_memory / "k", 60, 3, 1), 60)


@pytest.mark.slow
def test_killed_five_hundred_times(in_memory):
    judge(kill(in_memory / "k", 500, 60, 2), 500)
