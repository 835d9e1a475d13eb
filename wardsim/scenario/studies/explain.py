"""What `wardsim explain` says about study files and their keys."""

from __future__ import annotations

from typing import Any

from ..explain import explain_key
from .kinds import KINDS


def explain_study(text: str) -> dict[str, Any] | None:
    """A kind of study file, or one of its keys; None when there is no such.

    Parameters
    ----------
    text : str
        `sweep`, `sweep.design.points`, or a bare key, for which the first kind that has it answers.
    """
    kind, _, key = text.strip().partition(".")
    if kind in KINDS and not key:
        return _overview(kind)
    if kind in KINDS:
        found = explain_key(key, KINDS[kind], kind)
        if found is not None:
            return found
    return next((found for kind, keys in KINDS.items() if (found := explain_key(text, keys, kind)) is not None), None)


def _overview(kind: str) -> dict[str, Any]:
    keys = KINDS[kind]
    below = [
        {"key": f"{kind}.{name}", "meaning": about.meaning}
        for name in keys.children(())
        if (about := keys.spec((name,)))
    ]
    return {
        "kind": "overview",
        "name": f"{kind} file",
        "meaning": " ".join(str(keys.raw_schema["description"]).split()),
        "keys": below,
    }


def study_keys() -> list[str]:
    """Every key of every kind, for suggestions."""
    return [f"{kind}.{about.key}" for kind, keys in KINDS.items() for _, about in keys.walk()]
