"""Calendar time. One unit inside the ward: the minute. Time zero is midnight of the scenario's start date.

Times before zero are the burn-in. Clocks do not change in spring or autumn (a declared simplification).
Several things happen at one instant; their order is fixed by the priorities below, not by luck: work ends, then shifts change,
then the ward's day brings new work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import simpy
from simpy.events import EventPriority

HOUR = 60.0
DAY = 1440.0
WEEK = 10080.0
YEAR = 365.25 * DAY

AT_ONCE = EventPriority(0)
AT_END_OF_WORK = EventPriority(1)
AT_SHIFT_CHANGE = EventPriority(2)
AT_NEW_WORK = EventPriority(3)
"""Order of things due at the same minute (SimPy event priorities; SimPy's own NORMAL is 1, URGENT 0)."""


class At(simpy.Event):
    """A callback at a time, with a fixed place among the things due at that minute.

    No process waits for it, so it carries only what the kernel looks at.
    """

    _ok = True

    def __init__(
        self, env: simpy.Environment, delay: float, call: Callable[[Any], None], value: Any, order: EventPriority
    ) -> None:
        self.callbacks = [call]
        self._value = value
        env.schedule(self, order, delay)


class Later(At):
    """A callback that goes on in a ward that is saved before its time and taken up again.

    What is called is a method of a part, the value something that `work.in_hand` can write down.
    """


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
