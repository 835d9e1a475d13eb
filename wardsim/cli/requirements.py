"""What the metadata of a package says it needs, held against what is installed; for plain requirements, `name>=1.2,<2; extra == 'x'`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LINE = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\])?\s*\(?([^;()]*)\)?\s*(?:;(.*))?")
_EXTRA = re.compile(r"""\bextra\s*==\s*['"]([^'"]+)['"]""")
_BOUND = re.compile(r"\s*(>=|<=|==|!=|~=|>|<)\s*([^\s,]+)\s*")
_VERSION = re.compile(r"\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(.*)", re.DOTALL)
_BEFORE = re.compile(r"[-_.]?(a|b|c|rc|alpha|beta|pre|preview|dev)[-_.]?\d*", re.IGNORECASE)


@dataclass(frozen=True)
class Requirement:
    """A package that is needed.

    Attributes
    ----------
    name : str
        Of the package, as the metadata writes it.
    bounds : str
        Of its version, as `>=1.2,<2`; "" for any.
    extra : str
        Optional extra that needs it; "" for what is always needed.
    conditional : bool
        Whether it is needed on some machines only (a marker other than that of an extra).
    """

    name: str
    bounds: str
    extra: str
    conditional: bool

    @property
    def text(self) -> str:
        """As pip takes it."""
        return f"{self.name}{self.bounds}"


def requirements(lines: Iterable[str]) -> list[Requirement]:
    """What lines of metadata ask for; a line that cannot be read is left out."""
    found = []
    for line in lines:
        if match := _LINE.fullmatch(line):
            name, bounds, marker = match[1], re.sub(r"\s+", "", match[2] or ""), match[3] or ""
            extra = _EXTRA.search(marker)
            rest = _EXTRA.sub("", marker).strip(" ()")
            found.append(Requirement(name, bounds, extra[1] if extra else "", bool(rest)))
    return found


def fits(version: str, bounds: str) -> bool:
    """Whether a version is within bounds; what cannot be judged is not held against it.

    Parameters
    ----------
    version : str
        As 1.26.4, 2.0rc1 or 2024.5.0+local.
    bounds : str
        Any of >=, <=, >, <, ==, !=, ~=, with commas between.
    """
    return all(_within(version, *bound.groups()) for part in bounds.split(",") if (bound := _BOUND.fullmatch(part)))


def _within(version: str, how: str, bound: str) -> bool:
    if how in ("==", "!=") and bound.endswith(".*"):
        start, have = _numbers(bound.removesuffix(".*")), _numbers(version)
        return (have[: len(start)] == start) is (how == "==")
    here, there = order(version), order(bound)
    if here is None or there is None:
        return True
    if how == "~=":
        start = _numbers(bound)[:-1]
        return here >= there and _numbers(version)[: len(start)] == start
    return {">=": here >= there, "<=": here <= there, ">": here > there, "<": here < there, "==": here == there, "!=": here != there}[how]


def order(version: str) -> tuple[int, tuple[int, ...], int] | None:
    """What versions are sorted by: epoch, numbers without noughts at the end, and -1 for one before the release; None if it is no version."""
    match = _VERSION.fullmatch(version)
    if match is None:
        return None
    numbers = list(_numbers(version))
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return int(match[1] or 0), tuple(numbers), -1 if _BEFORE.match(match[3]) else 0


def _numbers(version: str) -> tuple[int, ...]:
    match = _VERSION.fullmatch(version)
    return tuple(int(part) for part in match[2].split(".")) if match else ()
