"""What one scenario sets otherwise than another, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

WORDS = ("name", "question", "source", "description")
"""Keys of a scenario that change no number."""


def changed(base: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Keys that differ, in order of the alphabet, each with the value of the first and of the second; None where one has no such key."""
    before, after = dict(_leaves(base)), dict(_leaves(own))
    return [(key, before.get(key), after.get(key)) for key in sorted({*before, *after}) if before.get(key) != after.get(key) and key not in WORDS]


def _leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, data
