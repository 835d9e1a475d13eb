"""What is wrong with a scenario: one problem a mistake, each with its place, its code and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 60
"""Longest piece of a wrong value shown, characters."""
WIDTH = 110
"""Longest piece of a source line shown, characters."""


def printable(text: str) -> str:
    """The text with control characters and the like written out, so that no file can steer a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shown(value: object) -> str:
    """A wrong value as it appears inside a message."""
    if value is None:
        return "empty"
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    text = printable(str(value))
    text = text if len(text) <= SHOWN else text[:SHOWN] + "..."
    return f'"{text}"' if isinstance(value, str) else text


COMMAND_LINE = "command line"
"""Name of the source of what stands on the command line (--set and the options that stand for a key)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, as lines.

    Attributes
    ----------
    name : str
        As the user wrote it, shown in messages.
    lines : tuple of str
        Its lines.
    """

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1."""

    source: Source
    line: int = 1
    column: int = 1
    width: int = 1

    @property
    def text(self) -> str:
        """The source line."""
        return self.source.lines[self.line - 1] if 0 < self.line <= len(self.source.lines) else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    file, line, column : str, int, int
        Where; line and column count from 1.
    code : str
        `WS` and three digits; `wardsim explain CODE` tells more.
    key : str
        Dotted key, "" when the whole file is meant.
    value : str
        The wrong value as shown, "" when there is none.
    message : str
        What is wrong and what would be right.
    hint : str
        What to do, "" when the message says it all.
    source_line : str
        The line of the file.
    width : int
        Characters to underline.
    """

    file: str
    line: int
    column: int
    code: str
    key: str
    value: str
    message: str
    hint: str = ""
    source_line: str = ""
    width: int = 1

    @classmethod
    def at(cls, mark: Mark, code: str, message: str, *, key: str = "", value: str = "", hint: str = "") -> Problem:
        """A problem at a place."""
        name = mark.source.name
        return cls(name, mark.line, mark.column, code, key, value, message, hint, mark.text, max(1, mark.width))

    def order(self) -> tuple[str, int, int, str, str]:
        """Sort key: by place, then code."""
        return (self.file, self.line, self.column, self.code, self.message)

    def render(self) -> str:
        """The problem as shown on a terminal: place, message, source line with a caret, hint."""
        out = [f"{printable(self.file)}:{self.line}:{self.column}: error[{self.code}] {printable(self.message)}"]
        if self.source_line.strip():
            out += self._excerpt()
        if self.hint:
            out.append(f"  hint: {printable(self.hint)}")
        return "\n".join(out)

    def _excerpt(self) -> list[str]:
        start = max(0, self.column - 1 - WIDTH // 2) if len(self.source_line) > WIDTH else 0
        piece = "".join(c if c.isprintable() else " " for c in self.source_line[start : start + WIDTH])
        caret = self.column - 1 - start
        width = max(1, min(self.width, len(piece) - caret))
        gutter = f"{self.line:6d}"
        return [f"{gutter} | {piece.rstrip()}", f"{' ' * len(gutter)} | {' ' * caret}{'^' * width}"]

    def as_dict(self) -> dict[str, str | int]:
        """The problem for `--json`."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "key": self.key,
            "value": self.value,
            "message": self.message,
            "hint": self.hint,
            "source_line": self.source_line[:WIDTH],
        }


class ScenarioError(ValueError):
    """A scenario that was refused; rebuildable from `.args`, so that it survives a trip between processes.

    Parameters
    ----------
    problems : iterable of Problem
        Everything that was found wrong, in one pass.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=Problem.order))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.render() for problem in self.problems)
