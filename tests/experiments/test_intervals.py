"""The three intervals hold what they say, on truths that are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wardsim.experiments.intervals import (
    FEW_DRAWS,
    NO_VALUE,
    ONE_REPLICATION,
    POINT,
    UNRESOLVED,
    student_t,
    summarise,
)


def sample(rng, draws, per_draw, spread, chance, mean=20.0, counts=False):
    """Draw ids, values, numerators, denominators of a made-up experiment, and the true mean of each draw."""
    truth = mean * np.exp(spread * rng.standard_normal(draws) - spread**2 / 2)
    ids = np.repeat(np.arange(draws), per_draw)
    exposure = rng.uniform(5.0, 7.0, draws * per_draw)  # thousand bed days
    expected = truth[ids] * exposure
    events = rng.poisson(expected) * 1.0 if counts else expected * (1 + chance * rng.standard_normal(draws * per_draw))
    return ids, 1000 * events / (exposure * 1000), events, exposure * 1000, truth


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("draws", "spread", "chance", "counts"),
    [
        (20, 0.3, 0.15, False),
        (60, 0.3, 0.15, False),
        (140, 0.3, 0.15, False),
        (140, 0.15, 0.15, False),
        (140, 0.4, 0.0, True),
    ],
)
def test_low_high_cover_the_true_means_of_fresh_draws(draws, spread, chance, counts):
    """Coverage of `low`/`high`: 91 to 99% of the true means of fresh draws, chance removed, two replications a draw."""
    rng = np.random.default_rng(1)
    covered = []
    fresh = 20.0 * np.exp(spread * rng.standard_normal(4000) - spread**2 / 2)
    for _ in range(120):
        ids, values, tops, bottoms, _ = sample(rng, draws, 2, spread, chance, counts=counts)
        s = summarise(ids, values, tops, bottoms)
        covered.append(float(((fresh >= s.low) & (fresh <= s.high)).mean()))
    assert 0.91 < np.mean(covered) < 0.99


@pytest.mark.statistical
@pytest.mark.parametrize(("mean", "draws"), [(20.0, 60), (20.0, 140), (0.25, 140)])
def test_year_interval_covers_fresh_years_of_the_average_ward(mean, draws):
    """Coverage of `year_low`/`year_high`: 75 to 84% of fresh ward-years; more for rare events."""
    rng = np.random.default_rng(2)
    covered = []
    for _ in range(120):
        ids, values, tops, bottoms, _ = sample(rng, draws, 2, 0.3, 0.0, mean=mean, counts=True)
        s = summarise(ids, values, tops, bottoms, counted=True)
        exposure = rng.uniform(5.0, 7.0, 2000)
        fresh = rng.poisson(mean * exposure) / exposure
        covered.append(float(((fresh >= s.year_low) & (fresh <= s.year_high)).mean()))
    assert np.mean(covered) > 0.75
    assert mean < 1 or np.mean(covered) < 0.84


@pytest.mark.statistical
@pytest.mark.parametrize(("mean", "draws"), [(20.0, 10), (20.0, 100), (0.02, 40)])
def test_simulation_error_covers_the_true_mean(mean, draws):
    """Coverage of `mc_low`/`mc_high`: 92 to 98% for common events, at least 92% for rare ones."""
    rng = np.random.default_rng(3)
    covered = 0
    n = 400
    for _ in range(n):
        ids, values, tops, bottoms, _ = sample(rng, draws, 2, 0.3, 0.0, mean=mean, counts=True)
        s = summarise(ids, values, tops, bottoms, counted=True)
        covered += s.mc_low <= mean <= s.mc_high
    assert covered / n > 0.92
    assert mean < 1 or covered / n < 0.985


def test_more_replications_narrow_simulation_error_and_not_what_is_unknown():
    rng = np.random.default_rng(4)
    few = summarise(*sample(rng, 100, 2, 0.3, 0.3)[:4])
    many = summarise(*sample(rng, 100, 40, 0.3, 0.3)[:4])
    assert many.mc_high - many.mc_low < few.mc_high - few.mc_low
    assert many.high - many.low == pytest.approx(few.high - few.low, rel=0.35)
    assert many.high - many.low > 3 * (many.mc_high - many.mc_low)


def test_no_parameter_effect_gives_a_narrow_interval_that_says_so_and_is_never_nothing():
    rng = np.random.default_rng(5)
    widths = []
    for _ in range(40):
        s = summarise(*sample(rng, 100, 2, 0.0, 0.3)[:4])
        assert s.high > s.low
        assert UNRESOLVED in s.reason or s.high - s.low < s.year_high - s.year_low
        widths.append((s.high - s.low) / (s.year_high - s.year_low))
    assert np.mean(widths) < 0.6


def test_mean_is_a_ratio_of_sums():
    s = summarise(np.array([0, 0]), np.array([500.0, 10.0]), np.array([1.0, 10.0]), np.array([2.0, 1000.0]), point=True)
    assert s.mean == pytest.approx(1000 * 11 / 1002)


def test_a_median_is_averaged_over_runs():
    nan = np.array([np.nan, np.nan])
    assert summarise(np.array([0, 1]), np.array([4.0, 6.0]), nan, nan).mean == 5.0


def test_what_does_not_apply_is_none_with_a_reason():
    ids = np.arange(20)
    values = np.linspace(1.0, 2.0, 20)
    point = summarise(np.zeros(20, int), values, point=True)
    assert (point.low, point.high) == (None, None)
    assert point.year_low is not None
    assert POINT in point.reason
    single = summarise(ids, values)
    assert (single.low, single.year_low) == (None, None)
    assert ONE_REPLICATION in single.reason
    assert single.mc_low < single.mean < single.mc_high
    few = summarise(np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert few.low is None
    assert FEW_DRAWS in few.reason
    none = summarise(np.array([0]), np.array([np.nan]))
    assert (none.mean, none.n, none.reason) == (None, 0, NO_VALUE)
    one = summarise(np.array([0]), np.array([3.0]), point=True)
    assert (one.mean, one.year_low, one.mc_low) == (3.0, None, None)


def test_rare_events_never_claim_to_be_impossible():
    zero = np.zeros(40)
    s = summarise(np.repeat(np.arange(20), 2), zero, zero, np.full(40, 6000.0), counted=True)
    assert s.mean == 0.0
    assert s.mc_low == 0.0
    assert s.mc_high > 0.0
    told = summarise(np.repeat(np.arange(20), 2), zero, zero, np.full(40, 6000.0), counted=True, scale=1000.0)
    assert told.mc_high == pytest.approx(3.689 / 40 / 6, rel=0.01)  # in events per 1,000, as one event would be


def test_bounds_hold():
    rng = np.random.default_rng(6)
    ids = np.repeat(np.arange(8), 2)
    share = np.clip(97 + 3 * rng.standard_normal(16), 0, 100)
    s = summarise(ids, share, percent=True)
    assert max(s.high, s.year_high, s.mc_high) <= 100.0
    rare = rng.poisson(0.3, 16).astype(float)
    s = summarise(ids, rare)
    assert min(s.low, s.year_low, s.mc_low) >= 0.0


def test_a_year_out_of_a_longer_or_shorter_run():
    rng = np.random.default_rng(7)
    values = 10 + rng.standard_normal(400)
    ids = np.zeros(400, int)
    one, three = summarise(ids, values, point=True), summarise(ids, values, point=True, years=3.0)
    assert (three.year_high - three.year_low) / (one.year_high - one.year_low) == pytest.approx(3**0.5, rel=1e-6)


def test_unequal_replications_after_failures():
    rng = np.random.default_rng(8)
    ids, values, tops, bottoms, _ = sample(rng, 50, 2, 0.3, 0.1)
    keep = np.ones(100, bool)
    keep[[3, 17, 40]] = False
    whole, part = (summarise(ids[k], values[k], tops[k], bottoms[k]) for k in (np.ones(100, bool), keep))
    assert part.n == 97
    assert part.low == pytest.approx(whole.low, rel=0.1)


@pytest.mark.theory
@pytest.mark.parametrize("df", [1, 2, 3, 5, 10, 30, 139])
@pytest.mark.parametrize("p", [0.9, 0.975])
def test_student_t_against_scipy(p, df):
    stats = pytest.importorskip("scipy.stats")
    assert student_t(p, df) == pytest.approx(stats.t.ppf(p, df), rel=3e-3)


def test_twenty_runs_by_hand():
    """Ten draws of two: the intervals as their definitions give them, worked out here another way, and to the digits that they had when
    they were first measured. They must not move unless somebody means them to."""
    events = np.array([142, 118, 171, 155, 98, 110, 203, 188, 60, 75, 131, 149, 165, 120, 88, 97, 240, 221, 136, 128], dtype=float)
    days = np.array(
        [6400, 6310, 6550, 6480, 6020, 6110, 6570, 6490, 5800, 5910, 6390, 6420, 6500, 6330, 6050, 6000, 6560, 6540, 6410, 6370], dtype=float
    )
    s = summarise(np.repeat(np.arange(10), 2), 1000 * events / days, events, days, counted=True)
    pairs, both = events.reshape(10, 2), days.reshape(10, 2)
    means = 1000 * pairs.sum(1) / both.sum(1)
    off = 1000 * (pairs - (means / 1000)[:, None] * both) / both.mean(1)[:, None]
    chance = (off**2).sum() / 10
    unit = 1000 / days.mean()
    mean, variance = s.mean / unit, max(chance / unit**2, s.mean / unit)
    law = stats.poisson(mean) if variance <= mean * 1.001 else stats.nbinom(mean**2 / (variance - mean), mean / variance)
    assert (s.year_low, s.year_high) == pytest.approx((law.ppf(0.1) * unit, law.ppf(0.9) * unit))
    between = means.var(ddof=1) - chance / 2
    of_log = np.log(1 + between * 1.1 / means.mean() ** 2)
    t = stats.t.ppf(0.975, 9) * np.sqrt(of_log)
    assert (np.log(s.low), np.log(s.high)) == pytest.approx((np.log(means.mean()) - of_log / 2 - t, np.log(means.mean()) - of_log / 2 + t), rel=2e-3)
    assert (s.mean, s.low, s.high, s.year_low, s.year_high, s.mc_low, s.mc_high) == pytest.approx(
        (22.145630, 10.250598, 42.523625, 19.491324, 24.879170, 17.232146, 27.059115), abs=2e-6
    )


def test_runs_alone_in_their_draw_tell_nothing_of_a_year():
    """A share that most runs lack: twelve draws have one run with a value, four have two that differ. One year strays as far as pairs do."""
    draws = np.array([*range(12), 12, 12, 13, 13, 14, 14, 15, 15])
    values = np.array([0.0, 100.0] * 6 + [20.0, 80.0] * 4)
    found = summarise(draws, values, percent=True)
    assert found.year_low is not None
    assert found.year_high is not None
    assert found.year_high - found.year_low > 60.0
