"""Facts by column: the same alone and together, whole and from the measured run on."""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.measures import columns as module
from wardsim.measures.columns import Columns
from wardsim.ward.core.facts import Facts

N = 2 * module.BLOCK + 3


def work(n: int = N) -> Facts:
    facts = Facts()
    for i in range(n):
        facts.segment.append((i * 1.5, i * 1.5 + 1, i % 7, "rn" if i % 3 else "hca", f"kind {i % 5}", -1, i))
        facts.round.append((float(i), i + 0.5, "general_observation", tuple(range(i % 4))))
    return facts


@pytest.mark.parametrize("others", [(), ("start",), ("start", "end", "role", "kind")])
def test_a_column_is_the_same_whatever_was_asked_of_the_table_before(others, monkeypatch):
    monkeypatch.setattr(module, "_asked", {})
    before = Columns(work(5))
    for name in others:
        (before.floats if name in ("start", "end") else before.codes)("segment", name)
    facts = work()
    made = Columns(facts)
    numbers, names = made.codes("segment", "kind")
    assert [list(names)[i] for i in numbers] == [row[4] for row in facts.segment]
    assert list(names) == [f"kind {i}" for i in range(5)]
    assert made.floats("segment", "end").tolist() == [row[1] for row in facts.segment]
    assert made.ints("segment", "person").tolist() == [row[2] for row in facts.segment]
    assert made.lengths("round", "patients").tolist() == [i % 4 for i in range(N)]
    assert made.floats("segment", "end") is made.floats("segment", "end")


def test_what_was_asked_of_wider_rows_is_not_looked_for_in_narrower_ones(monkeypatch):
    monkeypatch.setattr(module, "_asked", {})
    Columns(work(2)).ints("segment", "task")
    old = Facts()
    old.segment.append((0.0, 1.0, 1, "rn", "meal"))
    assert Columns(old).floats("segment", "start").tolist() == [0.0]


def test_an_empty_table_has_empty_columns():
    made = Columns(Facts())
    assert made.floats("segment", "start").dtype == np.float64
    assert made.codes("segment", "kind")[0].dtype == np.int64
    assert len(made.lengths("group", "patients")) == 0
    assert made.since("segment", "end", 5.0) is made


@pytest.mark.parametrize("first", [-1.0, 0.0, 10.0, float(module.BLOCK), float(N - 1), float(N), 1e9])
def test_what_is_left_out_is_before_the_first_moment_and_nothing_else_is_missing(first):
    facts = work()
    facts.round.append((3.0, 3.5, "general_observation", ()))  # written late
    part = Columns(facts).since("round", "start", first)
    kept = part.rows("round")
    assert kept == facts.round[len(facts.round) - len(kept) :]
    assert all(row[0] < first for row in facts.round[: len(facts.round) - len(kept)])
    assert sum(row[0] >= first for row in kept) == sum(row[0] >= first for row in facts.round)
    assert part.floats("round", "start").tolist() == [row[0] for row in kept]
