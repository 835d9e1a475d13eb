"""What every study file has: its question, its base, what is measured, how often, and how sure it must be."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from ...schema.base import FrozenDict, Name, Section, Text

TRANSITION_YEARS, STEADY_YEARS = 3.0, 1.0
"""Years measured when the file does not say: after a change, and in balance."""

FileName = Annotated[str, Field(min_length=1, max_length=200)]
"""A file in the folder of the file that names it, or a shipped one."""

MeasureName = Annotated[str, Field(min_length=1, max_length=120)]
"""Name of a measure."""

Settings = Annotated[
    dict[str, Any],
    AfterValidator(FrozenDict),
    Field(max_length=200, json_schema_extra={"x-kind": "group", "x-expected": "a group of scenario keys and values"}),
]
"""Scenario keys (dotted, or grouped as in a scenario) and their values."""

Mechanism = Literal[
    "response", "contact", "limit_setting", "familiarity", "skill", "fatigue", "crowding", "contagion", "detection", "reporting",
    "injury", "demand_staffing", "bed_pressure", "teamwork",
]  # fmt: skip
"""A mechanism of the model that can be switched off."""


class Precision(Section):
    """How exactly a measure must be known before a study stops: 95% simulation error of its difference from the reference."""

    half_width: float | None = Field(None, gt=0, le=1e12)
    """Greatest half-width of the interval, in the unit of the measure."""
    percent_of_base: float | None = Field(None, gt=0, le=1000)
    """Greatest half-width of the interval, percent of the reference's mean."""


class Structure(Section):
    """A form of the model without some of its mechanisms."""

    name: Name | None = None
    """Name shown in tables; left out: made from what is off."""
    off: tuple[Mechanism, ...] = Field(..., strict=False, min_length=1, max_length=14)
    """Mechanisms switched off."""


class Change(Section):
    """What is done to a ward."""

    scenario: FileName | None = None
    """A scenario file in this folder, or a shipped one; left out: the base."""
    set: Settings = Field(default_factory=FrozenDict)
    """Keys set over that scenario."""


class StudySection(Section):
    """What every study file has."""

    schema_version: int = Field(1, ge=1, le=1)
    """Version of this file format."""
    name: Name
    """Name of the study."""
    question: Text = ""
    """The question it answers."""
    base: FileName = "baseline.yaml"
    """Scenario from which all start: a file in this folder, or a shipped one."""
    estimand: Literal["transition", "steady"] = "transition"
    """transition: what follows a change at time zero, all wards starting from the same state; steady: wards in balance."""
    years: float | None = Field(None, gt=0, le=20)
    """Years measured; null: three after a change, one in balance."""
    warm_up_weeks: int = Field(4, ge=0, le=260)
    """Weeks after time zero that are simulated and not measured (steady estimand)."""
    replications: int | None = Field(None, ge=1, le=100_000)
    """Runs of each ward; null: as many as the precision asks for, within the budget."""
    per_draw: int = Field(2, ge=1, le=1000)
    """Runs with the same draw of the parameters and different chance."""
    precision: dict[MeasureName, Precision] = Field(
        default_factory=dict,
        max_length=20,
        json_schema_extra={
            "x-kind": "group",
            "x-expected": "a group of measures, each with half_width or percent_of_base",
        },
    )
    """Measures that decide how many runs are made, and how exactly each must be known."""
    measures: tuple[MeasureName, ...] = Field((), strict=False, max_length=200)
    """Measures kept; left out: all."""
    seed: int = Field(20250407, ge=0, le=2**63 - 1)
    """Root of all random numbers."""
    budget_runs: int | None = Field(None, ge=1, le=10_000_000)
    """Most runs of all wards together; null: no limit but each ward's own."""
    mechanisms: tuple[Structure, ...] = Field((), strict=False, max_length=30)
    """Forms of the model to repeat the study with, each without some mechanisms; the full model is always among them."""

    @property
    def measured_years(self) -> float:
        """Years measured."""
        if self.years is not None:
            return self.years
        return TRANSITION_YEARS if self.estimand == "transition" else STEADY_YEARS
