"""Chance is keyed, never counted; the calendar knows its weekdays and holidays."""

from __future__ import annotations

import gc
from datetime import date

import pytest
import simpy

from wardsim.ward.core.clock import AT_END_OF_WORK, AT_NEW_WORK, AT_SHIFT_CHANGE, At, Calendar, day_of
from wardsim.ward.core.memory import seldom_collecting
from wardsim.ward.core.streams import Stream, Streams


def test_a_stream_depends_only_on_its_key() -> None:
    a = Streams(7, 3)
    first = a.row(Stream.PATIENT, 1, 2, 0)
    a.row(Stream.SICKNESS, 4)
    a.in_turn(Stream.PATIENT, 9)()
    assert a.row(Stream.PATIENT, 1, 2, 0) == first
    assert Streams(7, 3).row(Stream.PATIENT, 1, 2, 0) == first


def test_different_keys_give_different_draws() -> None:
    rows = [
        Streams(7, 3).row(Stream.PATIENT, 1, 2, 0),
        Streams(8, 3).row(Stream.PATIENT, 1, 2, 0),
        Streams(7, 4).row(Stream.PATIENT, 1, 2, 0),
        Streams(7, 3).row(Stream.ACUITY, 1, 2, 0),
        Streams(7, 3).row(Stream.PATIENT, 2, 1, 0),
    ]
    assert len({tuple(row) for row in rows}) == len(rows)


def test_a_draw_does_not_depend_on_what_was_asked_before() -> None:
    far_first = Streams(1, 0).hashed(Stream.DURATION, 5)
    far = far_first[200]
    near_first = Streams(1, 0).hashed(Stream.DURATION, 5)
    near = [near_first[i] for i in range(10)]
    assert near_first[200] == far
    assert [far_first[i] for i in range(10)] == near


def test_stream_numbers_are_unique() -> None:
    assert len({s.value for s in Stream}) == len(Stream)


def test_calendar() -> None:
    calendar = Calendar(date(2025, 4, 7), frozenset({11}))
    assert calendar.weekday(0) == 0
    assert calendar.weekday(-1) == 6
    assert calendar.is_weekend(5)
    assert not calendar.is_working_day(11)
    assert calendar.is_working_day(10)
    assert calendar.date(-7) == date(2025, 3, 31)
    assert day_of(-0.5) == -1


def test_order_within_one_minute_is_fixed() -> None:
    env = simpy.Environment()
    seen: list[str] = []
    At(env, 5, lambda _: seen.append("work"), None, AT_NEW_WORK)
    At(env, 5, lambda _: seen.append("shift"), None, AT_SHIFT_CHANGE)
    At(env, 5, lambda _: seen.append("end"), None, AT_END_OF_WORK)
    env.run(10)
    assert seen == ["end", "shift", "work"]


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1, 2**32, 2**63 - 1])
def test_every_part_of_the_seed_counts(seed: int) -> None:
    draws = {Streams(seed, 3).hashed(Stream.PATIENT, 1)[0]}
    draws |= {Streams(seed ^ bit, 3).hashed(Stream.PATIENT, 1)[0] for bit in (1, 2**31, 2**32, 2**62)}
    assert len(draws) == 5


def test_hashed_uniforms_are_the_same_in_turn_and_by_occasion() -> None:
    streams = Streams(11, 2)
    hashed = streams.hashed(Stream.CONTACT, 1, 2, 3)
    draw = streams.in_turn(Stream.CONTACT, 1, 2, 3)
    assert [draw() for _ in range(200)] == [hashed[n] for n in range(200)]


def test_a_run_leaves_the_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with seldom_collecting():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
