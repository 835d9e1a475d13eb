"""Money: hours times prices. Headings partition the cash; opportunity costs are hours, shown apart and never added.

Own staff are paid their contracted hours, worked or on paid leave, sick or on study leave; what they work at unsocial
hours is added by band. Bank and agency hours cost a multiple of the same paid hour, plus the unsocial addition.
Breaks are not paid.
"""

from __future__ import annotations

from collections import defaultdict
from math import fsum
from typing import NamedTuple

import numpy as np

from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.staff.patterns import FULL_TIME_HOURS

from .columns import Columns, IntArray, field
from .declare import Measure, Value, plain, ratio, unknown
from .integrate import overlap
from .prices import Line, UnsocialClock, hourly_price, unsocial_additions
from .staff_time import INCIDENT_WORK
from .training import attended_hours
from .view import View

SUBSTANTIVE, BANK, AGENCY, COURSES, AWAY, INCIDENT = (
    "substantive",
    "bank",
    "agency",
    "courses",
    "out_of_area",
    "incident_cash",
)
HEADINGS: dict[str, str] = {
    SUBSTANTIVE: "Own staff",
    BANK: "Bank",
    AGENCY: "Agency",
    COURSES: "Course fees and programmes",
    AWAY: "Out-of-area placements",
    INCIDENT: "Cash cost of incidents",
}
PARTS: dict[str, tuple[str, str, str]] = {
    "cost_substantive_basic_per_year": (SUBSTANTIVE, "basic", "Own staff: contracted hours"),
    "cost_substantive_unsocial_per_year": (SUBSTANTIVE, "unsocial", "Own staff: unsocial hours"),
    "cost_substantive_overtime_per_year": (SUBSTANTIVE, "overtime", "Own staff: overtime"),
    "cost_course_fees_per_year": (COURSES, "fees", "Course fees"),
    "cost_programmes_per_year": (COURSES, "programmes", "Cash cost of programmes"),
    "cost_property_per_year": (INCIDENT, "property", "Damage to property"),
    "cost_police_per_year": (INCIDENT, "police", "Police attendance"),
    "cost_injury_pay_per_year": (INCIDENT, "injury_pay", "Injury pay"),
}
"""Finer items within headings: measure to heading, item, label."""

DEFINITIONS: dict[str, str] = {
    SUBSTANTIVE: "Contracted hours of all own staff in post (37.5 a week for one whole-time equivalent; worked, on "
    "paid leave, sick or studying; parental and other long absence "
    "at the share measures.parental_paid_share) times the price of a paid hour by role and band, plus additions for "
    "hours worked at nights, weekends and on public holidays, plus "
    "overtime (extra shifts and time past the end of a shift).",
    BANK: "Hours worked by bank staff (without breaks) times the price of a substantive paid hour times "
    "prices.bank_multiple, plus the unsocial addition.",
    AGENCY: "Hours worked by agency staff (without breaks) times the price of a substantive paid hour times "
    "prices.agency_multiple, plus the unsocial addition.",
    COURSES: "Fee of each course completed, and the cash cost of programmes in force (trainers, licences).",
    AWAY: "Days of patients placed out of area times prices.out_of_area_day_gbp.",
    INCIDENT: "Aggression to objects times prices.property_damage_gbp, police attendances times "
    "prices.police_attendance_gbp, days of absence after injury of staff times "
    "prices.injury_pay_gbp_per_day.",
}


def _m(
    name: str, label: str, definition: str, *, unit: str = "GBP a year", digits: int = 0, headline: bool = False
) -> Measure:
    return Measure(name, label, unit, definition, "lower", "money", "cost", digits, headline)


DECLARED: tuple[Measure, ...] = (
    _m(
        "cost_total_per_year",
        "Cash cost a year",
        "Sum of the six headings (own staff, bank, agency, courses and programmes, out of area, incident cash) in the "
        "window, per 365.25 days, in prices of the scenario's price "
        "year. Opportunity costs are not in it.",
        headline=True,
    ),
    *(_m(f"cost_{key}_per_year", label, f"{DEFINITIONS[key]} Per 365.25 days.") for key, label in HEADINGS.items()),
    *(
        _m(name, label, f"Part of the heading {HEADINGS[heading].lower()}. Per 365.25 days.")
        for name, (heading, _, label) in PARTS.items()
    ),
    _m(
        "cost_per_obd",
        "Cash cost per occupied bed day",
        "Cash cost in the window divided by occupied bed days.",
        unit="GBP per OBD",
    ),
    _m(
        "opportunity_training_hours",
        "Staff hours in training",
        "Hours of training attended by own staff in the window, all courses and modalities, per 365.25 days. An "
        "opportunity "
        "cost: the pay is already in the cost of own staff.",
        unit="h a year",
    ),
    _m(
        "opportunity_incident_hours",
        "Nursing hours on incidents",
        "Hours of nursing staff in response, medical emergencies, seclusion care, aftermath, debrief and documentation "
        "of incidents in the window, per 365.25 days. An opportunity cost: the pay is already in the other headings.",
        unit="h a year",
    ),
)


