"""Money: quantity times price, line by line; headings that sum to the total exactly; which hours are unsocial."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.cases import PRICED, money, workers
from tests.measures.hand import HOUR, PARAMETERS, QUIET, changed, values, ward
from wardsim.measures.compute import view_of
from wardsim.measures.costs import HEADINGS, PARTS, lines
from wardsim.measures.prices import UnsocialClock, hourly_price, unsocial_additions
from wardsim.ward.core.clock import DAY

ENGLAND = changed(QUIET, ward__bank_holidays="england")


@pytest.mark.parametrize(("make", "scenario"), [(money, PRICED), (workers, QUIET), (workers, PRICED)])
def test_headings_sum_to_the_total_exactly(make, scenario):
    got = values(make(), scenario=scenario)
    total = got["cost_total_per_year"].value
    assert total == fsum(got[f"cost_{heading}_per_year"].value for heading in HEADINGS)
    assert total > 0.0


@pytest.mark.parametrize("heading", ["substantive", "courses", "incident_cash"])
def test_items_sum_to_their_heading(heading):
    got = values(money(), scenario=PRICED)
    items = [got[name].value for name, (of, _, _) in PARTS.items() if of == heading]
    assert fsum(items) == pytest.approx(got[f"cost_{heading}_per_year"].value, rel=1e-12)


def test_every_line_is_a_quantity_times_a_price():
    account = lines(view_of(money(), PRICED, PARAMETERS, 0.0, 100 * DAY))
    found = {(x.heading, x.item, x.who): (x.quantity, x.unit, x.price) for x in account}
    assert found["bank", "hours", "hca band 3"] == (6.0, "hours", 15.0)
    assert found["bank", "unsocial", "hca band 3, nights and Saturdays"] == (1.0, "hours", pytest.approx(3.5))
    assert found["agency", "hours", "rn band 5"] == (5.0, "hours", 40.0)
    assert found["substantive", "overtime", "rn band 5"] == (7.0, "hours", 30.0)
    assert found["substantive", "basic", "doctor band 9"] == (pytest.approx(0.2 * 37.5 * 100 / 7), "hours", 70.0)
    assert found["courses", "fees", "violence_prevention"] == (1, "places", 60.0)
    assert found["out_of_area", "days", "patients placed out of area"] == (20.0, "days", 500.0)
    assert {x.heading for x in account} == set(HEADINGS)
    total = fsum(x.amount for x in account) / (100 / 365.25)
    assert values(money(), scenario=PRICED)["cost_total_per_year"].value == pytest.approx(total, rel=1e-12)


def test_doubling_prices_doubles_the_heading_and_no_other():
    before = values(money(), scenario=PRICED)
    after = values(money(), scenario=changed(PRICED, prices__out_of_area_day_gbp=1000.0))
    for heading in HEADINGS:
        name = f"cost_{heading}_per_year"
        factor = 2.0 if heading == "out_of_area" else 1.0
        assert after[name].value == factor * before[name].value


def test_paid_leave_and_study_cost_what_work_costs():
    """Own staff are paid by contract: being away changes what is left to buy from others, never their basic pay."""
    here = ward(("employment", {"person": 1}))
    away = ward(
        ("employment", {"person": 1}),
        ("absence", {"start": 0.0, "end": 50 * DAY, "hours": 260.0, "cause": "sickness"}),
        ("absence", {"start": 60 * DAY, "end": 61 * DAY, "hours": 7.5, "cause": "study"}),
    )
    name = "cost_substantive_basic_per_year"
    assert values(here)[name].value == values(away)[name].value > 0.0


def test_breaks_are_not_paid_to_bank_staff():
    duty = {"start": 0.0, "end": 8 * HOUR, "person": 9, "employment": "bank"}
    scenario = changed(PRICED, work__break_minutes=30.0)
    day = values(ward(("duty", {**duty, "start": 9 * HOUR, "end": 17 * HOUR})), scenario=scenario)
    assert day["cost_bank_per_year"].value * 100 / 365.25 == pytest.approx(7.5 * 30.0)


def test_a_public_holiday_pays_as_a_sunday():
    # 2025-04-18 (day 11, a Friday) is Good Friday, 2025-04-21 (day 14) Easter Monday
    duty = {"start": 11 * DAY + 9 * HOUR, "end": 11 * DAY + 14 * HOUR}
    for scenario, hours in ((ENGLAND, 5.0), (QUIET, 0.0)):
        got = values(ward(("duty", duty)), scenario=scenario)["cost_substantive_unsocial_per_year"].value
        assert got * 100 / 365.25 == pytest.approx(hours * 22.10 * 0.60)


def test_holidays_may_be_given():
    duty = {"start": 2 * DAY + 9 * HOUR, "end": 2 * DAY + 14 * HOUR}
    got = values(ward(("duty", duty)), holidays=frozenset({2}))["cost_substantive_unsocial_per_year"].value
    assert got * 100 / 365.25 == pytest.approx(5 * 22.10 * 0.60)


def kind_of_minute(minute: int, holidays: frozenset[int]) -> str:
    """What one minute pays, said in the words of the terms of service."""
    moment = datetime(2025, 4, 7) + timedelta(minutes=minute)
    if moment.weekday() == 6 or minute // 1440 in holidays:
        return "sunday"
    if moment.weekday() == 5 or moment.hour >= 20 or moment.hour < 6:
        return "saturday or night"
    return "plain"


@pytest.mark.property
@given(st.integers(-3000, 20000), st.integers(0, 1500), st.frozensets(st.integers(-3, 14), max_size=3))
def test_unsocial_minutes_against_a_count_of_each_minute(start, length, holidays):
    clock = UnsocialClock(QUIET, holidays, -3000.0, 22000.0)
    lesser, greater = clock.minutes(np.array([float(start)]), np.array([float(start + length)]))
    kinds = [kind_of_minute(minute, holidays) for minute in range(start, start + length)]
    assert lesser[0] == pytest.approx(kinds.count("saturday or night"), abs=1e-6)
    assert greater[0] == pytest.approx(kinds.count("sunday"), abs=1e-6)


@pytest.mark.parametrize(
    ("role", "band", "price", "additions"),
    [
        ("hca", 2, 15.97, (0.41, 0.83)), ("hca", 3, 17.42, (0.35, 0.69)), ("na", 4, 19.84, (0.30, 0.60)), ("rn", 5, 22.10, (0.30, 0.60)),
        ("rn", 6, 27.08, (0.30, 0.60)), ("ward_manager", 7, 33.5, (0.30, 0.60)), ("psychologist", 8, 39.0, (0.30, 0.60)),
        ("occupational_therapist", 6, 27.08, (0.30, 0.60)), ("activity_worker", 3, 17.42, (0.35, 0.69)), ("doctor", 9, 75.0, (0.0, 0.0)),
        ("doctor", 8, 35.0, (0.0, 0.0)),
    ],
)  # fmt: skip
def test_prices_by_role_and_band(role, band, price, additions):
    assert hourly_price(QUIET, role, band) == price
    assert unsocial_additions(QUIET, role, band) == additions


@pytest.mark.parametrize(("role", "price"), [("occupational_therapist", 51.0), ("psychologist", 52.0), ("activity_worker", 53.0), ("rn", 27.08)])
def test_therapists_have_prices_of_their_own_whatever_their_band(role, price):
    scenario = changed(
        QUIET, prices__hour_occupational_therapist_gbp=51.0, prices__hour_psychologist_gbp=52.0, prices__hour_activity_worker_gbp=53.0
    )
    assert hourly_price(scenario, role, 6) == price


@pytest.mark.parametrize(("band", "price"), [(1, 15.97), (2, 15.97), (7, 33.5), (8, 33.5)])
def test_bands_beyond_the_table_are_paid_as_its_ends(band, price):
    assert hourly_price(QUIET, "ward_manager", band) == price


def shown(facts, scenario=PRICED, start=0.0, end=100 * DAY, **options: Any) -> list[tuple[Any, ...]]:
    """The account of a window, line by line, without courses that nobody completed."""
    account = lines(view_of(facts, scenario, PARAMETERS, start, end, **options))
    return [tuple(line) for line in account if line.quantity or line.heading != "courses"]


def near(*expected: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Lines whose numbers may be rounded."""
    return [tuple(pytest.approx(x, rel=1e-12) if isinstance(x, float) else x for x in line) for line in expected]


