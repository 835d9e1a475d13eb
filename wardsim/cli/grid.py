"""Tables on a terminal: aligned by layout alone, fitted to its width, with the digits worth showing and no colours."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from wardsim.experiments.shown import CAUTION, KEEP, MONEY, THOUSAND, label, number_of, range_of

__all__ = [
    "CAUTION", "GAP", "KEEP", "MONEY", "PIPED", "THOUSAND", "Entry", "fill", "grids", "label", "number_of", "opened", "range_of", "terminal_width",
]  # fmt: skip

NARROWEST, WIDEST = 80, 160
"""Columns of a terminal that tables are fitted to; beyond these they are as for the nearest."""
PIPED = 120
"""Columns when nobody watches a terminal and COLUMNS does not say."""
GAP = 2
"""Spaces between columns, so that numbers never run into each other."""
LABEL_ROOM = 30
"""Columns below which a label gets a line of its own, above its numbers; also below its longest word."""


WIDE = 0.1
"""Width of the range of a share of draws from which it is shown."""


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


def opened(low: float | None, high: float | None) -> str:
    """The range of a share of draws, out of 100 and to stand after it, where so few draws leave it open."""
    return "" if low is None or high is None or high - low < WIDE else f" ({round(100 * low)}-{round(100 * high)})"


def span_of(years: float) -> str:
    """A length in years."""
    return "1 year" if years == 1 else f"{years:g} years"


def fill(text: str, width: int) -> str:
    """A paragraph, later lines set in."""
    return textwrap.fill(text, width, subsequent_indent="  ", break_on_hyphens=False)
