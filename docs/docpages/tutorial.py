"""The tutorial played for real: its commands are run as they stand, and what they print is kept beside the page."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from .blocks import Block, blocks
from .common import DOCS, ROOT
from .stored import fingerprints

PAGE = DOCS / "tutorial" / "first-comparison.md"
SESSION = DOCS / "tutorial" / "session.json"
PROGRESS = re.compile(r"^\s*\d+ of \d+ runs\b.*\n", re.MULTILINE)
COUNT = 5
"""Console blocks of the page."""


def asked() -> list[Block]:
    """Blocks of the page that are played: files and commands."""
    return [block for block in blocks(PAGE) if block.file or block.language == "console"]


def fingerprint() -> str:
    """Of everything that the page asks for."""
    told = [(block.file, block.text) for block in asked()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def play() -> None:
    """Run the page and keep what it prints. Takes minutes."""
    outputs = []
    rests_on = dict(fingerprints())
    with tempfile.TemporaryDirectory(prefix="wardsim-tutorial-") as folder:
        for block in asked():
            if block.file:
                (Path(folder) / block.file).write_text(block.text, encoding="utf-8")
            else:
                outputs.append("\n".join(_run(command, Path(folder)) for command in block.commands))
    session = {"asked": fingerprint(), "rests_on": rests_on, "outputs": outputs}
    SESSION.write_text(json.dumps(session, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _run(command: str, folder: Path) -> str:
    words = [sys.executable, "-m", "wardsim", *shlex.split(command)[1:]]
    paths = os.pathsep.join(part for part in (os.environ.get("PYTHONPATH", ""), str(ROOT)) if part)
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": paths}
    done = subprocess.run(words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False)
    return PROGRESS.sub("", done.stdout).replace(f"{folder}{os.sep}", "").rstrip()


@cache
def session() -> dict[str, Any] | None:
    """What was kept, None when the page has not been played."""
    return json.loads(SESSION.read_text(encoding="utf-8")) if SESSION.is_file() else None


def changed() -> list[str]:
    """What is not as it was when the page was played: the page itself, or what the numbers rest on."""
    kept = session()
    if kept is None:
        return ["never played"]
    now = {"page": fingerprint(), **fingerprints()}
    then = {"page": kept["asked"], **kept["rests_on"]}
    return [key for key in now if now[key] != then.get(key)]


def made() -> str:
    """A line on when the numbers of the page count; empty when they do."""
    different = changed()
    return f"**Played with another {', '.join(different)} than this version has: your numbers will differ.**\n" if different else ""


def output(number: int) -> str:
    """What the block of this number (from 1) printed."""
    kept = session()
    if kept is None or number > len(kept["outputs"]):
        return "```text\n(not played yet: python docs/generate.py --remake)\n```\n"
    return f"```text\n{kept['outputs'][number - 1]}\n```\n"
