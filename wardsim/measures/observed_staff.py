"""Training, physical checks, stays and beds as surveys, audits and statistics of the time counted them."""

from __future__ import annotations

import numpy as np

from wardsim.ward.core.clock import DAY, WEEK

from .columns import Columns, field
from .declare import TWELVE_MONTHS_MIN, Layer, Measure, Value, share, unknown
from .integrate import within
from .overdue import overdue_at
from .view import View

COURSE = "violence_prevention"
"""The course on restraint of the model."""
FOR_COVER = ("cover_short", "recalled_short")
"""Reasons of refusals and cancellations that a survey would call too few staff to cover."""
LATE = 91.0 * DAY
"""Time overdue from which staff are taken to answer that they could not complete a course, minutes (assumption)."""


def _m(name: str, label: str, definition: str, digits: int = 1) -> Measure:
    layer: Layer = "ward" if name.startswith(("stays", "delayed")) else "reported"
    return Measure(f"observed_{name}", label, "%", definition, "neutral", layer, "observed", digits)


DECLARED: tuple[Measure, ...] = (
    _m("training_not_completed", "Staff unable to complete mandatory training (reported in a survey)",
       "Nursing staff in post on the last day of the window: share with a required course that has been overdue for three months or more. "
       "Somebody a few weeks late would not say that it could not be done. Needs 365 measured days before that day.", 0),
    _m("missing_training_for_cover", "Staff with overdue training who were refused or called back for want of cover (reported in a survey)",
       "Of those of observed_training_not_completed: share who would name want of cover. Somebody names one reason, in proportion to the "
       "refusals and cancellations of the overdue courses in the 365 days before (who never asked names another); want of cover is a place "
       "refused, or a day off the ward called back, because the ward was short.", 0),
    _m("restraint_course_initial", "Staff who have done the first restraint course (reported in training records)",
       "Of staff who need violence_prevention, at the weekly counts of the window: share not waiting for the whole first course (who is in "
       "date never is).", 0),
    _m("restraint_course_refresher", "Staff in date for the restraint course, of those who did the first (reported in training records)",
       "Of staff who need violence_prevention and are not waiting for the whole first course, at the weekly counts of the window: share in "
       "date.", 0),
    _m("physical_check_missed_week", "No physical health check, of patients who stayed a week (reported in case notes)",
       "Patients whose physical health check fell due in the window and who were on the ward for seven days from admission: share whose "
       "check was never done in the time in which it counts.", 0),
    _m("stays_over_365_days", "Stays over a year",
       "Patients who left the ward in the window after more than 365 days, as a share of those who left.", 2),
    _m("delayed_beds", "Beds of patients ready to leave",
       "Patients present who are clinically ready for discharge, time-weighted over the window, as a share of beds."),
)  # fmt: skip


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    values = {
        **_not_completed(view), **_restraint_course(view), "physical_check_missed_week": _missed_check(view),
        "stays_over_365_days": _over_a_year(view),
        "delayed_beds": share(view.level_minutes("beds", "delayed"), view.scenario.ward.beds * (view.end - view.start), "the ward has no beds"),
    }  # fmt: skip
    return {f"observed_{name}": value for name, value in values.items()}


# -- training ---------------------------------------------------------------------------------------------------------------


def _not_completed(view: View) -> dict[str, Value]:
    """Who could not complete mandatory training in the last year, and for whom it was want of cover."""
    census = view.end
    since = census - TWELVE_MONTHS_MIN
    names = ("training_not_completed", "missing_training_for_cover")
    if view.observed[0] > since:
        days = (census - view.observed[0]) / DAY
        return dict.fromkeys(names, unknown(f"needs 365 measured days before the census day; there are {days:.0f}"))
    overdue = overdue_at(view, census, LATE)
    at = {key: field("training", key) for key in ("person", "course", "reason")}
    named: dict[int, list[bool]] = {}
    denied = view.columns.among("training", "event", "refused", "cancelled")
    denied = denied & within(view.columns.floats("training", "time"), since, census)
    for row in view.columns.picked("training", denied):
        person = row[at["person"]]
        if row[at["course"]] in overdue.get(person, ()):
            named.setdefault(person, []).append(row[at["reason"]] in FOR_COVER)
    there = [post.person for post in view.nursing_posts() if post.begin < census <= post.end]
    missing = [person for person in there if person in overdue]
    blamed = sum(sum(reasons) / len(reasons) for person in missing if (reasons := named.get(person)))
    return {
        "training_not_completed": share(len(missing), len(there), "no nursing staff were in post on the census day"),
        "missing_training_for_cover": share(blamed, len(missing), "nobody in post had long overdue training on the census day"),
    }


