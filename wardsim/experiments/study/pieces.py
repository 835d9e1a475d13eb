"""One finished piece as bytes: a line that says what it holds, then the numbers, little-endian, compressed.

The name of its file ends in the SHA-256 of the bytes. A file that was cut short, or in which a bit has flipped, does not have its
name any more and so is not that piece.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..extra import Tables
from ..job import Failure, RunResult
from .cells import Piece, Study
from .runs import Array, Failed, Runs

FORMAT = 1
"""Version of the form of a piece."""
SUFFIX = ".piece"
_NAME = re.compile(r"(\d{5,})-(\d{5,})-([0-9a-f]{64})\.piece")
_HEAD = re.compile(rf'{{"format": {FORMAT}, "study": "([0-9a-f]{{64}})", "cell": (\d+), "block": (\d+), ')
_BEGIN = 200
_FLOAT = np.dtype("<f8")
_SMALL = np.dtype("<f4")


class PieceError(ValueError):
    """Bytes that hold no piece of this study."""


def encode(study: Study, piece: Piece, results: Sequence[RunResult]) -> bytes:
    """A piece as bytes; equal results give equal bytes.

    Parameters
    ----------
    study : Study
        What it belongs to.
    piece : Piece
        Which.
    results : sequence of RunResult
        One for each of its runs, in order, with the measures that are kept.

    Raises
    ------
    ValueError
        When these are not the results of its runs, or not of one shape.
    """
    runs = study.runs_of(piece)
    if [result.key for result in results] != [study.key(run) for run in runs]:
        raise ValueError(f"piece {piece.name}: the results are not those of its runs")
    done = [result for result in results if result.failure is None]
    names = done[0].names if done else ()
    if any(result.names != names for result in done):
        raise ValueError(f"piece {piece.name}: its runs do not have the same measures")
    head: dict[str, Any] = {
        "format": FORMAT,
        "study": study.identity,
        "cell": piece.cell,
        "block": piece.block,
        "names": names,
        "windows": [len(result.values) if result.failure is None else 0 for result in results],
        "failed": [asdict(result.failure) for result in results if result.failure is not None],
    }
    numbers = [_canonical(result.values).tobytes() for result in done]
    if study.settings.get("extra"):
        head["extra"] = [result.extra.shape for result in done]
        numbers += [_canonical(result.extra, _SMALL).tobytes() for result in done]
    return zlib.compress(b"\n".join([json.dumps(head).encode(), b"".join(numbers)]), 1)


def peek(study: Study, data: bytes) -> Piece:
    """Which piece of a study bytes hold, by their beginning.

    Raises
    ------
    PieceError
        When they do not hold a piece of this study.
    """
    try:
        begin = zlib.decompressobj().decompress(data, _BEGIN).decode("ascii", "replace")
    except zlib.error as error:
        raise PieceError(f"not a piece: {error}") from None
    found = _HEAD.match(begin)
    if found is None:
        raise PieceError("not a piece of this version")
    if found[1] != study.identity:
        raise PieceError("a piece of another study or version")
    return Piece(int(found[2]), int(found[3]))


def decode(study: Study, data: bytes) -> Runs:
    """The runs of a piece.

    Raises
    ------
    PieceError
        When the bytes do not hold a piece of this study.
    """
    piece = peek(study, data)
    try:
        first, numbers = zlib.decompress(data).split(b"\n", 1)
        head = json.loads(first)
        names, windows = tuple(head["names"]), head["windows"]
        size = sum(windows) * len(names) * 3
        values = np.frombuffer(numbers, _FLOAT, size).reshape(sum(windows), len(names), 3)
        extra = _extra(piece, study, head, numbers[size * _FLOAT.itemsize :])
        failed = [Failed(study.cells[piece.cell].name, Failure(**failure)) for failure in head["failed"]]
    except (ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
        raise PieceError(f"not a piece: {error}") from None
    run = np.repeat(np.array(study.runs_of(piece), dtype=np.int64), windows)
    return Runs(
        names=names,
        cell=np.full(len(run), piece.cell, dtype=np.int64),
        run=run,
        draw=np.array([study.key(int(r))[0] for r in run], dtype=np.int64),
        window=np.concatenate([np.arange(n, dtype=np.int64) for n in windows]),
        values=values,
        failed=failed,
        extra=extra,
    )


def _extra(piece: Piece, study: Study, head: Mapping[str, Any], data: bytes) -> Tables:
    """Extra outputs of the runs that did not fail, which stand after the measures."""
    done = [run for run, windows in zip(study.runs_of(piece), head["windows"], strict=True) if windows]
    shapes = [tuple(shape) for shape in head.get("extra", [])]
    ends = np.cumsum([0, *(rows * columns for rows, columns in shapes)])
    numbers = np.frombuffer(data, _SMALL)
    if len(numbers) != ends[-1] or len(shapes) not in (0, len(done)):
        raise PieceError("numbers that its head does not speak of")
    return {
        (piece.cell, run): numbers[a:b].reshape(shape)
        for run, shape, a, b in zip(done, shapes, ends[:-1], ends[1:], strict=False)
    }


def file_name(piece: Piece, data: bytes) -> str:
    """Name of its file."""
    return f"{piece.name}-{hashlib.sha256(data).hexdigest()}{SUFFIX}"


def named(name: str) -> tuple[Piece, str] | None:
    """Piece and checksum that a file's name promises; None when it is not the name of a piece."""
    found = _NAME.fullmatch(name)
    return None if found is None else (Piece(int(found[1]), int(found[2])), found[3])


def holds(data: bytes, checksum: str) -> bool:
    """Whether bytes are what a name promises."""
    return hashlib.sha256(data).hexdigest() == checksum


def gather(parts: Iterable[Runs], rows: int) -> Runs:
    """Runs of many pieces in one, each number copied once.

    Parameters
    ----------
    parts : iterable of Runs
        Sorted by cell, run and window.
    rows : int
        At least as many as there are.

    Raises
    ------
    ValueError
        When they do not have the same measures.
    """
    names: tuple[str, ...] = ()
    keys = np.empty((4, rows), dtype=np.int64)
    values = room(rows, 0)
    failed: list[Failed] = []
    extra: Tables = {}
    used = 0
    for part in parts:
        failed += part.failed
        extra |= part.extra
        n = len(part.run)
        if not n:
            continue
        if not names:
            names, values = part.names, room(rows, len(part.names))
        elif part.names != names:
            raise ValueError("the pieces of a study do not have the same measures")
        here = slice(used, used + n)
        keys[0, here], keys[1, here], keys[2, here], keys[3, here] = part.cell, part.run, part.draw, part.window
        values[here] = part.values
        used += n
    cell, run, draw, window = keys[:, :used]
    return Runs(names, cell, run, draw, window, values[:used], failed, extra)


def room(rows: int, measures: int) -> Array:
    """Space for values, shape (rows, measures, 3), in which each measure lies in one stretch."""
    return np.empty((measures, 3, rows)).transpose(2, 0, 1)


def _canonical(values: NDArray[Any], kind: np.dtype[Any] = _FLOAT) -> NDArray[Any]:
    """The numbers with one kind of NaN and one kind of zero, so that equal results are equal bytes."""
    found: NDArray[Any] = np.array(values, dtype=kind) + kind.type(0.0)
    found[np.isnan(found)] = np.nan
    return found
