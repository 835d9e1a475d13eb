"""Money equals hours times prices: each heading counted again from the facts, by hand; every measure is a number or says why not."""

from __future__ import annotations

from collections import defaultdict
from math import fsum, isfinite, isnan
from typing import Any

import pytest

from tests.property.random_ward import Run
from wardsim.measures import MEASURES
from wardsim.measures.costs import HEADINGS, lines
from wardsim.measures.prices import hourly_price
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.staff.patterns import paid_hours

YEARS_MIN = 365.25 * DAY
MAY_EXCEED_100 = (
    "fill_",  # extra staff on top of the required number
    "turnover_",  # a rate a year
    "contracted_hours_accounted",  # a check, about 100
    "occupancy_with_leave",  # beds of patients on leave are given away
    "programme_fidelity",  # up to 150 by the scenario
)
"""Percentages that by their definition may be more than the whole."""


def headings_sum_to_the_total(run: Run) -> None:
    values = run.measures
    total = values["cost_total_per_year"].value
    assert total == fsum(values[f"cost_{name}_per_year"].value for name in HEADINGS)
    years = (run.until - run.begin) / YEARS_MIN
    account = lines(run.view)
    assert total == pytest.approx(fsum(x.quantity * x.price for x in account) / years, rel=1e-12)
    assert all(x.price >= 0.0 and x.heading in HEADINGS for x in account)
    assert all(x.quantity >= -1e-9 for x in account if x.item != "basic")


def bank_and_agency_hours_are_paid(run: Run) -> None:
    """Hours on duty less the breaks due, times the price of the hour."""
    multiple = {"bank": run.scenario.prices.bank_multiple, "agency": run.scenario.prices.agency_multiple}
    by_hand: dict[str, float] = defaultdict(float)
    for duty in run.rows("duty"):
        if duty.employment in multiple:
            by_hand[duty.employment] += (
                _paid(run, duty) * hourly_price(run.scenario, duty.role, duty.band) * multiple[duty.employment]
            )
    account = lines(run.view)
    for name in multiple:
        charged = fsum(x.amount for x in account if x.heading == name and x.item == "hours")
        assert charged == pytest.approx(by_hand[name], rel=1e-9, abs=1e-6)


def _paid(run: Run, duty: Any) -> float:
    """Paid hours of a duty: breaks by what was planned, or by what was worked when that was less."""
    length = duty.end - duty.start
    unpaid = (min(duty.planned_end, duty.end) - duty.start) / 60.0
    breaks = unpaid - paid_hours(unpaid * 60.0, run.scenario.work.break_minutes)
    return max(length / 60.0 - breaks, 0.0)


def contracts_are_paid(run: Run) -> None:
    """Whole-time equivalents in post times 37.5 hours a week, less unpaid long absence."""
    by_hand = 0.0
    since: dict[int, Any] = {}
    for row in run.rows("employment"):
        if row.event == "left":
            by_hand += _contract(run, since.pop(row.person), row.time)
        elif row.wte > 0.0:
            since[row.person] = row
    by_hand += fsum(_contract(run, row, run.until) for row in since.values())
    unpaid = 1.0 - run.p["measures.parental_paid_share"]
    price = {r.person: hourly_price(run.scenario, r.role, r.band) for r in run.rows("employment")}
    parental = [r for r in run.rows("absence") if r.cause == "parental_other" and r.person in price]
    by_hand -= fsum(unpaid * r.hours * price[r.person] for r in parental)
    charged = fsum(x.amount for x in lines(run.view) if x.item == "basic")
    assert charged == pytest.approx(by_hand, rel=1e-9, abs=1e-6)


def _contract(run: Run, row: Any, end: float) -> float:
    minutes = max(end - max(row.time, run.begin), 0.0)
    return row.wte * 37.5 * minutes / WEEK * hourly_price(run.scenario, row.role, row.band)


def the_rest_is_counted(run: Run) -> None:
    """Fees for courses completed, days out of area, cash of incidents."""
    account = lines(run.view)
    prices = run.scenario.prices

    def charged(heading: str, item: str | None = None) -> float:
        return fsum(x.amount for x in account if x.heading == heading and item in (None, x.item))

    fee = {course.name: course.fee_gbp for course in run.scenario.training.courses}
    done = [r for r in run.rows("training") if r.event == "attended" and r.reason == "complete" and r.time < run.until]
    assert charged("courses", "fees") == pytest.approx(fsum(fee[r.course] for r in done))
    days = _away_days(run)
    assert charged("out_of_area") == pytest.approx(days * prices.out_of_area_day_gbp, abs=1e-6)
    damaged = sum(r.type == "objects" and r.origin != "away" for r in run.rows("incident"))
    police = sum(r.kind == "police" for r in run.rows("containment"))
    lost = fsum(r.days_lost for r in run.rows("injury") if r.victim == "staff")
    cash = damaged * prices.property_damage_gbp + police * prices.police_attendance_gbp + lost * prices.injury_pay_gbp_per_day
    assert charged("incident_cash") == pytest.approx(cash)


def _away_days(run: Run) -> float:
    """Days out of area, placement by placement."""
    placed: dict[int, float] = {}
    minutes = 0.0
    for row in run.rows("out_of_area"):
        if row.event == "placed":
            placed[row.patient] = row.time
        else:
            minutes += row.time - placed.pop(row.patient)
    return (minutes + fsum(run.until - since for since in placed.values())) / DAY


def measures_are_numbers(run: Run) -> None:
    """Finite, or NaN with a reason; shares between nothing and the whole."""
    assert list(run.measures) == list(MEASURES)
    for name, got in run.measures.items():
        assert isfinite(got.value) or (isnan(got.value) and got.reason), (name, got)
        assert not (got.reason and isfinite(got.value)), (name, got)
        if MEASURES[name].unit == "%" and isfinite(got.value):
            assert got.value >= -1e-9, (name, got)
            assert got.value <= 100.0 + 1e-9 or name.startswith(MAY_EXCEED_100), (name, got)


LAWS: tuple[Any, ...] = (
    headings_sum_to_the_total, bank_and_agency_hours_are_paid, contracts_are_paid, the_rest_is_counted, measures_are_numbers,
)  # fmt: skip
