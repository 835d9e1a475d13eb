"""Prior distributions: quantile and cumulative functions in plain Python; a draw needs one uniform and no library.

Each distribution is declared by what a reader can check: its median and its 5% and 95% points, or its mean and spread.
When the declared 5% and 95% points are not symmetric about the median, the two halves have their own spread, so that
all three declared points are met exactly.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import exp, inf, log
from statistics import NormalDist

_STANDARD = NormalDist()
Z95 = _STANDARD.inv_cdf(0.95)
"""Standard normal deviate of the 95% point."""


class Distribution(ABC):
    """A prior for one parameter.

    A subclass provides `quantile` (the inverse of the cumulative function, non-decreasing on (0, 1)) and `cdf`.
    """

    __slots__ = ()

    @abstractmethod
    def quantile(self, p: float) -> float:
        """Value below which a share `p` (0 < p < 1) of the prior lies."""

    @abstractmethod
    def cdf(self, x: float) -> float:
        """Share of the prior at or below `x`."""


class Fixed(Distribution):
    """A known constant: no uncertainty is claimed."""

    __slots__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value

    def quantile(self, p: float) -> float:
        """The constant, whatever `p`."""
        return self.value

    def cdf(self, x: float) -> float:
        """0 below the constant, 1 from it on."""
        return 1.0 if x >= self.value else 0.0


class Normal(Distribution):
    """Normal with mean and standard deviation."""

    __slots__ = ("mean", "sd")

    def __init__(self, mean: float, sd: float) -> None:
        self.mean = mean
        self.sd = sd

    def quantile(self, p: float) -> float:
        """Value at share `p`."""
        return self.mean + self.sd * _STANDARD.inv_cdf(p)

    def cdf(self, x: float) -> float:
        """Share at or below `x`."""
        return _STANDARD.cdf((x - self.mean) / self.sd)


class Uniform(Distribution):
    """Every value between two bounds alike."""

    __slots__ = ("high", "low")

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high

    def quantile(self, p: float) -> float:
        """Value at share `p`."""
        return self.low + p * (self.high - self.low)

    def cdf(self, x: float) -> float:
        """Share at or below `x`."""
        return min(1.0, max(0.0, (x - self.low) / (self.high - self.low)))


class TwoPiece(Distribution):
    """Normal on a transformed scale, each half with its own spread.

    Parameters
    ----------
    median, low, high : float
        Median, 5% point and 95% point on the natural scale; low < median < high.
    forward, back : callable
        Strictly increasing transformation to the scale on which the halves are normal, and its inverse.
    """

    __slots__ = ("_back", "_centre", "_down", "_forward", "_up")

    def __init__(
        self, median: float, low: float, high: float, forward: Callable[[float], float], back: Callable[[float], float]
    ) -> None:
        self._forward = forward
        self._back = back
        self._centre = forward(median)
        self._down = (self._centre - forward(low)) / Z95
        self._up = (forward(high) - self._centre) / Z95

    def quantile(self, p: float) -> float:
        """Value at share `p`."""
        z = _STANDARD.inv_cdf(p)
        return self._back(self._centre + z * (self._down if z < 0.0 else self._up))

    def cdf(self, x: float) -> float:
        """Share at or below `x`."""
        distance = self._forward(x) - self._centre
        return _STANDARD.cdf(distance / (self._down if distance < 0.0 else self._up))


def _log(x: float) -> float:
    return log(x) if x > 0.0 else -inf


def _logit(x: float) -> float:
    if x <= 0.0:
        return -inf
    return inf if x >= 1.0 else log(x / (1.0 - x))


def _expit(y: float) -> float:
    if y >= 0.0:
        return 1.0 / (1.0 + exp(-y))
    e = exp(y)
    return e / (1.0 + e)


def lognormal(median: float, low: float, high: float) -> Distribution:
    """Positive quantity, normal in logarithms: median, 5% and 95% points."""
    return TwoPiece(median, low, high, _log, exp)


def logit_normal(median: float, low: float, high: float) -> Distribution:
    """Share between 0 and 1, normal in log odds: median, 5% and 95% points."""
    return TwoPiece(median, low, high, _logit, _expit)


class Truncated(Distribution):
    """A distribution cut to hard bounds; what lies outside is shared out over what lies inside.

    Raises
    ------
    ValueError
        When nothing of the prior lies within the bounds.
    """

    __slots__ = ("_above", "_below", "_inner", "high", "low")

    def __init__(self, inner: Distribution, low: float, high: float) -> None:
        self._inner = inner
        self.low = low
        self.high = high
        self._below = inner.cdf(low)
        self._above = inner.cdf(high)
        if self._above - self._below < 1e-9 and not isinstance(inner, Fixed):
            raise ValueError(f"no part of the prior lies within the range [{low:g}, {high:g}]")

    def quantile(self, p: float) -> float:
        """Value at share `p` of what is left after the cut."""
        if isinstance(self._inner, Fixed):
            return self._inner.value
        inside = self._below + p * (self._above - self._below)
        if not 0.0 < inside < 1.0:  # an unbounded side, p at its end
            return self.low if inside <= 0.0 else self.high
        return min(self.high, max(self.low, self._inner.quantile(inside)))

    def cdf(self, x: float) -> float:
        """Share of what is left after the cut at or below `x`."""
        if isinstance(self._inner, Fixed):
            return self._inner.cdf(x)
        if x < self.low:
            return 0.0
        if x >= self.high:
            return 1.0
        return (self._inner.cdf(x) - self._below) / (self._above - self._below)
