"""What the runs of a folder drew, and what came of each draw: the same for a run, a comparison, a sweep or a sensitivity study."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..source import Source, runs_file
from . import ExportError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draws:
    """Parameters and outcomes by draw.

    Attributes
    ----------
    kind : str
        prior or posterior: where the draws come from.
    ids : array of int, shape (draws,)
        Numbers of the draws.
    parameters : dict of str to array, shape (draws,)
        Those that vary and are not fixed by the wards, in natural units.
    outcomes : dict of (str, str) to array, shape (draws,)
        Mean over the runs of a draw, by measure and ward; NaN where a draw has no value.
    """

    kind: str
    ids: NDArray[np.int64]
    parameters: Mapping[str, Array]
    outcomes: Mapping[tuple[str, str], Array]


def draws_of(source: Source) -> Draws:
    """What a folder drew.

    Raises
    ------
    ExportError
        When nothing was drawn (point parameters), the parameters of today are others than those of the folder, or its runs cannot be read.
    """
    from wardsim.parameters import Ledger

    versions = source.manifest.get("versions", {})
    used = versions.get("ledger") or (source.manifest.get("parameters") or {}).get("ledger")
    if used != Ledger.load().hash:
        raise ExportError(f"{source.folder} was made with another ledger of parameters; its own version of wardsim knows what it drew")
    return _of_run(source) if source.study is None else _of_study(source)


def _of_run(source: Source) -> Draws:
    manifest = source.manifest
    kind = str(manifest["parameters"]["kind"])
    if kind == "point":
        raise ExportError(f"{source.folder} was run with one set of parameters: nothing was drawn")
    text = (source.folder / "replications.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text, newline="")) if row["status"] == "ok"]
    if not rows:
        raise ExportError(f"{source.folder} holds no run with a result")
    at = np.array([int(row["draw"]) for row in rows], dtype=np.int64)
    ids = np.unique(at)
    names = [name for name in rows[0] if name not in ("draw", "replication", "status", "stage", "error")]
    columns = {name: np.array([float(row[name]) if row[name] else np.nan for row in rows]) for name in names}
    ward = str(manifest["scenario"]["name"])
    outcomes = {(name, ward): _by_draw(at, values, ids) for name, values in columns.items()}
    return Draws(kind, ids, _parameters(int(manifest["seed"]), ids, kind, set(manifest["scenario"]["parameters"])), outcomes)


def _of_study(source: Source) -> Draws:
    from wardsim.experiments.study.cells import Study
    from wardsim.experiments.study.table import TableError, read_table

    path = runs_file(source)
    if path is None:
        raise ExportError(f"{source.folder} holds no runs")
    try:
        study = Study.of_plain(source.study or {})
        runs = read_table(path, study)
    except (TableError, ValueError, OSError) as error:
        raise ExportError(f"{path} cannot be read by this version: {error}") from None
    if study.point or study.own_chance:
        raise ExportError(f"{source.folder} holds no draws that its wards share: {'point parameters' if study.point else 'every ward has its own'}")
    if not len(runs.draw):
        raise ExportError(f"{source.folder} holds no run with a result")
    ids = np.unique(runs.draw)
    outcomes: dict[tuple[str, str], Array] = {}
    for place, cell in enumerate(study.cells):
        for name in runs.names:
            found = runs.column(place, name)
            outcomes[name, cell.name] = _by_draw(found.draw, found.value, ids)
    fixed = set.intersection(*(set(cell.scenario.parameters) for cell in study.cells))
    return Draws(study.parameters, ids, _parameters(study.seed, ids, study.parameters, fixed), outcomes)


def _by_draw(at: NDArray[np.int64], values: Array, ids: NDArray[np.int64]) -> Array:
    """Mean of the known values of each draw."""
    known = np.isfinite(values)
    place = np.searchsorted(ids, at[known])
    count = np.bincount(place, minlength=len(ids))
    total = np.bincount(place, weights=values[known], minlength=len(ids))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _parameters(seed: int, ids: NDArray[np.int64], kind: str, fixed: set[str]) -> dict[str, Array]:
    """Values of the parameters that vary over the draws: a draw is a function of the seed and its number."""
    from wardsim.parameters import Ledger
    from wardsim.parameters.posterior import shipped_posterior

    ledger = Ledger.load()
    drawn: list[Mapping[str, Any]] = []
    for number in ids:
        one = ledger.draw(seed, int(number))
        drawn.append({**one, **shipped_posterior().draw(seed, int(number))} if kind == "posterior" else one)
    columns = {name: np.array([one[name] for one in drawn], dtype=np.float64) for name in drawn[0] if name not in fixed}
    return {name: values for name, values in columns.items() if len(ids) == 1 or np.ptp(values) > 0.0}
