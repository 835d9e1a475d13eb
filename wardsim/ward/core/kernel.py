"""SimPy's environment as the ward sees it. Never compiled: it is a Python class, derived from one of SimPy's."""

from __future__ import annotations

from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import simpy


class Clock(simpy.Environment):
    """SimPy's environment, in which every time is a float.

    SimPy allows whole numbers too, which a compiled ward would have to look at each time. What time it is is read some
    400,000 times a ward-year: here by a getter that runs no Python code.
    """

    if TYPE_CHECKING:
        now: float
    else:
        now = property(attrgetter("_now"))

    _now: float
    _queue: list[tuple[float, int, int, Any]]  # type: ignore[assignment]
    _eid: count[int]
