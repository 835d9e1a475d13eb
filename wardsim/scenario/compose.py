"""Puts a scenario together from its file and the files it extends, every value keeping its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from os.path import exists, isfile
from pathlib import Path

from .errors import Problem, shown
from .reader import Entry, Node, NotReadError, read_bytes, read_nodes
from .shipped import shipped

MAX_EXTENDS = 8
OWN = ("name", "question")
"""Keys that are never inherited."""


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

    def copy(self) -> Composed:
        """The same without its problems; what is laid over the copy leaves this one as it is."""
        return Composed(self.root, list(self.files), dict(self.folders))


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
    found = named_file(entry.node, "extends", folder, current, problems)
    if found is None:
        return None
    mark, wanted = entry.node.mark, entry.node.value
    about = {"key": "extends", "value": shown(wanted)}
    path, name = found
    if path.resolve() in seen:
        message = f"extends leads in a circle: {shown(wanted)} has already been read"
        problems.append(Problem.at(mark, "WS132", message, **about))
        return None
    if level >= MAX_EXTENDS:
        problems.append(Problem.at(mark, "WS133", f"more than {MAX_EXTENDS} files extend each other in a row", **about))
        return None
    seen.add(path.resolve())
    return path, name


def named_file(
    node: Node,
    key: str,
    folder: Path,
    current: str,
    problems: list[Problem],
    what: str = "scenario",
    beside: bool = True,
) -> tuple[Path, str] | None:
    """Path and shown name of a scenario that another file names: beside that file, else shipped; None with a problem noted.

    Parameters
    ----------
    node : Node
        The value that names it.
    key : str
        Its key in messages.
    folder : Path
        Folder of the file that names it.
    current : str
        Name of that file in messages.
    problems : list of Problem
        Added to.
    what : str
        What that file is.
    beside : bool
        Whether it may be a file beside that one; else only a shipped one.
    """
    mark, wanted = node.mark, node.value
    about = {"key": key, "value": shown(wanted)}
    if node.bad:
        return None
    if not isinstance(wanted, str) or not wanted:
        problems.append(Problem.at(mark, "WS104", f"{key} is {shown(wanted)}; it must be the name of a file", **about))
        return None
    path = inside(folder, wanted)
    if path is None:
        message = f"{key} names {shown(wanted)}, which is not in the folder of this {what}"
        hint = "copy the file beside this one and give its bare name"
        problems.append(Problem.at(mark, "WS131", message, hint=hint, **about))
        return None
    name = str(Path(current).parent / wanted)
    # not Path.exists, which raises on names that are too long
    if not (beside and exists(path)) and "/" not in wanted and isfile(shipped("scenarios") / wanted):
        path = shipped("scenarios") / wanted
        name = str(path)
    if not isfile(path):
        message = f"{key} names {shown(wanted)}, but there is no such file beside this one and none is shipped"
        problems.append(Problem.at(mark, "WS130", message, hint=_near(wanted, folder), **about))
        return None
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
