"""What remains after an incident: injuries, staff off sick, raised observation, a debrief, the ward to settle, the report.

Mechanism M11: an assault may keep the injured member of staff away and make leaving likelier; off, neither happens and the
injury is still a fact.
"""

from __future__ import annotations

from typing import Final

from ..core.clock import DAY, HOUR
from ..core.context import Context
from ..core.lot import lot
from ..staff.people import Person
from ..work.kinds import AFTERMATH, CALMING, CHECK_AFTER, DEBRIEF, FOLLOW_UP, INCIDENT_NOTE, REVIEW_AFTER
from ..work.task import Kind
from .effects import effect
from .incident import Incident
from .intensity import REFUSAL
from .outcomes import ABSENT, DAYS_LOST, DEBRIEFED, PATIENT_HURT, RAISED, STAFF_HURT, lognormal
from .protocols import BedsLike, ObservationLike, StaffingLike
from .reporting import Reporting

MONTH: Final = 30.4375 * DAY
DEBRIEF_WITHIN: Final = 48.0 * HOUR
SETTLE_WITHIN: Final = 4.0 * HOUR
CALM_WITHIN: Final = 30.0
"""Minutes in which somebody speaks with a patient after slight aggression, or nobody does."""
WRITE_WITHIN: Final = 24.0 * HOUR
FOLLOW_WITHIN: Final = 72.0 * HOUR


class Aftermath:
    """Carries what follows into staffing, observation, work and the reported layer.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds, staffing, observation, reporting
        Where it acts.
    """

    def __init__(
        self, ctx: Context, beds: BedsLike, staffing: StaffingLike, observation: ObservationLike, reporting: Reporting
    ) -> None:
        p = ctx.p
        on = ctx.on
        self._ctx = ctx
        self._beds = beds
        self._staffing = staffing
        self._observation = observation
        self._reporting = reporting
        self._absent = effect(p, on, "incidents.absence_after_injury_share", "injury", 0.0)
        self._leaving = effect(p, on, "incidents.leaving_after_assault_ratio", "injury", 1.0)
        self._leaving_for = p["incidents.leaving_after_assault_months"] * MONTH
        self._days = p["incidents.absence_after_injury_days"]
        self._days_cv = p["incidents.absence_after_injury_cv"]
        self._raise = {
            "self_harm": p["incidents.observation_after_self_harm_share"],
            "suicide_attempt": p["incidents.observation_after_suicide_attempt_share"],
            "assault": p["incidents.observation_after_assault_share"],
            "absconding": p["incidents.observation_after_absconding_share"],
            "sexual_safety": p["incidents.observation_after_sexual_safety_share"],
        }
        other = p["incidents.constant_after_other_share"]
        self._constant = {
            "suicide_attempt": p["incidents.constant_after_attempt_share"], "self_harm": other, "assault": other,
        }  # fmt: skip
        self._hours = p["incidents.observation_after_incident_hours"]
        self._debrief = p["incidents.debrief_share"]

    def injured(self, incident: Incident, victim: str, person: int, severity: int, staff: Person | None) -> None:
        """Somebody has been hurt; a member of staff may be off from now."""
        now = self._ctx.env.now
        days = 0.0
        if staff is not None and incident.row[ABSENT] < self._absent * (1.0 if severity == 1 else 2.0):
            days = lognormal(incident.row[DAYS_LOST], self._days * (1.0 if severity == 1 else 2.0), self._days_cv)
        self._ctx.facts.table("injury").append((now, incident.id, victim, person, severity, days))
        if days > 0.0 and staff is not None:
            self._staffing.absent(staff, "injury", now, days * DAY)

    def assaulted(self, staff: Person) -> None:
        """A member of staff was assaulted, hurt or not: leaving is likelier for some months."""
        if self._leaving != 1.0:
            self._staffing.leaving_multiplier(staff, self._leaving, self._ctx.env.now + self._leaving_for)

    def hurt_in_restraint(self, incident: Incident, staff_share: float, patient_share: float, people: list[Person]) -> None:
        """Injuries of a restraint itself."""
        if people and incident.row[STAFF_HURT] < staff_share:
            person = people[lot(incident.row[STAFF_HURT] / staff_share, [p.key for p in people])]
            self.injured(incident, "staff", person.id, 1, person)
        if incident.row[PATIENT_HURT] < patient_share:
            self.injured(incident, "patient", incident.patient.id, 1, None)

    def slight(self, incident: Incident) -> None:
        """Slight aggression that calls nobody from other work in haste: somebody speaks with the patient, and it is written down."""
        if incident.noticed and incident.patient.id in self._beds.present:
            self._submit(CALMING, incident, CALM_WITHIN)
        self.over(incident, [], settle=False)

    def over(self, incident: Incident, people: list[Person], *, settle: bool) -> None:
        """An incident is over: bring what it leaves to do.

        Parameters
        ----------
        incident : Incident
            Which.
        people : list of Person
            Own staff who were there.
        settle : bool
            Whether patient and ward need somebody for a while.
        """
        if not incident.noticed:
            return
        patient = incident.patient
        here = patient.id in self._beds.present
        now = self._ctx.env.now
        submit = self._ctx.dispatcher.submit
        if settle and here:
            self._submit(AFTERMATH, incident, SETTLE_WITHIN)
        if incident.restrained and here:
            self._submit(CHECK_AFTER, incident, SETTLE_WITHIN)
        if (incident.restrained or incident.assault) and here:
            self._submit(REVIEW_AFTER, incident, WRITE_WITHIN)
        if incident.kind != REFUSAL:
            self._submit(INCIDENT_NOTE, incident, WRITE_WITHIN, self._ctx.scenario.work.documentation_time_multiplier)
        if incident.harm > 0 or incident.restrained or (incident.assault and incident.victim == "patient"):
            self._submit(FOLLOW_UP, incident, FOLLOW_WITHIN)
        if (incident.harm > 0 or incident.restrained) and incident.row[DEBRIEFED] < self._debrief:
            submit(
                DEBRIEF, self._minutes(DEBRIEF, incident), expires=now + DEBRIEF_WITHIN, people=min(max(len(people), 1), 3)
            )
        if here:
            self._observe(incident)
        self._reporting.over(incident, len(self._beds.present))

    def _observe(self, incident: Incident) -> None:
        share = self._raise.get(incident.type, 0.0)
        if incident.row[RAISED] < share:
            constant = incident.row[RAISED] < share * self._constant.get(incident.type, 0.0)
            level = "constant" if constant else "intermittent"
            self._observation.raise_level(incident.patient, level, self._hours, incident.type)

    def _submit(self, kind: Kind, incident: Incident, within: float, factor: float = 1.0) -> None:
        """Work for the patient of an incident, to be begun within some minutes; `factor` on its length."""
        minutes = factor * self._minutes(kind, incident)
        self._ctx.dispatcher.submit(kind, minutes, incident.patient.id, expires=self._ctx.env.now + within)

    def _minutes(self, kind: Kind, incident: Incident) -> float:
        return self._ctx.durations.minutes(kind, incident.occasion, incident.patient.key)
