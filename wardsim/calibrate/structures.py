"""The same inference with mechanisms switched off: which structures the targets can tell apart.

A structure has no emulators of its own. The simulator is run with the mechanisms off at some points of the posterior made twice as
wide, and with all of them on at the same points with the same chance; what is emulated is the difference, which is small,
smooth and nearly free of chance, on top of the emulators of the whole model. A structure costs as many points as there are
in `Budget.points` instead of a calibration of some 700.

Structures are compared by their marginal likelihood: how probable the published figures are under structure and priors
together, whatever the parameters. Emulator error is in it, so that a structure is never ruled out by ignorance of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from .importance import draws_of
from .inference import FAR, Array, Judge, Runs, Simulator, shares
from .quick import quick
from .sampling import QUICK, Chains, Density, Sampled, corrected
from .surrogate import Surrogate, build
from .waves import Tell, stored_run

APART = 3.0
"""Logarithm of a Bayes factor (20 to 1) beyond which targets tell two structures apart."""
SWITCHES = (
    "response", "contact", "limit_setting", "familiarity", "skill", "fatigue", "crowding", "contagion", "detection", "reporting",
    "injury", "demand_staffing", "bed_pressure", "teamwork",
)  # fmt: skip
"""M1 to M14 in order."""


@dataclass(frozen=True)
class Structure:
    """A model with mechanisms off.

    Attributes
    ----------
    name : str
    off : tuple of str
        Switches of `scenario.mechanisms`.
    reason : str
        Why it is worth asking.
    """

    name: str
    off: tuple[str, ...]
    reason: str = ""


WHOLE = Structure("all mechanisms on", (), "The model.")
SINGLY = tuple(Structure(f"without M{i} {name}", (name,)) for i, name in enumerate(SWITCHES, start=1))
GROUPS = (
    Structure("without staff acting on violence", ("response", "familiarity", "skill", "fatigue"), "Who is on duty changes nothing."),
    Structure("without contact acting", ("contact", "limit_setting", "teamwork"), "What staff do with patients changes nothing."),
    Structure("without the ward acting on itself", ("contagion", "crowding", "injury"), "No feedback from one incident to the next."),
    Structure("without flows adapting", ("demand_staffing", "bed_pressure"), "Neither staff nor stay answer to pressure."),
    Structure("without recording depending on staff", ("detection", "reporting"), "Every layer is a constant share of what happened."),
    Structure("no mechanism", SWITCHES, "Rates, stays and work as given; nothing acts on anything."),
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Marginal likelihood.

    Attributes
    ----------
    log : float
        Its natural logarithm.
    error : float
        Standard error of that by the number of points.
    share : float
        Effective share of the points it was worked out from.
    """

    log: float
    error: float
    share: float


Interval = tuple[float, float, float]
"""Mean, low and high (95% over parameter draws)."""
Answers = Mapping[str, Mapping[str, Interval]]
"""By question, then by measure."""


@dataclass(frozen=True)
class Judged:
    """One structure.

    Attributes
    ----------
    structure : Structure
    evidence : Evidence
    factor, error : float
        Logarithm of the Bayes factor against the whole model, and its standard error.
    sampled : Sampled
        Its posterior.
    natural : array of float, shape (draws, parameters)
        Equally weighted draws in natural units.
    answers : mapping
        To the headline questions; empty when it is ruled out or nobody asked.
    """

    structure: Structure
    evidence: Evidence
    factor: float
    error: float
    sampled: Sampled
    natural: Array
    answers: Answers = field(default_factory=dict)

    @property
    def ruled_out(self) -> bool:
        """Whether the figures are twenty times less probable under it than under the whole model, error allowed."""
        return self.factor + 2 * self.error < -APART

    @property
    def told_apart(self) -> bool:
        """Whether the targets tell it from the whole model, in either direction."""
        return abs(self.factor) - 2 * self.error > APART


@dataclass(frozen=True)
class Shifted(Surrogate):
    """Emulators of a structure: those of the whole model and those of the difference."""

    base: Surrogate | None = None

    def predict(self, z: Array, only: np.ndarray | None = None) -> tuple[Array, Array]:
        """Mean and variance of outcomes."""
        assert self.base is not None
        mean, variance = self.base.predict(z, only)
        more, unsure = super().predict(z, only)
        return mean + more, variance + unsure


@dataclass(frozen=True)
class Budget:
    """What structures may cost.

    Attributes
    ----------
    points : int
        Points at which each is run.
    draws : int
        Draws of its posterior with which the questions are asked.
    evidence : int
        Points of the marginal likelihood, on the emulators.
    seed : int
    """

    points: int = 24
    draws: int = 6
    evidence: int = 2000
    seed: int = 20250407


SimulatorOf = Callable[[Structure], Simulator]
Ask = Callable[[Structure, Array], Answers]


