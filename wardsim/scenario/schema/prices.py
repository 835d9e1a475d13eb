"""Prices. Unit prices belong to the scenario; their year is stated."""

from __future__ import annotations

from pydantic import Field

from .base import Section

Price = float


class PricesSection(Section):
    """Unit prices, GBP, of the price year. Hourly pay is the cost of one paid hour with on-costs, before unsocial
    hours."""

    year: str = Field("2024-25", max_length=20)
    """Price year."""
    hour_band2_gbp: Price = Field(15.97, ge=0, le=500)
    """Band 2, one paid hour (W154)."""
    hour_band3_gbp: Price = Field(17.42, ge=0, le=500)
    """Band 3, one paid hour (W155)."""
    hour_band4_gbp: Price = Field(19.84, ge=0, le=500)
    """Band 4, one paid hour (W156)."""
    hour_band5_gbp: Price = Field(22.10, ge=0, le=500)
    """Band 5, one paid hour (W157)."""
    hour_band6_gbp: Price = Field(27.08, ge=0, le=500)
    """Band 6, one paid hour (W158)."""
    hour_band7_gbp: Price = Field(33.5, ge=0, le=500)
    """Band 7, one paid hour (W159, uplifted)."""
    hour_occupational_therapist_gbp: Price = Field(27.08, ge=0, le=500)
    """Occupational therapist, band 6."""
    hour_psychologist_gbp: Price = Field(39.0, ge=0, le=500)
    """Psychologist, band 8a (assumption)."""
    hour_activity_worker_gbp: Price = Field(17.42, ge=0, le=500)
    """Activity worker, band 3."""
    hour_consultant_gbp: Price = Field(75.0, ge=0, le=500)
    """Consultant psychiatrist (assumption)."""
    hour_junior_doctor_gbp: Price = Field(35.0, ge=0, le=500)
    """Doctor in training (assumption)."""
    unsocial_night_saturday_registered: float = Field(0.30, ge=0, le=2)
    """Addition for weekday nights (20:00-06:00) and Saturdays, bands 4 and above (W161)."""
    unsocial_sunday_registered: float = Field(0.60, ge=0, le=2)
    """Addition for Sundays and public holidays, bands 4 and above (W162)."""
    unsocial_night_saturday_band3: float = Field(0.35, ge=0, le=2)
    """Addition for weekday nights and Saturdays, band 3 (W161)."""
    unsocial_sunday_band3: float = Field(0.69, ge=0, le=2)
    """Addition for Sundays and public holidays, band 3 (W162)."""
    unsocial_night_saturday_band2: float = Field(0.41, ge=0, le=2)
    """Addition for weekday nights and Saturdays, band 2 (W161)."""
    unsocial_sunday_band2: float = Field(0.83, ge=0, le=2)
    """Addition for Sundays and public holidays, band 2 (W162)."""
    bank_multiple: float = Field(1.10, ge=0, le=5)
    """Cost of a bank hour relative to the substantive paid hour (W165, recalled)."""
    agency_multiple: float = Field(1.60, ge=0, le=5)
    """Cost of an agency hour relative to the substantive paid hour (W164; 1.4 to 1.9 in use)."""
    overtime_multiple: float = Field(1.5, ge=0, le=5)
    """Cost of an overtime hour of own staff relative to the plain hour."""
    out_of_area_day_gbp: Price = Field(620.0, ge=0, le=5000)
    """One day in an out-of-area bed (550 to 900 in use)."""
    property_damage_gbp: Price = Field(150.0, ge=0, le=50000)
    """Cash cost of one incident of aggression to objects (assumption)."""
    police_attendance_gbp: Price = Field(0.0, ge=0, le=50000)
    """Charge to the provider for one police attendance."""
    injury_pay_gbp_per_day: Price = Field(0.0, ge=0, le=5000)
    """Injury allowance above sick pay, per day of absence after assault."""
