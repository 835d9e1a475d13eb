"""Gaussian process over the points of a design, with the chance of each row known, and draws of whole functions from it.

scikit-learn fits it: Matern 5/2 with a length for each factor, plus white noise on top of the known noise. A draw of the
function at many thousand points is made by the pathwise rule (Wilson et al. 2020, arXiv 2002.09309): a draw of the prior
from random Fourier features, corrected by what the data say; a joint draw from the covariance would need its square.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .problem import Array

NU = 2.5
LENGTHS = (0.2, 200.0)
"""Bounds of a length, in standard deviations of the factor; at the upper one the factor does nothing."""
WHITE = (1e-7, 2.0)
"""Bounds of white noise, in variances of the outcome."""
SIZE = (1e-3, 1e3)
"""Bounds of the variance of the process, in variances of the outcome."""
JITTER = 1e-8
STEPS = 80
"""Most steps of the search for lengths."""
FEATURES = 1024
"""Frequencies of a prior draw, each with cosine and sine."""
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
        Logarithms of size, lengths and white noise.
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
    def lengths(self) -> Array:
        """Length of each factor."""
        return np.exp(self.theta[1:-1])

    @property
    def white(self) -> float:
        """Variance that neither the function nor the known noise explains, in units of the outcome squared."""
        return float(np.exp(self.theta[-1])) * self.scale**2

    def covariance(self, x: Array) -> Array:
        """Covariance of the function at `x` with that at the points of the design."""
        return float(np.exp(self.theta[0])) * _matern(x / self.lengths, self.points / self.lengths)

    def predict(self, x: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the function (chance removed) at standardised inputs."""
        from scipy.linalg import solve_triangular

        means, sds = [], []
        size = float(np.exp(self.theta[0]))
        for at in range(0, len(x), CHUNK):
            k = self.covariance(x[at : at + CHUNK])
            v = solve_triangular(self.factor, k.T, lower=True, check_finite=False)
            means.append(k @ self.weights)
            sds.append(np.sqrt(np.maximum(size - (v**2).sum(axis=0), 0.0)))
        return self.centre + self.scale * np.concatenate(means), self.scale * np.concatenate(sds)

    def mean(self, x: Array) -> Array:
        """Mean of the function at standardised inputs."""
        parts = [self.covariance(x[at : at + CHUNK]) @ self.weights for at in range(0, len(x), CHUNK)]
        return self.centre + self.scale * np.concatenate(parts)

    def draws(self, x: Array, number: int, rng: np.random.Generator) -> Array:
        """Draws of the whole function at standardised inputs, shape (points, number)."""
        from scipy.linalg import cho_solve

        d = self.points.shape[1]
        size = float(np.exp(self.theta[0]))
        # the spectrum of a Matern is a multivariate t of 2 nu degrees of freedom
        t = rng.standard_normal((FEATURES, d)) / np.sqrt(rng.chisquare(2 * NU, (FEATURES, 1)) / (2 * NU))
        frequency = (t / self.lengths).T
        amplitude = np.sqrt(size / FEATURES) * rng.standard_normal((2 * FEATURES, number))
        error = np.sqrt(self.noise)[:, None] * rng.standard_normal((len(self.points), number))
        target = self.factor @ (self.factor.T @ self.weights)  # the standardised data
        gap = target[:, None] - _waves(self.points, frequency) @ amplitude - error
        correction = cho_solve((self.factor, True), gap, check_finite=False)
        parts = []
        for at in range(0, len(x), CHUNK):
            some = x[at : at + CHUNK]
            parts.append(_waves(some, frequency) @ amplitude + self.covariance(some) @ correction)
        drawn: Array = self.centre + self.scale * np.concatenate(parts)
        return drawn


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
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    d = points.shape[1]
    centre, scale = float(y.mean()), float(y.std(ddof=1)) or 1.0
    known = np.full(len(y), JITTER) if noise is None else noise / scale**2 + JITTER
    white = 0.1 if noise is None else 0.01
    kernel = ConstantKernel(1.0, SIZE) * Matern(np.full(d, np.sqrt(d)), LENGTHS, nu=NU) + WhiteKernel(white, WHITE)
    if start is not None:
        low, high = kernel.bounds[:, 0], kernel.bounds[:, 1]
        kernel = kernel.clone_with_theta(np.clip(start, low + 0.1, high - 0.1))
    model = GaussianProcessRegressor(kernel, alpha=known, optimizer=_search)
    standard = (y - centre) / scale
    model.fit(points, standard)
    theta = np.asarray(model.kernel_.theta, dtype=np.float64)
    return Gaussian(
        points, centre, scale, theta, np.asarray(model.L_), np.asarray(model.alpha_).ravel(), known + np.exp(theta[-1])
    )


def _search(objective: Any, start: Array, bounds: Array) -> tuple[Array, float]:
    """scikit-learn's search with a limit to its steps."""
    from scipy.optimize import minimize

    found = minimize(objective, start, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": STEPS})
    return found.x, float(found.fun)


def _matern(a: Array, b: Array) -> Array:
    """Matern 5/2 correlation of points whose lengths are 1."""
    from scipy.spatial.distance import cdist

    r = np.sqrt(2 * NU) * cdist(a, b)
    correlation: Array = (1 + r + r * r / 3) * np.exp(-r)
    return correlation


def _waves(x: Array, frequency: Array) -> Array:
    angle = x @ frequency
    return np.hstack([np.cos(angle), np.sin(angle)])
