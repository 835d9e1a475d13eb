"""The two things that the inference is told: how outcomes are made, and what published figures say about them.

Outcomes are handled on the scale on which they are emulated (logarithms of rates, log odds of shares), where errors are
about normal and of about equal size everywhere. `variance` beside a mean is always what is not known of that mean: chance
of the runs, error of the emulator, effect of parameters that are not calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from wardsim.experiments.sensitivity.problem import UNIFORM_SD, Problem

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = 6.0
"""Scores beyond this number of standard deviations are moved to it when they become shares: 1e-9 of a prior."""


class CalibrationError(ValueError):
    """The calibration cannot go on; the text says why and what would help."""


@dataclass(frozen=True)
class Runs:
    """Outcomes at points.

    Attributes
    ----------
    unit : array of float, shape (points, parameters)
        Shares of the priors.
    mean : array of float, shape (points, outcomes)
        Mean outcome on the emulated scale; NaN where a point has no value.
    noise : array of float, shape (points, outcomes)
        Variance of that mean by chance.
    """

    unit: Array
    mean: Array
    noise: Array

    def __len__(self) -> int:
        return len(self.unit)

    def usable(self) -> NDArray[np.bool_]:
        """Points with at least half of the outcomes: a run that failed has none."""
        return np.asarray(np.isfinite(self.mean).mean(axis=1) >= 0.5)

    def good(self) -> NDArray[np.bool_]:
        """Points with every outcome."""
        return np.asarray(np.isfinite(self.mean).all(axis=1))


def joined(parts: Sequence[Runs]) -> Runs:
    """Runs of several designs one after another."""
    return Runs(
        np.vstack([p.unit for p in parts]), np.vstack([p.mean for p in parts]), np.vstack([p.noise for p in parts])
    )


class Simulator(Protocol):
    """Makes outcomes.

    Attributes
    ----------
    problem : Problem
        The calibrated parameters with their priors.
    operators : tuple of str
        Names of the outcomes, in the order of the arrays.
    """

    @property
    def problem(self) -> Problem: ...

    @property
    def operators(self) -> tuple[str, ...]: ...

    def identity(self) -> dict[str, str]:
        """Fingerprints, by name, of everything that decides the outcomes (model, ward, length of runs, seed)."""
        ...

    def run(self, unit: Array, folder: Path | None, label: str) -> Runs:
        """Outcomes at points; what is in `folder` from an earlier attempt is not made again.

        Parameters
        ----------
        unit : array of float, shape (points, parameters)
            Shares of the priors.
        folder : Path, optional
            Where runs are kept.
        label : str
            Name of the design; equal for equal points.
        """
        ...

    def others(self, folder: Path | None, draws: int) -> tuple[Array, Array]:
        """What parameters that are not calibrated do to each outcome, and chance, both of shape (outcomes,).

        Returns
        -------
        tuple of array
            Variance between draws of the other parameters with chance taken out, and variance of one year by chance.
        """
        ...


class Judge(Protocol):
    """Published figures, seen from simulated outcomes.

    Attributes
    ----------
    names : tuple of str
        Targets.
    operators : tuple of str
        Outcomes that they look at, in the order of the arrays it gets.
    looks_at : array of int, shape (targets,)
        Place of the outcome of each target.
    censoring : tuple of str
        none, lower (the true figure is at least the published one) or upper, by target.
    """

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def operators(self) -> tuple[str, ...]: ...

    @property
    def looks_at(self) -> Ints: ...

    @property
    def censoring(self) -> tuple[str, ...]: ...

    def identity(self) -> dict[str, str]:
        """Fingerprint of each target by name."""
        ...

    def log_density(self, mean: Array, variance: Array) -> Array:
        """Log likelihood of all published figures, shape (points,), at means and variances of shape (points, outcomes)."""
        ...

    def implausibility(self, mean: Array, variance: Array) -> Array:
        """Distance of each target in standard deviations of all that is not known, shape (points, targets)."""
        ...

    def spread(self) -> Array:
        """Standard deviation of each target without simulation: sampling, between wards, discrepancy; shape (targets,)."""
        ...

    def replicate(self, mean: Array, variance: Array, rng: np.random.Generator, *, discrepancy: bool = True) -> Array:
        """Figures that like studies would have published, shape (points, targets), in the unit of the targets."""
        ...

    def published(self) -> Array:
        """Value, low and high of each target in its unit, shape (targets, 3)."""
        ...

    def natural(self, mean: Array) -> Array:
        """Outcomes of each target in its unit, shape (points, targets)."""
        ...

    def given(self, figures: Array) -> Self:
        """The same targets with other figures, shape (targets,)."""
        ...

    def without(self, names: Sequence[str]) -> Self:
        """Some targets left out; the outcomes stay as they are."""
        ...

    def with_chance(self, chance: Array) -> Self:
        """The same, told the variance of one simulated year by chance, shape (outcomes,): some figures have no error of their own."""
        ...

    def for_checks(self) -> Self:
        """The targets in a form in which their figures can be drawn from the likelihood: no bounds, full weight."""
        ...


def scores(unit: Array) -> Array:
    """Standard normal scores of shares: the scale on which the posterior is explored, with a standard normal prior."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(unit, 1e-9, 1 - 1e-9)), dtype=np.float64)


def shares(z: Array) -> Array:
    """Shares of standard normal scores."""
    from scipy.special import ndtr

    return np.asarray(ndtr(np.clip(z, -FAR, FAR)), dtype=np.float64)


def inputs(problem: Problem, z: Array) -> Array:
    """What emulators take, of standard normal scores: the same as `problem.scores` of the shares."""
    from scipy.special import ndtr

    uniform = np.array([factor.uniform for factor in problem.factors])
    found = np.clip(z, -3.719016485455709, 3.719016485455709)  # shares 1e-4 and 1 - 1e-4, as the problem's own scores
    if uniform.any():
        found[:, uniform] = (np.asarray(ndtr(z[:, uniform])) - 0.5) / UNIFORM_SD
    return found
