"""The two headline questions under one structure: what one more nurse at night does, and protected training.

Each row of a posterior is a study of its own: baseline and options with the calibrated parameters of that row, the same chance
in all three wards and other chance in other rows, so that the spread over rows is what the structure leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wardsim.experiments.calendar import holidays_around
from wardsim.experiments.collect import POISSON_UNITS
from wardsim.experiments.statistics.difference import difference
from wardsim.experiments.study.cells import Cell, Study
from wardsim.experiments.study.runs import Column
from wardsim.measures import MEASURES
from wardsim.scenario.schema import Scenario

from .inference import Array
from .structures import Answers, Interval, Structure
from .wards import without

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor, Task

QUESTIONS = {"one more nurse at night": "plus-one-nurse-nights", "protected training": "protected-training"}
"""Question -> shipped scenario."""
ASKED = (
    "assaults_true_per_1000_obd",
    "restrictive_interventions_per_1000_obd",
    "one_to_one_min_per_patient_day",
    "cost_total_per_year",
)
"""Measures that answer them."""


@dataclass
class Headline:
    """Answers the questions; an `Ask` of `structures`.

    Attributes
    ----------
    names : tuple of str
        Calibrated parameters, in the order of the rows.
    baseline : Scenario
    options : mapping of str to Scenario
        By question.
    years : float
        Followed after the change.
    runs : int
        Runs of each row; 2 or more, so that chance can be told from what is not known.
    folder : Path
        Where runs are kept.
    executor, task, cache
        As of a `Session`.
    seed : int
    """

    names: tuple[str, ...]
    baseline: Scenario
    options: Mapping[str, Scenario]
    folder: Path
    years: float = 2.0
    runs: int = 2
    seed: int = 20250407
    executor: Executor | None = None
    task: Task | None = None
    cache: str = ""

    def __call__(self, structure: Structure, natural: Array) -> Answers:
        """Differences from the baseline: mean and 95% over the rows, chance removed."""
        columns: dict[tuple[int, str], list[Column]] = {}
        for row, values in enumerate(natural):
            for key, column in self._row(structure, row, values).items():
                columns.setdefault(key, []).append(column)
        answers: dict[str, dict[str, Interval]] = {}
        for at, question in enumerate(self.options, start=1):
            for measure in ASKED:
                unit = MEASURES[measure].unit
                found = difference(
                    joined(columns[0, measure]), joined(columns[at, measure]), point=False, years=self.years, percent=unit == "%",
                    counted=unit.startswith(POISSON_UNITS),
                )  # fmt: skip
                nothing = float("nan")
                answers.setdefault(question, {})[measure] = tuple(
                    nothing if x is None else float(x) for x in (found.mean, found.low, found.high)
                )  # type: ignore[assignment]
        return answers

    def ward_years(self, draws: int, burn_in_weeks: int) -> float:
        """Simulated years of one structure."""
        return draws * self.runs * ((1 + len(self.options)) * self.years + burn_in_weeks / 52.18)

    def _row(self, structure: Structure, row: int, values: Array) -> dict[tuple[int, str], Column]:
        from wardsim.experiments.job import simulate
        from wardsim.experiments.study.session import Session

        fixed = dict(zip(self.names, map(float, values), strict=True))

        def ward(scenario: Scenario) -> Scenario:
            own = without(scenario, structure.off)
            return own.model_copy(update={"parameters": {**own.parameters, **fixed}})

        before = ward(self.baseline)
        cells = (Cell("baseline", before), *(Cell(name, ward(option)) for name, option in self.options.items()))
        study = Study(
            kind="calibrate", name=f"{structure.name}, row {row}", question="", cells=cells, baseline=before, years=self.years,
            seed=self.seed + row, point=True, block=self.runs, limit=self.runs, measures=ASKED,
            holidays=holidays_around(before, [cell.scenario for cell in cells], self.years, 0.0),
        )  # fmt: skip
        place = self.folder / _slug(structure) / f"row-{row:03d}"
        with Session(study, place, executor=self.executor, task=self.task or simulate, cache=self.cache) as session:
            session.need(dict.fromkeys(range(len(cells)), self.runs))
            runs = session.runs()
        found = {(cell, name): runs.column(cell, name) for cell in range(len(cells)) for name in ASKED}
        return {
            key: Column(c.run + row * self.runs, np.full_like(c.draw, row), c.value, c.top, c.bottom)
            for key, c in found.items()
        }


def joined(columns: list[Column]) -> Column:
    """Columns one after another."""
    return Column(*(np.concatenate(parts) for parts in zip(*columns, strict=True)))


def _slug(structure: Structure) -> str:
    return "whole" if not structure.off else "-".join(structure.off) if len(structure.off) < 8 else "none"


def shipped_headline(names: tuple[str, ...], folder: Path) -> Headline:
    """The questions with the shipped scenarios."""
    from wardsim.scenario.load import load
    from wardsim.scenario.shipped import shipped_scenarios

    files = shipped_scenarios()
    return Headline(
        names,
        load(files["baseline"]).scenario,
        {q: load(files[name]).scenario for q, name in QUESTIONS.items()},
        folder,
    )
