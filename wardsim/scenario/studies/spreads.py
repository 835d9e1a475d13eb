"""Reads what differs between the wards of a population file, and checks it: names, distributions, sources, published rows."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from ..errors import Mark, shown
from ..explain import all_keys, parse_key
from ..fields import SCENARIO, Path, dotted
from ..shipped import shipped
from .cross import Checks
from .quantities import QUANTITIES
from .schema import PopulationFile, Spread, Studies
from .wards import allowed

NEEDS = {"normal": ("mean", "sd"), "lognormal": ("median", "sigma"), "uniform": ("low", "high"), "choice": ("levels",)}
"""Figures of each distribution."""
MAY = {"normal": ("low", "high"), "lognormal": ("low", "high"), "uniform": (), "choice": ("weights",)}
"""Figures that it may have besides."""
WORDS = {
    "outcome": ("aggression", "assaults", "restrictive", "self_harm"),
    "exposure": ("nursing", "registered"),
    "unit": ("shift", "day"),
    "regression": ("poisson", "negative_binomial", "logistic"),
    "wards_compared": (True, False),
}
"""Attributes of a study that take words, and the words."""
NUMBERS = ("wards", "months")
"""Attributes of a study that take numbers."""


@dataclass(frozen=True, slots=True)
class Varied:
    """Something that differs between wards.

    Attributes
    ----------
    name : str
        A scenario key, a parameter (`parameters.NAME`) or a quantity.
    spread : Spread
        How.
    whole : bool
        Whether the key takes whole numbers only.
    mark : Mark
        Its place in the file.
    """

    name: str
    spread: Spread
    whole: bool
    mark: Mark


class Spreads:
    """Checks of a population file whose values are each in order.

    Parameters
    ----------
    checks : Checks
        Of the file.
    file : PopulationFile
        Its content.
    """

    def __init__(self, checks: Checks, file: PopulationFile) -> None:
        self._checks = checks
        self._file = file

    def read(self) -> list[Varied]:
        """What differs between wards; problems are noted."""
        self._parts()
        out = [self._varied(name, spread) for name, spread in self._file.spread.items()]
        studies = self._file.studies
        if studies is not None:
            for key, about in _attributes(studies):
                self._figures(("studies", key), about)
                self._attribute(key, about)
            self._row(("studies", "row"), studies.row, 3)
        if self._file.ratings is not None:
            self._criteria()
            self._row(("ratings", "row"), self._file.ratings.row, 4)
        for index, one in enumerate(self._file.published):
            self._measure(("published", index, "measure"), one.measure)
            self._row(("published", index, "row"), one.row)
        return [one for one in out if one is not None]

    # -- the file as a whole -------------------------------------------------------------------------------------------

    def _parts(self) -> None:
        file, say = self._file, self._checks.say
        if (file.trusts is None) == (file.studies is None):
            what = "neither trusts nor studies" if file.trusts is None else "both trusts and studies"
            say(("spread",), "WS186", f"the file has {what}", "give one of the two", True, True)
        elif file.studies is not None:
            if file.ratings is not None:
                say(("ratings",), "WS186", "ratings are of trusts, and the file has studies", "delete `ratings`", True)
            if "wards_per_trust" in file.model_fields_set:
                say(("wards_per_trust",), "WS186", "wards_per_trust belongs to trusts", "studies have `wards`", True)
        for key in ("precision", "mechanisms", "budget_runs"):
            if key in file.model_fields_set and getattr(file, key):
                say((key,), "WS186", f"{key} has no meaning in a population file", "delete it", True)

    # -- spreads -------------------------------------------------------------------------------------------------------

    def _varied(self, name: str, spread: Spread) -> Varied | None:
        path: Path = ("spread", name)
        mark = self._checks.mark(path, on_key=True)
        before = len(self._checks.problems)
        self._figures(path, spread)
        whole = False
        if name not in QUANTITIES and allowed(name, mark, self._checks.problems):
            whole = self._key(path, name, spread)
        elif name in QUANTITIES and (spread.distribution == "choice" or spread.low is None or spread.low < 0):
            hint = "it needs `low` of at least 0"
            self._checks.say(path, "WS184", f"{name} is a quantity of zero and more", hint, True)
        return Varied(name, spread, whole, mark) if len(self._checks.problems) == before else None

    def _key(self, path: Path, name: str, spread: Spread) -> bool:
        if name.startswith("parameters."):
            known = importlib.import_module("wardsim.parameters")
            own, ledger = name.removeprefix("parameters."), known.Ledger.load()
            if own in ledger:
                self._bounds(path, name, spread, *ledger[own].range)
            else:
                near = known.nearest(own, 1, ledger)
                hint = f"did you mean parameters.{near[0]}?" if near else "`wardsim explain parameters` lists them"
                self._checks.say(path, "WS155", f"{own} is not known to the ledger", hint, True)
            return False
        key = parse_key(name)
        about = SCENARIO.spec(key) if key is not None else None
        if about is None or about.kind in ("section", "names"):
            near = get_close_matches(name, [*all_keys(), *QUANTITIES], 1, 0.7)
            hint = f"did you mean {near[0]}?" if near else f"quantities are {', '.join(QUANTITIES)}"
            self._checks.say(path, "WS174", f"{name} is no key of a scenario that can take a value", hint, True)
            return False
        if spread.distribution != "choice" and about.kind not in ("whole", "number"):
            hint = "write `distribution: choice` and its `levels`"
            self._checks.say(path, "WS184", f"{name} does not take numbers", hint, True)
        self._bounds(path, name, spread, about.low, about.high)
        return about.kind == "whole"

    def _bounds(self, path: Path, name: str, spread: Spread, low: float | None, high: float | None) -> None:
        """A distribution that could leave the range of its key is cut within it by the file, not in silence."""
        if spread.distribution == "choice":
            return
        for end, bound, outside in (("low", low, -1), ("high", high, 1)):
            given = getattr(spread, end)
            if bound is not None and (given is None or (given - bound) * outside > 0):
                told = f"spread.{name} has no `{end}`" if given is None else f"spread.{name}.{end} is {given:g}"
                least = "at least" if end == "low" else "at most"
                hint = f"give `{end}`, where the spread is cut" if given is None else ""
                self._checks.say(path, "WS184", f"{told}; {name} is {least} {bound:g}", hint, True)

    def _figures(self, path: Path, spread: Spread) -> None:
        say, what = self._checks.say, dotted(path)
        needs, may = NEEDS[spread.distribution], MAY[spread.distribution]
        missing = [key for key in needs if getattr(spread, key) is None]
        if missing:
            say(path, "WS184", f"{what} is {spread.distribution} and lacks {' and '.join(missing)}", "", True)
        every = {key for keys in (*NEEDS.values(), *MAY.values()) for key in keys}
        for key in sorted(every - {*needs, *may}):
            if getattr(spread, key) is not None:
                say((*path, key), "WS184", f"{what} is {spread.distribution}, which has no {key}", "delete it")
        if spread.low is not None and spread.high is not None and spread.low >= spread.high:
            say(path, "WS184", f"{what} goes from {spread.low:g} to {spread.high:g}; low must be below high", "", True)
        if spread.levels is not None and spread.weights is not None:
            if len(spread.levels) != len(spread.weights):
                say(path, "WS184", f"{what} has {len(spread.levels)} levels, but {len(spread.weights)} weights", "", True)
            elif not sum(spread.weights) > 0:
                say(path, "WS184", f"the weights of {what} are all 0", "", True)
        if not spread.sources and not spread.assumption.strip():
            say(path, "WS184", f"{what} does not say where it is from", "give `sources`, `assumption`, or both", True)
        for index, row in enumerate(spread.sources):
            if row not in _register():
                self._unknown((*path, "sources", index), row)

    # -- studies, ratings, published rows ------------------------------------------------------------------------------

    def _attribute(self, key: str, spread: Spread) -> None:
        path: Path = ("studies", key)
        if key in NUMBERS:
            numbers = spread.levels if spread.levels is not None else (spread.low,)
            for value in numbers:
                good = isinstance(value, int | float) and not isinstance(value, bool) and value >= (1 if key == "wards" else 0.5)
                if not good:
                    least = "1 ward" if key == "wards" else "half a month"
                    self._checks.say(path, "WS184", f"studies.{key} may be less than {least}", "give `low`", True)
                    return
            return
        if spread.distribution != "choice":
            self._checks.say(path, "WS184", f"studies.{key} takes words", "write `distribution: choice`", True)
        words = WORDS[key]
        for index, value in enumerate(spread.levels or ()):
            if not any(value == word and isinstance(value, bool) == isinstance(word, bool) for word in words):
                told = ", ".join(str(word).lower() for word in words)
                self._checks.say((*path, "levels", index), "WS184", f"studies.{key} has {shown(value)}; it is one of {told}")

    def _criteria(self) -> None:
        assert self._file.ratings is not None
        measures = importlib.import_module("wardsim.measures.registry").MEASURES
        for name, limits in self._file.ratings.criteria.items():
            path: Path = ("ratings", "criteria", name)
            if not self._measure(path, name, True):
                continue
            up = measures[name].direction == "higher"
            if measures[name].direction == "neutral":
                self._checks.say(path, "WS184", f"{name} is neither better when higher nor when lower", "", True)
            steps = (limits.excellent, limits.good, limits.fair)
            if list(steps) != sorted(steps, reverse=up):
                order = "fall" if up else "rise"
                message = f"thresholds of {name} must {order} from excellent over good to fair"
                self._checks.say(path, "WS184", message, "", True)

    def _measure(self, path: Path, name: str, on_key: bool = False) -> bool:
        registry = importlib.import_module("wardsim.measures.registry")
        if name in registry.MEASURES:
            return True
        near = registry.nearest(name, 1)
        hint = f"did you mean {near[0]}?" if near else "docs/reference/measures.md lists them"
        self._checks.say(path, "WS176", f"{shown(name)} is no measure", hint, on_key, on_key)
        return False

    def _row(self, path: Path, row: str | None, counts: int = 0) -> None:
        if row is None:
            return
        found = _register().get(row)
        if found is None:
            self._unknown(path, row)
        elif found.use == "input":
            self._checks.say(path, "WS185", f"{row} sets a prior of this model ({found.quantity})", "it cannot check it")
        elif counts and counts_of(found.value, counts) is None:
            self._checks.say(path, "WS185", f"{row} does not hold {counts} counts; its value is {shown(found.value)}")
        elif not counts and number_of(found.value) is None:
            self._checks.say(path, "WS185", f"{row} has no number; its value is {shown(found.value)}")

    def _unknown(self, path: Path, row: str) -> None:
        self._checks.say(path, "WS185", f"{shown(row)} is no row of the evidence register", "see calibration/evidence")


def _attributes(studies: Studies) -> Iterator[tuple[str, Spread]]:
    for key in (*NUMBERS, *WORDS):
        yield key, getattr(studies, key)


@cache
def _register() -> Mapping[str, Any]:
    """The evidence register; it is of a room above, and so asked for by name."""
    evidence = importlib.import_module("wardsim.parameters.evidence")
    rows: Mapping[str, Any] = evidence.read_register(shipped("calibration") / evidence.REGISTER)
    return rows


def counts_of(text: str, wanted: int) -> tuple[int, ...] | None:
    """Counts of a row written as `9 / 9 / 26`; None when it does not hold so many."""
    found = tuple(int(one) for one in re.findall(r"\d+", text))
    return found if len(found) == wanted else None


def number_of(text: str) -> float | None:
    """Number of a row; None when it has none."""
    try:
        return float(text)
    except ValueError:
        return None
