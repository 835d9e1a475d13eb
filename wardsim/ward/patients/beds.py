"""Beds: who is on the ward, on leave, waiting, or placed out of area; and who comes next when a bed is free.

Order for a free bed: patients due back from leave whose bed was given away, then those who wait (by priority, then by time),
then those placed out of area, longest placed first. A placement begins when the wait passes the limit of the scenario.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any, Final

from wardsim.parameters.casemix import mix_of

from ..core.clock import AT_NEW_WORK, AT_ONCE, DAY, HOUR, At
from ..core.context import Context
from ..core.quantiles import exponential_quantile
from .acuity import Courses
from .bed_record import BedRecord
from .leaves import Leaves
from .opening import resume, settle
from .patients import AWAY, GONE, LEAVE, QUEUE, TRANSFER, TRANSFER_LENGTH, WARD, Patient, Patients
from .residents import from_census, from_equilibrium
from .stay import Stays

PRIORITY: Final = {"police_emergency": 0, "young_people": 1, "community_crisis": 1, "readmission": 1, "picu_step_down": 2}
"""Order in the queue; smaller is sooner. Police custody and emergency departments are no place to wait."""


class Beds:
    """The ward's beds and everyone who needs one.

    Hooks are lists of callables that take a patient. At the start of a run `admitted` is called for everyone who is here
    (and then `went_out` for those on leave), whether drawn or restored, once all parts have been composed.

    Parameters
    ----------
    ctx : Context
        Common ground.
    state : dict or None
        What `save` returned.

    Attributes
    ----------
    present, on_leave, away : dict of int to Patient
        On the ward now; on overnight leave or absent, still on the books; placed out of area. By id.
    admitted, returned, went_out, left : list of callable
        Onto the ward; back from leave or absence; out on leave or absent; off the books of the ward (not called for those away).
    placed_away, left_away : list of callable
        Placed out of area; no longer there (repatriated, just before `admitted`, or discharged).
    ended : list of callable
        The episode has ended, wherever; called with the patient and the route.
    opened : list of callable
        Everyone of a saved ward is in place, and no free bed has been given yet.
    restored : bool
        Whether the residents are those of a saved ward.
    """

    def __init__(self, ctx: Context, state: dict[str, Any] | None = None) -> None:
        flow = ctx.scenario.flow
        self._ctx = ctx
        self.beds = ctx.scenario.ward.beds
        self.gives_leave_beds = flow.leave_beds
        self.places_out_of_area = flow.out_of_area_after_hours is not None
        patience = ctx.p["flow.queue_patience_days"] * DAY
        self._longest_wait = patience if flow.out_of_area_after_hours is None else flow.out_of_area_after_hours * HOUR
        self._police_back = ctx.p["flow.police_return_share"]
        self._police_min = ctx.p["flow.police_absence_hours"] * HOUR
        self.mix = mix_of(ctx.scenario, ctx.p)
        courses = Courses(ctx.streams, ctx.p, ctx.scenario.demand.admission_threshold)
        self.patients = Patients(ctx.streams, ctx.p, self.mix, courses)
        self.present: dict[int, Patient] = {}
        self.on_leave: dict[int, Patient] = {}
        self.away: dict[int, Patient] = {}
        self.admitted: list[Callable[[Patient], None]] = []
        self.returned: list[Callable[[Patient], None]] = []
        self.went_out: list[Callable[[Patient], None]] = []
        self.left: list[Callable[[Patient], None]] = []
        self.placed_away: list[Callable[[Patient], None]] = []
        self.left_away: list[Callable[[Patient], None]] = []
        self.ended: list[Callable[[Patient, str], None]] = []
        self.opened: list[Callable[[], None]] = []
        self._waiting: list[tuple[int, float, int, Patient]] = []
        self.record = BedRecord(ctx, self)
        self.leaves = Leaves(ctx, self)
        self.stays = Stays(ctx, self)
        self._residents, self.restored = self._start(state)
        At(ctx.env, 0.0, self._open, None, AT_ONCE)

    def _start(self, state: dict[str, Any] | None) -> tuple[list[Patient], bool]:
        """Who is here: as counted by the planner at time zero, as saved, or drawn from the equilibrium."""
        ctx, census = self._ctx, self._ctx.scenario.start.census
        self._returning: list[int] = []
        if state is not None:
            self.patients.next_id = state["next_id"]
            self._returning = state["returning"]
        if census is not None and ctx.begin >= 0.0:
            return from_census(ctx, self.patients, census), False
        if state is not None:
            return [self.patients.restore(saved) for saved in state["patients"]], True
        return from_equilibrium(ctx, self.patients, self.mix), False

    def save(self) -> dict[str, Any]:
        """Everyone on the books, waiting or away, as plain data."""
        waiting = [entry[3] for entry in self._waiting]
        here = [*self.present.values(), *self.on_leave.values()]
        everyone = [*here, *self.away.values(), *waiting, *self._residents]
        return {
            "next_id": self.patients.next_id,
            "patients": [q.save() for q in everyone],
            "returning": [q.id for q in self.leaves.returning],
        }

    # -- what others ask ----------------------------------------------------------------------------------------------------

    @property
    def queue(self) -> list[Patient]:
        """Those who wait for a bed, in the order in which they will be served."""
        return [entry[3] for entry in self._waiting]

    def waiting_count(self) -> int:
        """How many wait for a bed."""
        return len(self._waiting)

    def occupancy(self) -> float:
        """Patients on the ward per bed."""
        return len(self.present) / self.beds if self.beds else 0.0

    def free(self) -> int:
        """Beds that may be given now (below 0 when the ward is over its number)."""
        return self.beds - len(self.present) - self.leaves.held

    def find(self, patient: int) -> Patient | None:
        """A patient on the ward or on leave from it, by id."""
        return self.present.get(patient) or self.on_leave.get(patient)

    # -- coming -------------------------------------------------------------------------------------------------------------

    def refer(self, patient: Patient, *, diverted: bool = False) -> None:
        """A patient is referred now: joins the queue, and is admitted at once if a bed is free.

        Parameters
        ----------
        diverted : bool
            Taken by a crisis alternative instead: recorded, and gone.
        """
        patient.referred_at = self._ctx.env.now
        row = self.record.referral(patient, "diverted" if diverted else "queued")
        if diverted:
            patient.place = GONE
            return
        patient.priority = PRIORITY.get(patient.source, 1)
        patient.extra["row"] = float(row)
        insort(self._waiting, (patient.priority, patient.referred_at, patient.id, patient))
        self.place("direct")
        if patient.place == QUEUE:
            self._wait(patient)
            self.record.levels()

    def join_queue(self, patient: Patient, row: int) -> None:
        """Put someone who waited when the run began into the queue, with the wait so far; `row`: of the referral written."""
        patient.place = QUEUE
        patient.extra["row"] = float(row)
        insort(self._waiting, (patient.priority, patient.referred_at, patient.id, patient))
        self._wait(patient)

    def _wait(self, patient: Patient) -> None:
        """Start the clocks of the queue: pressure on discharges, then a placement out of area (or giving up)."""
        env = self._ctx.env
        waited = env.now - patient.referred_at
        after = self.stays.pressure_after
        limit = self._longest_wait
        if after is not None and waited <= after * HOUR < limit:
            At(env, after * HOUR - waited, self._press, patient, AT_NEW_WORK)
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
        row = int(patient.extra.pop("row"))
        if self.places_out_of_area:
            self.patients.begin_treatment(patient, now)
            self.put_away(patient, now)
            self.stays.plan(patient)
        else:
            patient.place = GONE
            self.record.declined(row)
        self.record.levels()

    def put_away(self, patient: Patient, since: float) -> None:
        """Place a patient out of area."""
        patient.place = AWAY
        patient.away_since = since
        self.away[patient.id] = patient
        self.record.placement(patient, "placed")
        for call in self.placed_away:
            call(patient)

    def place(self, route: str = "queue") -> None:
        """Give every free bed to whoever is next."""
        moved = False
        while self.free() > 0:
            if self.leaves.returning:
                self.leaves.come_back(self.leaves.returning[0])
            elif self._waiting:
                self._admit(self._waiting.pop(0)[3], route)
            elif self.away:
                self._repatriate(min(self.away.values(), key=lambda q: (q.away_since, q.id)))
            else:
                break
            moved = True
        if moved:
            self.record.levels()

    def _repatriate(self, patient: Patient) -> None:
        del self.away[patient.id]
        self.record.placement(patient, "repatriated")
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
        self.enter(patient)
        self.record.admission(patient, route, patient.treated_at - patient.referred_at)
        if begins:
            self.stays.plan(patient)
        self.leaves.plan(patient)
        for call in self.admitted:
            call(patient)

    def enter(self, patient: Patient) -> None:
        """Count a patient as on the ward."""
        patient.place = WARD
        self.present[patient.id] = patient
        self.record.detained += patient.detained
        self.record.delayed += patient.is_ready and patient.delay_cause != ""

    def exit(self, patient: Patient) -> None:
        """Count a patient as no longer on the ward."""
        del self.present[patient.id]
        self.record.detained -= patient.detained
        self.record.delayed -= patient.is_ready and patient.delay_cause != ""

    def became_ready(self, patient: Patient) -> None:
        """A delay has begun (called by `Stays`)."""
        if patient.place == WARD:
            self.record.delayed += 1
            self.record.levels()

    # -- going --------------------------------------------------------------------------------------------------------------

    def abscond(self, patient: Patient, return_after_min: float | None) -> None:
        """A patient goes missing: the bed is kept until the return, or given up if there will be none (None)."""
        if patient.place != WARD:
            return
        if return_after_min is None:
            self.discharge(patient, "absconded")
        else:
            self.leaves.go_out(patient, self._ctx.env.now + return_after_min, absent=True)

    def transfer(self, patient: Patient, route: str) -> None:
        """Move a patient out because of an incident.

        Parameters
        ----------
        patient : Patient
            On the ward or on leave from it.
        route : str
            picu: psychiatric intensive care, which ends the stay (some step down to this ward later);
            police: custody, which ends the stay or interrupts it for some hours, the bed being kept.
        """
        if patient.place not in (WARD, LEAVE):
            return
        if route == "police" and patient.place == WARD and patient.chance[TRANSFER] < self._police_back:
            patient.extra["police"] = 1.0
            hours = self._police_min * exponential_quantile(patient.chance[TRANSFER_LENGTH])
            self.leaves.go_out(patient, self._ctx.env.now + hours, absent=True)
        else:
            self.discharge(patient, route)

    def discharge(self, patient: Patient, route: str = "home") -> None:
        """End the episode of a patient who is on the ward, on leave or out of area.

        Parameters
        ----------
        route : str
            home, early, picu, police, absconded or transfer.
        """
        place = patient.place
        if place in (GONE, QUEUE):
            return
        if place == AWAY:
            del self.away[patient.id]
            self.record.placement(patient, "discharged")
        elif place == LEAVE:
            self.leaves.close(patient)
        else:
            self.exit(patient)
        patient.place = GONE
        patient.token += 1
        if place == AWAY:
            self.record.discharge(patient, patient.treated_at, route, "out_of_area")
        else:
            self.record.discharge(patient, patient.admitted_at, route, "ward")
        for call in self.left_away if place == AWAY else self.left:
            call(patient)
        for end in self.ended:
            end(patient, route)
        self.place()
        self.record.levels()

    def _open(self, _: At) -> None:
        """Put the residents in their places and tell everyone."""
        residents, self._residents = self._residents, []
        now = self._ctx.env.now
        for patient in residents:
            if self.restored:
                resume(self, patient)
            else:
                settle(self, patient, now)
        if self.restored:
            self.leaves.returning += [self.on_leave[i] for i in self._returning]
            for call in self.opened:
                call()
            self.place()
        self.record.levels()
        self.record.start()
