"""Processes: nothing lost, nobody left behind, bytes independent of the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.experiments.fake_ward import dies_at_3, dies_once, fails_at_3, fake, threads
from tests.support import ROOT
from wardsim.experiments.job import Job
from wardsim.experiments.local import run_jobs
from wardsim.scenario.schema import Scenario

SCENARIO = Scenario(name="test")


def jobs(n, cache=""):
    return [
        Job(SCENARIO, draw=r // 2, replication=r, seed=1, years=0.02, warm_up_weeks=0, cache=str(cache))
        for r in range(n)
    ]


def run(n, processes, task=fake, cache=""):
    return sorted(run_jobs(jobs(n, cache), processes, seconds_per_run=0.5, task=task), key=lambda r: r.key)


def same(a, b):
    return [r.key for r in a] == [r.key for r in b] and all(
        np.array_equal(x.values, y.values, equal_nan=True) and x.counts == y.counts for x, y in zip(a, b, strict=True)
    )


def test_one_process_runs_here():
    results = run(4, 1, threads)
    assert [r.key for r in results] == [(0, 0), (0, 1), (1, 2), (1, 3)]


@pytest.mark.e2e
def test_two_processes_give_the_same_through_a_real_pool():
    assert same(run(12, 1), run(12, 2))


@pytest.mark.e2e
def test_workers_are_light_and_use_one_thread():
    before = os.environ.get("OMP_NUM_THREADS")
    found = {(r.missing["threads"], r.missing["heavy"]) for r in run(4, 2, threads)}
    assert found == {("1", "")}
    assert os.environ.get("OMP_NUM_THREADS") == before


@pytest.mark.e2e
def test_a_run_that_raises_is_a_row_and_the_others_are_there():
    results = run(8, 2, fails_at_3)
    assert [r.key[1] for r in results] == list(range(8))
    assert [r.key[1] for r in results if r.failure] == [3]


@pytest.mark.e2e
def test_a_worker_that_dies_once_costs_nothing(tmp_path):
    results = run(8, 2, dies_once, tmp_path)
    assert same(results, run(8, 1))


@pytest.mark.e2e
def test_a_run_that_kills_its_worker_again_is_a_failed_row_and_the_others_are_there():
    results = run(8, 2, dies_at_3)
    assert [r.key[1] for r in results] == list(range(8))
    (bad,) = [r for r in results if r.failure]
    assert bad.key == (1, 3)
    assert (bad.failure.stage, bad.failure.seed) == ("process", 1)
    assert "twice" in bad.failure.error


PARENT = """
import sys
sys.path.insert(0, {root!r})
from tests.experiments.test_local import run
from tests.experiments.fake_ward import slow
if __name__ == "__main__":
    try:
        run(200, 2, slow, {folder!r})
    except KeyboardInterrupt:
        sys.exit(130)
"""


def alive(folder: Path) -> list[int]:
    found = []
    for mark in folder.glob("pid-*"):
        pid = int(mark.name[4:])
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(pid)
    return found


@pytest.mark.e2e
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_parent(tmp_path, how):
    """Killed or interrupted, the parent is out within two seconds and so are its workers."""
    folder = tmp_path / "pids"
    folder.mkdir()
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(root=str(ROOT), folder=str(folder)))
    parent = subprocess.Popen([sys.executable, str(script)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        deadline = time.time() + 20
        while len(alive(folder)) < 2 and time.time() < deadline:
            time.sleep(0.05)
        assert len(alive(folder)) == 2
        parent.send_signal(how)
        assert parent.wait(timeout=2) == (130 if how == signal.SIGINT else -9)
        deadline = time.time() + 2
        while alive(folder) and time.time() < deadline:
            time.sleep(0.05)
        assert alive(folder) == []
    finally:
        parent.kill()
