"""A calibration from beginning to end.

    other parameters' spread -> waves -> MCMC on the emulators -> the simulator at draws of the posterior -> emulators with those
    runs as well, MCMC again -> 1,000 equally weighted draws

The simulator at draws of the posterior serves three ends: it shows what the emulators are worth where it matters (they have not seen
these runs), whether weights from the simulator itself would move the posterior, and what like studies would have published.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from .inference import Array, CalibrationError, Judge, Runs, Simulator, joined, shares
from .sampling import Chains, Sampled, posterior
from .surrogate import HeldBack, Surrogate, build, filled, held_back
from .waves import History, Tell, Waves, match, stored_run

FIRST = 400
"""Effective draws of the first posterior, from which only the points of the last runs are taken."""
NEAREST = 400
"""Points of the last emulators: those nearest to the posterior. What is far from it costs time and teaches nothing there."""


@dataclass(frozen=True)
class Plan:
    """How a calibration is made.

    Attributes
    ----------
    name : str
        full or reduced.
    waves : Waves
    chains : Chains
    others : int
        Draws of the other parameters by which their effect on outcomes is measured; 0: they stand at their point values and
        nothing is allowed for them.
    check : int
        Draws of the posterior at which the simulator is run.
    draws : int
        Rows of the posterior.
    seed : int
    """

    name: str = "full"
    waves: Waves = field(default_factory=Waves)
    chains: Chains = field(default_factory=Chains)
    others: int = 40
    check: int = 150
    draws: int = 1000
    seed: int = 20250407


@dataclass(frozen=True)
class Importance:
    """The simulator's own word at draws of the posterior.

    Attributes
    ----------
    draws : int
    share : float
        Effective share of the draws if each is weighted by the likelihood that the simulator gives it, over that of the emulators;
        1 where the two agree. Chance of the runs lowers it.
    shift : dict of str to float
        By how many posterior standard deviations the weights would move the mean of each parameter.
    unseen : list of HeldBack
        Error of the emulators at these draws, which they had not seen.
    """

    draws: int
    share: float
    shift: dict[str, float]
    unseen: list[HeldBack]


@dataclass(frozen=True)
class Calibrated:
    """What came out.

    Attributes
    ----------
    plan : Plan
    judge : Judge
        The targets that were fitted, told of chance.
    compared : Judge
        These and those out of reach: all that a simulated figure stands beside.
    history : History
        The waves.
    surrogate : Surrogate
        Emulators of all runs.
    first, sampled : Sampled
        Posterior before and after the simulator's runs at its draws were added.
    check : Runs
        These runs.
    importance : Importance
    natural : array of float, shape (draws, parameters)
        The posterior.
    spread : array of float, shape (outcomes,)
        Variance that the other parameters add.
    points : int
        Points at which the simulator was run.
    """

    plan: Plan
    judge: Judge
    compared: Judge
    history: History
    surrogate: Surrogate
    first: Sampled
    sampled: Sampled
    check: Runs
    importance: Importance
    natural: Array
    spread: Array
    points: int

    @property
    def shifted(self) -> dict[str, float]:
        """How far the means moved between the two posteriors, in standard deviations of the last."""
        moved = (self.sampled.z.mean(axis=0) - self.first.z.mean(axis=0)) / self.sampled.z.std(axis=0)
        return {name: float(m) for name, m in zip(self.surrogate.problem.names, moved, strict=True)}


def calibrate(
    simulator: Simulator,
    judge: Judge,
    plan: Plan,
    folder: Path | None = None,
    *,
    processes: int = 1,
    tell: Tell = lambda _: None,
) -> Calibrated:
    """Calibrate.

    Parameters
    ----------
    simulator : Simulator
    judge : Judge
        Its outcomes must be those of the simulator.
    plan : Plan
    folder : Path, optional
        Where runs are kept, so that an interrupted calibration goes on.
    processes : int
        For chains; runs of wards have an executor of their own.
    tell : callable
        Told in words how far it is.

    Raises
    ------
    CalibrationError
        When it cannot go on.
    """
    from wardsim.experiments.sensitivity.emulator import quietly

    if tuple(judge.operators) != tuple(simulator.operators):
        raise CalibrationError("the targets look at other outcomes than the simulator makes")
    with quietly():
        return _calibrate(simulator, judge, plan, folder, processes, tell)


def _calibrate(
    simulator: Simulator, judge: Judge, plan: Plan, folder: Path | None, processes: int, tell: Tell
) -> Calibrated:
    spread = np.zeros(len(simulator.operators))
    if plan.others:
        tell(f"other parameters: {plan.others} draws")
        spread, chance = simulator.others(folder, plan.others)
        judge = judge.with_chance(chance)
    history = match(simulator, judge, plan.waves, folder, extra=spread, processes=processes, tell=tell)
    compared, judge = judge.without(history.unvalued), history.judge
    tell("posterior on the emulators")
    brief = replace(plan.chains, enough=min(plan.chains.enough, FIRST))
    first = posterior(
        history.surrogate, judge, start=history.region.inside, seed=plan.seed, chains=brief, processes=processes
    )
    z = first.equally(plan.check)
    tell(f"the simulator at {len(z)} draws of the posterior")
    check = stored_run(simulator, shares(z), folder, "check")
    importance = weigh(history.surrogate, judge, first, z, check)
    whole = filled(history.surrogate, z, check)
    tell("emulators with these runs, posterior again")
    every = joined([history.runs, check])
    surrogate = build(
        simulator.problem, simulator.operators, every, start=history.surrogate, extra=spread, most=NEAREST,
        near=first.z.mean(axis=0), processes=processes,
    )  # fmt: skip
    sampled = posterior(surrogate, judge, start=z, seed=plan.seed + 1, chains=plan.chains, processes=processes)
    natural = simulator.problem.natural(shares(sampled.equally(plan.draws)))
    return Calibrated(
        plan, judge, compared, history, surrogate, first, sampled, whole, importance, natural, spread, len(every)
    )


def weigh(surrogate: Surrogate, judge: Judge, sampled: Sampled, z: Array, check: Runs) -> Importance:
    """What the simulator says of draws that the emulators gave."""
    good = check.usable()
    mean, variance = surrogate.predict(z)
    whole = filled(surrogate, z, check)
    log = judge.log_density(whole.mean[good], whole.noise[good] + surrogate.extra) - judge.log_density(
        mean[good], variance[good]
    )
    w = np.exp(log - log.max())
    w /= w.sum()
    moved = (w @ z[good] - z[good].mean(axis=0)) / sampled.z.std(axis=0)
    return Importance(
        int(good.sum()), float(1 / (w**2).sum() / len(w)),
        {name: float(m) for name, m in zip(surrogate.problem.names, moved, strict=True)},
        held_back(surrogate, check),
    )  # fmt: skip
