"""Absence: annual leave, sickness, parental and other leave, injury. Drawn up as days, for each person from that person's keys.

Sickness is an alternating renewal process on calendar time (well, then a short or a long spell), a pure function of (post, occupant
n): no option, no incident and no other person can move a spell. Its share of days is solved exactly: mean spell over mean spell
plus mean gap. Extra spells from fatigue (mechanism M6) come from separate draws, by week, and are added on top.

Annual leave is taken in weeks spread evenly over the leave year (52 weeks), with more in school holidays if the parameter says so.
Sickness in annual leave counts as sickness, and the leave is given back: `leave_owed` keeps the account and books it again.
"""

from __future__ import annotations

from math import exp, log
from typing import Final

import numpy as np

from ..core.clock import DAY, day_of
from ..core.context import Context
from ..core.streams import Hashed, Stream
from .establishment import GOLDEN
from .patterns import OTHER_GROUP
from .plan import Plan
from .posts import POSTS_PER_LINE

ORIGIN: Final = -4480
"""Day on which every renewal process begins, well before any burn-in (a multiple of 28)."""
WEEKS: Final = 52
LEAVE_YEAR: Final = 7 * WEEKS
CERTIFIED_DAYS: Final = 14
"""Sickness is known this many days ahead at a time (certificates are renewed)."""
SPELLS: Final = 96
WEEKS_BEFORE: Final = -ORIGIN // 7


