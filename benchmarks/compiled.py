"""The compiled build beside which benchmarks measure: the ward, and the toy's stand-ins for what the toy ward lacks.

    python -m benchmarks.compiled

makes it if need be, which takes minutes, and prints where it is. `benchmarks/run.py` makes it itself where there is a C compiler.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import compile_ward  # noqa: E402

FOLDER = ROOT / "build" / "compiled"
TOY = ("benchmarks/toy/shipped.py", "benchmarks/toy/world.py")
"""Compiled with the ward, in the folder of the build only."""
HOW = "There is no compiled build of this source: `python -m benchmarks.compiled` makes one."


left_out = False
"""Set by a command that measures the source alone."""


def make() -> Path:
    """Build it, unless it is done."""
    compile_ward.build(FOLDER, TOY)
    return FOLDER


def can() -> str:
    """Why it cannot be built here, or nothing."""
    return compile_ward.lacking()


def folder() -> Path | None:
    """Folder of a compiled build of this very source by this Python; None if there is none, or it is to be left out."""
    if left_out:
        return None
    mark = FOLDER / "built.txt"
    try:
        made = mark.exists() and mark.read_text(encoding="utf-8") == compile_ward.fingerprint(TOY)
    except PackageNotFoundError:  # no mypy here
        return None
    return FOLDER if made else None


if __name__ == "__main__":
    print(make())
