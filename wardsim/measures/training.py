"""Training: what was asked for, refused, released, cancelled and attended; who is in date; what the team can do."""

from __future__ import annotations

import numpy as np

from wardsim.ward.core.clock import WEEK
from wardsim.ward.training.skill import COURSE_NAMES

from .bookings import ended_bookings
from .declare import TWELVE_MONTHS_MIN, YEAR_MIN, Direction, Measure, Value, plain, ratio, share, unknown
from .overdue import overdue_at
from .shifts import team_mean
from .view import View

REFUSALS: dict[str, str] = {
    "cover_short": "cover would have fallen below the rule",
    "no_place": "there was no place in time",
    "release_not_allowed": "nobody is released from this ward",
    "no_time": "there was no time for e-learning on duty",
}
CANCELLATIONS: dict[str, str] = {
    "recalled_short": "the person was called back because the ward was short",
    "sick": "the person was sick on the day",
}
SKILLS = ("violence", "de_escalation", "suicide", "life_support", "dual_diagnosis", "sexual_safety")


def _m(
    name: str,
    label: str,
    unit: str,
    definition: str,
    direction: Direction = "neutral",
    digits: int = 0,
    *,
    headline: bool = False,
) -> Measure:
    return Measure(name, label, unit, definition, direction, "ward", "training", digits, headline)