class Absence:
    """Calendars of absence.

    Parameters
    ----------
    ctx : Context
        Common ground.
    last_day : int
        Last day for which calendars are needed.
    """

    def __init__(self, ctx: Context, last_day: int) -> None:
        self._ctx = ctx
        p = ctx.p
        absence = ctx.scenario.staffing.absence
        self.first_day = day_of(ctx.begin) - 1
        self.last_day = last_day
        self.sickness_share = (
            p["staff.sickness_rn_share"] if absence.sickness_rn_pct is None else absence.sickness_rn_pct / 100.0,
            p["staff.sickness_hca_share"] if absence.sickness_hca_pct is None else absence.sickness_hca_pct / 100.0,
            p["staff.sickness_other_share"],
        )
        self._short = max(p["staff.sickness_short_days"], 1.0)
        self._long = max(p["staff.sickness_long_days"], 1.0)
        self._long_share = p["staff.sickness_long_spell_share"]
        self.parental_share, self.other_share = p["staff.parental_share"], p["staff.other_absence_share"]
        if absence.parental_other_pct is not None:
            total = self.parental_share + self.other_share
            split = self.parental_share / total if total > 0.0 else 0.75
            self.parental_share = absence.parental_other_pct / 100.0 * split
            self.other_share = absence.parental_other_pct / 100.0 * (1.0 - split)
        self._parental_days = p["staff.parental_days"]
        self._other_days = p["staff.other_absence_days"]
        self._leave_days = absence.annual_leave_days
        self._holiday_days = len([d for d in ctx.calendar.holidays if 0 <= d < 365]) if ctx.calendar.holidays else 0
        self._year_one = -ctx.calendar.weekday0
        self._peak = p["staff.leave_holiday_peak"]
        self._weights: dict[int, float] = {}
        self._tired: dict[int, Hashed] = {}
        self._fatigue = p["staff.fatigue_on_sickness"] if ctx.on.fatigue else 0.0
        self.tires = self._fatigue != 0.0
        self._fatigue_reference = p["staff.fatigue_reference"]

    def draw(self, plan: Plan) -> None:
        """Fill the calendars of one person: sickness, parental and other, annual leave."""
        key = plan.person.key
        share = self.sickness_share[plan.group]
        plan.sick = self._spells((Stream.SICKNESS, *key), share, self._short, self._long, self._long_share)
        away = self._spells((Stream.LEAVE, *key, 1), self.parental_share, self._parental_days, 1.0, 0.0)
        away |= self._spells((Stream.LEAVE, *key, 2), self.other_share, self._other_days, 1.0, 0.0)
        plan.set_leave(self._annual(plan), away)

    def year_end(self, day: int) -> int:
        """First day of the leave year after that of a day; leave years begin on the Monday of the week of time zero."""
        return day + LEAVE_YEAR - (day - self._year_one) % LEAVE_YEAR

    def annual_days(self, group: int) -> int:
        """Annual leave of a leave year, days of the calendar, each a seventh of the contracted week."""
        return sum(self._blocks(group))

    # -- renewal ------------------------------------------------------------------------------------------------------------

    def _spells(self, key: tuple[int, ...], share: float, short: float, long: float, long_share: float) -> set[int]:
        """Days within a share of time taken by whole-day spells of an alternating renewal process."""
        if share <= 0.0:
            return set()
        if share >= 0.98:
            return set(range(self.first_day, self.last_day + 1))
        mean = (1.0 - long_share) * short + long_share * long
        gap = mean * (1.0 - share) / share
        draws = self._ctx.streams.hashed(Stream(key[0]), *key[1:])
        log_short = log(1.0 - 1.0 / short) if short > 1.0 else 0.0
        log_long = log(1.0 - 1.0 / long) if long > 1.0 else 0.0
        days: set[int] = set()
        at = float(ORIGIN)
        taken = 0
        while at <= self.last_day:
            u = draws.array(taken, 3 * SPELLS).reshape(SPELLS, 3)
            taken += 3 * SPELLS
            gaps = -gap * np.log1p(-u[:, 0])
            is_long = u[:, 1] < long_share
            tail = np.log1p(-u[:, 2])
            # Geometric lengths of at least one day, mean `short` or `long`.
            lengths = 1.0 + np.floor(
                np.where(is_long, tail / log_long if log_long else 0.0, tail / log_short if log_short else 0.0)
            )
            ends = at + np.cumsum(gaps + lengths)
            starts = np.floor(ends - lengths)
            inside = (np.floor(ends) > self.first_day) & (starts <= self.last_day)
            for start, length in zip(starts[inside].tolist(), lengths[inside].tolist(), strict=True):
                days.update(range(max(int(start), self.first_day), min(int(start + length), self.last_day + 1)))
            at = float(ends[-1])
        return days

    # -- annual leave -------------------------------------------------------------------------------------------------------

    def _blocks(self, group: int) -> list[int]:
        """Whole weeks and one broken week, days of the calendar."""
        days = self._leave_days - (self._holiday_days if group == OTHER_GROUP else 0)
        weeks = max(days, 0.0) / 5.0
        whole = int(weeks)
        rest = round(7.0 * (weeks - whole))
        return [7] * whole + ([rest] if rest else [])

    def _annual(self, plan: Plan) -> set[int]:
        """Days of annual leave, to the end of the last leave year: a block in each stretch of the leave year."""
        blocks = self._blocks(plan.group)
        if not blocks:
            return set()
        key = plan.person.key
        line, index = divmod(key[0], POSTS_PER_LINE)
        shift = self._ctx.streams.row(Stream.START, 44, line, n=1)[0]
        own = self._ctx.streams.row(Stream.LEAVE, *key)
        leave: set[int] = set()
        n = len(blocks)
        first_year = (self.first_day - self._year_one) // LEAVE_YEAR
        for year in range(first_year, (self.last_day - self._year_one) // LEAVE_YEAR + 1):
            for k, length in enumerate(blocks):
                # Neighbouring posts are spread evenly; each person adds a wish of their own.
                phase = (
                    shift + index * GOLDEN + k * 0.41421356 + year * 0.73205081 + 0.25 * own[(year * n + k) % len(own)]
                )
                first = WEEKS * k // n
                week = self._week(year, first, max(WEEKS * (k + 1) // n, first + 1), phase % 1.0)
                start = self._year_one + year * LEAVE_YEAR + 7 * week
                leave.update(range(max(start, self.first_day), start + length))
        return leave

    def _week(self, year: int, first: int, last: int, u: float) -> int:
        """Choose a week of a stretch, school holidays weighing more."""
        if self._peak == 0.0:
            return first + int(u * (last - first))
        weights = [self._weight(year * WEEKS + week) for week in range(first, last)]
        left = u * sum(weights)
        for n, weight in enumerate(weights):
            left -= weight
            if left < 0.0:
                return first + n
        return last - 1

    def _weight(self, week: int) -> float:
        weight = self._weights.get(week)
        if weight is None:
            date = self._ctx.calendar.date(7 * week - self._ctx.calendar.weekday0 + 2)
            month, day = date.month, date.day
            school = (
                month == 8 or (month == 7 and day >= 22) or (month == 12 and day >= 19) or (month == 4 and day <= 15)
            )
            weight = self._weights[week] = 1.0 + self._peak * school
        return weight

    # -- what depends on the ward -------------------------------------------------------------------------------------------

    def injured(self, plan: Plan, start: float, minutes: float) -> list[int]:
        """Mark the days of an absence after injury that begins at `start`; returns the days newly lost."""
        first = day_of(start) + 1
        last = day_of(start + minutes)
        new = [day for day in range(first, last + 1) if day not in plan.injured]
        plan.injured.update(new)
        return new

    def fatigue_spell(self, plan: Plan, week: int, fatigue: float, first_day: int) -> bool:
        """Whether tiredness makes this person ill in the coming week beyond the exogenous spells (mechanism fatigue).

        The hazard of short spells is multiplied by exp(coefficient x (fatigue - reference)); the excess over one comes here.
        """
        if self._fatigue == 0.0 or plan.group == OTHER_GROUP:
            return False
        share = min(self.sickness_share[plan.group], 0.98)
        mean = (1.0 - self._long_share) * self._short + self._long_share * self._long
        weekly = 7.0 * share / mean * (1.0 - self._long_share)
        excess = weekly * (exp(self._fatigue * (fatigue - self._fatigue_reference)) - 1.0)
        if excess <= 0.0:
            return False
        rows = self._tired.get(plan.person.id)
        if rows is None:
            rows = self._tired[plan.person.id] = self._ctx.streams.hashed(Stream.SICKNESS, *plan.person.key, 1)
        at = 3 * (week + WEEKS_BEFORE)
        u = (rows[at], rows[at + 1], rows[at + 2])
        if u[0] >= 1.0 - exp(-excess):
            return False
        start = first_day + int(7.0 * u[1])
        length = 1 + int(log(1.0 - u[2]) / log(1.0 - 1.0 / self._short)) if self._short > 1.0 else 1
        plan.extra_sick.update(range(start, start + length))
        return True


class Spans:
    """Writes absence as rows: a row for each run of days with one cause, when it ends.

    Parameters
    ----------
    ctx : Context
        Common ground.
    """

    def __init__(self, ctx: Context) -> None:
        self._rows = ctx.facts.absence
        self.absent: dict[int, tuple[str, float, int]] = {}
        """Person id to (cause, start in minutes, first whole day)."""

    def look(self, plan: Plan, day: int) -> None:
        """Note whether a person is absent on a day (called for those who are, or were the day before, and on leaving)."""
        cause = plan.cause(day) if plan.in_post(day) else ""
        current = self.absent.get(plan.person.id)
        if current is None:
            if cause:
                self.absent[plan.person.id] = (cause, day * DAY, day)
        elif current[0] != cause:
            self._write(plan, current, day * DAY, day)
            del self.absent[plan.person.id]
            if cause:
                self.absent[plan.person.id] = (cause, day * DAY, day)

    def study(self, plan: Plan, day: int, hours: float) -> None:
        """Write a study day that took place."""
        start = day * DAY + 540.0
        self._rows.append((start, start + hours * 60.0, plan.person.id, plan.person.role_name, "study", hours))

    def close(self, plan: Plan, now: float) -> None:
        """Write a row still open at the end of the run."""
        current = self.absent.pop(plan.person.id, None)
        if current is not None and now > current[1]:
            self._write(plan, current, now, now / DAY)

    def _write(self, plan: Plan, current: tuple[str, float, int], end: float, until_day: float) -> None:
        cause, start, first = current
        hours = plan.person.weekly_hours / 7.0 * max(until_day - first, 0.0)
        self._rows.append((start, end, plan.person.id, plan.person.role_name, cause, hours))
