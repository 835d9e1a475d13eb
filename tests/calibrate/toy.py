"""A toy simulator with a known truth: twelve parameters, thirteen targets, noise, and two parameters that do nothing.

Every outcome is a smooth function of a few parameters on a logarithmic scale; the noise of a run is known. The judge is the plainest
there is: normal errors on that scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from wardsim.calibrate.inference import Array, Ints, Runs, scores
from wardsim.experiments.sensitivity.problem import Factor, Problem
from wardsim.parameters.distributions import logit_normal, lognormal

INERT = ("toy.inert_a", "toy.inert_b")


def toy_problem(d: int = 12) -> Problem:
    """Lognormal, logit-normal and uniform priors."""
    factors = []
    for j in range(d):
        name = f"toy.p{j}" if j < d - 2 else INERT[j - d + 2]
        if j % 3 == 0:
            law = lognormal(1.0, 0.5, 2.0)
            factors.append(Factor(name, 0.5, 2.0, quantile=law.quantile, cdf=law.cdf, prior="lognormal"))
        elif j % 3 == 1:
            law = logit_normal(0.3, 0.1, 0.6)
            factors.append(Factor(name, 0.1, 0.6, quantile=law.quantile, cdf=law.cdf, prior="logit-normal"))
        else:
            factors.append(Factor(name, -1.0, 1.0))
    return Problem(tuple(factors))


@dataclass
class Toy:
    """Outcomes: linear, bent or multiplied in the scores of the parameters.

    `made` counts the points that were really run; the design `dies_in` is never finished; parameters `off` do nothing.
    """

    problem: Problem = field(default_factory=toy_problem)
    outcomes: int = 13
    noise: float = 0.03
    bent: float = 0.15
    seed: int = 5
    made: int = 0
    dies_in: str = ""
    off: tuple[int, ...] = ()
    operators: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.operators = tuple(f"out{k}" for k in range(self.outcomes))
        rng = np.random.default_rng(self.seed)
        d = len(self.problem)
        weights = rng.normal(size=(d, self.outcomes)) * (rng.uniform(size=(d, self.outcomes)) < 0.35)
        for k in range(self.outcomes):
            weights[k % (d - 2), k] = 1.0
        weights[-2:] = 0.0
        self.weights = 0.5 * weights
        self.weights[list(self.off)] = 0.0
        self.pairs = rng.integers(0, d - 2, size=(self.outcomes, 2))

    def identity(self) -> dict[str, str]:
        return {"toy": f"{self.seed} {self.outcomes} {self.noise} {self.bent}"}

    def truth(self, unit: Array) -> Array:
        z = np.clip(scores(unit), -4, 4)
        a, b = self.pairs.T
        return z @ self.weights + self.bent * np.tanh(z[:, a]) * np.tanh(z[:, b])

    def others(self, folder: Path | None, draws: int) -> tuple[Array, Array]:
        return np.zeros(self.outcomes), np.full(self.outcomes, self.noise**2)

    def run(self, unit: Array, folder: Path | None, label: str) -> Runs:
        if label == self.dies_in:
            raise KeyboardInterrupt
        self.made += len(unit)
        rng = np.random.default_rng([self.seed, sum(map(ord, label)), len(unit)])
        mean = self.truth(unit)
        return Runs(unit, mean + self.noise * rng.normal(size=mean.shape), np.full(mean.shape, self.noise**2))


@dataclass(frozen=True)
class ToyJudge:
    """Normal errors on the scale of the outcomes, each target by itself."""

    names: tuple[str, ...]
    operators: tuple[str, ...]
    looks_at: Ints
    value: Array
    sd: Array

    @property
    def censoring(self) -> tuple[str, ...]:
        return ("none",) * len(self.names)

    def identity(self) -> dict[str, str]:
        return {n: f"{v:.12g} {s:.12g}" for n, v, s in zip(self.names, self.value, self.sd, strict=True)}

    def log_density(self, mean: Array, variance: Array) -> Array:
        total = variance[:, self.looks_at] + self.sd**2
        return (-0.5 * ((mean[:, self.looks_at] - self.value) ** 2 / total + np.log(2 * np.pi * total))).sum(axis=1)

    def implausibility(self, mean: Array, variance: Array) -> Array:
        return np.abs(mean[:, self.looks_at] - self.value) / np.sqrt(variance[:, self.looks_at] + self.sd**2)

    def spread(self) -> Array:
        return self.sd

    def replicate(self, mean: Array, variance: Array, rng: np.random.Generator, *, discrepancy: bool = True) -> Array:
        sd = np.sqrt(variance[:, self.looks_at] + self.sd**2)
        return mean[:, self.looks_at] + sd * rng.standard_normal(sd.shape)

    def published(self) -> Array:
        return np.column_stack([self.value, self.value - 1.96 * self.sd, self.value + 1.96 * self.sd])

    def natural(self, mean: Array) -> Array:
        return mean[:, self.looks_at]

    def given(self, figures: Array) -> ToyJudge:
        return replace(self, value=np.asarray(figures, dtype=np.float64))

    def without(self, names: Sequence[str]) -> ToyJudge:
        keep = [i for i, n in enumerate(self.names) if n not in names]
        return ToyJudge(
            tuple(self.names[i] for i in keep), self.operators, self.looks_at[keep], self.value[keep], self.sd[keep]
        )

    def with_chance(self, chance: Array) -> ToyJudge:
        return self

    def for_checks(self) -> ToyJudge:
        return self


def toy_judge(toy: Toy, truth: Array, sd: float = 0.1, seed: int = 3) -> ToyJudge:
    """Targets that a truth gave, with error."""
    k = len(toy.operators)
    value = toy.truth(truth[None])[0] + sd * np.random.default_rng(seed).standard_normal(k)
    return ToyJudge(tuple(f"t{i}" for i in range(k)), toy.operators, np.arange(k), value, np.full(k, sd))
