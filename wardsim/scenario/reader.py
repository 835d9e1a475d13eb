"""Reads YAML 1.2 into nodes that know their line and column; refuses what a scenario has no use for.

ruamel.yaml scans and parses; the nodes are built here from its events, so that size, depth, tags, anchors and repeated
keys are refused before anything is constructed, and every value keeps its place in the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Mark, Problem, Source, shown

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 10_000
MAX_NUMBER = 40
"""Longest number, characters."""

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One key of a group: where the key stands, and its value."""

    key_mark: Mark
    node: Node


@dataclass(slots=True)
class Node:
    """A value with its place: a scalar, a list of nodes, or a group of entries; `bad` once a problem was told of it."""

    mark: Mark
    value: bool | int | float | str | list[Node] | dict[str, Entry] | None
    bad: bool = False

    def plain(self) -> Any:
        """The bare data, without nodes already known to be bad."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain() for key, entry in self.value.items() if not entry.node.bad}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class NotReadError(Exception):
    """Reading stopped: what was found wrong up to there.

    Parameters
    ----------
    problem : Problem
        Why.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_bytes(path: Path, name: str, code: str = "WS101", limit: int = MAX_BYTES) -> str:
    """Text of a file, its size checked before it is read.

    Parameters
    ----------
    path : Path
        File.
    name : str
        Its name in messages.
    code : str
        Code of a failure to read.
    limit : int
        Greatest size, bytes.

    Raises
    ------
    NotReadError
        Missing, unreadable, too large, not UTF-8.
    """
    mark = Mark(Source(name))
    try:
        if path.is_dir():
            raise NotReadError(Problem.at(mark, code, "this is a folder, not a file"))
        if not path.is_file():
            raise NotReadError(Problem.at(mark, code, "there is no such file"))
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise NotReadError(Problem.at(mark, code, f"the file cannot be read: {reason}")) from None
    if len(data) > limit:
        raise NotReadError(
            Problem.at(
                mark, "WS102", f"the file is larger than {limit:,} bytes", hint="a scenario is a page or two of text"
            )
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        source = Source(name, tuple(data.decode("utf-8", "replace").splitlines()))
        raise NotReadError(
            Problem.at(Mark(source, line, column), code, "the file is not text in UTF-8", hint="save it as UTF-8")
        ) from None


def read_nodes(text: str, name: str) -> tuple[Node, list[Problem]]:
    """Root group of a YAML text, and the problems that did not stop the reading.

    Parameters
    ----------
    text : str
        YAML.
    name : str
        Name of the file in messages.

    Raises
    ------
    NotReadError
        Not YAML, not one group of keys, too deep, too many values.
    """
    source = Source(name, tuple(re.split(r"\r\n|\r|\n", text)))
    builder = _Builder(source)
    for event in _events(text, source):
        builder.take(event)
    return builder.root(), builder.problems


def _events(text: str, source: Source) -> Iterator[Any]:
    """Events of ruamel's safe, pure-Python parser; whatever it trips over becomes one problem with a place."""
    from ruamel.yaml import YAML
    from ruamel.yaml.events import StreamEndEvent
    from ruamel.yaml.reader import ReaderError

    first = next(
        ((n, line) for n, line in enumerate(source.lines, 1) if line.strip() and line.lstrip()[0] != "#"), (0, "")
    )
    if first[1].startswith("%"):
        mark = Mark(source, first[0], 1, len(first[1]))
        raise NotReadError(
            Problem.at(mark, "WS120", "directives (lines that begin with %) are not allowed", hint="delete the line")
        )
    try:
        _, parser = YAML(typ="safe", pure=True).get_constructor_parser(text)
        while True:
            event = parser.get_event()
            yield event
            if isinstance(event, StreamEndEvent):
                return
    except NotReadError:
        raise
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        message = "the file has a control character in it, which is not text"
        raise NotReadError(Problem.at(Mark(source, line, column), "WS120", message)) from None
    except Exception as error:  # a parser fed with damaged text fails in many ways; none of them may reach the user
        at = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (at.line + 1, at.column + 1) if at is not None else (1, 1)
        last = max(1, len(source.lines))
        reason = str(getattr(error, "problem", None) or "it cannot be understood").split("\n")[0]
        message, hint = _in_words(reason)
        raise NotReadError(Problem.at(Mark(source, min(line, last), column), "WS120", message, hint=hint)) from None


_SLIPS = (
    ("'\\t'", "a tab stands where only spaces may", "use spaces, not tabs"),
    (
        "mapping values are not allowed",
        "a colon stands where no key can begin",
        "text with a colon in it needs quotes, and keys of one section start in the same column",
    ),
    (
        "expected <block end>",
        "this line does not line up with its section",
        "keys of one section start in the same column, each followed by a colon and a space",
    ),
    ("could not find expected ':'", "a key without a colon", "each key is followed by a colon and a space"),
)
"""Common slips: what the parser says, what we say, the remedy."""


def _in_words(reason: str) -> tuple[str, str]:
    """A parser's reason in words for a planner, and a remedy."""
    for sign, message, hint in _SLIPS:
        if sign in reason:
            return f"this is not valid YAML: {message}", hint
    return f"this is not valid YAML: {reason}", ""


class _Builder:
    """Builds nodes from events with a stack of its own (no recursion), refusing as it goes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.stack: list[Node] = []
        self.keys: list[tuple[str, Mark] | None] = []
        self.names: list[str] = []
        self.roots: list[Node] = []
        self.count = 0

    def mark(self, event: Any) -> Mark:
        """Place of an event."""
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if start.line == end.line else 1
        return Mark(self.source, start.line + 1, start.column + 1, max(1, width))

    def say(self, mark: Mark, code: str, message: str, **more: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem.at(mark, code, message, **more))

    def take(self, event: Any) -> None:
        """One event of the parser."""
        name = type(event).__name__
        if name == "DocumentStartEvent":
            self._document(event)
        elif name == "AliasEvent":
            self._aliased(event, f"*{event.anchor}")
            self._place(Node(self.mark(event), None, bad=True))
        elif name == "ScalarEvent":
            self._scalar(event, self._named(event))
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            refused = self._named(event)
            self._open(Node(self.mark(event), {} if name[0] == "M" else [], bad=refused))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
            self.keys.pop()
            self.names.pop()

    def root(self) -> Node:
        """The one group of keys of the file."""
        here = Mark(self.source)
        if not self.roots:
            raise NotReadError(Problem.at(here, "WS124", "the file is empty", hint="start with `name: ...`"))
        root = self.roots[0]
        if not isinstance(root.value, dict):
            kind = "a list" if isinstance(root.value, list) else shown(root.value)
            hint = "a scenario is written `key: value`, beginning with `name: ...`"
            raise NotReadError(Problem.at(root.mark, "WS124", f"the file holds {kind}, not a group of keys", hint=hint))
        return root

    def _document(self, event: Any) -> None:
        if self.roots:
            hint = "one file, one scenario"
            raise NotReadError(Problem.at(self.mark(event), "WS124", "a second document begins here", hint=hint))

    def _aliased(self, event: Any, what: str) -> None:
        hint = "repeat the values, or use `extends`; text that begins with & or * needs quotes"
        self.say(self.mark(event), "WS122", f"anchors and aliases are not allowed: {what}", hint=hint)

    def _named(self, event: Any) -> bool:
        """Refuse an anchor or a tag; whether there was one."""
        if event.anchor is not None:
            self._aliased(event, f"&{event.anchor}")
        if event.tag is not None:
            hint = "delete it; text that begins with ! needs quotes"
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self.say(self.mark(event), "WS121", f"tags are not allowed: {tag}", hint=hint)
            return True
        return event.anchor is not None

    def _open(self, node: Node) -> None:
        self.names.append(self._name())
        self._place(node)
        self.stack.append(node)
        self.keys.append(None)
        if len(self.stack) > MAX_DEPTH:
            raise NotReadError(Problem.at(node.mark, "WS103", f"the file is nested more than {MAX_DEPTH} deep"))

    def _name(self) -> str:
        """Name of the value about to be placed, as one part of a dotted key."""
        if not self.stack:
            return ""
        inside = self.stack[-1].value
        if isinstance(inside, list):
            return f"[{len(inside)}]"
        pending = self.keys[-1]
        return f".{pending[0]}" if pending is not None else ""

    def _place(self, node: Node) -> None:
        """Put a finished or opened node where it belongs."""
        self.count += 1
        if self.count > MAX_NODES:
            raise NotReadError(Problem.at(node.mark, "WS103", f"the file holds more than {MAX_NODES:,} values"))
        if not self.stack:
            self.roots.append(node)
            return
        inside = self.stack[-1].value
        if isinstance(inside, list):
            inside.append(node)
            return
        assert isinstance(inside, dict)
        pending = self.keys[-1]
        if pending is None:
            self.say(node.mark, "WS125", "a key must be a plain word")
            self.keys[-1] = ("", node.mark)
            return
        key, key_mark = pending
        self.keys[-1] = None
        if key == "<<":
            hint = "use `extends: FILE` at the top of the scenario"
            self.say(key_mark, "WS123", "merge keys are not allowed", key=key, hint=hint)
        elif key in inside:
            first = inside[key].key_mark.line
            hint = f"it was first given on line {first}; keep one"
            self.say(key_mark, "WS110", f"{shown(key)} is given twice in the same section", key=key, hint=hint)
        elif key:
            inside[key] = Entry(key_mark, node)

    def _scalar(self, event: Any, refused: bool) -> None:
        mark = self.mark(event)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.keys[-1] is None:
            if not event.value:
                self.say(mark, "WS125", "a key must be a plain word")
            self.keys[-1] = (str(event.value), mark)
            return
        value, complaint = (event.value, "") if event.style else scalar(event.value)
        node = Node(mark, value, bad=refused or bool(complaint))
        if complaint:
            key = "".join([*self.names, self._name()]).lstrip(".")
            self.say(mark, "WS111", f"{key or 'the value'} is {shown(event.value)[1:-1]}; {complaint}", key=key)
        self._place(node)


def scalar(text: str) -> tuple[bool | int | float | str | None, str]:
    """Value of an unquoted scalar by the core rules of YAML 1.2, and a complaint ("" when there is none)."""
    if text in _WORDS:
        return _WORDS[text], ""
    if _NOT_FINITE.fullmatch(text):
        return None, "it must be a finite number"
    if not _FLOAT.fullmatch(text) and not _INT.fullmatch(text):
        return text, ""
    if len(text) > MAX_NUMBER:
        return None, f"a number has at most {MAX_NUMBER} characters"
    if _INT.fullmatch(text):
        return int(text, 0 if text[:2] in ("0o", "0x") else 10), ""
    number = float(text)
    return (number, "") if math.isfinite(number) else (None, "it must be a finite number")
