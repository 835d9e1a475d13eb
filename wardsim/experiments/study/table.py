"""All runs of a study as one columnar file, `runs.parquet`: a row for each run and window, a run that failed included.

Written cell by cell, so that memory does not grow with the number of cells, in groups of rows whose bounds depend on the rows
alone. A measure has three columns: its value, and the two sums whose ratio it is (`.top`, `.bottom`); what is not defined is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from ..job import Failure
from .cells import Piece, Study
from .pieces import room
from .runs import Failed, Runs

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 32_768
"""Rows after which a group of rows is closed, at the end of a cell."""
OK, FAILED = "ok", "failed"
KEYS = ("cell", "name", "run", "draw", "window", "status", "stage", "error", "traceback", "seed")
"""Columns before the measures."""
_PARTS = ("", ".top", ".bottom")
_META = b"wardsim"


Place = tuple[slice, slice]
"""Rows of a piece, and its failures."""


class TableError(ValueError):
    """A file that is not a table of runs of this study."""


def write_table(stream: BinaryIO, study: Study, names: Sequence[str], cells: Iterable[Runs]) -> int:
    """Write the runs of a study.

    Parameters
    ----------
    stream : binary file
        To write to.
    study : Study
        What they belong to.
    names : sequence of str
        Measures.
    cells : iterable of Runs
        One for each cell that has runs, in the order of the cells, sorted by run and window.

    Returns
    -------
    int
        Rows written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = {cell.name: i for i, cell in enumerate(study.cells)}
    schema = _schema(study, names)
    text = ["name", "status", "stage", "error", "traceback"]
    rows = 0
    waiting: list[pa.Table] = []
    with pq.ParquetWriter(stream, schema, compression="zstd", compression_level=1, use_dictionary=text) as writer:

        def flush() -> None:
            if waiting:
                table = pa.concat_tables(waiting)
                writer.write_table(table, row_group_size=max(1, table.num_rows))
                waiting.clear()

        for runs in cells:
            waiting.append(_rows(schema, study, names, place, runs))
            rows += waiting[-1].num_rows
            if sum(table.num_rows for table in waiting) >= GROUP:
                flush()
        flush()
    return rows


def read_table(path: Path, study: Study) -> Runs:
    """The runs of a study from its file, in one read.

    Raises
    ------
    TableError
        When the file is of another study or version.
    OSError
        When it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, memory_map=True, partitioning=None)
        meta = json.loads(table.schema.metadata[_META])
    except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise TableError(f"{path} is not a table of runs: {error}") from None
    if meta["study"] != study.identity:
        raise TableError(f"{path} holds the runs of another study")
    names = tuple(meta["names"])
    status = np.asarray(table.column("status").to_numpy(zero_copy_only=False))
    good = status == OK
    whole = bool(good.all())
    keys = {key: table.column(key).to_numpy().astype(np.int64) for key in ("cell", "run", "draw", "window")}
    values = room(int(good.sum()), len(names))
    for i, name in enumerate(names):
        for k, part in enumerate(_PARTS):
            column = table.column(name + part).to_numpy(zero_copy_only=False)
            values[:, i, k] = column if whole else column[good]
    failed = [] if whole else _failed(table.filter(pa.array(~good)).to_pylist())
    cell, run, draw, window = (keys[key] if whole else keys[key][good] for key in ("cell", "run", "draw", "window"))
    return Runs(names, cell, run, draw, window, values, failed)


def pieces_in(path: Path, study: Study) -> dict[Piece, Place]:
    """Pieces that a table holds in full: their rows and their failures in what `read_table` gives."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["cell", "run", "window", "status"], partitioning=None)
    cell, run, window = (table.column(key).to_numpy() for key in ("cell", "run", "window"))
    good = np.asarray(table.column("status").to_numpy(zero_copy_only=False)) == OK
    row, failure = np.cumsum(good), np.cumsum(~good)
    first = np.flatnonzero(window == 0)
    ends = np.append(first[1:], len(window)) - 1
    found: dict[Piece, list[int]] = {}
    for start, end in zip(first.tolist(), ends.tolist(), strict=True):
        piece = Piece(int(cell[start]), int(run[start]) // study.block)
        spans = found.setdefault(
            piece, [0, int(row[start]) - int(good[start]), 0, int(failure[start]) - int(not good[start]), 0]
        )
        spans[0] += 1
        spans[2], spans[4] = int(row[end]), int(failure[end])
    return {
        piece: (slice(spans[1], spans[2]), slice(spans[3], spans[4]))
        for piece, spans in found.items()
        if spans[0] == study.block
    }


def _failed(rows: Iterable[dict[str, Any]]) -> list[Failed]:
    return [
        Failed(r["name"], Failure(r["stage"], r["seed"], r["draw"], r["run"], r["error"], r["traceback"])) for r in rows
    ]


def _schema(study: Study, names: Sequence[str]) -> pa.Schema:
    import pyarrow as pa

    label = pa.dictionary(pa.int32(), pa.string())
    kinds = (pa.int32(), label, pa.int32(), pa.int32(), pa.int32(), label, label, pa.string(), pa.string(), pa.int64())
    fields = [pa.field(key, kind) for key, kind in zip(KEYS, kinds, strict=True)]
    fields += [pa.field(name + part, pa.float64()) for name in names for part in _PARTS]
    meta = {"format": 1, "study": study.identity, "names": list(names)}
    return pa.schema(fields, metadata={_META: json.dumps(meta).encode()})


def _rows(schema: pa.Schema, study: Study, names: Sequence[str], place: dict[str, int], runs: Runs) -> pa.Table:
    """Rows of some runs, those that failed in their places."""
    import pyarrow as pa

    done, bad = len(runs.run), [failed.failure for failed in runs.failed]
    if done and runs.names != tuple(names):
        raise ValueError("the pieces of a study do not have the same measures")
    cell = np.concatenate([runs.cell, np.array([place[f.cell] for f in runs.failed], dtype=np.int64)])
    run = np.concatenate([runs.run, np.array([f.replication for f in bad], dtype=np.int64)])
    draw = np.concatenate([runs.draw, np.array([f.draw for f in bad], dtype=np.int64)])
    window = np.concatenate([runs.window, np.zeros(len(bad), dtype=np.int64)])
    order = np.lexsort((window, run, cell))
    is_bad = order >= done

    def of_failure(what: str) -> list[Any]:
        column = [None] * done + [getattr(f, what) for f in bad]
        return [column[i] for i in order]

    label = [study.cells[i].name for i in cell[order]]
    columns: list[Any] = [
        cell[order].astype(np.int32), label, run[order].astype(np.int32), draw[order].astype(np.int32),
        window[order].astype(np.int32), [FAILED if b else OK for b in is_bad], of_failure("stage"), of_failure("error"),
        of_failure("traceback"), of_failure("seed"),
    ]  # fmt: skip
    columns = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=False)]
    for i in range(len(names)):
        for k in range(len(_PARTS)):
            numbers = np.concatenate([runs.values[:, i, k] if done else np.empty(0), np.full(len(bad), np.nan)])[order]
            columns.append(pa.array(numbers, mask=np.isnan(numbers)))
    return pa.Table.from_arrays(columns, schema=schema).unify_dictionaries()
