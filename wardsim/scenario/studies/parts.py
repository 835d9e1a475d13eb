"""What a study file is made of once it has been read: settings with their places, axes with their levels, options, ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..errors import Mark
from ..load import Loaded
from ..reader import Node


class Setting(NamedTuple):
    """One key of a scenario that a study sets, with its place in the study file."""

    key: str
    node: Node
    mark: Mark


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an axis, or one value within its range.

    Attributes
    ----------
    label : str
        As tables show it.
    value : float
        Place on the axis.
    given : object
        The level as plain data: a number, a word, a switch, or the keys it sets.
    settings : tuple of Setting
        What it sets.
    """

    label: str
    value: float
    given: Any
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """Something that varies over a study.

    Attributes
    ----------
    name : str
        As the file names it.
    keys : tuple of str
        Keys that take the value; empty when the levels are groups of keys.
    levels : tuple of Level
        Empty for a range, or when a design file gives the values.
    low, high : float or None
        Range.
    whole : bool
        Whether the keys take whole numbers only.
    unit : str
        Unit of the axis.
    mark : Mark
        Place of its name.
    """

    name: str
    keys: tuple[str, ...]
    levels: tuple[Level, ...]
    low: float | None
    high: float | None
    whole: bool
    unit: str
    mark: Mark

    def at(self, value: float, mark: Mark | None = None) -> Level:
        """The level at a value of the range; a whole number where the keys take no other."""
        plain: float | int = round(value) if self.whole else float(value)
        return made_level(self.keys, Node(mark or self.mark, plain), self.mark)

    def between(self, share: float) -> Level:
        """The level at a share of the way from low to high, 0 to 1: whole numbers, like levels, are each met alike often."""
        if self.levels:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        assert self.low is not None
        assert self.high is not None
        if self.whole:
            steps = int(self.high) - int(self.low) + 1
            return self.at(int(self.low) + min(int(share * steps), steps - 1))
        return self.at(self.low + share * (self.high - self.low))

    @property
    def steps(self) -> int:
        """Number of different levels; 0 for a continuous range."""
        if self.levels:
            return len(self.levels)
        return (
            int(self.high) - int(self.low) + 1 if self.whole and self.low is not None and self.high is not None else 0
        )


def made_level(keys: tuple[str, ...], node: Node, key_mark: Mark, label: str = "", value: float | None = None) -> Level:
    """A level that gives one value to every key."""
    plain = node.plain()
    number = float(plain) if isinstance(plain, int | float) else 0.0
    settings = tuple(Setting(key, node, key_mark) for key in keys)
    return Level(label or written(plain), number if value is None else value, plain, settings)


def written(value: Any) -> str:
    """A level as a file would have it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


Point = tuple[Level, ...]
"""One level of every axis, in the order of the axes."""


@dataclass(frozen=True, slots=True)
class Variant:
    """An option, resolved.

    Attributes
    ----------
    name, question : str
        As the file says.
    loaded : Loaded
        The ward with it.
    """

    name: str
    question: str
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class ParameterRange:
    """A parameter that varies.

    Attributes
    ----------
    name : str
        In the ledger.
    low, high : float
        Range.
    prior : bool
        Whether the range is the middle 90% of the prior, within which it is then distributed as the prior is; else it is
        distributed evenly.
    unit, label : str
        From the ledger.
    """

    name: str
    low: float
    high: float
    prior: bool
    unit: str
    label: str

    def as_dict(self) -> Mapping[str, Any]:
        """As plain data."""
        return {
            "name": self.name,
            "low": self.low,
            "high": self.high,
            "prior": self.prior,
            "unit": self.unit,
            "label": self.label,
        }
