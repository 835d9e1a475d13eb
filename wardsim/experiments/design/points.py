"""Points of a sweep: levels of every axis, as the design of the file says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from wardsim.scenario.studies.parts import Axis, Point
from wardsim.scenario.studies.schema import OptimiseFile, SweepFile
from wardsim.scenario.studies.study_file import StudyFile

from . import unit


def points_of(file: StudyFile) -> Iterator[Point]:
    """Points of a sweep or of the plans of an optimise file, in order; one at a time, so that a million can be counted.

    Chance designs give each whole number of a range, and each level, to equal shares of the points.
    """
    content = file.content
    if isinstance(content, OptimiseFile):
        yield from factorial(file.axes)
    elif isinstance(content, SweepFile):
        design = content.design
        if design.kind == "csv":
            yield from file.rows
        elif design.kind == "factorial":
            yield from factorial(file.axes)
        else:
            make = unit.latin_hypercube if design.kind == "latin_hypercube" else unit.sobol
            assert design.points is not None
            for row in make(design.points, len(file.axes), content.seed):
                yield tuple(axis.between(float(share)) for axis, share in zip(file.axes, row, strict=True))
    else:
        raise ValueError(f"a file of kind {file.kind} has no points")


def factorial(axes: Sequence[Axis]) -> Iterator[Point]:
    """Every combination of levels, the last axis moving fastest."""
    yield from product(*(axis.levels for axis in axes))


def count(file: StudyFile) -> int:
    """Number of points, without making them."""
    content = file.content
    if isinstance(content, SweepFile) and content.design.kind != "factorial":
        return len(file.rows) if content.design.kind == "csv" else content.design.points or 0
    return prod(len(axis.levels) for axis in file.axes)
