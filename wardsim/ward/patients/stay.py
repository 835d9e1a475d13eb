"""The end of a stay: clinically ready, perhaps delayed, home; and what moves it.

A stay ends by day: patients are found ready at the morning review and leave between 10:00 and 17:00. Its length is
exogenous (drawn with the patient) except through named mechanisms: M14 (reviews held, discharge planned in time) and M13
(discharge brought forward while others wait). With the mechanism off, or its coefficient at nothing, planned and realised stay are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import TYPE_CHECKING, Final

from wardsim.parameters.flow_law import CAUSES, delay_ratios

from ..core.clock import AT_NEW_WORK, DAY, HOUR, At, Later
from ..core.context import Context
from .acuity import HIGH
from .patients import AWAY, CLOCK, EARLY, GONE, Patient

if TYPE_CHECKING:
    from .beds import Beds

REVIEW_AT: Final = 9.0 * HOUR
"""Time of day at which patients are found clinically ready."""
MEETING_AT: Final = 10.0 * HOUR
"""Time of day of the bed meeting."""
HOME_FROM: Final = 10.0 * HOUR
HOME_UNTIL: Final = 17.0 * HOUR
"""Time of day in which patients go home."""
SHORTEST: Final = 4.0 * HOUR
"""Shortest stay, and shortest notice of a discharge brought forward, minutes."""

READY: Final = 0
MORNING: Final = 1
LEAVING: Final = 2


class Stays:
    """Plans and ends stays.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Beds
        Where patients are; asked to discharge them.
    """

    def __init__(self, ctx: Context, beds: Beds) -> None:
        p = ctx.p
        self._ctx = ctx
        self._beds = beds
        self._facts = ctx.facts.table("ready")
        self._ratio = dict(zip(CAUSES, delay_ratios(p, ctx.scenario.flow.discharge_team).tolist(), strict=True))
        self.pressure_after = ctx.scenario.flow.discharge_pressure_after_hours if ctx.on.bed_pressure else None
        """Hours of wait after which discharges are brought forward (None: never)."""
        self._window = p["flow.early_discharge_window_days"] * DAY
        self._willing = p["flow.early_discharge_share"]
        self.plan_made: Callable[[Patient], bool] | None = None
        """Whether the discharge plan was made in time, without which a discharge team has nothing to work on; None: not asked."""
        self.delay_factors: list[Callable[[Patient], float]] = []
        """Each gives a factor on a delay that begins now."""
        self.going_home: list[Callable[[Patient], None]] = []
        """Called with a patient of the ward on the morning of the discharge (or when it is brought forward)."""
        self.ready_moved: list[Callable[[Patient], None]] = []
        """Called with a patient whose day of readiness has been moved before it came."""
        if self.pressure_after is not None and self._willing > 0.0:
            self._at_meeting(ctx.env.now)

    # -- planning -----------------------------------------------------------------------------------------------------------

    def plan(self, patient: Patient) -> None:
        """Plan the stay of a patient whose treatment has begun (perhaps before now, for residents at the start)."""
        begun, now = patient.treated_at, self._ctx.env.now
        end = begun + patient.clinical_min
        patient.ready_at = max(end // DAY * DAY + REVIEW_AT, begun + SHORTEST)
        delay = patient.delay_min * self._ratio.get(patient.delay_cause, 1.0)
        patient.leaves_at = self._home(patient, patient.ready_at + delay)
        if patient.leaves_at <= now:
            patient.leaves_at = self._home(patient, now)
        if patient.ready_at <= now:
            patient.is_ready = True
        self.schedule(patient)

    def _home(self, patient: Patient, earliest: float) -> float:
        """The patient's own time of day for leaving, on the day of `earliest` or the next."""
        clock = HOME_FROM + (HOME_UNTIL - HOME_FROM) * patient.chance[CLOCK]
        leaves = earliest // DAY * DAY + clock
        return leaves if leaves > earliest else leaves + DAY

    def schedule(self, patient: Patient) -> None:
        """Make the next event of the stay the only one that counts."""
        now = self._ctx.env.now
        patient.token += 1
        if not patient.is_ready and patient.ready_at < patient.leaves_at:
            due, stage = patient.ready_at, READY
        else:
            morning = patient.leaves_at // DAY * DAY + REVIEW_AT
            due, stage = (morning, MORNING) if morning > now else (patient.leaves_at, LEAVING)
        Later(self._ctx.env, max(due - now, 0.0), self._due, (patient, patient.token, stage), AT_NEW_WORK)

    def _due(self, event: At) -> None:
        what: tuple[Patient, int, int] = event._value
        patient, token, stage = what
        if token != patient.token or patient.place == GONE:
            return
        if stage == READY:
            self._ready(patient)
        elif stage == MORNING:
            self._morning(patient)
        else:
            route = patient.route
            if patient.absent:
                route = "absconded"
            self._beds.discharge(patient, route)

    def _ready(self, patient: Patient) -> None:
        now = self._ctx.env.now
        patient.is_ready = True
        self._facts.append((now, patient.id, patient.delay_cause))
        helped = self.plan_made is None or self.plan_made(patient)
        delay = patient.delay_min * (self._ratio.get(patient.delay_cause, 1.0) if helped else 1.0)
        if delay > 0.0:
            for factor in self.delay_factors:
                delay *= factor(patient)
            self._beds.became_ready(patient)
        patient.leaves_at = self._home(patient, now + delay)
        if patient.leaves_at // DAY == now // DAY:
            self._morning(patient)
        else:
            self.schedule(patient)

    def _morning(self, patient: Patient) -> None:
        if patient.place != AWAY:
            for call in self.going_home:
                call(patient)
        patient.token += 1
        delay = max(patient.leaves_at - self._ctx.env.now, 0.0)
        Later(self._ctx.env, delay, self._due, (patient, patient.token, LEAVING), AT_NEW_WORK)

    # -- what moves it ------------------------------------------------------------------------------------------------------

    def change_rest(self, patient: Patient, log_factor: float) -> None:
        """Lengthen or shorten what remains of the stay (M14); the day of discharge itself no longer moves.

        Parameters
        ----------
        log_factor : float
            Logarithm of the factor on the remaining time; 0 changes nothing at all.
        """
        now = self._ctx.env.now
        if log_factor == 0.0 or patient.leaves_at - now < DAY or patient.route == "early":
            return
        factor = exp(log_factor)
        if not patient.is_ready:
            rest = max(patient.ready_at - now, 0.0) * factor
            patient.ready_at = max((now + rest) // DAY * DAY + REVIEW_AT, now)
            delay = patient.delay_min * self._ratio.get(patient.delay_cause, 1.0)
            patient.leaves_at = self._home(patient, patient.ready_at + delay)
            for call in self.ready_moved:
                call(patient)
        else:
            patient.leaves_at = self._home(patient, now + (patient.leaves_at - now) * factor)
        self.schedule(patient)

    def _at_meeting(self, now: float) -> None:
        due = now // DAY * DAY + MEETING_AT
        if due <= now:
            due += DAY
        At(self._ctx.env, due - now, self._meeting, None, AT_NEW_WORK)

    def _meeting(self, _: At) -> None:
        self.bring_forward()
        self._at_meeting(self._ctx.env.now)

    def bring_forward(self) -> None:
        """Bring discharges forward, nearest to their end first, as many as there are people who wait (M13)."""
        after = self.pressure_after
        if after is None or self._willing <= 0.0:
            return
        now = self._ctx.env.now
        beds = self._beds
        if not (beds.away or beds.waiting_count() or beds.leaves.returning):
            return
        wanted = sum(1 for q in beds.queue if now - q.referred_at >= after * HOUR - 1e-6)
        wanted += len(beds.away) + len(beds.leaves.returning)
        near = [q for q in beds.present.values() if q.leaves_at - now <= self._window]
        wanted -= max(beds.free(), 0) + sum(1 for q in near if q.leaves_at - now <= DAY or q.route == "early")
        if wanted <= 0:
            return
        for patient in sorted(near, key=lambda q: (q.leaves_at, q.id)):
            if wanted <= 0:
                break
            if patient.leaves_at - now <= DAY or patient.route == "early" or patient.chance[EARLY] >= self._willing:
                continue
            if patient.observation == "constant" or patient.acuity(now) >= HIGH:
                continue
            self._early(patient, now)
            wanted -= 1

    def _early(self, patient: Patient, now: float) -> None:
        before = patient.leaves_at
        leaves = now + SHORTEST
        if leaves % DAY > HOME_UNTIL or leaves % DAY < HOME_FROM:
            leaves = self._home(patient, leaves)
        patient.leaves_at = leaves
        patient.early_min += before - leaves
        patient.route = "early"
        patient.ready_at = min(patient.ready_at, leaves)
        self._morning(patient)
