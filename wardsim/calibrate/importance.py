"""Posteriors by importance sampling: many in seconds, where chains take minutes.

A multivariate t distribution is laid over the posterior and moved to where the weights say it should be, a few times; then it is drawn
from and weighted once more. Posteriors here are one hill in standard normal scores, so that this works; how well is known from the
effective share of the draws, and where that is small chains are run instead (`draws_of`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .inference import FAR, Array
from .sampling import QUICK, Chains, Sampled, sample
from .surrogate import LogDensity

DEGREES = 6.0
"""Of freedom of the t distribution: its tails are wider than the posterior's."""
ENOUGH = 0.1
"""Effective share of the draws below which chains are run instead."""


@dataclass(frozen=True)
class Effort:
    """How many points.

    Attributes
    ----------
    rounds, each : int
        Times that the distribution is moved, and points of each.
    last : int
        Points of the draws themselves.
    """

    rounds: int = 5
    each: int = 1500
    last: int = 5000


def draws_of(
    density: LogDensity, start: Array, value: Array, *, seed: int, effort: Effort | None = None, chains: Chains = QUICK
) -> Sampled:
    """Draws of a posterior, equally weighted, by importance sampling or, where that fails, by chains.

    Parameters
    ----------
    density : callable
        Log density of scores, many at a time.
    start : array of float, shape (points, parameters)
        Points to begin with, and their density.
    seed : int
    effort : Effort, optional
    chains : Chains
        If need be.
    """
    found = weighted(density, start, value, seed, effort or Effort())
    return found if found is not None else sample(density, start, value, seed=seed, chains=chains)


def weighted(density: LogDensity, start: Array, value: Array, seed: int, effort: Effort) -> Sampled | None:
    """Importance sampling; None where too few draws count."""
    rng = np.random.default_rng([seed, 157])
    d = start.shape[1]
    middle, root = _moved(start, value, d)
    for _ in range(effort.rounds):
        z, log = _drawn(density, middle, 1.3 * root, effort.each, rng)
        if not np.isfinite(log).any():
            return None
        middle, root = _moved(z, log, d)
    z, log = _drawn(density, middle, 1.05 * root, effort.last, rng)
    if not np.isfinite(log).any():
        return None
    w = _weights(log)
    share = 1 / float((w**2).sum()) / len(w)
    if share < ENOUGH:
        return None
    at = np.searchsorted(np.cumsum(w), (rng.uniform() + np.arange(len(w))) / len(w))
    z = z[np.minimum(at, len(w) - 1)][rng.permutation(len(w))]
    draws = np.full(d, share * len(w))
    return Sampled(z, np.zeros(len(z)), draws, np.ones(d), 1.0, len(z), share, (len(z),))


def _drawn(
    density: LogDensity, middle: Array, root: Array, number: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Points of the t distribution, and the logarithm of the weight of each."""
    d = len(middle)
    normal = rng.standard_normal((number, d))
    stretch = rng.chisquare(DEGREES, number) / DEGREES
    z = middle + (normal / np.sqrt(stretch)[:, None]) @ root.T
    away = (normal**2).sum(axis=1) / stretch
    return z, density(z) + (DEGREES + d) / 2 * np.log1p(away / DEGREES)


def _weights(log: Array) -> Array:
    top = log[np.isfinite(log)].max()
    w = np.where(np.isfinite(log), np.exp(np.where(np.isfinite(log), log, top) - top), 0.0)
    found: Array = w / w.sum()
    return found


def _moved(z: Array, log: Array, d: int) -> tuple[Array, Array]:
    """Mean and root of the covariance by the weights, flattened until enough points count for a covariance."""
    good = np.isfinite(log)
    for heat in (1.0, 0.5, 0.25, 0.1, 0.03, 0.01, 0.0):
        w = _weights(np.where(good, heat * np.where(good, log, 0.0), -np.inf))
        if 1 / (w**2).sum() >= min(6 * d, good.sum() / 2):
            break
    middle = w @ z
    away = np.clip(z, -FAR, FAR) - middle
    spread = (w[:, None] * away).T @ away + 1e-4 * np.eye(d)
    return middle, np.asarray(np.linalg.cholesky(spread))
