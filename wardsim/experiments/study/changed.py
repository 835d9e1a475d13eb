"""What is different between the study of a folder and the study that is asked for, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SHOWN = 20
"""Most differences named."""
_LONG = 40
_NOTHING = "(nothing)"


class StudyChangedError(ValueError):
    """The folder holds another study.

    Parameters
    ----------
    folder : path
        Of the study.
    lines : sequence of str
        What is different, as `key: old -> new`.
    """

    exit_code = 2

    def __init__(self, folder: Path, lines: list[str]) -> None:
        super().__init__(folder, lines)
        self.folder = folder
        self.lines = lines

    def __str__(self) -> str:
        shown = [f"  {line}" for line in self.lines[:SHOWN]]
        if len(self.lines) > SHOWN:
            shown.append(f"  and {len(self.lines) - SHOWN} more")
        return "\n".join([
            f"{self.folder} holds another study; its runs cannot be mixed with these:", *shown,
            "give another folder, or undo the change",
        ])  # fmt: skip


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Differences of two studies with their versions, as `key: old -> new`, in the order of the keys.

    Parameters
    ----------
    old, new : mapping
        Plain data with `versions` and `study`.
    """
    lines = [
        f"{key}: {_short(old['versions'].get(key))} -> {_short(new['versions'].get(key))}"
        for key in sorted({*old["versions"], *new["versions"]})
        if old["versions"].get(key) != new["versions"].get(key)
    ]
    before, after = dict(_leaves(old["study"])), dict(_leaves(new["study"]))
    for key in [*before, *(key for key in after if key not in before)]:
        a, b = before.get(key, _NOTHING), after.get(key, _NOTHING)
        if a != b or type(a) is not type(b):
            lines.append(f"{key}: {_short(a)} -> {_short(b)}")
    return lines


def _leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no mapping and no list of mappings, with the path to it; cells are found by their name."""
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list) and data and all(isinstance(item, Mapping) for item in data):
        for i, item in enumerate(data):
            yield from _leaves(item, f"{path}[{item.get('name', i)}]")
    else:
        yield path, data


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONG else f"{text[: _LONG - 3]}..."
