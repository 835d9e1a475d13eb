"""Who is assaulted: nursing staff in a year, patients in a stay; injuries."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from .columns import BoolArray, field
from .declare import TWELVE_MONTHS_MIN, Measure, Value, ratio, share, unknown
from .view import Post, View

Times = dict[int, list[float]]
_CENSUS = (
    "Nursing staff (registered nurses, healthcare assistants, nursing associates) in post on the last day of the "
    "window who were "
    "physically assaulted by a patient of this ward at least once in the 365 days before it, in this post, as a share "
    "of those in post. "
    "Needs 365 measured days before that day."
)


def _survey(name: str, label: str, extra: str, layer: str = "happened") -> Measure:
    return Measure(
        name,
        label,
        "%",
        f"{_CENSUS} {extra}".strip(),
        "lower",
        "reported" if layer == "reported" else "happened",
        "victims",
        0,
    )


DECLARED: tuple[Measure, ...] = (
    _survey("nursing_staff_assaulted_per_year", "Nursing staff assaulted in the last year (happened)", "All posts."),
    _survey(
        "nursing_staff_assaulted_per_year_tenured",
        "Nursing staff a year or more in post, assaulted in the last year (happened)",
        "Only people who have been in post for the whole 365 days.",
    ),
    _survey(
        "nursing_staff_assaulted_per_year_reported",
        "Nursing staff with a reported assault in the last year (reported)",
        "Only assaults that were entered in the incident system.",
        "reported",
    ),
    _survey(
        "nursing_staff_assaulted_per_year_survey",
        "Nursing staff who would say in a survey that they were assaulted (reported)",
        "Each assault is recalled and named with the probability measures.survey_recall_probability, independently; "
        "the value is the "
        "expected share of staff who name at least one.",
        "reported",
    ),
    _survey(
        "nursing_staff_assaulted_per_year_survey_tenured",
        "Nursing staff a year or more in post, who would say so in a survey (reported)",
        "As nursing_staff_assaulted_per_year_survey, only people who have been in post for the whole 365 days.",
        "reported",
    ),
    Measure(
        "patients_assaulted",
        "Patients assaulted in their stay (happened)",
        "%",
        "Patients discharged from the ward in the window who were assaulted on the ward at least once in their stay, "
        "as a share of those "
        "discharged. Of a stay begun before the run's first minute only the observed part counts.",
        "lower",
        "happened",
        "victims",
        1,
    ),
    Measure(
        "patients_assaulted_census",
        "Patients on the ward now who have been assaulted in this stay (happened)",
        "%",
        "Patients of the ward (present or on leave) at the end of the window who have been assaulted at least once "
        "since admission, "
        "as a share of them.",
        "lower",
        "happened",
        "victims",
        1,
    ),
    Measure(
        "patients_violent",
        "Patients who assaulted someone in their stay (happened)",
        "%",
        "Patients discharged from the ward in the window who physically assaulted staff or patients at least once in "
        "their stay, "
        "as a share of those discharged.",
        "lower",
        "happened",
        "victims",
        1,
    ),
    Measure(
        "patients_aggressive",
        "Patients with any aggression in their stay (happened)",
        "%",
        "Patients discharged from the ward in the window with at least one aggressive incident (verbal, objects, "
        "physical) in their stay, "
        "as a share of those discharged.",
        "lower",
        "happened",
        "victims",
        1,
    ),
    Measure(
        "staff_injuries_per_1000_obd",
        "Injuries of staff per 1,000 occupied bed days (happened)",
        "injuries per 1,000 OBD",
        "Injuries of staff in incidents on the ward in the window, divided by occupied bed days, times 1,000.",
        "lower",
        "happened",
        "victims",
        2,
    ),
    Measure(
        "staff_injury_days_lost_per_year",
        "Days of absence after injury a year (happened)",
        "days a year",
        "Calendar days of absence that follow injuries of staff in the window, per 365.25 days.",
        "lower",
        "happened",
        "victims",
        0,
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    return {**_staff(view), **_patients(view), **_injuries(view)}


def _staff(view: View) -> dict[str, Value]:
    events = view.events
    names = [m.name for m in DECLARED if m.name.startswith("nursing_staff_assaulted")]
    census = view.end
    since = census - TWELVE_MONTHS_MIN
    if view.observed[0] > since:
        days = (census - view.observed[0]) / 1440.0
        return dict.fromkeys(names, unknown(f"needs 365 measured days before the census day; there are {days:.0f}"))
    posts = [p for p in view.nursing_posts() if p.begin < census <= p.end]
    tenured = [p for p in posts if p.begin <= since]
    chosen = events.assault & events.victim("staff") & (events.time >= since) & (events.time < census)
    happened = _counts(view, chosen & events.here)
    reported = _counts(view, chosen & events.here & events.reported)
    recall = view.parameters["measures.survey_recall_probability"]
    nobody, nobody_long = "nobody was in post on the census day", "nobody in post had been there for a year"

    def hit(people: list[Post], counts: dict[int, int]) -> int:
        return sum(1 for p in people if counts.get(p.person, 0) > 0)

    def named(people: list[Post]) -> float:
        return sum(1.0 - (1.0 - recall) ** happened.get(p.person, 0) for p in people)

    return {
        "nursing_staff_assaulted_per_year": share(hit(posts, happened), len(posts), nobody),
        "nursing_staff_assaulted_per_year_tenured": share(hit(tenured, happened), len(tenured), nobody_long),
        "nursing_staff_assaulted_per_year_reported": share(hit(posts, reported), len(posts), nobody),
        "nursing_staff_assaulted_per_year_survey": share(named(posts), len(posts), nobody),
        "nursing_staff_assaulted_per_year_survey_tenured": share(named(tenured), len(tenured), nobody_long),
    }


def _counts(view: View, mask: BoolArray) -> dict[int, int]:
    """Number of chosen incidents by victim."""
    victims, counts = np.unique(view.columns.ints("incident", "victim_person")[mask], return_counts=True)
    return dict(zip(victims.tolist(), counts.tolist(), strict=True))


def _times(view: View, mask: BoolArray, column: str) -> Times:
    """Times of chosen incidents by patient."""
    times: Times = defaultdict(list)
    people = view.columns.ints("incident", column)[mask].tolist()
    for person, time in zip(people, view.columns.floats("incident", "time")[mask].tolist(), strict=True):
        times[person].append(time)
    return times


def _patients(view: View) -> dict[str, Value]:
    assaulted, violent, aggressive, stays = view.columns.kept("assaults by patient", lambda: _by_patient(view))
    discharged = [(patient, a, b) for patient, a, b in stays if view.start <= b < view.end]
    resident = [(patient, a, view.end) for patient, a, b in stays if a < view.end <= b]

    def struck(those: list[tuple[int, float, float]], times: Times) -> int:
        return sum(1 for patient, a, b in those if any(a <= t <= b for t in times.get(patient, ())))

    none = "nobody was discharged in the window"
    return {
        "patients_assaulted": share(struck(discharged, assaulted), len(discharged), none),
        "patients_assaulted_census": share(
            struck(resident, assaulted), len(resident), "the ward was empty at the end of the window"
        ),
        "patients_violent": share(struck(discharged, violent), len(discharged), none),
        "patients_aggressive": share(struck(discharged, aggressive), len(discharged), none),
    }


def _by_patient(view: View) -> tuple[Times, Times, Times, list[tuple[int, float, float]]]:
    """Times when each patient of the run was assaulted, assaulted, and was aggressive on the ward; the stays."""
    events = view.events
    assaulted = _times(view, events.assault & events.victim("patient") & events.here, "victim_person")
    violent = _times(view, events.assault & events.here, "patient")
    return assaulted, violent, _times(view, events.aggression & events.here, "patient"), ward_stays(view)


def ward_stays(view: View) -> list[tuple[int, float, float]]:
    """Stays on the ward: patient, admitted, left (infinite for those still there); from admissions and discharges."""
    columns = view.columns
    p_admit, t_admit = field("admission", "patient"), field("admission", "time")
    begun = {row[p_admit]: row[t_admit] for row in columns.rows("admission")}
    patient, time, admitted, place = (field("discharge", c) for c in ("patient", "time", "admitted", "place"))
    stays: list[tuple[int, float, float]] = []
    for row in columns.rows("discharge"):
        if row[place] == "ward":
            first = begun.pop(row[patient], row[admitted])
            # a resident of the first day is written as admitted at the run's first minute; the stay began earlier
            stays.append((row[patient], min(first, row[admitted]), row[time]))
    stays.extend((person, first, float("inf")) for person, first in begun.items())
    return stays


def _injuries(view: View) -> dict[str, Value]:
    columns = view.columns
    mask = view.happened("injury") & columns.among("injury", "victim", "staff")
    lost = float(np.sum(columns.floats("injury", "days_lost")[mask]))
    return {
        "staff_injuries_per_1000_obd": ratio(
            int(np.count_nonzero(mask)), view.bed_days, 1000.0, "no occupied bed days in the window"
        ),
        "staff_injury_days_lost_per_year": ratio(lost, view.years),
    }
