"""What an analysis gives: tidy rows, the emulators behind them, and words of caution."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from math import isfinite

from .emulator import HeldOut
from .problem import Problem

DIGITS = 6
"""Significant digits that are kept. One machine gives the same bytes twice; on another kind of processor linear algebra rounds
otherwise, and the search for the lengths of an emulator can carry that into the last two of these digits."""
NOUGHT = 10.0 ** -(DIGITS + 3)
"""What is less is nothing but the order in which numbers were added up."""
CHANCE = "(chance)"
"""Stands for a parameter where the row is about chance."""
UNEXPLAINED = "(not explained)"
"""Stands for a parameter where the row is about what the emulator leaves."""

REPLICATIONS = "replications"
TRAJECTORIES = "trajectories (bootstrap)"
ROWS = "points (bootstrap)"
SAMPLE = "Sobol sample (bootstrap)"
EMULATOR = "emulator (posterior draws)"
BOTH = "Sobol sample and emulator"
NONE = ""


@dataclass(frozen=True)
class Row:
    """One index.

    Attributes
    ----------
    method : str
        tornado, morris, sobol, emulator or prcc.
    outcome, parameter : str
        What is moved, and by what; (chance) and (not explained) stand for no parameter.
    index : str
        Name of the index; `docs/explanation/sensitivity.md` says what each means.
    value : float or None
        None when it cannot be given.
    low, high : float or None
        95% interval.
    n : int
        Points of the design that it rests on.
    seed : int
        Of the analysis.
    emulator_error : float or None
        Share of the spread between held-back points that the emulator fails to predict, chance removed.
    interval_source : str
        What the interval is over.
    note : str
        A caution.
    """

    method: str
    outcome: str
    parameter: str
    index: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    seed: int = 0
    emulator_error: float | None = None
    interval_source: str = NONE
    note: str = ""


@dataclass(frozen=True)
class SensitivityResult:
    """An analysis.

    Attributes
    ----------
    method : str
        tornado, morris, sobol, emulator or prcc.
    problem : Problem
        What varied.
    n, replications, seed : int
        Points of the design, runs of each (0: not known), seed of the analysis.
    rows : tuple of Row
        By outcome, in the order of the factors, rounded to six significant digits.
    convergence : tuple of Row
        The same indices from a quarter and a half of the points, and from all.
    emulators : mapping of str to tuple of HeldOut
        Errors of all kinds tried, by outcome, the chosen one first.
    noise : mapping of str to float or None
        Share of the spread between points that is chance, by outcome.
    notes : tuple of str
        Cautions.
    """

    method: str
    problem: Problem
    n: int
    replications: int
    seed: int
    rows: tuple[Row, ...]
    convergence: tuple[Row, ...] = ()
    emulators: dict[str, tuple[HeldOut, ...]] = field(default_factory=dict)
    noise: dict[str, float | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def outcomes(self) -> list[str]:
        """Outcomes in order."""
        return list(dict.fromkeys(row.outcome for row in self.rows))

    def get(self, outcome: str, parameter: str, index: str, source: str | None = None) -> Row:
        """One row.

        Parameters
        ----------
        outcome, parameter, index : str
            Which.
        source : str, optional
            Source of the interval; left out, the first row (of the emulator: both sources together).

        Raises
        ------
        KeyError
            When there is none.
        """
        for row in self.rows:
            same = (row.outcome, row.parameter, row.index) == (outcome, parameter, index)
            if same and (source is None or row.interval_source == source):
                return row
        raise KeyError(f"no {index} of {outcome} by {parameter}")

    def ranked(self, outcome: str, index: str) -> list[Row]:
        """Rows of an index, the largest first (by size, whatever the sign)."""
        found: dict[str, Row] = {}
        for row in self.rows:
            if row.outcome == outcome and row.index == index and row.parameter in self.problem.names:
                found.setdefault(row.parameter, row)
        return sorted(found.values(), key=lambda row: (row.value is None, -abs(row.value or 0.0)))

    def table(self) -> list[dict[str, object]]:
        """All rows, convergence last, as plain data."""
        return [asdict(row) for row in (*self.rows, *self.convergence)]

    def csv(self, estimand: str = "") -> bytes:
        """The table as CSV; the same bytes from the same runs and seed.

        Parameters
        ----------
        estimand : str
            What the outcomes are of (transition or steady); left out where they are of no ward.
        """
        out = io.StringIO()
        writer = csv.DictWriter(out, [*(f.name for f in fields(Row)), "estimand"], lineterminator="\n")
        writer.writeheader()
        for row in self.table():
            writer.writerow({key: "" if value is None else value for key, value in {**row, "estimand": estimand}.items()})
        return out.getvalue().encode()


def rounded(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows with numbers of six significant digits; what is no number becomes None."""
    return tuple(
        replace(
            row, value=_round(row.value), low=_round(row.low), high=_round(row.high),
            emulator_error=_round(row.emulator_error),
        )
        for row in rows
    )  # fmt: skip


def _round(x: float | None) -> float | None:
    """Six significant digits; what is next to nothing is 0."""
    if x is None or not isfinite(x):
        return None
    short = float(f"{x:.{DIGITS}g}")
    return 0.0 if abs(short) < NOUGHT else short
