"""A small ward for tests of incidents: the real dispatcher and engine, stand-ins for patients, staffing, training and contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Any

import numpy as np

from tests.support import point_parameters
from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.run import MechanismsSection
from wardsim.ward.core.clock import AT_NEW_WORK, At, Calendar, Clock
from wardsim.ward.core.context import Context
from wardsim.ward.core.facts import TABLES, Facts
from wardsim.ward.core.streams import Streams
from wardsim.ward.incidents.effects import COURSES
from wardsim.ward.incidents.incidents import Incidents
from wardsim.ward.staff.people import HCA, RN, Person
from wardsim.ward.work.dispatcher import Dispatcher
from wardsim.ward.work.kinds import KINDS, Durations

ALL_OFF = MechanismsSection(**dict.fromkeys(MechanismsSection.model_fields, False))
ALL_ON = MechanismsSection()


class FlatCourse:
    """Acuity that steps through given values, one a day (the last for ever)."""

    def __init__(self, values: tuple[float, ...]) -> None:
        self._values = np.array(values)

    def at(self, t: float) -> float:
        return float(self._values[min(max(int(t // 1440.0), 0), len(self._values) - 1)])

    def values(self, times: np.ndarray) -> np.ndarray:
        return self._values[np.clip((times // 1440.0).astype(int), 0, len(self._values) - 1)]


@dataclass(eq=False)
class FakePatient:
    """A patient with every attribute that incidents read."""

    id: int
    key: tuple[int, int, int]
    sex: str = "m"
    detained: bool = True
    diagnosis: str = "psychosis"
    dual_diagnosis: bool = False
    previous_violence: bool = False
    comorbidity: bool = False
    frailty: float = 1.0
    treated_at: float = 0.0
    place: str = "ward"
    observation: str = "general"
    shift_of_acuity: float = 0.0
    extra: dict[str, float] = field(default_factory=dict)
    course: FlatCourse = field(default_factory=lambda: FlatCourse((3.0,)))
    contact: object | None = None


class FakeBeds:
    """Patients present, hooks, and what was asked."""

    def __init__(self, env: Clock, beds: int) -> None:
        self._env = env
        self.beds = beds
        self.present: dict[int, FakePatient] = {}
        self.admitted: list[Callable[[Any], None]] = []
        self.returned: list[Callable[[Any], None]] = []
        self.went_out: list[Callable[[Any], None]] = []
        self.left: list[Callable[[Any], None]] = []
        self.placed_away: list[Callable[[Any], None]] = []
        self.left_away: list[Callable[[Any], None]] = []
        self.asked: list[tuple[float, str, int]] = []
        self.crowd = 0.0

    def occupancy(self) -> float:
        return len(self.present) / self.beds + self.crowd

    def admit(self, patient: FakePatient) -> None:
        self.present[patient.id] = patient
        for call in self.admitted:
            call(patient)

    def place_away(self, patient: FakePatient) -> None:
        patient.place = "away"
        for call in self.placed_away:
            call(patient)

    def go_out(self, patient: FakePatient) -> None:
        del self.present[patient.id]
        for call in self.went_out:
            call(patient)

    def come_back(self, patient: FakePatient) -> None:
        self.present[patient.id] = patient
        for call in self.returned:
            call(patient)

    def leave(self, patient: FakePatient) -> None:
        del self.present[patient.id]
        for call in self.left:
            call(patient)

    def transfer(self, patient: FakePatient, route: str) -> None:
        self.asked.append((self._env.now, route, patient.id))
        self.leave(patient)

    def abscond(self, patient: FakePatient, return_after_min: float | None) -> None:
        self.asked.append((self._env.now, "abscond", patient.id))
        if return_after_min is None:
            self.leave(patient)
        else:
            self.go_out(patient)
            At(self._env, return_after_min, lambda _: self.come_back(patient), None, AT_NEW_WORK)


@dataclass
class FakeTeam:
    """The team as told."""

    on_duty: int = 5
    registered: int = 2
    temporary: int = 1
    familiarity: float = 0.75
    fatigue: float = 0.19


class FakeStaffing:
    """A fixed team; remembers what it was asked."""

    def __init__(self) -> None:
        self.team = FakeTeam()
        self.absences: list[tuple[int, str, float, float]] = []
        self.multipliers: list[tuple[int, float, float]] = []
        self.requests: list[tuple[str, str]] = []

    def team_now(self) -> FakeTeam:
        return self.team

    def familiarity(self, person: Person) -> float:
        return 1.0 - exp(-person.shifts_here / 10.0)

    def familiarity_with(self, person: Person, patient: int) -> float:
        return 1.0 - exp(-(person.shifts_here - person.known.get(patient, person.shifts_here)) / 3.0)

    def absent(self, person: Person, cause: str, start: float, minutes: float) -> None:
        self.absences.append((person.id, cause, start, minutes))

    def leaving_multiplier(self, person: Person, factor: float, until: float) -> None:
        self.multipliers.append((person.id, factor, until))

    def request_extra(self, role: str, reason: str, from_time: float, hours: float) -> None:
        self.requests.append((role, reason))


class FakeTraining:
    """Levels as told."""

    def __init__(self) -> None:
        self.levels: dict[str, float] = {}

    def team_skills(self) -> list[float]:
        return [self.levels.get(course, 0.4) for course in COURSES]


class FakeContact:
    """Recent contact as told; windows after limits as opened."""

    def __init__(self, p: Mapping[str, float], *, hook: bool = True) -> None:
        self.minutes = p["mechanisms.contact_reference_min_per_day"]
        self.needs = p["mechanisms.unmet_reference_per_day"]
        self.limit_factor: Callable[[Person], float] | None = None
        self.until: dict[int, float] = {}
        if hook:
            self.limit_set: list[Callable[[Any], None]] = []

    def recent(self, patient: Any, time: float) -> float:
        return self.minutes

    def unmet(self, patient: Any, time: float) -> float:
        return self.needs

    def limit_open_until(self, patient: Any) -> float:
        return self.until.get(patient.id, -1e18)

    def open(self, patient: Any, until: float) -> None:
        self.until[patient.id] = until
        for call in getattr(self, "limit_set", ()):
            call(patient)


class FakeObservation:
    """Remembers raised levels and sets them."""

    def __init__(self) -> None:
        self.raised: list[tuple[int, str, str]] = []

    def raise_level(self, patient: Any, level: str, hours: float, reason: str) -> None:
        self.raised.append((patient.id, level, reason))
        if patient.observation != "constant":
            patient.observation = level


class World:
    """Composed small ward.

    Parameters
    ----------
    staff : int
        Nursing staff on duty all the time.
    patients : int
        Patients admitted at time zero.
    on : MechanismsSection
        Switches.
    hook : bool
        Whether contact tells when a limit is set.
    parameters : dict
        Changes to the point parameters.
    scenario : dict
        Sections of the scenario.
    """

    def __init__(
        self,
        *,
        staff: int = 5,
        patients: int = 8,
        on: MechanismsSection = ALL_ON,
        seed: int = 1,
        hook: bool = True,
        parameters: Mapping[str, float] | None = None,
        scenario: Mapping[str, Any] | None = None,
        state: dict[str, Any] | None = None,
        until: float = 365.0 * 1440.0,
    ) -> None:
        self.scenario = Scenario(name="test", mechanisms=on, **(scenario or {}))
        self.p = {**point_parameters(), **(parameters or {})}
        self.env = env = Clock()
        self.facts = facts = Facts()
        self.dispatcher = Dispatcher(env, facts)
        streams = Streams(seed, 0)
        means = {name: self.p[f"work.{name}_min"] for name in KINDS}
        self.ctx = Context(
            env=env, calendar=Calendar(self.scenario.ward.start_date), streams=streams, facts=facts, scenario=self.scenario,
            p=self.p, on=on, dispatcher=self.dispatcher, durations=Durations(streams, means, 0.5), begin=0.0, until=until,
        )  # fmt: skip
        self.beds = FakeBeds(env, beds=patients or 1)
        self.staffing = FakeStaffing()
        self.training = FakeTraining()
        self.contact = FakeContact(self.p, hook=hook)
        self.observation = FakeObservation()
        self.incidents = Incidents(
            self.ctx, self.beds, self.staffing, self.training, self.observation, self.contact, state
        )
        self.staff = [person(i) for i in range(staff)]
        for one in self.staff:
            self.dispatcher.start_duty(one, "day", 1e9)
        self.patients = [patient(i) for i in range(patients)]
        for q in self.patients:
            self.beds.admit(q)

    def run(self, days: float) -> World:
        """Run to a day and close the books."""
        self.env.run(until=days * 1440.0)
        return self

    def happened(self) -> list[tuple[float, int, str]]:
        """True incidents: time, patient, type."""
        return [(row[0], row[2], row[3]) for row in self.facts.table("incident")]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All facts, as text (NaN equals NaN)."""
        return {name: [tuple(map(repr, row)) for row in self.facts.table(name)] for name in TABLES}


def person(i: int, *, trained: bool = True) -> Person:
    """A member of staff; every third is registered."""
    made = Person(i, (i, 0), RN if i % 3 == 0 else HCA, 5 if i % 3 == 0 else 3, "substantive", 37.5, 0.0)
    made.shifts_here = 50.0
    if trained:
        made.valid_until = {"violence_prevention": 1e12, "life_support": 1e12}
    return made


def patient(i: int, **changes: Any) -> FakePatient:
    """A patient; sex, diagnosis and frailty alternate with the number."""
    given: dict[str, Any] = {
        "sex": "mf"[i % 2],
        "diagnosis": ("psychosis", "mood", "personality", "other")[i % 4],
        "detained": i % 3 != 0,
        "dual_diagnosis": i % 2 == 0,
        "comorbidity": i % 4 == 1,
        "frailty": (0.2, 0.6, 1.0, 2.2)[i % 4],
        "course": FlatCourse((4.0, 3.6, 3.2, 3.0, 2.8, 2.6, 2.4)),
    }
    given.update(changes)
    return FakePatient(id=i, key=(1, i, 0), **given)
