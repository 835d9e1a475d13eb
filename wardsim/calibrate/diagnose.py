"""What the calibration found, what it did not, and how far its parts can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .importance import draws_of
from .inference import Array, Judge
from .parallel import each
from .plausible import CUTOFF, implausibility
from .quick import Quick, predict
from .sampling import QUICK, Chains, Density, Sampled
from .surrogate import Surrogate

DECIDES = 0.2
"""Contraction below which the prior decides."""
FEW = 0.1
"""Share of effective draws below which a target is left out by draws of their own and not by weights."""
REPEATS = 20
"""Figures drawn at each posterior draw for predictive intervals."""
CELLS = 5
"""Intervals a parameter's prior is cut into for pairs."""
FEWEST_IN_CELL = 12
"""Points below which a cell of a pair says nothing."""
STRONG = 0.5
"""Correlation worth printing."""


@dataclass(frozen=True)
class Contraction:
    """What became of a parameter's prior.

    Attributes
    ----------
    name : str
    contraction : float
        1 - posterior variance / prior variance, on the scale on which the prior is standard normal.
    shift : float
        Posterior mean there: prior standard deviations from the prior median.
    ess : float
        Effective draws.
    """

    name: str
    contraction: float
    shift: float
    ess: float

    @property
    def words(self) -> str:
        """What a reader must know."""
        return "not informed by these targets; the prior decides" if self.contraction < DECIDES else ""


def contractions(names: tuple[str, ...], sampled: Sampled) -> list[Contraction]:
    """Contraction of every parameter."""
    return [
        Contraction(name, float(1 - sampled.z[:, j].var()), float(sampled.z[:, j].mean()), float(sampled.ess[j]))
        for j, name in enumerate(names)
    ]


def correlations(names: tuple[str, ...], z: Array, least: float = STRONG) -> list[tuple[str, str, float]]:
    """Pairs of parameters that the posterior ties together, the strongest first."""
    r = np.atleast_2d(np.corrcoef(z, rowvar=False))
    pairs = [(names[i], names[j], float(r[i, j])) for i in range(len(names)) for j in range(i)]
    return sorted((pair for pair in pairs if abs(pair[2]) >= least), key=lambda pair: -abs(pair[2]))


@dataclass(frozen=True)
class Direction:
    """A direction in the space of the priors.

    Attributes
    ----------
    variance : float
        Posterior variance along it; the prior's is 1.
    parts : dict of str to float
        Parameters in it, the largest first (those above 0.3).
    """

    variance: float
    parts: dict[str, float]


def directions(names: tuple[str, ...], z: Array) -> list[Direction]:
    """Principal directions of the posterior, the best known first: how many combinations the targets identify."""
    values, vectors = np.linalg.eigh(np.cov(z, rowvar=False))
    found = []
    for value, vector in zip(values, vectors.T, strict=True):
        sign = np.sign(vector[np.argmax(np.abs(vector))])
        order = np.argsort(-np.abs(vector), kind="stable")
        found.append(
            Direction(float(value), {names[j]: float(sign * vector[j]) for j in order if abs(vector[j]) > 0.3})
        )
    return found


def identified(found: list[Direction]) -> int:
    """Directions along which less than 80% of the prior variance is left."""
    return sum(direction.variance < 1 - DECIDES for direction in found)


@dataclass(frozen=True)
class Predicted:
    """One target beside what like studies of the calibrated ward would have published, in its unit.

    Attributes
    ----------
    target : str
    published, published_low, published_high : float
        The figure, and how far sampling and wards let it stray.
    mean : float
        Simulated, mean over posterior draws.
    low, high, low_without, high_without : float
        95% predictive interval with and without the declared discrepancy.
    censoring : str
        none; lower: the true figure is at least the published one; upper: at most.
    """

    target: str
    published: float
    published_low: float
    published_high: float
    mean: float
    low: float
    high: float
    low_without: float
    high_without: float
    censoring: str

    @property
    def inside(self) -> bool:
        """Whether the published figure lies in the interval; of a bound only the side that it bounds counts."""
        return self._within(self.low, self.high)

    @property
    def inside_without(self) -> bool:
        """The same without discrepancy."""
        return self._within(self.low_without, self.high_without)

    def _within(self, low: float, high: float) -> bool:
        above = self.published >= low or self.censoring == "lower"
        return above and (self.published <= high or self.censoring == "upper")

    @property
    def width(self) -> float:
        """Width of the interval relative to the published spread."""
        spread = self.published_high - self.published_low
        return (self.high - self.low) / spread if spread > 0 else float("inf")


