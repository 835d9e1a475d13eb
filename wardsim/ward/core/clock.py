"""Calendar time. One unit inside the ward: the minute. Time zero is midnight of the scenario's start date.

Times before zero are the burn-in. Clocks do not change in spring or autumn (a declared simplification).
Several things happen at one instant; their order is fixed by the priorities below, not by luck: work ends, then shifts change,
then the ward's day brings new work.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import date, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from .compiled import COMPILED
from .kernel import Engine

if TYPE_CHECKING:
    from mypy_extensions import i64

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


class Clock:
    """Time, and what is due, in SimPy's order and with its loop, where both can be compiled.

    Order and what a step does are SimPy's (`Environment.schedule`, `step` and `run`): `environment` is a SimPy environment on this
    very queue, and takes what is its own. SimPy keeps its queue as a heap; here it is sorted, the next event at the end. Most
    events fall due before the hundreds that wait for days: a heap lets each of them climb past all of those and the last of them
    sink again, and the comparisons took a quarter of a compiled ward-year.

    Parameters
    ----------
    initial_time : float
        Minutes.

    Attributes
    ----------
    now : float
        What time it is, minutes.
    queue : list of Entry
        What is due, the next at the end.
    number : int
        How many have been put into the queue, less those taken back.
    environment : simpy.Environment
        For processes, timeouts, events and resources of SimPy.
    """

    def __init__(self, initial_time: float = 0.0) -> None:
        self.now: float = float(initial_time)
        self.queue: list[Entry] = []
        self.number = 0
        self.environment = Engine(self)

    def put(self, entry: Entry, delay: float, order: i64) -> None:
        """Put something into the queue: of what is due at one time and of one order, what was put first comes first.

        Parameters
        ----------
        entry : Entry
            Not in the queue yet, or no longer.
        delay : float
            Minutes from now.
        order : int
            Place among what is due at the same minute, one of those above.
        """
        self.number += 1
        queue = self.queue
        before = -(self.now + delay)
        entry.before = before
        entry.order = order
        place = _place(queue, before)
        while place < len(queue):
            other = queue[place]
            if other.before != before or other.order <= order:
                break
            place += 1
        queue.insert(place, entry)

    def take_back(self, entry: Entry) -> None:
        """Take something out of the queue before its time."""
        queue = self.queue
        place = _place(queue, entry.before)
        while queue[place] is not entry:
            place += 1
        del queue[place]
        self.number -= 1

    def schedule(self, event: Any, delay: float, order: int) -> None:
        """Put an event of SimPy's into the queue, `delay` minutes from now."""
        self.put(Foreign(self.environment, event), delay, order)

    def step(self) -> None:
        """Do what is due next."""
        entry = self.queue.pop()
        self.now = -entry.before
        entry.happen()

    def run(self, until: float) -> None:
        """Do what is due before a time, and stop there; what is due at that very minute comes later.

        Raises
        ------
        ValueError
            If that time has come already.
        """
        if until <= self.now:
            raise ValueError(f"until ({until}) must be greater than the current simulation time")
        end = Entry()
        self.put(end, until - self.now, AT_ONCE)
        queue = self.queue
        while True:
            entry = queue.pop()
            self.now = -entry.before
            if entry is end:
                return
            entry.happen()


class Entry:
    """Something that can be due at a time, with a fixed place among the things due at that minute.

    Attributes
    ----------
    before : float
        Minutes from when it is due to time zero; by this the queue is sorted, as the next event is the last.
    order : int
        As it was put.
    """

    __slots__ = ("before", "order")

    def __init__(self) -> None:
        self.before = 0.0
        self.order: i64 = 0

    @property
    def time(self) -> float:
        """When it is due."""
        return -self.before

    def happen(self) -> None:
        """What is to be done; nothing at the end of a run that was broken off by an error."""


_BEFORE: Final = attrgetter("before")


def _place(queue: list[Entry], before: float) -> i64:
    """Of the first that is due then or earlier. Compared are machine numbers, from the end on, where most that is new belongs."""
    if not COMPILED:
        return bisect_left(queue, before, key=_BEFORE)
    last: i64 = len(queue)
    step: i64 = 4
    first = last - step
    while first >= 0 and queue[first].before >= before:
        last = first
        step += step
        first -= step
    first = max(first + 1, 0)
    while first < last:
        middle = (first + last) >> 1
        if queue[middle].before < before:
            first = middle + 1
        else:
            last = middle
    return first


class Foreign(Entry):
    """An event of SimPy's: a timeout, a process, a condition."""

    __slots__ = ("_engine", "_event")

    def __init__(self, engine: Engine, event: Any) -> None:
        super().__init__()
        self._engine = engine
        self._event = event

    def happen(self) -> None:
        """What SimPy does with it."""
        self._engine.take(self._event)


class At(Entry):
    """A callback at a time.

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

    __slots__ = ("_value", "call")

    def __init__(self, env: Clock, delay: float, call: Callable[[Any], None], value: Any, order: int) -> None:
        super().__init__()
        self.call = call
        self._value: Any = value
        env.put(self, delay, order)

    def happen(self) -> None:
        """What it was made for."""
        self.call(self)


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
