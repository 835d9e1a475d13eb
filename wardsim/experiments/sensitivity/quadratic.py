"""Quadratic in all factors, with ridge: the second emulator, which a smooth outcome and few points favour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .gaussian import CHUNK
from .problem import Array

PENALTIES = np.logspace(-3, 3, 13)
"""Penalties tried, of standardised terms."""


@dataclass(frozen=True)
class Quadratic:
    """A fitted quadratic.

    Attributes
    ----------
    centre, scale : array of float, shape (terms,)
        Mean and standard deviation of each term over the design.
    intercept : float
        Mean of the outcome.
    coefficients : array of float, shape (terms,)
        Of standardised terms.
    root : array of float, shape (terms, terms)
        Lower Cholesky factor of the covariance of the coefficients.
    intercept_sd : float
        Standard deviation of the intercept.
    lack : float
        Variance that neither the quadratic nor the known noise explains.
    """

    centre: Array
    scale: Array
    intercept: float
    coefficients: Array
    root: Array
    intercept_sd: float
    lack: float

    @property
    def white(self) -> float:
        """As of a Gaussian process: what is left unexplained, in units of the outcome squared."""
        return self.lack

    def _terms(self, x: Array) -> Array:
        terms: Array = (_terms(x) - self.centre) / self.scale
        return terms

    def predict(self, x: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the quadratic at standardised inputs."""
        means, sds = [], []
        for at in range(0, len(x), CHUNK):
            terms = self._terms(x[at : at + CHUNK])
            means.append(self.intercept + terms @ self.coefficients)
            sds.append(np.sqrt(((terms @ self.root) ** 2).sum(axis=1) + self.intercept_sd**2))
        return np.concatenate(means), np.concatenate(sds)

    def functions(self, x: Array, number: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Mean at standardised inputs, shape (points,), and draws of the whole quadratic, shape (points, number)."""
        drawn = self.root @ rng.standard_normal((len(self.coefficients), number))
        level = self.intercept_sd * rng.standard_normal(number)
        both = np.column_stack([self.coefficients, self.coefficients[:, None] + drawn])
        values = np.concatenate([self._terms(x[at : at + CHUNK]) @ both for at in range(0, len(x), CHUNK)])
        return self.intercept + values[:, 0], self.intercept + level + values[:, 1:]


def fit(points: Array, y: Array, noise: Array | None) -> Quadratic:
    """Fit a quadratic; the penalty has the least error of leaving one row out.

    Parameters
    ----------
    points : array of float, shape (n, factors)
        Standardised inputs.
    y : array of float, shape (n,)
        Means of rows.
    noise : array of float, shape (n,), optional
        Variance of these means by chance.
    """
    from sklearn.linear_model import RidgeCV

    raw = _terms(points)
    centre, scale = raw.mean(axis=0), raw.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    terms = (raw - centre) / scale
    level = float(y.mean())
    spread = float(y.std()) or 1.0
    model = RidgeCV(alphas=PENALTIES, fit_intercept=False).fit(terms, (y - level) / spread)
    coefficients = np.asarray(model.coef_, dtype=np.float64) * spread
    gram = terms.T @ terms
    inverse = np.linalg.inv(gram + float(model.alpha_) * np.eye(len(gram)))
    used = float(np.trace(inverse @ gram)) + 1
    left = float(((y - level - terms @ coefficients) ** 2).sum()) / max(len(y) - used, 1.0)
    root = np.asarray(np.linalg.cholesky(left * (inverse + inverse.T) / 2), dtype=np.float64)
    lack = 0.0 if noise is None else max(0.0, left - float(noise.mean()))
    return Quadratic(centre, scale, level, coefficients, root, float(np.sqrt(left / len(y))), lack)


def _terms(x: Array) -> Array:
    """Every factor, and every product of two, squares included."""
    first, second = np.triu_indices(x.shape[1])
    return np.hstack([x, x[:, first] * x[:, second]])
