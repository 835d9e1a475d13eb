"""Lines of the account, the price of an hour, and which hours are unsocial."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY

from .columns import FloatArray


class Line(NamedTuple):
    """One line of the account: quantity times price.

    Attributes
    ----------
    heading, item, who : str
        Heading of the partition, item within it, and role and band (or course, programme) it is for.
    quantity : float
        In `unit`, over the window.
    unit : str
        hours, places, days, events, years.
    price : float
        GBP a unit.
    """

    heading: str
    item: str
    who: str
    quantity: float
    unit: str
    price: float

    @property
    def amount(self) -> float:
        """GBP in the window."""
        return self.quantity * self.price


def hourly_price(scenario: Scenario, role: str, band: int) -> float:
    """Price of one substantive paid hour with on-costs, before unsocial additions, GBP.

    Parameters
    ----------
    scenario : Scenario
        Whose prices.
    role : str
        Role of the person; therapists and doctors have prices of their own.
    band : int
        Pay band; doctors: 9 consultant, otherwise in training.
    """
    prices = scenario.prices
    if role == "doctor":
        return prices.hour_consultant_gbp if band >= 9 else prices.hour_junior_doctor_gbp
    if role in ("occupational_therapist", "psychologist", "activity_worker"):
        return float(getattr(prices, f"hour_{role}_gbp"))
    return float(getattr(prices, f"hour_band{min(max(band, 2), 7)}_gbp"))


def unsocial_additions(scenario: Scenario, role: str, band: int) -> tuple[float, float]:
    """Additions to the basic hour: weekday nights and Saturdays; Sundays and public holidays. Doctors have none."""
    prices = scenario.prices
    if role == "doctor":
        return 0.0, 0.0
    if band <= 2:
        return prices.unsocial_night_saturday_band2, prices.unsocial_sunday_band2
    if band == 3:
        return prices.unsocial_night_saturday_band3, prices.unsocial_sunday_band3
    return prices.unsocial_night_saturday_registered, prices.unsocial_sunday_registered


class UnsocialClock:
    """Minutes up to any time that were weekday night or Saturday, and Sunday or public holiday.

    Night is 20:00 to 06:00. A public holiday pays as a Sunday, whatever its weekday.

    Parameters
    ----------
    scenario : Scenario
        For its start date.
    holidays : frozenset of int
        Day numbers of public holidays.
    low, high : float
        Range of times to be asked about, minutes.
    """

    def __init__(self, scenario: Scenario, holidays: frozenset[int], low: float, high: float) -> None:
        first, last = int(low // DAY), int(high // DAY) + 1
        days = np.arange(first, last + 1)
        weekday = (days + scenario.ward.start_date.weekday()) % 7
        holiday = np.isin(days, np.fromiter(holidays, np.int64, len(holidays)))
        sunday = (weekday == 6) | holiday
        saturday = (weekday == 5) & ~holiday
        night_part = np.array([1.0, 0.0, 1.0])  # 00-06, 06-20, 20-24
        parts = np.array([360.0, 840.0, 240.0])
        lesser = np.where(sunday[:, None], 0.0, np.where(saturday[:, None], 1.0, night_part[None, :])) * parts
        greater = np.where(sunday[:, None], 1.0, 0.0) * parts
        self._edges = first * DAY + np.concatenate(([0.0], np.cumsum(np.tile(parts, len(days)))))
        self._lesser = np.concatenate(([0.0], np.cumsum(lesser.ravel())))
        self._greater = np.concatenate(([0.0], np.cumsum(greater.ravel())))

    def minutes(self, starts: FloatArray, ends: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Minutes of each interval at weekday nights and Saturdays, and on Sundays and public holidays."""
        lesser = np.interp(ends, self._edges, self._lesser) - np.interp(starts, self._edges, self._lesser)
        greater = np.interp(ends, self._edges, self._greater) - np.interp(starts, self._edges, self._greater)
        return lesser, greater
