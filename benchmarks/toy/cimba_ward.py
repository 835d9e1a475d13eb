"""The toy ward in cimba (processes compiled by numba on a C engine): a process a task, one resource with priorities, thinning.

Cimba lets a request say whether it takes from others (`preempt`) or waits (`acquire`), and capacity be lowered under those who
hold it, so that nothing is left out and no blockers are needed.
"""

from __future__ import annotations

from functools import cache
from math import log
from typing import Any

import cimba as cb
import numba
import numpy as np
from cimba import random

from . import world
from .world import Outcome

severity = numba.njit(world.severity)
hour_factor = numba.njit(world.hour_factor)
ward_factor = numba.njit(world.ward_factor)

N_KINDS = len(world.WORK)
A_DAY = np.array([kind.a_day for kind in world.WORK])
MEAN = np.array([kind.mean for kind in world.WORK])
OPENS = np.array([kind.opens for kind in world.WORK])
CLOSES = np.array([kind.closes for kind in world.WORK])
DAY, SIGMA = world.DAY, world.LENGTH_SIGMA
ONE_TO_ONE, PATIENCE = world.ONE_TO_ONE, world.PATIENCE
PEOPLE, RESPONSE_MEAN = world.INCIDENT_PEOPLE, world.INCIDENT_MEAN
BY_DAY, BY_NIGHT = world.DAY_STAFF, world.NIGHT_STAFF
BEGINS, ENDS = world.DAY_BEGINS, world.DAY_ENDS
SHARE, GAP = world.EXPECTED_OCCUPANCY, world.GAP_MEAN
STAY_MU, STAY_SIGMA = world.STAY_MU, world.STAY_SIGMA
MOST = world.CLOCK_MOST * world.CAP
GIVE_UP = 42
"""Signal of the timer of a one-to-one that has waited too long."""


@numba.njit
def length(mean):  # type: ignore[no-untyped-def]
    """Lognormal length of a piece of work."""
    return random.lognormal(log(mean) - SIGMA**2 / 2.0, SIGMA)


class Task(cb.Model):
    """One piece of work."""

    ward: cb.Ref[Ward]
    urgency: int
    minutes: float

    @cb.process
    def work(self) -> Any:
        ward = self.ward
        left = self.minutes
        while True:
            if self.urgency == 0:
                signal = ward.staff.preempt(1, 0)
            elif self.urgency == ONE_TO_ONE:
                cb.this_process().timer_set(PATIENCE, GIVE_UP)
                signal = ward.staff.acquire(1, -self.urgency)
                cb.this_process().timers_clear()
                if signal != 0:
                    break
            else:
                signal = ward.staff.acquire(1, -self.urgency)
            if signal != 0:
                continue
            begun = cb.now()
            signal = cb.hold(left)
            if signal == 0:
                ward.staff.release(1)
            if self.urgency == ONE_TO_ONE:
                ward.contact += cb.now() - begun
                break
            if signal == 0:
                break
            left -= cb.now() - begun
        cb.release(self)


class Due(cb.Model):
    """A task of today that is not due yet."""

    ward: cb.Ref[Ward]
    urgency: int
    wait: float

    @cb.process
    def come(self) -> Any:
        cb.hold(self.wait)
        cb.spawn(Task, ward=self.ward, urgency=self.urgency, minutes=length(MEAN[self.urgency - 1]))
        cb.release(self)


class Ward(cb.Model):
    """The ward."""

    staff: cb.Resource = cb.Resource(capacity=world.NIGHT_STAFF)
    until: cb.Param[float]
    incidents: cb.Output[float] = 0.0
    contact: cb.Output[float] = 0.0
    bed_minutes: cb.Output[float] = 0.0
    patients: int = 0

    @cb.process(priority=1)
    def shifts(self) -> Any:
        while True:
            cb.hold(BEGINS)
            self.staff.set_capacity(BY_DAY, mode="preempt")
            cb.hold(ENDS - BEGINS)
            self.staff.set_capacity(BY_NIGHT, mode="preempt")
            cb.hold(DAY - ENDS)

    @cb.process
    def daily(self) -> Any:
        while True:
            for n in range(N_KINDS):
                for _ in range(A_DAY[n]):
                    wait = OPENS[n] + random.uniform() * (CLOSES[n] - OPENS[n])
                    cb.spawn(Due, ward=self, urgency=n + 1, wait=wait)
            cb.hold(DAY)

    @cb.process(copies=world.BEDS)
    def bed(self) -> Any:
        here = random.uniform() < SHARE
        stay = random.lognormal(STAY_MU + STAY_SIGMA**2, STAY_SIGMA)
        passed = stay * random.uniform()
        admitted = -passed
        end = stay - passed
        if not here:
            end = 0.0
        while True:
            if here:
                self.bed_minutes += max(min(end, self.until) - cb.now(), 0.0)
                self.patients += 1
                frailty = random.exponential(1.0)
                while True:
                    bound = severity(frailty, cb.now() - admitted) * MOST
                    gap = random.exponential(1.0 / bound)
                    if cb.now() + gap >= end:
                        break
                    cb.hold(gap)
                    on_duty = self.staff.capacity()
                    factor = ward_factor(on_duty - self.staff.available(), on_duty, self.patients)
                    rate = severity(frailty, cb.now() - admitted) * hour_factor(cb.now()) * factor
                    if random.uniform() * bound < rate:
                        self.incidents += 1.0
                        minutes = length(RESPONSE_MEAN)
                        for _ in range(PEOPLE):
                            cb.spawn(Task, ward=self, urgency=0, minutes=minutes)
                cb.hold(end - cb.now())
                self.patients -= 1
            cb.hold(random.exponential(GAP))
            here = True
            admitted = cb.now()
            end = admitted + random.lognormal(STAY_MU, STAY_SIGMA)


@cache
def _ward(until: float) -> Ward:
    ward = Ward()
    ward.until = until
    return ward


def run(seed: int, days: float) -> Outcome:
    """One run, one thread (the first call of a process compiles)."""
    until = days * world.DAY
    ward = _ward(until)
    trial = cb.Experiment(ward, window=cb.Window(duration=until), seed=seed).run(workers=1, on_failure="raise")[ward]
    found = [float(np.asarray(x.values).item()) for x in (trial.incidents, trial.contact, trial.bed_minutes)]
    return Outcome(int(found[0]), found[1] / world.HOUR, found[2] / (world.BEDS * until))
