"""What contact each patient has had of late: therapeutic minutes, needs not met, limits set.

These are the facts on which mechanisms M2 (contact) and M3 (limit-setting) act; whether and how much they act is decided in
`mechanisms`. A patient's recent contact is an exponentially weighted mean in minutes a day; a limit set leaves a window open
for a while. Whether one contact sets a limit is drawn by (patient, kind, occasion); occasions are counted within each calendar day,
so that a contact missed, or one more, moves the draws of that kind on that day and on no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from typing import Any, Final, Protocol

from ..core.clock import DAY, day_of
from ..core.context import Context
from ..core.streams import InTurn, Stream
from ..patients.patients import Patient
from ..staff.people import Person
from .kinds import (
    CONSTANT_OBSERVATION,
    CONVERSATION,
    ESCORT,
    GROUP,
    MEAL,
    MEDICATION,
    ONE_TO_ONE,
    PERSONAL_CARE,
    PHYSICAL_OBSERVATIONS,
    REQUEST,
    THERAPY,
    WARD_ROUND,
)
from .task import DONE, NOT_DONE, Kind, Listener, Task

NEVER: Final = -1e18
"""Before any time of a run, and still a number that a saved state can hold."""

A_DAY: Final = 64
"""Occasions set apart for each calendar day, so that a contact more or less moves no draw of another day."""
FIRST_DAY: Final = 100_000
"""Added to day numbers, which are negative in a burn-in; occasions are not."""


class Present(Protocol):
    """What is needed of the beds: the patients on the ward by id."""

    present: dict[int, Patient]
    on_leave: dict[int, Patient]


class Ledger:
    """One patient's recent contact."""

    __slots__ = ("at", "draws", "limit_until", "minutes", "unmet", "unmet_at")

    def __init__(self, at: float, minutes: float, unmet: float) -> None:
        self.at = at
        self.minutes = minutes
        self.unmet = unmet
        self.unmet_at = at
        self.limit_until = NEVER
        self.draws: dict[int, InTurn] = {}
        """By kind: the next uniform, one an occasion."""


