"""What `wardsim explain` says about a key of a scenario or a code of an error."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any

from .codes import CODES
from .fields import SCENARIO, Keys, Path, Spec, children, dotted, spec, walk

WIDTH = 96
ANY = "NAME"
"""Stands for a key of the user's own choosing."""


def explain_code(code: str) -> dict[str, Any] | None:
    """Title and explanation of an error code; None when there is no such code."""
    found = CODES.get(code.upper())
    return None if found is None else {"kind": "code", "name": code.upper(), "title": found[0], "explanation": found[1]}


def parse_key(text: str, keys: Keys = SCENARIO) -> Path | None:
    """The path that a key means: items of a list may be left out, or given as `[]`, by number or by name.

    Parameters
    ----------
    text : str
        For instance `training.courses.valid_months` or `training.courses[0].valid_months`.
    keys : Keys
        Of which kind of file.
    """
    parts = [part for part in re.split(r"\.|(?=\[)", text.strip()) if part]
    path: Path = ()
    for part in parts:
        about = keys.spec(path) if path else None
        if about is not None and about.kind == "list":
            path = (*path, "[]")
            if re.fullmatch(r"\[?[0-9]*\]?", part) or _is_name(keys, path, part):
                continue
        elif about is not None and about.kind == "group" and part in keys.children((*path, ANY)):
            path = (*path, ANY)
        path = (*path, part)
        if keys.spec(path) is None:
            return None
    return path or None


def _is_name(keys: Keys, path: Path, part: str) -> bool:
    """Whether a word names an item of this list, as `life_support` names a course."""
    return part not in keys.children(path) and any(
        about is not None and part in about.words for about in (keys.spec((*path, "name")), keys.spec((*path, "kind")))
    )


def explain_key(text: str, keys: Keys = SCENARIO, kind: str = "") -> dict[str, Any] | None:
    """Everything about a key; None when there is no such key.

    Parameters
    ----------
    text : str
        The key.
    keys : Keys
        Of which kind of file.
    kind : str
        Name of that kind, put before the key in what is shown; "" for a scenario.
    """
    path = parse_key(text, keys)
    about = keys.spec(path) if path is not None else None
    if path is None or about is None:
        return None
    before = f"{kind}." if kind else ""
    above = keys.spec(path[:-1]) if len(path) > 1 else None
    inner = {"list": (*path, "[]"), "group": (*path, ANY)}.get(about.kind, path)
    below = []
    for name in keys.children(inner):
        item = keys.spec((*inner, name))
        if item is not None:
            below.append({"key": f"{before}{item.key}", "meaning": item.meaning})
    return {
        "kind": "key",
        "name": f"{before}{about.key}",
        "meaning": about.meaning,
        "section": above.meaning if above is not None else "",
        "type": about.expected,
        "unit": about.unit,
        "range": about.range,
        "default": about.default if about.kind not in ("section", "list", "group") else None,
        "required": about.required,
        "keys": below,
        "example": "" if kind else _example(path, about),
    }


def _example(path: Path, about: Spec) -> str:
    """An override that works, "" where there is none to show."""
    if (
        about.kind in ("section", "list", "names")
        or "programmes" in path
        or "census" in path
        or about.key == "schema_version"
    ):
        return ""
    key = dotted(tuple("violence_prevention" if part == "[]" else part for part in path))
    if "courses" in path and about.kind == "word" and path[-1] in ("name", "[]"):
        return ""
    value = about.default
    if value is None or value == "":
        value = {
            "number": 7.5 if about.high is None or about.high >= 7.5 else about.high,
            "whole": about.low,
            "switch": True,
        }.get(about.kind, "rota.csv" if path[-1] == "roster_file" else "text")
    shown = json.dumps(value) if isinstance(value, bool | list) else f"{value}"
    quoted = f"'{key}={shown}'" if re.search(r"[\s\"\[\]]", shown) else f"{key}={shown}"
    return f"--set {quoted}"


def overview() -> dict[str, Any]:
    """What there is to explain."""
    below = [
        {"key": about.key, "meaning": about.meaning} for name in children(()) if (about := spec((name,))) is not None
    ]
    return {
        "kind": "overview",
        "name": "scenario",
        "meaning": "A scenario: what a planner sets. Name a key, an error code, a parameter or a measure to learn more, or options, sweep, "
        "sensitivity or optimise for the keys of study files.",
        "keys": below,
        "codes": [{"code": code, "title": title} for code, (title, _) in CODES.items()],
    }


def all_keys() -> list[str]:
    """Every key of a scenario, for suggestions."""
    return [about.key for _, about in walk()]


def as_text(info: dict[str, Any]) -> str:
    """An explanation as text."""
    if info["kind"] == "code":
        return f"{info['name']}: {info['title']}\n" + _wrap(info["explanation"])
    lines = [info["name"], _wrap(info["meaning"])]
    if info.get("section"):
        lines.append(_wrap(f"in: {info['section']}"))
    for label in ("type", "unit", "default"):
        value = info.get(label)
        if value not in (None, "", {}):
            lines.append(f"  {label}: {value if isinstance(value, str) else json.dumps(value)}")
    if info.get("required"):
        lines.append("  must be given")
    for group, left, right in (("keys", "key", "meaning"), ("codes", "code", "title")):
        if info.get(group):
            lines.append(f"  {group}:")
            wide = min(44, max(len(item[left]) for item in info[group]))
            lines += [_item(item[left], item[right], wide) for item in info[group]]
    if info.get("example"):
        lines.append(f"  example: {info['example']}")
    return "\n".join(lines)


def _item(left: str, right: str, wide: int) -> str:
    return textwrap.fill(right, 110, initial_indent=f"    {left:<{wide}}  ", subsequent_indent=" " * (wide + 6))


def _wrap(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
