"""What all generated pages share: the note at the top, tables that nothing can break out of, words about an entry of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from wardsim.parameters import Entry

DOCS = Path(__file__).resolve().parents[1]
"""Folder of the documents."""
ROOT = DOCS.parent
"""Folder of the project."""

NOTE = "<!-- Written by docs/generate.py: change the ledger or the code, then run it again. -->\n"
"""First line of every page that is written whole."""


WIDE = "---\nhide-toc: true\n---\n\n" + NOTE
"""The same, of a page whose tables need the whole width: the list of its headings stands at its top and not beside it."""


def contents(titles: Iterable[str]) -> str:
    """Links to the headings of a page, in one line."""
    return "On this page: " + ", ".join(f"[{title}](#{title.lower().replace(' ', '-').replace(',', '')})" for title in titles) + ".\n"


def cell(text: object) -> str:
    """Text that cannot break out of a table cell."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def interval(entry: Entry) -> str:
    """5% and 95% points of the prior within the range."""
    if entry.prior.dist == "fixed":
        return "fixed"
    low, high = entry.quantiles(0.05, 0.95)
    return f"{low:.3g} to {high:.3g}"


def origin(entry: Entry) -> str:
    """Sources, assumption and conflict of one entry."""
    parts = [", ".join(entry.sources)] if entry.sources else []
    if entry.targets:
        from . import calibrated

        begin = "targets that speak to it: " if entry.name in calibrated.fitted() else "not calibrated, compared with "
        parts.append(begin + ", ".join(entry.targets))
    if entry.assumption:
        parts.append(f"assumption: {entry.assumption}")
    if entry.conflict:
        parts.append(f"conflict: {entry.conflict}")
    return "; ".join(part.rstrip(".") for part in parts)
