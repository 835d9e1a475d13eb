"""Are two tables the same? Byte for byte with the same versions; elsewhere number by number, within what chance and rounding allow.

With the same model, ledger and seed the runs are the same on every machine but for the last digits of floating-point functions, which can
send a run another way; libraries of the analysis differ in rounding. So with other versions a mean may differ by three standard errors
of both means (from the simulation error beside it), other numbers by a hundredth of themselves or of one.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from math import sqrt

ERRORS = 3.0
"""Standard errors by which a mean may differ."""
LOOSE = 0.01
"""Relative (or absolute, below one) difference of a number that has no simulation error beside it."""
HALF = 1.96
"""Half of a 95% interval in standard errors."""
MOST = 5
"""Differences told of a table."""

EXACT, CLOSE, DIFFERENT = "exact", "close", "different"


@dataclass(frozen=True, slots=True)
class Compared:
    """One table beside its reference.

    Attributes
    ----------
    table : str
    verdict : str
        exact, close, or different.
    differences : tuple of str
        The first few, in words.
    """

    table: str
    verdict: str
    differences: tuple[str, ...] = ()


def compare_tables(name: str, reference: bytes, made: bytes, *, same_versions: bool) -> Compared:
    """Compare a table with its reference.

    Parameters
    ----------
    name : str
        Of the table.
    reference, made : bytes
        Contents.
    same_versions : bool
        Everything that decides the numbers is the same: only equal bytes will do.
    """
    if reference == made:
        return Compared(name, EXACT)
    if not name.endswith(".csv"):
        return Compared(name, DIFFERENT, ("the content differs",))
    found = _differences(reference, made, exact=same_versions)
    if found:
        return Compared(name, DIFFERENT, tuple(found[:MOST]))
    return Compared(name, DIFFERENT if same_versions else CLOSE, ("only the writing differs",) if same_versions else ())


def _differences(reference: bytes, made: bytes, *, exact: bool) -> list[str]:
    old, new = _rows(reference), _rows(made)
    if old[:1] != new[:1]:
        return ["the columns differ"]
    if len(old) != len(new):
        return [f"{len(new) - 1} rows where the reference has {len(old) - 1}"]
    head = old[0] if old else []
    told = []
    for number, (before, after) in enumerate(zip(old[1:], new[1:], strict=True), start=2):
        error = _error(head, before, after)
        for column, x, y in zip(head, before, after, strict=False):
            if x != y and (exact or not _alike(column, x, y, error)):
                told.append(f"line {number}, {column}: {y or 'nothing'} where the reference has {x or 'nothing'}")
    return told


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"))))


def _error(head: list[str], before: list[str], after: list[str]) -> float | None:
    """Standard error of the difference of the means of a row, from the simulation errors of both."""
    squares = 0.0
    for row in (before, after):
        about = dict(zip(head, row, strict=False))
        low, high = _number(about.get("mc_low", "")), _number(about.get("mc_high", ""))
        if low is None or high is None:
            return None
        squares += ((high - low) / (2.0 * HALF)) ** 2
    return sqrt(squares)


def _alike(column: str, x: str, y: str, error: float | None) -> bool:
    a, b = _number(x), _number(y)
    if a is None or b is None:
        return column in ("reason", "note")
    allowed = LOOSE * max(1.0, abs(a))
    if error is not None:
        allowed = max(allowed, ERRORS * error)
    return abs(a - b) <= allowed


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
