"""Blocks of the documents: their language, text, and the comments above them that say how they are run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .common import ROOT

FENCE = re.compile(r"((?:^<!--[^\n]*-->\n)*)^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--\s*(not run|exit (\d+)|file|before):\s*(.*?)\s*-->")

@dataclass(frozen=True)
class Block:
    """One block.

    Attributes
    ----------
    page : str
        Document, from the top folder.
    line : int
        Of its fence.
    language, text : str
    reason : str
        Why it is not run; empty when it is.
    file : str
        Name under which it is saved.
    before : list of str
        Commands run first.
    exit_code : int
        With which its last command ends.
    """

    page: str
    line: int
    language: str
    text: str
    reason: str = ""
    file: str = ""
    before: list[str] = field(default_factory=list)
    exit_code: int = 0

    @property
    def commands(self) -> list[str]:
        """Commands of a console block, continued lines joined."""
        joined = self.text.replace("\\\n", " ")
        return [line.removeprefix("$ ") for line in joined.splitlines() if line.startswith("$ ")]


def blocks(path: Path) -> Iterator[Block]:
    """Blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        marks = COMMENT.findall(found[1])
        told = {kind.split()[0]: what for kind, _, what in marks}
        yield Block(
            page=path.relative_to(ROOT).as_posix(),
            line=text[: found.start(2)].count("\n") + 1,
            language=found[2],
            text=found[3],
            reason=told.get("not", ""),
            file=told.get("file", ""),
            before=[what for kind, _, what in marks if kind == "before"],
            exit_code=next((int(code) for kind, code, _ in marks if kind.startswith("exit")), 0),
        )
