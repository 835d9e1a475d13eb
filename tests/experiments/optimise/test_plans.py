"""A reader can tell which factor each level of a plan's name belongs to."""

from __future__ import annotations

import numpy as np

from tests.experiments.optimise.made_up import bank_of, values_of
from wardsim.experiments.optimise.pareto import Objective, front
from wardsim.experiments.optimise.plans import Plans
from wardsim.experiments.optimise.shadow import shadow_prices
from wardsim.experiments.optimise.tables import front_table, shadow_table
from wardsim.experiments.optimise.words import text_of

LEVELS = [("as now", "as now"), ("one more", "as now"), ("as now", "all kept")]
POINTS = [
    {
        "cell": f"{nurses} / {training}",
        "labels": {"nurses": nurses, "training": training},
        "values": {"nurses": float(nurses == "one more"), "training": 2.0 * (training == "all kept")},
    }
    for nurses, training in LEVELS
]
PLANS = Plans([point["cell"] for point in POINTS] + ["elsewhere"], "steady", ("nurses", "training"), POINTS)


def steps():
    means = [[0.0, 0.0], [30.0, -5.0], [20.0, -4.0]]
    bank, _ = bank_of(values_of(np.random.default_rng(1), means, 80, per_draw=2, parameters=0.2, chance=0.3), ("cost", "assaults"), per_draw=2)
    bank.ask(bank.cells, 80)
    return shadow_prices(bank, [point["values"] for point in POINTS], cost="cost", measure="assaults"), bank


def test_names_are_spelled_out_with_their_factors():
    assert PLANS.title == "nurses / training"
    assert PLANS.spelled(1) == "nurses one more, training as now"
    assert PLANS.spelled(1, without="nurses") == "training as now"
    assert PLANS.spelled(3) == "elsewhere"
    assert Plans(["one"]).spelled(0) == "one"


def test_tables_have_a_column_for_each_factor():
    assert PLANS.header == ("nurses", "training", "nurses (number)", "training (number)")
    assert PLANS.place(2) == ("as now", "all kept", 0.0, 2.0)
    assert PLANS.place(3) == (None,) * 4
    found, bank = steps()
    table = front_table(front(bank, [Objective("cost"), Objective("assaults")], times=20), PLANS)
    assert [dict(zip(table.header, row, strict=True))["training"] for row in table.rows] == ["as now", "as now", "all kept"]
    prices = shadow_table(found, PLANS)
    row = dict(zip(prices.header, prices.rows[0], strict=True))
    assert (row["first: nurses"], row["second: nurses"], row["first: training"], row["estimand"]) == ("as now", "one more", "as now", "steady")
    assert row["cost_share_below_low"] <= row["cost_share_below"] <= row["cost_share_below_high"]
    assert row["low"] < row["price"] < row["high"]


def test_a_step_names_levels_and_what_stays():
    text = text_of(steps()[0], PLANS)
    assert "nurses as now to one more (training as now): costs 5.99" in text
    assert "training as now to all kept (nurses as now): costs 4.95" in text
    assert "simulation error" in text
