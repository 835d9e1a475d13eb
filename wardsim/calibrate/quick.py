"""A fast copy of the emulators for chains, which ask for millions of points: polynomials laid through what the emulators say.

For each outcome a cubic without triple products in the standardised inputs, one for the emulator's mean and one for the logarithm of
its standard deviation, by least squares over points of the prior and of where the posterior may lie. What the copy misses on points
it has not seen is added to its variance. The posterior is weighted with the emulators themselves afterwards (`sampling.posterior`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from wardsim.experiments.sensitivity.problem import Problem

from .inference import Array, inputs, scores
from .surrogate import Surrogate

POINTS = 8
"""Points a coefficient."""
HELD = 0.2
"""Share of them held back, on which the copy's error is measured."""
WIDE = 1.3
"""The prior's points are moved so many times as far out: chains go there, and polynomials must not run away."""


@dataclass(frozen=True)
class Quick:
    """A copy of a `Surrogate`; takes its place where only predictions are asked for.

    Attributes
    ----------
    problem, operators, extra
        As of the `Surrogate`.
    mean, log_sd : array of float, shape (coefficients, outcomes)
    low, high : array of float, shape (outcomes,)
        Bounds of the logarithm of the standard deviation that the emulators gave.
    error : array of float, shape (outcomes,)
        Variance of what the copy misses.
    """

    problem: Problem
    operators: tuple[str, ...]
    extra: Array
    mean: Array
    log_sd: Array
    low: Array
    high: Array
    error: Array

    def predict(self, z: Array, only: np.ndarray | None = None) -> tuple[Array, Array]:
        """Mean and variance of outcomes at standard normal scores, as `Surrogate.predict`."""
        terms = features(inputs(self.problem, np.atleast_2d(z)))
        pick = slice(None) if only is None else only
        mean: Array = terms @ self.mean[:, pick]
        sd = np.exp(np.clip(terms @ self.log_sd[:, pick], self.low[pick], self.high[pick]))
        return mean, sd**2 + self.error[pick] + (self.extra[pick] if len(self.extra) else 0.0)


def features(x: Array) -> Array:
    """Terms of the polynomial, shape (points, coefficients)."""
    d = x.shape[1]
    first, second = np.triu_indices(d, 1)
    return np.hstack([np.ones((len(x), 1)), x, x**2, x**3, x[:, first] * x[:, second]])


def predict(surrogate: Surrogate | Quick, z: Array, threads: int = 1) -> tuple[Array, Array]:
    """As `surrogate.predict`, outcomes side by side in threads (linear algebra and exponentials let others run)."""
    count = len(surrogate.operators)
    if threads <= 1 or len(z) < 64 or isinstance(surrogate, Quick):
        return surrogate.predict(z)
    parts = [np.arange(k, count, 4 * threads) for k in range(min(4 * threads, count))]
    mean, variance = np.empty((len(z), count)), np.empty((len(z), count))
    with ThreadPoolExecutor(threads) as pool:
        for part, (m, v) in zip(parts, pool.map(lambda part: surrogate.predict(z, part), parts), strict=True):
            mean[:, part], variance[:, part] = m, v
    return mean, variance


def sobol(number: int, d: int, seed: int) -> Array:
    """The first points of a scrambled Sobol sequence, as many as wanted."""
    from scipy.stats import qmc

    found: Array = qmc.Sobol(d, seed=seed).random_base2(max(number - 1, 1).bit_length())[:number]
    return found


def quick(surrogate: Surrogate, *, near: Array | None = None, seed: int = 1, threads: int = 1) -> Quick:
    """Copy emulators.

    Parameters
    ----------
    surrogate : Surrogate
    near : array of float, shape (points, parameters), optional
        Scores where the copy must be good: half of its points are taken from there.
    seed : int
        Of the prior's points.
    threads : int
    """
    d = len(surrogate.problem)
    number = POINTS * (1 + 3 * d + d * (d - 1) // 2)
    rng = np.random.default_rng([seed, 149])
    wide = WIDE * scores(sobol(number if near is None or not len(near) else number // 2, d, seed))
    z = wide
    if near is not None and len(near):
        picked = near[rng.choice(len(near), size=number - len(wide), replace=len(near) < number)]
        z = np.vstack([wide, picked + 0.3 * rng.standard_normal(picked.shape)])
    z = z[rng.permutation(len(z))]
    mean, variance = predict(surrogate, z, threads)
    own = np.sqrt(np.maximum(variance - surrogate.extra if len(surrogate.extra) else variance, 1e-12))
    held = round(HELD * len(z))
    terms = features(inputs(surrogate.problem, z))
    trial = np.linalg.lstsq(terms[held:], mean[held:], rcond=None)[0]
    error = ((terms[:held] @ trial - mean[:held]) ** 2).mean(axis=0)
    both = np.linalg.lstsq(terms, np.hstack([mean, np.log(own)]), rcond=None)[0]
    log = np.log(own)
    k = len(surrogate.operators)
    return Quick(
        surrogate.problem,
        surrogate.operators,
        surrogate.extra,
        both[:, :k],
        both[:, k:],
        log.min(axis=0),
        log.max(axis=0),
        error,
    )
