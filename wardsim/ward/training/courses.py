"""Courses as the planner declares them, and the days on which they are held.

Course days are fixed in the calendar: `sessions_per_month` of them, evenly spread, on working days. Other wards take places too:
how many are open to this ward is drawn for each course day from that day's own draw, so it is the same under every option.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import ceil, comb, floor
from typing import Final

from wardsim.scenario.schema.training import Course

from ..core.clock import WEEK, Calendar
from ..core.streams import Hashed, Stream, Streams
from ..staff.people import ROLE_BITS
from .skill import COURSE_CODES, MONTH

STUDY_DAY_HOURS: Final = 7.5
"""Hours of one course day; longer courses take several working days in a row."""

CLASSROOM: Final = "classroom"
ON_WARD: Final = "on_ward"
E_LEARNING: Final = "e_learning"


class Spec:
    """One course, in the units of the ward.

    Attributes
    ----------
    code : int
        Fixed number of the course; keys its streams.
    name, modality : str
    roles : int
        Role bits of those who need it.
    needed : float
        Share of those roles that need it, 0 to 1.
    initial_hours, refresher_hours : float
    valid_min : float
        Minutes that a certificate lasts.
    planned_per_week : float
        Hours a week that keep one settled person in date.
    booked : bool
        Whether it takes a place on a day off the ward (classroom; e-learning in protected hours).
    unlimited : bool
        Whether any working day will do and places never run out (e-learning in protected hours).
    sessions : Sessions
        Its course days.
    """

    __slots__ = (
        "booked", "code", "initial_hours", "modality", "name", "needed", "planned_per_week", "refresher_hours", "roles",
        "sessions", "unlimited", "valid_min",
    )  # fmt: skip

    def __init__(
        self, course: Course, calendar: Calendar, streams: Streams, *, share: float, protected_e_learning: bool
    ) -> None:
        self.code = COURSE_CODES[course.name]
        self.name: str = course.name
        self.modality: str = course.modality
        self.roles = 0
        for role in course.roles:
            self.roles |= ROLE_BITS[role]
        self.needed = course.needed_pct / 100.0
        self.initial_hours = course.initial_hours
        self.refresher_hours = course.refresher_hours
        self.valid_min = course.valid_months * MONTH
        self.planned_per_week = self.refresher_hours * WEEK / self.valid_min
        self.unlimited = course.modality == E_LEARNING and protected_e_learning
        self.booked = course.modality == CLASSROOM or self.unlimited
        self.sessions = Sessions(
            calendar, streams, self.code, 0.0 if self.unlimited else course.sessions_per_month, course.group_size, share
        )

    def hours(self, *, first: bool) -> float:
        """Hours of the course: the first one, or a refresher (the first again where no refresher is held)."""
        if first or self.refresher_hours <= 0.0:
            return self.initial_hours
        return self.refresher_hours


class Sessions:
    """The days of one course, numbered; session k is held about k / `per_month` months after time zero.

    Parameters
    ----------
    calendar : Calendar
    streams : Streams
    code : int
        Course code.
    per_month : float
        Course days a month; 0: none.
    group_size : int
        Places on one day.
    share : float
        Chance that a place is open to this ward, 0 to 1 (others take the rest).

    Attributes
    ----------
    taken : dict of int to int
        Places this ward has taken, by session number.
    """

    __slots__ = ("_calendar", "_cumulative", "_draws", "_phase", "_spacing", "taken")

    def __init__(
        self, calendar: Calendar, streams: Streams, code: int, per_month: float, group_size: int, share: float
    ) -> None:
        self._calendar = calendar
        self._spacing = MONTH / 1440.0 / per_month if per_month > 0.0 else 0.0
        self._phase = (code * 0.618034) % 1.0
        self._cumulative = binomial_cumulative(group_size, share)
        self._draws: Hashed | None = None if per_month <= 0.0 else streams.hashed(Stream.COURSE_DAY, code)
        self.taken: dict[int, int] = {}

    def between(self, first: int, last: int) -> list[tuple[int, int]]:
        """Sessions (number, day) that begin on a day from `first` to `last`, in order."""
        spacing = self._spacing
        if spacing <= 0.0:
            return []
        found: list[tuple[int, int]] = []
        k = floor((first - 14) / spacing - self._phase)
        while True:
            nominal = floor((k + self._phase) * spacing)
            if nominal > last:
                return found
            day = next_working_day(self._calendar, nominal)
            if first <= day <= last:
                found.append((k, day))
            k += 1

    def places(self, session: int) -> int:
        """Places open to this ward in all."""
        if self._draws is None:
            return 0
        occasion = 2 * session if session >= 0 else -2 * session - 1
        return bisect_right(self._cumulative, self._draws[occasion])

    def left(self, session: int) -> int:
        """Places still open to this ward."""
        return self.places(session) - self.taken.get(session, 0)

    def take(self, session: int, n: int = 1) -> None:
        """Take a place, or give it back (n = -1)."""
        self.taken[session] = self.taken.get(session, 0) + n


def binomial_cumulative(n: int, share: float) -> list[float]:
    """Cumulative probabilities of 0 to n - 1 successes; the count for uniform u is the number of entries at or below u."""
    total = 0.0
    cumulative = []
    for k in range(n):
        total += comb(n, k) * share**k * (1.0 - share) ** (n - k)
        cumulative.append(total)
    return cumulative


def next_working_day(calendar: Calendar, day: int) -> int:
    """This day or the first working day after it."""
    while not calendar.is_working_day(day):
        day += 1
    return day


def course_days(calendar: Calendar, start: int, hours: float) -> tuple[int, ...]:
    """The working days in a row that a course of these hours takes."""
    days = [next_working_day(calendar, start)]
    for _ in range(ceil(hours / STUDY_DAY_HOURS - 1e-9) - 1):
        days.append(next_working_day(calendar, days[-1] + 1))
    return tuple(days)


def hours_of_days(hours: float) -> list[float]:
    """Hours on each of those days."""
    n = max(1, ceil(hours / STUDY_DAY_HOURS - 1e-9))
    return [STUDY_DAY_HOURS] * (n - 1) + [hours - STUDY_DAY_HOURS * (n - 1)]


def specs_of(
    courses: Iterable[Course], calendar: Calendar, streams: Streams, *, share: float, protected_e_learning: bool
) -> dict[str, Spec]:
    """All courses of a scenario by name."""
    return {
        course.name: Spec(course, calendar, streams, share=share, protected_e_learning=protected_e_learning)
        for course in courses
    }
