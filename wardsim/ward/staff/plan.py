"""What is planned for one member of own staff: shifts, study days, absence. One object a person, read by roster and offers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from .patterns import Pattern, Shift
from .people import Person

FOREVER: Final = 10**9
"""A day that never comes."""


class Plan:
    """One person's plan.

    Attributes
    ----------
    person : Person
        Whose.
    group : int
        0 registered nurse, 1 healthcare assistant or nursing associate, 2 weekly pattern.
    long : bool
        Works long shifts under the mixed pattern.
    start_day, leaves_day : int
        First day, and first day no longer in post (`FOREVER` until notice is given).
    leaves_at : float
        Minute the post is left, known to nobody before notice is given.
    shifts : dict of int to Shift
        Day to rostered shift, contracted hours.
    overtime : dict of int to Shift
        Day to extra shift taken from the bank.
    study : dict of int to float
        Day to hours of study, off the ward.
    released : dict of int to (Shift or None, bool)
        Day to the shift a study day took the person off, and whether the gap was offered.
    leave : dict of int to str
        Day to annual_leave or parental_other, known long ahead.
    leave_balance : int
        Annual leave owed, days of the calendar, each a seventh of the contracted week (see `leave_owed`).
    rebooked, called_off : set of int
        Days of annual leave booked beyond the calendar, and days of the calendar that are not taken after all.
    sick, injured : set of int
        Days of sickness (known when it comes) and of absence after injury.
    sick_known : int
        Last day up to which sickness is known.
    owed : float
        Contracted hours not yet rostered (below zero: rostered ahead), at the end of the last block drawn up.
    """

    __slots__ = (
        "_covered", "acc", "called_off", "extra_sick", "free", "group", "injured", "last_end", "last_night", "leave", "leave_balance",
        "leave_target", "leaves_at", "leaves_day", "long", "nights", "nights_run", "overtime", "owed", "person", "pressure", "rebooked",
        "released", "room", "run", "run_day", "scale", "shifts", "sick", "sick_known", "start_day", "study", "tie", "used", "weekend",
    )  # fmt: skip

    def __init__(self, person: Person, group: int, *, long: bool, start_day: int) -> None:
        self.person = person
        self.group = group
        self.long = long
        self.start_day = start_day
        self.leaves_day = FOREVER
        self.leaves_at = float("inf")
        self.leave_target = float("inf")
        self.pressure: list[tuple[float, float, float]] = []
        """Windows (from, to, factor) of a raised hazard of leaving."""
        self.shifts: dict[int, Shift] = {}
        self.overtime: dict[int, Shift] = {}
        self.study: dict[int, float] = {}
        self.released: dict[int, tuple[Shift | None, bool]] = {}
        self.leave: dict[int, str] = {}
        self._covered: set[int] = set()
        """Days of annual leave booked on which the person is on parental or other leave."""
        self.leave_balance = 0
        self.rebooked: set[int] = set()
        self.called_off: set[int] = set()
        self.sick: set[int] = set()
        self.extra_sick: set[int] = set()
        self.injured: set[int] = set()
        self.sick_known = -FOREVER
        self.owed = 0.0
        # Working memory of the block being drawn up.
        self.acc = self.used = self.room = 0.0
        self.free: set[int] = set()
        self.scale = 1.0
        self.last_end = float("-inf")
        self.last_night = False
        self.run = self.run_day = self.nights_run = 0
        self.nights = 0.0
        self.weekend = -FOREVER
        self.tie = 0.0

    def set_leave(self, calendar: set[int], other: set[int]) -> None:
        """Days of annual leave in the calendar, with what was booked and called off since, and of parental and other leave."""
        annual = (calendar - self.called_off) | self.rebooked
        self._covered = annual & other
        self.leave = {**dict.fromkeys(sorted(annual), "annual_leave"), **dict.fromkeys(sorted(other), "parental_other")}

    def has_booked(self, day: int) -> bool:
        """Whether annual leave is booked on a day, usable or not."""
        return self.leave.get(day) == "annual_leave" or day in self._covered

    def booked(self, first: int, end: int) -> list[int]:
        """Days of annual leave booked from `first` on and before `end`, usable or not."""
        covered = self._covered
        found = [day for day, kind in self.leave.items() if first <= day < end and (kind == "annual_leave" or day in covered)]
        found.sort()
        return found

    def books(self, first: int, end: int) -> bool:
        """Whether annual leave is booked, usable or not, on any day from `first` on and before `end`."""
        return any(self.has_booked(day) for day in range(first, end))

    def book(self, days: Collection[int]) -> None:
        """Book annual leave on free days."""
        self.rebooked.update(days)
        self.called_off.difference_update(days)
        self.leave.update(dict.fromkeys(days, "annual_leave"))

    def call_off(self, days: Collection[int]) -> None:
        """Annual leave booked on these days is not taken."""
        self.rebooked.difference_update(days)
        self.called_off.update(days)
        for day in days:
            if day in self._covered:
                self._covered.remove(day)
            else:
                del self.leave[day]

    def cause(self, day: int) -> str:
        """Why the person is absent on a day; empty when not absent."""
        planned = self.leave.get(day, "")
        if planned == "parental_other":
            return planned
        if day in self.injured:
            return "injury"
        if day in self.sick or day in self.extra_sick:
            return "sickness"
        return planned

    def known_absent(self, day: int) -> bool:
        """Whether absence on a day is known in advance: leave, study off the ward, and sickness as far as it is certified."""
        return (
            day in self.leave
            or day in self.injured
            or (day <= self.sick_known and (day in self.sick or day in self.extra_sick))
        )

    def in_post(self, day: int) -> bool:
        """Whether the person is in post on a day."""
        return self.start_day <= day < self.leaves_day

    def shift(self, day: int) -> Shift | None:
        """The shift, contracted or extra, on a day."""
        return self.shifts.get(day) or self.overtime.get(day)

    def rested(self, start: float, end: float, day: int, rest: float) -> bool:
        """Whether a shift from `start` to `end` (minutes) on `day` leaves the daily rest on both sides."""
        for other in (day - 1, day, day + 1):
            shift = self.shifts.get(other) or self.overtime.get(other)
            if shift is not None:
                base = other * 1440.0
                if base + shift.end + rest > start and base + shift.start < end + rest:
                    return False
            if other in self.study and other * 1440.0 + 540.0 < end + rest and other * 1440.0 + 1020.0 + rest > start:
                return False
        return True

    def run_with(self, day: int) -> int:
        """Days worked in a row if the person also worked on `day`."""
        run = 1
        before = day - 1
        while self.shift(before) is not None or before in self.study:
            run += 1
            before -= 1
        after = day + 1
        while self.shift(after) is not None or after in self.study:
            run += 1
            after += 1
        return run

    def forget_before(self, day: int) -> None:
        """Drop what is past."""
        for table in (self.shifts, self.overtime, self.study, self.released):
            for old in [d for d in table if d < day]:
                del table[old]
        for days in (self.rebooked, self.called_off):
            days -= {d for d in days if d < day}

    def save(self, hazard_left: float | None) -> dict[str, Any]:
        """Plain data; `hazard_left` is what the person has still to gather before leaving."""
        return {
            "hazard_left": hazard_left,
            "person": self.person.id,
            "group": self.group,
            "long": self.long,
            "start_day": self.start_day,
            "leaves_day": self.leaves_day,
            "leaves_at": None if self.leaves_at == float("inf") else self.leaves_at,
            "shifts": {str(d): s.name for d, s in self.shifts.items()},
            "overtime": {str(d): s.name for d, s in self.overtime.items()},
            "study": {str(d): h for d, h in self.study.items()},
            "released": {str(d): [None if s is None else s.name, b] for d, (s, b) in self.released.items()},
            "injured": sorted(self.injured),
            "extra_sick": sorted(self.extra_sick),
            "sick_known": self.sick_known,
            "owed": self.owed,
            "leave_balance": self.leave_balance,
            "rebooked": sorted(self.rebooked),
            "called_off": sorted(self.called_off),
            "memory": [self.run, self.run_day, self.nights_run, self.nights, self.weekend],
            "last": [None if self.last_end == float("-inf") else self.last_end, self.last_night],
        }

    @classmethod
    def restore(cls, data: dict[str, Any], person: Person, pattern: Pattern) -> Plan:
        """Build again from `save`; shifts of another pattern are dropped (the roster is drawn up again)."""
        plan = cls(person, data["group"], long=data["long"], start_day=data["start_day"])
        known = {**pattern.shifts, "day": pattern.day_shift}
        plan.leaves_day = data["leaves_day"]
        plan.leaves_at = float("inf") if data["leaves_at"] is None else data["leaves_at"]
        plan.leave_target = float("inf") if data["hazard_left"] is None else data["hazard_left"]
        plan.shifts = {int(d): known[s] for d, s in data["shifts"].items() if s in known}
        plan.overtime = {int(d): known[s] for d, s in data["overtime"].items() if s in known}
        plan.study = {int(d): h for d, h in data["study"].items()}
        plan.released = {int(d): (known.get(s), b) for d, (s, b) in data["released"].items()}
        plan.injured = set(data["injured"])
        plan.extra_sick = set(data["extra_sick"])
        plan.sick_known = data["sick_known"]
        plan.owed = data["owed"]
        plan.leave_balance = data["leave_balance"]
        plan.rebooked = set(data["rebooked"])
        plan.called_off = set(data["called_off"])
        plan.run, plan.run_day, plan.nights_run, plan.nights, plan.weekend = data["memory"]
        plan.last_end = float("-inf") if data["last"][0] is None else data["last"][0]
        plan.last_night = data["last"][1]
        return plan
