"""Marginal likelihood of the kernel and its slopes, many times faster than scikit-learn's way through n x n x parameters.

The same number as `GaussianProcessRegressor.log_marginal_likelihood`, which a test compares: pairs of points once and not
twice, distances kept, and each slope summed as it is found.
"""

from __future__ import annotations

import numpy as np

from .kernel import ROOT5
from .problem import Array


class Likelihood:
    """Negative logarithm of the marginal likelihood as a function of the kernel's `theta`.

    Parameters
    ----------
    x : array of float, shape (n, factors)
        Standardised inputs.
    y : array of float, shape (n,)
        Standardised outcome.
    known : array of float, shape (n,)
        Known noise.
    """

    def __init__(self, x: Array, y: Array, known: Array) -> None:
        self._n, self._d = x.shape
        self._y = y
        self._known = known
        self._pairs = np.tril_indices(self._n, -1)
        first, second = self._pairs
        self._apart = np.abs(x[first] - x[second]).T.copy()
        self._square = self._apart**2

    def __call__(self, theta: Array) -> tuple[float, Array]:
        """Value and slopes."""
        from scipy.linalg import lapack

        d, n = self._d, self._n
        lengths, sizes = np.exp(theta[:d]), np.exp(theta[d : 2 * d])
        size, reach, white = float(np.exp(theta[2 * d])), np.exp(theta[2 * d + 1 : -1]), float(np.exp(theta[-1]))

        u = self._apart * (ROOT5 / lengths)[:, None]
        decay = np.exp(-u)
        single = (1 + u + u * u / 3) * decay
        bend = u * u * (1 + u) / 3 * decay
        r = ROOT5 * np.sqrt(reach**-2.0 @ self._square)
        fall = np.exp(-r)
        together = (1 + r + r * r / 3) * fall

        k = np.zeros((n, n))
        k[self._pairs] = sizes @ single + size * together
        k[np.diag_indices(n)] = sizes.sum() + size + white + self._known
        factor, failed = lapack.dpotrf(k, lower=1)
        if failed:
            return float("inf"), np.zeros_like(theta)
        alpha, _ = lapack.dpotrs(factor, self._y, lower=1)
        inverse, _ = lapack.dpotri(factor, lower=1)
        value = -0.5 * float(self._y @ alpha) - float(np.log(np.diag(factor)).sum()) - n / 2 * float(np.log(2 * np.pi))

        first, second = self._pairs
        pull = alpha[first] * alpha[second] - inverse[self._pairs]  # each pair stands for two cells, so no half
        own = 0.5 * float((alpha**2 - np.diag(inverse)).sum())
        slopes = np.concatenate(
            [
                sizes * (bend @ pull),
                sizes * (single @ pull + own),
                [size * (float(together @ pull) + own)],
                size * (5 / 3) * (self._square @ ((1 + r) * fall * pull)) / reach**2,
                [white * own],
            ]
        )
        return -value, -slopes
