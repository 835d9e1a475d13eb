"""The cells of a population: every ward drawn, checked as a scenario is, and given a name that says where it belongs.

What the analysis finds in `Study.settings`: `wards` [{cell, group, values}], group being the trust or study; `groups` (their number);
`published`, `ratings`, `studies` as in the file, and for studies `designs`, one mapping a study; `own_draws`, `extra`.
Its cells have chance of their own (`Study.own_chance`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wardsim.scenario.errors import Problem, ScenarioError
from wardsim.scenario.reader import Node
from wardsim.scenario.studies.parts import Level, Setting
from wardsim.scenario.studies.quantities import QUANTITIES
from wardsim.scenario.studies.schema import PopulationFile
from wardsim.scenario.studies.schema.population import Studies
from wardsim.scenario.studies.spreads import NUMBERS, WORDS
from wardsim.scenario.studies.study_file import StudyFile

from ..study.cells import Cell
from .draw import drawn, drawn_alone
from .wards import keys_of

MONTHS = 12.0


def population_of(file: StudyFile, content: PopulationFile) -> tuple[list[Cell], dict[str, Any]]:
    """Cells and settings of a population file.

    Raises
    ------
    ScenarioError
        When values that are each within their spread contradict each other in a ward.
    """
    cells: list[Cell] = []
    told: list[dict[str, Any]] = []
    problems: list[Problem] = []
    designs = designs_of(content)
    for group, ward, name in members(content, designs):
        values = _values(file, content, group, ward)
        loaded = file.ward_at((_level(file, values),), name, problems)
        if loaded is None:
            continue
        scenario = loaded.scenario
        years = designs[group]["months"] / MONTHS if designs else None
        cells.append(Cell(name, scenario, loaded.given_roster, scenario, values, years))
        told.append({"cell": name, "group": group, "values": values})
    if problems:
        raise ScenarioError(problems)
    return cells, {
        "own_draws": content.draws == "own",
        "extra": "shifts" if content.studies is not None else "",
        "wards": told,
        "groups": len(designs) or content.trusts or 0,
        "published": [one.model_dump(mode="json") for one in content.published],
        "ratings": None if content.ratings is None else content.ratings.model_dump(mode="json"),
        "studies": None if content.studies is None else _plain(content.studies),
        "designs": designs,
    }


def designs_of(content: PopulationFile) -> list[dict[str, Any]]:
    """What each study looks at and how; empty for a population of trusts."""
    studies = content.studies
    if studies is None:
        return []
    out = []
    for number in range(studies.number):
        one = {key: drawn_alone(f"studies.{key}", getattr(studies, key), content.seed, number) for key in (*NUMBERS, *WORDS)}
        out.append({**one, "wards": max(1, round(one["wards"])), "months": round(float(one["months"]), 2)})
    return out


def members(content: PopulationFile, designs: list[dict[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """Trust or study, number over all, and name of each ward."""
    ward = 0
    for group in range(len(designs) or content.trusts or 0):
        inside = designs[group]["wards"] if designs else content.wards_per_trust
        for own in range(inside):
            yield group, ward, f"{'study' if designs else 'trust'} {group + 1:02d} ward {own + 1:02d}"
            ward += 1


def wards_of(content: PopulationFile) -> int:
    """Number of wards, without making them."""
    return sum(1 for _ in members(content, designs_of(content)))


def _values(file: StudyFile, content: PopulationFile, group: int, ward: int) -> dict[str, Any]:
    values = {one.name: drawn(one.name, one.spread, content.seed, group, ward) for one in file.varied}
    whole = {one.name for one in file.varied if one.whole}
    return {name: round(value) if name in whole and isinstance(value, float) else _rounded(value) for name, value in values.items()}


def _rounded(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _level(file: StudyFile, values: Mapping[str, Any]) -> Level:
    """All that is set for one ward; each key has the place of the spread it came from."""
    marks = {one.name: one.mark for one in file.varied}
    quantity = next((one.mark for one in file.varied if one.name in QUANTITIES), next(iter(marks.values())))
    keys = keys_of(values, file.base.scenario)
    settings = tuple(Setting(key, Node(marks.get(key, quantity), value), marks.get(key, quantity)) for key, value in keys.items())
    return Level("", 0.0, dict(values), settings)


def _plain(studies: Studies) -> dict[str, Any]:
    """What the analysis needs to know of the section; the spreads stand in the designs."""
    return {"number": studies.number, "level_pct": studies.level_pct, "row": studies.row}
