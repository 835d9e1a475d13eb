"""Who was employed and who worked: care hours, temporary staff, absence, turnover, vacancies."""

from __future__ import annotations

import numpy as np

from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.staff.patterns import FULL_TIME_HOURS

from .declare import NURSING_ROLES, Direction, Measure, Value, plain, ratio, share
from .integrate import Steps, overlap, within
from .view import View

CAUSES: dict[str, str] = {
    "annual_leave": "Annual leave",
    "sickness": "Sickness (without injury by patients)",
    "injury": "Absence after injury by patients",
    "parental_other": "Parental and other long absence",
    "study": "Study off the ward",
}

LEAVE_DAY_HOURS = 7.5
"""Hours of one day of annual leave."""

_WORKED = (
    "Hours worked are time on duty without the breaks due; nursing is registered nurses, healthcare assistants "
    "and nursing associates."
)
_CONTRACT = (
    "as a share of the contracted hours of nursing staff in post in the window (37.5 a week for one whole-time "
    "equivalent)."
)


def _m(name: str, label: str, unit: str, definition: str, direction: Direction = "neutral", digits: int = 1) -> Measure:
    return Measure(name, label, unit, definition, direction, "ward", "workforce", digits)


DECLARED: tuple[Measure, ...] = (
    _m(
        "care_hours_per_patient_day",
        "Care hours per patient day",
        "h per patient day",
        "Hours worked by nursing staff in the window, whoever employs them, divided by the sum of patients on the ward "
        "at each midnight. " + _WORKED,
        "higher",
        2,
    ),
    _m(
        "care_hours_rn_per_patient_day",
        "Care hours of registered nurses per patient day",
        "h per patient day",
        "As care_hours_per_patient_day, registered nurses only.",
        "higher",
        2,
    ),
    _m(
        "temporary_share",
        "Temporary staff",
        "%",
        "Hours worked by bank and agency, as a share of nursing hours worked in the window. " + _WORKED,
        "lower",
    ),
    _m(
        "agency_share",
        "Agency staff",
        "%",
        "Hours worked by agency, as a share of nursing hours worked in the window. " + _WORKED,
        "lower",
    ),
    _m(
        "overtime_share",
        "Overtime of own staff",
        "%",
        "Hours of own nursing staff beyond contract (extra shifts), as a share of nursing hours worked in the window. "
        + _WORKED,
        "lower",
    ),
    _m(
        "late_finish_hours_per_week",
        "Hours worked past the end of the shift",
        "h a week",
        "Time that nursing staff stayed on duty past the planned end of their shift, in the window.",
        "lower",
        2,
    ),
    _m(
        "registered_share",
        "Registered nurses",
        "%",
        "Hours worked by registered nurses, as a share of nursing hours worked in the window. " + _WORKED,
        "neutral",
    ),
    _m(
        "unavailability",
        "Unavailability",
        "%",
        f"Contracted hours lost in the window to annual leave, sickness, injury, parental and other absence and study, "
        f"{_CONTRACT}",
        "neutral",
    ),
    _m(
        "sickness",
        "Sickness",
        "%",
        f"Contracted hours lost in the window to sickness and to injury by patients, {_CONTRACT}",
        "lower",
    ),
    *(
        _m(
            f"absence_{cause}",
            label,
            "%",
            f"Contracted hours lost in the window: {label.lower()}; {_CONTRACT}",
            "neutral",
            2,
        )
        for cause, label in CAUSES.items()
    ),
    _m(
        "leave_owed_days_per_wte",
        "Annual leave owed",
        "days per WTE",
        "Annual leave granted to nursing staff in post and not yet taken, mean over the window, days of 7.5 hours for one "
        "whole-time equivalent in post. It rises when a leave year is granted and falls as leave is taken (a stretch "
        "counts when it ends): compare windows of whole years, or the same quarter.",
        "neutral",
    ),
    _m(
        "leave_given_back_hours_per_wte",
        "Annual leave given back",
        "h a year per WTE",
        "Contracted hours of annual leave booked by nursing staff that fell in sickness, injury, parental or other leave and "
        "stayed owed, stretches that ended in the window, per 365.25 days and whole-time equivalent in post.",
        "neutral",
    ),
    _m(
        "leave_lost_hours_per_wte",
        "Annual leave lost",
        "h a year per WTE",
        "Contracted hours of annual leave of nursing staff beyond what may be carried over, lost at the end of a leave year in "
        "the window, per 365.25 days and whole-time equivalent in post.",
        "lower",
        2,
    ),
    _m(
        "turnover_rn",
        "Turnover of registered nurses",
        "% a year",
        "Registered nurses who left in the window, per 365.25 days, as a share of the mean number in post (people, "
        "time-weighted).",
        "lower",
    ),
    _m(
        "turnover_hca",
        "Turnover of healthcare assistants",
        "% a year",
        "As turnover_rn, healthcare assistants.",
        "lower",
    ),
    _m(
        "vacancy_rn",
        "Vacancy, registered nurses",
        "%",
        "Established less occupied whole-time equivalents, as a share of established, time-weighted over the window.",
        "lower",
    ),
    _m("vacancy_hca", "Vacancy, healthcare assistants", "%", "As vacancy_rn, healthcare assistants.", "lower"),
    _m(
        "nursing_in_post_wte",
        "Nursing staff in post",
        "WTE",
        "Whole-time equivalents of nursing staff in post, mean over the window.",
        "neutral",
    ),
    _m(
        "contracted_hours_accounted",
        "Contracted hours accounted for",
        "%",
        f"Contracted hours worked (duties within contract, without the breaks due) plus contracted hours lost to "
        f"absence, {_CONTRACT} "
        "A check of the roster: about 100.",
        "neutral",
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    return {**_hours(view), **_absence(view), **_leave_owed(view), **_posts(view)}


def _hours(view: View) -> dict[str, Value]:
    columns = view.columns
    hours, nursing = view.duty_hours, view.nursing_duty
    total = view.nursing_hours
    nurses = float(np.sum(hours[columns.among("duty", "role", "rn")]))
    bank = float(np.sum(hours[nursing & columns.among("duty", "employment", "bank")]))
    agency = float(np.sum(hours[nursing & columns.among("duty", "employment", "agency")]))
    extra = columns.among("duty", "employment", "substantive") & (columns.floats("duty", "contracted") == 0)
    late = overlap(columns.floats("duty", "planned_end"), columns.floats("duty", "end"), view.start, view.end)
    nobody, no_patients = (
        "no nursing hours were worked in the window",
        "nobody was on the ward at any midnight of the window",
    )
    return {
        "care_hours_per_patient_day": ratio(total, view.midnight_patients, 1.0, no_patients),
        "care_hours_rn_per_patient_day": ratio(nurses, view.midnight_patients, 1.0, no_patients),
        "temporary_share": share(bank + agency, total, nobody),
        "agency_share": share(agency, total, nobody),
        "overtime_share": share(float(np.sum(hours[nursing & extra])), total, nobody),
        "registered_share": share(nurses, total, nobody),
        "late_finish_hours_per_week": ratio(float(np.sum(late[nursing])) / 60.0, view.weeks),
    }


def absence_hours(view: View, cause: str) -> float:
    """Contracted hours of nursing staff lost to a cause in the window; an absence over its edge counts in part."""
    columns = view.columns
    mask = columns.among("absence", "cause", cause) & columns.among("absence", "role", *NURSING_ROLES)
    starts, ends = columns.floats("absence", "start")[mask], columns.floats("absence", "end")[mask]
    hours = columns.floats("absence", "hours")[mask]
    length = ends - starts
    inside = overlap(starts, ends, view.start, view.end)
    moment = within(starts, view.start, view.end).astype(np.float64)
    part = np.where(length > 0.0, inside / np.where(length > 0.0, length, 1.0), moment)
    return float(np.dot(hours, part))


def _absence(view: View) -> dict[str, Value]:
    columns = view.columns
    contracted = view.nursing_wte * FULL_TIME_HOURS * (view.end - view.start) / WEEK
    nobody = "no nursing staff were in post in the window"
    lost = {cause: absence_hours(view, cause) for cause in CAUSES}
    own = (
        view.nursing_duty
        & columns.among("duty", "employment", "substantive")
        & (columns.floats("duty", "contracted") > 0)
    )
    worked = float(np.sum(view.duty_hours[own]))
    values = {f"absence_{cause}": share(hours, contracted, nobody) for cause, hours in lost.items()}
    values["unavailability"] = share(sum(lost.values()), contracted, nobody)
    values["sickness"] = share(lost["sickness"] + lost["injury"], contracted, nobody)
    values["contracted_hours_accounted"] = share(worked + sum(lost.values()), contracted, nobody)
    return values


def _leave_owed(view: View) -> dict[str, Value]:
    columns = view.columns
    nursing = columns.among("leave_owed", "role", *NURSING_ROLES)
    hours = columns.floats("leave_owed", "hours")
    rises = columns.among("leave_owed", "event", "opening", "granted")
    falls = columns.among("leave_owed", "event", "taken", "lost", "settled")
    owed = np.cumsum((hours * (rises * 1.0 - falls))[nursing])
    times = columns.floats("leave_owed", "time")[nursing]
    level = Steps(np.append(times.min(initial=view.start), times), np.append(0.0, owed))
    wte, nobody = view.nursing_wte, "no nursing staff were in post in the window"
    inside = nursing & view.happened("leave_owed")

    def a_year(event: str) -> Value:
        found = float(np.sum(hours[inside & columns.among("leave_owed", "event", event)]))
        return ratio(found, wte * view.years, 1.0, nobody)

    return {
        "leave_owed_days_per_wte": ratio(level.mean(view.start, view.end) / LEAVE_DAY_HOURS, wte, 1.0, nobody),
        "leave_given_back_hours_per_wte": a_year("given_back"),
        "leave_lost_hours_per_wte": a_year("lost"),
    }


def _posts(view: View) -> dict[str, Value]:
    values: dict[str, Value] = {"nursing_in_post_wte": plain(view.nursing_wte)}
    for role in ("rn", "hca"):
        posts = view.nursing_posts(role)
        left = sum(1 for post in posts if view.start <= post.end < view.end)
        person_years = float(np.sum(view.post_minutes(posts))) / (365.25 * DAY)
        values[f"turnover_{role}"] = share(left, person_years, "nobody was in post in the window")
        mask = view.columns.among("vacancy", "role", role)
        times = view.columns.floats("vacancy", "time")[mask]
        established = Steps(times, view.columns.floats("vacancy", "established_wte")[mask]).integral(
            view.start, view.end
        )
        occupied = Steps(times, view.columns.floats("vacancy", "in_post_wte")[mask]).integral(view.start, view.end)
        values[f"vacancy_{role}"] = share(established - occupied, established, "the establishment has no such posts")
    return values
