"""Regression of draw means on the parameters of the draws: what part of an answer follows from which parameter.

Each parameter is put on normal scores of its rank and given a natural cubic spline of three terms (a group: the terms of
its parameters side by side). The regression averages chance out, since chance does not know the parameters; what chance
and the other parameters leave in the fitted curve by accident has a known size, q s^2 (q terms, residual variance s^2),
which is taken off its spread (as in adjusted R^2), so that a parameter that does nothing gets nothing on average.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .split import Array

TERMS = 3
"""Terms of a parameter's spline."""
KNOTS = (0.05, 0.35, 0.65, 0.95)
"""Quantiles at which its pieces meet."""
ROOM = 4
"""Draws that each term of a group needs; with fewer the group's parameters get a straight line each."""


class TooFewDrawsError(ValueError):
    """A regression has more terms than the draws can bear.

    Parameters
    ----------
    group : str
        Name of the parameter or group.
    terms, draws : int
        Terms at least, and draws.
    """

    def __init__(self, group: str, terms: int, draws: int) -> None:
        super().__init__(group, terms, draws)

    def __str__(self) -> str:
        group, terms, draws = self.args
        return f"{group}: {terms} terms need at least {ROOM * terms} parameter draws; there are {draws}"


def basis(values: Array, group: str = "parameter") -> Array:
    """Orthonormal terms of one parameter or of a group, each with mean nought.

    Parameters
    ----------
    values : array, shape (draws,) or (draws, parameters)
        Value of each parameter in each draw.
    group : str
        Name, for errors.

    Returns
    -------
    array, shape (draws, terms)

    Raises
    ------
    TooFewDrawsError
        When even straight lines are too many.
    """
    columns = np.atleast_2d(values.T)
    n = columns.shape[1]
    varying = [column for column in columns if np.ptp(column) > 0]
    if ROOM * len(varying) > n:
        raise TooFewDrawsError(group, len(varying), n)
    straight = ROOM * TERMS * len(varying) > n
    terms = [_spline(column)[:, : 1 if straight else TERMS] for column in varying]
    if not terms:
        return np.zeros((n, 0))
    stacked = np.column_stack(terms)
    left, size, _ = np.linalg.svd(stacked - stacked.mean(axis=0), full_matrices=False)
    found: Array = left[:, size > 1e-8 * size[0]]
    return found


def _spline(column: Array) -> Array:
    """Natural cubic spline of normal scores: a straight line first."""
    from scipy.special import ndtri

    score = normal_scores(column)
    knots = ndtri(np.array(KNOTS))

    def piece(k: int) -> Array:
        cubes = np.maximum(score - knots[k], 0.0) ** 3 - np.maximum(score - knots[-1], 0.0) ** 3
        found: Array = cubes / (knots[-1] - knots[k])
        return found

    return np.column_stack([score, *(piece(k) - piece(len(knots) - 2) for k in range(len(knots) - 2))])


def normal_scores(column: Array) -> Array:
    """Values in place of which their ranks stand, as a normal distribution would have them; equal values share their mean rank."""
    from scipy.special import ndtri

    _, place, count = np.unique(column, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2.0)[place]
    found: Array = ndtri((rank - 0.5) / len(column))
    return found


class Fit(NamedTuple):
    """Fitted curves of several quantities on one parameter.

    Attributes
    ----------
    curve : array, shape (draws, quantities)
        Expected value given the parameter, accidents taken off.
    explained : array, shape (quantities,)
        Variance of it.
    strength : array, shape (quantities,)
        F statistic.
    """

    curve: Array
    explained: Array
    strength: Array


def fit(terms: Array, answers: Array) -> Fit:
    """Regress quantities on the terms of a parameter.

    Parameters
    ----------
    terms : array, shape (draws, terms)
        From `basis`.
    answers : array, shape (draws, quantities)
        Means of draws.
    """
    n, q = terms.shape
    centre = answers.mean(axis=0)
    away = answers - centre
    if q == 0:
        return Fit(np.broadcast_to(centre, answers.shape), np.zeros(answers.shape[1]), np.zeros(answers.shape[1]))
    fitted = terms @ (terms.T @ away)
    size = (fitted**2).sum(axis=0)
    left = np.maximum((away**2).sum(axis=0) - size, 0.0) / (n - 1 - q)
    real = np.maximum(size - q * left, 0.0)
    share = np.divide(real, size, out=np.zeros_like(size), where=size > 0)
    with np.errstate(over="ignore"):  # a fit without a rest is as strong as can be
        strength = size / q / np.maximum(left, np.finfo(float).tiny) * (size > 0)
    return Fit(centre + np.sqrt(share) * fitted, real / (n - 1), strength)


def p_value(terms: Array, scores: Array) -> float:
    """Probability of so strong a relation by accident, in the strongest of the quantities (Bonferroni).

    Among hundreds of parameters it takes a very small probability to be told apart, and that far out the F statistic of few draws with a long
    tail (a cost, a count of what is rare) finds what is not there: one odd draw is enough. On normal scores it keeps its promise.

    Parameters
    ----------
    terms : array, shape (draws, terms)
        From `basis`.
    scores : array, shape (draws, quantities)
        `normal_scores` of each quantity.
    """
    from scipy.special import fdtrc

    draws, q = terms.shape
    if q == 0 or not scores.shape[1]:
        return 1.0
    return float(min(1.0, scores.shape[1] * fdtrc(q, draws - 1 - q, fit(terms, scores).strength.max())))


def grouped(names: Sequence[str], groups: Mapping[str, Sequence[str]] | None) -> dict[str, list[int]]:
    """Places of the parameters: each for itself, then each group.

    Raises
    ------
    KeyError
        When a group names a parameter that is not there.
    """
    places = {name: i for i, name in enumerate(names)}
    found = {name: [i] for name, i in places.items()}
    for group, members in (groups or {}).items():
        missing = [name for name in members if name not in places]
        if missing:
            raise KeyError(f"group {group} names {missing[0]}, which is none of the parameters given")
        found[group] = [places[name] for name in members]
    return found
