"""Who was there, shift by shift: fill, gaps and who took them, the team on duty."""

from __future__ import annotations

import numpy as np

from .columns import BoolArray
from .declare import Direction, Measure, Value, ratio, share, unknown
from .view import View

NIGHTS = ("night", "long_night")
"""Names of shifts that count as night in fill rates; all others are day."""


def _fill(role: str, what: str, part: str) -> Measure:
    nights = "whose name is night or long_night" if part == "night" else "other than night and long_night"
    return Measure(
        f"fill_{role}_{part}",
        f"Fill of {what} by {part}",
        "%",
        f"Worked hours as a share of planned hours of the shifts {nights} that ended in the window, slots for {what} "
        "(as in the national safe-staffing return).",
        "higher",
        "ward",
        "workforce",
        1,
    )


def _m(name: str, label: str, unit: str, definition: str, direction: Direction = "neutral", digits: int = 1) -> Measure:
    return Measure(name, label, unit, definition, direction, "ward", "workforce", digits)


DECLARED: tuple[Measure, ...] = (
    *(
        _fill(role, what, part)
        for role, what in (("rn", "registered nurses"), ("hca", "healthcare assistants"))
        for part in ("day", "night")
    ),
    _m(
        "shifts_below_required",
        "Shifts with fewer nursing staff than required",
        "%",
        "Shifts that ended in the window to which fewer nursing staff came than required, both roles together, as a "
        "share of shifts.",
        "lower",
    ),
    _m(
        "shifts_below_two_rn",
        "Shifts with fewer than two registered nurses",
        "%",
        "Shifts that ended in the window to which fewer than two registered nurses came, as a share of shifts (a "
        "national red flag).",
        "lower",
    ),
    _m(
        "extra_staff_requested_per_week",
        "Extra staff asked for and agreed to",
        "shifts a week",
        "Staff beyond the required number asked for and agreed to, by shifts that ended in the window.",
        "neutral",
    ),
    _m(
        "extra_staff_requests_per_week",
        "Requests for extra staff",
        "requests a week",
        "Requests for one more person for one shift (observation, seclusion, acuity) made in the window, agreed to or not.",
        "neutral",
    ),
    _m(
        "extra_staff_requests_refused",
        "Requests for extra staff refused",
        "%",
        "Requests for extra staff made in the window that were refused, or met as many extra staff as a shift may have, as a "
        "share of requests.",
        "lower",
    ),
    _m(
        "staff_lent_per_week",
        "Staff lent to other wards",
        "shifts a week",
        "Staff sent to other wards, by shifts that ended in the window.",
        "neutral",
        2,
    ),
    _m(
        "gaps_offered_per_week",
        "Gaps offered",
        "shifts a week",
        "Gaps in the roster whose offer was settled in the window.",
        "lower",
    ),
    *(
        _m(
            f"gaps_filled_{key}",
            label,
            "%",
            f"Gaps settled in the window: share {what}.",
            "lower" if key == "unfilled" else "neutral",
        )
        for key, label, what in (
            ("own_staff", "Gaps taken by own staff", "taken by own staff beyond contract"),
            ("bank", "Gaps filled by bank", "filled by bank"),
            ("agency", "Gaps filled by agency", "filled by agency"),
            ("unfilled", "Gaps left open", "left open"),
        )
    ),
    _m(
        "team_familiarity",
        "Familiarity of the team with the ward",
        "%",
        "Familiarity index (0 new, 1 well known) of the nursing team on duty, mean over the shifts that began in the "
        "window.",
        "higher",
    ),
    _m(
        "team_fatigue",
        "Fatigue of the team",
        "index",
        "Fatigue index of the nursing team on duty (0 rested), mean over shifts that began in the window.",
        "lower",
        2,
    ),
    _m(
        "team_multidisciplinary",
        "Other professions on the ward",
        "people",
        "People of other professions (neither nursing staff nor the ward manager) on duty, mean over all minutes of the "
        "window, day and night.",
        "higher",
        2,
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    return {**_shifts(view), **_requests(view), **_offers(view), **_team(view)}


def _sum(view: View, table: str, column: str, mask: BoolArray) -> float:
    return float(np.sum(view.columns.floats(table, column)[mask]))


def _shifts(view: View) -> dict[str, Value]:
    columns = view.columns
    now = view.happened("shift", "end")
    night = columns.among("shift", "shift", *NIGHTS)
    values: dict[str, Value] = {}
    for role in ("rn", "hca"):
        for part, mask in (("day", ~night), ("night", night)):
            chosen = now & mask & columns.among("shift", "role", role)
            planned = _sum(view, "shift", "planned_hours", chosen)
            values[f"fill_{role}_{part}"] = share(
                _sum(view, "shift", "worked_hours", chosen), planned, "nothing was planned on these shifts"
            )
    present = np.zeros(columns.count("shift"))
    for column in ("substantive", "overtime", "bank", "agency"):
        present = present + columns.floats("shift", column)
    missing = columns.floats("shift", "required") - present
    starts, where = np.unique(columns.floats("shift", "start")[now], return_inverse=True)
    both = np.bincount(where, weights=missing[now], minlength=len(starts))
    nurses = np.bincount(where, weights=(present * columns.among("shift", "role", "rn"))[now], minlength=len(starts))
    none = "no shift ended in the window"
    values["shifts_below_required"] = share(int(np.count_nonzero(both > 0)), len(starts), none)
    values["shifts_below_two_rn"] = share(int(np.count_nonzero(nurses < 2)), len(starts), none)
    values["extra_staff_requested_per_week"] = ratio(_sum(view, "shift", "extra_requested", now), view.weeks)
    values["staff_lent_per_week"] = ratio(_sum(view, "shift", "lent", now), view.weeks)
    return values


def _requests(view: View) -> dict[str, Value]:
    now = view.happened("extra_request")
    total = int(np.count_nonzero(now))
    refused = int(np.count_nonzero(now & ~view.columns.among("extra_request", "outcome", "agreed")))
    return {
        "extra_staff_requests_per_week": ratio(total, view.weeks),
        "extra_staff_requests_refused": share(refused, total, "no extra staff were asked for in the window"),
    }


def _offers(view: View) -> dict[str, Value]:
    columns = view.columns
    now = view.happened("offer")
    total = int(np.count_nonzero(now))
    values = {"gaps_offered_per_week": ratio(total, view.weeks)}
    for outcome in ("own_staff", "bank", "agency", "unfilled"):
        taken = int(np.count_nonzero(now & columns.among("offer", "outcome", outcome)))
        values[f"gaps_filled_{outcome}"] = share(taken, total, "no gap was offered in the window")
    return values


def _team(view: View) -> dict[str, Value]:
    now = view.happened("team")
    others = ~(view.nursing_duty | view.columns.among("duty", "role", "ward_manager"))
    return {
        "team_familiarity": team_mean(view, "familiarity", now, 100.0),
        "team_fatigue": team_mean(view, "fatigue", now),
        "team_multidisciplinary": ratio(float(np.sum(view.minutes("duty")[others])), view.end - view.start),
    }


def team_mean(view: View, column: str, now: BoolArray, scale: float = 1.0) -> Value:
    """Mean of a column of `team` over the shifts of the window that had anybody on duty."""
    levels = view.columns.floats("team", column)[now]
    levels = levels[~np.isnan(levels)]
    if len(levels) == 0:
        return unknown("no shift with anybody on duty began in the window")
    return ratio(float(np.sum(levels)), len(levels), scale)
