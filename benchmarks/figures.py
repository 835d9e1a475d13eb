"""Medians, intervals, exponents and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean, median, stdev

from scipy.special import stdtrit


@dataclass(frozen=True)
class Interval:
    """A mean and half the width of its interval (Student)."""

    mean: float
    half: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.half:.3f}"


def student(values: Sequence[float], level: float = 0.95) -> Interval:
    """Interval of the mean of independent values."""
    n = len(values)
    return Interval(fmean(values), float(stdtrit(n - 1, 0.5 + level / 2.0)) * stdev(values) / sqrt(n))


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Slope of the least-squares line through the logarithms: cost grows as size to this power."""
    x, y = [log(v) for v in sizes], [log(v) for v in costs]
    mx, my = fmean(x), fmean(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)


def spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    """Median with the lowest and highest."""
    return f"{form.format(median(values))} ({form.format(min(values))} to {form.format(max(values))})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, its columns lined up."""
    cells = [list(head), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)
