"""A ward small enough to run in a millisecond, of the signature of the real one, with parts to go with it. Imported by workers too."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from wardsim.experiments.job import Job, Parts, RunResult, simulate
from wardsim.measures.columns import Columns
from wardsim.measures.declare import Value, plain, ratio
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.core.facts import Facts

RATE = "fake.incidents_per_day"


def chance(seed: int, *key: int) -> np.random.Generator:
    """Chance of this fake's own: its numbers stay when those of the ward change."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


class FakeWard:
    """Ten patients, one nurse at work on one task, incidents at a Poisson rate, a level that grows each week and is saved."""

    made: ClassVar[list[tuple[str, float]]] = []

    def __init__(
        self,
        scenario: Any,
        parameters: Mapping[str, float],
        seed: int,
        replication: int,
        *,
        begin: float,
        until: float,
        start: dict[str, Any] | None = None,
        given_roster: Any = None,
        holidays: frozenset[int] = frozenset(),
    ) -> None:
        FakeWard.made.append((scenario.name, begin))
        self.scenario, self.p, self.begin, self.until = scenario, parameters, begin, until
        self.chance = chance(seed, replication, 4, int(begin >= 0))
        self.level = float(start["level"]) if start else 0.0
        self.facts = Facts()

    def run(self) -> Facts:
        return self.advance()

    def advance(self) -> Facts:
        f, end = self.facts, self.until
        f.beds.append((self.begin, 10, 0, 0, 0, 0, 4))
        f.duty.append((self.begin, end, 1, "rn", 5, "substantive", "early", end, 1))
        day = self.begin
        while day + DAY <= end:
            f.segment.append((day + 480.0, day + 540.0, 1, "rn", "one_to_one", 3, 0))
            f.task.append((day + 480.0, day + 480.0, day + 540.0, 0, "one_to_one", 3, "done", 60.0, 60.0, 1))
            day += DAY
        n = self.chance.poisson(self.p[RATE] * (end - self.begin) / DAY)
        for i, time in enumerate(sorted(self.begin + self.chance.random(n) * (end - self.begin))):
            f.incident.append((time, i, 3, "verbal", "direct", -1, "staff", 1, 1, 0, 0, "general"))
            if i % 3 == 0:
                f.report.append((time, i, 0))
        week = self.begin
        while week < end:
            f.compliance.append((week, "life_support", 10, 8))
            f.team.append((week, "early", 5, 2, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.1, 2))
            self.level += 1.0
            week += WEEK
        f.exposure.append((end, 10 * (end - self.begin), 0.0))
        return f

    def save(self) -> dict[str, Any]:
        return {"level": self.level, "census": [1, 2, 3]}


def draw(seed: int, number: int) -> dict[str, float]:
    u = 0.5 if number < 0 else float(chance(seed, number, 18, 0).random())
    return {RATE: 1.0 + u, "flow.referrals_per_week": 3.0}


def condition(scenario: Any, parameters: Mapping[str, float]) -> dict[str, float]:
    if scenario.ward.beds == 13:
        raise ValueError("the three local facts contradict each other")
    return {**parameters, "flow.referrals_per_week": 3.0 + scenario.ward.beds}


def measure(
    columns: Columns, scenario: Any, parameters: Any, windows: Any, holidays: Any = None
) -> list[dict[str, Value]]:
    return [_measure(columns.facts, start, end) for start, end in windows]


def _measure(facts: Facts, start: float, end: float) -> dict[str, Value]:
    n = sum(1 for row in facts.incident if start <= row[0] < end)
    return {
        "assaults_true_per_1000_obd": ratio(n, 10 * (end - start) / DAY, 1000.0),
        "occupancy": plain(55.0),
        "stay_median_days": Value(float("nan"), float("nan"), float("nan"), "nobody was discharged"),
    }


def calibrated(seed: int, number: int) -> dict[str, float]:
    """A posterior that moves nothing: all parameters keep the draw they have."""
    return {}


def parts() -> Parts:
    return Parts(draw, condition, FakeWard, measure, calibrated)


def fake(job: Job) -> RunResult:
    """Simulate with the fake parts."""
    return simulate(job, parts())


def fails_at_3(job: Job) -> RunResult:
    """Replication 3 raises inside the ward."""

    class Broken(FakeWard):
        def run(self) -> Facts:
            raise RuntimeError("nobody\nknows")

    return simulate(job, Parts(draw, condition, Broken, measure) if job.replication == 3 else parts())


def dies_at_3(job: Job) -> RunResult:
    """Replication 3 ends its process."""
    if job.replication == 3:
        os._exit(9)
    return fake(job)


def dies_once(job: Job) -> RunResult:
    """Replication 3 ends its process the first time (a mark in the cache folder remembers)."""
    mark = Path(job.cache) / "died"
    if job.replication == 3 and not mark.exists():
        mark.write_text("")
        os._exit(9)
    return fake(job)


def threads(job: Job) -> RunResult:
    """Brings back which linear-algebra threads and heavy modules the worker has."""
    import sys

    result = fake(job)
    result.missing = {
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
        "heavy": " ".join(m for m in ("pandas", "scipy", "matplotlib", "rich", "click") if m in sys.modules),
    }
    return result


def slow(job: Job) -> RunResult:
    """Takes half a second and leaves its process id in the cache folder."""
    import time

    Path(job.cache, f"pid-{os.getpid()}").write_text("")
    time.sleep(0.5)
    return fake(job)


def deaf(job: Job) -> RunResult:
    """Lets no interruption through for ten seconds."""
    import time

    Path(job.cache, f"deaf-{job.replication}").write_text("")
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            time.sleep(0.5)
        except KeyboardInterrupt:
            continue
    return fake(job)
