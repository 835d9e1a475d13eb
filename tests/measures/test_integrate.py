"""The integrator of step functions and the cutting of intervals, against a minute-by-minute count."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardsim.measures.integrate import Steps, overlap, within

pytestmark = pytest.mark.property

CHANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), min_size=1, max_size=12)
WINDOW = st.tuples(st.integers(0, 60), st.integers(1, 30))


def steps_of(changes: list[tuple[int, int]]) -> Steps:
    ordered = sorted(changes, key=lambda change: change[0])
    return Steps(np.array([c[0] for c in ordered], float), np.array([c[1] for c in ordered], float))


def level_at(changes: list[tuple[int, int]], minute: int) -> int | None:
    """Level during the minute that begins now: the last written by then."""
    level = None
    for time, value in sorted(changes, key=lambda change: change[0]):
        if time <= minute:
            level = value
    return level


@given(CHANGES, WINDOW)
def test_integral_is_the_sum_of_the_minutes(changes, window):
    start, end = window[0], window[0] + window[1]
    levels = [level_at(changes, minute) for minute in range(start, end)]
    got = steps_of(changes).integral(start, end)
    if None in levels:
        assert isnan(got)
    else:
        assert got == sum(levels)


@given(CHANGES, WINDOW, st.integers(0, 30))
def test_integrals_of_adjoining_windows_add_up(changes, window, cut):
    start, end = window[0], window[0] + window[1]
    middle = min(start + cut, end)
    steps = steps_of([(0, 3), *changes])
    parts = (steps.integral(start, middle) if middle > start else 0.0) + (steps.integral(middle, end) if end > middle else 0.0)
    assert parts == steps.integral(start, end)


@given(CHANGES, st.lists(st.integers(-5, 70), max_size=8))
def test_level_just_before_a_time(changes, times):
    got = steps_of(changes).before(np.array(times, float))
    for time, level in zip(times, got, strict=True):
        expected = level_at(changes, time - 1)
        assert isnan(level) if expected is None else level == expected


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=10), WINDOW)
def test_overlap_counts_the_minutes_inside(intervals, window):
    start, end = window[0], window[0] + window[1]
    starts = np.array([a for a, _ in intervals], float)
    ends = np.array([a + length for a, length in intervals], float)
    expected = [len(set(range(a, a + length)) & set(range(start, end))) for a, length in intervals]
    assert overlap(starts, ends, start, end).tolist() == expected


def test_the_window_holds_its_start_and_not_its_end():
    assert within(np.array([4.0, 5.0, 9.9, 10.0]), 5.0, 10.0).tolist() == [False, True, True, False]


def test_mean_weights_by_time():
    assert Steps(np.array([0.0, 90.0]), np.array([2.0, 12.0])).mean(0.0, 100.0) == pytest.approx(3.0)
    assert Steps(np.array([0.0, 90.0]), np.array([2.0, 12.0])).mean(80.0, 100.0) == pytest.approx(7.0)


def test_falling_times_are_refused():
    with pytest.raises(ValueError, match="must not fall"):
        Steps(np.array([2.0, 1.0]), np.array([0.0, 0.0]))


def test_times_and_levels_of_different_length_are_refused():
    with pytest.raises(ValueError, match="2 times but 1 levels"):
        Steps(np.array([1.0, 2.0]), np.array([0.0]))
