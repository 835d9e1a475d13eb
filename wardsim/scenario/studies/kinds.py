"""The kinds of study file, how each is recognised, and the short forms in which it may be written."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, get_args

from ..errors import Mark, Problem, shown
from ..fields import Keys, Path
from ..reader import Entry, Node
from .schema import OptimiseFile, OptionsFile, PopulationFile, SensitivityFile, SweepFile
from .schema.common import Mechanism

KINDS: dict[str, Keys] = {
    "options": Keys(OptionsFile, "an options file"),
    "sweep": Keys(SweepFile, "a sweep file"),
    "sensitivity": Keys(SensitivityFile, "a sensitivity file"),
    "optimise": Keys(OptimiseFile, "an optimise file"),
    "population": Keys(PopulationFile, "a population file"),
}
"""Kind -> its keys."""

FILL: dict[str, dict[str, Any]] = {
    "options": {"name": "-", "options": [{"name": "-"}]},
    "sweep": {"name": "-", "factors": {"-": {}}},
    "sensitivity": {"name": "-", "parameters": {"-": {}}},
    "optimise": {"name": "-", "choices": {"-": {}}, "limits": {"cost_total_per_year": {"at_most": 0.0}}},
    "population": {"name": "-", "spread": {"-": {}}},
}
"""Something for each key that must be given."""

TELLING = {
    "options": "options", "factors": "sweep", "choices": "optimise", "limits": "optimise", "option": "sensitivity", "outcomes": "sensitivity",
    "method": "sensitivity", "trusts": "population", "studies": "population", "spread": "population",
}  # fmt: skip
"""Top-level key -> kind of file that it gives away."""


EACH = "each"
"""Of `mechanisms`: each of them off in turn, then all together."""
NONE = "without any mechanism"
_WORD: dict[str, Any] = {"type": "string"}
SHORT: dict[str, list[dict[str, Any]]] = {
    "design": [{"type": "string", "enum": ["factorial", "csv", "latin_hypercube", "sobol"]}],
    "mechanisms": [
        {"type": "array", "items": {"anyOf": [_WORD, {"type": "array", "items": _WORD}, {"type": "object"}]}},
        {"type": "string", "enum": [EACH]},
    ],
    "parameters": [{"type": "array", "minItems": 1, "items": {"anyOf": [_WORD, {"type": "object"}]}}],
}
"""Key -> JSON Schemas of the short forms that `normalise` writes out."""


def kind_of(root: Node) -> str | None:
    """What kind of study a file says it is, "" when it names none that there is; None when it is no study file."""
    assert isinstance(root.value, dict)
    told = root.value.get("kind")
    if told is not None:
        value = told.node.value
        return value if isinstance(value, str) and value in KINDS else ""
    return next((kind for key, kind in TELLING.items() if key in root.value), None)


def no_kind(root: Node) -> Problem:
    """The problem of a file that does not say what kind of study it is."""
    assert isinstance(root.value, dict)
    told = root.value.get("kind")
    words = ", ".join(KINDS)
    if told is None:
        hint = "write `kind: options`, or give it options, factors, choices, outcomes or trusts"
        return Problem.at(root.mark, "WS170", f"the file does not say which kind of study it is ({words})", hint=hint)
    value = told.node.value
    near = get_close_matches(str(value).lower(), KINDS, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else ""
    message = f"kind is {shown(value)}; it must be one of {words}"
    return Problem.at(told.node.mark, "WS170", message, key="kind", value=shown(value), hint=hint)


EMPTY = {
    "factors": ("factor", "{ward.beds: [16, 18, 20]}"),
    "choices": ("choice", "{ward.beds: [16, 18, 20]}"),
    "options": ("option", "[{name: Two beds more, set: {ward.beds: 20}}]"),
}
"""Groups that must not be empty -> what each holds, and one that is in order."""


def note_empty(root: Node, kind: str, bad: set[Path], problems: list[Problem]) -> None:
    """Note a group that must hold something and is empty, with one that does; it is then among what is bad.

    Parameters
    ----------
    root : Node
        The file.
    kind : str
        Kind of study.
    bad : set of paths
        Added to.
    problems : list of Problem
        Added to.
    """
    assert isinstance(root.value, dict)
    for key, (what, example) in EMPTY.items():
        entry = root.value.get(key)
        if entry is None or key not in FILL[kind] or entry.node.bad or entry.node.value not in (None, {}, []):
            continue
        message = f"{key} is empty; it must have at least one {what}"
        problems.append(Problem.at(entry.key_mark, "WS113", message, key=key, value="empty", hint=f"for instance `{key}: {example}`"))
        bad.add((key,))


def normalise(root: Node, kind: str, problems: list[Problem]) -> Node:
    """The tree with every short form written out; each value keeps its place.

    Parameters
    ----------
    root : Node
        As read.
    kind : str
        Kind of study.
    problems : list of Problem
        Added to.
    """
    out = _each(root, "mechanisms", _structures)
    for key in ("factors", "choices"):
        out = _each(out, key, _factors)
    out = _each(out, "design", lambda node: _wrapped(node, "kind") if isinstance(node.value, str) else node)
    if kind == "sensitivity":
        out = _each(out, "parameters", lambda node: _ranges(node, problems))
    return out


def _each(root: Node, key: str, change: Callable[[Node], Node]) -> Node:
    assert isinstance(root.value, dict)
    entry = root.value.get(key)
    if entry is None or entry.node.bad:
        return root
    return Node(root.mark, {**root.value, key: Entry(entry.key_mark, change(entry.node))}, root.bad)


def _wrapped(node: Node, key: str) -> Node:
    return Node(node.mark, {key: Entry(node.mark, node)}, node.bad)


def _structures(node: Node) -> Node:
    """A list of words, or one word, is what is off; `each` is every mechanism in turn, and all of them."""
    if node.value == EACH:
        alone = [Node(node.mark, [Node(node.mark, name)]) for name in get_args(Mechanism)]
        every = Node(node.mark, [Node(node.mark, name) for name in get_args(Mechanism)])
        named = {"name": Entry(node.mark, Node(node.mark, NONE)), "off": Entry(node.mark, every)}
        node = Node(node.mark, [*alone, Node(node.mark, named)])
    if not isinstance(node.value, list):
        return node
    items = []
    for item in node.value:
        if isinstance(item.value, str):
            item = Node(item.mark, [item], item.bad)
        items.append(_wrapped(item, "off") if isinstance(item.value, list) else item)
    return Node(node.mark, items)


def _factors(node: Node) -> Node:
    """A bare list is the levels."""
    if not isinstance(node.value, dict):
        return node
    short = {
        name: Entry(
            entry.key_mark, _wrapped(entry.node, "levels") if isinstance(entry.node.value, list) else entry.node
        )
        for name, entry in node.value.items()
    }
    return Node(node.mark, dict(short))


def _ranges(node: Node, problems: list[Problem]) -> Node:
    """A list of names, or of names with ranges, is a group of ranges; an empty range is that of the prior."""
    entries: dict[str, Entry] = {}

    def add(name: str, mark: Mark, value: Node) -> None:
        if name in entries:
            hint = f"it was first given on line {entries[name].key_mark.line}; keep one"
            problems.append(
                Problem.at(mark, "WS110", f"{shown(name)} is given twice in the same section", key=name, hint=hint)
            )
            return
        empty = value.value is None and not value.bad
        entries[name] = Entry(mark, Node(value.mark, {}) if empty else value)

    if isinstance(node.value, dict):
        for name, entry in node.value.items():
            add(name, entry.key_mark, entry.node)
    elif isinstance(node.value, list):
        for item in node.value:
            if isinstance(item.value, str):
                add(item.value, item.mark, Node(item.mark, {}))
            elif isinstance(item.value, dict):
                for name, entry in item.value.items():
                    add(name, entry.key_mark, entry.node)
            else:
                message = f"parameters has {shown(item.value)} in it; it must be a list of parameter names, or of names with ranges"
                problems.append(Problem.at(item.mark, "WS104", message, key="parameters", value=shown(item.value)))
    else:
        return node
    return Node(node.mark, entries)
