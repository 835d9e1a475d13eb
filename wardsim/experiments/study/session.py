"""A study at work: runs are asked for, made where they are not stored yet, and read as arrays.

Pieces are made cell by cell. Under `transition` the first cell's pieces leave the saved starts that the same runs of later cells take
up; until the first of them is there, pieces that need the same starts are held back, so that no two workers burn in the same ward.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from ..executor import Batch, Executor, Task
from ..job import Job, RunResult, failed, simulate
from ..plan import cores
from .cells import Piece, Study
from .runs import Runs
from .store import Store, in_order


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is.

    Attributes
    ----------
    pieces_done, pieces : int
        Stored, and asked for so far.
    runs_done, runs : int
        The same in runs.
    failed : int
        Runs that failed, of those made in this session.
    seconds_left : float
        Estimated from the pieces made in this session; NaN while none is.
    """

    pieces_done: int
    pieces: int
    runs_done: int
    runs: int
    failed: int
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Kept:
    """A task whose results are cut down to what is stored, in the worker, so that little travels.

    Attributes
    ----------
    task : callable
        Simulates a job.
    measures : tuple of str
        Kept; empty: all.
    """

    task: Task
    measures: tuple[str, ...]

    def __call__(self, job: Job) -> RunResult:
        """The result with its values only."""
        full = self.task(job)
        slim = RunResult(full.draw, full.replication, full.failure, extra=full.extra, seconds=full.seconds)
        if full.failure is None:
            slim.names = self.measures or full.names
            unknown = [name for name in slim.names if name not in full.names]
            if unknown:
                return failed(job, "measures", KeyError(f"there is no measure {unknown[0]}"))
            slim.values = full.values[:, [full.names.index(name) for name in slim.names]]
            endless = np.isinf(slim.values).any(axis=(0, 2))
            if endless.any():
                name = slim.names[int(endless.argmax())]
                return failed(job, "measures", ValueError(f"measure {name} is infinite"))
        return slim


