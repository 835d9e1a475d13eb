"""Membership of the front is calibrated; identical, single and chanceless options are handled in words."""

from __future__ import annotations

import numpy as np
import pytest

from tests.experiments.optimise.made_up import bank_of, values_of
from wardsim.experiments.optimise.bank import OptimiseError
from wardsim.experiments.optimise.pareto import Objective, front
from wardsim.experiments.optimise.plans import Plans
from wardsim.experiments.optimise.tables import front_table
from wardsim.experiments.optimise.words import text_of

NAMES = ("cost", "assaults", "contact")
OBJECTIVES = (Objective("cost"), Objective("assaults"), Objective("contact", "higher"))


def front_of(values, *, per_draw=2, times=100, objectives=OBJECTIVES, **more):
    bank, _ = bank_of(values, NAMES, per_draw=per_draw, **more)
    bank.ask(bank.cells, len(values))
    return front(bank, objectives, times=times), bank


def truths(rng, options):
    """Means along a line of more money for more good, with options above and below it."""
    along = np.sort(rng.normal(size=options))
    aside = 0.5 * rng.normal(size=(options, 2))
    return 0.6 * np.column_stack([along, -0.8 * along + aside[:, 0], 0.5 * along + aside[:, 1]])


def unbeaten(rng, means, parameters, common, draws=2000):
    """Share of fresh draws, without chance, in which nothing beats each option."""
    values = values_of(rng, means, draws, parameters=parameters, chance=0.0, common=common) * np.array([1, 1, -1])
    apart = values[:, :, None] - values[:, None, :]
    return 1.0 - ((apart >= 0).all(-1) & (apart > 0).any(-1)).any(2).mean(0)


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("parameters", "chance"),
    [(0.5, 0.5), pytest.param(0.5, 1.0, marks=pytest.mark.slow), pytest.param(0.25, 0.5, marks=pytest.mark.slow)],
)
def test_membership_is_calibrated(parameters, chance):
    """Ten bins of predicted membership over 60 grids of 8 options (100 draws of 2): observed within 0.08 in every bin with
    20 options or more. Seeded; the standard error of a bin is about 0.01."""
    said, seen = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        means = truths(rng, 8)
        values = values_of(rng, means, 200, per_draw=2, parameters=parameters, chance=chance, common=0.8)
        found, _ = front_of(values)
        said += [member.membership for member in found.members]
        seen += unbeaten(rng, means, parameters, 0.8).tolist()
    bins = np.minimum((10 * np.array(said)).astype(int), 9)
    checked = 0
    for which in range(10):
        inside = bins == which
        if inside.sum() >= 20:
            checked += 1
            assert np.mean(np.array(said)[inside]) == pytest.approx(np.mean(np.array(seen)[inside]), abs=0.08)
    assert checked >= 4


@pytest.mark.statistical
def test_chance_is_not_taken_for_parameters():
    """An option worse by 1 on all three with parameters that hardly move it is beaten in nearly every draw, though in
    most runs chance hides it."""
    rng = np.random.default_rng(0)
    values = values_of(rng, [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]], 400, per_draw=2, parameters=0.1, chance=1.5, common=0.0)
    found, _ = front_of(values)
    assert found.members[1].membership < 0.15
    raw = values[:, 1] - values[:, 0]
    assert ((raw[:, 0] > 0) & (raw[:, 1] > 0) & (raw[:, 2] < 0)).mean() < 0.5


def test_dominated_by_names_who_beats_it():
    rng = np.random.default_rng(1)
    means = [[0.0, 0.0, 5.0], [1.0, 1.0, 4.0], [-1.0, 2.0, 5.0]]
    found, bank = front_of(values_of(rng, means, 80, per_draw=2, parameters=0.1, chance=0.1))
    assert [m.on_front for m in found.members] == [True, False, True]
    assert found.members[1].beaten_by == ((0, pytest.approx(1.0)),)
    text = text_of(found, Plans(bank.names))
    assert "option 1: unbeaten in 0 of 100 parameter draws" in text
    assert "most often beaten by option 0 (100)" in text


