"""Who comes to an emergency, how soon, and how many of them are trained. Their work is held until the emergency ends.

People on the floor come at once, people in an office or on a break a little later, people out on an escort not at all. When the
ward's own people are too few, neighbouring wards may send some (a chance by the hour), and the site's own team comes last.
"""

from __future__ import annotations

from typing import Any, Final

from ..core.clock import DAY
from ..core.context import Context
from ..staff.people import NURSING, WARD_MANAGER, Person
from ..work.kinds import EMERGENCY, ESCORT
from ..work.task import Kind, Task
from .mechanisms import Mechanisms
from .outcomes import NEIGHBOUR_DELAY, NEIGHBOURS, TRAVEL, Row, exponential

RESPONDERS: Final = NURSING | WARD_MANAGER
INFINITY: Final = float("inf")


class Travel:
    """Times to come, minutes, from the ledger.

    Attributes
    ----------
    first, team : float
        Reference arrivals of the first responder and of a full team.
    site : float
        Arrival of the site's team when nobody else comes.
    size : int
        People in a full team.
    """

    __slots__ = ("by_day", "by_night", "delay", "first", "floor", "neighbours", "number", "office", "site", "size", "team")

    def __init__(self, ctx: Context) -> None:
        p = ctx.p
        self.floor = p["incidents.travel_floor_min"]
        self.office = p["incidents.travel_office_min"]
        self.first = p["incidents.first_arrival_reference_min"]
        self.team = p["incidents.team_arrival_reference_min"]
        self.site = p["incidents.site_team_min"]
        self.size = round(p["incidents.team_size"])
        self.neighbours = ctx.scenario.staffing.neighbour_responders and ctx.on.demand_staffing
        self.by_day = p["incidents.neighbours_come_day_share"]
        self.by_night = p["incidents.neighbours_come_night_share"]
        self.delay = p["incidents.neighbour_delay_min"]
        self.number = round(p["incidents.neighbours_sent"])


class Scene:
    """One emergency: who is there and since when.

    Attributes
    ----------
    people : list of Person
        Own staff sent, in order of their being sent.
    arrivals : list of float
        Minutes from the start of the incident to each one's arrival.
    trained : list of float
        Arrivals of those in date for the course asked for.
    neighbours : int
        People from other wards or the site's team.
    """

    __slots__ = (
        "_ctx", "_kind", "_mechanisms", "_tasks", "_travel", "arrivals", "neighbours", "patient", "people", "row",
        "start", "trained",
    )  # fmt: skip

    def __init__(
        self, ctx: Context, mechanisms: Mechanisms, travel: Travel, patient: Any, row: Row, kind: Kind = EMERGENCY
    ) -> None:
        self._ctx = ctx
        self._mechanisms = mechanisms
        self._travel = travel
        self._kind = kind
        self._tasks: list[Task] = []
        self.patient = patient
        self.row = row
        self.start = ctx.env.now
        self.people: list[Person] = []
        self.arrivals: list[float] = []
        self.trained: list[float] = []
        self.neighbours = 0

    def save(self) -> tuple[Any, ...]:
        """What `restore` needs of an emergency in hand."""
        return (
            self.patient, self.row.save(), self._kind, self.start, self.people, self.arrivals, self.trained, self.neighbours,
            self._tasks,
        )  # fmt: skip

    @classmethod
    def restore(cls, ctx: Context, mechanisms: Mechanisms, travel: Travel, saved: tuple[Any, ...]) -> Scene:
        """The same emergency, with the people who are held by it."""
        patient, row, kind, start, people, arrivals, trained, neighbours, tasks = saved
        scene = cls(ctx, mechanisms, travel, patient, Row.restore(row), kind)
        scene.start, scene.neighbours = start, neighbours
        scene.people, scene.arrivals, scene.trained, scene._tasks = list(people), list(arrivals), list(trained), list(tasks)
        return scene

    def call(self, want: int, course: str | None = None, roles: int = RESPONDERS) -> None:
        """Send up to `want` more people now, those in date for `course` first."""
        if want <= 0:
            return
        dispatcher = self._ctx.dispatcher
        away: set[int] = set()
        out: list[Person] = []
        for person in dispatcher.on_duty:
            task = person.task
            if task is not None and task.kind.away:
                if task.kind is ESCORT:
                    out.append(person)
                else:
                    away.add(person.id)
        task = dispatcher.respond(self._kind, self.patient.id, want, roles=roles, course=course, exclude=out)
        if task is None:
            return
        self._tasks.append(task)
        now = self._ctx.env.now
        since = now - self.start
        factor = (0.5 + self.row[TRAVEL]) * self._mechanisms.travel()
        for person in task.staff:
            arrival = since + factor * (self._travel.office if person.id in away else self._travel.floor)
            self.people.append(person)
            self.arrivals.append(arrival)
            if course is None or person.valid_until.get(course, -INFINITY) > now:
                self.trained.append(arrival)

    def call_neighbours(self, missing: int, *, site: bool) -> None:
        """Ask other wards when people are missing; `site`: when nobody at all is here the site's team comes."""
        if missing <= 0:
            return
        travel = self._travel
        since = self._ctx.env.now - self.start
        if travel.neighbours:
            hour = self._ctx.env.now % DAY / 60.0
            share = travel.by_day if 7.0 <= hour < 21.0 else travel.by_night
            if self.row[NEIGHBOURS] < share:
                arrival = since + travel.delay * (0.5 + self.row[NEIGHBOUR_DELAY])
                self._arrive(min(missing, travel.number), arrival)
                missing -= travel.number
        if site and not self.people and not self.neighbours:
            self._arrive(max(missing, 1), since + travel.site)

    def _arrive(self, n: int, arrival: float) -> None:
        self.neighbours += n
        self.arrivals.extend([arrival] * n)
        self.trained.extend([arrival] * n)

    @property
    def count(self) -> int:
        """People on the scene, own and others."""
        return len(self.people) + self.neighbours

    @property
    def first_arrival(self) -> float:
        """Minutes to the first arrival (NaN: nobody)."""
        return min(self.arrivals) if self.arrivals else float("nan")

    @property
    def last_arrival(self) -> float:
        """Minutes until all who come are there (NaN: nobody)."""
        return max(self.arrivals) if self.arrivals else float("nan")

    def release(self) -> None:
        """Let everyone go back to their work."""
        for task in self._tasks:
            self._ctx.dispatcher.finish(task)

    def fact(self, incident: int, team_arrival: float, *, de_escalated: bool) -> None:
        """Write the response down."""
        self._ctx.facts.table("response").append(
            (
                incident, self.first_arrival, team_arrival, self.count, len(self.trained), self.neighbours, int(de_escalated),
                self._ctx.env.now - self.start,
            )
        )  # fmt: skip


def spread(u: float, mean: float, most: float) -> float:
    """Exponential time by inversion, cut at `most` minutes."""
    return min(exponential(u, mean), most)
