"""The rule for the number of runs (coverage at its stop is tested with the differences)."""

from __future__ import annotations

from math import inf

import pytest

from wardsim.experiments.statistics.precision import Estimate, Rule, Target, runs_needed, runs_to_show


def test_says_which_measure_binds_and_how_many_runs_it_needs():
    rule = Rule((Target("contact", 5.0, relative=True), Target("assaults", 0.5)), budget=400)
    check = rule.check(40, {"contact": Estimate(1.0, 2.0, 20.0), "assaults": Estimate(-0.4, 0.5, 3.0)})
    assert check.status == "more"
    assert check.binds == "contact"
    assert check.wanted["contact"] == pytest.approx(1.0)
    assert check.needed == {"contact": pytest.approx(160), "assaults": 40}
    assert check.runs_next == 60
    assert "contact binds" in check.sentence
    assert "160" in check.sentence


def test_stops_when_all_are_met_but_not_before_the_first_stage():
    rule = Rule((Target("x", 1.0),))
    assert rule.first == 40
    assert rule.check(20, {"x": Estimate(0.0, 0.1, None)}).runs_next == 40
    assert rule.check(40, {"x": Estimate(0.0, 0.1, None)}).status == "met"


def test_stops_at_the_budget_with_what_is_still_needed():
    rule = Rule((Target("x", 1.0),), budget=100)
    assert rule.check(80, {"x": Estimate(0.0, 3.0, None)}).runs_next == 100
    check = rule.check(100, {"x": Estimate(0.0, 3.0, None)})
    assert check.status == "budget"
    assert check.runs_next == 100
    assert check.needed["x"] == pytest.approx(900)


def test_what_cannot_be_known_is_infinite_and_does_not_stop():
    rule = Rule((Target("x", 5.0, relative=True), Target("y", 1.0)))
    check = rule.check(40, {"x": Estimate(0.0, 0.3, 0.0), "y": Estimate(None, None, None)})
    assert check.needed == {"x": inf, "y": inf}
    assert check.status == "more"
    assert "not known" in check.sentence


def test_errors_say_what_is_wrong():
    with pytest.raises(ValueError, match="above 0"):
        Target("x", 0.0)
    with pytest.raises(KeyError, match="no estimate of x"):
        Rule((Target("x", 1.0),)).check(40, {"y": Estimate(0.0, 1.0, None)})


def test_runs_that_would_show_a_difference():
    assert runs_needed(2.0, 1.0, 50) == 200
    assert runs_to_show(1.96, 1.0, 100, power=0.5) == pytest.approx(100 * 1.96**2, rel=1e-3)
    assert runs_to_show(1.96, 2.8, 100) == pytest.approx(100, rel=0.01)
    assert runs_to_show(1.0, 0.0, 10) == inf
