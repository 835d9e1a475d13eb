"""One toy ward (`toy/world.py`) in several engines: what a ward-year costs in each, and whether they agree on what happens."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import isnan, sqrt
from statistics import fmean, median, stdev
from time import process_time
from typing import Any

from scipy.special import stdtrit

from .apart import apart
from .compiled import HOW, folder
from .figures import spread, table
from .report import Finding
from .toy import world

MEASURES = ("incidents a year", "contact hours a year", "mean occupancy")
DOUBT = 1e-4
"""Chance that an engine that is right fails one comparison."""


@dataclass(frozen=True)
class Engine:
    """One way to simulate the toy.

    Attributes
    ----------
    name : str
        As printed.
    module, function : str
        Where in `benchmarks.toy`.
    needs : str
        Package without which it is skipped.
    runs, days : int, float
        Runs a repeat and their length, so that each engine runs for seconds; slow engines make shorter runs, not fewer.
    compiled : bool
        By a compiled build of wardsim, skipped where there is none.
    """

    name: str
    module: str
    function: str
    needs: str
    runs: int
    days: float = 365.0
    compiled: bool = False


ENGINES = (
    Engine("wardsim's dispatcher, streams and incident engine", "shipped", "run", "wardsim", 12),
    Engine("the same, compiled", "shipped", "run", "wardsim", 12, compiled=True),
    Engine("SimPy textbook, hazards polled every 15 minutes", "textbook", "polled", "simpy", 48, 30.0),
    Engine("SimPy textbook, thinned", "textbook", "thinned", "simpy", 10),
    Engine("salabim, thinned", "salabim_ward", "run", "salabim", 10, 30.0),
    Engine("ciw, thinned; interrupted one-to-ones go on", "ciw_ward", "run", "ciw", 12, 91.0),
    Engine("cimba (compiled), thinned", "cimba_ward", "run", "cimba", 40),
    Engine("numba loop, thinned: the floor", "numba_loop", "run", "numba", 100),
)
FIRST = ENGINES[0]


def timed(module: str, function: str, seeds: Sequence[int], days: float) -> dict[str, Any]:
    """CPU seconds a ward-year, and what each run came to; a run of three days first, for imports and compilation."""
    from wardsim.ward.core.memory import seldom_collecting

    simulate = getattr(importlib.import_module(f"benchmarks.toy.{module}"), function)
    simulate(0, 3.0)
    outcomes = []
    with seldom_collecting():  # as wardsim does in a run: the same for all
        begin = process_time()
        for seed in seeds:
            outcomes.append(simulate(seed, days))
        seconds = process_time() - begin
    scale = 365.0 / days
    return {
        "seconds": seconds / len(seeds) * scale,
        "outcomes": [(o.incidents * scale, o.contact_hours * scale, o.occupancy) for o in outcomes],
    }


def report(repeats: int, quick: bool) -> Finding:
    """Engines in turn, each in a process of its own, `repeats` rounds."""
    skipped = [f"Skipped: {e.name}; package {e.needs} is not installed." for e in ENGINES if find_spec(e.needs) is None]
    build = folder()
    present = [e for e in ENGINES if find_spec(e.needs) is not None and (build is not None or not e.compiled)]
    skipped += [] if build is not None else [HOW]
    seconds: dict[Engine, list[float]] = defaultdict(list)
    outcomes: dict[Engine, list[tuple[float, ...]]] = defaultdict(list)
    for r in range(repeats):
        for engine in present:
            seeds = [1000 * r + n + 1 for n in range(max(5, engine.runs // 2) if quick else engine.runs)]
            days = max(30.0, engine.days / 4.0) if quick else engine.days
            use = build if engine.compiled else None
            got = apart(
                "benchmarks.toy_engines:timed", build=use, module=engine.module, function=engine.function, seeds=seeds, days=days
            )
            seconds[engine].append(got["seconds"])
            outcomes[engine] += [tuple(o) for o in got["outcomes"]]
    rows = []
    for engine in present:
        cells = [engine.name, spread(seconds[engine], "{:.4f}")]
        for other in present[: 1 if build is None else 2]:
            cells.append(spread([a / b for a, b in zip(seconds[engine], seconds[other], strict=True)], "{:.3f}"))
        rows.append(cells)
    head = ["engine", "CPU s a ward-year, median (range)", "ratio to the first, median (range)", "ratio to the compiled, median (range)"]
    text = table(head[: 3 if build is None else 4], rows)
    agreement, wrong = agree({e.name: outcomes[e] for e in present})
    return Finding(
        "One toy ward in several engines",
        "\n".join([text, "", *skipped, *([""] if skipped else []), agreement]),
        {e.name: median(a / b for a, b in zip(seconds[e], seconds[FIRST], strict=True)) for e in present},
        wrong,
    )


def agree(outcomes: dict[str, list[tuple[float, ...]]]) -> tuple[str, list[str]]:
    """Compare each engine with all the others together, by Welch's interval at 1 - `DOUBT`; also occupancy with its closed form.

    Parameters
    ----------
    outcomes : dict
        For each engine the three measures of each of its runs; NaN where an engine leaves one out.
    """
    rows, wrong = [], []
    for name, runs in outcomes.items():
        cells = [name, str(len(runs))]
        for m, measure in enumerate(MEASURES):
            own = [run[m] for run in runs]
            if any(isnan(v) for v in own):
                cells.append("left out")
                continue
            others = [run[m] for other, theirs in outcomes.items() if other != name for run in theirs if not isnan(run[m])]
            mean, error = _error(own)
            gap, half = mean, 0.0
            if len(others) > 1:
                theirs_mean, theirs_error = _error(others)
                gap = mean - theirs_mean
                half = _half(error, len(own), theirs_error, len(others))
                if abs(gap) > half:
                    wrong.append(f"{name}: {measure} {mean:.4g} against {theirs_mean:.4g} ± {half:.2g} of the others")
            off = f", {100.0 * gap / (mean - gap):+.1f}% of ± {100.0 * half / (mean - gap):.1f}%" if len(others) > 1 else ""
            cells.append(f"{mean:.4g} ± {1.96 * error:.2g}{off}")
            expected = world.EXPECTED_OCCUPANCY
            if m == 2 and abs(mean - expected) > _half(error, len(own), 0.0, len(own)):
                wrong.append(f"{name}: mean occupancy {mean:.4f}, by theory {expected:.4f}")
        rows.append(cells)
    head = ["agreement", "runs", *(f"{m}" for m in MEASURES)]
    rows.append(["theory", "", "", "", f"{world.EXPECTED_OCCUPANCY:.4g}"])
    note = (
        "Mean ± 95% simulation interval; then the difference from all other engines together, of the difference at which an"
        f" engine that is right would fail (chance {DOUBT:g} a comparison)."
    )
    return table(head, rows) + "\n\n" + note, wrong


def _error(values: Sequence[float]) -> tuple[float, float]:
    return fmean(values), stdev(values) / sqrt(len(values))


def _half(a: float, n: int, b: float, m: int) -> float:
    """Half-width of Welch's interval for a difference, from two standard errors."""
    degrees = (a * a + b * b) ** 2 / (a**4 / (n - 1) + b**4 / (m - 1))
    return float(stdtrit(degrees, 1.0 - DOUBT / 2.0)) * sqrt(a * a + b * b)
