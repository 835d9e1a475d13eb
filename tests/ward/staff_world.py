"""A ward with staff and no patients: the real dispatcher and clock, nothing to do."""

from __future__ import annotations

from typing import Any

from tests.support import point_parameters
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY, Calendar, Clock
from wardsim.ward.core.context import Context
from wardsim.ward.core.facts import Facts
from wardsim.ward.core.streams import Streams
from wardsim.ward.staff.people import Person
from wardsim.ward.staff.plan import Plan
from wardsim.ward.staff.staffing import Staffing
from wardsim.ward.work.dispatcher import Dispatcher
from wardsim.ward.work.kinds import Durations

HOLIDAYS = frozenset({11, 28, 140})


def none() -> dict[str, int]:
    return {"rn": 0, "hca": 0}


def numbers(early: tuple[int, int], late: tuple[int, int], night: tuple[int, int]) -> dict[str, dict[str, int]]:
    """A section of required numbers."""
    names = ("early", "late", "night")
    return {name: {"rn": n[0], "hca": n[1]} for name, n in zip(names, (early, late, night), strict=True)}


class World:
    """Staffing alone.

    `staffing` and `mechanisms` are sections of the scenario; `parameters` change the ledger's point values.
    """

    def __init__(
        self,
        *,
        days: float = 28.0,
        begin: float = 0.0,
        seed: int = 1,
        replication: int = 0,
        state: dict[str, Any] | None = None,
        given: list[tuple[int, str, str, str]] | None = None,
        parameters: dict[str, float] | None = None,
        staffing: dict[str, Any] | None = None,
        mechanisms: dict[str, bool] | None = None,
        end_of_shift: str = "hand_over",
        now: float | None = None,
    ) -> None:
        self.scenario = Scenario.model_validate(
            {"name": "staff", "staffing": staffing or {}, "mechanisms": mechanisms or {}}
        )
        self.env = Clock(initial_time=begin)
        self.facts = Facts()
        self.dispatcher = Dispatcher(self.env, self.facts, end_of_shift)
        values = point_parameters(**{name.replace(".", "__"): v for name, v in (parameters or {}).items()})
        streams = Streams(seed, replication)
        self.ctx = Context(
            env=self.env,
            calendar=Calendar(self.scenario.ward.start_date, HOLIDAYS),
            streams=streams,
            facts=self.facts,
            scenario=self.scenario,
            p=values,
            on=self.scenario.mechanisms,
            dispatcher=self.dispatcher,
            durations=Durations(streams, {}, 0.5),
            begin=begin,
            until=begin + days * DAY,
        )
        self.staffing = Staffing(self.ctx, state, given_roster=given)
        self.roster = self.staffing.roster

    def run(self, until: float | None = None) -> World:
        """Run to a minute (default: the end) and, at the end, close."""
        end = self.ctx.until if until is None else until
        self.env.run(until=end)
        if until is None:
            self.staffing.close()
            for person in list(self.dispatcher.on_duty):
                self.dispatcher.end_duty(person)
        return self

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of a fact table by column name."""
        from wardsim.ward.core.facts import TABLES

        return [dict(zip(TABLES[table], row, strict=True)) for row in self.facts.table(table)]

    def plans(self, group: int) -> list[Plan]:
        """Plans of a group in order of their posts."""
        return sorted((p for p in self.roster.plans.values() if p.group == group), key=lambda p: p.person.key)

    def with_shift(self, group: int, name: str, first: int, last: int) -> tuple[Person, int]:
        """Somebody of a group who has a shift of that name between two days."""
        for day in range(first, last + 1):
            for plan in self.plans(group):
                shift = plan.shifts.get(day)
                if shift is not None and shift.name == name:
                    return plan.person, day
        raise AssertionError("nobody has such a shift")


def wte_years(world: World, roles: tuple[str, ...]) -> float:
    """Whole-time equivalents in post, integrated over the run, years of 365 days."""
    total = 0.0
    since: dict[int, tuple[float, float]] = {}
    for row in world.rows("employment"):
        if row["role"] not in roles:
            continue
        if row["event"] == "left":
            start, wte = since.pop(row["person"])
            total += (row["time"] - start) * wte
        else:
            since[row["person"]] = (row["time"], row["wte"])
    total += sum((world.ctx.until - start) * wte for start, wte in since.values())
    return total / (365.0 * DAY)
