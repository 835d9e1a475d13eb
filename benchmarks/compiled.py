"""The compiled build beside which benchmarks measure: `python compile_ward.py build/compiled` makes it.

    python -m benchmarks.compiled

makes it if need be and prints where it is.
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
HOW = "There is no compiled build of this source: `python compile_ward.py build/compiled` makes one."


def folder() -> Path | None:
    """Folder of a compiled build of this very source by this Python; None if there is none."""
    mark = FOLDER / "built.txt"
    try:
        made = mark.exists() and mark.read_text(encoding="utf-8") == compile_ward.fingerprint()
    except PackageNotFoundError:  # no mypy here
        return None
    return FOLDER if made else None


if __name__ == "__main__":
    compile_ward.build(FOLDER)
    print(FOLDER)
