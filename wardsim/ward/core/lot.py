"""One of several by lot, so that the choice stays when others come or go.

Choosing by place in a list (`names[int(u * len(names))]`) gives the draw to somebody else whenever the list is longer or shorter
by one. Here each draws a number of its own from the uniform and its key, and the smallest wins: one more name takes the lot with a
chance of one in the new number, and otherwise leaves it where it was. Two options thus keep the same victim while that person
is there under both. With weights the numbers are exponential (a race), so that each wins in proportion to its weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from .mixing import state_of, uniform


def lot(u: float, keys: Sequence[tuple[int, ...]], weights: Sequence[float] | None = None) -> int:
    """Place of the one on whom the lot falls.

    Parameters
    ----------
    u : float
        One uniform in [0, 1), the draw of this occasion.
    keys : sequence of tuple of int
        Key of each: what it is called under every option.
    weights : sequence of float, optional
        Chances in proportion to these; left out: equal.

    Returns
    -------
    int
        -1 when there is nobody, or no weight.
    """
    start = int(u * 2.0**53)
    least = float("inf")
    winner = -1
    for place, key in enumerate(keys):
        own = uniform(state_of(start, key), 0, 0)
        if weights is not None:
            own = -log(1.0 - own) / weights[place] if weights[place] > 0.0 else float("inf")
        if own < least:
            least, winner = own, place
    return winner
