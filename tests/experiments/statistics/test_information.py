"""Value of information and share by parameter, against closed forms."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from tests.experiments.statistics.banks import plain
from wardsim.experiments.intervals import ONE_REPLICATION
from wardsim.experiments.statistics.benefit import Limit, net_benefit
from wardsim.experiments.statistics.information import explained, information, too_few
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
        assert all(part.told_apart and part.share <= 100 for part in explained(apart, parameters, NAMES, bootstraps=2)[0])
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


@pytest.mark.statistical
@pytest.mark.parametrize(("draws", "chance"), [(30, 0.5), (50, 1.5), (150, 2.0)])
def test_the_range_of_a_share_holds_the_true_share(draws, chance):
    """80 worlds with shares of 76, 19, 5 and 0 percent: at least 90% of the 95% ranges hold them; error rate below 1 in 1,000."""
    rng = np.random.default_rng(56)
    true = dict(zip(NAMES, 100 * WEIGHTS**2 / (WEIGHTS**2).sum(), strict=True))
    ids, held = np.repeat(np.arange(draws), 2), []
    for _ in range(80):
        parameters = rng.standard_normal((draws, 4))
        split = Split.of(ids, (parameters @ WEIGHTS)[ids] + chance * rng.standard_normal(2 * draws), np.ones(2 * draws))
        for part in explained(split, parameters, NAMES, bootstraps=2)[0]:
            assert 0.0 <= part.low <= part.share <= part.high <= 100.0
            held.append(part.low - 0.1 <= true[part.name] <= part.high + 0.1)
    assert np.mean(held) >= 0.9


def test_with_few_draws_accident_has_no_share():
    """Of 60 parameters that do nothing, several seem to make half of an answer with 8 draws; with 28 none does. What does tell apart stays."""
    rng = np.random.default_rng(57)
    names = [f"p{i}" for i in range(60)]
    needed = too_few(8, 60)
    assert needed == "28 parameter draws tell one that makes half of the spread from accident among 60; there are 8"
    assert too_few(28, 60) == ""
    for draws in (8, 12):
        parameters = rng.standard_normal((draws, 60))
        ids = np.repeat(np.arange(draws), 2)
        split = Split.of(ids, rng.standard_normal(draws)[ids] + 0.01 * rng.standard_normal(2 * draws), np.ones(2 * draws))
        assert explained(split, parameters, names, bootstraps=2) == ((), too_few(draws, 60))
    rng = np.random.default_rng(0)
    parameters = rng.standard_normal((draws, 60))
    follows = Split.of(ids, parameters[:, 7][ids] + 0.001 * rng.standard_normal(2 * draws), np.ones(2 * draws))
    (part,), reason = explained(follows, parameters, names, bootstraps=2)
    assert (part.name, part.told_apart, reason) == ("p7", True, too_few(12, 60))


def test_with_few_draws_knowing_what_is_not_told_apart_has_no_worth():
    benefits, parameters = decision(np.random.default_rng(58), 12, 0.4, 0.5)
    found = information(benefits, np.hstack([parameters, np.random.default_rng(59).standard_normal((12, 56))]), [*NAMES, *map(str, range(56))])
    quiet = [one for one in found.partial if not one.told_apart]
    assert quiet
    assert all(np.isnan(one.value) and "28 parameter draws" in one.reason for one in quiet)


def test_worth_has_its_range_and_is_never_below_nought():
    benefits, parameters = decision(np.random.default_rng(60), 150, 0.4, 0.5)
    found = information(benefits, parameters, NAMES, bootstraps=50)
    assert 0.0 <= found.low < found.perfect < found.high
    assert found.high - found.low == pytest.approx(3.92 * found.error, rel=0.2)
    for one in found.partial:
        assert 0.0 <= one.low <= one.value <= one.high <= found.high
    inert = next(one for one in found.partial if one.name == "inert")
    assert inert.low == 0.0


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


@pytest.mark.statistical
def test_a_long_tail_tells_no_parameter_from_accident():
    """Answers with the tail of a cost, that follow from none of 200 parameters: in 5% of 100 experiments some parameter may be told
    apart; 13 or more have a probability below 1 in 1,000 then. On the answers themselves it was 40 and more."""
    rng = np.random.default_rng(57)
    ids = np.repeat(np.arange(50), 2)
    alarms = 0
    for _ in range(100):
        heavy = rng.standard_t(2, 50)[ids] + 0.1 * rng.standard_normal(100)
        found, _ = explained(Split.of(ids, heavy, np.ones(100)), rng.standard_normal((50, 200)), [f"p{i}" for i in range(200)], bootstraps=2, largest=0)
        alarms += any(part.told_apart for part in found)
    assert alarms <= 12
