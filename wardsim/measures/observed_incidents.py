"""Incidents as studies saw them: through case notes, a structured form, shift reports, an incident system.

A channel holds each incident with a chance (`recorded`); populations are those of `followed`. The reports of the incident
system are those of the run itself (mechanism M10): that channel is part of the ward.
"""

from __future__ import annotations

import numpy as np

from wardsim.ward.core.clock import DAY

from .columns import BoolArray, Columns, FloatArray, IntArray, field
from .declare import Measure, Value, plain, ratio, share, unknown
from .followed import Followed, any_of, first_days, whole_stays
from .recorded import Recorded
from .view import View

MONTH = 30.4375 * DAY
"""One month, minutes: a twelfth of a year."""
BEDS_OF_THE_SITE = 64.0
"""Beds over which INC030 and INC031 counted month by month (four wards)."""

NEW = "patients admitted in the window from outside whose first 14 days lie in the measured run, followed for 14 days or until they leave"
NOTED = "each noticed incident counted by the chance that case notes show it (recording.notes_*)"
FORMED = (
    "each noticed incident counted by the chance that a form was filled in (recording.form_*, for an assault with harm raised by "
    "reporting.harm_log_odds)"
)
LEFT = "patients who left the ward in the window, over their whole stay"


def _m(name: str, label: str, unit: str, definition: str, digits: int = 1) -> Measure:
    return Measure(f"observed_{name}", label, unit, definition, "neutral", "reported", "observed", digits)


