"""Is the ward in balance?"""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.experiments.drift import drift_of, nursing_posts, verdicts
from wardsim.measures.columns import Columns
from wardsim.ward.core.clock import WEEK, YEAR
from wardsim.ward.core.facts import Facts


def facts(growth):
    f = Facts()
    for week in np.arange(0, 52):
        f.compliance.append((week * WEEK, "a", 100, 80 * (1 + growth * week * WEEK / YEAR)))
        f.compliance.append((week * WEEK, "b", 0, 0))
        skill = 0.5 * (1 + growth * week * WEEK / YEAR)
        f.team.append((week * WEEK, "early", 5, 2, 1, 0.5, skill, skill, skill, skill, skill, skill, 0.1, 2))
    return f


@pytest.mark.parametrize("growth", [0.0, 0.1, -0.05])
def test_slope_a_year_as_a_share_of_the_mean(growth):
    found = drift_of(Columns(facts(growth)), [], 0.0, YEAR)
    expected = growth / (1 + growth / 2)
    assert found["compliance"] == pytest.approx(expected, abs=0.002)
    assert found["skill"] == pytest.approx(expected, abs=0.002)
    assert "tenure" not in found


def test_tenure_of_people_who_stay_grows_by_a_year_a_year():
    stay = [(-2 * YEAR, np.inf), (-4 * YEAR, np.inf)]
    assert drift_of(Columns(Facts()), stay, 0.0, YEAR)["tenure"] == pytest.approx(1 / 3.5, rel=0.02)
    replaced = [(-3 * YEAR, k * WEEK) if k else (0.0, np.inf) for k in range(1)] + [
        (-3 * YEAR, 26 * WEEK),
        (26 * WEEK, np.inf),
    ]
    assert drift_of(Columns(Facts()), replaced, 0.0, YEAR)["tenure"] < 0


def test_verdicts():
    rng = np.random.default_rng(1)

    def runs(mean, sd, n=50):
        return [{"x": float(mean + sd * rng.standard_normal())} for _ in range(n)]

    assert verdicts(runs(0.0, 0.01))["x"].drifted == "no"
    assert verdicts(runs(0.05, 0.01))["x"].drifted == "yes"
    assert verdicts(runs(-0.05, 0.01))["x"].drifted == "yes"
    assert verdicts(runs(0.0, 0.2))["x"].drifted == "undecided"
    assert verdicts([{"x": 0.0}])["x"].drifted == "undecided"
    assert verdicts([{}, {}]) == {}


def test_a_ward_without_people_has_no_posts():
    assert nursing_posts(object()) == []
