"""SimPy's environment, on the time and the queue of the ward's clock. Never compiled: it is derived from a Python class of SimPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy
from simpy.core import Infinity
from simpy.events import NORMAL, EventPriority

if TYPE_CHECKING:
    from .clock import Clock


class Engine(simpy.Environment):
    """A whole SimPy environment: processes, timeouts, events and resources stand in the same queue as what the ward calls later.

    Parameters
    ----------
    clock : Clock
        Keeps the time and the queue, where compiled code reads them without asking Python.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__(clock.now)

    def schedule(self, event: simpy.Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """Put an event into the queue of the clock."""
        self._clock.schedule(event, delay, int(priority))

    def step(self) -> None:
        """What is due next by the clock."""
        if self._clock.queue:
            self._clock.step()
        else:
            super().step()  # says that there is nothing

    def take(self, event: simpy.Event) -> None:
        """What SimPy does with an event whose time has come."""
        self._queue.append((self._clock.now, NORMAL, 0, event))
        super().step()

    def peek(self) -> float:
        """Time of the next event."""
        return self._clock.queue[-1].time if self._clock.queue else Infinity

    if TYPE_CHECKING:
        _now: float
    else:

        @property
        def _now(self) -> float:
            return self._clock.now

        @_now.setter
        def _now(self, time: float) -> None:
            self._clock.now = float(time)
