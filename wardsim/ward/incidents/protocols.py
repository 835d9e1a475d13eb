"""What the incident engine needs of the other parts of the ward, and no more: the seams at which tests put small stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..staff.people import Person

Floats = npt.NDArray[np.float64]


class CourseOfAcuity(Protocol):
    """The latent, exogenous course of one patient's acuity, in acuity points (about 1 to 5)."""

    def at(self, t: float) -> float:
        """Acuity at a time, minutes."""

    def values(self, times: Floats) -> Floats:
        """Acuity at many times."""


class PatientLike(Protocol):
    """A patient, as far as incidents go (attributes as in `patients.Patient`)."""

    id: int
    key: tuple[int, int, int]
    sex: str
    detained: bool
    diagnosis: str
    dual_diagnosis: bool
    previous_violence: bool
    comorbidity: bool
    frailty: float
    treated_at: float
    place: str
    observation: str
    shift_of_acuity: float
    extra: dict[str, Any]

    @property
    def course(self) -> CourseOfAcuity:
        """The latent course."""


PatientCall = Callable[[Any], None]


class BedsLike(Protocol):
    """Who is on the ward, and the moments when that changes."""

    present: dict[int, Any]
    admitted: list[PatientCall]
    returned: list[PatientCall]
    went_out: list[PatientCall]
    left: list[PatientCall]
    placed_away: list[PatientCall]
    left_away: list[PatientCall]

    def occupancy(self) -> float:
        """Patients present over beds."""

    def transfer(self, patient: Any, route: str) -> None:
        """Move a patient to psychiatric intensive care (`picu`) or into custody (`police`)."""

    def abscond(self, patient: Any, return_after_min: float | None) -> None:
        """The patient leaves without leave; comes back after some minutes, or (None) does not."""


class TeamLike(Protocol):
    """The team on duty now."""

    @property
    def on_duty(self) -> int:
        """Nursing staff on duty."""

    @property
    def registered(self) -> int:
        """Of them registered nurses."""

    @property
    def temporary(self) -> int:
        """Of them bank and agency."""

    @property
    def familiarity(self) -> float:
        """Mean familiarity with this ward, 0 to 1."""

    @property
    def fatigue(self) -> float:
        """Mean fatigue index."""


class StaffingLike(Protocol):
    """The team, and what an injury does to its members."""

    def team_now(self) -> TeamLike:
        """The nursing team on duty now."""

    def familiarity(self, person: Person) -> float:
        """One person's familiarity with this ward, 0 to 1."""

    def familiarity_with(self, person: Person, patient: int) -> float:
        """One person's familiarity with one patient, 0 to 1."""

    def absent(self, person: Person, cause: str, start: float, minutes: float) -> None:
        """The person is off from `start` for some minutes of calendar time."""

    def leaving_multiplier(self, person: Person, factor: float, until: float) -> None:
        """Multiply the person's hazard of leaving until a time."""

    def request_extra(self, role: str, reason: str, from_time: float, hours: float) -> int:
        """Ask for one more person; returns how many requests were made."""


class TrainingLike(Protocol):
    """What the team on duty knows and can do."""

    def team_skills(self) -> list[float]:
        """Mean level of the nursing staff on duty for each of `effects.COURSES`, 0 to 1."""


class ContactLike(Protocol):
    """What contact a patient has had of late (mechanisms M2 and M3)."""

    limit_factor: Callable[[Person], float] | None

    def recent(self, patient: Any, time: float) -> float:
        """Therapeutic minutes a day of late."""

    def unmet(self, patient: Any, time: float) -> float:
        """Needs a day that were not met of late."""

    def limit_open_until(self, patient: Any) -> float:
        """Until when a limit set in a contact counts."""


class AftermathLike(Protocol):
    """What follows an incident that is over."""

    def over(self, incident: Any, people: list[Person], *, settle: bool) -> None:
        """The incident is over; `people` answered it."""

    def slight(self, incident: Any) -> None:
        """Slight aggression, which calls nobody in haste, is over."""


class ObservationLike(Protocol):
    """Levels of observation."""

    def raise_level(self, patient: Any, level: str, hours: float, reason: str) -> None:
        """Put a patient on `intermittent` or `constant` observation for some hours."""
