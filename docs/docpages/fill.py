"""Blocks of handwritten pages that are filled by code: everything between `<!-- fill: NAME -->` and `<!-- /fill -->`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import answers, assumptions, calibrated, ci, findings, tutorial, validation, work
from .common import DOCS, ROOT

BLOCK = re.compile(r"(<!-- fill: ([a-z0-9-]+) -->\n)(.*?)(<!-- /fill -->)", re.DOTALL)

FILLS: dict[str, Callable[[], str]] = {
    "calibrated-note": calibrated.note,
    "calibrated-limit": calibrated.limit,
    "ci-minutes": ci.minutes,
    "calibrated-status": calibrated.status,
    "calibrated-moved": calibrated.moved,
    "result-comparison": answers.comparison,
    "result-second": answers.second,
    "result-plain": answers.plain,
    "validation-rows": validation.rows,
    "validation-literature": validation.literature,
    "findings-night": findings.night,
    "findings-night-behind": findings.behind,
    "findings-sweep": findings.sweep,
    "findings-worth": findings.worth,
    "findings-cheapest": findings.cheapest,
    "findings-levels": findings.levels,
    "findings-structures": calibrated.structures,
    "national-picture": findings.picture,
    "national-ratings": findings.ratings,
    "national-literature": validation.literature,
    "kinds-of-work": work.kinds_of_work,
    "tutorial-made": tutorial.made,
    **{f"tutorial-{number}": partial(tutorial.output, number) for number in range(1, tutorial.COUNT + 1)},
    "calibrated-fit": assumptions.fit,
    "calibrated-disagreements": assumptions.disagreements,
    "calibrated-checks": assumptions.checks,
    "targets-age": assumptions.age,
}
"""What fills each block."""


def documents() -> list[Path]:
    """Pages that may hold blocks."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


def filled(text: str) -> str:
    """A page with every block filled as it should be now.

    Raises
    ------
    KeyError
        A block has a name that nothing fills.
    """

    def one(found: re.Match[str]) -> str:
        return f"{found[1]}{FILLS[found[2]]().rstrip()}\n{found[4]}"

    return BLOCK.sub(one, text)
