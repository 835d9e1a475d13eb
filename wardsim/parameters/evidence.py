"""The evidence register: published figures with their ids, and the one use each may have.

A row is an *input* (it sets a prior), a *target* (calibration has to reproduce it), a *validation* row (shown beside
the simulated figure, never fitted) or *not used*; never two of these. Figures recalled from memory are never targets.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REGISTER = Path("evidence") / "published_rates.csv"
"""Path of the register within the calibration folder."""

USES = frozenset({"input", "target", "validation", "not_used"})
STATUSES = frozenset({"seen", "recalled", "derived"})

DECLARED_VALIDATION = frozenset({"INC044", "INC045", "W127", "INC012", "W133", "INC115", "FC130"})
"""Rows declared for validation before any fitting."""


class EvidenceError(ValueError):
    """The register, or a use of it, is not as it must be.

    Parameters
    ----------
    problems : str
        One line a problem.
    """


@dataclass(frozen=True, slots=True)
class Row:
    """One published figure; every field as text, as in the register.

    `status` is seen (the number was in the text of the page named), recalled (from memory) or derived (arithmetic on
    seen numbers, explained in `note`).
    """

    id: str
    topic: str
    quantity: str
    value: str
    low: str
    high: str
    unit: str
    denominator: str
    setting: str
    country: str
    n: str
    period: str
    source: str
    doi: str
    url_seen: str
    status: str
    note: str
    use: str

    def figure(self) -> str:
        """The figure with its range and unit."""
        span = f" ({self.low} to {self.high})" if self.low and self.high else ""
        return " ".join(part for part in (f"{self.value}{span}".strip(), self.unit) if part)

    def citation(self) -> str:
        """The citation in one line: what, how much, where, when, by whom, and how sure we are of having read it."""
        place = ", ".join(part for part in (self.setting, self.country, self.period) if part)
        doi = f" doi:{self.doi}" if self.doi else ""
        status = "" if self.status == "seen" else f" [{self.status}]"
        source = (self.source or "no source named").rstrip(".")
        return (
            f"{self.id}: {self.quantity}: {self.figure()}"
            + (f" ({place})" if place else "")
            + f". {source}.{doi}{status}"
        )


def read_register(path: Path) -> dict[str, Row]:
    """Read the register.

    Parameters
    ----------
    path : pathlib.Path
        The CSV file, UTF-8.

    Returns
    -------
    dict of str to Row
        Rows by id.

    Raises
    ------
    EvidenceError
        When ids repeat, a use or status is not one of those known, or a recalled figure is declared a target.
    """
    columns = Row.__slots__
    rows: dict[str, Row] = {}
    problems: list[str] = []
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != columns:
            raise EvidenceError(f"{path.name}: the columns must be {', '.join(columns)}")
        for number, raw in enumerate(reader, start=2):
            row = Row(**{name: (raw[name] or "").strip() for name in columns})
            if row.id in rows:
                problems.append(f"{path.name}:{number}: id {row.id} is there twice")
            if row.use not in USES:
                problems.append(
                    f"{path.name}:{number}: {row.id}: use {row.use!r} must be one of {', '.join(sorted(USES))}"
                )
            if row.status not in STATUSES:
                problems.append(
                    f"{path.name}:{number}: {row.id}: status {row.status!r} must be one of {', '.join(sorted(STATUSES))}"
                )
            if row.use == "target" and row.status == "recalled":
                problems.append(f"{path.name}:{number}: {row.id}: a figure recalled from memory cannot be a target")
            if row.id in DECLARED_VALIDATION and row.use != "validation":
                problems.append(f"{path.name}:{number}: {row.id}: kept for validation, its use cannot be {row.use!r}")
            rows[row.id] = row
    if problems:
        raise EvidenceError("\n".join(problems))
    return rows


def citation_problems(
    name: str, sources: tuple[str, ...], targets: tuple[str, ...], register: Mapping[str, Row]
) -> list[str]:
    """What is wrong with the rows one ledger entry cites: unknown ids, or rows kept for validation."""
    problems = [f"{name}: {row} is not in the evidence register" for row in (*sources, *targets) if row not in register]
    problems += [
        f"{name}: {row} is kept for validation ({register[row].quantity}) and cannot set a prior"
        for row in sources
        if row in register and register[row].use == "validation"
    ]
    problems += [
        f"{name}: {row} is named as a target, but the register gives its use as {register[row].use}"
        for row in targets
        if row in register and register[row].use != "target"
    ]
    return problems
