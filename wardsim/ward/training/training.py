"""Training: from a due date to a skill on the ward, one real step after another.

Due, asked, booked a place (places are limited), released or refused by the cover rule, cancelled on the day when short, attended,
certificate and knowledge and skill, decay. The parts: `courses` (what and when), `records` (who, and their certificates),
`release` (the rule on the roster), `booking` (places), `self_study` (pieces done on duty), `skill` (levels). This file composes
them, looks at them once a day, and states the facts `training`, `training_plan`, `compliance` and `team`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from ..core.clock import AT_NEW_WORK, DAY, WEEK, At, day_of
from ..core.context import Context
from ..staff.people import SUBSTANTIVE, Person
from .booking import Bookings, days_of, urgency
from .courses import E_LEARNING, specs_of
from .exposure import Exposure
from .records import NEVER, Need, Records
from .release import NO_PLACE, NO_TIME, NOT_BOOKED, WITHDRAWN, Release
from .release import StaffingLike as ReleaseStaffing
from .self_study import SelfStudy
from .skill import COURSE_CODES, TEAM_COURSES, Skill

WEEKS_PER_YEAR: Final = 365.25 / 7.0
FULL_TIME_HOURS: Final = 37.5


class TeamLike(Protocol):
    """The team on duty, as staffing sees it."""

    shift: str
    on_duty: int
    registered: int
    temporary: int
    familiarity: float
    fatigue: float
    multidisciplinary: int


class StaffingLike(ReleaseStaffing, Protocol):
    """What is needed of staffing."""

    people: dict[int, Person]
    hired: list[Callable[[Person], None]]
    left: list[Callable[[Person], None]]
    shift_started: list[Callable[[Any], None]]

    def in_post(self, role_mask: int) -> list[Person]:
        """Own staff in post now."""

    def team_now(self) -> TeamLike:
        """The team on duty now."""


class Training:
    """The training of the ward's staff.

    Parameters
    ----------
    ctx : Context
    staffing : StaffingLike
    state : dict, optional
        What `save` gave; without it people start with records near balance.

    Attributes
    ----------
    skill : Skill
        Levels of persons and teams.
    study : SelfStudy
        Study on duty.
    """

    def __init__(self, ctx: Context, staffing: StaffingLike, state: dict[str, Any] | None) -> None:
        p = ctx.p
        training = ctx.scenario.training
        self._ctx = ctx
        self._staffing = staffing
        self._policy = training.booking
        self._promised = training.planned_hours_per_wte
        self._doubling = p["training.overdue_doubling_months"]
        self.skill = Skill(p)
        self._specs = specs_of(
            training.courses,
            ctx.calendar,
            ctx.streams,
            share=p["training.places_share"],
            protected_e_learning=training.e_learning_protected_hours,
        )
        self._release = Release(ctx, staffing)
        self._bookings = Bookings(ctx, staffing, self._release, self._finish)
        self._records = Records(ctx, self._specs, self.skill, self._opened, self._expired)
        self.study = SelfStudy(ctx, self._specs, self._records.of, self._bookings, self._finish)
        self._exposure = Exposure(ctx)
        self._teams = ctx.facts.table("team")
        self._team_version = -1
        self._team: list[float] = [0.0] * TEAM_COURSES
        if state is None:
            self._begin()
        else:
            self._restore(state)
        for person in ctx.dispatcher.on_duty:
            self._came(person)
        staffing.hired.append(self._hired)
        staffing.left.append(self._left)
        staffing.shift_started.append(self._shift_started)
        ctx.dispatcher.came_on_duty.append(self._came)
        ctx.dispatcher.left_duty.append(self._exposure.add)
        self._next(day_of(ctx.env.now))

    # -- what others ask ----------------------------------------------------------------------------------------------------

    def team_skill(self, course: str) -> float:
        """Mean level, 0 to 1, of the nursing staff on duty now for one course (looked at anew when who is on duty has changed)."""
        place = COURSE_CODES[course] - 1
        if place < TEAM_COURSES:
            return self.team_skills()[place]
        return self.skill.team(self._ctx.dispatcher.on_duty, course, self._ctx.env.now)

    def team_skills(self) -> list[float]:
        """Mean level of the nursing staff on duty now for the first `TEAM_COURSES` of `COURSE_NAMES`."""
        dispatcher = self._ctx.dispatcher
        if dispatcher.version != self._team_version:
            self._team_version = dispatcher.version
            self._team = self.skill.teams(dispatcher.on_duty, self._ctx.env.now)
        return self._team

    def person_skill(self, person: Person, course: str) -> float:
        """Level of one person for one course now, 0 to 1."""
        return self.skill.person(person, course, self._ctx.env.now)

    def in_date(self, person: Person, course: str) -> bool:
        """Whether a person's certificate is in date now."""
        return person.valid_until.get(course, float("-inf")) > self._ctx.env.now

    def released_now(self) -> float:
        """Nursing staff away at a course now, taken from the roster for it."""
        return float(self._release.away(self._ctx.env.now))

    # -- people -------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        for person in self._staffing.people.values():
            if person.employment == SUBSTANTIVE and person.left_at > self._ctx.env.now >= person.hired_at:
                self._records.settle(person)
                self._exposure.settle(person)
                self._records.enter(person)
        if self._policy != "none" and not self._release.forbidden:
            self._under_way()

    def _under_way(self) -> None:
        """Places that had been booked before the run began, nearest first: without them no course is attended in the first months
        and too many after."""
        now = self._ctx.env.now
        notice = self._ctx.p["training.start_booked_weeks"] * WEEK
        due, self._records.under_way = self._records.under_way, {}
        for (person, course), when in sorted(due.items(), key=lambda item: (item[1], item[0])):
            need = self._records.of[person].get(course)
            if need is None or when > now + notice:
                continue
            need.open = True
            self._records.measure(need)
            self._opened(need)
            self._bookings.had(need, max(when, now))

    def _hired(self, person: Person) -> None:
        self._records.arrive(person)
        self._records.enter(person)

    def _left(self, person: Person) -> None:
        self._bookings.leave(person)
        self.study.left(person)
        self._records.forget(person)

    def _came(self, person: Person) -> None:
        """Temporary staff bring the records kept up by whoever sends them."""
        if person.employment != SUBSTANTIVE and not person.knowledge:
            self._records.send(person)

    # -- from due to done ---------------------------------------------------------------------------------------------------

    def _opened(self, need: Need) -> None:
        """A course has to be sought: what is done alone on duty is asked for now, a place in the next round."""
        self._bookings.fact(need, "due", need.hours)
        if need.spec.modality == E_LEARNING and not need.spec.booked:
            need.reason = NO_TIME
            self._bookings.fact(need, "asked", need.hours)

    def _expired(self, need: Need, deadline: float) -> None:
        """The date has passed: study not done in time is refused time; a certificate has run out."""
        spec = need.spec
        reason = need.reason
        if not reason:
            reason = NOT_BOOKED if self._policy == "none" and not need.booked else NO_PLACE
        if reason == NO_TIME and spec.modality == E_LEARNING:
            self._bookings.fact(need, "refused", max(need.hours - need.done_min / 60.0, 0.0), NO_TIME, time=deadline)
        if need.certificate == deadline:
            self._bookings.fact(need, "expired", need.hours, reason, time=deadline)

    def _finish(self, need: Need, when: float) -> None:
        """A course is finished: certificate, knowledge and skill; the next one falls due in its time.

        Renewed early, a certificate counts on from its old date, so that booking ahead does not cost hours.
        """
        person, spec = need.person, need.spec
        self.skill.learn(person, spec.name, spec.modality, need.hours, when, first=need.first)
        person.valid_until[spec.name] = max(when, need.certificate) + spec.valid_min
        self._team_version = -1
        self._records.schedule(need)

    # -- the day ------------------------------------------------------------------------------------------------------------

    def _next(self, day: int) -> None:
        env = self._ctx.env
        when = day * DAY + self._release.morning
        if when < env.now:
            when += DAY
        At(env, when - env.now, self._day, None, AT_NEW_WORK)

    def _day(self, _: At) -> None:
        """Each morning: what has come due, who goes on a course today; on Mondays places are sought and compliance is counted."""
        now = self._ctx.env.now
        today = day_of(now)
        self._records.review()
        self._bookings.morning(today)
        if self._ctx.calendar.weekday(today) == 0:
            self._weekly(now, today)
        At(self._ctx.env, DAY, self._day, None, AT_NEW_WORK)

    def _weekly(self, now: float, today: int) -> None:
        needs = [need for mine in self._records.of.values() for need in mine.values()]
        self._count(needs, now)
        self._release.forget(today)
        if self._policy == "none":
            return
        seekers = [n for n in needs if n.open and n.spec.booked and not n.booked and n.next_ask <= today]
        for need in self._ordered(seekers, now):
            self._records.measure(need)
            self._bookings.ask(need, today)

    def _ordered(self, seekers: list[Need], now: float) -> list[Need]:
        """Who asks first: by date due, or by assessed need (most exposed to violence and longest out of date)."""
        if self._policy == "first_come":
            return sorted(seekers, key=lambda n: n.order)
        own = [person for person in self._staffing.people.values() if person.id in self._records.of]
        exposure = self._exposure.relative(own, now)
        return sorted(
            seekers, key=lambda n: (-urgency(n, exposure.get(n.person.id, 1.0), now, self._doubling), n.order)
        )

    def _count(self, needs: list[Need], now: float) -> None:
        """Weekly facts: who is in date, and the hours that the policy promises for the week to come."""
        specs = list(self._specs.values())
        codes = len(COURSE_CODES) + 1
        needed, current, planned = [0] * codes, [0] * codes, [0.0] * codes
        weekly: list[float] = []
        last: Person | None = None
        new = now - WEEK
        for need in needs:  # those of one person stand together
            person, spec = need.person, need.spec
            if person is not last:
                weekly.append(person.weekly_hours)
                last = person
            code = spec.code
            needed[code] += 1
            if person.valid_until.get(spec.name, NEVER) > now:
                current[code] += 1
            if need.first and need.open and person.hired_at > new:
                planned[code] += spec.initial_hours
        for spec in specs:
            planned[spec.code] += needed[spec.code] * spec.planned_per_week
        wte = sum(weekly) / FULL_TIME_HOURS
        total = sum([planned[spec.code] for spec in specs])
        if self._promised is not None and total > 0.0:
            scale = self._promised * wte / WEEKS_PER_YEAR / total
            planned = [hours * scale for hours in planned]
        facts = self._ctx.facts
        compliance, plans = facts.table("compliance"), facts.table("training_plan")
        for spec in specs:
            compliance.append((now, spec.name, needed[spec.code], current[spec.code]))
            plans.append((now, spec.name, planned[spec.code], wte))

    def _shift_started(self, _: Any) -> None:
        self.study.shift_started()
        team = self._staffing.team_now()
        skills = self.team_skills()
        self._teams.append(
            (
                self._ctx.env.now, team.shift, team.on_duty, team.registered, team.temporary, team.familiarity,
                *skills, team.fatigue, team.multidisciplinary,
            )
        )  # fmt: skip

    # -- saving -------------------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """Records, needs, places and exposure, as plain data."""
        people = [p for p in self._staffing.people.values() if p.id in self._records.of]
        return {
            "people": [
                [p.id, _pairs(p.knowledge), _pairs(p.skill), dict(p.valid_until), self._exposure.saved(p)]
                for p in people
            ],
            "needs": [need.saved() for mine in self._records.of.values() for need in mine.values()],
            "bookings": [booking.saved() for booking in self._bookings.booked],
        }

    def _restore(self, state: dict[str, Any]) -> None:
        """Take over a saved state, perhaps under another training matrix: what still applies goes on, the rest is begun or dropped."""
        people = self._staffing.people
        for id_, knowledge, skill, valid_until, exposure in state["people"]:
            person = people[id_]
            person.knowledge = {name: (pair[0], pair[1]) for name, pair in knowledge.items()}
            person.skill = {name: (pair[0], pair[1]) for name, pair in skill.items()}
            person.valid_until = dict(valid_until)
            self._exposure.restore(person, exposure)
            self._records.enter(person)
        for row in state["needs"]:
            need = self._records.of[row[0]].get(row[1])
            if need is not None:
                need.restore(row)
                self._records.resume(need)
        for row in state["bookings"]:
            need = self._records.of[row[0]].get(row[1])
            if need is not None and need.spec.booked:
                self._bookings.restore(row, need)
            else:
                self._withdraw(row)

    def _withdraw(self, row: list[Any]) -> None:
        """A booking for a course that is no longer held away from the ward: the people go back on the roster."""
        person = self._staffing.people[row[0]]
        days = days_of(row)
        for day, _, way, shift in days:
            self._release.count(person, day, way, shift, 1)
            self._release.take_back(person, day, way, shift)
        self._ctx.facts.table("training").append(
            (
                self._ctx.env.now,
                person.id,
                person.role_name,
                row[1],
                "cancelled",
                sum(d[1] for d in days),
                WITHDRAWN,
                "classroom",
                0,
            )
        )


def _pairs(levels: dict[str, tuple[float, float]]) -> dict[str, list[float]]:
    return {name: list(pair) for name, pair in levels.items()}
