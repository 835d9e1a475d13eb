"""Published beside simulated, target by target.

    runs of each setting -> Result by measure -> table(targets, results) -> rows -> markdown

A row says what was published and through which layer, what the ward does through the same layer, where the study's figure
would have come to lie (with and without the declared discrepancy), and whether it did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any

import numpy as np

from wardsim.measures import MEASURES

from .likelihood import Simulated, implausibility, predictive_interval
from .scales import slope
from .targets import Shown, Target, Targets

LAYERS = {
    "case_notes": "case notes", "structured_form": "structured form", "shift_reports": "shift reports",
    "incident_system": "incident system", "survey": "survey", "training_records": "training records", "observers": "observers",
    "statistics": "statistics", "cost_study": "cost study",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One measure over the runs of one setting.

    Attributes
    ----------
    mean : float
        Expected value in the unit of the measure.
    sd : float
        Standard deviation of one ward-year (or one run) about it.
    n : int
        Runs.
    """

    mean: float
    sd: float
    n: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One target beside the simulated ward; every figure in the unit of the measure.

    Attributes
    ----------
    target : Target
    mean : float
        Simulated; NaN when the measure has no value.
    low, high : float
        95% interval of what the study would have reported, discrepancy allowed.
    low_without, high_without : float
        The same without discrepancy.
    implausibility : float
        Distance in standard deviations, discrepancy allowed.
    """

    target: Target
    mean: float
    low: float
    high: float
    low_without: float
    high_without: float
    implausibility: float

    @property
    def inside(self) -> bool:
        """Whether the published figure lies in the interval; of a bound only the side that it bounds counts."""
        return _inside(self.target, self.low, self.high)

    @property
    def inside_without(self) -> bool:
        """The same without discrepancy."""
        return _inside(self.target, self.low_without, self.high_without)


def _inside(target: Target, low: float, high: float) -> bool:
    published = target.published
    slack = 1e-9 * max(abs(published), 1.0)
    above = published >= low - slack or target.censoring == "lower"
    below = published <= high + slack or target.censoring == "upper"
    return isfinite(low) and isfinite(high) and above and below


def result_of(values: Any, numerators: Any = None, denominators: Any = None) -> Result:
    """Mean and spread of a measure over runs: a ratio of sums where it is a ratio.

    Parameters
    ----------
    values, numerators, denominators : sequence of float
        One for each run; runs without a value are left out.
    """
    value = np.asarray(values, np.float64)
    top = np.full(value.shape, np.nan) if numerators is None else np.asarray(numerators, np.float64)
    bottom = np.full(value.shape, np.nan) if denominators is None else np.asarray(denominators, np.float64)
    known = np.isfinite(value)
    value, top, bottom = value[known], top[known], bottom[known]
    n = len(value)
    if n == 0:
        return Result(float("nan"), float("nan"), 0)
    if np.all(np.isfinite(top) & np.isfinite(bottom)) and np.any(top != 0.0):
        seen = top != 0.0
        scale = float(np.median(value[seen] * bottom[seen] / top[seen]))
        mean = scale * float(np.sum(top) / np.sum(bottom))
        residual = (scale * top - mean * bottom) / float(np.mean(bottom))
        return Result(mean, float(np.std(residual, ddof=1)) if n > 1 else float("nan"), n)
    return Result(float(np.mean(value)), float(np.std(value, ddof=1)) if n > 1 else float("nan"), n)


def simulated_of(target: Target, result: Result) -> Simulated:
    """Simulated mean of a target with its simulation error, and the chance of as many ward-years as the study saw."""
    if result.n < 2:
        return Simulated(result.mean)
    sd = result.sd * float(slope(target.scale, result.mean, target.per))
    chance = sd**2 / target.ward_years if target.ward_years else 0.0
    return Simulated(result.mean, sd**2 / result.n, chance)


def compare(target: Target, result: Result) -> Compared:
    """One target beside one result."""
    if not isfinite(result.mean):
        unknown = float("nan")
        return Compared(target, unknown, unknown, unknown, unknown, unknown, unknown)
    simulated = simulated_of(target, result)
    low, high = predictive_interval(target, simulated)
    low_without, high_without = predictive_interval(target, simulated, discrepancy=False)
    return Compared(
        target, result.mean, float(low), float(high), float(low_without), float(high_without),
        float(implausibility(target, simulated)),
    )  # fmt: skip


def table(targets: Targets, results: Mapping[str, Mapping[str, Result]]) -> list[Compared]:
    """Every target beside its result, in the order of the file.

    Parameters
    ----------
    targets : Targets
    results : mapping of str to mapping of str to Result
        By setting, then by measure.
    """
    return [compare(target, results[target.setting][target.measure]) for target in targets.targets]


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the fitted targets lie inside."""

    inside: int
    inside_without: int
    of: int
    narrow: float
    """Median over them of the width of the predictive interval relative to that of the published figure's own spread (sampling and
    wards), on the scale; NaN for none."""


