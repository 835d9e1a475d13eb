"""When talking does not end it: the team, restraint, medication, the quiet room, seclusion, intensive care, the police.

What is done is decided by the incident's own draws and shares of the ledger; a full seclusion room leaves the next lesser
measure. Too few trained people make a restraint longer and more harmful as far as mechanism M1 says so. A secluded patient is
not exposed to further incidents until let out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..core.clock import AT_END_OF_WORK, AT_NEW_WORK, HOUR, At, Later
from ..core.context import Context
from ..work.kinds import SECLUSION_CARE
from ..work.task import DONE, Task
from .aftermath import Aftermath
from .incident import Incident
from .intensity import AGGRESSION
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

COURSE: Final = "violence_prevention"
SEDATED_HOURS: Final = 4.0


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
        self._facts = ctx.facts.table("containment")
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
        self._secluded_unheld = p["incidents.secluded_without_restraint_share"]
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

    def take(self, incident: Incident, scene: Scene, cause: str) -> None:
        """Contain an incident: call a team, and when it is there do what is to be done, until everyone is released.

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
        scene.call(travel.size - scene.count, COURSE)
        scene.call_neighbours(travel.size - scene.count, site=True)
        called = env.now - scene.start
        actual = max(scene.last_arrival - called, 0.0)
        wait = max(self._mechanisms.arrival(travel.team, actual), 0.0)
        Later(env, wait, self._team_there, (incident, scene, cause), AT_END_OF_WORK)

    def _team_there(self, event: At) -> None:
        incident, scene, cause = event._value
        row = incident.row
        effects = self._ctx.effects
        odds = effects.get("containment", 1.0)
        restrained = row[RESTRAINT] < _times(self._restraint[cause], odds * effects.get("restraint", 1.0))
        if restrained and self._here(incident):
            self._restrain(incident, scene, odds)
        else:
            self._calm(incident, scene)

    def _restrain(self, incident: Incident, scene: Scene, odds: float) -> None:
        row = incident.row
        trained = len(scene.trained)
        missing = max(self._travel.size - trained, 0)
        minutes = lognormal(row[RESTRAINT_MIN], self._minutes, self._minutes_cv) * self._mechanisms.restraint_minutes(missing)
        incident.restrained = True
        self._fact(incident, "restraint", minutes, scene.count, trained)
        Later(self._ctx.env, minutes, self._let_go, (incident, scene, odds, missing), AT_END_OF_WORK)

    def _let_go(self, event: At) -> None:
        """A restraint ends."""
        incident, scene, odds, missing = event._value
        env, row, trained = self._ctx.env, incident.row, len(scene.trained)
        staff_hurt = self._mechanisms.harm(self._staff_hurt, missing)
        self._aftermath.hurt_in_restraint(
            incident, staff_hurt, self._mechanisms.harm(self._patient_hurt, missing), scene.people
        )
        if row[TRANQUILLISED] < _times(self._tranquillised, odds):
            self._fact(incident, "rapid_tranquillisation", 0.0, scene.count, trained)
            incident.patient.extra["sedated_until"] = env.now + SEDATED_HOURS * HOUR
        Later(env, self._after, self._after_restraint, (incident, scene, odds), AT_END_OF_WORK)

    def _after_restraint(self, event: At) -> None:
        incident, scene, odds = event._value
        row = incident.row
        secluded = row[SECLUDED] < _times(self._secluded, odds) and self._here(incident)
        if secluded and not self._lock_in(incident, scene):
            self._quiet_room(incident, scene)
        self._over(incident, scene)

    def _lock_in(self, incident: Incident, scene: Scene) -> bool:
        """Seclude a patient, if there is a room free; whether there was."""
        if len(self.secluded) >= self.rooms:
            return False
        length = lognormal(incident.row[SECLUSION_MIN], self._seclusion, self._seclusion_cv)
        self._fact(incident, "seclusion", length, scene.count, len(scene.trained))
        self.seclude(incident.patient, length)
        return True

    def _calm(self, incident: Incident, scene: Scene) -> None:
        row = incident.row
        if row[AS_NEEDED] < self._as_needed:
            self._fact(incident, "prn", 0.0, scene.count, len(scene.trained))
        if row[QUIET_ROOM] < self._quiet:
            self._quiet_room(incident, scene)
        Later(self._ctx.env, self._after, self._calmed, (incident, scene), AT_END_OF_WORK)

    def _calmed(self, event: At) -> None:
        """Nobody was held; a few go into seclusion with a team at their side."""
        incident, scene = event._value
        share = _times(self._secluded_unheld, self._ctx.effects.get("containment", 1.0))
        if incident.kind < AGGRESSION and incident.row[SECLUDED] < share and self._here(incident):
            self._lock_in(incident, scene)
        self._over(incident, scene)

    def _over(self, incident: Incident, scene: Scene) -> None:
        """Everyone is released; then what remains, and whoever is sent on."""
        scene.fact(incident.id, scene.last_arrival, de_escalated=False)
        scene.release()
        self._aftermath.over(incident, scene.people, settle=True)
        self._send_on(incident, restrained=incident.restrained)

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

    def stay_secluded(self, patient: Any, until: float) -> None:
        """Seclusion goes on in a ward that was saved during it."""
        now = self._ctx.env.now
        self.secluded[patient.id] = until
        self._stop(patient)
        At(self._ctx.env, 0.0, self._unless_watched, (patient, until), AT_NEW_WORK)
        At(self._ctx.env, until - now, self._let_out, (patient, until), AT_NEW_WORK)

    def _unless_watched(self, event: At) -> None:
        patient, until = event._value
        in_hand = self._ctx.dispatcher.in_hand()
        if not any(task.kind is SECLUSION_CARE and task.patient == patient.id for task in in_hand):
            self._watch(patient, until)

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
        self._facts.append(
            (self._ctx.env.now, incident.id, incident.patient.id, kind, minutes, people, trained)
        )


def _times(share: float, ratio: float) -> float:
    """A share times a ratio of a programme, kept a share."""
    return share if ratio == 1.0 else min(share * ratio, 1.0)
