"""Jobs in processes of this machine, so that nothing is lost and nobody is left behind.

* Started fresh (spawn), the same everywhere; one thread each for linear algebra.
* Workers ignore Ctrl-C (the parent decides) and end at once when the parent is gone.
* Results are handed over as they finish, in any order; whoever collects them sorts by key, so bytes do not depend on
  the workers.
* When a worker dies the pool is rebuilt and what was unfinished is run again, one job at a time. Jobs in hand at a
  second death are
  run alone: one that ends its own process again is recorded as failed, and the rest go on.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process

from .job import Job, RunResult, failed, simulate

Task = Callable[[Job], RunResult]
Chunk = list[Job]

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
CHUNK_SECONDS = 2.0
"""Work handed over at a time: long against the cost of handing over (3 ms), short against the patience of a watcher."""


class WorkerDiedError(RuntimeError):
    """The process of a run ended without an answer (killed, out of memory, crash of an extension)."""


def run_jobs(
    jobs: Sequence[Job], processes: int, *, seconds_per_run: float = 0.5, task: Task = simulate
) -> Generator[RunResult, None, None]:
    """Run jobs and yield their results as they finish.

    Parameters
    ----------
    jobs : sequence of Job
        What to run.
    processes : int
        Worker processes; 1 runs here, one after another.
    seconds_per_run : float
        Expected; sets how many are handed over at a time.
    task : callable
        `simulate`, or something importable of its kind.

    Yields
    ------
    RunResult
        One for each job; a job whose process died twice yields a failure.
    """
    if processes <= 1 or len(jobs) <= 1:
        for job in jobs:
            yield task(job)
        return
    size = max(1, min(int(CHUNK_SECONDS / max(seconds_per_run, 1e-3)), len(jobs) // (4 * processes)))
    left: dict[tuple[int, int], Job] = {job.key: job for job in jobs}
    for result in _pool(_chunks(jobs, size), processes, task):
        if left.pop(result.key, None) is not None:
            yield result
    while left:
        suspects = _Suspects()
        for result in _pool([[job] for job in left.values()], processes, task, suspects):
            if left.pop(result.key, None) is not None:
                yield result
        for job in suspects.jobs:
            if job.key in left:
                alone = list(_pool([[job]], 1, task))
                del left[job.key]
                yield (
                    alone[0]
                    if alone
                    else failed(
                        job, "process", WorkerDiedError("the process of this run ended twice without an answer")
                    )
                )


class _Suspects:
    """Jobs in hand when a pool broke."""

    def __init__(self) -> None:
        self.jobs: Chunk = []


def _chunks(jobs: Sequence[Job], size: int) -> list[Chunk]:
    return [list(jobs[i : i + size]) for i in range(0, len(jobs), size)]


def _work(chunk: Chunk, task: Task) -> list[RunResult]:
    return [task(job) for job in chunk]


def _pool(
    chunks: Iterable[Chunk], processes: int, task: Task, suspects: _Suspects | None = None
) -> Iterator[RunResult]:
    """Run chunks in one pool until they are done or the pool breaks; never leaves a worker behind."""
    waiting = deque(chunks)
    running: dict[Future[list[RunResult]], Chunk] = {}
    # One chunk more than there are workers keeps them busy; exactly as many when we must know who was in hand.
    window = processes if suspects is not None else processes + 1
    with _one_thread():
        pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_start_worker)
        clean = False
        try:
            while waiting or running:
                while waiting and len(running) < window:
                    chunk = waiting.popleft()
                    running[pool.submit(_work, chunk, task)] = chunk
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    results = future.result()
                    del running[future]
                    yield from results
            clean = True
        except BrokenProcessPool:
            if suspects is not None:
                suspects.jobs = [job for chunk in running.values() for job in chunk]
        finally:
            _end(pool, clean)


def _end(pool: ProcessPoolExecutor, clean: bool) -> None:
    """Close a pool; unless all its work is done, kill the workers first: a stock pool would finish what is queued."""
    if not clean:
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            with suppress(OSError, ValueError):
                process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Environment that children inherit: one thread each, set before they import numpy."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _start_worker() -> None:
    """In a new worker: leave Ctrl-C to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _leave_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
