"""The ward's routine: rounds, medication, meals, groups, meetings and reviews at their times of the day."""

from __future__ import annotations

from math import floor
from typing import Any, Final

from ..core.clock import DAY, HOUR, day_of
from ..core.context import Context
from ..core.streams import Hashed, Stream
from ..patients.beds import Beds
from ..patients.pathway import Pathway
from ..patients.patients import Patient
from ..staff.people import DOCTOR, RN, THERAPISTS, WARD_MANAGER
from ..staff.staffing import Staffing
from .contact import Contact
from .due import Due, count_from
from .kinds import (
    CALL_OR_VISITOR,
    GENERAL_ROUND,
    GROUP,
    INTERMITTENT_ROUND,
    MDT_MEETING,
    MEAL,
    MEDICATION,
    PHYSICAL_OBSERVATIONS,
    SERVICE_CHECK,
    WARD_ROUND,
    WARD_ROUND_MEDICAL,
)
from .observation import Observation
from .task import DONE, NOT_DONE, Kind, Task

MEDICATION_TIMES: Final = (8.0 * 60, 13.0 * 60, 18.0 * 60, 22.0 * 60)
MEAL_TIMES: Final = (8.5 * 60, 12.25 * 60, 17.25 * 60)
OBSERVATION_TIMES: Final = (9.5 * 60, 16.5 * 60)
CHECK_TIMES: Final = (7.75 * 60, 15.0 * 60, 23.5 * 60)
GROUP_TIMES: Final = (10.5 * 60, 14.5 * 60, 16.0 * 60, 11.75 * 60, 19.0 * 60, 13.5 * 60)
WEEKEND_GROUP_TIMES: Final = (14.0 * 60, 11.0 * 60, 16.0 * 60)
MEETING_TIME: Final = 9.25 * 60
REVIEW_TIME: Final = 10.0 * 60


