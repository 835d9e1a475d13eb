"""Covariance of an outcome between points: each factor by itself, and all together.

One product kernel over all factors, as usual, has to be short in every factor that bends, and then sees interactions
everywhere that 300 points cannot tell from none: total indices come out too large (by 0.03 to 0.09 for the second factor of
the Ishigami function). With a sum of one-factor kernels beside it, each with its own size and length, main effects have
their own place and the product is left for interactions.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from .problem import Array

ROOT5 = 5**0.5
LENGTHS = (0.25, 50.0)
"""Bounds of a length, in standard deviations of the factor; at the upper one the outcome is a straight line in it, or flat."""
SIZES = (1e-6, 100.0)
"""Bounds of the variance of a part, in variances of the outcome."""
WHITE = (1e-7, 2.0)
"""Bounds of white noise, in variances of the outcome."""
IDLE = 1e-5
"""Size below which a part does nothing worth computing."""


def initial(factors: int, white: float) -> Any:
    """The kernel to start from, for scikit-learn: one-factor parts + product of all + white noise."""
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    single = _single()(np.full(factors, 1.5), np.full(factors, 0.5 / factors))
    product = ConstantKernel(0.3, SIZES) * Matern(np.full(factors, factors**0.5), LENGTHS, nu=2.5)
    return single + product + WhiteKernel(white, WHITE)


def single(theta: Array, factors: int) -> tuple[Array, Array]:
    """Lengths and sizes of the one-factor parts, from the logarithms that scikit-learn keeps."""
    return np.exp(theta[:factors]), np.exp(theta[factors : 2 * factors])


def product(theta: Array, factors: int) -> tuple[float, Array]:
    """Size and lengths of the product."""
    return float(np.exp(theta[2 * factors])), np.exp(theta[2 * factors + 1 : -1])


def covariance(theta: Array, a: Array, b: Array) -> Array:
    """Covariance between points, white noise left out."""
    from scipy.spatial.distance import cdist

    d = a.shape[1]
    size, lengths = product(theta, d)
    total = np.zeros((len(a), len(b)))
    if size > IDLE:
        total += size * _matern(ROOT5 * cdist(a / lengths, b / lengths))
    for j, (length, part) in enumerate(zip(*single(theta, d), strict=True)):
        if part > IDLE:
            total += part * _matern(ROOT5 / length * np.abs(np.subtract.outer(a[:, j], b[:, j])))
    return total


def variance(theta: Array, factors: int) -> float:
    """Variance of the function at any point."""
    sizes = [*single(theta, factors)[1].tolist(), product(theta, factors)[0]]
    return float(sum(size for size in sizes if size > IDLE))


def _matern(u: Array) -> Array:
    correlation: Array = (1 + u + u * u / 3) * np.exp(-u)
    return correlation


@cache
def _single() -> Any:
    """The sum of one-factor Matern 5/2 kernels as a class of scikit-learn, which is imported only here."""
    from sklearn.gaussian_process.kernels import Hyperparameter, Kernel, StationaryKernelMixin

    class Single(StationaryKernelMixin, Kernel):  # type: ignore[misc]  # the library has no types
        """Sum of a Matern 5/2 kernel of each factor."""

        def __init__(self, lengths: Array, sizes: Array) -> None:
            self.lengths = lengths
            self.sizes = sizes

        @property
        def hyperparameter_lengths(self) -> Any:
            return Hyperparameter("lengths", "numeric", LENGTHS, len(self.lengths))

        @property
        def hyperparameter_sizes(self) -> Any:
            return Hyperparameter("sizes", "numeric", SIZES, len(self.sizes))

        def __call__(self, x: Array, y: Array | None = None, eval_gradient: bool = False) -> Any:
            z = x if y is None else y
            d = x.shape[1]
            total = np.zeros((len(x), len(z)))
            slopes = np.empty((len(x), len(z), 2 * d)) if eval_gradient else np.empty(0)
            for j in range(d):
                u = ROOT5 / self.lengths[j] * np.abs(np.subtract.outer(x[:, j], z[:, j]))
                decay = self.sizes[j] * np.exp(-u)
                part = (1 + u + u * u / 3) * decay
                total += part
                if eval_gradient:
                    slopes[:, :, j] = u * u * (1 + u) / 3 * decay
                    slopes[:, :, d + j] = part
            return (total, slopes) if eval_gradient else total

        def diag(self, x: Array) -> Array:
            return np.full(len(x), float(np.sum(self.sizes)))

    return Single
