"""How long a baseline ward-year takes, and how much of it SimPy itself would take.

    python compile_ward.py build/compiled     # once: a compiled build to measure beside this one; it takes minutes
    python benchmarks/ward_year.py            # medians of 5
    python benchmarks/ward_year.py --parts    # also the share of each part, from one profiled run

Prints CPU seconds of the run (composition of the ward left out), SimPy events, tasks, and the ratio to a bare SimPy loop that
does nothing but pass through the same number of events, for the ward as it is installed and for a compiled build where there is one.
Run and loop alternate, so that the ratio holds on a machine that is busy with other things; the seconds do not.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import simpy

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # it is there already, behind another build, when that is measured
    sys.path.insert(0, ROOT)

from benchmarks.apart import apart  # noqa: E402
from benchmarks.compiled import HOW, folder  # noqa: E402
from benchmarks.figures import spread  # noqa: E402
from wardsim.parameters import Ledger  # noqa: E402
from wardsim.parameters.conditioning import condition  # noqa: E402
from wardsim.scenario.schema import Scenario  # noqa: E402
from wardsim.ward import compiled  # noqa: E402
from wardsim.ward.core.memory import seldom_collecting  # noqa: E402
from wardsim.ward.ward import Ward  # noqa: E402

DAY = 1440.0
LOOPS = 10
"""Processes of the bare loop."""


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
    """CPU seconds of runs and of bare SimPy in turn, the same replication each time; events and tasks of a first run.

    A run is timed as `experiments.job` makes it: the collector of cycles stays out, and the facts are let go afterwards.
    """
    counted = ward(0, days)
    tasks = len(counted.run().task)
    env = counted.ctx.env
    events = env.number - len(env.queue)  # numbers given to events, less those of events that never came
    seconds, bare_seconds = [], []
    for _ in range(repeats):
        one = ward(0, days)
        with seldom_collecting():
            begin = process_time()
            facts = one.run()
            seconds.append(process_time() - begin)
            facts.clear()
        del one, facts
        gc.collect()
        bare_seconds.append(bare(events))
    return {"seconds": seconds, "bare": bare_seconds, "events": events, "tasks": tasks, "compiled": compiled()}


def builds(repeats: int, days: float) -> dict[str, dict[str, Any]]:
    """What `measure` finds, each repeat in a process of its own, for the ward as it is and for a compiled build, in turn."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(repeats):
        for build in (None, folder()) if folder() else (None,):
            got = apart("benchmarks.ward_year:measure", build=build, repeats=1, days=days)
            known = found.setdefault("compiled" if got["compiled"] else "not compiled", {**got, "seconds": [], "bare": []})
            known["seconds"] += got["seconds"]
            known["bare"] += got["bare"]
    return found


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--days", type=float, default=365.0)
    options.add_argument("--parts", action="store_true")
    chosen = options.parse_args()

    found = builds(chosen.repeats, chosen.days)
    for name, got in found.items():
        ratio = median(a / b for a, b in zip(got["seconds"], got["bare"], strict=True))
        print(
            f"{name}: {median(got['seconds']):.2f} s CPU for {chosen.days:g} days: {got['events']:,} SimPy events, {got['tasks']:,} tasks;"
            f" bare SimPy with as many events {median(got['bare']):.3f} s; ratio {ratio:.1f}"
        )
    if "compiled" not in found:
        print(HOW)
    elif "not compiled" in found:
        pairs = zip(found["compiled"]["seconds"], found["not compiled"]["seconds"], strict=True)
        print(f"compiled / not compiled: {spread([a / b for a, b in pairs])}")
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
