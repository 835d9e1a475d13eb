"""SimPy's environment, on the time and the queue of the ward's clock. Never compiled: it is derived from a Python class of SimPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import simpy

if TYPE_CHECKING:
    from .clock import Clock


class Engine(simpy.Environment):
    """A whole SimPy environment: processes, timeouts, events and resources stand in the same queue as what the ward calls later.

    Parameters
    ----------
    clock : Clock
        Keeps the time, the queue and the numbers of events, where compiled code reads them without asking Python.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__(clock.now)
        self._queue: list[tuple[float, int, int, Any]] = clock.queue  # type: ignore[assignment]
        self._eid: Any = iter(clock.next_number, None)

    if TYPE_CHECKING:
        _now: float
    else:

        @property
        def _now(self) -> float:
            return self._clock.now

        @_now.setter
        def _now(self, time: float) -> None:
            self._clock.now = float(time)
