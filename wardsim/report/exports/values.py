"""CSV: every value with its low and high in one tidy table, and a dictionary of its columns."""

from __future__ import annotations

from collections.abc import Iterable

from wardsim.experiments.results import csv_bytes

from ..source import Source
from . import ExportError
from .tables import Column, Table, tables_of, values_of


def made(source: Source) -> dict[str, bytes]:
    """`values.csv` and `columns.csv`; for a study without such values, its own tables.

    Cells that a spreadsheet would take for a formula (=, +, -, @ at the front of text) open with an apostrophe.

    Raises
    ------
    ExportError
        When the folder holds no table.
    """
    values = values_of(source)
    tables = [values] if values is not None else list(tables_of(source))
    if not tables:
        raise ExportError(f"{source.folder} holds no table")
    files = {f"{one.name}.csv": csv_of(one) for one in tables}
    return {**files, "columns.csv": dictionary(tables)}


def csv_of(table: Table) -> bytes:
    """A table as CSV (UTF-8, one header line of column names)."""
    return csv_bytes([c.name for c in table.columns], table.rows)


def dictionary(tables: Iterable[Table]) -> bytes:
    """What each column of each table holds."""
    rows = [(one.name, c.name, "number" if c.numeric else "text", c.heading, c.about) for one in tables for c in one.columns]
    return csv_bytes(("table", "column", "type", "heading", "meaning"), rows)


def plain(column: Column, value: object) -> object:
    """A cell as it was before it was guarded against formulas, for files that no spreadsheet opens."""
    from wardsim.experiments.results import guarded

    if column.numeric or not isinstance(value, str) or not value.startswith("'"):
        return value
    return value[1:] if guarded(value[1:]) else value
