"""Annual leave owed: granted, taken, given back and booked again, carried over or lost, settled on leaving.

Contracted leave is granted in days of the calendar, each a seventh of the contracted week: a year of 33 days of 7.5 hours for one
whole-time equivalent is 46 days of the calendar, and a week off takes seven whatever the contract. The facts give contracted hours.

The balance falls only by leave really taken. A booked day on which the person is sick, injured or on parental or other leave is
given back, as NHS terms and conditions of service have it: it stays owed. On Mondays what is owed and has no place is booked
again, once the person is back: the earliest week wholly beyond the published roster, within this leave year and before leaving, in
which with this person no more of those with the same role and band are on leave than their fair share, the leave granted to all of them
spread evenly over the year. What finds no place is carried over up to the scenario's limit and booked in the new leave year; the rest is
lost. Who joins or gives notice is granted leave for the part of the year in post; leave booked beyond that is called off, the latest first,
as far as no roster is published. At a fresh start everybody is owed what the calendar still holds for this leave year.

Simplifications: one limit for all that is carried over (by the Working Time Regulations 1998, as amended in 2024, four weeks after
sickness, 5.6 after parental leave); nobody books leave during sickness; one day of sickness is enough to have it back.
"""

from __future__ import annotations

from math import ceil

from ..core.clock import day_of
from ..core.context import Context
from .absence import LEAVE_YEAR, Absence
from .establishment import Establishment
from .plan import Plan
from .posts import POSTS_PER_LINE
from .roster import Roster


