"""Exports: the results of a folder in the forms that others work with. Nothing is simulated and no result is worked out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from ..source import ReportError, Source, read

__all__ = ["FORMATS", "ExportError", "export", "made"]

Made = Mapping[str, bytes]
"""Content by file name."""

FORMATS: dict[str, tuple[str, str]] = {
    "csv": ("values", "every value with its low and high in one tidy table, and what its columns mean"),
    "parquet": ("columnar", "every table with numbers as numbers, units in the metadata"),
    "xlsx": ("workbook", "a workbook laid out as government analysts expect (extra `excel`)"),
    "vidigi": ("vidigi", "the event log of a run made with --events, and where to draw its events"),
    "stress": ("stress", "a draft of the STRESS-DES report, gaps marked, as Markdown and HTML"),
    "salib": ("salib", "the problem for SALib, with the draws and what came of them"),
    "arviz": ("arviz", "draws of the parameters and of the measures, for ArviZ"),
}
"""Format -> module with `made(source) -> {file name: content}`, and what it is."""


class ExportError(ReportError):
    """A folder has nothing to export in this form; the text says what would."""


def made(source: Source, kind: str) -> Made:
    """Files of one format.

    Raises
    ------
    ExportError
        When the folder does not hold what the format needs.
    """
    module = import_module(f".{FORMATS[kind][0]}", __package__)
    make: Callable[[Source], Made] = module.made
    return make(source)


def export(folder: Path, kinds: Sequence[str], target: Path) -> list[Path]:
    """Write the results of a folder in other forms.

    Parameters
    ----------
    folder : Path
        Finished results; for `arviz` also a calibration folder that holds a posterior.
    kinds : sequence of str
        Names of `FORMATS`.
    target : Path
        Where the files go; made when it is not there.

    Returns
    -------
    list of Path
        The files, in order.

    Raises
    ------
    ReportError
        When the folder holds no finished results, they are damaged, or lack what a format needs.
    FolderError
        When a file cannot be written.
    """
    from wardsim.experiments.results import write_whole
    from wardsim.experiments.study.folder import writing

    contents: dict[str, bytes] = {}
    if _calibration(folder):
        if set(kinds) != {"arviz"}:
            raise ExportError(f"{folder} holds a posterior and no results; it can be exported as arviz only")
        from .arviz import of_posterior

        contents.update(of_posterior(folder))
    else:
        source = read(folder)
        for kind in dict.fromkeys(kinds):
            contents.update(made(source, kind))
    paths = []
    with writing(target):
        target.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            write_whole(target / name, content)
            paths.append(target / name)
    return paths


def _calibration(folder: Path) -> bool:
    from wardsim.parameters.posterior import FOLDER, MANIFEST, TABLE

    return not (folder / "manifest.json").is_file() and all((folder / FOLDER / name).is_file() for name in (MANIFEST, TABLE))
