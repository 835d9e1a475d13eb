"""Every measure of wardsim, in the order in which tables show them: the headline first, then group by group."""

from __future__ import annotations

import difflib

from . import (
    checks,
    contact,
    costs,
    flow,
    incidents,
    observed,
    pathway,
    rating,
    response,
    shifts,
    staff_time,
    training,
    victims,
    workforce,
)
from .declare import GROUPS, Measure

MODULES = (
    incidents,
    victims,
    response,
    contact,
    staff_time,
    pathway,
    shifts,
    workforce,
    training,
    flow,
    rating,
    costs,
    observed,
    checks,
)
"""Where measures are declared and computed, in the order of the groups."""

HEADLINE: tuple[str, ...] = (
    "assaults_true_per_1000_obd",
    "assaults_reported_per_1000_obd",
    "restrictive_interventions_per_1000_obd",
    "one_to_one_min_per_patient_day",
    "no_one_to_one_first_week",
    "training_release_honoured",
    "cost_total_per_year",
)
"""The measures that open every table, in this order."""

DIRECTIONS = {"higher": "higher is better", "lower": "lower is better", "neutral": "neither way is better"}
LAYERS = {
    "happened": "what happened, whether or not it was reported",
    "reported": "what was reported",
    "ward": "the ward as it is",
    "money": "money, in prices of the scenario's price year",
}


def _assemble() -> dict[str, Measure]:
    declared: dict[str, Measure] = {}
    for module in MODULES:
        for measure in module.DECLARED:
            if measure.name in declared:
                raise ValueError(f"measure {measure.name} is declared twice")
            if measure.group not in GROUPS:
                raise ValueError(f"measure {measure.name} belongs to no group: {measure.group}")
            declared[measure.name] = measure
    rest = [name for name in declared if name not in HEADLINE]
    rest.sort(key=lambda name: list(GROUPS).index(declared[name].group))
    return {name: declared[name] for name in (*HEADLINE, *rest)}


MEASURES: dict[str, Measure] = _assemble()
"""Every measure by name."""


def explain(name: str) -> str | None:
    """What a measure means, in plain text; None for a name that is not a measure.

    >>> print(explain("occupancy"))
    occupancy: Occupancy
      unit:        %
      definition:  Patients present (leave excluded), time-weighted over the window, as a share of beds.
      better:      neither way is better
      layer:       the ward as it is
      group:       Patient flow
    """
    measure = MEASURES.get(name)
    if measure is None:
        return None
    lines = {
        "unit": measure.unit,
        "definition": measure.definition,
        "better": DIRECTIONS[measure.direction],
        "layer": LAYERS[measure.layer],
        "group": GROUPS[measure.group],
    }
    return "\n".join([f"{measure.name}: {measure.label}", *(f"  {key + ':':<13}{text}" for key, text in lines.items())])


def nearest(name: str, n: int = 3) -> list[str]:
    """Names of measures that look like a name that is none."""
    return difflib.get_close_matches(name, MEASURES, n=n, cutoff=0.5)
