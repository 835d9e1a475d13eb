"""One at a time: each factor at its low and its high with the others at their medians, ranked.

Runs with common random numbers are compared run by run, so that the interval is that of the difference. It covers chance
only (more replications narrow it); a tornado sees no interaction and nothing between low and high.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .outcomes import Outcome
from .problem import Array, Problem, SensitivityError
from .result import NOUGHT, REPLICATIONS, Row

UNSETTLED = "the interval holds no change"
TIED = "no difference in these runs"
UNKNOWN = "chance not known: no replications"
Z975 = 1.959964


def swings(problem: Problem, outcome: Outcome, seed: int) -> list[Row]:
    """Change of the outcome from the centre to the low and to the high of each factor, and from low to high (`swing`).

    Parameters
    ----------
    problem : Problem
        What varies.
    outcome : Outcome
        Of the rows of `design.one_at_a_time`, in order: centre, then low and high of each factor.
    seed : int
        Kept with the rows; nothing is drawn.

    Raises
    ------
    SensitivityError
        When the number of rows is another or a row has no value.
    """
    outcome = outcome.whole()
    d = len(problem)
    if len(outcome.mean) != 2 * d + 1:
        raise SensitivityError(f"a tornado of {d} factors has {2 * d + 1} rows, not {len(outcome.mean)}")
    rows = []
    for j, name in enumerate(problem.names):
        low, high = 1 + 2 * j, 2 + 2 * j
        for index, start, end in (("swing", low, high), ("low", 0, low), ("high", 0, high)):
            rows.append(_change(outcome, start, end, name, index, seed))
    return rows


def order(rows: list[Row]) -> list[str]:
    """Factors by the largest of their three changes, largest first."""
    largest: dict[str, float] = {}
    for row in rows:
        largest[row.parameter] = max(largest.get(row.parameter, 0.0), abs(row.value or 0.0))
    return sorted(largest, key=lambda name: -largest[name])


def _change(outcome: Outcome, start: int, end: int, name: str, index: str, seed: int) -> Row:
    """The outcome at one row less that at another, with its interval over replications."""
    value = float(outcome.mean[end] - outcome.mean[start])
    common: dict[str, Any] = {"method": "tornado", "outcome": outcome.name, "parameter": name, "index": index, "value": value,
                              "n": len(outcome.mean), "seed": seed}  # fmt: skip
    half = _half(outcome, start, end)
    if half is None:
        return Row(**common, note=UNKNOWN)
    held = value - half <= 0 <= value + half
    note = TIED if max(abs(value), half) < NOUGHT else UNSETTLED if held else ""
    return Row(**common, low=value - half, high=value + half, interval_source=REPLICATIONS, note=note)


def _half(outcome: Outcome, start: int, end: int) -> float | None:
    """Half-width of the 95% interval of a change; None when chance is not known."""
    from scipy.stats import t

    runs = outcome.runs
    if runs is not None and runs.shape[1] > 1:
        r = runs.shape[1]
        if outcome.shared:
            return float(t.ppf(0.975, r - 1) * (runs[end] - runs[start]).std(ddof=1) / r**0.5)
        a, b = _variance(runs[start]) / r, _variance(runs[end]) / r
        if a + b == 0:
            return 0.0
        freedom = (a + b) ** 2 * (r - 1) / (a**2 + b**2)
        return float(t.ppf(0.975, freedom) * (a + b) ** 0.5)
    if outcome.noise is None:
        return None
    return float(Z975 * np.sqrt(outcome.noise[start] + outcome.noise[end]))


def _variance(x: Array) -> float:
    return float(x.var(ddof=1))
