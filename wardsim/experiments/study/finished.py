"""What an analysis gives back when a study has come to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finished:
    """A study that has come to its end.

    Attributes
    ----------
    summary : mapping
        What its manifest says of the result (at least `status`, and `runs` with done and failed).
    result : object
        The analysis itself, for those who print it; None for runs alone.
    """

    summary: Mapping[str, Any]
    result: object = None
