"""SimPy's environment as the ward sees it. Never compiled: it is a Python class, derived from one of SimPy's."""

from __future__ import annotations

from itertools import count
from typing import Any

import simpy


class Clock(simpy.Environment):
    """SimPy's environment, in which every time is a float.

    It adds nothing but types: SimPy allows whole numbers too, which a compiled ward would have to look at each time.
    """

    now: float
    _now: float
    _queue: list[tuple[float, int, int, Any]]  # type: ignore[assignment]
    _eid: count[int]
