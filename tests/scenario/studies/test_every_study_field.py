"""Every key of every kind of study file: missing, null, wrong kind, outside each bound, not finite, absurdly large."""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from typing import Any

import pytest

from wardsim.scenario.codes import CODES
from wardsim.scenario.fields import Path, Spec
from wardsim.scenario.load import ScenarioError
from wardsim.scenario.studies import load_study_text
from wardsim.scenario.studies.kinds import KINDS

pytestmark = pytest.mark.unit

SMALLEST: dict[str, dict[str, Any]] = {
    "options": {"name": "x", "options": [{"name": "a", "set": {"ward.beds": 17}}]},
    "sweep": {"name": "x", "factors": {"training.protected": {"levels": [False, True]}}},
    "sensitivity": {"name": "x", "kind": "sensitivity", "parameters": {"mechanisms.limit_share": {}}},
    "optimise": {
        "name": "x",
        "choices": {"training.protected": {"levels": [False, True]}},
        "limits": {"cost_total_per_year": {"at_most": 1}},
    },
    "population": {
        "name": "x",
        "trusts": 2,
        "spread": {"training.release_minimum_cover_pct": {"mean": 90, "sd": 5, "low": 50, "high": 100, "assumption": "a"}},
    },
}
"""A file of each kind that is in order."""
NAMES = {
    "factors": "training.protected",
    "choices": "training.protected",
    "precision": "cost_total_per_year",
    "limits": "cost_total_per_year",
    "parameters": "mechanisms.limit_share",
    "spread": "training.release_minimum_cover_pct",
    "criteria": "patients_assaulted",
}
"""A key of the user's own choosing in each group."""
NUMBERS = [".nan", ".inf", "-.inf", "1e308", "1e999", "9" * 39, "9" * 400]


def every_key(kind: str) -> list[tuple[Path, Spec]]:
    """Keys of a kind, with those inside groups."""
    keys = KINDS[kind]
    found = list(keys.walk())
    for path, about in list(found):
        if about.kind == "group" and keys.children((*path, "NAME")):
            found += [
                ((*path, NAMES[str(path[-1])], *below[len(path) + 1 :]), spec)
                for below, spec in keys.walk((*path, "NAME"))
            ]
    return [(path, about) for path, about in found if about.kind != "any"]


KEYS = [(kind, path, about) for kind in KINDS for path, about in every_key(kind)]
IDS = [f"{kind}.{about.key}" for kind, _, about in KEYS]


class Raw(str):
    """YAML to be written as it is."""


def written(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {written(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(written(v) for v in value) + "]" if isinstance(value, list) else json.dumps(value)


def document(kind: str, path: Path, value: Any) -> str:
    """The smallest file of a kind with one value laid in; no value: the key is taken out."""
    whole = copy.deepcopy(SMALLEST[kind])
    here: Any = whole
    for part, below in pairwise(path):
        fresh: Any = [] if below == "[]" else {}
        if part == "[]":
            if not here:
                here.append(fresh)
            here = here[0]
        else:
            here = here.setdefault(part, fresh)
            if below == "[]" and path[-1] != "[]" and not here:
                here.append({})
    if path[-1] == "[]":
        here[:1] = [value]
    elif value is None:
        here.pop(path[-1], None)
    else:
        here[path[-1]] = value
    return "\n".join(f"{key}: {written(item)}" for key, item in whole.items())


def wrong_values(about: Spec) -> list[str]:
    out = {
        "section": ["7", "text", "[1]", "true"],
        "group": ["7", "text", "[[1]]", "true"],
        "list": ["7", "text", "{a: 1}", "true"],
        "switch": ["7", "yes", '"true"', "[]", *NUMBERS],
        "word": ["7", "nonsense", "[]", "{}", "true", '""', *NUMBERS],
        "text": ["7", "[]", "{}", "true", f'"{"x" * 2001}"', *NUMBERS],
        "whole": ["text", "1.5", '"1"', "[]", "{}", "true", "1_0", *NUMBERS],
        "number": ["text", '"1"', "[]", "{}", "true", "1_0", *NUMBERS],
    }[about.kind]
    if about.low is not None:
        out = [*out, f"{about.low:.0f}" if about.above else f"{about.low - 1:.0f}", "-1e300"]
    if about.high is not None:
        out = [*out, f"{int(about.high) + 1}"]
    if about.shortest and about.kind in ("text", "list"):
        out = [*out, '""' if about.kind == "text" else "[]"]
    return out if about.nullable else [*out, "null"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_file_is_in_order(kind: str) -> None:
    assert load_study_text(document(kind, ("name",), "x")).kind == kind


@pytest.mark.parametrize(("kind", "path", "about"), KEYS, ids=IDS)
def test_wrong_values_are_refused(kind: str, path: Path, about: Spec) -> None:
    for value in wrong_values(about):
        text = document(kind, path, Raw(value))
        with pytest.raises(ScenarioError) as caught:
            load_study_text(text)
        for problem in caught.value.problems:
            assert problem.code in CODES
            assert problem.line >= 1


@pytest.mark.parametrize(
    ("kind", "path", "about"), [key for key in KEYS if key[2].required], ids=lambda v: getattr(v, "key", "")
)
def test_missing_is_refused(kind: str, path: Path, about: Spec) -> None:
    filler = "question" if "[]" not in path[:-1] or path[0] == "options" else "name"
    text = document(kind, path, None) if path[0] != "mechanisms" else document(kind, (*path[:-1], filler), "z")
    with pytest.raises(ScenarioError) as caught:
        load_study_text(text)
    assert caught.value.problems[0].code in ("WS108", "WS170")  # a file without its telling key is of no known kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_meaning(kind: str) -> None:
    for _, about in every_key(kind):
        assert len(about.meaning) > 5 or about.key.endswith("[]"), about.key
