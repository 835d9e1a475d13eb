"""One random ward, run and closed, with the tables a law of conservation looks at."""

from __future__ import annotations

from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from tests.property.scenarios import scenarios
from wardsim.measures import Columns
from wardsim.measures.compute import measure, view_of
from wardsim.measures.view import View
from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.scenario.calendar import holidays_for
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import TABLES
from wardsim.ward.ward import Ward


@lru_cache(maxsize=64)
def drawn(draw: int) -> dict[str, float]:
    """Parameters of one draw; -1: the point values."""
    return Ledger.load().point() if draw < 0 else Ledger.load().draw(7, draw)


class Run:
    """A finished run.

    Parameters
    ----------
    scenario : Scenario
    days : float
        Length, from time zero on.
    seed, draw : int
        Chance; number of the parameter draw.
    """

    def __init__(self, scenario: Scenario, days: float, seed: int, draw: int) -> None:
        self.scenario = scenario
        self.begin, self.until = 0.0, days * DAY
        self.p = condition(scenario, drawn(draw))
        year = scenario.ward.start_date.year
        self.holidays = holidays_for(scenario, year - 1, year + 2)
        self.ward = Ward(scenario, self.p, seed, 0, begin=self.begin, until=self.until, holidays=self.holidays)
        self.facts = self.ward.run()
        self.columns = Columns(self.facts)

    def rows(self, table: str) -> list[Any]:
        """Rows of a table, columns as attributes."""
        names = TABLES[table]
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in self.facts.table(table)]

    @cached_property
    def view(self) -> View:
        """The whole run as one window."""
        return view_of(self.columns, self.scenario, self.p, self.begin, self.until, holidays=self.holidays)

    @cached_property
    def measures(self) -> dict[str, Any]:
        return measure(self.columns, self.scenario, self.p, self.begin, self.until, holidays=self.holidays)


@st.composite
def runs(draw: st.DrawFn) -> tuple[Scenario, float, int, int]:
    """Scenario, days, seed and parameter draw of a short run."""
    days = draw(st.one_of(st.sampled_from((10.0, 14.0, 20.0)), st.floats(10.0, 20.0, width=32)))
    return draw(scenarios()), days, draw(st.integers(0, 2**40)), draw(st.sampled_from((-1, -1, 0, 1, 2, 3)))
