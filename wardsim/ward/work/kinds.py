"""Every kind of work on the ward, declared once: who may do it, how urgent, what interrupts it, where its minutes count.

Order of priority (brief, row B7): safety first, contact is what is left. Mean lengths are parameters (`work.<kind>_min`).
"""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import NormalDist
from typing import Final

from ..core.streams import Hashed, Stream, Streams
from ..staff.people import (
    ACTIVITY_WORKER,
    ANYONE,
    DOCTOR,
    HCA,
    NA,
    NURSING,
    OCCUPATIONAL_THERAPIST,
    PSYCHOLOGIST,
    RN,
    THERAPISTS,
    WARD_MANAGER,
)
from .task import Kind

CARE: Final = NURSING | WARD_MANAGER

EMERGENCY: Final = Kind(1, "incident_response", 0, ANYONE, "direct", preempts=True, yields_to=-1, contact=True)
MEDICAL_EMERGENCY: Final = Kind(2, "medical_emergency", 0, ANYONE, "direct", preempts=True, yields_to=-1, contact=True)
SECLUSION_CARE: Final = Kind(3, "seclusion_care", 1, NURSING, "direct", preempts=True, yields_to=-1, hand_over=True)
CONSTANT_OBSERVATION: Final = Kind(4, "constant_observation", 1, NURSING, "direct", preempts=True, yields_to=-1, contact=True, hand_over=True)
HANDOVER: Final = Kind(5, "handover", 1, CARE, "indirect", preempts=True, yields_to=0, resumes=False, away=True)
MEDICATION: Final = Kind(6, "medication_round", 2, RN | NA, "direct", preempts=True, yields_to=0, contact=True)
INTERMITTENT_ROUND: Final = Kind(7, "intermittent_observation", 2, NURSING, "direct", preempts=True, yields_to=0)
GENERAL_ROUND: Final = Kind(8, "general_observation", 2, NURSING, "service", preempts=True, yields_to=0)
ADMISSION: Final = Kind(9, "admission", 3, RN | WARD_MANAGER, "direct", preempts=True, yields_to=1, contact=True)
ADMISSION_MEDICAL: Final = Kind(10, "admission_medical", 3, DOCTOR, "direct", yields_to=1, contact=True)
SAFETY_PLAN: Final = Kind(11, "risk_and_safety_plan", 3, RN | WARD_MANAGER, "direct", yields_to=2, contact=True)
PHYSICAL_CHECK: Final = Kind(12, "physical_health_check", 3, DOCTOR | RN | NA, "direct", yields_to=2, contact=True)
DISCHARGE: Final = Kind(13, "discharge", 3, RN | WARD_MANAGER, "indirect", yields_to=2, contact=True)
PHYSICAL_OBSERVATIONS: Final = Kind(14, "physical_observations", 4, NURSING, "direct", yields_to=2, contact=True)
PERSONAL_CARE: Final = Kind(15, "personal_care", 4, HCA | NA, "direct", yields_to=2, contact=True)
MEAL: Final = Kind(16, "meal", 4, HCA | NA, "service", yields_to=2)
WARD_ROUND: Final = Kind(17, "ward_round", 4, RN | WARD_MANAGER, "indirect", yields_to=1, contact=True, away=True)
WARD_ROUND_MEDICAL: Final = Kind(18, "ward_round_medical", 4, DOCTOR, "indirect", yields_to=1, contact=True)
SERVICE_CHECK: Final = Kind(19, "environment_check", 4, NURSING, "service", yields_to=2)
CALL_OR_VISITOR: Final = Kind(20, "calls_and_visitors", 4, NURSING, "service", yields_to=2, resumes=False)
COORDINATION: Final = Kind(21, "shift_coordination", 4, RN, "indirect", yields_to=2, away=True)
DEBRIEF: Final = Kind(22, "debrief", 4, NURSING, "indirect", yields_to=2, away=True)
BREAK: Final = Kind(23, "break", 5, ANYONE, "break", yields_to=0, resumes=False, away=True)
ESCORT: Final = Kind(24, "escort", 5, NURSING, "direct", yields_to=0, contact=True, away=True)
REQUEST: Final = Kind(25, "patient_request", 5, NURSING, "direct", yields_to=3, contact=True)
CARE_PLAN: Final = Kind(26, "care_plan", 5, RN, "indirect", yields_to=4, contact=True)
MDT_MEETING: Final = Kind(27, "mdt_meeting", 5, ANYONE & ~(HCA | NA), "indirect", preempts=True, yields_to=2, resumes=False, away=True)
ONE_TO_ONE: Final = Kind(28, "one_to_one", 6, NURSING, "direct", yields_to=2, resumes=False, contact=True, therapeutic=True)
GROUP: Final = Kind(29, "group", 6, OCCUPATIONAL_THERAPIST | ACTIVITY_WORKER | NURSING, "direct", yields_to=3, resumes=False, contact=True, therapeutic=True)
THERAPY: Final = Kind(30, "therapy_session", 6, PSYCHOLOGIST | OCCUPATIONAL_THERAPIST, "direct", yields_to=1, resumes=False, contact=True, therapeutic=True)
ASSESSMENT_OT: Final = Kind(31, "functional_assessment", 6, OCCUPATIONAL_THERAPIST, "direct", yields_to=1, contact=True)
DISCHARGE_PLAN: Final = Kind(32, "discharge_planning", 5, RN | WARD_MANAGER, "indirect", yields_to=4, away=True)
INCIDENT_RECORD: Final = Kind(33, "incident_documentation", 6, NURSING, "indirect", yields_to=4, away=True)
DOCUMENTATION: Final = Kind(34, "documentation", 7, NURSING, "indirect", yields_to=6, away=True)
DOCUMENTATION_MDT: Final = Kind(35, "documentation_mdt", 7, THERAPISTS | DOCTOR | WARD_MANAGER, "indirect", yields_to=6, away=True)
SUPERVISION: Final = Kind(36, "supervision", 7, NURSING, "indirect", yields_to=5, resumes=False, away=True)
PROGRAMME_WORK: Final = Kind(37, "programme_work", 7, NURSING, "indirect", yields_to=5, away=True)
ON_WARD_TRAINING: Final = Kind(38, "on_ward_training", 7, ANYONE, "study", yields_to=4, away=True)
E_LEARNING: Final = Kind(39, "e_learning", 8, ANYONE, "study", yields_to=7, away=True)
MANAGEMENT: Final = Kind(40, "ward_management", 7, WARD_MANAGER, "indirect", yields_to=6, away=True)
MEDICAL_REVIEW: Final = Kind(41, "medical_review", 5, DOCTOR, "direct", yields_to=2, contact=True)
AFTERMATH: Final = Kind(42, "incident_aftermath", 3, NURSING, "direct", preempts=True, yields_to=1, contact=True)
CONVERSATION: Final = Kind(44, "conversation", 9, NURSING, "direct", yields_to=7, resumes=False, contact=True)
INCIDENT_NOTE: Final = Kind(45, "incident_note", 6, NURSING, "indirect", yields_to=4, away=True)
CALMING: Final = Kind(46, "calming", 3, NURSING, "direct", preempts=True, yields_to=1, resumes=False, contact=True)
CHECK_AFTER: Final = Kind(47, "check_after_restraint", 3, RN | NA, "direct", preempts=True, yields_to=1, contact=True)
FOLLOW_UP: Final = Kind(48, "incident_follow_up", 5, RN | WARD_MANAGER, "indirect", yields_to=4, away=True)
INCIDENT_REVIEW: Final = Kind(49, "incident_review", 6, WARD_MANAGER, "indirect", yields_to=5, away=True)
INVESTIGATIONS: Final = Kind(50, "investigations", 4, DOCTOR | RN | NA, "direct", yields_to=2, contact=True)
REVIEW_AFTER: Final = Kind(51, "medical_review_after_incident", 4, DOCTOR, "direct", yields_to=2, contact=True)
MEDICAL_WORK: Final = Kind(43, "medical_ward_work", 7, DOCTOR, "indirect", yields_to=6, away=True)

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in tuple(globals().values()) if isinstance(kind, Kind)}
"""All kinds by name."""