DECLARED: tuple[Measure, ...] = (
    _m("notes_aggression_per_patient_14d", "Aggression per patient in the first 14 days (reported in case notes)", "incidents per patient",
       f"Aggressive incidents (verbal, objects, physical) of {NEW}; {NOTED}; divided by these patients.", 2),
    _m("notes_aggression_per_1000_days_14d", "Aggression per 1,000 patient days of the first 14 (reported in case notes)",
       "incidents per 1,000 patient days",
       "As observed_notes_aggression_per_patient_14d, divided by the days followed, leave included, times 1,000."),
    _m("notes_assaults_per_patient_14d", "Physical violence per patient in the first 14 days (reported in case notes)", "incidents per patient",
       f"Physical assaults by {NEW}; {NOTED}; divided by these patients.", 2),
    _m("notes_patients_verbal_14d", "Patients verbally aggressive in the first 14 days (reported in case notes)", "%",
       f"Of {NEW}: share with at least one verbal aggression in their notes; {NOTED}.", 0),
    _m("notes_patients_self_harm_14d", "Patients who harmed themselves in the first 14 days (reported in case notes)", "%",
       f"Of {NEW}: share with at least one self-harm in their notes; {NOTED}."),
    _m("notes_patients_suicide_attempt_14d", "Patients who attempted suicide in the first 14 days (reported in case notes)", "%",
       f"Of {NEW}: share with at least one suicide attempt in their notes; {NOTED}."),
    _m("notes_patients_de_escalated_14d", "Patients talked down or tried to be in the first 14 days (reported in case notes)", "%",
       f"Of {NEW}: share with at least one attempt at talking them down in their notes. An attempt is an answer by staff to verbal aggression "
       "or aggression to objects, also a short talk after slight aggression and one that ended in an assault; notes show it with the chance "
       "recording.notes_de_escalation_share.", 0),
    _m("notes_de_escalation_ended", "Attempts at talking down that ended the sequence (reported in case notes)", "%",
       "Of the attempts as in observed_notes_patients_de_escalated_14d: share after which nothing more was done.", 0),
    _m("notes_patients_secluded_14d", "Patients secluded in the first 14 days (reported in case notes)", "%",
       f"Of {NEW}: share secluded at least once, times recording.seclusion_room_wards_share where the simulated ward has a seclusion room "
       "(the study's wards were a mixture)."),
    _m("form_aggression_per_1000_days", "Aggression per 1,000 treatment days (reported on a structured form)", "incidents per 1,000 days",
       f"Aggressive incidents on the ward in the window; {FORMED}; divided by occupied bed days (leave excluded), times 1,000."),
    _m("form_assaults_per_1000_days", "Physical attacks per 1,000 treatment days (reported on a structured form)", "incidents per 1,000 days",
       f"Physical assaults on the ward in the window; {FORMED}; divided by occupied bed days (leave excluded), times 1,000."),
    _m("form_patients_aggressive", "Patients with any aggression (reported on a structured form)", "%",
       f"Of {LEFT}: share with at least one form; {FORMED}."),
    _m("form_patients_assaultive", "Patients with a physical attack (reported on a structured form)", "%",
       f"Of {LEFT}: share with at least one form for a physical assault; {FORMED}."),
    _m("form_bodily_harm", "Aggressive incidents with bodily harm (reported on a structured form)", "%",
       f"Aggressive incidents with harm of any degree, as a share of aggressive incidents in the window; {FORMED}.", 0),
    _m("restraint_per_ward_day", "Manual restraint per ward and day (reported at the end of shifts)", "episodes per ward-day",
       "Manual restraints that began in the window, times recording.shift_report_share, divided by days of the window.", 2),
    _m("seclusion_per_ward_day", "Seclusion per ward and day (reported at the end of shifts)", "episodes per ward-day",
       "Seclusions that began in the window, times recording.shift_report_share, times recording.seclusion_room_wards_share where the "
       "simulated ward has a seclusion room, divided by days of the window.", 3),
    _m("stays_with_serious_aggression", "Stays with serious aggression (reported in the incident system)", "%",
       f"Of {LEFT}: share with at least one serious aggressive incident (as in observed_serious_aggression_per_1000_obd) that was reported."),
    _m("serious_aggression_per_1000_obd", "Serious aggression (reported in the incident system)", "incidents per 1,000 OBD",
       "Reported physical assaults, and other reported aggression with injury, harm, restraint or weapon, in the window, divided by occupied "
       "bed days, times 1,000."),
    _m("assault_reports_dispersion_month", "Month-to-month overdispersion of assaults (reported in the incident system)", "ratio",
       "Variance of the reported assaults of whole months (30.44 days) of the window, divided by their mean; 1 would be pure chance. Several "
       "wards that vary independently of each other have together the same ratio as one of them."),
    _m("assault_reports_sd_month_64_beds", "Month-to-month SD of assaults on 64 beds (reported in the incident system)", "incidents a month",
       "Square root of that variance times 64 beds and divided by the beds of this ward: the spread that a site of 64 beds would show whose "
       "wards vary independently of each other."),
    _m("assault_reports_on_staff", "Assaults whose victim is staff (reported in the incident system)", "%",
       "Reported assaults on staff in the window, as a share of reported assaults on staff or patients.", 0),
    _m("aggression_reports_on_staff", "Aggression whose target is staff (reported in the incident system)", "%",
       "Reported verbal aggression and assaults aimed at staff in the window, as a share of those aimed at staff or patients.", 0),
    _m("absconding_per_100_detained_admissions", "Absconding per 100 detained admissions (reported in the incident system)",
       "incidents per 100 admissions",
       "Reported absconding of the window by patients detained on referral, divided by admissions of such patients in the window, times 100."),
    _m("absconding_half_locked_per_1000_obd", "Absconding with half of the doors locked (reported in the incident system)",
       "incidents per 1,000 OBD",
       "Reported absconding in the window divided by occupied bed days, times 1,000, for a site of which half the wards have their door locked: "
       "the simulated rate, brought to half locked with incidents.locked_door_absconding_ratio."),
    _m("sexual_safety_share_of_reports", "Sexual safety among all incident reports (reported in the incident system)", "%",
       "Reported sexual safety incidents in the window, as a share of all reports: those of kinds in the model, and "
       "recording.other_reports_ratio times as many of other kinds.", 2),
)  # fmt: skip

NOBODY = "nobody admitted in the window had 14 days in the measured run"
NOBODY_LEFT = "nobody left the ward in the window"
NO_DAYS = "no occupied bed days in the window"


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    recorded = Recorded(view)
    values = {**_notes(view, recorded), **_form(view, recorded), **_shift_reports(view), **_system(view)}
    return {f"observed_{name}": value for name, value in values.items()}


# -- case notes -------------------------------------------------------------------------------------------------------------