NOTHING_ELSE = (
    ("out_of_area", "days", "patients placed out of area", 0.0, "days", 500.0),
    ("incident_cash", "property", "aggression to objects", 0, "events", 100.0),
    ("incident_cash", "police", "police attendances", 0, "events", 50.0),
    ("incident_cash", "injury_pay", "days of absence after injury", 0.0, "days", 30.0),
)
PLAIN_PRICES = changed(PRICED, programmes=[])


def test_the_whole_account_line_by_line():
    """Every line of the ward of `money`, worked out on paper there; nothing else is in it."""
    weeks = 100.0 / 7.0
    assert shown(money()) == near(
        ("substantive", "basic", "doctor band 9", 7.5 * weeks, "hours", 70.0),
        ("substantive", "basic", "hca band 3", 18.75 * weeks - 18.75, "hours", 10.0),
        ("substantive", "basic", "rn band 5", 37.5 * weeks, "hours", 20.0),
        ("bank", "hours", "hca band 3", 6.0, "hours", 15.0),
        ("bank", "unsocial", "hca band 3, nights and Saturdays", 1.0, "hours", 3.5),
        ("substantive", "overtime", "rn band 5", 7.0, "hours", 30.0),
        ("substantive", "unsocial", "rn band 5, nights and Saturdays", 16.0, "hours", 6.0),
        ("substantive", "unsocial", "rn band 5, Sundays and holidays", 2.0, "hours", 12.0),
        ("agency", "hours", "rn band 5", 5.0, "hours", 40.0),
        ("agency", "unsocial", "rn band 5, Sundays and holidays", 5.0, "hours", 12.0),
        ("courses", "fees", "violence_prevention", 1, "places", 60.0),
        ("courses", "fees", "life_support", 1, "places", 40.0),
        ("courses", "programmes", "reporting_culture", 100.0 / 365.25, "years", 3652.5),
        ("courses", "programmes", "protected_engagement", 14.0 / 365.25, "years", 365.25),
        ("out_of_area", "days", "patients placed out of area", 20.0, "days", 500.0),
        ("incident_cash", "property", "aggression to objects", 2, "events", 100.0),
        ("incident_cash", "police", "police attendances", 1, "events", 50.0),
        ("incident_cash", "injury_pay", "days of absence after injury", 4.0, "days", 30.0),
    )


