"""Incidents on the ward, in two layers: what happened, and what was reported of it."""

from __future__ import annotations

import numpy as np

from .columns import BoolArray
from .declare import Direction, Layer, Measure, Value, ratio, share
from .view import View

TYPES: dict[str, tuple[str, str]] = {
    "verbal": ("verbal_aggression", "Verbal aggression"),
    "objects": ("objects_aggression", "Aggression to objects"),
    "assault": ("assaults", "Physical assaults"),
    "sexual_safety": ("sexual_safety", "Sexual safety incidents"),
    "self_harm": ("self_harm", "Self-harm"),
    "suicide_attempt": ("suicide_attempts", "Suicide attempts"),
    "absconding": ("absconding", "Absconding"),
    "substance_use": ("substance_use", "Substance use on the ward"),
    "medication_refusal": ("medication_refusal", "Refusals of medication"),
    "medical_emergency": ("medical_emergencies", "Medical emergencies"),
}
"""Incident type in the facts to (stem of the measure's name, label)."""

PER_1000 = 1000.0
OBD = "occupied bed days (patients present, leave excluded, integrated over the window)"


def _rate(
    stem: str, label: str, what: str, layer: Layer, *, headline: bool = False, direction: Direction = "lower"
) -> Measure:
    word = "happened" if layer == "happened" else "reported"
    middle = "true" if layer == "happened" else "reported"
    source = (
        "whether or not anybody reported them" if layer == "happened" else "that were entered in the incident system"
    )
    return Measure(
        f"{stem}_{middle}_per_1000_obd",
        f"{label} per 1,000 occupied bed days ({word})",
        "events per 1,000 OBD",
        f"{what} on the ward in the window {source}, by time of the event, divided by {OBD}, times 1,000.",
        direction,
        layer,
        "incidents",
        1,
        headline,
    )


def _both(stem: str, label: str, what: str, *, headline: bool = False) -> tuple[Measure, Measure]:
    return _rate(stem, label, what, "happened", headline=headline), _rate(
        stem, label, what, "reported", headline=headline
    )


DECLARED: tuple[Measure, ...] = (
    *_both("assaults", "Physical assaults", "Physical assaults on staff or patients", headline=True),
    *_both("aggression", "All aggression", "Verbal aggression, aggression to objects and physical assaults"),
    *_both("assaults_on_staff", "Assaults on staff", "Physical assaults whose victim was a member of staff"),
    *_both("assaults_on_patients", "Assaults on patients", "Physical assaults whose victim was a patient"),
    *_both(
        "serious_aggression",
        "Serious aggression",
        "Aggression (verbal, objects, physical) with an injury or harm of any degree, a restraint in its course, or a "
        "weapon,",
    ),
    *(m for key, (stem, label) in TYPES.items() if key != "assault" for m in _both(stem, label, label)),
    Measure(
        "assaults_reported_share",
        "Share of assaults that are reported (reported of happened)",
        "%",
        "Physical assaults entered in the incident system, as a share of those that happened in the window.",
        "higher",
        "reported",
        "incidents",
        0,
    ),
    Measure(
        "aggression_reported_share",
        "Share of aggression that is reported (reported of happened)",
        "%",
        "Aggressive incidents entered in the incident system, as a share of those that happened in the window.",
        "higher",
        "reported",
        "incidents",
        0,
    ),
    Measure(
        "catchment_assaults_true_per_year",
        "Assaults by the catchment's patients a year (happened)",
        "events a year",
        "Physical assaults that happened on the ward, and by its patients placed out of area, in the window, per "
        "365.25 days. "
        "Sending acutely ill patients away does not lower it.",
        "lower",
        "happened",
        "incidents",
        0,
    ),
    Measure(
        "catchment_assaults_true_per_1000_patient_days",
        "Assaults by the catchment's patients per 1,000 patient days (happened)",
        "events per 1,000 patient days",
        "As catchment_assaults_true_per_year, divided by occupied bed days on the ward plus out-of-area days, times "
        "1,000.",
        "lower",
        "happened",
        "incidents",
        1,
    ),
    Measure(
        "assaults_by_escalation",
        "Assaults that grew out of an earlier incident (happened)",
        "%",
        "Physical assaults that happened whose origin is escalation, as a share of all physical assaults that "
        "happened.",
        "neutral",
        "happened",
        "incidents",
        0,
    ),
    Measure(
        "incidents_by_contagion",
        "Aggression set off by an earlier incident (happened)",
        "%",
        "Aggressive incidents that happened whose origin is contagion, as a share of all that happened.",
        "lower",
        "happened",
        "incidents",
        0,
    ),
    Measure(
        "aggression_noticed",
        "Aggression noticed by staff (happened)",
        "%",
        "Aggressive incidents that happened and were noticed by somebody on duty, as a share of all that happened.",
        "higher",
        "happened",
        "incidents",
        0,
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    events = view.events
    values: dict[str, Value] = {}
    sets: dict[str, BoolArray] = {
        "assaults": events.assault,
        "aggression": events.aggression,
        "assaults_on_staff": events.assault & events.victim("staff"),
        "assaults_on_patients": events.assault & events.victim("patient"),
        "serious_aggression": events.aggression & events.harmful,
        **{stem: events.type(key) for key, (stem, _) in TYPES.items() if key != "assault"},
    }
    for stem, chosen in sets.items():
        happened = events.now & chosen
        values[f"{stem}_true_per_1000_obd"] = _per_obd(view, happened)
        values[f"{stem}_reported_per_1000_obd"] = _per_obd(view, happened & events.reported)
    assaults = events.now & events.assault
    aggression = events.now & events.aggression
    n_assaults, n_aggression = _count(assaults), _count(aggression)
    none = "no assault happened in the window"
    nothing = "no aggression happened in the window"
    noticed = view.columns.floats("incident", "noticed") > 0
    values["assaults_reported_share"] = share(_count(assaults & events.reported), n_assaults, none)
    values["aggression_reported_share"] = share(_count(aggression & events.reported), n_aggression, nothing)
    values["assaults_by_escalation"] = share(_count(assaults & events.origin("escalation")), n_assaults, none)
    values["incidents_by_contagion"] = share(_count(aggression & events.origin("contagion")), n_aggression, nothing)
    values["aggression_noticed"] = share(_count(aggression & noticed), n_aggression, nothing)
    values.update(_catchment(view))
    return values


def _catchment(view: View) -> dict[str, Value]:
    away_days = view.level_minutes("beds", "out_of_area") / 1440.0
    names = ("catchment_assaults_true_per_year", "catchment_assaults_true_per_1000_patient_days")
    everywhere = _count(view.happened("incident") & view.events.assault)
    return {
        names[0]: ratio(everywhere, view.years),
        names[1]: ratio(everywhere, view.bed_days + away_days, PER_1000, "no patient days in the window"),
    }


def _count(mask: BoolArray) -> int:
    return int(np.count_nonzero(mask))


def _per_obd(view: View, mask: BoolArray) -> Value:
    return ratio(_count(mask), view.bed_days, PER_1000, "no occupied bed days in the window")
