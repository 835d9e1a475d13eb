"""Chance is keyed, never counted; the calendar knows its weekdays and holidays."""

from __future__ import annotations

import gc
from collections.abc import Generator
from datetime import date

import pytest
import simpy

from wardsim.ward.core.clock import AT_END_OF_WORK, AT_NEW_WORK, AT_ONCE, AT_SHIFT_CHANGE, At, Calendar, Clock, day_of
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
    env = Clock()
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


def test_processes_and_events_of_simpy_stand_in_the_same_queue() -> None:
    """What a SimPy process does and what the ward calls later come in the order of one SimPy environment."""
    clock = Clock(2.0)
    env = clock.environment
    seen: list[tuple[float, str]] = []

    def story() -> Generator[simpy.Event, None, None]:
        seen.append((clock.now, "process begins"))
        yield env.timeout(3)
        seen.append((env.now, "timeout"))
        At(clock, 2.0, lambda _: seen.append((clock.now, "called")), None, AT_ONCE)
        try:
            yield env.process(fails())
        except ValueError as error:
            seen.append((clock.now, str(error)))

    def fails() -> Generator[simpy.Event, None, None]:
        yield env.timeout(4.5)
        raise ValueError("the process failed")

    env.process(story())
    At(clock, 3.0, lambda _: seen.append((env.now, "after the timeout")), None, AT_NEW_WORK)
    clock.run(100.0)
    assert clock.now == env.now == 100.0
    assert seen == [
        (2.0, "process begins"), (5.0, "timeout"), (5.0, "after the timeout"), (7.0, "called"), (9.5, "the process failed"),
    ]  # fmt: skip


def test_the_loop_is_that_of_simpy() -> None:
    """The same seeded tangle of callbacks by the clock's loop and by SimPy's own: same order, same times, same stops."""

    def tangle(clock: Clock) -> list[tuple[float, int]]:
        draw = Streams(4, 0).in_turn(Stream.START, 1)
        seen: list[tuple[float, int]] = []

        def call(event: At) -> None:
            seen.append((clock.now, event._value))
            if len(seen) < 600:
                for _ in range(int(draw() * 3.0)):
                    At(clock, float(int(draw() * 4.0)), call, len(seen), int(draw() * 4.0))

        for n in range(50):
            At(clock, float(n % 5), call, -n, n % 4)
        return seen

    ours, theirs = Clock(), Clock()
    by_loop, by_simpy = tangle(ours), tangle(theirs)
    for until in (1.0, 1.5, 7.0, 50.0):
        ours.run(until)
        theirs.environment.run(until)
        assert by_loop == by_simpy
        assert ours.now == theirs.now == until
        due = [[(e.time, e.order, e._value) for e in clock.queue if isinstance(e, At)] for clock in (ours, theirs)]
        assert due[0] == due[1]
    assert len(by_loop) > 300


def test_a_failed_event_stops_the_run_and_a_run_never_goes_back() -> None:
    clock = Clock()
    clock.environment.event().fail(KeyError("nobody waits for it"))
    with pytest.raises(KeyError, match="nobody waits"):
        clock.run(5.0)
    with pytest.raises(ValueError, match="must be greater"):
        clock.run(0.0)