class Contact(Listener):
    """Keeps each patient's recent contact.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Present
        The patients on the ward.
    state : dict or None
        What `save` returned.
    """

    def __init__(self, ctx: Context, beds: Present, state: dict[str, list[Any]] | None = None) -> None:
        p = ctx.p
        self._ctx = ctx
        self._present = beds.present
        self._on_leave = beds.on_leave
        self._memory = p["work.contact_memory_days"] * DAY
        self._unmet_memory = p["work.unmet_memory_days"] * DAY
        self._start = p["mechanisms.contact_reference_min_per_day"]
        self._start_unmet = p["mechanisms.unmet_reference_per_day"]
        self._group_weight = p["work.group_contact_weight"]
        self._talk_weight = p["work.conversation_contact_weight"]
        self._window = p["mechanisms.limit_window_min"]
        self._limit = {
            MEDICATION.code: p["work.limit_share_medication"],
            MEAL.code: p["work.limit_share_meal"],
            REQUEST.code: p["work.limit_share_request"],
            ESCORT.code: p["work.limit_share_escort"],
            CONSTANT_OBSERVATION.code: p["work.limit_share_constant_observation"],
            PERSONAL_CARE.code: p["work.limit_share_care"],
            PHYSICAL_OBSERVATIONS.code: p["work.limit_share_care"],
            WARD_ROUND.code: p["work.limit_share_review"],
        }
        self._refused = p["work.limit_share_not_done"]
        self._improvement = p["mechanisms.contact_on_acuity"] if ctx.on.contact else 0.0
        self.limit_factor: Callable[[Person], float] | None = None
        """Multiplies the chance that a person's contact sets a limit (fatigue); None: 1."""
        self.limit_set: list[Callable[[Patient], None]] = []
        """Called with a patient to whom a limit has just been set."""
        self._saved = state or {}
        ctx.dispatcher.listeners.append(self)

    def save(self) -> dict[str, list[Any]]:
        """Recent contact of everyone present or on leave, and the draws taken by kind, by patient key."""
        return {
            ",".join(map(str, patient.key)): [
                row.minutes, row.at, row.unmet, row.unmet_at, row.limit_until,
                [[code, draw.taken] for code, draw in row.draws.items()],
            ]
            for patient in (*self._present.values(), *self._on_leave.values())
            if isinstance(row := patient.contact, Ledger)
        }

    def of(self, patient: Patient) -> Ledger:
        """The patient's ledger, begun at the reference level on the first day."""
        row = patient.contact
        if row is None:
            row = Ledger(self._ctx.env.now, self._start, self._start_unmet)
            saved = self._saved.get(",".join(map(str, patient.key)))
            if saved is not None:
                row.minutes, row.at, row.unmet, row.unmet_at, row.limit_until, taken = saved
                for code, n in taken:
                    row.draws[code] = self._ctx.streams.in_turn(Stream.CONTACT, *patient.key, code, taken=n)
            patient.contact = row
        assert isinstance(row, Ledger)
        return row

    def recent(self, patient: Patient, time: float) -> float:
        """Therapeutic minutes a day of late (exponentially weighted mean)."""
        row = self.of(patient)
        return row.minutes * exp((row.at - time) / self._memory)

    def unmet(self, patient: Patient, time: float) -> float:
        """Requests, escorts and sessions a day that were not met of late."""
        row = self.of(patient)
        return row.unmet * exp((row.unmet_at - time) / self._unmet_memory)

    def limit_open_until(self, patient: Patient) -> float:
        """Until when a limit set in a contact counts, minutes (`NEVER`: there was none)."""
        return self.of(patient).limit_until

    def give(self, patient: Patient, minutes: float) -> None:
        """Add therapeutic minutes."""
        row = self.of(patient)
        now = self._ctx.env.now
        row.minutes = row.minutes * exp((row.at - now) / self._memory) + minutes * DAY / self._memory
        row.at = now
        if self._improvement != 0.0:
            patient.shift_of_acuity = self._improvement * (row.minutes - self._start) / max(self._start, 1.0)

    def need_not_met(self, patient: Patient) -> None:
        """Count one need that was not met."""
        row = self.of(patient)
        now = self._ctx.env.now
        row.unmet = row.unmet * exp((row.unmet_at - now) / self._unmet_memory) + DAY / self._unmet_memory
        row.unmet_at = now

    def meet(self, patients: Sequence[Patient], kind: Kind, staff: Person | None, share: float | None = None) -> None:
        """One contact with each patient, of a kind that may set a limit; `share` overrides the kind's chance."""
        if share is None:
            self._meet(patients, kind.code, self._limit.get(kind.code, 0.0), staff)
        else:
            self._meet(patients, kind.code + 1000, share, staff)

    def _meet(self, patients: Sequence[Patient], code: int, chance: float, staff: Person | None) -> None:
        effects = self._ctx.effects
        if effects:
            chance *= effects.get("limit_setting", 1.0)
        factor = self.limit_factor
        if staff is not None and factor is not None:
            chance *= factor(staff)
        today = (day_of(self._ctx.env.now) + FIRST_DAY) * A_DAY
        for patient in patients:
            row = patient.contact
            if not isinstance(row, Ledger):
                row = self.of(patient)
            draw = row.draws.get(code)
            if draw is None:
                draw = row.draws[code] = InTurn(self._ctx.streams.of(Stream.CONTACT, (*patient.key, code)), 0)
            if draw.next(today) < chance:
                row.limit_until = self._ctx.env.now + self._window
                for call in self.limit_set:
                    call(patient)

    def ended(self, task: Task) -> None:
        """Count what it brought the patient."""
        kind = task.kind
        if task.patient < 0 or not kind.contact:
            return
        patient = self._present.get(task.patient)
        if patient is None:
            return
        if kind is ONE_TO_ONE or kind is THERAPY:
            if task.delivered > 0.0:
                self.give(patient, task.delivered)
            if task.outcome == NOT_DONE:
                self.need_not_met(patient)
        elif kind is CONVERSATION:
            if task.delivered > 0.0:
                self.give(patient, task.delivered * self._talk_weight)
        elif kind is GROUP:
            self.give(patient, task.delivered * self._group_weight)
        elif task.outcome == DONE:
            share = self._limit.get(kind.code)
            if share is not None:
                self._meet((patient,), kind.code, share, task.staff[0] if task.staff else None)
        elif task.outcome == NOT_DONE and (kind is REQUEST or kind is ESCORT):
            self.need_not_met(patient)
            self.meet((patient,), kind, None, self._refused)
