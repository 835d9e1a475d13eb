"""The toy ward in salabim: a component a task, one resource with priorities, thinned hazards.

A preemptive resource of salabim lets every more urgent task bump; on the toy ward only incidents and going off duty do. So the
resource is a plain one and a small component takes the least urgent claimer off it when an incident finds nobody free.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import salabim as sim

from . import world
from .world import Outcome

sim.yieldless(False)


class Ward:
    """What the components of one run share."""

    def __init__(self, seed: int, until: float) -> None:
        self.env = sim.Environment(trace=False, random_seed="", time_unit="n/a")
        self.rng = np.random.default_rng(seed)
        self.until = until
        self.staff = sim.Resource("staff", capacity=world.DAY_STAFF, env=self.env)
        self.staff.requesters().monitor(False)
        self.staff.claimers().monitor(False)
        self.off_duty = 0
        self.patients = 0
        self.incidents = 0
        self.contact = 0.0
        self.bed_minutes = 0.0

    def length(self, mean: float) -> float:
        return float(self.rng.lognormal(np.log(mean) - world.LENGTH_SIGMA**2 / 2.0, world.LENGTH_SIGMA))

    def make_room(self) -> None:
        """Somebody must be free at once: bump if nobody is."""
        Bump(env=self.env, ward=self)


class Bump(sim.Component):
    """Takes the least urgent claimer off, after whoever wants the place has asked for it."""

    def setup(self, ward: Ward) -> None:
        self.ward = ward

    def process(self) -> Any:
        staff = self.ward.staff
        last = staff.claimers().tail()
        urgent = staff.requesters().head()
        if last is None or urgent is None or urgent.priority(staff.requesters()) > 0:
            return
        if last.priority(staff.claimers()) > 0:
            last.release(staff)
            last.activate()
        yield self.hold(0)


class Task(sim.Component):
    """One piece of work."""

    def setup(self, ward: Ward, urgency: int, minutes: float) -> None:
        self.ward = ward
        self.urgency = urgency
        self.minutes = minutes

    def process(self) -> Any:
        ward = self.ward
        limited = self.urgency == world.ONE_TO_ONE
        while True:
            if self.urgency == 0:
                ward.make_room()
            if limited:
                yield self.request((ward.staff, 1, self.urgency), fail_delay=world.PATIENCE)
                if self.failed():
                    return
            else:
                yield self.request((ward.staff, 1, self.urgency))
            begun = ward.env.now()
            yield self.hold(self.minutes)
            bumped = not self.isclaiming(ward.staff)
            if not bumped:
                self.release()
            if limited:
                ward.contact += ward.env.now() - begun
            if limited or not bumped:
                return
            self.minutes -= ward.env.now() - begun


class Blocker(sim.Component):
    """One place that is blocked by night."""

    def setup(self, ward: Ward) -> None:
        self.ward = ward

    def process(self) -> Any:
        ward = self.ward
        while True:
            ward.make_room()
            yield self.request((ward.staff, 1, -1))
            ward.off_duty += 1
            yield self.hold((world.DAY_BEGINS - ward.env.now()) % world.DAY)
            ward.off_duty -= 1
            self.release()
            yield self.hold(world.DAY_ENDS - world.DAY_BEGINS)


class Daily(sim.Component):
    """The day's tasks of one kind."""

    def setup(self, ward: Ward, urgency: int, kind: world.Kind) -> None:
        self.ward = ward
        self.urgency = urgency
        self.kind = kind

    def process(self) -> Any:
        ward, kind = self.ward, self.kind
        today = 0.0
        while True:
            for time in sorted(today + ward.rng.uniform(kind.opens, kind.closes) for _ in range(kind.a_day)):
                yield self.hold(max(time - ward.env.now(), 0.0))
                Task(env=ward.env, ward=ward, urgency=self.urgency, minutes=ward.length(kind.mean))
            today += world.DAY
            yield self.hold(today - ward.env.now())


class Bed(sim.Component):
    """One bed and the patients in it."""

    def setup(self, ward: Ward) -> None:
        self.ward = ward

    def process(self) -> Any:
        ward = self.ward
        rng = ward.rng
        if rng.random() < world.EXPECTED_OCCUPANCY:
            stay = rng.lognormal(world.STAY_MU + world.STAY_SIGMA**2, world.STAY_SIGMA)
            passed = stay * rng.random()
            yield from self.patient(-passed, stay - passed)
        while True:
            yield self.hold(rng.exponential(world.GAP_MEAN))
            yield from self.patient(ward.env.now(), rng.lognormal(world.STAY_MU, world.STAY_SIGMA))

    def patient(self, admitted: float, left: float) -> Any:
        ward = self.ward
        rng = ward.rng
        now = ward.env.now
        end = now() + left
        ward.bed_minutes += max(min(end, ward.until) - now(), 0.0)
        ward.patients += 1
        frailty = rng.exponential()
        while True:
            bound = world.severity(frailty, now() - admitted) * world.CLOCK_MOST * world.CAP
            gap = rng.exponential(1.0 / bound)
            if now() + gap >= end:
                break
            yield self.hold(gap)
            busy = int(ward.staff.claimed_quantity()) - ward.off_duty
            factor = world.ward_factor(busy, world.DAY_STAFF - ward.off_duty, ward.patients)
            if rng.random() * bound < world.severity(frailty, now() - admitted) * world.hour_factor(now()) * factor:
                ward.incidents += 1
                minutes = ward.length(world.INCIDENT_MEAN)
                for _ in range(world.INCIDENT_PEOPLE):
                    Task(env=ward.env, ward=ward, urgency=0, minutes=minutes)
        yield self.hold(end - now())
        ward.patients -= 1


def run(seed: int, days: float) -> Outcome:
    """One run."""
    until = days * world.DAY
    ward = Ward(seed, until)
    for _ in range(world.DAY_STAFF - world.NIGHT_STAFF):
        Blocker(env=ward.env, ward=ward)
    for _ in range(world.BEDS):
        Bed(env=ward.env, ward=ward)
    for urgency, kind in enumerate(world.WORK, 1):
        Daily(env=ward.env, ward=ward, urgency=urgency, kind=kind)
    ward.env.run(till=until)
    return Outcome(ward.incidents, ward.contact / world.HOUR, ward.bed_minutes / (world.BEDS * until))
