"""How many runs, and what they take."""

from __future__ import annotations

import pytest

from wardsim.experiments.plan import BUDGET_SECONDS, LADDER, cores, make_plan, run_keys, runs_within


def test_two_replications_a_draw_and_more_only_add():
    assert run_keys(5, point=False) == ((0, 0), (0, 1), (1, 2), (1, 3), (2, 4))
    assert run_keys(9, point=False)[:5] == run_keys(5, point=False)
    assert run_keys(3, point=True) == ((-1, 0), (-1, 1), (-1, 2))


@pytest.mark.parametrize("seconds", [0.02, 0.4, 0.7, 1.3, 5.0, 60.0])
@pytest.mark.parametrize("processes", [1, 2, 8])
def test_a_default_run_ends_within_two_minutes(seconds, processes):
    plan = make_plan(None, point=False, processes=processes, seconds_per_run=seconds)
    assert plan.runs in LADDER
    assert seconds + plan.seconds < max(120.0, seconds * (LADDER[0] + 1))


def test_the_ladder_makes_the_same_choice_for_nearly_the_same_time():
    assert len({runs_within(0.7 * f, 2) for f in (0.95, 1.0, 1.05)}) <= 2
    assert runs_within(BUDGET_SECONDS, 1) == LADDER[0]


def test_what_was_asked_for_is_done():
    plan = make_plan(7, point=False, processes=None, seconds_per_run=1.0)
    assert (plan.runs, plan.draws, plan.per_draw) == (7, 4, 2)
    assert plan.processes == min(cores(), 6)
    one = make_plan(1, point=True, processes=4, seconds_per_run=1.0)
    assert (one.runs, one.processes, one.seconds) == (1, 1, 0.0)


def test_disk_grows_with_saved_starts():
    small, large = (
        make_plan(100, point=False, processes=2, seconds_per_run=1.0, saves_starts=s).bytes for s in (False, True)
    )
    assert large > small
