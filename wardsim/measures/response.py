"""Answer to incidents: how soon, by whom, with what restriction."""

from __future__ import annotations

import numpy as np

from .columns import BoolArray, FloatArray
from .declare import NAN, Direction, Measure, Value, plain, ratio, share, unknown
from .incidents import OBD
from .view import View, median

RESTRICTIVE = ("restraint", "seclusion", "rapid_tranquillisation")
"""Containment that counts as a restrictive intervention (national definition MHS96, of the kinds in this model)."""

KINDS: dict[str, str] = {
    "restraint": "Manual restraint",
    "seclusion": "Seclusion",
    "rapid_tranquillisation": "Rapid tranquillisation",
    "low_stimulus": "Use of a low-stimulus room",
    "prn": "Medication as needed",
    "picu_transfer": "Transfer to psychiatric intensive care",
    "police": "Police attendance",
}


def _episodes(name: str, label: str, what: str, *, headline: bool = False, direction: Direction = "lower") -> Measure:
    return Measure(
        name,
        f"{label} per 1,000 occupied bed days (happened)",
        "episodes per 1,000 OBD",
        f"{what} that began in the window, divided by {OBD}, times 1,000.",
        direction,
        "happened",
        "containment",
        1,
        headline,
    )


DECLARED: tuple[Measure, ...] = (
    _episodes(
        "restrictive_interventions_per_1000_obd",
        "Restrictive interventions",
        "Episodes of manual restraint, seclusion and rapid tranquillisation, each counted (national definition MHS96, "
        "of the kinds "
        "in this model; not medication as needed, low-stimulus rooms or transfers),",
        headline=True,
    ),
    *(
        _episodes(
            f"{kind}_per_1000_obd",
            label,
            f"Episodes: {label.lower()},",
            direction="lower" if kind in RESTRICTIVE else "neutral",
        )
        for kind, label in KINDS.items()
    ),
    Measure(
        "restraint_minutes",
        "Length of a restraint (happened)",
        "min",
        "Mean minutes of the manual restraints that began in the window.",
        "lower",
        "happened",
        "containment",
        1,
    ),
    Measure(
        "restraint_staff_trained",
        "Staff in a restraint who are in date for the course (happened)",
        "%",
        "Trained people as a share of people in the manual restraints that began in the window.",
        "higher",
        "happened",
        "containment",
        0,
    ),
    Measure(
        "first_response_min",
        "Time to the first person at an aggressive incident (happened)",
        "min",
        "Median minutes from the start of aggressive incidents in the window that have a response to the first "
        "person's arrival; "
        "nobody arriving counts as longer than any time.",
        "lower",
        "happened",
        "containment",
        1,
    ),
    Measure(
        "team_response_min",
        "Time to a whole team at an aggressive incident (happened)",
        "min",
        "Median minutes from the start of aggressive incidents in the window for which a team came to its arrival.",
        "lower",
        "happened",
        "containment",
        1,
    ),
    Measure(
        "de_escalated",
        "Aggression ended by talking (happened)",
        "%",
        "Aggressive incidents in the window that have a response and were de-escalated, as a share of those with a "
        "response.",
        "higher",
        "happened",
        "containment",
        0,
    ),
    Measure(
        "responders_from_neighbours",
        "Responders who come from other wards (happened)",
        "%",
        "People from neighbouring wards as a share of all people in the teams that answered incidents in the window.",
        "neutral",
        "happened",
        "containment",
        0,
    ),
    Measure(
        "medical_emergency_response_min",
        "Time to a trained responder at a medical emergency (happened)",
        "min",
        "Median minutes from the start of medical emergencies in the window to the arrival of the first person in date "
        "for life support "
        "(own staff, a neighbouring ward's, or the site's team); nobody arriving counts as longer than any time.",
        "lower",
        "happened",
        "containment",
        1,
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    return {**_containment(view), **_response(view)}


def _containment(view: View) -> dict[str, Value]:
    columns = view.columns
    now = view.happened("containment")
    no_days = "no occupied bed days in the window"
    values = {
        f"{kind}_per_1000_obd": ratio(
            _count(now & columns.among("containment", "kind", kind)), view.bed_days, 1000.0, no_days
        )
        for kind in KINDS
    }
    restrictive = _count(now & columns.among("containment", "kind", *RESTRICTIVE))
    values["restrictive_interventions_per_1000_obd"] = ratio(restrictive, view.bed_days, 1000.0, no_days)
    held = now & columns.among("containment", "kind", "restraint")
    people = float(np.sum(columns.floats("containment", "people")[held]))
    trained = float(np.sum(columns.floats("containment", "trained")[held]))
    minutes = float(np.sum(columns.floats("containment", "minutes")[held]))
    values["restraint_minutes"] = ratio(minutes, _count(held), 1.0, "no restraint in the window")
    values["restraint_staff_trained"] = share(trained, people, "no restraint in the window")
    return values


def _response(view: View) -> dict[str, Value]:
    events = view.events
    columns = view.columns
    answered = columns.ints("response", "incident")
    aggressive = np.isin(answered, events.ids[events.now & events.aggression])
    emergency = np.isin(answered, events.ids[events.now & events.type("medical_emergency")])
    first = columns.floats("response", "first_arrival_min")
    team = columns.floats("response", "team_arrival_min")
    came = aggressive | emergency
    # for a medical emergency `team_arrival_min` is the arrival of the first trained responder
    all_people = float(np.sum(columns.floats("response", "team")[came]))
    others = float(np.sum(columns.floats("response", "from_neighbours")[came]))
    talked = float(np.sum(columns.floats("response", "de_escalated")[aggressive] > 0))
    return {
        "first_response_min": _median_wait(first[aggressive], "no aggression was answered in the window"),
        "team_response_min": plain(median(team[aggressive & ~np.isnan(team)]), "no team was called in the window"),
        "de_escalated": share(talked, _count(aggressive), "no aggression was answered in the window"),
        "responders_from_neighbours": share(others, all_people, "nobody answered an incident in the window"),
        "medical_emergency_response_min": _median_wait(
            team[emergency], "no medical emergency was answered in the window"
        ),
    }


def _median_wait(waits: FloatArray, nothing: str) -> Value:
    """Median of waits, of which some never ended (NaN)."""
    if len(waits) == 0:
        return unknown(nothing)
    middle = float(np.median(np.where(np.isnan(waits), np.inf, waits)))
    return Value(middle, NAN, NAN) if np.isfinite(middle) else unknown("in half of the cases or more nobody came")


def _count(mask: BoolArray) -> int:
    return int(np.count_nonzero(mask))
