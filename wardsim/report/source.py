"""What a results folder holds, read for a report: the manifest, the study, the tables. Nothing is worked out again here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wardsim.experiments.intervals import Summary
from wardsim.experiments.quoted import quoted
from wardsim.experiments.results import INTERVALS, MANIFEST, FolderError, cell
from wardsim.experiments.statistics.difference import Difference
from wardsim.experiments.study.folder import STUDY, TABLE, checksum, listed

REPORT = "report.html"
"""Name of the report in a results folder."""
MOST_BYTES = 64_000_000
"""Larger tables are not read."""

CALIBRATE = "calibrate"
POSTERIOR = Path("posterior") / MANIFEST
FOUND = "report"
"""Folder of the tables of a calibration, within its own."""
NEEDED = ("targets.csv", "parameters.csv")
"""Tables without which there is no report of a calibration."""

Row = dict[str, str]


class ReportError(FolderError):
    """No report can be made of a folder."""


@dataclass(slots=True)
class Source:
    """A results folder.

    Attributes
    ----------
    folder : Path
    kind : str
        run, compare, sweep, sensitivity, optimise, population, calibrate, or whatever the manifest says.
    manifest : mapping
    study : mapping or None
        Plain form of the study; None for a run.
    tables : dict of str to list of dict
        Rows of the CSV tables by file name, text as written.
    names : dict of str to str
        Names of cells as tables write them (guarded against formulas) to the names themselves.
    """

    folder: Path
    kind: str
    manifest: Mapping[str, Any]
    study: Mapping[str, Any] | None
    tables: dict[str, list[Row]]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name of the study or ward."""
        return str(self.study["name"] if self.study is not None else self.manifest["scenario"]["name"])

    @property
    def drawn(self) -> str:
        """Where the parameters of the runs came from: prior, posterior or point."""
        if self.study is None:
            return str((self.manifest.get("parameters") or {}).get("kind", "prior"))
        return "point" if self.study["point"] else str(self.study["parameters"])

    def rows(self, table: str, **wanted: str) -> list[Row]:
        """Rows of a table with the given values in the given columns; none where there is no such table."""
        return [row for row in self.tables.get(table, []) if all(row.get(key) == value for key, value in wanted.items())]

    def name(self, text: str) -> str:
        """The name of a cell from how a table writes it."""
        return self.names.get(text, text)


def read(folder: Path) -> Source:
    """Read a finished results folder.

    Raises
    ------
    ReportError
        When it holds no finished results, or they are damaged.
    """
    manifest = _json(folder / MANIFEST)
    if manifest is None and (folder / POSTERIOR).is_file():
        return _calibration(folder)
    if manifest is None:
        raise ReportError(f"{folder} holds no finished results; a study that was interrupted goes on with `wardsim resume {quoted(folder)}`")
    sums = listed(folder)
    names = [name for name in sums if name != REPORT]
    bad = [name for name in names if not (folder / name).is_file() or checksum(folder / name) != sums[name]]
    if bad:
        raise ReportError(f"{folder / bad[0]} is not as it was written; make the results again")
    described = _json(folder / STUDY) if STUDY in sums else None
    study = None if described is None else described["study"]
    tables = {name: _table(folder / name) for name in names if name.endswith(".csv") and name not in ("events.csv", "replications.csv")}
    cells = [] if study is None else [str(one["name"]) for one in study["cells"]]
    kind = str(manifest.get("kind", "run"))
    return Source(folder, kind, manifest, study, tables, {cell(name): name for name in cells})


def _calibration(folder: Path) -> Source:
    """A calibration: the manifest of its posterior, and the tables of its report."""
    manifest = _json(folder / POSTERIOR) or {}
    draws = folder / POSTERIOR.parent / "draws.csv"
    if not draws.is_file() or checksum(draws) != manifest.get("table"):
        raise ReportError(f"{draws} is not the table that its manifest was written with; `wardsim calibrate` makes both anew")
    tables = {name: _table(folder / FOUND / name) for name in (*NEEDED, "shown.csv") if (folder / FOUND / name).is_file()}
    if any(name not in tables for name in NEEDED):
        raise ReportError(f"{folder / FOUND} does not hold targets.csv and parameters.csv; `wardsim calibrate --out {quoted(folder)}` makes them")
    return Source(folder, CALIBRATE, manifest, None, tables)


def runs_file(source: Source) -> Path | None:
    """Where the runs of a study are."""
    path = source.folder / TABLE
    return path if source.study is not None and path.is_file() else None


def number(row: Row, key: str) -> float | None:
    """A number of a row; None where it is empty or no number."""
    text = row.get(key) or ""
    try:
        return float(text)
    except ValueError:
        return None


def whole(row: Row, key: str) -> int:
    """A whole number of a row; 0 where there is none."""
    return int(number(row, key) or 0)


def summary(row: Row, prefix: str = "") -> Summary:
    """A value with its three intervals."""
    low, high, year_low, year_high, mc_low, mc_high = (number(row, prefix + name) for name in INTERVALS)
    mean, reason = number(row, prefix + "mean"), row.get("reason") or ""
    return Summary(mean, low, high, year_low, year_high, mc_low, mc_high, whole(row, "n"), reason)


def difference(row: Row, *, point: bool, mean: str = "mean", prefix: str = "") -> Difference:
    """A difference with its three intervals; no reason where a table is older than its column."""
    low, high, year_low, year_high, mc_low, mc_high = (number(row, prefix + name) for name in INTERVALS)
    n, draws, reason = whole(row, "n"), whole(row, "draws"), row.get(f"{prefix}reason") or ""
    return Difference(number(row, mean), low, high, year_low, year_high, mc_low, mc_high, None, n, draws, reason, point)


def _table(path: Path) -> list[Row]:
    if path.stat().st_size > MOST_BYTES:
        return []
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReportError(f"cannot read {path}: {error.strerror or error}") from None
    except ValueError:
        raise ReportError(f"{path} is damaged") from None
    if not isinstance(found, dict):
        raise ReportError(f"{path} is damaged")
    return found
