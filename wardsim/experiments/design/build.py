"""Builds a `Study` from a study file: its cells with their names and factors, calendar, seed, and what the analysis needs.

What an analysis finds in `Study.settings` (plain data, part of the study's identity):

every kind
    `replications` (None: as precision asks), `precision` {measure: {half_width | percent_of_base}}, `budget_runs`,
    `reference` (name of the first cell), `structures` [{name, off, cells}], the full model first.
options
    `options` [{name, question}], in the order of the file; `values` {measure: pounds a year of one unit}, empty when not given;
    `extra` (hours, staff time and training steps of every ward).
sweep, optimise
    `factors` [{name, unit, keys, levels: [{label, value}], low, high, whole}]; `design` {kind, points};
    `points` [{id, cell, labels: {factor: label}, values: {factor: number}}] of the full model.
optimise
    `objective`, `limits` {measure: {at_most, at_least, relative_to_base}}, `probability`, `pareto`.
sensitivity
    `parameters` [{name, low, high, prior, unit, label}], `method`, `through`, `outcomes`, `option` (name or None), `others`, `trajectories`,
    `levels`, `rows` [{id, role, parameter, shares, cells: [base] or [base, option]}].
population
    see `population.study`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wardsim.parameters.posterior import Source
from wardsim.scenario.errors import Problem, ScenarioError
from wardsim.scenario.load import Loaded
from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.base import FrozenDict
from wardsim.scenario.studies.parts import Axis, Point
from wardsim.scenario.studies.schema import (
    OptimiseFile,
    OptionsFile,
    PopulationFile,
    SensitivityFile,
    StudySection,
    SweepFile,
)
from wardsim.scenario.studies.study_file import StudyFile

from ..calendar import holidays_around
from ..population.study import population_of, wards_of
from ..profile import NAME as PROFILE
from ..study.cells import Cell, Study
from .estimate import refuse_absurd
from .parameters import rows_of
from .points import count, points_of

KIND = {"options": "compare"}
"""Kind of file -> kind of study, where the two differ."""
LIMIT = 400
"""Most runs of one cell, when neither a number nor a budget is given."""
BLOCK = 4
"""Most runs stored together."""
FULL_MODEL = "full model"


def study_of(file: StudyFile, *, allow_large: bool = False, source: Source | None = None) -> Study:
    """The study that a file describes.

    Parameters
    ----------
    file : StudyFile
        As read.
    source : str, optional
        Where draws of the parameters come from, prior or posterior; left out: what the file says, else the priors.
    allow_large : bool
        Build it however large it is.

    Raises
    ------
    ScenarioError
        When levels that are each in order contradict each other in a cell, told at their lines in the file.
    TooLargeError
        When it is absurdly large and not allowed to be.
    """
    refuse_absurd(file, allow_large)
    content = file.content
    if isinstance(content, SensitivityFile):
        cells, settings = _of_rows(file, content)
    elif isinstance(content, OptionsFile):
        cells, settings = _of_options(file, content)
    elif isinstance(content, PopulationFile):
        cells, settings = population_of(file, content)
    else:
        cells, settings = _of_points(file)
    everywhere, structures = _structures(content, file.base.scenario, cells)
    drawn: Source = "posterior" if (source or file.parameters) == "posterior" else "prior"
    limit = _limit(content, len(everywhere))
    common = {
        "replications": content.replications,
        "precision": {name: wanted.model_dump(exclude_none=True) for name, wanted in content.precision.items()},
        "budget_runs": content.budget_runs,
        "reference": everywhere[0].name,
        "structures": structures,
    }
    return Study(
        kind=KIND.get(file.kind, file.kind),
        name=content.name,
        question=content.question,
        cells=tuple(everywhere),
        baseline=file.base.scenario,
        baseline_roster=file.base.given_roster,
        estimand=content.estimand,
        years=_years(content, cells),
        warm_up_weeks=float(content.warm_up_weeks),
        seed=content.seed,
        point=file.parameters == "point",
        parameters=drawn,
        per_draw=content.per_draw,
        block=next(block for block in range(BLOCK, 0, -1) if limit % block == 0),
        limit=limit,
        holidays=holidays_around(
            file.base.scenario, (cell.scenario for cell in cells), content.measured_years, content.warm_up_weeks
        ),
        measures=_kept(content),
        settings={**common, **settings},
        own_chance=isinstance(content, PopulationFile),
    )


CHECKED = 2_000
"""Most cells of a design that are all made just to be checked."""


def check_cells(file: StudyFile) -> None:
    """Make every ward of a factorial or given design of usual size, so that contradictions between levels are told.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    factorial = file.axes and not (
        isinstance(file.content, SweepFile) and file.content.design.kind not in ("factorial", "csv")
    )
    if factorial and count(file) <= CHECKED:
        _of_points(file)
    if isinstance(file.content, PopulationFile) and wards_of(file.content) <= CHECKED:
        population_of(file, file.content)


