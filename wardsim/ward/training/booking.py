"""Places on courses: who asks, in which order, what is refused, what is called off, what is attended.

One round a week; every request, refusal, release, cancellation and attendance is a fact with its reason. Hours add up: what is
booked is later attended or cancelled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..core.clock import DAY, HOUR
from ..core.context import Context
from ..staff.people import Person
from .courses import course_days, hours_of_days
from .records import Need
from .release import (
    AWAY,
    COVER_SHORT,
    FULL,
    LEFT,
    NO_PLACE,
    NOT_ALLOWED,
    RECALLED,
    SHIFT,
    SICK,
    Release,
    StaffingLike,
)
from .skill import MONTH

PART: Final = "part"
COMPLETE: Final = "complete"
"""Reasons of the event `attended`: more of this course is to come; the course is finished."""

COURSE_END: Final = 16.5 * HOUR
"""Time of day at which a course day ends (certificates count from it)."""


class Booking:
    """One place on one course for one person.

    Attributes
    ----------
    need : Need
    session : int
        Session number, or the day for courses that any day will do for.
    days, hours, ways, shifts : list
        Each course day still to come: the day, its hours, how the person is freed, and from which shift.
    backfill : bool
        Whether gaps are offered to others.
    """

    __slots__ = ("backfill", "days", "hours", "need", "session", "shifts", "ways")

    def __init__(self, need: Need, session: int, backfill: bool) -> None:
        self.need = need
        self.session = session
        self.backfill = backfill
        self.days: list[int] = []
        self.hours: list[float] = []
        self.ways: list[str] = []
        self.shifts: list[str] = []

    def add(self, day: int, hours: float, way: str, shift: str) -> None:
        """Add a course day."""
        self.days.append(day)
        self.hours.append(hours)
        self.ways.append(way)
        self.shifts.append(shift)

    def pop(self) -> tuple[int, float, str, str]:
        """Take the first course day off."""
        return self.days.pop(0), self.hours.pop(0), self.ways.pop(0), self.shifts.pop(0)

    def saved(self) -> list[Any]:
        """Plain data."""
        need = self.need
        return [
            need.person.id,
            need.spec.name,
            self.session,
            self.backfill,
            self.days,
            self.hours,
            self.ways,
            self.shifts,
        ]


class Bookings:
    """All places booked.

    Parameters
    ----------
    ctx : Context
    staffing : StaffingLike
    release : Release
    finished : callable
        Called with a need and a time when its course is finished.
    """

    def __init__(
        self, ctx: Context, staffing: StaffingLike, release: Release, finished: Callable[[Need, float], None]
    ) -> None:
        p = ctx.p
        training = ctx.scenario.training
        self._ctx = ctx
        self._staffing = staffing
        self._release = release
        self._finished = finished
        self._training = ctx.facts.table("training")
        self._notice = round(p["training.booking_notice_days"])
        self._horizon = round(7.0 * (training.book_ahead_weeks + p["training.search_beyond_weeks"]))
        self._retry = round(7.0 * p["training.retry_weeks"])
        self.booked: list[Booking] = []

    def fact(
        self,
        need: Need,
        event: str,
        hours: float,
        reason: str = "",
        *,
        time: float | None = None,
        backfilled: bool = False,
    ) -> None:
        """Write one fact of training."""
        person, spec = need.person, need.spec
        when = self._ctx.env.now if time is None else time
        self._training.append(
            (when, person.id, person.role_name, spec.name, event, hours, reason, spec.modality, int(backfilled))
        )

    # -- asking -------------------------------------------------------------------------------------------------------------

    def ask(self, need: Need, today: int) -> None:
        """Ask for a place for one person: booked and released, or refused with the reason.

        Refused for want of cover on a published roster, a later day is asked for once more, in the roster still to be drawn up.
        """
        for later in (False, True):
            need.asks += 1
            self.fact(need, "asked", need.hours)
            reason = NOT_ALLOWED if self._release.forbidden else self._try(need, today, later=later)
            if not reason:
                return
            self._refuse(need, reason, today)
            if reason != COVER_SHORT:
                return

    def had(self, need: Need, when: float) -> bool:
        """At the start of a run: a place booked earlier, on the course day nearest to `when` for which the person can be freed.

        The first rosters have been drawn up without study days, so a day off will do (its hours are given back).
        """
        spec = need.spec
        today = int(self._ctx.env.now // DAY)
        wanted = when / DAY
        if spec.unlimited:
            offers = [(day, day) for day in range(today + 1, today + self._horizon) if self._ctx.calendar.is_working_day(day)]
        else:
            offers = [(k, day) for k, day in spec.sessions.between(today + 1, today + self._horizon) if spec.sessions.left(k) > 0]
        for session, start in sorted(offers, key=lambda offer: (abs(offer[1] - wanted), offer[1]))[:6]:
            days = course_days(self._ctx.calendar, start, need.hours)
            ways = [self._release.way(need.person, day, days_off=True) for day in days]
            if {AWAY, FULL, COVER_SHORT} & set(ways):
                continue
            need.asks += 1
            self.fact(need, "asked", need.hours)
            if self._book(need, session, days, ways):
                return True
            self._refuse(need, COVER_SHORT, today)
            return False
        return False

    def _try(self, need: Need, today: int, *, later: bool) -> str:
        """Book the best course day that can be had; the reason why not, empty when booked."""
        reason = NO_PLACE
        for session, start in self._offers(need, today, later=later):
            days = course_days(self._ctx.calendar, start, need.hours)
            ways = self._ways(need, days)
            if COVER_SHORT in ways:
                need.tried = max(need.tried, days[0])
                return COVER_SHORT
            if FULL in ways:
                reason = COVER_SHORT
            elif AWAY not in ways and self._book(need, session, days, ways):
                return ""
        return reason

    def _offers(self, need: Need, today: int, *, later: bool) -> list[tuple[int, int]]:
        """Course days to be tried, best first.

        With a certificate still in date: days in the roster not yet published and still in time, which cost no shift already
        given out; then, and for everybody else at once, the days as they come.
        """
        spec = need.spec
        published = self._staffing.roster.published_until
        first, last = max(today + self._notice, need.tried + 1), today + self._horizon
        if later:
            first = max(first, published + 1)
        if spec.unlimited:
            calendar = self._ctx.calendar
            offers = [(day, day) for day in range(first, last + 1) if calendar.is_working_day(day)]
        else:
            offers = [(k, day) for k, day in spec.sessions.between(first, last) if spec.sessions.left(k) > 0]
        if need.certificate <= self._ctx.env.now:
            return offers
        early = [offer for offer in offers if offer[1] > published and (offer[1] + 1) * DAY <= need.deadline]
        return early + [offer for offer in offers if offer not in early]

    def _ways(self, need: Need, days: tuple[int, ...]) -> list[str]:
        """How the person would be freed on each day; only the obstacle when one day will not do at all."""
        days_off = len(days) > 1 or self._new(need.person)
        ways = []
        for day in days:
            way = self._release.way(need.person, day, days_off=days_off)
            if way in (AWAY, FULL):
                return [way]
            ways.append(way)
        return ways

    def _new(self, person: Person) -> bool:
        """Whether the person came after the published roster was drawn up."""
        return self._ctx.env.now - person.hired_at < 8.0 * 7.0 * DAY

    def _book(self, need: Need, session: int, days: tuple[int, ...], ways: list[str]) -> bool:
        backfill = self._release.backfilled(need)
        booking = Booking(need, session, backfill)
        roster = self._staffing.roster
        for day, hours, way in zip(days, hours_of_days(need.hours), ways, strict=True):
            shift = (roster.shift_of(need.person, day) or "") if way == SHIFT else ""
            if not self._release.free(need.person, day, hours, way, backfill=backfill):
                for done, how, was in zip(booking.days, booking.ways, booking.shifts, strict=True):
                    self._release.take_back(need.person, done, how, was)
                return False
            booking.add(day, hours, way, shift)
        self.booked.append(booking)
        need.booked = True
        if not need.spec.unlimited:
            need.spec.sessions.take(session)
        self.fact(need, "booked", need.hours, backfilled=backfill)
        for hours, way in zip(booking.hours, booking.ways, strict=True):
            self.fact(need, "released", hours, way, backfilled=backfill and way == SHIFT)
        return True

    def _refuse(self, need: Need, reason: str, today: int) -> None:
        need.reason = reason
        need.next_ask = today + self._retry
        self.fact(need, "refused", need.hours, reason)

    # -- the course day -----------------------------------------------------------------------------------------------------

    def morning(self, today: int) -> None:
        """Before the first day shift: who goes, who is sick, who is called back. The last booked is called back first."""
        due = [booking for booking in self.booked if booking.days[0] <= today]
        for booking in reversed(due):
            need = booking.need
            if self._release.sick(need.person, today):
                self.cancel(booking, SICK)
            elif self._release.called_back(need, today, booking.ways[0], booking.shifts[0]):
                self.cancel(booking, RECALLED)
            else:
                self._attend(booking)

    def _attend(self, booking: Booking) -> None:
        need = booking.need
        day, hours, way, _ = booking.pop()
        end = day * DAY + COURSE_END
        last = not booking.days
        self.fact(need, "attended", hours, COMPLETE if last else PART, backfilled=booking.backfill and way == SHIFT)
        if last:
            self.booked.remove(booking)
            self._finished(need, end)

    def cancel(self, booking: Booking, reason: str) -> None:
        """Call a booking off: the person is put back on the roster, the hours to come are lost, the place is free again."""
        need = booking.need
        self.booked.remove(booking)
        need.booked = False
        need.reason = reason
        need.next_ask = need.tried = -(10**9)
        today = int(self._ctx.env.now // DAY)
        for day, way, shift in zip(booking.days, booking.ways, booking.shifts, strict=True):
            self._release.take_back(need.person, day, way, shift)
        if not need.spec.unlimited and booking.days[0] > today:
            need.spec.sessions.take(booking.session, -1)
        self.fact(
            need, "cancelled", sum(booking.hours), reason, backfilled=booking.backfill and booking.ways[0] == SHIFT
        )

    def leave(self, person: Person) -> None:
        """Call off whatever somebody who has left had booked."""
        for booking in [b for b in self.booked if b.need.person is person]:
            self.cancel(booking, LEFT)

    # -- saving -------------------------------------------------------------------------------------------------------------

    def restore(self, row: list[Any], need: Need) -> None:
        """Take over a saved booking."""
        booking = Booking(need, row[2], row[3])
        for day, hours, way, shift in days_of(row):
            booking.add(day, hours, way, shift)
            self._release.count(need.person, day, way, shift, 1)
        self.booked.append(booking)
        need.booked = True
        if not need.spec.unlimited:
            need.spec.sessions.take(booking.session)


def days_of(row: list[Any]) -> list[tuple[int, float, str, str]]:
    """Course days of a saved booking: day, hours, way, shift."""
    return list(zip(*row[4:8], strict=True))


def urgency(need: Need, exposure: float, now: float, doubling_months: float) -> float:
    """Rank in a training needs assessment: exposure to violence relative to colleagues, doubled by time out of date."""
    overdue = (now - need.deadline) / MONTH
    return float(exposure * 2.0 ** (overdue / doubling_months))