def test_posts_of_a_band_are_paid_together_for_their_time_in_the_window():
    """Weeks 1 and 2: one nurse from the start of week 2, one half-time to the end of week 1, one ward manager throughout."""
    week = 7 * DAY
    facts = ward(
        ("employment", {"time": 2 * week, "person": 1}),
        ("employment", {"person": 2, "wte": 0.5}),
        ("employment", {"time": 2 * week, "person": 2, "wte": 0.5, "event": "left"}),
        ("employment", {"person": 3, "role": "ward_manager", "band": 7}),
        ("employment", {"time": 3 * week, "person": 4}),
    )
    got = shown(facts, PLAIN_PRICES, week, 3 * week)
    assert got[:2] == near(
        ("substantive", "basic", "rn band 5", 37.5 + 18.75, "hours", 20.0),
        ("substantive", "basic", "ward_manager band 7", 75.0, "hours", 33.5),
    )
    assert got[2:] == near(*NOTHING_ELSE)


def test_long_absence_is_paid_in_part_for_its_hours_in_the_window():
    """Half of it is not paid: 30 hours lie half in the window, 20 and 4 (in half a minute) wholly; the rest of these rows take nothing away."""
    week = 7 * DAY
    absent = {"person": 1, "cause": "parental_other"}
    facts = ward(
        ("employment", {"person": 1}),
        ("absence", {**absent, "start": 0.0, "end": 2 * week, "hours": 30.0}),
        ("absence", {**absent, "start": 1.5 * week, "end": 2 * week, "hours": 20.0}),
        ("absence", {**absent, "start": 1.25 * week, "end": 1.25 * week + 0.5, "hours": 4.0}),
        ("absence", {**absent, "start": 0.0, "end": week, "hours": 37.5}),
        ("absence", {**absent, "start": 3 * week, "end": 4 * week, "hours": 37.5}),
        ("absence", {**absent, "start": 2 * week, "end": 2 * week, "hours": 37.5}),
        ("absence", {**absent, "start": week, "end": 2 * week, "hours": 37.5, "person": 77}),
        ("absence", {**absent, "start": week, "end": 2 * week, "hours": 37.5, "cause": "sickness"}),
    )
    got = shown(facts, PLAIN_PRICES, week, 3 * week)[0]
    assert got[3] == pytest.approx(75.0 - 0.5 * (15.0 + 20.0 + 4.0))
    longer = ward(("employment", {"person": 1}), ("absence", {**absent, "start": 2 * week, "end": 4 * week, "hours": 30.0}))
    assert shown(longer, PLAIN_PRICES, week, 3 * week)[0][3] == pytest.approx(75.0 - 0.5 * 15.0)


