"""Small studies on the fake ward, and what is compared of their folders."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from tests.experiments.fake_ward import fake
from wardsim.experiments.executor import Here
from wardsim.experiments.results import csv_bytes
from wardsim.experiments.study.cells import Cell, Study
from wardsim.experiments.study.runs import Runs
from wardsim.experiments.study.session import Session
from wardsim.scenario.schema import Scenario

BASE = Scenario(name="base")


def study(cells: int = 3, **changes: Any) -> Study:
    """Cells that differ in their beds."""
    wards = [BASE.model_copy(update={"ward": BASE.ward.model_copy(update={"beds": 14 + i})}) for i in range(cells)]
    settings: dict[str, Any] = {
        "kind": "runs", "name": "small", "question": "none", "baseline": BASE, "years": 0.25, "seed": 7, "block": 2,
        "cells": tuple(Cell(f"cell {i}", ward, factors={"ward.beds": 14 + i}) for i, ward in enumerate(wards)),
    }  # fmt: skip
    return Study(**{**settings, **changes})


def every(of: Study, runs: int) -> dict[int, int]:
    """So many runs of each cell."""
    return dict.fromkeys(range(len(of.cells)), runs)


def analyse(session: Session, runs: int) -> None:
    """Make the runs and finish with a table of means."""
    session.need(every(session.study, runs))
    finish(session, session.runs())


def finish(session: Session, runs: Runs) -> None:
    """A table of one row a cell."""
    rows = [
        (i, *(float(runs.column(i, name).value.mean()) for name in runs.names)) if runs.count(i) else (i,)
        for i in range(len(session.study.cells))
    ]
    session.finish({"cells.csv": csv_bytes(("cell", *runs.names), rows)}, {"status": "ok"})


def whole(
    of: Study, folder: Path, runs: int = 4, task: Any = fake, executor: Any = None, **more: Any
) -> dict[str, str]:
    """Run a study to its end; checksums of its files."""
    with Session(of, folder, executor=executor or Here(), task=task, **more) as session:
        analyse(session, runs)
    return sums(folder)


def sums(folder: Path) -> dict[str, str]:
    """Checksums of what is compared: all but the lock, the clock and the manifest that tells it."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".") and path.name not in ("manifest.json", "seconds.csv")
    }
