"""What a measure is, and what its value is. Each measure is declared once; tables, docs and exports are made from the
declaration.

A value that cannot be known is NaN with a reason, never infinity and never a silent 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal, NamedTuple

NAN = float("nan")

Direction = Literal["higher", "lower", "neutral"]
Layer = Literal["happened", "reported", "ward", "money"]

GROUPS: dict[str, str] = {
    "incidents": "Incidents",
    "victims": "Who is assaulted, and injuries",
    "containment": "Response and restrictive interventions",
    "contact": "Therapeutic contact",
    "time": "Staff time",
    "pathway": "Pathway and observation",
    "workforce": "Workforce",
    "training": "Training",
    "flow": "Patient flow",
    "rating": "Safety rating",
    "cost": "Cost",
    "tasks": "Tasks by kind",
    "observed": "Observed as published",
    "checks": "Checks of the model itself",
}
"""Groups in the order in which tables show them."""

NURSING_ROLES = ("rn", "hca", "na")
"""Nursing staff: registered nurses, healthcare assistants, nursing associates. The ward manager is counted apart."""

YEAR_MIN = 365.25 * 1440.0
"""Minutes in a year, for rates per year."""

TWELVE_MONTHS_MIN = 365.0 * 1440.0
"""Look-back of measures that ask about the last twelve months, minutes."""


class Value(NamedTuple):
    """One measured number.

    Attributes
    ----------
    value : float
        The measure in its unit; NaN when it cannot be known.
    numerator, denominator : float
        The two sums whose ratio it is, before scaling; both NaN for a measure that is not a ratio.
    reason : str
        Why the value is NaN; empty otherwise.
    """

    value: float
    numerator: float
    denominator: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """Declaration of one measure.

    Attributes
    ----------
    name : str
        Fixed name in files and tables.
    label : str
        Name for readers; says happened or reported where the measure has such a layer.
    unit : str
        Unit of the value.
    definition : str
        What exactly is counted, over what.
    direction : str
        Which way is better: higher, lower or neutral.
    layer : str
        happened, reported, ward (all that is neither) or money.
    group : str
        Key of `GROUPS`.
    digits : int
        Decimals worth showing.
    headline : bool
        Whether it stands at the head of every table.
    """

    name: str
    label: str
    unit: str
    definition: str
    direction: Direction = "neutral"
    layer: Layer = "ward"
    group: str = "flow"
    digits: int = 1
    headline: bool = False


def ratio(
    numerator: float, denominator: float, scale: float = 1.0, reason: str = "nothing to divide by in the window"
) -> Value:
    """A ratio of sums.

    Parameters
    ----------
    numerator, denominator : float
        Sums over the window.
    scale : float
        Factor from the plain ratio to the unit of the measure (100 for percent, 1000 for rates per 1,000).
    reason : str
        What to say when the denominator is 0.
    """
    top, bottom = float(numerator), float(denominator)
    if not isfinite(top) or not isfinite(bottom):
        return Value(NAN, top, bottom, "what it is made of is not known for the whole window")
    if bottom <= 0.0:
        return Value(NAN, top, bottom, reason)
    return Value(scale * top / bottom, top, bottom)


def share(numerator: float, denominator: float, reason: str = "nothing to divide by in the window") -> Value:
    """A ratio of sums in percent."""
    return ratio(numerator, denominator, 100.0, reason)


def plain(value: float, reason: str = "not known") -> Value:
    """A number that is not a ratio; NaN or infinite input becomes unknown with the reason."""
    number = float(value)
    if not isfinite(number):
        return Value(NAN, NAN, NAN, reason)
    return Value(number, NAN, NAN)


def unknown(reason: str) -> Value:
    """A value that cannot be known, and why."""
    return Value(NAN, NAN, NAN, reason)
