"""Who is admitted, how ill they are, and for how long: the second opinion's own draw of a patient.

Times are hours. Readings that neither the design nor the ledger states are marked "reading".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np

from tests.oracle.published import Numbers

ORIGINS = {"community": 0.58, "police": 0.34, "young_people": 0.02, "picu": 0.06}
"""Default shares of first referrals (scenario `demand.sources`)."""
ORDER = ("psychosis", "personality", "mood", "dual_diagnosis", "previous_violence", "detained", "comorbidity")
"""Reading: attributes are settled one after the other in this order, each by log odds on what is known so far."""
EXCLUDED_BY = {"personality": ("psychosis",), "mood": ("psychosis", "personality")}
"""One main diagnosis: who has an earlier one cannot have a later one."""
STEP = 8.0
"""Hours for which acuity keeps one value (reading; the ledger speaks of shifts eight hours apart)."""

Traits = dict[str, bool]


class Mix:
    """Log-odds models whose constants meet the published shares of admissions exactly, over every kind of person."""

    def __init__(self, p: Numbers) -> None:
        self.p = p
        self.slopes = {a: {k.removeprefix(f"patients.log_odds_{a}_"): v for k, v in p.items() if k.startswith(f"patients.log_odds_{a}_")} for a in ORDER}
        self.constant: dict[str, float] = {}
        kinds = self._first_kinds()
        for attribute in ORDER:
            self.constant[attribute] = self._meet(attribute, kinds, p[f"patients.{attribute}_share"])
            kinds = [
                (weight * chance, {**traits, attribute: has})
                for weight, traits in kinds
                for has, chance in zip((True, False), self._both(attribute, traits), strict=True)
            ]

    def _first_kinds(self) -> list[tuple[float, Traits]]:
        p, found = self.p, []
        young, older = p["patients.age_18_24_share"], p["patients.age_45_64_share"]
        for (origin, share), male, age in product(ORIGINS.items(), (True, False), ("young", "middle", "older")):
            by_age = {"young": young, "middle": 1.0 - young - older, "older": older}[age]
            if origin == "young_people":
                by_age = 1.0 if age == "young" else 0.0
            by_sex = p["patients.male_share"] if male else 1.0 - p["patients.male_share"]
            found.append((share * by_sex * by_age, self._traits(origin, male, age)))
        return found

    @staticmethod
    def _traits(origin: str, male: bool, age: str) -> Traits:
        return {"police": origin == "police", "picu": origin == "picu", "male": male, "young": age == "young", "older": age == "older"}

    def chance(self, attribute: str, traits: Traits, constant: float | None = None) -> float:
        """Chance of an attribute for somebody of whom the earlier ones are known."""
        if any(traits[other] for other in EXCLUDED_BY.get(attribute, ())):
            return 0.0
        b = self.constant[attribute] if constant is None else constant
        return 1.0 / (1.0 + exp(-b - sum(slope for name, slope in self.slopes[attribute].items() if traits[name])))

    def _both(self, attribute: str, traits: Traits) -> tuple[float, float]:
        chance = self.chance(attribute, traits)
        return chance, 1.0 - chance

    def _meet(self, attribute: str, kinds: list[tuple[float, Traits]], share: float) -> float:
        low, high = -30.0, 30.0
        for _ in range(60):
            middle = (low + high) / 2.0
            if sum(w * self.chance(attribute, t, middle) for w, t in kinds) < share:
                low = middle
            else:
                high = middle
        return (low + high) / 2.0

    def person(self, rng: np.random.Generator, origin: str | None = None) -> Person:
        """A person who is referred for the first time."""
        p = self.p
        if origin is None:
            origin = str(rng.choice(list(ORIGINS), p=list(ORIGINS.values())))
        u = rng.random()
        young, older = p["patients.age_18_24_share"], p["patients.age_45_64_share"]
        age = "young" if u < young or origin == "young_people" else "older" if u > 1.0 - older else "middle"
        traits = self._traits(origin, rng.random() < p["patients.male_share"], age)
        for attribute in ORDER:
            if attribute == "detained":
                continue
            traits[attribute] = bool(rng.random() < self.chance(attribute, traits))
        shape = p["patients.frailty_shape"]
        return Person(traits, rng.gamma(shape, 1.0 / shape))

    def stay(self, person: Person, rng: np.random.Generator, source: str) -> Stay:
        """One admission of a person. Reading: legal status, severity, stay and delay are new each time, all else stays."""
        p = self.p
        traits = dict(person.traits)
        traits["detained"] = bool(rng.random() < self.chance("detained", traits))
        median = p["flow.stay_clinical_median_days"]
        for attribute in ("psychosis", "personality", "dual_diagnosis"):
            if traits[attribute]:
                median *= p[f"flow.stay_{attribute}_ratio"]
        cap = p["flow.stay_cap_days"]
        clinical = min(median * exp(p["flow.stay_clinical_sigma"] * rng.standard_normal()), cap)
        delay = 0.0
        if rng.random() < p["flow.delay_share"]:
            delay = min(p["flow.delay_median_days"] * exp(p["flow.delay_sigma"] * rng.standard_normal()), cap)
        return Stay(person, source, traits, 24.0 * clinical, 24.0 * delay, start_of_course(p, traits["detained"], rng.standard_normal()), rng.random())


@dataclass
class Person:
    """What stays the same from admission to admission."""

    traits: Traits
    frailty: float


@dataclass(eq=False)
class Stay:
    """One admission: where the patient is now, and everything drawn for it."""

    person: Person
    source: str
    traits: Traits
    clinical: float
    delay: float
    severity: float
    clock: float
    number: int = 0
    referred: float = 0.0
    treated: float = 0.0
    admitted: float = 0.0
    leaves: float = 0.0
    place: str = "queue"
    away_since: float = 0.0
    no_leave_before: float = 0.0
    secluded_until: float = 0.0
    course: Course = field(init=False, repr=False)


def entry_law(p: Numbers) -> tuple[float, float, float]:
    """Mean score at admission, spread between patients, spread of the noise: the share at high acuity (score 3.5 or more) is met."""
    between, noise = p["patients.acuity_between_sd_points"], p["patients.acuity_noise_sd_points"]
    mean = 3.5 - NormalDist().inv_cdf(1.0 - p["patients.high_acuity_share"]) * sqrt(between**2 + noise**2)
    return mean, between, noise


def start_of_course(p: Numbers, detained: bool, z: float) -> float:
    """Score at admission without noise. Reading: the effect of detention is centred and the spread of all admissions kept."""
    mean, between, _ = entry_law(p)
    weight, share = p["patients.severity_detained_sd"], p["patients.detained_share"]
    return mean + between * (z + weight * (detained - share)) / sqrt(1.0 + weight**2 * share * (1.0 - share))


def left_of_severity(p: Numbers, share_of_stay: float) -> float:
    """Part of what lies above the lowest level that is left after a share of the clinical phase."""
    front = p["patients.acuity_front_loading"]
    gone = (1.0 - exp(-front * share_of_stay)) / (1.0 - exp(-front))
    return 1.0 - p["patients.acuity_fall_share"] * gone


class Course:
    """Acuity in steps of eight hours from the start of treatment, a first-order noise about a falling trend.

    Reading: the trend of a step is taken at its beginning, so that admissions have the published share of high acuity; the score
    is kept between 1 and 5; a severity below 1 does not fall.
    """

    def __init__(self, p: Numbers, stay: Stay, rng: np.random.Generator, steps: int) -> None:
        _, _, noise = entry_law(p)
        rho = p["patients.acuity_shift_correlation"]
        z = rng.standard_normal()
        scores = []
        for k in range(steps):
            left = left_of_severity(p, min(k * STEP / max(stay.clinical, 1e-9), 1.0))
            above = stay.severity - 1.0
            scores.append(1.0 + above * (left if above > 0.0 else 1.0) + noise * z)
            z = rho * z + sqrt(1.0 - rho * rho) * rng.standard_normal()
        self.scores = np.clip(np.array(scores), 1.0, 5.0)
        self.start = stay.treated

    def at(self, time: float | np.ndarray) -> np.ndarray:
        """Score at one or many times."""
        k = np.floor((np.asarray(time) - self.start) / STEP).astype(int)
        return self.scores[np.clip(k, 0, len(self.scores) - 1)]


def level(score: float) -> int:
    """Level 1 to 5: the score rounded, halves up."""
    return max(1, min(5, int(np.floor(score + 0.5))))


def lognormal(rng: np.random.Generator, median: float, cv: float) -> float:
    """A skewed time by its median and coefficient of variation."""
    return median * exp(sqrt(log(1.0 + cv * cv)) * rng.standard_normal())
