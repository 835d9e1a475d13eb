"""Measures of trusts and of the whole population: ratios of sums over wards, as rates of more than one ward are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..study.cells import Study
from ..study.runs import Runs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sums:
    """One measure of one population, group by group.

    Attributes
    ----------
    top, bottom : array of float, shape (groups,)
        Sums over the wards of each group, in the unit of the measure times the lower sum; a measure that is no ratio has the sum over
        wards above, their number below. Both 0 for a group without a value.
    """

    top: Floats
    bottom: Floats

    @property
    def groups(self) -> Floats:
        """Value of each group; NaN where it has none."""
        found: Floats = np.divide(self.top, self.bottom, out=np.full(len(self.top), np.nan), where=self.bottom > 0)
        return found

    @property
    def whole(self) -> float:
        """Value of the population."""
        below = float(self.bottom.sum())
        return float(self.top.sum()) / below if below > 0 else float("nan")


class Population:
    """The runs of a study as populations of groups (trusts, or studies).

    Parameters
    ----------
    study : Study
        Of kind population.
    runs : Runs
        Its runs.
    """

    def __init__(self, study: Study, runs: Runs) -> None:
        self.study = study
        self.runs = runs
        self.groups = int(study.settings["groups"])
        self.group: Ints = np.array([ward["group"] for ward in study.settings["wards"]], dtype=np.int64)
        self.numbers: list[int] = [int(run) for run in np.unique(runs.run)]

    def sums(self, measure: str) -> list[Sums]:
        """One measure, for each population that was made."""
        if measure not in self.runs.names:
            return []
        at = self.runs.names.index(measure)
        out = []
        for number in self.numbers:
            rows = np.flatnonzero((self.runs.run == number) & (self.runs.window == 0))
            value, below = self.runs.values[rows, at, 0], self.runs.values[rows, at, 2]
            good = np.isfinite(value)
            weight = np.where(np.isfinite(below), below, 1.0)
            group = self.group[self.runs.cell[rows]]
            top, bottom = np.zeros(self.groups), np.zeros(self.groups)
            np.add.at(top, group[good], (value * weight)[good])
            np.add.at(bottom, group[good], weight[good])
            out.append(Sums(top, bottom))
        return out

    def wards(self, measure: str) -> Floats:
        """Values of all wards of all populations; NaN left out."""
        if measure not in self.runs.names:
            return np.zeros(0)
        found = self.runs.values[self.runs.window == 0, self.runs.names.index(measure), 0]
        kept: Floats = found[np.isfinite(found)]
        return kept

    def of_groups(self, measures: list[str]) -> list[Mapping[str, Floats]]:
        """Values of the groups, by measure, for each population."""
        found = {name: self.sums(name) for name in measures}
        return [
            {name: sums[i].groups for name, sums in found.items() if i < len(sums)} for i in range(len(self.numbers))
        ]
