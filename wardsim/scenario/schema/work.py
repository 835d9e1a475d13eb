"""Policies for work on the ward: contact, observation, documentation, shift ends, reporting."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Section


class OneToOneSection(Section):
    """Planned one-to-one therapeutic sessions."""

    sessions_per_patient_week: float = Field(5.0, ge=0, le=21)
    """Sessions planned for each patient in a week."""
    minutes: float = Field(22.0, ge=5, le=90)
    """Planned length of a session, minutes."""
    protected: bool = False
    """Protected engagement time: a session in progress is interrupted only by an emergency."""


class ActivitiesSection(Section):
    """Groups and activities."""

    groups_per_weekday: float = Field(2.0, ge=0, le=12)
    """Groups planned on a weekday."""
    groups_per_weekend_day: float = Field(1.0, ge=0, le=12)
    """Groups planned on a weekend day."""
    minutes: float = Field(50.0, ge=10, le=180)
    """Planned length of a group, minutes."""


class ObservationSection(Section):
    """Observation policy."""

    general_round_minutes: int = Field(60, ge=15, le=240)
    """Minutes between general observation rounds."""
    intermittent_round_minutes: int = Field(20, ge=10, le=60)
    """Minutes between checks on patients under intermittent observation."""
    constant_stint_minutes: int = Field(60, ge=15, le=120)
    """Longest stint of one person on constant observation, minutes."""
    threshold: float = Field(0.0, ge=-2, le=2)
    """Shift of the acuity at which observation is raised: above 0 fewer patients are observed constantly."""


class ReportingSection(Section):
    """What gets written into the incident system."""

    culture: float = Field(0.0, ge=-2, le=2)
    """Reporting culture: 0 usual, above 0 open and just, below 0 fear of blame (acts on the odds of reporting,
    mechanism reporting)."""


class WorkSection(Section):
    """How work is done."""

    one_to_one: OneToOneSection = OneToOneSection()
    """One-to-one sessions."""
    activities: ActivitiesSection = ActivitiesSection()
    """Groups and activities."""
    observation: ObservationSection = ObservationSection()
    """Observation."""
    reporting: ReportingSection = ReportingSection()
    """Reporting."""
    documentation_time_multiplier: float = Field(1.0, ge=0, le=4)
    """Time each documentation task takes relative to usual (the digital burden: 1 usual, 0.5 halved)."""
    break_minutes: float = Field(30.0, ge=0, le=90)
    """Break due on a shift of more than six hours, minutes (long shifts: two)."""
    end_of_shift: Literal["finish", "hand_over", "stop"] = "hand_over"
    """Work in hand at the end of a shift: stay and finish it (overtime), hand it over, or stop."""
    handover_minutes: float = Field(30.0, ge=0, le=60)
    """Length of handover, minutes."""
    supervision_hours_per_month: float = Field(1.0, ge=0, le=10)
    """Clinical supervision planned for each member of nursing staff, hours a month."""
    escorted_leave_per_patient_week: float = Field(3.0, ge=0, le=21)
    """Escorted walks and appointments planned for each patient with leave granted, per week."""
    physical_health_lead: bool = False
    """A named lead for physical health: checks are offered again when missed."""
    mixed_sex_day_rooms: bool = True
    """Day rooms shared by men and women on a mixed ward (sexual safety)."""