class Routine:
    """Brings the work that the ward has every day, whoever is here.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds, staffing, observation, contact, pathway
        The parts it brings work to.
    """

    def __init__(
        self, ctx: Context, beds: Beds, staffing: Staffing, observation: Observation, contact: Contact, pathway: Pathway
    ) -> None:
        self._ctx = ctx
        self._env = ctx.env
        self._beds = beds
        self._staffing = staffing
        self._observation = observation
        self._contact = contact
        self._pathway = pathway
        self._dispatcher = ctx.dispatcher
        self._durations = ctx.durations
        p = ctx.p
        work = ctx.scenario.work
        self._group_minutes = work.activities.minutes
        self._groups = (work.activities.groups_per_weekday, work.activities.groups_per_weekend_day)
        self._visits = p["work.calls_and_visitors_per_patient_day"]
        self._group_weight = p["work.group_contact_weight"]
        self._join = p["work.group_attendance_share"]
        self._medication_each = p["work.medication_min_per_patient"]
        self._round_base = p["work.intermittent_round_base_min"]
        self._round_each = p["work.intermittent_round_min_per_patient"]
        self._general_base = p["work.general_round_base_min"]
        self._observations_each = p["work.physical_observations_min_per_patient"]
        self._busy_acuity = p["work.extra_staff_acuity_share"]
        self._general_every: int = work.observation.general_round_minutes
        self._every: int = min(self._general_every, work.observation.intermittent_round_minutes)
        self._when_round_ended = self._round_ended
        self._when_contacts_ended = self._round_of_contacts_ended
        self._attendance: dict[int, Hashed] = {}
        beds.left.append(self._forget)

    def plan(self, day: int, working: bool) -> list[Due]:
        """Everything of the ward's own that is due on a day; what falls on one minute comes in the order of this list."""
        draws = self._ctx.streams.of(Stream.WARD_DAY, (day + 100_000,))
        start = day * DAY
        plan: list[Due] = []
        plan.append((start + 8.0 * 60, self._morning, day))
        walk = self._round
        for clock in range(0, 1440, self._every):
            plan.append((start + clock, walk, (day, clock)))
        for n, minute in enumerate(MEDICATION_TIMES):
            plan.append((start + minute, self._medication, (day, n)))
        for n, minute in enumerate(MEAL_TIMES):
            plan.append((start + minute, self._meal, (day, n)))
        for n, minute in enumerate(OBSERVATION_TIMES):
            plan.append((start + minute, self._observations, (day, n)))
        for n, minute in enumerate(CHECK_TIMES):
            plan.append((start + minute, self._ward_task, (SERVICE_CHECK, day * 4 + n, 4.0 * HOUR)))
        wanted = self._groups[0] if working else self._groups[1]
        times = GROUP_TIMES if working else WEEKEND_GROUP_TIMES
        number = floor(wanted) + (draws[0] < wanted - floor(wanted))
        for n in range(number):
            plan.append((start + (times[n % len(times)] + 5.0 * (n // len(times))), self._group, (day, n)))
        visits = count_from(draws[1], self._visits * max(len(self._beds.present), 1))
        bring = self._ward_task
        for n in range(visits):
            minute = 9.0 * 60 + 12.0 * 60 * draws[2 + n % 60]
            plan.append((start + minute, bring, (CALL_OR_VISITOR, day * 64 + n, 45.0)))
        if working:
            plan.append((start + MEETING_TIME, self._meeting, day))
            plan.append((start + REVIEW_TIME, self._reviews, day))
        return plan

    def _morning(self, day: int) -> None:
        self._observation.daily_review()
        now = self._env.now
        present = self._beds.present
        high = sum(1 for q in present.values() if q.acuity(now) >= 3.5)
        if present and high / len(present) > self._busy_acuity:
            self._staffing.request_extra("hca", "acuity", now, 14.0)

    def _round(self, when: tuple[int, int]) -> None:
        day, minute = when
        occasion = day * 96 + minute // 15 + 1_000_000
        if minute % 60 == 0:
            self._ctx.dispatcher.sweep()
        watched = self._observation.intermittent_now()
        checks = self._round_each * float(len(watched))  # two numbers of one type, as compiled code multiplies them at once
        if minute % self._general_every < self._every:
            kind, seen = GENERAL_ROUND, self._observation.everyone_now()
            mean = self._general_base + checks  # each of them is checked and written down as at any round
        elif watched:
            kind, seen = INTERMITTENT_ROUND, watched
            mean = self._round_base + checks
        else:
            return
        length = self._durations.minutes(kind, occasion, mean=mean)
        self._dispatcher.submit(kind, length, expires=self._env.now + 30.0, on_end=self._when_round_ended, note=seen)

    def _round_ended(self, task: Task) -> None:
        if task.outcome == DONE:
            self._ctx.facts.round.append((task.started, self._env.now, task.kind.name, task.note))

    def _medication(self, when: tuple[int, int]) -> None:
        day, n = when
        patients = tuple(self._beds.present.values())
        half = (len(patients) + 1) // 2
        for part, group in enumerate((patients[:half], patients[half:])):
            if group:
                occasion = ((day + 4000) * 4 + n) * 2 + part
                length = self._durations.minutes(MEDICATION, occasion, mean=self._medication_each * len(group))
                self._dispatcher.submit(
                    MEDICATION, length, expires=self._env.now + 4.0 * HOUR, on_end=self._when_contacts_ended, note=group
                )

    def _round_of_contacts_ended(self, task: Task) -> None:
        if task.outcome != DONE:
            return
        note: Any = task.note
        group: tuple[Patient, ...] = note
        present = self._beds.present
        here = [q for q in group if q.id in present]
        self._contact.meet(here, task.kind, task.staff[0] if task.staff else None)
        self._ctx.facts.round.append((task.started, self._env.now, task.kind.name, tuple([q.id for q in here])))

    def _meal(self, when: tuple[int, int]) -> None:
        day, n = when
        patients = tuple(self._beds.present.values())
        if patients:
            length = self._durations.minutes(MEAL, ((day + 4000) * 4 + n))
            expires = self._env.now + HOUR
            self._dispatcher.submit(MEAL, length, expires=expires, on_end=self._when_contacts_ended, note=patients)
            self._dispatcher.submit(MEAL, length, expires=expires)

    def _observations(self, when: tuple[int, int]) -> None:
        day, n = when
        now = self._env.now
        group = tuple(
            q for q in self._beds.present.values()
            if q.comorbidity or now - q.admitted_at < 3 * DAY or q.extra.get("sedated_until", -1e18) > now
        )  # fmt: skip
        if group:
            length = self._durations.minutes(PHYSICAL_OBSERVATIONS, ((day + 4000) * 2 + n), mean=self._observations_each * len(group))
            self._dispatcher.submit(
                PHYSICAL_OBSERVATIONS, length, expires=now + 4.0 * HOUR, on_end=self._when_contacts_ended, note=group
            )

    def _ward_task(self, what: tuple[Kind, int, float]) -> None:
        kind, occasion, within = what
        self._dispatcher.submit(kind, self._durations.minutes(kind, occasion), expires=self._env.now + within)

    def _group(self, when: tuple[int, int]) -> None:
        day, n = when
        length = self._durations.minutes(GROUP, ((day + 4000) * 8 + n), mean=self._group_minutes)
        self._dispatcher.submit(GROUP, length, expires=self._env.now + 45.0, on_end=self._group_ended, note=(day, n))

    def _group_ended(self, task: Task) -> None:
        when: Any = task.note
        day, n = when
        now = self._env.now
        if task.outcome == NOT_DONE or task.delivered < 10.0:
            return
        came = []
        for patient in self._beds.present.values():
            row = self._attendance.get(patient.id)
            if row is None:
                row = self._attendance[patient.id] = self._ctx.streams.of(Stream.ATTENDANCE, patient.key)
            since = max(day - day_of(patient.referred_at), 0)
            willing = self._join * (1.25 - 0.15 * (patient.acuity(now) - 1.0)) if patient.observation != "constant" else 0.0
            if row[since * 8 + n % 8] < willing:
                came.append(patient)
        for patient in came:
            self._contact.give(patient, task.delivered * self._group_weight)
        self._ctx.facts.group.append((task.started, now, task.kind.name, tuple(q.id for q in came)))

    def _meeting(self, day: int) -> None:
        """Daily multidisciplinary meeting: everyone of the team who is there, and one registered nurse."""
        length = self._durations.minutes(MDT_MEETING, (day + 4000))
        expires = self._env.now + 20.0
        nurse = False
        for person in tuple(self._ctx.dispatcher.on_duty):
            if person.role & (THERAPISTS | DOCTOR | WARD_MANAGER):
                self._dispatcher.submit(MDT_MEETING, length, expires=expires, only=person)
            elif person.role == RN and not nurse:
                nurse = True
                self._dispatcher.submit(MDT_MEETING, length, expires=expires, only=person)

    def _reviews(self, day: int) -> None:
        """Ward round: each patient once a week, on the first working day from the one that is due."""
        for patient in tuple(self._beds.present.values()):
            due = patient.extra.get("review_due")
            if due is None:
                due = day_of(patient.admitted_at) + 2.0 + patient.key[1] % 5
                due += 7.0 * max(0.0, floor((day - due) / 7.0))
            if day >= due:
                patient.extra["review_due"] = day + 7.0
                patient.extra["review_parts"] = 0.0
                until = self._env.now + 7.0 * HOUR
                length = self._durations.minutes(WARD_ROUND_MEDICAL, max(day - day_of(patient.referred_at), 0), patient.key)
                for kind in (WARD_ROUND_MEDICAL, WARD_ROUND):
                    self._dispatcher.submit(kind, length, patient.id, expires=until, on_end=self._review_ended)
            else:
                patient.extra["review_due"] = due

    def _review_ended(self, task: Task) -> None:
        patient = self._beds.present.get(task.patient)
        if patient is not None and task.outcome == DONE:
            patient.extra["review_parts"] = patient.extra.get("review_parts", 0.0) + 1.0
            if patient.extra["review_parts"] >= 2.0:
                self._pathway.done(patient, "weekly_review", self._env.now)

    def _forget(self, patient: Patient) -> None:
        self._attendance.pop(patient.id, None)
