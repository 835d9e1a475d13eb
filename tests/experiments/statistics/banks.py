"""Banks of paired runs of two made-up wards whose truth is known, and samples of draws from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardsim.experiments.study.runs import Column

DRAWS = 20_000


def plain(draw, values) -> Column:
    """Runs of a measure that is no ratio."""
    none = np.full(len(values), np.nan)
    return Column(np.arange(len(values)), np.asarray(draw), np.asarray(values, float), none, none)


def ratio(draw, top, bottom, scale) -> Column:
    """Runs of a ratio of sums."""
    top, bottom = np.asarray(top, float), np.asarray(bottom, float)
    return Column(np.arange(len(top)), np.asarray(draw), scale * top / bottom, top, bottom)


@dataclass
class Bank:
    """Many draws of two runs each of wards a and b.

    `effects` are the true expected differences of the draws; `years` differences of one fresh year of each ward at average
    parameters, the years being independent.
    """

    a: Column
    b: Column
    effects: np.ndarray
    years: np.ndarray
    percent: bool = False
    counted: bool = False

    @property
    def scale(self) -> float:
        """Factor from the plain ratio to the unit."""
        return 1000.0 if self.counted else 100.0 if self.percent else 1.0

    @property
    def truth(self) -> float:
        """Difference of the ratios of sums over the bank."""
        return _mean(self.b) - _mean(self.a)

    @property
    def relative(self) -> float:
        """The same in percent of a."""
        return 100 * self.truth / _mean(self.a)

    def sample(self, rng, draws: int, per_draw: int = 2) -> tuple[Column, Column]:
        """Runs of so many draws, taken from the bank at random, with replacement."""
        rows = (rng.integers(0, len(self.effects), draws)[:, None] * 2 + np.arange(per_draw)).ravel()
        return _rows(self.a, rows, per_draw), _rows(self.b, rows, per_draw)


def _mean(column: Column) -> float:
    if np.isnan(column.top[0]):
        return float(column.value.mean())
    some = np.flatnonzero(column.top)[0]
    scale = column.value[some] * column.bottom[some] / column.top[some]
    return float(scale * column.top.sum() / column.bottom.sum())


def _rows(column: Column, rows, per_draw: int) -> Column:
    k = len(rows)
    return Column(
        np.arange(k), np.arange(k) // per_draw, column.value[rows], column.top[rows], column.bottom[rows]
    )  # fmt: skip


def counts(mean, effect, spread, spread_of_effect, shared=0.9, seed=1) -> Bank:
    """Events per 1,000 bed days, Poisson given the draw; `shared` of them happen in both wards."""
    rng = np.random.default_rng(seed)
    draw = np.repeat(np.arange(DRAWS), 2)
    base = mean * np.exp(spread * rng.standard_normal(DRAWS) - spread**2 / 2)
    other = base * np.exp(effect + spread_of_effect * rng.standard_normal(DRAWS) - spread_of_effect**2 / 2)
    days = rng.uniform(5, 7, 2 * DRAWS)
    days_b = days * rng.uniform(0.97, 1.03, 2 * DRAWS)
    expected, expected_b = base[draw] * days, other[draw] * days_b
    both = shared * np.minimum(expected, expected_b)
    common = rng.poisson(both)
    top, top_b = common + rng.poisson(expected - both), common + rng.poisson(expected_b - both)
    fresh = rng.uniform(5, 7, (2, 5000))
    years = rng.poisson(other.mean() * fresh[1]) / fresh[1] - rng.poisson(base.mean() * fresh[0]) / fresh[0]
    return Bank(
        ratio(draw, top, days * 1000, 1000), ratio(draw, top_b, days_b * 1000, 1000), other - base, years, counted=True
    )


def percent(mean, effect, spread, patient_days=6000, seed=2) -> Bank:
    """Patient days with something, in percent: beta-binomial, so many of the same days in both wards."""
    rng = np.random.default_rng(seed)
    draw = np.repeat(np.arange(DRAWS), 2)
    middle = np.log(mean / (100 - mean))
    base = 1 / (1 + np.exp(-(middle + spread * rng.standard_normal(DRAWS))))
    other = 1 / (1 + np.exp(-(np.log(base / (1 - base)) + effect + spread / 2 * rng.standard_normal(DRAWS))))
    days = rng.integers(patient_days * 9 // 10, patient_days * 11 // 10, 2 * DRAWS)

    def tops(share, days, chance):
        return rng.binomial(days, 1 / (1 + np.exp(-(np.log(share / (1 - share)) + 0.1 * chance))))

    chance = rng.standard_normal(2 * DRAWS)
    top, top_b = tops(base[draw], days, chance), tops(other[draw], days, chance)
    fresh = [tops(np.full(5000, p.mean()), days[:5000], rng.standard_normal(5000)) / days[:5000] for p in (base, other)]
    return Bank(
        ratio(draw, top, days, 100), ratio(draw, top_b, days, 100), 100 * (other - base), 100 * (fresh[1] - fresh[0]),
        percent=True,
    )  # fmt: skip


def numbers(shape, effect, parameters, chance, seed=3) -> Bank:
    """Plain numbers (a median, a cost): difference = effect + draw + chance of the given shape."""
    rng = np.random.default_rng(seed)
    draw = np.repeat(np.arange(DRAWS), 2)

    def of_shape(size):
        if shape == "t3":
            return rng.standard_t(3, size) / np.sqrt(3)
        if shape == "skewed":  # lognormal, skewness 1.75
            return (np.exp(0.5 * rng.standard_normal(size)) - np.exp(0.125)) / np.sqrt(np.exp(0.5) - np.exp(0.25))
        if shape == "very skewed":  # lognormal, skewness 2.9
            return (np.exp(0.7 * rng.standard_normal(size)) - np.exp(0.245)) / np.sqrt(np.exp(0.98) - np.exp(0.49))
        return rng.standard_normal(size)

    of_draw, common = rng.standard_normal(DRAWS), 5 * rng.standard_normal(2 * DRAWS)
    base = 100 + 10 * of_draw[draw] + common
    effects = effect + parameters * rng.standard_normal(DRAWS)
    other = base + effects[draw] + chance * of_shape(2 * DRAWS)
    years = 5 * rng.standard_normal(5000) + chance * of_shape(5000) - 5 * rng.standard_normal(5000)
    return Bank(plain(draw, base), plain(draw, other), effects, years + effect)


BANKS = {
    "counts, 20 per 1,000 obd": lambda: counts(20.0, -0.1, 0.3, 0.1),
    "counts, 1 per 1,000 obd": lambda: counts(1.0, -0.2, 0.4, 0.15),
    "rare counts, 0.1 per 1,000 obd": lambda: counts(0.1, -0.2, 0.4, 0.15),
    "rare counts, 0.02 per 1,000 obd": lambda: counts(0.02, -0.3, 0.4, 0.15),
    "percent, about 60": lambda: percent(60.0, 0.2, 0.4),
    "percent, about 99.8": lambda: percent(99.8, 0.2, 0.4),
    "plain, normal": lambda: numbers("normal", 1.0, 1.0, 1.0),
    "plain, heavy tails (t3)": lambda: numbers("t3", 1.0, 0.3, 1.0),
    "plain, skewed": lambda: numbers("skewed", 1.0, 0.3, 1.0),
    "plain, very skewed": lambda: numbers("very skewed", 1.0, 0.3, 1.0),
}
"""Situations in which coverage is measured."""
