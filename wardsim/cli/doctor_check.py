"""What `wardsim doctor` found out about one thing."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
        What was looked at.
    state : str
        ok; warn: it works, and something is amiss or slow; fail: commands will fail.
    found : str
        What was found, one line.
    advice : str
        What to do; "" when there is nothing to be done.
    details : mapping
        Numbers behind it, as plain data.
    """

    name: str
    state: State
    found: str
    advice: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As `--json` has it."""
        return {"name": self.name, "state": self.state, "found": self.found, "advice": self.advice, "details": dict(self.details)}

    def text(self, width: int | None = None) -> str:
        """As people read it: a line, or the lines that it takes.

        Parameters
        ----------
        width : int, optional
            Columns to fit it to.
        """
        line = f"{self.state:<4}  {self.name:<{NAME}}  {self.found}{f'; {self.advice}' if self.advice else ''}"
        if width is None:
            return line
        return textwrap.fill(line, width, subsequent_indent=" " * (NAME + 8), break_long_words=False, break_on_hyphens=False)


NAME = 20
"""Columns of the longest name."""
Checker = Callable[[], Iterator[Check]]


def held(name: str, checker: Checker) -> Iterator[Check]:
    """The checks of a checker; one that breaks off is itself a failure.

    Parameters
    ----------
    name : str
        What is then said to have failed.
    checker : callable
        Looks, and yields what it found.
    """
    from wardsim.scenario.errors import printable

    try:
        yield from checker()
    except Exception as error:
        said = printable(" ".join(f"{type(error).__name__}: {error}".split()))[:500]
        yield Check(name, "fail", said, "install wardsim again, and report it if that does not help")
