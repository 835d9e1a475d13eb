"""A ward saved with work in hand and taken up again goes on as if nothing had happened, fact by fact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from tests.levers.bench import scenario
from tests.support import point_parameters
from wardsim.measures import measure
from wardsim.parameters.conditioning import condition
from wardsim.ward.core.clock import DAY, WEEK, Later
from wardsim.ward.core.facts import TABLES, Facts
from wardsim.ward.incidents.incident import Incident
from wardsim.ward.ward import Ward

OPENING = {
    "referral": lambda row, begin: row[12] == "census",
    "admission": lambda row, begin: row[4] == "census",
    "out_of_area": lambda row, begin: row[0] == begin,
    "observation": lambda row, begin: row[3] == "continued",
    "employment": lambda row, begin: row[6] == "in_post",
    "vacancy": lambda row, begin: row[0] == begin,
    "beds": lambda row, begin: row[0] == begin,
}
"""Rows by which a run that begins says what it found."""
CUT = ("absence", "leave_owed", "exposure")
"""Tables whose rows count only what lies in the run."""


def save(ward: Ward) -> dict[str, Any]:
    """A state as it comes back from a file."""
    state: dict[str, Any] = json.loads(json.dumps(ward.save(), allow_nan=False))
    return state


def rows_after(facts: Facts, before: Facts | None, begin: float) -> dict[str, list[str]]:
    """Rows of each table as text (NaN equals NaN): those not written `before`, without what a begin states."""
    found = {}
    for name in TABLES:
        if name in CUT:
            continue
        new = facts.table(name)[len(before.table(name)) if before is not None else 0 :]
        states = OPENING.get(name)
        found[name] = [repr(row) for row in new if before is not None or states is None or not states(row, begin)]
    return found


def assert_goes_on(changes: Mapping[str, Any], replication: int, cut: float, days: float) -> Ward:
    """A ward run straight through, and the same ward saved at `cut` (minutes) and taken up again, have the same facts."""
    scene = scenario(changes)
    p = condition(scene, point_parameters())
    until = cut + days * DAY
    whole = Ward(scene, p, 11, replication, begin=0.0, until=until)
    whole.ctx.env.run(until=cut)
    before = Facts()
    for name in TABLES:
        before.table(name).extend(whole.ctx.facts.table(name))
    state = save(whole)
    again = Ward(scene, p, 11, replication, begin=cut, until=until, start=state)
    expected = rows_after(whole.run(), before, cut)
    found = rows_after(again.run(), None, cut)
    for name, rows in expected.items():
        assert found[name] == rows, name
    assert len(expected["task"]) > 100 * days
    return again


@pytest.mark.parametrize("replication", [0, 1, 2, 3])
@pytest.mark.parametrize("day", [20, 33])
def test_facts_after_a_saved_midnight_are_the_same_byte_for_byte(day: int, replication: int) -> None:
    assert_goes_on({"ward.seclusion_rooms": 2}, replication, day * DAY, 14.0)


def test_somebody_still_to_begin_leaves_when_they_would_have_left() -> None:
    """Replication 2 is saved between a healthcare assistant's acceptance of a post (day 20) and a first day soon followed by the last."""
    ward = assert_goes_on({}, 2, 20 * DAY, 21.0)
    assert [row[6] for row in ward.ctx.facts.employment if row[2] == "4005.1"] == ["hired", "left"]


@pytest.mark.parametrize("clock", [9.0 * 60, 12.25 * 60 + 7.0, 21.25 * 60, 23.9 * 60])
def test_a_ward_may_be_saved_at_any_minute_of_the_day(clock: float) -> None:
    programme = {"kind": "relational_safety", "start_week": -26, "staff_hours_per_week": 20, "evidence_grade": "trial"}
    assert_goes_on({"programmes": [programme], "work.physical_health_lead": True}, 1, 23 * DAY + clock, 5.0)


def stories(ward: Ward) -> list[str]:
    """Steps of incidents that are to come."""
    return [
        event.call.__name__
        for event in ward.ctx.env.queue
        if isinstance(event, Later) and isinstance(event._value, tuple) and isinstance(event._value[0], Incident)
    ]


