"""Courses, booking, release, backfill."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Name, Percent, Section

CourseName = Literal[
    "violence_prevention",
    "de_escalation",
    "dual_diagnosis",
    "sexual_safety",
    "suicide_safety",
    "life_support",
    "induction",
    "other_mandatory",
]
Modality = Literal["classroom", "on_ward", "e_learning"]
Role = Literal["rn", "hca", "na", "ward_manager", "occupational_therapist", "psychologist", "activity_worker", "doctor"]


class Course(Section):
    """One course: who needs it, how long it takes, how long it lasts."""

    name: CourseName
    """Which course."""
    label: Name | None = None
    """Name shown in tables; left out: made from `name`."""
    roles: tuple[Role, ...] = Field(("rn", "hca", "na"), strict=False)
    """Roles that need it."""
    needed_pct: Percent = 100.0
    """Share of those roles that are required to hold it, percent."""
    initial_hours: float = Field(..., ge=0, le=80)
    """Hours of the first course."""
    refresher_hours: float = Field(..., ge=0, le=80)
    """Hours of each refresher."""
    valid_months: int = Field(12, ge=1, le=120)
    """Months until a refresher is due."""
    modality: Modality = "classroom"
    """How it is taught: classroom (off the ward), on the ward (short sessions on duty), e-learning (alone, on duty
    when time allows)."""
    group_size: int = Field(12, ge=1, le=60)
    """Places on one course day."""
    sessions_per_month: float = Field(2.0, ge=0, le=60)
    """Course days offered a month to this ward's staff (0: nobody can attend)."""
    fee_gbp: float = Field(0.0, ge=0, le=5000)
    """Course fee for one place, GBP."""


class TrainingSection(Section):
    """How staff are released, and for what."""

    courses: tuple[Course, ...] = Field(
        (
            Course(
                name="violence_prevention",
                initial_hours=30,
                refresher_hours=7.5,
                valid_months=12,
                sessions_per_month=2,
                fee_gbp=60,
            ),
            Course(
                name="de_escalation",
                initial_hours=7.5,
                refresher_hours=3.75,
                valid_months=24,
                needed_pct=60,
                sessions_per_month=1,
                fee_gbp=50,
            ),
            Course(
                name="dual_diagnosis",
                initial_hours=7.5,
                refresher_hours=3.75,
                valid_months=36,
                needed_pct=20,
                sessions_per_month=0.5,
                fee_gbp=60,
            ),
            Course(
                name="sexual_safety", initial_hours=3.75, refresher_hours=1.5, valid_months=36, modality="e_learning"
            ),
            Course(
                name="suicide_safety",
                initial_hours=7.5,
                refresher_hours=3.75,
                valid_months=36,
                roles=("rn", "na"),
                sessions_per_month=1,
                fee_gbp=50,
            ),
            Course(
                name="life_support",
                initial_hours=7.5,
                refresher_hours=7.5,
                valid_months=12,
                sessions_per_month=3,
                fee_gbp=40,
            ),
            Course(name="induction", initial_hours=22.5, refresher_hours=0, valid_months=120, sessions_per_month=2),
            Course(name="other_mandatory", initial_hours=9, refresher_hours=7, valid_months=12, modality="e_learning"),
        ),
        strict=False,
    )
    """The training matrix."""
    booking: Literal["first_come", "most_exposed_first", "none"] = "first_come"
    """Who is booked first: in order of due date, by a training needs assessment (those most exposed to violence
    and longest out of date), or nobody."""
    book_ahead_weeks: int = Field(8, ge=1, le=52)
    """Weeks before expiry that a place is sought."""
    release_rule: Literal["cover_permitting", "always", "never"] = "cover_permitting"
    """Release from a rostered shift: only if cover stays at or above `release_minimum_cover_pct`; always; or never."""
    release_minimum_cover_pct: Percent = 90.0
    """Share of the required number that must remain when one person is released, percent."""
    backfill: bool | None = None
    """Whether the released person's shift is offered to bank: null, with the probability in the parameters; true,
    always; false, never."""
    cancel_when_short: bool = True
    """Whether a released person is called back on the day when the ward is short."""
    protected: bool = False
    """Release honoured whatever the cover on the day (no call-back)."""
    max_released_per_shift: int = Field(2, ge=0, le=30)
    """Most people released from one shift."""
    e_learning_protected_hours: bool = False
    """E-learning is done in rostered time off the ward rather than on shift when quiet."""
    planned_hours_per_wte: float | None = Field(None, ge=0, le=200)
    """Study hours a year promised for each WTE; shown beside what was delivered; null: the hours the courses need."""
