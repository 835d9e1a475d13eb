"""One window of one run, with the sums that many measures share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np

from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.staff.patterns import BREAK_AFTER_HOURS, SECOND_BREAK_AFTER_HOURS

from .columns import BoolArray, Columns, FloatArray, IntArray, field
from .declare import NAN, NURSING_ROLES, YEAR_MIN
from .events import Events
from .integrate import Steps, overlap, within
from .ledger import Ledger, by_roles, ledger_of


class Post(NamedTuple):
    """One occupant of one post: own staff from the first day to the last.

    Attributes
    ----------
    person : int
        Id in the facts.
    role : str
        Role.
    band : int
        Pay band.
    wte : float
        Contracted share of a whole-time equivalent.
    begin, end : float
        First and last minute in post; `end` is infinite for someone who has not left.
    """

    person: int
    role: str
    band: int
    wte: float
    begin: float
    end: float


class View:
    """A window [start, end) of a run.

    Parameters
    ----------
    columns : Columns
        Facts by column.
    scenario : Scenario
        What was simulated.
    parameters : mapping of str to float
        Ledger values of the run.
    start, end : float
        Window, minutes.
    observed : tuple of float
        Measured part of the run, minutes, for measures that look back (twelve months) or follow on (a first week,
        ninety days) beyond the window's edge.
    holidays : frozenset of int
        Day numbers that are public holidays.
    """

    def __init__(
        self,
        columns: Columns,
        scenario: Scenario,
        parameters: Mapping[str, float],
        start: float,
        end: float,
        observed: tuple[float, float],
        holidays: frozenset[int],
    ) -> None:
        self.columns = columns
        self.scenario = scenario
        self.parameters = parameters
        self.start = start
        self.end = end
        self.observed = observed
        self.holidays = holidays
        self._happened: dict[tuple[str, str], BoolArray] = {}
        self._minutes: dict[str, FloatArray] = {}
        self.days = (end - start) / DAY
        self.weeks = (end - start) / WEEK
        self.years = (end - start) / YEAR_MIN

    # -- moments, intervals, levels ------------------------------------------------------------------------------------

    def happened(self, table: str, column: str = "time") -> BoolArray:
        """Which rows of a table have their time in the window."""
        key = (table, column)
        if key not in self._happened:
            self._happened[key] = within(self.columns.floats(table, column), self.start, self.end)
        return self._happened[key]

    def minutes(self, table: str) -> FloatArray:
        """Minutes of each row's interval (start, end) inside the window."""
        if table not in self._minutes:
            begun, ended = self.columns.floats(table, "start"), self.columns.floats(table, "end")
            self._minutes[table] = overlap(begun, ended, self.start, self.end)
        return self._minutes[table]

    def level(self, table: str, column: str) -> Steps:
        """A column of levels as a step function."""
        columns = self.columns
        steps: Steps = columns.kept(
            f"level {table} {column}", lambda: Steps(columns.floats(table, "time"), columns.floats(table, column))
        )
        return steps

    def level_minutes(self, table: str, column: str) -> float:
        """A level's integral over the window; NaN when it is not known from the start on."""
        return self.level(table, column).integral(self.start, self.end)

    # -- patients ------------------------------------------------------------------------------------------------------

    @cached_property
    def events(self) -> Events:
        """The incidents of the run, masked for the window."""
        return Events(self)

    @cached_property
    def bed_days(self) -> float:
        """Occupied bed days: patients present, leave excluded, integrated over the window."""
        return self.level_minutes("beds", "present") / DAY

    @cached_property
    def midnight_patients(self) -> float:
        """Patients on the ward at 24:00, summed over the days that end in the window."""
        first = int(np.floor(self.start / DAY)) + 1
        last = int(np.floor(self.end / DAY))
        midnights = np.arange(first, last + 1, dtype=np.float64) * DAY
        return float(np.sum(self.level("beds", "present").before(midnights)))

    # -- staff ---------------------------------------------------------------------------------------------------------

    @cached_property
    def posts(self) -> list[Post]:
        """Own staff ever in post in this run (people without contracted hours are bank or agency and left out)."""
        posts: list[Post] = self.columns.kept("posts", lambda: posts_of(self.columns))
        return posts

    def nursing_posts(self, role: str | None = None) -> list[Post]:
        """Occupants of nursing posts, or of those of one role."""
        roles = NURSING_ROLES if role is None else (role,)
        return [post for post in self.posts if post.role in roles]

    def post_minutes(self, posts: list[Post]) -> FloatArray:
        """Minutes in post inside the window."""
        begins = np.array([post.begin for post in posts], np.float64)
        ends = np.array([post.end for post in posts], np.float64)
        return overlap(begins, ends, self.start, self.end)

    @cached_property
    def nursing_wte(self) -> float:
        """Mean whole-time equivalents of nursing staff in post over the window."""
        posts = self.nursing_posts()
        return (
            float(np.dot(self.post_minutes(posts), np.array([p.wte for p in posts]))) / (self.end - self.start)
            if posts
            else 0.0
        )

    @cached_property
    def nursing_duty(self) -> BoolArray:
        """Which rows of `duty` are of nursing staff."""
        return self.columns.among("duty", "role", *NURSING_ROLES)

    @cached_property
    def paid_share(self) -> FloatArray:
        """Share of each duty that is working time: breaks due are not (see `breaks_due`)."""
        minutes = self.scenario.work.break_minutes
        found: FloatArray = self.columns.kept(f"paid share {minutes!r}", lambda: _paid_share(self.columns, minutes))
        return found

    @cached_property
    def duty_hours(self) -> FloatArray:
        """Hours worked in the window, a duty: time on duty without the breaks due."""
        return self.minutes("duty") * self.paid_share / 60.0

    @cached_property
    def nursing_hours(self) -> float:
        """Hours worked by nursing staff in the window, whoever employs them."""
        return float(np.sum(self.duty_hours[self.nursing_duty]))

    # -- work ----------------------------------------------------------------------------------------------------------

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of staff time of the whole run."""
        return ledger_of(self.columns)

    def by_roles(self, *roles: str) -> BoolArray:
        """Which rows of `segment` are of staff in one of these roles."""
        return by_roles(self.columns, *roles)

    @cached_property
    def touched(self) -> slice:
        """Rows of `segment` from the first to the last that has minutes in the window."""
        inside = self.minutes("segment") > 0.0
        return slice(int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))) if inside.any() else slice(0)

    @cached_property
    def kind_minutes(self) -> dict[str, float]:
        """Minutes of nursing staff by kind of work in the window."""
        kinds, names = self.columns.codes("segment", "kind")
        nursing, these = self.by_roles(*NURSING_ROLES), self.touched
        sums = np.bincount(kinds[these], weights=self.minutes("segment")[these] * nursing[these], minlength=len(names))
        return {name: float(sums[code]) for name, code in names.items()}

    @cached_property
    def tasks(self) -> Columns:
        """Pieces of work that ended in the measured part of the run (a few before it among them)."""
        return self.columns.since("task", "ended", min(self.start, self.observed[0]))

    @cached_property
    def rounds(self) -> Columns:
        """Rounds that began in the measured part of the run (a few before it among them)."""
        return self.columns.since("round", "start", min(self.start, self.observed[0]))

    @cached_property
    def outcomes(self) -> Counter[tuple[str, str]]:
        """Pieces of work whose outcome fell in the window, by kind and outcome."""
        tasks = self.tasks
        cells: tuple[IntArray, list[tuple[str, str]]] = tasks.kept("outcomes", lambda: _outcomes(tasks))
        now = within(tasks.floats("task", "ended"), self.start, self.end)
        counts = np.bincount(cells[0][now], minlength=len(cells[1])).tolist()
        return Counter(dict(zip(cells[1], counts, strict=True)))

    @cached_property
    def nursing_duty_minutes(self) -> float:
        """Minutes of nursing staff on duty in the window, breaks included."""
        return float(np.sum(self.minutes("duty")[self.nursing_duty]))


def _paid_share(columns: Columns, break_minutes: float) -> FloatArray:
    planned = columns.floats("duty", "planned_end") - columns.floats("duty", "start")
    length = columns.floats("duty", "end") - columns.floats("duty", "start")
    unpaid = breaks_due(np.minimum(planned, length)) * break_minutes
    return np.where(length > 0.0, np.maximum(length - unpaid, 0.0) / np.where(length > 0.0, length, 1.0), 0.0)


def _outcomes(tasks: Columns) -> tuple[IntArray, list[tuple[str, str]]]:
    """A number for the kind and outcome of each piece of work, and what the numbers stand for."""
    kinds, names = tasks.codes("task", "kind")
    outcomes, labels = tasks.codes("task", "outcome")
    return kinds * len(labels) + outcomes, list(product(names, labels))


def breaks_due(minutes: FloatArray) -> FloatArray:
    """Unpaid breaks due on a duty of that length, counted as `wardsim.ward.staff.patterns.paid_hours` does."""
    hours = minutes / 60.0
    return (hours > BREAK_AFTER_HOURS).astype(np.float64) + (hours > SECOND_BREAK_AFTER_HOURS)


def posts_of(columns: Columns) -> list[Post]:
    """Occupants of posts from the employment facts, in order of appearance."""
    place = {name: field("employment", name) for name in ("time", "person", "role", "band", "wte", "event")}
    begun: dict[int, Post] = {}
    for row in columns.rows("employment"):
        person, event, time = row[place["person"]], row[place["event"]], row[place["time"]]
        if event == "left":
            if person in begun:
                begun[person] = begun[person]._replace(end=time)
        elif person not in begun and row[place["wte"]] > 0.0:
            begun[person] = Post(
                person, row[place["role"]], int(row[place["band"]]), row[place["wte"]], time, float("inf")
            )
    return list(begun.values())


def median(values: FloatArray) -> float:
    """Median; NaN of nothing."""
    return float(np.median(values)) if len(values) else NAN
