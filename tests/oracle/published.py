"""The ledger read as plain numbers, straight from the YAML files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

PRIORS = Path(__file__).resolve().parents[2] / "calibration" / "priors"

Numbers = dict[str, float]


@cache
def _shipped() -> tuple[tuple[str, float], ...]:
    yaml = YAML(typ="safe")
    return tuple(
        (entry["name"], float(entry["value"])) for path in sorted(PRIORS.glob("*.yaml")) for entry in yaml.load(path.read_text(encoding="utf-8"))
    )


def published(changes: Numbers | None = None) -> Numbers:
    """Point value of every entry by name, with changes."""
    found = dict(_shipped())
    for name, value in (changes or {}).items():
        if name not in found:
            raise KeyError(name)
        found[name] = value
    return found
