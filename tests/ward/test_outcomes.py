"""Variates by inversion and shifts of a share, against values worked out by hand."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from wardsim.ward.core.streams import Stream, Streams
from wardsim.ward.incidents.outcomes import HALF, ROW, Row, Rows, exponential, logit, lognormal, poisson, shifted

HIGH = 1.6448536269514722
"""The standard normal's 95th percentile."""


def test_exponential_by_inversion() -> None:
    assert exponential(0.0, 5.0) == 0.0
    assert exponential(0.5, 5.0) == pytest.approx(5.0 * log(2.0))
    assert exponential(1.0 - exp(-3.0), 5.0) == pytest.approx(15.0)


def test_lognormal_by_inversion() -> None:
    """With cv^2 = e - 1 the logarithm has standard deviation 1."""
    cv = (exp(1.0) - 1.0) ** 0.5
    assert lognormal(0.5, 8.0, cv) == pytest.approx(8.0)
    assert lognormal(0.95, 8.0, cv) == pytest.approx(8.0 * exp(HIGH))
    assert lognormal(0.05, 8.0, cv) == pytest.approx(8.0 * exp(-HIGH))
    assert lognormal(0.95, 8.0, 0.0) == 8.0
    cv = (exp(4.0) - 1.0) ** 0.5
    assert lognormal(0.95, 8.0, cv) == pytest.approx(8.0 * exp(2.0 * HIGH))


def test_lognormal_is_finite_at_the_ends_of_the_unit() -> None:
    """A draw of exactly 0 or 1 counts as one part in 10^12 inside: about seven standard deviations."""
    cv = (exp(1.0) - 1.0) ** 0.5
    assert log(lognormal(0.0, 1.0, cv)) == pytest.approx(-7.034484, abs=1e-5)
    assert log(lognormal(1.0, 1.0, cv)) == pytest.approx(7.034484, abs=1e-4)


@pytest.mark.parametrize(
    ("u", "count"), [(0.0, 0), (0.135, 0), (0.136, 1), (0.405, 1), (0.407, 2), (0.676, 2), (0.677, 3), (0.857, 3), (0.858, 4)]
)
def test_poisson_of_mean_two_by_inversion(u: float, count: int) -> None:
    """Chances of at most 0, 1, 2, 3 with mean 2: e^-2 times 1, 3, 5, 19/3, that is 0.1353, 0.4060, 0.6767, 0.8571."""
    assert poisson(u, 2.0) == count


def test_poisson_steps_at_the_cumulated_chance() -> None:
    assert poisson(exp(-1.0), 1.0) == 1
    assert poisson(0.999, 0.0) == 0
    assert poisson(0.999999, 200.0) == 50, "no more than fifty"


def test_log_odds_and_back() -> None:
    assert logit(0.5) == 0.0
    assert logit(0.8) == pytest.approx(log(4.0))
    assert logit(0.0) == pytest.approx(log(1e-12))
    assert logit(1.0) == pytest.approx(-log(1e-12), abs=1e-3)


def test_shifting_multiplies_the_odds() -> None:
    assert shifted(0.2, log(4.0)) == pytest.approx(0.5)
    assert shifted(0.5, -log(3.0)) == pytest.approx(0.25)
    assert shifted(1e-9, log(2.0)) == pytest.approx(2e-9)
    assert shifted(1.0 - 1e-9, -log(2.0)) == pytest.approx(1.0 - 2e-9, abs=1e-12)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_what_never_or_always_happens_is_not_shifted(share: float) -> None:
    assert shifted(share, 3.0) == shifted(share, -3.0) == share


def test_no_shift_is_the_very_same_share() -> None:
    assert all(shifted(share, 0.0) == share for share in np.linspace(0.0, 1.0, 101).tolist())


def test_rows_are_the_same_in_whatever_order_they_are_read() -> None:
    key = (1, 2, 0, 0)
    stream = Streams(7, 0).row(Stream.OUTCOME, *key, n=4 * ROW)
    straight = [stream[n * ROW : (n + 1) * ROW] for n in range(4)]
    rows = Rows(Streams(7, 0), *key)
    assert [rows.row(n).save() for n in (2, 0, 1, 1, 3)] == [straight[n] for n in (2, 0, 1, 1, 3)]
    assert Rows(Streams(7, 0), *key).row(0).save() == straight[0]
    assert Rows(Streams(7, 0), 1, 2, 0, 1).row(0).save() != straight[0]


def test_a_row_is_read_at_its_places_and_the_assault_has_the_rest() -> None:
    row = Rows(Streams(7, 0), 1, 2, 0, 0).row(3)
    draws = row.save()
    again = Row.restore(draws)
    for one in (row, again):
        assert [one[place] for place in range(ROW)] == draws
        assert [one.later()[place] for place in range(ROW - HALF)] == one.later().save() == draws[HALF:]
