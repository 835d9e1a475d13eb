"""A small ward around training: the real dispatcher, and a roster whose shifts a test writes down itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ruamel.yaml import YAML

from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.run import MechanismsSection
from wardsim.scenario.schema.training import Course, TrainingSection
from wardsim.ward.core.clock import AT_SHIFT_CHANGE, DAY, At, Calendar, Clock
from wardsim.ward.core.context import Context
from wardsim.ward.core.facts import Facts
from wardsim.ward.core.streams import Streams
from wardsim.ward.staff.people import NURSING, RN, SUBSTANTIVE, Person
from wardsim.ward.training.training import Training
from wardsim.ward.work.dispatcher import Dispatcher
from wardsim.ward.work.kinds import Durations

ROOT = Path(__file__).resolve().parents[2]
TIMES = {"early": (420, 885), "late": (825, 1290), "night": (1260, 1890)}
DAYS_A_YEAR = 365


@lru_cache(maxsize=1)
def _point() -> dict[str, float]:
    values = {}
    for topic in ("training", "programmes", "work"):
        for entry in YAML(typ="safe", pure=True).load((ROOT / "calibration" / "priors" / f"{topic}.yaml").read_text()):
            values[entry["name"]] = float(entry["value"])
    return values


def parameters(**changes: float) -> dict[str, float]:
    """Point values; a change is named with two underscores for each dot."""
    values = dict(_point())
    for name, value in changes.items():
        key = name.replace("__", ".")
        assert key in values, key
        values[key] = value
    return values


def course(name: str = "violence_prevention", **keys: Any) -> Course:
    """A course: every day a course day, refresher of one day, unless told otherwise."""
    given: dict[str, Any] = {
        "name": name, "initial_hours": 30.0, "refresher_hours": 7.5, "valid_months": 12, "sessions_per_month": 30.0,
        "group_size": 12, "roles": ("rn", "hca"),
    }  # fmt: skip
    return Course(**{**given, **keys})


class FakePlan:
    def __init__(self, roster: FakeRoster, person: Person) -> None:
        self._roster = roster
        self._person = person

    def in_post(self, day: int) -> bool:
        return self._person.left_at > day * DAY

    def known_absent(self, day: int) -> bool:
        return (self._person.id, day) in self._roster.leave

    def cause(self, day: int) -> str:
        if (self._person.id, day) in self._roster.leave:
            return "annual_leave"
        return "sickness" if (self._person.id, day) in self._roster.sick else ""


class FakeRoster:
    """Shifts by a rule; study days, leave, sickness, temporary staff and offers as sets."""

    def __init__(
        self, people: dict[int, Person], rule: Callable[[int, int], str | None], required: dict[str, int]
    ) -> None:
        self.people = people
        self.rule = rule
        self.required = required
        self.published_until = 27
        self.leave: set[tuple[int, int]] = set()
        self.sick: set[tuple[int, int]] = set()
        self.study: dict[tuple[int, int], tuple[float, str | None]] = {}
        self.temporary: dict[tuple[int, str, str], int] = {}
        self.offers: list[tuple[int, str, str]] = []
        self.fills = False
        self.recalled: list[tuple[int, int]] = []
        self._base: dict[int, dict[tuple[str, str], int]] = {}

    @property
    def plans(self) -> dict[int, FakePlan]:
        return {i: FakePlan(self, p) for i, p in self.people.items()} if not hasattr(self, "_plans") else self._plans

    def freeze(self) -> None:
        """Build the plans once (nobody comes any more)."""
        self._plans = {i: FakePlan(self, p) for i, p in self.people.items()}

    def shift_of(self, person: Person, day: int) -> str | None:
        key = (person.id, day)
        if key in self.study or key in self.leave or person.left_at <= day * DAY:
            return None
        return self.rule(person.id, day)

    def cover(self, day: int, shift: str, role: str) -> tuple[int, int]:
        base = self._base.get(day)
        if base is None:
            base = self._base[day] = {}
            for person in self.people.values():
                name = self.rule(person.id, day)
                if name is not None and person.role & NURSING:
                    slot = (name, "rn" if person.role == RN else "hca")
                    base[slot] = base.get(slot, 0) + 1
        count = base.get((shift, role), 0) + self.temporary.get((day, shift, role), 0)
        for table in (self.leave, self.sick, self.study):
            for id_, when in table:
                if when == day and not (table is not self.leave and (id_, when) in self.leave):
                    person = self.people[id_]
                    if table is self.study and (id_, when) in self.sick:
                        continue
                    if self.rule(id_, day) == shift and ("rn" if person.role == RN else "hca") == role:
                        count -= 1
        return count, self.required.get(role, 0)

    def reserve(self, person: Person, day: int, hours: float) -> bool:
        if day <= self.published_until or (person.id, day) in self.leave:
            return False
        self.study[person.id, day] = (hours, None)
        return True

    def release(self, person: Person, day: int, hours: float, backfill: bool) -> None:
        shift = self.shift_of(person, day)
        self.study[person.id, day] = (hours, shift)
        if backfill and shift is not None:
            role = "rn" if person.role == RN else "hca"
            self.offers.append((day, shift, role))
            if self.fills:
                self.temporary[day, shift, role] = self.temporary.get((day, shift, role), 0) + 1

    def recall(self, person: Person, day: int) -> None:
        if self.study.pop((person.id, day), None) is not None:
            self.recalled.append((person.id, day))


class FakeStaffing:
    def __init__(self, ctx: Context, people: dict[int, Person], roster: FakeRoster) -> None:
        self._ctx = ctx
        self.people = people
        self.roster = roster
        self.hired: list[Callable[[Person], None]] = []
        self.left: list[Callable[[Person], None]] = []
        self.shift_started: list[Callable[[Any], None]] = []

    def in_post(self, role_mask: int) -> list[Person]:
        return [p for p in self.people.values() if p.role & role_mask and p.left_at == float("inf")]

    def team_now(self) -> SimpleNamespace:
        team = [p for p in self._ctx.dispatcher.on_duty if p.role & NURSING]
        return SimpleNamespace(
            shift=team[0].shift if team else "", on_duty=len(team), registered=sum(p.role == RN for p in team), temporary=0,
            familiarity=1.0, fatigue=0.0, multidisciplinary=0,
        )  # fmt: skip

    def run_shifts(self, first: int, last: int) -> None:
        """Put people on duty by the roster, from day `first` to day `last`."""
        env = self._ctx.env
        for day in range(first, last + 1):
            for name, (start, _) in TIMES.items():
                if day * DAY + start >= env.now:
                    At(env, day * DAY + start - env.now, self._start, (day, name), AT_SHIFT_CHANGE)

    def _start(self, event: At) -> None:
        day, name = event._value
        end = day * DAY + TIMES[name][1]
        came = [
            p for p in self.people.values()
            if self.roster.shift_of(p, day) == name and (p.id, day) not in self.roster.sick and not p.on_duty
        ]  # fmt: skip
        for person in came:
            self._ctx.dispatcher.start_duty(person, name, end)
        At(self._ctx.env, end - self._ctx.env.now, self._end, came, AT_SHIFT_CHANGE)
        for call in self.shift_started:
            call(SimpleNamespace(name=name, day=day))

    def _end(self, event: At) -> None:
        for person in event._value:
            self._ctx.dispatcher.end_duty(person)

    def hire(self, person: Person) -> None:
        self.people[person.id] = person
        for call in self.hired:
            call(person)

    def leave(self, person: Person) -> None:
        person.left_at = self._ctx.env.now
        for call in self.left:
            call(person)


class World:
    """A ward of some people whose certificates, shifts and training policy the test sets.

    Parameters
    ----------
    roles : str
        One letter a person: r registered nurse, h healthcare assistant.
    courses : tuple of Course
    certificates : dict
        Course name to the days (one a person, None: never held) on which certificates run out; None: drawn near balance.
    rule : callable
        Shift of a person on a day.
    """

    def __init__(
        self,
        roles: str,
        courses: tuple[Course, ...],
        certificates: dict[str, list[float | None]] | None = None,
        rule: Callable[[int, int], str | None] = lambda person, day: "early",
        required: dict[str, int] | None = None,
        policy: dict[str, Any] | None = None,
        state: dict[str, Any] | None = None,
        begin: float = 0.0,
        p: dict[str, float] | None = None,
        mechanisms: MechanismsSection | None = None,
        programmes: tuple[Any, ...] = (),
        hired_day: float = -4000.0,
        seed: int = 1,
    ) -> None:
        self.scenario = Scenario(
            name="small", training=TrainingSection(courses=courses, **(policy or {})), programmes=programmes,
            mechanisms=mechanisms or MechanismsSection(),
        )  # fmt: skip
        prompt = {"training__places_share": 1.0, "training__recall_probability": 1.0, "training__refresher_asking_weeks": 0.0, "training__start_in_date_share": 0.91}
        self.p = parameters(**{**prompt, **(p or {})})
        self.env = Clock(initial_time=begin)
        self.facts = Facts()
        self.dispatcher = Dispatcher(self.env, self.facts)
        streams = Streams(seed, 0)
        self.ctx = Context(
            env=self.env, calendar=Calendar(date(2025, 4, 7)), streams=streams, facts=self.facts, scenario=self.scenario,
            p=self.p, on=self.scenario.mechanisms, dispatcher=self.dispatcher, durations=Durations(streams, {}, 0.5),
            begin=begin, until=1e9,
        )  # fmt: skip
        bits = {"r": RN, "h": 2}
        self.people = {
            i: Person(i, (i + 1, 0), bits[c], 5, SUBSTANTIVE, 37.5, hired_day * DAY) for i, c in enumerate(roles)
        }
        self.roster = FakeRoster(self.people, rule, required or {})
        self.staffing = FakeStaffing(self.ctx, self.people, self.roster)
        if certificates is not None:
            state = {"people": [], "needs": [], "bookings": []}
            for i in self.people:
                held = {name: days[i] * DAY for name, days in certificates.items() if days[i] is not None}
                state["people"].append([i, {}, {}, held, [0.0, 0.0]])
        self.training = Training(self.ctx, self.staffing, state)

    def run(self, days: float) -> World:
        """Run to the end of a number of days after time zero."""
        self.env.run(days * DAY)
        return self

    def story(self, *events: str, person: int | None = None) -> list[tuple[int, str, float, str]]:
        """Facts of training as (day, event, hours, reason)."""
        return [
            (int(f[0] // DAY), f[4], round(f[5], 3), f[6])
            for f in self.facts.training
            if (not events or f[4] in events) and (person is None or f[1] == person)
        ]

    def hours(self, event: str, reason: str | None = None) -> float:
        """Hours of one event in all."""
        return sum(f[5] for f in self.facts.training if f[4] == event and (reason is None or f[6] == reason))

    def compliance(self, name: str, last_weeks: int = 52) -> float:
        """Share of staff in date in the last weekly counts."""
        rows = [row for row in self.facts.compliance if row[1] == name][-last_weeks:]
        return sum(row[3] for row in rows) / sum(row[2] for row in rows)