def test_an_incident_goes_on_where_it_was() -> None:
    scene = scenario({"ward.seclusion_rooms": 2})
    ward = Ward(scene, condition(scene, point_parameters()), 11, 0, begin=0.0, until=90 * DAY)
    cuts: dict[str, float] = {}
    while ward.ctx.env.now < 80 * DAY:
        ward.ctx.env.run(until=ward.ctx.env.now + 5.0)
        for step in stories(ward):
            cuts.setdefault(step, ward.ctx.env.now)
    assert {"_boils_over", "_talked_down", "_let_go", "_after_restraint", "_calmed", "_ends"} <= set(cuts)
    for cut in cuts.values():
        assert_goes_on({"ward.seclusion_rooms": 2}, 0, cut, 1.0)


def unaccounted(state: dict[str, Any], facts: Facts) -> set[int]:
    """Tasks in hand when a ward was saved that never ended afterwards."""
    ends = [row[3] for row in facts.task]
    assert len(ends) == len(set(ends))
    return {task["id"] for task in state["in_hand"]["tasks"]} - set(ends)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"staffing.pattern": "mixed", "training.courses": []},
        {"start.census": [{"days_since_admission": 3.0 * n} for n in range(1, 15)]},
    ],
)
def test_no_task_is_lost_in_the_option_that_goes_on(changes: dict[str, Any]) -> None:
    base = scenario({})
    p = condition(base, point_parameters())
    first = Ward(base, p, 11, 0, begin=-3 * DAY, until=14 * 60.0)
    ended = {row[3] for row in first.advance().task}
    state = save(first)
    begun = {task["id"] for task in state["in_hand"]["tasks"]}
    assert len(begun) > 5
    assert begun | ended == set(range(state["in_hand"]["dispatcher"]["next_id"]))
    option = scenario(changes)
    facts = Ward(option, condition(option, point_parameters()), 11, 0, begin=14 * 60.0, until=3 * DAY, start=state).run()
    assert unaccounted(state, facts) == set()
    rounds = [row[0] for row in facts.task if row[4] == "general_observation" and row[0] > 14 * 60.0]
    assert len(rounds) == len(set(rounds))
    gone = [row for row in facts.task if row[3] in begun and row[6] == "cancelled"]
    assert (len(gone) > 0) is ("start.census" in changes)


def test_work_that_nobody_can_save_is_refused() -> None:
    scene = scenario({})
    ward = Ward(scene, condition(scene, point_parameters()), 11, 0, begin=0.0, until=DAY)
    ward.ctx.env.run(until=10 * 60.0)
    task = ward.ctx.dispatcher.in_hand()[0]
    task.note = object()
    with pytest.raises(TypeError, match="refers to a object"):
        ward.save()
    task.note, task.on_end = None, Incident.save.__get__(object())
    with pytest.raises(TypeError, match="of no part"):
        ward.save()


@pytest.mark.slow
@pytest.mark.statistical
def test_nothing_moves_when_a_run_begins_from_a_saved_ward() -> None:
    """Paired over 20 replications of 90 days; each of three measures: |t| above 3.88 by chance in one run of a thousand."""
    scene = scenario({})
    p = condition(scene, point_parameters())
    names = ("missed_breaks", "one_to_one_min_per_patient_day", "de_escalated")
    differences = []
    for replication in range(20):
        whole = Ward(scene, p, 11, replication, begin=-6 * WEEK, until=90 * DAY)
        whole.ctx.env.run(until=0.0)
        again = Ward(scene, p, 11, replication, begin=0.0, until=90 * DAY, start=save(whole))
        a, b = (measure(ward.run(), scene, p, 0.0, 90 * DAY) for ward in (whole, again))
        differences.append([b[name].value - a[name].value for name in names])
    table = np.array(differences)
    error = table.std(axis=0, ddof=1) / np.sqrt(len(table))
    assert (np.abs(table.mean(axis=0)) <= 3.88 * error + 1e-9).all()
