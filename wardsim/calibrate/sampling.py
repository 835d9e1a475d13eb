"""MCMC on the emulators: emcee's ensembles, started from what the prior's points say, until enough independent draws.

The chains move over standard normal scores, so that the prior is a standard normal whatever the ledger declares. Two
ensembles that know nothing of each other are run; they have to agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .inference import FAR, Array, CalibrationError, Ints, Judge
from .parallel import each
from .quick import Quick, predict, quick
from .surrogate import LogDensity, Surrogate

AGREE = 1.02
"""Largest ratio of spreads between and within ensembles (split R-hat) that counts as convergence."""


@dataclass(frozen=True)
class Chains:
    """How long chains are.

    Attributes
    ----------
    walkers : int
        Walkers of each ensemble; 0: sixteen times the parameters.
    enough : int
        Effective draws wanted of the worst parameter, over both ensembles.
    burn, chunk, most : int
        Steps thrown away at first, between looks, and at most.
    ensembles : int
        Independent ensembles.
    weighed : int
        Draws that are weighted with the emulators themselves: the chains run on their quick copy.
    """

    walkers: int = 0
    enough: int = 1000
    burn: int = 300
    chunk: int = 500
    most: int = 6000
    ensembles: int = 2
    weighed: int = 4000


QUICK = Chains(walkers=128, enough=300, burn=150, chunk=150, most=900, ensembles=1, weighed=800)
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
    share : float
        Effective share of the draws when the quick copy of the emulators is corrected by the emulators themselves; 1: no correction
        was needed, or none was made.
    parts : tuple of int
        Draws of each ensemble.
    """

    z: Array
    density: Array
    ess: Array
    rhat: Array
    acceptance: float
    steps: int
    share: float = 1.0
    parts: tuple[int, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether the ensembles agree."""
        return bool(np.all(self.rhat < AGREE))

    def equally(self, number: int) -> Array:
        """So many draws at equal distances, shape (number, parameters)."""
        at = np.linspace(0, len(self.z) - 1, number).round().astype(int)
        return np.asarray(self.z[at])


@dataclass(frozen=True)
class Density:
    """Log posterior density of scores, up to a constant, as the emulators give it; their variance is part of the likelihood."""

    surrogate: Surrogate | Quick
    judge: Judge
    threads: int = 1

    def __call__(self, z: Array) -> Array:
        """Density of many points, shape (points,)."""
        return self.of(z, *predict(self.surrogate, np.clip(z, -FAR, FAR), self.threads))

    def of(self, z: Array, mean: Array, variance: Array) -> Array:
        """The same where outcomes are known already."""
        found = -0.5 * (z**2).sum(axis=1) + self.judge.log_density(mean, variance)
        outside = (np.abs(z) > FAR).any(axis=1)
        return np.where(outside | ~np.isfinite(found), -np.inf, found)


def posterior(
    surrogate: Surrogate, judge: Judge, *, start: Array, seed: int, chains: Chains | None = None, processes: int = 1
) -> Sampled:
    """Draw from the posterior that the emulators give.

    Parameters
    ----------
    surrogate : Surrogate
        Emulators.
    judge : Judge
        Published figures.
    start : array of float, shape (points, parameters)
        Scores of points to start near, for example what is not ruled out.
    seed : int
        Of the chains.
    chains : Chains, optional
        How long.
    processes : int
        Ensembles run side by side.
    """
    how = chains or Chains()
    copy = quick(surrogate, near=start, seed=seed % 2**31, threads=processes)
    rough = Density(copy, judge)
    found = sample(rough, start, rough(start), seed=seed, chains=how, processes=processes)
    return corrected(found, Density(surrogate, judge, processes), rough, how, seed)


def corrected(found: Sampled, density: LogDensity, rough: LogDensity, chains: Chains, seed: int) -> Sampled:
    """Draws of a copy's posterior turned into draws of the posterior itself: weighted and drawn again, ensemble by ensemble, so that
    each has as many as before."""
    each_ = chains.weighed // chains.ensembles
    rng = np.random.default_rng([seed, 151])
    taken, shares = [], []
    for chain in np.split(found.z, np.cumsum(found.parts)[:-1]):
        z = chain[_some(len(chain), each_, rng)]
        log = density(z) - rough(z)
        if not np.isfinite(log).any():
            raise CalibrationError(
                "the emulators give no draw of the chains a likelihood: their quick copy is too far from them"
            )
        w = np.exp(np.where(np.isfinite(log), log, -np.inf) - log[np.isfinite(log)].max())
        w /= w.sum()
        shares.append(1 / float((w**2).sum()) / each_)
        at = np.searchsorted(np.cumsum(w), (rng.uniform() + np.arange(each_)) / each_)
        taken.append(z[np.minimum(at, each_ - 1)])
    z = np.vstack(taken)
    share = float(np.mean(shares))
    parts = (each_,) * chains.ensembles
    # a draw that is picked has the error of the chains and its own
    ess = share / (1.0 / found.ess + 1.0 / len(z))
    return replace(found, z=z, density=density(z), ess=ess, share=share, parts=parts)


def _some(of: int, number: int, rng: np.random.Generator) -> Ints:
    """Places of so many draws of an ensemble, in order: at random, since at equal distances they are of a few walkers that hardly move."""
    if of <= number:
        return np.linspace(0, of - 1, number).round().astype(np.int64)
    return np.sort(rng.choice(of, number, replace=False))


def best_of(value: Array, candidates: Array, number: int, rng: np.random.Generator) -> Array:
    """Starting points: drawn from candidates by their log density, flattened so that no few of them take all."""
    good = np.isfinite(value)
    if not good.any():
        raise CalibrationError("no starting point has a likelihood: the targets lie beyond all that the model gives")
    w = good / good.sum()
    for heat in (1.0, 0.5, 0.25, 0.1, 0.03, 0.01):
        w = np.where(good, np.exp(heat * (np.where(good, value, 0.0) - value[good].max())), 0.0)
        w /= w.sum()
        if 1 / (w**2).sum() >= min(number, good.sum()) / 2:
            break
    picked = candidates[rng.choice(len(candidates), size=number, p=w)]
    moved: Array = picked + 0.1 * rng.standard_normal(picked.shape)
    return np.clip(moved, -FAR + 0.01, FAR - 0.01)


def sample(
    density: LogDensity, start: Array, value: Array, *, seed: int, chains: Chains, processes: int = 1
) -> Sampled:
    """Draw from a density.

    Parameters
    ----------
    density : callable
        Log density of scores, many at a time.
    start : array of float, shape (points, parameters)
        Where it may be worth starting.
    value : array of float, shape (points,)
        Density there.
    seed, chains, processes
        As of `posterior`.
    """
    found = each(_Ensemble(density, start, value, seed, chains), list(range(chains.ensembles)), processes)
    d = start.shape[1]
    return Sampled(
        np.vstack([chain.reshape(-1, d) for chain, _, _ in found]),
        np.concatenate([log.ravel() for _, log, _ in found]),
        np.sum([effective(chain) for chain, _, _ in found], axis=0),
        split_rhat([chain for chain, _, _ in found]),
        float(np.mean([accepted for _, _, accepted in found])),
        max(len(chain) for chain, _, _ in found),
        parts=tuple(chain.shape[0] * chain.shape[1] for chain, _, _ in found),
    )


@dataclass(frozen=True)
class _Ensemble:
    """One ensemble, run until it has its part of the draws."""

    density: LogDensity
    start: Array
    value: Array
    seed: int
    chains: Chains

    def __call__(self, number: int) -> tuple[Array, Array, float]:
        import emcee

        chains, d = self.chains, self.start.shape[1]
        walkers = chains.walkers or 16 * d
        rng = np.random.default_rng([self.seed, 83, number])
        moves = [(emcee.moves.DEMove(), 0.6), (emcee.moves.DESnookerMove(), 0.1), (emcee.moves.StretchMove(), 0.3)]
        sampler = emcee.EnsembleSampler(walkers, d, self.density, moves=moves, vectorize=True)
        at = best_of(self.value, self.start, walkers, rng)
        chance = np.random.RandomState(int(rng.integers(2**31))).get_state()
        state = sampler.run_mcmc(
            emcee.State(at, random_state=chance), chains.burn, skip_initial_state_check=True
        )  # emcee takes numpy's old generator only
        sampler.reset()
        steps = 0
        while True:
            state = sampler.run_mcmc(state, chains.chunk, skip_initial_state_check=True)
            steps += chains.chunk
            chain = sampler.get_chain()
            draws = effective(chain).min()
            if draws >= chains.enough / chains.ensembles or steps >= chains.most:
                return chain, sampler.get_log_prob(), float(np.mean(sampler.acceptance_fraction))


def effective(chain: Array) -> Array:
    """Effective draws of each parameter: variance of a draw over the variance of the chain's mean.

    Walkers of an ensemble follow one another, so that the autocorrelation of single walkers promises too much: what counts is how the
    mean over all walkers wanders, and its autocorrelation time.
    """
    import emcee

    steps, walkers, d = chain.shape
    found = np.empty(d)
    for j in range(d):
        middle = chain[:, :, j].mean(axis=1)
        single, together = (
            float(emcee.autocorr.integrated_time(x, tol=0, quiet=True)[0])
            for x in (chain[:, :, j : j + 1], middle[:, None, None])
        )
        of_mean = float(middle.var()) * max(together, 1.0) / steps
        alone = steps * walkers / max(single, 1.0) if np.isfinite(single) else walkers
        found[j] = (
            min(alone, float(chain[:, :, j].var()) / of_mean) if of_mean > 0 and np.isfinite(together) else walkers
        )
    return found


def split_rhat(chains: list[Array]) -> Array:
    """R-hat of the halves of each ensemble: the mean over the walkers of an ensemble moves as one, so the variance of a half's
    mean is compared with that of single draws (Gelman and others, Bayesian Data Analysis, 11.4)."""
    halves = [half for c in chains for half in (c[: len(c) // 2], c[len(c) // 2 :])]
    means = np.array([h.reshape(-1, h.shape[2]).mean(axis=0) for h in halves])
    within = np.array([h.reshape(-1, h.shape[2]).var(axis=0) for h in halves]).mean(axis=0)
    between = means.var(axis=0, ddof=1)
    return np.asarray(np.sqrt((within + between) / np.maximum(within, 1e-300)))
