"""Exact timelines of the work that goes with a shift: handover, breaks, notes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.ward.flow_only import FlowOnly, empty_ward
from wardsim.ward.core.clock import AT_NEW_WORK, HOUR, At
from wardsim.ward.staff.people import HCA, RN, SUBSTANTIVE, Person
from wardsim.ward.work.kinds import CONSTANT_OBSERVATION, PERSONAL_CARE
from wardsim.ward.work.shift_work import ShiftWork

START = 7.0 * HOUR


def shift(hours: float, role: int = RN, *, busy: list[tuple[float, float, Any]] | None = None, **work: float) -> tuple[FlowOnly, Person]:
    """One person's shift from 07:00 on a ward without patients; `busy`: hour after the start, minutes, kind of other work."""
    ward = empty_ward(
        2, days=2.0, work={"handover_minutes": 20, "break_minutes": 30, "supervision_hours_per_month": 0, **work},
        parameters={"work.documentation_min_per_patient_shift": 0.0},
    )  # fmt: skip
    ctx = ward.ctx
    ShiftWork(ctx, ward.beds, SimpleNamespace(shift_started=[]), SimpleNamespace())  # type: ignore[arg-type]
    person = Person(0, (1, 0), role, 5, SUBSTANTIVE, 37.5, 0.0)
    end = START + hours * HOUR
    At(ctx.env, START, lambda _: ctx.dispatcher.start_duty(person, "long", end), None, AT_NEW_WORK)
    for after, minutes, kind in busy or []:
        at = START + after * HOUR
        At(ctx.env, at, lambda e: ctx.dispatcher.submit(e._value[0], e._value[1]), (kind, minutes), AT_NEW_WORK)
    At(ctx.env, end, lambda _: ctx.dispatcher.end_duty(person), None, AT_NEW_WORK)
    ward.run()
    return ward, person


def at(ward: FlowOnly, kind: str) -> list[tuple[float, float]]:
    """Segments of a kind, hours after the start of the shift."""
    return [((s[0] - START) / HOUR, (s[1] - START) / HOUR) for s in ward.ctx.facts.segment if s[4] == kind]


def breaks(ward: FlowOnly) -> list[str]:
    return [t[6] for t in ward.ctx.facts.task if t[4] == "break"]


def test_handover_opens_the_shift_and_a_quiet_one_has_its_break_after_three_hours() -> None:
    ward, person = shift(8.0)
    assert at(ward, "handover") == [(0.0, pytest.approx(1 / 3))]
    assert at(ward, "break") == [(3.0, 3.5)]
    assert (breaks(ward), person.breaks_missed) == (["done"], 0)


def test_a_long_shift_has_two_breaks_and_a_short_one_none() -> None:
    assert at(shift(12.5)[0], "break") == [(3.0, 3.5), (7.0, 7.5)]
    assert at(shift(6.0)[0], "break") == []


def test_a_break_waits_for_work_in_hand_and_is_begun_within_three_hours() -> None:
    ward, person = shift(8.0, HCA, busy=[(2.5, 120.0, PERSONAL_CARE)])
    assert at(ward, "break") == [(4.5, 5.0)]
    assert person.breaks_missed == 0


def test_a_break_for_which_there_was_no_time_is_missed_and_counted() -> None:
    ward, person = shift(8.0, HCA, busy=[(2.5, 240.0, PERSONAL_CARE)])
    assert at(ward, "break") == []
    assert (breaks(ward), person.breaks_missed) == (["not_done"], 1)


def test_constant_observation_is_not_left_for_a_break() -> None:
    ward, person = shift(8.0, HCA, busy=[(2.9, 60.0, CONSTANT_OBSERVATION)])
    assert at(ward, "break") == [(pytest.approx(3.9), pytest.approx(4.4))]
    assert person.breaks_missed == 0


def test_no_breaks_where_the_ward_gives_none() -> None:
    assert breaks(shift(12.5, break_minutes=0)[0]) == []
