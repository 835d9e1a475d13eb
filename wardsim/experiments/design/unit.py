"""Designs in the unit cube: rows of shares from 0 to 1, a column for each dimension, the same for the same seed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def latin_hypercube(points: int, dimensions: int, seed: int) -> Array:
    """A Latin hypercube: in every dimension exactly one point in each of as many equal parts as there are points.

    Parameters
    ----------
    points, dimensions : int
        Rows and columns.
    seed : int
        Of the design.

    Returns
    -------
    array, shape (points, dimensions)
        Shares, 0 to 1.
    """
    from scipy.stats import qmc

    out: Array = qmc.LatinHypercube(d=dimensions, scramble=True, seed=_generator(seed)).random(points)
    return out


def sobol(points: int, dimensions: int, seed: int) -> Array:
    """A scrambled Sobol sequence, as `latin_hypercube`.

    Raises
    ------
    ValueError
        When the number of points is no power of two: such a design is not balanced.
    """
    from scipy.stats import qmc

    if points < 1 or points & (points - 1):
        raise ValueError(f"a Sobol design is balanced only with a power of two of points, not with {points}")
    out: Array = qmc.Sobol(d=dimensions, scramble=True, seed=_generator(seed)).random_base2(points.bit_length() - 1)
    return out


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, 0x5745])  # apart from every stream of the ward


def small(seed: int) -> int:
    """A seed that SALib takes (32 bits), from one of 63."""
    return int(np.random.SeedSequence([seed, 0x5745]).generate_state(1)[0])
