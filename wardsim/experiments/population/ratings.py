"""Trusts rated on four points, by thresholds that the file commits to, and how the ratings move when thresholds do.

The rules are those of the measure `safety_rating`; what is judged is the trust, as ratios of sums over its wards. This is shown beside the
published ratings and is no validation: the thresholds are ours, and some set of thresholds gives any distribution.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from wardsim.measures import MEASURES
from wardsim.measures.rating import Criterion, rating_of

from .again import counts_again
from .trusts import Floats, Ints, Population

ORDER = (4, 3, 2, 1)
"""Points in the order in which ratings are printed: excellent, good, fair, weak."""
AS_SET = "as set"
WITHOUT = "without "
"""Before the measure of the criterion that is left out."""


def thresholds_in_words(name: str) -> str:
    """Which thresholds, for people: a criterion that is left out by the label of its measure."""
    left_out = name.removeprefix(WITHOUT)
    return f"without: {MEASURES[left_out].label}" if left_out in MEASURES else name


@dataclass(frozen=True, slots=True)
class Split:
    """Trusts by rating under one set of thresholds.

    Attributes
    ----------
    name : str
        Which thresholds.
    mean, low, high : tuple of float, in the order excellent, good, fair, weak
        Trusts: mean over populations, and 95% over populations and over which trusts there are.
    unrated : float
        Trusts of which too little is known.
    """

    name: str
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    unrated: float


@dataclass(frozen=True, slots=True)
class Rated:
    """Ratings of trusts.

    Attributes
    ----------
    splits : list of Split
        As set first, then eased and harder, then without each criterion.
    ratings : list of array of int
        For each population the rating of each trust as set; 0 where it has none.
    points : dict of str to tuple of float
        Mean share of trusts with 4, 3, 2 and 1 points on each criterion as set, percent.
    """

    splits: list[Split]
    ratings: list[Ints]
    points: dict[str, tuple[float, ...]]


def criteria_of(settings: Mapping[str, Any]) -> tuple[Criterion, ...]:
    """Criteria of the file."""
    return tuple(
        Criterion(name, one["excellent"], one["good"], one["fair"], MEASURES[name].direction == "higher")
        for name, one in settings["criteria"].items()
    )


def eased(criterion: Criterion, factor: float) -> Criterion:
    """A criterion with its thresholds moved: above 1 easier, below 1 harder.

    Where less is better thresholds are multiplied; a percentage of which more is better moves by its distance from 100; else it is divided.
    """

    def moved(limit: float) -> float:
        if not criterion.higher_is_better:
            return limit * factor
        if MEASURES[criterion.measure].unit == "%":
            return max(0.0, 100.0 - (100.0 - limit) * factor)
        return limit / factor

    return criterion._replace(excellent=moved(criterion.excellent), good=moved(criterion.good), fair=moved(criterion.fair))


def rated(population: Population, settings: Mapping[str, Any]) -> Rated:
    """Rate the trusts of all populations.

    Parameters
    ----------
    population : Population
        Of trusts.
    settings : mapping
        The section `ratings` of the file.
    """
    criteria = criteria_of(settings)
    values = population.of_groups([one.measure for one in criteria])
    needed, seed = int(settings["needed"]), population.study.seed

    def split(name: str, judged: Sequence[Criterion], least: int) -> Split:
        return _split(name, [ratings_of(one, judged, least, population.groups) for one in values], seed)

    splits = [split(AS_SET, criteria, needed)]
    for factor in settings["eased"]:
        splits.append(split(f"thresholds x {factor:g}", [eased(one, factor) for one in criteria], needed))
    for left in criteria:
        others = [one for one in criteria if one is not left]
        splits.append(split(f"{WITHOUT}{left.measure}", others, min(needed, len(others))))
    points = {}
    for one in criteria:
        got = np.array([one.points(v) for value in values for v in value.get(one.measure, np.zeros(0)) if isfinite(v)])
        points[one.measure] = tuple(100.0 * float((got == p).mean()) if len(got) else float("nan") for p in ORDER)
    return Rated(splits, [ratings_of(one, criteria, needed, population.groups) for one in values], points)


def ratings_of(values: Mapping[str, Floats], criteria: Sequence[Criterion], needed: int, groups: int) -> Ints:
    """Rating of each trust; 0 where fewer criteria are known than needed."""
    out = np.zeros(groups, dtype=np.int64)
    for group in range(groups):
        known = [
            one.points(float(values[one.measure][group]))
            for one in criteria
            if one.measure in values and isfinite(values[one.measure][group])
        ]
        out[group] = rating_of(known) if len(known) >= max(1, needed) else 0
    return out


def _split(name: str, ratings: Sequence[Ints], seed: int) -> Split:
    codes = [np.array([ORDER.index(int(one)) if one else -1 for one in population]) for population in ratings]
    ends = counts_again(codes, len(ORDER), seed)
    mean = tuple(float(np.mean([(one == i).sum() for one in codes])) if codes else float("nan") for i in range(len(ORDER)))
    unrated = float(np.mean([(one < 0).sum() for one in codes])) if codes else float("nan")
    return Split(name, mean, tuple(a for a, _ in ends), tuple(b for _, b in ends), unrated)