def _limit(content: StudySection, cells: int) -> int:
    """Most runs of one cell: as given, else what the budget leaves, in whole draws and at least one of them.

    An optimisation spends its budget on the plans that are still open, so that one plan may have far more than its even share.
    """
    if content.replications is not None:
        return content.replications
    if content.budget_runs is None:
        return LIMIT
    each = min(LIMIT, content.budget_runs if isinstance(content, OptimiseFile) else content.budget_runs // max(1, cells))
    return max(content.per_draw, each - each % content.per_draw)


def _years(content: StudySection, cells: Sequence[Cell]) -> float:
    """Years measured; where the cells have their own, their mean, so that estimates come out."""
    own = [cell.years for cell in cells if cell.years is not None]
    return sum(own) / len(own) if own else content.measured_years


def _kept(content: StudySection) -> tuple[str, ...]:
    """Measures kept: as named, with those that the study cannot do without; empty for all."""
    if not content.measures:
        return ()
    needed: list[str] = [*content.measures, *content.precision]
    if isinstance(content, SensitivityFile):
        needed += content.outcomes
    if isinstance(content, OptionsFile) and content.values:
        needed += [*content.values, "cost_total_per_year"]
    if isinstance(content, OptimiseFile):
        needed += [content.objective, *content.limits, *content.pareto]
    if isinstance(content, PopulationFile):
        needed += [one.measure for one in content.published]
        needed += content.ratings.criteria if content.ratings is not None else {}
    return tuple(dict.fromkeys(needed))


# -- cells -----------------------------------------------------------------------------------------------------------------


def _of_options(file: StudyFile, content: OptionsFile) -> tuple[list[Cell], dict[str, Any]]:
    cells = [_cell(file.base.scenario.name, file.base, {})]
    cells += [_cell(option.name, option.loaded, {"option": option.name}) for option in file.options]
    if content.reference is not None:
        cells.sort(
            key=lambda cell: cell.name != content.reference
        )  # stable: the reference first, the others as they stand
    told = [{"name": option.name, "question": option.question} for option in file.options]
    return cells, {"options": told, "values": dict(content.values), "extra": PROFILE}


def _of_points(file: StudyFile) -> tuple[list[Cell], dict[str, Any]]:
    """Cells of a sweep or of plans: the reference first, then the points in their order, no ward twice."""
    content = file.content
    by_label = isinstance(content, OptimiseFile) or (
        isinstance(content, SweepFile) and content.design.kind == "factorial"
    )
    base, problems = file.base.hash, list[Problem]()
    cells: list[Cell] = []
    told: list[dict[str, Any]] = []
    known: dict[tuple[str, ...], int] = {}
    reference = None if file.reference is None else _labels(file.reference)
    first: int | None = None
    for index, point in enumerate(points_of(file)):
        labels = _labels(point)
        if labels in known:
            continue  # whole numbers of a range meet again: the same ward, and with common chance the same runs
        known[labels] = index
        name = " / ".join(labels) if by_label else f"p{index:04d}"
        loaded = file.ward_at(point, name, problems)
        if loaded is None:
            continue
        if first is None and (labels == reference if reference is not None else loaded.hash == base):
            first = len(cells)
        cells.append(_cell(name, loaded, _factors(file.axes, point)))
        told.append(_told(f"p{index:04d}", name, file.axes, point))
    if first is None:
        cells, told = _with_reference(file, cells, told, problems)
    else:
        cells.insert(0, cells.pop(first))
    if problems:
        raise ScenarioError(problems)
    settings: dict[str, Any] = {"factors": [_axis(axis) for axis in file.axes], "points": told}
    if isinstance(content, SweepFile):
        settings["design"] = {"kind": content.design.kind, "points": len(told)}
    if isinstance(content, OptimiseFile):
        settings |= {
            "design": {"kind": "factorial", "points": len(told)},
            "objective": content.objective,
            "limits": {name: limit.model_dump() for name, limit in content.limits.items()},
            "probability": content.probability,
            "pareto": list(content.pareto),
        }
    return cells, settings


def _with_reference(
    file: StudyFile, cells: list[Cell], told: list[dict[str, Any]], problems: list[Problem]
) -> tuple[list[Cell], list[dict[str, Any]]]:
    """The reference put first, where no point of the design is it: the point named, else the base."""
    if file.reference is None:
        name = file.base.scenario.name
        taken = {cell.name for cell in cells}
        return [_cell(name if name not in taken else f"{name} (base)", file.base, {}), *cells], told
    loaded = file.ward_at(file.reference, "reference", problems)
    if loaded is None:
        return cells, told
    return [_cell("reference", loaded, _factors(file.axes, file.reference)), *cells], told


def _of_rows(file: StudyFile, content: SensitivityFile) -> tuple[list[Cell], dict[str, Any]]:
    """Cells of a design over parameters: the base, and the option if there is one, with the same parameters fixed."""
    cells: list[Cell] = []
    told: list[dict[str, Any]] = []
    option = file.options[0] if file.options else None
    for row in rows_of(content, file.ranges):
        before = _fixed(file.base.scenario, row.values)
        names = [row.id]
        cells.append(Cell(row.id, before, file.base.given_roster, before, dict(row.values)))
        if option is not None:
            names.append(f"{row.id} {option.name}")
            after = _fixed(option.loaded.scenario, row.values)
            cells.append(
                Cell(names[1], after, option.loaded.given_roster, before, {**row.values, "option": option.name})
            )
        told.append(
            {"id": row.id, "role": row.role, "parameter": row.parameter, "shares": list(row.shares), "cells": names}
        )
    return cells, {
        "parameters": [dict(about.as_dict()) for about in file.ranges],
        "method": content.method,
        "through": content.through,
        "outcomes": list(content.outcomes),
        "option": None if option is None else option.name,
        "others": content.others,
        "trajectories": content.trajectories,
        "levels": content.levels,
        "rows": told,
    }


def _cell(name: str, loaded: Loaded, factors: Mapping[str, Any]) -> Cell:
    return Cell(name, loaded.scenario, loaded.given_roster, None, dict(factors))


def _fixed(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with parameters fixed, over those that it fixes itself."""
    return (
        scenario.model_copy(update={"parameters": FrozenDict({**scenario.parameters, **values})})
        if values
        else scenario
    )


def _labels(point: Point) -> tuple[str, ...]:
    return tuple(level.label for level in point)


def _factors(axes: Sequence[Axis], point: Point) -> dict[str, Any]:
    """Where a cell lies: the level given, or the place on the axis when a level is a group of keys."""
    pairs = zip(axes, point, strict=True)
    return {axis.name: level.value if isinstance(level.given, dict) else level.given for axis, level in pairs}


def _told(point_id: str, name: str, axes: Sequence[Axis], point: Point) -> dict[str, Any]:
    pairs = list(zip(axes, point, strict=True))
    return {
        "id": point_id,
        "cell": name,
        "labels": {axis.name: level.label for axis, level in pairs},
        "values": {axis.name: level.value for axis, level in pairs},
    }


def _axis(axis: Axis) -> dict[str, Any]:
    return {
        "name": axis.name,
        "unit": axis.unit,
        "keys": list(axis.keys),
        "levels": [{"label": level.label, "value": level.value} for level in axis.levels],
        "low": axis.low,
        "high": axis.high,
        "whole": axis.whole,
    }


# -- forms of the model ----------------------------------------------------------------------------------------------------


def _structures(content: StudySection, base: Scenario, cells: list[Cell]) -> tuple[list[Cell], list[dict[str, Any]]]:
    """Every cell under every form of the model, the full model first; each form starts from its own state of the base."""
    everywhere = list(cells)
    told: list[dict[str, Any]] = [{"name": FULL_MODEL, "off": [], "cells": [cell.name for cell in cells]}]
    for structure in content.mechanisms:
        name = structure.name or "without " + ", ".join(structure.off)
        again = [
            replace(
                cell,
                name=f"{cell.name} [{name}]",
                scenario=_without(cell.scenario, structure.off),
                baseline=_without(cell.baseline or base, structure.off),
                factors={**cell.factors, "mechanisms": name},
            )
            for cell in cells
        ]
        everywhere += again
        told.append({"name": name, "off": list(structure.off), "cells": [cell.name for cell in again]})
    return everywhere, told


def _without(scenario: Scenario, off: Iterable[str]) -> Scenario:
    switches = scenario.mechanisms.model_copy(update=dict.fromkeys(off, False))
    return scenario.model_copy(update={"mechanisms": switches})
