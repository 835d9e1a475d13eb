"""From nodes to a scenario: every value against the schema, each mistake told at its place, all in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .compose import Composed
from .cross import Finding, findings
from .errors import Mark, Problem, shown
from .fields import SCENARIO, Keys, Path, Spec, dotted
from .reader import Node
from .schema import Scenario

if TYPE_CHECKING:
    from pydantic import BaseModel

_CODES = {
    "extra_forbidden": "WS109",
    "missing": "WS108",
    "literal_error": "WS106",
    "finite_number": "WS111",
    "greater_than": "WS105",
    "greater_than_equal": "WS105",
    "less_than": "WS105",
    "less_than_equal": "WS105",
    "string_pattern_mismatch": "WS107",
    "string_too_long": "WS107",
    "string_too_short": "WS107",
    "too_long": "WS113",
    "too_short": "WS113",
}
"""pydantic's kinds of error -> ours; all others are wrong kinds of value, WS104."""


def check(done: Composed) -> Scenario | None:
    """The scenario, or None with problems noted in `done`.

    A value that is wrong is left out and the rest is checked on, so that contradictions among the other
    values are told in the same pass.
    """
    bad: set[Path] = set()
    scenario = validated(done.root, SCENARIO, done.problems, bad, {"name": "-"})
    if not isinstance(scenario, Scenario):
        return None
    done.problems += [placed(done.root, finding) for finding in findings(scenario) if not _touches(finding.reads, bad)]
    return None if done.problems else scenario


def validated(
    root: Node, keys: Keys, problems: list[Problem], bad: set[Path], fill: Mapping[str, Any]
) -> BaseModel | None:
    """A tree against its schema; wrong values are noted and left out, None when too little is left.

    Parameters
    ----------
    root : Node
        Top group.
    keys : Keys
        The schema.
    problems : list of Problem
        Added to.
    bad : set of paths
        Filled with what is wrong.
    fill : mapping
        Something for each key that must be given, so that without it the rest can still be checked.
    """
    from pydantic import ValidationError

    _bad_paths(root, (), bad)
    plain = root.plain()
    for _ in range(8):  # each round leaves out what was wrong; two rounds are the rule
        try:
            return keys.model.model_validate(plain)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            wrong = [(_path(fault["loc"]), fault["type"], fault["msg"]) for fault in faults]
            for path, kind, said in wrong:
                short = kind == "too_short" and any(other[: len(path)] == path != other for other, _, _ in wrong)
                found = None if short else _problem(root, keys, path, kind, said, bad)  # short only of its wrong items
                problems += [found] if found is not None else []
            bad.update(path for path, kind, _ in wrong if kind != "extra_forbidden")
            for path, _kind, _message in wrong:
                _drop(plain, path)
            for key, value in fill.items():
                if not plain.get(key) or (key,) in bad:
                    plain[key] = value
    return None


def _bad_paths(node: Node, path: Path, bad: set[Path]) -> None:
    if node.bad:
        bad.add(path)
    if isinstance(node.value, dict):
        for key, entry in node.value.items():
            _bad_paths(entry.node, (*path, key), bad)
    elif isinstance(node.value, list):
        for index, item in enumerate(node.value):
            _bad_paths(item, (*path, index), bad)


def _path(loc: tuple[int | str, ...]) -> Path:
    """pydantic's location as a path (dictionaries add a marker for keys)."""
    return tuple(part for part in loc if part != "[key]")


def _touches(reads: Iterable[Path], bad: set[Path]) -> bool:
    """Whether a cross-check reads anything already known to be wrong."""
    return any(path[: len(wrong)] == wrong or wrong[: len(path)] == path for path in reads for wrong in bad)


def _drop(plain: Any, path: Path) -> None:
    """Remove what is at a path; a list with a wrong item goes as a whole."""
    here, keep = plain, None
    for index, part in enumerate(path[:-1]):
        below = here.get(part) if isinstance(here, dict) else None
        if isinstance(below, list):
            keep = (here, part)
            break
        if not isinstance(below, dict):
            here.pop(path[index], None)
            return
        here = below
    if keep is not None:
        keep[0].pop(keep[1], None)
    elif path and isinstance(here, dict):
        here.pop(path[-1], None)


def locate(root: Node, path: Path) -> tuple[Node, Mark]:
    """The node at a path and the place of its key; where the path ends early, the nearest place above."""
    node, key_mark = root, root.mark
    for part in path:
        if isinstance(node.value, dict) and part in node.value:
            entry = node.value[str(part)]
            node, key_mark = entry.node, entry.key_mark
        elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            key_mark = node.mark
        else:
            break
    return node, key_mark


def _value_mark(node: Node, key_mark: Mark) -> Mark:
    """Where the value stands; for a group or an empty value the key, which can be seen."""
    return key_mark if isinstance(node.value, dict) or node.value is None else node.mark


