"""The same work on many items, in processes, with what is large sent to each process once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_work: Callable[[Any], Any] | None = None


def each(work: Callable[[T], R], items: Sequence[T], processes: int = 1) -> list[R]:
    """Results in the order of the items; the same whatever the number of processes.

    Parameters
    ----------
    work : callable
        Picklable; linear algebra runs in one thread in it.
    items : sequence
        One call each.
    processes : int
        1: in this process.
    """
    from wardsim.experiments.sensitivity.emulator import quietly

    if processes <= 1 or len(items) <= 1:
        with quietly():
            return [work(item) for item in items]
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from wardsim.experiments.threads import children_with_one_thread

    with (
        children_with_one_thread(),
        ProcessPoolExecutor(min(processes, len(items)), mp_context=get_context("spawn"), initializer=_take, initargs=(work,)) as pool,
    ):
        return list(pool.map(_do, items))


def _take(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work


def _do(item: Any) -> Any:
    from wardsim.experiments.sensitivity.emulator import quietly

    assert _work is not None
    with quietly():
        return _work(item)
