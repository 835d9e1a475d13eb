"""Coverage of the intervals of differences, by resampling banks of paired runs.

`python -m tests.experiments.statistics.coverage [TRIALS]` prints the table of docs/explanation/statistics.md (5,000 trials a
row unless told; some minutes).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from tests.experiments.statistics.banks import BANKS, Bank
from wardsim.experiments.statistics.difference import difference, simulation_error_of
from wardsim.experiments.statistics.precision import Estimate, Rule, Target
from wardsim.experiments.study.runs import Column

WHOLE = 600
"""Trials in which the intervals over parameters and years, and the relative one, are looked at as well: what they cover is
a share of many fresh draws and years in each trial, so that fewer trials tell as much."""


@dataclass
class Coverage:
    """Shares of trials, in percent: covered, truth below, truth above; the other intervals, covered."""

    mc: float
    below: float
    above: float
    relative: float
    low_high: float
    year: float


def fixed(bank: Bank, draws: int, trials: int, seed: int = 11) -> Coverage:
    """Coverage with a fixed number of draws of two runs."""
    rng = np.random.default_rng(seed)
    effects, years = np.sort(bank.effects), np.sort(bank.years)
    below = above = relative = 0
    asked, inside, inside_year = 0, [], []
    for trial in range(trials):
        a, b = bank.sample(rng, draws)
        _, mc_low, mc_high = simulation_error_of(a, b, point=False, percent=bank.percent, counted=bank.counted, scale=bank.scale)
        below += bank.truth < mc_low
        above += bank.truth > mc_high
        if trial >= WHOLE:
            continue
        d = difference(a, b, point=False, years=1.0, percent=bank.percent, counted=bank.counted, scale=bank.scale)
        if d.relative is not None:
            asked += 1
            relative += d.relative.mc_low <= bank.relative <= d.relative.mc_high
        inside.append(_inside(effects, d.low, d.high))
        inside_year.append(_inside(years, d.year_low, d.year_high))
    return Coverage(
        100 * (1 - (below + above) / trials), 100 * below / trials, 100 * above / trials,
        100 * relative / asked if asked else float("nan"), 100 * float(np.mean(inside)), 100 * float(np.mean(inside_year)),
    )  # fmt: skip


def sequential(bank: Bank, runs: float, trials: int, seed: int = 12) -> tuple[float, float]:
    """Coverage in percent, and mean runs, when runs are added until the half-width is what `runs` would give on average."""
    rng = np.random.default_rng(seed)
    pilot = [difference(*bank.sample(rng, int(runs) // 2), point=False, years=1.0).split.error()[0] for _ in range(40)]
    rule = Rule((Target("x", 1.96 * float(np.mean(pilot))),), per_draw=2, block=4, budget=int(runs * 6))
    covered, used = 0, 0
    for _ in range(trials):
        a, b = bank.sample(rng, rule.budget // 2)
        n = rule.first
        while True:
            mean, low, high = simulation_error_of(
                _first(a, n), _first(b, n), point=False, percent=bank.percent, counted=bank.counted, sequential=True,
                scale=bank.scale,
            )
            check = rule.check(n, {"x": Estimate(mean, (high - low) / 2, None)})
            if check.status != "more":
                break
            n = check.runs_next
        covered += low <= bank.truth <= high
        used += n
    return 100 * covered / trials, used / trials


def _first(column: Column, n: int) -> Column:
    return Column(*(rows[:n] for rows in column))


def _inside(sorted_values, low: float, high: float) -> float:
    first, last = np.searchsorted(sorted_values, low, "left"), np.searchsorted(sorted_values, high, "right")
    return (last - first) / len(sorted_values)


def table(trials: int) -> None:
    """Print coverage of everything."""
    print(f"{trials} trials a row\n")
    print("| situation | draws x runs | mc 95% | truth below / above | relative mc 95% | low/high 95% | year 80% |")
    print("|---|---|---|---|---|---|---|")
    for name, make in BANKS.items():
        bank = make()
        for draws in (20, 60):
            c = fixed(bank, draws, trials)
            print(
                f"| {name} | {draws} x 2 | {c.mc:.1f} | {c.below:.1f} / {c.above:.1f} | {c.relative:.1f} | {c.low_high:.1f} "
                f"| {c.year:.1f} |", flush=True,
            )  # fmt: skip
    print("\n| sequential stopping | runs that would do | mc 95% | runs used |")
    print("|---|---|---|---|")
    for name, make in BANKS.items():
        bank = make()
        covered, used = sequential(bank, 100, trials)
        print(f"| {name} | 100 | {covered:.1f} | {used:.0f} |", flush=True)


if __name__ == "__main__":
    table(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
