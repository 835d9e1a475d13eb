"""What is not ruled out yet: implausibility of points, its share of the prior, and points in it for the next wave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .inference import FAR, Array, Judge, scores
from .quick import Quick, sobol
from .surrogate import Surrogate

CUTOFF = 3.0
"""Three standard deviations: at most 5% of any unimodal distribution lies beyond (Pukelsheim 1994)."""
EDGE = 1.0
"""How far beyond the cutoff a point counts as lying at the edge."""
NEAREST = 512
"""Points of the prior, the least implausible, from which that search starts."""
HEAT = 0.25
"""Power of the likelihood in the search for more points where few of the prior's are left: errors twice as large."""


@dataclass(frozen=True)
class Rule:
    """When a point is ruled out.

    Attributes
    ----------
    rank : int
        The how-manieth highest implausibility over the targets decides: 1 the highest, 3 forgives two targets.
    cutoff : float
        Above it a point is ruled out.
    """

    rank: int = 3
    cutoff: float = CUTOFF


def implausibility(surrogate: Surrogate | Quick, judge: Judge, z: Array, rank: int) -> Array:
    """Implausibility of points: the rank-th highest over the targets.

    Parameters
    ----------
    z : array of float, shape (points, parameters)
        Standard normal scores.
    """
    parts = []
    for at in range(0, len(z), 2048):
        every = judge.implausibility(*surrogate.predict(z[at : at + 2048]))
        place = min(rank, every.shape[1]) - 1
        parts.append(-np.partition(-every, place, axis=1)[:, place])
    return np.concatenate(parts) if parts else np.zeros(0)


@dataclass(frozen=True)
class Region:
    """What a wave left.

    Attributes
    ----------
    share : float
        Share of the prior that is not ruled out.
    tried : int
        Points of the prior that were looked at.
    inside, edge : array of float, shape (points, parameters)
        Scores of points not ruled out, and of those just beyond.
    """

    share: float
    tried: int
    inside: Array
    edge: Array


def out_of_reach(surrogate: Surrogate | Quick, judge: Judge, *, candidates: int, seed: int) -> dict[str, float]:
    """Targets to which no point of the prior comes within the cutoff, each with the least implausibility that was found."""
    z = scores(sobol(candidates, len(surrogate.problem), seed))
    least = np.min(
        [judge.implausibility(*surrogate.predict(z[at : at + 4096])).min(axis=0) for at in range(0, len(z), 4096)],
        axis=0,
    )
    return {name: float(i) for name, i in zip(judge.names, least, strict=True) if i > CUTOFF}


def region(
    surrogate: Surrogate | Quick, judge: Judge, rule: Rule, *, candidates: int, wanted: int, seed: int
) -> Region:
    """Find what is not ruled out.

    Parameters
    ----------
    candidates : int
        Points of the prior (a scrambled Sobol sequence) looked at.
    wanted : int
        Points wanted inside; when the prior's are fewer, chains find more.
    seed : int
        Of both.
    """
    z = scores(sobol(candidates, len(surrogate.problem), seed))
    worst = implausibility(surrogate, judge, z, rule.rank)
    inside = z[worst <= rule.cutoff]
    edge = z[(worst > rule.cutoff) & (worst <= rule.cutoff + EDGE)]
    share = len(inside) / len(z)
    if len(inside) < wanted:
        inside = _more(surrogate, judge, rule, z[np.argsort(worst, kind="stable")[:NEAREST]], wanted, seed)
    return Region(share, len(z), inside, edge)


def _more(surrogate: Surrogate | Quick, judge: Judge, rule: Rule, start: Array, wanted: int, seed: int) -> Array:
    """More points that are not ruled out, where the prior's are few: draws of the posterior with every error made twice as
    large, of which those that the rule allows are kept; all draws, the least implausible first, if it allows too few."""
    from .importance import draws_of

    density = _Heated(surrogate, judge)
    found = draws_of(density, start, density(start), seed=seed)
    drawn = found.equally(min(4 * wanted, len(found.z)))
    drawn = np.unique(drawn, axis=0)
    worst = implausibility(surrogate, judge, drawn, rule.rank)
    inside: Array = drawn[worst <= rule.cutoff]
    return inside if len(inside) >= wanted // 2 else drawn[np.argsort(worst, kind="stable")[: wanted // 2]]


@dataclass(frozen=True)
class _Heated:
    """Prior times a power of the likelihood."""

    surrogate: Surrogate | Quick
    judge: Judge

    def __call__(self, z: Array) -> Array:
        inside = (np.abs(z) <= FAR).all(axis=1)
        fit = self.judge.log_density(*self.surrogate.predict(np.clip(z, -FAR, FAR)))
        found = -0.5 * (z**2).sum(axis=1) + HEAT * fit
        return np.where(inside & np.isfinite(found), found, -np.inf)


def spread_out(z: Array, number: int, taken: Array) -> Array:
    """Points far from one another and from those that are taken: each next is the farthest (Gonzalez 1985).

    Parameters
    ----------
    z : array of float, shape (candidates, parameters)
        To choose from.
    number : int
        How many.
    taken : array of float, shape (points, parameters)
        Points to keep away from.
    """
    if len(z) <= number:
        return z
    scale = np.maximum(z.std(axis=0), 1e-9)
    x = z / scale
    away = np.full(len(x), np.inf)
    for other in taken / scale:
        away = np.minimum(away, ((x - other) ** 2).sum(axis=1))
    if not np.isfinite(away).any():
        away = -((x - x.mean(axis=0)) ** 2).sum(axis=1)  # begin in the middle
        away -= away.min() - 1.0
    chosen = []
    for _ in range(number):
        best = int(np.argmax(away))
        chosen.append(best)
        away = np.minimum(away, ((x - x[best]) ** 2).sum(axis=1))
    return np.asarray(z[np.sort(chosen)])
