"""How often overnight leave begins, so that patients spend the stated share of their days on it."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist

from .flow_law import capped_lognormal_mean, fall_curve

_STANDARD = NormalDist()
_WEEKEND_DAYS = 2.0


def eligible_share(p: Mapping[str, float]) -> float:
    """Share of patient days that are late enough in the stay, and well enough, for overnight leave."""
    median, scale = p["flow.stay_clinical_median_days"], p["flow.stay_scale"]
    cap = p["flow.stay_cap_days"]
    clinical = capped_lognormal_mean(median * scale * 1.15, p["flow.stay_clinical_sigma"], cap)
    delay = p["flow.delay_share"] * capped_lognormal_mean(
        p["flow.delay_median_days"] * scale, p["flow.delay_sigma"], cap
    )
    begin = p["flow.leave_from_share_of_stay"]
    between, noise = p["patients.acuity_between_sd_points"], p["patients.acuity_noise_sd_points"]
    total = sqrt(between**2 + noise**2)
    mean = 3.5 - _STANDARD.inv_cdf(1.0 - p["patients.high_acuity_share"]) * total

    def well(share_of_stay: float) -> float:
        left = 1.0 - p["patients.acuity_fall_share"] * fall_curve(share_of_stay, p["patients.acuity_front_loading"])
        spread = sqrt((between * left) ** 2 + noise**2)
        return _STANDARD.cdf((p["flow.leave_below_points"] - (1.0 + (mean - 1.0) * left)) / max(spread, 1e-9))

    steps = 8
    late = sum(well(begin + (1.0 - begin) * (i + 0.5) / steps) for i in range(steps)) / steps
    return (clinical * (1.0 - begin) * late + delay * well(1.0)) / max(clinical + delay, 1e-9)


def daily_chance(p: Mapping[str, float]) -> tuple[float, float]:
    """Chance that overnight leave begins on a day that allows it: Sunday to Thursday, and Friday or Saturday."""
    share = p["flow.leave_share"]
    if share <= 0.0:
        return 0.0, 0.0
    eligible = eligible_share(p)
    out = min(share / max(eligible, share + 1e-9), 0.9)  # share of eligible days spent out
    days_out = p["flow.leave_nights"] + (4.0 / 24.0)  # 14:00 to 18:00 after the nights
    mean = out / (1.0 - out) / days_out
    weight = p["flow.leave_weekend_ratio"]
    weekday = 7.0 * mean / (7.0 - _WEEKEND_DAYS + _WEEKEND_DAYS * weight)
    return min(weekday, 0.95), min(weekday * weight, 0.95)
