"""Table of the kinds of work, by priority, from their declarations."""

from __future__ import annotations

from wardsim.ward.work.kinds import KINDS

from .common import table


def kinds_of_work() -> str:
    """Kinds of work by priority; those that take people out of other work are in bold."""
    by_priority: dict[int, list[str]] = {}
    for kind in KINDS.values():
        name = kind.name.replace("_", " ")
        by_priority.setdefault(kind.priority, []).append(f"**{name}**" if kind.preempts else name)
    rows = [(priority, ", ".join(names)) for priority, names in sorted(by_priority.items())]
    return table(("priority", "kinds (bold: may interrupt others)"), rows)
