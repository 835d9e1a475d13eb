"""The roster: who is to work when. Drawn up in four-week blocks and published some weeks ahead, or given by the planner.

A published roster changes only by named causes: sickness, injury, leaving, release for training, recall, a new starter written in,
and people found for gaps (`temporary`). Days with a roster given by the planner are taken from it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.clock import DAY, day_of
from ..core.context import Context
from ..core.streams import Stream
from .establishment import Establishment
from .given_roster import GivenRoster
from .patterns import GROUP_NAMES, OTHER_GROUP, Pattern, Shift
from .people import Person
from .plan import Plan
from .rostering import BLOCK_DAYS, draw_block, write_in
from .sheet import Sheet
from .weekly import works_on


class Roster:
    """Sheets by day, and plans by person.

    Parameters
    ----------
    ctx : Context
        Common ground.
    pattern : Pattern
        Shift pattern and required numbers.
    establishment : Establishment
        The people.
    given : list of tuple, optional
        Rows (day, shift, role, staff) of a real roster. A shift `annual_leave` gives leave; staff beyond those in post count as
        regular bank workers.
    """

    def __init__(
        self,
        ctx: Context,
        pattern: Pattern,
        establishment: Establishment,
        given: list[tuple[int, str, str, str]] | None = None,
    ) -> None:
        self._ctx = ctx
        self.pattern = pattern
        self._establishment = establishment
        self.plans = establishment.plans
        self.sheets: dict[int, list[Sheet]] = {}
        staffing = ctx.scenario.staffing
        self._lead_days = 7 * staffing.roster_lead_weeks
        self._request_days = staffing.temporary.request_lead_days
        self._working = 1.0 - staffing.absence.headroom_pct / 100.0
        self.published_until = -(10**9)
        """Last day with a published roster."""
        self.offered_until = -(10**9)
        """Last day whose known gaps have been offered: a gap that opens up to it is offered at once."""
        self.seek: Callable[[Sheet, int], None] = lambda sheet, role: None
        """Offers the open gaps of a sheet for a role (0 rn, 1 hca) to bank and agency."""
        self.arrive: Callable[[Sheet, Person, int, str], None] = lambda sheet, person, role, kind: None
        """Puts a person on duty in a shift that has begun."""
        self.given = GivenRoster(given or (), pattern)
        self._ties: dict[int, list[float]] = {}

    # -- the interface ------------------------------------------------------------------------------------------------------

    def shift_of(self, person: Person, day: int) -> str | None:
        """Name of the shift a member of own staff works on a day (contracted or extra), or None."""
        plan = self.plans.get(person.id)
        shift = None if plan is None else plan.shift(day)
        return None if shift is None else shift.name

    def cover(self, day: int, shift: str, role: str) -> tuple[int, int]:
        """People who are to come (temporary staff found included) and the number required, for the scarcest period of a shift."""
        group = GROUP_NAMES.index(role)
        page = self.sheets.get(day)
        numbers = [
            (0 if page is None else page[n].filled(group), self.pattern.required(day, n)[group])
            for n in self.pattern.covers.get(shift, ())
        ]
        return min(numbers, key=lambda pair: pair[0] - pair[1], default=(0, 0))

    def people_on(self, day: int, shift: str) -> list[Person]:
        """Everybody who is to work a shift: own staff, extra shifts, bank and agency; `day` for weekly patterns."""
        own = [
            plan.person
            for plan in self.plans.values()
            if (found := plan.shift(day)) is not None and found.name == shift
        ]
        page = self.sheets.get(day)
        if page is None:
            return own
        ids = {person.id for person in own}
        for n in range(len(page)):
            if page[n].period.name == shift:
                own.extend(p for group in (0, 1) for p in page[n].temps[group] if p.id not in ids)
        return own

    def reserve(self, person: Person, day: int, hours: float) -> bool:
        """Before publication: plan a study day instead of a shift; counts as contracted hours. False when it cannot be."""
        plan = self.plans.get(person.id)
        if plan is None or day <= self.published_until or day in plan.study:
            return False
        if not plan.in_post(day) or plan.known_absent(day):
            return False
        plan.study[day] = hours
        return True

    def release(self, person: Person, day: int, hours: float, backfill: bool) -> None:
        """Take a person off the published shift of a day for study; the gap is offered to bank if `backfill`, else left open.

        On a day off the study day is simply added; either way it counts as contracted hours.
        """
        plan = self.plans[person.id]
        shift = plan.shifts.get(day)
        if plan.shift(day) is not None:
            self.drop(plan, day, "training", hold=not backfill)
        plan.study[day] = hours
        plan.released[day] = (shift, backfill)
        plan.owed += (0.0 if shift is None else shift.hours) - hours

    def recall(self, person: Person, day: int) -> None:
        """Cancel a study day: the person works the shift released from, or after a reserved day the shift that lacks most."""
        plan = self.plans.get(person.id)
        if plan is None or day not in plan.study:
            return
        hours = plan.study.pop(day)
        reserved = day not in plan.released
        shift, _ = plan.released.pop(day, (None, False))
        plan.owed += hours
        if plan.cause(day) or not plan.in_post(day):
            return
        if reserved:
            shift = self._scarcest(plan, day)
        if shift is not None:
            plan.owed -= shift.hours
            self.place(day, plan, shift)

    # -- changes ------------------------------------------------------------------------------------------------------------

    def place(self, day: int, plan: Plan, shift: Shift) -> None:
        """Put a person on a published shift, contracted hours; if the shift has begun the person comes now."""
        plan.shifts[day] = shift
        now = self._ctx.env.now
        if plan.group == OTHER_GROUP:
            return
        for n in self.pattern.covers[shift.name]:
            sheet = self.sheets[day][n]
            sheet.own[plan.group].append(plan.person)
            sheet.settle(plan.group)
            if sheet.start < now < sheet.end:
                self.arrive(sheet, plan.person, plan.group, "contracted")

    def drop(self, plan: Plan, day: int, reason: str, *, hold: bool = False) -> Shift | None:
        """Take a person off the shift of a day; the gap is offered (at once if its time for offers has come), or held open."""
        extra = day in plan.overtime
        shift = plan.overtime.pop(day, None) or plan.shifts.pop(day, None)
        page = self.sheets.get(day)
        if shift is None or page is None or plan.group == OTHER_GROUP:
            return shift
        group = plan.group
        covered = (self._sheet_of_overtime(plan, page),) if extra else self.pattern.covers[shift.name]
        for n in covered:
            sheet = page[n]
            people = sheet.temps[group] if extra else sheet.own[group]
            if plan.person in people:
                people.remove(plan.person)
            if sheet.open(group) > 0:
                if hold:
                    sheet.held[group] += 1
                else:
                    sheet.why[group].append(reason)
                    if day <= self.offered_until:
                        self.seek(sheet, group)
        return shift

    def leave_from(self, plan: Plan, day: int) -> None:
        """Notice has been given: every shift from the day of leaving on is a gap."""
        for d in sorted({*plan.shifts, *plan.overtime}):
            if d >= day:
                self.drop(plan, d, "vacancy")
        for d in [d for d in plan.study if d >= day]:
            del plan.study[d]

    def write_in(self, plan: Plan) -> None:
        """A new starter joins the rosters already published."""
        if plan.start_day > self.published_until:
            return
        days = range(plan.start_day, self.published_until + 1)
        if plan.group == OTHER_GROUP:
            self._weekly(plan, days)
        else:
            write_in(plan, days, self.sheets, self.pattern, self.place_new)

    def place_new(self, day: int, plan: Plan, shift: Shift) -> None:
        """`place` for somebody new: counts as rostered."""
        self.place(day, plan, shift)
        for n in self.pattern.covers[shift.name]:
            self.sheets[day][n].rostered[plan.group] += 1

    # -- publication --------------------------------------------------------------------------------------------------------

    def start(self, day: int) -> None:
        """Publish whatever should be published by a day; gaps that should have been offered by then are offered now."""
        if self.published_until < day - 2:
            first = (day - 1) // BLOCK_DAYS
            self.published_until = first * BLOCK_DAYS - 1
            self.offered_until = day - 2
        self.tick(day)

    def tick(self, day: int) -> None:
        """Publish the blocks that are due and offer the gaps whose time has come."""
        while self.published_until + 1 - self._lead_days <= day:
            self._publish((self.published_until + 1) // BLOCK_DAYS)
        last = min(day + self._request_days, self.published_until)
        while self.offered_until < last:
            self.offered_until += 1
            for sheet in self.sheets.get(self.offered_until, ()):
                for role in (0, 1):
                    if sheet.open(role) > 0:
                        self.seek(sheet, role)

    def forget_before(self, day: int) -> None:
        """Drop past sheets, and plans beyond what rest rules look back on."""
        for old in [d for d in self.sheets if d < day - 1]:
            del self.sheets[old]
        for plan in self.plans.values():
            plan.forget_before(day - 10)

    def _publish(self, block: int) -> None:
        first = block * BLOCK_DAYS
        days = range(first, first + BLOCK_DAYS)
        for day in days:
            self.sheets[day] = self._blank(day)
        plans = sorted(self.plans.values(), key=lambda plan: plan.person.key)
        fixed = [day for day in days if day in self.given.days]
        for day in fixed:
            self.given.take(day, self.sheets[day], plans)
        for group in (0, 1):
            staff = [plan for plan in plans if plan.group == group and plan.start_day <= days[-1]]
            for plan in staff:
                plan.tie = 2.0 * self._tie(plan, block)
            draw_block(first, staff, group, self.sheets, self.pattern, self._ctx.calendar, fixed)
            self._count_gaps(days, group, staff)
        for plan in plans:
            if plan.group == OTHER_GROUP:
                self._weekly(plan, days)
        self.published_until = days[-1]

    def _blank(self, day: int) -> list[Sheet]:
        pattern = self.pattern
        return [Sheet(day, n, period, pattern.required(day, n)) for n, period in enumerate(pattern.periods)]

    def _tie(self, plan: Plan, block: int) -> float:
        """A small advantage, new each block, so that the same people do not always come first."""
        u = self._ties.get(plan.person.id)
        if u is None:
            u = self._ties[plan.person.id] = self._ctx.streams.row(Stream.ROSTER, *plan.person.key)
        return u[block % len(u)]

    def _weekly(self, plan: Plan, days: range) -> None:
        """Weekly patterns: days at work by the person's whole-time equivalent."""
        shift = self.pattern.day_shift
        seven = self._ctx.scenario.staffing.multidisciplinary.activity_seven_days
        for day in days:
            able = plan.in_post(day) and not plan.known_absent(day) and day not in plan.study
            if able and works_on(plan.person, day, self._ctx.calendar, seven):
                plan.shifts[day] = shift

    def _count_gaps(self, days: range, group: int, staff: list[Plan]) -> None:
        """Numbers at publication, and why there are gaps: vacant posts first, then leave, then neither."""
        gaps: list[Sheet] = []
        for day in days:
            for sheet in self.sheets[day]:
                sheet.rostered[group] = len(sheet.own[group])
                gaps.extend([sheet] * max(sheet.open(group), 0))
        if not gaps:
            return
        mean = sum([sheet.period.hours for sheet in gaps]) / len(gaps) or 1.0
        vacant = self._establishment.vacant_hours(group) * len(days) / 7.0 * self._working / mean
        away = any(day in plan.leave and plan.in_post(day) for plan in staff for day in days)
        share = min(vacant / len(gaps), 1.0)
        rest = "leave" if away else "other"
        for n, sheet in enumerate(gaps):
            by_vacancy = int((n + 1) * share + 1e-9) > int(n * share + 1e-9)
            sheet.why[group].append("vacancy" if by_vacancy else rest)

    # -- helpers ------------------------------------------------------------------------------------------------------------

    def _sheet_of_overtime(self, plan: Plan, page: list[Sheet]) -> int:
        for n, sheet in enumerate(page):
            if plan.person in sheet.temps[plan.group]:
                return n
        return 0

    def _scarcest(self, plan: Plan, day: int) -> Shift | None:
        """The shift of a day that lacks most people of the group, among those the person may still work."""
        if plan.group == OTHER_GROUP:
            return self.pattern.day_shift
        page = self.sheets.get(day)
        best: Shift | None = None
        most = -1e9
        for n, sheet in enumerate(page or ()):
            shift = self.pattern.shift_for(n, long=plan.long)
            start, end = day * DAY + shift.start, day * DAY + shift.end
            if start < self._ctx.env.now or sheet.period.night or not plan.rested(start, end, day, 660.0):
                continue
            lack = float(sheet.short(plan.group))
            if lack > most:
                best, most = shift, lack
        return best

    def restore(self, data: dict[str, Any], begin_day: int, person: Callable[[int], Person]) -> bool:
        """Continue from `save`; False when the shift pattern is another and the roster must be drawn up again from `begin_day`."""
        self.given.restore(data["names"], person)
        if data["pattern"] != [period.name for period in self.pattern.periods]:
            self.published_until = begin_day // BLOCK_DAYS * BLOCK_DAYS - 1
            self.offered_until = begin_day - 1
            for plan in self.plans.values():
                plan.shifts.clear()
                plan.overtime.clear()
            return False
        for row in data["sheets"]:
            day = row["day"]
            if day not in self.sheets:
                self.sheets[day] = self._blank(day)
            self.sheets[day][row["index"]].restore(row, person)
        self.published_until = data["published_until"]
        self.offered_until = data["offered_until"]
        return True

    def seek_open(self, first: int) -> None:
        """Offer the gaps that a changed scenario has opened on days whose gaps were offered before."""
        for day in range(first, self.offered_until + 1):
            for sheet in self.sheets.get(day, ()):
                for role in (0, 1):
                    if sheet.open(role) > 0:
                        self.seek(sheet, role)

    def save(self) -> dict[str, Any]:
        """Plain data; sheets of the past are left out."""
        today = day_of(self._ctx.env.now)
        return {
            "published_until": self.published_until,
            "offered_until": self.offered_until,
            "pattern": [period.name for period in self.pattern.periods],
            "sheets": [sheet.save() for day, page in self.sheets.items() if day >= today - 1 for sheet in page],
            "names": self.given.save(),
        }
