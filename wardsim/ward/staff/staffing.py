"""Staffing: composes establishment, absence, roster and temporary staff, keeps the shift clock and puts people on and off duty.

One SimPy event at each distinct minute at which shifts begin or end, and one office round a day at 05:00, when those who are ill
ring in, people start and leave, rosters are published and gaps are offered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..core.clock import DAY, day_of
from ..core.context import Context
from ..core.streams import Stream
from .absence import Absence, Spans
from .duty import Duty
from .establishment import Establishment
from .leave_owed import LeaveOwed
from .office import Office
from .patterns import GROUP_NAMES, Pattern
from .people import NURSING, SUBSTANTIVE, Person
from .plan import Plan
from .roster import Roster
from .rostering import BLOCK_DAYS
from .sheet import Sheet
from .staff_state import person_data, person_from
from .team import ShiftStart, Team, TeamSnapshot
from .temporary import CATCH, TOO_LATE_MIN, Temporary

__all__ = ["ShiftStart", "Staffing", "TeamSnapshot"]

REQUESTS: Final = 10_000
"""Added to the number of a request for extra staff: its draws lie far from those of offers."""
EXTRA_LIMIT: Final = 4
"""Most extra staff on top of the required number of one role in one period."""


class Staffing:
    """All staff of the ward.

    Parameters
    ----------
    ctx : Context
        Common ground.
    state : dict, optional
        What `save` gave; without it the ward starts as it is in balance.
    given_roster : list of tuple, optional
        Rows (day, shift, role, staff) of a real roster.

    Attributes
    ----------
    people : dict of int to Person
        Own staff by id: everybody who has begun in a post in this run, those who have left included.
    roster : Roster
        Who is to work when.
    temporary : Temporary
        Offers and pools.
    hired, left : list of callables
        Called with each person who begins, or has left.
    joined : list of callables
        Called with each bank or agency worker who comes to be known here.
    day_started : list of callables
        Called with the day number after the morning's office round (05:00).
    shift_started : list of callables
        Called with a `ShiftStart` when everybody of a nursing shift is on duty.
    """

    def __init__(
        self,
        ctx: Context,
        state: dict[str, Any] | None = None,
        *,
        given_roster: list[tuple[int, str, str, str]] | None = None,
    ) -> None:
        self._ctx = ctx
        self._everybody: dict[int, Person] = {}
        self._next_id = 0
        self._patients: set[int] = set()
        self.people: dict[int, Person] = {}
        self.hired: list[Callable[[Person], None]] = []
        self.left: list[Callable[[Person], None]] = []
        self.day_started: list[Callable[[int], None]] = []
        self.shift_started: list[Callable[[ShiftStart], None]] = []
        self._pattern = Pattern(ctx.scenario.staffing, ctx.scenario.work.break_minutes, ctx.calendar)
        self.establishment = Establishment(ctx, self._pattern, self._new_person)
        staffing = ctx.scenario.staffing
        # Leave must be known as far ahead as a roster is drawn up or a course place is sought.
        ahead = max(staffing.roster_lead_weeks, ctx.scenario.training.book_ahead_weeks)
        ahead += int(ctx.p["training.search_beyond_weeks"]) + 2
        last_day = day_of(ctx.until) + 7 * ahead + 2 * BLOCK_DAYS
        self.absence = Absence(ctx, last_day)
        self.roster = Roster(ctx, self._pattern, self.establishment, given_roster)
        self.temporary = Temporary(ctx, self.roster, self._new_person)
        self.joined = self.temporary.joined
        self._spans = Spans(ctx)
        self._team = Team(ctx.dispatcher, ctx.p, tires=self.absence.tires)
        self._owed = LeaveOwed(ctx, self.absence, self.establishment, self.roster)
        self._office = Office(ctx, self.establishment, self.absence, self.roster, self._spans, self._owed)
        self._duty = Duty(ctx, self._pattern, self.roster, self._team, self.shift_started)
        self.roster.seek = self.temporary.seek
        self.roster.arrive = self._duty.arrive
        self.roster.given.bank_named = self.temporary.named
        ctx.dispatcher.left_duty.append(lambda person: self._team.gone(person, ctx.env.now))
        self._demand = ctx.on.demand_staffing
        self._agreed = ctx.p["staff.extra_agreed_share"]
        self._extra = self._demand and staffing.observation_extra_staff and self._agreed > 0.0
        if state is None:
            self._begin()
        else:
            self._restore(state)
        self._duty.start_clock(self._morning)

    # -- start --------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        day = day_of(self._ctx.begin)
        self.establishment.begin()
        self.temporary.begin()
        for plan in list(self.establishment.plans.values()):
            self.people[plan.person.id] = plan.person
            self.absence.draw(plan)
            self._owed.start(plan)
        self._office.certify(day - 1)
        self._note(self.establishment.tick(day - 1))
        # What is due in the first weeks was offered with full notice before the run began.
        self.temporary.nominal_lead = self._ctx.scenario.staffing.temporary.request_lead_days * DAY
        self.roster.start(day)
        self.temporary.nominal_lead = None
        self._duty.resume_from_sheets()

    def _note(self, events: list[tuple[str, Plan]]) -> None:
        """What changes in the establishment changes for everybody else."""
        for event, plan in events:
            person = plan.person
            if event == "notice":
                self.roster.leave_from(plan, plan.leaves_day)
                self._owed.notice(plan)
            elif event == "coming":
                self.absence.draw(plan)
                self._owed.coming(plan)
                self.roster.write_in(plan)
            elif event == "hired":
                self.people[person.id] = person
                self._owed.hired(plan)
                for call in self.hired:
                    call(person)
            else:
                self._spans.look(plan, day_of(self._ctx.env.now))
                self._owed.left(plan)
                self.establishment.gone(plan)
                for call in self.left:
                    call(person)

    def _new_person(
        self, key: tuple[int, int], role: int, band: int, employment: str, weekly_hours: float, hired_at: float
    ) -> Person:
        person = Person(self._next_id, key, role, band, employment, weekly_hours, hired_at)
        self._next_id += 1
        self._everybody[person.id] = person
        person.known = dict.fromkeys(self._patients, 0.0)
        return person

    def _morning(self, day: int) -> None:
        """The office round of a day."""
        self._office.study_held(day - 1)
        self._note(self.establishment.tick(day))
        self._office.round(day)
        self.roster.tick(day)
        if day % BLOCK_DAYS == 0:
            self.roster.forget_before(day)
            self.temporary.forget_before(day)
            self._forget_people()
        for call in self.day_started:
            call(day)

    def _forget_people(self) -> None:
        """Keep only people who may still come (own staff who have left stay in `people`)."""
        keep = {plan.person.id for plan in self.establishment.plans.values()} | {p.id for p in self.temporary.everybody}
        keep |= {p.id for page in self.roster.sheets.values() for sheet in page for temps in sheet.temps for p in temps}
        self._everybody = {i: p for i, p in self._everybody.items() if i in keep or p.on_duty}

    # -- what others ask ----------------------------------------------------------------------------------------------------

    @property
    def bank(self) -> list[Person]:
        """The regular bank pool as it is now."""
        return self.temporary.bank

    @property
    def team(self) -> TeamSnapshot:
        """The nursing team on duty now."""
        return self._team.now()

    def team_now(self) -> TeamSnapshot:
        """The nursing team on duty now (looked at again only when somebody has come or gone)."""
        return self._team.now()

    def find(self, person: int) -> Person:
        """Anybody known here, by number; `KeyError` when there is no such person."""
        return self._everybody[person]

    def in_post(self, role_mask: int) -> list[Person]:
        """Own staff in post now, of the roles in a mask."""
        return [p for p in self.people.values() if p.role & role_mask and p.left_at == float("inf")]

    def familiarity(self, person: Person) -> float:
        """How well a person knows this ward, 0 to 1."""
        return self._team.familiarity(person)

    def familiarity_with(self, person: Person, patient: int) -> float:
        """How well a person knows a patient, 0 to 1."""
        return self._team.familiarity_with(person, patient)

    def absent_cause(self, person: Person, day: int) -> str:
        """Why a member of own staff cannot work on a day, as known on the day itself; empty when able."""
        plan = self.roster.plans.get(person.id)
        return "" if plan is None else plan.cause(day)

    def patient_came(self, patient: int) -> None:
        """From now on everybody's shifts count towards knowing this patient (who is known already in a ward that goes on)."""
        if patient in self._patients:
            return
        self._patients.add(patient)
        for person in self._everybody.values():
            person.known[patient] = person.shifts_here

    def patient_left(self, patient: int) -> None:
        """Nobody needs to know this patient any more."""
        self._patients.discard(patient)
        for person in self._everybody.values():
            person.known.pop(patient, None)

    # -- what others cause --------------------------------------------------------------------------------------------------

    def absent(self, person: Person, cause: str, start: float, minutes: float) -> None:
        """Somebody is off from `start` (now) for so many minutes: goes off duty, and later shifts become gaps (mechanism injury)."""
        if not self._ctx.on.injury:
            return
        plan = self.roster.plans.get(person.id)
        if plan is not None:
            for day in self.absence.injured(plan, start, minutes):
                if self.roster.drop(plan, day, cause) is not None and plan.shift(day) is not None:
                    self.roster.drop(plan, day, cause)
        else:
            self._duty.cancel_bookings(person, start, start + minutes, cause, self.temporary)
        self._duty.send_home(person, cause)

    def leaving_multiplier(self, person: Person, factor: float, until: float) -> None:
        """Raise one person's hazard of leaving by a factor until a time (mechanism injury)."""
        if self._ctx.on.injury:
            self.establishment.press(person, factor, until)

    def request_extra(self, role: str, reason: str, from_time: float, hours: float) -> int:
        """Ask for one more person of a role (`rn` or `hca`) from a time, for so many hours (mechanism demand_staffing).

        Every period of which at least two hours fall into that time gets one slot more, offered at once. Requests made at the
        very start of a period name the whole need for it: those asked for earlier, for the same reason, count towards it.
        Each request is a fact, with its answer; where no request is ever agreed to (share 0) nobody asks.

        Returns
        -------
        int
            Slots added.
        """
        if not self._extra:
            return 0
        group = GROUP_NAMES.index(role)
        until = from_time + hours * 60.0
        now = self._ctx.env.now
        added = 0
        for day in range(day_of(from_time) - 1, day_of(until) + 1):
            for sheet in self.roster.sheets.get(day, ()):
                stretch_end = day * DAY + self._pattern.until_next(sheet.index)
                if min(stretch_end, until) - max(sheet.start, from_time) < TOO_LATE_MIN:
                    continue
                counts = sheet.asked.setdefault((group, reason), [0, 0])
                if now == sheet.start:
                    counts[1] += 1
                    if counts[0] >= counts[1]:
                        continue
                outcome = "limit"
                if sheet.extra[group] < EXTRA_LIMIT:
                    asked = sum(n for (role_, _), (n, _) in sheet.asked.items() if role_ == group)
                    counts[0] += 1
                    outcome = "agreed" if self._agrees(sheet, group, asked) else "refused"
                self._ctx.facts.extra_request.append((now, day, sheet.period.name, role, reason, outcome))
                if outcome != "agreed":
                    continue
                sheet.extra[group] += 1
                added += 1
                if sheet.open(group) > 0:
                    sheet.why[group].append("extra")
                    if day <= self.roster.offered_until:
                        self.temporary.seek(sheet, group)
        return added

    def _agrees(self, sheet: Sheet, group: int, asked: int) -> bool:
        """Whether a request for one more person is agreed to: by the draw of (day, period, role, number asked for so far)."""
        key = (sheet.day + CATCH, sheet.period.code, group, REQUESTS + asked)
        return self._ctx.streams.hashed(Stream.BANK, *key)[0] < self._agreed

    # -- end and state ------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Write down what is still open at the end of a run: absence and the shifts in hand."""
        now = self._ctx.env.now
        if now % DAY <= self._office.minute:
            self._office.study_held(day_of(now) - 1)
        for plan in self.establishment.plans.values():
            self._spans.close(plan, now)
        self._owed.close()
        self._duty.close()

    def save(self) -> dict[str, Any]:
        """State at this moment, as plain data."""
        people = {plan.person.id: plan.person for plan in self.establishment.plans.values()}
        people |= {p.id: p for p in self.temporary.everybody}
        people |= {p.id: p for p in self._ctx.dispatcher.on_duty}
        people |= {p.id: p for page in self.roster.sheets.values() for s in page for temps in s.temps for p in temps}
        people |= {p.id: p for page in self.roster.sheets.values() for s in page for p, _, _ in s.present}
        return {
            "next_id": self._next_id,
            "patients": sorted(self._patients),
            "people": [person_data(people[i]) for i in sorted(people)],
            "plans": [plan.save(self.establishment.hazard_left(plan)) for plan in self.establishment.plans.values()],
            "posts": self.establishment.save(),
            "roster": self.roster.save(),
            "temporary": self.temporary.save(),
            "duty": self._duty.save(),
        }

    def _restore(self, state: dict[str, Any]) -> None:
        """Continue, perhaps with another scenario: what the streams determine is drawn again, the rest is taken from the state."""
        self._next_id = state["next_id"]
        self._patients = set(state["patients"])
        for data in state["people"]:
            person = person_from(data)
            self._everybody[person.id] = person
        found = self._everybody.__getitem__
        plans = {data["person"]: Plan.restore(data, found(data["person"]), self._pattern) for data in state["plans"]}
        self.establishment.restore(state["posts"], plans)
        for plan in plans.values():
            self.absence.draw(plan)
        for post in self.establishment.posts.values():
            if post.plan is not None:
                self.people[post.plan.person.id] = post.plan.person
                self._owed.resume(post.plan)
        self.temporary.restore(state["temporary"], found)
        day = day_of(self._ctx.begin)
        if self.roster.restore(state["roster"], day, found):
            self.roster.seek_open(day)
        else:
            self.roster.start(day)
        self._duty.restore(state["duty"], found, self.temporary)
        for person in list(self._everybody.values()):
            if (
                person.role & NURSING
                and person.employment == SUBSTANTIVE
                and person.id not in plans
                and not person.on_duty
            ):
                del self._everybody[person.id]
