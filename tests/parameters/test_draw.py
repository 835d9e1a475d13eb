"""Draws: keyed by seed, draw and name, by inversion, true to the declared prior."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from math import log, sqrt

import numpy as np
import pytest

from tests.support import ROOT, entry
from wardsim.parameters import POINT, Ledger
from wardsim.parameters.distributions import Z95, Fixed, Normal, Truncated, Uniform, logit_normal, lognormal
from wardsim.parameters.draw import draw_values, uniform
from wardsim.parameters.entry import Entry, FixedPrior

DRAWS = 4000


def kolmogorov(uniforms: np.ndarray) -> float:
    """Largest distance between the empirical distribution of a sample and the uniform one."""
    ordered = np.sort(uniforms)
    n = len(ordered)
    above = np.arange(1, n + 1) / n - ordered
    below = ordered - np.arange(n) / n
    return float(max(above.max(), below.max()))


def critical(n: int, alpha: float) -> float:
    """Distance exceeded with probability `alpha` (asymptotic)."""
    return sqrt(-0.5 * log(alpha / 2.0)) / sqrt(n)


@pytest.mark.parametrize(
    "prior",
    [
        Normal(-0.05, 0.1),
        Uniform(2.0, 5.0),
        lognormal(12.0, 10.0, 15.0),
        lognormal(8.0, 3.0, 40.0),
        logit_normal(0.07, 0.02, 0.20),
        logit_normal(0.99, 0.5, 0.9999),
        Truncated(Normal(0.0, 1.0), -0.5, 2.0),
        Truncated(lognormal(8.0, 3.0, 40.0), 2.0, 60.0),
        Truncated(Uniform(0.0, 1.0), 0.25, 2.0),
    ],
)
def test_quantile_and_cumulative_function_are_inverse(prior: object) -> None:
    """cdf(quantile(p)) = p over the whole range of p, and quantiles never fall."""
    shares = np.concatenate([[1e-9, 1e-6], np.linspace(0.001, 0.999, 999), [1 - 1e-6, 1 - 1e-9]])
    values = [prior.quantile(p) for p in shares]  # type: ignore[attr-defined]
    assert all(a <= b for a, b in pairwise(values))
    back = np.array([prior.cdf(x) for x in values])  # type: ignore[attr-defined]
    np.testing.assert_allclose(back, shares, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("median", "low", "high"), [(12.0, 10.0, 15.0), (8.0, 3.0, 40.0), (1.0, 0.9, 1.1)])
def test_declared_points_are_met_exactly(median: float, low: float, high: float) -> None:
    """Median, 5% and 95% point of a lognormal are those declared, also when they are not symmetric."""
    prior = lognormal(median, low, high)
    assert [prior.quantile(p) for p in (0.05, 0.5, 0.95)] == pytest.approx([low, median, high])


def test_against_closed_forms() -> None:
    """A symmetric lognormal and a logit-normal agree with the textbook formulas."""
    assert lognormal(2.0, 1.0, 4.0).quantile(0.975) == pytest.approx(2.0 * 2.0 ** (1.959963984540054 / Z95))
    prior = logit_normal(0.5, 0.1, 0.9)
    spread = log(9.0) / Z95
    assert log(prior.quantile(0.8) / (1 - prior.quantile(0.8))) == pytest.approx(0.8416212335729143 * spread)


def test_bounds_are_kept() -> None:
    """Beyond the support the cumulative function is 0 or 1; a cut that leaves nothing is refused."""
    assert lognormal(2.0, 1.0, 4.0).cdf(0.0) == 0.0
    assert logit_normal(0.5, 0.1, 0.9).cdf(1.0) == 1.0
    assert logit_normal(0.5, 0.1, 0.9).cdf(-1.0) == 0.0
    cut = Truncated(Normal(0.0, 1.0), -1.0, 1.0)
    assert (cut.cdf(-2.0), cut.cdf(2.0)) == (0.0, 1.0)
    assert -1.0 <= cut.quantile(1e-300) <= cut.quantile(1 - 1e-16) <= 1.0
    fixed = Truncated(Fixed(3.0), 0.0, 5.0)
    assert (fixed.quantile(0.01), fixed.quantile(0.99), fixed.cdf(2.9), fixed.cdf(3.0)) == (3.0, 3.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="no part of the prior"):
        Truncated(Normal(0.0, 1.0), 20.0, 30.0)


def test_point_values() -> None:
    """Draw -1 is the point values; lower numbers are refused."""
    entries = (entry(), entry(name="flow.b", value=13.0))
    assert draw_values(entries, 5, POINT) == {"flow.example_days": 12.0, "flow.b": 13.0}
    with pytest.raises(ValueError, match="-1"):
        draw_values(entries, 5, -2)


def test_a_parameter_more_moves_no_other() -> None:
    """Draws do not depend on which other parameters exist, nor on their order."""
    a, b, c = (entry(name=f"flow.{name}") for name in "abc")
    few = draw_values((a, c), 7, 3)
    many = draw_values((c, b, a), 7, 3)
    assert few == {name: many[name] for name in few}
    assert len(set(many.values())) == 3


def test_draws_are_the_same_in_every_process() -> None:
    """A fixed value, and the same from another process with another hash seed."""
    here = uniform(20250407, 12, "flow.example_days")
    code = "from wardsim.parameters.draw import uniform; print(uniform(20250407, 12, 'flow.example_days').hex())"
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)},
    ).stdout.strip()
    assert here.hex() == there
    assert here == 0.30421420414273437


def test_a_wider_prior_moves_its_own_draw_only() -> None:
    """Inversion: the same uniform under another prior; the sign of the departure from the median stays."""
    narrow, wide = entry(), entry(prior={"dist": "lognormal", "low": 6.0, "high": 24.0})
    for number in range(50):
        one = draw_values((narrow,), 1, number)["flow.example_days"] - 12.0
        two = draw_values((wide,), 1, number)["flow.example_days"] - 12.0
        assert one * two >= 0.0
        assert abs(two) >= abs(one)


@pytest.fixture(scope="module")
def uncertain() -> list[Entry]:
    """Shipped entries that are not fixed."""
    return [e for e in Ledger.load() if not isinstance(e.prior, FixedPrior)]


@pytest.fixture(scope="module")
def uniforms(uncertain: list[Entry]) -> np.ndarray:
    """The uniforms behind 4,000 draws, a row a parameter."""
    return np.array([[uniform(20250407, number, e.name) for number in range(DRAWS)] for e in uncertain])


@pytest.mark.statistical
def test_uniforms_are_uniform_and_unrelated(uniforms: np.ndarray) -> None:
    """Each parameter's stream is uniform, no two are correlated. Error rate of the whole test under 1 in 100,000."""
    count = len(uniforms)
    limit = critical(DRAWS, 5e-6 / count)
    assert max(kolmogorov(row) for row in uniforms) < limit
    together = np.corrcoef(uniforms)
    np.fill_diagonal(together, 0.0)
    # normal deviate 7 for a correlation times sqrt(n): 2.6e-12 a pair, under 5e-6 for the pairs of 1,900 parameters
    assert np.abs(together).max() < 7.0 / sqrt(DRAWS)