def duty(start: float, end: float, **given: Any) -> tuple[str, dict[str, Any]]:
    """A duty in hours after the start of day 7, a Monday."""
    if "planned_end" in given:
        given["planned_end"] = 7 * DAY + given["planned_end"] * HOUR
    return "duty", {"start": 7 * DAY + start * HOUR, "end": 7 * DAY + end * HOUR, **given}


def duties(*rows: tuple[str, dict[str, Any]], start: float = 0.0, end: float = 7 * 24.0) -> list[tuple[Any, ...]]:
    """Lines of duties in a window given in the same hours: heading, item, whose, hours."""
    account = shown(ward(*rows), PLAIN_PRICES, 7 * DAY + start * HOUR, 7 * DAY + end * HOUR)
    assert account[-4:] == near(*NOTHING_ELSE)
    return [(heading, item, who, pytest.approx(hours)) for heading, item, who, hours, _, _ in account[:-4]]


RN = "rn band 5"
NIGHTS, SUNDAYS = f"{RN}, nights and Saturdays", f"{RN}, Sundays and holidays"


def test_a_contracted_shift_costs_its_additions_and_its_overtime():
    assert duties(duty(9, 17)) == []
    assert duties(duty(19, 22)) == [("substantive", "unsocial", NIGHTS, 2.0)]
    late = duty(17, 23, planned_end=21)
    assert duties(late) == [("substantive", "overtime", RN, 2.0), ("substantive", "unsocial", NIGHTS, 1.0)]
    early = duty(17, 21, planned_end=23)
    assert duties(early) == [("substantive", "unsocial", NIGHTS, 1.0)]
    assert duties(late, end=22.0) == [("substantive", "overtime", RN, 1.0), ("substantive", "unsocial", NIGHTS, 1.0)]
    assert duties(late, end=20.5) == [("substantive", "unsocial", NIGHTS, 0.5)]
    assert duties(late, start=20.5) == [("substantive", "overtime", RN, 2.0), ("substantive", "unsocial", NIGHTS, 0.5)]
    assert duties(late, start=22.0) == [("substantive", "overtime", RN, 1.0)]
    assert duties(late, start=30.0) == duties(late, end=10.0) == []


def test_an_extra_shift_is_overtime_and_nothing_else():
    late = duty(17, 23, planned_end=21, contracted=0)
    assert duties(late) == [("substantive", "overtime", RN, 6.0)]
    assert duties(late, start=18.0, end=22.5) == [("substantive", "overtime", RN, 4.5)]
    assert duties(duty(17, 23, contracted=0), duty(9, 15, person=2, contracted=0, role="hca", band=3)) == [
        ("substantive", "overtime", "hca band 3", 6.0), ("substantive", "overtime", RN, 6.0),
    ]  # fmt: skip


@pytest.mark.parametrize("employer", ["bank", "agency"])
def test_temporary_staff_are_paid_by_the_hour_and_for_the_hour_of_day(employer):
    def hired(start, end, **given):
        return duty(start, end, employment=employer, **given)

    assert duties(hired(19, 22)) == [(employer, "hours", RN, 3.0), (employer, "unsocial", NIGHTS, 2.0)]
    assert duties(hired(19, 22, contracted=0)) == duties(hired(19, 22, planned_end=20)) == duties(hired(19, 22))
    assert duties(hired(19, 22), start=21.0, end=21.5) == [(employer, "hours", RN, 0.5), (employer, "unsocial", NIGHTS, 0.5)]
    sunday = 6 * 24
    assert duties(hired(sunday + 9, sunday + 12)) == [(employer, "hours", RN, 3.0), (employer, "unsocial", SUNDAYS, 3.0)]


