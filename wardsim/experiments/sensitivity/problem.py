"""What varies: factors with their distributions, and the problem file that SALib reads.

A point of a design lies in the unit cube: a coordinate is the share of the factor's distribution below the value. Morris
and Sobol work on shares, so that a factor counts by what is believed of it and not by the width of a box. SALib's own
distributions do not hold a two-piece prior; its problem file therefore has bounds 0 and 1, and beside it stands how
shares become values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardsim.parameters import Entry
from wardsim.parameters.entry import FixedPrior, UniformPrior

Array = NDArray[np.float64]

FORMAT = 1
"""Version of the problem file."""
END = 1e-4
"""Shares nearer to 0 or 1 than this are moved to it: a prior without bounds has no value there."""
LOW_HIGH = (0.05, 0.95)
"""Shares of a prior that stand for low and high in a tornado."""
TABLE = (0.0001, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.9999)
"""Shares at which the problem file gives values."""
UNIFORM_SD = 12**-0.5
"""Standard deviation of a share."""


class SensitivityError(ValueError):
    """A design, its outcomes or a request does not allow the analysis; the text says why and what would."""


@dataclass(frozen=True)
class Factor:
    """One thing that varies.

    Attributes
    ----------
    name : str
        Parameter or scenario key.
    low, high : float
        5% and 95% points of its prior; the bounds of a uniform one.
    label, unit : str
        For people.
    prior : str
        Its distribution in words.
    quantile, cdf : callable, optional
        Value at a share and share at a value; left out: uniform between low and high.
    """

    name: str
    low: float
    high: float
    label: str = ""
    unit: str = ""
    prior: str = "uniform"
    quantile: Callable[[float], float] | None = None
    cdf: Callable[[float], float] | None = None

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise SensitivityError(f"{self.name}: low {self.low:g} must be below high {self.high:g}")

    @classmethod
    def of_entry(cls, entry: Entry) -> Factor:
        """A parameter of the ledger with its prior.

        Raises
        ------
        SensitivityError
            When it is fixed: nothing varies.
        """
        if isinstance(entry.prior, FixedPrior):
            raise SensitivityError(f"{entry.name} has no prior (it is fixed at {entry.value:g}): give it a low and a high")
        if isinstance(entry.prior, UniformPrior):
            low, high = max(entry.prior.low, entry.range[0]), min(entry.prior.high, entry.range[1])
            return cls(entry.name, low, high, entry.label, entry.unit)
        low, high = entry.quantiles(*LOW_HIGH)
        prior = entry.distribution
        return cls(entry.name, low, high, entry.label, entry.unit, entry.prior.text(), prior.quantile, prior.cdf)

    @property
    def uniform(self) -> bool:
        """Every value between low and high alike."""
        return self.quantile is None

    def values(self, shares: Array) -> Array:
        """Values at shares of the distribution."""
        if self.quantile is None:
            return self.low + shares * (self.high - self.low)
        quantile = self.quantile
        return np.array([quantile(float(p)) for p in np.clip(shares, END, 1 - END)], dtype=np.float64)

    def shares(self, values: Array) -> Array:
        """Shares of the distribution at or below values.

        Raises
        ------
        SensitivityError
            When a value lies outside, or the factor has no cumulative function.
        """
        if self.quantile is None:
            found = (np.asarray(values, dtype=np.float64) - self.low) / (self.high - self.low)
        elif self.cdf is None:
            raise SensitivityError(f"{self.name}: values cannot be turned into shares without its cumulative function")
        else:
            cdf = self.cdf
            found = np.array([cdf(float(x)) for x in values], dtype=np.float64)
        if not bool(np.all((found >= -1e-9) & (found <= 1 + 1e-9))):
            raise SensitivityError(f"{self.name}: a value lies outside {self.low:g} to {self.high:g}")
        return np.clip(found, 0.0, 1.0)

    def scores(self, shares: Array) -> Array:
        """Shares on a scale of mean 0 and standard deviation 1 that an emulator finds easy: standard normal deviates (a
        normal prior as it is, a lognormal one in logarithms, a logit-normal one in log odds), or the share itself."""
        if self.uniform:
            return (shares - 0.5) / UNIFORM_SD
        from scipy.special import ndtri

        return np.asarray(ndtri(np.clip(shares, END, 1 - END)), dtype=np.float64)


@dataclass(frozen=True)
class Problem:
    """What varies in a study of sensitivity.

    Attributes
    ----------
    factors : tuple of Factor
        In the order of the columns of a design.
    """

    factors: tuple[Factor, ...]

    def __post_init__(self) -> None:
        if not self.factors:
            raise SensitivityError("a problem needs at least one factor")
        names = [factor.name for factor in self.factors]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise SensitivityError(f"factor {twice} is given twice")

    @classmethod
    def of_entries(cls, entries: Iterable[Entry]) -> Problem:
        """Parameters of the ledger with their priors."""
        return cls(tuple(Factor.of_entry(entry) for entry in entries))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    def __len__(self) -> int:
        return len(self.factors)

    def natural(self, unit: Array) -> Array:
        """Values of points of the unit cube, shape (points, factors)."""
        return np.column_stack([f.values(unit[:, j]) for j, f in enumerate(self.factors)])

    def unit(self, natural: Array) -> Array:
        """Points of the unit cube of values, shape (points, factors)."""
        return np.column_stack([f.shares(natural[:, j]) for j, f in enumerate(self.factors)])

    def scores(self, unit: Array) -> Array:
        """Standardised inputs of points of the unit cube, shape (points, factors)."""
        return np.column_stack([f.scores(unit[:, j]) for j, f in enumerate(self.factors)])

    def to_salib(self) -> dict[str, Any]:
        """The problem as SALib takes it: shares, so that bounds are 0 and 1."""
        return {"num_vars": len(self), "names": list(self.names), "bounds": [[0.0, 1.0] for _ in self.factors]}

    def file(self) -> bytes:
        """The problem as JSON: what SALib takes, and how shares become values (linear between the points given, and
        exactly by the prior)."""
        whole = {
            "format": FORMAT,
            "scale": "share of the factor's distribution below the value",
            "salib": self.to_salib(),
            "factors": [
                {
                    "name": f.name, "label": f.label, "unit": f.unit, "prior": f.prior, "low": f.low, "high": f.high,
                    "shares": list(TABLE), "values": [_short(x) for x in f.values(np.array(TABLE))],
                }
                for f in self.factors
            ],
        }  # fmt: skip
        return (json.dumps(whole, indent=1, ensure_ascii=True, allow_nan=False) + "\n").encode()

    def salib_text(self) -> bytes:
        """The parameter file of SALib's own command line and `SALib.util.read_param_file`: name and bounds a line."""
        return "".join(f"{name} 0.0 1.0\n" for name in self.names).encode()


def _short(x: float) -> float:
    return float(f"{x:.9g}")
