"""The literature simulated: observational studies on simulated wards, each analysed as such studies do, and counted.

A study sees what a real one sees: reported events and staff on duty, shift by shift or day by day. It regresses the one on the other,
unadjusted and adjusted for how ill the patients were and how full the ward was, and its finding is fewer, more or no difference.
What is counted here is never fitted to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardsim.measures.per_shift import COLUMNS

from .glm import Array, fit

FEWER, MORE, NONE = "fewer", "more", "none"
FINDINGS = (FEWER, MORE, NONE)
WORDS = {FEWER: "fewer", MORE: "more", NONE: "no difference"}
UNADJUSTED, ADJUSTED = "unadjusted", "adjusted"
MODELS = (UNADJUSTED, ADJUSTED)
PLACE = {name: i for i, name in enumerate(COLUMNS)}
NEW = 1e-4
"""Least share of a covariate's spread that must not be in the others."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one study found under one model.

    Attributes
    ----------
    finding : str
        fewer, more or none.
    ratio, low, high : float
        Rate ratio (odds ratio for logistic) for one more person on duty on a ward of the study's mean size, with its interval; NaN
        when the regression could not be fitted.
    p : float
        Two-sided.
    rows, events : int
        Of its data.
    fitted : bool
        Whether the regression could be fitted; if not, the study counts as no difference.
    """

    finding: str
    ratio: float
    low: float
    high: float
    p: float
    rows: int
    events: int
    fitted: bool


def found_by(tables: Sequence[NDArray[np.float32]], beds: Sequence[float], design: Mapping[str, Any], level_pct: float) -> dict[str, Found]:
    """What a study finds.

    Parameters
    ----------
    tables : sequence of array, shape (shifts, columns of `per_shift`)
        One for each of its wards.
    beds : sequence of float
        Beds of each.
    design : mapping
        outcome, exposure, unit, regression, wards_compared.
    level_pct : float
        Level of significance, percent.

    Returns
    -------
    dict
        Finding by model, unadjusted and adjusted.
    """
    data = [_rows(np.asarray(table, dtype=np.float64), design["unit"]) for table in tables]
    ward = np.concatenate([np.full(len(one), i) for i, one in enumerate(data)]) if data else np.zeros(0)
    whole = np.concatenate(data) if data else np.zeros((0, len(COLUMNS)))
    room = np.array(beds, dtype=float)[ward.astype(int)] if len(whole) else np.zeros(0)
    good = np.isfinite(whole).all(axis=1)
    whole, ward, room = whole[good], ward[good], room[good]
    counts = whole[:, PLACE[design["outcome"]]]
    if not len(counts):
        return dict.fromkeys(MODELS, _lost(0, 0))
    staff = whole[:, PLACE[design["exposure"]]] / room * float(np.mean(beds))
    plain = [np.ones(len(counts)), staff]
    if design["unit"] == "shift":
        kind = whole[:, PLACE["kind"]]  # the day's first shift is the reference
        plain += [(kind == code).astype(float) for code in (1, 2) if (kind == code).any()]
    if not design["wards_compared"]:
        plain += [(ward == code).astype(float) for code in np.unique(ward)[1:]]
    more = [whole[:, PLACE["acuity"]], whole[:, PLACE["present"]] / room]
    out = {}
    for model, extra in ((UNADJUSTED, []), (ADJUSTED, more)):
        columns = np.column_stack([plain[0], _centred(plain[1]), *plain[2:]])
        for one in extra:
            columns = _with(columns, _centred(one))
        out[model] = _tested(columns, counts, np.log(room), str(design["regression"]), level_pct)
    return out


def _tested(columns: Array, counts: Array, offset: Array, family: str, level_pct: float) -> Found:
    result = fit(columns, counts, family, None if family == "logistic" else offset)
    rows, events = len(counts), int(counts.sum())
    if not result.fitted:
        return _lost(rows, events)
    beta, error = float(result.beta[1]), float(result.error[1])
    normal = NormalDist()
    p = 2.0 * normal.cdf(-abs(beta) / error)
    z = normal.inv_cdf(1.0 - level_pct / 200.0)
    finding = NONE if p >= level_pct / 100.0 else (FEWER if beta < 0 else MORE)
    ends = np.exp(np.clip([beta, beta - z * error, beta + z * error], -30, 30))
    return Found(finding, float(ends[0]), float(ends[1]), float(ends[2]), p, rows, events, True)


def _lost(rows: int, events: int) -> Found:
    nan = float("nan")
    return Found(NONE, nan, nan, nan, nan, rows, events, False)


def _with(columns: Array, more: Array) -> Array:
    """The design with one covariate more, unless it says nothing that is not there (occupancy that never changes, say)."""
    left = more - columns @ np.linalg.lstsq(columns, more, rcond=None)[0]
    return np.column_stack([columns, more]) if left.std() > NEW * max(1e-12, float(more.std())) else columns


def _centred(column: Array) -> Array:
    found: Array = column - column.mean()
    return found


EVENTS = ("aggression", "assaults", "restrictive", "self_harm", "aggression_true", "assaults_true")


def _rows(table: Array, unit: str) -> Array:
    """The table as it is, or a row a day: events summed, the rest averaged; days that are not whole are left out."""
    if unit == "shift" or not len(table):
        return table
    day, at, many = np.unique(np.floor(table[:, PLACE["start_day"]]), return_inverse=True, return_counts=True)
    out = np.zeros((len(day), len(COLUMNS)))
    np.add.at(out, at, table)
    for name, place in PLACE.items():
        if name not in EVENTS:
            out[:, place] /= many
    whole: Array = out[many == many.max()]
    return whole


@dataclass(frozen=True, slots=True)
class Count:
    """How many studies found what, over literatures.

    Attributes
    ----------
    mean : dict of str to float
        Studies by finding, mean over literatures.
    low, high : dict of str to float
        95%: over the literatures made, and over which studies were done.
    unfitted : float
        Of those without a difference, studies whose regression could not be fitted.
    """

    mean: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    unfitted: float


def counted(findings: Sequence[Sequence[str]], unfitted: float, seed: int) -> Count:
    """Count findings of some literatures.

    Parameters
    ----------
    findings : sequence of sequence of str
        Of each literature, the finding of each study.
    unfitted : float
        Mean number whose regression could not be fitted.
    seed : int
        For drawing studies again.
    """
    from .again import counts_again

    mean, low, high = {}, {}, {}
    codes = [np.array([FINDINGS.index(one) for one in literature]) for literature in findings]
    ends = counts_again(codes, len(FINDINGS), seed)
    for i, finding in enumerate(FINDINGS):
        mean[finding] = float(np.mean([(one == i).sum() for one in codes])) if codes else float("nan")
        low[finding], high[finding] = ends[i]
    return Count(mean, low, high, unfitted)


def chance_of_none(number: int, level_pct: float) -> tuple[float, float]:
    """Findings of either sign that chance alone would give: their number, and its standard deviation, at the level said."""
    share = level_pct / 200.0
    return number * share, sqrt(number * share * (1.0 - share))
