"""The free parameters: which entries of the ledger calibration moves, why, and which targets speak to each.

    calibration/free.yaml -> Free (free, left)

Every other parameter keeps its prior: it is drawn, not fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from wardsim.parameters import Entry, Ledger
from wardsim.scenario.shipped import shipped

from .reading import checked
from .targets import Targets, load_targets

FILE = "free.yaml"
FEWEST, MOST = 10, 15
"""How many parameters may be free: more than the targets can speak of only spreads the doubt."""

Text = Annotated[str, Field(min_length=1, max_length=2000)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class FreeParameter(_Strict):
    """One parameter that calibration moves, under its prior of the ledger."""

    name: Text
    """Name in the ledger."""
    reason: Text
    """Why it: how much it moves, how little is known of it."""
    targets: Annotated[tuple[str, ...], Field(strict=False)]
    """Targets that speak to it; may be empty where none does and its doubt is to be seen."""


class Left(_Strict):
    """Parameters left to their priors although they matter, and why."""

    names: Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]
    reason: Text


class Free(_Strict):
    """The whole file."""

    free: Annotated[tuple[FreeParameter, ...], Field(strict=False)]
    left: Annotated[tuple[Left, ...], Field(strict=False)] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the file: the order of every design and every posterior."""
        return tuple(parameter.name for parameter in self.free)


def load_free(folder: Path | None = None) -> Free:
    """Read and check the free parameters of a calibration folder (left out: the one shipped).

    Raises
    ------
    TargetsError
        With every problem in one message: names that are not in the ledger, constants, targets that do not exist, too few or
        too many.
    """
    place = folder or shipped("calibration")
    ledger, targets = Ledger.load(place), load_targets(place)

    def among(whole: Free, at: Callable[[str, int], str]) -> list[str]:
        return list(_problems(whole, ledger, targets, at))

    found: Free = checked(place / FILE, Free, among)
    return found


def entries(free: Free, ledger: Ledger) -> tuple[Entry, ...]:
    """The ledger entries of the free parameters: their priors are those of the ledger."""
    return tuple(ledger[name] for name in free.names)


def _problems(whole: Free, ledger: Ledger, targets: Targets, at: Callable[[str, int], str]) -> Iterator[str]:
    known = {target.id for target in targets.targets}
    if not FEWEST <= len(whole.free) <= MOST:
        yield f"{FILE}: {len(whole.free)} free parameters; there must be from {FEWEST} to {MOST}"
    seen: set[str] = set()
    for place, parameter in enumerate(whole.free):
        where = f"{at('free', place)}: {parameter.name}"
        if parameter.name in seen:
            yield f"{where}: named twice"
        seen.add(parameter.name)
        if parameter.name not in ledger:
            yield f"{where}: is no parameter of the ledger"
        elif ledger[parameter.name].prior.dist == "fixed":
            yield f"{where}: is a constant; give it a prior in the ledger first"
        for target in parameter.targets:
            if target not in known:
                yield f"{where}: {target} is no target"
    for place, left in enumerate(whole.left):
        for name in left.names:
            where = f"{at('left', place)}: {name}"
            if name in seen:
                yield f"{where}: is free"
            elif name not in ledger and not (name.endswith(".*") and name[:-2] in ledger.topics()):
                yield f"{where}: is neither a parameter nor a topic of the ledger (topic.*)"
