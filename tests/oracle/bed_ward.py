"""The beds and what goes wrong on them, as one list of things due; staff do not exist. Times are hours from Monday 00:00.

Readings beyond the design and the ledger:

* patients are found ready at 09:00 of the day on which their clinical phase ends (at the soonest four hours after it began), and go home at an
  hour of their own between 10:00 and 17:00 of the day on which the delay ends, or of the next day when that hour has passed;
* order for a bed: back from leave, then the queue (police and emergency first, step-down from intensive care last), then the
  placed away who have been away longest; police custody and absence without leave keep the bed;
* overnight leave is asked for once a day at 14:00, from the third day and half of the clinical phase on, only below the published acuity;
  it ends at 18:00 after one night or more (geometric, at most 14), and is not given when it would outlast the stay; no leave on the day of return;
* who is discharged home, or never comes back from absence without leave, may be readmitted; after transfer to intensive care some step down;
* without mechanisms, whoever aggression meets is of no account: shares of the ledger hold as they stand.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp

import numpy as np

from tests.oracle.arrivals import Arrivals
from tests.oracle.hazards import GRID, TYPES, Hazards, steps
from tests.oracle.leave import Land
from tests.oracle.people import ORIGINS, Course, Person, Stay, level, lognormal

DAY = 24.0
URGENCY = {"police": 0, "picu": 2}
COURSE_DAYS = range(0, 57, 7)
"""Days since the start of treatment on which acuity is looked at, four hours into the day."""
LONGEST_BOIL = 45.0 / 60.0
"""Hours after which nothing more comes of an aggression (reading)."""


@dataclass
class Seen:
    """What happened after the burn-in."""

    hours: float = 0.0
    occupied: Counter[int] = field(default_factory=Counter)
    """Hours with so many on the ward."""
    on_leave: float = 0.0
    away: float = 0.0
    waiting: float = 0.0
    admissions: int = 0
    high: int = 0
    """First comings (not from a placement) at level 4 or 5, and of how many."""
    first_comings: int = 0
    lapsed: int = 0
    placed: int = 0
    stays: list[float] = field(default_factory=list)
    """Days on the ward of those who left it."""
    readmissions: int = 0
    census: Counter[int] = field(default_factory=Counter)
    course: dict[int, list[float]] = field(default_factory=dict)
    incidents: list[tuple[float, str, str, int]] = field(default_factory=list)
    """Hour, type, origin (direct or escalation), patient."""
    patients: set[int] = field(default_factory=set)
    """Those who were on the ward at some time."""
    ends: Counter[str] = field(default_factory=Counter)


class BedWard:
    """One ward in balance: it starts empty and burns in.

    Parameters
    ----------
    land : Land
        Published numbers and what follows from them alone.
    weekly : float
        First referrals a week.
    away_after : float or None
        Hours of wait before a placement out of area; None: nobody is placed, and referrals lapse.
    leave_beds : bool
        Whether the bed of a patient on overnight leave may be given away.
    incidents : bool
        Whether incidents happen.
    """

    def __init__(
        self, land: Land, seed: int, weekly: float, *, beds: int = 18, away_after: float | None = 24.0, leave_beds: bool = True, incidents: bool = False
    ) -> None:
        p = land.p
        self.p, self.beds, self.leave_beds, self.away_after = p, beds, leave_beds, away_after
        self.rng = np.random.default_rng(seed)
        self.mix = land.mix
        self.hazards = Hazards(p) if incidents else None
        self.arrivals = Arrivals(p, weekly)
        self.leave_chance = land.leave_chance
        self.now = 0.0
        self.due: list[tuple[float, int, Callable[..., None], tuple[object, ...]]] = []
        self.count = self.referrals = 0
        self.ward: list[Stay] = []
        self.on_leave: list[Stay] = []
        self.missing: list[Stay] = []
        self.late_back: list[Stay] = []
        self.queue: list[Stay] = []
        self.elsewhere: list[Stay] = []
        self.seen = Seen()
        self.from_time = np.inf

    def run(self, burn_in_days: float, days: float) -> Seen:
        """Run, and return what was seen after the burn-in."""
        self.from_time = burn_in_days * DAY
        end = (burn_in_days + days) * DAY
        self.at(self.arrivals.next_after(self.rng, 0.0), self.referred_first)
        self.at(8.0, self.counted)
        self.at(self.from_time, self.begin_watch)
        while self.due[0][0] < end:
            when, _, call, what = heapq.heappop(self.due)
            self.pass_time(when)
            call(*what)
        self.pass_time(end)
        return self.seen

    def begin_watch(self) -> None:
        self.seen.patients = {q.number for group in (self.ward, self.on_leave, self.missing) for q in group}

    def at(self, when: float, call: Callable[..., None], *what: object) -> None:
        """Put something on the list of things due."""
        self.count += 1
        heapq.heappush(self.due, (max(when, self.now), self.count, call, what))

    def pass_time(self, when: float) -> None:
        """Let time pass and note how full the ward was."""
        span = when - max(self.now, self.from_time)
        if span > 0.0:
            s = self.seen
            s.hours += span
            s.occupied[len(self.ward)] += span
            s.on_leave += span * len(self.on_leave)
            s.away += span * len(self.elsewhere)
            s.waiting += span * len(self.queue)
        self.now = when

    @property
    def watching(self) -> bool:
        """Whether the burn-in is over."""
        return self.now >= self.from_time

    def free(self) -> int:
        """Beds to be given now."""
        kept = len(self.missing) + (0 if self.leave_beds else len(self.on_leave))
        return self.beds - len(self.ward) - kept

    # coming

    def referred_first(self) -> None:
        origin = str(self.rng.choice(list(ORIGINS), p=list(ORIGINS.values())))
        self.refer(self.mix.stay(self.mix.person(self.rng, origin), self.rng, origin))
        self.at(self.arrivals.next_after(self.rng, self.now), self.referred_first)

    def referred_again(self, person: Person, source: str) -> None:
        self.seen.readmissions += self.watching and source == "readmission"
        self.refer(self.mix.stay(person, self.rng, source))

    def refer(self, q: Stay) -> None:
        q.referred = self.now
        self.referrals += 1
        q.number = self.referrals
        self.queue.append(q)
        self.fill()
        if q in self.queue:
            limit = self.p["flow.queue_patience_days"] * DAY if self.away_after is None else self.away_after
            self.at(self.now + limit, self.waited_too_long, q)

    def waited_too_long(self, q: Stay) -> None:
        if q not in self.queue:
            return
        self.queue.remove(q)
        if self.away_after is None:
            self.seen.lapsed += self.watching
            q.place = "gone"
            return
        self.seen.placed += self.watching
        self.begin_treatment(q)
        q.place, q.away_since = "away", self.now
        self.elsewhere.append(q)

    def fill(self) -> None:
        """Give out beds."""
        while self.free() > 0:
            if self.late_back:
                self.come_back(self.late_back[0])
            elif self.queue:
                q = min(self.queue, key=lambda w: (URGENCY.get(w.source, 1), w.referred))
                self.queue.remove(q)
                self.begin_treatment(q)
                self.admit(q)
                if self.watching:
                    self.seen.first_comings += 1
                    self.seen.high += level(float(q.course.at(self.now))) >= 4
            elif self.elsewhere:
                q = min(self.elsewhere, key=lambda w: w.away_since)
                self.elsewhere.remove(q)
                self.admit(q)
            else:
                return

    def begin_treatment(self, q: Stay) -> None:
        q.treated = self.now
        ready = max(np.floor((self.now + q.clinical) / DAY) * DAY + 9.0, self.now + 4.0)
        q.leaves = self.home(q, ready + q.delay)
        q.course = Course(self.p, q, self.rng, int((q.leaves - self.now) / 8.0) + 2)
        self.at(q.leaves, self.goes_home, q)
        self.at(self.next_clock(14.0), self.asks_for_leave, q)
        if self.hazards is not None:
            self.plan_incidents(q)

    def home(self, q: Stay, soonest: float) -> float:
        hour = np.floor(soonest / DAY) * DAY + 10.0 + 7.0 * q.clock
        return hour if hour > soonest else hour + DAY

    def next_clock(self, hour: float) -> float:
        today = np.floor(self.now / DAY) * DAY + hour
        return today if today > self.now else today + DAY

    def admit(self, q: Stay) -> None:
        q.place, q.admitted = "ward", self.now
        self.ward.append(q)
        self.seen.patients.add(q.number)
        self.seen.admissions += self.watching

    # out and back

    def asks_for_leave(self, q: Stay) -> None:
        """Every day at 14:00 while the stay lasts."""
        if q.place == "gone":
            return
        self.at(self.now + DAY, self.asks_for_leave, q)
        p = self.p
        day = np.floor(self.now / DAY) - np.floor(q.treated / DAY)
        late_enough = day >= 3 and self.now >= q.treated + p["flow.leave_from_share_of_stay"] * q.clinical
        weekday = int(self.now // DAY) % 7
        if not late_enough or self.now < q.no_leave_before or self.rng.random() >= self.leave_chance[weekday]:
            return
        if q.course.at(self.now) >= p["flow.leave_below_points"]:
            return
        nights = min(int(self.rng.geometric(1.0 / p["flow.leave_nights"])), 14)
        back = self.now + nights * DAY + 4.0
        q.no_leave_before = back
        if q.place == "ward" and q.leaves > back:
            self.ward.remove(q)
            self.on_leave.append(q)
            q.place = "leave"
            self.at(back, self.due_back, q)
            self.fill()

    def due_back(self, q: Stay) -> None:
        if q.place == "leave":
            if not self.leave_beds or self.free() > 0:
                self.come_back(q)
            else:
                self.late_back.append(q)

    def come_back(self, q: Stay) -> None:
        for group in (self.on_leave, self.missing, self.late_back):
            if q in group:
                group.remove(q)
        q.place = "ward"
        self.ward.append(q)

    def goes_missing(self, q: Stay, hours: float) -> None:
        self.ward.remove(q)
        self.missing.append(q)
        q.place = "missing"
        self.at(self.now + hours, self.found, q)
        self.fill()

    def found(self, q: Stay) -> None:
        if q.place == "missing":
            self.come_back(q)

    # going

    def goes_home(self, q: Stay) -> None:
        if q.place != "gone":
            self.ends(q, "absconded" if q.place == "missing" else "home")

    def ends(self, q: Stay, how: str) -> None:
        """The end of an episode, wherever the patient is."""
        p, rng = self.p, self.rng
        if self.watching:
            self.seen.ends[how] += 1
            if q.place != "away":
                self.seen.stays.append((self.now - q.admitted) / DAY)
            for day in COURSE_DAYS:
                if q.treated + day * DAY + 4.0 < q.leaves:
                    self.seen.course.setdefault(day, []).append(float(q.course.at(q.treated + day * DAY + 4.0)))
        for group in (self.ward, self.on_leave, self.missing, self.late_back, self.elsewhere):
            if q in group:
                group.remove(q)
        q.place = "gone"
        if how in ("home", "absconded") and rng.random() < p["flow.readmission_90_days_share"]:
            scale = p["flow.readmission_mean_days"] * DAY
            delay = np.inf
            while delay > 90.0 * DAY:
                delay = rng.exponential(scale)
            clocked = np.floor((self.now + delay) / DAY) * DAY + self.arrivals.hour(rng)
            self.at(clocked if clocked > self.now + 1.0 else self.now + delay, self.referred_again, q.person, "readmission")
        elif how == "picu" and rng.random() < p["flow.picu_return_share"]:
            delay = p["flow.picu_stay_median_days"] * DAY * exp(0.8 * rng.standard_normal())
            self.at(self.now + delay, self.referred_again, q.person, "picu")
        self.fill()

    def counted(self) -> None:
        """The count at 08:00."""
        self.at(self.now + DAY, self.counted)
        if self.watching:
            for q in self.ward:
                self.seen.census[level(float(q.course.at(self.now)))] += 1

    # what goes wrong

    def plan_incidents(self, q: Stay) -> None:
        """Every incident the patient would have by the rates of the time steps, wherever the patient will be at the time."""
        assert self.hazards is not None
        times = steps(q.treated, q.leaves)
        for kind in TYPES:
            expected = self.hazards.rates(kind, q, times) * GRID
            if kind == "sexual_safety":
                expected = expected * self.p["incidents.ward_cap"]
            for middle in np.repeat(times, self.rng.poisson(expected)):
                time = middle + (self.rng.random() - 0.5) * GRID
                if time > q.treated:
                    self.at(time, self.may_happen, q, kind)

    def here(self, q: Stay) -> bool:
        """On the ward and not in seclusion."""
        return q.place == "ward" and self.now >= q.secluded_until

    def may_happen(self, q: Stay, kind: str) -> None:
        """An incident happens unless the patient is out, secluded or gone."""
        p, rng = self.p, self.rng
        if not self.here(q):
            return
        if kind == "sexual_safety":
            assert self.hazards is not None
            same = sum(1 for o in self.ward if o is not q and o.traits["male"] == q.traits["male"])
            company = self.hazards.company(same, len(self.ward) - 1 - same)
            if rng.random() >= company / p["incidents.ward_cap"]:
                return
        self.note(q, kind, "direct")
        noticed = rng.random() < p[f"incidents.{kind}_noticed_share"]
        if kind in ("verbal", "objects"):
            if kind == "objects" or rng.random() < p["incidents.verbal_serious_share"]:
                boil = min(rng.exponential(p["incidents.escalation_delay_mean_min"]) / 60.0, LONGEST_BOIL)
                self.at(self.now + boil, self.boils, q, noticed)
        elif kind == "assault":
            self.answered(q, "assault", noticed or rng.random() < p["incidents.victim_staff_share"])
        elif kind == "absconding":
            if rng.random() < p["incidents.absconder_returns_share"]:
                self.goes_missing(q, lognormal(rng, p["incidents.absent_median_hours"], p["incidents.absent_cv"]))
            else:
                self.ends(q, "absconded")
        elif kind == "medication_refusal":
            if q.traits["detained"] and rng.random() < p["incidents.refusal_enforced_share"]:
                self.held(q, grave=False)
        elif kind in ("self_harm", "suicide_attempt") and noticed:
            # reading: a suicide attempt with moderate harm or worse (0.45 of those harmed) is a medical emergency, nobody is held
            grave = kind == "suicide_attempt" and rng.random() < p["incidents.suicide_attempt_harm_share"] * 0.45
            if not grave and rng.random() < p["incidents.restraint_after_self_harm_share"]:
                self.held(q, grave=False)

    def note(self, q: Stay, kind: str, origin: str) -> None:
        if self.watching:
            self.seen.incidents.append((self.now, kind, origin, q.number))

    def boils(self, q: Stay, noticed: bool) -> None:
        """The moment at which a serious aggression becomes an assault or does not."""
        assert self.hazards is not None
        p, rng = self.p, self.rng
        if not self.here(q):
            return
        if rng.random() < self.hazards.escalates:
            self.note(q, "assault", "escalation")
            known = noticed or rng.random() < p["incidents.assault_noticed_share"] or rng.random() < p["incidents.victim_staff_share"]
            self.answered(q, "assault", known)
        elif noticed and rng.random() >= p["incidents.talked_down_share"]:
            self.answered(q, "aggression", True)

    def answered(self, q: Stay, what: str, noticed: bool) -> None:
        """Restraint after an assault, or after aggression that was not talked down; the police after a grave assault."""
        p, rng = self.p, self.rng
        if not noticed:
            return
        harm = rng.random() < p["incidents.assault_harm_share"] * (p["incidents.injury_moderate_share"] + p["incidents.injury_severe_share"])
        grave = what == "assault" and (harm or rng.random() < p["incidents.weapon_share"])
        if rng.random() < p[f"incidents.restraint_after_{what}_share"]:
            self.held(q, grave)
        else:
            after = (p["incidents.team_arrival_reference_min"] + p["incidents.after_restraint_min"]) / 60.0
            self.at(self.now + after, self.calmed, q, grave, what)

    def calmed(self, q: Stay, grave: bool, what: str) -> None:
        """Nobody was held. Reading: after aggression of any kind a few are secluded all the same, if the room is free."""
        if what != "self_harm" and self.rng.random() < self.p["incidents.secluded_without_restraint_share"] and self.here(q):
            self.locked_in(q)
        self.sent_on(q, grave, False)

    def held(self, q: Stay, grave: bool) -> None:
        self.at(self.now + self.p["incidents.team_arrival_reference_min"] / 60.0, self.restrained, q, grave)

    def restrained(self, q: Stay, grave: bool) -> None:
        p, rng = self.p, self.rng
        if not self.here(q):
            self.at(self.now + p["incidents.after_restraint_min"] / 60.0, self.sent_on, q, grave, False)
            return
        minutes = lognormal(rng, p["incidents.restraint_median_min"], p["incidents.restraint_cv"]) + p["incidents.after_restraint_min"]
        self.seen.ends["restraint"] += self.watching
        self.at(self.now + minutes / 60.0, self.secluded, q, grave)

    def secluded(self, q: Stay, grave: bool) -> None:
        if self.rng.random() < self.p["incidents.secluded_after_restraint_share"] and self.here(q):
            self.locked_in(q)
        self.sent_on(q, grave, True)

    def locked_in(self, q: Stay) -> None:
        p = self.p
        if all(o.secluded_until <= self.now for o in self.ward):
            q.secluded_until = self.now + lognormal(self.rng, p["incidents.seclusion_median_hours"], p["incidents.seclusion_cv"])
            self.seen.ends["seclusion"] += self.watching

    def sent_on(self, q: Stay, grave: bool, was_held: bool) -> None:
        """Custody and intensive care. Reading: after a grave assault intensive care is twice as likely."""
        p, rng = self.p, self.rng
        if grave and rng.random() < p["incidents.police_after_assault_share"] * p["incidents.custody_after_police_share"] and self.here(q):
            if rng.random() < p["flow.police_return_share"]:
                self.goes_missing(q, rng.exponential(p["flow.police_absence_hours"]))
            else:
                self.ends(q, "police")
        elif was_held and q.place == "ward" and rng.random() < p["incidents.picu_after_restraint_share"] * (2.0 if grave else 1.0):
            q.secluded_until = 0.0
            self.ends(q, "picu")
