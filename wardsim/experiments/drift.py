"""Is the ward in balance? Change a year of the slow quantities (training compliance, skill, tenure) over the measured
period.

Steady results are only meaningful if what builds up over months has settled. Each run gives a slope (least squares
over weekly or shift values) as a share of the mean; over runs that is a mean with a 95% interval, and the verdict
against 1% a year is no, yes or undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from wardsim.measures.columns import Columns
from wardsim.measures.integrate import within
from wardsim.ward.core.clock import WEEK, YEAR
from wardsim.ward.core.facts import TABLES
from wardsim.ward.staff.people import NURSING, SUBSTANTIVE

from .intervals import student_t

LIMIT = 0.01
"""Change a year, as a share of the mean, below which a quantity counts as settled."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drift:
    """Verdict on one quantity: mean change a year (share of its mean) with 95% interval, and drifted no, yes or
    undecided."""

    mean: float
    low: float | None
    high: float | None
    n: int
    drifted: str


def drift_of(columns: Columns, posts: Sequence[tuple[float, float]], start: float, end: float) -> dict[str, float]:
    """Change a year of compliance, skill and tenure in one run, as shares of their means; left out without a value.

    Parameters
    ----------
    columns : Columns
        Facts of the run.
    posts : sequence of (float, float)
        When each member of nursing staff was hired and left, minutes.
    start, end : float
        Measured period, minutes.
    """
    found = {
        "compliance": _slope(*_compliance(columns, start, end)),
        "skill": _slope(*_skill(columns, start, end)),
        "tenure": _slope(*_tenure(posts, start, end)),
    }
    return {name: value for name, value in found.items() if value is not None}


def verdicts(drifts: Sequence[dict[str, float]]) -> dict[str, Drift]:
    """Verdict on each quantity over runs."""
    names = dict.fromkeys(name for drift in drifts for name in drift)
    return {name: _verdict([drift[name] for drift in drifts if name in drift]) for name in names}


def _verdict(values: list[float]) -> Drift:
    x = np.array(values)
    n = len(values)
    mean = float(x.mean())
    if n < 2:
        return Drift(mean, None, None, n, "undecided")
    half = student_t(0.975, n - 1) * float(x.std(ddof=1)) / sqrt(n)
    low, high = mean - half, mean + half
    if low > -LIMIT and high < LIMIT:
        drifted = "no"
    elif low > LIMIT or high < -LIMIT:
        drifted = "yes"
    else:
        drifted = "undecided"
    return Drift(mean, low, high, n, drifted)


def _slope(times: Array, levels: Array) -> float | None:
    """Least-squares change a year as a share of the mean; None with fewer than three times or nothing to change."""
    if len(times) < 3 or times[-1] <= times[0]:
        return None
    mean = float(levels.mean())
    if mean == 0.0:
        return None
    t = times - times.mean()
    return float((t * levels).sum() / (t * t).sum()) * YEAR / abs(mean)


def _compliance(columns: Columns, start: float, end: float) -> tuple[Array, Array]:
    """Share in date over all courses, by week."""
    now = within(columns.floats("compliance", "time"), start, end)
    times, week = np.unique(columns.floats("compliance", "time")[now], return_inverse=True)
    needed, in_date = (
        np.bincount(week, weights=columns.floats("compliance", name)[now], minlength=len(times))
        for name in ("needed", "in_date")
    )
    known = needed > 0
    return times[known], in_date[known] / needed[known]


def _skill(columns: Columns, start: float, end: float) -> tuple[Array, Array]:
    """Mean skill of the team over all taught skills, by shift."""
    times = columns.floats("team", "time")
    skills = [columns.floats("team", name) for name in TABLES["team"] if name.startswith("skill_")]
    now = within(times, start, end)
    return times[now], sum(skills, np.zeros(len(times)))[now] / len(skills)


def _tenure(posts: Sequence[tuple[float, float]], start: float, end: float) -> tuple[Array, Array]:
    """Mean time in post, by week."""
    since = np.array([hired for hired, _ in posts])
    until = np.array([left for _, left in posts])
    times, levels = [], []
    for time in np.arange(start, end, WEEK):
        here = (since <= time) & (time < until)
        if here.any():
            times.append(time)
            levels.append(float((time - since[here]).mean()))
    return np.array(times), np.array(levels)


def nursing_posts(ward: object) -> list[tuple[float, float]]:
    """When each member of the ward's own nursing staff was hired and left (infinity while in post), minutes."""
    people = getattr(getattr(ward, "staffing", None), "people", {})
    return [
        (float(p.hired_at), float(p.left_at))
        for p in people.values()
        if p.role & NURSING and p.employment == SUBSTANTIVE
    ]