class LeaveOwed:
    """Balances of annual leave, and the leave booked to meet them.

    Parameters
    ----------
    ctx : Context
        Common ground.
    absence : Absence
        The calendars, and how much leave a year gives.
    establishment : Establishment
        The people.
    roster : Roster
        How far ahead shifts are published.
    """

    def __init__(self, ctx: Context, absence: Absence, establishment: Establishment, roster: Roster) -> None:
        self._ctx = ctx
        self._absence = absence
        self._plans = establishment.plans
        self._roster = roster
        self._limit = round(7.0 / 5.0 * ctx.scenario.staffing.absence.leave_carried_over_days)
        self._end = absence.year_end(day_of(ctx.begin) - 1)
        """First day after the leave year granted last."""
        self._accounts: dict[int, Plan] = {}
        """Those in post, by person id."""
        self.running: dict[int, tuple[str, int]] = {}
        """Person id to (taken or given_back, days so far) of the stretch of leave in hand."""
        self._unmatched: set[int] = set()
        """Ids of people whose balance and bookings may differ."""

    # -- who comes, goes on and goes ----------------------------------------------------------------------------------------

    def start(self, plan: Plan) -> None:
        """At a fresh start: what the calendar still holds for the leave year in hand."""
        plan.leave_balance = len(plan.booked(day_of(self._ctx.begin), self._end))
        self.resume(plan)

    def resume(self, plan: Plan) -> None:
        """The balance with which a run begins."""
        self._open(plan)
        self._write(plan, "opening", plan.leave_balance)

    def coming(self, plan: Plan) -> None:
        """Somebody has accepted a post: leave in the calendar beyond what the first leave year will grant is called off."""
        end = self._absence.year_end(plan.start_day)
        plan.call_off(plan.booked(plan.start_day, end)[self._granted(plan, end) :])

    def hired(self, plan: Plan) -> None:
        """The first day: leave for the rest of the leave year."""
        self._open(plan)
        self._change(plan, "granted", self._granted(plan, self._end))

    def notice(self, plan: Plan) -> None:
        """Notice has been given: no leave is earned after the last day."""
        self._end_stretch(plan)
        self._change(plan, "granted", self._granted(plan, self._end) - self._granted(plan, self._end, until=self._end))
        self._unmatched.add(plan.person.id)

    def left(self, plan: Plan) -> None:
        """The last day is over: what is owed is paid out; below zero it is owed to the ward."""
        self._end_stretch(plan)
        self._change(plan, "settled", -plan.leave_balance)
        del self._accounts[plan.person.id]
        self._unmatched.discard(plan.person.id)

    def close(self) -> None:
        """Write the stretches in hand at the end of a run."""
        for person in list(self.running):
            self._end_stretch(self._accounts[person])

    def _open(self, plan: Plan) -> None:
        self._accounts[plan.person.id] = plan
        self._unmatched.add(plan.person.id)

    # -- as days pass -------------------------------------------------------------------------------------------------------

    def turn(self, day: int) -> None:
        """On the first day of a leave year: the old year is closed and the new one granted."""
        if day < self._end:
            return
        self._end = self._absence.year_end(day)
        for plan in self._accounts.values():
            self._end_stretch(plan)
            self._change(plan, "lost", -max(plan.leave_balance - self._limit, 0))
            if plan.leave_balance:
                self._write(plan, "carried", plan.leave_balance)
            self._change(plan, "granted", self._granted(plan, self._end))
        self._unmatched.update(self._accounts)

    def look(self, plan: Plan, day: int) -> None:
        """Count a day of one person who is on leave, or was the day before."""
        event = ""
        if plan.person.id in self._accounts and plan.has_booked(day):
            event = "taken" if plan.cause(day) == "annual_leave" else "given_back"
        last, days = self.running.get(plan.person.id, ("", 0))
        if last != event:
            self._end_stretch(plan)
            days = 0
        if event:
            self.running[plan.person.id] = (event, days + 1)
        if event == "taken":
            plan.leave_balance -= 1
        elif event == "given_back":
            self._unmatched.add(plan.person.id)

    def match(self, day: int) -> None:
        """On Mondays: book what is owed and has no place; call off what is booked and not owed."""
        if self._ctx.calendar.weekday(day) != 0:
            return
        if self._roster.given.days:  # a given roster may give leave or take it
            self._unmatched.update(self._accounts)
        for plan in sorted((self._accounts[person] for person in self._unmatched), key=lambda plan: plan.person.key):
            if self._matched(plan, day):
                self._unmatched.discard(plan.person.id)

    def _matched(self, plan: Plan, day: int) -> bool:
        """Bring bookings closer to the balance; whether they now agree."""
        end = min(self._end, plan.leaves_day)
        ahead = plan.booked(day + 1, end)
        left = plan.leave_balance - len(ahead)
        unpublished = self._roster.published_until + 1
        if left < 0:
            off = [d for d in ahead if d >= unpublished][left:]
            plan.call_off(off)
            return len(off) == -left
        return left == 0 or (not plan.cause(day) and self._book(plan, left, max(unpublished, day + 1), end))

    def _book(self, plan: Plan, days: int, first: int, end: int) -> bool:
        """Book so many days from `first` on and before `end`, a week at most at a time; whether all found a place."""
        for monday in range(first + (-self._ctx.calendar.weekday(first)) % 7, end, 7):
            new = range(monday, min(monday + 7, monday + days, end))
            if any(plan.known_absent(d) or d in plan.study for d in new) or not self._fair(plan, monday):
                continue
            plan.book(new)
            self._write(plan, "rebooked", len(new))
            days -= len(new)
            if days == 0:
                return True
        return False

    def _fair(self, plan: Plan, monday: int) -> bool:
        """Whether one more of the same role and band may be on leave in a week."""
        line = plan.person.key[0] // POSTS_PER_LINE
        peers = [p for p in self._plans.values() if p.person.key[0] // POSTS_PER_LINE == line and p.in_post(monday)]
        away = sum(1 for p in peers if p is not plan and p.books(monday, monday + 7))
        return away < ceil(len(peers) * self._absence.annual_days(plan.group) / LEAVE_YEAR)

    # -- the account --------------------------------------------------------------------------------------------------------

    def _granted(self, plan: Plan, end: int, until: int | None = None) -> int:
        """Days granted for the part in post of the leave year before day `end`; `until` stands in for the day of leaving."""
        first, last = max(end - LEAVE_YEAR, plan.start_day), min(end, plan.leaves_day if until is None else until)
        return round(self._absence.annual_days(plan.group) * max(last - first, 0) / LEAVE_YEAR)

    def _end_stretch(self, plan: Plan) -> None:
        self._write(plan, *self.running.pop(plan.person.id, ("", 0)))

    def _change(self, plan: Plan, event: str, days: int) -> None:
        plan.leave_balance += days
        self._write(plan, event, days if event == "granted" else -days)

    def _write(self, plan: Plan, event: str, days: int) -> None:
        if days:
            person = plan.person
            day = person.weekly_hours / 7.0
            row = (self._ctx.env.now, person.id, person.role_name, event, day * days, day * plan.leave_balance)
            self._ctx.facts.leave_owed.append(row)
