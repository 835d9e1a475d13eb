"""Emulators of all outcomes together: one Gaussian process an outcome, with the chance of each run known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from wardsim.experiments.sensitivity import gaussian, kernel
from wardsim.experiments.sensitivity.problem import Problem

from .inference import Array, Runs, inputs, scores
from .parallel import each

FEWEST = 20
"""Points with a value below which an outcome cannot be emulated."""
Z95 = 1.959964
LEAST_VALUED = 0.5
"""Share of points with a value below which the same is said: those that have one are no fair sample."""
SKETCH = 120
"""Points of a first fit, from which the fit to all of them starts: the search costs the square of the points."""
SEARCH = 240
"""Points from which lengths and sizes are found when there are more; the process is then given all of them."""
FLOOR = 1e-12
"""An outcome that varies less than this over the design is a constant."""


@dataclass(frozen=True)
class HeldBack:
    """Error on runs that the emulators had not seen.

    Attributes
    ----------
    outcome : str
    points : int
        Runs held back.
    rmse : float
        On the emulated scale, chance of the runs included.
    q2 : float
        Share of the spread between them that was predicted, chance taken out; can be below 0 where the spread is small.
    covered : float
        Share within the 95% predictive interval.
    bias : float
        Mean standardised error.
    """

    outcome: str
    points: int
    rmse: float
    q2: float
    covered: float
    bias: float


@dataclass(frozen=True)
class Surrogate:
    """Stand-ins for all outcomes.

    Attributes
    ----------
    problem : Problem
        The calibrated parameters.
    operators : tuple of str
        Outcomes.
    functions : tuple
        A Gaussian process for each; a number for an outcome that nothing moves.
    extra : array of float, shape (outcomes,)
        Variance added everywhere: what parameters that are not calibrated do to an outcome.
    """

    problem: Problem
    operators: tuple[str, ...]
    functions: tuple[gaussian.Gaussian | float, ...]
    extra: Array = field(default_factory=lambda: np.zeros(0))

    def predict(self, z: Array, only: np.ndarray | None = None) -> tuple[Array, Array]:
        """Mean and variance of outcomes at standard normal scores.

        Parameters
        ----------
        z : array of float, shape (points, parameters)
            Scores.
        only : array of int, optional
            Places of the outcomes wanted; left out: all.

        Returns
        -------
        tuple of array, shape (points, outcomes)
            The variance holds the emulator's own error, what it leaves unexplained, and `extra`.
        """
        x = inputs(self.problem, np.atleast_2d(z))
        places = range(len(self.operators)) if only is None else only
        mean, variance = np.empty((len(x), len(places))), np.empty((len(x), len(places)))
        for column, k in enumerate(places):
            function = self.functions[k]
            added = float(self.extra[k]) if len(self.extra) else 0.0
            if isinstance(function, float):
                mean[:, column], variance[:, column] = function, added
            else:
                mean[:, column], sd = function.predict(x)
                variance[:, column] = sd**2 + function.white + added
        return mean, variance

    def start(self) -> dict[str, Array]:
        """Fitted lengths by outcome: where a fit to more runs starts."""
        return {
            name: function.theta
            for name, function in zip(self.operators, self.functions, strict=True)
            if not isinstance(function, float)
        }


def build(
    problem: Problem,
    operators: tuple[str, ...],
    runs: Runs,
    *,
    start: Surrogate | None = None,
    extra: Array | None = None,
    most: int = 600,
    near: Array | None = None,
    processes: int = 1,
) -> Surrogate:
    """Fit emulators.

    Parameters
    ----------
    problem : Problem
        The calibrated parameters.
    operators : tuple of str
        Outcomes.
    runs : Runs
        Points and outcomes.
    start : Surrogate, optional
        Emulators of fewer runs, whose lengths are where the search starts.
    extra : array of float, optional
        Variance that other parameters add.
    most : int
        Most points used; beyond, those nearest to `near` are kept.
    near : array of float, shape (parameters,), optional
        Scores of the middle of what matters.
    processes : int
        Outcomes fitted side by side.

    An outcome with a value at fewer than 20 points becomes a constant: `unknown` names it, and no target may look at it.
    """
    z = scores(runs.unit)
    keep = np.arange(len(runs))
    if len(keep) > most:
        middle = np.zeros(z.shape[1]) if near is None else near
        keep = np.sort(np.argsort(((z - middle) ** 2).sum(axis=1), kind="stable")[:most])
    fit = _Fit(inputs(problem, z[keep]), runs.mean[keep], runs.noise[keep], operators, start.start() if start else {})
    functions = each(fit, list(range(len(operators))), processes)
    return Surrogate(problem, operators, tuple(functions), np.zeros(len(operators)) if extra is None else extra)


@dataclass(frozen=True)
class _Fit:
    """Fits one outcome."""

    x: Array
    mean: Array
    noise: Array
    operators: tuple[str, ...]
    start: dict[str, Array]

    def __call__(self, k: int) -> gaussian.Gaussian | float:
        y, noise = self.mean[:, k], self.noise[:, k]
        good = np.isfinite(y)
        y, noise = y[good], np.where(np.isfinite(noise[good]), noise[good], 0.0)
        if len(y) < FEWEST:
            return float(y.mean()) if len(y) else 0.0
        if float(np.ptp(y)) <= FLOOR * max(1.0, float(np.abs(y).max())):
            return float(y[0])
        x, start = self.x[good], self.start.get(self.operators[k])
        if start is None and len(y) > 2 * SKETCH:
            few = np.linspace(0, len(y) - 1, SKETCH).round().astype(int)
            start = gaussian.fit(x[few], y[few], noise[few]).theta
        if len(y) <= SEARCH:
            return gaussian.fit(x, y, noise, start=start)
        some = np.linspace(0, len(y) - 1, SEARCH).round().astype(int)
        return conditioned(gaussian.fit(x[some], y[some], noise[some], start=start), x, y, noise)


def conditioned(fitted: gaussian.Gaussian, x: Array, y: Array, noise: Array) -> gaussian.Gaussian:
    """The process of a fit to some of the points, given all of them."""
    from scipy.linalg import cho_solve

    theta, scale = fitted.theta, fitted.scale
    known = noise / scale**2 + gaussian.JITTER + float(np.exp(theta[-1]))
    factor = np.asarray(np.linalg.cholesky(kernel.covariance(theta, x, x) + np.diag(known)), dtype=np.float64)
    weights = cho_solve((factor, True), (y - fitted.centre) / scale)
    return gaussian.Gaussian(x, fitted.centre, scale, theta, factor, np.asarray(weights), known)


def unknown(operators: tuple[str, ...], runs: Runs) -> list[str]:
    """Outcomes with too few values to be emulated."""
    good = np.isfinite(runs.mean).sum(axis=0)
    return [name for name, n in zip(operators, good, strict=True) if n < max(FEWEST, LEAST_VALUED * len(runs))]


def held_back(surrogate: Surrogate, runs: Runs) -> list[HeldBack]:
    """Error on runs that the emulators were not fitted to."""
    mean, variance = surrogate.predict(scores(runs.unit))
    if len(surrogate.extra):
        variance = variance - surrogate.extra
    found = []
    for k, name in enumerate(surrogate.operators):
        good = np.isfinite(runs.mean[:, k])
        left = runs.mean[good, k] - mean[good, k]
        if len(left) < 2:
            continue
        noise = np.where(np.isfinite(runs.noise[good, k]), runs.noise[good, k], 0.0)
        spread = np.sqrt(variance[good, k] + noise)
        signal = float(runs.mean[good, k].var()) - float(noise.mean())
        error = max(float((left**2).mean()) - float(noise.mean()), 0.0)
        standard = left / np.maximum(spread, 1e-300)
        found.append(
            HeldBack(
                name, len(left), float((left**2).mean()) ** 0.5, 1 - error / signal if signal > 0 else float("nan"),
                float((np.abs(standard) <= Z95).mean()), float(standard.mean()),
            )
        )  # fmt: skip
    return found


def filled(surrogate: Surrogate, z: Array, runs: Runs) -> Runs:
    """Outcomes that a point lacks taken from the emulators, with their error."""
    mean, variance = surrogate.predict(z)
    there = np.isfinite(runs.mean)
    noise = np.where(there, np.where(np.isfinite(runs.noise), runs.noise, 0.0), variance - surrogate.extra)
    return Runs(runs.unit, np.where(there, runs.mean, mean), noise)


LogDensity = Callable[[Array], Array]
