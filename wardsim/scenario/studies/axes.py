"""Reads the factors of a study (its choices, for an optimise file) into axes; every level is tried on the base."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from difflib import get_close_matches

from ..compose import Composed
from ..errors import Mark, Problem, shown
from ..explain import all_keys, parse_key
from ..fields import SCENARIO, Spec, unit_of
from ..reader import Node
from .headings import is_heading
from .parts import Axis, Level, made_level, written
from .wards import Wards, allowed, settings_of


class AxisReader:
    """Reads axes.

    Parameters
    ----------
    section : str
        `factors` or `choices`.
    wards : Wards
        Tries each level.
    base : Composed or None
        Base of the study; None when it is not in order, and levels are then not tried.
    design : str
        Kind of design.
    problems : list of Problem
        Added to.
    names : collection of str
        Of all axes.
    """

    def __init__(
        self, section: str, wards: Wards, base: Composed | None, design: str, problems: list[Problem], names: Collection[str]
    ) -> None:
        self.section = section
        self.wards = wards
        self.base = base
        self.design = design
        self.problems = problems
        self.names = names

    def read(self, name: str, mark: Mark, node: Node) -> Axis | None:
        """One axis; None with problems noted."""
        before = len(self.problems)
        if not isinstance(node.value, dict) or node.bad:
            return None
        if is_heading(self.section, name, self.names):
            message = f"{shown(name)} cannot be the name of a factor: tables of results have it over another column"
            self._say(mark, "WS187", name, message, "choose another name, and list the `keys` that it moves")
        given = _list(node, "levels")
        grouped = bool(given) and all(isinstance(item.value, dict) for item in given or ())
        keys = () if grouped else self._keys(name, mark, node)
        about = [spec_of(key) for key in keys]
        whole = bool(keys) and all(spec is not None and spec.kind == "whole" for spec in about)
        low, high = self._range(name, node, about, given is not None)
        tried = len(self.problems) == before  # keys that are none are told once, not for every level
        levels = self._levels(name, mark, node, keys, given, grouped, tried) if given is not None else ()
        if given is None and self.design != "csv" and not {"low", "high"} & set(node.value):
            self._say(
                mark,
                "WS175",
                name,
                f"{self.section}.{name} has neither levels nor a range",
                "give `levels: [...]`, or `low` and `high`",
            )
        if len(self.problems) > before:
            return None
        axis = Axis(name, keys, levels, low, high, whole, _unit(node, keys), mark)
        if low is not None and high is not None:
            for end in ("low", "high"):
                at = node.value[end].node.mark
                self.try_level(axis.at(low if end == "low" else high, at), at, f"{self.section}.{name}")
        return axis if len(self.problems) == before else None

    def _say(self, mark: Mark, code: str, name: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem.at(mark, code, message, key=f"{self.section}.{name}", hint=hint))

    def _keys(self, name: str, mark: Mark, node: Node) -> tuple[str, ...]:
        """Keys that take the value; those that a study cannot set, or that are none, are told."""
        listed = _list(node, "keys")
        places = (
            [(name, mark)]
            if listed is None
            else [(item.value, item.mark) for item in listed if isinstance(item.value, str)]
        )
        out: list[str] = []
        for key, at in places:
            if not allowed(key, at, self.problems):
                continue
            if key in out:
                self._say(at, "WS173", name, f"{self.section}.{name} moves {key} twice", "keep one")
            if not key.startswith("parameters.") and (parse_key(key) is None or _is_section(key)):
                near = [] if parse_key(key) else _near(key)
                hint = (
                    f"did you mean {near[0]}?"
                    if near
                    else "name a scenario key, a parameter (parameters.NAME), or list `keys` that it moves"
                )
                self._say(at, "WS174", name, f"{key} is no key of a scenario that can take a value", hint)
            out.append(key)
        return tuple(out)

    def _range(
        self, name: str, node: Node, about: list[Spec | None], levels: bool
    ) -> tuple[float | None, float | None]:
        assert isinstance(node.value, dict)
        ends = [
            node.value[end] for end in ("low", "high") if end in node.value and node.value[end].node.value is not None
        ]
        if not ends:
            return None, None
        mark = ends[0].key_mark
        what = f"{self.section}.{name}"
        values = [end.node.value for end in ends]
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
            return None, None  # told by the schema
        low, high = float(values[0]), float(values[-1])  # type: ignore[arg-type]
        if levels:
            self._say(mark, "WS175", name, f"{what} has both levels and a range", "keep one")
        elif len(ends) == 1:
            self._say(mark, "WS175", name, f"{what} has only one end of its range", "give low and high")
        elif low >= high:
            self._say(mark, "WS175", name, f"{what} goes from {low:g} to {high:g}; low must be below high")
        elif self.section == "choices" or self.design == "factorial":
            hint = "give `levels: [...]`" + (
                "" if self.section == "choices" else ", or take design latin_hypercube or sobol"
            )
            where = "choices are" if self.section == "choices" else "a factorial design is"
            self._say(mark, "WS178", name, f"{what} has a range, but {where} made of levels", hint)
        elif any(spec is not None and spec.kind not in ("whole", "number") for spec in about):
            self._say(
                mark, "WS175", name, f"{what} has a range, but its key does not take numbers", "give `levels: [...]`"
            )
        elif any(spec is not None and spec.kind == "whole" for spec in about) and (low % 1 or high % 1):
            self._say(mark, "WS175", name, f"{what} takes whole numbers; its range goes from {low:g} to {high:g}")
        else:
            return low, high
        return None, None

    def _levels(
        self, name: str, mark: Mark, node: Node, keys: tuple[str, ...], given: list[Node], grouped: bool, tried: bool
    ) -> tuple[Level, ...]:
        """Levels with their labels and places on the axis, each tried on the base if it is to be."""
        what = f"{self.section}.{name}"
        labels, values = _list(node, "labels"), _list(node, "values")
        if any(isinstance(item.value, dict) for item in given) and not grouped:
            self._say(
                mark,
                "WS175",
                name,
                f"{what} mixes levels that are values with levels that are groups of keys",
                "write all alike",
            )
            return ()
        if grouped and _list(node, "keys") is not None:
            self._say(
                mark, "WS175", name, f"{what} has keys, but its levels name their keys themselves", "delete `keys`"
            )
        if grouped and labels is None:
            self._say(mark, "WS175", name, f"{what} has levels that are groups of keys; it must name them in `labels`")
            return ()
        for other, listed in (("labels", labels), ("values", values)):
            if listed is not None and len(listed) != len(given):
                at = node.value[other].key_mark if isinstance(node.value, dict) else mark
                self._say(at, "WS175", name, f"{what} has {len(given)} levels, but {len(listed)} {other}")
                return ()
        out: list[Level] = []
        for index, item in enumerate(given):
            if item.bad:
                continue
            label = str(labels[index].value) if labels is not None else ""
            place = values[index].value if values is not None else None
            level = self._level(keys, item, mark, label, place, index, grouped)
            for known in out:
                if known.label == level.label or (
                    known.given == level.given and type(known.given) is type(level.given)
                ):
                    self._say(item.mark, "WS173", name, f"{what} has the level {shown(level.label)} twice", "keep one")
                    break
            out.append(level)
            if tried:
                self.try_level(level, item.mark, f"{what}[{index}]")
        return tuple(out)

    def _level(
        self, keys: tuple[str, ...], item: Node, mark: Mark, label: str, place: object, index: int, grouped: bool
    ) -> Level:
        number = float(place) if isinstance(place, int | float) else None
        if grouped:
            settings = tuple(settings_of(item, self.problems))
            return Level(label, float(index) if number is None else number, item.plain(), settings)
        plain = item.plain()
        if number is None and (isinstance(plain, bool) or not isinstance(plain, int | float)):
            number = float(index)
        return made_level(keys, item, mark, label or written(plain), number)

    def try_level(self, level: Level, mark: Mark, what: str) -> None:
        """Lay a level over the base; what is wrong with it is noted."""
        if self.base is not None and level.settings:
            self.wards.make(self.base, level.settings, mark, what, self.problems)


def spec_of(key: str) -> Spec | None:
    """Description of a scenario key; None for a parameter or what is none."""
    path = parse_key(key)
    return SCENARIO.spec(path) if path is not None and not key.startswith("parameters.") else None


def _near(key: str) -> list[str]:
    """What a key that is none was meant to be: the parameter of that name, else the scenario key most like it.

    The ledger rests on the scenario and not the other way round, so it is asked for by name.
    """
    if key in importlib.import_module("wardsim.parameters").Ledger.load():
        return [f"parameters.{key}"]
    return get_close_matches(key, all_keys(), 1, 0.75)


def _is_section(key: str) -> bool:
    about = spec_of(key)
    return about is not None and about.kind in ("section", "names")


def _list(node: Node, key: str) -> list[Node] | None:
    """The list at a key, None when there is none or it is of another kind (told by the schema)."""
    assert isinstance(node.value, dict)
    entry = node.value.get(key)
    return entry.node.value if entry is not None and isinstance(entry.node.value, list) and not entry.node.bad else None


def _unit(node: Node, keys: tuple[str, ...]) -> str:
    assert isinstance(node.value, dict)
    given = node.value.get("unit")
    if given is not None and isinstance(given.node.value, str):
        return given.node.value
    units = {unit_of(tuple(key.split("."))) for key in keys if not key.startswith("parameters.")}
    return units.pop() if len(units) == 1 else ""
