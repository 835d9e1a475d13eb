"""Quantile functions, on arrays and singly, so that every variate is one uniform inverted, without a statistics library in the run."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .compiled import COMPILED

Array = NDArray[np.float64]

_CENTRE: Final = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_TAIL: Final = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR: Final = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], r: Array) -> Array:
    top, bottom = coefficients
    above, below = top[0] * r, bottom[0] * r
    for a, b in zip(top[1:-1], bottom[1:-1], strict=True):
        above = (above + a) * r
        below = (below + b) * r
    result: Array = (above + top[-1]) / (below + bottom[-1])
    return result


def normal_quantile(u: Array) -> Array:
    """Standard normal quantile of each uniform in [0, 1); Wichura (1988), algorithm AS 241, 16 digits."""
    u = np.clip(u, 1e-16, 1.0 - 1e-16)
    q = u - 0.5
    result = q * _ratio(_CENTRE, 0.180625 - q * q)
    outer = np.abs(q) > 0.425
    if outer.any():
        side = q[outer]
        r = np.sqrt(-np.log(np.where(side < 0.0, u[outer], 1.0 - u[outer])))
        tail = np.where(r <= 5.0, _ratio(_TAIL, r - 1.6), _ratio(_FAR, r - 5.0))
        result[outer] = np.copysign(tail, side)
    return result


def normal(u: float) -> float:
    """Standard normal quantile of one uniform in [0, 1); the same method as `normal_quantile`."""
    u = min(max(u, 1e-16), 1.0 - 1e-16)
    q = u - 0.5
    if -0.425 <= q <= 0.425:
        return _centre(q)
    r = sqrt(-log(u if q < 0.0 else 1.0 - u))
    if r > 5.0:  # beyond one in 70 thousand million
        return float(normal_quantile(np.array([u]))[0])
    r -= 1.6
    above = ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258
    above = (((above * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734
    below = ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459
    below = (((below * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0
    return above / below if q > 0.0 else -above / below


def _centre(q: float) -> float:
    r = 0.180625 - q * q
    above = ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457
    above = (((above * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608
    below = ((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867
    below = (((below * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0
    return q * (above / below)


def normals(uniforms: list[float]) -> list[float]:
    """`normal` of each; uncompiled, those in the middle are worked out all at once, with the same operations."""
    if COMPILED:
        return [normal(u) for u in uniforms]
    q = np.array(uniforms) - 0.5
    found: list[float] = (q * _ratio(_CENTRE, 0.180625 - q * q)).tolist()
    for i in np.flatnonzero(np.abs(q) > 0.425).tolist():
        found[i] = normal(uniforms[i])
    return found


@lru_cache(maxsize=8)
def _gamma_table(shape: float) -> tuple[Array, Array]:
    """Cumulative probability and logarithm of a gamma variate with mean 1, on a fine grid."""
    z = np.exp(np.linspace(log(1e-14), log(60.0), 1600))
    # regularised lower incomplete gamma by its power series: all terms positive, no cancellation
    term = np.full_like(z, exp(-lgamma(shape + 1.0)))
    total = term.copy()
    for n in range(1, 260):
        term = term * (z / (shape + n))
        total += term
    cdf = np.minimum(total * z**shape * np.exp(-z), 1.0)
    keep = np.concatenate(([True], np.diff(np.maximum.accumulate(cdf)) > 1e-15))
    return cdf[keep], np.log(z[keep] / shape)


def gamma_quantile(u: Array, shape: float) -> Array:
    """Quantile of a gamma variate with the given shape and mean 1, by interpolation in a table (relative error below 1e-3)."""
    cdf, logs = _gamma_table(float(shape))
    result: Array = np.exp(np.interp(u, cdf, logs))
    return result


def exponential_quantile(u: float) -> float:
    """Quantile of an exponential variate with mean 1."""
    return -log(1.0 - min(u, 1.0 - 1e-16))
