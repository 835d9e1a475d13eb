"""Gaussian process over the points of a design, with the chance of each row known, and draws of whole functions from it.

scikit-learn fits it: Matern 5/2 with sizes and lengths by factor (`kernel`), plus white noise on top of the known noise. A
draw of the function at many thousand points is made by the pathwise rule (Wilson et al. 2020, arXiv 2002.09309): a draw of the prior
from random Fourier features, corrected by what the data say; a joint draw from the covariance would need its square.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import kernel
from .likelihood import Likelihood
from .problem import Array

NU = 2.5
JITTER = 1e-8
STEPS = 80
"""Most steps of the search for sizes and lengths."""
AGAIN = 25
"""The same, from where a similar fit ended."""
FEATURES = 1024
"""Frequencies of a prior draw of the product, each with cosine and sine."""
OWN_FEATURES = 512
"""Frequencies of a prior draw of one factor's own part."""
CHUNK = 2048
"""Points predicted at a time, so that memory does not grow."""


@dataclass(frozen=True)
class Gaussian:
    """A fitted process.

    Attributes
    ----------
    points : array of float, shape (n, factors)
        Standardised inputs.
    centre, scale : float
        Mean and standard deviation of the outcome.
    theta : array of float
        Logarithms of lengths, sizes and white noise, as `kernel` reads them.
    factor : array of float, shape (n, n)
        Lower Cholesky factor of the covariance of the data.
    weights : array of float, shape (n,)
        Covariance of the data solved for the data.
    noise : array of float, shape (n,)
        Known and white noise of each row, in variances of the outcome.
    """

    points: Array
    centre: float
    scale: float
    theta: Array
    factor: Array
    weights: Array
    noise: Array

    @property
    def white(self) -> float:
        """Variance that neither the function nor the known noise explains, in units of the outcome squared."""
        return float(np.exp(self.theta[-1])) * self.scale**2

    def predict(self, x: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the function (chance removed) at standardised inputs."""
        from scipy.linalg import solve_triangular

        means, sds = [], []
        whole = kernel.variance(self.theta, x.shape[1])
        for at in range(0, len(x), CHUNK):
            k = kernel.covariance(self.theta, x[at : at + CHUNK], self.points)
            v = solve_triangular(self.factor, k.T, lower=True, check_finite=False)
            means.append(k @ self.weights)
            sds.append(np.sqrt(np.maximum(whole - (v**2).sum(axis=0), 0.0)))
        return self.centre + self.scale * np.concatenate(means), self.scale * np.concatenate(sds)

    def functions(self, x: Array, number: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Mean of the function at standardised inputs, shape (points,), and draws of it, shape (points, number)."""
        from scipy.linalg import cho_solve

        waves = _Waves(self.theta, x.shape[1], rng)
        away = waves.prior(number)
        # a draw of the prior less what the data take back from it is how far a draw of the function is from its mean; taken back by the
        # covariance itself: by that of the waves, draws were a seventh too close together
        seen = waves(self.points) @ away + np.sqrt(self.noise)[:, None] * rng.standard_normal((len(self.points), number))
        back = cho_solve((self.factor, True), seen)
        means, parts = [], []
        for at in range(0, len(x), CHUNK):
            some = x[at : at + CHUNK]
            near = kernel.covariance(self.theta, some, self.points)
            mean = near @ self.weights
            means.append(mean)
            parts.append(mean[:, None] + waves(some) @ away - near @ back)
        return self.centre + self.scale * np.concatenate(means), self.centre + self.scale * np.concatenate(parts)


class _Waves:
    """The kernel as a sum of products of waves (random Fourier features), spread evenly over its spectrum."""

    def __init__(self, theta: Array, d: int, rng: np.random.Generator) -> None:
        size, lengths = kernel.product(theta, d)
        own = zip(range(d), *kernel.single(theta, d), strict=True)
        sizes = [(slice(0, d), d, FEATURES, lengths, size), *((slice(j, j + 1), 1, OWN_FEATURES, length, size) for j, length, size in own)]
        # a stream for each part: one that another processor's rounding takes for idle leaves the draws of the others as they are
        self._parts = [
            (columns, (_spectrum(n, features, stream) / length).T, (size / features) ** 0.5, stream)
            for (columns, n, features, length, size), stream in zip(sizes, rng.spawn(d + 1), strict=True)
            if size > kernel.IDLE
        ]

    def prior(self, number: int) -> Array:
        """Weights of the waves in draws of the prior, shape (waves, number)."""
        drawn = [stream.standard_normal((2 * frequency.shape[1], number)) for _, frequency, _, stream in self._parts]
        return np.vstack(drawn) if drawn else np.zeros((1, number))

    def __call__(self, x: Array) -> Array:
        """Values of all waves at standardised inputs, shape (points, waves)."""
        found = []
        for columns, frequency, amplitude, _ in self._parts:
            angle = x[:, columns] @ frequency
            found += [amplitude * np.cos(angle), amplitude * np.sin(angle)]
        return np.hstack(found) if found else np.zeros((len(x), 1))


def _spectrum(d: int, number: int, rng: np.random.Generator) -> Array:
    """Frequencies of a Matern of length 1: a multivariate t of 2 nu degrees of freedom, in scrambled Sobol points."""
    from scipy.special import chdtri, ndtri
    from scipy.stats import qmc

    share = np.clip(qmc.Sobol(d + 1, seed=rng).random(number), 1e-9, 1 - 1e-9)
    frequencies: Array = ndtri(share[:, :d]) / np.sqrt(chdtri(2 * NU, share[:, d:]) / (2 * NU))
    return frequencies


def fit(points: Array, y: Array, noise: Array | None, *, start: Array | None = None) -> Gaussian:
    """Fit a process.

    Parameters
    ----------
    points : array of float, shape (n, factors)
        Standardised inputs.
    y : array of float, shape (n,)
        Means of rows.
    noise : array of float, shape (n,), optional
        Variance of these means by chance; None: not known, and white noise stands for all of it.
    start : array of float, optional
        `theta` of a similar fit, to start from.
    """
    from scipy.optimize import minimize
    from sklearn.gaussian_process import GaussianProcessRegressor

    centre, scale = float(y.mean()), float(y.std(ddof=1)) or 1.0
    known = np.full(len(y), JITTER) if noise is None else noise / scale**2 + JITTER
    first = kernel.initial(points.shape[1], 0.1 if noise is None else 0.01)
    if start is not None:
        low, high = first.bounds[:, 0], first.bounds[:, 1]
        first = first.clone_with_theta(np.clip(start, low + 0.1, high - 0.1))
    standard = (y - centre) / scale
    likelihood = Likelihood(points, standard, known)
    steps = STEPS if start is None else AGAIN

    def search(_: Any, begin: Array, bounds: Array) -> tuple[Array, float]:
        """The library's own search, through a faster likelihood."""
        found = minimize(likelihood, begin, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": steps})
        return found.x, float(found.fun)

    model = GaussianProcessRegressor(first, alpha=known, optimizer=search)
    model.fit(points, standard)
    theta = np.asarray(model.kernel_.theta, dtype=np.float64)
    return Gaussian(
        points, centre, scale, theta, np.asarray(model.L_), np.asarray(model.alpha_).ravel(), known + np.exp(theta[-1])
    )
