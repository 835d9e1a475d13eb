"""Partial rank correlation: does the outcome rise or fall with a factor, the others held, on any monotone scale?

Chance in the outcome pulls every coefficient towards 0 but leaves signs and order; an effect that turns round within the
range of a factor has none.
"""

from __future__ import annotations

import numpy as np

from .outcomes import Outcome
from .problem import Array, Problem, SensitivityError
from .result import ROWS, Row

RESAMPLES = 500
TAILS = (2.5, 97.5)
NEAR_ONE = 1 - 1e-9
NOTHING = "the interval holds 0"


def partial_ranks(problem: Problem, unit: Array, outcome: Outcome, seed: int) -> list[Row]:
    """Coefficient of each factor with its bootstrap interval over the points.

    Parameters
    ----------
    problem : Problem
        What varies.
    unit : array of float, shape (rows, factors)
        A space-filling design.
    outcome : Outcome
        Of each row; rows without a value are left out.
    seed : int
        Of the bootstrap.

    Raises
    ------
    SensitivityError
        With fewer rows than twice the factors and ten.
    """
    good = np.isfinite(outcome.mean)
    x, y = unit[good], outcome.mean[good]
    n, d = x.shape
    if n < 2 * d + 10:
        raise SensitivityError(f"{outcome.name}: {n} points with a value; {d} factors need {2 * d + 10} or more")
    if float(np.ptp(y)) == 0:
        raise SensitivityError(f"{outcome.name} is {y[0]:g} at every point: no factor moves it")
    whole = np.column_stack([x, y])
    value = coefficients(whole)
    rng = np.random.default_rng([seed, 19])
    drawn = (whole[rng.integers(0, n, n)] for _ in range(RESAMPLES))
    again = np.array([coefficients(some) for some in drawn if np.ptp(some[:, -1]) > 0.0])  # else nothing to rank
    scale = np.arctanh(np.clip(again, -NEAR_ONE, NEAR_ONE))
    centre = np.arctanh(np.clip(value, -NEAR_ONE, NEAR_ONE))
    # points drawn twice are ties, which pull the coefficients of resamples towards 0: their spread is used, not their place
    low, high = np.tanh(centre + np.percentile(scale - scale.mean(axis=0), TAILS, axis=0))
    return [
        Row("prcc", outcome.name, name, "prcc", float(value[j]), float(low[j]), float(high[j]), n, seed, None, ROWS,
            NOTHING if low[j] <= 0 <= high[j] else "")
        for j, name in enumerate(problem.names)
    ]  # fmt: skip


def coefficients(whole: Array) -> Array:
    """Partial rank correlation of each column with the last, the other columns held.

    Parameters
    ----------
    whole : array of float, shape (rows, factors + 1)
        Factors, then the outcome.
    """
    from scipy.stats import rankdata

    ranks = rankdata(whole, axis=0)
    precision = np.linalg.pinv(np.corrcoef(ranks, rowvar=False), hermitian=True)
    scale = np.sqrt(np.diag(precision))
    partial: Array = -precision[:-1, -1] / (scale[:-1] * scale[-1])
    return partial
