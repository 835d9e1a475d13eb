"""Which required courses who had overdue at a moment: what surveys and audits of training ask."""

from __future__ import annotations

from wardsim.ward.core.clock import WEEK

from .columns import Columns, field
from .view import View


def overdue_at(view: View, census: float, least: float = 0.0) -> dict[int, set[str]]:
    """Courses that each person had had overdue for `least` minutes or more at a moment: due, the booking lead over, and not completed."""
    open_until = _open_until(view, census, view.scenario.training.book_ahead_weeks * WEEK)
    overdue: dict[int, set[str]] = {}
    for (person, course), deadline in open_until.items():
        if deadline < census - least:
            overdue.setdefault(person, set()).add(course)
    return overdue


def _open_until(view: View, census: float, grace: float) -> dict[tuple[int, str], float]:
    """Until when each course not completed by a moment was still in time, by person and course."""
    columns = view.columns
    found: dict[tuple[int, str], float] = columns.kept(
        f"open at {census!r} with {grace!r}", lambda: _still_open(columns, census, grace)
    )
    return found


def _still_open(columns: Columns, census: float, grace: float) -> dict[tuple[int, str], float]:
    now = columns.among("training", "event", "due", "expired", "attended")
    now = now & (columns.floats("training", "time") < census)
    at = {key: field("training", key) for key in ("time", "person", "course", "event", "reason")}
    open_until: dict[tuple[int, str], float] = {}
    for row in columns.picked("training", now):
        key = (row[at["person"]], row[at["course"]])
        if row[at["event"]] == "due":
            open_until.setdefault(key, row[at["time"]] + grace)
        elif row[at["event"]] == "expired":
            open_until[key] = row[at["time"]]
        elif row[at["reason"]] != "part":
            open_until.pop(key, None)
    return open_until
