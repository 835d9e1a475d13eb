"""The reported layer (mechanism M10): which of the things that happened are written into the incident system.

An incident that nobody noticed is never reported. Each other one has a probability by type; harm, restraint, culture and the
number of staff on duty shift it while the mechanism is on, and a report that nobody found time to write may be lost. Off, the
probability is that of the type alone. What is reported is always a subset of what happened.
"""

from __future__ import annotations

from math import log
from typing import Final

from ..core.clock import DAY
from ..core.context import Context
from ..staff.people import NURSING
from ..work.kinds import INCIDENT_RECORD, INCIDENT_REVIEW
from ..work.task import NOT_DONE, Task
from .effects import effect
from .incident import Incident
from .intensity import ASSAULT, TYPES
from .outcomes import RECORDED, REPORTED, UNDERSTATED, shifted

WRITE_WITHIN: Final = 24.0 * 60.0
"""Minutes within which a report is written or not at all."""
REVIEW_WITHIN: Final = 7.0 * DAY
"""Minutes within which the ward manager looks at a report and closes it."""


class Reporting:
    """Decides what is reported and brings the work of writing it.

    Parameters
    ----------
    ctx : Context
        Common ground.
    """

    def __init__(self, ctx: Context) -> None:
        p = ctx.p
        on = ctx.on
        self._ctx = ctx
        self._reports = ctx.facts.table("report")
        self._share = [p[f"reporting.{t}_share"] for t in TYPES]
        self._harmed = effect(p, on, "reporting.harm_log_odds", "reporting", 0.0)
        self._contained = effect(p, on, "reporting.restraint_log_odds", "reporting", 0.0)
        if self._harmed != 0.0 or self._contained != 0.0:
            # the ledger's share is the mean over all assaults: what harm and restraint add is taken out of the rest
            shifts = ((self._harmed, p["incidents.assault_harm_share"]), (self._contained, p["incidents.restraint_after_assault_share"]))
            self._share[ASSAULT] = plain_share(self._share[ASSAULT], shifts)
        self._culture = effect(p, on, "reporting.culture_log_odds", "reporting", 0.0) * ctx.scenario.work.reporting.culture
        self._staff = effect(p, on, "reporting.staff_log_odds", "reporting", 0.0)
        self._unwritten = effect(p, on, "reporting.unwritten_lost_share", "reporting", 0.0)
        self._staff_ref = p["mechanisms.staff_per_patient_reference"]
        self._ward = p["reporting.patients_of_a_usual_ward"]
        self._understated = p["reporting.harm_understated_share"]
        self._time = ctx.scenario.work.documentation_time_multiplier
        self._programmes = ctx.on.reporting

    def probability(self, incident: Incident, patients: int) -> float:
        """Chance that a noticed incident is reported, 0 to 1.

        Parameters
        ----------
        incident : Incident
            What happened.
        patients : int
            Patients on the ward (staff on duty count relative to them).
        """
        shift = self._culture
        if incident.harm > 0:
            shift += self._harmed
        if incident.restrained:
            shift += self._contained
        if self._staff != 0.0 and patients > 0:
            nursing = sum(1 for q in self._ctx.dispatcher.on_duty if q.role & NURSING)
            shift += self._staff * (nursing / patients - self._staff_ref) * self._ward
        if self._programmes:
            shift += log(max(self._ctx.effects.get("reporting_odds", 1.0), 1e-6))
        return shifted(self._share[incident.kind], shift)

    def over(self, incident: Incident, patients: int) -> None:
        """An incident is over: decide whether it is reported, and bring the writing."""
        if not incident.noticed or incident.row[REPORTED] >= self.probability(incident, patients):
            return
        minutes = self._ctx.durations.minutes(INCIDENT_RECORD, incident.occasion, incident.patient.key) * self._time
        self._ctx.dispatcher.submit(
            INCIDENT_RECORD, minutes, expires=self._ctx.env.now + WRITE_WITHIN, on_end=self._written, note=incident
        )

    def _written(self, task: Task) -> None:
        incident = task.note
        if not isinstance(incident, Incident):
            raise TypeError("the note of a record is its incident")
        if task.outcome == NOT_DONE and incident.row[RECORDED] < self._unwritten:
            return
        self._write(incident)

    def _write(self, incident: Incident) -> None:
        harm = incident.harm
        if harm > 0 and incident.row[UNDERSTATED] < self._understated:
            harm -= 1
        now = self._ctx.env.now
        self._reports.append((now, incident.id, harm))
        minutes = self._ctx.durations.minutes(INCIDENT_REVIEW, incident.occasion, incident.patient.key) * self._time
        self._ctx.dispatcher.submit(INCIDENT_REVIEW, minutes, expires=now + REVIEW_WITHIN)


def plain_share(mean: float, shifts: tuple[tuple[float, float], tuple[float, float]]) -> float:
    """Share reported among events with neither harm nor restraint, when `mean` of all events are.

    Parameters
    ----------
    mean : float
        Share reported among all.
    shifts : tuple
        For harm and for restraint: shift of the log odds, share of events that have it (taken as independent).
    """
    (a, share_a), (b, share_b) = shifts
    cells = (
        (0.0, (1.0 - share_a) * (1.0 - share_b)), (a, share_a * (1.0 - share_b)), (b, (1.0 - share_a) * share_b),
        (a + b, share_a * share_b),
    )  # fmt: skip
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2.0
        low, high = (middle, high) if sum([w * shifted(middle, x) for x, w in cells]) < mean else (low, middle)
    return low
