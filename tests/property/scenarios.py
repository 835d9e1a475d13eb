"""Random valid scenarios: everything a planner may set, within its bounds, as `validate` would accept it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.levers.bench import SWITCHES
from wardsim.scenario.cross import findings
from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.training import Course, TrainingSection

START_DATES = ("2025-04-07", "2025-04-10", "2025-12-20", "2024-02-24", "2027-08-29")
"""Plain weeks, Easter, Christmas, a leap day, the end of summer."""
PROGRAMMES = (
    "relational_safety", "structured_risk_assessment", "protected_engagement", "reporting_culture", "restraint_reduction",
    "quality_improvement",
)  # fmt: skip


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """A number within bounds, the bounds themselves often enough."""
    return st.one_of(st.sampled_from((low, high)), st.floats(low, high, allow_nan=False, width=32))


def wards() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "beds": st.integers(0, 30),
            "sex": st.sampled_from(("mixed", "female", "male")),
            "start_date": st.sampled_from(START_DATES),
            "bank_holidays": st.sampled_from(("england", "none")),
            "seclusion_rooms": st.integers(0, 2),
            "low_stimulus_rooms": st.integers(0, 2),
            "door_locked": st.booleans(),
        }
    )


def demands() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "referrals_multiplier": number(0.0, 2.0),
            "growth_pct_per_year": number(-20.0, 20.0),
            "admission_threshold": number(-2.0, 2.0),
            "crisis_alternatives_pct": number(0.0, 100.0),
        }
    )


def flows() -> st.SearchStrategy[dict[str, Any]]:
    limit = st.one_of(st.none(), st.just(0.0), number(1.0, 96.0))
    return st.fixed_dictionaries(
        {
            "leave_beds": st.booleans(),
            "out_of_area_after_hours": limit,
            "discharge_pressure_after_hours": limit,
            "discharge_team": st.booleans(),
        }
    )


def shifts(most: int) -> st.SearchStrategy[dict[str, Any]]:
    numbers = st.fixed_dictionaries({"rn": st.integers(0, most), "hca": st.integers(0, most)})
    return st.fixed_dictionaries({"early": numbers, "late": numbers, "night": numbers})


def staffings() -> st.SearchStrategy[dict[str, Any]]:
    wte = number(0.0, 15.0)
    few = number(0.0, 3.0)
    share = st.one_of(st.none(), number(0.0, 30.0))
    return st.fixed_dictionaries(
        {
            "pattern": st.sampled_from(("three_shift", "long_day", "mixed")),
            "long_day_pct": number(0.0, 100.0),
            "required": shifts(6),
            "funded_extra": shifts(1),
            "by_bank_extra": shifts(1),
            "roster_lead_weeks": st.integers(1, 10),
            "establishment": st.fixed_dictionaries(
                {
                    "rn_band5_wte": wte, "rn_band6_wte": few, "na_band4_wte": few, "hca_band3_wte": wte, "hca_band2_wte": few,
                    "ward_manager_wte": number(0.0, 1.0), "in_post": st.booleans(),
                }
            ),
            "vacancies": st.fixed_dictionaries({"rn_pct": share, "hca_pct": share}),
            "absence": st.fixed_dictionaries(
                {"annual_leave_days": number(0.0, 60.0), "sickness_rn_pct": share, "sickness_hca_pct": share, "parental_other_pct": share}
            ),
            "temporary": st.fixed_dictionaries(
                {
                    "bank": st.booleans(), "agency": st.booleans(), "agency_rn_only": st.booleans(),
                    "request_lead_days": st.integers(0, 30), "regular_pool_size": st.integers(1, 30),
                    "overtime_by_own_staff_pct": number(0.0, 100.0),
                }
            ),
            "turnover": st.fixed_dictionaries({"rn_leavers_pct_per_year": share, "hca_leavers_pct_per_year": share}),
            "multidisciplinary": st.fixed_dictionaries(
                {
                    "occupational_therapist_wte": few, "psychologist_wte": few, "activity_worker_wte": few, "consultant_wte": few,
                    "junior_doctor_wte": few, "activity_seven_days": st.booleans(), "teamwork": number(-1.0, 1.0),
                }
            ),
            "observation_extra_staff": st.booleans(),
            "lent_to_other_wards": st.booleans(),
            "neighbour_responders": st.booleans(),
        }
    )  # fmt: skip


USUAL_COURSES = TrainingSection().courses


@st.composite
def courses(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some of the usual courses, taught, timed and offered anyhow."""
    chosen = draw(st.lists(st.sampled_from(USUAL_COURSES), unique_by=lambda c: c.name, max_size=len(USUAL_COURSES)))
    return [_altered(draw, course) for course in chosen]


