"""How many runs: until the simulation error of every named measure is as small as asked, or the budget is spent.

A first stage of at least 20 draws, then growth by half at a time; at each look all targets are checked. Looking at an
interval until it is short chooses samples whose spread happens to be small, so intervals at a sequential stop are made
longer by 1 + 1.5 / draws (`difference(..., sequential=True)`); with the correction for skewness this keeps 94 to 96% for
normal and negative-binomial differences and 92 to 96% for lognormal ones of skewness 3 (docs/explanation/statistics.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite
from statistics import NormalDist
from typing import Literal

from ..intervals import Summary
from .difference import Difference

FIRST_DRAWS = 20
"""Draws of the first stage: fewer give a spread that is too uncertain to stop on."""
GROWTH = 1.5
"""Factor from one look to the next; smaller factors look more often, which costs coverage."""

Status = Literal["met", "more", "budget"]


@dataclass(frozen=True, slots=True)
class Target:
    """How precise one measure must be.

    Attributes
    ----------
    name : str
        Measure (or difference) as users know it.
    half_width : float
        Largest half of the 95% simulation-error interval: in the unit of the measure, or in percent.
    relative : bool
        In percent of the base (the measure itself; of a difference, the mean of the reference). For rare measures use an
        absolute target: a relative one never ends when the base is near nought.
    """

    name: str
    half_width: float
    relative: bool = False

    def __post_init__(self) -> None:
        if not self.half_width > 0.0:
            raise ValueError(f"half-width of {self.name} is {self.half_width:g}; it must be above 0")


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of one measure so far.

    Attributes
    ----------
    mean : float or None
        Of the measure or difference.
    half_width : float or None
        Half of its 95% simulation-error interval; None: not known yet.
    base : float or None
        What relative targets are a percentage of.
    """

    mean: float | None
    half_width: float | None
    base: float | None

    @classmethod
    def of(cls, found: Difference | Summary, base: float | None = None) -> Estimate:
        """From a summary or a difference; `base` is the reference's mean (left out: the mean itself)."""
        half = None if found.mc_low is None or found.mc_high is None else (found.mc_high - found.mc_low) / 2.0
        return cls(found.mean, half, found.mean if base is None else base)


@dataclass(frozen=True, slots=True)
class Check:
    """Where a sequential experiment stands.

    Attributes
    ----------
    status : str
        met, more (go on to `runs_next`), or budget (the budget is spent and targets are not met).
    runs, runs_next : int
        Done, and to be done next (equal when stopped).
    binds : str
        Target that needs most runs; empty when nothing is known.
    needed : mapping of str to float
        Estimate of the runs that each target needs; infinite where it cannot be known.
    half_width, wanted : mapping of str to float
        Present and wanted half-widths, in the unit of the measure.
    sentence : str
        For people.
    """

    status: Status
    runs: int
    runs_next: int
    binds: str
    needed: Mapping[str, float]
    half_width: Mapping[str, float]
    wanted: Mapping[str, float]
    sentence: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A sequential rule over several targets.

    Attributes
    ----------
    targets : sequence of Target
        All must be met.
    per_draw : int
        Replications of each draw.
    block : int
        Runs come in multiples of this.
    budget : int
        Most runs.
    growth : float
        Factor from look to look.
    point : bool
        Runs are independent of each other (point parameters): the first stage is 20 runs, not 20 draws.
    """

    targets: Sequence[Target]
    per_draw: int = 2
    block: int = 4
    budget: int = 400
    growth: float = GROWTH
    point: bool = False

    @property
    def first(self) -> int:
        """Runs of the first stage."""
        return min(self._whole(FIRST_DRAWS * (1 if self.point else self.per_draw)), self.budget)

    def check(self, runs: int, estimates: Mapping[str, Estimate]) -> Check:
        """Whether to stop after so many runs.

        Parameters
        ----------
        runs : int
            Runs done of every ward.
        estimates : mapping of str to Estimate
            By name of the target.

        Raises
        ------
        KeyError
            When a target has no estimate.
        """
        wanted, half, needed = {}, {}, {}
        for target in self.targets:
            if target.name not in estimates:
                raise KeyError(f"no estimate of {target.name}; there are {', '.join(sorted(estimates)) or 'none'}")
            found = estimates[target.name]
            limit = target.half_width
            if target.relative:
                limit = abs(found.base) * target.half_width / 100.0 if found.base is not None else 0.0
            wanted[target.name] = limit
            half[target.name] = inf if found.half_width is None else found.half_width
            needed[target.name] = runs_needed(half[target.name], limit, runs)
        binds = max(needed, key=lambda name: needed[name]) if needed else ""
        if all(half[name] <= wanted[name] for name in needed) and runs >= self.first:
            return Check(
                "met", runs, runs, binds, needed, half, wanted, f"every target is met after {runs} runs; {binds} binds"
            )
        most = needed[binds]
        about = f"about {self._whole(ceil(most))} runs would do" if isfinite(most) else "how many would do is not known"
        if runs >= self.budget:
            text = f"the budget of {self.budget} runs is spent; {binds} is known to {half[binds]:.3g}, wanted {wanted[binds]:.3g}; {about}"
            return Check("budget", runs, runs, binds, needed, half, wanted, text)
        grown = max(self._whole(ceil(runs * self.growth)), runs + self.block, self.first)
        following = min(grown, self.budget)
        text = f"{binds} binds after {runs} runs: known to {half[binds]:.3g}, wanted {wanted[binds]:.3g}; {about}"
        return Check("more", runs, following, binds, needed, half, wanted, text)

    def _whole(self, runs: int) -> int:
        return -(-runs // self.block) * self.block


def runs_needed(half_width: float, wanted: float, runs: int) -> float:
    """Estimate of the runs at which the half-width is as wanted: it falls with the root of their number."""
    if half_width <= wanted:
        return float(runs)
    if wanted <= 0.0 or not isfinite(half_width):
        return inf
    return runs * (half_width / wanted) ** 2


def runs_to_show(half_width: float, difference: float, runs: int, power: float = 0.8) -> float:
    """Estimate of the runs that would show a difference: 95% interval clear of nought with the probability `power`.

    Parameters
    ----------
    half_width : float
        Half of the present 95% simulation-error interval of the difference.
    difference : float
        The true difference that should be shown.
    runs : int
        Present runs.
    power : float
        Probability of showing it.
    """
    if difference == 0.0:
        return inf
    normal = NormalDist()
    error = half_width / normal.inv_cdf(0.975)
    reach = normal.inv_cdf(0.975) + normal.inv_cdf(power)
    return runs * (error * reach / abs(difference)) ** 2
