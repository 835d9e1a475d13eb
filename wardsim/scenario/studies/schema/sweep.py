"""Sweep file: factors and their levels or ranges, and the design that says which combinations are run."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from pydantic.config import JsonDict

from ...schema.base import Name, Section
from .common import FileName, Settings, StudySection

ANY_FACTOR: JsonDict = {
    "x-kind": "group",
    "x-expected": "a group of factors: a scenario key or parameter with its levels, or a name with keys and levels",
}


class Factor(Section):
    """Something that varies over the study: a scenario key, a parameter, or several keys that move together."""

    levels: tuple[Any, ...] | None = Field(None, strict=False, min_length=1, max_length=200)
    """Values, each given to the key (or to every one of `keys`), or groups of keys and values."""
    labels: tuple[Name, ...] | None = Field(None, strict=False, max_length=200)
    """Names of the levels, as tables show them."""
    values: tuple[float, ...] | None = Field(None, strict=False, max_length=200)
    """Place of each level on the axis of a surface; left out: the levels themselves when they are numbers, else 0, 1, 2."""
    keys: tuple[str, ...] | None = Field(None, strict=False, min_length=1, max_length=40)
    """Scenario keys or parameters that all take the level; left out: the name of the factor is the key."""
    low: float | None = Field(None, ge=-1e12, le=1e12)
    """Lower end of the range, for designs that fill the space; keys that take whole numbers get whole numbers, all alike often."""
    high: float | None = Field(None, ge=-1e12, le=1e12)
    """Upper end of the range."""
    unit: Name | None = None
    """Unit of the axis; left out: that of the key."""


class Design(Section):
    """Which combinations of the factors are run."""

    kind: Literal["factorial", "csv", "latin_hypercube", "sobol"] = "factorial"
    """factorial: every combination of levels; csv: the rows of a file; latin_hypercube and sobol: points that fill the ranges."""
    points: int | None = Field(None, ge=1, le=1_000_000)
    """Number of points (latin_hypercube, sobol; a power of two for sobol)."""
    file: FileName | None = None
    """CSV in this folder, a column a factor, a row a point (csv)."""


class SweepFile(StudySection):
    """Levels to sweep over (`wardsim sweep`)."""

    kind: Literal["sweep"] = "sweep"
    """Kind of file."""
    parameters: Literal["posterior", "prior", "point"] | None = None
    """posterior: draws calibrated to published rates; prior: draws before that; point: one set of values, chance only; null: the posterior if a
    valid one is installed, else the priors."""
    factors: dict[Name, Factor] = Field(..., min_length=1, max_length=20, json_schema_extra=ANY_FACTOR)
    """What varies."""
    design: Design = Design()
    """Which combinations are run."""
    reference: Settings | None = Field(
        None, json_schema_extra={"x-kind": "group", "x-expected": "a group with a level or label for every factor"}
    )
    """Cell with which the others are compared: a level or label for every factor; left out: the base."""
