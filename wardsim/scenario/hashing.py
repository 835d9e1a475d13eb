"""The fingerprint of a scenario: two scenarios that mean the same have the same one, whatever they are called."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .roster_file import Row
    from .schema import Scenario

NOT_HASHED = frozenset({"name", "question"})
"""Words for readers, which change nothing."""


def canonical(scenario: Scenario, roster: Sequence[Row] | None = None) -> str:
    """The resolved scenario as canonical JSON: keys sorted, no spaces, every default written out, the roster's rows inside."""
    data: dict[str, Any] = scenario.model_dump(mode="json", exclude=set(NOT_HASHED))
    data["staffing"]["roster_file"] = [list(row) for row in roster] if roster is not None else None
    return json.dumps(_no_minus_zero(data), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def scenario_hash(scenario: Scenario, roster: Sequence[Row] | None = None) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits.

    Parameters
    ----------
    scenario : Scenario
        Resolved scenario.
    roster : sequence of rows, optional
        Rows of its roster file.
    """
    return hashlib.sha256(canonical(scenario, roster).encode("ascii")).hexdigest()


def _no_minus_zero(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _no_minus_zero(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_no_minus_zero(item) for item in value]
    return 0.0 if isinstance(value, float) and value == 0.0 else value
