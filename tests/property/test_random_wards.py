"""Laws that hold in every run, on random valid scenarios.

The default run takes 25 scenarios; 300: ``pytest tests/property -m slow``. The examples are the same at every run
(derandomised) and are not shrunk; a failing one is printed with its scenario, days, seed and parameter draw.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.property import laws_causes, laws_money, laws_patients, laws_staff
from tests.property.random_ward import Run, runs
from wardsim.scenario.schema import Scenario

LAWS = (*laws_patients.LAWS, *laws_staff.LAWS, *laws_money.LAWS, *laws_causes.LAWS)
SAME: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.generate,),
}


def check(job: tuple[Scenario, float, int, int]) -> None:
    """Run one scenario and hold it against every law."""
    run = Run(*job)
    for law in LAWS:
        law(run)


@pytest.mark.property
@settings(max_examples=25, **SAME)
@given(runs())
def test_laws_hold_on_random_wards(job: tuple[Scenario, float, int, int]) -> None:
    check(job)


@pytest.mark.property
@pytest.mark.slow
@settings(max_examples=300, **SAME)
@given(runs())
def test_laws_hold_on_many_random_wards(job: tuple[Scenario, float, int, int]) -> None:
    check(job)
