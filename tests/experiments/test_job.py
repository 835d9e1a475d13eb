"""One job: the chain, the windows, failures as data."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.experiments.fake_ward import RATE, FakeWard, condition, draw, fails_at_3, fake, measure, parts
from wardsim.experiments.job import Job, Parts, parameters_of, simulate
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import WEEK, YEAR

SCENARIO = Scenario(name="test")


def job(**changes):
    settings = {"scenario": SCENARIO, "draw": 0, "replication": 0, "seed": 1, "years": 0.1, "warm_up_weeks": 1.0}
    return Job(**{**settings, **changes})


def test_steady_burns_in_the_scenario_itself_and_measures_after_the_warm_up():
    FakeWard.made.clear()
    result = fake(job())
    assert result.failure is None
    assert FakeWard.made == [("test", -26 * WEEK)]
    assert job().measured == (WEEK, WEEK + 0.1 * YEAR)
    assert result.names[0] == "assaults_true_per_1000_obd"
    value, top, bottom = result.values[0, 0]
    assert value == pytest.approx(1000 * top / bottom)
    assert result.missing == {"stay_median_days": "nobody was discharged"}
    assert result.parameters[RATE] == draw(1, 0)[RATE]
    assert result.drift == {"compliance": 0.0, "skill": 0.0}


def test_transition_starts_from_the_saved_baseline_and_measures_by_quarter():
    FakeWard.made.clear()
    base = Scenario(name="base")
    result = fake(job(estimand="transition", years=3.0, baseline=base))
    assert FakeWard.made == [("base", -26 * WEEK), ("test", 0.0)]
    assert len(result.values) == 13
    assert result.values[1:, 0, 1].sum() == result.values[0, 0, 1]
    assert result.drift == {}


@pytest.mark.parametrize(("years", "windows"), [(3.0, 13), (1.0, 5), (0.25, 1), (0.3, 1), (0.5, 3), (1.1, 5)])
def test_quarters_cover_the_measured_period_once(years, windows):
    found = job(estimand="transition", years=years).windows()
    assert len(found) == windows
    assert found[0] == (0.0, years * YEAR)
    if windows > 1:
        assert found[1][0] == 0.0
        assert found[-1][1] == found[0][1]
        assert all(a[1] == b[0] for a, b in pairwise(found[1:]))


def test_what_was_solved_for_the_baseline_holds_after_the_change():
    bigger = SCENARIO.model_copy(update={"ward": SCENARIO.ward.model_copy(update={"beds": 24})})
    own, before = parameters_of(job(scenario=bigger, baseline=SCENARIO, estimand="transition"), parts())
    assert own["flow.referrals_per_week"] == before["flow.referrals_per_week"] == 3.0 + 18
    own, _ = parameters_of(job(scenario=bigger), parts())
    assert own["flow.referrals_per_week"] == 3.0 + 24


def test_the_same_job_gives_the_same_result_and_another_replication_another():
    a, b, c = fake(job()), fake(job()), fake(job(replication=1))
    assert np.array_equal(a.values, b.values, equal_nan=True)
    assert a.counts == b.counts
    assert a.values[0, 0, 1] != c.values[0, 0, 1]


def test_a_failure_is_data():
    failure = fails_at_3(job(replication=3)).failure
    assert (failure.stage, failure.seed, failure.draw, failure.replication) == ("ward", 1, 0, 3)
    assert failure.error == "RuntimeError: nobody knows"
    assert failure.traceback.splitlines()[-1].startswith("tests/experiments/fake_ward.py:")
    assert "/work" not in failure.traceback


def test_each_stage_is_named():
    def wrong(*_args, **_kwargs):
        raise ValueError("no")

    assert simulate(job(), Parts(wrong, condition, FakeWard, measure)).failure.stage == "parameters"
    assert simulate(job(), Parts(draw, condition, FakeWard, wrong)).failure.stage == "measures"
    assert simulate(job(estimand="transition"), Parts(draw, condition, wrong, measure)).failure.stage == "start"


def test_events_of_the_run_come_back_when_asked():
    assert fake(job()).events == []
    assert fake(job(events=True)).events == []  # the fake ward admits nobody
