"""The baseline ward-year against a bare SimPy loop that passes through as many events, not compiled and compiled."""

from __future__ import annotations

from statistics import median

from .compiled import HOW
from .figures import spread, table
from .report import Finding
from .ward_year import builds


def report(repeats: int, quick: bool) -> Finding:
    """Runs and bare loops alternate in one process (both are SimPy in the same Python), builds from process to process."""
    days = 91.0 if quick else 365.0
    found = builds(repeats, days)
    rows, figures = [], {}
    for name, got in found.items():
        ratios = [a / b for a, b in zip(got["seconds"], got["bare"], strict=True)]
        numbers = [f"{days:g}", f"{got['events']:,}", f"{got['tasks']:,}"]
        rows.append([f"wardsim, baseline ward, {name}", *numbers, spread(got["seconds"]), spread(ratios, "{:.1f}")])
        rows.append([f"bare SimPy, as many timeouts, beside {name}", "", numbers[1], "", spread(got["bare"], "{:.3f}"), "1"])
        figures |= {f"ratio to bare SimPy, {name}": median(ratios), f"seconds, {name}": median(got["seconds"])}
    text = table(["", "days", "events", "tasks", "CPU s, median (range)", "ratio"], rows)
    if "compiled" not in found:
        text += f"\n\n{HOW}"
    return Finding("The baseline ward-year against bare SimPy", text, figures)
