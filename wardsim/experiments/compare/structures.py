"""The same differences under every form of the model that the study asked for: which mechanisms drive an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..results import INTERVALS, csv_bytes, number
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


def structures_csv(found: list[UnderStructure]) -> bytes:
    """structures.csv: a row for each form of the model, option and headline measure."""
    return csv_bytes(
        ("structure", "off", "option", "name", "mean", *INTERVALS, "p_better", "n", "reason"),
        [
            (
                one.structure, " ".join(one.off), one.option, one.measure, number(one.against.found.mean),
                *(number(getattr(one.against.found, name)) for name in INTERVALS), number(one.against.better.p), one.against.found.n,
                one.against.found.reason,
            )
            for one in found
        ],
    )  # fmt: skip
