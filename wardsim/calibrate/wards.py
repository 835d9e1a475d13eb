"""The ward as a `Simulator`: at each point of the prior, runs of every setting's ward, in a study folder of their own.

Each point has chance of its own (an emulator of runs that shared one year's luck would learn that luck), the calibrated
parameters are those of the point, and the other parameters stand at their point values. What the others do to each outcome
is measured apart, once (`others`), and counts as not known in every likelihood.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wardsim.experiments.calendar import holidays_around
from wardsim.experiments.results import fingerprint
from wardsim.experiments.sensitivity.outcomes import squeezed
from wardsim.experiments.sensitivity.problem import Problem
from wardsim.experiments.study.cells import Cell, Study
from wardsim.experiments.study.runs import Column
from wardsim.experiments.study.runs import Runs as StudyRuns
from wardsim.scenario.schema import Scenario

from .inference import Array, CalibrationError, Runs
from .posterior import MEASURES, MODEL, code_identity
from .published import Operator
from .scales import slope, to_scale

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor, Task
    from wardsim.experiments.study.session import Progress

FEW = 1000.0
"""Below so many events the logarithm of a count is taken with half an event added: without it the mean of logarithms is off by half
a relative variance."""


@dataclass(frozen=True)
class Length:
    """How long the ward is run at a point.

    Attributes
    ----------
    years : float
        Years measured in each run.
    runs : int
        Runs of each setting at each point, with different chance; at least 2, from which chance is known.
    burn_in_weeks, warm_up_weeks : int
        Before measuring.
    """

    years: float = 2.0
    runs: int = 2
    burn_in_weeks: int = 26
    warm_up_weeks: int = 4

    def ward_years(self) -> float:
        """Simulated years of a point and setting, run-in included."""
        return self.runs * (self.years + (self.burn_in_weeks + self.warm_up_weeks) / 52.18)


@dataclass
class WardSimulator:
    """Runs wards.

    Attributes
    ----------
    problem : Problem
        The calibrated parameters.
    looked_at : tuple of Operator
        Outcomes.
    settings : mapping of str to Scenario
        Ward of each setting.
    length : Length
    seed : int
    fixed : mapping of str to float
        Parameters that stand elsewhere than at their point value.
    executor, task, on_progress
        As of a `Session`.
    """

    problem: Problem
    looked_at: tuple[Operator, ...]
    settings: Mapping[str, Scenario]
    length: Length
    seed: int = 20250407
    executor: Executor | None = None
    task: Task | None = None
    on_progress: Callable[[Progress], None] | None = None

    def __post_init__(self) -> None:
        if self.length.runs < 2:
            raise CalibrationError("a point needs two runs or more: chance is found from their difference")

    @property
    def operators(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        return tuple(o.name for o in self.looked_at)

    def identity(self) -> dict[str, str]:
        """Fingerprints of model, measures, wards, priors of the calibrated parameters, ledger, length and seed."""
        return dict(self._identity)

    @cached_property
    def _identity(self) -> dict[str, str]:
        from wardsim.parameters import Ledger
        from wardsim.parameters.posterior import priors_identity

        return {
            "model": fingerprint(code_identity(MODEL))[:16],
            "measures": fingerprint(code_identity(MEASURES))[:16],
            "ledger": fingerprint(priors_identity(Ledger.load()))[:16],
            "wards": fingerprint({name: s.model_dump(mode="json") for name, s in self.settings.items()})[:16],
            "length": fingerprint(vars_of(self.length))[:16],
            "seed": str(self.seed),
        }

    def run(self, unit: Array, folder: Path | None, label: str) -> Runs:
        """Outcomes at points."""
        natural = self.problem.natural(unit)
        points = [dict(zip(self.problem.names, map(float, row), strict=True)) for row in natural]
        mean = np.full((len(unit), len(self.looked_at)), np.nan)
        noise = np.full_like(mean, np.nan)
        with _place(folder) as place:
            for setting, ward in self.settings.items():
                found = self._study(label, setting, ward, points, place)
                for k, operator in enumerate(self.looked_at):
                    if operator.setting == setting:
                        columns = [found.column(cell, operator.measure) for cell in range(len(points))]
                        mean[:, k], noise[:, k] = outcome(operator, columns)
        return Runs(unit, mean, noise)

    def others(self, folder: Path | None, draws: int) -> tuple[Array, Array]:
        """What the parameters that are not calibrated do to each outcome, and chance.

        Runs the wards at the middle of the calibrated priors with `draws` draws of all other parameters.

        Returns
        -------
        tuple of array, shape (outcomes,)
            Variance between draws with chance taken out, and variance of one ward-year.
        """
        middle = dict(
            zip(
                self.problem.names,
                map(float, self.problem.natural(np.full((1, len(self.problem)), 0.5))[0]),
                strict=True,
            )
        )
        spread, chance = np.zeros(len(self.looked_at)), np.zeros(len(self.looked_at))
        with _place(folder) as place:
            for setting, ward in self.settings.items():
                found = self._study("others", setting, ward, [middle], place, draws=draws)
                for k, operator in enumerate(self.looked_at):
                    if operator.setting != setting:
                        continue
                    column = found.column(0, operator.measure)
                    mean, noise = outcome(operator, [_of_draw(column, d) for d in range(draws)])
                    good = np.isfinite(mean)
                    if good.sum() > 2:
                        own = float(np.nanmean(noise[good]))
                        spread[k] = max(float(mean[good].var(ddof=1)) - own, 0.0)
                        chance[k] = own * self.length.runs * self.length.years
        return spread, chance

    def ward_years(self, points: int) -> float:
        """Simulated years of so many points."""
        return points * len(self.settings) * self.length.ward_years()

    def _study(
        self,
        label: str,
        setting: str,
        ward: Scenario,
        points: Sequence[Mapping[str, float]],
        place: Path,
        draws: int = 0,
    ) -> StudyRuns:
        from wardsim.experiments.job import simulate
        from wardsim.experiments.study.session import Session

        base = ward.model_copy(
            update={"start": ward.start.model_copy(update={"burn_in_weeks": self.length.burn_in_weeks})}
        )
        cells = tuple(
            Cell(
                f"point-{i:04d}",
                base.model_copy(update={"parameters": {**ward.parameters, **values}}),
                factors=dict(values),
            )
            for i, values in enumerate(points)
        )
        runs = self.length.runs * max(draws, 1)
        study = Study(
            kind="calibrate", name=f"{label} {setting}", question="", cells=cells, baseline=base, estimand="steady",
            years=self.length.years, warm_up_weeks=self.length.warm_up_weeks, seed=self.seed + _offset(label), point=draws == 0,
            per_draw=self.length.runs, block=self.length.runs, limit=runs, own_chance=True,
            holidays=holidays_around(base, (), self.length.years, self.length.warm_up_weeks),
            measures=tuple(dict.fromkeys(o.measure for o in self.looked_at if o.setting == setting)),
        )  # fmt: skip
        with Session(
            study, place / f"{label}-{setting}", executor=self.executor, task=self.task or simulate, on_progress=self.on_progress
        ) as session:  # fmt: skip
            session.need(dict.fromkeys(range(len(cells)), runs))
            return session.runs()


def vars_of(length: Length) -> dict[str, float]:
    """Fields of a length."""
    return {name: float(getattr(length, name)) for name in length.__dataclass_fields__}


def outcome(operator: Operator, columns: Sequence[Column]) -> tuple[Array, Array]:
    """Mean of an outcome over the runs of each point, on the emulated scale, and its variance by chance.

    Ratios are ratios of sums. The variance of a point comes from few runs and is pulled towards that of all points; that of a count is
    not taken to be below a Poisson count's.
    """
    mean, own = np.full(len(columns), np.nan), np.full(len(columns), np.nan)
    freedom, least = np.zeros(len(columns)), np.zeros(len(columns))
    factor = _factor(operator, columns)
    for i, column in enumerate(columns):
        known = np.isfinite(column.value)
        n = int(known.sum())
        if n == 0:
            continue
        value, top, bottom = column.value[known], column.top[known], column.bottom[known]
        if np.isfinite(top).all() and np.isfinite(bottom).all():
            at, mean[i], residual, least[i] = _ratio(operator, factor, top, bottom)
        else:
            at = float(value.mean())
            mean[i], residual = float(to_scale(operator.scale, at, operator.per)), value - at
        if n > 1:
            steep = float(slope(operator.scale, at, operator.per))
            own[i] = float((residual**2).sum()) / (n - 1) / n * steep**2
            freedom[i] = n - 1
    noise = np.maximum(squeezed(own, freedom), least)
    return mean, np.where(np.isfinite(mean), noise, np.nan)


def _factor(operator: Operator, columns: Sequence[Column]) -> float:
    """From the plain ratio to the unit of the measure (1,000 for rates per 1,000): found from points at which something happened."""
    for column in columns:
        with np.errstate(invalid="ignore", divide="ignore"):
            found = column.value * column.bottom / column.top
        if np.isfinite(found).any():
            return float(np.median(found[np.isfinite(found)]))
    return operator.per


def _ratio(operator: Operator, factor: float, top: Array, bottom: Array) -> tuple[float, float, Array, float]:
    """Value in its unit, on the scale, residual of each run in the unit, and least variance on the scale."""
    total, base = float(top.sum()), float(bottom.sum())
    whole = bool(np.array_equal(top, np.round(top))) and total < FEW
    if whole and operator.scale == "log":
        at = factor * (total + 0.5) / base
        least = 1.0 / (total + 0.5)
    elif whole and operator.scale == "logit" and bool(np.array_equal(bottom, np.round(bottom))):
        at = factor * (total + 0.5) / (base + 1.0)
        least = 0.0
    else:
        at, least = factor * total / base, 0.0
    residual = (factor * top - at * bottom) / float(bottom.mean())
    return at, float(to_scale(operator.scale, at, operator.per)), residual, least


def _of_draw(column: Column, draw: int) -> Column:
    rows = np.flatnonzero(column.draw == draw)
    return Column(column.run[rows], column.draw[rows], column.value[rows], column.top[rows], column.bottom[rows])


def _offset(label: str) -> int:
    """Designs have chance of their own."""
    return int(fingerprint(label)[:6], 16)


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    made = Path(tempfile.mkdtemp(prefix="wardsim-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def without(scenario: Scenario, switches: Sequence[str]) -> Scenario:
    """A ward with mechanisms switched off."""
    off = dict.fromkeys(switches, False)
    return scenario.model_copy(update={"mechanisms": scenario.mechanisms.model_copy(update=off)})


def with_structure(simulator: WardSimulator, switches: Sequence[str]) -> WardSimulator:
    """The same simulator with mechanisms switched off in every setting."""
    return replace(simulator, settings={name: without(s, switches) for name, s in simulator.settings.items()})
