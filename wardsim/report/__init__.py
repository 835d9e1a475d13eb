"""The report: one HTML file made of a results folder, and its figures. Nothing is simulated and no result is worked out here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .figures.drawn import Drawn

from .source import CALIBRATE, REPORT, ReportError, Source, read

__all__ = ["REPORT", "ReportError", "add_report", "figure_of", "figures_of", "report_of"]


def report_of(folder: Path) -> bytes:
    """The report of a finished results folder.

    Parameters
    ----------
    folder : Path
        Of run, compare, sweep, sensitivity, optimise, population or calibrate.

    Raises
    ------
    ReportError
        When it holds no finished results, or they are damaged.
    """
    return _made(read(Path(folder)))


def figures_of(folder: Path) -> list[Drawn]:
    """The figures of the report of a folder, in order; each can be shown in a notebook or saved.

    Raises
    ------
    ReportError
        When it holds no finished results, or they are damaged.
    """
    from .figures.drawn import Drawn
    from .page import parts_of
    from .result import result_of

    parts = parts_of(result_of(read(Path(folder))))
    return [block for part in parts for block in part.blocks if isinstance(block, Drawn)]


def figure_of(folder: Path, measure: str) -> Drawn:
    """Any measure of a run, a comparison or a sweep: its difference in every option (its level in a run, and where the reference has no value)
    with the three ranges.

    Raises
    ------
    ReportError
        When the folder holds no finished results, or not this measure.
    """
    from wardsim.measures import MEASURES

    from .parts.sure import ranges_of
    from .result import result_of

    source = read(Path(folder))
    result = result_of(source)
    drawn = ranges_of(result, MEASURES[measure]) if measure in MEASURES and source.kind in ("run", "compare", "sweep") else None
    if drawn is None:
        held = sorted({name for one in result.alternatives for name in one.levels})
        raise ReportError(f"{folder} holds no measure {measure}" + (f"; it holds {', '.join(held[:8])} ..." if held else ""))
    return drawn


def add_report(folder: Path) -> Path:
    """Make the report of a folder, write it there and list it with its checksum in the manifest; where it is.

    Raises
    ------
    ReportError
        When the folder holds no finished results, or they are damaged.
    FolderBusyError
        When somebody else works in the folder.
    FolderError
        When it cannot be written.
    """
    from wardsim.experiments.results import MANIFEST, json_bytes, write_whole
    from wardsim.experiments.study.folder import writing
    from wardsim.experiments.study.lock import FolderLock

    folder = Path(folder)
    source = read(folder)
    if source.kind == CALIBRATE:
        page = _made(source)
        with writing(folder):
            write_whole(folder / REPORT, page)
        return folder / REPORT
    lock = FolderLock(folder)
    lock.acquire()
    try:
        page = _made(source)
        manifest = json.loads((folder / MANIFEST).read_bytes())
        manifest["files"] = dict(sorted({**manifest["files"], REPORT: hashlib.sha256(page).hexdigest()}.items()))
        with writing(folder):
            write_whole(folder / REPORT, page)
            write_whole(folder / MANIFEST, json_bytes(manifest))
    finally:
        lock.release()
    return folder / REPORT


def _made(source: Source) -> bytes:
    from .page import KINDS, parts_of, render
    from .result import result_of

    if source.kind not in KINDS:
        raise ReportError(f"{source.folder} holds results of kind {source.kind}, of which no report is made; of {', '.join(KINDS)} one is")
    result = result_of(source)
    return render(result, parts_of(result))
