"""Each switch of the one list of mechanisms: off is the same run, byte for byte, as all its effects at nothing; causes still happen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.levers.bench import SWITCHES, Run, run
from wardsim.parameters import Ledger
from wardsim.ward.core.facts import TABLES

pytestmark = pytest.mark.lever

DAYS = 35.0
BUSY: dict[str, Any] = {
    # a ward on which every mechanism has something to act on
    "flow.discharge_pressure_after_hours": 1.0,
    "staffing.multidisciplinary.teamwork": 1,
    "work.reporting.culture": 1,
    "programmes": [
        {"kind": kind, "start_week": -60, "staff_hours_per_week": 2}
        for kind in (
            "relational_safety", "structured_risk_assessment", "protected_engagement", "reporting_culture", "restraint_reduction",
            "quality_improvement",
        )
    ],
}  # fmt: skip
CAUSES = ("incident", "response", "segment", "task", "duty", "team", "shift", "offer", "beds", "observation", "pathway", "training", "round")


def nothing(switch: str) -> dict[str, float]:
    """Every effect of a switch at its null."""
    return {e.name: float(e.null) for e in Ledger.load().of_mechanism(switch) if e.null is not None}


def differing(a: Run, b: Run) -> list[str]:
    return [name for name in TABLES if repr(a.facts.table(name)) != repr(b.facts.table(name))]


@pytest.mark.parametrize("switch", SWITCHES)
def test_off_is_all_effects_at_nothing_byte_for_byte(switch: str) -> None:
    off = run({**BUSY, f"mechanisms.{switch}": False}, days=DAYS)
    null = run(BUSY, days=DAYS, parameters=nothing(switch))
    assert differing(off, null) == []
    assert [name for name in CAUSES if not off.facts.table(name)] == []


def test_direct_effects_are_off_and_nothing_by_default() -> None:
    on = run({**BUSY, "mechanisms.direct_effects": True}, days=DAYS)
    assert differing(on, run(BUSY, days=DAYS)) == []
    strong = {"mechanisms.direct_release": 0.4, "mechanisms.direct_staffing": 0.4}
    assert differing(on, run({**BUSY, "mechanisms.direct_effects": True}, days=DAYS, parameters=strong)) != []
    assert differing(run(BUSY, days=DAYS, parameters=strong), run(BUSY, days=DAYS)) == []
