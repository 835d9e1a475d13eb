"""Patients in and out: occupancy, stay, delay, waits, out of area, readmission."""

from __future__ import annotations

import re

import numpy as np

from wardsim.ward.core.clock import DAY

from .columns import Columns, field
from .declare import Direction, Measure, Value, plain, ratio, share, unknown
from .view import View, median

NINETY_DAYS = 90.0 * DAY
Episode = tuple[int, ...]
"""A patient's stream key: source code, number within the source, episode."""


def _m(name: str, label: str, unit: str, definition: str, direction: Direction = "neutral", digits: int = 1) -> Measure:
    return Measure(name, label, unit, definition, direction, "ward", "flow", digits)


_STAY = "Days from admission to the ward to leaving it, of patients who left in the window, whatever the route."

DECLARED: tuple[Measure, ...] = (
    _m(
        "occupancy",
        "Occupancy",
        "%",
        "Patients present (leave excluded), time-weighted over the window, as a share of beds.",
        "neutral",
    ),
    _m(
        "occupancy_with_leave",
        "Occupancy including leave",
        "%",
        "Patients present, on leave or absent without leave, time-weighted over the window, as a share of beds.",
    ),
    _m(
        "occupied_bed_days_per_year",
        "Occupied bed days a year",
        "days a year",
        "Patients present (leave excluded), integrated over the window, per 365.25 days.",
        digits=0,
    ),
    _m("stay_mean_days", "Mean stay", "days", f"{_STAY} Mean."),
    _m("stay_median_days", "Median stay", "days", f"{_STAY} Median."),
    _m(
        "stay_over_90_days",
        "Stays over 90 days",
        "%",
        "Patients who left the ward in the window after more than 90 days, as a share of those who left.",
        "lower",
    ),
    _m(
        "delayed_patients",
        "Patients ready to leave",
        "%",
        "Patients present who are clinically ready for discharge, time-weighted, as a share of patients present.",
        "lower",
    ),
    _m(
        "detained_patients",
        "Detained patients",
        "%",
        "Patients present who are detained, time-weighted, as a share of patients present.",
        "neutral",
        0,
    ),
    _m(
        "high_acuity_patients",
        "Patients of high acuity",
        "%",
        "Patients in the top two of five levels of acuity at 08:00, as a share of patients present then, summed over "
        "the days of the window.",
        "lower",
        0,
    ),
    _m(
        "admissions_per_week",
        "Admissions a week",
        "a week",
        "Patients admitted to the ward in the window, from out of area included; residents of the run's first day are "
        "not admissions.",
        "neutral",
        2,
    ),
    _m(
        "referrals_per_week",
        "Referrals a week",
        "a week",
        "Referrals in the window, readmissions included; residents of the run's first day are not referrals.",
        "neutral",
        2,
    ),
    _m(
        "referrals_diverted",
        "Referrals taken elsewhere",
        "%",
        "Referrals in the window that a crisis alternative took, as a share of all.",
    ),
    _m(
        "wait_for_bed_hours",
        "Wait for a bed",
        "h",
        "Mean hours from referral to a bed on this ward, of patients admitted in the window directly or from the queue "
        "(0 for a bed at once).",
        "lower",
    ),
    _m(
        "patients_waiting",
        "Patients waiting for a bed",
        "patients",
        "Patients in the queue, mean over the window.",
        "lower",
        2,
    ),
    _m(
        "out_of_area_days_per_year",
        "Days out of area a year",
        "days a year",
        "Days of this ward's patients in out-of-area beds in the window, per 365.25 days.",
        "lower",
        0,
    ),
    _m(
        "out_of_area_placements_per_year",
        "Placements out of area a year",
        "a year",
        "Patients placed out of area in the window, per 365.25 days.",
        "lower",
    ),
    _m(
        "readmission_90_days",
        "Readmitted within 90 days",
        "%",
        "Patients discharged home from the ward in the window, at least 90 days before the end of the measured run, "
        "who were referred again within 90 days, "
        "as a share of them.",
        "lower",
    ),
    _m(
        "discharged_early",
        "Discharges under pressure of waits",
        "%",
        "Discharges in the window made early because patients waited, as a share of all from the ward.",
        "lower",
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    return {**_levels(view), **_stays(view), **_arrivals(view), **_readmission(view)}


def _levels(view: View) -> dict[str, Value]:
    beds = view.scenario.ward.beds
    minutes = {
        c: view.level_minutes("beds", c)
        for c in ("present", "on_leave", "waiting", "out_of_area", "delayed", "detained")
    }
    bed_minutes = beds * (view.end - view.start)
    none, empty = "the ward has no beds", "nobody was on the ward in the window"
    columns = view.columns
    mornings = (columns.floats("acuity", "day") * DAY + 480.0 >= view.start) & (
        columns.floats("acuity", "day") * DAY + 480.0 < view.end
    )
    by_level = [float(np.sum(columns.floats("acuity", f"level{i}")[mornings])) for i in range(1, 6)]
    return {
        "occupancy": share(minutes["present"], bed_minutes, none),
        "occupancy_with_leave": share(minutes["present"] + minutes["on_leave"], bed_minutes, none),
        "occupied_bed_days_per_year": ratio(view.bed_days, view.years),
        "delayed_patients": share(minutes["delayed"], minutes["present"], empty),
        "detained_patients": share(minutes["detained"], minutes["present"], empty),
        "high_acuity_patients": share(
            by_level[3] + by_level[4], sum(by_level), "nobody was on the ward on any morning of the window"
        ),
        "patients_waiting": ratio(minutes["waiting"], view.end - view.start),
        "out_of_area_days_per_year": ratio(minutes["out_of_area"] / DAY, view.years),
    }


def _stays(view: View) -> dict[str, Value]:
    columns = view.columns
    left = view.happened("discharge") & columns.among("discharge", "place", "ward")
    days = (columns.floats("discharge", "time") - columns.floats("discharge", "admitted"))[left] / DAY
    none = "nobody left the ward in the window"
    early = int(np.count_nonzero(left & columns.among("discharge", "route", "early")))
    return {
        "stay_mean_days": ratio(float(np.sum(days)), len(days), 1.0, none),
        "stay_median_days": plain(median(days), none),
        "stay_over_90_days": share(int(np.count_nonzero(days > 90.0)), len(days), none),
        "discharged_early": share(early, len(days), none),
    }


def _arrivals(view: View) -> dict[str, Value]:
    columns = view.columns
    admitted = view.happened("admission") & ~columns.among("admission", "route", "census")
    waited = admitted & columns.among("admission", "route", "direct", "queue")
    referred = view.happened("referral") & ~columns.among("referral", "outcome", "census")
    placed = view.happened("out_of_area") & columns.among("out_of_area", "event", "placed")
    minutes = float(np.sum(columns.floats("admission", "wait_min")[waited]))
    diverted = int(np.count_nonzero(referred & columns.among("referral", "outcome", "diverted")))
    return {
        "admissions_per_week": ratio(int(np.count_nonzero(admitted)), view.weeks),
        "referrals_per_week": ratio(int(np.count_nonzero(referred)), view.weeks),
        "referrals_diverted": share(diverted, int(np.count_nonzero(referred)), "nobody was referred in the window"),
        "wait_for_bed_hours": ratio(
            minutes / 60.0, int(np.count_nonzero(waited)), 1.0, "nobody was admitted in the window"
        ),
        "out_of_area_placements_per_year": ratio(int(np.count_nonzero(placed)), view.years),
    }


def _readmission(view: View) -> dict[str, Value]:
    """Follow discharges home for ninety days; a readmission keeps the patient's key with the next episode number."""
    columns = view.columns
    keys, again = columns.kept("episodes", lambda: _referred(columns))
    patient, time = field("discharge", "patient"), field("discharge", "time")
    home = (
        view.happened("discharge")
        & columns.among("discharge", "place", "ward")
        & columns.among("discharge", "route", "home", "early")
    )
    followed = readmitted = 0
    for row in columns.picked("discharge", home):
        numbers = keys.get(row[patient], ())
        if len(numbers) != 3 or row[time] + NINETY_DAYS > view.observed[1]:
            continue
        followed += 1
        back = again.get((*numbers[:2], numbers[2] + 1))
        readmitted += back is not None and back < row[time] + NINETY_DAYS
    if followed == 0:
        return {"readmission_90_days": unknown("nobody was discharged home with 90 days of the measured run to follow")}
    return {"readmission_90_days": share(readmitted, followed)}


def _referred(columns: Columns) -> tuple[dict[int, Episode], dict[Episode, float]]:
    """Key of each patient's last episode, and when each episode was referred."""
    patient, time, wait, key = (field("admission", c) for c in ("patient", "time", "wait_min", "key"))
    keys: dict[int, Episode] = {}
    again: dict[Episode, float] = {}
    for row in columns.rows("admission"):
        numbers = episode_key(row[key])
        keys[row[patient]] = numbers
        again.setdefault(numbers, row[time] - row[wait])
    if columns.has("referral", "key"):
        # also those who are placed out of area, or taken elsewhere, when they come back
        time, key = field("referral", "time"), field("referral", "key")
        again = {episode_key(row[key]): row[time] for row in columns.rows("referral")}
    return keys, again


def episode_key(text: str) -> Episode:
    """A patient's stream key from its text: source code, number within the source, episode."""
    return tuple(int(part) for part in re.findall(r"\d+", str(text)))