def predicted(judge: Judge, natural: Array, mean: Array, variance: Array, seed: int) -> list[Predicted]:
    """Predictive intervals from outcomes at posterior draws.

    Parameters
    ----------
    judge : Judge
    natural : array of float, shape (draws, targets)
        Outcomes of each target in its unit.
    mean, variance : array of float, shape (draws, outcomes)
        On the emulated scale, with what is not known of the means.
    seed : int
    """
    published = judge.published()
    bounds = []
    for k, allowed in enumerate((True, False)):
        rng = np.random.default_rng([seed, 127, k])
        figures = np.vstack([judge.replicate(mean, variance, rng, discrepancy=allowed) for _ in range(REPEATS)])
        bounds.append(np.quantile(figures, (0.025, 0.975), axis=0))
    return [
        Predicted(
            name, float(published[i, 0]), float(published[i, 1]), float(published[i, 2]), float(natural[:, i].mean()), float(bounds[0][0, i]), float(bounds[0][1, i]),
            float(bounds[1][0, i]), float(bounds[1][1, i]), judge.censoring[i],
        )
        for i, name in enumerate(judge.names)
    ]  # fmt: skip


@dataclass(frozen=True)
class Taught:
    """What one target taught: the posterior without it beside the posterior with it.

    Attributes
    ----------
    target : str
    nats : float
        Half the logarithm of the ratio of the determinants of posterior variance: how much less would be known without it.
    most : dict of str to float
        Parameters whose variance would be larger without it, by how many times; the three largest above 1.1.
    by : str
        weights or draws of its own.
    """

    target: str
    nats: float
    most: dict[str, float]
    by: str


def taught(
    surrogate: Surrogate,
    judge: Judge,
    sampled: Sampled,
    *,
    copy: Quick,
    seed: int,
    chains: Chains = QUICK,
    processes: int = 1,
) -> list[Taught]:
    """Leave each target out: by weighting the posterior's draws where enough of them count, else by draws of its own."""
    z = sampled.equally(min(2000, len(sampled.z)))
    mean, variance = predict(surrogate, z, processes)
    every = judge.log_density(mean, variance)
    before = np.cov(z, rowvar=False)
    work = _Left(copy, judge, z, mean, variance, every, before, seed, chains)
    return each(work, list(range(len(judge.names))), processes)


@dataclass(frozen=True)
class _Left:
    surrogate: Quick
    judge: Judge
    z: Array
    mean: Array
    variance: Array
    every: Array
    before: Array
    seed: int
    chains: Chains

    def __call__(self, i: int) -> Taught:
        name = self.judge.names[i]
        rest = self.judge.without([name])
        log = rest.log_density(self.mean, self.variance) - self.every
        w = np.exp(log - log.max())
        w /= w.sum()
        if 1 / (w**2).sum() >= FEW * len(w):
            after, by = np.cov(self.z, rowvar=False, aweights=w), "weights"
        else:
            density = Density(self.surrogate, rest)
            value = density.of(self.z, self.mean, self.variance)
            found = draws_of(density, self.z, value, seed=self.seed + i, chains=self.chains)
            after, by = np.cov(found.z, rowvar=False), "draws"
        ratio = np.diag(after) / np.diag(self.before)
        order = np.argsort(-ratio, kind="stable")[:3]
        most = {self.surrogate.problem.names[j]: float(ratio[j]) for j in order if ratio[j] > 1.1}
        nats = 0.5 * float(np.linalg.slogdet(after)[1] - np.linalg.slogdet(self.before)[1])
        return Taught(name, nats, most, by)


@dataclass(frozen=True)
class Pair:
    """Two parameters and how much of their plane is ruled out.

    Attributes
    ----------
    first, second : str
    ruled_out : float
        Share of the cells of their plane (fifths of each prior) in which no point is left.
    beyond : float
        The part of it that neither parameter alone explains.
    """

    first: str
    second: str
    ruled_out: float
    beyond: float


def pairs(surrogate: Surrogate | Quick, judge: Judge, z: Array, rank: int) -> list[Pair]:
    """Regions of pairs that are implausible whatever the others are, the largest first.

    Parameters
    ----------
    z : array of float, shape (points, parameters)
        Scores of many points of the prior.
    rank : int
        Which highest implausibility decides.
    """
    from scipy.special import ndtr

    left = implausibility(surrogate, judge, z, rank) <= CUTOFF
    cell = np.minimum((np.asarray(ndtr(z)) * CELLS).astype(int), CELLS - 1)
    names, found = surrogate.problem.names, []
    alone = [np.array([left[cell[:, j] == c].any() for c in range(CELLS)]) for j in range(len(names))]
    for i in range(len(names)):
        for j in range(i):
            place = cell[:, i] * CELLS + cell[:, j]
            many = np.bincount(place, minlength=CELLS**2) >= FEWEST_IN_CELL
            some = np.bincount(place[left], minlength=CELLS**2) > 0
            out = many & ~some
            apart = np.outer(alone[i], alone[j]).ravel()
            if out.any():
                found.append(Pair(names[j], names[i], float(out[many].mean()), float((out & apart)[many].mean())))
    return sorted(found, key=lambda pair: (-pair.beyond, -pair.ruled_out))
