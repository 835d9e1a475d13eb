"""Programmes: bundles of changes to named parameters, with fidelity, ramp-up, decay, hours and cost."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Name, Percent, Section, Text

ProgrammeKind = Literal[
    "relational_safety",
    "structured_risk_assessment",
    "protected_engagement",
    "reporting_culture",
    "restraint_reduction",
    "quality_improvement",
]


class Programme(Section):
    """One programme on the ward."""

    kind: ProgrammeKind
    """Which programme: it names the parameters it changes, listed in the ledger under `programmes.<kind>`."""
    name: Name | None = None
    """Name shown in tables."""
    start_week: float = Field(0.0, ge=-520, le=520)
    """Week after time zero in which it begins."""
    fidelity_pct: float | None = Field(None, ge=0, le=150)
    """Share of the trial's content that the ward reaches, percent; null: drawn from the parameters."""
    ramp_up_weeks: float = Field(26.0, ge=0, le=260)
    """Weeks to reach full fidelity."""
    sustained: bool = True
    """Kept up by the organisation; false: fidelity decays after ramp-up with the half-life in the ledger."""
    staff_hours_per_week: float = Field(4.0, ge=0, le=200)
    """Nursing hours a week it takes (meetings, coaching): work on the ward, dropped like any other."""
    cost_gbp_per_year: float = Field(0.0, ge=0, le=1_000_000)
    """Cash cost a year other than staff hours, GBP (licences, trainers)."""
    evidence_grade: Literal["trial", "before_after", "opinion"] = "opinion"
    """Grade of the evidence for its effect."""
    owner: Name | None = None
    """Who is responsible for it."""
    source: Text | None = None
    """Where the recommendation comes from."""
    status: Literal["proposed", "accepted", "in_progress", "done"] = "in_progress"
    """Status of the recommendation; a proposed or accepted one does nothing yet."""
    reach_pct: Percent = 100.0
    """Share of patients it reaches, percent."""
