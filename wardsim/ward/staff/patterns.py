"""Shift patterns: when shifts begin and end, how many paid hours they hold, how many people each needs.

A *period* is a stretch for which numbers are required (early, late, night; or long day, long night). A *shift* is what one
person works; under the mixed pattern a long day covers the early and the late period, a long night the night.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardsim.scenario.schema.staffing import RequiredNumbers, RequiredSection, StaffingSection

from ..core.clock import Calendar

FULL_TIME_HOURS: Final = 37.5
"""Contracted hours a week of one whole-time equivalent."""
BREAK_AFTER_HOURS: Final = 6.0
SECOND_BREAK_AFTER_HOURS: Final = 10.0
"""A shift longer than this holds one, or two, unpaid breaks."""

RN_GROUP: Final = 0
HCA_GROUP: Final = 1
OTHER_GROUP: Final = 2
GROUP_NAMES: Final = ("rn", "hca")
"""Registered nurses fill `rn` places; healthcare assistants and nursing associates fill `hca` places."""

CODES: Final = {"early": 0, "late": 1, "night": 2, "long_day": 3, "long_night": 4, "day": 5}
"""Fixed numbers of shifts; they key the offers."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of a pattern.

    Attributes
    ----------
    name : str
        early, late, night, long_day, long_night, or day (people with weekly patterns).
    code : int
        Its fixed number.
    start, end : int
        Minutes after midnight of the day it begins; `end` is above 1440 when it passes midnight.
    hours : float
        Paid hours: the length less unpaid breaks.
    night : bool
        Whether it is a night shift.
    """

    name: str
    code: int
    start: int
    end: int
    hours: float
    night: bool


def minutes_of(clock: str) -> int:
    """Minutes after midnight of HH:MM."""
    return int(clock[:2]) * 60 + int(clock[3:])


def paid_hours(minutes: float, break_minutes: float) -> float:
    """Paid hours of a shift: its length less one unpaid break (over 6 hours) or two (over 10 hours)."""
    hours = minutes / 60.0
    breaks = 0 if hours <= BREAK_AFTER_HOURS else 1 if hours <= SECOND_BREAK_AFTER_HOURS else 2
    return max(hours - breaks * break_minutes / 60.0, 0.0)


def make_shift(name: str, times: tuple[str, str], break_minutes: float) -> Shift:
    """Make a shift from clock times; an end at or before the start is on the next day."""
    start, end = minutes_of(times[0]), minutes_of(times[1])
    if end <= start:
        end += 1440
    return Shift(name, CODES[name], start, end, paid_hours(end - start, break_minutes), name in ("night", "long_night"))


class Pattern:
    """The shift pattern of a ward and the numbers it requires.

    Attributes
    ----------
    periods : tuple of Shift
        The periods for which numbers are required, in order of their start.
    shifts : dict of str to Shift
        Every shift somebody may work.
    covers : dict of str to tuple of int
        Shift name to the indices of the periods it covers.
    long_share : float
        Share of own staff who work long shifts (0, 1, or solved from the share of days under `mixed`).
    """

    __slots__ = ("_calendar", "_required", "_until", "covers", "day_shift", "long_share", "periods", "shifts")

    def __init__(self, staffing: StaffingSection, break_minutes: float, calendar: Calendar) -> None:
        times = staffing.times
        made = {
            name: make_shift(name, getattr(times, name), break_minutes)
            for name in ("early", "late", "night", "long_day", "long_night")
        }
        self.day_shift = Shift("day", CODES["day"], 540, 1020, paid_hours(480.0, 30.0), False)
        self._calendar = calendar
        if staffing.pattern == "long_day":
            self.periods: tuple[Shift, ...] = (made["long_day"], made["long_night"])
            self.covers: dict[str, tuple[int, ...]] = {"long_day": (0,), "long_night": (1,)}
            self.long_share = 1.0
        else:
            self.periods = (made["early"], made["late"], made["night"])
            self.covers = {"early": (0,), "late": (1,), "night": (2,)}
            self.long_share = 0.0
            if staffing.pattern == "mixed":
                self.covers |= {"long_day": (0, 1), "long_night": (2,)}
                # Somebody on long shifts works fewer days: the share of people follows from the share of days.
                days = staffing.long_day_pct / 100.0
                short_hours = (made["early"].hours + made["late"].hours + made["night"].hours) / 3.0
                long_hours = (made["long_day"].hours + made["long_night"].hours) / 2.0
                weight = days * long_hours
                self.long_share = weight / (weight + (1.0 - days) * short_hours) if days < 1.0 else 1.0
        starts = [period.start for period in self.periods]
        self._until = [min(other + 1440 if other <= start else other for other in starts) for start in starts]
        self.shifts: dict[str, Shift] = {name: made[name] for name in self.covers}
        sections = (staffing.required, staffing.funded_extra, staffing.by_bank_extra)
        self._required = tuple(
            tuple(_sum(sections, period, weekend) for period in self.periods) for weekend in (False, True)
        )

    def required(self, day: int, period: int) -> tuple[int, int]:
        """Registered nurses and healthcare assistants required in a period of a day."""
        return self._required[self._calendar.is_weekend(day)][period]

    def shift_for(self, period: int, *, long: bool) -> Shift:
        """The shift that a person on short or long shifts works when placed in a period."""
        shift = self.periods[period]
        if long and shift.name in ("early", "late") and "long_day" in self.shifts:
            return self.shifts["long_day"]
        if long and shift.name == "night" and "long_night" in self.shifts:
            return self.shifts["long_night"]
        return shift

    def until_next(self, period: int) -> int:
        """Minute (after midnight of its day) at which the next period begins: where this one's own stretch ends."""
        return self._until[period]

    def weekly_hours(self, section: RequiredSection) -> tuple[float, float]:
        """Paid hours a week that a section of required numbers amounts to: registered nurses, healthcare assistants."""
        rn = hca = 0.0
        for period in self.periods:
            for weekend, days in ((False, 5), (True, 2)):
                numbers = _sum((section,), period, weekend)
                rn += days * numbers[0] * period.hours
                hca += days * numbers[1] * period.hours
        return rn, hca


def _sum(sections: tuple[RequiredSection, ...], period: Shift, weekend: bool) -> tuple[int, int]:
    rn = hca = 0
    for section in sections:
        numbers: RequiredNumbers = {
            "early": section.early,
            "long_day": section.early,
            "late": section.late,
            "night": section.night,
            "long_night": section.night,
        }[period.name]
        rn += numbers.rn
        hca += numbers.hca + (section.weekend_hca_change if weekend and not period.night else 0)
    return rn, max(hca, 0)
