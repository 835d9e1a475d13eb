"""The toy ward as one compiled loop (numba), the floor: no kernel, no objects; the next event is found by looking at all."""

from __future__ import annotations

from math import inf, log
from typing import Any

import numba
import numpy as np

from . import world
from .world import Outcome

severity = numba.njit(world.severity)
hour_factor = numba.njit(world.hour_factor)
ward_factor = numba.njit(world.ward_factor)

N_KINDS = len(world.WORK)
A_DAY = np.array([0] + [k.a_day for k in world.WORK])
MEAN = np.array([world.INCIDENT_MEAN] + [k.mean for k in world.WORK])
OPENS = np.array([0.0] + [k.opens for k in world.WORK])
CLOSES = np.array([0.0] + [k.closes for k in world.WORK])
TASKS = int(A_DAY.sum())
ROOM = 4096
"""Most tasks that may wait."""


@numba.njit
def _length(mean: float) -> float:
    return np.random.lognormal(log(mean) - world.LENGTH_SIGMA**2 / 2.0, world.LENGTH_SIGMA)


@numba.njit
def _simulate(seed: int, until: float) -> Any:
    np.random.seed(seed)
    beds = world.BEDS
    taken = np.zeros(beds, np.bool_)
    frailty = np.zeros(beds)
    admitted = np.zeros(beds)
    changes = np.zeros(beds)
    candidate = np.full(beds, inf)
    bound = np.zeros(beds)
    # people: what each has in hand
    people = world.DAY_STAFF
    doing = np.full(people, -1)
    since = np.zeros(people)
    due = np.full(people, inf)
    order_of = np.zeros(people)
    # what waits
    kind = np.zeros(ROOM, np.int64)
    left = np.zeros(ROOM)
    order = np.zeros(ROOM)
    expires = np.zeros(ROOM)
    waiting = 0
    number = 0.0
    today = np.empty(TASKS)
    today_kind = np.empty(TASKS, np.int64)
    place = TASKS
    midnight = 0.0
    shift = 0.0
    on_duty = world.DAY_STAFF
    patients = 0
    incidents = 0
    contact = bed_minutes = 0.0
    now = 0.0
    most = world.CLOCK_MOST * world.CAP

    for b in range(beds):
        if np.random.random() < world.EXPECTED_OCCUPANCY:
            stay = np.random.lognormal(world.STAY_MU + world.STAY_SIGMA**2, world.STAY_SIGMA)
            passed = stay * np.random.random()
            admitted[b] = -passed
            changes[b] = stay - passed
            taken[b] = True
            patients += 1
            frailty[b] = np.random.exponential()
            bound[b] = severity(frailty[b], passed) * most
            candidate[b] = np.random.exponential(1.0 / bound[b])
            bed_minutes += min(changes[b], until)
        else:
            changes[b] = np.random.exponential(world.GAP_MEAN)

    while True:
        # the next event
        time = min(midnight, shift)
        what, which = 0, -1
        if place < TASKS and today[place] < time:
            time, what = today[place], 1
        for i in range(people):
            if due[i] < time:
                time, what, which = due[i], 2, i
        for b in range(beds):
            if candidate[b] < time:
                time, what, which = candidate[b], 3, b
            if changes[b] < time:
                time, what, which = changes[b], 4, b
        if time >= until:
            break
        now = time
        new = 0
        new_kind = 0
        if what == 0 and midnight <= shift:
            n = 0
            for k in range(1, N_KINDS + 1):
                for _ in range(A_DAY[k]):
                    today[n] = midnight + OPENS[k] + np.random.random() * (CLOSES[k] - OPENS[k])
                    today_kind[n] = k
                    n += 1
            sorting = np.argsort(today)
            today[:] = today[sorting]
            today_kind[:] = today_kind[sorting]
            place = 0
            midnight += world.DAY
        elif what == 0:
            minute = now % world.DAY
            if world.DAY_BEGINS <= minute < world.DAY_ENDS:
                on_duty = world.DAY_STAFF
                shift = now - minute + world.DAY_ENDS
            else:
                on_duty = world.NIGHT_STAFF
                shift = now + (world.DAY_BEGINS - minute) % world.DAY
        elif what == 1:
            new, new_kind = 1, today_kind[place]
            place += 1
        elif what == 2:
            if doing[which] == world.ONE_TO_ONE:
                contact += now - since[which]
            doing[which] = -1
            due[which] = inf
        elif what == 3:
            busy = 0
            for i in range(people):
                busy += doing[i] >= 0
            rate = severity(frailty[which], now - admitted[which]) * hour_factor(now) * ward_factor(busy, on_duty, patients)
            if np.random.random() * bound[which] < rate:
                incidents += 1
                new, new_kind = world.INCIDENT_PEOPLE, 0
            bound[which] = severity(frailty[which], now - admitted[which]) * most
            candidate[which] = now + np.random.exponential(1.0 / bound[which])
        elif taken[which]:
            taken[which] = False
            patients -= 1
            candidate[which] = inf
            changes[which] = now + np.random.exponential(world.GAP_MEAN)
        else:
            taken[which] = True
            patients += 1
            admitted[which] = now
            changes[which] = now + np.random.lognormal(world.STAY_MU, world.STAY_SIGMA)
            frailty[which] = np.random.exponential()
            bound[which] = severity(frailty[which], 0.0) * most
            candidate[which] = now + np.random.exponential(1.0 / bound[which])
            bed_minutes += min(changes[which], until) - now

        if new:
            if waiting > ROOM - 10:
                raise RuntimeError("more work waits than there is room for")
            minutes = _length(MEAN[new_kind])
            for _ in range(new):
                kind[waiting], left[waiting], order[waiting] = new_kind, minutes, number
                expires[waiting] = now + world.PATIENCE if new_kind == world.ONE_TO_ONE else inf
                waiting += 1
                number += 1.0
        # people who go off, or whom an incident takes
        while True:
            busy = urgent = 0
            worst = -1
            for i in range(people):
                if doing[i] >= 0:
                    busy += 1
                    if doing[i] > 0 and (
                        worst < 0 or doing[i] > doing[worst] or (doing[i] == doing[worst] and since[i] > since[worst])
                    ):
                        worst = i
            for w in range(waiting):
                urgent += kind[w] == 0
            if worst < 0 or busy + urgent <= on_duty:
                break
            if doing[worst] == world.ONE_TO_ONE:
                contact += now - since[worst]
            else:
                kind[waiting], left[waiting], order[waiting] = doing[worst], due[worst] - now, order_of[worst]
                expires[waiting] = inf
                waiting += 1
            doing[worst] = -1
            due[worst] = inf
        # waiting work for whoever is free
        busy = 0
        for i in range(people):
            busy += doing[i] >= 0
        while busy < on_duty and waiting > 0:
            best = -1
            w = 0
            while w < waiting:
                if expires[w] <= now:
                    waiting -= 1
                    kind[w], left[w], order[w], expires[w] = kind[waiting], left[waiting], order[waiting], expires[waiting]
                    continue
                if best < 0 or kind[w] < kind[best] or (kind[w] == kind[best] and order[w] < order[best]):
                    best = w
                w += 1
            if best < 0:
                break
            for i in range(people):
                if doing[i] < 0:
                    doing[i], since[i], due[i], order_of[i] = kind[best], now, now + left[best], order[best]
                    break
            waiting -= 1
            kind[best], left[best], order[best], expires[best] = kind[waiting], left[waiting], order[waiting], expires[waiting]
            busy += 1
    for i in range(people):
        if doing[i] == world.ONE_TO_ONE:
            contact += until - since[i]
    return incidents, contact, bed_minutes




def run(seed: int, days: float) -> Outcome:
    """One run (the first call of a process compiles)."""
    until = days * world.DAY
    incidents, contact, bed_minutes = _simulate(seed, until)
    return Outcome(int(incidents), contact / world.HOUR, bed_minutes / (world.BEDS * until))
