"""What one patient will want on a day: requests, sessions, escorts, help, plans, therapy.

All of it is drawn from the patient's own stream by days since referral, so that it does not depend on anyone else.
"""

from __future__ import annotations

from math import floor
from typing import Final

from ..core.clock import DAY, HOUR, day_of
from ..core.context import Context
from ..core.streams import Hashed, Stream
from ..patients.beds import Beds
from ..patients.pathway import Pathway
from ..patients.patients import Patient
from ..staff.people import RN
from .due import Due, count_from
from .kinds import CARE_PLAN, CONVERSATION, ESCORT, MEDICAL_REVIEW, ONE_TO_ONE, PERSONAL_CARE, REQUEST, THERAPY
from .task import Kind, Task

PER_DAY: Final = 16
"""Uniforms a patient uses each day of the stay. Part of the reproducibility contract."""

DAY_WORK: Final = (9.0 * 60, 20.5 * 60)
"""Between which minutes of the day planned sessions, escorts and requests fall (requests also later)."""


class PatientDay:
    """Brings the work that single patients want.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds, pathway
        Who is here; where a first session is reported.
    """

    def __init__(self, ctx: Context, beds: Beds, pathway: Pathway) -> None:
        self._ctx = ctx
        self._env = ctx.env
        self._beds = beds
        self._pathway = pathway
        self._dispatcher = ctx.dispatcher
        self._durations = ctx.durations
        p = ctx.p
        work = ctx.scenario.work
        self._sessions_per_day = work.one_to_one.sessions_per_patient_week / 7.0
        self._session_minutes = work.one_to_one.minutes
        self._session_protected = work.one_to_one.protected
        self._named = p["work.one_to_one_registered_share"]
        self._escorts_per_day = work.escorted_leave_per_patient_week / 7.0
        self._requests = p["work.requests_per_patient_day"]
        self._conversations = p["work.conversations_per_patient_day"]
        self._care = p["work.personal_care_per_patient_day"]
        self._therapy = p["work.therapy_sessions_per_patient_week"] / 5.0
        self._care_plan_weekly = p["work.care_plan_updates_per_patient_week"] / 7.0
        self._leave_acuity = p["work.escort_acuity_limit"]
        self._draws: dict[int, Hashed] = {}
        self._bringing = self._patient_task
        self._when_session_ended = self._session_ended
        beds.left.append(self._forget)

    def plan(self, patient: Patient, day: int, working: bool) -> list[Due]:
        """What one patient will want on a day."""
        plan: list[Due] = []
        start = day * DAY
        row = self._draws.get(patient.id)
        if row is None:
            row = self._draws[patient.id] = self._ctx.streams.of(Stream.DAILY, patient.key)
        since = max(day - day_of(patient.referred_at), 0)
        base = since * PER_DAY
        occasion = since * 8
        acuity = patient.course.at((day + 0.5) * DAY)
        requests = count_from(row[base], self._requests)
        phase = row[base + 1]
        request, bring = self._request, self._bringing
        for n in range(requests):
            minute = 8.0 * 60 + 14.5 * 60 * ((phase + n / requests) % 1.0)
            plan.append((start + minute, request, (patient, occasion + n)))
        talks = count_from(row[base + 15], self._conversations)
        for n in range(talks):  # falls between other things, anywhere in the day; the odd step keeps it off the requests
            minute = DAY_WORK[0] + (DAY_WORK[1] - DAY_WORK[0]) * ((phase + (n + 0.5) / talks) % 1.0)
            plan.append((start + minute, bring, (CONVERSATION, patient, occasion + n, HOUR)))
        sessions = floor(self._sessions_per_day) + (row[base + 2] < self._sessions_per_day % 1.0)
        span = DAY_WORK[1] - DAY_WORK[0]
        for n in range(sessions):
            minute = DAY_WORK[0] + span * ((row[base + 3] + n / sessions) % 1.0)
            plan.append((start + minute, self._session, (patient, occasion + n, row[base + 4], (row[base + 14] + 0.5 * n) % 1.0)))
        if row[base + 5] < self._escorts_per_day and acuity <= self._leave_acuity and since >= 3:
            plan.append((start + (DAY_WORK[0] + 60.0 + (span - 180.0) * row[base + 6]), self._escort, (patient, occasion)))
        care = self._care * (1.0 + 1.5 * patient.comorbidity) * (1.5 if acuity >= 4.0 else 0.8)
        for n in range(count_from(row[base + 7], care)):
            minute = 7.5 * 60 + 13.0 * 60 * ((row[base + 8] + n / 3.0) % 1.0)
            plan.append((start + minute, bring, (PERSONAL_CARE, patient, occasion + n, 3.0 * HOUR)))
        if row[base + 9] < self._care_plan_weekly:
            plan.append((start + (11.0 * 60 + 300.0 * row[base + 10]), bring, (CARE_PLAN, patient, occasion, 2.0 * DAY)))
        if working and row[base + 11] < self._therapy and since >= 4 and acuity <= 3.5:
            plan.append((start + (9.5 * 60 + 360.0 * row[base + 12]), bring, (THERAPY, patient, occasion, 3.0 * HOUR)))
        if working and acuity >= 3.5 and row[base + 13] < 0.5:
            plan.append((start + (9.5 * 60 + 360.0 * row[base + 14]), bring, (MEDICAL_REVIEW, patient, occasion, 6.0 * HOUR)))
        return plan

    def _request(self, what: tuple[Patient, int]) -> None:
        patient, occasion = what
        if patient.id in self._beds.present:
            length = self._durations.minutes(REQUEST, occasion, patient.key)
            self._dispatcher.submit(REQUEST, length, patient.id, expires=self._env.now + 60.0)

    def _escort(self, what: tuple[Patient, int]) -> None:
        patient, occasion = what
        if patient.id in self._beds.present and patient.observation != "constant":
            length = self._durations.minutes(ESCORT, occasion, patient.key)
            self._dispatcher.submit(ESCORT, length, patient.id, expires=self._env.now + 3.0 * HOUR)

    def _session(self, what: tuple[Patient, int, float, float]) -> None:
        patient, occasion, draw, whose = what
        if patient.id not in self._beds.present:
            return
        protected = self._session_protected or draw < self._ctx.effects.get("one_to_one_protection", 0.0)
        length = self._durations.minutes(ONE_TO_ONE, occasion, patient.key, self._session_minutes)
        now = self._env.now
        end_of_day = day_of(now) * DAY + 21.5 * HOUR
        self._dispatcher.submit(
            ONE_TO_ONE,
            length,
            patient.id,
            expires=max(min(now + 5.0 * HOUR, end_of_day), now + 30.0),
            on_end=self._when_session_ended,
            yields_to=0 if protected else None,
            roles=RN if whose < self._named else 0,
        )

    def _session_ended(self, task: Task) -> None:
        patient = self._beds.present.get(task.patient)
        if patient is not None and task.delivered >= 10.0:
            self._pathway.done(patient, "first_one_to_one", self._env.now)

    def _patient_task(self, what: tuple[Kind, Patient, int, float]) -> None:
        kind, patient, occasion, within = what
        if patient.id in self._beds.present:
            length = self._durations.minutes(kind, occasion, patient.key)
            self._dispatcher.submit(kind, length, patient.id, expires=self._env.now + within)

    def _forget(self, patient: Patient) -> None:
        self._draws.pop(patient.id, None)
