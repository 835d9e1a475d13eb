"""The simulated ward."""

from __future__ import annotations


def compiled() -> bool:
    """Whether this ward is compiled. The facts are the same either way."""
    from .core.compiled import COMPILED

    return COMPILED
