"""Options file: a few named changes, compared with one another and with the ward as it is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ...schema.base import Name, Text
from .common import Change, MeasureName, StudySection

Worth = Annotated[float, Field(ge=-1e12, le=1e12)]
"""Pounds a year that one unit of a measure is worth."""


class Option(Change):
    """One option: a scenario, settings over the base, or settings over a scenario."""

    name: Name
    """Name shown in tables."""
    question: Text = ""
    """What this option asks."""


class OptionsFile(StudySection):
    """Options to compare (`wardsim compare`)."""

    kind: Literal["options"] = "options"
    """Kind of file."""
    parameters: Literal["posterior", "prior", "point"] | None = None
    """posterior: draws calibrated to published rates; prior: draws before that; point: one set of values, chance only; null: the posterior if a
    valid one is installed, else the priors."""
    options: tuple[Option, ...] = Field(..., strict=False, min_length=1, max_length=40)
    """The options; the base is compared too."""
    reference: Name | None = None
    """Option with which the others are compared; left out: the base."""
    values: dict[MeasureName, Worth] = Field(
        default_factory=dict,
        max_length=20,
        json_schema_extra={"x-kind": "group", "x-expected": "a group of measures, each with the pounds a year that one unit is worth"},
    )
    """Pounds a year that one unit of each measure is worth, negative for harm; cost counts as -1 by itself. With it the choice by expected
    net benefit is shown, and what it would be worth to know more."""
