"""The simulated population beside published figures: how far apart, with the range that another population would have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

import numpy as np

from wardsim.parameters.evidence import REGISTER, Row, read_register
from wardsim.scenario.shipped import shipped
from wardsim.scenario.studies.spreads import counts_of, number_of

from .again import ratio_again
from .trusts import Population


@dataclass(frozen=True, slots=True)
class Beside:
    """One measure of the population beside a published figure.

    Attributes
    ----------
    measure : str
        Name.
    mean : float
        Of the population, mean over populations.
    low, high : float
        95% over populations made and over which trusts there are.
    ward_low, ward_high : float
        Tenth and ninetieth percentile of wards.
    row : Row or None
        Of the evidence register.
    published : float or None
        Its value.
    explanation : str
        From the file.
    """

    measure: str
    mean: float
    low: float
    high: float
    ward_low: float
    ward_high: float
    row: Row | None
    published: float | None
    explanation: str

    @property
    def difference(self) -> float | None:
        """Simulated less published."""
        return None if self.published is None else self.mean - self.published

    @property
    def inside(self) -> bool | None:
        """Whether the published figure lies in the simulated range."""
        if self.published is None or not isfinite(self.low):
            return None
        return self.low <= self.published <= self.high


def beside(population: Population, published: list[Mapping[str, Any]]) -> list[Beside]:
    """Every measure that the file shows, beside its row."""
    out = []
    for one in published:
        name = one["measure"]
        sums = [found for found in population.sums(name) if found.bottom.sum() > 0]
        low, high = ratio_again([(found.top, found.bottom) for found in sums], population.study.seed)
        wards = population.wards(name)
        ends = np.percentile(wards, (10, 90)) if len(wards) else (float("nan"), float("nan"))
        row = row_of(one["row"])
        mean = float(np.mean([found.whole for found in sums])) if sums else float("nan")
        value = None if row is None else number_of(row.value)
        out.append(Beside(name, mean, low, high, float(ends[0]), float(ends[1]), row, value, one["explanation"]))
    return out


def row_of(name: str | None) -> Row | None:
    """A row of the evidence register."""
    return None if name is None else _register()[name]


def published_counts(name: str | None, many: int) -> tuple[int, ...] | None:
    """Counts that a row holds."""
    row = row_of(name)
    return None if row is None else counts_of(row.value, many)


@cache
def _register() -> Mapping[str, Row]:
    return read_register(shipped("calibration") / REGISTER)
