"""Money: quantity times price, line by line; headings that sum to the total exactly; which hours are unsocial."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import fsum

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
