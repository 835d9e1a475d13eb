"""Designs in the unit cube: rows of shares from 0 to 1, a column for each dimension, the same for the same seed.

scipy makes those that fill the space; SALib makes those whose analysis depends on the order of rows.
"""

from __future__ import annotations

from collections.abc import Sequence

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


def morris(trajectories: int, levels: int, names: Sequence[str], seed: int) -> Array:
    """Morris trajectories, `dimensions + 1` rows each, in the order that SALib's analysis expects.

    Parameters
    ----------
    trajectories, levels : int
        Paths, and levels of each dimension.
    names : sequence of str
        Dimensions.
    seed : int
        Of the design.
    """
    from SALib.sample import morris as salib

    out: Array = salib.sample(problem(names), N=trajectories, num_levels=levels, seed=_small(seed))
    return out


def saltelli(points: int, names: Sequence[str], seed: int) -> Array:
    """Saltelli's design for first-order and total indices, `points x (dimensions + 2)` rows, in SALib's order."""
    from SALib.sample import sobol as salib

    out: Array = salib.sample(problem(names), N=points, calc_second_order=False, seed=_small(seed))
    return out


def problem(names: Sequence[str]) -> dict[str, object]:
    """SALib's description of the unit cube."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, 0x5745])  # apart from every stream of the ward


def _small(seed: int) -> int:
    """A seed that SALib takes (32 bits), from one of 63."""
    return int(np.random.SeedSequence([seed, 0x5745]).generate_state(1)[0])
