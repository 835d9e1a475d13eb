"""Paths in the commands that messages offer: what is copied into a terminal is one word, whatever a folder is called."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

_PLAIN = re.compile(r"[\w@%+=:,./\\~-]+")


def quoted(path: Path | str) -> str:
    """A path as a shell takes it: as it is where nothing in it means anything to a shell, else in quotes (double ones on Windows)."""
    text = str(path)
    if os.name != "nt":
        return shlex.quote(text)
    return text if _PLAIN.fullmatch(text) else f'"{text}"'
