"""The sheet of one period of one day: how many are required, who is to come, what is asked of bank and agency."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.clock import DAY
from .patterns import Shift
from .people import Person


class Sheet:
    """Numbers and names for one period of one day; index 0 registered nurses, 1 healthcare assistants and nursing associates.

    Attributes
    ----------
    day, index : int
        Day number; index of the period in the pattern.
    period : Shift
        The period.
    start, end : float
        Minutes.
    required : tuple of int
        Required numbers (policy: base, funded and by-bank extra).
    own : tuple of list of Person
        Own staff who are to work it on contracted hours.
    temps : tuple of list of Person
        Extra shifts of own staff, bank and agency.
    extra : list of int
        Extra staff asked for on top (mechanism demand_staffing).
    failed : list of int
        Offers that nobody took: they stay gaps.
    held : list of int
        Gaps left open on purpose (release without backfill).
    offers : list of int
        Offers made so far: numbers the next slot.
    rostered : list of int
        Own staff on the roster when it was published.
    lent : list of int
        People sent to other wards when the shift began.
    why : tuple of list of str
        Reasons of gaps not offered yet, oldest first.
    asked : dict of (int, str) to (int, int)
        Extra staff by role and reason: in all, and asked for at the start of the period.
    """

    __slots__ = (
        "asked", "day", "end", "extra", "failed", "held", "index", "late", "lent", "offers", "own", "period", "present", "required",
        "rostered", "start", "temps", "why",
    )  # fmt: skip

    def __init__(self, day: int, index: int, period: Shift, required: tuple[int, int]) -> None:
        self.day = day
        self.index = index
        self.period = period
        self.start = day * DAY + period.start
        self.end = day * DAY + period.end
        self.required = required
        self.own: tuple[list[Person], list[Person]] = ([], [])
        self.temps: tuple[list[Person], list[Person]] = ([], [])
        self.extra = [0, 0]
        self.failed = [0, 0]
        self.held = [0, 0]
        self.offers = [0, 0]
        self.rostered = [0, 0]
        self.lent = [0, 0]
        self.why: tuple[list[str], list[str]] = ([], [])
        self.asked: dict[tuple[int, str], list[int]] = {}
        self.present: list[tuple[Person, int, str]] = []
        """(person, role index, contracted | overtime | bank | agency) of those who came."""
        self.late: dict[int, float] = {}
        """Person id to the minute of arrival, for people found too late to be there at the start."""

    def open(self, role: int) -> int:
        """Gaps that may be offered now (below zero: more people than wanted)."""
        return self.required[role] + self.extra[role] - self.filled(role) - self.failed[role] - self.held[role]

    def filled(self, role: int) -> int:
        """People who are to come."""
        return len(self.own[role]) + len(self.temps[role])

    def short(self, role: int) -> int:
        """People missing, whether or not anybody is still being sought."""
        return self.required[role] + self.extra[role] - self.filled(role)

    def settle(self, role: int) -> None:
        """After somebody was added: gaps given up on, or left open, are no longer gaps."""
        while self.open(role) < 0 and self.failed[role] > 0:
            self.failed[role] -= 1
        while self.open(role) < 0 and self.held[role] > 0:
            self.held[role] -= 1
        del self.why[role][max(self.open(role), 0) :]

    def take_reason(self, role: int) -> str:
        """Reason of the next gap to be offered."""
        waiting = self.why[role]
        return waiting.pop(0) if waiting else "vacancy"

    def save(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "day": self.day,
            "index": self.index,
            "own": [[p.id for p in people] for people in self.own],
            "temps": [[p.id for p in people] for people in self.temps],
            "present": [[p.id, role, kind] for p, role, kind in self.present],
            "late": [[i, at] for i, at in self.late.items()],
            "extra": self.extra,
            "failed": self.failed,
            "held": self.held,
            "offers": self.offers,
            "rostered": self.rostered,
            "lent": self.lent,
            "why": list(self.why),
            "asked": [[role, reason, *counts] for (role, reason), counts in self.asked.items()],
        }

    def restore(self, data: dict[str, Any], person: Callable[[int], Person]) -> None:
        """Continue from `save`."""
        for role in (0, 1):
            self.own[role].extend(person(i) for i in data["own"][role])
            self.temps[role].extend(person(i) for i in data["temps"][role])
            self.why[role].extend(data["why"][role])
        self.present = [(person(i), role, kind) for i, role, kind in data["present"]]
        self.extra, self.failed, self.held = list(data["extra"]), list(data["failed"]), list(data["held"])
        self.offers, self.rostered, self.lent = list(data["offers"]), list(data["rostered"]), list(data["lent"])
        self.late = dict(data["late"])
        self.asked = {(role, reason): list(counts) for role, reason, *counts in data["asked"]}
