"""Patients who are out: overnight leave as planned, absence without leave, police custody; and their way back to a bed.

The bed of a patient on overnight leave may be given away (scenario `flow.leave_beds`); whoever comes back to a full ward stays on
leave until a bed is free, first in line. The bed of a patient absent without leave is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.clock import AT_NEW_WORK, DAY, At, Later
from ..core.context import Context
from .leave import LeavePlans
from .patients import GONE, LEAVE, WARD, Patient

if TYPE_CHECKING:
    from .beds import Beds


class Leaves:
    """Takes patients out and brings them back.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Beds
        Whose patients they are.

    Attributes
    ----------
    held : int
        Beds kept for patients who are out.
    returning : list of Patient
        Due back, no bed free; longest first.
    """

    def __init__(self, ctx: Context, beds: Beds) -> None:
        self._ctx = ctx
        self._beds = beds
        self._give_away = ctx.scenario.flow.leave_beds
        self._plans = LeavePlans(ctx)
        self._facts = ctx.facts.table("leave")
        self.held = 0
        self.returning: list[Patient] = []

    def plan(self, patient: Patient) -> None:
        """Plan the overnight leaves still to come."""
        now = self._ctx.env.now
        plan = self._plans.plan(patient, patient.leaves_at + 3.0 * DAY)
        patient.leave_plan = [leave for leave in plan if leave[0] > now]
        self._next(patient)

    def out_until(self, patient: Patient, time: float) -> float | None:
        """End of the overnight leave that covers a time, by the patient's plan; None when there is none."""
        plan = self._plans.plan(patient, time + 1.0)
        if plan and plan[-1][0] <= time < plan[-1][1] < patient.leaves_at:
            return plan[-1][1]
        return None

    def _next(self, patient: Patient) -> None:
        now = self._ctx.env.now
        plan = patient.leave_plan
        while plan and plan[0][0] <= now:
            plan.pop(0)
        if plan:
            Later(self._ctx.env, plan[0][0] - now, self._due, (patient, plan[0]), AT_NEW_WORK)

    def _due(self, event: At) -> None:
        what: tuple[Patient, tuple[float, float]] = event._value
        patient, leave = what
        if patient.place == GONE or not patient.leave_plan or patient.leave_plan[0] != leave:
            return
        patient.leave_plan.pop(0)
        if patient.place == WARD and patient.leaves_at > leave[1]:
            self.go_out(patient, leave[1], absent=False)
        else:
            self._next(patient)

    def go_out(self, patient: Patient, until: float, *, absent: bool) -> None:
        """A patient leaves the ward for a time; the bed is kept if the absence is without leave."""
        beds = self._beds
        beds.exit(patient)
        patient.extra["out_since"] = self._ctx.env.now
        self.put_out(patient, until, absent=absent)
        for call in beds.went_out:
            call(patient)
        beds.place()
        beds.record.levels()

    def put_out(self, patient: Patient, until: float, *, absent: bool) -> None:
        """Keep a patient on the books as out until a time."""
        self.stay_out(patient, until, absent=absent)
        Later(self._ctx.env, max(until - self._ctx.env.now, 0.0), self._back_due, (patient, until), AT_NEW_WORK)

    def stay_out(self, patient: Patient, until: float, *, absent: bool) -> None:
        """Count a patient as out until a time (of a saved ward: the way back comes with `in_hand`)."""
        patient.place = LEAVE
        patient.absent = absent
        patient.out_until = until
        self._beds.on_leave[patient.id] = patient
        self.held += absent or not self._give_away

    def _back_due(self, event: At) -> None:
        what: tuple[Patient, float] = event._value
        patient, until = what
        if patient.place != LEAVE or patient.out_until != until:
            return
        if patient.absent or not self._give_away or self._beds.free() > 0:
            self.come_back(patient)
            self._beds.record.levels()
        else:
            self.returning.append(patient)

    def come_back(self, patient: Patient) -> None:
        """A patient is back on the ward."""
        absent = patient.absent
        self.close(patient)
        self._beds.enter(patient)
        for call in self._beds.returned:
            call(patient)
        if not absent:
            self._next(patient)

    def close(self, patient: Patient) -> None:
        """End an absence, whether the patient is back or has left altogether."""
        del self._beds.on_leave[patient.id]
        self.held -= patient.absent or not self._give_away
        if patient in self.returning:
            self.returning.remove(patient)
        kind = "overnight"
        if patient.absent:
            kind = "police" if patient.extra.pop("police", 0.0) else "absent_without_leave"
        self._facts.append((patient.extra.pop("out_since"), self._ctx.env.now, patient.id, kind))
        patient.absent = False
        patient.out_until = float("nan")
