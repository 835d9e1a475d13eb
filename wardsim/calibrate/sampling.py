"""MCMC on the emulators: emcee's ensembles, started from what the prior's points say, until enough independent draws.

The chains move over standard normal scores, so that the prior is a standard normal whatever the ledger declares. Two
ensembles that know nothing of each other are run; they have to agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .inference import FAR, Array, CalibrationError, Judge
from .surrogate import LogDensity, Surrogate

AGREE = 1.02
"""Largest ratio of spreads between and within ensembles (split R-hat) that counts as convergence."""


@dataclass(frozen=True)
class Chains:
    """How long chains are.

    Attributes
    ----------
    walkers : int
        Walkers of each ensemble; 0: four times the parameters.
    enough : int
        Effective draws wanted of the worst parameter, over both ensembles.
    burn, chunk, most : int
        Steps thrown away at first, between looks, and at most.
    ensembles : int
        Independent ensembles.
    """

    walkers: int = 0
    enough: int = 1000
    burn: int = 300
    chunk: int = 500
    most: int = 6000
    ensembles: int = 2


QUICK = Chains(enough=250, burn=100, chunk=200, most=1400, ensembles=1)
"""For many posteriors one after another: simulation-based calibration, one target left out."""


@dataclass(frozen=True)
class Sampled:
    """Draws of a posterior.

    Attributes
    ----------
    z : array of float, shape (draws, parameters)
        Standard normal scores, all that were kept, ensemble after ensemble.
    density : array of float, shape (draws,)
        Log posterior density up to a constant.
    ess : array of float, shape (parameters,)
        Effective draws of each parameter.
    rhat : array of float, shape (parameters,)
        Split R-hat between ensembles.
    acceptance : float
        Share of moves taken.
    steps : int
        Steps of each ensemble after burn-in.
    """

    z: Array
    density: Array
    ess: Array
    rhat: Array
    acceptance: float
    steps: int

    @property
    def converged(self) -> bool:
        """Whether the ensembles agree."""
        return bool(np.all(self.rhat < AGREE))

    def equally(self, number: int) -> Array:
        """So many draws at equal distances, shape (number, parameters)."""
        return self.z[np.linspace(0, len(self.z) - 1, number).round().astype(int)]


def posterior(surrogate: Surrogate, judge: Judge, *, start: Array, seed: int, chains: Chains | None = None) -> Sampled:
    """Draw from the posterior that the emulators give.

    Parameters
    ----------
    surrogate : Surrogate
        Emulators; their variance is part of the likelihood.
    judge : Judge
        Published figures.
    start : array of float, shape (points, parameters)
        Scores of points to start near, for example what is not ruled out.
    seed : int
        Of the chains.
    chains : Chains, optional
        How long.
    """
    return sample(density_of(surrogate, judge), start, seed=seed, chains=chains or Chains())


def density_of(surrogate: Surrogate, judge: Judge) -> LogDensity:
    """Log posterior density of scores, up to a constant."""

    def density(z: Array) -> Array:
        prior = -0.5 * (z**2).sum(axis=1)
        outside = (np.abs(z) > FAR).any(axis=1)
        found = prior + judge.log_density(*surrogate.predict(np.clip(z, -FAR, FAR)))
        return np.where(outside | ~np.isfinite(found), -np.inf, found)

    return density


def best_of(density: LogDensity, candidates: Array, number: int, rng: np.random.Generator) -> Array:
    """Starting points: drawn from candidates by their density, flattened so that no few of them take all."""
    value = density(candidates)
    good = np.isfinite(value)
    if not good.any():
        raise CalibrationError("no starting point has a likelihood: the targets lie beyond all that the model gives")
    heat = 1.0
    for heat in (1.0, 0.5, 0.25, 0.1, 0.03, 0.01):
        w = np.where(good, np.exp(heat * (value - value[good].max())), 0.0)
        if w.sum() ** 2 / (w**2).sum() >= min(number, good.sum()) / 2:
            break
    picked = candidates[rng.choice(len(candidates), size=number, p=w / w.sum())]
    moved: Array = picked + 0.1 * rng.standard_normal(picked.shape)
    return np.clip(moved, -FAR + 0.01, FAR - 0.01)


def sample(density: LogDensity, start: Array, *, seed: int, chains: Chains) -> Sampled:
    """Draw from a density.

    Parameters
    ----------
    density : callable
        Log density of scores, many at a time.
    start : array of float, shape (points, parameters)
        Where it may be worth starting.
    seed : int
    chains : Chains
    """
    import emcee

    d = start.shape[1]
    walkers = chains.walkers or 4 * d
    samplers = []
    for e in range(chains.ensembles):
        rng = np.random.default_rng([seed, 83, e])
        moves = [(emcee.moves.DEMove(), 0.6), (emcee.moves.DESnookerMove(), 0.1), (emcee.moves.StretchMove(), 0.3)]
        sampler = emcee.EnsembleSampler(walkers, d, density, moves=moves, vectorize=True)
        at = best_of(density, start, walkers, rng)
        legacy = np.random.RandomState(int(rng.integers(2**31)))
        state = emcee.State(at, random_state=legacy.get_state())
        state = sampler.run_mcmc(state, chains.burn, skip_initial_state_check=True)
        sampler.reset()
        samplers.append((sampler, state))
    steps = 0
    while True:
        samplers = [
            (sampler, sampler.run_mcmc(state, chains.chunk, skip_initial_state_check=True))
            for sampler, state in samplers
        ]
        steps += chains.chunk
        found = [sampler.get_chain() for sampler, _ in samplers]  # steps, walkers, parameters
        ess = np.sum([effective(c) for c in found], axis=0)
        rhat = split_rhat(found)
        if (ess.min() >= chains.enough and rhat.max() < AGREE) or steps >= chains.most:
            break
    return Sampled(
        np.vstack([c.reshape(-1, d) for c in found]),
        np.concatenate([sampler.get_log_prob().ravel() for sampler, _ in samplers]),
        ess, rhat, float(np.mean([np.mean(sampler.acceptance_fraction) for sampler, _ in samplers])), steps,
    )  # fmt: skip


def effective(chain: Array) -> Array:
    """Effective draws of each parameter: all draws over the integrated autocorrelation time, walkers together."""
    import emcee

    steps, walkers, d = chain.shape
    tau = np.array([emcee.autocorr.integrated_time(chain[:, :, j : j + 1], tol=0, quiet=True)[0] for j in range(d)])
    return steps * walkers / np.maximum(np.where(np.isfinite(tau), tau, steps), 1.0)


def split_rhat(chains: list[Array]) -> Array:
    """R-hat of the halves of each ensemble: the mean over the walkers of an ensemble moves as one, so the variance of a half's
    mean is compared with that of single draws (Gelman and others, Bayesian Data Analysis, 11.4)."""
    halves = [half for c in chains for half in (c[: len(c) // 2], c[len(c) // 2 :])]
    means = np.array([h.reshape(-1, h.shape[2]).mean(axis=0) for h in halves])
    within = np.array([h.reshape(-1, h.shape[2]).var(axis=0) for h in halves]).mean(axis=0)
    between = means.var(axis=0, ddof=1)
    return np.asarray(np.sqrt((within + between) / np.maximum(within, 1e-300)))
