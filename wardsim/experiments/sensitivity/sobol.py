"""Sobol indices of the mean outcome: first (a factor alone) and total (with all it takes part in), chance kept apart.

Directly, from runs of a Saltelli design, chance would pass for interaction: the total index is half the mean square of a
difference between two points, to which the noise of both adds, whatever the factor does (in a trial a factor that does
nothing got 0.10). Here every square and product is taken between different replications, so that chance drops out of its
mean: common random numbers or not, the estimates are of the mean outcome. Without replications nothing can be taken out,
and the rows say so.

Through an emulator the sample costs nothing; the interval then has two sources, kept apart and together: the Sobol sample
(bootstrap) and the emulator (draws of the whole function). What the emulator leaves unexplained, beyond chance, may belong
to any factor: the interval over both sources reaches that much further.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .design import saltelli
from .emulator import ENOUGH, Emulator, quietly
from .outcomes import Outcome
from .problem import Array, Problem, SensitivityError
from .result import BOTH, CHANCE, EMULATOR, ROWS, SAMPLE, UNEXPLAINED, Row

RESAMPLES = 500
FEWEST = 8
"""Base points of a direct design, at least."""
SAMPLE_BASE = 2048
"""Base points of the Sobol sample on an emulator."""
DRAWS = 100
"""Draws of the function."""
TAILS = (2.5, 97.5)
WITH_CHANCE = "chance is not taken out: there are no replications to tell it by"
DROWNED = "the factors spread the outcome less than chance does with these runs: no index can be given"
INDICES = ("S1", "ST")


def direct(problem: Problem, unit: Array, outcome: Outcome, seed: int) -> list[Row]:
    """First and total indices from runs of a Saltelli design, in its order, chance taken out.

    Parameters
    ----------
    problem : Problem
        What varies.
    unit : array of float, shape (rows, factors)
        A Saltelli design in SALib's order, or its first base points.
    outcome : Outcome
        Runs of each point (two replications or more), or means with the variance of their noise.
    seed : int
        Of the bootstrap.

    Returns
    -------
    list of Row
        S1 and ST; S1_raw and ST_raw (SALib on the means of points, chance still in them); shares of chance.

    Raises
    ------
    SensitivityError
        When the rows are no Saltelli design in its order, or a row has no value.
    """
    d, n = len(problem), len(outcome.mean)
    base, over = divmod(n, d + 2)
    if over or base < FEWEST:
        raise SensitivityError(f"{n} rows are no Saltelli design of {d} factors: base points x {d + 2}, {FEWEST} or more")
    _check(unit, base, d)
    first, total, spread, middle, known = _terms(outcome.whole(), base, d)
    rng = np.random.default_rng([seed, 11])
    weights = rng.multinomial(base, np.full(base, 1 / base), size=RESAMPLES) / base
    everywhere = np.vstack([np.full(base, 1 / base), weights])
    variance = everywhere @ spread - (everywhere @ middle) ** 2
    resolved = float(variance[0]) > 0 and float(np.mean(variance > 0)) > 0.975
    common: dict[str, Any] = {"method": "sobol", "outcome": outcome.name, "n": n, "seed": seed}
    note = "" if known else WITH_CHANCE
    rows = []
    for index, terms in zip(INDICES, (first, total), strict=True):
        found = everywhere @ terms
        for j, name in enumerate(problem.names):
            if not resolved:
                rows.append(Row(**common, parameter=name, index=index, value=None, note=DROWNED))
                continue
            share = found[variance > 0, j] / variance[variance > 0]
            low, high = np.percentile(share[1:], TAILS)
            rows.append(Row(**common, parameter=name, index=index, value=float(share[0]), low=float(low),
                            high=float(high), interval_source=ROWS, note=note))  # fmt: skip
    rows += _with_chance(problem, outcome, common)
    rows += _chance(outcome, max(float(variance[0]), 0.0), np.maximum(variance[1:], 0.0), common, rng, ROWS)
    return rows


def _check(unit: Array, base: int, d: int) -> None:
    """Refuse points that are not in the order that the estimators take for granted."""
    points = unit.reshape(base, d + 2, d)
    a, b, ab = points[:, :1], points[:, -1:], points[:, 1:-1]
    own = np.eye(d, dtype=bool)
    if not np.allclose(ab, np.where(own, b, a), rtol=0, atol=1e-6):
        raise SensitivityError("the points are not in the order of a Saltelli design: sort outcomes by row number")


def _terms(outcome: Outcome, base: int, d: int) -> tuple[Array, Array, Array, Array, bool]:
    """For each base point: terms of the first and total indices (a factor a column), of the variance and of the mean;
    and whether chance was taken out of them."""
    if outcome.runs is not None and outcome.replications > 1:
        runs = outcome.runs.reshape(base, d + 2, -1)
        ends = runs[:, [0, -1]]
        runs = runs - (ends.mean(axis=(0, 1)) if outcome.shared else ends.mean())
        a, b, ab = runs[:, 0], runs[:, -1], runs[:, 1:-1]
        step = ab - a[:, None]
        spread = (_cross(a, a) + _cross(b, b)) / 2
        return _cross(b[:, None], step), _cross(step, step) / 2, spread, (a + b).mean(axis=1) / 2, True
    y = outcome.mean.reshape(base, d + 2)
    y = y - y[:, [0, -1]].mean()
    noise = np.zeros_like(y) if outcome.noise is None else outcome.noise.reshape(base, d + 2)
    a, b, ab = y[:, 0], y[:, -1], y[:, 1:-1]
    step = ab - a[:, None]
    total = (step**2 - noise[:, :1] - noise[:, 1:-1]) / 2
    spread = (a**2 - noise[:, 0] + b**2 - noise[:, -1]) / 2
    return b[:, None] * step, total, spread, (a + b) / 2, outcome.noise is not None


def _cross(u: Array, v: Array) -> Array:
    """Mean product of two quantities in different replications (the last axis): no noise enters its expectation."""
    r = v.shape[-1]
    apart: Array = (u.sum(axis=-1) * v.sum(axis=-1) - (u * v).sum(axis=-1)) / (r * (r - 1))
    return apart


def _with_chance(problem: Problem, outcome: Outcome, common: dict[str, Any]) -> list[Row]:
    """SALib's own analysis of the means of points."""
    found = _salib(problem, outcome.mean, common["seed"], RESAMPLES)
    return [
        Row(**common, parameter=name, index=f"{index}_raw", value=float(found[index][j]),
            low=float(found[index][j] - found[f"{index}_conf"][j]), high=float(found[index][j] + found[f"{index}_conf"][j]),
            interval_source=ROWS, note="" if outcome.noise is None else "chance in it")
        for index in INDICES
        for j, name in enumerate(problem.names)
    ]  # fmt: skip


