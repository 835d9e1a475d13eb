"""What `wardsim run` prints: the headline with its three intervals, then the year of the ward in a few lines a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wardsim.experiments.collect import Row
from wardsim.experiments.intervals import Summary
from wardsim.experiments.replicate import Outcome

LABEL = 64
NUMBER = 9
RANGE = 17
THOUSAND = 1000
FILLERS = frozenset({"events", "episodes", "injuries", "per", "1", "000", "obd", "to"})
"""Words of units that labels say in other words."""

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


def text_of(outcome: Outcome, declared: Mapping[str, Any]) -> str:
    """Everything that is printed about an outcome.

    Parameters
    ----------
    outcome : Outcome
        Of an experiment with at least one run.
    declared : mapping
        Measures by name (label, unit, digits, headline).
    """
    found = {name: Line(declared[name], s) for name, s in outcome.measures.items() if name in declared}
    parts = [_title(outcome), headline([line for line in found.values() if line.measure.headline])]
    parts += [_section(title, [found[name] for name in names if name in found]) for title, names in SECTIONS]
    parts += [_tasks(outcome.tables.get("tasks", [])), _balance(outcome)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _title(outcome: Outcome) -> str:
    request = outcome.request
    if request.estimand == "steady":
        question = (
            f"steady: {_years(request.years)} of the ward in balance, after {request.scenario.run.warm_up_weeks} weeks"
        )
    else:
        before = (request.baseline or request.scenario).name
        question = f'transition: the {_years(request.years)} after a change of "{before}" at time zero'
    n = len(set(outcome.collection.draws().tolist()))
    draws = "point parameters" if request.point else f"{n} parameter draw{'s' if n != 1 else ''}"
    return f"{request.scenario.name}\n{question}; {outcome.runs} run{'s' if outcome.runs != 1 else ''}, {draws}"


def headline(lines: Iterable[Line]) -> str:
    """The table of headline measures, each with its mean and three named intervals."""
    head = f"{'':{LABEL}}{'mean':>{NUMBER}}{'not known (95%)':>{RANGE}}{'one year (80%)':>{RANGE}}{'simulation (95%)':>{RANGE}}"
    rows = [head]
    for measure, s in lines:
        shown = (
            _range(measure, s.low, s.high),
            _range(measure, s.year_low, s.year_high),
            _range(measure, s.mc_low, s.mc_high),
        )
        rows.append(
            f"{_label(measure):{LABEL}}{_number(measure, s.mean):>{NUMBER}}" + "".join(f"{r:>{RANGE}}" for r in shown)
        )
    rows.append(
        "not known: what the model does not know (parameters), chance removed; one year: how single years differ by chance;"
    )
    rows.append(
        "simulation: error of the mean, which more runs would narrow. An interval that does not apply is shown as -."
    )
    return "\n".join(rows)


def _section(title: str, lines: list[Line]) -> str:
    """A block of one question: mean and what the model does not know (or the simulation error, if that is all there is)."""
    if not lines:
        return ""
    known = any(s.low is not None for _, s in lines)
    rows = [
        f"{title:{LABEL}}{'mean':>{NUMBER}}{'not known (95%)' if known else 'simulation (95%)':>{RANGE}}{'one year (80%)':>{RANGE}}"
    ]
    for measure, s in lines:
        if s.mean is None:
            rows.append(f"  {_label(measure, 2):{LABEL - 2}}{'-':>{NUMBER}}  {s.reason}")
            continue
        first = _range(measure, s.low, s.high) if known else _range(measure, s.mc_low, s.mc_high)
        year = _range(measure, s.year_low, s.year_high)
        rows.append(
            f"  {_label(measure, 2):{LABEL - 2}}{_number(measure, s.mean):>{NUMBER}}{first:>{RANGE}}{year:>{RANGE}}"
        )
    return "\n".join(rows)


def _tasks(rows: list[Row]) -> str:
    """Tasks per patient day by kind: done, cut short, not done, and entries of rounds and groups."""
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        kind, outcome = row.key
        if row.quantity in ("per_patient_day", "entries_per_patient_day") and row.summary.mean is not None:
            found.setdefault(kind, {})[outcome] = row.summary.mean
    if not found:
        return ""
    columns = ("done", "cut_short", "not_done", "entry")
    names = ("done", "cut short", "not done", "entries of rounds")
    out = [f"{'Tasks per patient day by kind':{LABEL - 20}}" + "".join(f"{name:>{RANGE}}" for name in names)]
    for kind in sorted(found, key=lambda k: -found[k].get("done", 0.0)):
        cells = (f"{found[kind][c]:.3f}" if c in found[kind] else "-" for c in columns)
        out.append(f"  {kind.replace('_', ' '):{LABEL - 22}}" + "".join(f"{cell:>{RANGE}}" for cell in cells))
    return "\n".join(out)


def _balance(outcome: Outcome) -> str:
    """Whether the ward was in balance (steady only)."""
    if outcome.request.estimand != "steady" or not outcome.drift:
        return ""
    words = {"no": "in balance", "yes": "still drifting", "undecided": "undecided"}
    said = []
    for name, d in outcome.drift.items():
        interval = "" if d.low is None or d.high is None else f" ({100 * d.low:+.1f} to {100 * d.high:+.1f})"
        said.append(f"{name} {100 * d.mean:+.1f}%{interval} {words[d.drifted]}")
    return "Change a year while measured (limit 1%): " + "; ".join(said)


def _label(measure: Any, indent: int = 0) -> str:
    """Label and unit, unless the label says it already; occupied bed days and pounds in short."""
    label = str(measure.label).replace("occupied bed days", "OBD")
    unit = str(measure.unit)
    if unit.startswith("GBP"):
        unit = unit.replace("GBP", f"GBP {THOUSAND:,}", 1).replace(" a year", "")
    said = label.lower().replace(",", " ").split()
    told = not unit or all(word in said or word in FILLERS for word in unit.lower().replace(",", " ").split())
    text = label if told else f"{label}, {unit}"
    room = LABEL - indent - 1
    return text if len(text) <= room else text[: room - 1] + "…"


def _scaled(measure: Any, x: float | None) -> float | None:
    """Money in thousands, anything else as it is."""
    return x / THOUSAND if x is not None and str(measure.unit).startswith("GBP") else x


def _number(measure: Any, x: float | None) -> str:
    value = _scaled(measure, x)
    return "-" if value is None else f"{value:,.{measure.digits}f}"


def _range(measure: Any, low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{_number(measure, low)} to {_number(measure, high)}"


def _years(years: float) -> str:
    return "1 year" if years == 1 else f"{years:g} years"
