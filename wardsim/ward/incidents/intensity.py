"""The exogenous part of every incident intensity: what the patient brings, and the clock. No staff, no ward.

For patient i and type k, per minute::

    E(t) = base x attributes x frailty^g / E[frailty^g] x exp(slope x (min(acuity(t), ceiling) - reference)) x clock(hour) x first week

The ledger's base is the rate per 1,000 patient days of true events at the reference acuity, averaged over attributes (at the
declared reference mix), frailty and the hours of the day. The ward terms of `mechanisms` multiply it and saturate at declared
caps, so `bound` = the largest value of each factor x the caps can never be exceeded. The bound depends on the patient and the
parameters alone, never on a scenario's levers, so that options share their candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, gamma, log
from typing import Any, Final

import numpy as np

from wardsim.scenario.schema import Scenario

from ..core.clock import DAY, HOUR, WEEK
from .protocols import Floats

TYPES: Final = (
    "verbal", "objects", "assault", "sexual_safety", "self_harm", "suicide_attempt", "absconding", "substance_use",
    "medication_refusal", "medical_emergency",
)  # fmt: skip
"""Types of incident by code. Append only: codes order the segments of a candidate's mark."""

VERBAL: Final = 0
OBJECTS: Final = 1
ASSAULT: Final = 2
SEXUAL_SAFETY: Final = 3
SELF_HARM: Final = 4
SUICIDE_ATTEMPT: Final = 5
ABSCONDING: Final = 6
SUBSTANCE_USE: Final = 7
REFUSAL: Final = 8
MEDICAL: Final = 9
N_TYPES: Final = len(TYPES)
AGGRESSION: Final = 3
"""Types below this code are aggression: they share clock, slope and ward terms."""

PER_1000_DAYS: Final = 1.0 / (1000.0 * DAY)

ATTRIBUTES: Final = ("detained", "psychosis", "male", "previous_violence", "dual_diagnosis", "personality", "mood", "comorbidity")
"""Attributes that multiply an intensity; `incidents.<group>_ratio_<attribute>` in the ledger, 1 where there is no entry."""

GROUPS: Final = (
    "aggression", "aggression", "aggression", "sexual_safety", "self_harm", "suicide_attempt", "absconding", "substance_use",
    "medication_refusal", "medical_emergency",
)  # fmt: skip

_MEALS_AND_MEDICATION: Final = (7, 8, 12, 13, 14, 17, 18, 21, 22)
"""Hours with handover, meals or medication (INC104)."""
_MEDICATION_HOURS: Final = (8, 13, 18, 22)
_NIGHT: Final = (23, 0, 1, 2, 3, 4, 5, 6)
_EVENING: Final = (18, 19, 20, 21, 22)


class Profile:
    """One patient's exogenous factors that do not change in time.

    Attributes
    ----------
    rate : ndarray
        Per type: intensity per minute at the reference acuity and clock 1.
    bound : ndarray
        Per type: highest intensity with ward terms at their caps.
    cumulative : ndarray
        Running total of `bound`: the segments of a candidate's mark, which begin at `lower`.
    total : float
        Rate of candidates, per minute.
    aggression : float
        Sum of `rate` over the types of aggression.
    """

    __slots__ = ("aggression", "bound", "cumulative", "lower", "rate", "rates", "total")

    def __init__(self, rate: Floats, bound: Floats) -> None:
        self.rate = rate
        self.rates: list[float] = rate.tolist()
        self.aggression = sum(self.rates[:AGGRESSION])
        self.bound = bound
        self.cumulative = bound.cumsum()
        self.lower = self.cumulative - bound
        self.total = float(self.cumulative[-1])