def _salib(problem: Problem, y: Array, seed: int, resamples: int) -> Any:
    """SALib's analysis; its seed of 0 would mean none."""
    import warnings

    from SALib.analyze import sobol

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant outputs are refused elsewhere
        return sobol.analyze(
            problem.to_salib(), y, calc_second_order=False, num_resamples=resamples, keep_resamples=True, seed=seed + 1
        )


def _chance(
    outcome: Outcome, variance: float, variances: Array, common: dict[str, Any], rng: np.random.Generator, source: str
) -> list[Row]:
    """Share of chance in the spread of single runs, and of the means of points, over the whole range of the factors."""
    rows = []
    for index, each in (("of_one_run", outcome.within), ("of_point_mean", outcome.noise)):
        if each is None:
            continue
        each = each[np.isfinite(each)]
        if not len(each):  # no point has two runs with a value
            continue
        chance = float(each.mean())
        again = rng.choice(each, (len(variances), len(each))).mean(axis=1) if len(variances) else np.empty(0)
        whole = chance + variance
        shares = again / np.maximum(again + variances, 1e-300)
        low, high = np.percentile(shares, TAILS) if len(shares) else (np.nan, np.nan)
        value = chance / whole if whole > 0 else float("nan")
        rows.append(
            Row(**common, parameter=CHANCE, index=index, value=value, low=float(low), high=float(high), interval_source=source)
        )
    return rows


