"""Levels of observation and the work they bring.

A patient may be placed under constant observation on admission (chance by acuity, drawn from the patient's own stream; length a
mixture of short and long episodes, FC086), or after an incident; intermittent observation follows constant observation, high
acuity at the daily review, and lesser incidents. Constant observation is done in stints of limited length by changing people;
nobody free means a gap, which is a fact (the stint's task starts late).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from statistics import NormalDist
from typing import Final, Protocol

from ..core.clock import AT_NEW_WORK, DAY, HOUR, At, Later
from ..core.context import Context
from ..core.streams import Stream
from ..patients.patients import Patient
from ..staff.people import NURSING
from .kinds import CONSTANT_OBSERVATION
from .task import CANCELLED, CUT_SHORT, Task

GENERAL: Final = "general"
INTERMITTENT: Final = "intermittent"
CONSTANT: Final = "constant"


class Ward(Protocol):
    """What is needed of the beds."""

    present: dict[int, Patient]
    on_leave: dict[int, Patient]
    admitted: list[Callable[[Patient], None]]
    returned: list[Callable[[Patient], None]]
    went_out: list[Callable[[Patient], None]]
    left: list[Callable[[Patient], None]]


class Staff(Protocol):
    """What is needed of staffing."""

    def request_extra(self, role: str, reason: str, from_time: float, hours: float) -> int:
        """Ask for one more person; returns how many requests were made."""


class Observation:
    """Who is observed how, and the stints of constant observation.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Ward
        Patients and their comings and goings.
    staffing : Staff
        Where extra staff are asked for (mechanism demand_staffing decides there).
    state : dict or None
        What `save` returned.
    """

    def __init__(self, ctx: Context, beds: Ward, staffing: Staff, state: dict[str, list[float]] | None = None) -> None:
        self._ctx = ctx
        self._beds = beds
        self._staffing = staffing
        p = ctx.p
        policy = ctx.scenario.work.observation
        self._stint = float(policy.constant_stint_minutes)
        self._threshold = policy.threshold
        self._centre = p["work.constant_observation_acuity"]
        self._slope = p["work.constant_observation_slope"]
        self._top = p["work.constant_observation_top_share"]
        self._short_mean = p["work.constant_observation_short_mean_hours"] * HOUR
        self._short_share = p["work.constant_observation_short_share"]
        long_mean = p["work.constant_observation_long_mean_hours"] * HOUR
        self._long_sigma = 1.0
        self._long_mu = log(long_mean) - 0.5
        self._step_down = p["work.intermittent_after_constant_hours"] * HOUR
        self._review_acuity = p["work.intermittent_acuity"]
        self._absorbed = int(p["work.constant_observation_absorbed"])
        self._saved = state or {}
        self._tasks: dict[int, Task] = {}
        self.changed: list[Callable[[Patient], None]] = []
        """Called with a patient whose level has changed."""
        self._intermittent: tuple[int, ...] | None = None
        self._everyone: tuple[int, ...] | None = None
        for hook in (self.changed, beds.admitted, beds.returned, beds.went_out, beds.left):
            hook.append(self._look_again)
        beds.admitted.append(self._admitted)
        beds.returned.append(self._resume)
        beds.went_out.append(self._pause)
        beds.left.append(self._left)

    def save(self) -> dict[str, list[float]]:
        """End of constant and of intermittent observation by patient key."""
        return {
            ",".join(map(str, q.key)): [q.extra.get("constant_until", -1e18), q.extra.get("intermittent_until", -1e18)]
            for q in (*self._beds.present.values(), *self._beds.on_leave.values())
        }

    def taken_up(self, task: Task) -> None:
        """A stint of constant observation goes on in a ward that was saved during it."""
        self._tasks[task.patient] = task

    @property
    def constant_now(self) -> int:
        """Patients under constant observation now."""
        return sum(1 for q in self._beds.present.values() if q.observation == CONSTANT)

    def intermittent_now(self) -> tuple[int, ...]:
        """Ids of patients under intermittent observation now (looked at again only when somebody has come, gone or changed)."""
        if self._intermittent is None:
            self._intermittent = tuple(q.id for q in self._beds.present.values() if q.observation == INTERMITTENT)
        return self._intermittent

    def everyone_now(self) -> tuple[int, ...]:
        """Ids of all patients on the ward now, found in the same way."""
        if self._everyone is None:
            self._everyone = tuple(self._beds.present)
        return self._everyone

    def raise_level(self, patient: Patient, level: str, hours: float, reason: str) -> None:
        """Put a patient on a level for some hours from now, unless the present one is higher or lasts longer.

        Parameters
        ----------
        patient : Patient
            Whom.
        level : str
            intermittent or constant.
        hours : float
            For how long, hours.
        reason : str
            Why; goes into the fact.
        """
        until = self._ctx.env.now + hours * HOUR
        name = "constant_until" if level == CONSTANT else "intermittent_until"
        if until > patient.extra.get(name, -1e18):
            patient.extra[name] = until
            if level == CONSTANT:
                patient.extra["intermittent_until"] = max(patient.extra.get("intermittent_until", -1e18), until + self._step_down)
                Later(self._ctx.env, hours * HOUR + self._step_down, self._expired, patient, AT_NEW_WORK)
            self._settle(patient, reason)
            Later(self._ctx.env, hours * HOUR, self._expired, patient, AT_NEW_WORK)

    def daily_review(self) -> None:
        """Morning review: patients of high acuity are observed intermittently for another day."""
        bar = self._review_acuity + self._threshold
        now = self._ctx.env.now
        for patient in list(self._beds.present.values()):
            if patient.acuity(now) >= bar:
                self.raise_level(patient, INTERMITTENT, 24.0, "acuity")

    def ask_for_staff(self, hours: float) -> None:
        """At the start of a shift: ask for one more person for each constant observation beyond those the ward absorbs."""
        now = self._ctx.env.now
        for _ in range(self.constant_now - self._absorbed):
            self._staffing.request_extra("hca", "observation", now, hours)

    def _look_again(self, _: Patient) -> None:
        self._intermittent = None
        self._everyone = None

    # -- inside -------------------------------------------------------------------------------------------------------------

    def _admitted(self, patient: Patient) -> None:
        now = self._ctx.env.now
        saved = self._saved.pop(",".join(map(str, patient.key)), None)
        if saved is not None:
            patient.extra["constant_until"], patient.extra["intermittent_until"] = saved
            if patient.out_until != patient.out_until:  # the level of a patient who is out comes back with the patient
                self._set(patient, self._due_level(patient), "continued")
            At(self._ctx.env, 0.0, self._unless_watched, patient, AT_NEW_WORK)
            return
        draws = self._ctx.streams.row(Stream.OBSERVATION, *patient.key, n=4)
        since = now - patient.admitted_at
        chance = self._top / (1.0 + exp(-self._slope * (patient.course.at(patient.admitted_at) - self._centre - self._threshold)))
        if draws[0] < chance:
            if draws[1] < self._short_share:
                length = -self._short_mean * log(1.0 - draws[2])
            else:
                length = exp(self._long_mu + self._long_sigma * NormalDist().inv_cdf(min(max(draws[2], 1e-9), 1 - 1e-9)))
            if length > since:
                self.raise_level(patient, CONSTANT, (length - since) / HOUR, "admission")
        if since < DAY:
            self.raise_level(patient, INTERMITTENT, (DAY - since) / HOUR, "admission")

    def _unless_watched(self, event: At) -> None:
        """Begin a stint for a patient who came under constant observation without one in hand."""
        if event._value.id not in self._tasks:
            self._next_stint(event._value, None)

    def _expired(self, event: At) -> None:
        patient = event._value
        if patient.id in self._beds.present:
            self._settle(patient, "review")

    def _due_level(self, patient: Patient) -> str:
        """The level that the two ends say now."""
        now = self._ctx.env.now
        if patient.extra.get("constant_until", -1e18) > now:
            return CONSTANT
        return INTERMITTENT if patient.extra.get("intermittent_until", -1e18) > now else GENERAL

    def _settle(self, patient: Patient, reason: str) -> None:
        """Make the level what it is to be now, with the work it brings."""
        level, before = self._due_level(patient), patient.observation
        if level == before or patient.id not in self._beds.present:
            return
        self._set(patient, level, reason)
        if level == CONSTANT:
            now = self._ctx.env.now
            if self.constant_now > self._absorbed:
                hours = min((patient.extra["constant_until"] - now) / HOUR, 12.0)
                self._staffing.request_extra("hca", "observation", now, hours)
            self._next_stint(patient, None)
        elif before == CONSTANT:
            self._stop(patient)

    def _set(self, patient: Patient, level: str, reason: str) -> None:
        """Write a level down and tell whoever looks at it."""
        if level == patient.observation:
            return
        patient.observation = level
        self._ctx.facts.observation.append((self._ctx.env.now, patient.id, level, reason))
        for call in self.changed:
            call(patient)

    def _next_stint(self, patient: Patient, last: Task | None) -> None:
        now = self._ctx.env.now
        left = patient.extra.get("constant_until", now) - now
        if patient.observation != CONSTANT or patient.id not in self._beds.present or left <= 0.0:
            return
        dispatcher = self._ctx.dispatcher
        many = sum(1 for person in dispatcher.on_duty if person.role & NURSING) >= 3
        self._tasks[patient.id] = dispatcher.submit(
            CONSTANT_OBSERVATION,
            min(self._stint, left),
            patient.id,
            avoid=last.staff[0] if last is not None and last.staff and many else None,
            on_end=self._stint_ended,
        )

    def _stint_ended(self, task: Task) -> None:
        if task.outcome == CANCELLED:
            return
        patient = self._beds.present.get(task.patient)
        if patient is None:
            return
        if task.outcome == CUT_SHORT or self._tasks.get(patient.id) is task:
            self._next_stint(patient, task)

    def _stop(self, patient: Patient) -> None:
        task = self._tasks.pop(patient.id, None)
        if task is not None:
            self._ctx.dispatcher.cancel(task)

    def _pause(self, patient: Patient) -> None:
        self._stop(patient)
        if patient.observation != GENERAL:
            patient.observation = GENERAL
            self._ctx.facts.observation.append((self._ctx.env.now, patient.id, GENERAL, "off the ward"))

    def _resume(self, patient: Patient) -> None:
        self._settle(patient, "returned")

    def _left(self, patient: Patient) -> None:
        self._stop(patient)
        if patient.observation != GENERAL:
            patient.observation = GENERAL
            self._ctx.facts.observation.append((self._ctx.env.now, patient.id, GENERAL, "left"))
