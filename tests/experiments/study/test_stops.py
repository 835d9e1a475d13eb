"""T8, T9, T10: workers that die or raise, a parent that is killed, Ctrl-C and a request to terminate, once and twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.experiments.fake_ward import dies_at_3, dies_once, fails_at_3, fake
from tests.experiments.study.killing import running
from tests.experiments.study.small import every, study, sums, whole
from tests.support import ROOT
from wardsim.experiments.executor import Here
from wardsim.experiments.local import Processes
from wardsim.experiments.study.chunks import plan_study
from wardsim.experiments.study.kinds import runs_only
from wardsim.experiments.study.session import Session

pytestmark = [
    pytest.mark.e2e, pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc"),
]  # fmt: skip
LONG = study(4, settings={"runs": 100})


def test_a_worker_killed_once_costs_nothing(tmp_path):
    starts = tmp_path / "starts"
    starts.mkdir()
    executor = Processes(2)
    try:
        there = whole(study(), tmp_path / "a", 6, dies_once, executor, cache=str(starts))
    finally:
        executor.close()
    assert (starts / "died").exists()
    assert there == whole(study(), tmp_path / "b", 6, fake)


def test_a_worker_killed_from_outside_costs_nothing(tmp_path):
    """Killed with -9 while it works, several times."""
    executor = Processes(2)
    of = study()
    killed = []

    def tell(progress):
        if progress.pieces_done in (1, 4) and progress.pieces_done not in killed and executor._pool is not None:
            for worker in list(executor._pool._processes):
                with suppress(ProcessLookupError):  # it has ended by itself, as the one of the run that ends its worker
                    os.kill(worker, signal.SIGKILL)
                    killed.append(progress.pieces_done)
                    break

    try:
        there = whole(of, tmp_path / "a", 6, fails_at_3, executor, on_progress=tell)
    finally:
        executor.close()
    assert killed == [1, 4]
    assert there == whole(of, tmp_path / "b", 6, fails_at_3)


def test_a_run_that_ends_its_worker_twice_is_a_row_and_the_others_are_there(tmp_path):
    executor = Processes(2)
    of = study(1)
    try:
        with Session(of, tmp_path, executor=executor, task=dies_at_3) as session:
            session.need(every(of, 8))
            runs = session.runs()
    finally:
        executor.close()
    assert runs.column(0, "occupancy").run.tolist() == [0, 1, 2, 4, 5, 6, 7]
    assert [(f.cell, f.failure.stage, f.failure.replication, f.failure.seed) for f in runs.failed] == [
        ("cell 0", "process", 3, 7),
    ]  # fmt: skip
    assert all("twice" in f.failure.error for f in runs.failed)


def test_a_run_that_raises_is_tried_once_more(tmp_path):
    seen = []

    def unsure(job):
        seen.append(job.replication)
        if job.replication == 1 and seen.count(1) < 2:
            raise MemoryError("not enough")
        return fake(job)

    assert whole(study(1), tmp_path / "a", 2, unsure) == whole(study(1), tmp_path / "b", 2)
    assert seen == [0, 1, 1]


class Program:
    """`wardsim resume` of a long study in a process group of its own, at work in two workers."""

    def __init__(self, folder: Path, words: tuple[str, ...] = ("resume",), jobs: int = 2, task: str = "slow") -> None:
        self.folder, self.pids = folder, folder.parent / "pids"
        self.pids.mkdir()
        environment = {**os.environ, "FAKE_TASK": task, "FAKE_STARTS": str(self.pids)}
        command = [sys.executable, "-m", "tests.experiments.study.program", words[0], str(folder), *words[1:]]
        self.process = subprocess.Popen(
            [*command, "--jobs", str(jobs)], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        self.jobs = jobs

    def workers(self) -> list[int]:
        return [pid for pid in (int(path.name[4:]) for path in self.pids.glob("pid-*")) if running(pid)]

    def pieces(self) -> int:
        return len(list((self.folder / "pieces").glob("*.piece")))

    def until(self, what) -> None:
        deadline = time.time() + 30
        while not what() and time.time() < deadline and self.process.poll() is None:
            time.sleep(0.02)
        assert what(), self.process.communicate() if self.process.poll() is not None else "too slow"

    def out(self) -> tuple[int, str, float]:
        """Exit code, what it said, and seconds until it was out."""
        begun = time.monotonic()
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said, time.monotonic() - begun

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def program(tmp_path):
    started = []

    def start(of=LONG, **more):
        Session(of, tmp_path / "a").close()
        started.append(Program(tmp_path / "a", **more))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("times", [1, 2])
def test_stopped_with_something_to_resume(program, how, times):
    """To the whole group, as a terminal does it (a request to terminate: to the parent)."""
    it = program()
    it.until(lambda: it.pieces() >= 1 and len(it.workers()) == 2)
    for n in range(times):
        time.sleep(0.03 * n)
        if how == signal.SIGINT:
            os.killpg(it.process.pid, how)
        else:
            it.process.send_signal(how)
    code, said, seconds = it.out()
    assert code == 3, said
    assert seconds < 2.0
    assert f"wardsim resume {it.folder}" in said
    assert "Traceback" not in said
    deadline = time.time() + 2
    while it.workers() and time.time() < deadline:
        time.sleep(0.02)
    assert it.workers() == []
    assert not list(it.folder.rglob(".writing-*"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_with_nothing_to_resume(program, how):
    it = program(study(1, block=100, settings={"runs": 100}))
    it.until(lambda: len(it.workers()) >= 1)
    os.killpg(it.process.pid, how)
    code, said, seconds = it.out()
    assert code == 130, said
    assert seconds < 2.0
    assert "nothing was finished" in said


def test_stopped_while_it_works_itself(program):
    it = program(jobs=1)
    it.until(lambda: it.pieces() >= 1)
    it.process.send_signal(signal.SIGTERM)
    code, said, seconds = it.out()
    assert (code, "Traceback" in said) == (3, False), said
    assert seconds < 2.0


def test_a_stopped_worker_says_how_its_chunk_goes_on(program, tmp_path):
    plan_study(LONG, tmp_path / "a", 3, every(LONG, 40))
    it = program(words=("worker", "--chunk", "1"), jobs=1)
    it.until(lambda: it.pieces() >= 1)
    it.process.send_signal(signal.SIGTERM)
    code, said, _ = it.out()
    assert code == 3, said
    assert f"wardsim worker {it.folder} --chunk 1" in said


def test_an_interruption_that_is_not_heeded_ends_the_process_all_the_same(program):
    it = program(jobs=1, task="deaf")
    it.until(lambda: len(list(it.pids.glob("deaf-*"))) == 1)
    it.process.send_signal(signal.SIGINT)
    code, said, seconds = it.out()
    assert code == 130, said
    assert seconds < 2.0
    assert said.count("nothing was finished") == 1


def test_no_worker_outlives_a_killed_parent_and_the_study_can_be_resumed(program, tmp_path):
    of = study(2, settings={"runs": 8})
    it = program(of)
    it.until(lambda: it.pieces() >= 1 and len(it.workers()) == 2)
    it.process.kill()
    deadline = time.time() + 2
    while it.workers() and time.time() < deadline:
        time.sleep(0.02)
    assert it.workers() == []
    with Session(of, it.folder, executor=Here(), task=fake) as session:
        assert session.stored
        runs_only(session)
    assert sums(it.folder) == resumed(of, tmp_path / "b")


def resumed(of, folder):
    with Session(of, folder, executor=Here(), task=fake) as session:
        runs_only(session)
    return sums(folder)


def test_a_second_program_is_refused_within_a_second_of_its_start(program):
    """The time over that of a program that finds nothing there; the best of three, as others use the machine."""
    it = program()
    it.until(lambda: it.pieces() >= 1)

    def timed(folder):
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "tests.experiments.study.program", "resume", folder], cwd=ROOT, text=True, capture_output=True
        )
        return time.monotonic() - begun, done

    over = []
    for _ in range(3):
        took, second = timed(str(it.folder))
        over.append(took - timed(str(it.folder) + "-none")[0])
        if over[-1] < 1.0:
            break
    assert min(over) < 1.0
    assert second.returncode == 1
    assert f"in use by process {it.process.pid} on" in second.stderr
    assert "Traceback" not in second.stderr
