"""Facts as numpy columns: only the columns asked for are made, each once.

Facts are lists of tuples, the fastest thing for a running ward to write. A measure needs five columns of a hundred
thousand segments, not seven hundred thousand objects: a column costs about 2 ms per 100,000 rows. Most of that is
fetching rows that lie all over the memory, so several columns of a long table are best made in one pass (`together`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import itemgetter
from struct import pack
from typing import Any

import numpy as np
import numpy.typing as npt

from wardsim.ward.core.facts import TABLES, Facts

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


BLOCK = 1024
"""Rows turned over at once when several columns are made together: few enough to stay in a processor's cache."""


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
    """

    __slots__ = ("_cache", "facts")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
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

    def together(
        self, table: str, *, floats: tuple[str, ...] = (), ints: tuple[str, ...] = (), codes: tuple[str, ...] = ()
    ) -> None:
        """Make several columns in one pass over the rows, for `floats`, `ints` and `codes` to find."""
        wanted = [(c, kind) for names, kind in ((floats, "f"), (ints, "i"), (codes, "c")) for c in names]
        wanted = [key for key in wanted if (table, *key) not in self._cache]
        rows = self.facts.table(table)
        made = [np.empty(len(rows), np.float64 if kind == "f" else np.int64) for _, kind in wanted]
        known = [Codes() for _ in wanted]
        places = [TABLES[table].index(column) for column, _ in wanted]
        for first in range(0, len(rows) if wanted else 0, BLOCK):
            block = tuple(zip(*rows[first : first + BLOCK], strict=True))
            n = len(block[0])
            for (_, kind), place, column, texts in zip(wanted, places, made, known, strict=True):
                values = map(texts.__getitem__, block[place]) if kind == "c" else block[place]
                column[first : first + n] = np.frombuffer(pack(f"{n}{'d' if kind == 'f' else 'q'}", *values), column.dtype)
        for (name, kind), column, texts in zip(wanted, made, known, strict=True):
            self._cache[table, name, kind] = (column, texts) if kind == "c" else column

    def since(self, table: str, column: str, first: float) -> Columns:
        """One table from the first row on whose moment in a column is not before `first`; itself where that is all.

        What a run wrote before it was measured is a third of it: what counts moments need not read those rows.
        """
        key = (table, column, first)
        found: Columns | None = self._cache.get(key)
        if found is None:
            late = self.floats(table, column) >= first
            skipped = int(np.argmax(late)) if late.any() else len(late)
            found = self
            if skipped:
                part = Facts()
                setattr(part, table, self.facts.table(table)[skipped:])
                found = Columns(part)
                found._cache[table, column, "f"] = self.floats(table, column)[skipped:]
            self._cache[key] = found
        return found

    def floats(self, table: str, column: str) -> FloatArray:
        """A column of numbers as float64."""
        key = (table, column, "f")
        found: FloatArray | None = self._cache.get(key)
        if found is None:
            found = self._cache[key] = np.fromiter(self._values(table, column), np.float64, self.count(table))
        return found

    def ints(self, table: str, column: str) -> IntArray:
        """A column of whole numbers as int64."""
        key = (table, column, "i")
        found: IntArray | None = self._cache.get(key)
        if found is None:
            found = self._cache[key] = np.fromiter(self._values(table, column), np.int64, self.count(table))
        return found

    def lengths(self, table: str, column: str) -> IntArray:
        """How many ids each row has in a column of tuples."""
        key = (table, column, "n")
        found: IntArray | None = self._cache.get(key)
        if found is None:
            found = self._cache[key] = np.fromiter(map(len, self._values(table, column)), np.int64, self.count(table))
        return found

    def codes(self, table: str, column: str) -> tuple[IntArray, Codes]:
        """A column of texts as numbers, and the numbers' texts."""
        key = (table, column, "c")
        found: tuple[IntArray, Codes] | None = self._cache.get(key)
        if found is None:
            names = Codes()
            numbers = np.fromiter(map(names.__getitem__, self._values(table, column)), np.int64, self.count(table))
            found = self._cache[key] = (numbers, names)
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

    def _values(self, table: str, column: str) -> Any:
        return map(itemgetter(TABLES[table].index(column)), self.facts.table(table))


def field(table: str, column: str) -> int:
    """Place of a column in the rows of a table."""
    return TABLES[table].index(column)
