"""A study made by many independent processes, such as the tasks of an array job, that share one folder.

    plan_study(study, folder, chunks)     study.json and plan.json: which pieces, in how many chunks
    work_chunk(folder, chunk)             makes the pieces of one chunk; any number side by side, each any number of times
    collect(folder, analysis)             sees that all is there, analyses, compacts

A chunk holds the same runs of all cells, as far as it goes, so that each makes its own saved starts and takes them up again. Pieces
are stored whole under their own names: chunks do not meet. Each chunk has a lock of its own, so that two tasks with the same number
do not do the same work, and the folder as a whole is not compacted while a chunk is being worked on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..executor import Executor, Here, Task
from ..job import RunResult, simulate
from ..quoted import quoted
from ..results import MANIFEST, FolderError, json_bytes, sync_folder, write_whole
from .cells import Piece, Study
from .finished import Finished
from .folder import PLAN, TABLE, DamagedError, read_study, writing
from .session import Progress, Session, Watch, make
from .store import Store


@dataclass(frozen=True)
class Plan:
    """How a study is divided.

    Attributes
    ----------
    study : Study
        What is run.
    chunks : int
        Number of chunks.
    wanted : mapping of int to int
        Runs by place of the cell.
    """

    study: Study
    chunks: int
    wanted: Mapping[int, int]

    def pieces(self) -> list[Piece]:
        """All pieces, in the order in which they are divided."""
        return sorted(self.study.pieces(self.wanted), key=lambda piece: (piece.block, piece.cell))

    def chunk(self, number: int) -> list[Piece]:
        """Pieces of one chunk; chunks differ by one piece at most.

        Raises
        ------
        ValueError
            When there is no such chunk.
        """
        if not 0 <= number < self.chunks:
            raise ValueError(f"there is no chunk {number}: this study has chunks 0 to {self.chunks - 1}")
        pieces = self.pieces()
        at = [len(pieces) * i // self.chunks for i in (number, number + 1)]
        return sorted(pieces[at[0] : at[1]], key=lambda piece: (piece.cell, piece.block))


def plan_study(study: Study, folder: Path, chunks: int, wanted: Mapping[int, int]) -> Plan:
    """Lay out a study in a folder, to be made in chunks.

    Parameters
    ----------
    study : Study
        What is run.
    folder : Path
        New, or of the same study.
    chunks : int
        How many.
    wanted : mapping of int to int
        Runs by place of the cell.

    Raises
    ------
    FolderError
        When it cannot be written, or somebody works in it.
    StudyChangedError
        When the folder holds another study.
    """
    plan = Plan(study, max(1, min(chunks, len(study.pieces(wanted)))), dict(wanted))
    with closing(Store(study, folder)), writing(folder):
        content = {
            "format": 1, "study": study.identity, "chunks": plan.chunks, "wanted": [[c, n] for c, n in sorted(wanted.items())],
        }  # fmt: skip
        write_whole(folder / PLAN, json_bytes(content))
        sync_folder(folder)
    return plan


def read_plan(folder: Path) -> Plan:
    """The plan of a folder.

    Raises
    ------
    FolderError
        When there is none, or it is damaged.
    StudyChangedError
        When it was made with other versions.
    """
    study = read_study(folder)
    path = folder / PLAN
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != 1 or found["study"] != study.identity:
            raise ValueError("of another study")
        wanted = {int(cell): int(runs) for cell, runs in found["wanted"]}
        if not all(0 <= cell < len(study.cells) for cell in wanted):
            raise ValueError("of another study")
        return Plan(study, int(found["chunks"]), wanted)
    except FileNotFoundError:
        raise FolderError(f"{folder} holds no plan; `wardsim plan` makes one") from None
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(f"{path} is damaged ({error}); `wardsim plan` makes it again") from None


def work_chunk(
    folder: Path,
    chunk: int,
    *,
    executor: Executor | None = None,
    task: Task = simulate,
    cache: str = "",
    on_progress: Callable[[Progress], None] | None = None,
) -> int:
    """Make the pieces of one chunk that are not there yet.

    Parameters
    ----------
    folder : Path
        Planned.
    chunk : int
        Counted from 0.
    executor, task, cache, on_progress
        As of a `Session`; without an executor the runs are made in this process.

    Returns
    -------
    int
        Runs that failed in this call.

    Raises
    ------
    FolderError
        When the folder cannot be used or somebody works on the same chunk.
    """
    plan = read_plan(folder)
    asked = plan.chunk(chunk)
    failed: list[RunResult] = []
    with closing(Store(plan.study, folder, chunk=chunk, only=asked)) as store:
        left = [piece for piece in asked if piece not in store.stored]
        watch = Watch(len(asked), len(asked) - len(left), plan.study.block, on_progress)
        watch.tell()

        def told(results: list[RunResult]) -> None:
            failed.extend(result for result in results if result.failure is not None)
            watch.saw(results)

        if left:
            make(store, left, executor or Here(), task, cache, told)
    return len(failed)


def missing(plan: Plan, stored: Collection[Piece]) -> dict[int, list[Piece]]:
    """Pieces of a plan that are not stored, by chunk."""
    gaps = {i: [piece for piece in plan.chunk(i) if piece not in stored] for i in range(plan.chunks)}
    return {i: pieces for i, pieces in gaps.items() if pieces}


class IncompleteError(FolderError):
    """Pieces of a plan are missing.

    Parameters
    ----------
    folder : Path
        Of the study.
    gaps : mapping of int to list of Piece
        As of `missing`.
    total : int
        Pieces planned.
    """

    exit_code = 3

    def __init__(self, folder: Path, gaps: Mapping[int, list[Piece]], total: int) -> None:
        super().__init__(folder, gaps, total)
        self.folder = folder
        self.gaps = gaps
        self.total = total

    def __str__(self) -> str:
        lost = sum(map(len, self.gaps.values()))
        chunks = ", ".join(f"{i} ({len(pieces)})" for i, pieces in list(self.gaps.items())[:20])
        more = f" and {len(self.gaps) - 20} chunks more" if len(self.gaps) > 20 else ""
        place = quoted(self.folder)
        return (
            f"{lost} of {self.total} pieces are missing, by chunk: {chunks}{more}; "
            f"`wardsim worker {place} --chunk I` makes them, or `wardsim resume {place}` all of them here"
        )


def collect(folder: Path, analysis: Callable[[Session], Finished], **session: Any) -> Finished:
    """See that every planned piece is there, then analyse and compact.

    Parameters
    ----------
    folder : Path
        Planned, or finished already.
    analysis : callable
        As of `kinds.analysis_of`.
    **session
        What `Session` takes.

    Raises
    ------
    IncompleteError
        When pieces are missing (exit code 3).
    FolderBusyError
        When chunks are still being worked on.
    """
    finished = not (folder / PLAN).exists() and any((folder / name).exists() for name in (TABLE, MANIFEST))
    plan = None if finished else read_plan(folder)
    with Session(read_study(folder), folder, **session) as opened:
        if plan is not None:
            gaps = missing(plan, opened.stored)
            if gaps:
                raise IncompleteError(folder, gaps, len(plan.pieces()))
        return analysis(opened)
