"""Memory during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

YOUNG: Final = 100_000
"""Objects made before the collector looks for cycles among them; Python's own number is 700."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the cycle collector look seldom: a run makes a million fact values that stay, and hardly any cycles."""
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
