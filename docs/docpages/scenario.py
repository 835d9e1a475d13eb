"""Pages of every key that may be written in a scenario or a study file, from their schemas."""

from __future__ import annotations

import json

from wardsim.scenario.codes import CODES
from wardsim.scenario.fields import SCENARIO, Keys, Path, Spec
from wardsim.scenario.studies.kinds import KINDS

from .common import NOTE, table

HEADER = ("key", "what it is", "type and range", "unit", "default")
TITLES = {
    "options": "Options to compare (`wardsim compare`)",
    "sweep": "Sweep (`wardsim sweep`)",
    "sensitivity": "Sensitivity (`wardsim sensitivity`)",
    "optimise": "Optimise (`wardsim optimise`)",
    "population": "Population (`wardsim population`)",
}
"""Heading of each kind of study file."""


def scenario_page() -> str:
    """Every key of a scenario, by section."""
    text = [
        NOTE,
        "# Scenario keys\n",
        "Every key but `name` may be left out and takes its default. `extends: baseline.yaml` starts from another scenario; a key may be written in\n"
        "groups or dotted, as in `staffing.required.night.rn: 3`. Of a list `[]` stands for each item. `wardsim explain KEY` shows one of them,\n"
        "`wardsim schema` prints all as JSON Schema.\n",
    ]
    top = [about for path, about in SCENARIO.walk() if len(path) == 1 and about.kind not in ("section", "list", "names")]
    text += ["## At the top\n", table(HEADER, [_row(about) for about in top])]
    for path, about in SCENARIO.walk():
        if len(path) == 1 and about.kind in ("section", "list", "names"):
            text += [f"## `{about.key}`\n", _sentence(about)]
            rows = _rows(SCENARIO, path)
            text.append(table(HEADER, rows) if rows else "")
    return "\n".join(text)


def studies_page() -> str:
    """Every key of each kind of study file."""
    text = [
        NOTE,
        "# Study files\n",
        "A study file says which wards are run beside each other, and what is asked of them. Keys are checked like those of a scenario. `NAME`\n"
        "stands for a key of your own choosing. `wardsim init FILE --kind KIND` writes a commented file, `wardsim explain KIND` lists its keys.\n",
    ]
    for kind, keys in KINDS.items():
        text += [f"## {TITLES.get(kind, kind)}\n", table(HEADER, _rows(keys, ()))]
    return "\n".join(text)


def codes_page() -> str:
    """Every code of a message about a file."""
    text = [
        NOTE,
        "# Messages about files\n",
        "A mistake in a file is told with a code, the file, line and column, the value, what would be right, and where there is one the nearest\n"
        "right key. All mistakes of a file are told at once. `wardsim explain CODE` shows one of these entries.\n",
    ]
    for code, (title, explanation) in CODES.items():
        text += [f"## {code}: {title}\n", f"{explanation}\n".replace("<", "&lt;")]
    return "\n".join(text)


def _rows(keys: Keys, path: Path) -> list[tuple[str, str, str, str, str]]:
    """Rows of all keys below a path that hold a value, and of the groups between as a line of their own."""
    rows = []
    for below, about in keys.walk(path):
        rows.append(_row(about))
        if about.kind == "group":
            rows += [_row(inner) for _, inner in keys.walk((*below, "NAME"))]
    return rows


def _row(about: Spec) -> tuple[str, str, str, str, str]:
    group = about.kind in ("section", "group") or (about.kind == "list" and about.default in (None, [], ()))
    kind = "" if about.kind == "section" else about.expected
    default = "required" if about.required else "" if group or about.key.endswith("[]") else _shown(about.default)
    return f"`{about.key}`", about.meaning, kind, about.unit, default


def _shown(value: object) -> str:
    """A default as it would be written in a file."""
    if value is None:
        return "none"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else f"{value}"
    if not text:
        return "empty"
    return f"`{text}`" if len(text) <= 60 else f"{len(value)} items, see `wardsim schema`" if isinstance(value, list | dict) else text


def _sentence(about: Spec) -> str:
    return f"{about.meaning}\n" if about.meaning else ""
