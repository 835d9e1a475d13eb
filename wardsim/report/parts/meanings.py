"""What ranges and shares mean, in words that stand wherever results are told."""

from __future__ import annotations

MEANINGS = (
    "What is not known (95%): over draws of the model's inputs, with chance removed. Evidence narrows it, more runs do not.",
    "One year (80%): how one year of a ward, or of two independent wards, may differ by chance. Nothing narrows it.",
    "Simulation error (95%): error of the mean, from the chance of the runs and from which draws of the inputs they happened to try (with few draws that can be most of "
    "it). More runs, which bring more draws, narrow it, and only it. A difference whose simulation error spans nothing is called too close to tell apart.",
    "In so many of 100 parameter draws: share of draws of the inputs in which the expected difference is better, chance removed; never a share of years.",
)
