"""Each staff minute on exactly one activity, counted here piece by piece and compared with the ledger; work adds up."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from math import isfinite
from typing import Any

from tests.property.random_ward import Run
from wardsim.measures.ledger import time_table
from wardsim.ward.core.clock import DAY
from wardsim.ward.work.kinds import KINDS

ROUNDING = 1e-6
"""Minutes."""


def times_in_order(run: Run) -> None:
    """No interval ends before it starts; nothing happens outside the run."""
    for table in ("segment", "duty", "leave", "absence", "round", "group", "shift"):
        for row in run.rows(table):
            assert row.start <= row.end, (table, row)
    for table in ("segment", "duty", "round", "group"):
        for row in run.rows(table):
            assert run.begin <= row.start, (table, row)
            assert row.end <= run.until + ROUNDING, (table, row)
    for table in (
        "referral",
        "admission",
        "ready",
        "discharge",
        "beds",
        "incident",
        "containment",
        "injury",
        "report",
        "out_of_area",
    ):
        for row in run.rows(table):
            assert run.begin <= row.time <= run.until, (table, row)


def every_minute_once(run: Run) -> None:
    """Pieces of work of one person lie inside that person's duties and do not overlap, nor do the duties."""
    duties = _by_person(run, "duty")
    for person, rows in _by_person(run, "segment").items():
        mine = iter(duties[person])
        duty = next(mine)
        last = run.begin
        for row in rows:
            assert row.start >= last - ROUNDING
            while row.start >= duty.end - ROUNDING:
                duty = next(mine)
            assert duty.start - ROUNDING <= row.start
            assert row.end <= duty.end + ROUNDING
            assert row.role == duty.role
            last = row.end
    for rows in duties.values():
        for a, b in pairwise(rows):
            assert a.end <= b.start


def ledger_closes(run: Run) -> None:
    """The residual is nothing and the totals are the duty roster's, by person, by shift, by role and in all."""
    ledger = run.view.ledger
    assert abs(ledger.residual) < ROUNDING
    on_duty = sum(r.end - r.start for r in run.rows("duty"))
    worked = sum(r.end - r.start for r in run.rows("segment"))
    for part in (ledger.by_person(), ledger.by_shift()):
        assert abs(sum(v[0] for v in part.values()) - on_duty) < ROUNDING * (1 + len(part))
        assert abs(sum(v[1] for v in part.values()) - worked) < 1e-4
        assert all(v[2] > -ROUNDING for v in part.values())
    table = time_table(run.columns, run.begin, run.until)
    assert abs(sum(row[3] for row in table) - on_duty) < 1e-4
    assert all(row[3] > -1e-4 for row in table)


def tasks_add_up(run: Run) -> None:
    """What was delivered is what people worked on it; done is all of it, not done is none of it; each task ends once."""
    worked: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for s in run.rows("segment"):
        worked[s.task][s.person] += s.end - s.start
    seen: set[int] = set()
    for task in run.rows("task"):
        assert task.task not in seen
        seen.add(task.task)
        mine = worked.pop(task.task, {})
        _task_adds_up(task, sum(mine.values()), max(mine.values(), default=0.0))
    assert not worked, "work on tasks that never ended"


def _task_adds_up(task: Any, total: float, longest: float) -> None:
    assert task.outcome in ("done", "cut_short", "not_done", "cancelled")
    assert task.kind in KINDS
    assert task.delivered_min >= longest - ROUNDING
    if not isfinite(task.planned_min):  # held until the emergency is over: others may join
        assert total >= task.delivered_min - ROUNDING
        return
    assert abs(total - task.delivered_min * task.people) < 1e-4, task
    assert 0.0 <= task.delivered_min <= task.planned_min + ROUNDING
    assert (task.started == task.started) == (task.outcome == "done" or task.delivered_min > 0.0 or task.started <= task.ended)
    if task.outcome == "done":
        assert abs(task.delivered_min - task.planned_min) < ROUNDING
    if task.outcome == "not_done":
        assert task.delivered_min == 0.0


def shifts_agree_with_duties(run: Run) -> None:
    """People counted on a shift came on duty for it: nobody is counted who was not there, or twice."""
    came = Counter((r.shift, int(r.start // DAY), r.employment) for r in run.rows("duty") if r.role in ("rn", "hca", "na"))
    if run.scenario.staffing.pattern == "mixed":
        return  # a long day counts in two periods
    for name in ("bank", "agency"):
        counted = Counter()
        for row in run.rows("shift"):
            counted[row.shift, row.day, name] += getattr(row, name)
        for (shift, day, _), n in counted.items():
            after = came[shift, day, name] + came[shift, day + 1, name] + came[shift, day - 1, name]
            assert n <= after, (shift, day, name)


def absent_people_are_not_on_duty(run: Run) -> None:
    """Nobody begins a shift on a day of leave, sickness or study."""
    away: dict[int, list[Any]] = defaultdict(list)
    for row in run.rows("absence"):
        if row.cause != "injury":
            away[row.person].append(row)
    for duty in run.rows("duty"):
        for row in away[duty.person] if duty.start > run.begin else ():  # a night in hand when the run begins
            assert not row.start <= duty.start < row.end, (duty, row)


def leave_closes(run: Run) -> None:
    """Opening and granted is taken, lost, settled and owed, at every row; what was taken is the absence that was written."""
    effect = {"opening": 1, "granted": 1, "taken": -1, "lost": -1, "settled": -1, "given_back": 0, "rebooked": 0, "carried": 0}
    owed: dict[int, float] = defaultdict(float)
    taken: dict[int, float] = defaultdict(float)
    for row in run.rows("leave_owed"):
        owed[row.person] += effect[row.event] * row.hours
        assert abs(owed[row.person] - row.balance) < ROUNDING, row
        if row.event == "taken":
            taken[row.person] += row.hours
    for person, plan in run.ward.staffing.roster.plans.items():
        assert abs(owed[person] - plan.leave_balance * plan.person.weekly_hours / 7.0) < ROUNDING
    for row in run.rows("employment"):
        if row.event == "left":
            assert abs(owed[row.person]) < ROUNDING
    whole_days = run.until % DAY == 0.0
    for row in run.rows("absence") if whole_days else ():
        if row.cause == "annual_leave":
            taken[row.person] -= row.hours
    assert not whole_days or all(abs(hours) < ROUNDING for hours in taken.values())


def _by_person(run: Run, table: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(run.rows(table), key=lambda r: (r.start, r.end)):
        found[row.person].append(row)
    return found


LAWS: tuple[Any, ...] = (
    times_in_order, every_minute_once, ledger_closes, tasks_add_up, shifts_agree_with_duties, absent_people_are_not_on_duty,
    leave_closes,
)  # fmt: skip