class Session:
    """The folder of a study, open for work; use it as a context manager.

    Parameters
    ----------
    study : Study
        What is run.
    folder : Path
        Made if need be; its lock is held until the end of the session.
    executor : Executor, optional
        Where the runs are made; left out: processes of this machine, one a processor. An executor that is given is left open.
    task : callable
        Simulates a job; importable by workers.
    cache : str
        Folder of saved starts; "" for none.
    on_progress : callable, optional
        Told at the start of the work and after each piece.

    Raises
    ------
    FolderBusyError
        When somebody else works in the folder (exit code 1).
    StudyChangedError
        When the folder holds another study (exit code 2).
    FolderError
        When it cannot be used.
    """

    def __init__(
        self,
        study: Study,
        folder: Path,
        *,
        executor: Executor | None = None,
        task: Task = simulate,
        cache: str = "",
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.study = study
        self.folder = Path(folder)
        self._executor = executor
        self._own = executor is None
        self._task = task
        self._cache = cache
        self._tell = on_progress
        self._wanted: dict[int, int] = {}
        self._read: tuple[frozenset[Piece], Runs] | None = None
        self._store = Store(study, self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers that the session started, and give the folder back."""
        try:
            if self._own and self._executor is not None:
                self._executor.close()
                self._executor = None
        finally:
            self._store.close()

    @property
    def stored(self) -> frozenset[Piece]:
        """Finished pieces in the folder."""
        return frozenset(self._store.stored)

    @property
    def finished(self) -> bool:
        """Whether the folder holds a finished study."""
        return self._store.finished

    @property
    def lost(self) -> str:
        """Which runs the folder had and cannot give any more, and why; "" when it has all that it should."""
        return self._store.lost

    def need(self, wanted: Mapping[int, int]) -> None:
        """Make the runs that are not stored yet; each piece is stored whole as it finishes.

        Parameters
        ----------
        wanted : mapping of int to int
            Number of runs by place of the cell, rounded up to whole pieces; asking again for fewer takes nothing away.

        Raises
        ------
        KeyboardInterrupt
            Passed on; what is finished is stored.
        FolderError
            When a piece cannot be written.
        """
        for cell, runs in wanted.items():
            if not 0 <= cell < len(self.study.cells):
                raise ValueError(f"the study has no cell {cell}")
            self._wanted[cell] = max(runs, self._wanted.get(cell, 0))
        asked = self._asked()
        stored = self._store.stored
        left = [piece for piece in asked if piece not in stored]
        watch = Watch(len(asked), len(asked) - len(left), self.study.block, self._tell)
        watch.tell()
        if left:
            self._make(left, watch)

    def runs(self) -> Runs:
        """The runs asked for so far in this session (all that are stored, when none were), sorted by cell, run and window.

        What else is stored, from an attempt that got further, is left out: the same calls give the same arrays.
        """
        pieces = frozenset(self._asked() if self._wanted else self._store.stored)
        if self._read is None or self._read[0] != pieces:
            self._read = None
            self._read = pieces, self._store.runs(pieces)
        return self._read[1]

    def day(self) -> bytes | None:
        """day.csv: a day of the first run of the first cell, made again as far as that; None where the task brings none."""
        from ..day import day_of

        return day_of(self.study.job(0, 0, cache=self._cache), self._task)

    def finish(self, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
        """Compact the runs into `runs.parquet`, write the tables, and the manifest with checksums last; may be called again.

        Parameters
        ----------
        files : mapping of str to bytes
            Tables of the analysis by file name.
        manifest : mapping
            What the manifest says besides; what depends on machine or clock belongs under `run_environment`.
        """
        self._store.finish(self._asked() if self._wanted else self._store.stored, files, manifest)

    def again(self) -> int:
        """Make the pieces in which runs failed once more, now; how many these are."""
        bad = [piece for piece in in_order(self._store.stored) if self._store.load(piece).failed]
        for piece in bad:
            self._store.forget(piece)
        self._read = None
        if bad:
            self._make(bad, Watch(len(bad), 0, self.study.block, self._tell))
        return len(bad)

    def _asked(self) -> list[Piece]:
        return self.study.pieces(self._wanted)

    def _make(self, pieces: Sequence[Piece], watch: Watch) -> None:
        if self._executor is None:
            from ..local import Processes

            self._executor = Processes(cores())
        make(self._store, pieces, self._executor, self._task, self._cache, watch.saw)


def make(
    store: Store,
    pieces: Sequence[Piece],
    executor: Executor,
    task: Task,
    cache: str,
    told: Callable[[list[RunResult]], None],
) -> None:
    """Make pieces and store each as it finishes.

    Parameters
    ----------
    store : Store
        Open.
    pieces : sequence of Piece
        To make.
    executor, task, cache
        Where, how, and the folder of saved starts.
    told : callable
        Gets the results of each piece once they are stored.
    """
    order = _Order(store.study, pieces, cache)
    left = set(pieces)
    with closing(executor.run(order, Kept(task, store.study.measures))) as results:
        for key, found in results:
            assert isinstance(key, Piece)
            order.done(key)
            store.keep(key, found)
            left.discard(key)
            told(found)
    if left:
        raise RuntimeError(f"the executor lost {len(left)} pieces")


class _Order:
    """Batches in the order in which they are handed out; None while all that are left wait for a start that is being made."""

    def __init__(self, study: Study, pieces: Sequence[Piece], cache: str) -> None:
        self._study = study
        self._cache = cache
        self._waiting = list(reversed(pieces))
        self._held: list[Piece] = []
        self._hold = study.estimand == "transition" and bool(cache)
        self._there: set[tuple[int, int]] = set()
        self._making: dict[tuple[int, int], Piece] = {}

    def __iter__(self) -> Iterator[Batch | None]:
        while self._waiting or self._held:
            piece = self._next()
            yield None if piece is None else self._batch(piece)

    def done(self, piece: Piece) -> None:
        """A piece is finished, and so are the starts of its runs."""
        start = self._start(piece)
        if self._making.get(start) == piece:
            del self._making[start]
            self._there.add(start)

    def _next(self) -> Piece | None:
        for i, piece in enumerate(self._held):
            if self._start(piece) not in self._making:
                return self._take(self._held.pop(i))
        while self._waiting:
            piece = self._waiting.pop()
            if self._start(piece) not in self._making:
                return self._take(piece)
            self._held.append(piece)
        return None

    def _take(self, piece: Piece) -> Piece:
        start = self._start(piece)
        if self._hold and start not in self._there:
            self._making[start] = piece
        return piece

    def _start(self, piece: Piece) -> tuple[int, int]:
        """Pieces of equal value take up the same saved starts."""
        return id(self._study.cells[piece.cell].baseline), piece.block

    def _batch(self, piece: Piece) -> Batch:
        return Batch(
            piece, tuple(self._study.job(piece.cell, run, cache=self._cache) for run in self._study.runs_of(piece))
        )


class Watch:
    """Counts pieces and says how far they are."""

    def __init__(self, pieces: int, done: int, block: int, tell: Callable[[Progress], None] | None) -> None:
        self._pieces, self._done, self._block, self._tell = pieces, done, block, tell
        self._at_start = done
        self._failed = 0
        self._begun = time.monotonic()

    def saw(self, results: Sequence[RunResult]) -> None:
        """Count one piece."""
        self._done += 1
        self._failed += sum(result.failure is not None for result in results)
        self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        if self._tell is None:
            return
        made = self._done - self._at_start
        elapsed = time.monotonic() - self._begun
        left = elapsed / made * (self._pieces - self._done) if made else float("nan")
        runs = self._done * self._block
        self._tell(Progress(self._done, self._pieces, runs, self._pieces * self._block, self._failed, left))