def _notes(view: View, recorded: Recorded) -> dict[str, Value]:
    events = view.events
    new = first_days(view)
    n = len(new)
    places = new.incidents(view)
    noted = np.where(places >= 0, recorded.notes, 0.0)
    aggression = float(np.sum(noted[events.aggression]))

    def patients(kind: str) -> Value:
        return share(float(np.sum(any_of(places, np.where(events.type(kind), noted, 0.0), n))), n, NOBODY)

    return {
        "notes_aggression_per_patient_14d": ratio(aggression, n, 1.0, NOBODY),
        "notes_aggression_per_1000_days_14d": ratio(aggression, new.patient_days, 1000.0, NOBODY),
        "notes_assaults_per_patient_14d": ratio(float(np.sum(noted[events.assault])), n, 1.0, NOBODY),
        "notes_patients_verbal_14d": patients("verbal"),
        "notes_patients_self_harm_14d": patients("self_harm"),
        "notes_patients_suicide_attempt_14d": patients("suicide_attempt"),
        **_talked_down(view, new),
        "notes_patients_secluded_14d": _secluded(view, new),
    }


def _talked_down(view: View, new: Followed) -> dict[str, Value]:
    """Answers to aggression that began with talking: all but those to assaults that came without warning."""
    events, columns = view.events, view.columns
    begun = events.here & (events.type("verbal", "objects") | (events.assault & events.origin("escalation")))
    place_of = dict(zip(events.ids[begun].tolist(), new.incidents(view)[begun].tolist(), strict=True))
    answered = columns.ints("response", "incident").tolist()
    talks: tuple[IntArray, FloatArray] = view.tasks.kept("short talks", lambda: _short_talks(view.tasks))
    slight = new.places(*talks)
    places = np.concatenate((np.array([place_of.get(incident, -1) for incident in answered], np.int64), slight))
    ended = np.concatenate((columns.floats("response", "de_escalated") > 0, np.ones(len(slight), np.bool_)))
    tried = places >= 0
    chance = np.full(len(places), view.parameters["recording.notes_de_escalation_share"])
    return {
        "notes_patients_de_escalated_14d": share(float(np.sum(any_of(places, chance, len(new)))), len(new), NOBODY),
        "notes_de_escalation_ended": share(
            int(np.count_nonzero(tried & ended)), int(np.count_nonzero(tried)), "nobody followed was tried to be talked down"
        ),
    }  # fmt: skip


def _short_talks(tasks: Columns) -> tuple[IntArray, FloatArray]:
    """Patient and time of each talk after slight aggression."""
    calmed = tasks.among("task", "kind", "calming") & tasks.among("task", "outcome", "done", "cut_short")
    rows = tasks.picked("task", calmed)
    patient, created = field("task", "patient"), field("task", "created")
    return np.array([row[patient] for row in rows], np.int64), np.array([row[created] for row in rows], np.float64)


def _secluded(view: View, new: Followed) -> Value:
    columns = view.columns
    chosen = columns.among("containment", "kind", "seclusion")
    places = new.places(columns.ints("containment", "patient")[chosen], columns.floats("containment", "time")[chosen])
    ever = len(np.unique(places[places >= 0]))
    return share(ever * _rooms(view), len(new), NOBODY)


def _rooms(view: View) -> float:
    """Factor from a ward as simulated to the mixture of wards with and without a seclusion room."""
    return view.parameters["recording.seclusion_room_wards_share"] if view.scenario.ward.seclusion_rooms > 0 else 1.0


# -- structured form ----------------------------------------------------------------------------------------------------------


def _form(view: View, recorded: Recorded) -> dict[str, Value]:
    events = view.events
    form = recorded.form
    stays = whole_stays(view)
    places = stays.incidents(view)
    n = len(stays)
    aggression = float(np.sum(form[events.now & events.aggression]))
    harm = view.columns.floats("incident", "harm") > 0
    harmed = float(np.sum(form[events.now & events.aggression & harm]))
    any_form = any_of(places, form, n)
    any_assault = any_of(places, np.where(events.assault, form, 0.0), n)
    assaults = float(np.sum(form[events.now & events.assault]))
    return {
        "form_aggression_per_1000_days": ratio(aggression, view.bed_days, 1000.0, NO_DAYS),
        "form_assaults_per_1000_days": ratio(assaults, view.bed_days, 1000.0, NO_DAYS),
        "form_patients_aggressive": share(float(np.sum(any_form)), n, NOBODY_LEFT),
        "form_patients_assaultive": share(float(np.sum(any_assault)), n, NOBODY_LEFT),
        "form_bodily_harm": share(harmed, aggression, "no aggression for which a form would be filled in"),
    }


