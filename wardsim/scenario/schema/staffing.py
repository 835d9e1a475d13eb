"""Establishment, shift pattern, required numbers, vacancies, leave, bank and agency, multidisciplinary staff."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Clock, Percent, Section


class EstablishmentSection(Section):
    """Funded posts in whole-time equivalents (WTE, 37.5 hours a week), by role and Agenda for Change band."""

    rn_band5_wte: float = Field(7.6, ge=0, le=60)
    """Staff nurses, band 5."""
    rn_band6_wte: float = Field(3.6, ge=0, le=30)
    """Senior staff nurses and deputy managers, band 6."""
    na_band4_wte: float = Field(1.0, ge=0, le=20)
    """Nursing associates, band 4 (registered, count as neither RN nor HCA in national fill rates but work in HCA
    slots)."""
    hca_band3_wte: float = Field(10.0, ge=0, le=60)
    """Healthcare assistants, band 3."""
    hca_band2_wte: float = Field(3.6, ge=0, le=60)
    """Healthcare assistants, band 2."""
    ward_manager_wte: float = Field(1.0, ge=0, le=3)
    """Ward manager, band 7, weekdays, supernumerary."""
    in_post: bool = False
    """True: the figures are WTE in post, so no vacancies are taken off at the start."""


class RequiredNumbers(Section):
    """Staff required on one shift."""

    rn: int = Field(2, ge=0, le=30)
    """Registered nurses."""
    hca: int = Field(3, ge=0, le=30)
    """Healthcare assistants and nursing associates."""


class NightNumbers(RequiredNumbers):
    """Staff required on the night shift."""

    hca: int = Field(2, ge=0, le=30)
    """Healthcare assistants and nursing associates."""


class ExtraNumbers(NightNumbers):
    """Staff on one shift beside those required."""

    rn: int = Field(0, ge=0, le=30)
    """Registered nurses."""
    hca: int = Field(0, ge=0, le=30)
    """Healthcare assistants and nursing associates."""


class PatternTimes(Section):
    """Start and end of each shift."""

    early: tuple[Clock, Clock] = Field(("07:00", "14:45"), strict=False)
    """Early shift of the three-shift pattern."""
    late: tuple[Clock, Clock] = Field(("13:45", "21:30"), strict=False)
    """Late shift of the three-shift pattern."""
    night: tuple[Clock, Clock] = Field(("21:00", "07:30"), strict=False)
    """Night shift of the three-shift pattern."""
    long_day: tuple[Clock, Clock] = Field(("07:00", "19:45"), strict=False)
    """Day shift of the long-day pattern."""
    long_night: tuple[Clock, Clock] = Field(("19:15", "07:30"), strict=False)
    """Night shift of the long-day pattern."""


class RequiredSection(Section):
    """Required numbers by shift; under the long-day pattern `early` rules the day and `late` is not used."""

    early: RequiredNumbers = RequiredNumbers()
    """Early shift (or the long day)."""
    late: RequiredNumbers = RequiredNumbers()
    """Late shift."""
    night: NightNumbers = NightNumbers()
    """Night shift."""
    weekend_hca_change: int = Field(0, ge=-5, le=5)
    """Change in healthcare assistants on Saturday and Sunday day shifts."""


class ExtraSection(RequiredSection):
    """Staff by shift beside those required; what is left out is none."""

    early: ExtraNumbers = ExtraNumbers()
    """Early shift (or the long day)."""
    late: ExtraNumbers = ExtraNumbers()
    """Late shift."""
    night: ExtraNumbers = ExtraNumbers()
    """Night shift."""


class Vacancies(Section):
    """Share of the establishment vacant when the ward is in balance; null: from the parameters."""

    rn_pct: Percent | None = None
    """Registered nurse vacancy, percent of establishment."""
    hca_pct: Percent | None = None
    """Healthcare assistant and nursing associate vacancy, percent of establishment."""


class AbsenceSection(Section):
    """Leave and absence; null: from the parameters."""

    headroom_pct: float = Field(20.0, ge=0, le=60)
    """Allowance for absence that was funded, percent of contracted hours (advice: 22 to 27)."""
    annual_leave_days: float = Field(33.0, ge=0, le=60)
    """Annual leave with public holidays, days a year of 7.5 hours for one WTE."""
    leave_carried_over_days: float = Field(20.0, ge=0, le=60)
    """Most annual leave carried into the next leave year, days of 7.5 hours for one WTE (20: the four weeks that the law carries over after sickness)."""
    sickness_rn_pct: Percent | None = None
    """Registered nurses' sickness, percent of contracted hours."""
    sickness_hca_pct: Percent | None = None
    """Healthcare assistants' sickness, percent of contracted hours."""
    parental_other_pct: Percent | None = None
    """Maternity, paternity and other long absence, percent of contracted hours."""