def test_a_duty_is_priced_by_its_role():
    """A psychologist's extra hour costs a psychologist's price; a doctor's night hour has no addition."""
    extra = duty(9, 10, person=8, role="psychologist", band=8, contracted=0)
    night = duty(20, 22, person=9, role="doctor", band=9)
    assert shown(ward(extra, night), PLAIN_PRICES)[:2] == near(
        ("substantive", "unsocial", "doctor band 9, nights and Saturdays", 2.0, "hours", 0.0),
        ("substantive", "overtime", "psychologist band 8", 1.0, "hours", 39.0 * 1.5),
    )


def test_bands_of_one_role_are_apart():
    assert duties(duty(20, 22), duty(20, 21, person=2, band=6), duty(20, 23, person=3, role="hca", band=2)) == [
        ("substantive", "unsocial", "hca band 2, nights and Saturdays", 3.0),
        ("substantive", "unsocial", NIGHTS, 2.0),
        ("substantive", "unsocial", "rn band 6, nights and Saturdays", 1.0),
    ]


def test_breaks_shorten_every_paid_hour_alike():
    """Half an hour of eight is a break: each hour of night is 15/16 of an hour."""
    scenario = changed(PLAIN_PRICES, work__break_minutes=30.0)
    facts = ward(duty(16, 24, employment="bank"))
    got = shown(facts, scenario)[:2]
    assert [line[3] for line in got] == pytest.approx([7.5, 4 * 15 / 16])


def test_courses_completed_in_the_window():
    done = {"event": "attended", "reason": "complete", "course": "life_support"}
    rows = [("training", {**done, "time": t}) for t in (7 * DAY, 14 * DAY - 1.0, 7 * DAY - 1.0, 14 * DAY)]
    rows += [("training", {**done, "time": 8 * DAY, **other}) for other in ({"event": "booked"}, {"reason": "part"}, {"course": "de_escalation"})]
    account = shown(ward(*rows), PLAIN_PRICES, 7 * DAY, 14 * DAY)
    assert [line[:5] for line in account if line[0] == "courses"] == [
        ("courses", "fees", "de_escalation", 1, "places"), ("courses", "fees", "life_support", 2, "places"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "weeks"),
    [
        ({}, 4.0),  # from week 0 on, for the four weeks of the window
        ({"ramp_up_weeks": 1}, 4.0),  # sustained after it
        ({"start_week": 3}, 3.0),
        ({"start_week": 6}, 0.0),
        ({"start_week": 7}, 0.0),
        ({"sustained": False, "ramp_up_weeks": 1}, 0.0),
        ({"sustained": False, "ramp_up_weeks": 2}, 0.0),
        ({"sustained": False, "ramp_up_weeks": 3}, 1.0),
        ({"sustained": False, "start_week": 1, "ramp_up_weeks": 4}, 3.0),
        ({"sustained": False, "start_week": 4, "ramp_up_weeks": 8}, 2.0),
        ({"status": "proposed"}, 0.0),
        ({"status": "accepted"}, 0.0),
    ],
)
def test_a_programme_costs_while_it_is_in_force(given, weeks):
    """The window is weeks 2 to 6."""
    scenario = changed(PRICED, programmes=[{"kind": "reporting_culture", "name": "Say so", "cost_gbp_per_year": 1000.0, **given}])
    account = shown(ward(), scenario, 14 * DAY, 42 * DAY)
    found = [line for line in account if line[1] == "programmes"]
    expected = [("courses", "programmes", "Say so", weeks * 7 / 365.25, "years", 1000.0)] if weeks else []
    assert found == near(*expected)


