"""Many options at once: intervals that hold for all of them together, and comparison with the best.

* Against the reference: the studentised differences are together a multivariate t whose correlation is that of the paired
  draws (Dunnett's intervals for correlated groups). The 95% point of the largest |t| replaces the quantile of one t. Rare
  counts, which have no t, are given the confidence of one interval that this point stands for.
* Over parameters: limits so many spreads (one number for all options, each side with its own spread) from the middle that
  95% of the draws, chance removed, lie within all of them at once.
* With the best (Hsu's MCB, in the form of Edwards and Hsu 1983 for unequal variances): for each option, how far its
  expected value is from the best of the others. An interval that ends at 0 says that it is not the best, one that begins
  at 0 that it is.

Method named in every result: max-t, and not Holm, because paired options are highly correlated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..intervals import ONE_RUN
from ..study.runs import Column
from .best import splits_of
from .better import NEUTRAL, Direction
from .difference import Difference, at_confidence
from .posterior import SEED
from .split import Array, Split, combine, shrunk, student_t

SAMPLES = 20_000
"""Draws of the multivariate t: its 95% point is known to about 1%."""
FEWEST_DRAWS_TOGETHER = 39
"""Draws below which the joint interval over parameters is widened by Bonferroni instead of read off the draws."""
METHOD = "max-t over paired draws (Dunnett, correlation as observed)"
BEST_METHOD = "multiple comparison with the best (Hsu; Edwards and Hsu for unequal variances)"
DIFFERENT_RUNS = "the options do not have the same runs: Bonferroni"


@dataclass(frozen=True, slots=True)
class Together:
    """Intervals of one option that hold together with those of all others.

    Attributes
    ----------
    mean : float or None
        Difference from the reference.
    low, high : float or None
        95% over parameter draws, for all options at once.
    mc_low, mc_high : float or None
        95% simulation error, for all options at once.
    """

    mean: float | None
    low: float | None
    high: float | None
    mc_low: float | None
    mc_high: float | None


@dataclass(frozen=True, slots=True)
class Simultaneous:
    """Simultaneous intervals of many options.

    Attributes
    ----------
    options : mapping of str to Together
        By option.
    method : str
        How.
    confidence_of_one : float
        Confidence that each single simulation-error interval has so that all hold together.
    """

    options: Mapping[str, Together]
    method: str
    confidence_of_one: float


def simultaneous(differences: Mapping[str, Difference], confidence: float = 0.95) -> Simultaneous:
    """Intervals of all differences from one reference that hold together.

    Parameters
    ----------
    differences : mapping of str to Difference
        One measure, each option minus the same reference.
    confidence : float
        Of all together.
    """
    known = {name: found for name, found in differences.items() if found.split is not None and found.n > 1}
    splits = [found.split for found in known.values() if found.split is not None]
    if not splits:
        return Simultaneous(
            {name: Together(d.mean, None, None, None, None) for name, d in differences.items()}, ONE_RUN, confidence
        )
    point = next(iter(known.values())).point
    method = METHOD
    if all(split.n == splits[0].n and np.array_equal(split.ids, splits[0].ids) for split in splits):
        one = _of_one([split.clusters(point) for split in splits], confidence)
    else:
        method, one = DIFFERENT_RUNS, 1.0 - (1.0 - confidence) / len(splits)
    over = _over_parameters(known, confidence)
    together = {}
    for name, found in differences.items():
        mc = at_confidence(found, one) if name in known else None
        together[name] = Together(found.mean, *over.get(name, (None, None)), *(mc or (None, None)))
    return Simultaneous(together, method, one)


def _of_one(sums: Sequence[Array], confidence: float) -> float:
    """Confidence of one interval at which all hold together."""
    from scipy.stats import t

    largest = largest_t(np.column_stack(sums), two_sided=True)
    df = len(sums[0]) - 1
    return float(1.0 - 2.0 * t.sf(np.quantile(largest, confidence), df))


def largest_t(sums: Array, *, two_sided: bool) -> Array:
    """Sample of the largest of correlated t statistics.

    Parameters
    ----------
    sums : array, shape (clusters, options)
        Independent contributions to each mean, whose correlation counts; what does not vary is left out.
    two_sided : bool
        The largest in absolute value.
    """
    df = len(sums) - 1
    spread = sums.std(axis=0)
    varying = sums[:, spread > 0]
    rng = np.random.default_rng(SEED)
    if varying.shape[1] == 0:
        varying = np.ones((len(sums), 1))
        correlation = np.ones((1, 1))
    else:
        correlation = np.atleast_2d(np.corrcoef(varying, rowvar=False))
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    normal = rng.standard_normal((SAMPLES, root.shape[1])) @ root.T
    scaled = normal / np.sqrt(rng.chisquare(df, SAMPLES) / df)[:, None]
    found: Array = (np.abs(scaled) if two_sided else scaled).max(axis=1)
    return found


def _over_parameters(known: Mapping[str, Difference], confidence: float) -> dict[str, tuple[float, float]]:
    """Intervals over parameters that hold for all options at once, each side in units of the option's own spread there."""
    parts = {
        name: (found.low, found.high, found.split)
        for name, found in known.items()
        if found.low is not None and found.high is not None and found.split is not None
    }
    if not parts:
        return {}
    first = next(iter(parts.values()))[2]
    if first.draws < FEWEST_DRAWS_TOGETHER or not all(np.array_equal(s.ids, first.ids) for _, _, s in parts.values()):
        tail, df = (1.0 - confidence) / 2.0, min(split.draws for _, _, split in parts.values()) - 1
        wider = student_t(1.0 - tail / len(parts), df) / student_t(1.0 - tail, df)
        centre = {name: float(split.means.mean()) for name, (_, _, split) in parts.items()}
        return {
            n: (centre[n] - wider * (centre[n] - a), centre[n] + wider * (b - centre[n]))
            for n, (a, b, _) in parts.items()
        }
    away = {name: shrunk(split) - split.means.mean() for name, (_, _, split) in parts.items()}
    side = {
        name: tuple(np.sqrt(2.0 * np.mean(np.maximum(sign * x, 0.0) ** 2)) for sign in (-1.0, 1.0))
        for name, x in away.items()
    }
    tiny = np.finfo(float).tiny
    outermost = np.max(
        [np.maximum(-x / max(side[n][0], tiny), x / max(side[n][1], tiny)) for n, x in away.items()], axis=0
    )
    reach = float(np.quantile(outermost, confidence, method="weibull"))
    limits = {}
    for name, (low, high, split) in parts.items():
        middle = float(split.means.mean())
        limits[name] = (min(low, middle - reach * side[name][0]), max(high, middle + reach * side[name][1]))
    return limits


