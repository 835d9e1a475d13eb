"""The dispatcher as a queue: M/M/c, and two classes under pre-emptive resume, against their closed forms.

Each comparison is an interval at 99.9% over independent replications. In the slow version (``pytest tests/theory -m slow``)
the interval is also narrower than the change that work 2% longer would make.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.theory.queues import Server, agrees, erlang_c, preemptive_sojourn
from wardsim.ward.staff.people import NURSING
from wardsim.ward.work.dispatcher import Kind

pytestmark = pytest.mark.theory
ROUTINE = Kind(960, "routine_work", 5, NURSING, "direct", yields_to=2)
URGENT = Kind(961, "urgent_work", 2, NURSING, "direct", preempts=True, yields_to=0)
SIZES = [pytest.param(12, 6_000.0, False, id="small"), pytest.param(24, 40_000.0, True, marks=pytest.mark.slow, id="sharp")]
"""Replications, their length in mean lengths of work, and whether an error of 2% must show."""


@pytest.mark.parametrize(("replications", "length", "sharp"), SIZES)
def test_mmc_waiting(replications: int, length: float, sharp: bool) -> None:
    """Three people, each busy 70% of the time: who waits at all, and for how long on average."""
    people, rate = 3, 2.1
    waits, shares, busy = [], [], []
    for r in range(replications):
        server = Server(people, 100 + r)
        server.arrivals(ROUTINE, rate, 1.0, length)
        server.env.run(length)
        found = server.rows(ROUTINE, 200.0, lambda t: t[1] - t[0])
        waits.append(found.mean())
        shares.append((found > 0.0).mean())
        busy.append(sum(min(s[1], length) - s[0] for s in server.facts.segment) / length)

    def theory(load: float) -> tuple[float, float]:
        share = erlang_c(people, load)
        return share, share * (load / rate) / (people - load)

    right, wrong = theory(rate), theory(1.02 * rate)
    agrees("M/M/3 share that waits", shares, right[0], wrong[0], sharp=sharp)
    agrees("M/M/3 mean wait", waits, right[1], wrong[1], sharp=sharp)
    agrees("M/M/3 people at work", busy, rate, 1.02 * rate, sharp=sharp)


@pytest.mark.parametrize(("replications", "length", "sharp"), SIZES)
def test_two_classes_under_preemptive_resume(replications: int, length: float, sharp: bool) -> None:
    """One person; urgent work interrupts, the rest waits and goes on where it stopped. Time in the system of each class."""
    rates, lengths = (0.5, 0.25), (0.6, 1.4)
    urgent, other = [], []
    for r in range(replications):
        server = Server(1, 500 + r)
        server.arrivals(URGENT, rates[0], lengths[0], 2.0 * length)
        server.arrivals(ROUTINE, rates[1], lengths[1], 2.0 * length)
        server.env.run(2.0 * length)
        urgent.append(server.rows(URGENT, 400.0, lambda t: t[2] - t[0]).mean())
        other.append(server.rows(ROUTINE, 400.0, lambda t: t[2] - t[0]).mean())
    right = preemptive_sojourn(rates, lengths)
    wrong = preemptive_sojourn(rates, (1.02 * lengths[0], 1.02 * lengths[1]))
    agrees("urgent work, time in the system", urgent, right[0], wrong[0], sharp=sharp)
    agrees("other work, time in the system", other, right[1], wrong[1], sharp=sharp)


@pytest.mark.parametrize(("replications", "length", "sharp"), SIZES)
def test_urgent_work_of_a_team_never_feels_the_rest(replications: int, length: float, sharp: bool) -> None:
    """Three people with routine work without end: urgent work waits as if it were alone, M/M/3."""
    people, rate = 3, 1.8
    shares = []
    for r in range(replications):
        server = Server(people, 900 + r)
        server.arrivals(URGENT, rate, 1.0, length)
        server.arrivals(ROUTINE, 1.5, 1.0, length)
        server.env.run(length)
        found = server.rows(URGENT, 200.0, lambda t: t[1] - t[0])
        shares.append(float(np.mean(found > 0.0)))
    agrees("urgent work that waits", shares, erlang_c(people, rate), erlang_c(people, 1.02 * rate), sharp=sharp)
