"""What tests share: parameters, and small ledgers made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wardsim.parameters import Entry, Ledger

ROOT = Path(__file__).resolve().parents[1]
"""Top folder of the project."""


def point_parameters(**changes: float) -> dict[str, float]:
    """Point values of the shipped ledger with changes, named with two underscores for the dot (`work__meal_min=30`)."""
    values = Ledger.load().point()
    for name, value in changes.items():
        key = name.replace("__", ".")
        if key not in values:
            raise KeyError(f"{key} is no parameter of the ledger")
        values[key] = value
    return values


def raw_entry(**changes: Any) -> dict[str, Any]:
    """A valid entry as a YAML file would give it, with changes; a change to `...` leaves the key out."""
    raw: dict[str, Any] = {
        "name": "flow.example_days",
        "label": "Example",
        "unit": "days",
        "value": 12.0,
        "prior": {"dist": "lognormal", "low": 10.0, "high": 15.0},
        "range": [5.0, 40.0],
        "assumption": "for a test",
    }
    raw.update(changes)
    return {key: value for key, value in raw.items() if value is not ...}


def entry(**changes: Any) -> Entry:
    """A valid entry with changes."""
    return Entry.model_validate(raw_entry(**changes))
