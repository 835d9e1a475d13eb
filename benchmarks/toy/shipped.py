"""The toy ward from the shipped parts, unchanged: `Dispatcher`, `Streams`, `Durations` and the incident engine.

Composed as `wardsim.ward.ward` composes the whole ward, with small stand-ins where the engine looks at beds, staffing, training,
contact and observation. All incidents of the toy are verbal aggression with its own answer in the place of `aftermath`; every
effect of the ledger stands at the value that means nothing but two: crowding, and needs unmet, read as the share of the team
that is busy.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from math import exp
from typing import Any

import numpy as np
import simpy

from wardsim.parameters import Ledger
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import AT_NEW_WORK, AT_SHIFT_CHANGE, At, Calendar, Clock
from wardsim.ward.core.context import Context
from wardsim.ward.core.facts import Facts
from wardsim.ward.core.memory import seldom_collecting
from wardsim.ward.core.streams import Stream, Streams
from wardsim.ward.incidents.effects import EFFECTS
from wardsim.ward.incidents.incident import Incident
from wardsim.ward.incidents.incidents import Incidents
from wardsim.ward.incidents.intensity import ATTRIBUTES, GROUPS, TYPES, VERBAL
from wardsim.ward.incidents.outcomes import exponential, lognormal
from wardsim.ward.staff.people import HCA, NURSING, Person
from wardsim.ward.work.dispatcher import Dispatcher
from wardsim.ward.work.kinds import Durations
from wardsim.ward.work.task import Kind

from . import world
from .world import Outcome

RESPONSE = Kind(900, "response", 0, NURSING, "direct", preempts=True, yields_to=-1)
KINDS = tuple(
    Kind(900 + n, kind.name, n, NURSING, "direct", yields_to=0, resumes=n != world.ONE_TO_ONE)
    for n, kind in enumerate(world.WORK, 1)
)
FOREVER = float("inf")


@cache
def parameters() -> dict[str, float]:
    """The ledger with everything that the toy does not have at the value that means nothing."""
    p = Ledger.load().point()
    p |= {f"mechanisms.{name}": none for name, (_, none) in EFFECTS.items()}
    p |= {f"incidents.{name}_per_1000_days": 0.0 for name in TYPES}
    p |= {f"incidents.{group}_ratio_{attribute}": 1.0 for group in GROUPS for attribute in ATTRIBUTES}
    p |= {
        "incidents.verbal_per_1000_days": world.PER_1000_DAYS,
        "incidents.verbal_frailty_exponent": 1.0,
        "incidents.verbal_serious_share": 0.0,
        "incidents.verbal_noticed_share": 1.0,
        "incidents.local_scale": 1.0,
        "incidents.aggression_first_week_ratio": 1.0,
        "incidents.aggression_clock_night": world.NIGHT_RATIO,
        "incidents.aggression_clock_bump": world.PEAK_RATIO,
        "incidents.aggression_acuity_slope": world.ACUITY_SLOPE,
        "incidents.reference_acuity": world.ACUITY_REFERENCE,
        "incidents.acuity_ceiling": world.ACUITY_CEILING,
        "incidents.ward_cap": world.CAP * (1.0 + 1e-9),
        "incidents.limit_cap": 1.0,
        "patients.frailty_shape": 1.0,
        "mechanisms.unmet_aggression": world.BUSY_EFFECT,
        "mechanisms.unmet_reference_per_day": 0.0,
        "mechanisms.unmet_most_per_day": 1.0,
        "mechanisms.crowding_aggression": world.CROWDING_EFFECT,
        "mechanisms.occupancy_reference": 1.0,
    }
    return p


class Course:
    """Acuity that falls from admission."""

    __slots__ = ("_admitted",)

    def __init__(self, admitted: float) -> None:
        self._admitted = admitted

    def at(self, t: float) -> float:
        return world.ACUITY_END + world.ACUITY_FALL * exp((self._admitted - t) / (world.ACUITY_DAYS * world.DAY))

    def values(self, times: Any) -> Any:
        fall = np.exp((self._admitted - times) / (world.ACUITY_DAYS * world.DAY))
        return world.ACUITY_END + world.ACUITY_FALL * fall


@dataclass(eq=False, slots=True)
class Patient:
    """What the incident engine reads of a patient."""

    id: int
    key: tuple[int, int, int]
    frailty: float
    treated_at: float
    course: Course
    sex: str = "f"
    detained: bool = False
    diagnosis: str = "other"
    dual_diagnosis: bool = False
    previous_violence: bool = False
    comorbidity: bool = False
    place: str = "ward"
    observation: str = "general"
    shift_of_acuity: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)


class Beds:
    """A process a bed; the engine's view of who is here."""

    def __init__(self, env: Clock, streams: Streams, until: float) -> None:
        self._env = env
        self._streams = streams
        self._until = until
        self.present: dict[int, Patient] = {}
        self.minutes = 0.0
        self.admitted: list[Callable[[Any], None]] = []
        self.returned: list[Callable[[Any], None]] = []
        self.went_out: list[Callable[[Any], None]] = []
        self.left: list[Callable[[Any], None]] = []
        self.placed_away: list[Callable[[Any], None]] = []
        self.left_away: list[Callable[[Any], None]] = []

    def occupancy(self) -> float:
        return len(self.present) / world.BEDS

    def transfer(self, patient: Any, route: str) -> None:
        raise NotImplementedError("nobody is transferred from the toy ward")

    def abscond(self, patient: Any, return_after_min: float | None) -> None:
        raise NotImplementedError("nobody absconds from the toy ward")

    def open(self) -> None:
        """Put everybody in who is here at the start, and begin each bed's story."""
        for bed in range(world.BEDS):
            self._env.environment.process(self._bed(bed))

    def _bed(self, bed: int) -> Generator[simpy.Event, Any, None]:
        opening = self._streams.row(Stream.START, bed, 0, n=3)
        episode = 0
        gap = opening[1]
        if opening[0] < world.EXPECTED_OCCUPANCY:
            scale = exp(world.STAY_SIGMA**2)  # length-biased: the mean of the logarithm shifts by the variance
            row = self._streams.row(Stream.PATIENT, 1, bed, 0, n=3)
            stay = self._stay(row[0]) * scale
            yield from self._patient(bed, 0, row[1], -stay * opening[2], stay * (1.0 - opening[2]))
            gap = row[2]
        while True:
            yield self._env.environment.timeout(exponential(gap, world.GAP_MEAN))
            episode += 1
            row = self._streams.row(Stream.PATIENT, 1, bed, episode, n=3)
            yield from self._patient(bed, episode, row[1], self._env.now, self._stay(row[0]))
            gap = row[2]

    @staticmethod
    def _stay(u: float) -> float:
        return lognormal(u, exp(world.STAY_MU), (exp(world.STAY_SIGMA**2) - 1.0) ** 0.5)

    def _patient(
        self, bed: int, episode: int, u: float, admitted: float, left: float
    ) -> Generator[simpy.Event, Any, None]:
        number = bed + world.BEDS * episode
        patient = Patient(number, (1, bed, episode), exponential(u, 1.0), admitted, Course(admitted))
        self.present[number] = patient
        for call in self.admitted:
            call(patient)
        self.minutes += max(min(left, self._until - self._env.now), 0.0)
        yield self._env.environment.timeout(left)
        del self.present[number]
        for call in self.left:
            call(patient)


