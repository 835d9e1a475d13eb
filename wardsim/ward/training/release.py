"""Release from the roster for a course day: the rule, the doing, and the call-back on the day.

Within the published roster somebody is taken off a named shift, if the rule allows it; before publication the day is reserved,
and the roster is drawn up without the person. Either way one pair of hands fewer is there, and whatever follows for incidents
and contact comes out of that absence: nothing here acts on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from ..core.clock import DAY, HOUR
from ..core.context import Context
from ..core.streams import Stream
from ..staff.patterns import Pattern
from ..staff.people import NURSING, RN, Person
from .records import Need

NO_PLACE: Final = "no_place"
COVER_SHORT: Final = "cover_short"
NOT_ALLOWED: Final = "release_not_allowed"
SICK: Final = "sick"
RECALLED: Final = "recalled_short"
LEFT: Final = "left"
NO_TIME: Final = "no_time"
NOT_BOOKED: Final = "not_booked"
WITHDRAWN: Final = "withdrawn"
"""Reasons in the facts. `not_booked`: nobody books; `withdrawn`: the course is no longer in the training matrix."""

AWAY: Final = "away"
"""Not a refusal: the person is on leave, off duty or coming from a night shift on that day, so another day is looked for."""

FULL: Final = "full"
"""Not a refusal yet: as many study days as are allowed have been planned for that day, so another day is looked for."""

SHIFT: Final = "rostered_shift"
STUDY_DAY: Final = "study_day"
DAY_OFF: Final = "day_off"
"""How somebody is freed: off a published shift; by a study day put into the roster before it is drawn up; on a day off, for hours
in return."""

MISSING_FROM: Final = 6.0 * HOUR
MISSING_UNTIL: Final = 21.0 * HOUR
"""Between which minutes of a course day whoever attends is missing from the day shifts."""

EPSILON: Final = 1e-9


class PlanLike(Protocol):
    """What is planned for one person."""

    def in_post(self, day: int) -> bool:
        """Whether the person is in post on a day."""

    def known_absent(self, day: int) -> bool:
        """Whether absence on a day (leave, certified sickness) is known now."""

    def cause(self, day: int) -> str:
        """Why the person is absent on a day; empty when not."""


class RosterLike(Protocol):
    """What is needed of the roster."""

    published_until: int
    """Last day with a published roster."""

    @property
    def plans(self) -> Mapping[int, PlanLike]:
        """Plans by person id."""

    def shift_of(self, person: Person, day: int) -> str | None:
        """Name of the person's shift on a published day."""

    def cover(self, day: int, shift: str, role: str) -> tuple[float, float]:
        """Staff who are to come (temporary staff found included) and the number required, for `rn` or `hca`."""

    def reserve(self, person: Person, day: int, hours: float) -> bool:
        """Put a study day into the roster not yet drawn up; False when the person cannot."""

    def release(self, person: Person, day: int, hours: float, backfill: bool) -> None:
        """Take the person off a published shift, or add a study day to a day off."""

    def recall(self, person: Person, day: int) -> None:
        """Undo `reserve` or `release`."""


class StaffingLike(Protocol):
    """What is needed of staffing."""

    @property
    def roster(self) -> RosterLike:
        """The roster."""


