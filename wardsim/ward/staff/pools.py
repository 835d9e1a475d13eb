"""Pools of temporary staff: bank workers who know of this ward, agency workers who may be sent."""

from __future__ import annotations

from typing import Any, Final

from .patterns import HCA_GROUP, RN_GROUP
from .people import AGENCY, BANK, HCA, RN, Person

POOLS: Final = {(RN_GROUP, BANK): 20, (HCA_GROUP, BANK): 21, (RN_GROUP, AGENCY): 22, (HCA_GROUP, AGENCY): 23}
"""Post lines of temporary staff."""
ROLES: Final = {RN_GROUP: (RN, 5), HCA_GROUP: (HCA, 3)}
"""Role and band of temporary staff by group."""


class Pool:
    """Temporary staff of one role and kind: places, each with its present holder.

    Attributes
    ----------
    line : int
        Post line.
    people : list of Person or None
        Holder of each place, made when first needed.
    leaves : list of float
        When the holder stops coming, minutes.
    """

    __slots__ = ("cumulative", "employment", "group", "leaves", "line", "numbers", "people", "rate")

    def __init__(self, line: int, group: int, employment: str, size: int, concentration: float, rate: float) -> None:
        self.line = line
        self.group = group
        self.employment = employment
        self.people: list[Person | None] = [None] * size
        self.leaves = [float("inf")] * size
        self.numbers = [0] * size
        self.rate = rate
        weights = [(place + 1.0) ** -concentration for place in range(size)]
        total = sum(weights)
        gathered = 0.0
        self.cumulative: list[float] = []
        for weight in weights:
            gathered += weight / total
            self.cumulative.append(gathered)

    def share(self, place: int) -> float:
        """Share of the pool's shifts that a place is offered first."""
        return self.cumulative[place] - (self.cumulative[place - 1] if place else 0.0)

    def save(self) -> list[list[Any]]:
        """Holders as plain rows: line, place, person, end (None: never), number."""
        return [
            [
                self.line,
                place,
                person.id,
                None if self.leaves[place] > 1e18 else self.leaves[place],
                self.numbers[place],
            ]
            for place, person in enumerate(self.people)
            if person is not None
        ]

    def restore(self, place: int, person: Person, leaves: float | None, number: int) -> None:
        """Give a place its holder again; a place that is no more is dropped."""
        if place < len(self.people):
            self.people[place] = person
            self.leaves[place] = float("inf") if leaves is None else leaves
            self.numbers[place] = number
