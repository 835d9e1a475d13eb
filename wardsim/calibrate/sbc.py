"""Simulation-based calibration: truths that are known are hidden, the whole inference is run on the figures they would have
given, and the truths have to lie among the draws of the posterior like one draw among others (Talts and others 2018).

On the emulator the truths come from the prior and the figures through the likelihood: ranks of the truths are uniform if the
inference is right, whatever the emulator is like. On the ward the figures come from the ward itself: intervals cover as
they say if the emulator is right as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .importance import draws_of
from .inference import Array, Judge, Runs, Simulator, scores
from .parallel import each
from .quick import Quick, quick, sobol
from .sampling import QUICK, Chains, Density
from .surrogate import Surrogate, filled
from .waves import stored_run

RANKS = 99
"""Draws among which a truth gets its rank: 100 places."""
BINS = 10
BANK = 4096
"""Points of the prior among which each inference starts."""
FALSE_ALARM = 0.01
"""Rate at which a right inference is called wrong, over all parameters together."""
LEVELS = (0.5, 0.8, 0.9)


@dataclass(frozen=True)
class Recovered:
    """One truth and what the inference made of it.

    Attributes
    ----------
    truth : array of float, shape (parameters,)
        Scores.
    rank : array of int, shape (parameters,)
        Draws below it, of 99.
    share : array of float, shape (parameters,)
        Share of all draws below it.
    ess : float
        Effective draws of the worst parameter.
    """

    truth: Array
    rank: Array
    share: Array
    ess: float


@dataclass(frozen=True)
class Check:
    """Many of them.

    Attributes
    ----------
    on : str
        emulator or ward.
    names : tuple of str
        Parameters.
    rank, share : array, shape (truths, parameters)
        As of each truth.
    ess : array of float, shape (truths,)
    """

    on: str
    names: tuple[str, ...]
    rank: Array
    share: Array
    ess: Array

    def p_values(self) -> dict[str, tuple[float, float]]:
        """Chi-square (ten bins) and Kolmogorov-Smirnov p value of uniform ranks, by parameter."""
        from scipy.stats import chisquare, kstest

        found = {}
        for j, name in enumerate(self.names):
            counts = np.bincount((self.rank[:, j] * BINS // (RANKS + 1)).astype(int), minlength=BINS)
            ks = kstest((self.rank[:, j] + 0.5) / (RANKS + 1), "uniform").pvalue
            found[name] = float(chisquare(counts).pvalue), float(ks)
        return found

    def uniform(self) -> bool:
        """Whether no parameter's ranks depart from uniform; a right inference fails in at most 1% of checks (Bonferroni over
        parameters and both tests)."""
        smallest = min(min(pair) for pair in self.p_values().values())
        return smallest * 2 * len(self.names) > FALSE_ALARM

    def covered(self, level: float) -> Array:
        """Truths within the central interval of a level, shape (parameters,)."""
        low, high = (1 - level) / 2, (1 + level) / 2
        return np.asarray(((self.share >= low) & (self.share <= high)).sum(axis=0))

    def __len__(self) -> int:
        return len(self.rank)


@dataclass(frozen=True)
class _Infer:
    """The whole inference on figures of one truth."""

    surrogate: Quick
    judge: Judge
    bank: tuple[Array, Array, Array]
    seed: int
    chains: Chains

    def __call__(self, item: tuple[int, Array, Array]) -> Recovered:
        number, truth, figures = item
        judge = self.judge.given(figures)
        density = Density(self.surrogate, judge)
        z, mean, variance = self.bank
        found = draws_of(density, z, density.of(z, mean, variance), seed=self.seed + number, chains=self.chains)
        rank = (found.equally(RANKS) < truth).sum(axis=0)
        return Recovered(truth, rank, (found.z < truth).mean(axis=0), float(found.ess.min()))


def on_emulator(
    surrogate: Surrogate, judge: Judge, *, truths: int = 100, seed: int = 11, chains: Chains = QUICK, processes: int = 1
) -> Check:
    """Truths from the prior, figures through emulator and likelihood.

    Parameters
    ----------
    truths : int
        At least 100 for a result that means something.
    seed : int
    chains : Chains
        Of an inference in which importance sampling fails.
    processes : int
    """
    rng = np.random.default_rng([seed, 101])
    z = rng.standard_normal((truths, len(surrogate.problem)))
    plain = judge.for_checks()
    figures = plain.replicate(*surrogate.predict(z), rng)
    return _all("emulator", surrogate, judge, z, figures, seed, chains, processes)


def truth_points(problem_size: int, truths: int, seed: int) -> Array:
    """Shares of truths drawn from the prior."""
    return np.random.default_rng([seed, 103]).uniform(size=(truths, problem_size))


def on_simulator(
    simulator: Simulator, surrogate: Surrogate, judge: Judge, *, folder: Path | None, truths: int = 20, seed: int = 12,
    chains: Chains = QUICK, processes: int = 1,
) -> Check:  # fmt: skip
    """Truths from the prior, figures from the simulator itself.

    Parameters
    ----------
    simulator : Simulator
        Runs the truths; long runs, since their chance is not part of the figures' error.
    folder : Path, optional
        Where the runs are kept.
    """
    unit = truth_points(len(surrogate.problem), truths, seed)
    runs: Runs = stored_run(simulator, unit, folder, "truths")
    rng = np.random.default_rng([seed, 107])
    good = runs.usable()
    truths_of = scores(unit[good])
    whole = filled(surrogate, truths_of, Runs(unit[good], runs.mean[good], runs.noise[good]))
    figures = judge.for_checks().replicate(whole.mean, np.broadcast_to(surrogate.extra, whole.mean.shape), rng)
    return _all("ward", surrogate, judge, truths_of, figures, seed, chains, processes)


def _all(
    on: str,
    surrogate: Surrogate,
    judge: Judge,
    truths: Array,
    figures: Array,
    seed: int,
    chains: Chains,
    processes: int,
) -> Check:
    plain = judge.for_checks()
    copy = quick(surrogate, seed=seed, threads=processes)
    z = scores(sobol(BANK, len(surrogate.problem), seed))
    mean, variance = copy.predict(z)
    infer = _Infer(copy, plain, (z, mean, variance), seed, chains)
    items = [(i, truths[i], figures[i]) for i in range(len(truths))]
    found = each(infer, items, processes)
    return Check(
        on, surrogate.problem.names, np.array([r.rank for r in found]), np.array([r.share for r in found]),
        np.array([r.ess for r in found]),
    )  # fmt: skip
