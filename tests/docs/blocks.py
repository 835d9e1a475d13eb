"""The blocks of the documents that are run, and how a command is made small enough to be run by the tests.

A page is one sitting: its blocks are run in order, in one folder that has the shipped scenarios beside it.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from tests.support import ROOT

sys.path.insert(0, str(ROOT / "docs"))

from docpages.blocks import Block, blocks

__all__ = ["MARKED", "RUN", "Block", "blocks", "pages", "small"]

RUN = ("console", "python")
"""Languages of blocks that are run."""
MARKED = (*RUN, "bash")
"""Languages of blocks that are run or carry a reason why not."""
WRITTEN = ("reference/", "about/")
"""Pages made from the code or standing elsewhere: their blocks are tested where they come from."""

SHORT = ("--years", "0.02", "--set", "base.start.burn_in_weeks=1", "--jobs", "1")
SMALL: dict[str, tuple[str, ...]] = {
    "run": ("--years", "0.02", "--replications", "2", "--set", "start.burn_in_weeks=1", "--jobs", "1"),
    "compare": (*SHORT, "--replications", "2", "--no-report"),
    "sweep": (*SHORT, "--replications", "1", "--no-report"),
    "population": (*SHORT, "--set", "trusts=2"),
    "plan": ("--set", "years=0.02", "--set", "base.start.burn_in_weeks=1", "--runs", "1", "--chunks", "20"),
    "worker": ("--jobs", "1"),
}
"""Command -> what is added to make it small: a few days of a ward, one or two runs."""


def pages() -> list[Path]:
    """Documents whose blocks are run."""
    docs = [path for path in (ROOT / "docs").rglob("*.md") if not path.relative_to(ROOT / "docs").as_posix().startswith(WRITTEN)]
    return sorted([ROOT / "README.md", *docs])


def small(command: str) -> list[str]:
    """Words of a `wardsim` command, made small; `.venv/bin/` before it is left out."""
    words = shlex.split(command)
    assert words[0].endswith("wardsim"), command
    return [*words[1:], *SMALL.get(words[1], ())]
