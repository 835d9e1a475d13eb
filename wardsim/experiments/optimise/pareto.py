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

from ..statistics.split import FEWEST_DRAWS
from ..study.runs import Array
from .bank import Bank, OptimiseError
from .pairs import Paired, resamples, shrink
from .share import Flags

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
    means : tuple of float
        Mean of each objective over draws and replications.
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
    """

    cell: int
    means: tuple[float, ...]
    on_front: bool
    membership: float | None
    low: float | None
    high: float | None
    beaten_by: tuple[tuple[int, float | None], ...]
    same_as: tuple[int, ...]


@dataclass(frozen=True)
class Front:
    """All options, objectives, and what the memberships are made of."""

    members: tuple[Member, ...]
    objectives: tuple[Objective, ...]
    draws: int
    left_out: tuple[int, ...]
    reason: str = ""


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
    sign = np.array([1.0 if o.better == "lower" else -1.0 for o in objectives])
    reason = _reason(bank, paired)
    weights = resamples(paired.draws, 0 if reason else times, seed)
    beaten = np.zeros((len(weights), paired.draws, len(cells)), dtype=bool)
    share = np.zeros((len(cells), len(cells)))
    on_means = np.zeros((len(cells), len(cells)), dtype=bool)
    same = np.zeros((len(cells), len(cells)), dtype=bool)
    for a in range(len(cells)):
        for b in range(a + 1, len(cells)):
            means, within = paired.difference(a, b)
            same[a, b] = same[b, a] = not means.any() and not within.any()
            centre = sign * means.mean(axis=0)
            on_means[a, b], on_means[b, a] = _beats(centre), _beats(-centre)
            if reason:
                continue
            found = sign * shrink(means, within, weights, paired.per_draw)
            for i, j, which in ((a, b, _beats(found)), (b, a, _beats(-found))):
                beaten[:, :, i] |= which
                share[i, j] = float(_average(which, weights).mean())
    member = None if reason else 1.0 - _average(beaten, weights)
    rows = []
    for place, cell in enumerate(cells):
        others = [
            (cells[j], None if reason else float(share[place, j]))
            for j in range(len(cells))
            if (on_means[place, j] if reason else share[place, j] >= 0.1)
        ]
        others.sort(key=lambda item: (-(item[1] or 0.0), item[0]))
        middle, low, high = (None, None, None) if member is None else _interval(member[:, place])
        rows.append(
            Member(
                cell=cell,
                means=tuple(paired.means[:, place].mean(axis=0).tolist()),
                on_front=not bool(on_means[place].any()),
                membership=middle,
                low=low,
                high=high,
                beaten_by=tuple(others),
                same_as=tuple(cells[j] for j in np.flatnonzero(same[place])),
            )
        )
    return Front(tuple(rows), tuple(objectives), paired.draws, left_out, reason)


def _interval(member: Array) -> tuple[float, float, float]:
    low, high = np.quantile(member, (0.025, 0.975)).tolist()
    return float(member.mean()), low, high


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
