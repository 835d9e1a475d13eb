"""The toy ward: what every engine here simulates, and what it must find.

A ward of 20 beds for one year, in minutes.

* Beds: a stay is lognormal (mean 35 days); an emptied bed is filled again after an exponential gap (mean 2 days). The year
  starts in balance: a length-biased stay of which a uniform share has passed.
* Staff: six people from 06:00 to 22:00, four by night; the shift that relieves another of the same size takes over its work as
  it stands. When two go off at 22:00, free people go, else those in the least urgent work, the latest begun first.
* Work: 54 tasks a day in 7 kinds, each kind a priority, at uniform times in its hours; lengths lognormal. Work that has begun is
  interrupted by incidents and by going off duty alone, and goes on later where it stopped. A one-to-one not begun within two
  hours is not held; one that is interrupted ends there.
* Incidents: each patient has a hazard that depends on frailty (exponential), time since admission, the hour, the share of the
  people on duty who are busy, and the beds taken. An incident takes two people at once for a lognormal time, out of whatever
  they do if need be.

Rates and lengths are invented: ratios between engines mean something, the outcomes do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

HOUR = 60.0
DAY = 1440.0
YEAR = 365.0 * DAY

BEDS = 20
STAY_MEAN = 35.0 * DAY
STAY_SIGMA = 0.8
STAY_MU = log(STAY_MEAN) - STAY_SIGMA**2 / 2.0
GAP_MEAN = 2.0 * DAY

DAY_STAFF, NIGHT_STAFF = 6, 4
DAY_BEGINS, DAY_ENDS = 6.0 * HOUR, 22.0 * HOUR


class Kind(NamedTuple):
    """One kind of daily work: its priority is its place in `WORK` (1 the most urgent)."""

    name: str
    a_day: int
    mean: float
    opens: float
    closes: float


WORK = (
    Kind("medication", 4, 60.0, 8.0 * HOUR, 22.0 * HOUR),
    Kind("observation", 12, 40.0, 0.0, DAY),
    Kind("admission_and_safety", 4, 90.0, 8.0 * HOUR, 20.0 * HOUR),
    Kind("physical_care", 12, 60.0, 7.0 * HOUR, 21.0 * HOUR),
    Kind("escort", 6, 120.0, 9.0 * HOUR, 17.0 * HOUR),
    Kind("one_to_one", 8, 60.0, 9.0 * HOUR, 20.0 * HOUR),
    Kind("documentation", 8, 75.0, 0.0, DAY),
)
ONE_TO_ONE = 6
PATIENCE = 120.0
"""Minutes after which a one-to-one is no longer begun."""

INCIDENT_PEOPLE = 2
INCIDENT_MEAN = 35.0
LENGTH_CV = 0.5
LENGTH_SIGMA = sqrt(log(1.0 + LENGTH_CV**2))

PER_1000_DAYS = 150.0
"""Incidents per 1,000 patient days at reference acuity, an idle team and a full ward."""
BASE = PER_1000_DAYS / (1000.0 * DAY)
ACUITY_END, ACUITY_FALL, ACUITY_DAYS = 2.5, 2.0, 14.0
ACUITY_REFERENCE, ACUITY_SLOPE = 3.2, 0.5
ACUITY_CEILING = ACUITY_END + ACUITY_FALL
BUSY_EFFECT = 0.8
CROWDING_EFFECT = 0.2
"""Per 10 beds in 100 taken."""
CAP = exp(BUSY_EFFECT)
"""Highest product of the two ward terms."""
NIGHT_RATIO, PEAK_RATIO = 0.4, 1.5
NIGHT = (23, 0, 1, 2, 3, 4, 5, 6)
PEAKS = (7, 8, 12, 13, 14, 17, 18, 21, 22)
_RAW = tuple(PEAK_RATIO if h in PEAKS else NIGHT_RATIO if h in NIGHT else 1.0 for h in range(24))
CLOCK = tuple(value / (sum(_RAW) / 24.0) for value in _RAW)
"""Factor of each hour, mean 1."""
CLOCK_MOST = max(CLOCK)

POLL = 15.0
"""Minutes between looks, for the engine that polls."""


def severity(frailty: float, age: float) -> float:
    """Hazard of a patient per minute, clock and ward apart; falls with the time since admission (`age`, minutes)."""
    acuity = ACUITY_END + ACUITY_FALL * exp(-age / (ACUITY_DAYS * DAY))
    return BASE * frailty * exp(ACUITY_SLOPE * (acuity - ACUITY_REFERENCE))


def hour_factor(time: float) -> float:
    """Factor of the hour."""
    return CLOCK[int(time // HOUR) % 24]


def ward_factor(busy: int, on_duty: int, patients: int) -> float:
    """Factor of the ward: the share of the team that is busy, and the beds taken."""
    return exp(BUSY_EFFECT * busy / on_duty + CROWDING_EFFECT * 10.0 * (patients / BEDS - 1.0))


def by_day(time: float) -> bool:
    """Whether the larger number of people is on duty."""
    return DAY_BEGINS <= time % DAY < DAY_ENDS


@dataclass(frozen=True)
class Outcome:
    """What one ward-year came to."""

    incidents: int
    contact_hours: float
    """Hours of one-to-ones."""
    occupancy: float
    """Mean share of beds taken."""


EXPECTED_OCCUPANCY = STAY_MEAN / (STAY_MEAN + GAP_MEAN)
"""Of a bed that alternates, in balance."""
