"""Where runs are made: the contract of an executor, and the plainest one.

An executor takes batches of jobs and hands back their results, batch by batch, as they finish. It never loses one: a run that
raises is tried once more, and then its result says that it failed and why. Nothing of where, when and in how many attempts
leaves a trace in the results.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable
from dataclasses import dataclass
from typing import Protocol

from .job import Job, RunResult, failed

Task = Callable[[Job], RunResult]


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs handed over together.

    Attributes
    ----------
    key : hashable
        What the results are asked for by.
    jobs : tuple of Job
        In the order in which their results come back.
    """

    key: Hashable
    jobs: tuple[Job, ...]


Results = Generator[tuple[Hashable, list[RunResult]], None, None]


class Executor(Protocol):
    """Makes runs, somewhere.

    `run` takes the batches lazily, a few more than it can work on, so that memory does not grow with their number. A None among
    the batches means: nothing now, ask again after the next result; it comes only while something is being made. When the
    generator is closed or an exception passes through it, nothing it started goes on working.
    """

    def run(self, batches: Iterable[Batch | None], task: Task) -> Results:
        """Yield key and results of each batch as it finishes, in any order."""
        ...

    def close(self) -> None:
        """End whatever is kept between calls of `run`."""
        ...


class Here:
    """One run after another in this process."""

    def run(self, batches: Iterable[Batch | None], task: Task) -> Results:
        """Yield key and results of each batch, in order."""
        for batch in batches:
            if batch is None:
                raise RuntimeError("a batch was held back although nothing is being made")
            yield batch.key, work(batch.jobs, task)

    def close(self) -> None:
        """Nothing is kept."""


def work(jobs: Iterable[Job], task: Task) -> list[RunResult]:
    """Results of jobs, in order; runs in workers too."""
    return [attempt(job, task) for job in jobs]


def attempt(job: Job, task: Task) -> RunResult:
    """The result of a job; one that fails is tried once more, since a full disk or a lack of memory may have passed."""
    result = _once(job, task)
    return result if result.failure is None else _once(job, task)


def _once(job: Job, task: Task) -> RunResult:
    try:
        return task(job)
    except Exception as error:
        return failed(job, "process", error)


def died(job: Job) -> RunResult:
    """The result of a job whose process ended twice without one."""
    return failed(job, "process", WorkerDiedError("the process of this run ended twice without an answer"))


class WorkerDiedError(RuntimeError):
    """The process of a run ended without an answer (killed, out of memory, crash of an extension)."""
