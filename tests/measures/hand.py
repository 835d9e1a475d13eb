"""Facts made by hand: a quiet ward of ten patients, to which a test adds rows."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

from wardsim.measures import Value, measure
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import TABLES, Facts

NAN = float("nan")
HOUR = 60.0
YEARS_100 = 100.0 / 365.25
"""Years in the usual window of a hundred days: with ten patients present, 1,000 occupied bed days."""

PARAMETERS = {
    "measures.survey_recall_probability": 0.8, "measures.parental_paid_share": 0.5,
    "recording.notes_verbal_share": 0.5, "recording.notes_objects_share": 0.75, "recording.notes_assault_share": 1.0,
    "recording.notes_self_harm_share": 0.5, "recording.notes_suicide_attempt_share": 1.0, "recording.notes_de_escalation_share": 0.5,
    "recording.form_verbal_share": 0.125, "recording.form_objects_share": 0.25, "recording.form_assault_share": 0.5,
    "recording.conversation_therapeutic_share": 0.5, "work.intermittent_round_min_per_patient": 2.0, "work.general_round_base_min": 8.0,
    "recording.shift_report_share": 0.5, "recording.seclusion_room_wards_share": 0.25, "recording.other_reports_ratio": 1.0,
    "reporting.harm_log_odds": log(3.0), "incidents.locked_door_absconding_ratio": 0.5,
}  # fmt: skip
QUIET = Scenario.model_validate(
    {"name": "by hand", "ward": {"beds": 20, "bank_holidays": "none"}, "work": {"break_minutes": 30.0}}
)
"""Starts on a Monday."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "admission": {"source": "community_crisis", "wait_min": 0.0, "route": "direct", "acuity": 3.0, "key": ""},
    "discharge": {"ready_at": NAN, "delay_cause": "", "route": "home", "place": "ward"},
    "beds": {"present": 10, "on_leave": 0, "waiting": 0, "out_of_area": 0, "delayed": 0, "detained": 0},
    "employment": {"time": 0.0, "key": "", "role": "rn", "band": 5, "wte": 1.0, "event": "in_post", "reason": ""},
    "absence": {"person": 1, "role": "rn", "cause": "sickness"},
    "leave_owed": {"person": 1, "role": "rn", "balance": 0.0},
    "shift": {
        "day": 0, "shift": "early", "role": "rn", "required": 2, "rostered": 2, "substantive": 2, "overtime": 0, "bank": 0,
        "agency": 0, "extra_requested": 0, "lent": 0, "worked_hours": 15.0, "planned_hours": 15.0,
    },
    "duty": {"person": 1, "role": "rn", "band": 5, "employment": "substantive", "shift": "early", "contracted": 1},
    "extra_request": {"day": 0, "shift": "early", "role": "hca", "reason": "observation"},
    "offer": {"day": 0, "shift": "early", "role": "rn", "slot": 0, "lead_hours": 5.0, "reason": "sickness", "person": -1},
    "training": {
        "person": 1, "role": "rn", "course": "life_support", "hours": 7.5, "reason": "", "modality": "classroom", "backfilled": 0,
    },
    "team": {
        "shift": "early", "on_duty": 5, "registered": 2, "temporary": 1, "familiarity": 0.5, "skill_violence": 0.5,
        "skill_de_escalation": 0.5, "skill_suicide": 0.5, "skill_life_support": 0.5, "skill_dual_diagnosis": 0.5,
        "skill_sexual_safety": 0.5, "fatigue": 0.1, "multidisciplinary": 2,
    },
    "segment": {"person": 1, "role": "rn", "kind": "documentation", "patient": -1, "task": 0},
    "task": {"created": 0.0, "task": 0, "patient": -1, "outcome": "done", "planned_min": 20.0, "delivered_min": 20.0, "people": 1},
    "incident": {
        "patient": 999, "type": "assault", "origin": "direct", "parent": -1, "victim": "none", "victim_person": -1, "noticed": 1,
        "harm": 0, "weapon": 0, "observed_level": "general",
    },
    "response": {"first_arrival_min": 2.0, "team_arrival_min": NAN, "team": 2, "trained": 1, "from_neighbours": 0, "de_escalated": 0, "minutes": 20.0},
    "containment": {"incident": 0, "patient": 999, "minutes": 10.0, "people": 3, "trained": 3},
    "injury": {"victim": "staff", "victim_person": 1, "severity": 1, "days_lost": 0.0},
    "report": {"recorded_harm": 0},
    "referral": {
        "source": "community_crisis", "episode": 0, "age_band": "25-34", "sex": "f", "detained": 0, "diagnosis": "mood", "dual_diagnosis": 0,
        "previous_violence": 0, "comorbidity": 0, "frailty": 1.0, "outcome": "queued",
    },
    "observation": {"reason": "acuity"},
    "leave": {"kind": "overnight"},
    "out_of_area": {"patient": 1, "since": 0.0},
    "vacancy": {"time": 0.0},
    "programme": {"kind": "relational_safety", "effect": 1.0},
}  # fmt: skip


def put(facts: Facts, table: str, **given: Any) -> None:
    """Add one row; columns not given have the defaults above (a task's `ended` follows from its start)."""
    row = {**DEFAULTS.get(table, {}), **given}
    if table == "task" and "ended" not in row:
        row["ended"] = row["started"] + row["delivered_min"]
    if table == "task" and "started" not in row:
        row["started"] = NAN
    if table == "duty" and "planned_end" not in row:
        row["planned_end"] = row["end"]
    facts.table(table).append(tuple(row[column] for column in TABLES[table]))


def ward(*rows: tuple[str, Mapping[str, Any]], beds: Mapping[str, Any] | None = None) -> Facts:
    """Facts of a ward with ten patients from a day before time zero on, and these rows."""
    facts = Facts()
    put(facts, "beds", time=-DAY, **(beds or {}))
    for table, given in rows:
        put(facts, table, **given)
    return facts


def values(facts: Facts, days: float = 100.0, scenario: Scenario = QUIET, **options: Any) -> dict[str, Value]:
    """Every measure over the first days of a run."""
    return measure(facts, scenario, PARAMETERS, 0.0, days * DAY, **options)


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    """A scenario with sections changed (dotted keys written with two underscores)."""
    data = scenario.model_dump(mode="json")
    for name, value in changes.items():
        *path, last = name.split("__")
        section = data
        for part in path:
            section = section[part]
        section[last] = value
    return Scenario.model_validate(data)
