"""Jobs in processes of this machine, so that nothing is lost and nobody is left behind.

* Started fresh (spawn), the same everywhere; one thread each for linear algebra.
* Workers ignore Ctrl-C (the parent decides) and end at once when the parent is gone.
* Results are handed over as they finish, in any order; whoever collects them sorts by key, so bytes do not depend on
  the workers.
* When a worker dies the pool is rebuilt and what was in hand is run again, one job at a time. Jobs in hand at a second death are
  run alone: one that ends its own process again is recorded as failed, and the rest go on.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Generator, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process

from .executor import Batch, Results, Task, attempt, died, work
from .job import Job, RunResult, simulate
from .threads import children_with_one_thread

CHUNK_SECONDS = 2.0
"""Work handed over at a time: long against the cost of handing over (3 ms), short against the patience of a watcher."""


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
            yield attempt(job, task)
        return
    size = max(1, min(int(CHUNK_SECONDS / max(seconds_per_run, 1e-3)), len(jobs) // (4 * processes)))
    executor = Processes(processes)
    try:
        for _, results in executor.run((Batch(i, tuple(jobs[i : i + size])) for i in range(0, len(jobs), size)), task):
            yield from results
    finally:
        executor.close()


class Processes:
    """Worker processes of this machine, kept from one call of `run` to the next.

    Parameters
    ----------
    processes : int
        How many.
    """

    def __init__(self, processes: int) -> None:
        self.processes = max(1, processes)
        self._pool: ProcessPoolExecutor | None = None

    def run(self, batches: Iterable[Batch | None], task: Task) -> Results:
        """Yield key and results of each batch as it finishes."""
        source = iter(batches)
        while True:
            hand: dict[Hashable, Batch] = {}
            # One batch more than there are workers keeps them busy.
            yield from self._drive(source, task, hand, self.processes + 1)
            if not hand:
                return
            yield from self._again(list(hand.values()), task)

    def close(self) -> None:
        """End the workers."""
        self._end(clean=False)

    def _drive(self, source: Iterator[Batch | None], task: Task, hand: dict[Hashable, Batch], window: int) -> Results:
        """Work through batches until there are no more or the pool breaks, which leaves those concerned in `hand`."""
        running: dict[Future[list[RunResult]], Hashable] = {}
        more = clean = True
        try:
            while True:
                while more and len(hand) < window:
                    batch = next(source, _END)
                    more = batch is not _END
                    if batch is None or not isinstance(batch, Batch):
                        break
                    hand[batch.key] = batch
                    running[self._submit(batch, task)] = batch.key
                if not running:
                    return
                broken: BrokenProcessPool | None = None
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    key = running.pop(future)
                    try:
                        results = future.result()
                    except BrokenProcessPool as error:
                        broken = error
                        continue
                    del hand[key]
                    yield key, results
                if broken is not None:
                    raise broken
        except BrokenProcessPool:
            clean = False
        except BaseException:
            clean = False
            raise
        finally:
            if not clean:
                self._end(clean)

    def _again(self, batches: Sequence[Batch], task: Task) -> Results:
        """Batches in hand when a worker died, job by job: whose process ends again is found out and recorded."""
        parts: dict[Hashable, dict[int, RunResult]] = {batch.key: {} for batch in batches}
        whole = {batch.key: len(batch.jobs) for batch in batches}
        left = {(batch.key, i): Batch((batch.key, i), (job,)) for batch in batches for i, job in enumerate(batch.jobs)}
        while left:
            suspects: dict[Hashable, Batch] = {}
            # Exactly as many as there are workers: those in hand are those that ran.
            single = self._drive(iter(list(left.values())), task, suspects, self.processes)
            for key, result in _settle(single, suspects, task):
                del left[key]
                parts[key[0]][key[1]] = result
                if len(parts[key[0]]) == whole[key[0]]:
                    yield key[0], [parts[key[0]][i] for i in range(whole[key[0]])]

    def _submit(self, batch: Batch, task: Task) -> Future[list[RunResult]]:
        with children_with_one_thread(), _no_interrupt():  # processes are started by the first calls and inherit both
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self.processes, mp_context=get_context("spawn"), initializer=_start_worker
                )
            return self._pool.submit(work, batch.jobs, task)

    def _end(self, clean: bool) -> None:
        """Close the pool; unless all its work is done, kill the workers first: a stock pool would finish what is queued."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if not clean:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                with suppress(OSError, ValueError):
                    process.kill()
        pool.shutdown(wait=True, cancel_futures=True)


class _End:
    """No more batches."""


_END = _End()


def _settle(
    single: Results, suspects: dict[Hashable, Batch], task: Task
) -> Generator[tuple[tuple[Hashable, int], RunResult], None, None]:
    """Results of batches of one job each; those in hand when their pool broke are run alone, once."""
    for key, results in single:
        assert isinstance(key, tuple)
        yield key, results[0]
    for key, batch in list(suspects.items()):
        assert isinstance(key, tuple)
        alone = Processes(1)
        try:
            found = [results[0] for _, results in alone._drive(iter([batch]), task, {}, 1)]
        finally:
            alone.close()
        yield key, found[0] if found else died(batch.jobs[0])


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits until a child is started, and the child never hears it, not even while it imports."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
