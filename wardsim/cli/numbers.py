"""Numbers that options take, each with the bounds of the key of a file that it stands for (docs/reference/studies.md)."""

from __future__ import annotations

import math
from typing import Any

import click


class FiniteRange(click.FloatRange):
    """A number within bounds; what is no number (nan) or has no end (inf) is out of them, whatever they are."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or the usage error that names option, value and bounds."""
        found = click.FLOAT.convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{found} is not in the range {self._describe_range()}.", param, ctx)
        bounded: float = super().convert(value, param, ctx)
        return bounded


REPLICATIONS = click.IntRange(1, 100_000)
"""Runs of each ward."""
YEARS = FiniteRange(0, 20, min_open=True)
"""Years measured."""
SEED = click.IntRange(0, 2**63 - 1)
"""Root of all random numbers."""
WARM_UP = click.IntRange(0, 260)
"""Weeks simulated and not measured."""
BUDGET = FiniteRange(1)
"""Seconds that runs may take."""
SHORT = 7 / 365.25
"""Years below which so little happens on a ward that rates say next to nothing: a week."""


def too_short(years: float) -> str:
    """What is said about a time that is allowed and hardly of use; "" for any other."""
    if years >= SHORT:
        return ""
    hours = years * 365.25 * 24
    told = f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
    return f"wardsim: {years:g} years are {told}; of less than a week (0.02 years) rates say next to nothing"
