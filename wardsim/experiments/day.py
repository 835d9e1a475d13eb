"""A day of one ward as it went, kept beside the results: day.csv, which the report replays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wardsim.measures.one_day import LATEST, told
from wardsim.ward.core.clock import WEEK, YEAR

from .job import Job, RunResult
from .results import csv_bytes

FILE = "day.csv"
HEAD = ("what", "from_min", "to_min", "person", "role", "kind", "patient", "detail")


def day_csv(result: RunResult) -> bytes | None:
    """day.csv of a run that brought its day back; None where it did not."""
    if result.failure is not None or result.extra.ndim != 2 or result.extra.shape[0] < 2 or result.extra.shape[1] != len(HEAD):
        return None
    return csv_bytes(HEAD, told(result.extra))


def day_of(job: Job, task: Callable[[Job], RunResult]) -> bytes | None:
    """Make a run once more as far as its day, and write that.

    Parameters
    ----------
    job : Job
        The run.
    task : callable
        Simulates it.
    """
    short = min(job.years, (LATEST + WEEK) / YEAR)
    return day_csv(task(replace(job, years=short, extra="day", tables=False)))
