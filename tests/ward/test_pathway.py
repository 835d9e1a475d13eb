"""The pathway: steps on time, late and missed, each of them work; teamwork (M14) on plans and on the rest of the stay."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ward.flow_only import FlowOnly, empty_ward, scenario
from wardsim.parameters.conditioning import condition
from wardsim.ward.core.clock import DAY, HOUR
from wardsim.ward.core.streams import Stream
from wardsim.ward.patients.patients import OT
from wardsim.ward.staff.people import DOCTOR, OCCUPATIONAL_THERAPIST, PSYCHOLOGIST, RN, SUBSTANTIVE, Person

NINE = 9 * HOUR
NO_REFUSAL = {"patients.physical_check_refused_share": 0.0, "patients.investigations_refused_share": 0.0}
ALWAYS_REFUSED = {"patients.physical_check_refused_share": 0.999999, "patients.log_odds_refusal_per_point": 0.0}


def ward_of(
    *roles: int, teamwork: bool = False, parameters: dict[str, float] | None = None, days: float = 60.0, **sections: Any
) -> FlowOnly:
    """An empty ward with staff who never go home."""
    sections["mechanisms"] = {"teamwork": teamwork, "bed_pressure": False, **sections.get("mechanisms", {})}
    ward = empty_ward(3, pathway=True, parameters={**NO_REFUSAL, **(parameters or {})}, days=days, **sections)
    for i, role in enumerate(roles):
        ward.ctx.dispatcher.start_duty(Person(i, (i, 0), role, 5, SUBSTANTIVE, 37.5, 0.0), "long", 60 * DAY)
    return ward


def steps(ward: FlowOnly, patient: int = 0) -> dict[str, tuple[float, float, str]]:
    return {r[1]: r[2:] for r in ward.ctx.facts.table("pathway") if r[0] == patient and r[1] != "weekly_review"}


def reviews(ward: FlowOnly, patient: int = 0) -> list[str]:
    return [r[4] for r in ward.ctx.facts.table("pathway") if r[0] == patient and r[1] == "weekly_review"]


def tasks(ward: FlowOnly, kind: str) -> list[tuple[Any, ...]]:
    return [t for t in ward.ctx.facts.table("task") if t[4] == kind]


def test_with_staff_every_step_is_done_in_its_window() -> None:
    ward = ward_of(RN, DOCTOR, OCCUPATIONAL_THERAPIST)
    ward.arrive(NINE, clinical_days=20.0, chance={OT: 0.0})
    ward.run()
    found = steps(ward)
    assert {name: row[2] for name, row in found.items()} == {
        "admission_assessment": "on_time",
        "physical_health_check": "on_time",
        "investigations": "on_time",
        "risk_and_safety_plan": "on_time",
        "care_plan": "on_time",
        "functional_assessment": "on_time",
        "discharge_plan": "on_time",
        "first_one_to_one": "missed",
    }
    assert found["admission_assessment"][0] == NINE + DAY
    assert found["care_plan"][1] > NINE + DAY  # the care plan is begun a day after admission
    assert found["discharge_plan"][0] == 20 * DAY + NINE
    assert found["discharge_plan"][1] > 15 * DAY
    assert [t[6] for t in tasks(ward, "discharge")] == ["done"]
    assert tasks(ward, "discharge")[0][0] == 20 * DAY + NINE


@pytest.mark.parametrize("log_factor", [-0.5, 0.5])
def test_a_discharge_is_planned_before_the_new_day_when_the_stay_is_shortened_or_lengthened(log_factor: float) -> None:
    ward = ward_of(RN)
    patient = ward.arrive(NINE, clinical_days=20.0)
    ward.ctx.env.run(until=8 * DAY)
    ward.beds.stays.change_rest(patient, log_factor)
    ready = patient.ready_at
    assert ready < 16 * DAY or ready > 25 * DAY
    ward.run()
    due, done, status = steps(ward)["discharge_plan"]
    assert (due, status) == (ready, "on_time")
    assert ready - 5 * DAY <= done < ready - 4 * DAY


def test_with_nobody_every_step_is_missed_when_its_window_closes() -> None:
    ward = ward_of()
    ward.arrive(NINE, clinical_days=30.0, chance={OT: 0.9})
    when: dict[str, float] = {}
    rows = ward.ctx.facts.table("pathway")
    for hour in range(60 * 24):
        ward.ctx.env.run(until=hour * HOUR + 1.0)
        for r in rows:
            when.setdefault(r[1], ward.ctx.env.now // HOUR * HOUR)
    assert {name: row[2] for name, row in steps(ward).items()} == dict.fromkeys(
        [
            "admission_assessment", "physical_health_check", "investigations", "risk_and_safety_plan", "care_plan", "discharge_plan",
            "first_one_to_one",
        ],
        "missed",
    )
    assert when["admission_assessment"] == NINE + 3 * DAY
    assert when["physical_health_check"] == NINE + 3 * DAY
    assert when["risk_and_safety_plan"] == NINE + 7 * DAY
    assert when["first_one_to_one"] == NINE + 7 * DAY
    assert when["care_plan"] == NINE + 14 * DAY
    assert when["discharge_plan"] == 30 * DAY + 14 * HOUR  # gone at 13:30, seen at the next full hour
    assert reviews(ward) == ["missed"] * 4


def test_late_when_the_nurse_comes_after_the_deadline() -> None:
    ward = ward_of(DOCTOR)
    ward.arrive(NINE, clinical_days=20.0)
    ward.ctx.env.run(until=NINE + 2 * DAY)
    ward.ctx.dispatcher.start_duty(Person(9, (9, 0), RN, 5, SUBSTANTIVE, 37.5, 0.0), "long", 60 * DAY)
    ward.run()
    due, done, status = steps(ward)["admission_assessment"]
    assert status == "late"
    assert due == NINE + DAY
    assert NINE + 2 * DAY < done < NINE + 2 * DAY + 5 * HOUR


def test_what_was_not_yet_due_when_the_patient_left_leaves_no_row() -> None:
    ward = ward_of()
    ward.arrive(NINE, clinical_days=2.0)
    ward.run()
    assert {name: row[2] for name, row in steps(ward).items()} == {
        "admission_assessment": "missed", "physical_health_check": "missed", "investigations": "missed", "discharge_plan": "missed",
    }  # fmt: skip
    waiting = {task.kind.name for task in ward.ctx.dispatcher.waiting}
    assert waiting == {"discharge"}  # the work of the discharge itself, which the ward's day takes back when the patient leaves


def test_one_to_one_and_review_are_reported_from_outside() -> None:
    ward = ward_of()
    patient = ward.arrive(NINE, clinical_days=30.0)
    pathway = ward.pathway
    assert pathway is not None
    ward.ctx.env.run(until=3 * DAY)
    pathway.done(patient, "first_one_to_one", 3 * DAY)
    pathway.done(patient, "first_one_to_one", 4 * DAY)
    pathway.done(patient, "weekly_review", 3 * DAY)
    assert pathway.is_done(patient, "first_one_to_one")
    ward.ctx.env.run(until=12 * DAY)
    pathway.done(patient, "weekly_review", 12 * DAY)
    ward.run()
    assert steps(ward)["first_one_to_one"] == (NINE + 7 * DAY, 3 * DAY, "on_time")
    assert reviews(ward) == ["on_time", "on_time", "missed", "missed"]


@pytest.mark.lever
def test_a_lead_for_physical_health_offers_a_refused_check_again() -> None:
    results = {}
    for lead in (False, True):
        ward = ward_of(RN, DOCTOR, parameters={**ALWAYS_REFUSED}, work={"physical_health_lead": lead})
        ward.arrive(NINE, clinical_days=30.0)
        ward.run()
        results[lead] = (len(tasks(ward, "physical_health_check")), steps(ward)["physical_health_check"][2])
    assert results[False] == (1, "missed")
    assert results[True][0] == 7  # every morning until the window of seven days closes
    assert results[True][1] == "missed"
    shares = {False: 0, True: 0}
    for lead in shares:
        ward = ward_of(
            RN, RN, RN, DOCTOR, DOCTOR, work={"physical_health_lead": lead}, parameters={"patients.physical_check_refused_share": 0.4}
        )
        ward.beds.beds = 80
        for n in range(60):
            ward.arrive(NINE + n * 30, clinical_days=30.0)
        ward.run()
        rows = [r for r in ward.ctx.facts.table("pathway") if r[1] == "physical_health_check"]
        shares[lead] = sum(r[4] == "missed" for r in rows)
        assert len(rows) == 60
    assert shares[False] > 12
    assert shares[True] <= 3


def test_off_the_ward_work_stops_and_goes_on_after_the_return() -> None:
    ward = ward_of()
    patient = ward.arrive(NINE, clinical_days=20.0)
    ward.ctx.env.run(until=NINE + HOUR)
    ward.beds.abscond(patient, 5 * HOUR)
    assert {t[6] for t in ward.ctx.facts.table("task")} == {"cancelled"}
    ward.ctx.env.run(until=NINE + 7 * HOUR)
    for i, role in enumerate((RN, DOCTOR)):
        ward.ctx.dispatcher.start_duty(Person(i, (i, 0), role, 5, SUBSTANTIVE, 37.5, 0.0), "long", 60 * DAY)
    ward.run()
    assert steps(ward)["admission_assessment"][2] == "on_time"
    assert steps(ward)["admission_assessment"][1] > NINE + 7 * HOUR
    assert steps(ward)["physical_health_check"][2] == "on_time"


@pytest.mark.lever
def test_a_young_person_needs_more_at_admission_and_a_meeting() -> None:
    minutes = {}
    for source in ("community_crisis", "young_people"):
        ward = ward_of(RN, DOCTOR, PSYCHOLOGIST)
        ward.arrive(NINE, clinical_days=20.0, source=source)
        ward.run()
        minutes[source] = tasks(ward, "admission")[0][7]
        meeting = list(tasks(ward, "mdt_meeting"))
        assert len(meeting) == (source == "young_people")
        assert ("transition_meeting" in steps(ward)) == (source == "young_people")
        if meeting:
            assert meeting[0][9] == 2
            assert steps(ward)["transition_meeting"][2] == "on_time"
    assert minutes["young_people"] == pytest.approx(1.5 * minutes["community_crisis"])


# -- teamwork (M14) -----------------------------------------------------------------------------------------------------------


def _shared(ward: FlowOnly, patient: Any) -> bool:
    return ward.ctx.streams.row(Stream.PATHWAY, *patient.key, n=16)[9] < 0.5


@pytest.mark.lever
@pytest.mark.parametrize(
    ("on", "quality", "share", "by_others"),
    [(True, 1.0, 0.5, True), (True, 0.0, 1.0, True), (True, -1.0, 0.5, False), (True, 1.0, 0.0, False), (False, 1.0, 0.9, False)],
    ids=["joint", "usual", "poor", "null", "switch off"],
)
def test_other_professions_write_plans_when_they_work_together(on: bool, quality: float, share: float, by_others: bool) -> None:
    """No nurse at all: a care plan is written only if an occupational therapist may."""
    ward = ward_of(
        OCCUPATIONAL_THERAPIST,
        teamwork=on,
        parameters={"patients.shared_planning_share": share, "flow.log_stay_per_review": 0.0},
        staffing={"multidisciplinary": {"teamwork": quality}},
    )
    ward.arrive(NINE, clinical_days=30.0)
    ward.run()
    segments = [s for s in ward.ctx.facts.table("segment") if s[4] == "care_plan"]
    assert bool(segments) == by_others
    assert steps(ward)["care_plan"][2] == ("on_time" if by_others else "missed")


def _stay(held: bool, on: bool = True, coefficient: float = 0.05, quality: float = 0.0, plan: bool = False, **more: float) -> float:
    ward = ward_of(
        *((RN,) if plan else ()),
        teamwork=on,
        parameters={
            "flow.log_stay_per_review": coefficient, "flow.log_delay_discharge_plan": 0.0, "flow.review_reference": 0.5,
            "flow.review_quality_per_point": 0.5, **more,
        },
        staffing={"multidisciplinary": {"teamwork": quality}},
        days=300.0,
    )  # fmt: skip
    patient = ward.arrive(NINE, clinical_days=60.0, delay_days=40.0, cause="placement")
    for week in range(30):
        ward.ctx.env.run(until=NINE + week * 7 * DAY + DAY)
        if held and ward.pathway is not None:
            ward.pathway.done(patient, "weekly_review", ward.ctx.env.now)
    ward.run()
    row = ward.ctx.facts.table("discharge")[0]
    return float(row[0]) / DAY


@pytest.mark.lever
def test_reviews_held_act_on_the_rest_of_the_stay_both_ways_and_only_with_the_mechanism() -> None:
    plain = _stay(True, on=False)
    assert plain == 100.0 + 13.5 / 24
    assert _stay(False, on=False) == plain
    assert _stay(True, coefficient=0.0) == plain
    assert _stay(False, coefficient=0.0) == plain
    assert _stay(True) < plain < _stay(False)
    assert _stay(True, quality=1.0) < _stay(True)
    assert _stay(True, coefficient=-0.05) > plain  # a prior that includes harm is carried through


@pytest.mark.lever
def test_a_discharge_planned_in_time_acts_on_the_delay_only_with_the_mechanism() -> None:
    reference = {"flow.log_delay_discharge_plan": 0.2, "flow.discharge_plan_reference": 0.5}
    assert _stay(False, coefficient=0.0, plan=True, **reference) < _stay(False, on=False, plan=True)
    assert _stay(False, coefficient=0.0, plan=False, **reference) > _stay(False, on=False, plan=False)
    assert _stay(False, on=False, plan=True, **reference) == _stay(False, on=False, plan=False, **reference)


def test_teamwork_null_and_off_are_the_same_to_the_byte() -> None:
    off = scenario(mechanisms={"teamwork": False, "bed_pressure": False})
    p = condition(off, {**_p(), "flow.log_stay_per_review": 0.0, "flow.log_delay_discharge_plan": 0.0})
    p.update({"patients.shared_planning_share": 0.0, "patients.log_planning_time_teamwork": 0.0})
    found = []
    for scene in (off, scenario(mechanisms={"teamwork": True, "bed_pressure": False})):
        facts = FlowOnly(scene, p, conditioned=True, days=120.0).run()
        found.append([repr(facts.table(t)) for t in ("referral", "admission", "discharge", "leave", "beds", "pathway", "ready")])
    assert found[0] == found[1]


def _p() -> dict[str, float]:
    from tests.support import point_parameters

    return point_parameters()


@pytest.mark.parametrize(("wait", "status"), [(0.0, "on_time"), (1.0, "late")])
def test_blood_tests_of_friday_afternoon_wait_for_monday_where_nobody_on_the_shift_takes_blood(wait: float, status: str) -> None:
    friday = 4 * DAY + 15 * HOUR
    ward = ward_of(RN, parameters={"patients.investigations_wait_share": wait})
    ward.arrive(friday, clinical_days=20.0)
    ward.run()
    due, done, found = steps(ward)["investigations"]
    assert (due, found) == (friday + DAY, status)
    if wait:
        assert 7 * DAY + 9.5 * HOUR < done < 7 * DAY + 12 * HOUR


def test_blood_tests_declined_are_missed_and_not_asked_for_again() -> None:
    parameters = {"patients.investigations_refused_share": 0.999999, "patients.log_odds_refusal_per_point": 0.0}
    ward = ward_of(RN, parameters=parameters)
    ward.arrive(NINE, clinical_days=20.0)
    ward.run()
    assert steps(ward)["investigations"][2] == "missed"
    assert [t[6] for t in tasks(ward, "investigations")] == ["done"]
