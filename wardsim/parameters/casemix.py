"""Who is admitted: attributes and how they go together, as a chain of log-odds models whose intercepts meet the given shares.

Each attribute is a yes or no that depends on the source of the referral and on the attributes before it (an illness with
psychosis makes drug misuse likelier, drug misuse makes violence in the past likelier). The shares of the ledger, or of the
planner's case mix, are shares of all admissions; the intercepts are solved so that the whole mix meets them exactly. The same
models serve the closed forms (over all cells of the mix) and the patients that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.ward import Sources

Array = NDArray[np.float64]
Features = dict[str, Array]

ORIGINS = ("community_crisis", "police_emergency", "young_people", "picu_step_down")
"""Sources of first referrals, in the order of their codes (1 to 4)."""

CHAIN = ("psychosis", "personality", "mood", "dual_diagnosis", "previous_violence", "detained", "comorbidity")
"""Attributes in the order in which they are drawn; each may depend on those before it."""

_ORIGIN_FEATURES = {"police": 1, "young_people": 2, "picu": 3}


def source_shares(sources: Sources) -> tuple[float, float, float, float]:
    """Shares of the four origins, 0 to 1."""
    return (
        sources.community_crisis_pct / 100.0,
        sources.police_emergency_pct / 100.0,
        sources.young_people_pct / 100.0,
        sources.picu_step_down_pct / 100.0,
    )


USUAL_SOURCES = source_shares(Sources())
"""The usual mix of sources: the published shares of attributes are shares of it."""


def _expit(x: Array) -> Array:
    result: Array = 1.0 / (1.0 + np.exp(-x))
    return result


class CaseMix:
    """Chain of attribute models for one ward.

    Parameters
    ----------
    p : mapping of str to float
        Parameters, conditioned; used are `patients.<attribute>_share`, `patients.age_*_share` and `patients.log_odds_<attribute>_<feature>`.
    sources : sequence of float
        Shares of the four origins on this ward, 0 to 1.
    sex : str
        mixed, female or male.
    local : collection of str
        Attributes whose share the planner gave: these hold for the ward's own sources. The others hold for the usual
        sources, so that a ward with more police referrals has more detained patients.
    """

    __slots__ = ("_features", "_intercepts", "_slopes", "_weights", "male_share", "older_share", "young_share")

    def __init__(
        self, p: Mapping[str, float], sources: Sequence[float], sex: str = "mixed", local: Sequence[str] = ()
    ) -> None:
        self.male_share = {"mixed": p["patients.male_share"], "female": 0.0, "male": 1.0}[sex]
        self.young_share = p["patients.age_18_24_share"]
        self.older_share = p["patients.age_45_64_share"]
        self._slopes: dict[str, dict[str, float]] = {}
        for name in CHAIN:
            start = f"patients.log_odds_{name}_"
            self._slopes[name] = {key[len(start) :]: value for key, value in sorted(p.items()) if key.startswith(start)}
        self._intercepts: dict[str, float] = {}
        shares = {name: p[f"patients.{name}_share"] for name in CHAIN}
        usual, own = self._start(USUAL_SOURCES), self._start(sources)
        for name in CHAIN:
            features, weights = own if name in local else usual
            self._intercepts[name] = self._solve(name, features, weights, shares[name])
            usual, own = self._split(name, *usual), self._split(name, *own)
        self._features, self._weights = own

    def _start(self, sources: Sequence[float]) -> tuple[Features, Array]:
        """Cells of origin, sex and age."""
        origin, male, age = (a.ravel() for a in np.meshgrid(np.arange(4), np.arange(2), np.arange(3), indexing="ij"))
        of_origin = np.asarray(sources, dtype=np.float64)[origin]
        of_sex = np.where(male == 1, self.male_share, 1.0 - self.male_share)
        ages = np.array([self.young_share, 1.0 - self.young_share - self.older_share, self.older_share])
        of_age = np.where(origin == 2, (age == 0).astype(float), ages[age])
        return self.features(origin, male, age), of_origin * of_sex * of_age

    @staticmethod
    def features(origin: NDArray[np.int_], male: NDArray[np.int_], age: NDArray[np.int_]) -> Features:
        """Features known before any attribute: origin (0 to 3), sex (1 male) and age band (0 youngest)."""
        made = {name: (origin == code).astype(np.float64) for name, code in _ORIGIN_FEATURES.items()}
        made["male"] = male.astype(np.float64)
        made["young"] = (age == 0).astype(np.float64)
        made["older"] = (age == 2).astype(np.float64)
        return made

    def _linear(self, name: str, features: Features) -> Array:
        total = np.zeros(len(features["male"]))
        for feature, slope in self._slopes[name].items():
            total = total + slope * features[feature]
        return total

    @staticmethod
    def _open(name: str, features: Features) -> Array:
        """1 where the attribute is possible: the main diagnosis is one of psychosis, personality, mood, other."""
        if name == "personality":
            return 1.0 - features["psychosis"]
        if name == "mood":
            return (1.0 - features["psychosis"]) * (1.0 - features["personality"])
        return np.ones(len(features["male"]))

    def _solve(self, name: str, features: Features, weights: Array, share: float) -> float:
        linear = self._linear(name, features)
        weights = weights * self._open(name, features)
        reach = float(weights.sum())
        if share <= 0.0 or reach <= 0.0:
            return -60.0
        if share >= reach - 1e-12:
            return 60.0
        b = float(np.log(share / reach / (1.0 - share / reach)))
        for _ in range(40):
            chance = _expit(linear + b)
            step = (float(weights @ chance) - share) / max(float(weights @ (chance * (1.0 - chance))), 1e-12)
            b -= max(-2.0, min(2.0, step))
            if abs(step) < 1e-12:
                break
        return b

    def probability(self, name: str, features: Features) -> Array:
        """Probability of an attribute given the features known so far."""
        return _expit(self._linear(name, features) + self._intercepts[name]) * self._open(name, features)

    def _split(self, name: str, features: Features, weights: Array) -> tuple[Features, Array]:
        chance = self.probability(name, features)
        n = len(weights)
        doubled = {key: np.concatenate((column, column)) for key, column in features.items()}
        doubled[name] = np.concatenate((np.ones(n), np.zeros(n)))
        split = np.concatenate((weights * chance, weights * (1.0 - chance)))
        keep = split > 0.0
        return {key: column[keep] for key, column in doubled.items()}, split[keep]

    def cells(self) -> tuple[Features, Array]:
        """Every cell of the ward's own mix with its share of admissions (they add up to 1)."""
        return self._features, self._weights

    def share(self, name: str) -> float:
        """Share of admissions with an attribute, on this ward with its own sources."""
        return float(self._weights @ self._features[name])


LOCAL_SHARES = {
    "detained_pct": "detained",
    "dual_diagnosis_pct": "dual_diagnosis",
    "psychosis_pct": "psychosis",
    "personality_disorder_pct": "personality",
    "previous_violence_pct": "previous_violence",
    "physical_comorbidity_pct": "comorbidity",
}
"""Keys of `demand.case_mix` and the attribute whose share they give."""


def mix_of(scenario: Scenario, p: Mapping[str, float]) -> CaseMix:
    """The case mix of a scenario's ward with conditioned parameters."""
    given = scenario.demand.case_mix
    local = [name for key, name in LOCAL_SHARES.items() if getattr(given, key) is not None]
    return CaseMix(p, source_shares(scenario.demand.sources), scenario.ward.sex, local)