class TemporarySection(Section):
    """Bank and agency."""

    bank: bool = True
    """Whether gaps may go to the bank."""
    agency: bool = True
    """Whether gaps the bank leaves may go to an agency."""
    agency_rn_only: bool = False
    """Agency for registered nurses only."""
    request_lead_days: int = Field(14, ge=0, le=60)
    """Days before the shift when known gaps are offered (more notice, better fill)."""
    regular_pool_size: int = Field(24, ge=1, le=200)
    """Bank workers who know of this ward; a small pool makes familiar faces."""
    overtime_by_own_staff_pct: Percent = 35.0
    """Share of bank shifts worked by the ward's own staff, percent."""


class TurnoverSection(Section):
    """Leaving and hiring; null: from the parameters."""

    rn_leavers_pct_per_year: float | None = Field(None, ge=0, le=80)
    """Registered nurses leaving in a year, percent of those in post."""
    hca_leavers_pct_per_year: float | None = Field(None, ge=0, le=80)
    """Healthcare assistants leaving in a year, percent of those in post."""
    time_to_hire_months: float | None = Field(None, ge=0, le=36)
    """Months from a post falling vacant to the new person's first day."""


class MultidisciplinarySection(Section):
    """Staff other than nursing, in WTE on this ward, and their days."""

    occupational_therapist_wte: float = Field(1.0, ge=0, le=10)
    """Occupational therapists, weekdays."""
    psychologist_wte: float = Field(0.5, ge=0, le=10)
    """Psychologists, weekdays."""
    activity_worker_wte: float = Field(1.0, ge=0, le=10)
    """Activity workers."""
    activity_seven_days: bool = False
    """Activity workers cover weekends (same hours spread over seven days)."""
    consultant_wte: float = Field(1.0, ge=0, le=10)
    """Consultant psychiatrists, weekdays."""
    junior_doctor_wte: float = Field(2.0, ge=0, le=10)
    """Doctors in training and other ward doctors, weekdays; out of hours a duty doctor covers the site."""
    teamwork: float = Field(0.0, ge=-1, le=1)
    """Quality of multidisciplinary working: -1 poor, 0 usual, +1 joint reviews, shared formulation, daily planning
    (mechanism teamwork)."""


class StaffingSection(Section):
    """Who should be there."""

    pattern: Literal["three_shift", "long_day", "mixed"] = "three_shift"
    """Shift pattern of the ward; mixed: own staff split by `long_day_pct`."""
    long_day_pct: Percent = 50.0
    """Under `mixed`: share of days worked as long days, percent."""
    times: PatternTimes = PatternTimes()
    """Shift times."""
    required: RequiredSection = RequiredSection()
    """Required numbers by shift and role."""
    establishment: EstablishmentSection = EstablishmentSection()
    """Funded posts."""
    funded_extra: ExtraSection = ExtraSection()
    """Extra required staff WITH establishment: posts are raised by the hours divided by one minus headroom and
    recruited with time to hire."""
    by_bank_extra: ExtraSection = ExtraSection()
    """Extra required staff WITHOUT establishment: only the required number rises; bank and agency fill it."""
    roster_file: str | None = Field(None, max_length=200)
    """CSV of a real roster beside the scenario (columns date, shift, role, staff; one line for each person on each
    shift, staff being who it is and not how many); left out: drawn up from the pattern."""
    roster_lead_weeks: int = Field(6, ge=1, le=26)
    """Weeks ahead that a four-week roster is published."""
    vacancies: Vacancies = Vacancies()
    """Vacancies."""
    absence: AbsenceSection = AbsenceSection()
    """Leave and sickness."""
    turnover: TurnoverSection = TurnoverSection()
    """Leaving and hiring."""
    temporary: TemporarySection = TemporarySection()
    """Bank and agency."""
    multidisciplinary: MultidisciplinarySection = MultidisciplinarySection()
    """Other professions."""
    observation_extra_staff: bool = True
    """Whether the ward may ask for extra staff for constant observation and high acuity (mechanism demand_staffing)."""
    lent_to_other_wards: bool = True
    """Whether staff above the minimum may be sent to other wards (mechanism demand_staffing)."""
    neighbour_responders: bool = True
    """Whether neighbouring wards send responders to an emergency."""
