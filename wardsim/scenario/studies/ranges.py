"""Resolves the parameters of a sensitivity file: names and patterns to ranges of the ledger."""

from __future__ import annotations

import importlib
from fnmatch import fnmatchcase
from typing import Any

from ..errors import Mark, Problem
from ..reader import Node
from .parts import ParameterRange

MIDDLE = (0.05, 0.95)
"""Quantiles of the prior between which a parameter varies when no range is given."""


def read_ranges(node: Node, problems: list[Problem]) -> list[ParameterRange]:
    """Every parameter with its range, in the order of the file; problems are noted.

    The ledger rests on the scenario and not the other way round, so it is asked for by name.
    """
    module = importlib.import_module("wardsim.parameters")
    ledger = module.Ledger.load()
    out: dict[str, ParameterRange] = {}
    for name, entry in node.value.items() if isinstance(node.value, dict) else ():
        mark = entry.key_mark
        if entry.node.bad:
            continue
        pattern = any(sign in name for sign in "*?[")
        names = [known for known in ledger.names() if fnmatchcase(known, name)] if pattern else [name]
        if pattern:
            names = [known for known in names if _varies(ledger[known])]
        key = f"parameters.{name}"
        if not names:
            message = f"{key} fits no parameter that is uncertain"
            problems.append(Problem.at(mark, "WS155", message, key=key, hint="`wardsim explain parameters` lists them"))
        elif not pattern and name not in ledger:
            near = module.nearest(name, 1, ledger)
            hint = f"did you mean {near[0]}?" if near else "`wardsim explain parameters` lists them"
            problems.append(Problem.at(mark, "WS155", f"{key} is not known to the ledger", key=key, hint=hint))
        else:
            given = _given(entry.node)
            for known in names:
                found = _range(ledger[known], given, mark, key, problems)
                if found is not None and (not pattern or known not in out):
                    out[known] = found
    return list(out.values())


def _varies(entry: Any) -> bool:
    low, high = entry.quantiles(*MIDDLE)
    return bool(low < high)


def _given(node: Node) -> tuple[float, float] | str | None:
    """Both ends of a range; "half" for one end alone; None for none."""
    if not isinstance(node.value, dict):
        return None
    ends = [
        node.value[end].node.value
        for end in ("low", "high")
        if end in node.value and node.value[end].node.value is not None
    ]
    if not ends:
        return None
    if len(ends) == 1:
        return "half"
    if any(isinstance(end, bool) or not isinstance(end, int | float) for end in ends):
        return None  # told by the schema
    return float(ends[0]), float(ends[1])  # type: ignore[arg-type]


def _range(
    entry: Any, given: tuple[float, float] | str | None, mark: Mark, key: str, problems: list[Problem]
) -> ParameterRange | None:
    if given == "half":
        message = f"{key} has only one end of its range"
        problems.append(Problem.at(mark, "WS183", message, key=key, hint="give low and high, or neither"))
        return None
    if given is None:
        if not _varies(entry):
            message = f"{key} is fixed in the ledger, and no range is given"
            problems.append(Problem.at(mark, "WS183", message, key=key, hint="give low and high"))
            return None
        low, high = entry.quantiles(*MIDDLE)
        return ParameterRange(entry.name, float(low), float(high), True, entry.unit, entry.label)
    assert not isinstance(given, str)
    low, high = given
    bottom, top = entry.range
    if not low < high:
        problems.append(
            Problem.at(mark, "WS183", f"{key} goes from {low:g} to {high:g}; low must be below high", key=key)
        )
    elif low < bottom or high > top:
        message = f"{key} goes from {low:g} to {high:g}; it must stay within {bottom:g} to {top:g} ({entry.unit})"
        problems.append(Problem.at(mark, "WS156", message, key=key))
    else:
        return ParameterRange(entry.name, low, high, False, entry.unit, entry.label)
    return None