@dataclass(frozen=True, slots=True)
class WithBest:
    """Where one option stands.

    Attributes
    ----------
    low, high : float
        Its expected value minus the best of the others, 95% together for all options, simulation error; above 0 is better
        whatever the direction of the measure.
    may_be_best, is_best : bool
        Not ruled out; and all others ruled out.
    """

    low: float
    high: float
    may_be_best: bool
    is_best: bool


def with_best(
    columns: Mapping[str, Column], direction: Direction, *, point: bool = False, confidence: float = 0.95
) -> tuple[Mapping[str, WithBest] | None, str]:
    """Comparison of every option with the best of the others.

    Parameters
    ----------
    columns : mapping of str to Column
        One measure of each option, paired by run.
    direction : str
        Which way is better.
    point : bool
        All runs share one set of parameters.
    confidence : float
        Of all intervals together.

    Returns
    -------
    mapping or None, str
        By option, and the method or why there is none.
    """
    if direction == "neutral":
        return None, NEUTRAL
    splits = splits_of(list(columns.values()))
    if splits is None or splits[0].n < 2 or len(splits) < 2:
        return None, ONE_RUN
    sign = 1.0 if direction == "higher" else -1.0
    names, k = list(columns), len(splits)
    ahead, error = np.zeros((k, k)), np.zeros((k, k))
    point_of = np.zeros(k)
    for i in range(k):
        others = [_minus(splits[i], splits[j], sign) for j in range(k) if j != i]
        point_of[i] = np.quantile(
            largest_t(np.column_stack([d.clusters(point) for d in others]), two_sided=False), confidence
        )
        for j, d in zip([j for j in range(k) if j != i], others, strict=True):
            ahead[i, j], error[i, j] = d.mean, d.error(point)[0]
    reach = point_of[:, None] * error
    np.fill_diagonal(ahead, np.inf)
    high = np.maximum(0.0, (ahead + reach).min(axis=1))
    possible = high > 0.0
    if not possible.any():  # all equal without error
        possible[:] = (ahead + reach).min(axis=1) >= 0.0
    found = {}
    for i, name in enumerate(names):
        rivals = [j for j in range(k) if possible[j] and j != i]
        only = bool(possible[i]) and not rivals
        low = (
            max(0.0, float((ahead[i] - reach[i]).min()))
            if only
            else min(0.0, *(-max(0.0, ahead[j, i] + reach[j, i]) for j in rivals))
        )
        found[name] = WithBest(float(low), float(high[i]), bool(possible[i]), only)
    return found, BEST_METHOD


def _minus(a: Split, b: Split, sign: float) -> Split:
    return combine([(sign, a), (-sign, b)])


def half_width(found: Difference, confidence: float = 0.95) -> float | None:
    """Half of the simulation-error interval of a difference; None where it has none."""
    limits = at_confidence(found, confidence)
    return None if limits is None else (limits[1] - limits[0]) / 2.0
