"""The shift clock: puts people on and off duty at the minutes of the pattern, and writes a row for every shift and role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..core.clock import AT_SHIFT_CHANGE, DAY, At, day_of
from ..core.context import Context
from ..core.streams import Stream
from .office import Office
from .patterns import GROUP_NAMES, OTHER_GROUP, Pattern, Shift
from .people import BANK, SUBSTANTIVE, Person
from .roster import Roster
from .sheet import Sheet
from .team import ShiftStart, Team
from .temporary import CATCH, Temporary

CONTRACTED: Final = "contracted"
OVERTIME: Final = "overtime"


class Duty:
    """Starts and ends duty.

    Parameters
    ----------
    ctx : Context
        Common ground.
    pattern, roster, team
        Shift times; who is to come; who has come.
    shift_started : list of callables
        Called when everybody of a nursing shift is on duty.
    """

    def __init__(
        self,
        ctx: Context,
        pattern: Pattern,
        roster: Roster,
        team: Team,
        shift_started: list[Callable[[ShiftStart], None]],
    ) -> None:
        self._ctx = ctx
        self._rows = ctx.facts.table("shift")
        self._pattern = pattern
        self._roster = roster
        self._team = team
        self._shift_started = shift_started
        self._office = int(Office.minute)
        self._ending: dict[float, list[Person]] = {}
        self._closing: dict[float, list[Sheet]] = {}
        self._shifts_at: dict[int, list[Shift]] = {}
        for shift in (*pattern.shifts.values(), pattern.day_shift):
            self._shifts_at.setdefault(shift.start, []).append(shift)
        ends = {s.end % 1440 for s in (*pattern.shifts.values(), pattern.day_shift)}
        self._minutes = sorted(set(self._shifts_at) | ends | {self._office})
        staffing = ctx.scenario.staffing
        self._lends = ctx.on.demand_staffing and staffing.lent_to_other_wards
        self._lend_share = ctx.p["staff.lend_probability"]
        self._lending: tuple[int, list[float]] = (-1, [])
        self._morning: Callable[[int], None] = lambda day: None

    # -- the clock ----------------------------------------------------------------------------------------------------------

    def start_clock(self, morning: Callable[[int], None]) -> None:
        """Begin: one event at each minute at which shifts change, and the office round."""
        self._morning = morning
        now = self._ctx.env.now
        if now % DAY in self._minutes:
            At(self._ctx.env, 0.0, self._tick, None, AT_SHIFT_CHANGE)
        else:
            self._schedule(now)

    def _schedule(self, after: float) -> None:
        day = day_of(after)
        minute = after - day * DAY
        due = (day + 1) * DAY + self._minutes[0]
        for following in self._minutes:
            if following > minute:
                due = day * DAY + following
                break
        At(self._ctx.env, due - after, self._tick, None, AT_SHIFT_CHANGE)

    def _tick(self, event: At) -> None:
        now = self._ctx.env.now
        day = day_of(now)
        minute = int(now - day * DAY)
        for sheet in self._closing.pop(now, ()):
            self._write(sheet, now)
        for person in self._ending.pop(now, ()):
            if person.duty_end <= now:
                self._ctx.dispatcher.end_duty(person)
        if minute == self._office:
            self._morning(day)
        for shift in self._shifts_at.get(minute, ()):
            if shift is self._pattern.day_shift:
                self._start_weekly(day, shift)
            else:
                self._start(day, shift)
        self._schedule(now)

    def _start_weekly(self, day: int, shift: Shift) -> None:
        for plan in list(self._roster.plans.values()):
            if plan.group == OTHER_GROUP and plan.shifts.get(day) is shift:
                self._on(plan.person, shift, day * DAY + shift.end, CONTRACTED)

    def _start(self, day: int, shift: Shift) -> None:
        """Everybody of a shift comes on duty; then those who wait for it are told."""
        now = self._ctx.env.now
        page = self._roster.sheets.get(day)
        if page is None:
            return
        first = self._pattern.covers[shift.name][0]
        sheet = page[first]
        opens = sheet.period.name == shift.name
        if opens:
            self._closing.setdefault(sheet.end, []).append(sheet)
            if self._lends:
                self._lend(sheet)
        people: list[Person] = []
        end = day * DAY + shift.end
        for role in (0, 1):
            for person in list(sheet.own[role]):
                plan = self._roster.plans.get(person.id)
                if plan is not None and plan.shifts.get(day) is shift:
                    self._come(page, shift, person, role, CONTRACTED, end)
                    people.append(person)
            if opens:
                for person in list(sheet.temps[role]):
                    if person.id not in sheet.late:
                        kind = OVERTIME if person.employment == SUBSTANTIVE else person.employment
                        self._come(page, shift, person, role, kind, end)
                        people.append(person)
        self._team.shift = shift.name
        started = ShiftStart(now, day, shift.name, end, people)
        for call in self._shift_started:
            call(started)

    def _come(self, page: list[Sheet], shift: Shift, person: Person, role: int, kind: str, end: float) -> None:
        for n in self._pattern.covers[shift.name]:
            page[n].present.append((person, role, kind))
        self._on(person, shift, end, kind)

    def _on(self, person: Person, shift: Shift, end: float, kind: str) -> None:
        self._ending.setdefault(end, []).append(person)
        if person.on_duty:  # stays for the next shift (only in rosters given by the planner)
            person.duty_end = end
            return
        self._team.come(person, self._ctx.env.now, shift, extra=kind == OVERTIME)
        self._ctx.dispatcher.start_duty(person, shift.name, end, contracted=kind == CONTRACTED)

    def arrive(self, sheet: Sheet, person: Person, role: int, kind: str) -> None:
        """Somebody comes after the shift has begun."""
        if self._ctx.env.now < sheet.end and not person.on_duty:
            sheet.present.append((person, role, kind))
            self._on(person, sheet.period, sheet.end, kind)

    def _lend(self, sheet: Sheet) -> None:
        """Somebody above the number wanted may be sent to another ward for the shift: temporary staff first."""
        for role in (0, 1):
            here = len(sheet.temps[role]) + len(sheet.own[role])
            if here <= sheet.required[role] + sheet.extra[role] or here <= 1:
                continue
            week, day = divmod(sheet.day + CATCH, 7)
            if week != self._lending[0]:
                self._lending = (week, self._ctx.streams.row(Stream.LENDING, week, n=84))
            if self._lending[1][12 * day + 2 * sheet.period.code + role] >= self._lend_share:
                continue
            candidates = [p for p in sheet.temps[role] if p.id not in sheet.late] or [
                p
                for p in sheet.own[role]
                if (plan := self._roster.plans.get(p.id)) is not None and plan.shifts.get(sheet.day) is sheet.period
            ]
            if candidates:
                person = candidates[-1]
                (sheet.temps if person in sheet.temps[role] else sheet.own)[role].remove(person)
                sheet.lent[role] += 1

    # -- changes in hand ----------------------------------------------------------------------------------------------------

    def send_home(self, person: Person, reason: str) -> None:
        """End a person's duty now; the rest of the shift is a gap."""
        if not person.on_duty:
            return
        now = self._ctx.env.now
        self._ctx.dispatcher.end_duty(person)
        for day in (day_of(now) - 1, day_of(now)):
            for sheet in self._roster.sheets.get(day, ()):
                if not sheet.start <= now < sheet.end:
                    continue
                for role in (0, 1):
                    for people in (sheet.own[role], sheet.temps[role]):
                        if person in people:
                            people.remove(person)
                            self._reopen(sheet, role, reason)

    def cancel_bookings(self, person: Person, start: float, end: float, reason: str, temporary: Temporary) -> None:
        """A bank or agency worker cannot come for a while."""
        for day in range(day_of(start), day_of(end) + 1):
            for sheet in self._roster.sheets.get(day, ()):
                if sheet.start < start:
                    continue
                for role in (0, 1):
                    if person in sheet.temps[role]:
                        sheet.temps[role].remove(person)
                        temporary.unbook(person, day)
                        self._reopen(sheet, role, reason)

    def _reopen(self, sheet: Sheet, role: int, reason: str) -> None:
        if sheet.open(role) > 0:
            sheet.why[role].append(reason)
            if sheet.day <= self._roster.offered_until:
                self._roster.seek(sheet, role)

    # -- rows ---------------------------------------------------------------------------------------------------------------

    def _write(self, sheet: Sheet, until: float) -> None:
        """A row for each role: who came, and the paid hours they worked of those planned."""
        length = sheet.end - sheet.start
        paid = sheet.period.hours / length
        for role in (0, 1):
            contracted = overtime = bank = agency = 0
            minutes = 0.0
            for person, its_role, kind in sheet.present:
                if its_role == role:
                    if kind == CONTRACTED:
                        contracted += 1
                    elif kind == BANK:
                        bank += 1
                    elif kind == OVERTIME:
                        overtime += 1
                    else:
                        agency += 1
                    off = until if person.on_duty or person.last_shift_end > until else person.last_shift_end
                    minutes += max(off - max(person.duty_start, sheet.start), 0.0)
            self._rows.append(
                (
                    sheet.start, sheet.end, sheet.day, sheet.period.name, GROUP_NAMES[role], sheet.required[role],
                    sheet.rostered[role], contracted, overtime, bank, agency, sheet.extra[role], sheet.lent[role],
                    minutes * paid, sheet.required[role] * sheet.period.hours,
                )
            )  # fmt: skip

    def close(self) -> None:
        """Rows of the shifts in hand at the end of a run, with the hours so far."""
        now = self._ctx.env.now
        for sheets in self._closing.values():
            for sheet in sheets:
                self._write(sheet, now)

    # -- state --------------------------------------------------------------------------------------------------------------

    def resume_from_sheets(self) -> None:
        """A run that begins in the middle of shifts finds their people on duty."""
        now = self._ctx.env.now
        day = day_of(now)
        for d in (day - 1, day):
            for shift in self._pattern.shifts.values():
                if d in self._roster.sheets and d * DAY + shift.start < now < d * DAY + shift.end:
                    self._start(d, shift)

    def save(self) -> dict[str, Any]:
        """Who is on duty until when, and the shifts in hand."""
        return {
            "on_duty": [
                [p.id, p.shift, p.duty_end, p.extra.get("contracted", 1.0)]
                for p in self._ctx.dispatcher.on_duty
            ],
            "shift": self._team.shift,
            "closing": [[sheet.day, sheet.index] for sheets in self._closing.values() for sheet in sheets],
            "late": [
                [sheet.day, sheet.index, role, person.id]
                for page in self._roster.sheets.values()
                for sheet in page
                for role in (0, 1)
                for person in sheet.temps[role]
                if person.id in sheet.late
            ],
        }

    def restore(self, data: dict[str, Any], person: Callable[[int], Person], temporary: Temporary) -> None:
        """Continue: people on duty are on duty, shifts in hand are written when they end."""
        for i, shift, end, contracted in data["on_duty"]:
            who = person(i)
            self._ending.setdefault(end, []).append(who)
            self._ctx.dispatcher.start_duty(who, shift, end, contracted=contracted == 1.0)
            left = end - self._ctx.env.now
            if left <= 0.0 or end % DAY not in self._minutes:  # held beyond the end, or a shift of a pattern that is no more
                At(self._ctx.env, max(left, 0.0), self._end_old, end, AT_SHIFT_CHANGE)
        self._team.shift = data["shift"]
        for day, index in data["closing"]:
            page = self._roster.sheets.get(day)
            if page is not None and index < len(page):
                self._closing.setdefault(page[index].end, []).append(page[index])
        for day, index, role, i in data["late"]:
            page = self._roster.sheets.get(day)
            if page is not None and i in page[index].late:
                temporary.expect(page[index], person(i), role, page[index].late[i])

    def _end_old(self, event: At) -> None:
        for person in self._ending.pop(event._value, ()):
            if person.duty_end <= self._ctx.env.now:
                self._ctx.dispatcher.end_duty(person)
