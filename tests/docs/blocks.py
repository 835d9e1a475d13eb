"""The blocks of the documents: what is found in a page, and how a command is made small enough to be run by the tests.

A page is one sitting: its blocks are run in order, in one folder that has the shipped scenarios beside it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import ROOT

FENCE = re.compile(r"((?:^<!--[^\n]*-->\n)*)^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--\s*(not run|exit (\d+)|file|before):\s*(.*?)\s*-->")
RUN = ("console", "python")
"""Languages of blocks that are run."""
MARKED = (*RUN, "bash")
"""Languages of blocks that are run or carry a reason why not."""
WRITTEN = ("reference/", "about/")
"""Pages made from the code or standing elsewhere: their blocks are tested where they come from."""

SHORT = ("--set", "years=0.02", "--set", "base.start.burn_in_weeks=1")
SMALL: dict[str, tuple[str, ...]] = {
    "run": ("--years", "0.02", "--replications", "2", "--set", "start.burn_in_weeks=1", "--jobs", "1"),
    "compare": (*SHORT, "--set", "replications=2", "--set", "precision={}", "--jobs", "1"),
    "sweep": (*SHORT, "--set", "replications=1", "--jobs", "1"),
    "sensitivity": ("--set", "points=8", *SHORT, "--jobs", "1"),
    "optimise": (*SHORT, "--set", "budget_runs=80", "--jobs", "1"),
    "plan": (*SHORT, "--runs", "1", "--chunks", "20"),
    "worker": ("--jobs", "1"),
}
"""Command -> what is added to make it small: a few days of a ward, one or two runs."""


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


def pages() -> list[Path]:
    """Documents whose blocks are run."""
    docs = [path for path in (ROOT / "docs").rglob("*.md") if not path.relative_to(ROOT / "docs").as_posix().startswith(WRITTEN)]
    return sorted([ROOT / "README.md", *docs])


def small(command: str) -> list[str]:
    """Words of a `wardsim` command, made small; `.venv/bin/` before it is left out."""
    words = shlex.split(command)
    assert words[0].endswith("wardsim"), command
    return [*words[1:], *SMALL.get(words[1], ())]
