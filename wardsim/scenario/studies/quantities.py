"""Quantities of a population file that set several scenario keys at once, since no key of a scenario is what was published."""

from __future__ import annotations

QUANTITIES: dict[str, str] = {
    "nurses_per_bed_day": "Nursing staff required on each day shift, for each bed; numbers are rounded to whole people, and posts follow.",
    "nurses_per_bed_night": "Nursing staff required on each night shift, for each bed; likewise.",
    "registered_share_pct": "Registered nurses among nursing staff required, percent; at least one a shift.",
    "posts_pct": "Funded posts in percent of those that the required numbers take at the headroom of the base.",
    "course_places_pct": "Course days offered, every course, in percent of the base's.",
}
"""Name -> what it means."""
