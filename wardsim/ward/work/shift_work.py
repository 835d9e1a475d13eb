"""The work that comes with a shift: handover, breaks, documentation, coordination, supervision, the office work of others."""

from __future__ import annotations

from ..core.clock import AT_NEW_WORK, DAY, HOUR, At, Later, day_of
from ..core.context import Context
from ..patients.beds import Beds
from ..staff.patterns import SECOND_BREAK_AFTER_HOURS
from ..staff.people import ACTIVITY_WORKER, DOCTOR, NURSING, RN, THERAPISTS, WARD_MANAGER, Person
from ..staff.staffing import ShiftStart, Staffing
from .kinds import (
    BREAK,
    COORDINATION,
    DOCUMENTATION,
    DOCUMENTATION_MDT,
    HANDOVER,
    MANAGEMENT,
    MEDICAL_WORK,
    SUPERVISION,
)
from .observation import Observation
from .task import DONE, Task

PersonAt = tuple[Person, float]
"""Somebody, and when the shift began to which the work belongs."""


class ShiftWork:
    """Work of one shift, person by person.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds, staffing, observation
        The parts it looks at.
    """

    def __init__(self, ctx: Context, beds: Beds, staffing: Staffing, observation: Observation) -> None:
        self._ctx = ctx
        self._beds = beds
        self._observation = observation
        self._dispatcher = ctx.dispatcher
        self._durations = ctx.durations
        work = ctx.scenario.work
        self._handover: float = work.handover_minutes
        self._break_minutes: float = work.break_minutes
        self._supervision: float = work.supervision_hours_per_month
        self._documentation_each: float = ctx.p["work.documentation_min_per_patient_shift"] * work.documentation_time_multiplier
        ctx.dispatcher.came_on_duty.append(self._came_on_duty)
        staffing.shift_started.append(self._shift_started)

    def _came_on_duty(self, person: Person) -> None:
        """A person has come on duty: handover first, then the work that goes with the shift."""
        now = self._ctx.env.now
        if person.role & NURSING:
            person.breaks_missed = 0
            if self._handover > 0.0:
                self._dispatcher.submit(HANDOVER, self._handover, expires=now + 20.0, only=person)
            self._shift_work(person, now)
        else:
            day_work_of_others(self._ctx, person)

    def _shift_started(self, shift: ShiftStart) -> None:
        now = self._ctx.env.now
        if self._handover > 0.0:
            for person in self._ctx.dispatcher.on_duty:
                if person.role == RN and person.duty_start < now:
                    self._dispatcher.submit(HANDOVER, self._handover, expires=now + 20.0, only=person)
                    break
        self._observation.ask_for_staff((shift.end - now) / HOUR)
        first = (day_of(now) + 4000) * 12 + 3 * int(now % DAY // 480)
        for n in range(3):
            Later(self._ctx.env, 60.0 + 120.0 * n, self._coordinate, first + n, AT_NEW_WORK)

    def _coordinate(self, event: At) -> None:
        length = self._durations.minutes(COORDINATION, event._value)
        self._dispatcher.submit(COORDINATION, length, expires=self._ctx.env.now + 2.0 * HOUR)

    def _shift_work(self, person: Person, now: float) -> None:
        """Break, documentation and supervision of one nurse's shift."""
        env = self._ctx.env
        length = person.duty_end - now
        if self._break_minutes > 0.0 and length > 6.0 * HOUR:
            for n in range(2 if length > SECOND_BREAK_AFTER_HOURS * HOUR else 1):
                Later(env, (3.0 + 4.0 * n) * HOUR, self._break, (person, now), AT_NEW_WORK)
        Later(env, 0.35 * length, self._document, (person, now), AT_NEW_WORK)
        hours = self._supervision
        if hours > 0.0 and person.employment == "substantive" and 6 * HOUR < now % DAY < 14 * HOUR:
            last = person.extra.get("supervised_at", now - (person.key[0] + person.key[1]) % 30 * DAY)
            person.extra.setdefault("supervised_at", last)
            if now - last >= 30.0 * DAY / hours:
                Later(env, 2.5 * HOUR, self._supervise, (person, now), AT_NEW_WORK)

    def _break(self, event: At) -> None:
        whose: PersonAt = event._value
        person, since = whose
        if person.on_duty and person.duty_start == since:
            end = min(self._ctx.env.now + 3.0 * HOUR, person.duty_end - 30.0)
            self._dispatcher.submit(BREAK, self._break_minutes, expires=end, only=person, on_end=self._break_ended, note=person)

    def _break_ended(self, task: Task) -> None:
        person = task.note
        assert isinstance(person, Person)
        if task.outcome != DONE:
            person.breaks_missed += 1

    def _document(self, event: At) -> None:
        whose: PersonAt = event._value
        person, since = whose
        if not person.on_duty or person.duty_start != since:
            return
        sharing = sum(1 for p in self._ctx.dispatcher.on_duty if p.role & NURSING)
        hours = (person.duty_end - since) / HOUR
        minutes = self._documentation_each * len(self._beds.present) / max(sharing, 1) * hours / 8.0
        if minutes > 0.0:
            self._dispatcher.submit(DOCUMENTATION, minutes, expires=person.duty_end, only=person)

    def _supervise(self, event: At) -> None:
        whose: PersonAt = event._value
        person, since = whose
        if person.on_duty and person.duty_start == since:
            self._dispatcher.submit(SUPERVISION, 60.0, expires=person.duty_end - HOUR, only=person, on_end=self._supervised, note=person)

    def _supervised(self, task: Task) -> None:
        person = task.note
        assert isinstance(person, Person)
        if task.delivered >= 30.0:
            person.extra["supervised_at"] = self._ctx.env.now


def day_work_of_others(ctx: Context, person: Person) -> None:
    """Office work of the other professions on one of their days (documentation, management, medical letters)."""
    dispatcher = ctx.dispatcher
    end = person.duty_end
    if person.role == WARD_MANAGER:
        dispatcher.submit(MANAGEMENT, ctx.p["work.ward_management_min"], expires=end, only=person)
    elif person.role == DOCTOR:
        dispatcher.submit(MEDICAL_WORK, ctx.p["work.medical_ward_work_min"], expires=end, only=person)
    elif person.role & (THERAPISTS & ~ACTIVITY_WORKER):
        multiplier = ctx.scenario.work.documentation_time_multiplier
        dispatcher.submit(DOCUMENTATION_MDT, ctx.p["work.documentation_mdt_min"] * multiplier, expires=end, only=person)
