"""Designs over parameters of the ledger, for sensitivity: rows of parameter values, each with an id and what it is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wardsim.parameters import Ledger
from wardsim.scenario.studies.parts import ParameterRange
from wardsim.scenario.studies.schema import SensitivityFile

from ..sensitivity.design import Design, one_at_a_time, saltelli, space_filling, trajectories
from ..sensitivity.problem import Factor, Problem
from .unit import small


@dataclass(frozen=True, slots=True)
class Row:
    """One point of a design over parameters.

    Attributes
    ----------
    id : str
        Unique in the design; sorts in its order.
    role : str
        centre, low, high (tornado) or point.
    parameter : str
        Which one is moved (tornado), else "".
    shares : tuple of float
        Share of each parameter's distribution below its value, in the order of the parameters.
    values : dict of str to float
        Parameters fixed by this row.
    """

    id: str
    role: str
    parameter: str
    shares: tuple[float, ...]
    values: dict[str, float]


def problem_of(ranges: Iterable[Mapping[str, Any]]) -> Problem:
    """What varies: the prior of each parameter, or evenly over the range that the file gives.

    Parameters
    ----------
    ranges : iterable of mapping
        name, low, high, prior (whether the range is that of the prior), as in the settings of a study.
    """
    ledger = Ledger.load()
    return Problem(
        tuple(
            Factor.of_entry(ledger[about["name"]])
            if about["prior"]
            else Factor(about["name"], about["low"], about["high"], ledger[about["name"]].label, ledger[about["name"]].unit)
            for about in ranges
        )
    )


def design_of(content: SensitivityFile, problem: Problem) -> Design:
    """The design of the method that a file asks for."""
    if content.method == "tornado":
        return one_at_a_time(problem)
    if content.method == "morris":
        return trajectories(problem, content.trajectories, small(content.seed), content.levels)
    if content.through == "ward":
        return saltelli(problem, content.points, small(content.seed))
    return space_filling(problem, content.points, small(content.seed))


def rows_of(content: SensitivityFile, ranges: Sequence[ParameterRange]) -> list[Row]:
    """Rows of the design that a sensitivity file asks for, in the order that its analysis needs."""
    design = design_of(content, problem_of(about.as_dict() for about in ranges))
    names = design.problem.names
    width = max(4, len(str(len(design) - 1)))
    roles = [""] * len(design)
    moved = [""] * len(design)
    if content.method == "tornado":
        roles[0] = "centre"
        for i in range(1, len(design)):
            roles[i], moved[i] = ("low", "high")[(i - 1) % 2], names[(i - 1) // 2]
    return [
        Row(
            f"p{index:0{width}d}", roles[index] or "point", moved[index], tuple(map(float, shares)),
            dict(zip(names, map(float, values), strict=True)),
        )
        for index, (shares, values) in enumerate(zip(design.unit, design.natural, strict=True))
    ]  # fmt: skip


def count_rows(content: SensitivityFile, dimensions: int) -> int:
    """Number of rows, without making them."""
    if content.method == "tornado":
        return 2 * dimensions + 1
    if content.method == "morris":
        return content.trajectories * (dimensions + 1)
    return content.points * (dimensions + 2) if content.through == "ward" else content.points
