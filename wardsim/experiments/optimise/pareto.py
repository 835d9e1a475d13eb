"""Which options nothing else beats on every objective, and how sure that is.

An option is beaten in a parameter draw when another is at least as good on every objective and better on one, chance
removed from their differences. Membership is the share of draws in which nothing beats it, averaged over bootstrap
resamples of the draws, so that differences that are only simulation error do not look certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..intervals import Summary
from ..statistics.split import FEWEST_DRAWS
from ..study.runs import Array
from .bank import Bank, OptimiseError
from .level import level
from .pairs import ROUNDING, Paired, resamples, shrink
from .share import Flags, exact

RESAMPLES = 200
SEED = 20250407


@dataclass(frozen=True)
class Objective:
    """A measure and which way is better."""

    measure: str
    better: Literal["lower", "higher"] = "lower"


@dataclass(frozen=True)
class Member:
    """One option beside the front.

    Attributes
    ----------
    cell : int
        Which.
    levels : tuple of Summary
        Each objective over the runs that all options have, with its ranges.
    on_front : bool
        Whether nothing beats the means.
    membership : float or None
        Probability over parameter draws that nothing beats it; None where there are no draws or chance cannot be removed.
    low, high : float or None
        95% simulation interval of the membership.
    beaten_by : tuple of (int, float or None)
        Options that beat it in at least one draw of ten (on the means, without draws) and in what share, most often first.
    same_as : tuple of int
        Options whose objectives are equal in every run.
    beaten_range : tuple of ((float, float) or None)
        95% simulation interval of each share of `beaten_by`.
    """

    cell: int
    levels: tuple[Summary, ...]
    on_front: bool
    membership: float | None
    low: float | None
    high: float | None
    beaten_by: tuple[tuple[int, float | None], ...]
    same_as: tuple[int, ...]
    beaten_range: tuple[tuple[float, float] | None, ...] = ()


@dataclass(frozen=True)
class Front:
    """All options, objectives, and what the memberships are made of: draws in common, and runs of each option in them."""

    members: tuple[Member, ...]
    objectives: tuple[Objective, ...]
    draws: int
    left_out: tuple[int, ...]
    reason: str = ""
    runs: int = 0


def front(
    bank: Bank,
    objectives: Sequence[Objective],
    *,
    among: Sequence[int] | None = None,
    times: int = RESAMPLES,
    seed: int = SEED,
) -> Front:
    """The Pareto front of the options over the runs that all of them have.

    Parameters
    ----------
    bank : Bank
        Where runs come from; no new ones are asked for.
    objectives : sequence of Objective
        What is weighed; usually cost, violence and contact.
    among : sequence of int, optional
        Cells; left out: all.
    times : int
        Bootstrap resamples of the draws.
    seed : int
        Of the resamples.

    Raises
    ------
    OptimiseError
        When there is nothing to compare.
    """
    given = list(bank.cells if among is None else among)
    if not given or not objectives:
        raise OptimiseError("a front needs options and objectives")
    measures = [o.measure for o in objectives]
    cells = [c for c in given if _has_values(bank, c, measures)]
    left_out = tuple(c for c in given if c not in cells)
    if not cells:
        raise OptimiseError("no option has a value of every objective")
    paired = Paired(bank, cells, measures)
    if not paired.draws:
        raise OptimiseError("no parameter draw has a value of every objective in every option")
    levels = [tuple(level(bank, c, m, paired.runs) for m in measures) for c in cells]
    places = np.array([[np.nan if one.mean is None else one.mean for one in found] for found in levels])
    sign = np.array([1.0 if o.better == "lower" else -1.0 for o in objectives])
    reason = _reason(bank, paired)
    weights = resamples(paired.draws, 0 if reason else times, seed)
    beaten = np.zeros((len(weights), paired.draws, len(cells)), dtype=bool)
    share = np.zeros((len(weights), len(cells), len(cells)))
    on_means = np.zeros((len(cells), len(cells)), dtype=bool)
    same = np.zeros((len(cells), len(cells)), dtype=bool)
    for a in range(len(cells)):
        for b in range(a + 1, len(cells)):
            means, within = paired.difference(a, b)
            same[a, b] = same[b, a] = not means.any() and not within.any()
            centre = sign * _apart(places[a], places[b])
            on_means[a, b], on_means[b, a] = _beats(centre), _beats(-centre)
            if reason:
                continue
            found = sign * shrink(means, within, weights, paired.per_draw)
            for i, j, which in ((a, b, _beats(found)), (b, a, _beats(-found))):
                beaten[:, :, i] |= which
                share[:, i, j] = _average(which, weights)
    member = None if reason else 1.0 - _average(beaten, weights)
    rows = []
    for place, cell in enumerate(cells):
        others = [j for j in range(len(cells)) if (on_means[place, j] if reason else share[:, place, j].mean() >= 0.1)]
        beaten_by = [(j, None if reason else float(share[:, place, j].mean())) for j in others]
        beaten_by.sort(key=lambda item: (-(item[1] or 0.0), cells[item[0]]))
        middle, low, high = (None, None, None) if member is None else _interval(member[:, place], paired.draws)
        rows.append(
            Member(
                cell=cell,
                levels=levels[place],
                on_front=not bool(on_means[place].any()),
                membership=middle,
                low=low,
                high=high,
                beaten_by=tuple((cells[j], chance) for j, chance in beaten_by),
                same_as=tuple(cells[j] for j in np.flatnonzero(same[place])),
                beaten_range=tuple(None if reason else _interval(share[:, place, j], paired.draws)[1:] for j, _ in beaten_by),
            )
        )
    return Front(tuple(rows), tuple(objectives), paired.draws, left_out, reason, len(paired.runs))


def _interval(shares: Array, draws: int) -> tuple[float, float, float]:
    """Mean over resamples, and 95%: never narrower than that of a count of so many draws, which resamples of equal draws would be."""
    middle = float(shares.mean())
    (low, high), (least, most) = np.quantile(shares, (0.025, 0.975)).tolist(), exact(middle * draws, draws, 0.025)
    return middle, min(low, least), max(high, most)


def _apart(first: Array, second: Array) -> Array:
    """Second minus first, nought where that is rounding."""
    found = second - first
    found[np.abs(found) <= ROUNDING * np.maximum(np.abs(first), np.abs(second))] = 0.0
    return found


def _has_values(bank: Bank, cell: int, measures: Sequence[str]) -> bool:
    if not bank.asked(cell):
        return False
    return all(bool(np.isfinite(bank.column(cell, m).value).any()) for m in measures)


def _reason(bank: Bank, paired: Paired) -> str:
    if bank.point:
        return "point parameters: nothing is drawn"
    if paired.draws < FEWEST_DRAWS:
        return f"fewer than {FEWEST_DRAWS} parameter draws in common"
    if paired.per_draw < 2:
        return "one replication a draw: chance cannot be removed"
    return ""


def _beats(difference: Array) -> Flags:
    """Whether the second is at least as good everywhere and better somewhere (lower is better)."""
    nowhere_worse: Flags = np.asarray((difference <= 0.0).all(axis=-1))
    return nowhere_worse & np.asarray((difference < 0.0).any(axis=-1))


def _average(flags: Flags, weights: Array) -> Array:
    """Share of draws in each resample, shape (resamples, ...)."""
    if flags.ndim == 2:
        out: Array = (flags * weights).sum(axis=1) / flags.shape[1]
        return out
    shares: Array = np.einsum("rdc,rd->rc", flags.astype(np.float64), weights) / flags.shape[1]
    return shares
