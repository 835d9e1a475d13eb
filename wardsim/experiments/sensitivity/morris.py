"""Morris screening: elementary effects along trajectories, with what chance alone would give beside them.

A step of one factor changes the outcome by its effect and by chance. The mean of absolute steps, mu*, is never zero even
for a factor that does nothing; `floor` is the mu* that chance alone stays below in 95 of 100 studies, and a factor that
does not rise above it is marked. sigma has the variance of the noise taken out of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .design import LEVELS, edges
from .outcomes import Outcome
from .problem import Array, Problem, SensitivityError
from .result import TRAJECTORIES, Row

RESAMPLES = 1000
TAILS = (2.5, 97.5)
HALF = (2 / np.pi) ** 0.5
"""Mean of the absolute value of a standard normal deviate."""
HALF_SD = (1 - 2 / np.pi) ** 0.5
HALF_SKEW = 0.995272
"""Skewness of the same."""
Z95 = 1.644854
BELOW = "not above what chance alone gives"
UNKNOWN = "chance not known: no replications"


def screen(problem: Problem, unit: Array, outcome: Outcome, seed: int) -> list[Row]:
    """mu, mu*, sigma and the floor of chance for each factor.

    Effects are per whole range of a factor (from its low to its high level), in the unit of the outcome.

    Parameters
    ----------
    problem : Problem
        What varies.
    unit : array of float, shape (rows, factors)
        Trajectories, as `design.trajectories` made them.
    outcome : Outcome
        Of each row, in order.
    seed : int
        Of the bootstrap.

    Raises
    ------
    SensitivityError
        When rows are no trajectories or a row has no value.
    """
    outcome = outcome.whole()
    d = len(problem)
    effects, noise = _effects(problem, unit, outcome)
    number = len(effects)
    found = _salib(problem, unit, outcome.mean, seed)
    again = np.random.default_rng([seed, 17]).integers(0, number, (RESAMPLES, number))
    common: dict[str, Any] = {"method": "morris", "outcome": outcome.name, "n": len(unit), "seed": seed}
    rows = []
    for j, name in enumerate(problem.names):
        e = effects[:, j]
        inside = None if noise is None else noise[:, j]
        floor = None if inside is None else _floor(inside)
        mu_star = float(found["mu_star"][j])
        note = UNKNOWN if floor is None else BELOW if mu_star <= floor else ""
        for index, value, values in (
            ("mu_star", mu_star, np.abs(e)[again].mean(axis=1)),
            ("mu", float(found["mu"][j]), e[again].mean(axis=1)),
            ("sigma", _sigma(e, inside), _sigmas(e[again], None if inside is None else inside[again])),
        ):
            low, high = np.percentile(values, TAILS)
            rows.append(Row(**common, parameter=name, index=index, value=value, low=float(low), high=float(high),
                            interval_source=TRAJECTORIES, note=note))  # fmt: skip
        rows.append(Row(**common, parameter=name, index="floor", value=floor, note="" if floor is not None else UNKNOWN))
    assert len(rows) == 4 * d
    return rows


def _effects(problem: Problem, unit: Array, outcome: Outcome) -> tuple[Array, Array | None]:
    """Elementary effect of each trajectory and factor, and the variance that chance gives it."""
    d = len(problem)
    number, over = divmod(len(unit), d + 1)
    if over or len(outcome.mean) != len(unit) or number < 4:
        raise SensitivityError(f"{len(unit)} points are no Morris design of {d} factors: 4 or more trajectories of {d + 1}")
    steps = np.diff(unit.reshape(number, d + 1, d), axis=1)
    moved = np.abs(steps) > 1e-9
    if (moved.sum(axis=2) != 1).any() or (moved.sum(axis=1) != 1).any():
        raise SensitivityError("the points are no Morris trajectories: each step must move one factor, and each factor once")
    factor = moved.argmax(axis=2)
    size = np.take_along_axis(steps, factor[:, :, None], axis=2)[:, :, 0] / (1 - 2 * edges(problem))[factor]
    change = np.diff(outcome.mean.reshape(number, d + 1), axis=1)
    order = factor.argsort(axis=1)
    effects = np.take_along_axis(change / size, order, axis=1)
    variance = _variance(outcome, number, d)
    return effects, None if variance is None else np.take_along_axis(variance / size**2, order, axis=1)


def _variance(outcome: Outcome, number: int, d: int) -> Array | None:
    """Variance by chance of each step of the outcome; from paired runs where replications are shared."""
    from .outcomes import squeezed

    if outcome.runs is not None and outcome.replications > 1:
        runs = outcome.runs.reshape(number, d + 1, -1)
        if outcome.shared:
            paired = np.diff(runs, axis=1).var(axis=2, ddof=1)
            freedom = np.full(paired.size, runs.shape[2] - 1.0)
            return squeezed(paired.ravel(), freedom).reshape(paired.shape) / runs.shape[2]
    if outcome.noise is None:
        return None
    noise = outcome.noise.reshape(number, d + 1)
    summed: Array = noise[:, 1:] + noise[:, :-1]
    return summed


def _floor(noise: Array) -> float:
    """mu* below which chance alone stays in 95 of 100 studies."""
    sd = np.sqrt(noise)
    n, spread = len(sd), HALF_SD * float(np.sqrt((sd**2).sum()))
    skew = HALF_SKEW * HALF_SD**3 * float((sd**3).sum()) / spread**3 if spread > 0 else 0.0
    z = Z95 + (Z95**2 - 1) * skew / 6  # a mean of few absolute values leans to the right (Cornish and Fisher)
    return float(HALF * sd.mean() + z * spread / n)


def _sigma(effects: Array, noise: Array | None) -> float:
    return float(_sigmas(effects[None], None if noise is None else noise[None])[0])


def _sigmas(effects: Array, noise: Array | None) -> Array:
    """Standard deviation of effects with that of chance taken out."""
    variance = effects.var(axis=1, ddof=1)
    cleared: Array = np.sqrt(np.maximum(variance - (0.0 if noise is None else noise.mean(axis=1)), 0.0))
    return cleared


def _salib(problem: Problem, unit: Array, y: Array, seed: int) -> Any:
    """SALib's analysis on its own levels, 0 to 1."""
    from SALib.analyze import morris

    edge = edges(problem)
    levels = (unit - edge) / (1 - 2 * edge)
    return morris.analyze(problem.to_salib(), levels, np.asarray(y, dtype=np.float64), num_levels=LEVELS, seed=seed)
