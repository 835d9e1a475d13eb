"""How much violence each member of staff has met of late: the measure that a training needs assessment goes by."""

from __future__ import annotations

from typing import Final

from ..core.context import Context
from ..staff.people import SUBSTANTIVE, Person
from .skill import MONTH

FULL_TIME_SHIFTS_PER_MONTH: Final = 20.0
"""Shifts a month of a full-time member of staff, for the history given at the start (a scale that cancels in comparison)."""


class Exposure:
    """Shifts worked, each weighted by the assaults on the ward during it, fading with a half-life.

    Parameters
    ----------
    ctx : Context
    """

    __slots__ = ("_ctx", "_half", "_incidents", "_weight")

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._incidents = ctx.facts.table("incident")
        self._half = ctx.p["training.exposure_half_life_months"] * MONTH
        self._weight = ctx.p["training.exposure_assault_weight"]

    def settle(self, person: Person) -> None:
        """Give somebody in post at the beginning the exposure of usual shifts."""
        shifts = FULL_TIME_SHIFTS_PER_MONTH * person.weekly_hours / 37.5
        person.extra["exposure"] = shifts / MONTH * self._half / 0.6931471805599453
        person.extra["exposure_at"] = self._ctx.env.now

    def now(self, person: Person, time: float) -> float:
        """Exposure of one person at a time."""
        exposure = person.extra.get("exposure")
        if exposure is None:
            return 0.0
        left: float = 0.5 ** ((time - person.extra["exposure_at"]) / self._half)
        return exposure * left

    def add(self, person: Person) -> None:
        """A person has gone off duty: one more shift, with the assaults that fell into it."""
        if person.employment != SUBSTANTIVE:
            return
        time = self._ctx.env.now
        gained = 1.0
        since = person.duty_start
        for n in range(len(self._incidents) - 1, -1, -1):
            row = self._incidents[n]
            when: float = row[0]
            if when < since:
                break
            if row[3] == "assault":
                gained += self._weight
        person.extra["exposure"] = self.now(person, time) + gained
        person.extra["exposure_at"] = time

    def relative(self, people: list[Person], time: float) -> dict[int, float]:
        """Exposure of each person relative to the mean of all, by id (1 for everybody when there is none)."""
        levels = {person.id: self.now(person, time) for person in people}
        mean = sum(levels.values()) / max(len(levels), 1)
        if mean <= 0.0:
            return dict.fromkeys(levels, 1.0)
        return {id_: level / mean for id_, level in levels.items()}

    def saved(self, person: Person) -> list[float]:
        """Plain data of one person."""
        return [person.extra.get("exposure", 0.0), person.extra.get("exposure_at", 0.0)]

    def restore(self, person: Person, row: list[float]) -> None:
        """Take over what `saved` gave."""
        person.extra["exposure"], person.extra["exposure_at"] = row
