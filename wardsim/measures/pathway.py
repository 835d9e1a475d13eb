"""Pathway steps by their deadline, and observation."""

from __future__ import annotations

import numpy as np

from .columns import field
from .declare import Direction, Measure, Value, ratio, share
from .view import View

STEPS: dict[str, tuple[str, str]] = {
    "admission_assessment": ("admission_assessment_on_time", "Admission assessments on time"),
    "physical_health_check": ("physical_check_on_time", "Physical health checks on time"),
    "investigations": ("investigations_on_time", "Blood tests and ECG on time"),
    "risk_and_safety_plan": ("risk_plan_on_time", "Risk and safety plans on time"),
    "care_plan": ("care_plan_on_time", "Care plans on time"),
    "first_one_to_one": ("first_one_to_one_on_time", "First one-to-one sessions on time"),
    "weekly_review": ("weekly_review_on_time", "Weekly reviews on time"),
    "discharge_plan": ("discharge_plan_on_time", "Discharge plans on time"),
}
"""Pathway step in the facts to (measure, label)."""


def _m(name: str, label: str, unit: str, definition: str, direction: Direction = "higher", digits: int = 0) -> Measure:
    return Measure(name, label, unit, definition, direction, "ward", "pathway", digits)


DECLARED: tuple[Measure, ...] = (
    *(
        _m(
            name,
            label,
            "%",
            f"Steps {step.replace('_', ' ')} whose deadline fell in the window: share done by it (the rest late or "
            f"missed).",
        )
        for step, (name, label) in STEPS.items()
    ),
    _m(
        "physical_check_missed",
        "Physical health checks never done",
        "%",
        "Physical health checks whose deadline fell in the window: share missed.",
        "lower",
    ),
    _m(
        "observation_staff_hours_per_day",
        "Staff hours on observation a day",
        "h a day",
        "Hours of nursing staff on constant and intermittent observation in the window, per day of the window (general "
        "rounds left out).",
        "lower",
        1,
    ),
    _m(
        "constant_observation_hours_per_day",
        "Staff hours on constant observation a day",
        "h a day",
        "Hours of nursing staff on constant observation in the window, per day of the window.",
        "lower",
        1,
    ),
    _m(
        "constant_observation_admissions",
        "Patients ever under constant observation",
        "%",
        "Patients discharged from the ward in the window who were under constant observation at any time since "
        "admission, as a share of those discharged.",
        "lower",
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    columns = view.columns
    due = view.happened("pathway", "due")
    status = {name: columns.among("pathway", "status", name) for name in ("on_time", "late", "missed")}
    values: dict[str, Value] = {}
    for step, (name, _) in STEPS.items():
        mine = due & columns.among("pathway", "step", step)
        counts = {key: int(np.count_nonzero(mine & mask)) for key, mask in status.items()}
        none = "no such step fell due in the window"
        values[name] = share(counts["on_time"], sum(counts.values()), none)
        if step == "physical_health_check":
            values["physical_check_missed"] = share(counts["missed"], sum(counts.values()), none)
    constant = view.kind_minutes.get("constant_observation", 0.0)
    both = constant + view.kind_minutes.get("intermittent_observation", 0.0)
    values["observation_staff_hours_per_day"] = ratio(both / 60.0, view.days)
    values["constant_observation_hours_per_day"] = ratio(constant / 60.0, view.days)
    values["constant_observation_admissions"] = _ever_constant(view)
    return values


def _ever_constant(view: View) -> Value:
    columns = view.columns
    constant: dict[int, list[float]] = {}
    patient, time = field("observation", "patient"), field("observation", "time")
    for row in columns.picked("observation", columns.among("observation", "level", "constant")):
        constant.setdefault(row[patient], []).append(row[time])
    left = view.happened("discharge") & columns.among("discharge", "place", "ward")
    patient, time, admitted = (field("discharge", c) for c in ("patient", "time", "admitted"))
    rows = columns.picked("discharge", left)
    ever = sum(1 for row in rows if any(row[admitted] <= t <= row[time] for t in constant.get(row[patient], ())))
    return share(ever, len(rows), "nobody was discharged in the window")
