"""Kills a study with -9 at random points, resumes it, and compares it with one that was left in peace.

    python -m tests.experiments.study.killing --kills 500 --pools 60

Prints one JSON object: kills, studies brought to their end, pieces that were reported finished and then lost, rows twice, studies whose
bytes differ, workers alive two seconds after their parent. All but the first two must be 0. Of the kills, `--pools` hit a parent with two
worker processes; the others one that makes its runs itself, which takes milliseconds to start and so is hit everywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import time
from pathlib import Path

from tests.experiments.fake_ward import fake
from tests.experiments.study.small import study, sums, whole
from wardsim.experiments.executor import Here
from wardsim.experiments.job import Job, RunResult
from wardsim.experiments.local import Processes
from wardsim.experiments.study.folder import describe
from wardsim.experiments.study.pieces import holds, named

RUNS = 4


def marked(job: Job) -> RunResult:
    """A run of some milliseconds; leaves its process's id in the folder of starts."""
    Path(job.cache, f"pid-{os.getpid()}").write_text("")
    time.sleep(0.004)
    return fake(job)


def child(folder: Path, pids: Path, reported: int, workers: int) -> None:
    """The process that is killed: makes the study, says on a pipe how many pieces are finished."""
    try:
        whole(
            study(6), folder, RUNS, marked, Processes(workers) if workers > 1 else Here(), cache=str(pids),
            on_progress=lambda progress: os.write(reported, bytes([progress.pieces_done])),
        )  # fmt: skip
    finally:
        os._exit(0)


def attempt(folder: Path, pids: Path, workers: int, after: float) -> tuple[bool, int]:
    """Start the study, kill it after so many seconds; whether that hit it, and the pieces that it had reported."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ear)
        child(folder, pids, mouth, workers)
    os.close(mouth)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    said = b""
    os.set_blocking(ear, False)
    try:
        while part := os.read(ear, 4096):
            said += part
    except BlockingIOError:  # a worker holds the other end
        pass
    os.close(ear)
    return os.WIFSIGNALED(status), max(said, default=0)


def there(folder: Path) -> list[str]:
    """Names of the pieces that are whole."""
    found = []
    for path in (folder / "pieces").glob("*"):
        promised = named(path.name)
        if promised is not None and holds(path.read_bytes(), promised[1]):
            found.append(promised[0].name)
    return found


def living(pids: Path) -> int:
    """Workers that are alive two seconds after their parent was killed."""
    deadline = time.time() + 2
    while time.time() < deadline:
        alive = [path for path in pids.glob("pid-*") if running(int(path.name[4:]))]
        if not alive:
            return 0
        time.sleep(0.02)
    return len(alive)


def running(pid: int) -> bool:
    """Whether a process lives."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _warm() -> None:
    """Load what children need, so that they are killed at work and not while they import."""
    import pyarrow.parquet  # noqa: F401

    fake(study(1).job(0, 0))
    describe(study(1))


def main() -> None:
    """Kill so often, print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--pools", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    pids = given.folder / "pids"
    pids.mkdir(parents=True)
    _warm()
    span = {1: 0.0, 2: 0.0}
    for workers in span if given.pools else (1,):
        begun = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            child(given.folder / f"peace-{workers}", pids, os.open(os.devnull, os.O_WRONLY), workers)
        os.waitpid(pid, 0)
        span[workers] = time.perf_counter() - begun
    peace = sums(given.folder / "peace-1")
    said = {"kills": 0, "studies": 0, "lost": 0, "twice": 0, "different": 0, "left_behind": 0, "stored_at_kill": 0}
    number = 0
    while said["kills"] < given.kills:
        number += 1
        folder = given.folder / f"study-{number}"
        most = 0
        while True:
            workers = 2 if given.kills - said["kills"] <= given.pools else 1
            enough = said["kills"] >= given.kills
            after = 60.0 if enough else chance.uniform(0.0, 0.5) * span[workers]
            if enough:
                ear = os.open(os.devnull, os.O_WRONLY)
                pid = os.fork()
                if pid == 0:
                    child(folder, pids, ear, 1)
                os.waitpid(pid, 0)
                os.close(ear)
                hit = False
            else:
                hit, reported = attempt(folder, pids, workers, after)
                most = max(most, reported)
            if not hit:
                break
            said["kills"] += 1
            said["left_behind"] += living(pids) if workers > 1 else 0
            compacted = (folder / "manifest.json").exists()
            names = there(folder)
            said["stored_at_kill"] += len(names)
            said["twice"] += len(names) - len(set(names))
            if not compacted:
                said["lost"] += max(0, most - len(names))
        said["studies"] += 1
        said["different"] += sums(folder) != peace
        shutil.rmtree(folder)
        for path in pids.glob("pid-*"):
            path.unlink()
    print(json.dumps({**said, "seconds_undisturbed": {k: round(v, 2) for k, v in span.items() if v}}))


if __name__ == "__main__":
    main()
