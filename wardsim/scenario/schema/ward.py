"""The ward as a place, and the flow of patients through it (what a planner knows about them)."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from .base import IsoDate, Percent, Section


class WardSection(Section):
    """The building and the calendar."""

    beds: int = Field(18, ge=0, le=80)
    """Beds that may be occupied at one time."""
    sex: Literal["mixed", "female", "male"] = "mixed"
    """Whom the ward admits."""
    door_locked: bool = True
    """Whether the ward door is kept locked."""
    seclusion_rooms: int = Field(1, ge=0, le=5)
    """Seclusion rooms (none: seclusion cannot happen here)."""
    low_stimulus_rooms: int = Field(1, ge=0, le=5)
    """Rooms where a patient can be calm away from others, short of seclusion."""
    start_date: IsoDate = Field(date(2025, 4, 7), ge=date(2000, 1, 1), le=date(2100, 12, 31))
    """Calendar date of time zero (YYYY-MM-DD)."""
    bank_holidays: Literal["england", "none"] = "england"
    """Which public holidays change staffing, pay and admissions."""


class CaseMix(Section):
    """Who is admitted. A value left out is taken from the parameters (published mix)."""

    detained_pct: Percent | None = None
    """Share of admissions detained under the Mental Health Act, percent."""
    dual_diagnosis_pct: Percent | None = None
    """Share of admissions with drug or alcohol misuse beside the mental illness, percent."""
    psychosis_pct: Percent | None = None
    """Share of admissions with a psychotic illness, percent."""
    personality_disorder_pct: Percent | None = None
    """Share of admissions with personality disorder as the main diagnosis, percent."""
    previous_violence_pct: Percent | None = None
    """Share of admissions with a known history of violence, percent."""
    physical_comorbidity_pct: Percent | None = None
    """Share of admissions with a long-term physical condition, percent."""
    male_pct: Percent | None = None
    """Share of men on a mixed ward, percent."""


class Sources(Section):
    """Where referrals come from, as shares of first referrals in percent; must add up to 100."""

    community_crisis_pct: Percent = 58.0
    """Community mental health and crisis teams."""
    police_emergency_pct: Percent = 34.0
    """Police custody, place of safety and emergency departments."""
    young_people_pct: Percent = 2.0
    """Young people's services, at the move to adult care (own needs: transition work, longer assessment)."""
    picu_step_down_pct: Percent = 6.0
    """Patients of psychiatric intensive care stepping down to the ward."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.community_crisis_pct + self.police_emergency_pct + self.young_people_pct + self.picu_step_down_pct
        if abs(total - 100.0) > 0.01:
            raise ValueError(f"demand.sources must add up to 100 percent; they add up to {total:.6g}")
        return self


class LocalFacts(Section):
    """What a real ward counted in a year. Of admissions, stay and occupancy give any two; the third is solved."""

    admissions_per_year: float | None = Field(None, gt=0, le=2000)
    """Admissions to the ward in a year."""
    occupied_bed_days_per_year: float | None = Field(None, gt=0, le=40000)
    """Occupied bed days in a year, leave excluded (another way to give occupancy)."""
    occupancy_pct: float | None = Field(None, gt=0, le=100)
    """Occupied beds as a share of beds, leave excluded, percent."""
    stay_mean_days: float | None = Field(None, gt=1, le=365)
    """Mean days on the ward per admission."""
    aggression_reported_per_year: float | None = Field(None, ge=0, le=20000)
    """Aggressive incidents (verbal, objects, physical) in the ward's own incident system in a year; scales the
    base rates."""
    assaults_reported_per_year: float | None = Field(None, ge=0, le=5000)
    """Physical assaults in the ward's own incident system in a year; sets the share of aggression that is physical."""


class DemandSection(Section):
    """Who is referred, how many, and how ill they are on arrival."""

    local: LocalFacts = LocalFacts()
    """Local counts that condition the parameters."""
    sources: Sources = Sources()
    """Shares of referral sources."""
    case_mix: CaseMix = CaseMix()
    """Shares of patient attributes."""
    referrals_multiplier: float = Field(1.0, ge=0, le=2.0)
    """Referrals relative to the solved rate (0 = none)."""
    growth_pct_per_year: float = Field(0.0, ge=-20, le=20)
    """Change in referrals a year, percent, compound."""
    admission_threshold: float = Field(0.0, ge=-2, le=2)
    """Shift of acuity at admission, in acuity points: above 0 only the more acutely ill are admitted (better
    community support)."""
    crisis_alternatives_pct: Percent = 0.0
    """Share of the less acute community referrals that a crisis house or home treatment team takes instead, percent."""


class FlowSection(Section):
    """Bed management."""

    leave_beds: bool = True
    """Whether the bed of a patient on overnight leave may be given to someone else."""
    out_of_area_after_hours: float | None = Field(24.0, ge=0, le=720)
    """Wait for a bed after which the patient is placed out of area; null: never."""
    discharge_pressure_after_hours: float | None = Field(12.0, ge=0, le=720)
    """Wait for a bed after which the ward looks for an earlier discharge (mechanism bed_pressure); null: never."""
    discharge_team: bool = False
    """A team that works on delayed discharges (shortens delays whose cause is housing, social care or funding)."""


class ResidentPatient(Section):
    """One patient of a census given by the planner, at time zero."""

    days_since_admission: float = Field(..., ge=0, le=3650)
    """Days already spent on the ward."""
    acuity: int | None = Field(None, ge=1, le=5)
    """Acuity level now, 1 (lowest) to 5."""
    detained: bool | None = None
    """Detained under the Mental Health Act."""


class StartSection(Section):
    """How the ward looks at time zero."""

    census: tuple[ResidentPatient, ...] | None = Field(None, strict=False)
    """Patients present at time zero; left out: drawn from the equilibrium of the scenario."""
    burn_in_weeks: int = Field(26, ge=0, le=520)
    """Weeks the baseline ward runs before time zero so that staff, records and skill are its own product."""
