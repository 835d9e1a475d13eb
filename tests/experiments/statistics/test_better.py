"""Probability of better and of best: calibrated on truths that are known, chance left out."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from tests.experiments.statistics.banks import plain
from wardsim.experiments.intervals import FEW_DRAWS, ONE_REPLICATION, POINT
from wardsim.experiments.statistics.best import best
from wardsim.experiments.statistics.better import NEUTRAL, p_better, p_positive
from wardsim.experiments.statistics.difference import difference
from wardsim.experiments.statistics.split import Split


def calibration(predicted, happened):
    """Predicted and observed frequency and number of each of ten bins."""
    predicted, happened = np.asarray(predicted), np.asarray(happened)
    place = np.minimum((10 * predicted).astype(int), 9)
    return [(predicted[place == k].mean(), happened[place == k].mean(), int((place == k).sum())) for k in range(10)]


def check(bins, slack):
    """Each observed frequency within 3.5 binomial errors (and the slack) of the predicted one."""
    for predicted, observed, n in bins:
        assert abs(observed - predicted) < 3.5 * np.sqrt(predicted * (1 - predicted) / n) + slack, bins


def better_worlds(trials, draws, per_draw, chance, seed):
    """Truth and prediction: the mean effect is drawn widely, draws spread by 1 around it, a fresh draw is the truth."""
    rng = np.random.default_rng(seed)
    predicted, happened = [], []
    ids = np.repeat(np.arange(draws), per_draw)
    for _ in range(trials):
        mean = 3 * rng.standard_normal()
        effects = mean + rng.standard_normal(draws + 1)
        seen = effects[ids] + chance * rng.standard_normal(len(ids))
        predicted.append(p_positive(Split.of(ids, seen, np.ones(len(ids))))[0])
        happened.append(effects[-1] > 0)
    return calibration(predicted, happened)


@pytest.mark.statistical
@pytest.mark.parametrize(("draws", "per_draw", "chance"), [(60, 2, 1.0), (20, 3, 0.5)])
def test_p_better_is_calibrated(draws, per_draw, chance):
    """1,200 worlds in ten bins, 3.5 binomial errors each and 1 point for the tails: error rate below 1 in 100."""
    check(better_worlds(1200, draws, per_draw, chance, seed=21), 0.01)


@pytest.mark.statistical
@pytest.mark.slow
@pytest.mark.parametrize(
    ("draws", "per_draw", "chance"), [(60, 2, 0.5), (60, 2, 2.0), (20, 2, 1.0), (10, 4, 0.5), (140, 2, 4.0)]
)
def test_p_better_is_calibrated_in_5000_worlds(draws, per_draw, chance):
    """5,000 worlds in ten bins, 3.5 binomial errors each and 1 point (3 where chance is over twice the parameters)."""
    check(better_worlds(5000, draws, per_draw, chance, seed=22), 0.01 if chance < 2.0 else 0.03)


def best_worlds(trials, options, draws, chance, seed, fresh=1):
    """As for better, with options whose effects are correlated; one option of each world, at random, is looked
    at in so many fresh draws."""
    rng = np.random.default_rng(seed)
    predicted, happened = [], []
    ids = np.repeat(np.arange(draws), 2)
    for _ in range(trials):
        mixing = rng.standard_normal((options, 2))
        effects = 2 * rng.standard_normal(options) + 0.6 * (
            rng.standard_normal((draws + fresh, 2)) @ mixing.T + rng.standard_normal((draws + fresh, options))
        )
        seen = effects[ids] + 4 * rng.standard_normal((len(ids), 1)) + chance * rng.standard_normal((len(ids), options))
        found = best({str(k): plain(ids, seen[:, k]) for k in range(options)}, "higher")
        chosen = int(rng.integers(options))
        predicted.append(found.p[str(chosen)])
        happened.append(np.mean(effects[draws:].argmax(axis=1) == chosen))
    return calibration(predicted, happened)


@pytest.mark.statistical
def test_best_is_calibrated():
    """250 worlds of 3 options in ten bins, 300 fresh draws each, 3.5 binomial errors and 3 points: as fresh draws are many,
    the error rate is far below 1 in 100."""
    check(best_worlds(250, 3, 60, 1.0, seed=23, fresh=300), 0.03)


@pytest.mark.statistical
@pytest.mark.slow
@pytest.mark.parametrize(("options", "draws", "chance"), [(2, 60, 0.7), (4, 60, 1.0), (8, 100, 1.0), (4, 20, 0.5)])
def test_best_is_calibrated_in_5000_worlds(options, draws, chance):
    """5,000 worlds in ten bins, 3.5 binomial errors each and 3 points (the best of several is flattered a little)."""
    check(best_worlds(5000, options, draws, chance, seed=24), 0.03)


@pytest.mark.statistical
@pytest.mark.parametrize(("options", "draws", "chance"), [(3, 5, 1.0), (4, 20, 3.0), (3, 50, 1.0)])
def test_the_range_of_the_chance_of_being_best_holds_the_true_one(options, draws, chance):
    """40 worlds whose shares are known: the 95% ranges hold them, to a point in a hundred, in 90 to 100%; more draws narrow them."""
    rng = np.random.default_rng(6)
    ids = np.repeat(np.arange(draws), 2)
    held, width = [], []
    for _ in range(40):
        middle, mixing = 1.2 * rng.standard_normal(options), rng.standard_normal((options, 2))
        effects = middle + 0.6 * (rng.standard_normal((draws + 4000, 2)) @ mixing.T + rng.standard_normal((draws + 4000, options)))
        seen = effects[ids] + 4 * rng.standard_normal((len(ids), 1)) + chance * rng.standard_normal((len(ids), options))
        found = best({str(k): plain(ids, seen[:, k]) for k in range(options)}, "higher")
        for k in range(options):
            one, true = found.chances[str(k)], np.mean(effects[draws:].argmax(axis=1) == k)
            assert 0.0 <= one.low <= one.p <= one.high <= 1.0
            held.append(one.low - 0.01 <= true <= one.high + 0.01)
            width.append(one.high - one.low)
    assert np.mean(held) >= 0.9
    assert np.mean(width) < (0.75 if draws == 5 else 0.6 if draws == 20 else 0.25)


def test_few_draws_leave_no_doubt_of_options_far_apart():
    """Six draws, options ten standard deviations apart: as sure as `better` is of each pair."""
    rng = np.random.default_rng(7)
    ids = np.repeat(np.arange(6), 2)
    found = best({str(k): plain(ids, 10 * k + 0.3 * rng.standard_normal(12) + rng.standard_normal(6)[ids]) for k in range(4)}, "lower")
    assert found.chances["0"].low > 0.99
    assert max(found.chances[str(k)].high for k in (1, 2, 3)) < 0.01


def test_better_is_over_parameters_and_not_over_years():
    """The effect is 1 in every draw; chance is large. A year is better in 3 of 4; the effect is, surely."""
    rng = np.random.default_rng(1)
    ids = np.repeat(np.arange(200), 4)
    effect = 1.0 + 0.05 * rng.standard_normal(200)
    d = difference(
        plain(ids, np.zeros(800)), plain(ids, effect[ids] + 1.5 * rng.standard_normal(800)), point=False, years=1.0
    )
    assert p_better(d, "higher").p > 0.97
    assert p_better(d, "lower").p == pytest.approx(1 - p_better(d, "higher").p)


def test_more_replications_do_not_make_it_surer():
    """Half the draws are better: 0.5 however many replications."""
    rng = np.random.default_rng(2)
    effect = np.linspace(-2, 2, 100)
    for per_draw in (2, 50):
        ids = np.repeat(np.arange(100), per_draw)
        split = Split.of(ids, effect[ids] + rng.standard_normal(len(ids)), np.ones(len(ids)))
        assert p_positive(split)[0] == pytest.approx(0.5, abs=0.06)


@pytest.mark.statistical
@pytest.mark.parametrize(("draws", "chance"), [(5, 1.5), (7, 0.5), (10, 4.0), (20, 1.5), (40, 0.5)])
def test_the_range_of_the_share_holds_the_true_share(draws, chance):
    """150 worlds whose share is known: the 95% range holds it, to a point in a hundred, in 90 to 100% (error rate below 1 in 100)."""
    rng = np.random.default_rng(3)
    ids = np.repeat(np.arange(draws), 2)
    held, width = 0, []
    for _ in range(150):
        middle = 1.5 * rng.standard_normal()
        seen = (middle + rng.standard_normal(draws))[ids] + chance * rng.standard_normal(2 * draws)
        base = 10 + rng.standard_normal(2 * draws)
        found = p_better(difference(plain(ids, base), plain(ids, base + seen), point=False, years=1.0), "lower")
        assert 0.0 <= found.low <= found.p <= found.high <= 1.0
        held += found.low - 0.01 <= NormalDist().cdf(-middle) <= found.high + 0.01
        width.append(found.high - found.low)
    assert held >= 135
    assert np.mean(width) < 0.8


def test_none_with_a_reason():
    rng = np.random.default_rng(3)
    zero, x = np.zeros(40), rng.standard_normal(40)

    def found(ids, **kw):
        return difference(plain(ids, zero), plain(ids, x), **{"point": False, "years": 1.0, **kw})

    assert p_better(found(np.zeros(40), point=True), "higher")[:2] == (None, POINT)
    assert p_better(found(np.arange(40)), "higher")[:2] == (None, ONE_REPLICATION)
    assert p_better(found(np.repeat(np.arange(4), 10)), "higher")[:2] == (None, FEW_DRAWS)
    assert p_better(found(np.repeat(np.arange(20), 2)), "neutral")[:2] == (None, NEUTRAL)
    columns = {"a": plain(np.zeros(40), zero), "b": plain(np.zeros(40), x)}
    assert best(columns, "higher", point=True).reason == POINT
    assert best({"a": columns["a"]}, "higher").p is None


def test_best_says_ties_and_adds_up():
    rng = np.random.default_rng(4)
    ids = np.repeat(np.arange(50), 2)
    x = rng.standard_normal(100)
    found = best(
        {"a": plain(ids, x), "b": plain(ids, x), "c": plain(ids, x - 5 + 0.1 * rng.standard_normal(100))}, "higher"
    )
    assert found.ties == (("a", "b"),)
    assert found.p["a"] == found.p["b"] == pytest.approx(0.5, abs=0.01)
    assert sum(found.p.values()) == pytest.approx(1.0)
    same = best({"a": plain(ids, x), "b": plain(ids, x)}, "lower")
    assert same.p == {"a": 0.5, "b": 0.5}
    assert found.chances["a"] == found.chances["b"]
    assert found.chances["a"].low <= 0.5 <= found.chances["a"].high


def test_best_of_two_agrees_with_better():
    rng = np.random.default_rng(5)
    ids = np.repeat(np.arange(80), 2)
    base = 10 * rng.standard_normal(160)
    effect = (0.7 + rng.standard_normal(80))[ids] + 0.5 * rng.standard_normal(160)
    a, b = plain(ids, base), plain(ids, base + effect)
    two = best({"a": a, "b": b}, "lower")
    share = p_better(difference(a, b, point=False, years=1.0), "lower").p
    assert two.p == {"a": pytest.approx(1.0 - share, abs=1e-9), "b": pytest.approx(share, abs=1e-9)}
    better = p_better(difference(a, b, point=False, years=1.0), "lower")
    assert two.chances["b"][1:] == (pytest.approx(better.low), pytest.approx(better.high))
    assert two.chances["a"][1:] == (pytest.approx(1.0 - better.high), pytest.approx(1.0 - better.low))
