"""The baseline ward-year against a bare SimPy loop that passes through as many events."""

from __future__ import annotations

from statistics import median

from .apart import apart
from .figures import spread, table
from .report import Finding


def report(repeats: int, quick: bool) -> Finding:
    """Runs and bare loops alternate in one process (both are SimPy in the same Python), after one run that counts."""
    days = 91.0 if quick else 365.0
    found = apart("benchmarks.ward_year:measure", repeats=repeats, days=days)
    seconds, bare = found["seconds"], found["bare"]
    ratios = [a / b for a, b in zip(seconds, bare, strict=True)]
    rows = [
        ["wardsim, baseline ward", f"{days:g}", f"{found['events']:,}", f"{found['tasks']:,}", spread(seconds), spread(ratios, "{:.1f}")],
        ["bare SimPy, as many timeouts", "", f"{found['events']:,}", "", spread(bare, "{:.3f}"), "1"],
    ]
    return Finding(
        "The baseline ward-year against bare SimPy",
        table(["", "days", "events", "tasks", "CPU s, median (range)", "ratio"], rows),
        {"ratio to bare SimPy": median(ratios), "seconds": median(seconds)},
    )
