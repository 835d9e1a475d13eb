"""Efficiency of two worker processes of the real pool, beside two copies of a bare loop.

What a further job costs, once started: a large experiment less a small one, so that imports and the start of the pool, which
come once, do not count; they are printed apart.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter

from wardsim.experiments.job import Job
from wardsim.experiments.local import run_jobs
from wardsim.scenario.schema import Scenario

from .apart import apart, spin
from .figures import spread, table
from .report import Finding

ROUNDS = 4_000_000


def _cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    return sum(getrusage(who).ru_utime + getrusage(who).ru_stime for who in (RUSAGE_SELF, RUSAGE_CHILDREN))


def pool(processes: int, jobs: int, years: float) -> dict[str, float]:
    """Wall and CPU seconds of some jobs in so many processes, the start of the pool included."""
    plain = Scenario.model_validate({"name": "baseline", "start": {"burn_in_weeks": 0}})
    wanted = [Job(plain, -1, r, seed=1, years=years, warm_up_weeks=0.0) for r in range(jobs)]
    begin, cpu = perf_counter(), _cpu()
    for result in run_jobs(wanted, processes, seconds_per_run=1.0):
        if result.failure is not None:
            raise RuntimeError(result.failure.error)
    return {"wall": perf_counter() - begin, "cpu": _cpu() - cpu}


def loops(copies: int, rounds: int) -> float:
    """Wall seconds until all of some copies of the bare loop, in processes of their own, are done; starting them left out."""
    with ProcessPoolExecutor(copies) as executor:
        list(executor.map(spin, [1000] * copies))
        begin = perf_counter()
        list(executor.map(spin, [rounds] * copies))
        return perf_counter() - begin


def report(repeats: int, quick: bool) -> Finding:
    """Per repeat: one process, two processes, one bare loop, two bare loops, in turn."""
    jobs, years, rounds = (10, 0.1, ROUNDS // 4) if quick else (18, 0.5, ROUNDS)
    pooled, work, ceiling, start = [], [], [], []
    for _ in range(repeats):
        small = {n: apart("benchmarks.parallel:pool", processes=n, jobs=n, years=years) for n in (1, 2)}
        large = {n: apart("benchmarks.parallel:pool", processes=n, jobs=jobs, years=years) for n in (1, 2)}
        each = {n: {of: (large[n][of] - small[n][of]) / (jobs - n) for of in ("wall", "cpu")} for n in (1, 2)}
        pooled.append(each[1]["wall"] / (2.0 * each[2]["wall"]))
        work.append(each[1]["cpu"] / each[2]["cpu"])
        start.append(small[2]["wall"] - small[1]["wall"])
        alone, both = (apart("benchmarks.parallel:loops", copies=n, rounds=rounds) for n in (1, 2))
        ceiling.append(alone / both)
    relative = [p / c for p, c in zip(pooled, ceiling, strict=True)]
    rows = [
        [f"wardsim's pool, elapsed time of a further job ({years:g} years)", spread(pooled)],
        ["two copies of a bare loop, elapsed time", spread(ceiling)],
        ["the pool as a share of what the two copies reach: aim 0.9", spread(relative)],
        ["wardsim's pool, CPU time of a further job in one process over that in the pool", spread(work)],
    ]
    text = table(["two processes against one", "efficiency, median (range)"], rows)
    text += f"\n\nThe pool starts in {median(start):.1f} s more than one process. Elapsed time counts other work on the machine too."
    return Finding("Two processes", text, {"relative efficiency": median(relative), "CPU efficiency": median(work)})
