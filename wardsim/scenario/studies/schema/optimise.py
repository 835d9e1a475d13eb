"""Optimise file: the cheapest plan among choices that keeps named measures within limits."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...schema.base import Name, Section
from .common import MeasureName, Settings, StudySection
from .sweep import ANY_FACTOR, Factor


class Limit(Section):
    """What a measure must keep to."""

    at_most: float | None = Field(None, ge=-1e12, le=1e12)
    """Upper limit."""
    at_least: float | None = Field(None, ge=-1e12, le=1e12)
    """Lower limit."""
    relative_to_base: Literal["no", "difference", "percent"] = "no"
    """no: the limit is a value of the measure; difference: value less that of the base; percent: value in percent of the base's."""


class OptimiseFile(StudySection):
    """Choices among which the best is found (`wardsim optimise`)."""

    kind: Literal["optimise"] = "optimise"
    """Kind of file."""
    parameters: Literal["posterior", "prior", "point"] | None = None
    """posterior: draws calibrated to published rates; prior: draws before that; point: one set of values, chance only; null: the posterior if a
    valid one is installed, else the priors."""
    choices: dict[Name, Factor] = Field(..., min_length=1, max_length=20, json_schema_extra=ANY_FACTOR)
    """What can be chosen, with its levels; every combination is a plan."""
    objective: MeasureName = "cost_total_per_year"
    """Measure to be made as small as can be (as great as can be when higher is better)."""
    limits: dict[MeasureName, Limit] = Field(
        ...,
        min_length=1,
        max_length=20,
        json_schema_extra={"x-kind": "group", "x-expected": "a group of measures, each with at_most or at_least"},
    )
    """Measures that must keep to limits."""
    probability: float = Field(0.9, ge=0.5, le=0.999)
    """Probability, over what the model does not know, with which all limits must hold together."""
    pareto: tuple[MeasureName, ...] = Field((), strict=False, max_length=6)
    """Measures of which the front of plans that are best in some balance is shown; left out: the objective and the limits."""
    reference: Settings | None = Field(
        None, json_schema_extra={"x-kind": "group", "x-expected": "a group with a level or label for every choice"}
    )
    """Plan with which the others are compared: a level or label for every choice; left out: the base."""