def test_identical_options_do_not_beat_each_other():
    values = values_of(np.random.default_rng(2), [[0.0, 0.0, 0.0]], 80, per_draw=2)
    found, bank = front_of(np.concatenate([values, values], axis=1))
    assert [m.membership for m in found.members] == [1.0, 1.0]
    assert [m.same_as for m in found.members] == [(1,), (0,)]
    assert "The same in every run: option 0 and option 1." in text_of(found, Plans(bank.names))


def test_one_option_is_on_the_front():
    found, bank = front_of(values_of(np.random.default_rng(3), [[0.0, 0.0, 0.0]], 80, per_draw=2))
    assert found.members[0].membership == 1.0
    assert "only option" in text_of(found, Plans(bank.names))


@pytest.mark.parametrize(
    ("more", "said"),
    [({"point": True, "per_draw": 1}, "point parameters"), ({"per_draw": 1}, "one replication a draw")],
)
def test_where_chance_cannot_be_removed_the_means_stand_alone(more, said):
    values = values_of(np.random.default_rng(4), [[0.0, 0.0, 5.0], [1.0, 1.0, 4.0]], 80, chance=0.1)
    found, bank = front_of(values, **more)
    assert [m.on_front for m in found.members] == [True, False]
    assert [m.membership for m in found.members] == [None, None]
    assert found.members[1].beaten_by == ((0, None),)
    assert said in text_of(found, Plans(bank.names))


def test_options_without_values_are_left_out():
    values = values_of(np.random.default_rng(5), [[0.0, 0.0, 0.0]] * 3, 80, per_draw=2)
    values[:, 1, 2] = np.nan
    found, bank = front_of(values)
    assert found.left_out == (1,)
    assert "no run has a value: option 1" in text_of(found, Plans(bank.names))
    values[:, :, 0] = np.nan
    with pytest.raises(OptimiseError, match="no option has a value"):
        front_of(values)


def test_table_and_determinism():
    values = values_of(np.random.default_rng(6), truths(np.random.default_rng(6), 5), 80, per_draw=2)
    (one, bank), (two, _) = front_of(values), front_of(values)
    assert one == two
    table = front_table(one, Plans(bank.names))
    assert table.header[:3] == ("option", "cost", "cost_low")
    assert tuple(name for name in table.header if name in NAMES) == NAMES
    assert all(len(row) == len(table.header) for row in table.rows)


def test_objectives_have_both_ranges_over_the_runs_in_common():
    """Parameters spread by 1 in 40 draws, chance by 1 in two replications of each: the range over draws is about twice 1.96."""
    values = values_of(np.random.default_rng(7), [[0.0, 10.0, 5.0]] * 2, 80, per_draw=2, parameters=1.0, chance=1.0)
    bank, _ = bank_of(values, NAMES, per_draw=2)
    bank.ask([0], 80)
    bank.ask([1], 40)
    found = front(bank, OBJECTIVES, times=50)
    assert (found.draws, found.runs) == (20, 40)
    for level in found.members[0].levels:
        assert level.low < level.mc_low < level.mean < level.mc_high < level.high
        assert 2.0 < level.high - level.low < 7.0
    assert found.members[0].levels[1].mean == pytest.approx(values[:40, 0, 1].mean())
    row = dict(zip(*(lambda t: (t.header, t.rows[0]))(front_table(found, Plans(bank.names, "steady"))), strict=True))
    assert (row["estimand"], row["runs"]) == ("steady", 40)
    assert row["assaults_low"] < row["assaults_mc_low"] < row["assaults"] < row["assaults_mc_high"] < row["assaults_high"]


def test_ten_draws_that_agree_are_no_certainty():
    """Unbeaten in ten draws of ten: the exact interval of such a count begins at 69 of 100."""
    values = values_of(np.random.default_rng(8), [[0.0, 0.0, 5.0], [9.0, 9.0, 0.0]], 20, per_draw=2, parameters=0.1, chance=0.1)
    best, worst = front_of(values)[0].members
    assert (best.membership, worst.membership) == (1.0, 0.0)
    assert (best.low, worst.high) == (pytest.approx(0.69, abs=0.01), pytest.approx(0.31, abs=0.01))
    assert worst.beaten_range == ((pytest.approx(0.69, abs=0.01), 1.0),)
