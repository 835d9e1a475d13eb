"""What every part of the ward is given: the clock, the calendar, chance, the facts, the scenario, the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.run import MechanismsSection

from ..work.dispatcher import Dispatcher
from .clock import Calendar, Clock
from .facts import Facts
from .streams import Streams

if TYPE_CHECKING:
    from ..work.kinds import Durations


class Context:
    """The common ground of one run.

    Attributes
    ----------
    env : Clock
        Clock, minutes.
    calendar : Calendar
        Dates.
    streams : Streams
        Chance, keyed.
    facts : Facts
        Where everything that happens is written.
    scenario : Scenario
        What the planner set.
    p : mapping of str to float
        Parameters of this run by ledger name.
    on : MechanismsSection
        Mechanism switches.
    dispatcher : Dispatcher
        Who is free, what waits.
    durations : Durations
        Lengths of work.
    begin, until : float
        First and last minute of the run.
    effects : dict of str to float
        Multipliers that programmes now put on named parameters (1 when absent).
    """

    def __init__(
        self,
        env: Clock,
        calendar: Calendar,
        streams: Streams,
        facts: Facts,
        scenario: Scenario,
        p: Mapping[str, float],
        on: MechanismsSection,
        dispatcher: Dispatcher,
        durations: Durations,
        begin: float,
        until: float,
    ) -> None:
        self.env = env
        self.calendar = calendar
        self.streams = streams
        self.facts = facts
        self.scenario = scenario
        self.p = p
        self.on = on
        self.dispatcher = dispatcher
        self.durations = durations
        self.begin = begin
        self.until = until
        self.effects: dict[str, float] = {}
