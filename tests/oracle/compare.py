"""Intervals for two independent models of one thing, and for counts against what was expected of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from scipy import stats

ALPHA = 0.001
"""Chance that one comparison of two models that agree fails; seeds are fixed, so a test that passes goes on passing."""
POWER = 0.9
"""The error stated as visible would fail the comparison with this chance."""


def half_width(se: float, freedom: float) -> float:
    """Half of the interval at 1 - ALPHA."""
    return float(stats.t.ppf(1.0 - ALPHA / 2.0, freedom)) * se


def visible(se: float, freedom: float) -> float:
    """The difference that would fail the comparison with chance POWER."""
    return half_width(se, freedom) + float(stats.norm.ppf(POWER)) * se


class Comparison:
    """Collects comparisons, prints each, and fails at the end with all that disagree."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def means(self, name: str, real: Sequence[float], oracle: Sequence[float], see: float | None = None, *, slack: float = 0.0) -> None:
        """Means of two sets of independent replications (Welch).

        Parameters
        ----------
        see : float, optional
            Relative error that must be visible; a comparison too coarse for it fails.
        slack : float
            Absolute difference that is granted on top (an approximation declared by the package).
        """
        a, b = np.asarray(real, float), np.asarray(oracle, float)
        va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
        se = sqrt(va + vb)
        if se == 0.0:
            self._judge(name, float(a[0]), float(b[0]), slack, slack, None)
            return
        freedom = (va + vb) ** 2 / max(va**2 / (len(a) - 1) + vb**2 / (len(b) - 1), 1e-300)
        self._judge(name, float(a.mean()), float(b.mean()), half_width(se, freedom) + slack, visible(se, freedom) + slack, see)

    def counts(self, name: str, observed: int, expected: float, see: float | None = None) -> None:
        """A count against its expected number (the sum of rates over what each patient was exposed to: a Poisson count)."""
        se = sqrt(expected)
        low, high = stats.poisson.ppf([ALPHA / 2.0, 1.0 - ALPHA / 2.0], expected)
        half = max(float(high) - expected, expected - float(low), half_width(se, np.inf))
        self._judge(name, float(observed), expected, half, half + float(stats.norm.ppf(POWER)) * se, see)

    def _judge(self, name: str, real: float, oracle: float, half: float, seen: float, see: float | None) -> None:
        scale = max(abs(oracle), 1e-12)
        off, width, sight = (100.0 * x / scale for x in (real - oracle, half, seen))
        line = f"{name}: real {real:.5g}, oracle {oracle:.5g}, difference {off:+.2f}%, interval +-{width:.2f}%, visible {sight:.2f}%"
        print(line)
        if abs(real - oracle) > half:
            self.wrong.append(line)
        if see is not None and seen > see * scale:
            self.wrong.append(f"too coarse, {100 * see:g}% must be visible: {line}")

    def done(self) -> None:
        """Fail if anything disagreed."""
        assert not self.wrong, "\n" + "\n".join(self.wrong)
