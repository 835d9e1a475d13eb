"""True rates of aggression scaled to what a ward counted in its own incident system.

A ward counts reports. What it counts is divided by the chance that an incident is noticed and reported, at the mean acuity of
its residents, to give the scale of what happened. This is a first approximation, good to about a tenth: workload and culture move
reporting during a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, sqrt
from statistics import NormalDist

from wardsim.scenario.schema import Scenario

from .casemix import mix_of
from .flow_law import StayLaw, fall_curve, flow_of, need_per_day, numbers

AGGRESSION = ("verbal", "objects", "assault")


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


def expected_reports(scenario: Scenario, p: Mapping[str, float]) -> dict[str, float]:
    """Aggressive incidents that the ward would report in a year at scale 1, by type."""
    mix = mix_of(scenario, p)
    law = StayLaw(p, mix)
    present = numbers(flow_of(scenario, p, mix, neutral=True), need_per_day(scenario, p)).present
    factor = acuity_factor(p, *law.phases(p["flow.stay_scale"]))
    if scenario.mechanisms.contagion:
        factor /= max(1.0 - p["mechanisms.contagion_offspring"], 0.1)
    days = present * 365.25
    reports = {}
    for kind in AGGRESSION:
        seen = p[f"incidents.{kind}_noticed_share"] * p[f"reporting.{kind}_share"]
        reports[kind] = p[f"incidents.{kind}_per_1000_days"] / 1000.0 * days * factor * seen
    return reports


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
