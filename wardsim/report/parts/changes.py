"""What one scenario sets otherwise than another, key by key, and what each key is in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wardsim.parameters import Ledger
from wardsim.scenario.explain import parse_key
from wardsim.scenario.fields import SCENARIO

WORDS = ("name", "question", "source", "description")
"""Keys of a scenario that change no number."""


def changed(base: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Keys that differ, in order of the alphabet, each with the value of the first and of the second; None where one has no such key."""
    before, after = dict(_leaves(base)), dict(_leaves(own))
    return [(key, before.get(key), after.get(key)) for key in sorted({*before, *after}) if before.get(key) != after.get(key) and key not in WORDS]


def told_of(key: str) -> str:
    """A key in words, from the description of each of its parts but the first, with its unit; the key itself where there is none."""
    if key.startswith(FIXED):
        entry = next((entry for entry in Ledger.load() if entry.name == key.removeprefix(FIXED)), None)
        return key if entry is None else f"{entry.label}, {entry.unit}"
    item = re.search(r"\[(.+?)\]", key)
    path = parse_key(re.sub(r"\[.+?\]", "[]", key))
    specs = [SCENARIO.spec(path[:i]) for i in range(min(2, len(path)), len(path) + 1)] if path else []
    words = [text for spec in specs if spec is not None and (text := _short(spec.meaning))]
    if not words:
        return key
    if item:
        words.insert(-1, item[1].replace("_", " "))
    unit = specs[-1].unit if specs[-1] is not None else ""
    return ": ".join(words) + (f", {unit}" if unit and unit not in words[-1] else "")


FIXED = "parameters."
"""Begins the keys by which a scenario fixes an input of the model."""


def _short(meaning: str) -> str:
    """The first words of a description: to its first full stop, colon, semicolon or bracket."""
    text = meaning.partition(": ")[2] if meaning[:1] == "M" and meaning[1:2].isdigit() else meaning
    return re.split(r"[.:;] | \(|\.$", text, maxsplit=1)[0].strip()


def _leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list) and data and all(isinstance(item, Mapping) and "name" in item for item in data):
        for item in data:
            yield from _leaves({key: value for key, value in item.items() if key != "name"}, f"{path}[{item['name']}]")
    else:
        yield path, data