class Release:
    """Decides on release and carries it out.

    Parameters
    ----------
    ctx : Context
    staffing : StaffingLike
    """

    def __init__(self, ctx: Context, staffing: StaffingLike) -> None:
        training = ctx.scenario.training
        self._ctx = ctx
        self._staffing = staffing
        self._pattern = Pattern(ctx.scenario.staffing, ctx.scenario.work.break_minutes, ctx.calendar)
        self._rule = training.release_rule
        self._minimum = training.release_minimum_cover_pct / 100.0
        self._most = training.max_released_per_shift
        self._backfill = training.backfill
        self._backfill_chance = ctx.p["training.backfill_probability"]
        self._recalls = training.cancel_when_short and not training.protected
        self._recall_chance = ctx.p["training.recall_probability"]
        self._day_periods = tuple(period.name for period in self._pattern.periods if not period.night)
        self._nights = frozenset(name for name, shift in self._pattern.shifts.items() if shift.night)
        self._released: dict[tuple[int, str], int] = {}
        self._studying: set[tuple[int, int]] = set()
        self.morning = min((period.start for period in self._pattern.periods if not period.night), default=420) - 45.0
        """Minute of the day at which the day's releases are looked at: before the first day shift, when the sick have rung in."""

    # -- the rule -----------------------------------------------------------------------------------------------------------

    def way(self, person: Person, day: int, *, days_off: bool) -> str:
        """How a person could be freed on a day: `rostered_shift`, `study_day`, `day_off`; or `cover_short`, `full`, `away`.

        Parameters
        ----------
        person : Person
        day : int
        days_off : bool
            Days without a shift will do too (the course takes several days, or the person is new).
        """
        roster = self._staffing.roster
        plan = roster.plans.get(person.id)
        if plan is None or not plan.in_post(day) or plan.known_absent(day) or (person.id, day) in self._studying:
            return AWAY
        if day > roster.published_until:
            return STUDY_DAY if self._room(person, day, STUDY_DAY) else FULL
        if roster.shift_of(person, day - 1) in self._nights:
            return AWAY
        shift = roster.shift_of(person, day)
        if shift is None:
            return DAY_OFF if days_off else AWAY
        return SHIFT if self._may_leave(person, day, shift) else COVER_SHORT

    def _room(self, person: Person, day: int, shift: str) -> bool:
        """Whether one more may be released from a shift (people other than nursing staff do not count)."""
        return not person.role & NURSING or self._released.get((day, shift), 0) < self._most

    def _may_leave(self, person: Person, day: int, shift: str) -> bool:
        if not person.role & NURSING:
            return True
        if not self._room(person, day, shift):
            return False
        if self._rule == "always":
            return True
        assigned, required = self._staffing.roster.cover(day, shift, group_of(person))
        return assigned - 1.0 >= self._minimum * required - EPSILON

    @property
    def forbidden(self) -> bool:
        """Whether nobody may ever be released."""
        return self._rule == "never"

    # -- the doing ----------------------------------------------------------------------------------------------------------

    def backfilled(self, need: Need) -> bool:
        """Whether the gap of this booking is offered to others: as the policy says, or by the person's own draw."""
        if self._backfill is not None:
            return self._backfill
        return self.draw(need, 0) < self._backfill_chance

    def draw(self, need: Need, n: int) -> float:
        """Uniform number n (0 to 3) of one request for one course by one person."""
        row = self._ctx.streams.row(Stream.TRAINING, *need.person.key, need.spec.code, need.asks, n=4)
        return row[n]

    def free(self, person: Person, day: int, hours: float, way: str, *, backfill: bool) -> bool:
        """Free a person; False when the roster cannot."""
        roster = self._staffing.roster
        shift = (roster.shift_of(person, day) or "") if way == SHIFT else ""
        if way == STUDY_DAY:
            if not roster.reserve(person, day, hours):
                return False
        else:
            roster.release(person, day, hours, backfill and way == SHIFT)
        self.count(person, day, way, shift, 1)
        return True

    def take_back(self, person: Person, day: int, way: str, shift: str) -> None:
        """Undo `free`: the person is back on the roster."""
        self._staffing.roster.recall(person, day)
        self.count(person, day, way, shift, -1)

    def count(self, person: Person, day: int, way: str, shift: str, change: int) -> None:
        """Count people freed on a day (+1), or back again (-1)."""
        if change > 0:
            self._studying.add((person.id, day))
        else:
            self._studying.discard((person.id, day))
        if person.role & NURSING and way != DAY_OFF:
            key = (day, shift if way == SHIFT else STUDY_DAY)
            self._released[key] = self._released.get(key, 0) + change

    # -- the day itself -----------------------------------------------------------------------------------------------------

    def sick(self, person: Person, day: int) -> bool:
        """Whether the person cannot come today."""
        plan = self._staffing.roster.plans.get(person.id)
        return plan is not None and bool(plan.cause(day))

    def called_back(self, need: Need, day: int, way: str, shift: str) -> bool:
        """Whether the ward, short on the day, calls the person back: to the shift, or after a study day to any day shift."""
        if not self._recalls or way == DAY_OFF or not need.person.role & NURSING:
            return False
        cover = self._staffing.roster.cover
        group = group_of(need.person)
        for name in (shift,) if way == SHIFT else self._day_periods:
            assigned, required = cover(day, name, group)
            if assigned < self._minimum * required - EPSILON:
                return self.draw(need, 1) < self._recall_chance
        return False

    def away(self, now: float) -> int:
        """Nursing staff away from the roster at a course at a time (those on a day off do not count)."""
        day, clock = divmod(now, DAY)
        if not MISSING_FROM <= clock < MISSING_UNTIL:
            return 0
        return sum(n for (when, _), n in self._released.items() if when == day)

    def forget(self, day: int) -> None:
        """Drop the counts of days gone by."""
        for key in [key for key in self._released if key[0] < day]:
            del self._released[key]
        self._studying = {key for key in self._studying if key[1] >= day}


def group_of(person: Person) -> str:
    """Group of required numbers whose places the person fills."""
    return "rn" if person.role == RN else "hca"
