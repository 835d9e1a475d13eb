"""The same differences under every form of the model that the study asked for: which mechanisms drive an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..results import INTERVALS, csv_bytes, number
from ..statistics.simulation import interval
from ..statistics.split import combine
from ..study.cells import Study
from ..study.runs import Runs
from .analysis import HEADLINE, Against, against, declared


@dataclass(frozen=True, slots=True)
class UnderStructure:
    """One difference under one form of the model.

    Attributes
    ----------
    structure : str
        Name; the full model first.
    off : tuple of str
        Mechanisms switched off.
    option : str
        Cell of the full model that it corresponds to.
    measure : str
    against : Against
        Against the reference under the same form of the model.
    """

    structure: str
    off: tuple[str, ...]
    option: str
    measure: str
    against: Against


def by_structure(study: Study, runs: Runs) -> list[UnderStructure]:
    """Headline differences under each form of the model; empty when there is only one."""
    structures: list[Mapping[str, Any]] = list(study.settings.get("structures") or [])
    if len(structures) < 2:
        return []
    place = {cell.name: i for i, cell in enumerate(study.cells)}
    names = declared(runs.names)
    found = []
    for structure in structures:
        cells = [place[name] for name in structure["cells"]]
        for option, cell in zip(structures[0]["cells"][1:], cells[1:], strict=True):
            for name in HEADLINE:
                if name in names and runs.count(cell):
                    one = against(study, runs, cells[0], cell, names[name])
                    found.append(UnderStructure(structure["name"], tuple(structure["off"]), option, name, one))
    return found


@dataclass(frozen=True, slots=True)
class Move:
    """How far an answer moves when mechanisms are switched off.

    Attributes
    ----------
    structure, option, measure : str
    full, mean : float
        The difference in the full model, and under this form of it.
    moved : float
        mean - full, paired run by run.
    mc_low, mc_high : float or None
        95% simulation error of the move.
    """

    structure: str
    option: str
    measure: str
    full: float
    mean: float
    moved: float
    mc_low: float | None
    mc_high: float | None

    @property
    def told(self) -> bool:
        """Whether the simulation error leaves no doubt that it moves."""
        return self.mc_low is not None and self.mc_high is not None and not self.mc_low <= 0.0 <= self.mc_high


def moves(found: list[UnderStructure]) -> list[Move]:
    """Every headline answer under every form of the model against the full model; answers without a value are left out."""
    full = {(one.option, one.measure): one.against.found for one in found if not one.off}
    told = []
    for one in found:
        whole, found_now = full.get((one.option, one.measure)), one.against.found
        if not one.off or whole is None or whole.split is None or found_now.split is None:
            continue
        low = high = None
        moved = found_now.split.mean - whole.split.mean
        if found_now.n == whole.n and (found_now.split.group == whole.split.group).all():
            apart = combine([(1.0, found_now.split), (-1.0, whole.split)])
            low, high = interval(apart, whole.point, [])
        told.append(Move(one.structure, one.option, one.measure, whole.split.mean, found_now.split.mean, moved, low, high))
    return told


def strongest(found: list[Move], option: str, measure: str) -> Move | None:
    """The move of one answer that is largest, of those that are no simulation error; None when there is none."""
    some = [one for one in found if one.option == option and one.measure == measure and one.told]
    return max(some, key=lambda one: abs(one.moved), default=None)


def structures_csv(found: list[UnderStructure], estimand: str) -> bytes:
    """structures.csv: a row for each form of the model, option and headline measure; `moved` is against the full model."""
    told = {(one.structure, one.option, one.measure): one for one in moves(found)}
    return csv_bytes(
        (
            "structure", "off", "option", "name", "mean", *INTERVALS, "p_better", "moved", "moved_mc_low", "moved_mc_high", "n", "reason",
            "estimand",
        ),
        [
            (
                one.structure, " ".join(one.off), one.option, one.measure, number(one.against.found.mean),
                *(number(getattr(one.against.found, name)) for name in INTERVALS), number(one.against.better.p),
                *_moved(told.get((one.structure, one.option, one.measure))), one.against.found.n, one.against.found.reason,
                estimand,
            )
            for one in found
        ],
    )  # fmt: skip


def structures_json(found: list[UnderStructure]) -> list[dict[str, Any]]:
    """Every headline difference under every form of the model, as `--json` prints it."""
    told = {(one.structure, one.option, one.measure): one for one in moves(found)}
    return [
        {
            "structure": one.structure, "off": list(one.off), "option": one.option, "name": one.measure,
            "difference": number(one.against.found.mean),
            **{name: number(getattr(one.against.found, name)) for name in INTERVALS},
            "p_better": number(one.against.better.p),
            **dict(zip(("moved", "moved_mc_low", "moved_mc_high"), _moved(told.get((one.structure, one.option, one.measure))), strict=True)),
        }
        for one in found
    ]  # fmt: skip


def _moved(one: Move | None) -> list[float | None]:
    return [None] * 3 if one is None else [number(one.moved), number(one.mc_low), number(one.mc_high)]
