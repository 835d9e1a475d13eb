"""What a reference keeps of its pages: fingerprints of the report and of every figure, and by what they were drawn.

A page is made of the tables of its results by code and libraries, so that the same tables, code and libraries give the same bytes. Where
a table differs within simulation error, or other code or libraries draw, a page cannot be the same; then the figures must be the same ones.
"""

from __future__ import annotations

import hashlib
import json
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from wardsim.experiments.reproduce.check import CLOSE, DIFFERENT, EXACT, MOST, Compared

from . import figures_of, report_of

FILE = "pages.json"
"""Stands beside the tables of a reference."""
LIBRARIES = ("matplotlib", "seaborn", "jinja2", "pandas", "numpy")
"""What draws, beside the code of this package."""


def pages_of(folder: Path) -> dict[str, Any]:
    """Fingerprints of what the report of a folder shows.

    Parameters
    ----------
    folder : Path
        Finished results.

    Returns
    -------
    dict
        `report` (SHA-256 of the page), `figures` (of each as SVG, by name), `drawn_by` (code of the report, and libraries).

    Raises
    ------
    ReportError
        When no report can be made of the folder.
    """
    figures = {figure.name: hashlib.sha256(figure.svg().encode()).hexdigest() for figure in figures_of(folder)}
    return {"drawn_by": drawn_by(), "report": hashlib.sha256(report_of(folder)).hexdigest(), "figures": figures}


def drawn_by() -> dict[str, str]:
    """Fingerprint (16 hex digits) of the code of the report, and versions of the libraries that draw."""
    package = Path(str(resources.files(__package__)))
    digest = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".html", ".css", ".js")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return {"report": digest.hexdigest()[:16], **{name: metadata.version(name) for name in LIBRARIES}}


def compare_pages(stored: bytes, made: dict[str, Any], *, same_tables: bool) -> Compared:
    """Compare the pages of results with those that a reference was kept with.

    Parameters
    ----------
    stored : bytes
        The file of the reference.
    made : dict
        As of `pages_of`.
    same_tables : bool
        The tables are the same byte for byte, so that the same code must draw the same page.
    """
    kept: dict[str, Any] = json.loads(stored)
    others = sorted(key for key in {*kept["drawn_by"], *made["drawn_by"]} if kept["drawn_by"].get(key) != made["drawn_by"].get(key))
    old, new = kept["figures"], made["figures"]
    said = [f"figure {name} is {'missing' if name in old else 'new'}" for name in sorted(old.keys() ^ new.keys())]
    if others or not same_tables:
        why = f"drawn by another {', '.join(others)}" if others else "drawn of tables that differ within simulation error"
        return Compared(FILE, CLOSE if others or not said else DIFFERENT, (f"{why}: only which figures there are is compared", *said[: MOST - 1]))
    said += [f"figure {name} is drawn otherwise" for name in sorted(old.keys() & new.keys()) if old[name] != new[name]]
    if kept["report"] != made["report"] and not said:
        said = ["the report is another"]
    return Compared(FILE, DIFFERENT if said else EXACT, tuple(said[:MOST]))
