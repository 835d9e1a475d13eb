"""Made-up options whose truth is known: a sampler in place of wards, with the keys of a study.

Value of run r of a cell = mean + parameter part of draw r // per_draw + chance of run r; both parts are made of a share
that all cells have in common and one of their own.
"""

from __future__ import annotations

import numpy as np

from wardsim.experiments.optimise.bank import Bank
from wardsim.experiments.study.runs import Runs


def runs_of(values, names=("cost",), *, per_draw=1, point=False):
    """`Runs` of an array (runs, cells, measures), not ratios."""
    n, cells, measures = values.shape
    assert measures == len(names)
    run = np.tile(np.arange(n), cells)
    stacked = np.full((n * cells, measures, 3), np.nan)
    stacked[:, :, 0] = values.transpose(1, 0, 2).reshape(n * cells, measures)
    draw = np.full(n * cells, -1) if point else run // per_draw
    return Runs(tuple(names), np.repeat(np.arange(cells), n), run, draw, np.zeros(n * cells, dtype=np.int64), stacked)


def values_of(rng, means, runs, *, per_draw=1, parameters=0.0, chance=1.0, common=0.9):
    """Array (runs, cells, measures) about means (cells, measures); `common` is the share of variance in common."""
    means = np.atleast_2d(np.asarray(means, dtype=float))
    shape = (len(means), means.shape[1])
    draws = -(-runs // per_draw)

    def part(n):
        shared = rng.standard_normal((n, 1, shape[1]))
        own = rng.standard_normal((n, *shape))
        return np.sqrt(common) * shared + np.sqrt(1 - common) * own

    effect = np.repeat(parameters * part(draws), per_draw, axis=0)[:runs]
    return means[None] + effect + chance * part(runs)


class Sampler:
    """The callback: serves runs that were made beforehand, and keeps count."""

    def __init__(self, values, names=("cost",), *, per_draw=1, point=False, failed=()):
        self.all = runs_of(values, names, per_draw=per_draw, point=point)
        self.failed = set(failed)
        self.wanted = {}

    def __call__(self, wanted):
        for cell, runs in wanted.items():
            self.wanted[cell] = max(runs, self.wanted.get(cell, 0))
        a = self.all
        most = np.array([self.wanted.get(c, 0) for c in range(int(a.cell.max()) + 1)])
        keep = a.run < most[a.cell]
        if self.failed:
            keep &= np.array([(c, r) not in self.failed for c, r in zip(a.cell.tolist(), a.run.tolist(), strict=True)])
        return Runs(a.names, a.cell[keep], a.run[keep], a.draw[keep], a.window[keep], a.values[keep])

    @property
    def made(self):
        return sum(self.wanted.values())


def bank_of(values, names=("cost",), *, per_draw=1, point=False, failed=(), **more):
    """A bank over made-up values, and its sampler."""
    sampler = Sampler(values, names, per_draw=per_draw, point=point, failed=failed)
    more.setdefault("limit", len(values))
    cells = [f"option {c}" for c in range(values.shape[1])]
    return Bank(sampler, cells, per_draw=per_draw, point=point, **more), sampler