def through(
    emulator: Emulator, outcome: Outcome, seed: int, *, base: int = SAMPLE_BASE, draws: int = DRAWS
) -> list[Row]:
    """First and total indices of an emulated outcome, with intervals over the sample, the emulator and both.

    Parameters
    ----------
    emulator : Emulator
        Of the outcome.
    outcome : Outcome
        What it was fitted to.
    seed : int
        Of the sample, its bootstrap and the draws.
    base : int
        Base points of the sample, a power of two.
    draws : int
        Draws of the function.

    Returns
    -------
    list of Row
        For each factor S1 and ST, three times: the interval over both sources, over the sample, over the emulator.
        Then the shares of chance and of what the emulator does not explain.
    """
    problem = emulator.problem
    d = len(problem)
    rng = np.random.default_rng([seed, 13])
    with quietly():
        x = problem.scores(saltelli(problem, base, seed).unit)
        mean, drawn = emulator.function.functions(x, draws, rng)
    found = _salib(problem, mean, seed, RESAMPLES)
    sampled = {index: np.asarray(found[f"{index}_conf_all"]) for index in INDICES}
    over = _of_draws(drawn, d)
    error = 1 - emulator.error.q2_mean
    step = d + 2
    variance = float(np.concatenate([mean[::step], mean[step - 1 :: step]]).var())
    variances = np.concatenate([drawn[::step], drawn[step - 1 :: step]]).var(axis=0)
    left = emulator.function.white / (emulator.function.white + variance) if emulator.noise_known else 0.0
    common: dict[str, Any] = {
        "method": "emulator", "outcome": outcome.name, "n": emulator.rows, "seed": seed, "emulator_error": error
    }  # fmt: skip
    rows = []
    for index in INDICES:
        for j, name in enumerate(problem.names):
            value = float(found[index][j])
            sample, function = sampled[index][:, j], over[index][:, j]
            together = (function[:, None] + (sample - sample.mean())[None, :]).ravel()
            for source, values in ((BOTH, together), (SAMPLE, sample), (EMULATOR, function)):
                low, high = np.percentile(values, TAILS)
                low, high = min(float(low), value), max(float(high), value)
                if source == BOTH:  # what is left unexplained may be this factor's, or none of it
                    low, high = min(low, low * (1 - left)), high + left * (1 - high)
                    # a drawn function always bends a little: its total index would never reach 0
                    low = max(0.0, min(low, 2 * value - high)) if index == "ST" else low
                rows.append(Row(**common, parameter=name, index=index, value=value, low=low, high=high,
                                interval_source=source))  # fmt: skip
    if emulator.noise_known:
        rows += _chance(outcome, variance, variances, common, rng, EMULATOR)
    elif emulator.error.q2_mean >= ENOUGH:
        rows += _chance(_guessed(outcome, emulator), variance, variances, common, rng, EMULATOR)
    else:  # a process with short lengths passes chance off as interaction; only one that predicts can have told them apart
        rows.append(Row(**common, parameter=CHANCE, index="of_one_run", value=None, note=NOT_TOLD))
    if emulator.noise_known:
        rows.append(Row(**common, parameter=UNEXPLAINED, index="of_true_spread", value=left))
    return rows


NOT_TOLD = "one run a point, and the emulator predicts too little: chance cannot be told from interaction; give two replications or more"


def _guessed(outcome: Outcome, emulator: Emulator) -> Outcome:
    """The outcome with chance as the emulator found it: one run a point."""
    noise = np.full(len(outcome.mean), emulator.function.white)
    return Outcome(outcome.name, outcome.mean, noise, noise if outcome.replications == 1 else None)


def _of_draws(drawn: Array, d: int) -> dict[str, Array]:
    """Indices of each draw of the function, shape (draws, factors), by SALib's estimators."""
    from SALib.analyze.sobol import first_order, total_order

    y = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)
    step = d + 2
    a, b = y[::step], y[step - 1 :: step]
    return {
        "S1": np.column_stack([first_order(a, y[1 + j :: step], b) for j in range(d)]),
        "ST": np.column_stack([total_order(a, y[1 + j :: step], b) for j in range(d)]),
    }
