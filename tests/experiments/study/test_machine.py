"""T5: any sequence of appending, crashing, reopening, resuming, finishing, damaging, changing the study and opening twice."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("hypothesis")

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.experiments.fake_ward import fails_at_3
from tests.experiments.study.small import finish, study, sums, whole
from tests.experiments.study.test_bytes import Shuffled
from wardsim.experiments.study.cells import Piece
from wardsim.experiments.study.changed import StudyChangedError
from wardsim.experiments.study.lock import FolderBusyError
from wardsim.experiments.study.session import Session

OF = study(2)
OTHERS = [study(2, seed=8), study(3), study(2, years=0.5), study(2, measures=("occupancy",))]
CELLS = st.integers(0, 1)
RUNS = st.integers(1, 6)
PLACES = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None


class Crash(BaseException):
    """The process is gone."""


@cache
def expected(cell: int, run: int):
    """What a run gives."""
    return fails_at_3(OF.job(cell, run))


@cache
def clean() -> dict[str, str]:
    """Files of a study that was left in peace."""
    with tempfile.TemporaryDirectory(dir=PLACES) as folder:
        return whole(OF, Path(folder) / "a", 6, fails_at_3)


class Life(RuleBasedStateMachine):
    """A folder and what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp(dir=PLACES))
        self.folder = self.top / "study"
        self.session: Session | None = None
        self.stored: set[Piece] = set()
        self.needed: dict[int, int] = {}
        self.made = 0

    def teardown(self) -> None:
        if self.session is not None:
            self.session.close()
        assert whole(OF, self.folder, 6, fails_at_3) == clean()
        shutil.rmtree(self.top)

    def begun(self) -> bool:
        return (self.folder / "study.json").exists()

    @precondition(lambda self: self.session is None)
    @rule(seed=st.integers(0, 99))
    def open(self, seed):
        self.session = Session(OF, self.folder, executor=Shuffled(seed), task=fails_at_3, on_progress=self.heard)
        self.needed = {}
        assert self.stored <= self.session.stored
        self.stored = set(self.session.stored)

    def heard(self, progress):
        self.made = progress.pieces_done

    @precondition(lambda self: self.session is not None)
    @rule(cell=CELLS, runs=RUNS)
    def need(self, cell, runs):
        self.session.need({cell: runs})
        self.needed[cell] = max(runs, self.needed.get(cell, 0))
        self.stored |= set(OF.pieces(self.needed))
        assert self.stored == self.session.stored

    @precondition(lambda self: self.session is not None)
    @rule(cell=CELLS, runs=RUNS, nth=st.integers(1, 8), after=st.booleans(), ending=st.booleans())
    def crash(self, cell, runs, nth, after, ending):
        """The process ends before or after the n-th file gets its name; nothing is cleared away. Its lock is the system's."""
        real, session, seen = os.replace, self.session, 0

        def replace(source, target, **more):
            nonlocal seen
            seen += 1
            if seen < nth:
                return real(source, target, **more)
            if after:
                real(source, target, **more)
            raise Crash

        def unlink(path, **more):
            if seen < nth:
                real_unlink(path, **more)

        real_unlink = os.unlink
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", replace)
            patch.setattr(os, "unlink", unlink)
            try:
                session.need({cell: runs})
                self.needed[cell] = max(runs, self.needed.get(cell, 0))
                if ending and session.runs().names:
                    finish(session, session.runs())
                    self.stored = set(OF.pieces(self.needed))
            except Crash:
                compacted = ending and (self.folder / "manifest.json").exists()
                self.stored = set() if compacted else self.stored
        session._store._lock._lock.release()
        self.session = None

    @precondition(lambda self: self.session is not None and self.needed)
    @rule()
    def compact(self):
        finish(self.session, self.session.runs())
        self.stored = set(OF.pieces(self.needed))
        assert self.session.stored == self.stored
        assert not (self.folder / "pieces").exists()
        assert {"runs.parquet", "cells.csv", "study.json"} == set(sums(self.folder))

    @precondition(lambda self: self.session is not None)
    @rule()
    def close(self):
        self.session.close()
        self.session = None

    @precondition(lambda self: self.session is not None)
    @rule(other=st.integers(0, 4))
    def open_twice(self, other):
        with pytest.raises(FolderBusyError):
            Session([OF, *OTHERS][other], self.folder)

    @precondition(lambda self: self.session is None and self.begun())
    @rule(other=st.integers(0, 3))
    def change(self, other):
        with pytest.raises(StudyChangedError):
            Session(OTHERS[other], self.folder)

    @precondition(lambda self: self.session is None and self.begun())
    @rule(which=st.integers(0, 99), at=st.integers(0, 10_000), cut=st.booleans())
    def damage(self, which, at, cut):
        """A stored piece, or the table, is cut short or has a bit flipped."""
        paths = sorted(self.folder.glob("pieces/*.piece")) + sorted(self.folder.glob("runs.parquet"))
        if not paths:
            return
        path = paths[which % len(paths)]
        data = bytearray(path.read_bytes())
        if not data:
            return
        at %= len(data)
        data[at] ^= 16
        path.write_bytes(data[:at] if cut else data)
        if path.name == "runs.parquet":
            self.stored = set()
        else:
            cell, block, _ = path.name.split("-")
            self.stored.discard(Piece(int(cell), int(block)))

    @invariant()
    def reads_what_the_runs_gave(self):
        if self.session is None or not self.needed:
            return
        runs = self.session.runs()
        numbers = [(p.cell, r) for p in OF.pieces(self.needed) for r in OF.runs_of(p)]
        good = [key for key in numbers if expected(*key).failure is None]
        assert list(zip(runs.cell.tolist(), runs.run.tolist(), strict=True)) == good
        assert [(f.cell, f.failure) for f in runs.failed] == [
            (OF.cells[c].name, expected(c, r).failure) for c, r in numbers if (c, r) not in good
        ]
        for row, key in enumerate(good):
            assert np.array_equal(runs.values[row], expected(*key).values[0], equal_nan=True)


def live(examples: int, steps: int) -> None:
    """Without shrinking: what was found is printed step by step, and a long search for the shortest story helps nobody who waits."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.property
def test_lives_of_a_folder():
    live(12, 30)


@pytest.mark.slow
def test_many_long_lives_of_a_folder():
    live(200, 50)
