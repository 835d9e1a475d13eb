"""Options file: a few named changes, compared with one another and with the ward as it is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ...schema.base import Name, Text
from .common import Change, StudySection


class Option(Change):
    """One option: a scenario, settings over the base, or settings over a scenario."""

    name: Name
    """Name shown in tables."""
    question: Text = ""
    """What this option asks."""


class OptionsFile(StudySection):
    """Options to compare (`wardsim compare`)."""

    kind: Literal["options"] = "options"
    """Kind of file."""
    parameters: Literal["prior", "point"] = "prior"
    """prior: draw what is not known; point: one set of values, chance only."""
    options: tuple[Option, ...] = Field(..., strict=False, min_length=1, max_length=40)
    """The options; the base is compared too."""
    reference: Name | None = None
    """Option with which the others are compared; left out: the base."""
