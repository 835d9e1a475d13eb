"""The ward's day: a list of what falls due, brought minute by minute.

Each calendar day has its list, made at midnight from the ward's routine and from what each patient will want; one SimPy event a distinct
minute brings it. Work that cannot be begun in its time is a fact, not a silence: it expires as not done.
"""

from __future__ import annotations

from operator import itemgetter

from ..core.clock import AT_NEW_WORK, AT_ONCE, DAY, At, Later, day_of
from ..core.context import Context
from ..patients.beds import Beds
from ..patients.patients import Patient
from .due import Due
from .patient_day import PatientDay
from .routine import Routine


class Bring(Later):
    """The minute of an entry of the day's list has come; saved as a call of the day with the entry's place."""

    __slots__ = ("_day",)

    def __init__(self, day: Day, delay: float, place: int) -> None:
        self._day = day
        super().__init__(day.env, delay, day.bringing, place, AT_NEW_WORK)

    def again(self, delay: float, place: int) -> None:
        """Stand in the queue for another entry, having happened."""
        self._value = place
        self._day.env.put(self, delay, AT_NEW_WORK)

    def happen(self) -> None:
        """Bring it."""
        self._day.bring(self._value)


class Day:
    """Brings everything that falls due.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Beds
        Who is here.
    routine, wishes
        What the ward, and what each patient, will want.
    """

    def __init__(self, ctx: Context, beds: Beds, routine: Routine, wishes: PatientDay) -> None:
        self._ctx = ctx
        self.env = ctx.env
        self.bringing = self._bring
        self._beds = beds
        self._routine = routine
        self._wishes = wishes
        self._today: list[Due] = []
        self._midnight = ctx.env.now
        self._next: Bring | None = None
        beds.admitted.append(self._admitted)
        beds.left.append(self._left)
        beds.went_out.append(self._gone)
        if not beds.restored:
            At(ctx.env, 0, self._begin_day, None, AT_ONCE)

    # -- the calendar day ---------------------------------------------------------------------------------------------------

    def list_in_hand(self) -> tuple[float, list[Due]]:
        """When the day in hand ends, and its list (empty when the next is due to be made)."""
        return self._midnight, [] if self.env.now >= self._midnight else self._today

    def go_on(self, saved: tuple[float, tuple[Due, ...]]) -> None:
        """Go on with the list of the day on which a ward was saved."""
        self._midnight, today = saved
        self._today = list(today)

    def _begin_day(self, _: At) -> None:
        """Plan the calendar day, then begin with it."""
        now = self.env.now
        day = day_of(now)
        self._today = self._plan(day)
        self._today.sort(key=itemgetter(0))
        self._midnight = day * DAY + DAY
        self._go_on(0, now)

    def _plan(self, day: int) -> list[Due]:
        """Everything due on a day; what falls on one minute comes in the order of this list."""
        working = self._ctx.calendar.is_working_day(day)
        plan = self._routine.plan(day, working)
        for patient in tuple(self._beds.present.values()):
            plan += self._wishes.plan(patient, day, working)
        return plan

    def _bring(self, event: At) -> None:
        """The minute has come for an entry of today's list, in a day that was saved."""
        self.bring(event._value)

    def bring(self, place: int) -> None:
        """Bring an entry of today's list, and what else is due at this minute."""
        _, call, value = self._today[place]
        call(value)
        self._go_on(place + 1, self.env.now)

    def _go_on(self, place: int, now: float) -> None:
        """Bring everything due now, from a place in today's list on, then wait for what comes next."""
        today = self._today
        for n in range(place, len(today)):
            due, call, value = today[n]
            if due > now:
                if self._next is None:
                    self._next = Bring(self, due - now, n)
                else:
                    self._next.again(due - now, n)
                return
            if due == now:
                call(value)
        Later(self.env, self._midnight - now, self._begin_day, None, AT_NEW_WORK)

    def _admitted(self, patient: Patient) -> None:
        """The rest of the first day of a patient who came after the day was planned."""
        now = self.env.now
        day = day_of(now)
        if now == self._ctx.begin:
            return
        for at, call, value in self._wishes.plan(patient, day, self._ctx.calendar.is_working_day(day)):
            if at > now:
                Later(self.env, at - now, self._bring_one, (call, value), AT_NEW_WORK)

    def _bring_one(self, event: At) -> None:
        call, value = event._value
        call(value)

    # -- leaving ------------------------------------------------------------------------------------------------------------

    def _gone(self, patient: Patient) -> None:
        self._ctx.dispatcher.cancel_patient(patient.id)

    def _left(self, patient: Patient) -> None:
        self._ctx.dispatcher.cancel_patient(patient.id)
        self._ctx.durations.forget(patient.key)
