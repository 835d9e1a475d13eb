"""Training records: who needs which course, when it falls due, and what people know when the run begins.

Everything drawn here is keyed by the person (post, occupant) and the course, so two options start with the same people.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from math import floor, log
from typing import Any, Final

from ..core.clock import DAY, WEEK
from ..core.context import Context
from ..core.streams import Stream
from ..staff.people import BANK, NURSING, SUBSTANTIVE, Person
from .courses import Spec
from .skill import COURSE_NAMES, KEPT_UP, MONTH, Skill

START_RECORDS: Final = 12
START_TEMPORARY: Final = 13
"""Entity kinds of the stream START: the records of own staff, and of temporary staff."""

SETTLED_AFTER: Final = 8
"""Refreshers after which earlier ones no longer matter to a level."""

NEVER: Final = -1e15
"""Certificate never held (a finite number, so that it can be saved)."""

NO_REASON: Final = ""

ASKING: Final = 2
"""Place in the row of draws of one request of the time from the first day on which a refresher may be asked for to the request."""


class Need:
    """One person's need of one course, for as long as the person is in post.

    Attributes
    ----------
    person : Person
    spec : Spec
    deadline : float
        When it must be done: the day the certificate runs out, or a starter's date.
    open : bool
        Whether a course is being sought now.
    first : bool
        Whether the whole first course is needed.
    hours : float
        Hours to do.
    done_min : float
        Minutes done so far of a course done in pieces on duty.
    next_ask, tried : int
        Day from which a place may be asked for again; last course day already refused.
    reason : str
        Why the last attempt failed.
    booked : bool
        Whether a place is booked.
    asks : int
        Places asked for so far; the occasion of its draws.
    """

    __slots__ = (
        "asks", "booked", "deadline", "done_min", "first", "hours", "late", "next_ask", "open", "person", "reason", "spec", "tried",
    )  # fmt: skip

    def __init__(self, person: Person, spec: Spec) -> None:
        self.person = person
        self.spec = spec
        self.deadline = 0.0
        self.open = False
        self.first = False
        self.hours = 0.0
        self.done_min = 0.0
        self.next_ask = -(10**9)
        self.tried = -(10**9)
        self.reason = NO_REASON
        self.booked = False
        self.asks = 0
        self.late = False

    @property
    def order(self) -> tuple[float, tuple[int, ...], int]:
        """Who comes first: by date due, then by post and course, so that ties are no accident of a run."""
        return self.deadline, self.person.key, self.spec.code

    @property
    def certificate(self) -> float:
        """Time to which the certificate lasts; `NEVER` when none was held."""
        return self.person.valid_until.get(self.spec.name, NEVER)

    def saved(self) -> list[Any]:
        """Plain data."""
        return [
            self.person.id, self.spec.name, self.deadline, self.open, self.first, self.hours, self.done_min, self.next_ask,
            self.tried, self.reason, self.asks, self.late,
        ]  # fmt: skip

    def restore(self, row: list[Any]) -> None:
        """Take over what `saved` gave (a booking takes itself over)."""
        (
            self.deadline, self.open, self.first, self.hours, self.done_min, self.next_ask, self.tried, self.reason, self.asks,
            self.late,
        ) = row[2:]  # fmt: skip


class Records:
    """Who needs what, and since when.

    Parameters
    ----------
    ctx : Context
    specs : dict of str to Spec
    skill : Skill
    opened : callable
        Called with each need when a course begins to be sought.
    expired : callable
        Called with each need whose deadline has passed, and that deadline.
    """

    def __init__(
        self,
        ctx: Context,
        specs: dict[str, Spec],
        skill: Skill,
        opened: Callable[[Need], None],
        expired: Callable[[Need, float], None],
    ) -> None:
        self._ctx = ctx
        self._specs = specs
        self._skill = skill
        self._opened = opened
        self._expired = expired
        self.of: dict[int, dict[str, Need]] = {}
        """Needs by person id and course name."""
        self.under_way: dict[tuple[int, str], float] = {}
        """When staff in post at the start would have their next course off the ward, by person id and course: places for the nearest
        of them had been booked before the run began."""
        self._due: list[tuple[float, tuple[int, ...], int, float, int, str]] = []
        self._drawn: dict[tuple[int, ...], float] = {}
        p = ctx.p
        self._ahead = ctx.scenario.training.book_ahead_weeks * WEEK
        self._starter = p["training.starter_deadline_weeks"] * WEEK
        self._induction = p["training.induction_deadline_weeks"] * WEEK
        self._again = p["training.initial_again_months"] * MONTH
        self._asking = p["training.refresher_asking_weeks"] * WEEK

    # -- who needs what -----------------------------------------------------------------------------------------------------

    def needs(self, person: Person, spec: Spec) -> bool:
        """Whether this person is among those required to hold the course."""
        if person.employment != SUBSTANTIVE or not person.role & spec.roles or spec.initial_hours <= 0.0:
            return False
        if spec.needed >= 1.0:
            return True
        key = (*person.key, spec.code)
        u = self._drawn.get(key)
        if u is None:
            u = self._drawn[key] = self._ctx.streams.row(Stream.TRAINING, *key, n=1)[0]
        return u < spec.needed

    def enter(self, person: Person) -> dict[str, Need]:
        """Open the file of one person: every course needed, with its date."""
        mine: dict[str, Need] = {}
        self.of[person.id] = mine
        for spec in self._specs.values():
            if self.needs(person, spec):
                mine[spec.name] = need = Need(person, spec)
                self.schedule(need)
        return mine

    def schedule(self, need: Need) -> None:
        """Settle a need until its course has to be sought again (at once, where no certificate is in date)."""
        now = self._ctx.env.now
        certificate = need.certificate
        need.open = need.booked = need.late = False
        need.done_min = 0.0
        need.reason = NO_REASON
        need.next_ask = need.tried = -(10**9)
        if certificate > NEVER:
            need.deadline = certificate
            opens = max(certificate - self._ahead, now)
            if need.spec.booked:  # who looks at the list, and when, is a person's own affair: most ask some time after they could
                u = self._ctx.streams.row(Stream.TRAINING, *need.person.key, need.spec.code, need.asks, n=4)[ASKING]
                need.next_ask = int((opens - self._asking * log(1.0 - u)) / DAY)
            self._push(opens, need)
            if certificate <= now:
                need.late = True
        else:
            given = self._induction if need.spec.name == "induction" else self._starter
            need.deadline = need.person.hired_at + given
            if need.deadline <= now:  # not done in time, before the run began: a new date is set
                need.deadline = now + given
            self._push(now, need)
        if not need.late:
            self._push(need.deadline, need)

    def resume(self, need: Need) -> None:
        """Put the dates of a restored need back into the calendar."""
        now = self._ctx.env.now
        if not need.open:
            self._push(need.deadline - self._ahead if need.certificate > NEVER else now, need)
        if not need.late:
            self._push(need.deadline, need)

    def _push(self, time: float, need: Need) -> None:
        person, spec = need.person, need.spec
        heappush(self._due, (time, person.key, spec.code, need.deadline, person.id, spec.name))

    def review(self) -> None:
        """Open what has come due and close what has run out, up to now."""
        now = self._ctx.env.now
        due = self._due
        while due and due[0][0] <= now:
            _, _, _, deadline, person, course = heappop(due)
            need = self.of.get(person, {}).get(course)
            if need is None or need.deadline != deadline:
                continue
            if not need.open:
                need.open = True
                self.measure(need)
                self._opened(need)
            if deadline <= now and not need.late:
                need.late = True
                self._expired(need, deadline)

    def measure(self, need: Need) -> None:
        """Set what has to be done now: the whole first course for starters and for those out of date too long."""
        certificate = need.certificate
        need.first = certificate <= NEVER or self._ctx.env.now > certificate + self._again
        need.hours = need.spec.hours(first=need.first)

    def forget(self, person: Person) -> None:
        """Close the file of somebody who has left."""
        for name in self.of.pop(person.id, {}):
            self._drawn.pop((*person.key, self._specs[name].code), None)

    # -- what people know when they arrive ------------------------------------------------------------------------------------

    def settle(self, person: Person) -> None:
        """Give somebody who is in post at the beginning of the run the history that a ward in balance would have given.

        The first course some time after the first day (or a certificate brought along), then a refresher in every cycle. What is
        taught off the ward comes a little after the certificate has run out, by a lateness of this person's own; what is
        studied on duty comes as soon as it is open, and its certificate counts on from the old date. Courses then fall due evenly
        over the years, as they do on a ward in balance, and not in a wave after the start.
        """
        p = self._ctx.p
        now = self._ctx.env.now
        brought = p["training.starter_certificate_share"]
        draws = self._ctx.streams.row(Stream.START, START_RECORDS, *person.key, n=3 * (len(COURSE_NAMES) + 1))
        in_date = p["training.start_in_date_share"]
        late = 12.0 * MONTH * (1.0 - in_date) / max(in_date, 1e-3)  # mean lateness at which a yearly course is held by that share
        wait, study = p["training.start_first_course_months"] * MONTH, p["training.start_study_weeks"] * WEEK
        for spec in self._specs.values():
            if not self.needs(person, spec):
                continue
            came, when, delay = draws[3 * spec.code : 3 * spec.code + 3]
            if came < brought and spec.name != "induction":
                first = person.hired_at - when * spec.valid_min
            else:
                first = person.hired_at + (wait if spec.booked else study) * (0.5 + when)
            due = first
            if first <= now:
                after = -log(1.0 - delay) * (late if spec.booked else study)
                early = 0.0 if spec.booked else max(self._ahead - after, 0.0)
                cycle = spec.valid_min + (after if spec.booked else 0.0)
                due = self._relive(person, spec, first, when, cycle=cycle, early=early) + cycle
            if spec.booked:
                self.under_way[person.id, spec.name] = due

    def _relive(self, person: Person, spec: Spec, first: float, phase: float, *, cycle: float, early: float) -> float:
        """Levels and certificate of somebody whose first course was at `first`, with a refresher in each `cycle`, `early` minutes before
        its end (the certificate then counts on from the end). Returns the time of the last course.

        People came at all times of the year; whoever has been here for more than a cycle is met at a `phase` of it (0 to 1).
        """
        now = self._ctx.env.now
        refreshed = max(floor((now - first + early) / cycle), 0)
        knowledge, skill = self._skill.gains(spec.name, spec.modality, spec.initial_hours, first=True)
        for _ in range(min(refreshed, SETTLED_AFTER)):
            knowledge, skill = self._skill.again(spec.name, spec.modality, spec.hours(first=False), (knowledge, skill), cycle)
        last = now - phase * cycle if refreshed else first
        person.knowledge[spec.name] = (knowledge, last)
        person.skill[spec.name] = (skill, last)
        person.valid_until[spec.name] = last + early * (refreshed > 0) + spec.valid_min
        self._skill.forget(person)
        return last

    def _set(self, person: Person, spec: Spec, when: float) -> None:
        """A first course at `when`, and nothing since."""
        knowledge, skill = self._skill.gains(spec.name, spec.modality, spec.initial_hours, first=True)
        person.knowledge[spec.name] = (knowledge, when)
        person.skill[spec.name] = (skill, when)
        person.valid_until[spec.name] = when + spec.valid_min
        self._skill.forget(person)

    def arrive(self, person: Person) -> None:
        """Give a new member of staff what came along from the last employer."""
        now = self._ctx.env.now
        share = self._ctx.p["training.starter_certificate_share"]
        draws = self._ctx.streams.row(Stream.START, START_RECORDS, *person.key, n=3 * (len(COURSE_NAMES) + 1))
        for spec in self._specs.values():
            if spec.name != "induction" and self.needs(person, spec) and draws[3 * spec.code] < share:
                self._set(person, spec, now - draws[3 * spec.code + 1] * spec.valid_min)

    def send(self, person: Person) -> None:
        """Give a temporary member of staff the records that whoever sends them keeps up."""
        p = self._ctx.p
        sender = "bank" if person.employment == BANK else "agency"
        share, level = p[f"training.{sender}_in_date_share"], p[f"training.{sender}_level"]
        draws = self._ctx.streams.row(Stream.START, START_TEMPORARY, *person.key, n=len(COURSE_NAMES) + 1)
        for spec in self._specs.values():
            if person.role & spec.roles & NURSING:
                person.knowledge[spec.name] = person.skill[spec.name] = (level, KEPT_UP)
                person.valid_until[spec.name] = KEPT_UP if draws[spec.code] < share else NEVER
        self._skill.forget(person)
