"""True rates of aggression scaled to what a ward counted in its own incident system.

A ward counts reports. What it counts is divided by the chance that an incident is noticed and reported, at the mean acuity and
the case mix of its residents, to give the scale of what happened. Taken in are contagion, the first week, the door, assaults
on staff (always noticed), reports that follow a restraint, and required staff; left out is what moves during a run. Like the
rate of referrals it is solved for the ward as it is before any lever, reporting culture included. Simulated wards agree to
about a tenth (tests/parameters/test_incident_scale.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np

from wardsim.scenario.schema import Scenario

from .casemix import CaseMix, mix_of
from .flow_law import StayLaw, capped_lognormal_mean, fall_curve, flow_of, need_per_day, numbers, stay_multiplier

AGGRESSION = ("verbal", "objects", "assault")
ATTRIBUTES = (
    "detained",
    "psychosis",
    "male",
    "previous_violence",
    "dual_diagnosis",
    "personality",
    "mood",
    "comorbidity",
)
"""Attributes that may multiply aggression (`incidents.aggression_ratio_*`)."""


def acuity_factor(p: Mapping[str, float], clinical_days: float, delay_days: float) -> float:
    """Mean over residents of the effect of acuity on aggression, relative to the reference acuity."""
    slope, reference = p["incidents.aggression_acuity_slope"], p["incidents.reference_acuity"]
    between, noise = p["patients.acuity_between_sd_points"], p["patients.acuity_noise_sd_points"]
    total = sqrt(between**2 + noise**2)
    start = 3.5 - NormalDist().inv_cdf(1.0 - p["patients.high_acuity_share"]) * total

    def at(share_of_stay: float) -> float:
        left = 1.0 - p["patients.acuity_fall_share"] * fall_curve(share_of_stay, p["patients.acuity_front_loading"])
        mean = 1.0 + (start - 1.0) * left
        spread = (between * left) ** 2 + noise**2
        return exp(slope * (mean - reference) + slope * slope * spread / 2.0)

    steps = 12
    clinical = sum(at((i + 0.5) / steps) for i in range(steps)) / steps
    return (clinical * clinical_days + at(1.0) * delay_days) / max(clinical_days + delay_days, 1e-9)


def mix_factor(p: Mapping[str, float], mix: CaseMix) -> float:
    """Mean over residents of the effect of their attributes on aggression, relative to the reference mix of residents."""
    features, weights = mix.cells()
    days = weights * stay_multiplier(p, features)
    ratio = {name: p.get(f"incidents.aggression_ratio_{name}", 1.0) for name in ATTRIBUTES}
    logs = sum(features[name] * log(ratio[name]) for name in ATTRIBUTES)
    own = float(days @ np.exp(logs)) / max(float(days.sum()), 1e-12)
    usual = 1.0
    for name in ATTRIBUTES:
        share = p[f"incidents.reference_share_{name}"]
        usual *= 1.0 - share + share * ratio[name]
    return own / usual


def first_week_factor(p: Mapping[str, float], mean_stay: float) -> float:
    """Mean over patient days of the effect of the first week on aggression."""
    early = capped_lognormal_mean(
        p["flow.stay_clinical_median_days"] * p["flow.stay_scale"], p["flow.stay_clinical_sigma"], 7.0
    )
    return 1.0 + (p["incidents.aggression_first_week_ratio"] - 1.0) * min(early / max(mean_stay, 1e-9), 1.0)


NIGHT_SHARE = 0.24
"""Share of aggression that falls into night shifts (measured)."""
OVERLAP = 1.17
"""Staff on duty over those required, handovers and extra staff included (measured)."""


def staff_per_patient(scenario: Scenario, present: float) -> float:
    """Nursing staff on duty for each patient at the usual moments of aggression, by the required numbers."""
    required = scenario.staffing.required
    early, night = required.early.rn + required.early.hca, required.night.rn + required.night.hca
    late = early if scenario.staffing.pattern == "long_day" else required.late.rn + required.late.hca
    return OVERLAP * ((1.0 - NIGHT_SHARE) * (early + late) / 2.0 + NIGHT_SHARE * night) / max(present, 1e-9)


def _shifted(share: float, log_odds: float) -> float:
    if not 0.0 < share < 1.0:
        return share
    odds = share / (1.0 - share) * exp(log_odds)
    return odds / (1.0 + odds)


def seen_shares(scenario: Scenario, p: Mapping[str, float], present: float) -> dict[str, float]:
    """Chance that an aggression is noticed and reported, by type, with so many patients present."""
    seen = {}
    reporting = scenario.mechanisms.reporting
    more = staff_per_patient(scenario, present) - p["mechanisms.staff_per_patient_reference"]
    shift = p["reporting.staff_log_odds"] * more * p["reporting.patients_of_a_usual_ward"] if reporting else 0.0
    staff = p["incidents.victim_staff_share"]
    contained = (1.0 - p["incidents.talked_down_share"]) * p["incidents.restraint_after_aggression_share"]
    for kind in AGGRESSION:
        noticed, share = p[f"incidents.{kind}_noticed_share"], _shifted(p[f"reporting.{kind}_share"], shift)
        if kind == "assault":
            noticed = staff + (1.0 - staff) * noticed
        elif reporting:  # the share of assaults is a mean with restraint and harm already
            serious = p["incidents.verbal_serious_share"] if kind == "verbal" else 1.0
            share += serious * contained * (_shifted(share, p["reporting.restraint_log_odds"]) - share)
        seen[kind] = noticed * share
    return seen


def expected_reports(scenario: Scenario, p: Mapping[str, float]) -> dict[str, float]:
    """Aggressive incidents that the ward would report in a year at scale 1, by type."""
    mix = mix_of(scenario, p)
    clinical, delay = StayLaw(p, mix).phases(p["flow.stay_scale"])
    present = numbers(flow_of(scenario, p, mix, neutral=True), need_per_day(scenario, p)).present
    factor = acuity_factor(p, clinical, delay) * mix_factor(p, mix) * first_week_factor(p, clinical + delay)
    if scenario.ward.door_locked:
        factor *= p["incidents.locked_door_aggression_ratio"]
    if scenario.mechanisms.contagion:
        factor /= max(1.0 - p["mechanisms.contagion_offspring"], 0.1)
    days = present * 365.25
    seen = seen_shares(scenario, p, present)
    return {kind: p[f"incidents.{kind}_per_1000_days"] / 1000.0 * days * factor * seen[kind] for kind in AGGRESSION}


def incident_scale(scenario: Scenario, p: Mapping[str, float]) -> dict[str, float]:
    """Scales of true rates implied by local counts: of all aggression, and of assaults among it.

    Returns
    -------
    dict of str to float
        `incidents.local_scale` and `incidents.local_assault_scale`, where a count is given.

    Raises
    ------
    ValueError
        When more assaults than aggressive incidents were counted.
    """
    local = scenario.demand.local
    aggression, assaults = local.aggression_reported_per_year, local.assaults_reported_per_year
    if aggression is None and assaults is None:
        return {}
    expected = expected_reports(scenario, p)
    other, assault = expected["verbal"] + expected["objects"], expected["assault"]
    if aggression is not None and assaults is not None:
        if assaults > aggression:
            raise ValueError(
                f"demand.local: assaults_reported_per_year ({assaults:g}) are part of aggression_reported_per_year ({aggression:g}) and "
                "cannot be more"
            )
        scale = _ratio(aggression - assaults, other)
        among = _ratio(assaults, scale * assault)
    elif aggression is not None:
        scale, among = _ratio(aggression, other + assault), 1.0
    else:
        assert assaults is not None
        scale, among = 1.0, _ratio(assaults, assault)
    return {"incidents.local_scale": scale, "incidents.local_assault_scale": among}


def _ratio(counted: float, expected: float) -> float:
    """Counted over expected, within the ledger's bounds of a scale."""
    return min(max(counted / max(expected, 1e-9), 0.01), 100.0)
