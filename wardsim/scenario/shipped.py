"""Where the files that come with wardsim are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(folder: Literal["scenarios", "calibration", "results"]) -> Path:
    """Folder of shipped files.

    Parameters
    ----------
    folder : str
        `scenarios`, `calibration` or `results` (reference results).

    Raises
    ------
    FileNotFoundError
        The installation is incomplete.
    """
    for place in (_PACKAGE / "_shipped" / folder, _PACKAGE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"this installation of wardsim lacks its folder {folder}; install it again")


def citation_file() -> Path:
    """CITATION.cff, which says how wardsim is cited.

    Raises
    ------
    FileNotFoundError
        The installation is incomplete.
    """
    for place in (_PACKAGE / "_shipped", _PACKAGE.parent):
        if (place / "CITATION.cff").is_file():
            return place / "CITATION.cff"
    raise FileNotFoundError("this installation of wardsim lacks its file CITATION.cff; install it again")


def shipped_scenarios() -> dict[str, Path]:
    """Shipped scenarios by name without ending, in alphabetical order, the baseline first."""
    files = sorted(shipped("scenarios").glob("*.yaml"), key=lambda path: (path.stem != "baseline", path.stem))
    return {path.stem: path for path in files}


def shipped_studies() -> dict[str, Path]:
    """Shipped study files by folder and name without ending, as `options/headroom`, in alphabetical order."""
    root = shipped("scenarios")
    return dict(sorted((path.relative_to(root).with_suffix("").as_posix(), path) for path in root.glob("*/*.yaml")))
