"""What the expected values of several quantities may be in a fresh draw of the parameters, chance removed.

The Bayesian bootstrap over draws (Rubin 1981, Ann Statist 9:130): each round weights the draws at random, finds the
weighted means, their covariance V and the covariance v that chance gives them, and pulls the draws to their mean by
B = (V - v) V^-1, where only directions in which V exceeds v are kept. A fresh draw is a pulled draw plus a normal error of
covariance B v, what the pull leaves uncertain. Rounds differ as the mean, V and v are uncertain. Deterministic: the
rounds come from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .split import Array, Split

SEED = 20250407
ROUNDS = 400
FRESH = 50
"""Fresh draws of each round."""


def fresh_draws(splits: Sequence[Split], rounds: int = ROUNDS, fresh: int = FRESH, seed: int = SEED) -> Array:
    """Expected values of several quantities in fresh draws of the parameters.

    Parameters
    ----------
    splits : sequence of Split
        Quantities of the same runs, at least 5 draws with some replications.
    rounds, fresh : int
        Rounds, and fresh draws of each.
    seed : int
        Root of the random numbers.

    Returns
    -------
    array, shape (rounds, fresh, quantities)
        Rows of a round share what is uncertain about mean and spread.
    """
    rng = np.random.default_rng(seed)
    first = splits[0]
    n, k = first.draws, len(splits)
    means = np.column_stack([split.means for split in splits])
    scale = np.sqrt(np.maximum(means.var(axis=0), np.finfo(float).tiny))
    means = means / scale
    residuals = np.column_stack([split.residuals for split in splits]) / scale
    products = np.zeros((n, k, k))
    np.add.at(products, first.group, residuals[:, :, None] * residuals[:, None, :])
    spare = first.count - 1.0
    weights = rng.dirichlet(np.ones(n), size=rounds)
    plain = means.mean(axis=0)
    own = weights @ means
    away = means[None] - own[:, None, :]
    # the bootstrap's spread of a mean is that of n + 1 draws with known variance; a t of n - 1 is this much wider
    centre = plain + np.sqrt((n + 1.0) / (n - 3.0)) * (own - plain)
    effective = n / (n - 1.0)
    total = effective * np.einsum("rn,rni,rnj->rij", weights, away, away)
    chance = np.einsum("rn,nij->rij", weights, products) / (weights @ spare)[:, None, None]
    noise = chance * float((1.0 / first.count).mean())
    pull, left = _pull(total, noise)
    which = np.stack([rng.choice(n, size=fresh, p=w) for w in weights])
    placed = np.take_along_axis(away, which[:, :, None], axis=1)
    normal = rng.standard_normal((rounds, fresh, k))
    found: Array = centre[:, None, :] + placed @ pull.transpose(0, 2, 1) + normal @ left.transpose(0, 2, 1)
    found *= scale
    return found


def _pull(total: Array, noise: Array) -> tuple[Array, Array]:
    """B, and a root of the covariance B v, of each round."""
    k = total.shape[-1]
    ridge = 1e-9 * np.einsum("rii->r", total)[:, None, None] / k * np.eye(k) + 1e-300 * np.eye(k)
    values, vectors = np.linalg.eigh(total + ridge)
    root = (vectors * np.sqrt(values)[:, None, :]) @ vectors.transpose(0, 2, 1)
    inverse = (vectors / np.sqrt(values)[:, None, :]) @ vectors.transpose(0, 2, 1)
    # in units in which the means of draws have unit covariance, chance has eigenvalues from 0 (none) to 1 (all) and above
    share, axes = np.linalg.eigh(inverse @ noise @ inverse)
    kept = np.clip(1.0 - share, 0.0, 1.0)
    out, back = root @ axes, axes.transpose(0, 2, 1)
    pull = (out * kept[:, None, :]) @ back @ inverse
    left = out * np.sqrt(kept * (1.0 - kept))[:, None, :]
    return pull, left