@dataclass
class Team:
    """The team, of whom the toy knows nothing but the number."""

    on_duty: int = world.DAY_STAFF
    registered: int = 0
    temporary: int = 0
    familiarity: float = 0.5
    fatigue: float = 0.0


class StandIn:
    """Staffing, training, contact and observation of a ward that has none of them.

    Needs unmet are the share of the people on duty who are busy.
    """

    limit_factor: Callable[[Person], float] | None = None

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._team = Team()
        self.limit_set: list[Callable[[Any], None]] = []

    def unmet(self, patient: Any, time: float) -> float:
        return 1.0 - len(self._dispatcher.free) / len(self._dispatcher.on_duty)

    def recent(self, patient: Any, time: float) -> float:
        return 0.0

    def limit_open_until(self, patient: Any) -> float:
        return -FOREVER

    def team_now(self) -> Team:
        return self._team

    def team_skills(self) -> list[float]:
        return [0.5] * 6

    def familiarity(self, person: Person) -> float:
        return 0.5

    def familiarity_with(self, person: Person, patient: int) -> float:
        return 0.5

    def absent(self, person: Person, cause: str, start: float, minutes: float) -> None:
        raise NotImplementedError("nobody is hurt on the toy ward")

    def leaving_multiplier(self, person: Person, factor: float, until: float) -> None:
        raise NotImplementedError("nobody leaves the toy ward")

    def request_extra(self, role: str, reason: str, from_time: float, hours: float) -> int:
        return 0

    def raise_level(self, patient: Any, level: str, hours: float, reason: str) -> None:
        raise NotImplementedError("nobody is observed on the toy ward")


