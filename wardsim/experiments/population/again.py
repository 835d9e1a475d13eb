"""Populations drawn again: groups (trusts, studies) with replacement within each population made, all of these together.

The range that comes out covers which groups there happened to be and, as far as several populations were made, chance and the parameters
that are not known. With one population it does not cover the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TIMES = 400
"""Populations drawn again from each one made."""
MIDDLE = (2.5, 97.5)


def counts_again(codes: Sequence[NDArray[np.int64]], kinds: int, seed: int) -> list[tuple[float, float]]:
    """95% range of the number of groups of each kind.

    Parameters
    ----------
    codes : sequence of array of int
        Of each population, the kind of each group; negative: of none.
    kinds : int
        Kinds.
    seed : int
        Of drawing again.
    """
    chance = np.random.default_rng([seed, 1])
    rows = []
    for one in codes:
        if len(one):
            picked = one[chance.integers(0, len(one), (TIMES, len(one)))]
            rows.append(np.stack([(picked == kind).sum(axis=1) for kind in range(kinds)], axis=1))
    if not rows:
        return [(float("nan"), float("nan"))] * kinds
    low, high = np.percentile(np.concatenate(rows), MIDDLE, axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]


def ratio_again(parts: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]], seed: int) -> tuple[float, float]:
    """95% range of a ratio of sums over groups.

    Parameters
    ----------
    parts : sequence of (array, array)
        Of each population, what each group adds above and below.
    seed : int
        Of drawing again.
    """
    chance = np.random.default_rng([seed, 2])
    found = []
    for top, bottom in parts:
        if len(top):
            picked = chance.integers(0, len(top), (TIMES, len(top)))
            below = bottom[picked].sum(axis=1)
            good = below > 0
            found.append(top[picked].sum(axis=1)[good] / below[good])
    if not found or not sum(map(len, found)):
        return float("nan"), float("nan")
    low, high = np.percentile(np.concatenate(found), MIDDLE)
    return float(low), float(high)
