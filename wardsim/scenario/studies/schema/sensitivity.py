"""Sensitivity file: which unknown inputs decide the answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ...schema.base import Name, Section
from .common import Change, MeasureName, StudySection

ParameterName = Annotated[str, Field(min_length=1, max_length=120)]
"""Name of a parameter of the ledger, or a pattern such as `incidents.*`."""


class Range(Section):
    """Range of a parameter; left out: the middle 90% of its prior."""

    low: float | None = Field(None, ge=-1e12, le=1e12)
    """Lower end."""
    high: float | None = Field(None, ge=-1e12, le=1e12)
    """Upper end."""


class TestedOption(Change):
    """A change whose difference from the base is the outcome."""

    name: Name = "Option"
    """Name shown in tables."""


class SensitivityFile(StudySection):
    """What decides an answer (`wardsim sensitivity`)."""

    kind: Literal["sensitivity"] = "sensitivity"
    """Kind of file."""
    option: TestedOption | None = None
    """A change; the outcomes are then its differences from the base. Left out: the outcomes are those of the base."""
    outcomes: tuple[MeasureName, ...] = Field(
        ("assaults_true_per_1000_obd", "one_to_one_min_per_patient_day"), strict=False, min_length=1, max_length=20
    )
    """Measures that are explained."""
    parameters: dict[ParameterName, Range] = Field(
        ...,
        min_length=1,
        max_length=200,
        json_schema_extra={
            "x-kind": "group",
            "x-expected": "a list of parameter names, or a group of them with ranges",
        },
    )
    """Parameters that vary: names or patterns (`incidents.*`), with a range or with that of the prior."""
    others: Literal["point", "prior", "posterior"] = "point"
    """All other parameters: point, at their point values; prior or posterior, drawn (the same draws for every point)."""
    method: Literal["tornado", "morris", "sobol"] = "tornado"
    """tornado: each alone from low to high; morris: screening of many; sobol: shares of variance."""
    through: Literal["emulator", "ward"] = "emulator"
    """sobol: from an emulator fitted to the points, or from the ward itself (many more runs)."""
    points: int = Field(256, ge=8, le=1_000_000)
    """Points of the design (sobol; a power of two)."""
    trajectories: int = Field(20, ge=4, le=10_000)
    """Paths through the space (morris)."""
    levels: int = Field(4, ge=2, le=20)
    """Levels of each parameter (morris; an even number)."""