def count(rows: Sequence[Compared]) -> Count:
    """Summary over the targets that are fitted (weight above 0)."""
    fitted = [row for row in rows if row.target.weight.value > 0.0]
    widths = [_widening(row) for row in fitted if isfinite(row.mean)]
    return Count(
        sum(row.inside for row in fitted), sum(row.inside_without for row in fitted), len(fitted),
        float(np.median(widths)) if widths else float("nan"),
    )  # fmt: skip


def _widening(row: Compared) -> float:
    from .likelihood import parts

    found = parts(row.target, Simulated(row.mean))
    return sqrt(float(found.total) / float(found.sampling + found.between))


# -- in words -----------------------------------------------------------------------------------------------------------------


def number(x: float) -> str:
    """A figure with three significant digits (whole from 1,000 on)."""
    if not isfinite(x):
        return "-"
    return f"{x:,.0f}" if abs(x) >= 1000.0 else f"{x:.3g}"


def published(target: Target) -> str:
    """The published figure with its unit, its bound and its own interval."""
    bound = {"none": "", "lower": "at least ", "upper": "at most "}[target.censoring]
    span = (
        f" ({number(target.low)} to {number(target.high)})"
        if target.low is not None and target.high is not None
        else ""
    )
    return f"{bound}{number(target.published)}{span} {MEASURES[target.measure].unit}"


def markdown(rows: Sequence[Compared]) -> str:
    """The table of targets as Markdown."""
    head = (
        "target",
        "rows",
        "layer",
        "published",
        "simulated",
        "95% of studies",
        "without discrepancy",
        "inside",
        "away (SD)",
    )
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        target = row.target
        weight = "" if target.weight.value > 0.0 else " (not fitted)"
        setting = "" if target.setting == "baseline" else f", {target.setting.replace('_', ' ')}"
        verdict = "yes" if row.inside_without else "with discrepancy" if row.inside else "**no**"
        cells = (
            f"{target.label}{weight}", ", ".join(target.rows), LAYERS[target.layer] + setting, published(target), number(row.mean),
            f"{number(row.low)} to {number(row.high)}", f"{number(row.low_without)} to {number(row.high_without)}", verdict,
            f"{row.implausibility:.1f}" if isfinite(row.implausibility) else "-",
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def shown_markdown(shown: Sequence[Shown], results: Mapping[str, Mapping[str, Result]]) -> str:
    """Figures that are never fitted, beside the measures of the simulated ward."""
    lines = ["| figure | rows | published | simulated |", "|---|---|---|---|"]
    for item in shown:
        found = [(MEASURES[name].label, results[item.setting].get(name)) for name in item.measures]
        cells = "; ".join(f"{number(result.mean)} ({label})" for label, result in found if result is not None)
        lines.append(
            f"| {item.label} | {', '.join(item.rows)} | {item.published} | {cells or 'over many wards or studies'} |"
        )
    return "\n".join(lines) + "\n"
