"""Beds: who is on the ward, on leave, waiting, or placed out of area; and who comes next when a bed is free.

Order for a free bed: patients due back from leave whose bed was given away, then those who wait (by priority, then by time),
then those placed out of area, longest placed first. A placement begins when the wait passes the limit of the scenario.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

from wardsim.parameters.casemix import mix_of

from .acuity import Courses
from .clock import AT_NEW_WORK, DAY, HOUR, At
from .context import Context
from .leave import LeavePlans
from .patients import AWAY, GONE, LEAVE, QUEUE, TRANSFER, TRANSFER_LENGTH, WARD, Patient, Patients
from .quantiles import exponential_quantile
from .residents import from_census, from_equilibrium
from .stay import Stays

PRIORITY = {"police_emergency": 0, "young_people": 1, "community_crisis": 1, "readmission": 1, "picu_step_down": 2}
"""Order in the queue; smaller is sooner. Police custody and emergency departments are no place to wait."""
COUNT_AT = 8.0 * HOUR
"""Time of day of the daily count by level of acuity."""


class Beds:
    """The ward's beds and everyone who needs one.

    Hooks are lists of callables that take a patient. At the start of a run `admitted` is called for everyone who is here
    (and `went_out` for those on leave), whether drawn or restored, once all parts have been composed.

    Parameters
    ----------
    ctx : Context
        Common ground.
    state : dict or None
        What `save` returned.
    """

    def __init__(self, ctx: Context, state: dict[str, Any] | None = None) -> None:
        self._ctx = ctx
        self.beds = ctx.scenario.ward.beds
        self._leave_beds = ctx.scenario.flow.leave_beds
        limit = ctx.scenario.flow.out_of_area_after_hours
        self._limit = None if limit is None else limit * HOUR
        self._patience = ctx.p["flow.queue_patience_days"] * DAY
        self._police_back = ctx.p["flow.police_return_share"]
        self._police_min = ctx.p["flow.police_absence_hours"] * HOUR
        courses = Courses(ctx.streams, ctx.p, ctx.scenario.demand.admission_threshold)
        self.mix = mix_of(ctx.scenario, ctx.p)
        self.patients = Patients(ctx.streams, ctx.p, self.mix, courses)
        self.present: dict[int, Patient] = {}
        """On the ward now, by id."""
        self.on_leave: dict[int, Patient] = {}
        """On overnight leave or absent without leave; still on the books."""
        self.away: dict[int, Patient] = {}
        """Placed out of area."""
        self.returning: list[Patient] = []
        """On leave, due back, no bed free."""
        self.admitted: list[Callable[[Patient], None]] = []
        self.returned: list[Callable[[Patient], None]] = []
        self.went_out: list[Callable[[Patient], None]] = []
        self.left: list[Callable[[Patient], None]] = []
        """Has left the ward's books: discharged or transferred (not called for those out of area)."""
        self.placed_away: list[Callable[[Patient], None]] = []
        """Has been placed out of area."""
        self.left_away: list[Callable[[Patient], None]] = []
        """Is no longer out of area: repatriated (just before `admitted`) or discharged there."""
        self.ended: list[Callable[[Patient, str], None]] = []
        """The episode has ended, wherever; called with the route too."""
        self._waiting: list[tuple[int, float, int, Patient]] = []
        self._held = 0
        self._delayed = 0
        self._detained = 0
        self._leaves = LeavePlans(ctx)
        self.stays = Stays(ctx, self)
        start = ctx.scenario.start.census
        if state is not None:
            self.patients.next_id = state["next_id"]
        if start is not None and ctx.begin >= 0.0:
            self._residents = from_census(ctx, self.patients, start)
        elif state is not None:
            self._residents = [self.patients.restore(saved) for saved in state["patients"]]
        else:
            self._residents = from_equilibrium(ctx, self.patients, self.mix)
        self._restored = state is not None and not (start is not None and ctx.begin >= 0.0)
        At(ctx.env, 0.0, self._open, None, 0)

    def save(self) -> dict[str, Any]:
        """Everyone on the books, waiting or away, as plain data."""
        waiting = [entry[3] for entry in self._waiting]
        everyone = [*self.present.values(), *self.on_leave.values(), *self.away.values(), *waiting]
        return {"next_id": self.patients.next_id, "patients": [q.save() for q in everyone] or [q.save() for q in self._residents]}

    # -- what others ask ----------------------------------------------------------------------------------------------------

    @property
    def queue(self) -> list[Patient]:
        """Those who wait for a bed, in the order in which they will be served."""
        return [entry[3] for entry in self._waiting]

    def occupancy(self) -> float:
        """Patients on the ward per bed."""
        return len(self.present) / self.beds if self.beds else 0.0

    def free(self) -> int:
        """Beds that may be given now (below 0 when the ward is over its number)."""
        return self.beds - len(self.present) - self._held

    def find(self, patient: int) -> Patient | None:
        """A patient on the ward or on leave from it, by id."""
        return self.present.get(patient) or self.on_leave.get(patient)

    # -- coming -------------------------------------------------------------------------------------------------------------

    def refer(self, patient: Patient, *, diverted: bool = False) -> None:
        """A patient is referred now: joins the queue, and is admitted at once if a bed is free."""
        ctx = self._ctx
        now = ctx.env.now
        patient.referred_at = now
        row = len(ctx.facts.referral)
        self._referral(patient, "diverted" if diverted else "queued")
        if diverted:
            patient.place = GONE
            return
        patient.extra["row"] = float(row)
        patient.priority = PRIORITY.get(patient.source, 1)
        insort(self._waiting, (patient.priority, now, patient.id, patient))
        self._place("direct")
        if patient.place == QUEUE:
            self._wait(patient)
            self._levels()

    def _referral(self, q: Patient, outcome: str) -> None:
        self._ctx.facts.referral.append(
            (
                self._ctx.env.now, q.id, q.source, q.key[2], q.age_band, q.sex, int(q.detained), q.diagnosis,
                int(q.dual_diagnosis), int(q.previous_violence), int(q.comorbidity), q.frailty, outcome,
            )
        )  # fmt: skip

    def _wait(self, patient: Patient) -> None:
        """Start the clocks of the queue: pressure on discharges, then a placement out of area (or giving up)."""
        env = self._ctx.env
        waited = env.now - patient.referred_at
        pressure = self.stays.pressure_after
        limit = self._patience if self._limit is None else self._limit
        if pressure is not None and waited <= pressure * HOUR < limit:
            At(env, pressure * HOUR - waited, self._press, patient, AT_NEW_WORK)
        At(env, max(limit - waited, 0.0), self._too_long, patient, AT_NEW_WORK)

    def _press(self, event: At) -> None:
        if event._value.place == QUEUE:
            self.stays.bring_forward()

    def _too_long(self, event: At) -> None:
        patient: Patient = event._value
        if patient.place != QUEUE:
            return
        now = self._ctx.env.now
        self._waiting.remove((patient.priority, patient.referred_at, patient.id, patient))
        if self._limit is None:
            patient.place = GONE
            row = int(patient.extra["row"])
            if row >= 0:
                referral = self._ctx.facts.referral
                referral[row] = (*referral[row][:-1], "declined")
        else:
            self.patients.begin_treatment(patient, now)
            self._put_away(patient, now)
            self.stays.plan(patient)
        self._levels()

    def _put_away(self, patient: Patient, since: float) -> None:
        patient.place = AWAY
        patient.away_since = since
        self.away[patient.id] = patient
        self._ctx.facts.out_of_area.append((self._ctx.env.now, patient.id, "placed", since))
        for call in self.placed_away:
            call(patient)

    def _place(self, route: str = "queue") -> None:
        """Give every free bed to whoever is next."""
        moved = False
        while self.free() > 0:
            if self.returning:
                self._come_back(self.returning.pop(0))
            elif self._waiting:
                self._admit(self._waiting.pop(0)[3], route)
            elif self.away:
                self._repatriate(min(self.away.values(), key=lambda q: (q.away_since, q.id)))
            else:
                break
            moved = True
        if moved:
            self._levels()

    def _repatriate(self, patient: Patient) -> None:
        del self.away[patient.id]
        self._ctx.facts.out_of_area.append((self._ctx.env.now, patient.id, "repatriated", patient.away_since))
        for call in self.left_away:
            call(patient)
        self._admit(patient, "repatriation")

    def _admit(self, patient: Patient, route: str) -> None:
        now = self._ctx.env.now
        begins = patient.place == QUEUE
        if begins:
            self.patients.begin_treatment(patient, now)
            patient.extra.pop("row", None)
        patient.admitted_at = now
        patient.admitted_to = route
        self._enter(patient)
        self._written(patient, route, patient.treated_at - patient.referred_at)
        if begins:
            self.stays.plan(patient)
        self._plan_leave(patient)
        for call in self.admitted:
            call(patient)

    def _written(self, patient: Patient, route: str, wait: float) -> None:
        now = self._ctx.env.now
        key = "-".join(map(str, patient.key))
        self._ctx.facts.admission.append((now, patient.id, patient.source, max(wait, 0.0), route, patient.level(now), key))

    def _enter(self, patient: Patient) -> None:
        patient.place = WARD
        self.present[patient.id] = patient
        self._detained += patient.detained
        self._delayed += patient.is_ready and patient.delay_cause != ""

    def _exit(self, patient: Patient) -> None:
        del self.present[patient.id]
        self._detained -= patient.detained
        self._delayed -= patient.is_ready and patient.delay_cause != ""

    def became_ready(self, patient: Patient) -> None:
        """A delay has begun (called by `Stays`)."""
        if patient.place == WARD:
            self._delayed += 1
            self._levels()

    # -- leave --------------------------------------------------------------------------------------------------------------

    def _plan_leave(self, patient: Patient) -> None:
        """Plan the overnight leaves still to come."""
        now = self._ctx.env.now
        plan = self._leaves.plan(patient, patient.leaves_at + 3.0 * DAY)
        patient.leave_plan = [leave for leave in plan if leave[0] > now]
        self._next_leave(patient)

    def _next_leave(self, patient: Patient) -> None:
        now = self._ctx.env.now
        plan = patient.leave_plan
        while plan and plan[0][0] <= now:
            plan.pop(0)
        if plan:
            At(self._ctx.env, plan[0][0] - now, self._leave_due, patient, AT_NEW_WORK)

    def _leave_due(self, event: At) -> None:
        patient: Patient = event._value
        if patient.place == GONE or not patient.leave_plan:
            return
        start, end = patient.leave_plan.pop(0)
        if patient.place == WARD and patient.leaves_at > end:
            self._go_out(patient, end, absent=False)
        else:
            self._next_leave(patient)

    def _go_out(self, patient: Patient, until: float, *, absent: bool) -> None:
        now = self._ctx.env.now
        self._exit(patient)
        patient.place = LEAVE
        patient.absent = absent
        patient.out_until = until
        patient.extra["out_since"] = now
        self.on_leave[patient.id] = patient
        self._held += absent or not self._leave_beds
        self._back_at(patient)
        for call in self.went_out:
            call(patient)
        self._place()
        self._levels()

    def _back_at(self, patient: Patient) -> None:
        delay = max(patient.out_until - self._ctx.env.now, 0.0)
        At(self._ctx.env, delay, self._back_due, (patient, patient.out_until), AT_NEW_WORK)

    def _back_due(self, event: At) -> None:
        patient, until = event._value
        if patient.place != LEAVE or patient.out_until != until:
            return
        if patient.absent or not self._leave_beds or self.free() > 0:
            self._come_back(patient)
            self._levels()
        else:
            self.returning.append(patient)

    def _come_back(self, patient: Patient) -> None:
        absent = self._off_leave(patient)
        self._enter(patient)
        for call in self.returned:
            call(patient)
        if not absent:
            self._next_leave(patient)

    def _off_leave(self, patient: Patient) -> bool:
        """Close an absence, whether the patient is back or has left altogether."""
        now = self._ctx.env.now
        del self.on_leave[patient.id]
        self._held -= patient.absent or not self._leave_beds
        if patient in self.returning:
            self.returning.remove(patient)
        absent = patient.absent
        kind = "overnight" if not absent else "police" if patient.extra.pop("police", 0.0) else "absent_without_leave"
        self._ctx.facts.leave.append((patient.extra.pop("out_since"), now, patient.id, kind))
        patient.absent = False
        patient.out_until = float("nan")
        return absent

    def abscond(self, patient: Patient, return_after_min: float | None) -> None:
        """A patient goes missing: the bed is kept until the return, or given up if there will be none (None)."""
        if patient.place != WARD:
            return
        if return_after_min is None:
            self.discharge(patient, "absconded")
        else:
            self._go_out(patient, self._ctx.env.now + return_after_min, absent=True)

    # -- going --------------------------------------------------------------------------------------------------------------

    def transfer(self, patient: Patient, route: str) -> None:
        """Move a patient to psychiatric intensive care ("picu": ends the stay) or into police custody ("police": may interrupt it)."""
        if patient.place not in (WARD, LEAVE):
            return
        if route == "police" and patient.place == WARD and patient.chance[TRANSFER] < self._police_back:
            patient.extra["police"] = 1.0
            away = self._police_min * exponential_quantile(patient.chance[TRANSFER_LENGTH])
            self._go_out(patient, self._ctx.env.now + away, absent=True)
        else:
            self.discharge(patient, route)

    def discharge(self, patient: Patient, route: str = "home") -> None:
        """End the episode of a patient who is on the ward, on leave or out of area.

        Parameters
        ----------
        route : str
            home, early, picu, police, absconded or transfer.
        """
        now = self._ctx.env.now
        place = patient.place
        if place == GONE or place == QUEUE:
            return
        admitted = patient.admitted_at
        if place == AWAY:
            del self.away[patient.id]
            self._ctx.facts.out_of_area.append((now, patient.id, "discharged", patient.away_since))
            admitted = patient.treated_at
        elif place == LEAVE:
            self._off_leave(patient)
        else:
            self._exit(patient)
        patient.place = GONE
        patient.token += 1
        ready = min(patient.ready_at, now)
        where = "out_of_area" if place == AWAY else "ward"
        cause = patient.delay_cause if patient.is_ready else ""
        self._ctx.facts.discharge.append((now, patient.id, admitted, ready, cause, route, where))
        for call in self.left_away if place == AWAY else self.left:
            call(patient)
        for end in self.ended:
            end(patient, route)
        self._place()
        self._levels()

    # -- the start and the record -------------------------------------------------------------------------------------------

    def _open(self, _: At) -> None:
        """Put the residents in their places and tell everyone."""
        residents, self._residents = self._residents, []
        for patient in residents:
            if self._restored:
                self._resume(patient)
            else:
                self._settle(patient)
        if self._restored:
            self._place()
        self._levels()
        day = self._ctx.env.now // DAY * DAY
        due = day + COUNT_AT if day + COUNT_AT >= self._ctx.env.now else day + DAY + COUNT_AT
        At(self._ctx.env, due - self._ctx.env.now, self._count, None, AT_NEW_WORK)

    def _settle(self, patient: Patient) -> None:
        """A resident drawn for the start: on the ward, on leave, or out of area when the ward is full."""
        now = self._ctx.env.now
        self._referral(patient, "census")
        plan: list[tuple[float, float]] = []
        self.stays.plan(patient)
        if not patient.extra.get("census"):
            plan = self._leaves.plan(patient, now + 1.0)
        out = plan[-1][1] if plan and plan[-1][0] <= now < plan[-1][1] and patient.leaves_at > plan[-1][1] else None
        taken = self.free() <= 0 and not patient.extra.get("census")
        if taken and (out is None or not self._leave_beds):
            if self._limit is None:
                self._unsettled(patient)
            else:
                self._put_away(patient, patient.treated_at)
            return
        patient.admitted_at = patient.treated_at
        patient.admitted_to = "census"
        self._enter(patient)
        self._written(patient, "census", 0.0)
        self._plan_leave(patient)
        for call in self.admitted:
            call(patient)
        if out is not None:
            patient.leave_plan = [leave for leave in patient.leave_plan if leave[0] > out]
            self._go_out(patient, out, absent=False)

    def _unsettled(self, patient: Patient) -> None:
        """Nobody goes out of area here: whoever has no bed at the start waits for one, not yet in treatment."""
        now = self._ctx.env.now
        patient.token += 1
        patient.place = QUEUE
        patient.is_ready = False
        patient.referred_at = now
        patient.extra["row"] = -1.0
        insort(self._waiting, (patient.priority, now, patient.id, patient))
        self._wait(patient)

    def _resume(self, patient: Patient) -> None:
        """A patient of a saved ward goes on."""
        place = patient.place
        if place == QUEUE:
            patient.extra["row"] = -1.0
            insort(self._waiting, (patient.priority, patient.referred_at, patient.id, patient))
            self._wait(patient)
            return
        self.stays.schedule(patient)
        if place == AWAY:
            self.away[patient.id] = patient
            self._ctx.facts.out_of_area.append((self._ctx.env.now, patient.id, "placed", patient.away_since))
            for call in self.placed_away:
                call(patient)
            return
        absent, until = patient.absent, patient.out_until
        self._referral(patient, "census")
        self._enter(patient)
        self._written(patient, "census", 0.0)
        self._plan_leave(patient)
        for call in self.admitted:
            call(patient)
        if place == LEAVE:
            since = patient.extra["out_since"]
            self._exit(patient)
            patient.place = LEAVE
            patient.absent, patient.out_until = absent, until
            patient.extra["out_since"] = since
            self.on_leave[patient.id] = patient
            self._held += absent or not self._leave_beds
            self._back_at(patient)
            for call in self.went_out:
                call(patient)

    def _levels(self) -> None:
        """Write the levels after a change; several changes at one minute leave one row."""
        now = self._ctx.env.now
        rows = self._ctx.facts.beds
        row = (
            now, len(self.present), len(self.on_leave), len(self._waiting), len(self.away), self._delayed, self._detained
        )  # fmt: skip
        if rows and rows[-1][0] == now:
            rows[-1] = row
        elif not rows or rows[-1][1:] != row[1:]:
            rows.append(row)

    def _count(self, _: At) -> None:
        now = self._ctx.env.now
        levels = [0, 0, 0, 0, 0, 0]
        for patient in self.present.values():
            level = int(patient.course.at(now) - patient.shift_of_acuity + 0.5)
            levels[1 if level < 1 else 5 if level > 5 else level] += 1
        self._ctx.facts.acuity.append((int(now // DAY), *levels[1:]))
        At(self._ctx.env, DAY, self._count, None, AT_NEW_WORK)
