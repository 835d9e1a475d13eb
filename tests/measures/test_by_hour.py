"""The day hour by hour: minutes are conserved, fall into their hours, and mean what the tables say."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardsim.measures.by_hour import by_hour, over_hours, training_steps
from wardsim.measures.columns import Columns
from wardsim.measures.one_day import COLUMNS, one_day, told
from wardsim.ward.core.facts import Facts

HOUR, DAY = 60.0, 1440.0


def facts(**tables: list[tuple[object, ...]]) -> Columns:
    made = Facts()
    for name, rows in tables.items():
        made.table(name).extend(rows)
    return Columns(made)


@given(
    st.lists(st.tuples(st.floats(-500, 3500), st.floats(0, 900), st.floats(0.1, 5)), max_size=30),
    st.integers(0, 20),
    st.integers(1, 40),
)
def test_minutes_in_hours_are_those_of_each_interval_cut_to_each_hour(
    intervals: list[tuple[float, float, float]], first: int, hours: int
) -> None:
    edges = np.arange(first, first + hours + 1) * HOUR
    begun = np.array([a for a, _, _ in intervals])
    ended = begun + np.array([length for _, length, _ in intervals])
    weight = np.array([w for _, _, w in intervals])
    wanted = [
        sum(w * max(0.0, min(b, high) - max(a, low)) for a, b, w in zip(begun, ended, weight, strict=True))
        for low, high in itertools.pairwise(edges)
    ]
    assert over_hours(begun, ended, edges, weight) == pytest.approx(wanted, abs=2e-3)


def test_a_day_by_hand() -> None:
    """A nurse from 7 to 15, an hour and a half with a patient from 9, notes of 40 minutes wanted from 10 to 14; an assault at 9:30."""
    columns = facts(
        duty=[(420.0, 900.0, 1, "rn", 5, "substantive", "early", 900.0, 1), (540.0, 600.0, 2, "doctor", 8, "substantive", "day", 600.0, 1)],
        segment=[(540.0, 630.0, 1, "rn", "one_to_one", 3, 1), (700.0, 720.0, 1, "rn", "break", -1, 2)],
        task=[
            (600.0, 700.0, 840.0, 5, "documentation", -1, "done", 40.0, 40.0, 1),
            (480.0, 480.0, 480.0, 6, "call", -1, "done", 6.0, 6.0, 1),
            (650.0, 700.0, 720.0, 7, "break", -1, "done", 20.0, 20.0, 1),
        ],
        incident=[(570.0, 1, 3, "assault", "direct", -1, "staff", 1, 1, 0, 0, "general"), (575.0, 2, 3, "verbal", "away", -1, "none", -1, 1, 0, 0, "general")],
    )  # fmt: skip
    sums, minutes = by_hour(columns, 0.0, DAY)
    assert minutes.tolist() == [60.0] * 24
    assert sums["nursing"].tolist() == sums["registered"].tolist() == [0.0] * 7 + [60.0] * 8 + [0.0] * 9
    assert sums["others"][9] == 60.0
    assert sums["contact"][9:11].tolist() == sums["therapeutic"][9:11].tolist() == [60.0, 30.0]
    assert sums["at_work"].sum() == 90.0, "a break is no work"
    assert sums["asked_for"][10:14].tolist() == [10.0] * 4, "wanted evenly from when it was asked for to when it was done"
    assert sums["asked_for"][8] == pytest.approx(6.0)
    assert sums["asked_for"].sum() == pytest.approx(46.0)
    assert sums["assaults"][9] == sums["aggression"][9] == 1.0, "what happens elsewhere is not on this ward"


def test_only_whole_hours_count() -> None:
    columns = facts(duty=[(0.0, 3000.0, 1, "rn", 5, "substantive", "early", 3000.0, 1)])
    sums, minutes = by_hour(columns, 30.0, 1530.0)
    assert minutes.sum() == 24 * HOUR
    assert sums["nursing"].tolist() == minutes.tolist()


def test_training_steps_count_courses_off_the_ward_in_the_window() -> None:
    row = ("rn", "violence_prevention")
    columns = facts(
        training=[
            (10.0, 1, *row, "due", 7.5, "", "classroom", 0), (12.0, 1, *row, "asked", 7.5, "", "classroom", 0),
            (12.0, 1, *row, "refused", 7.5, "cover_short", "classroom", 0),
            *((minute, who, *row, event, 7.5, "", "classroom", 0) for minute, who in ((20.0, 1), (21.0, 2), (22.0, 3)) for event in ("asked", "booked")),
            (25.0, 2, *row, "cancelled", 7.5, "recalled_short", "classroom", 0), (26.0, 3, *row, "cancelled", 7.5, "sick", "classroom", 0),
            (30.0, 1, *row, "released", 7.5, "study_day", "classroom", 1), (40.0, 1, *row, "attended", 7.5, "complete", "classroom", 0),
            (50.0, 1, *row, "due", 1.0, "", "e_learning", 0), (900.0, 1, *row, "attended", 7.5, "complete", "classroom", 0),
        ],
        compliance=[(5.0, "a", 10, 8), (6.0, "b", 10, 4), (900.0, "a", 10, 0)],
    )  # fmt: skip
    hours, in_date, needed = training_steps(columns, 0.0, 800.0)
    assert hours == {"needed": 7.5, "asked": 30.0, "booked": 22.5, "released": 15.0, "attended": 7.5}, "one refused, one called back, one sick"
    assert (in_date, needed) == (12.0, 20.0)


def incident(minute: float, kind: str, origin: str = "direct") -> tuple[object, ...]:
    return (minute, int(minute), 3, kind, origin, -1, "staff" if kind == "assault" else "none", 1, 1, 0, 0, "general")


def test_the_day_is_the_first_with_an_assault_on_the_ward_after_two_weeks() -> None:
    later = 20 * DAY + 700.0
    columns = facts(
        incident=[incident(3 * DAY, "assault"), incident(16 * DAY, "assault", "away"), incident(18 * DAY, "verbal"), incident(later, "assault")],
        admission=[(1.0, 3, "home", 0.0, "direct", 3, "k"), (later + 10, 4, "home", 0.0, "direct", 3, "k"), (30 * DAY, 5, "home", 0.0, "direct", 3, "k")],
        discharge=[(later + 20, 3, 1.0, 1.0, "", "home", "ward")],
        duty=[(20 * DAY - 100, 20 * DAY + 450, 1, "rn", 5, "substantive", "night", 1.0, 1), (25 * DAY, 25 * DAY + 9, 2, "rn", 5, "substantive", "early", 1.0, 1)],
        segment=[
            (20 * DAY, 20 * DAY + 10, 1, "rn", "documentation", -1, 1), (20 * DAY + 10, 20 * DAY + 30, 1, "rn", "documentation", -1, 1),
            (20 * DAY + 30, 20 * DAY + 40, 1, "rn", "one_to_one", 3, 2),
        ],
        report=[(later + 60, int(later), 1)],
    )  # fmt: skip
    table = one_day(columns, 0.0, 60 * DAY)
    assert table.shape[1] == len(COLUMNS)
    rows = told(table)
    assert rows[0][:3] == ("day", 20 * DAY, 21 * DAY)
    by = {what: [row for row in rows if row[0] == what] for what in {row[0] for row in rows}}
    assert by["duty"] == [("duty", -100.0, 450.0, 1, "rn", "", None, "")]
    assert [(row[1], row[2], row[5], row[6]) for row in by["work"]] == [(0.0, 30.0, "documentation", None), (30.0, 40.0, "one_to_one", 3)]
    assert [row[6] for row in by["stay"]] == [3, 4]
    assert [(row[1], row[3], row[5], row[7]) for row in by["incident"]] == [(700.0, 1, "assault", "reported")]


def test_a_quiet_ward_shows_the_first_day_after_two_weeks() -> None:
    assert told(one_day(facts(), 0.0, 60 * DAY)) == [("day", 14 * DAY, 15 * DAY, None, "", "", None, "")]
