"""Calendar time. One unit inside the ward: the minute. Time zero is midnight of the scenario's start date.

Times before zero are the burn-in. Clocks do not change in spring or autumn (a declared simplification).
Several things happen at one instant; their order is fixed by the priorities below, not by luck: work ends, then shifts change,
then the ward's day brings new work.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

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
    very queue, and what is not an `At` is stepped by it. SimPy keeps its queue as a heap; here it is sorted, the next event at the
    end. Most events fall due before the hundreds that wait for days: a heap lets each of them climb past all of those and the
    last of them sink again, and the comparisons took a quarter of a compiled ward-year.

    Parameters
    ----------
    initial_time : float
        Minutes.

    Attributes
    ----------
    now : float
        What time it is, minutes.
    queue : list of tuple
        What is due, the next at the end: (-time, -order, -number, event).
    number : int
        Number of the next event: of events at one time and of one order, the first to be scheduled comes first.
    environment : simpy.Environment
        For processes, timeouts, events and resources of SimPy.
    """

    def __init__(self, initial_time: float = 0.0) -> None:
        self.now: float = float(initial_time)
        self.queue: list[tuple[float, int, int, Any]] = []
        self.number = 0
        self.environment = Engine(self)

    def put(self, event: Any, delay: float, order: int) -> None:
        """Put an event into the queue, `delay` minutes from now."""
        number = self.number
        self.number = number + 1
        time = -(self.now + delay)
        entry: tuple[Any, ...] = (time, -order, -number, event)
        queue: list[Any] = self.queue
        if not COMPILED:
            insort(queue, entry)
            return
        first: i64 = 0
        last: i64 = len(queue)
        while first < last:  # the same, comparing machine numbers
            middle = (first + last) >> 1
            other: tuple[Any, ...] = queue[middle]
            its_time: float = other[0]
            if its_time < time or (its_time == time and other < entry):
                first = middle + 1
            else:
                last = middle
        queue.insert(first, entry)

    def run(self, until: float) -> None:
        """Do what is due before a time, and stop there; what is due at that very minute comes later.

        Raises
        ------
        ValueError
            If that time has come already.
        """
        if until <= self.now:
            raise ValueError(f"until ({until}) must be greater than the current simulation time")
        end = At(self, until - self.now, _stop, None, AT_ONCE)
        queue: list[Any] = self.queue
        while True:
            entry: tuple[Any, ...] = queue[-1]
            event = entry[3]
            if isinstance(event, At):
                queue.pop()
                time: float = entry[0]
                self.now = -time
                if event is end:
                    return
                event.happen()
            else:
                self.environment.step()


def _stop(_: Any) -> None:
    """The end of a run that was broken off by an error: nothing happens then."""


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

    __slots__ = ("_value", "call")

    _ok: ClassVar[bool] = True

    def __init__(self, env: Clock, delay: float, call: Callable[[Any], None], value: Any, order: int) -> None:
        self.call = call
        self._value: Any = value
        env.put(self, delay, order)

    def happen(self) -> None:
        """What it was made for."""
        self.call(self)

    @property
    def callbacks(self) -> Any:
        """As SimPy's kernel sees it."""
        return (self.call,)

    @callbacks.setter
    def callbacks(self, _: Any) -> None:
        """The kernel takes the callbacks off an event before it calls them; this event happens once anyhow."""


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
