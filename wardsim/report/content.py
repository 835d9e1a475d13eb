"""A page in pieces: parts made of paragraphs, lists, tables and figures. Text stays plain text until the template escapes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .figures.drawn import Drawn
from .replay import Replay

Cell = str | tuple[str, ...]
"""Text of a cell of a table; several lines as a tuple, the first the largest."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its cells, or one heading over all columns."""

    cells: tuple[Cell, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column heads the rows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[Line, ...]
    folded: str = ""
    """Words to unfold it with; empty: open."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs, or a list of points."""

    lines: tuple[str, ...]
    points: bool = False
    title: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What only the authors of a study know."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a checklist, with its number in it."""

    number: str
    title: str
    blocks: tuple[Words | Table | Gap, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A document within the page, folded."""

    folded: str
    """Words to unfold it with."""
    opening: str
    mark: str
    """What stands before each gap."""
    items: tuple[Item, ...]


@dataclass(slots=True)
class Part:
    """A part of the report."""

    id: str
    title: str
    blocks: list[Table | Words | Drawn | Replay | Draft] = field(default_factory=list)

    @property
    def wide(self) -> bool:
        """Whether it is one wide table, which needs a page on its side in print."""
        return len(self.blocks) == 1 and isinstance(self.blocks[0], Table) and len(self.blocks[0].head) > 5

    def say(self, *lines: str, title: str = "", points: bool = False, strong: bool = False) -> None:
        """Add words, if there are any."""
        kept = tuple(line for line in lines if line)
        if kept:
            self.blocks.append(Words(kept, points, title, strong))

    def show(self, *blocks: Table | Drawn | Draft | None) -> None:
        """Add tables, figures and documents; None is left out."""
        self.blocks += [block for block in blocks if block is not None]

    def play(self, block: Replay) -> None:
        """Add a day to be played."""
        self.blocks.append(block)


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], folded: str = "", notes: Sequence[str] = ()
) -> Table:
    """A table; a row of one cell is a heading over all columns."""
    lines = tuple(Line(tuple(row), len(row) == 1 and len(head) > 1) for row in rows)
    return Table(caption, tuple(head), lines, folded, tuple(notes))