class Answer:
    """What follows an incident of the toy: two people at once."""

    def __init__(self, ctx: Context) -> None:
        self._submit = ctx.dispatcher.submit
        self._durations = ctx.durations
        self._occasions = 0

    def over(self, incident: Incident, people: list[Person], *, settle: bool) -> None:
        self._occasions += 1
        minutes = self._durations.minutes(RESPONSE, self._occasions)
        for _ in range(world.INCIDENT_PEOPLE):
            self._submit(RESPONSE, minutes, incident.patient.id)

    def slight(self, incident: Incident) -> None:
        self.over(incident, [], settle=False)


class Shifts:
    """Two of the six people are on duty by day only."""

    def __init__(self, ctx: Context) -> None:
        self._env = ctx.env
        self._dispatcher = ctx.dispatcher
        self._off = [Person(i, (i, 0), HCA, 3, "substantive", 37.5, 0.0) for i in range(world.DAY_STAFF)]
        self._come(world.NIGHT_STAFF)
        self._change_at(world.DAY_BEGINS)

    def _change_at(self, time: float) -> None:
        At(self._env, time - self._env.now, self._change, None, AT_SHIFT_CHANGE)

    def _change(self, event: At) -> None:
        now = self._env.now
        if world.by_day(now):
            self._come(world.DAY_STAFF - world.NIGHT_STAFF)
            self._change_at(now + world.DAY_ENDS - world.DAY_BEGINS)
            return
        for person in nlargest(world.DAY_STAFF - world.NIGHT_STAFF, self._dispatcher.on_duty, key=_goes):
            self._dispatcher.end_duty(person)
            self._off.append(person)
        self._change_at(now + world.DAY - world.DAY_ENDS + world.DAY_BEGINS)

    def _come(self, people: int) -> None:
        for _ in range(people):
            self._dispatcher.start_duty(self._off.pop(), "shift", FOREVER)


def _goes(person: Person) -> tuple[float, float]:
    """Who goes off: the free, then the least urgent work, the latest begun."""
    task = person.task
    return (FOREVER, 0.0) if task is None else (task.kind.priority, task.worked_since)


class Daily:
    """The day's 54 tasks, drawn at midnight."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._submit = ctx.dispatcher.submit
        self._occasion = 0
        self._tasks = [n for n, kind in enumerate(world.WORK) for _ in range(kind.a_day)]
        self._midnight(None)

    def _midnight(self, _: Any) -> None:
        ctx = self._ctx
        now = ctx.env.now
        draws = ctx.streams.row(Stream.WARD_DAY, int(now // world.DAY), n=len(self._tasks))
        for u, n in zip(draws, self._tasks, strict=True):
            kind = world.WORK[n]
            At(ctx.env, kind.opens + u * (kind.closes - kind.opens), self._due, n, AT_NEW_WORK)
        At(ctx.env, world.DAY, self._midnight, None, AT_NEW_WORK)

    def _due(self, event: At) -> None:
        n = event._value
        kind = KINDS[n]
        self._occasion += 1
        expires = self._ctx.env.now + world.PATIENCE if kind.priority == world.ONE_TO_ONE else FOREVER
        self._submit(kind, self._ctx.durations.minutes(kind, self._occasion), expires=expires)


def run(seed: int, days: float) -> Outcome:
    """One run."""
    until = days * world.DAY
    env = Clock()
    facts = Facts()
    streams = Streams(seed, 0)
    scenario = Scenario.model_validate({"name": "toy", "ward": {"beds": world.BEDS, "door_locked": False}})
    dispatcher = Dispatcher(env, facts)
    means = {"response": world.INCIDENT_MEAN, **{kind.name: kind.mean for kind in world.WORK}}
    ctx = Context(
        env=env, calendar=Calendar(scenario.ward.start_date), streams=streams, facts=facts, scenario=scenario, p=parameters(),
        on=scenario.mechanisms, dispatcher=dispatcher, durations=Durations(streams, means, world.LENGTH_CV), begin=0.0, until=until,
    )  # fmt: skip
    beds = Beds(env, streams, until)
    standing = StandIn(dispatcher)
    incidents = Incidents(ctx, beds, standing, standing, standing, standing)
    incidents.aftermath = Answer(ctx)
    if not np.allclose(incidents.rates.clock[VERBAL], world.CLOCK):
        raise RuntimeError("the hours of the toy are no longer those of the incident engine: change benchmarks/toy/world.py")
    Shifts(ctx)
    Daily(ctx)
    beds.open()
    with seldom_collecting():
        env.run(until)
    incidents.close()
    dispatcher.close()
    contact = sum(row[1] - row[0] for row in facts.segment if row[4] == "one_to_one")
    return Outcome(len(facts.incident), contact / world.HOUR, beds.minutes / (world.BEDS * until))
