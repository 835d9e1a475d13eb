"""Wards with every switch and key drawn at random, as the laws of conservation are held against them; the same ones at every run.

    python -m tests.compiled.random_wards > wards.json

They are told as JSON, because what Hypothesis draws depends on the constants it reads in the sources around it, which a compiled
package does not have.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from tests.property.random_ward import runs
from tests.property.test_random_wards import SAME
from wardsim.scenario.schema import Scenario

WARDS = 100


def wards(number: int = WARDS) -> list[dict[str, Any]]:
    """So many of them: scenario, days, seed, draw."""
    found: list[dict[str, Any]] = []

    @settings(max_examples=number, **SAME)
    @given(runs())
    def collect(job: tuple[Scenario, float, int, int]) -> None:
        scenario, days, seed, draw = job
        found.append({"scenario": scenario.model_dump(mode="json"), "days": days, "seed": seed, "draw": draw})

    collect()
    return found


if __name__ == "__main__":
    print(json.dumps(wards()))
