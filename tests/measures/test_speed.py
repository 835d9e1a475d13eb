"""Measuring a ward-year is a small part of simulating one."""

from __future__ import annotations

from time import process_time

from tests.measures.hand import PARAMETERS, QUIET, put
from wardsim.measures import Columns, measure
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts
from wardsim.ward.work.kinds import KINDS

LIMIT_S = 0.4
"""Four times what it takes on a desk machine: a slow or busy machine passes, a loop over rows does not."""


def busy_year() -> Facts:
    """A hundred thousand pieces of work by 280 people in a year."""
    facts = Facts()
    put(facts, "beds", time=0.0)
    kinds = list(KINDS)
    for n in range(5000):
        start = n * 105.0
        person = n % 280
        put(facts, "duty", start=start, end=start + 480.0, person=person)
        for i in range(20):
            at = start + i * 24.0
            kind = kinds[(n + i) % len(kinds)]
            facts.segment.append((at, at + 20.0, person, "rn", kind, n % 300, n * 20 + i))
            facts.task.append((at, at, at + 20.0, n * 20 + i, kind, n % 300, "done", 20.0, 20.0, 1))
    return facts


def test_a_busy_year_is_measured_in_a_fraction_of_a_second():
    facts = busy_year()
    assert len(facts.segment) == len(facts.task) == 100_000
    times = []
    for _ in range(3):
        begun = process_time()
        measure(facts, QUIET, PARAMETERS, 0.0, 365.25 * DAY)
        times.append(process_time() - begun)
    assert min(times) < LIMIT_S


def test_a_second_window_costs_less_because_columns_are_kept():
    facts = busy_year()
    first, second = [], []
    for _ in range(3):
        columns = Columns(facts)
        for times in (first, second):
            begun = process_time()
            measure(columns, QUIET, PARAMETERS, 0.0, 90.0 * DAY)
            times.append(process_time() - begun)
    assert min(second) < 0.7 * min(first)