def lines(view: View) -> list[Line]:
    """The whole account of the window, line by line."""
    return [*_contracts(view), *_duties(view), *_courses(view), *_away(view), *_incidents(view)]


def _contracts(view: View) -> list[Line]:
    """Contracted hours of own staff, by role and band."""
    hours: dict[tuple[str, int], float] = defaultdict(float)
    minutes = view.post_minutes(view.posts)
    for post, inside in zip(view.posts, minutes.tolist(), strict=True):
        hours[post.role, post.band] += post.wte * FULL_TIME_HOURS * inside / WEEK
    kept = 1.0 - view.parameters["measures.parental_paid_share"]
    for key, unpaid in _parental_hours(view).items():
        hours[key] -= kept * unpaid
    return [
        Line(SUBSTANTIVE, "basic", f"{role} band {band}", quantity, "hours", hourly_price(view.scenario, role, band))
        for (role, band), quantity in sorted(hours.items())
    ]


def _parental_hours(view: View) -> dict[tuple[str, int], float]:
    """Contracted hours in parental and other long absence in the window, by role and band."""
    columns = view.columns
    kind = {post.person: (post.role, post.band) for post in view.posts}
    start, end, person, hours = (field("absence", c) for c in ("start", "end", "person", "hours"))
    sums: dict[tuple[str, int], float] = defaultdict(float)
    for row in columns.picked("absence", columns.among("absence", "cause", "parental_other")):
        length = row[end] - row[start]
        inside = max(min(row[end], view.end) - max(row[start], view.start), 0.0)
        if length > 0.0 and row[person] in kind:
            sums[kind[row[person]]] += row[hours] * inside / length
    return sums


class Paid(NamedTuple):
    """Duties of one role and band: rows of `duty` by how they are paid."""

    role: str
    band: int
    contracted: IntArray
    extra: IntArray
    bank: IntArray
    agency: IntArray


def _paid(columns: Columns) -> list[Paid]:
    own = columns.among("duty", "employment", "substantive")
    contracted = own & (columns.floats("duty", "contracted") > 0)
    bank, agency = columns.among("duty", "employment", "bank"), columns.among("duty", "employment", "agency")
    ways = (contracted, own & ~contracted, bank, agency)
    roles, role_names = columns.codes("duty", "role")
    bands = columns.ints("duty", "band")
    found: list[Paid] = []
    for role, code in sorted(role_names.items()):
        for band in np.unique(bands[roles == code]).tolist():
            group = (roles == code) & (bands == band)
            found.append(Paid(role, band, *(np.flatnonzero(group & way) for way in ways)))
    return found


