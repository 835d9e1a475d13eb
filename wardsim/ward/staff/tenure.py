"""Leaving and hiring in numbers: a hazard of leaving that is higher in the first year, and rounds of recruitment that may fail.

Two published figures would disagree if every post were filled after one time to hire: turnover of 15% a year and four months to
hire leave 5% of posts empty, and wards report 15-20%. The difference is recruitment that finds nobody. A round of recruitment
lasts the time to hire and succeeds with the probability that makes the vacancy share the ward's balance; where even certain
success is too slow for the stated vacancy, rounds are as much shorter as the balance needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from typing import Final

from ..core.clock import YEAR

INFINITY: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Hazard of leaving: `ratio * rate` in the first year in post, `rate` after; both a year.

    Parameters
    ----------
    rate : float
        Hazard after the first year.
    ratio : float
        First-year multiple.
    per_year : float
        Leavers a year as a share of those in post, in balance.
    """

    rate: float
    ratio: float
    per_year: float

    @classmethod
    def solve(cls, per_year: float, ratio: float) -> Leaving:
        """Find the hazard whose mean time in post is one over the leavers a year."""
        if per_year <= 0.0:
            return cls(0.0, ratio, 0.0)
        low, high = 0.0, per_year
        for _ in range(60):
            rate = (low + high) / 2.0
            first = rate * ratio
            mean = (1.0 - exp(-first)) / first + exp(-first) / rate if rate > 0.0 else INFINITY
            if mean > 1.0 / per_year:
                low = rate
            else:
                high = rate
        return cls((low + high) / 2.0, ratio, per_year)

    def cumulative(self, years: float) -> float:
        """Hazard gathered over the first `years` in post."""
        return self.rate * (self.ratio * min(years, 1.0) + max(years - 1.0, 0.0))

    def time_of(self, hazard: float) -> float:
        """Years in post at which a cumulative hazard is reached."""
        if self.rate <= 0.0:
            return INFINITY
        first = self.rate * self.ratio
        return hazard / first if hazard <= first else 1.0 + (hazard - first) / self.rate

    def elapsed(self, u: float) -> float:
        """Years already in post of somebody met in the ward in balance (inversion of the equilibrium distribution)."""
        if self.rate <= 0.0:
            return 6.0 * u
        first = self.rate * self.ratio
        area = u / self.per_year
        within = (1.0 - exp(-first)) / first
        if area <= within:
            return -log(1.0 - area * first) / first
        rest = max(1.0 - (area - within) * self.rate * exp(first), 1e-12)
        return 1.0 - log(rest) / self.rate

    def leaves_at(self, hired_at: float, target: float, pressure: Iterable[tuple[float, float, float]] = ()) -> float:
        """Minute of leaving: the cumulative hazard reaches `target`; windows of pressure (from, to, factor) raise the hazard."""
        at = hired_at + self.time_of(target) * YEAR
        windows = sorted(pressure)
        if not windows or at == INFINITY:
            return at
        extra = 0.0
        for start, end, factor in windows:
            begin = max(start, hired_at)
            if begin >= at or end <= begin:
                continue
            before = self.cumulative((begin - hired_at) / YEAR)
            gain = (factor - 1.0) * (self.cumulative((end - hired_at) / YEAR) - before)
            if before + extra + gain + (gain / (factor - 1.0) if factor != 1.0 else 0.0) >= target:
                # It is reached within this window: solve on the raised hazard.
                inside = (target - extra - before) / factor
                return hired_at + self.time_of(before + inside) * YEAR
            extra += gain
            at = hired_at + self.time_of(target - extra) * YEAR
        return at


@dataclass(frozen=True, slots=True)
class Hiring:
    """Rounds of recruitment.

    Parameters
    ----------
    months : float
        Mean length of one round, months.
    success : float
        Probability that a round ends with somebody starting.
    cv : float
        Coefficient of variation of a round's length (gamma-like, by a lognormal).
    vacancy : float
        Share of posts vacant in balance.
    """

    months: float
    success: float
    cv: float
    vacancy: float

    @classmethod
    def solve(cls, per_year: float, vacancy: float | None, months: float, cv: float) -> Hiring:
        """Rounds that keep the vacancy share in balance with the leavers; vacancy None: it follows from one round a post."""
        if vacancy is None:
            load = per_year * months / 12.0
            return cls(months, 1.0, cv, load / (1.0 + load))
        if vacancy >= 0.999:
            return cls(months, 0.0, cv, 1.0)
        if per_year <= 0.0:
            return cls(months, 1.0, cv, vacancy)
        needed = vacancy / (1.0 - vacancy) / per_year * 12.0
        if months <= 0.0:
            return cls(needed, 1.0, cv, vacancy)
        if needed >= months:
            return cls(months, months / needed, cv, vacancy)
        return cls(needed, 1.0, cv, vacancy)
