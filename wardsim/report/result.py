"""What the tables of a comparison, a sweep or a run say, put together: alternatives, each with levels, differences and quarters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wardsim.experiments.compare.analysis import HEADLINE
from wardsim.experiments.intervals import Summary
from wardsim.experiments.statistics.difference import Difference
from wardsim.experiments.study.cells import Study
from wardsim.measures import MEASURES

from .source import CALIBRATE, Source, difference, number, runs_file, summary

SPOKEN = ("assaults_true_per_1000_obd", "one_to_one_min_per_patient_day", "cost_total_per_year")
"""The three numbers of the answer: violence, contact, money."""
CALIBRATION = "What do published figures say about the parameters of the model, and does the ward then show what was published?"
MOST_CLOUDS = 8
"""Options beyond which a plane shows means only."""


@dataclass(slots=True)
class Alternative:
    """An option, a cell of a sweep, or the ward of a run.

    Attributes
    ----------
    name, question : str
    levels : dict of str to Summary
        By measure.
    differences : dict of str to Difference
        From the reference; empty for the reference.
    better : dict of str to float or None
        Share of parameter draws in which the expected difference is better.
    signs : dict of str to str
        Marks of a sweep.
    labels : dict of str to str
        Levels of the factors of a sweep.
    quarters : dict of str to list of Difference or Summary
        By measure.
    """

    name: str
    question: str = ""
    levels: dict[str, Summary] = field(default_factory=dict)
    differences: dict[str, Difference] = field(default_factory=dict)
    better: dict[str, float | None] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    quarters: dict[str, list[Difference | Summary]] = field(default_factory=dict)


@dataclass(slots=True)
class Result:
    """Everything a report tells.

    Attributes
    ----------
    source : Source
    title, question : str
    estimand : str
    years : float
    point : bool
        Point parameters.
    runs, draws : int
        Of each ward.
    reference : Alternative or None
    options : list of Alternative
        All but the reference.
    """

    source: Source
    title: str
    question: str
    estimand: str
    years: float
    point: bool
    runs: int
    draws: int
    reference: Alternative | None
    options: list[Alternative]

    @property
    def kind(self) -> str:
        """Kind of study."""
        return self.source.kind

    @property
    def settings(self) -> Mapping[str, Any]:
        """Settings of the study."""
        return {} if self.source.study is None else self.source.study["settings"]

    @property
    def drawn(self) -> str:
        """Where the parameters of the runs came from: point, prior or posterior."""
        if self.source.study is not None:
            return "point" if self.point else str(self.source.study.get("parameters", "prior"))
        return str((self.source.manifest.get("parameters") or {}).get("kind", "prior"))

    @property
    def alternatives(self) -> list[Alternative]:
        """The reference first."""
        return [*([] if self.reference is None else [self.reference]), *self.options]


def result_of(source: Source) -> Result:
    """The result that a folder holds."""
    readers = {"run": _of_run, "compare": _of_comparison, "sweep": _of_sweep}
    found = readers[source.kind](source) if source.kind in readers else []
    study = source.study
    if source.kind == CALIBRATE:
        return Result(source, "Calibration of the ward", CALIBRATION, "", 0.0, False, 0, 0, None, [])
    if study is None:
        told = source.manifest
        scenario = told["scenario"]
        return Result(
            source, scenario["name"], told["question"], told["estimand"], float(told["years"]), told["parameters"]["kind"] == "point",
            int(told["runs"]["done"]), int(told["parameters"]["draws"]), found[0], [],
        )  # fmt: skip
    runs = max((s.n for one in found for s in one.levels.values()), default=0)
    if source.kind == "population":
        runs = int((source.manifest.get("result") or {}).get("populations", 0))
    draws = 0 if study["point"] else -(-runs // int(study["per_draw"]))
    return Result(
        source, study["name"], study["question"], study["estimand"], float(study["years"]), bool(study["point"]), runs, draws,
        found[0] if found else None, found[1:],
    )  # fmt: skip


def _of_run(source: Source) -> list[Alternative]:
    one = Alternative(str(source.manifest["scenario"]["name"]), str(source.manifest["question"]))
    one.levels = {row["name"]: summary(row) for row in source.rows("measures.csv")}
    for row in source.rows("quarters.csv"):
        if row["name"] in HEADLINE:
            one.quarters.setdefault(row["name"], []).append(summary(row))
    return [one]


def _of_comparison(source: Source) -> list[Alternative]:
    study = source.study or {}
    questions = {one["name"]: one["question"] for one in study["settings"].get("options", [])}
    found: dict[str, Alternative] = {}
    for row in source.rows("options.csv"):
        name = source.name(row["option"])
        one = found.setdefault(row["option"], Alternative(name, str(questions.get(name) or "")))
        one.levels[row["name"]] = summary(row)
    point = bool(study["point"])
    for row in source.rows("differences.csv"):
        one = found[row["option"]]
        one.differences[row["name"]] = difference(row, point=point)
        one.better[row["name"]] = number(row, "p_better")
    for row in source.rows("quarters.csv"):
        found[row["option"]].quarters.setdefault(row["name"], []).append(difference(row, point=point))
    return list(found.values())


def _of_sweep(source: Source) -> list[Alternative]:
    study = source.study or {}
    labels = {point["cell"]: point["labels"] for point in study["settings"]["points"]}
    point = bool(study["point"])
    found: dict[str, Alternative] = {}
    for row in source.rows("cells.csv"):
        name = source.name(row["cell"])
        one = found.setdefault(row["cell"], Alternative(name, labels=dict(labels.get(name, {}))))
        measure = row["name"]
        one.levels[measure] = summary(row)
        one.signs[measure] = row["sign"]
        if row["sign"] != "reference":
            one.differences[measure] = difference(row, point=point, mean="difference", prefix="difference_")
            one.better[measure] = number(row, "p_better")
    return list(found.values())


def clouds(result: Result, measures: tuple[str, ...]) -> dict[tuple[str, str], list[float]]:
    """Expected difference in each parameter draw, chance removed, by option and measure; empty where it cannot be told."""
    from wardsim.experiments.compare.analysis import against
    from wardsim.experiments.statistics.split import FEWEST_DRAWS, shrunk
    from wardsim.experiments.study.table import TableError, read_table

    path = runs_file(result.source)
    if path is None or result.point or result.draws < FEWEST_DRAWS or len(result.options) > MOST_CLOUDS:
        return {}
    try:
        study = Study.of_plain(result.source.study or {})
        runs = read_table(path, study)
    except (TableError, ValueError, OSError):  # of another version
        return {}
    place = {cell.name: i for i, cell in enumerate(study.cells)}
    assert result.reference is not None
    reference = place[result.reference.name]
    found = {}
    for option in result.options:
        for name in measures:
            if name in runs.names:
                split = against(study, runs, reference, place[option.name], MEASURES[name]).found.split
                if split is not None:
                    found[option.name, name] = [float(x) for x in shrunk(split)]
    return found