def test_incidents_cost_when_they_happen_here_and_in_the_window():
    rows: list[tuple[str, dict[str, Any]]] = []
    for at in (7 * DAY - 1.0, 7 * DAY, 14 * DAY):
        rows += [
            ("incident", {"time": at, "incident": 1, "type": "objects"}),
            ("containment", {"time": at, "kind": "police"}),
            ("injury", {"time": at, "incident": 1, "days_lost": 4.0}),
        ]
    rows += [
        ("incident", {"time": 8 * DAY, "incident": 2, "type": "verbal"}),
        ("incident", {"time": 8 * DAY, "incident": 3, "type": "objects", "origin": "away"}),
        ("containment", {"time": 8 * DAY, "kind": "seclusion"}),
        ("injury", {"time": 8 * DAY, "incident": 2, "days_lost": 5.0, "victim": "patient"}),
        ("beds", {"time": 10 * DAY, "out_of_area": 3}),
    ]
    assert shown(ward(*rows), PLAIN_PRICES, 7 * DAY, 14 * DAY) == near(
        ("out_of_area", "days", "patients placed out of area", 12.0, "days", 500.0),
        ("incident_cash", "property", "aggression to objects", 1, "events", 100.0),
        ("incident_cash", "police", "police attendances", 1, "events", 50.0),
        ("incident_cash", "injury_pay", "days of absence after injury", 4.0, "days", 30.0),
    )


def test_values_of_the_account_and_their_parts():
    got = values(money(), scenario=PRICED)
    assert got["cost_per_obd"][1:3] == (pytest.approx(got["cost_total_per_year"].value * 100 / 365.25), 1000.0)
    assert got["opportunity_training_hours"][1:3] == (20.0, pytest.approx(100 / 365.25))
    assert got["opportunity_incident_hours"][1:3] == (1.5, pytest.approx(100 / 365.25))
    for name in ("cost_total_per_year", *(f"cost_{heading}_per_year" for heading in HEADINGS), *PARTS):
        assert np.isnan(got[name].numerator)


@pytest.mark.parametrize("kind", ["incident_response", "medical_emergency", "seclusion_care", "incident_aftermath", "debrief"])
def test_hours_of_nurses_on_incidents(kind):
    rows = [("duty", {"start": 0.0, "end": 600.0}), ("segment", {"start": 0.0, "end": 90.0, "kind": kind})]
    assert values(ward(*rows))["opportunity_incident_hours"].numerator == 1.5


def test_the_clock_of_unsocial_hours_reaches_over_the_whole_window():
    """Monday 00:00 to the next Monday 00:00: five nights of ten hours, a Saturday; a Sunday. A holiday on Wednesday pays as a Sunday."""
    whole = (np.array([0.0]), np.array([7 * DAY]))
    for holidays, lesser, greater in ((frozenset(), 50 + 24, 24), (frozenset({2}), 40 + 24, 48), (frozenset({5}), 50, 48)):
        got = UnsocialClock(QUIET, holidays, 0.0, 7 * DAY).minutes(*whole)
        assert [minutes.tolist() for minutes in got] == [[lesser * 60.0], [greater * 60.0]]
    later = UnsocialClock(QUIET, frozenset(), 12.5 * DAY, 13.75 * DAY).minutes(np.array([12.5 * DAY]), np.array([13.75 * DAY]))
    assert [minutes.tolist() for minutes in later] == [[12 * 60.0], [18 * 60.0]]
    first_hour = UnsocialClock(QUIET, frozenset(), 0.0, 7 * DAY).minutes(np.array([0.0]), np.array([60.0]))
    assert [minutes.tolist() for minutes in first_hour] == [[60.0], [0.0]]


def test_weekdays_are_counted_from_the_day_on_which_the_run_starts():
    """From a Wednesday on, day 3 is a Saturday and day 4 a Sunday; noon to two o'clock of each day."""
    wednesday = changed(QUIET, ward__start_date="2025-04-09")
    noon = np.arange(7) * DAY + 12 * HOUR
    lesser, greater = UnsocialClock(wednesday, frozenset(), 0.0, 7 * DAY).minutes(noon, noon + 2 * HOUR)
    assert lesser.tolist() == pytest.approx([0, 0, 0, 120, 0, 0, 0])
    assert greater.tolist() == pytest.approx([0, 0, 0, 0, 120, 0, 0])
