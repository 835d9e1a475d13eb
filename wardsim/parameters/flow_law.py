"""Closed forms of patient flow: mean stay, leave, and the law of how many patients there are.

Without mechanisms, the number of patients in the system (ward, leave, out of area) is Poisson whatever the law of stays
(M/G/infinity): everyone who needs a bed is treated somewhere. Discharge under pressure shortens stays only while patients
wait, which makes a birth-death chain of it. The ward holds as many of them as it has beds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import erf, exp, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.ward import DemandSection

from .casemix import CaseMix, Features

Array = NDArray[np.float64]

CAUSES = ("housing", "social_care", "funding", "placement", "family_or_other")
"""Causes of delay after a patient is clinically ready."""

TEAM_CAUSES = ("housing", "social_care", "funding")
"""Causes on which a discharge team works."""


def cause_shares(p: Mapping[str, float]) -> Array:
    """Shares of the causes of delay; they add up to 1."""
    shares = np.array([p[f"flow.delay_cause_{cause}_share"] for cause in CAUSES])
    result: Array = shares / shares.sum()
    return result


def delay_ratios(p: Mapping[str, float], discharge_team: bool) -> Array:
    """Length of delay relative to usual, by cause."""
    return np.array(
        [
            p[f"flow.discharge_team_{cause}_ratio"] if discharge_team and cause in TEAM_CAUSES else 1.0
            for cause in CAUSES
        ]
    )


def stay_multiplier(p: Mapping[str, float], features: Features) -> Array:
    """Clinical phase relative to a patient with a mood disorder and no drug or alcohol misuse."""
    logs = (
        features["psychosis"] * log(p["flow.stay_psychosis_ratio"])
        + features["personality"] * log(p["flow.stay_personality_ratio"])
        + features["dual_diagnosis"] * log(p["flow.stay_dual_diagnosis_ratio"])
    )
    result: Array = np.exp(logs)
    return result


def _phi(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))


def capped_lognormal_mean(median: float, sigma: float, cap: float) -> float:
    """Mean of a lognormal variable that is cut off at `cap`."""
    if median <= 0.0:
        return 0.0
    if sigma < 1e-9:
        return min(median, cap)
    z = log(cap / median) / sigma
    return median * exp(sigma * sigma / 2.0) * _phi(z - sigma) + cap * (1.0 - _phi(z))


class StayLaw:
    """Mean stays of a ward's mix as a function of the scale of stays; quick to evaluate again and again.

    Parameters
    ----------
    p : mapping of str to float
        Conditioned parameters.
    mix : CaseMix
        Who is admitted.
    discharge_team : bool
        Whether a team shortens delays.
    """

    def __init__(self, p: Mapping[str, float], mix: CaseMix, discharge_team: bool = False) -> None:
        features, weights = mix.cells()
        ratios, place = np.unique(np.round(stay_multiplier(p, features), 12), return_inverse=True)
        self._groups = list(zip(ratios.tolist(), np.bincount(place, weights).tolist(), strict=True))
        self._median, self._sigma, self._cap = (
            p["flow.stay_clinical_median_days"], p["flow.stay_clinical_sigma"], p["flow.stay_cap_days"]
        )  # fmt: skip
        self._delay = p["flow.delay_share"] * float(cause_shares(p) @ delay_ratios(p, discharge_team))
        self._delay_median, self._delay_sigma = p["flow.delay_median_days"], p["flow.delay_sigma"]
        self._sudden = p["flow.sudden_ends_per_1000_days"] / 1000.0
        self.target_occupancy = p["flow.target_occupancy"]

    def phases(self, scale: float) -> tuple[float, float]:
        """Mean clinical phase and mean delay of an admission, days."""
        median = self._median * scale
        clinical = sum(share * capped_lognormal_mean(median * r, self._sigma, self._cap) for r, share in self._groups)
        return clinical, self._delay * capped_lognormal_mean(self._delay_median * scale, self._delay_sigma, self._cap)

    def mean_days(self, scale: float) -> float:
        """Mean stay, days: the phases, less what sudden ends cut off (exactly so for exponential stays)."""
        whole = sum(self.phases(scale)) + ROUNDING_DAYS
        return whole / (1.0 + self._sudden * whole)

    def scaled(self, flow: Flow, scale: float) -> Flow:
        """The same flow with stays on another scale."""
        return replace(flow, stay_days=self.mean_days(scale))


ROUNDING_DAYS = 0.13
"""Patients leave by day, not at the minute their stay would end: days added to the mean stay (measured)."""


def fall_curve(share_of_stay: float, front: float) -> float:
    """Share of the whole fall of acuity that has happened after a share of the clinical phase."""
    if front <= 1e-9:
        return share_of_stay
    return (1.0 - exp(-front * share_of_stay)) / (1.0 - exp(-front))


@dataclass(frozen=True, slots=True)
class Flow:
    """What the law of numbers needs to know about a ward.

    Attributes
    ----------
    beds : int
        Beds.
    stay_days : float
        Mean days in treatment, here or elsewhere, of one admission, leave included.
    leave_share : float
        Share of the patients of the ward who are on leave at one time.
    leave_beds : bool
        Whether their beds may be given away.
    wait_days : float
        Longest wait for a bed before a placement out of area (0: at once), or before the referral lapses.
    lapses : bool
        Whether referrals lapse after that, because nobody is placed out of area.
    pressure_days : float
        Mean days by which a stay ends early while patients wait (0: mechanism off).
    returns_per_day : float
        Patients who come back from intensive care, for each patient present and day: admissions that no referral brings.
    """

    beds: int
    stay_days: float
    leave_share: float
    leave_beds: bool
    wait_days: float
    lapses: bool
    pressure_days: float
    returns_per_day: float = 0.0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Means of the law, for one referral rate.

    Attributes
    ----------
    pmf : array
        Probability of n patients in the system, n = 0, 1, ...
    present, on_leave, elsewhere : float
        Mean number on the ward, on leave from it, and waiting or out of area.
    admissions_per_day : float
        Patients who come onto the ward in a day.
    """

    pmf: Array
    present: float
    on_leave: float
    elsewhere: float
    admissions_per_day: float