DECLARED: tuple[Measure, ...] = (
    _m(
        "training_release_honoured",
        "Booked training that was attended",
        "%",
        "Hours attended, as a share of booked hours whose course day fell in the window (attended, or cancelled "
        "because the person was called back or sick). "
        "Bookings that ended because the person left, and e-learning and on-ward sessions without a booking, are left "
        "out.",
        "higher",
        headline=True,
    ),
    _m(
        "training_compliance",
        "Training compliance",
        "%",
        "Staff in date as a share of staff who need the course, all courses together, summed over the weekly counts in "
        "the window.",
        "higher",
    ),
    *(
        _m(
            f"training_compliance_{course}",
            f"Training compliance: {course.replace('_', ' ')}",
            "%",
            f"As training_compliance, course {course} only.",
            "higher",
        )
        for course in COURSE_NAMES
    ),
    _m(
        "training_hours_planned_per_wte",
        "Training planned",
        "h a year per WTE",
        "Hours of training that the policy promises for the weeks of the window (scenario key "
        "training.planned_hours_per_wte; without it, what the training matrix needs to "
        "keep everybody in date, with the first courses of starters), per year and whole-time equivalent of own staff "
        "who need courses.",
        "neutral",
        1,
    ),
    _m(
        "training_hours_delivered_per_wte",
        "Training delivered",
        "h a year per WTE",
        "Hours attended in the window, all courses and modalities, per year and whole-time equivalent of own staff who "
        "need courses.",
        "higher",
        1,
    ),
    _m(
        "training_hours_missing_per_wte",
        "Training planned and not delivered",
        "h a year per WTE",
        "training_hours_planned_per_wte less training_hours_delivered_per_wte.",
        "lower",
        1,
    ),
    _m(
        "training_refused",
        "Requests for training refused",
        "%",
        "Refusals as a share of places asked for in the window (somebody refused asks again later, and is counted each "
        "time).",
        "lower",
    ),
    *(
        _m(
            f"training_refused_{reason}",
            f"Refused: {why}",
            "%",
            f"Places asked for in the window and refused because {why}, as a share of places asked for.",
            "lower",
        )
        for reason, why in REFUSALS.items()
    ),
    _m(
        "training_cancelled",
        "Booked training cancelled",
        "%",
        "Bookings of courses off the ward cancelled, as a share of those that ended in the window (cancelled, or the "
        "course completed). Bookings of people who left are left out.",
        "lower",
    ),
    *(
        _m(
            f"training_cancelled_{reason}",
            f"Cancelled: {why}",
            "%",
            f"Bookings that ended in the window because {why}, as a share of bookings that ended.",
            "lower",
        )
        for reason, why in CANCELLATIONS.items()
    ),
    _m(
        "training_backfilled",
        "Released shifts that were backfilled",
        "%",
        "Hours released from published shifts in the window whose gap was offered to others, as a share of hours "
        "released from published shifts.",
        "neutral",
    ),
    _m(
        "staff_missing_mandatory_training",
        "Nursing staff with overdue mandatory training",
        "%",
        "Nursing staff in post on the last day of the window with at least one required course that was due by then "
        "and had not been completed, after 365 measured days, "
        "as a share of nursing staff in post.",
        "lower",
    ),
    *(
        _m(
            f"team_skill_{skill}",
            f"Skill of the team: {skill.replace('_', ' ')}",
            "%",
            "Current skill (0 none, 100 just trained) of the nursing team on duty, mean over the shifts that began in "
            "the window.",
            "higher",
        )
        for skill in SKILLS
    ),
    _m(
        "programme_fidelity",
        "Fidelity of programmes",
        "%",
        "Share of the trial's content that the programmes in force reach, mean over weeks in the window and "
        "programmes.",
        "higher",
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    return {**_compliance(view), **_hours(view), **_requests(view), **_bookings(view), **_missing(view), **_team(view)}


def _compliance(view: View) -> dict[str, Value]:
    columns = view.columns
    now = view.happened("compliance")
    needed, in_date = columns.floats("compliance", "needed"), columns.floats("compliance", "in_date")
    values = {
        "training_compliance": share(
            float(np.sum(in_date[now])),
            float(np.sum(needed[now])),
            "no weekly count of staff who need a course in the window",
        )
    }
    for course in COURSE_NAMES:
        mask = now & columns.among("compliance", "course", course)
        values[f"training_compliance_{course}"] = share(
            float(np.sum(in_date[mask])), float(np.sum(needed[mask])), "nobody needs this course in the window"
        )
    return values


def _hours(view: View) -> dict[str, Value]:
    columns = view.columns
    weekly = view.happened("training_plan")
    times, first = np.unique(columns.floats("training_plan", "time")[weekly], return_index=True)
    wte_weeks = float(np.sum(columns.floats("training_plan", "wte")[weekly][first]))
    promised = float(np.sum(columns.floats("training_plan", "planned_hours")[weekly]))
    attended = attended_hours(view)
    weeks_a_year = YEAR_MIN / WEEK
    nobody = "no staff who need courses were in post in the window"
    planned = ratio(promised, wte_weeks, weeks_a_year, nobody)
    wte = wte_weeks / len(times) if len(times) else 0.0
    delivered = ratio(attended, wte * view.years, 1.0, nobody)
    missing = unknown(nobody) if planned.reason or delivered.reason else plain(planned.value - delivered.value)
    return {
        "training_hours_planned_per_wte": planned,
        "training_hours_delivered_per_wte": delivered,
        "training_hours_missing_per_wte": missing,
    }


def attended_hours(view: View) -> float:
    """Hours of training attended in the window, all staff, courses and modalities."""
    columns = view.columns
    mask = view.happened("training") & columns.among("training", "event", "attended")
    return float(np.sum(columns.floats("training", "hours")[mask]))


def _requests(view: View) -> dict[str, Value]:
    columns = view.columns
    now = view.happened("training")

    def count(event: str, *reasons: str) -> int:
        chosen = now & columns.among("training", "event", event)
        return int(np.count_nonzero(chosen & columns.among("training", "reason", *reasons) if reasons else chosen))

    none = "nobody asked for a place in the window"
    asked = count("asked")
    values = {f"training_refused_{reason}": share(count("refused", reason), asked, none) for reason in REFUSALS}
    values["training_refused"] = share(count("refused"), asked, none)
    released = (
        now & columns.among("training", "event", "released") & columns.among("training", "reason", "rostered_shift")
    )
    hours = columns.floats("training", "hours")
    covered = columns.floats("training", "backfilled") > 0
    values["training_backfilled"] = share(
        float(np.sum(hours[released & covered])),
        float(np.sum(hours[released])),
        "nobody was released from a published shift in the window",
    )
    return values


def _bookings(view: View) -> dict[str, Value]:
    ended = ended_bookings(view)
    total = ended.completed + sum(ended.cancelled.values())
    none = "no booking ended in the window"
    values = {f"training_cancelled_{reason}": share(ended.cancelled[reason], total, none) for reason in CANCELLATIONS}
    values["training_cancelled"] = share(sum(ended.cancelled.values()), total, none)
    values["training_release_honoured"] = share(
        ended.attended, ended.attended + ended.lost, "no booked course day in the window"
    )
    return values


def _missing(view: View) -> dict[str, Value]:
    name = "staff_missing_mandatory_training"
    census = view.end
    if view.observed[0] > census - TWELVE_MONTHS_MIN:
        days = (census - view.observed[0]) / 1440.0
        return {name: unknown(f"needs 365 measured days before the census day; there are {days:.0f}")}
    late = overdue_at(view, census)
    staff = [post.person for post in view.nursing_posts() if post.begin < census <= post.end]
    return {
        name: share(sum(1 for person in staff if person in late), len(staff), "nobody was in post on the census day")
    }


def _team(view: View) -> dict[str, Value]:
    now = view.happened("team")
    values = {f"team_skill_{skill}": team_mean(view, f"skill_{skill}", now, 100.0) for skill in SKILLS}
    weeks = view.happened("programme")
    fidelity = view.columns.floats("programme", "fidelity")[weeks]
    values["programme_fidelity"] = share(
        float(np.sum(fidelity)), len(fidelity), "no programme was in force in the window"
    )
    return values
