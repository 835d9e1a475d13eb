"""What falls due on a day."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import Any

Due = tuple[float, Callable[[Any], None], Any]
"""When (minutes), what to call, and with what."""


def count_from(uniform: float, mean: float) -> int:
    """Poisson count by inversion of one uniform."""
    term = exp(-mean)
    total = term
    n = 0
    while uniform > total and n < 40:
        n += 1
        term *= mean / n
        total += term
    return n
