"""Memory during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

YOUNG: Final = 10_000_000
"""Objects made before the collector looks for cycles among them, some thirty ward-years; Python's own number is 700."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the cycle collector not look during a run, which makes hundreds of thousands of facts that stay and no cycles.

    What lies about when the run is over, with its facts let go, is found by Python's next look of its own.
    """
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