def _problem(root: Node, keys: Keys, path: Path, kind: str, said: str, bad: set[Path]) -> Problem | None:
    """One pydantic error as a problem; None when it only repeats one already told."""
    if any(path[: len(wrong)] == wrong or (kind == "missing" and wrong[: len(path)] == path) for wrong in bad):
        return None
    node, key_mark = locate(root, path)
    key = dotted(path)
    if kind == "extra_forbidden":
        where = dotted(path[:-1]) or keys.title
        message = f"{key} is not known; {where} has no key {shown(str(path[-1]))}"
        return Problem.at(key_mark, "WS109", message, key=key, value=shown(node.value), hint=_nearest(keys, path))
    about = keys.spec(path)
    if kind == "value_error" and about is not None and about.kind == "section":
        hint = "a share left out keeps its default; give all four"
        return Problem.at(key_mark, "WS150", said.removeprefix("Value error, "), key=key, hint=hint)
    if kind == "missing" and not isinstance(path[-1], int):
        message = f"{key} is missing; it must be {about.expected}" if about is not None else f"{key} is missing"
        hint = (
            "every scenario has a name of its own, also one that extends another"
            if path == ("name",) and keys is SCENARIO
            else ""
        )
        return Problem.at(key_mark, "WS108", message, key=key, hint=hint)
    if (
        isinstance(path[-1], int)
        and (up := keys.spec(path[:-1])) is not None
        and up.kind == "pair"
        and kind == "missing"
    ):
        path, key, about, kind = path[:-1], dotted(path[:-1]), up, "too_short"
    expected = about.expected if about is not None else "something else"
    code = _CODES.get(kind, "WS104")
    if kind == "value_error" and about is not None and about.kind == "date" and isinstance(node.value, str):
        code = "WS107"
    mark = _value_mark(node, key_mark)
    message = f"{key} is {shown(node.value)}; it must be {expected}"
    return Problem.at(mark, code, message, key=key, value=shown(node.value), hint=_advice(node.value, about))


def _advice(value: object, about: Spec | None) -> str:
    """A remedy for common slips, "" when the message says it all."""
    if about is None:
        return ""
    if isinstance(value, str):
        text = value.strip().lower()
        if about.kind == "switch" and text in ("yes", "on", "y"):
            return "write true"
        if about.kind == "switch" and text in ("no", "off", "n"):
            return "write false"
        if about.kind in ("whole", "number"):
            return _number_advice(text)
        if about.kind == "word":
            from difflib import get_close_matches

            near = get_close_matches(text.replace("-", "_").replace(" ", "_"), about.words, 1, 0.5)
            return f"did you mean {near[0]}?" if near else ""
        if about.kind == "clock" and text[1:2] == ":":
            return "write two digits for the hour, as in 07:30"
    if value is None:
        default = about.default
        return "delete the line to take the default" + (
            f" ({shown(default)})" if isinstance(default, int | float) else ""
        )
    if isinstance(value, bool) and about.kind == "word":
        return "write the word in quotes" if {"on", "off", "yes", "no"} & set(about.words) else ""
    if isinstance(value, float) and about.kind == "whole" and value == int(value):
        return f"write {int(value)}"
    return ""


def _number_advice(text: str) -> str:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    if text in words:
        return f"write {words.index(text)}"
    bare = text.replace(",", "").replace("_", "").replace("£", "").rstrip("%").strip()
    try:
        float(bare)
    except ValueError:
        return "write a plain number, without quotes, units or words"
    return f"write {bare}" if bare.isascii() and bare.isprintable() and "n" not in bare else ""


def _nearest(keys: Keys, path: Path) -> str:
    """The nearest valid key, in the same section or anywhere."""
    from difflib import get_close_matches

    siblings = keys.children(path[:-1])
    if keys is SCENARIO and len(path) == 1:
        siblings = ("extends", *siblings)
    word = str(path[-1])
    plain = word.lower().replace("-", "_")
    near = [key for key in siblings if plain and key.startswith(f"{plain}_")] or get_close_matches(
        plain, siblings, 1, 0.6
    )
    if near:
        return f"did you mean {near[0]}?"
    elsewhere = [about.key for below, about in keys.walk() if below[-1] == word]
    if len(elsewhere) > 2:
        return f"this key belongs deeper, for instance at {elsewhere[0]}"
    if elsewhere:
        return f"this key belongs at {' or '.join(elsewhere)}"
    names = {str(below[-1]): about.key for below, about in keys.walk() if below[-1] != "[]"}
    near = get_close_matches(plain, names, 1, 0.75)
    if near:
        return f"did you mean {names[near[0]]}?"
    if siblings and siblings != ("[]",) and len(siblings) <= 16:
        return "keys here: " + ", ".join(siblings)
    return ""


def placed(root: Node, finding: Finding) -> Problem:
    """A finding of the cross-checks at its place in the file."""
    for path in finding.at:
        node, key_mark = locate(root, path)
        if node is not root:
            break
    else:
        path, (node, key_mark) = finding.at[0], locate(root, ())
    mark = key_mark if finding.on_key else _value_mark(node, key_mark)
    return Problem.at(mark, finding.code, finding.message, key=dotted(finding.at[0]), value="", hint=finding.hint)
