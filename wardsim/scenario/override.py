"""Lays values over a composed scenario: overrides of the command line, and settings that another file makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .compose import Composed
from .errors import COMMAND_LINE, Mark, Problem, Source, shown
from .reader import Entry, Node, NotReadError, read_nodes, scalar

Overrides = Mapping[str, Any] | Iterable[str]
EXAMPLE = "as in --set staffing.required.night.rn=3"


def as_text(overrides: Overrides) -> list[str]:
    """Overrides as `KEY=VALUE` texts, in order."""
    if not isinstance(overrides, Mapping):
        return list(overrides)
    out = []
    for key, value in overrides.items():
        if value is None or isinstance(value, bool):
            out.append(f"{key}={'null' if value is None else str(value).lower()}")
        elif isinstance(value, list | tuple | dict):
            import json

            out.append(f"{key}={json.dumps(value)}")
        else:
            out.append(f"{key}={value}")
    return out


NAMED = ("parameters",)
"""Groups of a scenario whose keys have dots in them."""


def override(done: Composed, overrides: Overrides, named: tuple[str, ...] = NAMED) -> None:
    """Lay overrides over a composed scenario; what is wrong is noted with the place in the override.

    Parameters
    ----------
    done : Composed
        Scenario, changed.
    overrides : mapping of str to value, or iterable of "KEY=VALUE"
        Dotted keys, for instance `staffing.required.night.rn=3`.
    named : tuple of str
        Groups whose keys have dots in them.
    """
    texts = as_text(overrides)
    source = Source(COMMAND_LINE, tuple(texts))
    for number, text in enumerate(texts, 1):
        try:
            key, node = parse(text, Mark(source, number, 1, max(1, len(text))))
        except NotReadError as error:
            done.problems.append(error.problem)
            continue
        lay(done, key, node, Mark(source, number, 1, max(1, len(key))), named)


def lay(done: Composed, key: str, node: Node, key_mark: Mark, named: tuple[str, ...] = NAMED) -> bool:
    """Lay one value over a composed scenario; False with a problem noted when there is no such place.

    Parameters
    ----------
    done : Composed
        Scenario, changed (its nodes are not).
    key : str
        Dotted key.
    node : Node
        The value, which keeps its place in the file it came from.
    key_mark : Mark
        Where the key stands.
    named : tuple of str
        Groups whose keys have dots in them.
    """
    try:
        done.root = _laid(done.root, path_of(key, key_mark, named), (), node, key_mark)
    except NotReadError as error:
        done.problems.append(error.problem)
        return False
    return True


def path_of(key: str, mark: Mark, named: tuple[str, ...] = NAMED) -> tuple[str, ...]:
    """Parts of a dotted key.

    Raises
    ------
    NotReadError
        A part is empty, or the key cannot be overridden.
    """
    first, dot, rest = key.partition(".")
    path = (first, rest) if dot and first in named else tuple(key.split("."))
    if not all(path):
        raise _refused(mark, f"the key {shown(key)} has an empty part", EXAMPLE)
    if path[0] == "extends":
        raise _refused(mark, "extends cannot be overridden")
    return path


def _refused(mark: Mark, message: str, hint: str = "") -> NotReadError:
    return NotReadError(Problem.at(mark, "WS140", message, hint=hint))


def parse(text: str, mark: Mark) -> tuple[str, Node]:
    """Key and value of one override `KEY=VALUE`.

    Raises
    ------
    NotReadError
        It is none.
    """
    key, equals, wanted = text.partition("=")
    key = key.strip()
    if not equals or not key or len(text) > 2000:
        raise _refused(mark, f"the override {shown(text)} is not KEY=VALUE", EXAMPLE)
    path_of(key, mark)
    wanted = wanted.strip()
    at = Mark(mark.source, mark.line, text.index("=") + 2, max(1, len(wanted)))
    if wanted[:1] in ("[", "{", '"', "'"):
        try:
            root, problems = read_nodes(f"value: {wanted}", COMMAND_LINE)
        except NotReadError as error:
            raise _refused(at, error.problem.message) from None
        if problems:
            raise _refused(at, problems[0].message)
        assert isinstance(root.value, dict)
        return key, _moved(root.value["value"].node, at)
    value, complaint = scalar(wanted)
    if complaint:
        raise NotReadError(Problem.at(at, "WS111", f"{key} is {shown(wanted)[1:-1]}; {complaint}", key=key))
    return key, Node(at, value)


def _moved(node: Node, mark: Mark) -> Node:
    """The same value with every part placed at a mark."""
    if isinstance(node.value, dict):
        return Node(mark, {key: Entry(mark, _moved(entry.node, mark)) for key, entry in node.value.items()})
    if isinstance(node.value, list):
        return Node(mark, [_moved(item, mark) for item in node.value])
    return Node(mark, node.value)


def _from_plain(value: Any, mark: Mark) -> Node:
    if isinstance(value, dict):
        return Node(mark, {key: Entry(mark, _from_plain(item, mark)) for key, item in value.items()})
    if isinstance(value, list):
        return Node(mark, [_from_plain(item, mark) for item in value])
    return Node(mark, value)


def _laid(node: Node, path: tuple[str, ...], above: tuple[str, ...], value: Node, key_mark: Mark) -> Node:
    """A copy of the tree with one value laid at a path; a list left to its default is filled with it first."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(node.value, list):
        index = _index(node.value, part)
        if index is None:
            raise _refused(
                key_mark, f"there is no item {shown(part)} in {'.'.join(above)}", "name it by its number or its name"
            )
        items = list(node.value)
        items[index] = _laid(items[index], rest, (*above, part), value, key_mark)
        return Node(node.mark, items)
    if not isinstance(node.value, dict):
        raise _refused(key_mark, f"{'.'.join(above)} is {shown(node.value)} and has no key {shown(part)}")
    old = node.value.get(part)
    below = old.node if old is not None and not old.node.bad else Node(key_mark, {})
    if rest and old is None:
        below = _default((*above, part), key_mark)
    entries = dict(node.value)
    entries[part] = Entry(key_mark, _laid(below, rest, (*above, part), value, key_mark))
    return Node(node.mark, entries)


def _default(path: tuple[str, ...], mark: Mark) -> Node:
    """The default of a list, as nodes; an empty group for anything else."""
    from .fields import spec

    about = spec(path)
    if about is not None and about.kind in ("list", "pair") and about.default is not None:
        return _from_plain(about.default, mark)
    return Node(mark, {})


def _index(items: list[Node], part: str) -> int | None:
    """Position of an item named by number, or by its `name` or `kind`."""
    if part.isascii() and part.isdigit():
        return int(part) if len(part) < 6 and int(part) < len(items) else None
    for index, item in enumerate(items):
        if isinstance(item.value, dict):
            names = [item.value[key].node.value for key in ("name", "kind") if key in item.value]
            if part in names:
                return index
    return None
