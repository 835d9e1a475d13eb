"""From the values drawn for a ward to keys of its scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wardsim.scenario.schema import Scenario
from wardsim.scenario.studies.quantities import QUANTITIES

DAY_SHIFTS = ("early", "late")
REGISTERED = ("rn_band5_wte", "rn_band6_wte")
UNREGISTERED = ("na_band4_wte", "hca_band3_wte", "hca_band2_wte")
STEP = 0.1
"""Posts are rounded to a tenth of a WTE."""


def keys_of(values: Mapping[str, Any], base: Scenario) -> dict[str, Any]:
    """Keys of a scenario and their values, from what was drawn.

    Parameters
    ----------
    values : mapping
        By scenario key, parameter or quantity.
    base : Scenario
        Ward from which posts and courses are scaled.

    Returns
    -------
    dict
        Dotted key to value; quantities are gone.
    """
    keys = {name: value for name, value in values.items() if name not in QUANTITIES}
    beds = int(keys.get("ward.beds", base.ward.beds))
    if keys.get("ward.sex", base.ward.sex) != "mixed":
        keys.pop("demand.case_mix.male_pct", None)  # means nothing where there is one sex
    required = _required(values, base, beds)
    for shift, people in required.items():
        for role, number in people.items():
            keys[f"staffing.required.{shift}.{role}"] = number
    if required or "posts_pct" in values:
        keys |= _posts(required, base, float(values.get("posts_pct", 100.0)) / 100.0)
    if "course_places_pct" in values:
        for course in base.training.courses:
            days = round(course.sessions_per_month * values["course_places_pct"] / 100.0, 3)
            keys[f"training.courses.{course.name}.sessions_per_month"] = days
    return keys


def _required(values: Mapping[str, Any], base: Scenario, beds: int) -> dict[str, dict[str, int]]:
    """People required on each shift, whole and with at least one registered nurse; empty when no quantity speaks of them."""
    if not {"nurses_per_bed_day", "nurses_per_bed_night", "registered_share_pct"} & set(values):
        return {}
    out = {}
    for shift in (*DAY_SHIFTS, "night"):
        now = getattr(base.staffing.required, shift)
        per_bed = values.get("nurses_per_bed_night" if shift == "night" else "nurses_per_bed_day")
        people = now.rn + now.hca if per_bed is None else max(2, round(per_bed * beds))
        share = values.get("registered_share_pct")
        registered = now.rn / max(1, now.rn + now.hca) if share is None else share / 100.0
        rn = min(max(1, round(people * registered)), people)
        out[shift] = {"rn": rn, "hca": people - rn}
    return out


def _posts(required: Mapping[str, Mapping[str, int]], base: Scenario, times: float) -> dict[str, float]:
    """Posts of the base, scaled as the required hours of each group are."""
    out = {}
    for role, posts in (("rn", REGISTERED), ("hca", UNREGISTERED)):
        before = sum(_hours(base, shift) * getattr(getattr(base.staffing.required, shift), role) for shift in HOURS)
        after = sum(_hours(base, shift) * people[role] for shift, people in required.items()) if required else before
        scale = times * (after / before if before else 1.0)
        for post in posts:
            wte = getattr(base.staffing.establishment, post) * scale
            out[f"staffing.establishment.{post}"] = round(round(wte / STEP) * STEP, 1)
    return out


HOURS = ("early", "late", "night")


def _hours(base: Scenario, shift: str) -> float:
    """Length of a shift of the pattern, hours; breaks are alike on all and left in."""
    first, last = getattr(base.staffing.times, shift)
    (h0, m0), (h1, m1) = ((int(part) for part in time.split(":")) for time in (first, last))
    return ((h1 * 60 + m1 - h0 * 60 - m0) % (24 * 60)) / 60.0
