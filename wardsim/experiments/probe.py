"""How long a run takes on this machine, from a fortnight of the ward at point values: enough to choose how many runs fit a time."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

from wardsim.ward.core.clock import DAY, WEEK

from .job import POINT, parameters_of, shipped_parts
from .plan import LADDER, slowdown
from .study.cells import Study

DAYS = 14.0
"""Days of the probe."""
MEASURED = 1.12
"""Time of a run with its measures and tables over that of the ward alone."""
WINDOW_SECONDS = 0.05
"""Measures of one more window."""


def seconds_per_run(study: Study, cell: int = 0) -> tuple[float, float]:
    """Processor seconds of one run of a cell, and of the burn-in before it (shared by all cells under `transition`).

    Parameters
    ----------
    study : Study
        Whose ward.
    cell : int
        Which.
    """
    job = study.job(cell, 0)
    point, _ = parameters_of(replace(job, draw=POINT), shipped_parts())
    ward = shipped_parts().ward(
        job.scenario, point, job.seed, 0, begin=0.0, until=DAYS * DAY, start=None, given_roster=job.roster, holidays=job.holidays
    )
    begun = process_time()
    ward.run().clear()
    a_day = (process_time() - begun) / DAYS
    _, end = job.measured
    burn_in = study.baseline.start.burn_in_weeks * WEEK / DAY * a_day
    run = MEASURED * a_day * end / DAY + WINDOW_SECONDS * len(job.windows())
    return run + (burn_in if study.estimand == "steady" else 0.0), burn_in


def runs_within(study: Study, seconds: float, processes: int) -> int:
    """Most runs of each cell (a step of a fixed ladder, so that the same machine chooses the same again) that fit a time.

    Parameters
    ----------
    study : Study
        What is run.
    seconds : float
        Elapsed time.
    processes : int
        At work side by side.
    """
    return fitting(study, seconds, processes, *seconds_per_run(study))


def fitting(study: Study, seconds: float, processes: int, one: float, burn_in: float) -> int:
    """The same where it is known how long a run takes and the burn-in before it (`seconds_per_run`)."""
    cells = len(study.cells)
    each = one + (burn_in / cells if study.estimand == "transition" else 0.0)
    fit = seconds * processes / (max(each, 1e-6) * slowdown(processes) * cells)
    return max((n for n in LADDER if n <= fit), default=LADDER[0])

