"""Tables on a terminal: aligned by layout alone, fitted to its width, with the digits worth showing and no colours."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

NARROWEST, WIDEST = 80, 160
"""Columns of a terminal that tables are fitted to; beyond these they are as for the nearest."""
PIPED = 120
"""Columns when nobody watches a terminal and COLUMNS does not say."""
GAP = 2
"""Spaces between columns, so that numbers never run into each other."""
LABEL_ROOM = 30
"""Columns below which a label gets a line of its own, above its numbers; also below its longest word."""
THOUSAND = 1000
MONEY = "GBP a year"
FILLERS = frozenset({"events", "episodes", "injuries", "per", "1", "000", "obd", "to"})
"""Words of units that labels say in other words."""
KEEP = "\N{NO-BREAK SPACE}"
"""Keeps a unit on the line of the word before it; shown as a space."""
CAUTION = "*"
"""Mark beside a number that needs a word of caution; it takes no room of its own."""


class Entry(NamedTuple):
    """A line of a table: a label, the cells beside it, and words in place of all cells but the first."""

    label: str
    cells: tuple[str, ...]
    words: str = ""


def terminal_width() -> int:
    """Columns to fit tables to: those of the terminal or of COLUMNS, else a fixed number."""
    return min(max(shutil.get_terminal_size((PIPED, 24)).columns, NARROWEST), WIDEST)


def grids(tables: Sequence[tuple[str, Sequence[Entry]]], heads: Sequence[str], width: int) -> list[str]:
    """Tables that share their columns: as wide as their widest cell, the label in what is left and wrapped there."""
    entries = [entry for _, found in tables for entry in found]
    wide = [
        max([len(head), *(len(e.cells[i].rstrip(CAUTION)) for e in entries if i < len(e.cells))]) + GAP
        for i, head in enumerate(heads)
    ]
    starred = any(cell.endswith(CAUTION) for e in entries for cell in e.cells)
    wide = [w + (starred and i == 1) for i, w in enumerate(wide)]
    longest = max([len(title) for title, _ in tables] + [len(e.label) + GAP for e in entries])
    room = min(longest, width - sum(wide))
    word = max((len(word) for e in entries for word in e.label.split(" ")), default=0)
    apart = room < max(LABEL_ROOM, word + 2 * GAP)

    def numbers(cells: Sequence[str]) -> str:
        marked = [
            cell if i != 1 or not starred or cell.endswith(CAUTION) else f"{cell} " for i, cell in enumerate(cells)
        ]
        return "".join(f"{cell:>{w}}" for cell, w in zip(marked, wide, strict=False))

    out = []
    for title, found in tables:
        rows = _beside(title, numbers(heads), width if apart else room, room, indent=0)
        for entry in found:
            label_room = width if apart else room
            if not entry.words:
                rows += _beside(entry.label, numbers(entry.cells), label_room, room, indent=GAP)
                continue
            at = max(room, 0) + wide[0] + GAP
            words = textwrap.wrap(entry.words, max(width - at, LABEL_ROOM))
            rows += _beside(entry.label, f"{numbers(entry.cells)}{'':{GAP}}{words[0]}", label_room, room, indent=GAP)
            rows += [f"{'':{at}}{line}" for line in words[1:]]
        out.append("\n".join(row.rstrip() for row in rows).replace(KEEP, " "))
    return out


def _beside(label: str, numbers: str, wrap: int, room: int, indent: int) -> list[str]:
    """A label, wrapped, with the numbers beside its last line, or below it where there is no room beside."""
    lines = textwrap.wrap(
        label, wrap, initial_indent=" " * indent, subsequent_indent=" " * (2 * indent), break_on_hyphens=False
    )
    if len(lines[-1]) > room:
        lines.append("")
    lines[-1] = f"{lines[-1]:<{max(room, 0)}}{numbers}"
    return lines


def fill(text: str, width: int) -> str:
    """A paragraph, later lines set in."""
    return textwrap.fill(text, width, subsequent_indent="  ", break_on_hyphens=False)


def label(measure: Any) -> str:
    """Label and unit, unless the label says it already; occupied bed days and pounds in short."""
    text = str(measure.label).replace("occupied bed days", "OBD")
    unit = "GBP thousand" if measure.unit == MONEY else str(measure.unit)
    first, per, rest = unit.partition(" per ")
    if per and f"per {rest}" in text:
        unit = first
    said = text.lower().replace(",", " ").split()
    told = not unit or all(word in said or word in FILLERS for word in unit.lower().replace(",", " ").split())
    return text if told else f"{text},{KEEP}{unit}"


def number_of(measure: Any, x: float | None) -> str:
    """A number with the digits worth showing; money by the year in thousands."""
    if x is None:
        return "-"
    shown = f"{x / THOUSAND if measure.unit == MONEY else x:,.{measure.digits}f}"
    return shown if shown.strip("-0.,") else shown.lstrip("-")


def range_of(measure: Any, low: float | None, high: float | None) -> str:
    """A range, or a dash where there is none."""
    return "-" if low is None or high is None else f"{number_of(measure, low)} to {number_of(measure, high)}"
