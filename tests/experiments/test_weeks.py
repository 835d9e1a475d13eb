"""Weeks of a run: their sums are the measures over the same weeks."""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.experiments.job import Job, simulate
from wardsim.experiments.profile import NAMES
from wardsim.experiments.weeks import WEEKLY
from wardsim.scenario.schema import Scenario

WEEKS = 3


def test_sums_of_weeks_are_those_of_the_measures() -> None:
    scenario = Scenario.model_validate({"name": "Three weeks", "start": {"burn_in_weeks": 1}})
    job = Job(scenario, -1, 0, 20250407, years=(7 * WEEKS + 2) / 365.25, warm_up_weeks=0.0, extra="profile", tables=False)
    whole = Job(scenario, -1, 0, 20250407, years=7 * WEEKS / 365.25, warm_up_weeks=0.0, tables=False)
    result, measured = simulate(job), simulate(whole)
    assert result.failure is None
    weeks = result.extra[len(NAMES) :].astype(np.float64)
    assert weeks.shape == (WEEKS * len(WEEKLY), 2), "two days more are no week"
    for at, (name, factor) in enumerate(WEEKLY.items()):
        value, top, bottom = measured.values[0, measured.names.index(name)]
        tops, days = weeks[at :: len(WEEKLY)].T
        assert tops.sum() == pytest.approx(top, rel=1e-6)
        assert days.sum() == pytest.approx(bottom, rel=1e-6)
        assert factor * tops.sum() / days.sum() == pytest.approx(value, rel=1e-6)
        assert (days > 0).all()
