"""The points of a Poisson process from a stream: gaps and marks by occasion, so that no count is drawn first."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .streams import Hashed

Array = NDArray[np.float64]


def points(draws: Hashed, mean: float) -> tuple[Array, Array]:
    """Places in order, and a uniform mark of each, of a Poisson process with `mean` points expected in [0, 1).

    Point number n takes its gap from draw 2n and its mark from draw 2n + 1. Another mean moves the places a little and adds or
    drops points at the end; the marks of the others stay.

    Parameters
    ----------
    draws : Hashed
        A stream of which nothing else is used.
    mean : float
        Points expected, above 0.
    """
    n = int(mean + 6.0 * sqrt(mean)) + 8
    u = draws.array(0, 2 * n)
    places = np.cumsum(np.log1p(-u[0::2])) / -mean
    while places[-1] < 1.0:  # rarer than one block in a hundred million
        n *= 2
        u = draws.array(0, 2 * n)
        places = np.cumsum(np.log1p(-u[0::2])) / -mean
    count = int(np.searchsorted(places, 1.0))
    return places[:count], u[1::2][:count]