@pytest.mark.statistical
def test_draws_follow_their_priors(uncertain: list[Entry], uniforms: np.ndarray) -> None:
    """4,000 draws of every shipped parameter against its declared prior (Kolmogorov-Smirnov), within its range.

    Error rate of the whole test under 1 in 100,000.
    """
    limit = critical(DRAWS, 1e-5 / len(uncertain))
    for e, row in zip(uncertain, uniforms, strict=True):
        quantile, cdf = e.distribution.quantile, e.distribution.cdf
        values = [quantile(u) for u in row.tolist()]
        assert e.range[0] <= min(values) <= max(values) <= e.range[1], e.name
        assert kolmogorov(np.array([cdf(value) for value in values])) < limit, e.name


@pytest.mark.statistical
def test_declared_quantiles_are_found(uncertain: list[Entry], uniforms: np.ndarray) -> None:
    """A twentieth of 4,000 draws lie below the declared low, a twentieth above the high, where the range does not cut.

    Normal deviate 6 a comparison: error rate of the whole test under 1 in 1,000,000 for 500 comparisons.
    """
    slack = 6.0 * sqrt(DRAWS * 0.05 * 0.95)
    for e, row in zip(uncertain, uniforms, strict=True):
        inner = e.prior.of(e.value)
        if (
            e.prior.dist not in ("lognormal", "logit_normal")
            or inner.cdf(e.range[0]) > 1e-3
            or inner.cdf(e.range[1]) < 1 - 1e-3
        ):
            continue
        values = np.array([e.distribution.quantile(u) for u in row.tolist()])
        assert abs(np.sum(values < e.prior.low) - 0.05 * DRAWS) < slack + 0.001 * DRAWS, e.name
        assert abs(np.sum(values > e.prior.high) - 0.05 * DRAWS) < slack + 0.001 * DRAWS, e.name
