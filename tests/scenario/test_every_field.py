"""Every key of the schema: missing, null, wrong kind, outside each bound, not finite, absurdly large: all refused with a code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wardsim.scenario.codes import CODES
from wardsim.scenario.fields import Path, Spec, spec, walk
from wardsim.scenario.load import ScenarioError, load_text

pytestmark = pytest.mark.unit

ITEMS: dict[Path, dict[str, Any]] = {
    ("training", "courses", "[]"): {"name": "induction", "initial_hours": 1, "refresher_hours": 1},
    ("programmes", "[]"): {"kind": "relational_safety"},
    ("start", "census", "[]"): {"days_since_admission": 1},
}
KEYS = [(path, about) for path, about in walk() if about.kind != "section" or "[]" not in path[-1:]]


def document(path: Path, value: Any) -> str:
    """A scenario with one value at a path and whatever else it must have."""
    inner: Any = value
    for i in range(len(path) - 1, -1, -1):
        part = path[i]
        if part == "[]":
            inner = [inner]
            continue
        around = dict(ITEMS.get(path[:i], {}))
        around[str(part)] = inner
        inner = around
    whole = inner if path[0] == "name" else {"name": "x", **inner}
    return "\n".join(f"{key}: {text(item)}" for key, item in whole.items())


def text(value: Any) -> str:
    return value.raw if isinstance(value, Raw) else _nested(value)


class Raw:
    """YAML to be written as it is."""

    def __init__(self, raw: str) -> None:
        self.raw = raw


def _nested(value: Any) -> str:
    if isinstance(value, Raw):
        return value.raw
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {_nested(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_nested(v) for v in value) + "]"
    return json.dumps(value)


def wrong_values(about: Spec) -> list[str]:
    """Texts that must be refused for a key."""
    numbers = [".nan", ".inf", "-.inf", "1e308", "1e999", "9" * 39, "9" * 400]
    out = {
        "section": ["7", "text", "[1]", "true"],
        "names": ["7", "text", "[1]", "true"],
        "list": ["7", "text", "{a: 1}", "true"],
        "pair": [
            "7",
            '"07:00"',
            '["07:00"]',
            '["07:00", "08:00", "09:00"]',
            '["7:00", "08:00"]',
            '["24:00", "08:00"]',
            "{a: 1}",
        ],
        "switch": ["7", "1", "0", "yes", "on", '"true"', "[]", *numbers],
        "word": ["7", "nonsense", "[]", "{}", "true", '""', *numbers],
        "text": ["7", "[]", "{}", "true", f'"{"x" * 2001}"', *numbers],
        "date": ["7", "2025-4-1", "01/04/2025", "1999-12-31", "2101-01-01", "2025-02-30", "[]", "true", *numbers],
        "clock": ["7", "7:00", "24:00", "12:60", "[]", *numbers],
        "whole": ["text", "1.5", "1.0", '"1"', "[]", "{}", "true", "1_0", *numbers],
        "number": ["text", '"1"', "[]", "{}", "true", "1_0", "1,0,0", *numbers],
    }[about.kind]
    if about.low is not None:
        out = [*out, f"{about.low:.0f}" if about.above else f"{about.low - 1:.0f}", "-1e300"]
    if about.high is not None:
        out = [*out, f"{int(about.high) + 1}"]
    if about.key == "schema_version":
        out = [*out, "0", "2"]
    if not about.nullable:
        out = [*out, "null", ""]
    if "[" not in about.key or about.kind == "section":
        return out
    return [value for value in out if value not in ("", "1,0,0")]


@pytest.mark.parametrize(("path", "about"), KEYS, ids=[about.key for _, about in KEYS])
def test_wrong_values_are_refused(path: Path, about: Spec) -> None:
    for value in wrong_values(about):
        if path[-1] == "[]" and value == "null" and about.nullable:
            continue
        with pytest.raises(ScenarioError) as caught:
            load_text(document(path, Raw(value)))
        for problem in caught.value.problems:
            assert problem.code in CODES
            assert problem.line >= 1


@pytest.mark.parametrize(
    ("path", "about"), [(p, a) for p, a in KEYS if a.required], ids=lambda v: getattr(v, "key", "")
)
def test_missing_is_refused(path: Path, about: Spec) -> None:
    if path == ("name",):
        source = "question: x"
    else:
        item = {key: value for key, value in ITEMS[path[:-1]].items() if key != path[-1]}
        filler = "detained" if path[0] == "start" else "reach_pct"
        source = document(path[:-1], item or {filler: Raw("true" if filler == "detained" else "50")})
    with pytest.raises(ScenarioError) as caught:
        load_text(source)
    assert {p.code for p in caught.value.problems} == {"WS108"}
    assert about.key.split(".")[-1] in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("path", "about"), [(p, a) for p, a in KEYS if a.low is not None], ids=lambda v: getattr(v, "key", "")
)
def test_bounds_themselves_are_allowed(path: Path, about: Spec) -> None:
    assert about.high is not None
    for value in ([] if about.above else [about.low]) + [about.high]:
        shown = f"{int(value)}" if about.kind == "whole" else f"{value}"
        source = document(path, Raw(shown))
        # at its bound a value may contradict others, which is another matter
        assert codes_of(source) <= {"WS150", "WS151", "WS157", "WS158"}, source


def codes_of(source: str) -> set[str]:
    """Codes of what is wrong with a scenario, empty when nothing is."""
    try:
        load_text(source)
    except ScenarioError as error:
        return {problem.code for problem in error.problems}
    return set()


def test_every_key_has_a_meaning_and_every_number_a_unit() -> None:
    for _, about in walk():
        if about.key.endswith("[]"):
            continue
        assert len(about.meaning) > 5, about.key
        if about.kind in ("whole", "number") and about.key != "run.seed":
            assert about.unit, about.key
        assert spec(tuple(about.key.split("."))) is not None or "[]" in about.key
