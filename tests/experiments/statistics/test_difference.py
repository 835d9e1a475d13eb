"""Differences of paired wards: means exact, intervals that hold, and that never change places."""

from __future__ import annotations

import numpy as np
import pytest

from tests.experiments.statistics.banks import BANKS, counts, numbers, plain, ratio
from tests.experiments.statistics.coverage import fixed, sequential
from wardsim.experiments.intervals import FEW_DRAWS, ONE_REPLICATION, POINT, UNRESOLVED
from wardsim.experiments.statistics.difference import FEW_EVENTS, NO_PAIR, NO_REFERENCE, at_confidence, difference
from wardsim.experiments.study.runs import Column


def of(a, b, **kw):
    return difference(a, b, **{"point": False, "years": 1.0, **kw})


def test_mean_is_the_difference_of_ratios_of_sums():
    a = ratio([0, 0, 1, 1], [1, 2, 3, 4], [10, 20, 10, 30], 100)
    b = ratio([0, 0, 1, 1], [2, 2, 5, 4], [10, 25, 10, 30], 100)
    d = of(a, b)
    assert d.mean == pytest.approx(100 * 13 / 75 - 100 * 10 / 70)
    assert d.relative is None or d.relative.mean == pytest.approx(100 * (13 / 75) / (10 / 70) - 100)


def test_only_runs_with_a_value_in_both_count():
    a, b = plain([0, 0, 1, 1], [1, 2, np.nan, 4]), plain([0, 0, 1, 1], [2, np.nan, 4, 7])
    assert of(a, b).mean == 2.0
    assert of(a, b).n == 2
    later = Column(b.run + 10, *b[1:])
    assert of(a, later).reason == NO_PAIR
    assert of(a, later).mean is None


def test_pairing_is_in_simulation_error_and_not_in_the_year():
    """A year of each ward is as far apart as independent years are, however closely the runs are paired."""
    rng = np.random.default_rng(1)
    draw = np.repeat(np.arange(100), 2)
    base = 50 + 5 * rng.standard_normal(200)
    d = of(plain(draw, base), plain(draw, base + 1 + 0.1 * rng.standard_normal(200)))
    assert d.mc_high - d.mc_low < 0.1
    assert d.year_high - d.year_low == pytest.approx(2 * 1.2816 * 5 * 2**0.5, rel=0.15)


def test_swapping_the_wards_turns_every_interval():
    rng = np.random.default_rng(2)
    a, b = counts(5.0, -0.2, 0.3, 0.1).sample(rng, 60)
    d, back = of(a, b, counted=True), of(b, a, counted=True)
    for one, other in (("low", "high"), ("mc_low", "mc_high"), ("mean", "mean")):
        assert getattr(d, one) == pytest.approx(-getattr(back, other))
    assert d.year_low == pytest.approx(-back.year_high, abs=0.35)


@pytest.mark.statistical
def test_more_replications_never_shrink_what_is_not_known():
    """Mean width of `low`/`high` over 40 experiments; 2, 4 and 16 replications of 60 draws. Error rate below 1 in 1,000
    (the widths' standard errors are 1.5%)."""
    rng = np.random.default_rng(3)
    width, error = {}, {}
    for per_draw in (2, 4, 16):
        found = []
        for _ in range(40):
            draw = np.repeat(np.arange(60), per_draw)
            effect = rng.standard_normal(60)[draw]
            base = rng.standard_normal(60 * per_draw)
            found.append(of(plain(draw, base), plain(draw, base + effect + rng.standard_normal(60 * per_draw))))
        width[per_draw] = np.mean([d.high - d.low for d in found])
        error[per_draw] = np.mean([d.mc_high - d.mc_low for d in found])
    assert width[16] > 0.9 * width[2]
    assert width[16] > 0.9 * width[4]
    assert width[16] == pytest.approx(2 * 1.96, rel=0.12)
    assert error[16] < error[2]


def test_what_does_not_apply_is_none_with_a_reason():
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal(40), rng.standard_normal(40)
    assert POINT in of(plain(np.zeros(40), x), plain(np.zeros(40), y), point=True).reason
    assert ONE_REPLICATION in of(plain(np.arange(40), x), plain(np.arange(40), y)).reason
    assert of(plain(np.arange(40), x), plain(np.arange(40), y)).year_low is None
    two = of(plain([0, 0, 1, 1], x[:4]), plain([0, 0, 1, 1], y[:4]))
    assert (two.low, FEW_DRAWS in two.reason) == (None, True)
    assert NO_REFERENCE in two.reason
    one = of(plain([0], x[:1]), plain([0], y[:1]))
    assert (one.mc_low, one.year_low, one.low) == (None, None, None)


