"""The reduced calibration made again beside the stored one (`wardsim reproduce calibration --reduced`).

With the same versions of everything each table must be the same byte for byte. Elsewhere rounding sends optimisers, chains and single
runs other ways, so that only the statement must be the same: posterior medians within half of the posterior's own spread, its width
within a factor of 1.6, simulated figures within a third of their predictive interval.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wardsim.experiments.reproduce.check import CLOSE, DIFFERENT, EXACT, MOST, Compared

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor

    from .waves import Tell

STUDY = "calibrate"
"""In place of a study file in `reference.json`."""
TABLES = ("posterior/draws.csv", "report/parameters.csv", "report/targets.csv", "report/diagnostics.json")
"""What is kept of a calibration, by their place in its folder; kept under the last part of the name."""
MOVED, WIDER, STRAYED = 0.5, 1.6, 0.33
Rows = list[dict[str, str]]


def make(place: Path, *, executor: Executor, processes: int, tell: Tell = lambda _: None) -> None:
    """Make the reduced calibration in a folder.

    Raises
    ------
    CalibrationError
        When it cannot be made.
    """
    from wardsim.experiments.sensitivity.emulator import quietly

    from .conduct import calibrate
    from .report import find
    from .shipped import keep, prepare

    waves = place / "waves"
    job = prepare(reduced=True, waves=waves, executor=executor, tell=tell)
    found = calibrate(job.simulator, job.judge, job.plan, waves, processes=processes, tell=tell)
    with quietly():
        keep(job, found, find(found, job.labels, notes=job.notes, layers=job.layers, processes=processes), place)


def tables(place: Path) -> dict[str, bytes]:
    """The tables of a calibration by name."""
    return {Path(name).name: (place / name).read_bytes() for name in TABLES}


def compare(reference: Mapping[str, bytes], made: Mapping[str, bytes], *, same_versions: bool) -> list[Compared]:
    """Compare tables with those stored.

    Parameters
    ----------
    reference, made : mapping of str to bytes
        By name.
    same_versions : bool
        Everything that decides the numbers is the same: only equal bytes will do.
    """
    found = []
    for name, old in reference.items():
        new = made[name]
        if old == new:
            found.append(Compared(name, EXACT))
        elif same_versions:
            found.append(Compared(name, DIFFERENT, ("not the same bytes with the same versions",)))
        else:
            look = {"parameters.csv": _parameters, "targets.csv": _targets}.get(name)
            said = look(_rows(old), _rows(new)) if look else []
            found.append(Compared(name, DIFFERENT if said else CLOSE, tuple(said[:MOST])))
    return found


def _rows(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def _parameters(old: Rows, new: Rows) -> list[str]:
    if [r["parameter"] for r in old] != [r["parameter"] for r in new]:
        return ["other parameters"]
    said = []
    for a, b in zip(old, new, strict=True):
        wide, now = (float(r["high"]) - float(r["low"]) for r in (a, b))
        moved = abs(float(a["median"]) - float(b["median"])) / (wide / 3.29)
        if moved > MOVED or not 1 / WIDER <= now / wide <= WIDER:
            said.append(f"{a['parameter']}: median moved by {moved:.2f} posterior SD, interval {now / wide:.2f} times as wide")
    return said


def _targets(old: Rows, new: Rows) -> list[str]:
    if [r["target"] for r in old] != [r["target"] for r in new]:
        return ["other targets"]
    said = []
    for a, b in zip(old, new, strict=True):
        moved = abs(float(a["simulated"]) - float(b["simulated"])) / max(float(a["high"]) - float(a["low"]), 1e-9)
        if moved > STRAYED:
            said.append(f"{a['target']}: {float(b['simulated']):.3g} where the reference has {float(a['simulated']):.3g}")
    return said
