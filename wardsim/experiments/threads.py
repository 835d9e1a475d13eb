"""Linear algebra in one thread: the same bytes whatever the number of cores, and no fight over them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
"""Where a process is told its threads when it is started."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold linear algebra to one thread: sums of many terms are split over threads, and another split rounds otherwise.

    Worker processes are started that way (`THREADS`); what runs in the process of a command, of a notebook or of a Dask worker is held to it here.
    """
    if all(os.environ.get(name) == "1" for name in THREADS):  # one from the start: nothing to look for
        yield
        return
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped,unused-ignore]

    with threadpool_limits(1):
        yield


@contextmanager
def children_with_one_thread() -> Iterator[None]:
    """Environment that processes started meanwhile inherit: one thread each, set before they import numpy."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
