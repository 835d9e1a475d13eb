"""Shadow prices between neighbours of a grid: right, covered by their intervals, and silent where a sign is open."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.experiments.optimise.made_up import bank_of, values_of
from wardsim.experiments.optimise.plans import Plans
from wardsim.experiments.optimise.shadow import neighbours, shadow_prices
from wardsim.experiments.optimise.tables import shadow_table
from wardsim.experiments.optimise.words import text_of

NAMES = ("cost", "assaults")


def prices(values, factors, *, per_draw=2, **more):
    bank, _ = bank_of(values, NAMES, per_draw=per_draw, **{k: more.pop(k) for k in ("point",) if k in more})
    bank.ask(bank.cells, len(values))
    return shadow_prices(bank, factors, cost="cost", measure="assaults", **more), bank


def two(rng, money, effect, *, runs=160, parameters=0.2, chance=0.5, common=0.5, per_draw=2):
    """Two neighbours that differ by `money` and `effect`."""
    means = [[0.0, 0.0], [money, effect]]
    return values_of(rng, means, runs, per_draw=per_draw, parameters=parameters, chance=chance, common=common)


LADDER = [{"rn": 2}, {"rn": 3}]


def test_neighbours_differ_in_one_factor_by_one_level():
    cells = [{"rn": rn, "skill": skill} for rn, skill in itertools.product((4, 2, 3), ("low", "high"))]
    found = {tuple(tuple(cells[c].values()) for c in pair[:2]) for pair in neighbours(cells)}
    assert found == {
        ((2, "low"), (3, "low")), ((3, "low"), (4, "low")), ((2, "high"), (3, "high")), ((3, "high"), (4, "high")),
        ((2, "low"), (2, "high")), ((3, "low"), (3, "high")), ((4, "low"), (4, "high")),
    }  # fmt: skip
    assert neighbours([{"rn": 2, "skill": "low"}, {"rn": 3, "skill": "high"}]) == []
    assert neighbours([{}, {"rn": 3}, {"rn": 2}, {"rn": 4}]) == [(1, 3, "rn"), (2, 1, "rn")]


def test_price_is_money_for_each_unit_of_good():
    (step,), bank = prices(two(np.random.default_rng(1), 30.0, -5.0), LADDER)
    assert step.kind == "price"
    assert step.price == pytest.approx(6.0, rel=0.05)
    assert step.mc_low < 6.0 < step.mc_high
    assert step.low < step.mc_low < step.mc_high < step.high
    assert "costs 5.9" in text_of([step], Plans(bank.names))
    assert "for a fall of 1 in assaults" in text_of([step], Plans(bank.names))


@pytest.mark.parametrize(
    ("money", "effect", "better", "kind"),
    [
        (30.0, 5.0, "higher", "price"), (-30.0, 5.0, "lower", "saving"), (-30.0, -5.0, "lower", "gain"),
        (30.0, 5.0, "lower", "loss"), (30.0, 0.0, "lower", "unsettled"), (0.0, -5.0, "lower", "unsettled"),
    ],
)  # fmt: skip
def test_every_kind_of_step(money, effect, better, kind):
    (step,), bank = prices(two(np.random.default_rng(1), money, effect), LADDER, better=better)
    assert step.kind == kind
    assert (step.price is not None) == (kind in ("price", "saving"))
    if step.price is not None:
        assert step.price == pytest.approx(6.0, rel=0.05)
    else:
        assert step.reason
        assert "no price" in text_of([step], Plans(bank.names))


def test_no_price_where_draws_leave_the_sign_open():
    """The mean effect is clear of simulation error, but a third of the draws have it the other way round."""
    values = two(np.random.default_rng(2), 30.0, -0.6, runs=800, parameters=1.0, chance=0.2, common=0.0)
    (step,), _ = prices(values, LADDER)
    assert step.effect.mc_high < 0.0 < step.effect.high
    assert (step.kind, step.price) == ("unsettled", None)
    assert "of 100 parameter draws" in step.reason


def test_no_effect_at_all_is_unchanged():
    values = two(np.random.default_rng(3), 30.0, 0.0)
    values[:, 1, 1] = values[:, 0, 1]
    (step,), _ = prices(values, LADDER)
    assert (step.kind, step.price) == ("unchanged", None)


@pytest.mark.statistical
def test_simulation_error_of_a_price_covers():
    """95% Fieller intervals cover the true ratio in 92 to 98% of 400 samples (exact 95% falls outside in 1 of 100 tests)."""
    covered = 0
    for seed in range(400):
        values = two(np.random.default_rng(seed), 30.0, -5.0, runs=80, parameters=0.5, chance=2.0, common=0.3)
        (step,), _ = prices(values, LADDER)
        covered += step.mc_low is not None and step.mc_low <= 6.0 <= step.mc_high
    assert 0.92 < covered / 400 < 0.98


def test_point_parameters_have_a_price_but_no_interval_over_draws():
    values = two(np.random.default_rng(4), 30.0, -5.0, per_draw=1)
    (step,), _ = prices(values, LADDER, per_draw=1, point=True)
    assert step.price == pytest.approx(6.0, rel=0.05)
    assert (step.low, step.high) == (None, None)
    assert step.mc_low is not None
    assert "point parameters" in step.reason


def test_no_steps_and_failed_cells_are_said():
    values = two(np.random.default_rng(5), 30.0, -5.0)
    steps, bank = prices(values, [{"rn": 2}, {"rn": 2}])
    assert steps == []
    assert "there are no shadow prices" in text_of(steps, Plans(bank.names))
    values[:, 1] = np.nan
    (step,), bank = prices(values, LADDER)
    assert (step.kind, step.price) == ("unsettled", None)
    assert "no runs in common have a value" in text_of([step], Plans(bank.names))


def test_table():
    steps, bank = prices(two(np.random.default_rng(6), 30.0, -5.0), LADDER)
    table = shadow_table(steps, Plans(bank.names))
    assert all(len(row) == len(table.header) for row in table.rows)
    assert len(set(table.header)) == len(table.header)