def test_few_events_never_claim_that_nothing_can_happen():
    none = ratio(np.repeat(np.arange(20), 2), np.zeros(40), np.full(40, 6000.0), 1000)
    d = of(none, none, counted=True)
    assert d.mean == 0.0
    assert d.mc_low < 0 < d.mc_high
    assert FEW_EVENTS in d.reason
    # no run shows the unit of the measure: it has to be told
    told = of(none, none, counted=True, scale=1000.0)
    assert told.mc_high == pytest.approx(2.996 / 40 / 6, rel=0.01)
    assert told.low <= told.mc_low < told.mc_high <= told.high
    # every event in both wards: only those in one ward would tell
    many = ratio(np.repeat(np.arange(20), 2), np.full(40, 9.0), np.full(40, 6000.0), 1000)
    assert of(many, many, counted=True).mc_high == pytest.approx(2.996 / 40 / 6, rel=0.01)  # mid-P: half of exp(-x) is 2.5%


def test_a_rare_lack_in_percent_is_a_rare_count():
    draw, days = np.repeat(np.arange(20), 2), np.full(40, 200.0)
    lacking = np.zeros(40)
    lacking[[3, 17]] = 1
    d = of(ratio(draw, days - lacking, days, 100), ratio(draw, days, days, 100), percent=True)
    turned = of(ratio(draw, lacking, days, 100), ratio(draw, 0 * days, days, 100), percent=True)
    assert (d.mc_low, d.mc_high) == pytest.approx((-turned.mc_high, -turned.mc_low))
    assert d.mc_low < 0 < d.mean < d.mc_high


def test_higher_confidence_is_wider():
    a, b = counts(20.0, -0.1, 0.3, 0.1).sample(np.random.default_rng(5), 40)
    d = of(a, b, counted=True)
    low, high = at_confidence(d, 0.99)
    assert low < d.mc_low < d.mc_high < high
    wider = of(a, b, counted=True, sequential=True)
    assert wider.mc_high - wider.mc_low > d.mc_high - d.mc_low


def test_relative_difference_is_over_draws_of_the_share():
    """Draws differ much in level and not in the share: the relative interval is narrow, the absolute one is not."""
    rng = np.random.default_rng(6)
    draw = np.repeat(np.arange(100), 2)
    level = 20 * np.exp(0.4 * rng.standard_normal(100))[draw]
    chance = 1 + 0.02 * rng.standard_normal(200)
    d = of(plain(draw, level * chance), plain(draw, 0.9 * level * chance * (1 + 0.001 * rng.standard_normal(200))))
    assert d.relative.mean == pytest.approx(-10, abs=0.1)
    assert -10.5 < d.relative.low < d.relative.high < -9.5
    assert d.high - d.low > 2


def test_unresolved_parameters_are_said():
    a, b = numbers("normal", 0.0, 0.0, 1.0).sample(np.random.default_rng(7), 60)
    assert UNRESOLVED in of(a, b).reason


RARE = {name for name in BANKS if name.startswith("rare")}


@pytest.mark.statistical
@pytest.mark.parametrize("name", BANKS)
def test_coverage_by_resampling_a_bank(name):
    """Coverage of the four intervals, 60 draws of 2. 300 trials: standard error of a coverage 1.3 points (bounds are about
    3 of them from what 5,000 trials measure; error rate below 1 in 100 over all)."""
    c = fixed(BANKS[name](), 60, 300)
    assert 91.0 <= c.mc <= (100.0 if name in RARE else 99.0)
    assert c.relative >= 91.0 or np.isnan(c.relative)
    assert 84.0 <= c.low_high <= 99.5
    assert 68.0 <= c.year <= 92.0


@pytest.mark.statistical
@pytest.mark.slow
@pytest.mark.parametrize("name", BANKS)
@pytest.mark.parametrize("draws", [20, 60])
def test_coverage_of_simulation_error_in_5000_trials(name, draws):
    """94 to 96% (rare counts at least 94%), 5,000 trials: bounds are 2.5 standard errors (0.31 points each) wider."""
    c = fixed(BANKS[name](), draws, 5000)
    assert c.mc >= 93.2
    assert c.mc <= (100.0 if name in RARE else 96.8)


@pytest.mark.statistical
@pytest.mark.parametrize("name", ["counts, 20 per 1,000 obd", "rare counts, 0.1 per 1,000 obd", "plain, very skewed"])
def test_coverage_after_sequential_stopping(name):
    """At least 94% less 3 standard errors (300 trials: 1.3 points each); error rate below 1 in 100 over the three."""
    covered, used = sequential(BANKS[name](), 60, 300)
    assert covered >= 90.0
    assert used < 360


@pytest.mark.statistical
@pytest.mark.slow
@pytest.mark.parametrize("name", BANKS)
def test_coverage_after_sequential_stopping_in_5000_trials(name):
    """93 to 97% (rare counts more), 5,000 trials, standard error 0.31 points."""
    covered, _ = sequential(BANKS[name](), 100, 5000)
    assert covered >= 93.0
