"""The library of shipped studies: what the first lines of each file say of it.

Every file that answers to a finding of the two public documents (rows A1 to A14 and B1 to B12) opens with the same lines, in this order::

    # Rows: A9
    # Question: what does it cost ...?
    # Rationale: ...
    #   (continued)
    # Evidence grade: low. ...
    # Fact: who attends the course
    # Measures: training_compliance_dual_diagnosis, team_skill_dual_diagnosis

`Fact` is what changes first on the ward when the lever is turned; `Measures` show it, the first before all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .shipped import shipped_studies

FIELDS = ("Rows", "Question", "Rationale", "Evidence grade", "Fact", "Measures")
"""Lines of a header, in order."""
ROWS = (
    *(f"A{n}" for n in range(1, 15)), "B2", "B3", "B4", "B5", "B7", "B8", "B9", "B10", "B11", "B12",
)  # fmt: skip
"""Findings that a shipped file must turn into a study; B1 is a register and B6 what the whole program is for."""

_LINE = re.compile(r"^# (" + "|".join(FIELDS) + r"): (.*)$")
_NAME = re.compile(r"^name: (.*)$", re.MULTILINE)


class HeaderError(ValueError):
    """A file of the library does not open as one; the text says which line is missing or out of place."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A file of the library.

    Attributes
    ----------
    path : str
        Folder and file, as `options/headroom.yaml`.
    file : Path
        Where it is.
    name : str
        Of the study.
    rows : tuple of str
        Findings it answers to; the first is what it was written for.
    question, rationale, grade, fact : str
        As its header has them; `fact` is what changes first on the ward.
    measures : tuple of str
        That show it.
    """

    path: str
    file: Path
    name: str
    rows: tuple[str, ...]
    question: str
    rationale: str
    grade: str
    fact: str
    measures: tuple[str, ...]


def header(text: str) -> dict[str, str]:
    """Fields of the header of a file, continued lines joined.

    Parameters
    ----------
    text : str
        Of the file.

    Raises
    ------
    HeaderError
        When a field is missing, empty, there twice, or out of order.
    """
    found: dict[str, list[str]] = {}
    last = ""
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        begins = _LINE.match(line)
        if begins:
            last = begins[1]
            if last in found:
                raise HeaderError(f"'# {last}:' stands twice")
            found[last] = [begins[2].strip()]
        elif last and line.startswith("#   "):
            found[last].append(line[1:].strip())
    missing = [name for name in FIELDS if not any(found.get(name, []))]
    if missing:
        raise HeaderError(f"'# {missing[0]}:' is missing; the first lines are {', '.join(FIELDS)}, in this order")
    if tuple(found) != FIELDS:
        raise HeaderError(f"the first lines must stand in this order: {', '.join(FIELDS)}")
    return {name: " ".join(parts) for name, parts in found.items()}


def library() -> tuple[Shelved, ...]:
    """Every shipped study that answers to a finding, in the order of the findings.

    Raises
    ------
    HeaderError
        When the header of a file is not as it must be.
    """
    shelf = []
    for file in shipped_studies().values():
        text = file.read_text(encoding="utf-8")
        if "\n# Rows: " not in text:
            continue
        path = f"{file.parent.name}/{file.name}"
        try:
            told = header(text)
        except HeaderError as error:
            raise HeaderError(f"{path}: {error}") from None
        name = _NAME.search(text)
        rows, measures = (tuple(part.strip() for part in told[key].split(",")) for key in ("Rows", "Measures"))
        unknown = [row for row in rows if row not in ROWS]
        if unknown:
            raise HeaderError(f"{path}: there is no row {unknown[0]}")
        shelf.append(
            Shelved(
                path, file, name[1].strip() if name else file.stem, rows, told["Question"], told["Rationale"], told["Evidence grade"],
                told["Fact"], measures,
            )
        )  # fmt: skip
    return tuple(sorted(shelf, key=lambda one: (ROWS.index(one.rows[0]), one.path)))


def of_row(row: str) -> tuple[Shelved, ...]:
    """Files that answer to a finding, those written for it first."""
    found = [one for one in library() if row in one.rows]
    return tuple(sorted(found, key=lambda one: (one.rows.index(row), one.path)))
