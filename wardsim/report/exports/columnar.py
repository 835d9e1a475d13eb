"""Parquet: every table with numbers as numbers, the meaning of each column in its metadata."""

from __future__ import annotations

import io
from typing import Any

from ..source import Source
from . import ExportError
from .tables import Table, tables_of, values_of
from .values import plain


def made(source: Source) -> dict[str, bytes]:
    """A Parquet file a table, `values.parquet` first.

    Raises
    ------
    ExportError
        When the folder holds no table.
    """
    values = values_of(source)
    tables = [*([] if values is None else [values]), *tables_of(source)]
    if not tables:
        raise ExportError(f"{source.folder} holds no table")
    told = {"identity": str(source.manifest.get("identity", "")), "wardsim": str(source.manifest.get("versions", {}).get("wardsim", ""))}
    return {f"{one.name}.parquet": parquet_of(one, told) for one in tables}


def parquet_of(table: Table, told: dict[str, str]) -> bytes:
    """A table as Parquet; heading and meaning stand in the metadata of each column, `told` in that of the file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays: list[Any] = []
    fields: list[Any] = []
    for at, one in enumerate(table.columns):
        cells = [plain(one, row[at]) for row in table.rows]
        arrays.append(pa.array(cells, type=pa.float64() if one.numeric else pa.string()))
        fields.append(pa.field(one.name, arrays[-1].type, metadata={"heading": one.heading, "about": one.about}))
    schema = pa.schema(fields, metadata={"title": table.title, "about": table.about, **told})
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), stream, compression="zstd")
    return stream.getvalue()
