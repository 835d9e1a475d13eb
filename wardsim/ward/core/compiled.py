"""Whether this ward is compiled: the same source, turned into a C extension by mypyc (see docs/explanation/speed.md)."""

from __future__ import annotations

from typing import Final

COMPILED: Final[bool] = not __file__.endswith((".py", ".pyc"))
"""The facts are the same either way; only the time they take is not."""