def _altered(draw: st.DrawFn, course: Course) -> dict[str, Any]:
    return {
        **course.model_dump(mode="json"),
        "modality": draw(st.sampled_from(("classroom", "on_ward", "e_learning"))),
        "needed_pct": draw(number(0.0, 100.0)),
        "initial_hours": draw(number(0.0, 40.0)),
        "refresher_hours": draw(number(0.0, 16.0)),
        "valid_months": draw(st.integers(1, 36)),
        "group_size": draw(st.integers(1, 20)),
        "sessions_per_month": draw(number(0.0, 12.0)),
    }


def trainings() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "courses": courses(),
            "booking": st.sampled_from(("first_come", "most_exposed_first", "none")),
            "book_ahead_weeks": st.integers(1, 16),
            "release_rule": st.sampled_from(("cover_permitting", "always", "never")),
            "release_minimum_cover_pct": number(0.0, 100.0),
            "backfill": st.one_of(st.none(), st.booleans()),
            "cancel_when_short": st.booleans(),
            "protected": st.booleans(),
            "max_released_per_shift": st.integers(0, 6),
            "e_learning_protected_hours": st.booleans(),
            "planned_hours_per_wte": st.one_of(st.none(), number(0.0, 60.0)),
        }
    )


def works() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "one_to_one": st.fixed_dictionaries(
                {"sessions_per_patient_week": number(0.0, 10.0), "minutes": number(5.0, 60.0), "protected": st.booleans()}
            ),
            "activities": st.fixed_dictionaries({"groups_per_weekday": number(0.0, 7.0), "groups_per_weekend_day": number(0.0, 4.0)}),
            "observation": st.fixed_dictionaries(
                {
                    "general_round_minutes": st.integers(15, 240), "intermittent_round_minutes": st.integers(10, 60),
                    "constant_stint_minutes": st.integers(15, 120), "threshold": number(-2.0, 2.0),
                }
            ),
            "reporting": st.fixed_dictionaries({"culture": number(-2.0, 2.0)}),
            "documentation_time_multiplier": number(0.0, 4.0),
            "break_minutes": number(0.0, 90.0),
            "end_of_shift": st.sampled_from(("finish", "hand_over", "stop")),
            "handover_minutes": number(0.0, 60.0),
            "supervision_hours_per_month": number(0.0, 6.0),
            "escorted_leave_per_patient_week": number(0.0, 10.0),
            "physical_health_lead": st.booleans(),
            "mixed_sex_day_rooms": st.booleans(),
        }
    )  # fmt: skip


def programmes() -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(PROGRAMMES),
            "start_week": st.sampled_from((-40.0, 0.0, 1.0)),
            "ramp_up_weeks": number(0.0, 30.0),
            "fidelity_pct": st.one_of(st.none(), number(0.0, 150.0)),
            "sustained": st.booleans(),
            "staff_hours_per_week": number(0.0, 30.0),
            "cost_gbp_per_year": number(0.0, 50_000.0),
            "reach_pct": number(0.0, 100.0),
            "status": st.sampled_from(("proposed", "in_progress", "done")),
        }
    )
    return st.lists(one, max_size=2, unique_by=lambda p: p["kind"])


def prices() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "police_attendance_gbp": number(0.0, 500.0), "injury_pay_gbp_per_day": number(0.0, 200.0), "bank_multiple": number(0.0, 3.0),
            "agency_multiple": number(0.0, 3.0), "overtime_multiple": number(0.0, 3.0), "out_of_area_day_gbp": number(0.0, 1000.0),
        }
    )  # fmt: skip


@st.composite
def starts(draw: st.DrawFn, beds: int) -> dict[str, Any]:
    """In balance, or a census of the planner's that fits the beds."""
    if draw(st.booleans()):
        return {}
    resident = st.fixed_dictionaries(
        {
            "days_since_admission": number(0.0, 400.0),
            "acuity": st.one_of(st.none(), st.integers(1, 5)),
            "detained": st.one_of(st.none(), st.booleans()),
        }
    )
    return {"census": draw(st.lists(resident, max_size=beds))}


def mechanisms() -> st.SearchStrategy[dict[str, bool]]:
    """All on (half of the time), or each on or off."""
    mixed = st.fixed_dictionaries({name: st.booleans() for name in (*SWITCHES, "direct_effects")})
    return st.one_of(st.just({}), mixed)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario that passes every check of `wardsim validate`."""
    ward = draw(wards())
    made = Scenario.model_validate(
        {
            "name": "random",
            "ward": ward,
            "demand": draw(demands()),
            "flow": draw(flows()),
            "staffing": draw(staffings()),
            "training": draw(trainings()),
            "work": draw(works()),
            "programmes": draw(programmes()),
            "prices": draw(prices()),
            "mechanisms": draw(mechanisms()),
            "start": draw(starts(ward["beds"])),
        }
    )
    assert not list(findings(made))
    return made
