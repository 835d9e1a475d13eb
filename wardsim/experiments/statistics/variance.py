"""How much of the spread of an answer is chance, how much is parameters, and how much is structure.

Y = structure s + draw d of the parameters (within s) + chance of a run. With structures equally likely,

    Var Y = mean over s of (chance)  +  mean over s of (variance between draws)  +  variance between structures

each estimated without bias: the variance between draws of a structure is that of the means of its draws less what chance
gives them, and the variance between structures that of their means (over all S of them, not S - 1: they are the whole set)
less what draws and chance give the means' distances, which for structures that share draws is found from the distances
within each draw. An estimate below nought is given as nought, and the reason says so. Intervals: bootstrap over draws,
moved to the estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..intervals import FEW_DRAWS, FEWEST_DRAWS, NO_VALUE, ONE_REPLICATION
from .posterior import SEED
from .split import Array, Split

BOOTSTRAPS = 1000
PARTS = ("chance", "parameters", "structure")
BELOW_NOUGHT = "estimate below nought, given as nought: it is less than these runs can tell"
ONE_STRUCTURE = "one structure only"


@dataclass(frozen=True, slots=True)
class Part:
    """One source of variance.

    Attributes
    ----------
    variance : float
        In the unit squared; of one year for chance.
    low, high : float
        95% bootstrap interval.
    share : float
        Of the total, in percent.
    share_low, share_high : float
        95% bootstrap interval.
    reason : str
        A caution.
    """

    variance: float
    low: float
    high: float
    share: float
    share_low: float
    share_high: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Variance of one measure or difference by source.

    Attributes
    ----------
    parts : mapping of str to Part, or None
        chance, parameters and (with two structures or more) structure.
    means : mapping of str to float
        Mean in each structure.
    draws, runs : int
        In the smallest structure; in all.
    reason : str
        Why there is none.
    """

    parts: Mapping[str, Part] | None
    means: Mapping[str, float]
    draws: int
    runs: int
    reason: str = ""


def decompose(
    structures: Mapping[str, Split], *, years: float = 1.0, bootstraps: int = BOOTSTRAPS, seed: int = SEED
) -> Decomposition:
    """Variance of one measure or difference, by source.

    Parameters
    ----------
    structures : mapping of str to Split
        One split a structure (mechanisms on or off) of the same measure or difference: `Split.of`, or `Difference.split`
        (the chance of a paired difference is that of pairs and no ward's; use it for parameters and structure only).
    years : float
        Length of a run: chance is given for one year.
    bootstraps : int
        Rounds.
    seed : int
        Root of their random numbers.
    """
    splits = list(structures.values())
    if not splits:
        return Decomposition(None, {}, 0, 0, NO_VALUE)
    means = {name: split.mean for name, split in structures.items()}
    draws, runs = min(split.draws for split in splits), sum(split.n for split in splits)
    if draws < FEWEST_DRAWS:
        return Decomposition(None, means, draws, runs, FEW_DRAWS)
    if min(split.df_within for split in splits) < FEWEST_DRAWS - 1:
        return Decomposition(None, means, draws, runs, ONE_REPLICATION)
    squares: list[Array] = [np.bincount(split.group, weights=split.residuals**2).astype(np.float64) for split in splits]
    shared = all(np.array_equal(split.ids, splits[0].ids) for split in splits)
    estimate = _components(splits, squares, shared, [np.ones((1, split.draws)) for split in splits], years)[0]
    rng = np.random.default_rng(seed)
    first = _resample(rng, splits[0].draws, bootstraps)
    weights = [first if shared else _resample(rng, split.draws, bootstraps) for split in splits]
    rounds = _components(splits, squares, shared, weights, years)
    # a round's means are further apart than the estimate's by their own error: rounds are moved to the estimate
    rounds = np.maximum(rounds - rounds.mean(axis=0) + estimate, 0.0)
    kept = np.maximum(estimate, 0.0)
    total, totals = float(kept.sum()), rounds.sum(axis=1)
    shares = np.divide(100.0 * rounds, totals[:, None], out=np.zeros_like(rounds), where=totals[:, None] > 0)
    parts = {}
    for i, name in enumerate(PARTS):
        if name == "structure" and len(splits) == 1:
            continue
        low, high = np.quantile(rounds[:, i], (0.025, 0.975)).tolist()
        share_low, share_high = np.quantile(shares[:, i], (0.025, 0.975)).tolist()
        share = 100.0 * float(kept[i]) / total if total > 0 else 0.0
        parts[name] = Part(
            float(kept[i]), low, high, share, share_low, share_high, BELOW_NOUGHT if estimate[i] < 0 else ""
        )
    return Decomposition(parts, means, draws, runs, ONE_STRUCTURE if len(splits) == 1 else "")


def _resample(rng: np.random.Generator, draws: int, rounds: int) -> Array:
    """How often each draw is taken in each round; at least two different draws."""
    counts = np.asarray(rng.multinomial(draws, np.full(draws, 1.0 / draws), size=rounds), dtype=np.float64)
    kept: Array = counts[(counts > 0).sum(axis=1) > 1]
    return kept


def _components(
    splits: Sequence[Split], squares: Sequence[Array], shared: bool, weights: Sequence[Array], years: float
) -> Array:
    """Chance, parameters and structure (may be below nought), a row a round of weights."""
    rounds = min(len(w) for w in weights)
    chance, parameters, centres, of_mean = [], [], [], []
    for split, square, all_weights in zip(splits, squares, weights, strict=True):
        w = all_weights[:rounds]
        n = w.sum(axis=1)
        within = (w @ square) / np.maximum(w @ (split.count - 1.0), 1.0)
        centre = (w @ split.means) / n
        spread = (w @ split.means**2 / n - centre**2) * n / (n - 1.0)
        chance.append(within * years)
        parameters.append(spread - within * (w @ (1.0 / split.count)) / n)
        centres.append(centre)
        of_mean.append(spread / n)
    if len(splits) == 1:
        structure = np.zeros(rounds)
    else:
        middle = np.column_stack(centres)
        observed = middle.var(axis=1)
        if shared:
            apart = np.column_stack([split.means for split in splits])
            apart = apart - apart.mean(axis=1, keepdims=True)
            w = weights[0][:rounds]
            n = w.sum(axis=1)
            own = ((w @ apart**2) / n[:, None] - ((w @ apart) / n[:, None]) ** 2) * (n / (n - 1.0))[:, None]
            structure = observed - (own / n[:, None]).mean(axis=1)
        else:
            structure = observed - np.column_stack(of_mean).mean(axis=1) * (len(splits) - 1) / len(splits)
    return np.column_stack([np.mean(chance, axis=0), np.mean(parameters, axis=0), structure])
