"""Calendar time. One unit inside the ward: the minute. Time zero is midnight of the scenario's start date.

Times before zero are the burn-in. Clocks do not change in spring or autumn (a declared simplification).
Several things happen at one instant; their order is fixed by the priorities below, not by luck: work ends, then shifts change,
then the ward's day brings new work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from heapq import heappush
from typing import Any, ClassVar, Final

from .kernel import Clock

HOUR: Final = 60.0
DAY: Final = 1440.0
WEEK: Final = 10080.0
YEAR: Final = 525960.0
"""365.25 days."""

AT_ONCE: Final = 0
AT_END_OF_WORK: Final = 1
AT_SHIFT_CHANGE: Final = 2
AT_NEW_WORK: Final = 3
"""Order of things due at the same minute (SimPy event priorities; SimPy's own NORMAL is 1, URGENT 0)."""


class At:
    """A callback at a time, with a fixed place among the things due at that minute.

    To SimPy's kernel it is an event like any other: it stands in the queue as `Environment.schedule` would put it there and has
    what `Environment.step` looks at. No process waits for it, so it has nothing else, and is not derived from `simpy.Event`.

    Parameters
    ----------
    env : Clock
        The clock.
    delay : float
        Minutes from now.
    call : callable
        Called with this event.
    value : object
        For whoever is called: `event._value`.
    order : int
        Place among what is due at the same minute, one of those above.
    """

    __slots__ = ("_value", "callbacks")

    _ok: ClassVar[bool] = True

    def __init__(self, env: Clock, delay: float, call: Callable[[Any], None], value: Any, order: int) -> None:
        self.callbacks: Any = (call,)
        self._value: Any = value
        heappush(env._queue, (env._now + delay, order, next(env._eid), self))


class Later(At):
    """A callback that goes on in a ward that is saved before its time and taken up again.

    What is called is a method of a part, the value something that `work.in_hand` can write down.
    """

    __slots__ = ()


class Calendar:
    """Turns minutes into dates, weekdays and public holidays.

    Parameters
    ----------
    start : date
        Date of time zero.
    holidays : frozenset of int
        Day numbers (0 = start date; may be negative) that are public holidays.
    """

    __slots__ = ("holidays", "start", "weekday0")

    def __init__(self, start: date, holidays: frozenset[int] = frozenset()) -> None:
        self.start = start
        self.holidays = holidays
        self.weekday0 = start.weekday()

    def weekday(self, day: int) -> int:
        """Weekday of a day number, Monday 0."""
        return (day + self.weekday0) % 7

    def is_weekend(self, day: int) -> bool:
        """Whether the day is a Saturday or a Sunday."""
        return (day + self.weekday0) % 7 >= 5

    def is_holiday(self, day: int) -> bool:
        """Whether the day is a public holiday."""
        return day in self.holidays

    def is_working_day(self, day: int) -> bool:
        """Monday to Friday and no public holiday."""
        return (day + self.weekday0) % 7 < 5 and day not in self.holidays

    def date(self, day: int) -> date:
        """Calendar date of a day number."""
        return self.start + timedelta(days=day)


def day_of(time: float) -> int:
    """Day number of a time in minutes (floor, so burn-in days are negative)."""
    return int(time // DAY)
