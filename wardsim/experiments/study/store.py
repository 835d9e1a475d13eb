"""The folder of a study.

    study.json            what is run, its identity and versions
    pieces/               one file a finished piece, named by piece and checksum
    runs.parquet          all runs, once the study is finished; the pieces are gone then
    (tables of the analysis)
    manifest.json         last of all, with the checksum of every other file
    seconds.csv           what each run took: not part of what is compared
    .study.lock, .json    who works here

What is in the folder under its own name is whole. A piece is there or it is not; one whose bytes are not what its name promises is
thrown away and made again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..extra import file_of, read_extra, write_extra
from ..job import RunResult
from ..results import MANIFEST, TEMPORARY, FolderError, json_bytes, open_whole, sync_folder, write_whole
from .cells import Piece, Study
from .changed import StudyChangedError, differences
from .folder import (
    OWN,
    PIECES,
    PLAN,
    SECONDS,
    STUDY,
    TABLE,
    DamagedError,
    checksum,
    counted,
    describe,
    listed,
    make_ready,
    read_description,
    versions,
    writing,
)
from .lock import MAIN, FolderBusyError, FolderLock
from .pieces import PieceError, decode, encode, file_name, gather, holds, named, peek
from .runs import Runs
from .table import Place, pieces_in, read_table, write_table


class Store:
    """The folder of one study, open for work.

    Parameters
    ----------
    study : Study
        What is run.
    folder : Path
        Made if need be.
    chunk : int, optional
        Chunk of a plan that is worked on beside others; left out: the folder is this process's alone.
    only : collection of Piece
        Pieces of that chunk.

    Raises
    ------
    FolderBusyError
        When somebody works in it.
    StudyChangedError
        When it holds another study.
    FolderError
        When it cannot be used.
    """

    def __init__(self, study: Study, folder: Path, *, chunk: int | None = None, only: Collection[Piece] = ()) -> None:
        self.study = study
        self.folder = folder
        self._pieces = folder / PIECES
        self._files: dict[Piece, Path] = {}
        self._table: Runs | None = None
        self._tabled: dict[Piece, Place] = {}
        self._compact = 0
        self._finished = False
        self._lost = ""
        self._shared = chunk is not None
        self._only = frozenset(only)
        self._extra = file_of(study.settings["extra"]) if study.settings.get("extra") else ""
        with writing(folder):
            make_ready(folder, study)
        self._lock = FolderLock(folder, MAIN if chunk is None else f"chunk-{chunk:05d}")
        self._lock.acquire()
        try:
            with writing(folder):
                self._open()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Give the folder back."""
        self._lock.release()

    @property
    def stored(self) -> set[Piece]:
        """Pieces that are finished."""
        return {*self._files, *self._tabled}

    @property
    def finished(self) -> bool:
        """Whether the runs are compacted and the manifest is written."""
        return self._finished

    @property
    def lost(self) -> str:
        """What was wrong with the compacted runs when the folder was opened, and what comes of it; "" for nothing."""
        return self._lost

    def keep(self, piece: Piece, results: Sequence[RunResult]) -> None:
        """Store a finished piece, whole and on the disk when this returns.

        Raises
        ------
        FolderError
            When it cannot be written.
        """
        data = encode(self.study, piece, results)
        path = self._pieces / file_name(piece, data)
        with writing(self.folder):
            self._pieces.mkdir(exist_ok=True)  # finishing takes it away
            write_whole(path, data)
            sync_folder(self._pieces)
        self._files[piece] = path
        with suppress(OSError), (self.folder / SECONDS).open("a", encoding="utf-8") as stream:
            stream.write("".join(f"{piece.cell},{r.replication},{r.seconds:.4f}\n" for r in results))

    def load(self, piece: Piece) -> Runs:
        """The runs of a finished piece.

        Raises
        ------
        DamagedError
            When it was damaged since it was found whole.
        """
        if piece in self._tabled:
            whole = self._compacted()
            part = _part(whole, *self._tabled[piece])
            mine = ((piece.cell, run) for run in self.study.runs_of(piece))
            return replace(part, extra={key: whole.extra[key] for key in mine if key in whole.extra})
        path = self._files[piece]
        promised = named(path.name)
        data = None if promised is None else _bytes(path, promised[1])
        if data is None:
            raise DamagedError(f"{path} was damaged while it was in use; the same command again makes it again")
        return decode(self.study, data)

    def runs(self, pieces: Iterable[Piece]) -> Runs:
        """Runs of finished pieces, sorted by cell, run and window."""
        wanted = in_order(pieces)
        if wanted and len(self._tabled) == self._compact and set(wanted) == set(self._tabled):
            return self._compacted()
        rows = len(wanted) * self.study.block * max(1, len(self.study.job(0, 0).windows()))
        return gather(map(self.load, wanted), rows)

    def forget(self, piece: Piece) -> None:
        """Forget a piece, so that it is made again."""
        with writing(self.folder):
            self._tabled.pop(piece, None)
            path = self._files.pop(piece, None)
            if path is not None:
                path.unlink(missing_ok=True)

    def finish(self, pieces: Iterable[Piece], files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
        """Compact the runs, write the tables, then the manifest; the same call again leaves the same files.

        Raises
        ------
        FolderError
            When something cannot be written; what was there before is intact.
        """
        for name in files:
            if name in {*OWN, self._extra} or name.startswith(".") or Path(name).name != name:
                raise ValueError(f"a table cannot be called {name!r}")
        wanted = in_order(pieces)
        with writing(self.folder):
            before = set(listed(self.folder))
            with open_whole(self.folder / TABLE) as stream:
                write_table(stream, self.study, self._names(wanted), self._by_cell(wanted))
            if self._extra:
                tables = self.runs(wanted).extra
                with open_whole(self.folder / self._extra) as stream:
                    write_extra(stream, self.study.settings["extra"], tables)
            for name, content in files.items():
                write_whole(self.folder / name, content)
            own = [STUDY, TABLE, *([self._extra] if self._extra else [])]
            sums = {name: checksum(self.folder / name) for name in sorted([*own, *files])}
            environment = {"written_at": datetime.now(UTC).isoformat(timespec="seconds"), **self._taken()}
            whole = {
                "schema_version": 1, "kind": self.study.kind, "name": self.study.name, "identity": self.study.identity,
                "versions": versions(self.study.parameters), **manifest, "files": sums,
                "run_environment": {**environment, **manifest.get("run_environment", {})},
            }  # fmt: skip
            write_whole(self.folder / MANIFEST, json_bytes(whole))
            sync_folder(self.folder)
            self._look_at_table()
            old = [PLAN, *(before - set(sums)), *(path.name for path in self.folder.glob(".chunk-*"))]
            for path in [*(self.folder / name for name in old), *self._files.values()]:
                path.unlink(missing_ok=True)
            self._files.clear()
            with suppress(OSError):
                self._pieces.rmdir()

    def _open(self) -> None:
        self._nobody_else()
        if not self._shared:
            for place in (self.folder, self._pieces):
                for path in place.glob(f"{TEMPORARY}*"):
                    path.unlink(missing_ok=True)
        path = self.folder / STUDY
        mine = describe(self.study)
        if path.is_file():
            other = read_description(self.folder)
            if other["identity"] != mine["identity"]:
                raise StudyChangedError(self.folder, differences(other, mine))
        elif self._shared:
            raise FolderError(f"{self.folder} holds no study; `wardsim plan` makes one")
        self._pieces.mkdir(exist_ok=True)
        self._look_at_table()
        self._look_at_pieces()
        self._lost = "" if self._finished else self._what_is_lost()
        if not path.is_file():
            write_whole(path, (json.dumps(mine, ensure_ascii=False) + "\n").encode())
            sync_folder(self.folder)

    def _nobody_else(self) -> None:
        """Refuse when chunks of it are being worked on, or, as a chunk, when all of it is."""
        others = [MAIN] if self._shared else [path.name[1:-5] for path in self.folder.glob(".chunk-*.lock")]
        for name in others:
            other = FolderLock(self.folder, name)
            if other.held():
                raise FolderBusyError(self.folder, other.holder())

    def _look_at_table(self) -> None:
        """Take up the compacted runs, if the manifest says that these are the ones."""
        sums = listed(self.folder, self.study.identity)
        path = self.folder / TABLE
        if TABLE not in sums or not path.is_file() or checksum(path) != sums[TABLE]:
            return
        extra = self.folder / self._extra
        if self._extra and (self._extra not in sums or not extra.is_file() or checksum(extra) != sums[self._extra]):
            return
        self._table = None  # read when it is asked for
        self._tabled = pieces_in(path, self.study)
        self._compact = len(self._tabled)
        self._finished = True

    def _what_is_lost(self) -> str:
        """Why a folder that was finished has no runs any more, in words; "" when it never was."""
        told = listed(self.folder, self.study.identity)
        for name in (TABLE, self._extra):
            if name and name in told:
                path = self.folder / name
                if path.is_file() and checksum(path) == told[name]:
                    continue
                runs = counted(self.folder)
                left = None if runs is None else max(0, runs - len(self._files) * self.study.block)
                many = "its runs are" if left is None else f"{left} run{' is' if left == 1 else 's are'}"
                return f"{path} is {'damaged' if path.is_file() else 'missing'}: {many} made again"
        if (self.folder / TABLE).is_file() and not self._files:  # else it was interrupted before the manifest
            return f"{self.folder / MANIFEST} is missing or damaged, so {TABLE} cannot be trusted: its runs are made again"
        return ""

    def _compacted(self) -> Runs:
        if self._table is None:
            self._table = read_table(self.folder / TABLE, self.study)
            if self._extra:
                self._table.extra.update(read_extra(self.folder / self._extra, self.study.settings["extra"]))
        return self._table

    def _look_at_pieces(self) -> None:
        """Find the pieces that are whole; the others are thrown away."""
        for path in sorted(self._pieces.iterdir()):
            promised = named(path.name)
            if promised is None or (self._shared and promised[0] not in self._only):
                continue
            if promised[0] not in self._files and _is_whole(self.study, path, *promised):
                self._files[promised[0]] = path
                self._tabled.pop(promised[0], None)
            else:
                path.unlink(missing_ok=True)

    def _names(self, pieces: Sequence[Piece]) -> tuple[str, ...]:
        return next((runs.names for runs in map(self.load, pieces) if runs.names), ())

    def _by_cell(self, pieces: Sequence[Piece]) -> Iterator[Runs]:
        cells: dict[int, list[Piece]] = {}
        for piece in pieces:
            cells.setdefault(piece.cell, []).append(piece)
        for own in cells.values():
            yield self.runs(own)

    def _taken(self) -> dict[str, Any]:
        """What the runs took, as far as it is known."""
        try:
            lines = (self.folder / SECONDS).read_text(encoding="utf-8").splitlines()
            seconds = [float(line.rsplit(",", 1)[1]) for line in lines]
        except (OSError, ValueError, IndexError):
            return {}
        return {"run_seconds": round(sum(seconds), 1), "seconds_per_run": round(sum(seconds) / max(1, len(seconds)), 4)}


def in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces by cell and block."""
    return sorted(pieces, key=lambda piece: (piece.cell, piece.block))


def _bytes(path: Path, checksum: str) -> bytes | None:
    """A piece's bytes; None when they are not what its name promises."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FolderError(f"cannot read {path}: {error.strerror or error}") from None
    return data if holds(data, checksum) else None


def _is_whole(study: Study, path: Path, piece: Piece, checksum: str) -> bool:
    """Whether a file is the piece that its name promises.

    Raises
    ------
    FolderError
        When it is whole and belongs to another study.
    """
    data = _bytes(path, checksum)
    if data is None:
        return False
    try:
        return peek(study, data) == piece
    except PieceError as error:
        raise FolderError(f"{path}: {error}; give another folder") from None


def _part(runs: Runs, rows: slice, failures: slice) -> Runs:
    return Runs(
        runs.names, runs.cell[rows], runs.run[rows], runs.draw[rows], runs.window[rows], runs.values[rows], runs.failed[failures]
    )  # fmt: skip