def flow_of(scenario: Scenario, p: Mapping[str, float], mix: CaseMix, *, neutral: bool = False) -> Flow:
    """Gather a ward's flow from its scenario and parameters.

    Parameters
    ----------
    neutral : bool
        With the levers of flow as if untouched: no discharge team.
    """
    stay = StayLaw(p, mix, scenario.flow.discharge_team and not neutral).mean_days(p["flow.stay_scale"])
    pressure = scenario.flow.discharge_pressure_after_hours is not None and scenario.mechanisms.bed_pressure
    early = (
        p["flow.early_discharge_share"] * p["flow.early_discharge_window_days"] * PRESSURE_FACTOR if pressure else 0.0
    )
    limit = scenario.flow.out_of_area_after_hours
    return Flow(
        beds=scenario.ward.beds,
        stay_days=stay,
        leave_share=min(p["flow.leave_share"] * LEAVE_FACTOR, 0.6),
        leave_beds=scenario.flow.leave_beds,
        wait_days=p["flow.queue_patience_days"] if limit is None else limit / 24.0,
        lapses=limit is None,
        pressure_days=early,
        returns_per_day=TO_INTENSIVE_CARE * p["flow.sudden_ends_per_1000_days"] / 1000.0 * p["flow.picu_return_share"],
    )


LESS_ACUTE = 0.5
"""Share of community referrals that count as the less acute, open to a crisis alternative."""
ROUTES_HOME = frozenset({"home", "early", "absconded"})
"""Routes of discharge after which a readmission may follow."""
_YEAR_MIN = 365.25 * 1440.0


def growth_factor(demand: DemandSection, time: Any) -> Any:
    """Referrals at a time (minutes, or an array of them) relative to time zero; none before it."""
    return (1.0 + demand.growth_pct_per_year / 100.0) ** (np.maximum(time, 0.0) / _YEAR_MIN)


def need_per_day(scenario: Scenario, p: Mapping[str, float], time: float = 0.0) -> float:
    """All that need a bed in a day with the scenario's levers of demand: first referrals and readmissions not diverted."""
    demand = scenario.demand
    first = p["flow.referrals_per_week"] / 7.0 * demand.referrals_multiplier * float(growth_factor(demand, time))
    kept = 1.0 - demand.sources.community_crisis_pct / 100.0 * LESS_ACUTE * demand.crisis_alternatives_pct / 100.0
    return first * kept / max(1.0 - p["flow.readmission_90_days_share"] * kept, 1e-6)


