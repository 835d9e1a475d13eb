"""How many runs, of which draws, and what they will take.

Under prior parameters every draw is run twice with different chance: two is the fewest from which chance can be told
from the parameters, and for the same number of runs more draws are worth more than more replications. Draw d,
replication r is run number 2 d + r, so more runs only add to fewer: the first ones stay as they are.

When nobody says how many, one run is timed and the number is the largest step of a fixed ladder that fits the time.
The steps are coarse on purpose: the same machine chooses the same number again. The number is printed and stored;
give it with `--replications` to get the same bytes anywhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import ceil

PER_DRAW = 2
"""Replications of each parameter draw."""
BUDGET_SECONDS = 95.0
"""What the runs of a default experiment may take, so that with start, tables and a busy machine it ends within two
minutes."""
BOTH_BUSY = 1.12
"""Slowdown of each process when all cores work."""
POOL_SECONDS = 1.2
"""Time until a pool of processes has started."""
LADDER = (4, 6, 10, 14, 20, 30, 40, 60, 80, 120, 160, 240, 320, 400)
BYTES_PER_RUN = 3_400.0
"""Results on disk for each run (its row of measures)."""
BYTES_FIXED = 350_000.0
"""Results on disk whatever the number of runs."""
BYTES_STATE = 60_000.0
"""One saved starting state."""
BYTES_QUARTERS = 600_000.0
"""Results by quarter."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be run.

    Attributes
    ----------
    keys : tuple of (int, int)
        Draw and replication of every run, in order; draw -1 for point parameters.
    draws, per_draw : int
        Parameter draws and replications of each.
    seconds : float
        Estimated time, all processes working; NaN when nothing was timed.
    bytes : float
        Estimated disk.
    processes : int
        Worker processes; 1 runs in this one.
    """

    keys: tuple[tuple[int, int], ...]
    draws: int
    per_draw: int
    seconds: float
    bytes: float
    processes: int

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.keys)


def cores() -> int:
    """Processors this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return max(1, os.cpu_count() or 1)


def run_keys(runs: int, point: bool) -> tuple[tuple[int, int], ...]:
    """Draw and replication number of each run.

    Parameters
    ----------
    runs : int
        How many; under prior parameters an odd number leaves the last draw with one replication.
    point : bool
        One set of parameters, chance only.
    """
    if point:
        return tuple((-1, r) for r in range(runs))
    return tuple((r // PER_DRAW, r) for r in range(runs))


def runs_within(seconds_per_run: float, processes: int, budget: float = BUDGET_SECONDS) -> int:
    """Most runs of the ladder that fit the time."""
    fit = budget / max(seconds_per_run * slowdown(processes), 1e-6) * processes
    return max((n for n in LADDER if n <= fit), default=LADDER[0])


def slowdown(processes: int) -> float:
    """How much longer a run takes when several work side by side."""
    return 1.0 if processes == 1 else BOTH_BUSY


def make_plan(
    runs: int | None, *, point: bool, processes: int | None, seconds_per_run: float, saves_starts: bool = False
) -> Plan:
    """Choose the runs and estimate what they take.

    Parameters
    ----------
    runs : int or None
        Asked for; None: as many as fit the time.
    point : bool
        Point parameters.
    processes : int or None
        Asked for; None: one a processor.
    seconds_per_run : float
        From a run that was timed.
    saves_starts : bool
        Whether each run leaves a saved starting state.
    """
    many = processes or cores()
    total = runs if runs is not None else runs_within(seconds_per_run, many)
    many = max(1, min(many, total - 1))  # the timed run is done
    waves = ceil(max(total - 1, 0) / many)
    seconds = waves * seconds_per_run * slowdown(many) + (POOL_SECONDS if many > 1 else 0.0)
    keys = run_keys(total, point)
    draws = 1 if point else keys[-1][0] + 1
    size = BYTES_FIXED + total * BYTES_PER_RUN
    if saves_starts:
        size += BYTES_QUARTERS + total * BYTES_STATE
    return Plan(keys, draws, total if point else min(PER_DRAW, total), seconds, size, many)
