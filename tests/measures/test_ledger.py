"""The ledger of staff minutes: it closes, and it says so when it does not."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.hand import PARAMETERS, QUIET, put, ward
from wardsim.measures import Columns, LedgerError, measure
from wardsim.measures.ledger import IDLE, close, time_table
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts

TWO_PEOPLE = (
    ("duty", {"start": 0.0, "end": 480.0, "person": 1}),
    ("duty", {"start": 480.0, "end": 960.0, "person": 1, "shift": "late"}),
    ("duty", {"start": 0.0, "end": 480.0, "person": 2, "role": "hca", "band": 3}),
    ("segment", {"start": 0.0, "end": 100.0, "person": 1, "kind": "handover"}),
    ("segment", {"start": 100.0, "end": 150.0, "person": 1, "kind": "one_to_one"}),
    ("segment", {"start": 50.0, "end": 80.0, "person": 2, "role": "hca", "kind": "meal"}),
    ("segment", {"start": 470.0, "end": 480.0, "person": 1, "kind": "documentation"}),
    ("segment", {"start": 480.0, "end": 500.0, "person": 1, "kind": "documentation"}),
)


def test_minutes_close_for_each_person_and_shift_and_the_run():
    ledger = close(Columns(ward(*TWO_PEOPLE)))
    assert ledger.residual == 0.0
    assert ledger.duty.tolist() == [0, 0, 2, 0, 1]
    assert ledger.by_person() == {1: (960.0, 180.0, 780.0), 2: (480.0, 30.0, 450.0)}
    assert ledger.by_shift() == {(0, "early"): (960.0, 190.0, 770.0), (0, "late"): (480.0, 20.0, 460.0)}
    assert ledger.on_duty.sum() == ledger.worked.sum() + ledger.idle.sum() == 1440.0


def test_table_of_minutes_sums_to_time_on_duty():
    columns = Columns(ward(*TWO_PEOPLE))
    table = time_table(columns, 50.0, 490.0)
    assert table == [
        ("rn", "indirect", "documentation", 20.0),
        ("rn", "indirect", "handover", 50.0),
        ("rn", "direct", "one_to_one", 50.0),
        ("rn", IDLE, IDLE, 320.0),
        ("hca", "service", "meal", 30.0),
        ("hca", IDLE, IDLE, 400.0),
    ]
    assert sum(row[3] for row in table) == 440.0 + 430.0


@pytest.mark.parametrize(
    ("extra", "message", "residual"),
    [
        (("segment", {"start": 140.0, "end": 160.0}), "1 overlaps in segment: person 1 at 140.00", 10.0),
        (("segment", {"start": 110.0, "end": 120.0}), "1 overlaps in segment: person 1 at 110.00", 40.0),
        (("segment", {"start": 950.0, "end": 980.0}), "outside the duty of their person: person 1 from 950.00 to 980.00", 20.0),
        (("segment", {"start": -30.0, "end": -10.0}), "outside the duty of their person: person 1 from -30.00 to -10.00", 20.0),
        (("segment", {"start": 20.0, "end": 30.0, "person": 3}), "outside the duty of their person: person 3", 10.0),
        (("segment", {"start": 600.0, "end": 590.0}), "segment of person 1 ends at 590.00 before it starts", 0.0),
        (("duty", {"start": 900.0, "end": 990.0}), "1 overlaps in duty: person 1 at 900.00", 60.0),
    ],
)
def test_what_does_not_close_is_an_error(extra, message, residual):
    with pytest.raises(LedgerError) as caught:
        close(Columns(ward(*TWO_PEOPLE, extra)))
    assert message in str(caught.value)
    assert caught.value.residual == pytest.approx(residual, abs=0.01)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.residual) == (str(caught.value), caught.value.residual)


def test_measuring_facts_that_do_not_close_is_an_error():
    facts = ward(*TWO_PEOPLE, ("segment", {"start": 140.0, "end": 160.0}))
    with pytest.raises(LedgerError):
        measure(facts, QUIET, PARAMETERS, 0.0, DAY)


def test_rounding_is_reported_and_no_error():
    facts = ward(*TWO_PEOPLE, ("segment", {"start": 150.0 - 1e-6, "end": 160.0}))
    got = measure(facts, QUIET, PARAMETERS, 0.0, DAY)["time_ledger_residual_min"]
    assert got.value == pytest.approx(1e-6, rel=1e-3)


def test_work_without_anybody_on_duty_is_an_error():
    with pytest.raises(LedgerError, match="nobody was ever on duty"):
        close(Columns(ward(("segment", {"start": 0.0, "end": 5.0}))))


def test_rows_may_be_written_in_any_order():
    facts = ward(*reversed(TWO_PEOPLE))
    assert close(Columns(facts)).by_person() == {1: (960.0, 180.0, 780.0), 2: (480.0, 30.0, 450.0)}


@pytest.mark.property
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.lists(st.integers(0, 60), max_size=8)), max_size=12))
def test_any_day_of_work_inside_duties_closes(shifts):
    """People work shifts that do not overlap; in each they do pieces of work with or without pauses between."""
    facts = Facts()
    put(facts, "beds", time=0.0)
    worked: dict[int, float] = {}
    for n, (person, pause, pieces) in enumerate(shifts):
        start = n * 1000.0
        at = start
        for minutes in pieces:
            if minutes:
                put(facts, "segment", start=at + pause, end=at + pause + minutes, person=person, kind="meal")
            at += pause + minutes
            worked[person] = worked.get(person, 0.0) + minutes
        put(facts, "duty", start=start, end=at + pause, person=person)
    ledger = close(Columns(facts))
    assert ledger.residual == 0.0
    for person, (on_duty, busy, idle) in ledger.by_person().items():
        assert busy == worked.get(person, 0.0)
        assert idle >= 0.0
        assert on_duty == busy + idle
