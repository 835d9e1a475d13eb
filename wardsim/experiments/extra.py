"""Extra outputs of a run: tables that only some studies need, made inside the run and stored beside its measures.

A study asks for one with `extra` in its settings. No other run imports, makes or stores anything of it. To declare another: a function of
(columns, start, end) that gives an array of numbers, a row each, and the names of its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float32]
Tables = dict[tuple[int, int], Table]
"""Cell and run -> table."""

DECLARED: dict[str, tuple[str, str]] = {
    "shifts": ("wardsim.measures.per_shift", "per_shift"),
    "profile": ("wardsim.experiments.profile", "profile"),
    "day": ("wardsim.measures.one_day", "one_day"),
}
"""Name -> module (with COLUMNS) and function, imported when it is needed."""


class Extra(NamedTuple):
    """One extra output.

    Attributes
    ----------
    columns : tuple of str
        Of the table.
    make : callable(columns, start, end) -> array, shape (rows, columns)
        Makes it from the facts of a run.
    """

    columns: tuple[str, ...]
    make: Callable[[Any, float, float], Table]


def extra_of(name: str) -> Extra:
    """An extra output by name.

    Raises
    ------
    KeyError
        When there is none of that name.
    """
    module, function = DECLARED[name]
    found = import_module(module)
    return Extra(tuple(found.COLUMNS), getattr(found, function))


def file_of(name: str) -> str:
    """Name of the file of all tables of a study."""
    return f"{name}.parquet"


def write_extra(stream: BinaryIO, name: str, tables: Mapping[tuple[int, int], Table]) -> None:
    """Write all tables of a study, with their cell and run, sorted by these."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    keys = sorted(key for key, table in tables.items() if table.size)
    lengths = [len(tables[key]) for key in keys]
    numbers = np.concatenate([tables[key] for key in keys]) if keys else np.empty((0, len(extra_of(name).columns)))
    columns = {
        "cell": np.repeat(np.array([cell for cell, _ in keys], dtype=np.int32), lengths),
        "run": np.repeat(np.array([run for _, run in keys], dtype=np.int32), lengths),
    }
    columns |= {column: numbers[:, i].astype(np.float32) for i, column in enumerate(extra_of(name).columns)}
    pq.write_table(pa.table(columns), stream, compression="zstd", compression_level=1)


def read_extra(path: Path, name: str) -> Tables:
    """All tables of a study from its file.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    import pyarrow.parquet as pq

    table = pq.read_table(path, partitioning=None)
    cell, run = (table.column(key).to_numpy() for key in ("cell", "run"))
    numbers = np.stack([table.column(key).to_numpy() for key in extra_of(name).columns], axis=1).astype(np.float32)
    if not len(cell):
        return {}
    first = np.flatnonzero(np.append(True, (np.diff(cell) != 0) | (np.diff(run) != 0)))
    ends = np.append(first[1:], len(cell))
    return {(int(cell[a]), int(run[a])): numbers[a:b] for a, b in zip(first, ends, strict=True)}
