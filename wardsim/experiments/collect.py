"""Runs gathered into arrays, and every number summarised with its three intervals.

Runs arrive in any order and are sorted by key (draw, replication) before anything is computed, so nothing depends on
who finished first. Finer counts are kept as one sparse row a run: a thousand of them over hundreds of runs stay
small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .intervals import Summary, summarise
from .job import Failure, RunResult
from .statistics.split import Array, unseen_scale
from .tables import SPECS, WEEKS, Key, Quantity

POISSON_UNITS = ("events", "episodes", "injuries")
"""Units whose numerators are numbers of events."""


class Declared(Protocol):
    """What is needed to know of a measure here."""

    @property
    def unit(self) -> str:
        """Unit."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a tidy table: its own columns, the quantity, its unit and summary."""

    key: tuple[str, ...]
    quantity: str
    unit: str
    summary: Summary


class Collection:
    """All runs of an experiment.

    Parameters
    ----------
    point : bool
        Point parameters: runs differ by chance only.
    years : float
        Length of the measured period.
    """

    def __init__(self, point: bool, years: float) -> None:
        self.point = point
        self.years = years
        self.results: list[RunResult] = []
        self.failures: list[Failure] = []
        self._places: dict[Key, int] = {}
        self._counts: dict[tuple[int, int], tuple[NDArray[np.int32], Array]] = {}

    def add(self, result: RunResult) -> None:
        """Take in one run; its finer counts are moved into compact rows."""
        if result.failure is not None:
            self.failures.append(result.failure)
        else:
            places = self._places
            at = np.fromiter(
                (places.setdefault(key, len(places)) for key in result.counts), np.int32, len(result.counts)
            )
            amounts = np.fromiter(result.counts.values(), np.float64, len(result.counts))
            self._counts[result.key] = at, amounts
            result.counts = {}
        self.results.append(result)

    def finish(self) -> None:
        """Sort by key; call once when no more runs come."""
        self.results.sort(key=lambda r: r.key)
        self.failures.sort(key=lambda f: (f.draw, f.replication))

    @property
    def done(self) -> list[RunResult]:
        """Runs with a result."""
        return [r for r in self.results if r.failure is None]

    @property
    def names(self) -> tuple[str, ...]:
        """Measures, in the order of the registry."""
        return next((r.names for r in self.results if r.failure is None), ())

    @property
    def windows(self) -> int:
        """Windows measured: the whole period, then quarters if any."""
        return next((len(r.values) for r in self.results if r.failure is None), 0)

    def draws(self) -> NDArray[np.int64]:
        """Parameter draw of each run."""
        return np.array([r.draw for r in self.done], dtype=np.int64)

    def column(self, name: str) -> list[float]:
        """Finite values of one measure over the whole period, one a run."""
        if name not in self.names:
            return []
        values = [float(r.values[0, r.names.index(name), 0]) for r in self.done]
        return [v for v in values if np.isfinite(v)]

    def measures(
        self, declared: Mapping[str, Declared], window: int = 0, years: float | None = None
    ) -> dict[str, Summary]:
        """Summary of every measure over one window.

        Parameters
        ----------
        declared : mapping
            Measures by name, for their units.
        window : int
            0 the whole period, then quarters.
        years : float, optional
            Length of the window; left out: that of the measured period.
        """
        runs = self.done
        if not runs:
            return {}
        names = self.names
        values = np.stack([r.values[window] for r in runs])
        draws = self.draws()
        found = {}
        for i, name in enumerate(names):
            unit = declared[name].unit if name in declared else ""
            summary = summarise(
                draws, values[:, i, 0], values[:, i, 1], values[:, i, 2], point=self.point, years=self.years if years is None else years,
                percent=unit == "%", counted=unit.startswith(POISSON_UNITS), scale=unseen_scale(unit),
            )  # fmt: skip
            if summary.mean is None and name in runs[0].missing:
                summary = _because(summary, runs[0].missing[name])
            found[name] = summary
        return found

    def table(self, name: str) -> list[Row]:
        """Rows of one tidy table, sorted; a count that a run does not have is zero there."""
        spec = SPECS[name]
        runs = self.done
        keys = sorted({key[1:-1] for key in self._places if key[0] == name})
        wanted = {key: i for i, key in enumerate(k for k in self._places if k[0] == name)}
        dense = self._dense(wanted)
        draws = self.draws()
        rows = []
        for key in keys:
            row = dict(zip(spec.columns, key, strict=True))
            for quantity in spec.quantities:
                place = wanted.get((name, *key, quantity.metric))
                if place is not None:
                    top = dense[:, place]
                    bottom = _exposure(runs, quantity, row)
                    rows.append(Row(key, quantity.name, quantity.unit, self._summary(draws, top, bottom, quantity)))
        return rows

    def weeks(self) -> Array:
        """Sums of the whole weeks of every run, shape (runs, weeks x measures, 2), as `weeks.weeks` gives those of one."""
        keys = sorted((key for key in self._places if key[0] == WEEKS), key=lambda key: int(key[1]))
        tops = self._dense({key: i for i, key in enumerate(keys)})
        days = np.array([[run.exposures.get(f"{WEEKS}:{key[1]}", 0.0) for key in keys] for run in self.done])
        return np.stack([tops, days.reshape(tops.shape)], axis=2)

    def _summary(self, draws: NDArray[np.int64], top: Array, bottom: Array, quantity: Quantity) -> Summary:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(bottom > 0, quantity.scale * top / bottom, np.nan)
        return summarise(
            draws, values, top, bottom, point=self.point, years=self.years, percent=quantity.name.startswith("share"),
            counted=quantity.counted, scale=quantity.scale,
        )  # fmt: skip

    def _dense(self, wanted: Mapping[Key, int]) -> Array:
        """Counts of one table: a row a run, a column a key."""
        place_of = np.full(len(self._places), -1, dtype=np.int64)
        for key, column in wanted.items():
            place_of[self._places[key]] = column
        runs = self.done
        dense = np.zeros((len(runs), len(wanted)))
        for i, run in enumerate(runs):
            at, amounts = self._counts[run.key]
            columns = place_of[at]
            keep = columns >= 0
            dense[i, columns[keep]] = amounts[keep]
        return dense

    def parameters(self) -> dict[str, Array]:
        """Parameters as used, one value a draw."""
        first: dict[int, RunResult] = {}
        for run in self.done:
            first.setdefault(run.draw, run)
        names = sorted({name for run in first.values() for name in run.parameters})
        return {name: np.array([run.parameters.get(name, np.nan) for run in first.values()]) for name in names}


def _exposure(runs: Iterable[RunResult], quantity: Quantity, row: Mapping[str, str]) -> Array:
    name = quantity.exposure.format(**row)
    return np.array([run.exposures.get(name, 0.0) for run in runs])


def _because(summary: Summary, reason: str) -> Summary:
    return Summary(None, None, None, None, None, None, None, summary.n, reason)
