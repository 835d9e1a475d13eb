"""Gaps and who fills them: extra shifts of own staff, bank, then agency; what nobody takes stays a gap.

Whether somebody takes an offer depends on notice: the log-odds rise in a straight line with the logarithm of the notice, from the
same-day to the two-week probability of the ledger. One row of uniforms belongs to each (day, shift, role, slot): whether the bank
fills it, whether by own staff, who, whether an agency does. So an option that leaves a gap alone leaves its outcome alone.

The regular pool is small and not evenly used: its first members come often and know the ward.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from math import exp, log
from typing import Any, Final

from ..core.clock import AT_SHIFT_CHANGE, YEAR, At
from ..core.context import Context
from ..core.lot import lot
from ..core.streams import Hashed, Stream
from .establishment import NewPerson
from .patterns import GROUP_NAMES, HCA_GROUP, RN_GROUP
from .people import AGENCY, BANK, SUBSTANTIVE, Person
from .pools import POOLS, ROLES, Pool
from .posts import POSTS_PER_LINE
from .roster import Roster
from .rostering import MAX_RUN, REST_MIN
from .sheet import Sheet

SLOTS: Final = 8
DECISIONS: Final = 4
SHIFT_CODES: Final = 6
TOO_LATE_MIN: Final = 120.0
"""Nobody is sought for less than this of a shift."""
LEAST_NOTICE_HOURS: Final = 6.0
FULL_NOTICE_HOURS: Final = 336.0
WEEK_LIMIT_HOURS: Final = 54.0
"""Most hours of own staff within any seven days about an extra shift."""
BANK_WEEK_SHIFTS: Final = 4
CATCH: Final = 100_000
"""Added to day numbers in keys, which must not be negative."""


class Temporary:
    """Offers.

    Parameters
    ----------
    ctx : Context
        Common ground.
    roster : Roster
        Where the gaps are.
    new_person : callable
        Makes a person.
    """

    def __init__(self, ctx: Context, roster: Roster, new_person: NewPerson) -> None:
        self._ctx = ctx
        self._roster = roster
        self._new_person = new_person
        p = ctx.p
        policy = ctx.scenario.staffing.temporary
        self._bank, self._agency, self._rn_only = policy.bank, policy.agency, policy.agency_rn_only
        self._own_share = policy.overtime_by_own_staff_pct / 100.0
        same, weeks = p["staff.bank_fill_same_day"], p["staff.bank_fill_two_weeks"]
        self._low, self._rise = _logit(same), _logit(weeks) - _logit(same)
        self._agency_fill = p["staff.agency_fill"]
        self._travel = p["staff.bank_travel_min"]
        self.nominal_lead: float | None = None
        """Notice to assume instead of the real one, minutes (gaps of a ward met in balance were offered long ago)."""
        self.joined: list[Callable[[Person], None]] = []
        """Called with every bank or agency worker who comes to be known here."""
        self._rows: dict[int, Hashed] = {}
        self._booked: dict[int, dict[int, tuple[float, float]]] = {}
        self._named = 0
        weekly = [0.0, 0.0]
        for n, period in enumerate(roster.pattern.periods):
            for group, number in enumerate(roster.pattern.required(0, n)):
                weekly[group] += 7.0 * number * (1.0 if period.hours else 0.0)
        self._yearly = [w * 52.0 * 0.2 for w in weekly]
        size = policy.regular_pool_size
        share = weekly[0] / (sum(weekly) or 1.0)
        rn = max(round(size * share), 1 if weekly[0] else 0)
        sizes = {
            (RN_GROUP, BANK): rn,
            (HCA_GROUP, BANK): max(size - rn, 1),
            (RN_GROUP, AGENCY): int(p["staff.agency_pool_size"]),
            (HCA_GROUP, AGENCY): int(p["staff.agency_pool_size"]),
        }
        self._since = ctx.begin
        """From when places in the pools are held, minutes."""
        self.pools: dict[tuple[int, str], Pool] = {}
        for (group, employment), line in POOLS.items():
            bank = employment == BANK
            self.pools[group, employment] = Pool(
                line,
                group,
                employment,
                sizes[group, employment],
                p["staff.bank_concentration"] if bank else 0.0,
                p["staff.bank_turnover_per_year"] if bank else p["staff.agency_turnover_per_year"],
            )

    @property
    def bank(self) -> list[Person]:
        """The regular pool as it is now."""
        return [p for pool in self.pools.values() if pool.employment == BANK for p in pool.people if p is not None]

    @property
    def everybody(self) -> list[Person]:
        """Bank and agency workers known here now."""
        return [p for pool in self.pools.values() for p in pool.people if p is not None]

    def begin(self) -> None:
        """Meet the regular pool."""
        for pool in self.pools.values():
            if pool.employment == BANK:
                for place in range(len(pool.people)):
                    self._holder(pool, place)

    # -- offers -------------------------------------------------------------------------------------------------------------

    def seek(self, sheet: Sheet, role: int) -> None:
        """Offer every open gap of a sheet for a role."""
        while sheet.open(role) > 0:
            self._offer(sheet, role, sheet.take_reason(role))

    def _offer(self, sheet: Sheet, role: int, reason: str) -> None:
        now = self._ctx.env.now
        lead = sheet.start - now if self.nominal_lead is None else self.nominal_lead
        slot = sheet.offers[role]
        sheet.offers[role] += 1
        arrival = max(sheet.start, now + self._travel if self.nominal_lead is None else sheet.start)
        person: Person | None = None
        outcome = "unfilled"
        if sheet.end - arrival >= TOO_LATE_MIN:
            person, outcome = self._taker(sheet, role, slot, lead)
        if person is None:
            sheet.failed[role] += 1
        else:
            sheet.temps[role].append(person)
            if person.employment == SUBSTANTIVE:
                self._roster.plans[person.id].overtime[sheet.day] = sheet.period
            else:
                self._booked.setdefault(person.id, {})[sheet.day] = (sheet.start, sheet.end)
            if arrival > sheet.start:
                sheet.late[person.id] = arrival
                self.expect(sheet, person, role, arrival)
        self._ctx.facts.offer.append(
            (
                now, sheet.day, sheet.period.name, GROUP_NAMES[role], slot, max(lead, 0.0) / 60.0, reason, outcome,
                -1 if person is None else person.id,
            )
        )  # fmt: skip

    def expect(self, sheet: Sheet, person: Person, role: int, arrival: float) -> None:
        """Somebody found late comes at `arrival`, unless taken off the sheet before."""

        def come(_: Any) -> None:
            if sheet.late.pop(person.id, None) is not None and person in sheet.temps[role]:
                kind = "overtime" if person.employment == SUBSTANTIVE else person.employment
                self._roster.arrive(sheet, person, role, kind)

        At(self._ctx.env, arrival - self._ctx.env.now, come, None, AT_SHIFT_CHANGE)

    def _taker(self, sheet: Sheet, role: int, slot: int, lead: float) -> tuple[Person | None, str]:
        u = self._draws(sheet, role, slot)
        if self._bank and u[0] < self.fill(lead):
            if u[1] < self._own_share and (own := self._own(sheet, role, u[2])) is not None:
                return own, "own_staff"
            if (person := self._pick(self.pools[role, BANK], sheet, u[2])) is not None:
                return person, BANK
        asked = self._agency and (role == RN_GROUP or not self._rn_only) and u[3] < self._agency_fill
        if asked and (person := self._pick(self.pools[role, AGENCY], sheet, u[2])) is not None:
            return person, AGENCY
        return None, "unfilled"

    def fill(self, lead: float) -> float:
        """Probability that the bank fills a gap offered `lead` minutes before the shift."""
        hours = min(max(lead / 60.0, LEAST_NOTICE_HOURS), FULL_NOTICE_HOURS)
        x = log(hours / LEAST_NOTICE_HOURS) / log(FULL_NOTICE_HOURS / LEAST_NOTICE_HOURS)
        return 1.0 / (1.0 + exp(-self._low - self._rise * x))

    def _draws(self, sheet: Sheet, role: int, slot: int) -> list[float]:
        """The uniforms of one (day, shift, role, slot). A week has one stream; high slots have streams of their own."""
        streams = self._ctx.streams
        if slot >= SLOTS:
            return streams.row(Stream.BANK, sheet.day + CATCH, sheet.period.code, role, slot, n=DECISIONS)
        week, day = divmod(sheet.day + CATCH, 7)
        row = self._rows.get(week)
        if row is None:
            row = self._rows[week] = streams.hashed(Stream.BANK, week)
        return row.span((((day * SHIFT_CODES + sheet.period.code) * 2 + role) * SLOTS + slot) * DECISIONS, DECISIONS)

    # -- who ----------------------------------------------------------------------------------------------------------------

    def _own(self, sheet: Sheet, role: int, u: float) -> Person | None:
        """A member of own staff who is free and rested and would stay within a week's limit."""
        day = sheet.day
        able: list[Person] = []
        for plan in self._roster.plans.values():
            if (
                plan.group != role
                or not plan.in_post(day)
                or day in plan.shifts
                or day in plan.overtime
                or day in plan.study
            ):
                continue
            if plan.known_absent(day) or not plan.rested(sheet.start, sheet.end, day, REST_MIN):
                continue
            if plan.run_with(day) > MAX_RUN:
                continue
            hours = sheet.period.hours
            for d in range(day - 3, day + 4):
                shift = plan.shifts.get(d) or plan.overtime.get(d)
                if shift is not None:
                    hours += shift.hours
            if hours <= WEEK_LIMIT_HOURS:
                able.append(plan.person)
        return able[lot(u, [person.key for person in able])] if able else None

    def _pick(self, pool: Pool, sheet: Sheet, u: float) -> Person | None:
        """The pool member whose turn it is, or the next who is free."""
        size = len(pool.people)
        if size == 0:
            return None
        first = min(bisect_right(pool.cumulative, u), size - 1)
        for step in range(size):
            person = self._holder(pool, (first + step) % size)
            if self._free(person, sheet):
                return person
        return None

    def _free(self, person: Person, sheet: Sheet) -> bool:
        booked = self._booked.get(person.id)
        if not booked:
            return True
        day = sheet.day
        for d in (day - 1, day, day + 1):
            span = booked.get(d)
            if span is not None and span[1] + REST_MIN > sheet.start and span[0] < sheet.end + REST_MIN:
                return False
        return sum(1 for d in booked if day - 4 < d < day + 4) < BANK_WEEK_SHIFTS

    def _holder(self, pool: Pool, place: int) -> Person:
        """Who holds a place in a pool now: people stop coming, and others take their place."""
        now = self._ctx.env.now
        person = pool.people[place]
        if person is not None and (pool.leaves[place] > now or person.on_duty):
            return person
        post = pool.line * POSTS_PER_LINE + place
        first = person is None
        since = self._since
        while True:
            if not first:
                pool.numbers[place] += 1
                since = pool.leaves[place]
            u = self._ctx.streams.row(Stream.STAFF, post, pool.numbers[place], n=2)
            stay = -log(1.0 - u[1]) / pool.rate * YEAR if pool.rate > 0.0 else float("inf")
            pool.leaves[place] = since + stay
            if pool.leaves[place] > now:
                break
            first = False
        # Whoever is there at the start has been coming for a while; whoever follows has not.
        before = -log(1.0 - u[0]) / max(pool.rate, 0.05) if pool.numbers[place] == 0 else 0.0
        role, band = ROLES[pool.group]
        key = (post, pool.numbers[place])
        person = self._new_person(key, role, band, pool.employment, 0.0, since - before * YEAR)
        fraction = (1.0 - self._own_share) * 0.8 if pool.employment == BANK else 0.1
        person.shifts_here = float(int(before * self._yearly[pool.group] * fraction * pool.share(place)))
        pool.people[place] = person
        for call in self.joined:
            call(person)
        return person

    def named(self, name: str, group: int) -> Person:
        """A regular bank worker for a name of a roster given by the planner."""
        pool = self.pools[group, BANK]
        self._named += 1
        return self._holder(pool, (self._named - 1) % len(pool.people))

    def unbook(self, person: Person, day: int) -> None:
        """Cancel one booking."""
        self._booked.get(person.id, {}).pop(day, None)

    def forget_before(self, day: int) -> None:
        """Drop past draws and bookings."""
        for week in [w for w in self._rows if 7 * w + 6 < day + CATCH]:
            del self._rows[week]
        for booked in self._booked.values():
            for old in [d for d in booked if d < day - 7]:
                del booked[old]

    def save(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "pools": [row for pool in self.pools.values() for row in pool.save()],
            "booked": [[i, d, *span] for i, days in self._booked.items() for d, span in days.items()],
            "named": self._named,
            "since": self._since,
        }

    def restore(self, data: dict[str, Any], person: Callable[[int], Person]) -> None:
        """Continue from `save`; a larger pool is met, a smaller one loses its last places."""
        pools = {pool.line: pool for pool in self.pools.values()}
        for line, place, i, leaves, number in data["pools"]:
            pools[line].restore(place, person(i), leaves, number)
        for i, d, start, end in data["booked"]:
            self._booked.setdefault(i, {})[d] = (start, end)
        self._named = data["named"]
        self._since = data["since"]


def _logit(share: float) -> float:
    share = min(max(share, 1e-6), 1.0 - 1e-6)
    return log(share / (1.0 - share))
