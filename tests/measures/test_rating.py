"""The four-point rating: thresholds, rounding, limits, unknown criteria."""

from __future__ import annotations

from math import isnan

import pytest

from wardsim.measures import MEASURES, Value
from wardsim.measures.declare import NAN, unknown
from wardsim.measures.rating import CRITERIA, compute, scores

BEST, GOOD, FAIR, WEAK = 4, 3, 2, 1


def ward_with(*points: int) -> dict[str, Value]:
    """Values that earn these points, criterion by criterion, exactly at the thresholds (0: unknown)."""
    values: dict[str, Value] = {}
    for criterion, earned in zip(CRITERIA, points, strict=True):
        beyond = -0.001 if criterion.higher_is_better else 0.001
        at = {BEST: criterion.excellent, GOOD: criterion.good, FAIR: criterion.fair, WEAK: criterion.fair + beyond}.get(earned)
        values[criterion.measure] = unknown("not measured") if at is None else Value(at, NAN, NAN)
    return values


@pytest.mark.parametrize(
    ("points", "rating", "mean"),
    [
        ((4, 4, 4, 4, 4, 4, 4, 4), 4, 4.0),
        ((4, 4, 4, 4, 4, 3, 3, 3), 4, 3.625),
        ((4, 4, 4, 4, 3, 3, 3, 3), 3, 3.5),  # a half goes down
        ((4, 4, 4, 4, 4, 4, 4, 1), 3, 3.625),  # one weak criterion: not excellent
        ((4, 4, 4, 4, 4, 4, 1, 1), 3, 3.25),  # two are as one
        ((3, 3, 3, 3, 3, 3, 1, 1), 2, 2.5),
        ((4, 4, 4, 4, 4, 1, 1, 1), 2, 2.875),  # three weak criteria: at most fair
        ((2, 2, 2, 2, 2, 2, 2, 2), 2, 2.0),
        ((2, 2, 2, 2, 1, 1, 1, 1), 1, 1.5),
        ((1, 1, 1, 1, 1, 1, 1, 1), 1, 1.0),
        ((0, 0, 3, 3, 3, 3, 3, 3), 3, 3.0),  # six known criteria are enough
    ],
)
def test_rating(points, rating, mean):
    values = ward_with(*points)
    assert list(scores(values).values()) == [p for p in points if p]
    got = compute(values)
    assert got["safety_rating"].value == rating
    assert got["safety_points"].value == pytest.approx(mean)
    assert got["safety_points"][1:3] == (sum(points), sum(p > 0 for p in points))
    assert all(isnan(part) for part in got["safety_rating"][1:3])


def test_too_few_known_criteria_give_no_rating():
    got = compute(ward_with(0, 0, 0, 3, 3, 3, 3, 3))
    for name in ("safety_rating", "safety_points"):
        assert isnan(got[name].value)
        assert got[name].reason.startswith("needs 6 of 8 criteria; not known: nursing_staff_assaulted_per_year_survey, patients_assaulted")


def test_criteria_are_measures_with_ordered_thresholds_in_their_better_direction():
    for criterion in CRITERIA:
        measure = MEASURES[criterion.measure]
        assert (measure.direction == "higher") == criterion.higher_is_better
        worse = sorted((criterion.excellent, criterion.good, criterion.fair), reverse=criterion.higher_is_better)
        assert worse == [criterion.excellent, criterion.good, criterion.fair]


def test_the_national_picture_of_2006_is_fair_where_it_was_measured():
    found = {c.measure: c.points(v) for c, v in zip(CRITERIA[:2], (46.0, 15.0), strict=True)}
    assert set(found.values()) == {FAIR}


def test_thresholds_are_published_in_the_definition():
    for criterion in CRITERIA:
        assert f"{criterion.measure} " in MEASURES["safety_rating"].definition
        assert f"{criterion.excellent:g} / {criterion.good:g} / {criterion.fair:g}" in MEASURES["safety_rating"].definition
