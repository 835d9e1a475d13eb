"""The one door: points, outcomes and a method in; a `SensitivityResult` out.

    result = analyse(problem, design.unit, runs, None, "emulator", seed=1, outcomes=["violence"])
    print(result.get("violence", "staffing.effect", "ST"))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from . import morris, prcc, sobol, tornado
from .design import LEVELS
from .emulator import Emulator, HeldOut, build, quietly
from .outcomes import Outcome, named
from .problem import Array, Problem, SensitivityError
from .result import BOTH, ROWS, Row, SensitivityResult, rounded

Method = Literal["tornado", "morris", "sobol", "emulator", "prcc"]
METHODS: tuple[Method, ...] = ("tornado", "morris", "sobol", "emulator", "prcc")
STEPS = (4, 2)
"""Convergence: with a fourth, a half and all of the points."""
STEP_BASE, STEP_DRAWS = 1024, 50
NOISY = 0.05
"""Share of the spread between points that may be chance before more replications are advised."""


def analyse(
    problem: Problem,
    x: Array,
    y: Array,
    noise: Array | None,
    method: Method,
    seed: int,
    *,
    outcomes: Sequence[str] = ("outcome",),
    scale: Literal["unit", "natural"] = "unit",
    shared: bool = True,
    convergence: bool = True,
    levels: int = LEVELS,
) -> SensitivityResult:
    """Indices of every factor for every outcome.

    Parameters
    ----------
    problem : Problem
        What varies.
    x : array of float, shape (rows, factors)
        Points in the order of the design that the method needs: `one_at_a_time` (tornado), `trajectories` (morris),
        `saltelli` (sobol), `space_filling` (emulator, prcc). Outcomes that came in another order go through
        `design.in_order` first.
    y : array of float, shape (rows, replications, outcomes) or (rows, outcomes)
        Runs of each point, or means; NaN where a run has no value (emulator and prcc only).
    noise : array of float, shape (rows, outcomes), optional
        With means: their variance by chance.
    method : str
        tornado, morris, sobol (directly from the runs), emulator (Sobol through an emulator) or prcc.
    seed : int
        Of everything that is drawn in the analysis.
    outcomes : sequence of str
        Names.
    scale : str
        unit: shares of the factors' distributions; natural: their values.
    shared : bool
        Replication r of all rows has the same random numbers.
    convergence : bool
        Whether to repeat with a quarter and a half of the points (sobol and emulator).
    levels : int
        Levels of the design (morris).

    Raises
    ------
    SensitivityError
        When the points or outcomes do not allow the method.
    """
    if method not in METHODS:
        raise SensitivityError(f"method {method} is none of {', '.join(METHODS)}")
    x = np.ascontiguousarray(x, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(problem):
        raise SensitivityError(f"points of shape {x.shape} do not fit {len(problem)} factors")
    if len(x) != len(y):
        raise SensitivityError(f"{len(y)} outcomes for {len(x)} points: every point needs its row")
    unit = problem.unit(x) if scale == "natural" else x
    if not bool(((unit >= 0) & (unit <= 1)).all()):
        raise SensitivityError('points lie outside the unit cube; values in their own units need scale="natural"')
    found = named(outcomes, y, noise, shared=shared)
    single: dict[str, Callable[[Outcome], list[Row]]] = {
        "tornado": lambda o: tornado.swings(problem, o, seed),
        "morris": lambda o: morris.screen(problem, unit, o, seed, levels),
        "prcc": lambda o: prcc.partial_ranks(problem, unit, o, seed),
        "sobol": lambda o: sobol.direct(problem, unit, o, seed),
    }
    rows: list[Row] = []
    steps: list[Row] = []
    emulators: dict[str, Emulator] = {}
    with quietly():
        for outcome in found:
            if method == "emulator":
                emulators[outcome.name] = build(problem, unit, outcome, seed)
                rows += sobol.through(emulators[outcome.name], outcome, seed)
                steps += _emulated(problem, unit, outcome, seed, emulators[outcome.name]) if convergence else []
            else:
                rows += single[method](outcome)
                steps += _direct(problem, unit, outcome, seed) if convergence and method == "sobol" else []
    if convergence:
        steps += [row for row in rows if row.index in sobol.INDICES and row.interval_source in (BOTH, ROWS)]
    notes = [word for emulator in emulators.values() for word in emulator.warnings()]
    return SensitivityResult(
        method=method,
        problem=problem,
        n=len(x),
        replications=found[0].replications if found else 0,
        seed=seed,
        rows=rounded(rows),
        convergence=rounded(sorted(steps, key=lambda row: (list(outcomes).index(row.outcome), row.n))),
        emulators={name: _chosen_first(emulator) for name, emulator in emulators.items()},
        noise={outcome.name: outcome.noise_share() for outcome in found},
        notes=(*notes, *_noisy(found, method)),
    )


def _chosen_first(emulator: Emulator) -> tuple[HeldOut, ...]:
    return (emulator.error, *(error for error in emulator.tried if error is not emulator.error))


def _emulated(problem: Problem, unit: Array, outcome: Outcome, seed: int, whole: Emulator) -> list[Row]:
    """Indices through emulators of the same kind from the first quarter and half of the points."""
    rows: list[Row] = []
    for step in STEPS:
        n = len(unit) // step
        part = outcome.some(slice(0, n))
        try:
            emulator = build(problem, unit[:n], part, seed, kinds=(whole.error.kind,))
        except SensitivityError:  # too few points with a value
            continue
        found = sobol.through(emulator, part, seed, base=STEP_BASE, draws=STEP_DRAWS)
        rows += [row for row in found if row.index in sobol.INDICES and row.interval_source == BOTH]
    return rows


def _direct(problem: Problem, unit: Array, outcome: Outcome, seed: int) -> list[Row]:
    """Direct indices from the first quarter and half of the base points."""
    width = len(problem) + 2
    base = len(unit) // width
    rows: list[Row] = []
    for step in STEPS:
        if base // step >= sobol.FEWEST:
            n = base // step * width
            rows += sobol.direct(problem, unit[:n], outcome.some(slice(0, n)), seed)
    return [row for row in rows if row.index in sobol.INDICES]


def _noisy(outcomes: Sequence[Outcome], method: str) -> list[str]:
    """How much chance there is between points, where it is more than little."""
    said = []
    for outcome in outcomes:
        share = outcome.noise_share()
        if share is None and method in ("morris", "sobol", "tornado"):
            said.append(f"{outcome.name}: one run a point, so that chance cannot be told from an effect: give replications")
        elif share is not None and share > NOISY and method in ("sobol", "prcc"):
            said.append(
                f"{outcome.name}: {100 * share:.0f}% of the spread between points is chance"
                + ("; it pulls coefficients towards 0" if method == "prcc" else " (taken out of S1 and ST, not of the raw ones)")
            )
    return said
