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
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wardsim.experiments.calendar import holidays_around
from wardsim.experiments.results import fingerprint
from wardsim.experiments.sensitivity.problem import Problem
from wardsim.experiments.start import MEASURES, MODEL
from wardsim.experiments.study.cells import Cell, Study
from wardsim.experiments.study.runs import Column
from wardsim.experiments.study.runs import Runs as StudyRuns
from wardsim.scenario.schema import Scenario

from .inference import Array, Runs
from .outcome import Chance, outcome
from .posterior import code_identity
from .published import Operator

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor, Task
    from wardsim.experiments.study.session import Progress

OTHERS_RUNS = 2
"""Runs of each draw of the other parameters: chance is found from their difference."""


@dataclass(frozen=True)
class Length:
    """How long the ward is run at a point.

    Attributes
    ----------
    years : float
        Years measured in each run.
    runs : int
        Runs of each setting at each point, with different chance. With one, chance is that of the runs with which the effect of other
        parameters is measured.
    burn_in_weeks, warm_up_weeks : int
        Before measuring.
    years_in : mapping of str to float
        Other years for some settings.
    """

    years: float = 2.0
    runs: int = 2
    burn_in_weeks: int = 26
    warm_up_weeks: int = 4
    years_in: Mapping[str, float] = field(default_factory=dict)

    def of(self, setting: str) -> float:
        """Years measured in each run of a setting."""
        return self.years_in.get(setting, self.years)

    def ward_years(self, setting: str, runs: int | None = None) -> float:
        """Simulated years of a point in a setting, run-in included."""
        return (runs or self.runs) * (self.of(setting) + (self.burn_in_weeks + self.warm_up_weeks) / 52.18)


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
    executor, task, on_progress
        As of a `Session`.
    chance, middle : array of float, optional
        Variance of one ward-year of each outcome at the middle of the priors, and the outcome there; `others` finds them, and designs
        with one run a point need them.
    """

    problem: Problem
    looked_at: tuple[Operator, ...]
    settings: Mapping[str, Scenario]
    length: Length
    seed: int = 20250407
    executor: Executor | None = None
    task: Task | None = None
    on_progress: Callable[[Progress], None] | None = None
    chance: Array | None = None
    middle: Array | None = None

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
                        mean[:, k], noise[:, k] = outcome(operator, columns, chance=self._chance(k), unit=unit)
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
        at = np.full(len(self.looked_at), np.nan)
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
                        chance[k] = own * OTHERS_RUNS * self.length.of(setting)
                        at[k] = float(mean[good].mean())
        self.chance, self.middle = chance, at
        return spread, chance

    def every_measure(self, draws: Sequence[Mapping[str, float]]) -> Iterator[tuple[str, Array]]:
        """Each setting with every measure of its runs at draws, shape (runs, measures, 3), runs in order of draw and number."""
        with _place(None) as place:
            for setting, ward in self.settings.items():
                found = self._study("every-measure", setting, ward, draws, place, every=True)
                yield setting, found.values[np.lexsort((found.window, found.run, found.cell))]

    def ward_years(self, points: int, runs: int | None = None) -> float:
        """Simulated years of so many points."""
        return points * sum(self.length.ward_years(setting, runs) for setting in self.settings)

    def _chance(self, k: int) -> Chance | None:
        """Chance of an outcome at points with one run."""
        if self.chance is None or self.middle is None or not np.isfinite(self.middle[k]):
            return None
        years = self.length.runs * self.length.of(self.looked_at[k].setting)
        return Chance(float(self.chance[k]), float(self.middle[k]), years)

    def _study(
        self,
        label: str,
        setting: str,
        ward: Scenario,
        points: Sequence[Mapping[str, float]],
        place: Path,
        draws: int = 0,
        every: bool = False,
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
        each, years = OTHERS_RUNS if draws else self.length.runs, self.length.of(setting)
        runs = each * max(draws, 1)
        looked_at = dict.fromkeys(o.measure for o in self.looked_at if o.setting == setting)
        study = Study(
            kind="calibrate", name=f"{label} {setting}", question="", cells=cells, baseline=base, estimand="steady",
            years=years, warm_up_weeks=self.length.warm_up_weeks, seed=self.seed + _offset(label), point=draws == 0,
            per_draw=each, block=each, limit=runs, own_chance=True,
            holidays=holidays_around(base, (), years, self.length.warm_up_weeks),
            measures=() if every else tuple(looked_at),
        )  # fmt: skip
        with Session(
            study, place / f"{label}-{setting}", executor=self.executor, task=self.task or simulate, on_progress=self.on_progress
        ) as session:  # fmt: skip
            session.need(dict.fromkeys(range(len(cells)), runs))
            return session.runs()


def vars_of(length: Length) -> dict[str, float]:
    """Fields of a length."""
    found = {name: float(getattr(length, name)) for name in ("years", "runs", "burn_in_weeks", "warm_up_weeks")}
    return found | {f"years in {setting}": years for setting, years in sorted(length.years_in.items())}


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
