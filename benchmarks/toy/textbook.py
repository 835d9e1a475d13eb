"""The toy ward as a SimPy textbook would write it: a process a task, a `PreemptiveResource`, scalar draws.

People off duty at night are blockers: requests of the highest priority that hold places. Hazards are polled, or thinned
(Lewis and Shedler) with each patient's own bound. `Textbook(thinned=...)` chooses.
"""

from __future__ import annotations

from collections.abc import Generator
from math import exp
from typing import Any

import numpy as np
import simpy

from . import world
from .world import Outcome

Process = Generator[simpy.Event, Any, None]


class Textbook:
    """One run."""

    def __init__(self, seed: int, *, thinned: bool) -> None:
        self.env = simpy.Environment()
        self.rng = np.random.default_rng(seed)
        self.staff = simpy.PreemptiveResource(self.env, world.DAY_STAFF)
        self.hazard = self.thinned if thinned else self.polled
        self.off_duty = 0
        self.patients = 0
        self.incidents = 0
        self.contact = 0.0
        self.bed_minutes = 0.0

    def run(self, until: float) -> Outcome:
        for _ in range(world.DAY_STAFF - world.NIGHT_STAFF):
            self.env.process(self.off_at_night())
        for _ in range(world.BEDS):
            self.env.process(self.bed())
        for priority, kind in enumerate(world.WORK, 1):
            self.env.process(self.daily(priority, kind))
        self.until = until
        self.env.run(until)
        return Outcome(self.incidents, self.contact / world.HOUR, self.bed_minutes / (world.BEDS * until))

    # -- staff and work -----------------------------------------------------------------------------------------------------

    def off_at_night(self) -> Process:
        """One place that is blocked from 22:00 to 06:00."""
        while True:
            with self.staff.request(priority=-1) as blocker:
                yield blocker
                self.off_duty += 1
                yield self.env.timeout((world.DAY_BEGINS - self.env.now) % world.DAY)
                self.off_duty -= 1
            yield self.env.timeout(world.DAY_ENDS - world.DAY_BEGINS)

    def daily(self, priority: int, kind: world.Kind) -> Process:
        while True:
            today = self.env.now
            for time in sorted(today + self.rng.uniform(kind.opens, kind.closes) for _ in range(kind.a_day)):
                yield self.env.timeout(max(time - self.env.now, 0.0))
                self.env.process(self.task(priority, self.length(kind.mean)))
            yield self.env.timeout(today + world.DAY - self.env.now)

    def task(self, priority: int, minutes: float) -> Process:
        limited = priority == world.ONE_TO_ONE
        while minutes > 0.0:
            begun = None
            with self.staff.request(priority=priority, preempt=priority == 0) as request:
                try:
                    if limited:
                        yield request | self.env.timeout(world.PATIENCE)
                        if not request.triggered:
                            return
                    else:
                        yield request
                    begun = self.env.now
                    yield self.env.timeout(minutes)
                    minutes = 0.0
                except simpy.Interrupt:  # a granted request may be pre-empted before the process resumes: nothing done then
                    minutes -= 0.0 if begun is None else self.env.now - begun
            if limited:
                self.contact += 0.0 if begun is None else self.env.now - begun
                return

    def length(self, mean: float) -> float:
        return float(self.rng.lognormal(np.log(mean) - world.LENGTH_SIGMA**2 / 2.0, world.LENGTH_SIGMA))

    # -- patients -----------------------------------------------------------------------------------------------------------

    def bed(self) -> Process:
        rng = self.rng
        if rng.random() < world.EXPECTED_OCCUPANCY:
            stay = rng.lognormal(world.STAY_MU + world.STAY_SIGMA**2, world.STAY_SIGMA)
            passed = stay * rng.random()
            yield from self.patient(-passed, stay - passed)
        while True:
            yield self.env.timeout(rng.exponential(world.GAP_MEAN))
            yield from self.patient(self.env.now, rng.lognormal(world.STAY_MU, world.STAY_SIGMA))

    def patient(self, admitted: float, left: float) -> Process:
        begin = self.env.now
        end = begin + left
        self.bed_minutes += max(min(end, self.until) - begin, 0.0)
        self.patients += 1
        yield from self.hazard(self.rng.exponential(), admitted, end)
        self.patients -= 1

    def rate(self, frailty: float, admitted: float) -> float:
        """Hazard now, per minute."""
        now = self.env.now
        ward = world.ward_factor(self.staff.count - self.off_duty, self.staff.capacity - self.off_duty, self.patients)
        return world.severity(frailty, now - admitted) * world.hour_factor(now) * ward

    def polled(self, frailty: float, admitted: float, end: float) -> Process:
        while self.env.now < end:
            step = min(world.POLL, end - self.env.now)
            yield self.env.timeout(step)
            if self.rng.random() < 1.0 - exp(-self.rate(frailty, admitted) * step):
                self.incident()

    def thinned(self, frailty: float, admitted: float, end: float) -> Process:
        most = world.CLOCK_MOST * world.CAP
        while True:
            bound = world.severity(frailty, self.env.now - admitted) * most
            gap = self.rng.exponential(1.0 / bound)
            if self.env.now + gap >= end:
                yield self.env.timeout(end - self.env.now)
                return
            yield self.env.timeout(gap)
            if self.rng.random() * bound < self.rate(frailty, admitted):
                self.incident()

    def incident(self) -> None:
        self.incidents += 1
        minutes = self.length(world.INCIDENT_MEAN)
        for _ in range(world.INCIDENT_PEOPLE):
            self.env.process(self.task(0, minutes))


def polled(seed: int, days: float) -> Outcome:
    """One run with hazards polled every 15 minutes."""
    return Textbook(seed, thinned=False).run(days * world.DAY)


def thinned(seed: int, days: float) -> Outcome:
    """One run with thinned hazards."""
    return Textbook(seed, thinned=True).run(days * world.DAY)
