"""Table of what each job of `.ci/run` took, from a run of it."""

from __future__ import annotations

import csv

from .common import DOCS, table

FILE = DOCS / "ci-minutes.csv"


def minutes() -> str:
    """Jobs with their minutes, and the sum."""
    if not FILE.is_file():
        return "Not measured yet.\n"
    with FILE.open(encoding="utf-8", newline="") as file:
        found = [(row["job"], float(row["seconds"])) for row in csv.DictReader(file)]
    lines = [(job, f"{seconds / 60:.1f}") for job, seconds in found]
    return table(("job", "minutes"), [*lines, ("all", f"{sum(seconds for _, seconds in found) / 60:.1f}")])
