"""A fast stand-in for the ward: for each outcome a Gaussian process and a quadratic, the better on points held back.

What is emulated is the mean outcome of a point; chance is taken out. How far the stand-in can be trusted is measured on
points that it has not seen (five parts, each predicted from the other four, everything fitted anew) and goes with every
index that rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from ..threads import one_thread
from . import gaussian, quadratic
from .outcomes import Outcome
from .problem import Array, Problem, SensitivityError

PARTS = 5
"""Parts of cross-validation."""
KINDS = ("gaussian process", "quadratic")
ENOUGH = 0.7
"""Share of the spread between points, chance removed, that an emulator must predict before its indices mean much."""
FEWEST_ROWS = 20
LOST = 0.1
"""Share of rows that may be without a value before it is worth a warning."""
Z95 = 1.959964

Kind = Literal["gaussian process", "quadratic"]


class Function(Protocol):
    """A fitted stand-in."""

    @property
    def white(self) -> float:
        """Variance left unexplained."""

    def predict(self, x: Array) -> tuple[Array, Array]:
        """Mean and standard deviation."""

    def functions(self, x: Array, number: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Mean, and draws of the whole function."""


@dataclass(frozen=True)
class HeldOut:
    """Error on rows held back.

    Attributes
    ----------
    kind : str
        gaussian process or quadratic.
    q2 : float
        Share of the variance between held-back row means that is predicted, chance in these means included.
    q2_mean : float
        The same with chance removed: what counts for the function. 1 is perfect, 0 no better than the mean.
    rmse : float
        Root mean square error, in the unit of the outcome, chance in the row means included.
    covered : float
        Share of held-back row means within their 95% predictive interval.
    """

    kind: Kind
    q2: float
    q2_mean: float
    rmse: float
    covered: float


@dataclass(frozen=True)
class Emulator:
    """The chosen stand-in for one outcome.

    Attributes
    ----------
    problem : Problem
        What varies.
    outcome : str
        What is emulated.
    error : HeldOut
        Of the chosen kind.
    tried : tuple of HeldOut
        Of all kinds.
    function : Function
        Fitted to all rows.
    rows, dropped : int
        Rows used, and rows without a value.
    noise_known : bool
        Chance of the rows was known; then what the function leaves unexplained is its own error, else it is chance.
    """

    problem: Problem
    outcome: str
    error: HeldOut
    tried: tuple[HeldOut, ...]
    function: Function
    rows: int
    dropped: int
    noise_known: bool

    def predict(self, unit: Array) -> tuple[Array, Array]:
        """Mean outcome at points of the unit cube and its standard deviation, chance of runs not included.

        Parameters
        ----------
        unit : array of float, shape (points, factors)
            Points.
        """
        mean, sd = self.function.predict(self.problem.scores(unit))
        return mean, np.sqrt(sd**2 + (self.function.white if self.noise_known else 0.0))

    def warnings(self) -> list[str]:
        """What a reader must know before using it."""
        said = []
        if self.error.q2_mean < ENOUGH:
            said.append(
                f"{self.outcome}: the emulator predicts only {100 * max(self.error.q2_mean, 0):.0f}% of the spread between "
                "points (chance removed); its indices are not to be relied on. More points or replications would help"
            )
        if self.dropped > LOST * (self.rows + self.dropped):
            said.append(
                f"{self.outcome}: {self.dropped} of {self.rows + self.dropped} points have no value; if they fail where the "
                "ward is under most load, the indices leave that part out"
            )
        if not self.noise_known:
            said.append(f"{self.outcome}: chance was estimated by the emulator, as there is one run a point")
        return said


@contextmanager
def quietly() -> Iterator[None]:
    """One thread of linear algebra, and no words of the libraries on what is expected here."""
    import warnings

    with one_thread(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*close to the specified.*bound")  # a factor that does nothing
        warnings.filterwarnings("ignore", message="lbfgs failed to converge.*")
        warnings.filterwarnings("ignore", message=".*Singular matrix in solving dual.*")
        yield


def build(
    problem: Problem, unit: Array, outcome: Outcome, seed: int, *, kinds: Sequence[Kind] = ("gaussian process", "quadratic")
) -> Emulator:
    """Fit all kinds and keep the one with the least error on rows held back.

    Parameters
    ----------
    problem : Problem
        What varies.
    unit : array of float, shape (rows, factors)
        Points of the unit cube.
    outcome : Outcome
        Means and noise of the rows; rows without a value are left out.
    seed : int
        Of the parts.
    kinds : sequence of str
        Kinds to try.

    Raises
    ------
    SensitivityError
        With fewer than 20 rows, or when the outcome is the same everywhere.
    """
    if len(unit) != len(outcome.mean):
        raise SensitivityError(f"{outcome.name}: {len(outcome.mean)} outcomes for {len(unit)} points")
    good = np.isfinite(outcome.mean)
    y = outcome.mean[good]
    if len(y) < FEWEST_ROWS:
        raise SensitivityError(f"{outcome.name}: {len(y)} points with a value; an emulator needs {FEWEST_ROWS} or more")
    if float(np.ptp(y)) <= 1e-12 * max(1.0, float(np.abs(y).max())):
        raise SensitivityError(f"{outcome.name} is {y[0]:g} at every point: no factor moves it")
    x = problem.scores(unit[good])
    noise = None if outcome.noise is None else outcome.noise[good]
    with quietly():
        fitted: list[tuple[HeldOut, Function]] = []
        for kind in kinds:
            function = _fit(kind, x, y, noise)
            fitted.append((_held_out(kind, x, y, noise, function, seed), function))
    error, function = min(fitted, key=lambda pair: pair[0].rmse)
    return Emulator(
        problem, outcome.name, error, tuple(e for e, _ in fitted), function, len(y), int((~good).sum()), noise is not None
    )


def _fit(kind: Kind, x: Array, y: Array, noise: Array | None, start: Array | None = None) -> Function:
    if kind == "quadratic":
        return quadratic.fit(x, y, noise)
    return gaussian.fit(x, y, noise, start=start)


def _held_out(kind: Kind, x: Array, y: Array, noise: Array | None, whole: Function, seed: int) -> HeldOut:
    """Error of predicting each fifth of the rows from the rest."""
    part = np.random.default_rng([seed, 5]).permutation(len(y)) % PARTS
    start = whole.theta if isinstance(whole, gaussian.Gaussian) else None
    left, spread = np.empty(len(y)), np.empty(len(y))
    for p in range(PARTS):
        held, rest = part == p, part != p
        function = _fit(kind, x[rest], y[rest], None if noise is None else noise[rest], start)
        mean, sd = function.predict(x[held])
        left[held] = y[held] - mean
        spread[held] = np.sqrt(sd**2 + function.white + (0.0 if noise is None else noise[held]))
    error, total = float((left**2).mean()), float(y.var())
    chance = min(whole.white if noise is None else float(noise.mean()), total)
    signal = total - chance
    q2_mean = 1 - max(error - chance, 0.0) / signal if signal > 1e-9 * total else 0.0
    covered = float((np.abs(left) <= Z95 * spread).mean())
    return HeldOut(kind, 1 - error / total, q2_mean, error**0.5, covered)