_LEVELS: Final = 512
_Z: Final = [NormalDist().inv_cdf((i + 0.5) / _LEVELS) for i in range(_LEVELS)]


WARD: Final[tuple[int, ...]] = (0, 0, 0)
"""Key of work that is for no single patient."""


class Durations:
    """Lengths of work, lognormal about their mean, each drawn by (patient, kind, occasion).

    Parameters
    ----------
    streams : Streams
        Source of uniforms.
    means : mapping of str to float
        Mean minutes by kind name.
    cv : float
        Coefficient of variation shared by all kinds.
    """

    def __init__(self, streams: Streams, means: dict[str, float], cv: float) -> None:
        self._streams = streams
        sigma = sqrt(log(1.0 + cv * cv))
        factors = [exp(sigma * z - sigma * sigma / 2.0) for z in _Z]
        mean = sum(factors) / _LEVELS
        self._factors = [f / mean for f in factors]
        self._means = means
        self._rows: dict[tuple[int, ...], list[Hashed | None]] = {}
        """By patient, then by code of the kind."""
        self._ward: list[Hashed | None] = []

    def minutes(self, kind: Kind, occasion: int, key: tuple[int, ...] = WARD, mean: float | None = None) -> float:
        """Length of one occasion of one kind for one patient (or the ward), minutes."""
        rows = self._ward if key is WARD else self._rows.get(key)
        if rows is None:
            rows = self._rows[key] = []
        code = kind.code
        row = rows[code] if code < len(rows) else None
        if row is None:
            row = self._streams.of(Stream.DURATION, (*key, code))
            rows += [None] * (code + 1 - len(rows))
            rows[code] = row
        factor = self._factors[int(row[occasion] * _LEVELS)]
        return factor * (self._means[kind.name] if mean is None else mean)

    def forget(self, key: tuple[int, ...]) -> None:
        """Drop the draws of a patient who has left (they can be drawn again, the same)."""
        self._rows.pop(key, None)
