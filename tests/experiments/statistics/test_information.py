"""Value of information and share by parameter, against closed forms."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from tests.experiments.statistics.banks import plain
from wardsim.experiments.intervals import ONE_REPLICATION
from wardsim.experiments.statistics.benefit import Limit, net_benefit
from wardsim.experiments.statistics.information import explained, information
from wardsim.experiments.statistics.regress import TooFewDrawsError, basis
from wardsim.experiments.statistics.split import Split

NAMES = ["strong", "middling", "weak", "inert"]
WEIGHTS = np.array([1.0, 0.5, 0.25, 0.0])


def expected_gain(mean, spread):
    """E max(0, X) - max(0, E X) of a normal X."""
    normal = NormalDist()
    return spread * normal.pdf(mean / spread) - abs(mean) * normal.cdf(-abs(mean) / spread) if spread else 0.0


def decision(rng, draws, mean, chance):
    """Two options; the second gains `mean` plus a weighted sum of four normal parameters."""
    parameters = rng.standard_normal((draws, 4))
    ids = np.repeat(np.arange(draws), 2)
    common = 5 * rng.standard_normal(2 * draws)
    gain = (mean + parameters @ WEIGHTS)[ids] + chance * rng.standard_normal(2 * draws)
    ones = np.ones(2 * draws)
    return {"now": Split.of(ids, common, ones), "more": Split.of(ids, common + gain, ones)}, parameters


@pytest.mark.statistical
@pytest.mark.parametrize("chance", [0.5, 2.0])
def test_against_the_closed_form(chance):
    """Means of 40 experiments within 4 standard errors and 0.01 of the closed form: chance is not counted as information,
    and what does nothing is worth (almost) nothing. Error rate below 1 in 1,000."""
    rng = np.random.default_rng(51)
    perfect, partial = [], {name: [] for name in NAMES}
    for _ in range(40):
        benefits, parameters = decision(rng, 150, 0.4, chance)
        found = information(benefits, parameters, NAMES, bootstraps=2)
        perfect.append(found.perfect)
        for worth in found.partial:
            partial[worth.name].append(worth.value)
    for values, true in [(perfect, expected_gain(0.4, float(np.sqrt((WEIGHTS**2).sum()))))] + [
        (partial[name], expected_gain(0.4, weight)) for name, weight in zip(NAMES, WEIGHTS, strict=True)
    ]:
        assert abs(np.mean(values) - true) < 4 * np.std(values) / 40**0.5 + 0.01


def test_ranks_what_is_worth_measuring():
    benefits, parameters = decision(np.random.default_rng(52), 200, 0.4, 0.5)
    found = information(benefits, parameters, NAMES, groups={"both small": ["weak", "inert"]}, bootstraps=50)
    assert found.choice == "more"
    assert found.partial[0].name == "strong"
    assert found.partial[0].told_apart
    by_name = {worth.name: worth for worth in found.partial}
    assert not by_name["inert"].told_apart
    assert by_name["inert"].value < 0.02
    assert by_name["strong"].value < found.perfect + 3 * found.error
    assert 0.3 < by_name["strong"].error / 0.04 < 3


def test_a_sure_decision_needs_no_information():
    benefits, parameters = decision(np.random.default_rng(53), 100, 10.0, 1.0)
    found = information(benefits, parameters, NAMES, bootstraps=2)
    assert found.perfect == pytest.approx(0.0, abs=1e-3)
    assert max(worth.value for worth in found.partial) < 1e-3


@pytest.mark.statistical
def test_share_of_an_answer_by_parameter():
    """Mean shares of 40 experiments within 4 points of 76, 19, 5 and 0 percent; a bent relation is found as well."""
    rng = np.random.default_rng(54)
    shares = {name: [] for name in NAMES}
    for _ in range(40):
        benefits, parameters = decision(rng, 150, 0.0, 1.0)
        apart = Split.of(
            np.repeat(np.arange(150), 2), benefits["more"].residuals, np.ones(300)
        )  # chance only: explained by nothing
        assert explained(apart, parameters, NAMES, bootstraps=2)[0][0].share <= 100
        ids, values = np.repeat(np.arange(150), 2), parameters @ WEIGHTS
        split = Split.of(ids, values[ids] + rng.standard_normal(300), np.ones(300))
        for part in explained(split, parameters, NAMES, bootstraps=2)[0]:
            shares[part.name].append(part.share)
    for name, weight in zip(NAMES, WEIGHTS, strict=True):
        assert np.mean(shares[name]) == pytest.approx(100 * weight**2 / (WEIGHTS**2).sum(), abs=4)
    bent = Split.of(ids, (parameters[:, 0] ** 2)[ids] + 0.1 * rng.standard_normal(300), np.ones(300))
    first = explained(bent, parameters, NAMES, bootstraps=10)[0][0]
    assert first.name == "strong"
    assert first.share > 85


def test_net_benefit_prices_measures_and_limits():
    ids = np.repeat(np.arange(6), 2)
    cost, harm = plain(ids, np.full(12, 100.0)), plain(ids, np.arange(12.0))
    found = net_benefit({"a": {"cost": cost, "harm": harm}}, {"cost": -1.0, "harm": -2.0}, [Limit("harm", 8.5, 40.0)])
    assert found["a"].mean == pytest.approx(-100 - 2 * 5.5 - 40 * 3 / 12)
    with pytest.raises(KeyError, match="no column of beds"):
        net_benefit({"a": {"cost": cost}}, {"beds": 1.0})


def test_errors_and_reasons():
    benefits, parameters = decision(np.random.default_rng(55), 20, 0.0, 1.0)
    with pytest.raises(ValueError, match="20 draws and 3 names"):
        information(benefits, parameters, NAMES[:3])
    with pytest.raises(TooFewDrawsError, match="at least 24 parameter draws"):
        basis(np.random.default_rng(1).standard_normal((20, 6)), "group")
    with pytest.raises(KeyError, match="group g names nobody"):
        information(benefits, parameters, NAMES, groups={"g": ["nobody"]})
    single = {name: Split.of(np.arange(20), split.means, np.ones(20)) for name, split in benefits.items()}
    assert information(single, parameters, NAMES).reason == ONE_REPLICATION
