"""Rates of incidents as the design and the ledger give them: base x frailty x acuity x attributes x clock.

Readings, where the ledger's words leave it open:

* the base rate holds at the reference acuity, at mean frailty^exponent 1, at the mean over independent attributes with the
  reference shares, and at a mean of 1 over the hours of the day;
* night is 23:00 to 07:00, the evening 18:00 to 23:00, medication at 8, 13, 18 and 22 (an hour each), and hours with handover, meals or
  medication are 7, 8, 12, 13, 14, 17, 18, 21 and 22;
* of assaults the published share comes by escalation: a serious verbal aggression, or any aggression to objects, becomes an assault with one
  and the same chance; the rest comes directly;
* the first week counts from the start of treatment;
* sexual safety incidents are proportional to the others present, those of the same sex counting less, over the reference, at most by the cap.
"""

from __future__ import annotations

from math import gamma, prod

import numpy as np

from tests.oracle.people import Stay, Traits
from tests.oracle.published import Numbers

FAMILY = {"verbal": "aggression", "objects": "aggression", "assault": "aggression"}
TYPES = (
    "verbal", "objects", "assault", "sexual_safety", "self_harm", "suicide_attempt", "absconding", "substance_use", "medication_refusal",
    "medical_emergency",
)  # fmt: skip
ATTRIBUTES = ("detained", "psychosis", "male", "previous_violence", "dual_diagnosis", "personality", "mood", "comorbidity")
NIGHT = {23, 0, 1, 2, 3, 4, 5, 6}
EVENING = {18, 19, 20, 21, 22}
PEAKS = {"aggression": {7, 8, 12, 13, 14, 17, 18, 21, 22}, "medication_refusal": {8, 13, 18, 22}}
GRID = 0.5
"""Hours of one time step; steps begin on the clock."""


class Hazards:
    """Rates per hour of each type; the door is locked, as on the default ward."""

    def __init__(self, p: Numbers) -> None:
        self.p = p
        share = p["incidents.assault_by_escalation_share"]
        serious = p["incidents.verbal_serious_share"] * p["incidents.verbal_per_1000_days"] + p["incidents.objects_per_1000_days"]
        self.escalates = share * p["incidents.assault_per_1000_days"] / serious
        self.clock = {t: self._clock(FAMILY.get(t, t)) for t in TYPES}

    def _clock(self, family: str) -> np.ndarray:
        night = self.p.get(f"incidents.{family}_clock_night", 1.0)
        bump = self.p.get(f"incidents.{family}_clock_bump", 1.0)
        peaks = PEAKS.get(family, EVENING)
        hours = np.array([bump if h in peaks else night if h in NIGHT else 1.0 for h in range(24)])
        return hours / hours.mean()

    def constant(self, kind: str, traits: Traits, frailty: float) -> float:
        """Rate an hour at the reference acuity and the mean hour."""
        p, family = self.p, FAMILY.get(kind, kind)
        rate = p[f"incidents.{kind}_per_1000_days"] / 1000.0 / 24.0
        if kind == "assault":
            rate *= 1.0 - p["incidents.assault_by_escalation_share"]
        ratios = {a: p.get(f"incidents.{family}_ratio_{a}", 1.0) for a in ATTRIBUTES}
        usual = prod(1.0 + p[f"incidents.reference_share_{a}"] * (ratio - 1.0) for a, ratio in ratios.items())
        own = prod(ratio for a, ratio in ratios.items() if traits[a])
        g, k = p[f"incidents.{kind}_frailty_exponent"], p["patients.frailty_shape"]
        mean_power = gamma(k + g) / (gamma(k) * k**g)
        door = 1.0
        if family == "aggression":
            door = p["incidents.locked_door_aggression_ratio"]
        elif family == "absconding":
            door = p["incidents.locked_door_absconding_ratio"]
        return rate * own / usual * frailty**g / mean_power * door

    def rates(self, kind: str, stay: Stay, times: np.ndarray) -> np.ndarray:
        """Rate an hour at many times, the exposure to others (sexual safety) left out."""
        p, family = self.p, FAMILY.get(kind, kind)
        score = np.minimum(stay.course.at(times), p["incidents.acuity_ceiling"])
        rate = self.constant(kind, stay.traits, stay.person.frailty) * self.clock[kind][np.floor(times % 24.0).astype(int)]
        rate = rate * np.exp(p[f"incidents.{family}_acuity_slope"] * (score - p["incidents.reference_acuity"]))
        first = p.get(f"incidents.{family}_first_week_ratio", 1.0)
        return rate * np.where(times < stay.treated + 168.0, first, 1.0)

    def company(self, same_sex: float | np.ndarray, other_sex: float | np.ndarray) -> float | np.ndarray:
        """Factor of sexual safety incidents: the other patients present, shared day rooms."""
        p = self.p
        weighted = other_sex + p["incidents.sexual_same_sex_weight"] * same_sex
        return np.minimum(weighted / p["incidents.sexual_access_reference"], p["incidents.ward_cap"])


def steps(start: float, end: float) -> np.ndarray:
    """Middles of the time steps of the clock that overlap the time from start to end."""
    return (np.arange(np.floor(start / GRID), np.ceil(end / GRID)) + 0.5) * GRID


def covered(times: np.ndarray, start: float, end: float) -> np.ndarray:
    """Hours of each time step that lie between start and end."""
    return np.clip(np.minimum(times + GRID / 2.0, end) - np.maximum(times - GRID / 2.0, start), 0.0, None)
