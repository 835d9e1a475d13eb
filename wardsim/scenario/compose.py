"""Puts a scenario together from its file, the files it extends, and overrides, every value keeping its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import COMMAND_LINE, Mark, Problem, Source, shown
from .reader import Entry, Node, NotReadError, read_bytes, read_nodes, scalar
from .shipped import shipped

MAX_EXTENDS = 8
OWN = ("name", "question")
"""Keys that are never inherited."""

Overrides = Mapping[str, Any] | Iterable[str]


@dataclass(slots=True)
class Composed:
    """A scenario as one tree of nodes.

    Attributes
    ----------
    root : Node
        Its top group.
    files : list of Path
        Files read, the scenario first.
    folders : dict of Source to Path
        Folder of each source, for files named inside it.
    problems : list of Problem
        Found so far.
    """

    root: Node
    files: list[Path] = field(default_factory=list)
    folders: dict[str, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def inside(folder: Path, name: str) -> Path | None:
    """Path of a file named by a scenario, None when it leads out of the folder (absolute, `..`, a link, another drive)."""
    if (
        not name
        or name.startswith(("/", "\\", "~"))
        or any(c in name for c in ":\0")
        or ".." in name.replace("\\", "/").split("/")
    ):
        return None
    path = folder / name.replace("\\", "/")
    try:
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):  # a circle of links
        return None


def compose_file(path: Path, name: str) -> Composed:
    """A scenario file with everything it extends.

    Parameters
    ----------
    path : Path
        File.
    name : str
        Its name in messages.

    Raises
    ------
    NotReadError
        The file cannot be read at all.
    """
    return compose_text(read_bytes(path, name), name, path.parent, path)


def compose_text(text: str, name: str, folder: Path, path: Path | None = None) -> Composed:
    """A scenario given as text, with everything it extends from a folder."""
    root, problems = read_nodes(text, name)
    done = Composed(root, [path] if path is not None else [], {name: folder}, problems)
    tree, current, here = root, name, folder
    bases: list[Node] = []
    seen = {path.resolve()} if path is not None else set()
    while True:
        assert isinstance(tree.value, dict)
        entry = tree.value.pop("extends", None)
        if entry is None:
            break
        base = _base(entry, here, current, seen, len(bases), done.problems)
        if base is None:
            break
        path, current = base
        try:
            tree, more = read_nodes(read_bytes(path, current), current)
        except NotReadError as error:
            done.problems.append(error.problem)
            break
        here = path.parent
        done.problems += more
        done.files.append(path)
        done.folders[current] = here
        bases.append(tree)
    done.root = _merge_all(root, bases)
    return done


def _base(
    entry: Entry, folder: Path, current: str, seen: set[Path], level: int, problems: list[Problem]
) -> tuple[Path, str] | None:
    """Path and shown name of the file that `extends` names; None with a problem noted."""
    mark, wanted = entry.node.mark, entry.node.value
    about = {"key": "extends", "value": shown(wanted)}
    if entry.node.bad:
        return None
    if not isinstance(wanted, str) or not wanted:
        problems.append(
            Problem.at(mark, "WS104", f"extends is {shown(wanted)}; it must be the name of a file", **about)
        )
        return None
    path = inside(folder, wanted)
    if path is None:
        message = f"extends names {shown(wanted)}, which is not in the folder of this scenario"
        hint = "copy the file beside this one and give its bare name"
        problems.append(Problem.at(mark, "WS131", message, hint=hint, **about))
        return None
    name = str(Path(current).parent / wanted)
    if not path.exists() and "/" not in wanted and (shipped("scenarios") / wanted).is_file():
        path = shipped("scenarios") / wanted
        name = str(path)
    if not path.is_file():
        message = f"extends names {shown(wanted)}, but there is no such file beside this one and none is shipped"
        problems.append(Problem.at(mark, "WS130", message, hint=_near(wanted, folder), **about))
        return None
    if path.resolve() in seen:
        message = f"extends leads in a circle: {shown(wanted)} has already been read"
        problems.append(Problem.at(mark, "WS132", message, **about))
        return None
    if level >= MAX_EXTENDS:
        problems.append(Problem.at(mark, "WS133", f"more than {MAX_EXTENDS} files extend each other in a row", **about))
        return None
    seen.add(path.resolve())
    return path, name


def _near(wanted: str, folder: Path) -> str:
    from difflib import get_close_matches

    try:
        names = {path.name for path in folder.glob("*.y*ml")} | {
            path.name for path in shipped("scenarios").glob("*.yaml")
        }
    except OSError:
        return ""
    near = get_close_matches(wanted, sorted(names), 1, 0.5)
    return f"did you mean {near[0]}?" if near else ""


def _merge_all(root: Node, bases: list[Node]) -> Node:
    """The root over its bases, the last base lowest."""
    merged: Node | None = None
    for node in reversed([root, *bases]):
        assert isinstance(node.value, dict)
        if merged is not None and isinstance(merged.value, dict):
            below = {key: entry for key, entry in merged.value.items() if key not in OWN}
            merged = merge(Node(merged.mark, below), node)
        else:
            merged = node
    assert merged is not None
    return merged


def merge(below: Node, above: Node) -> Node:
    """Groups are merged key by key; anything else (a list, a number, null) replaces what is below."""
    if not isinstance(below.value, dict) or not isinstance(above.value, dict):
        return above
    value = dict(below.value)
    for key, entry in above.value.items():
        old = value.get(key)
        value[key] = Entry(entry.key_mark, merge(old.node, entry.node)) if old is not None else entry
    return Node(above.mark, value)


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


def override(done: Composed, overrides: Overrides) -> None:
    """Lay overrides over a composed scenario; what is wrong is noted with the place in the override.

    Parameters
    ----------
    done : Composed
        Scenario, changed.
    overrides : mapping of str to value, or iterable of "KEY=VALUE"
        Dotted keys, for instance `staffing.required.night.rn=3`.
    """
    texts = as_text(overrides)
    source = Source(COMMAND_LINE, tuple(texts))
    for number, text in enumerate(texts, 1):
        try:
            key, path, node = _parse(text, Mark(source, number, 1, max(1, len(text))))
            done.root = _laid(done.root, path, (), node, Mark(source, number, 1, max(1, len(key))))
        except NotReadError as error:
            done.problems.append(error.problem)


def _refused(mark: Mark, message: str, hint: str = "") -> NotReadError:
    return NotReadError(Problem.at(mark, "WS140", message, hint=hint))


def _parse(text: str, mark: Mark) -> tuple[str, tuple[str, ...], Node]:
    """Key, path and value of one override."""
    key, equals, wanted = text.partition("=")
    key = key.strip()
    if not equals or not key or len(text) > 2000:
        raise _refused(mark, f"the override {shown(text)} is not KEY=VALUE", "as in --set staffing.required.night.rn=3")
    if key.startswith("parameters."):
        path: tuple[str, ...] = ("parameters", key.removeprefix("parameters."))
    else:
        path = tuple(key.split("."))
    if not all(path):
        raise _refused(mark, f"the key {shown(key)} has an empty part", "as in --set staffing.required.night.rn=3")
    if path[0] == "extends":
        raise _refused(mark, "extends cannot be overridden")
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
        return key, path, _moved(root.value["value"].node, at)
    value, complaint = scalar(wanted)
    if complaint:
        raise NotReadError(Problem.at(at, "WS111", f"{key} is {shown(wanted)[1:-1]}; {complaint}", key=key))
    return key, path, Node(at, value)


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
