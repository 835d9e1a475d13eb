"""Every effect of the ward on what happens, by name, with the switch that turns it off and the value that means nothing.

Effects on reporting and of injuries stand where they act, in `reporting` and `aftermath`, and are read with `effect` too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardsim.scenario.schema.run import MechanismsSection

EFFECTS: Final[dict[str, tuple[str, float]]] = {
    # name in the ledger (topic mechanisms): (switch, value that means nothing)
    "response_arrival_weight": ("response", 0.0),
    "response_presence_escalation": ("response", 0.0),
    "response_delay_de_escalation": ("response", 0.0),
    "response_team_restraint_minutes": ("response", 0.0),
    "response_team_harm": ("response", 0.0),
    "response_delay_medical_harm": ("response", 0.0),
    "contact_aggression": ("contact", 0.0),
    "contact_self_harm": ("contact", 0.0),
    "contact_absconding": ("contact", 0.0),
    "contact_substance_use": ("contact", 0.0),
    "contact_refusal": ("contact", 0.0),
    "unmet_aggression": ("contact", 0.0),
    "unmet_self_harm": ("contact", 0.0),
    "unmet_absconding": ("contact", 0.0),
    "safety_plan_self_harm": ("contact", 0.0),
    "physical_check_medical": ("contact", 0.0),
    "limit_share": ("limit_setting", 0.0),
    "familiarity_aggression": ("familiarity", 0.0),
    "familiarity_refusal": ("familiarity", 0.0),
    "familiarity_escalation": ("familiarity", 0.0),
    "familiarity_de_escalation": ("familiarity", 0.0),
    "skill_aggression": ("skill", 0.0),
    "skill_self_harm": ("skill", 0.0),
    "skill_sexual_safety": ("skill", 0.0),
    "skill_substance_use": ("skill", 0.0),
    "skill_escalation": ("skill", 0.0),
    "skill_de_escalation": ("skill", 0.0),
    "skill_harm": ("skill", 0.0),
    "skill_restraint_minutes": ("skill", 0.0),
    "skill_medical_harm": ("skill", 0.0),
    "fatigue_delay": ("fatigue", 0.0),
    "fatigue_limit": ("fatigue", 0.0),
    "fatigue_escalation": ("fatigue", 0.0),
    "crowding_aggression": ("crowding", 0.0),
    "contagion_offspring": ("contagion", 0.0),
    "detection_noticed": ("detection", 0.0),
    "intermittent_self_harm": ("detection", 0.0),
    "constant_self_harm": ("detection", 0.0),
    "observed_sexual_safety": ("detection", 0.0),
    "observed_absconding": ("detection", 0.0),
    "direct_staffing": ("direct_effects", 0.0),
    "direct_skill_mix": ("direct_effects", 0.0),
    "direct_temporary_share": ("direct_effects", 0.0),
    "direct_release": ("direct_effects", 0.0),
}
"""Effects in topic `mechanisms` of the ledger."""

COURSES: Final = ("violence_prevention", "de_escalation", "suicide_safety", "life_support", "dual_diagnosis", "sexual_safety")
"""Courses whose knowledge and skill act on incidents."""


def effect(p: Mapping[str, float], on: MechanismsSection, name: str, switch: str, nothing: float) -> float:
    """Value of one effect: the ledger's, or the value that means nothing when its switch is off."""
    return float(p[name]) if getattr(on, switch) else nothing