def _restraint_course(view: View) -> dict[str, Value]:
    columns = view.columns
    counted = view.happened("compliance") & columns.among("compliance", "course", COURSE)
    times = columns.floats("compliance", "time")[counted]
    need, dated = (columns.floats("compliance", name)[counted] for name in ("needed", "in_date"))
    wait = np.zeros(len(times))
    for begin, end in _waiting_for_the_first(view):
        wait += (times >= begin) & (times < end)
    # who is in date has done the first course, also where the refresher is as long and is asked for before the certificate ends
    waiting = float(np.sum(np.minimum(wait, np.maximum(need - dated, 0.0))))
    needed, in_date = float(np.sum(need)), float(np.sum(dated))
    nobody = "nobody needs this course in the window"
    return {
        "restraint_course_initial": share(needed - waiting, needed, nobody),
        "restraint_course_refresher": share(
            in_date, needed - waiting, nobody if needed <= 0.0 else "everybody waits for the first course"
        ),
    }


def _waiting_for_the_first(view: View) -> list[tuple[float, float]]:
    """From when to when each member of staff waited for the whole first course (refreshers asked for as such do not count)."""
    hours = next((c.initial_hours for c in view.scenario.training.courses if c.name == COURSE), None)
    if hours is None:
        return []
    columns = view.columns
    gone = {post.person: post.end for post in view.posts}
    at = {key: field("training", key) for key in ("time", "person", "event", "hours", "reason")}
    chosen = columns.among("training", "course", COURSE) & columns.among("training", "event", "due", "attended")
    since: dict[int, float] = {}
    spans: list[tuple[float, float]] = []
    for row in columns.picked("training", chosen):
        person, time = row[at["person"]], row[at["time"]]
        if row[at["event"]] == "due":
            if row[at["hours"]] >= hours:
                since.setdefault(person, time)
        elif row[at["reason"]] != "part" and person in since:
            spans.append((since.pop(person), time))
    return spans + [(begin, gone.get(person, float("inf"))) for person, begin in since.items()]


# -- patients ---------------------------------------------------------------------------------------------------------------


def _missed_check(view: View) -> Value:
    columns = view.columns
    admitted, left = columns.kept("first in, last out", lambda: _in_and_out(columns))
    due = view.happened("pathway", "due") & columns.among("pathway", "step", "physical_health_check")
    patient, status = field("pathway", "patient"), field("pathway", "status")
    stayed = missed = 0
    for row in columns.picked("pathway", due):
        came = admitted.get(row[patient])
        if came is not None and came + WEEK <= min(left.get(row[patient], float("inf")), view.observed[1]):
            stayed += 1
            missed += row[status] == "missed"
    return share(missed, stayed, "no patient with such a check due stayed a week")


def _in_and_out(columns: Columns) -> tuple[dict[int, float], dict[int, float]]:
    """When each patient was first admitted and last discharged."""
    admitted: dict[int, float] = {}
    patient, time = field("admission", "patient"), field("admission", "time")
    for row in columns.rows("admission"):
        admitted.setdefault(row[patient], row[time])
    patient, time = field("discharge", "patient"), field("discharge", "time")
    return admitted, {row[patient]: row[time] for row in columns.rows("discharge")}


def _over_a_year(view: View) -> Value:
    columns = view.columns
    left = view.happened("discharge") & columns.among("discharge", "place", "ward")
    days = (columns.floats("discharge", "time") - columns.floats("discharge", "admitted"))[left] / DAY
    return share(int(np.count_nonzero(days > 365.0)), len(days), "nobody left the ward in the window")
