"""How long a baseline ward-year takes, and how much of it SimPy itself would take.

    python benchmarks/ward_year.py            # medians of 5
    python benchmarks/ward_year.py --parts    # also the share of each part, from one profiled run

Prints CPU seconds of the run (composition of the ward left out), SimPy events, tasks, and the ratio to a bare SimPy loop that
does nothing but pass through the same number of events. The two alternate in one process, so that the ratio holds on a machine
that is busy with other things; the seconds do not.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any
from unittest.mock import patch

import simpy

from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.scenario.schema import Scenario
from wardsim.ward.ward import Ward

DAY = 1440.0
LOOPS = 10
"""Processes of the bare loop."""


class Counting(simpy.Environment):
    """Counts its steps."""

    events = 0

    def step(self) -> None:
        self.events += 1
        super().step()


def ward(replication: int, days: float) -> Ward:
    """The baseline ward at point values."""
    scenario = Scenario(name="baseline")
    parameters = condition(scenario, Ledger.load().point())
    return Ward(scenario, parameters, seed=1, replication=replication, begin=0.0, until=days * DAY)


def bare(events: int) -> float:
    """CPU seconds of bare SimPy for so many events."""

    def ticking(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        while True:
            yield env.timeout(1.0)

    env = simpy.Environment()
    for _ in range(LOOPS):
        env.process(ticking(env))
    begin = process_time()
    env.run(until=events / LOOPS)
    return process_time() - begin


def measure(repeats: int, days: float) -> dict[str, Any]:
    """CPU seconds of runs and of bare SimPy in turn, the same replication each time; events and tasks of the first."""
    with patch("simpy.Environment", Counting):
        counted = ward(0, days)
    tasks = len(counted.run().task)
    env = counted.ctx.env
    assert isinstance(env, Counting)
    seconds, bare_seconds = [], []
    for _ in range(repeats):
        one = ward(0, days)
        begin = process_time()
        one.run()
        seconds.append(process_time() - begin)
        bare_seconds.append(bare(env.events))
    return {"seconds": seconds, "bare": bare_seconds, "events": env.events, "tasks": tasks}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--days", type=float, default=365.0)
    options.add_argument("--parts", action="store_true")
    chosen = options.parse_args()

    found = measure(chosen.repeats, chosen.days)
    seconds, bare_seconds, events, tasks = found["seconds"], found["bare"], found["events"], found["tasks"]
    ratio = median(a / b for a, b in zip(seconds, bare_seconds, strict=True))
    print(f"{median(seconds):.2f} s CPU for {chosen.days:g} days: {events:,} SimPy events, {tasks:,} tasks")
    print(f"{median(bare_seconds):.3f} s for bare SimPy with as many events; ratio {ratio:.1f}")
    if chosen.parts:
        print_parts(ward(0, chosen.days))


def print_parts(one: Ward) -> None:
    """Share of own time by folder (a profiler makes small functions look larger than they are)."""
    profile = cProfile.Profile()
    profile.runcall(one.run)
    shares: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        path = Path(file).parts
        if "wardsim" in path:
            shares["/".join(path[path.index("wardsim") + 1 : -1])] += own
        else:
            shares["SimPy" if "simpy" in path else "Python and numpy"] += own
    total = sum(shares.values())
    for part, own in shares.most_common():
        print(f"{100 * own / total:5.1f}%  {part}")


if __name__ == "__main__":
    main()