class Rates:
    """Exogenous intensities of all patients.

    Parameters
    ----------
    p : mapping of str to float
        Parameters; `incidents.*`.
    scenario : Scenario
        For the door (a locked door stops a share of attempts to abscond).

    Attributes
    ----------
    escalation_share : float
        Chance that a serious verbal or object aggression becomes an assault, at reference (it makes the declared share of all
        assaults come by escalation whatever that share is).
    """

    def __init__(self, p: Mapping[str, float], scenario: Scenario) -> None:
        self.reference = p["incidents.reference_acuity"]
        self.ceiling = p["incidents.acuity_ceiling"]
        self.ward_cap = p["incidents.ward_cap"]
        self.limit_cap = p["incidents.limit_cap"]
        self.slope = np.array([max(p[f"incidents.{g}_acuity_slope"], 0.0) for g in GROUPS])
        self._top = np.exp(self.slope * (self.ceiling - self.reference))
        self.clock = np.array([_clock(g, p) for g in GROUPS])
        self.first_week = np.array([p.get(f"incidents.{g}_first_week_ratio", 1.0) for g in GROUPS])
        self._frailty = np.array([p[f"incidents.{t}_frailty_exponent"] for t in TYPES])
        shape = p["patients.frailty_shape"]
        self._frailty_mean = np.array([_moment(shape, e) for e in self._frailty])
        self._log_ratio = np.array([[log(p.get(f"incidents.{g}_ratio_{a}", 1.0)) for a in ATTRIBUTES] for g in GROUPS])
        mix = np.array([p[f"incidents.reference_share_{a}"] for a in ATTRIBUTES])
        self._mix_mean = np.prod(1.0 - mix + mix * np.exp(self._log_ratio), axis=1)
        base = {t: p[f"incidents.{t}_per_1000_days"] * PER_1000_DAYS for t in TYPES}
        scale = p["incidents.local_scale"]
        scale_assault = p["incidents.local_assault_scale"]
        share = p["incidents.assault_by_escalation_share"]
        serious = base["verbal"] * p["incidents.verbal_serious_share"] + base["objects"]
        total = base["assault"] * scale_assault
        self.escalation_share = min(share * total / serious, 0.95) if serious > 0.0 else 0.0
        base["assault"] = total * (1.0 - share)
        self.base = np.array([base[t] * (scale if k < AGGRESSION else 1.0) for k, t in enumerate(TYPES)])
        barrier = p["incidents.locked_door_absconding_ratio"]
        unrest = p["incidents.locked_door_aggression_ratio"]
        locked = np.array([unrest if k < AGGRESSION else barrier if k == ABSCONDING else 1.0 for k in range(N_TYPES)])
        self.place = locked if scenario.ward.door_locked else np.ones(N_TYPES)
        caps = np.where(np.arange(N_TYPES) < AGGRESSION, self.ward_cap * self.limit_cap, self.ward_cap)
        self.cap = caps
        self._reach = self._top * self.clock.max(axis=1) * np.maximum(self.first_week, 1.0) * np.maximum(locked, 1.0) * caps
        self._slopes: list[float] = self.slope.tolist()
        self._clocks: list[list[float]] = self.clock.tolist()
        self._by_hour = self.clock.ravel()
        self._first: list[float] = self.first_week.tolist()

    def profile(self, patient: Any) -> Profile:
        """The patient's constant factors and bounds."""
        has = np.array(
            [
                patient.detained, patient.diagnosis == "psychosis", patient.sex == "m", patient.previous_violence,
                patient.dual_diagnosis, patient.diagnosis == "personality", patient.diagnosis == "mood", patient.comorbidity,
            ],
            dtype=float,
        )  # fmt: skip
        rate = self.base * np.exp(self._log_ratio @ has) / self._mix_mean
        rate *= patient.frailty**self._frailty / self._frailty_mean
        return Profile(rate * self.place, rate * self._reach)

    def many(self, patient: Any, profile: Profile, times: Floats, kinds: Any) -> Floats:
        """Exogenous intensity of type `kinds[i]` at `times[i]`, per minute."""
        hour = np.floor(times / HOUR).astype(np.int64)
        hour %= 24
        hour += 24 * kinds
        value: Floats = self._by_hour.take(hour)
        value *= profile.rate.take(kinds)
        exponent = np.minimum(patient.course.values(times), self.ceiling)
        exponent -= self.reference
        exponent *= self.slope.take(kinds)
        value *= np.exp(exponent)
        first = times < patient.treated_at + WEEK
        if first.any():
            value *= np.where(first, self.first_week.take(kinds), 1.0)
        return value

    def one(self, patient: Any, profile: Profile, time: float, kind: int) -> float:
        """Exogenous intensity of one type at one time, per minute."""
        acuity: float = min(patient.course.at(time), self.ceiling)
        value: float = profile.rates[kind] * self._clocks[kind][int(time // HOUR) % 24]
        value *= exp(self._slopes[kind] * (acuity - self.reference))
        if time < patient.treated_at + WEEK:
            value *= self._first[kind]
        return value

    def aggression(self, patient: Any, profile: Profile, time: float) -> float:
        """Exogenous intensity of all aggression at one time, per minute (its types share clock, slope and first week)."""
        acuity: float = min(patient.course.at(time), self.ceiling)
        value: float = profile.aggression * self._clocks[0][int(time // HOUR) % 24]
        value *= exp(self._slopes[0] * (acuity - self.reference))
        if time < patient.treated_at + WEEK:
            value *= self._first[0]
        return value


def _moment(shape: float, exponent: float) -> float:
    """Mean of frailty^exponent for a gamma of mean 1."""
    return float(gamma(shape + exponent) / gamma(shape) * shape**-exponent)


def _clock(group: str, p: Mapping[str, float]) -> list[float]:
    """Twenty-four hourly factors of one group, mean 1."""
    night = p.get(f"incidents.{group}_clock_night", 1.0)
    bump = p.get(f"incidents.{group}_clock_bump", 1.0)
    peaks: tuple[int, ...]
    if group == "aggression":
        peaks = _MEALS_AND_MEDICATION
    elif group == "medication_refusal":
        peaks = _MEDICATION_HOURS
    else:
        peaks = _EVENING
    raw = [bump if hour in peaks else night if hour in _NIGHT else 1.0 for hour in range(24)]
    mean = sum(raw) / 24.0
    return [value / mean for value in raw]
