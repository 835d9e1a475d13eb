"""How long a scenario is run and from which start; the command line overrides each of these."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Section


class RunSection(Section):
    """Length, start and repetition."""

    years: float = Field(1.0, gt=0, le=20)
    """Years measured."""
    warm_up_weeks: int = Field(4, ge=0, le=260)
    """Weeks after time zero that are simulated and not measured (steady estimand)."""
    estimand: Literal["steady", "transition"] = "steady"
    """steady: the ward in balance; transition: what follows a change at time zero."""
    replications: int | None = Field(None, ge=1, le=100_000)
    """Ward-years with different chance for the whole run; null: as many as fit two minutes."""
    seed: int = Field(20250407, ge=0, le=2**63 - 1)
    """Root of all random numbers."""


class MechanismsSection(Section):
    """The fourteen mechanisms of the model. Switched off, an effect is exactly nothing and its cause still happens."""

    response: bool = True
    """M1: how soon free, near, trained people answer aggression acts on escalation, duration and harm."""
    contact: bool = True
    """M2: recent therapeutic contact, unmet need and boredom act on aggression, self-harm and the course of acuity."""
    limit_setting: bool = True
    """M3: contacts in which staff set limits or refuse raise the hazard for a short time."""
    familiarity: bool = True
    """M4: how well the team on shift knows the ward and the patient acts on hazard and de-escalation."""
    skill: bool = True
    """M5: current knowledge and skill of those present act on hazard, de-escalation, harm and emergency response."""
    fatigue: bool = True
    """M6: long and consecutive shifts, missed breaks and overtime act on response, limit-setting and sickness."""
    crowding: bool = True
    """M7: patients per bed acts on the hazard of each."""
    contagion: bool = True
    """M8: an incident unsettles the ward and has offspring for some hours."""
    detection: bool = True
    """M9: eyes on the ward act on what is noticed."""
    reporting: bool = True
    """M10: workload, culture and harm act on what is reported."""
    injury: bool = True
    """M11: assaults on staff act on absence and leaving."""
    demand_staffing: bool = True
    """M12: acuity, observation and incidents bring requests for staff; staff are lent to other wards."""
    bed_pressure: bool = True
    """M13: waits for beds bring earlier discharge, and readmission."""
    teamwork: bool = True
    """M14: multidisciplinary presence and review act on pathway steps, contact and stay."""
    direct_effects: bool = False
    """Residual direct terms, one a lever, for sensitivity analysis only; off by default, and zero in the ledger."""
