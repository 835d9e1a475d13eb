"""x"""
from collections.abc import Mapping
from wardsim.scenario.schema import Scenario
def incident_scale(scenario: Scenario, p: Mapping[str, float]) -> dict[str, float]:
    return {"incidents.local_scale": 1.0, "incidents.local_assault_scale": 1.0}