def _duties(view: View) -> list[Line]:
    """Unsocial hours and overtime of own staff; bank; agency; by role and band."""
    columns = view.columns
    groups: list[Paid] = columns.kept("paid duties", lambda: _paid(columns))
    starts, ends = columns.floats("duty", "start"), columns.floats("duty", "end")
    planned_end = np.minimum(columns.floats("duty", "planned_end"), ends)
    prices = view.scenario.prices
    # time past the end of a contracted shift is overtime, without unsocial additions
    until = ends.copy()
    for group in groups:
        until[group.contracted] = planned_end[group.contracted]
    a, b = np.clip(starts, view.start, view.end), np.clip(until, view.start, view.end)
    b = np.maximum(a, b)
    paid = view.paid_share
    unsocial = np.zeros((2, len(a)))
    inside = np.flatnonzero(b > a)
    clock = UnsocialClock(view.scenario, view.holidays, view.start, view.end)
    unsocial[:, inside] = clock.minutes(a[inside], b[inside])
    unsocial *= paid
    hours = (b - a) * paid / 60.0
    late = overlap(planned_end, ends, view.start, view.end) / 60.0
    found: list[Line] = []
    for group in groups:
        price = hourly_price(view.scenario, group.role, group.band)
        additions = unsocial_additions(view.scenario, group.role, group.band)
        who = f"{group.role} band {group.band}"
        overtime = float(np.sum(hours[group.extra]) + np.sum(late[group.contracted]))
        found.append(Line(SUBSTANTIVE, "overtime", who, overtime, "hours", price * prices.overtime_multiple))
        for heading, these, multiple in (
            (SUBSTANTIVE, group.contracted, 0.0),  # their basic hours are in the contract
            (BANK, group.bank, prices.bank_multiple),
            (AGENCY, group.agency, prices.agency_multiple),
        ):
            if multiple:
                found.append(Line(heading, "hours", who, float(np.sum(hours[these])), "hours", price * multiple))
            for what, minutes, addition in zip(
                ("nights and Saturdays", "Sundays and holidays"), unsocial, additions, strict=True
            ):
                quantity = float(np.sum(minutes[these])) / 60.0
                found.append(Line(heading, "unsocial", f"{who}, {what}", quantity, "hours", price * addition))
    return [line for line in found if line.quantity != 0.0]


def _courses(view: View) -> list[Line]:
    """Fees of courses completed in the window; programmes while they are in force."""
    columns = view.columns
    done = (
        view.happened("training")
        & columns.among("training", "event", "attended")
        & ~columns.among("training", "reason", "part")
    )
    found = [
        Line(
            COURSES,
            "fees",
            course.name,
            int(np.count_nonzero(done & columns.among("training", "course", course.name))),
            "places",
            course.fee_gbp,
        )
        for course in view.scenario.training.courses
    ]
    for programme in view.scenario.programmes:
        if programme.status in ("proposed", "accepted"):
            continue
        begins = programme.start_week * WEEK
        ends = float("inf") if programme.sustained else begins + programme.ramp_up_weeks * WEEK
        years = max(min(ends, view.end) - max(begins, view.start), 0.0) / (365.25 * DAY)
        found.append(
            Line(COURSES, "programmes", programme.name or programme.kind, years, "years", programme.cost_gbp_per_year)
        )
    return found


def _away(view: View) -> list[Line]:
    days = view.level_minutes("beds", "out_of_area") / DAY
    return [Line(AWAY, "days", "patients placed out of area", days, "days", view.scenario.prices.out_of_area_day_gbp)]


def _incidents(view: View) -> list[Line]:
    columns = view.columns
    prices = view.scenario.prices
    here = view.happened("incident") & ~columns.among("incident", "origin", "away")
    damaged = int(np.count_nonzero(here & columns.among("incident", "type", "objects")))
    police = int(np.count_nonzero(view.happened("containment") & columns.among("containment", "kind", "police")))
    hurt = view.happened("injury") & columns.among("injury", "victim", "staff")
    lost = float(np.sum(columns.floats("injury", "days_lost")[hurt]))
    return [
        Line(INCIDENT, "property", "aggression to objects", damaged, "events", prices.property_damage_gbp),
        Line(INCIDENT, "police", "police attendances", police, "events", prices.police_attendance_gbp),
        Line(INCIDENT, "injury_pay", "days of absence after injury", lost, "days", prices.injury_pay_gbp_per_day),
    ]


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above. The total is the exact sum of the headings' values."""
    account = lines(view)

    def a_year(heading: str, item: str | None = None) -> float:
        return fsum(x.amount for x in account if x.heading == heading and item in (None, x.item)) / view.years

    headings = {key: a_year(key) for key in HEADINGS}
    total = fsum(headings.values())
    not_known = "days out of area are not known for the whole window"
    values = {f"cost_{key}_per_year": plain(amount, not_known) for key, amount in headings.items()}
    values["cost_total_per_year"] = plain(total, not_known)
    values.update({name: plain(a_year(heading, item)) for name, (heading, item, _) in PARTS.items()})
    in_window = total * view.years
    values["cost_per_obd"] = (
        unknown(not_known)
        if in_window != in_window
        else ratio(in_window, view.bed_days, 1.0, "no occupied bed days in the window")
    )
    values["opportunity_training_hours"] = ratio(attended_hours(view), view.years)
    values["opportunity_incident_hours"] = ratio(
        sum(view.kind_minutes.get(name, 0.0) for name in INCIDENT_WORK) / 60.0, view.years
    )
    return values