def compare_structures(
    simulator_of: SimulatorOf,
    surrogate: Surrogate,
    judge: Judge,
    sampled: Sampled,
    structures: Sequence[Structure],
    *,
    budget: Budget | None = None,
    ask: Ask | None = None,
    folder: Path | None = None,
    chains: Chains = QUICK,
    processes: int = 1,
    tell: Tell = lambda _: None,
) -> list[Judged]:
    """Judge structures; the whole model comes first.

    Parameters
    ----------
    simulator_of : callable
        Simulator of a structure; all with the same chance at the same point of the same design.
    surrogate, sampled
        Emulators and posterior of the whole model.
    judge : Judge
    structures : sequence of Structure
        Without the whole model.
    budget : Budget, optional
    ask : callable, optional
        Answers of the headline questions for a structure at draws of its posterior (natural units); called for every structure
        that is not ruled out.
    folder : Path, optional
        Where runs are kept.
    """
    limits = budget or Budget()
    z = design(sampled, limits.points, limits.seed)
    runs = _runs(simulator_of(WHOLE), WHOLE, z, folder)
    whole = evidence(surrogate, judge, sampled, limits.evidence, limits.seed, processes)
    judged = [_asked(Judged(WHOLE, whole, 0.0, 0.0, sampled, _natural(surrogate, sampled, limits.draws)), ask)]
    for structure in structures:
        tell(structure.name)
        off = _runs(simulator_of(structure), structure, z, folder)
        own = shifted(surrogate, runs, off, processes)
        copy = quick(own, near=np.vstack([z, sampled.equally(512)]), seed=limits.seed, threads=processes)
        rough, start = Density(copy, judge), sampled.equally(1024)
        found = draws_of(rough, start, rough(start), seed=limits.seed, chains=chains)
        found = corrected(found, Density(own, judge, processes), rough, chains, limits.seed)
        weight = evidence(own, judge, found, limits.evidence, limits.seed, processes)
        error = float(np.hypot(weight.error, whole.error))
        one = Judged(structure, weight, weight.log - whole.log, error, found, _natural(own, found, limits.draws))
        judged.append(_asked(one, ask))
    return judged


def design(sampled: Sampled, points: int, seed: int) -> Array:
    """Draws of the posterior moved twice as far from its mean: a structure's posterior may lie elsewhere."""
    rng = np.random.default_rng([seed, 131])
    z = sampled.z[rng.choice(len(sampled.z), size=points, replace=False)]
    middle = sampled.z.mean(axis=0)
    # half of the way on towards the prior's own spread where the posterior fills the prior already
    return np.asarray(
        np.clip(middle + np.minimum(2.0, 1.5 / np.maximum(sampled.z.std(axis=0), 0.1)) * (z - middle), -3.5, 3.5)
    )


def shifted(surrogate: Surrogate, on: Runs, off: Runs, processes: int = 1) -> Shifted:
    """Emulators of a structure from runs with and without its mechanisms at the same points with the same chance.

    Chance of the difference is not known run by run (most of it cancels); the process finds it, and all of it counts as error.
    """
    unknown = np.full(on.mean.shape, np.nan)
    change = build(
        surrogate.problem, surrogate.operators, Runs(on.unit, off.mean - on.mean, unknown), processes=processes
    )
    return Shifted(
        surrogate.problem, surrogate.operators, change.functions, np.zeros(len(surrogate.operators)), surrogate
    )


def evidence(
    surrogate: Surrogate, judge: Judge, sampled: Sampled, points: int, seed: int, threads: int = 1
) -> Evidence:
    """Marginal likelihood by importance sampling from a t distribution laid over the posterior."""
    from scipy.stats import multivariate_t

    d = sampled.z.shape[1]
    law = multivariate_t(
        sampled.z.mean(axis=0), 1.1 * np.cov(sampled.z, rowvar=False).reshape(d, d), df=6, seed=np.random.default_rng([seed, 137])
    )  # fmt: skip
    z = np.asarray(law.rvs(points)).reshape(points, d)
    log = Density(surrogate, judge, threads)(z) - 0.5 * d * np.log(2 * np.pi) - law.logpdf(z)
    top = float(log[np.isfinite(log)].max())
    w = np.where(np.isfinite(log), np.exp(log - top), 0.0)
    mean = float(w.mean())
    return Evidence(
        top + float(np.log(mean)),
        float(w.std(ddof=1)) / mean / points**0.5,
        float(w.sum() ** 2 / (w**2).sum() / points),
    )


def _runs(simulator: Simulator, structure: Structure, z: Array, folder: Path | None) -> Runs:
    place = None if folder is None else folder / ("-".join(structure.off) if len(structure.off) < 8 else "none")
    if structure is WHOLE and folder is not None:
        place = folder / "whole"
    return stored_run(simulator, shares(np.clip(z, -FAR, FAR)), place, "structures")


def _natural(surrogate: Surrogate, sampled: Sampled, draws: int) -> Array:
    return np.asarray(surrogate.problem.natural(shares(sampled.equally(draws))))


def _asked(judged: Judged, ask: Ask | None) -> Judged:
    if ask is None or judged.ruled_out:
        return judged
    return replace(judged, answers=ask(judged.structure, judged.natural))
