"""Row A13: the shipped ward of good practice is reached by levers a ward has, and each acts through facts that can be seen."""

from __future__ import annotations

import pytest

from tests.levers.bench import SOLVED_FOR_BASELINE, Run
from wardsim.measures import measure
from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.scenario.load import load
from wardsim.scenario.schema import Scenario
from wardsim.scenario.shipped import shipped
from wardsim.ward.core.clock import DAY
from wardsim.ward.ward import Ward

pytestmark = pytest.mark.lever
DAYS = 250.0


def ward_year(scenario: Scenario, usual: Scenario) -> Run:
    point = Ledger.load().point()
    before = condition(usual, point)
    p = {**condition(scenario, point), **{name: before[name] for name in SOLVED_FOR_BASELINE}}
    ward = Ward(scenario, p, 20250407, 1, begin=0.0, until=DAYS * DAY)
    facts = ward.run()
    return Run(facts, measure(facts, scenario, p, 0.0, DAYS * DAY), ward)


def test_a13_good_practice_is_better_by_means_that_wards_have() -> None:
    usual = load(shipped("scenarios") / "baseline.yaml").scenario
    good = load(shipped("scenarios") / "good-practice.yaml").scenario
    a, b = ward_year(usual, usual), ward_year(good, usual)
    # facts in between: more is planned, less is cut short, fewer are refused, programmes are worked for
    assert b.tasks("one_to_one") > 1.2 * a.tasks("one_to_one")
    assert b["one_to_one_cut_short"] < 0.5 * a["one_to_one_cut_short"]
    assert b.minutes("group", "activity_worker") > a.minutes("group", "activity_worker")
    assert b.minutes("programme_work") > 0 == a.minutes("programme_work")
    assert b["training_refused"] < a["training_refused"]
    # and the measures they are meant for
    assert b["one_to_one_min_per_patient_day"] > 1.4 * a["one_to_one_min_per_patient_day"]
    assert b["restrictive_interventions_per_1000_obd"] < 0.8 * a["restrictive_interventions_per_1000_obd"]
    assert b["training_compliance"] > a["training_compliance"]
    assert b["physical_check_on_time"] > a["physical_check_on_time"]
