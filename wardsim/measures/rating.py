"""A four-point safety rating with published thresholds, declared here and nowhere else.

A regulator sees what is reported and what staff, patients and records say. Eight criteria of that kind are each
scored 1 (weak) to 4 (excellent). The rating is the mean, rounded to the nearest whole point (a half goes down), with
two limits: a ward with one weak criterion cannot be excellent, a ward with three or more weak criteria is at most
fair.

The thresholds are an assumption: the national review of 2006-08 rated 69 trusts 8 excellent, 20 good, 30 fair, 11
weak, and did not publish rules that a simulated ward could be put through. They are set so that the national picture
of that time (almost half of nurses and one in seven patients attacked) is fair. That distribution is used for
validation and never fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from .declare import NAN, Measure, Value, unknown

WORDS = {1: "weak", 2: "fair", 3: "good", 4: "excellent"}
"""The four points in words."""

NEEDED = 6
"""Criteria that must be known before a ward is rated."""


class Criterion(NamedTuple):
    """One criterion.

    Attributes
    ----------
    measure : str
        Measure that is judged.
    excellent, good, fair : float
        Worst value that still earns 4, 3, 2 points.
    higher_is_better : bool
        Which way is better.
    """

    measure: str
    excellent: float
    good: float
    fair: float
    higher_is_better: bool

    def points(self, value: float) -> int:
        """Score of a value, 1 to 4."""
        limits = ((4, self.excellent), (3, self.good), (2, self.fair))
        for points, limit in limits:
            if (value >= limit) if self.higher_is_better else (value <= limit):
                return points
        return 1


CRITERIA: tuple[Criterion, ...] = (
    Criterion("nursing_staff_assaulted_per_year_survey", 20.0, 35.0, 55.0, False),
    Criterion("patients_assaulted", 4.0, 9.0, 16.0, False),
    Criterion("sexual_safety_reported_per_1000_obd", 0.2, 0.5, 1.0, False),
    Criterion("absconding_reported_per_1000_obd", 3.0, 7.0, 12.0, False),
    Criterion("restrictive_interventions_per_1000_obd", 6.0, 12.0, 25.0, False),
    Criterion("training_compliance_violence_prevention", 90.0, 80.0, 65.0, True),
    Criterion("risk_plan_on_time", 95.0, 85.0, 70.0, True),
    Criterion("physical_check_on_time", 90.0, 75.0, 55.0, True),
)
"""The criteria and their thresholds."""


def _rules() -> str:
    parts = [
        f"{c.measure} {'at least' if c.higher_is_better else 'at most'} {c.excellent:g} / {c.good:g} / {c.fair:g}"
        for c in CRITERIA
    ]
    return "; ".join(parts)


DECLARED: tuple[Measure, ...] = (
    Measure(
        "safety_rating",
        "Safety rating",
        "1 weak to 4 excellent",
        f"Mean of the points of {len(CRITERIA)} criteria, rounded to the nearest whole point (a half goes down); with "
        f"one weak criterion at most good, with three or more "
        f"at most fair. Thresholds for 4 / 3 / 2 points: {_rules()}. At least {NEEDED} criteria must be known. An "
        f"assumption; see the module.",
        "higher",
        "ward",
        "rating",
        1,
    ),
    Measure(
        "safety_points",
        "Mean of the safety criteria",
        "points, 1 to 4",
        "Mean of the points of the criteria of safety_rating that are known, before rounding and limits.",
        "higher",
        "ward",
        "rating",
        2,
    ),
)


def scores(values: dict[str, Value]) -> dict[str, int]:
    """Points of each criterion that is known."""
    return {c.measure: c.points(values[c.measure].value) for c in CRITERIA if not values[c.measure].reason}


def compute(values: dict[str, Value]) -> dict[str, Value]:
    """Rating from the values of the other measures."""
    points = scores(values)
    if len(points) < NEEDED:
        missing = ", ".join(c.measure for c in CRITERIA if c.measure not in points)
        lost = unknown(f"needs {NEEDED} of {len(CRITERIA)} criteria; not known: {missing}")
        return {"safety_rating": lost, "safety_points": lost}
    total, n = sum(points.values()), len(points)
    rating = rating_of(list(points.values()))
    return {"safety_rating": Value(float(rating), NAN, NAN), "safety_points": Value(total / n, float(total), float(n))}


def rating_of(points: Sequence[int]) -> int:
    """Rating, 1 weak to 4 excellent, from the points of the criteria that are known (at least one)."""
    weak = sum(1 for p in points if p == 1)
    rating = max(ceil(sum(points) / len(points) - 0.5), 1)
    if weak >= 3:
        return min(rating, 2)
    return min(rating, 3) if weak else rating
