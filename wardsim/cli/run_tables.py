"""What `wardsim run` prints: the headline with its three intervals, then the year of the ward in a few lines a question."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wardsim.experiments.collect import Row
from wardsim.experiments.intervals import UNRESOLVED, Summary
from wardsim.experiments.replicate import Outcome
from wardsim.experiments.shown import drawn_words, time_after

from .grid import CAUTION, GAP, PIPED, Entry, fill, grids, label, number_of, range_of

MEAN, KNOWN, YEAR, ERROR = "mean", "not known (95%)", "one year (80%)", "simulation (95%)"

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Who was admitted",
        (
            "admissions_per_week", "stay_mean_days", "stay_median_days", "stay_over_90_days", "occupancy", "occupancy_with_leave",
            "delayed_patients", "detained_patients", "high_acuity_patients", "wait_for_bed_hours", "out_of_area_days_per_year",
            "readmission_90_days",
        ),
    ),
    (
        "Who was on shift",
        (
            "fill_rn_day", "fill_rn_night", "fill_hca_day", "fill_hca_night", "care_hours_per_patient_day",
            "care_hours_rn_per_patient_day", "temporary_share", "agency_share", "gaps_filled_unfilled", "vacancy_rn", "vacancy_hca",
            "turnover_rn", "turnover_hca", "unavailability", "sickness", "team_familiarity",
        ),
    ),
    (
        "What contact patients had",
        (
            "one_to_one_delivered", "one_to_one_cut_short", "patient_days_with_one_to_one", "group_hours_per_patient_week",
            "nurse_time_contact", "nurse_time_therapeutic",
        ),
    ),
    (
        "What work was done and dropped",
        (
            "nurse_time_direct", "nurse_time_indirect", "nurse_time_service", "nurse_time_idle", "work_not_done", "work_cut_short",
            "missed_breaks", "observation_staff_hours_per_day", "physical_check_on_time", "care_plan_on_time", "risk_plan_on_time",
        ),
    ),
    (
        "Who could be released for training",
        (
            "training_compliance", "training_hours_planned_per_wte", "training_hours_delivered_per_wte", "training_refused",
            "training_cancelled", "training_backfilled", "staff_missing_mandatory_training",
        ),
    ),
    (
        "What incidents followed",
        (
            "aggression_true_per_1000_obd", "aggression_reported_per_1000_obd", "assaults_on_staff_true_per_1000_obd",
            "assaults_on_patients_true_per_1000_obd", "self_harm_true_per_1000_obd", "suicide_attempts_true_per_1000_obd",
            "sexual_safety_true_per_1000_obd", "absconding_true_per_1000_obd", "substance_use_true_per_1000_obd",
            "medication_refusal_true_per_1000_obd", "medical_emergencies_true_per_1000_obd", "restraint_per_1000_obd",
            "seclusion_per_1000_obd", "rapid_tranquillisation_per_1000_obd", "staff_injuries_per_1000_obd",
            "nursing_staff_assaulted_per_year", "patients_assaulted", "medical_emergency_response_min", "safety_rating",
        ),
    ),
    (
        "What it cost",
        (
            "cost_substantive_per_year", "cost_bank_per_year", "cost_agency_per_year", "cost_courses_per_year",
            "cost_out_of_area_per_year", "cost_incident_cash_per_year", "opportunity_training_hours", "opportunity_incident_hours",
        ),
    ),
)  # fmt: skip
"""Measures of the second block, by question; the headline is not repeated."""


class Line(NamedTuple):
    """One measure as declared and as found."""

    measure: Any
    summary: Summary


def text_of(outcome: Outcome, declared: Mapping[str, Any], width: int = PIPED) -> str:
    """Everything that is printed about an outcome.

    Parameters
    ----------
    outcome : Outcome
        Of an experiment with at least one run.
    declared : mapping
        Measures by name (label, unit, digits, headline).
    width : int
        Columns.
    """
    found = {name: Line(declared[name], s) for name, s in outcome.measures.items() if name in declared}
    parts = [_title(outcome, width), headline([line for line in found.values() if line.measure.headline], width)]
    parts.append(_legend(outcome, width))
    known = any(line.summary.low is not None for line in found.values())
    sections = [
        (title, [_entry(found[name], known) for name in names if name in found and not found[name].measure.headline])
        for title, names in SECTIONS
    ]
    parts += grids([s for s in sections if s[1]], (MEAN, KNOWN if known else ERROR, YEAR), width)
    parts += [_tasks(outcome.tables.get("tasks", []), width), _balance(outcome, width)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _title(outcome: Outcome, width: int) -> str:
    request = outcome.request
    if request.estimand == "steady":
        question = (
            f"Estimand steady: {_years(request.years)} of the ward in balance, after "
            f"{request.scenario.run.warm_up_weeks} weeks"
        )
    else:
        before = (request.baseline or request.scenario).name
        question = f'Estimand transition: {time_after(request.years)} after a change of "{before}" at time zero'
    n = len(set(outcome.collection.draws().tolist()))
    draws = drawn_words(request.point, request.parameters, n)
    runs = f"{outcome.runs} run{'s' if outcome.runs != 1 else ''}"
    return f"{request.scenario.name}\n" + fill(f"{question}; {runs}, {draws}", width)


def headline(lines: Iterable[Line], width: int = PIPED) -> str:
    """The table of headline measures, each with its mean and three named intervals.

    Parameters
    ----------
    lines : iterable of Line
        Measures.
    width : int
        Columns.
    """
    entries = []
    for measure, s in lines:
        if s.mean is None:
            entries.append(Entry(label(measure), ("-",), s.reason))
            continue
        cells = (
            _known(measure, s),
            range_of(measure, s.year_low, s.year_high),
            range_of(measure, s.mc_low, s.mc_high),
        )
        entries.append(Entry(label(measure), (number_of(measure, s.mean), *cells)))
    return "\n".join(grids([("Headline", entries)], (MEAN, KNOWN, YEAR, ERROR), width))


def _legend(outcome: Outcome, width: int) -> str:
    """What the columns and short words mean."""
    point = outcome.request.point
    summaries = outcome.measures.values()
    told = [
        (KNOWN, "what the model does not know: its parameters, with chance removed"
         + (" (- because these are point parameters)" if point else "")),
        (YEAR, "how much single years of one ward differ by chance"),
        (ERROR, "error of the simulation in the mean; more runs narrow it, and only it"),
    ]  # fmt: skip
    if any(UNRESOLVED in s.reason for s in summaries):
        told.append(
            (CAUTION, "parameters spread less than chance does: the interval is the most these runs could hide")
        )
    told.append(("-", "does not apply; `reason` in measures.csv says why"))
    told.append(("OBD", "occupied bed days, leave excluded"))
    told.append(("happened, reported", "whether or not staff entered it; only what was entered in the incident system"))
    if outcome.quarters:
        told.append(("quarter by quarter", "quarters.csv in the results folder"))
    wide = max(len(name) for name, _ in told) + GAP
    return "\n".join(
        textwrap.fill(text, width, initial_indent=f"{name:<{wide}}", subsequent_indent=" " * wide)
        for name, text in told
    )


def _entry(line: Line, known: bool) -> Entry:
    """A line of a block: mean, what the model does not know (or the simulation error, if that is all there is), year."""
    measure, s = line
    if s.mean is None:
        return Entry(label(measure), ("-",), s.reason)
    first = _known(measure, s) if known else range_of(measure, s.mc_low, s.mc_high)
    return Entry(label(measure), (number_of(measure, s.mean), first, range_of(measure, s.year_low, s.year_high)))


def _tasks(rows: list[Row], width: int) -> str:
    """Tasks per patient day by kind: done, cut short, not done, and entries of rounds and groups."""
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        kind, outcome = row.key
        if row.quantity in ("per_patient_day", "entries_per_patient_day") and row.summary.mean is not None:
            found.setdefault(kind, {})[outcome] = row.summary.mean
    if not found:
        return ""
    columns = ("done", "cut_short", "not_done", "entry")
    entries = [
        Entry(_kind(kind), tuple(f"{found[kind][c]:.3f}" if c in found[kind] else "-" for c in columns))
        for kind in sorted(found, key=lambda k: (-found[k].get("done", 0.0), k))
    ]
    heads = ("done", "cut short", "not done", "patients seen in rounds")
    return "\n".join(grids([("Tasks per patient day by kind", entries)], heads, width))


def _kind(name: str) -> str:
    """A kind of work in words."""
    whole = {
        "e_learning": "e-learning",
        "one_to_one": "one-to-one",
        "admission_medical": "admission, doctor",
        "documentation_mdt": "documentation of other professions",
        "mdt_meeting": "multidisciplinary meeting",
        "medical_review": "review by a doctor",
        "medical_ward_work": "ward work of doctors",
        "ward_round_medical": "ward round, doctor",
    }
    return whole.get(name, name.replace("_", " "))


def _balance(outcome: Outcome, width: int) -> str:
    """Whether the ward was in balance (steady only)."""
    if outcome.request.estimand != "steady" or not outcome.drift:
        return ""
    words = {"no": "in balance", "yes": "still drifting", "undecided": "too few runs to tell"}
    said = []
    for name, d in outcome.drift.items():
        interval = "" if d.low is None or d.high is None else f" ({100 * d.low:+.1f} to {100 * d.high:+.1f})"
        said.append(f"{name} {100 * d.mean:+.1f}%{interval} {words[d.drifted]}")
    text = "Is the ward in balance? Change a year while measured, with its 95% interval (limit 1%): " + "; ".join(said)
    if any(d.drifted == "yes" for d in outcome.drift.values()):
        text += ". What still drifts depends on where the ward started: give a longer --warm-up"
    return fill(text, width)


def _known(measure: Any, s: Summary) -> str:
    """What the model does not know, marked where it is no more than these runs could hide."""
    shown = range_of(measure, s.low, s.high)
    return shown + CAUTION if s.low is not None and UNRESOLVED in s.reason else shown


def _years(years: float) -> str:
    return "1 year" if years == 1 else f"{years:g} years"
