"""Regressions that observational studies fit: Poisson, negative binomial and logistic, with their usual standard errors.

Fisher scoring on the log or logit link. The dispersion of the negative binomial (variance mu + a mu^2) is the moment estimate, at which
Pearson's statistic equals its degrees of freedom, found in turn with the coefficients. Standard errors are those of the model, as such
studies print them: they are right only as far as the model is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STEPS = 60
TOLERANCE = 1e-8
MOST = 30.0
"""Largest linear predictor; beyond it the numbers overflow and the fit is lost anyway."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted regression.

    Attributes
    ----------
    beta, error : array of float, shape (columns,)
        Coefficients on the scale of the link and their standard errors; NaN where it could not be fitted.
    dispersion : float
        Of the negative binomial; 0 elsewhere.
    fitted : bool
        Whether it converged on finite numbers.
    """

    beta: Array
    error: Array
    dispersion: float
    fitted: bool


def fit(columns: Array, counts: Array, family: str, offset: Array | None = None) -> Fit:
    """Fit one regression.

    Parameters
    ----------
    columns : array of float, shape (rows, columns)
        Design, its first column the intercept.
    counts : array of float, shape (rows,)
        What is counted; for logistic, whether it is above 0.
    family : str
        poisson, negative_binomial or logistic.
    offset : array of float, shape (rows,), optional
        Added to the linear predictor.
    """
    y = (counts > 0).astype(float) if family == "logistic" else counts.astype(float)
    shift = np.zeros(len(y)) if offset is None else offset
    lost = Fit(np.full(columns.shape[1], np.nan), np.full(columns.shape[1], np.nan), 0.0, False)
    if not y.sum() > 0.0 or len(y) <= columns.shape[1] or (family == "logistic" and y.all()):
        return lost
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        return lost
    dispersion = 0.0
    found = _scored(columns, y, shift, family, dispersion, None)
    if family == "negative_binomial" and found is not None:
        for _ in range(STEPS):
            before = dispersion
            dispersion = _dispersion(y, _mean(columns @ found[0] + shift, family), columns.shape[1])
            again = _scored(columns, y, shift, family, dispersion, found[0])
            if again is None:
                return lost
            found = again
            if abs(dispersion - before) <= 1e-6 * (1.0 + before):
                break
    return lost if found is None else Fit(found[0], found[1], dispersion, True)


def _scored(
    x: Array, y: Array, offset: Array, family: str, dispersion: float, start: Array | None
) -> tuple[Array, Array] | None:
    """Coefficients and standard errors at a given dispersion; None when the scoring does not settle (say, separation)."""
    if start is None:
        start = np.zeros(x.shape[1])
        mean = max(float(y.mean()), 1e-9)
        start[0] = np.log(mean / (1.0 - mean)) if family == "logistic" else np.log(y.sum() / np.exp(offset).sum())
    beta = start
    for _ in range(STEPS):
        mu = _mean(x @ beta + offset, family)
        weight = mu * (1.0 - mu) if family == "logistic" else mu / (1.0 + dispersion * mu)
        pull = (y - mu) if family == "logistic" else (y - mu) / (1.0 + dispersion * mu)
        information = x.T @ (weight[:, None] * x)
        try:
            step = np.linalg.solve(information, x.T @ pull)
        except np.linalg.LinAlgError:
            return None
        beta = beta + np.clip(step, -5.0, 5.0)
        if not np.isfinite(beta).all():
            return None
        if float(np.abs(step).max()) < TOLERANCE * (1.0 + float(np.abs(beta).max())):
            variance = np.diag(np.linalg.inv(information))
            return (beta, np.sqrt(variance)) if np.isfinite(variance).all() and (variance > 0).all() else None
    return None


def _mean(eta: Array, family: str) -> Array:
    eta = np.clip(eta, -MOST, MOST)
    mean: Array = 1.0 / (1.0 + np.exp(-eta)) if family == "logistic" else np.exp(eta)
    return mean


def _dispersion(y: Array, mu: Array, columns: int) -> float:
    """Dispersion at which Pearson's statistic equals its degrees of freedom; 0 when there is no more variance than Poisson's."""
    free = len(y) - columns
    square = (y - mu) ** 2

    def excess(a: float) -> float:
        return float((square / (mu + a * mu**2)).sum()) - free

    if excess(0.0) <= 0.0:
        return 0.0
    low, high = 0.0, 1.0
    while excess(high) > 0.0 and high < 1e6:
        low, high = high, high * 4.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)
