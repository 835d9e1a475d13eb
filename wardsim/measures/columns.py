"""Facts as numpy columns: only the columns asked for are made, each once.

Facts are lists of tuples, the fastest thing for a running ward to write. A measure needs five columns of a hundred
thousand segments, not seven hundred thousand objects. What a column costs is mostly fetching rows that lie all over the
memory; so a process remembers what was asked of each table, and of the next run makes that in one pass over its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from wardsim.ward.core.facts import TABLES, Facts

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


BLOCK = 1024
"""Rows turned over at once when several columns are made together: few enough to stay in a processor's cache."""

Asked = tuple[str, str]
"""A column and as what: f numbers, i whole numbers, c codes of texts, n lengths."""

_asked: dict[tuple[str, bool], dict[Asked, None]] = {}
"""What was asked of a table in this process, of whole tables and of parts of them."""


class Codes(dict[Any, int]):
    """Numbers for texts, given out in order of first sight."""

    def __missing__(self, key: Any) -> int:
        code = self[key] = len(self)
        return code


class Columns:
    """A finished run's facts, read by column.

    Parameters
    ----------
    facts : Facts
        Facts that no longer change: columns are kept once made.
    part : bool
        Whether it holds the end of a table (see `since`), of which other columns are asked than of the whole.
    """

    __slots__ = ("_cache", "_part", "facts")

    def __init__(self, facts: Facts, part: bool = False) -> None:
        self.facts = facts
        self._part = part
        self._cache: dict[Hashable, Any] = {}

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        return len(self.facts.table(table))

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Rows of a table as they were written."""
        return self.facts.table(table)

    def has(self, table: str, column: str) -> bool:
        """Whether the rows carry a column (tables grow at their end; facts of an older run may be narrower)."""
        names = TABLES[table]
        if column not in names:
            return False
        rows = self.facts.table(table)
        return not rows or len(rows[0]) > names.index(column)

    def since(self, table: str, column: str, first: float) -> Columns:
        """One table without blocks of rows at its beginning whose moments in a column are all before `first`.

        What a run wrote before it was measured is a third of it: what counts moments need not read those rows.
        """
        key = (table, column, first)
        found: Columns | None = self._cache.get(key)
        if found is None:
            rows, moment = self.facts.table(table), itemgetter(field(table, column))
            blocks = range(0, len(rows), BLOCK)
            skipped = next((at for at in blocks if not max(map(moment, rows[at : at + BLOCK])) < first), len(rows))
            found = self
            if skipped:
                part = Facts()
                setattr(part, table, rows[skipped:])
                found = Columns(part, part=True)
            self._cache[key] = found
        return found

    def floats(self, table: str, column: str) -> FloatArray:
        """A column of numbers as float64."""
        found: FloatArray = self._made(table, column, "f")
        return found

    def ints(self, table: str, column: str) -> IntArray:
        """A column of whole numbers as int64."""
        found: IntArray = self._made(table, column, "i")
        return found

    def lengths(self, table: str, column: str) -> IntArray:
        """How many there are in each row of a column of tuples."""
        found: IntArray = self._made(table, column, "n")
        return found

    def codes(self, table: str, column: str) -> tuple[IntArray, Codes]:
        """A column of texts as numbers, and the numbers' texts."""
        found: tuple[IntArray, Codes] = self._made(table, column, "c")
        return found

    def among(self, table: str, column: str, *values: Any) -> BoolArray:
        """Which rows have one of these texts in a column."""
        key = (table, column, values)
        found: BoolArray | None = self._cache.get(key)
        if found is None:
            numbers, names = self.codes(table, column)
            look_up = np.zeros(len(names) + 1, np.bool_)
            for value in values:
                if value in names:
                    look_up[names[value]] = True
            found = self._cache[key] = look_up[numbers]
        return found

    def kept(self, key: str, make: Callable[[], Any]) -> Any:
        """Something made from these facts, made once."""
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def picked(self, table: str, mask: BoolArray) -> list[tuple[Any, ...]]:
        """The rows where a mask is true."""
        rows = self.facts.table(table)
        return [rows[i] for i in np.flatnonzero(mask).tolist()]

    def _made(self, table: str, column: str, kind: str) -> Any:
        found = self._cache.get((table, column, kind))
        if found is None:
            asked = _asked.setdefault((table, self._part), {})
            asked[column, kind] = None
            self._make(table, [key for key in asked if (table, *key) not in self._cache and self.has(table, key[0])])
            found = self._cache[table, column, kind]
        return found

    def _make(self, table: str, wanted: list[Asked]) -> None:
        rows = self.facts.table(table)
        places = [TABLES[table].index(column) for column, _ in wanted]
        names = [Codes() for _ in wanted]
        made = [np.empty(len(rows), np.float64 if kind == "f" else np.int64) for _, kind in wanted]
        for first in range(0, len(rows), BLOCK):
            block = rows[first : first + BLOCK]
            # turning whole rows over pays when half of their columns are wanted
            columns = list(zip(*block, strict=True)) if 2 * len(wanted) > len(block[0]) else None
            for place, (_, kind), known, column in zip(places, wanted, names, made, strict=True):
                values: Iterable[Any] = columns[place] if columns else map(itemgetter(place), block)
                if kind == "c":
                    values = map(known.__getitem__, values)
                elif kind == "n":
                    values = map(len, values)
                column[first : first + BLOCK] = np.fromiter(values, column.dtype, len(block))
        for (name, kind), known, column in zip(wanted, names, made, strict=True):
            self._cache[table, name, kind] = (column, known) if kind == "c" else column


def field(table: str, column: str) -> int:
    """Place of a column in the rows of a table."""
    return TABLES[table].index(column)
