"""The office round of a day: who is ill, what absence began or ended, which study days took place."""

from __future__ import annotations

from typing import ClassVar

from ..core.clock import DAY
from ..core.context import Context
from .absence import CERTIFIED_DAYS, Absence, Spans
from .establishment import Establishment
from .leave_owed import LeaveOwed
from .patterns import OTHER_GROUP
from .roster import Roster


class Office:
    """What the ward learns at 05:00.

    Parameters
    ----------
    ctx : Context
        Common ground.
    establishment, absence, roster, spans, owed
        The parts it works with.
    """

    minute: ClassVar[float] = 300.0
    """Minute of the day of the round: before the first shift, when those who are ill ring in."""

    def __init__(
        self,
        ctx: Context,
        establishment: Establishment,
        absence: Absence,
        roster: Roster,
        spans: Spans,
        owed: LeaveOwed,
    ) -> None:
        self._ctx = ctx
        self._plans = establishment.plans
        self._absence = absence
        self._roster = roster
        self._spans = spans
        self._owed = owed

    def round(self, day: int) -> None:
        """Sickness comes to be known and shifts in it become gaps; rows of absence open and close; annual leave is counted and booked."""
        self._owed.turn(day)
        on_leave = self._owed.running
        absent = self._spans.absent
        for person, plan in list(self._plans.items()):
            leave = day in plan.leave
            if day in plan.sick or (plan.extra_sick and day in plan.extra_sick):
                if plan.sick_known < day and plan.in_post(day):
                    self._ring_in(person, day)
                self._spans.look(plan, day)
            elif leave or (plan.injured and day in plan.injured) or person in absent:
                self._spans.look(plan, day)
            if leave or person in on_leave:
                self._owed.look(plan, day)
        self._owed.match(day)
        if day % 7 == 0 and self._absence.tires:
            self._tire(day)

    def certify(self, day: int) -> None:
        """At the start of a run: sickness in hand is known already."""
        for plan in self._plans.values():
            if day in plan.sick and plan.in_post(day):
                plan.sick_known = self._last_known(plan.sick, day)

    def _ring_in(self, person: int, day: int) -> None:
        plan = self._plans[person]
        plan.sick_known = self._last_known(plan.sick | plan.extra_sick if plan.extra_sick else plan.sick, day)
        for lost in range(day, plan.sick_known + 1):
            while plan.shift(lost) is not None:
                self._roster.drop(plan, lost, "sickness")

    @staticmethod
    def _last_known(days: set[int], day: int) -> int:
        """Last day of the spell, or of the certificate when the spell is longer."""
        last = day
        while last + 1 in days and last + 1 < day + CERTIFIED_DAYS:
            last += 1
        return last

    def _tire(self, day: int) -> None:
        """Fatigue of the past week may make people ill in the next (mechanism fatigue)."""
        for plan in list(self._plans.values()):
            if plan.group == OTHER_GROUP or not plan.in_post(day):
                continue
            extra = plan.person.extra
            shifts = extra.pop("fatigue_n", 0.0)
            total = extra.pop("fatigue_sum", 0.0)
            if shifts > 0.0:
                self._absence.fatigue_spell(plan, day // 7, total / shifts, day + 1)

    def study_held(self, day: int) -> None:
        """Write down the study days of a day that has passed; nobody who was ill or on leave attended."""
        if day * DAY + 540.0 < self._ctx.begin:
            return
        for plan in self._plans.values():
            hours = plan.study.get(day) if plan.study else None
            if hours and plan.in_post(day) and not plan.cause(day):
                self._spans.study(plan, day, hours)
