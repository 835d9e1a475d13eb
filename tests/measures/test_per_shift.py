"""The table of shifts, by hand: people by paid hours, events with the shift that began last, acuity of the day, patients present."""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.measures.columns import Columns
from wardsim.measures.per_shift import COLUMNS, per_shift
from wardsim.ward.core.facts import Facts

pytestmark = pytest.mark.unit
PLACE = {name: i for i, name in enumerate(COLUMNS)}


def facts() -> Facts:
    f = Facts()
    f.beds += [(-10.0, 10, 0, 0, 0, 0, 0), (600.0, 12, 0, 0, 0, 0, 0)]
    f.acuity += [(0, 1, 1, 1, 1, 1), (1, 0, 0, 0, 0, 4)]
    # day, shift, role, required, rostered, substantive, overtime, bank, agency, extra, lent, worked, planned
    f.shift += [
        (420.0, 885.0, 0, "early", "rn", 2, 2, 1, 0, 1, 0, 0, 0, 14.5, 14.5),
        (420.0, 885.0, 0, "early", "hca", 3, 3, 3, 0, 0, 0, 0, 0, 18.125, 21.75),
        (825.0, 1290.0, 0, "late", "rn", 2, 2, 2, 0, 0, 0, 0, 0, 14.5, 14.5),
        (825.0, 1290.0, 0, "late", "hca", 0, 0, 1, 0, 0, 0, 1, 0, 7.25, 0.0),
        (1260.0, 1890.0, 0, "night", "rn", 1, 1, 1, 0, 0, 0, 0, 0, 9.5, 9.5),
        (1260.0, 1890.0, 0, "night", "hca", 2, 2, 1, 0, 0, 1, 0, 0, 19.0, 19.0),
    ]
    for number, (time, kind, origin, told) in enumerate([
        (430.0, "verbal", "direct", True), (840.0, "assault", "escalation", True), (900.0, "assault", "direct", False),
        (1300.0, "self_harm", "direct", True), (1310.0, "assault", "away", True), (100.0, "verbal", "direct", True),
    ]):  # fmt: skip
        f.incident.append((time, number, 1, kind, origin, -1, "staff", 1, 1, 0, 0, "general"))
        if told:
            f.report.append((time + 5, number, 0))
    f.incident.sort()
    f.containment += [(845.0, 1, 1, "restraint", 10, 3, 3), (846.0, 1, 1, "prn", 5, 1, 1)]
    return f


def test_by_hand() -> None:
    found = per_shift(Columns(facts()), 0.0, 2880.0)
    assert found.shape == (3, len(COLUMNS))

    def column(name: str) -> list[float]:
        return [round(float(x), 4) for x in found[:, PLACE[name]]]

    assert column("kind") == [0, 1, 2]
    assert column("nursing") == [2 + 2.5, 3.0, 1 + 2]
    assert column("registered") == [2, 2, 1]
    assert column("temporary") == [0.2, 0, 0.3333]
    assert column("aggression") == [1, 1, 0]  # at 14:00 the late shift has begun; the one away and the one before are not counted
    assert column("assaults") == [0, 1, 0]
    assert column("aggression_true") == [1, 2, 0]
    assert column("restrictive") == [0, 1, 0]
    assert column("self_harm") == [0, 0, 1]
    assert column("acuity") == [3, 3, 3]
    assert column("present") == pytest.approx([round((180 * 10 + 225 * 12) / 405, 4), 12, 12])


def test_a_window_without_shifts_is_empty() -> None:
    assert per_shift(Columns(facts()), 5000.0, 6000.0).shape == (0, len(COLUMNS))
    assert per_shift(Columns(Facts()), 0.0, 100.0).shape == (0, len(COLUMNS))


def test_what_was_never_counted_is_not_known() -> None:
    f = facts()
    f.acuity.clear()
    assert np.isnan(per_shift(Columns(f), 0.0, 2880.0)[:, PLACE["acuity"]]).all()
