"""When talking does not end it: the team, restraint, medication, the quiet room, seclusion, intensive care, the police.

What is done is decided by the incident's own draws and shares of the ledger; a full seclusion room leaves the next lesser
measure. Too few trained people make a restraint longer and more harmful as far as mechanism M1 says so. A secluded patient is
not exposed to further incidents until let out.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from ..core.clock import AT_NEW_WORK, HOUR, At
from ..core.context import Context
from ..work.kinds import SECLUSION_CARE
from ..work.task import DONE, Task
from .aftermath import Aftermath
from .incident import Incident
from .mechanisms import Mechanisms
from .outcomes import (
    AS_NEEDED,
    PICU,
    POLICE,
    QUIET_ROOM,
    RESTRAINT,
    RESTRAINT_MIN,
    SECLUDED,
    SECLUSION_MIN,
    TRANQUILLISED,
    lognormal,
)
from .protocols import BedsLike, StaffingLike
from .response import Scene, Travel

COURSE = "violence_prevention"
SEDATED_HOURS = 4.0
Story = Generator[simpy.Event, Any, None]


class Containment:
    """Contains what was not talked down.

    Parameters
    ----------
    ctx : Context
        Common ground.
    mechanisms, travel, aftermath
        Effects, arrivals, injuries.
    beds, staffing
        Transfers; extra staff for seclusion.
    stop, start : callable
        End and begin a patient's exposure to incidents (seclusion).
    """

    def __init__(
        self,
        ctx: Context,
        mechanisms: Mechanisms,
        travel: Travel,
        aftermath: Aftermath,
        beds: BedsLike,
        staffing: StaffingLike,
        stop: Callable[[Any], None],
        start: Callable[[Any], None],
    ) -> None:
        p = ctx.p
        self._ctx = ctx
        self._mechanisms = mechanisms
        self._travel = travel
        self._aftermath = aftermath
        self._beds = beds
        self._staffing = staffing
        self._stop = stop
        self._start = start
        self._restraint = {
            "assault": p["incidents.restraint_after_assault_share"],
            "aggression": p["incidents.restraint_after_aggression_share"],
            "self_harm": p["incidents.restraint_after_self_harm_share"],
            "refusal": 1.0,
        }
        self._tranquillised = p["incidents.tranquillised_in_restraint_share"]
        self._secluded = p["incidents.secluded_after_restraint_share"]
        self._quiet = p["incidents.quiet_room_share"]
        self._as_needed = p["incidents.as_needed_medication_share"]
        self._picu = p["incidents.picu_after_restraint_share"]
        self._police = p["incidents.police_after_assault_share"]
        self._custody = p["incidents.custody_after_police_share"]
        self._minutes = p["incidents.restraint_median_min"]
        self._minutes_cv = p["incidents.restraint_cv"]
        self._seclusion = p["incidents.seclusion_median_hours"] * HOUR
        self._seclusion_cv = p["incidents.seclusion_cv"]
        self._after = p["incidents.after_restraint_min"]
        self._staff_hurt = p["incidents.staff_hurt_in_restraint_share"]
        self._patient_hurt = p["incidents.patient_hurt_in_restraint_share"]
        self._quiet_min = p["incidents.quiet_room_min"]
        self._stint = float(ctx.scenario.work.observation.constant_stint_minutes)
        self.rooms = ctx.scenario.ward.seclusion_rooms
        self.quiet_rooms = ctx.scenario.ward.low_stimulus_rooms
        self.quiet_until: list[float] = []
        self.secluded: dict[int, float] = {}
        """Patient id to the time of being let out."""

    # -- the story ----------------------------------------------------------------------------------------------------------

    def take(self, incident: Incident, scene: Scene, cause: str) -> Story:
        """Contain an incident; ends when everyone is released.

        Parameters
        ----------
        incident : Incident
            What is to be contained.
        scene : Scene
            Who is already there; the rest of a team is called.
        cause : str
            assault, aggression, self_harm or refusal: sets the chance of restraint.
        """
        env = self._ctx.env
        travel = self._travel
        row = incident.row
        scene.call(travel.size - scene.count, COURSE)
        scene.call_neighbours(travel.size - scene.count, site=True)
        called = env.now - scene.start
        actual = max(scene.last_arrival - called, 0.0)
        wait = max(self._mechanisms.arrival(travel.team, actual), 0.0)
        yield env.timeout(wait)
        team_arrival = scene.last_arrival
        effects = self._ctx.effects
        odds = effects.get("containment", 1.0)
        restrained = row[RESTRAINT] < _times(self._restraint[cause], odds * effects.get("restraint", 1.0))
        if restrained and self._here(incident):
            yield from self._restrain(incident, scene, odds)
        else:
            yield from self._calm(incident, scene)
        scene.fact(incident.id, team_arrival, de_escalated=False)
        scene.release()
        self._aftermath.over(incident, scene.people, settle=True)
        self._send_on(incident, restrained=incident.restrained)

    def _restrain(self, incident: Incident, scene: Scene, odds: float) -> Story:
        env = self._ctx.env
        row = incident.row
        patient = incident.patient
        trained = len(scene.trained)
        missing = max(self._travel.size - trained, 0)
        minutes = lognormal(row[RESTRAINT_MIN], self._minutes, self._minutes_cv) * self._mechanisms.restraint_minutes(missing)
        incident.restrained = True
        self._fact(incident, "restraint", minutes, scene.count, trained)
        yield env.timeout(minutes)
        staff_hurt = self._mechanisms.harm(self._staff_hurt, missing)
        self._aftermath.hurt_in_restraint(
            incident, staff_hurt, self._mechanisms.harm(self._patient_hurt, missing), scene.people
        )
        if row[TRANQUILLISED] < _times(self._tranquillised, odds):
            self._fact(incident, "rapid_tranquillisation", 0.0, scene.count, trained)
            patient.extra["sedated_until"] = env.now + SEDATED_HOURS * HOUR
        yield env.timeout(self._after)
        if row[SECLUDED] < _times(self._secluded, odds) and self._here(incident):
            if len(self.secluded) < self.rooms:
                length = lognormal(row[SECLUSION_MIN], self._seclusion, self._seclusion_cv)
                self._fact(incident, "seclusion", length, scene.count, trained)
                self.seclude(patient, length)
            else:
                self._quiet_room(incident, scene)

    def _calm(self, incident: Incident, scene: Scene) -> Story:
        row = incident.row
        if row[AS_NEEDED] < self._as_needed:
            self._fact(incident, "prn", 0.0, scene.count, len(scene.trained))
        if row[QUIET_ROOM] < self._quiet:
            self._quiet_room(incident, scene)
        yield self._ctx.env.timeout(self._after)

    def _quiet_room(self, incident: Incident, scene: Scene) -> None:
        now = self._ctx.env.now
        self.quiet_until = [t for t in self.quiet_until if t > now]
        if len(self.quiet_until) < self.quiet_rooms:
            self.quiet_until.append(now + self._quiet_min)
            self._fact(incident, "low_stimulus", self._quiet_min, scene.count, len(scene.trained))

    def _send_on(self, incident: Incident, *, restrained: bool) -> None:
        """Police and intensive care, when everything else is done."""
        row = incident.row
        patient = incident.patient
        grave = incident.assault and (incident.harm >= 2 or incident.weapon)
        if grave and row[POLICE] < self._police:
            self._fact(incident, "police", 0.0, 0, 0)
            if row[POLICE] < self._police * self._custody and self._here(incident):
                self._beds.transfer(patient, "police")
                return
        if restrained and row[PICU] < self._picu * (2.0 if grave else 1.0) and patient.id in self._beds.present:
            self._fact(incident, "picu_transfer", 0.0, 0, 0)
            self._beds.transfer(patient, "picu")

    # -- seclusion ----------------------------------------------------------------------------------------------------------

    def seclude(self, patient: Any, minutes: float) -> None:
        """Lock a patient in for some minutes: no exposure, and somebody at the door all the time."""
        now = self._ctx.env.now
        until = now + minutes
        self.secluded[patient.id] = until
        self._stop(patient)
        self._staffing.request_extra("hca", "seclusion", now, minutes / HOUR)
        self._watch(patient, until)
        At(self._ctx.env, minutes, self._let_out, (patient, until), AT_NEW_WORK)

    def forget(self, patient: Any) -> None:
        """The patient has left the ward."""
        self.secluded.pop(patient.id, None)

    def _watch(self, patient: Any, until: float) -> None:
        left = until - self._ctx.env.now
        if left > 1e-6 and self.secluded.get(patient.id) == until:
            self._ctx.dispatcher.submit(
                SECLUSION_CARE, min(left, self._stint), patient.id, expires=until, on_end=self._stint_over, note=(patient, until)
            )

    def _stint_over(self, task: Task) -> None:
        if task.outcome == DONE:
            note: Any = task.note
            self._watch(*note)

    def _let_out(self, event: At) -> None:
        patient, until = event._value
        if self.secluded.get(patient.id) == until:
            del self.secluded[patient.id]
            self._start(patient)

    # -- small things -------------------------------------------------------------------------------------------------------

    def _here(self, incident: Incident) -> bool:
        return incident.patient.id in self._beds.present and incident.patient.id not in self.secluded

    def _fact(self, incident: Incident, kind: str, minutes: float, people: int, trained: int) -> None:
        self._ctx.facts.table("containment").append(
            (self._ctx.env.now, incident.id, incident.patient.id, kind, minutes, people, trained)
        )


def _times(share: float, ratio: float) -> float:
    """A share times a ratio of a programme, kept a share."""
    return share if ratio == 1.0 else min(share * ratio, 1.0)
