"""What the queueing tests share: closed forms, Poisson streams of work, and intervals over independent replications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, factorial, sqrt

import numpy as np
from scipy import stats

from wardsim.ward.core.clock import AT_NEW_WORK, At, Clock
from wardsim.ward.core.facts import Facts
from wardsim.ward.staff.people import HCA, SUBSTANTIVE, Person
from wardsim.ward.work.dispatcher import Dispatcher, Kind

LEVEL = 0.999
"""Confidence of every interval here: a right model fails one comparison in a thousand seeds, and the seeds are fixed."""


def erlang_b(servers: int, load: float) -> float:
    """Share of arrivals lost when all servers are busy."""
    loss = 1.0
    for n in range(1, servers + 1):
        loss = load * loss / (n + load * loss)
    return loss


def erlang_c(servers: int, load: float) -> float:
    """Share of arrivals that wait."""
    loss = erlang_b(servers, load)
    return servers * loss / (servers - load * (1.0 - loss))


def poisson(n: int, mean: float) -> float:
    """Probability of n."""
    return exp(-mean) * mean**n / factorial(n)


def preemptive_sojourn(rates: tuple[float, float], lengths: tuple[float, float]) -> tuple[float, float]:
    """Mean time in the system of the urgent and the other class: one server, pre-emptive resume, exponential work."""
    high, low = rates[0] * lengths[0], rates[1] * lengths[1]
    residual = high * lengths[0] + low * lengths[1]
    urgent = lengths[0] / (1.0 - high)
    other = lengths[1] / (1.0 - high) + residual / ((1.0 - high) * (1.0 - high - low))
    return urgent, other


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Mean of independent replications and half the width of its interval at `LEVEL` (Student)."""
    found = np.asarray(values, np.float64)
    half = stats.t.ppf(0.5 + LEVEL / 2.0, len(found) - 1) * found.std(ddof=1) / sqrt(len(found))
    return float(found.mean()), float(half)


def agrees(name: str, values: Sequence[float], expected: float, if_wrong: float, *, sharp: bool) -> None:
    """The interval covers the closed form; when `sharp` it is also too narrow to cover what an error of 2% would give."""
    mean, half = interval(values)
    print(f"{name}: {mean:.5g} +- {half:.2g}, theory {expected:.5g}, {if_wrong:.5g} with an error of 2%")
    assert abs(mean - expected) <= half, f"{name}: {mean:.6g} +- {half:.2g}, theory {expected:.6g}"
    if sharp:
        assert half < abs(if_wrong - expected), f"{name}: +- {half:.2g} cannot see an error of 2%"


class Server:
    """A dispatcher with some people who never go home.

    Parameters
    ----------
    people : int
    seed : int
        Of the arrivals and of the lengths of work.
    """

    def __init__(self, people: int, seed: int) -> None:
        self.env = Clock()
        self.facts = Facts()
        self.dispatcher = Dispatcher(self.env, self.facts)
        self.rng = np.random.default_rng(seed)
        for i in range(people):
            person = Person(i, (i, 0), HCA, 3, SUBSTANTIVE, 37.5, 0.0)
            self.dispatcher.start_duty(person, "early", float("inf"))

    def arrivals(self, kind: Kind, rate: float, length: float, until: float) -> None:
        """Work of a kind comes as a Poisson process and takes an exponential time."""
        n = self.rng.poisson(rate * until)
        times = np.sort(self.rng.random(n) * until).tolist()
        work = (self.rng.standard_exponential(n) * length).tolist()
        self._next(kind, iter(zip(times, work, strict=True)))

    def _next(self, kind: Kind, coming: object) -> None:
        due = next(coming, None)  # type: ignore[call-overload]
        if due is None:
            return

        def come(_: At) -> None:
            self._next(kind, coming)
            self.dispatcher.submit(kind, due[1])

        At(self.env, due[0] - self.env.now, come, None, AT_NEW_WORK)

    def rows(self, kind: Kind, warm_up: float, measure: Callable[[tuple], float]) -> np.ndarray:
        """A number of each finished task of a kind that came after the warm-up."""
        return np.array([measure(t) for t in self.facts.task if t[4] == kind.name and t[0] >= warm_up and t[6] == "done"])
