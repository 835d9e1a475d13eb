"""Establishment: who holds which post, who leaves and when, who is hired and when.

Every draw belongs to (post, occupant n): a post added by an option, or a leaver made by violence, moves nobody else's dates.
At a fresh start posts are vacant at the vacancy share by systematic sampling along the posts, tenure is drawn from its
equilibrium, and vacant posts are met part-way through a round of recruitment.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, log, sqrt
from statistics import NormalDist
from typing import Any, Final

from ..core.clock import DAY, WEEK, YEAR, day_of
from ..core.context import Context
from ..core.streams import Stream
from .patterns import FULL_TIME_HOURS, OTHER_GROUP, Pattern
from .people import ROLE_NAMES, SUBSTANTIVE, Person
from .plan import FOREVER, Plan
from .posts import POSTS_PER_LINE, Post, lines_of, split_wte
from .tenure import Hiring, Leaving

MONTH: Final = YEAR / 12.0
KNOWN_BEFORE: Final = 6.0 * WEEK
"""A new member of staff is known, and can be rostered, this long before the first day."""
GOLDEN: Final = 0.6180339887498949
_NORMAL: Final = NormalDist()

NewPerson = Callable[[tuple[int, int], int, int, str, float, float], Person]


class Establishment:
    """Posts and the people in them.

    Parameters
    ----------
    ctx : Context
        Common ground.
    pattern : Pattern
        Shift pattern (decides who works long shifts, and the size of funded extra posts).
    new_person : callable
        Makes a person: key, role, band, employment, weekly hours, hired at.
    """

    def __init__(self, ctx: Context, pattern: Pattern, new_person: NewPerson) -> None:
        self._ctx = ctx
        self._pattern = pattern
        self._new_person = new_person
        self.notice_min = ctx.p["staff.notice_weeks"] * WEEK
        self.leaving = {kind: self._leaving(kind) for kind in ("rn", "hca", "other")}
        self.hiring = {kind: self._hiring(kind) for kind in ("rn", "hca", "other")}
        self.lines = {line.code: line for line in lines_of(ctx.scenario, pattern)}
        self.posts: dict[int, Post] = {}
        self.plans: dict[int, Plan] = {}
        """Plans by person id: in post, and those who have accepted and not yet begun."""
        self._post_of: dict[int, Post] = {}
        self._written: dict[str, tuple[float, float]] = {}
        for line in self.lines.values():
            part = 0.0 if line.group == OTHER_GROUP else ctx.p["staff.part_time_share"]
            for index, wte in enumerate(split_wte(line.wte, part, ctx.p["staff.part_time_wte"])):
                post = Post(line.code * POSTS_PER_LINE + index, line, wte)
                self.posts[post.id] = post

    def _leaving(self, kind: str) -> Leaving:
        turnover = self._ctx.scenario.staffing.turnover
        given = {"rn": turnover.rn_leavers_pct_per_year, "hca": turnover.hca_leavers_pct_per_year}.get(kind)
        p = self._ctx.p
        rate = p[f"staff.leaving_{kind}_per_year"] if given is None else given / 100.0
        return Leaving.solve(rate, p["staff.first_year_leaving_ratio"])

    def _hiring(self, kind: str) -> Hiring:
        """Vacancy share: given; or what a given time to hire leaves; or from the parameters; none when WTE in post were given."""
        staffing = self._ctx.scenario.staffing
        p = self._ctx.p
        given = {"rn": staffing.vacancies.rn_pct, "hca": staffing.vacancies.hca_pct}.get(kind)
        months = staffing.turnover.time_to_hire_months
        vacancy: float | None
        if given is not None:
            vacancy = given / 100.0
        elif months is not None and kind != "other":
            vacancy = None
        elif staffing.establishment.in_post and kind != "other":
            vacancy = 0.0
        else:
            vacancy = p[f"staff.vacancy_{kind}_share"]
        used = p[f"staff.time_to_hire_{kind}_months"] if months is None or kind == "other" else months
        return Hiring.solve(self.leaving[kind].per_year, vacancy, used, p["staff.time_to_hire_cv"])

    # -- start --------------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Fill the posts as the ward in balance would have them."""
        for code, line in self.lines.items():
            share = self.hiring[line.kind].vacancy
            phase = self._ctx.streams.row(Stream.START, 41, code, n=1)[0]
            for n, post in enumerate(q for q in self.posts.values() if q.line is line):
                if floor((n + 1) * share + phase) > floor(n * share + phase):
                    self._start_vacant(post)
                else:
                    self._start_filled(post)
        self._write_vacancies()

    def _start_filled(self, post: Post) -> None:
        begin = self._ctx.begin
        u = self._ctx.streams.row(Stream.STAFF, post.id, 0)
        leaving = self.leaving[post.line.kind]
        years = min(leaving.elapsed(u[0]), 40.0)
        plan = self._make(post, 0, begin - years * YEAR)
        plan.person.shifts_here = float(floor(years * 52.0 * post.wte * FULL_TIME_HOURS * 0.75 / 8.0))
        plan.leave_target = leaving.cumulative(years) - log(1.0 - u[1])
        plan.leaves_at = leaving.leaves_at(plan.person.hired_at, plan.leave_target)
        post.plan = plan
        self._employed(plan, "in_post", "")

    def _start_vacant(self, post: Post) -> None:
        """Met part-way through a round: rounds met are longer than most, and the time left of them is uniform."""
        hiring = self.hiring[post.line.kind]
        if hiring.success <= 0.0 or self.leaving[post.line.kind].per_year <= 0.0:
            return
        u = self._ctx.streams.row(Stream.START, 42, post.id, n=2)
        sigma = sqrt(log(1.0 + hiring.cv**2))
        length = hiring.months * MONTH * exp(sigma * _normal(u[0]) + sigma * sigma / 2.0)
        post.round = 0
        post.round_start = self._ctx.begin - u[1] * length
        post.round_end = post.round_start + length

    def _make(self, post: Post, n: int, hired_at: float) -> Plan:
        line = post.line
        person = self._new_person((post.id, n), line.role, line.band, SUBSTANTIVE, post.wte * FULL_TIME_HOURS, hired_at)
        plan = Plan(person, line.group, long=self._is_long(post), start_day=day_of(hired_at))
        post.n = n
        self.plans[person.id] = plan
        self._post_of[person.id] = post
        return plan

    def _is_long(self, post: Post) -> bool:
        """Who works long shifts under the mixed pattern: spread evenly along the posts."""
        share = self._pattern.long_share
        if share in (0.0, 1.0) or post.line.group == OTHER_GROUP:
            return share == 1.0
        phase = self._ctx.streams.row(Stream.START, 43, post.line.code, n=1)[0]
        return (phase + (post.id % POSTS_PER_LINE) * GOLDEN) % 1.0 < share

    # -- as time passes -----------------------------------------------------------------------------------------------------

    def tick(self, day: int) -> list[tuple[str, Plan]]:
        """What changes on a day: (event, plan) with event left, hired, notice or coming, in that order within a post."""
        now = self._ctx.env.now
        events: list[tuple[str, Plan]] = []
        for post in list(self.posts.values()):
            plan = post.plan
            if plan is not None:
                if plan.leaves_day <= day:
                    post.plan = None
                    plan.person.left_at = now
                    events.append(("left", plan))
                    self._employed(plan, "left", "turnover")
                elif plan.leaves_day == FOREVER and plan.leaves_at - self.notice_min <= now:
                    plan.leaves_day = max(day_of(plan.leaves_at), day + 1)
                    events.append(("notice", plan))
                    self._seek(post, plan.leaves_day * DAY)
            if post.coming is not None and post.plan is None and post.coming.start_day <= day:
                post.plan, post.coming = post.coming, None
                post.plan.start_day = day
                post.plan.person.hired_at = now
                events.append(("hired", post.plan))
                self._employed(post.plan, "hired", "")
            while post.coming is None and post.round_end - KNOWN_BEFORE <= now:
                accepted = self._decide(post)
                if accepted is not None:
                    events.append(("coming", accepted))
            if post.closed and post.plan is None and post.coming is None:
                del self.posts[post.id]
        if events:
            self._write_vacancies()
        return events

    def gone(self, plan: Plan) -> None:
        """Forget somebody who has left."""
        self.plans.pop(plan.person.id, None)
        self._post_of.pop(plan.person.id, None)

    def _seek(self, post: Post, vacant_at: float) -> None:
        """Begin the first round of recruitment for a post."""
        if post.closed or self.hiring[post.line.kind].success <= 0.0:
            post.round_end = float("inf")
            return
        post.round = 0
        post.round_start = vacant_at
        post.round_end = vacant_at + self._length(post)

    def _length(self, post: Post) -> float:
        hiring = self.hiring[post.line.kind]
        u = self._ctx.streams.row(Stream.HIRING, post.id, post.n + 1)[2 * (post.round % 32)]
        sigma = sqrt(log(1.0 + hiring.cv**2))
        return hiring.months * MONTH * exp(sigma * _normal(u) - sigma * sigma / 2.0)

    def _decide(self, post: Post) -> Plan | None:
        """End a round: somebody has accepted (the plan of who is coming), or the next round begins."""
        hiring = self.hiring[post.line.kind]
        u = self._ctx.streams.row(Stream.HIRING, post.id, post.n + 1)[2 * (post.round % 32) + 1]
        if u < hiring.success and not self._over(post):
            starts = max(post.round_end, self._ctx.env.now)
            n = post.n + 1
            post.coming = plan = self._make(post, n, starts)
            plan.leave_target = -log(1.0 - self._ctx.streams.row(Stream.STAFF, post.id, n)[1])
            plan.leaves_at = self.leaving[post.line.kind].leaves_at(starts, plan.leave_target)
            post.round_end = float("inf")
            return plan
        post.round += 1
        post.round_start = post.round_end
        post.round_end += max(self._length(post), DAY)
        return None

    def _over(self, post: Post) -> bool:
        """Whether the line holds its funded WTE already (after a cut, nobody is hired until enough have left)."""
        line = post.line
        held = sum(
            [q.wte for q in self.posts.values() if q.line.code == line.code and (q.plan or q.coming) and q is not post]
        )
        return held + post.wte > line.wte + 1e-6

    def press(self, person: Person, factor: float, until: float) -> None:
        """Raise the hazard of leaving of one person by a factor until a time (mechanism injury); notice is always served."""
        plan = self.plans.get(person.id)
        if plan is None or plan.leaves_day != FOREVER or factor == 1.0:
            return
        now = self._ctx.env.now
        plan.pressure.append((now, until, factor))
        kind = self._post_of[person.id].line.kind
        at = self.leaving[kind].leaves_at(person.hired_at, plan.leave_target, plan.pressure)
        plan.leaves_at = max(at, now + self.notice_min)

    def vacant_hours(self, group: int) -> float:
        """Contracted hours a week of the vacant posts of a group."""
        return FULL_TIME_HOURS * sum(
            [q.wte for q in self.posts.values() if q.plan is None and not q.closed and q.line.group == group]
        )

    # -- facts and state ----------------------------------------------------------------------------------------------------

    def _employed(self, plan: Plan, event: str, reason: str) -> None:
        person = plan.person
        wte = person.weekly_hours / FULL_TIME_HOURS
        key = f"{person.key[0]}.{person.key[1]}"
        self._ctx.facts.employment.append(
            (self._ctx.env.now, person.id, key, person.role_name, person.band, wte, event, reason)
        )

    def _write_vacancies(self) -> None:
        levels: dict[str, tuple[float, float]] = {}
        for post in self.posts.values():
            name = ROLE_NAMES[post.line.role]
            funded, filled = levels.get(name, (0.0, 0.0))
            levels[name] = (
                funded + (0.0 if post.closed else post.wte),
                filled + (post.wte if post.plan is not None else 0.0),
            )
        for name, (funded, filled) in levels.items():
            level = (round(funded, 6), round(filled, 6))
            if self._written.get(name) != level:
                self._written[name] = level
                self._ctx.facts.vacancy.append((self._ctx.env.now, name, *level))

    def save(self) -> list[dict[str, Any]]:
        """Posts as plain data; plans are saved beside."""
        return [
            {
                "id": q.id,
                "line": q.line.code,
                "wte": q.wte,
                "n": q.n,
                "plan": None if q.plan is None else q.plan.person.id,
                "coming": None if q.coming is None else q.coming.person.id,
                "round": [
                    q.round,
                    q.round_start if q.round >= 0 else None,
                    q.round_end if q.round_end < 1e18 else None,
                ],
            }
            for q in self.posts.values()
        ]

    def restore(self, posts: list[dict[str, Any]], plans: dict[int, Plan]) -> None:
        """Continue from `save`. Posts that are new in this scenario are vacant now; posts no longer funded close as people leave."""
        self.plans.update(plans)  # keeps the order of appearance
        for data in posts:
            post = self.posts.get(data["id"])
            holders = [plans[i] for i in (data["plan"], data["coming"]) if i is not None]
            if post is None:
                if not holders:
                    continue
                post = self.posts[data["id"]] = Post(data["id"], self.lines[data["line"]], data["wte"])
                post.closed = True
            post.n = data["n"]
            post.plan = None if data["plan"] is None else plans[data["plan"]]
            post.coming = None if data["coming"] is None else plans[data["coming"]]
            number, start, end = data["round"]
            post.round = number
            post.round_start = float("inf") if start is None else start
            post.round_end = float("inf") if end is None or post.closed else end
            for plan in holders:
                self._continue(post, plan)
        known = {data["id"] for data in posts}
        for post in self.posts.values():
            idle = post.plan is None and post.coming is None and post.round < 0
            if post.id not in known or (idle and self.leaving[post.line.kind].per_year > 0.0):
                self._seek(post, self._ctx.begin)
        for post in self.posts.values():
            if post.plan is not None:
                self._employed(post.plan, "in_post", "")
        self._write_vacancies()

    def _continue(self, post: Post, plan: Plan) -> None:
        person = plan.person
        person.weekly_hours = post.wte * FULL_TIME_HOURS
        plan.long = self._is_long(post)
        self.plans[person.id] = plan
        self._post_of[person.id] = post
        kind = post.line.kind
        leaving = self.leaving[kind]
        if plan.leave_target == float("inf"):  # nobody left under the saved scenario
            plan.leave_target = -log(1.0 - self._ctx.streams.row(Stream.STAFF, *person.key)[1])
        # What was saved is the hazard still to gather: under another turnover it is gathered at another pace.
        plan.leave_target += leaving.cumulative(max(self._ctx.begin - person.hired_at, 0.0) / YEAR)
        planned, plan.leaves_at = plan.leaves_at, leaving.leaves_at(person.hired_at, plan.leave_target)
        if plan.leaves_day == FOREVER and plan.leaves_at < planned - 1.0:  # sooner than under the saved scenario: notice is served
            plan.leaves_at = max(plan.leaves_at, self._ctx.begin + self.notice_min)

    def hazard_left(self, plan: Plan) -> float | None:
        """Hazard of leaving still to be gathered before this person leaves; None when nobody leaves."""
        leaving = self.leaving[self._post_of[plan.person.id].line.kind]
        if plan.leaves_at == float("inf"):
            return None
        hired = plan.person.hired_at
        now = max(self._ctx.env.now, hired)
        return leaving.cumulative(max(plan.leaves_at - hired, 0.0) / YEAR) - leaving.cumulative((now - hired) / YEAR)


def _normal(u: float) -> float:
    return _NORMAL.inv_cdf(min(max(u, 1e-12), 1.0 - 1e-12))
