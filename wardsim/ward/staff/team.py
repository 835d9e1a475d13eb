"""The team on shift as others see it: how many, how familiar with the ward, how tired."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import Final

from ..core.clock import DAY
from ..work.dispatcher import Dispatcher
from .patterns import Shift
from .people import DOCTOR, NURSING, RN, SUBSTANTIVE, THERAPISTS, Person

LONG_SHIFT_MIN: Final = 600.0
"""A shift longer than this is a long one (fatigue)."""
SHORT_REST_MIN: Final = 780.0
"""Rest shorter than this is short (fatigue)."""


class TeamSnapshot:
    """Nursing staff on duty at a moment.

    Attributes
    ----------
    time : float
        Minutes.
    shift : str
        Shift that started last.
    on_duty, registered, temporary : int
        Nursing staff; registered nurses; bank and agency.
    familiarity : float
        Mean familiarity with the ward, 0 (nobody has worked here) to 1.
    fatigue : float
        Mean fatigue index at the start of their shifts.
    multidisciplinary : int
        Therapists, activity workers and doctors present.
    """

    __slots__ = ("familiarity", "fatigue", "multidisciplinary", "on_duty", "registered", "shift", "temporary", "time")

    def __init__(self, time: float, shift: str) -> None:
        self.time = time
        self.shift = shift
        self.on_duty = self.registered = self.temporary = self.multidisciplinary = 0
        self.familiarity = self.fatigue = 0.0


class ShiftStart:
    """A nursing shift has begun: everybody who came is on duty.

    Attributes
    ----------
    time : float
        Minutes.
    day : int
        Day number.
    shift : str
        early, late, night, long_day or long_night.
    end : float
        Planned end, minutes.
    people : list of Person
        Who has just come on duty for it.
    """

    __slots__ = ("day", "end", "people", "shift", "time")

    def __init__(self, time: float, day: int, shift: str, end: float, people: list[Person]) -> None:
        self.time = time
        self.day = day
        self.shift = shift
        self.end = end
        self.people = people


class Team:
    """Looks at the people on duty, again only when they have changed.

    Parameters
    ----------
    dispatcher : Dispatcher
        Who is on duty.
    parameters : mapping of str to float
        `staff.familiarity_*` and `staff.fatigue_*`.
    tires : bool
        Whether fatigue is summed up by week, for its effect on sickness.
    """

    def __init__(self, dispatcher: Dispatcher, parameters: Mapping[str, float], *, tires: bool) -> None:
        self._dispatcher = dispatcher
        self._ward = parameters["staff.familiarity_shifts"]
        self._patient = parameters["staff.familiarity_patient_shifts"]
        self._consecutive = parameters["staff.fatigue_consecutive"]
        self._long = parameters["staff.fatigue_long_shift"]
        self._rest = parameters["staff.fatigue_short_rest"]
        self._break = parameters["staff.fatigue_missed_break"]
        self._night = parameters["staff.fatigue_night"]
        self._overtime = parameters["staff.fatigue_overtime"]
        self._tires = tires
        self._version = -1
        self.shift = ""
        self.snapshot = TeamSnapshot(0.0, "")

    def familiarity(self, person: Person) -> float:
        """How well a person knows this ward: 0 on the first shift, rising to 1 with shifts worked here."""
        return 1.0 - exp(-person.shifts_here / self._ward)

    def familiarity_with(self, person: Person, patient: int) -> float:
        """How well a person knows a patient: by shifts worked here since the patient came."""
        shifts = person.shifts_here - person.known.get(patient, 0.0)
        return 1.0 - exp(-max(shifts, 0.0) / self._patient)

    def now(self) -> TeamSnapshot:
        """The team at this moment."""
        dispatcher = self._dispatcher
        if self._version == dispatcher.version:
            return self.snapshot
        self._version = dispatcher.version
        team = self.snapshot = TeamSnapshot(dispatcher.env.now, self.shift)
        known = tired = 0.0
        for person in dispatcher.on_duty:
            role = person.role
            if role & NURSING:
                team.on_duty += 1
                team.registered += role == RN
                team.temporary += person.employment != SUBSTANTIVE
                known += self.familiarity(person)
                tired += person.fatigue
            elif role & (THERAPISTS | DOCTOR):
                team.multidisciplinary += 1
        if team.on_duty:
            team.familiarity = known / team.on_duty
            team.fatigue = tired / team.on_duty
        return team

    def come(self, person: Person, now: float, shift: Shift, *, extra: bool) -> None:
        """Set shifts in a row and the fatigue index when a shift begins.

        The index adds up what is known to tire: days in a row beyond the second, a long shift, a night, short rest, breaks missed
        in the last shift, an extra shift. Its weights are in the ledger; what it does is mechanism M6, elsewhere.
        """
        rest = now - person.last_shift_end
        in_a_row = person.consecutive_shifts + 1 if rest < DAY else 1
        person.consecutive_shifts = in_a_row
        fatigue = self._consecutive * float(in_a_row - 2) if in_a_row > 2 else 0.0
        if shift.end - shift.start > LONG_SHIFT_MIN:
            fatigue += self._long
        if shift.night:
            fatigue += self._night
        if rest < SHORT_REST_MIN:
            fatigue += self._rest
        fatigue += self._break * float(person.breaks_missed)
        if extra:
            fatigue += self._overtime
        person.fatigue = fatigue
        if self._tires:
            more = person.extra
            more["fatigue_sum"] = more.get("fatigue_sum", 0.0) + fatigue
            more["fatigue_n"] = more.get("fatigue_n", 0.0) + 1.0

    def gone(self, person: Person, now: float) -> None:
        """Count the shift, or the part of it that was worked, when somebody goes off duty."""
        planned = person.duty_end - person.duty_start
        person.shifts_here += min((now - person.duty_start) / planned, 1.0) if planned > 0.0 else 0.0
        person.last_shift_end = now
