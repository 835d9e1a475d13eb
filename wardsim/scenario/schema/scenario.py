"""The whole scenario: one immutable object, every key with its default."""

from __future__ import annotations

from pydantic import Field

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

    schema_version: int = Field(1, ge=1, le=1)
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