TO_INTENSIVE_CARE = 0.45
"""Share of sudden ends of stays that are transfers to intensive care (measured)."""
LEAVE_FACTOR = 0.967
"""Realised over planned share of leave, while there is a bed to come back to (measured)."""
LEAVE_EXTENSION = 0.85
"""Leave added by waiting for a bed to come back to, per leave planned and share of time the ward is full (measured)."""
PRESSURE_FACTOR = 0.6
"""Days gained by early discharges, over the window in which they may happen and the share that can go (measured)."""
PRESSURE_SCALE = 1.5
"""Patients waiting at which most of that is used (measured)."""
BED_EACH_DAYS = 0.3
"""Rate a day at which someone who waits is given a bed on a full ward (measured)."""
NEVER_FACTOR = 1.31
"""Chance of never coming to this ward over the share of all patients who are out of area (measured; short stays end there)."""


def _log_factorials(n: int) -> Array:
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, n + 1)))))


def numbers(flow: Flow, referrals_per_day: float) -> Numbers:
    """The law of patients in the system for a rate of referrals that come to a bed.

    A birth-death chain over the number in the system: exact without discharge under pressure and without waiting, whatever the
    law of stays; the two corrections were measured on simulated wards (tests/parameters/test_conditioning.py checks them).

    Parameters
    ----------
    referrals_per_day : float
        All that need a bed, readmissions included.
    """
    load = referrals_per_day * flow.stay_days
    top = (int(max(load, 1.0) + 9.0 * sqrt(max(load, 1.0))) + 20) // 64 * 64 + 64
    n = np.arange(top + 1)
    wanting = n * (1.0 - flow.leave_share) if flow.leave_beds else n.astype(float)
    excess = np.maximum(wanting - flow.beds, 0.0)
    full = np.clip(wanting - flow.beds + 1.0, 0.0, 1.0)
    stay = flow.stay_days - flow.pressure_days * (1.0 - np.exp(-excess / PRESSURE_SCALE))
    stay = np.maximum(stay, 0.2)
    stays_on = np.ones(top + 1)
    if flow.lapses:  # whoever would have to wait longer than the patience does not stay in the queue
        deaths = (n - excess) / stay
        stays_on = np.clip(flow.wait_days * flow.beds / flow.stay_days + 1.0 - excess, 1e-12, 1.0)
    else:
        wait = -np.expm1(-BED_EACH_DAYS * flow.wait_days) / BED_EACH_DAYS
        deaths = n / (stay + wait * full)
    steps = np.log(max(referrals_per_day, 1e-12) * stays_on[:-1] / deaths[1:])
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    pmf = np.exp(logs - logs.max())
    pmf /= pmf.sum()
    return _means(flow, pmf, referrals_per_day, full, float(pmf @ stays_on))


def _means(flow: Flow, pmf: Array, rate: float, full: Array, stays_on: float) -> Numbers:
    n = np.arange(len(pmf))
    total = float(pmf @ n)
    if flow.leave_beds:
        out = _binomial(len(pmf) - 1, flow.leave_share)  # row n: law of the number on leave
        here = np.minimum(np.maximum(n[:, None] - n[None, :], 0), flow.beds)
        present = float(pmf @ (out * here).sum(axis=1))
        planned = present * flow.leave_share / (1.0 - flow.leave_share)
        on_leave = planned * (1.0 + LEAVE_EXTENSION * float(pmf @ full))
    else:
        held = float(pmf @ np.minimum(n, flow.beds))
        present, on_leave = held * (1.0 - flow.leave_share), held * flow.leave_share
    if flow.lapses:
        return Numbers(pmf, present, on_leave, max(total - present - on_leave, 0.0), rate * stays_on)
    elsewhere = max(total - present - on_leave, 0.0)
    wait = -float(np.expm1(-BED_EACH_DAYS * flow.wait_days)) / BED_EACH_DAYS
    away = max(elsewhere - rate * wait * float(pmf @ full), 0.0)
    never = min((NEVER_FACTOR - 0.08 * flow.pressure_days) * away / max(total, 1e-9), 0.95)
    return Numbers(pmf, present, on_leave, elsewhere, rate * (1.0 - max(never, 0.0)) + present * flow.returns_per_day)


@lru_cache(maxsize=8)
def _binomial(top: int, share: float) -> Array:
    """Row n: binomial probabilities of 0..top out of n."""
    if share <= 0.0:
        table = np.zeros((top + 1, top + 1))
        table[:, 0] = 1.0
        return table
    f = _log_factorials(top)
    n = np.arange(top + 1)
    k = np.arange(top + 1)
    rest = np.maximum(n[:, None] - k[None, :], 0)
    logs = f[n][:, None] - f[k][None, :] - f[rest] + k[None, :] * log(share) + rest * log(1.0 - share)
    table = np.where(k[None, :] <= n[:, None], np.exp(logs), 0.0)
    return table
