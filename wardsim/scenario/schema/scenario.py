"""The whole scenario: one immutable object, every key with its default."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from .base import Frozen, FrozenDict, Name, Section, Text
from .prices import PricesSection
from .programmes import Programme
from .run import MechanismsSection, RunSection
from .staffing import StaffingSection
from .training import TrainingSection
from .ward import DemandSection, FlowSection, StartSection, WardSection
from .work import WorkSection


class Scenario(Section):
    """What a planner sets. Natural history and effects are not here: they are parameters, with sources."""

    schema_version: Literal[1] = 1
    """Version of this file format."""
    name: Name
    """Name of the scenario."""
    question: Text = ""
    """The question it answers."""
    ward: WardSection = WardSection()
    """The place and the calendar."""
    demand: DemandSection = DemandSection()
    """Referrals and patients."""
    flow: FlowSection = FlowSection()
    """Bed management."""
    staffing: StaffingSection = StaffingSection()
    """Staff."""
    training: TrainingSection = TrainingSection()
    """Training and release."""
    work: WorkSection = WorkSection()
    """Work policies."""
    programmes: tuple[Programme, ...] = Field((), strict=False, max_length=30)
    """Programmes and recommendations in force."""
    prices: PricesSection = PricesSection()
    """Unit prices."""
    mechanisms: MechanismsSection = MechanismsSection()
    """Mechanism switches."""
    start: StartSection = StartSection()
    """State at time zero."""
    run: RunSection = RunSection()
    """Length and repetition."""
    parameters: Frozen = Field(default_factory=FrozenDict, max_length=500)
    """Natural-history parameters fixed by this scenario, by ledger name (within their ledger range)."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        s = self.demand.sources
        total = s.community_crisis_pct + s.police_emergency_pct + s.young_people_pct + s.picu_step_down_pct
        if abs(total - 100.0) > 0.01:
            raise ValueError(f"demand.sources must add up to 100 percent; they add up to {total:g}")
        return self