# -- shift reports, incident system ---------------------------------------------------------------------------------------------


def _shift_reports(view: View) -> dict[str, Value]:
    named = view.parameters["recording.shift_report_share"]
    now = view.happened("containment")
    held, secluded = (
        _count(now & view.columns.among("containment", "kind", kind)) for kind in ("restraint", "seclusion")
    )
    return {
        "restraint_per_ward_day": ratio(named * held, view.days),
        "seclusion_per_ward_day": ratio(named * _rooms(view) * secluded, view.days),
    }


def _system(view: View) -> dict[str, Value]:
    events = view.events
    reported = events.now & events.reported
    stays = whole_stays(view)
    serious = events.here & events.aggression & (events.assault | events.harmful) & events.reported
    places = stays.incidents(view)[serious]
    ever = len(np.unique(places[places >= 0]))
    assaults = reported & events.assault
    aimed = reported & events.type("verbal", "assault")
    to_staff, to_patients = _count(assaults & events.victim("staff")), _count(assaults & events.victim("patient"))
    all_reports = _count(reported) * (1.0 + view.parameters["recording.other_reports_ratio"])
    return {
        "stays_with_serious_aggression": share(ever, len(stays), NOBODY_LEFT),
        "serious_aggression_per_1000_obd": ratio(_count(serious & events.now), view.bed_days, 1000.0, NO_DAYS),
        **_by_month(view, assaults),
        "assault_reports_on_staff": share(to_staff, to_staff + to_patients, "no assault was reported in the window"),
        "aggression_reports_on_staff": share(
            _count(aimed & events.victim("staff")), _count(aimed & events.victim("staff")) + _count(aimed & events.victim("patient")),
            "no aggression at anybody was reported in the window",
        ),
        **_absconding(view, reported & events.type("absconding")),
        "sexual_safety_share_of_reports": share(
            _count(reported & events.type("sexual_safety")), all_reports, "nothing was reported in the window"
        ),
    }  # fmt: skip


def _by_month(view: View, chosen: BoolArray) -> dict[str, Value]:
    """Spread of the counts of whole months of the window."""
    months = int((view.end - view.start) / MONTH + 1e-9)
    names = ("assault_reports_dispersion_month", "assault_reports_sd_month_64_beds")
    if months < 3:
        return dict.fromkeys(names, unknown("needs three whole months"))
    edges = view.start + MONTH * np.arange(months + 1)
    counts: FloatArray = np.histogram(view.events.time[chosen], edges)[0].astype(np.float64)
    variance = float(np.var(counts, ddof=1))
    on_site = variance * BEDS_OF_THE_SITE / view.scenario.ward.beds if view.scenario.ward.beds else float("nan")
    return {
        names[0]: ratio(variance, float(np.mean(counts)), 1.0, "no assault was reported in the window"),
        names[1]: plain(float(np.sqrt(on_site)), "the ward has no beds"),
    }


def _absconding(view: View, chosen: BoolArray) -> dict[str, Value]:
    columns = view.columns
    detained = columns.ints("referral", "patient")[columns.floats("referral", "detained") > 0]
    by_detained = _count(chosen & np.isin(columns.ints("incident", "patient"), detained))
    admitted = view.happened("admission") & ~columns.among("admission", "route", "census")
    patient = field("admission", "patient")
    held = set(detained.tolist())
    admissions = sum(1 for row in columns.picked("admission", admitted) if row[patient] in held)
    locked = view.parameters["incidents.locked_door_absconding_ratio"]
    here = locked if view.scenario.ward.door_locked else 1.0
    half = (1.0 + locked) / 2.0 / here if here > 0.0 else float("nan")
    return {
        "absconding_per_100_detained_admissions": share(
            by_detained, admissions, "nobody detained was admitted in the window"
        ),
        "absconding_half_locked_per_1000_obd": ratio(_count(chosen) * half, view.bed_days, 1000.0, NO_DAYS),
    }


def _count(mask: BoolArray) -> int:
    return int(np.count_nonzero(mask))
