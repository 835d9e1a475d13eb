"""Designs over parameters of the ledger, for sensitivity: rows of parameter values, each with an id and what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardsim.parameters import Ledger
from wardsim.scenario.studies.parts import ParameterRange
from wardsim.scenario.studies.ranges import MIDDLE
from wardsim.scenario.studies.schema import SensitivityFile

from . import unit


@dataclass(frozen=True, slots=True)
class Row:
    """One point of a design over parameters.

    Attributes
    ----------
    id : str
        Unique in the design; sorts in its order.
    role : str
        centre, low, high (tornado) or point.
    parameter : str
        Which one is moved (tornado), else "".
    shares : tuple of float
        Place within each range, 0 to 1, in the order of the parameters; empty where nothing is moved.
    values : dict of str to float
        Parameters fixed by this row.
    """

    id: str
    role: str
    parameter: str
    shares: tuple[float, ...]
    values: dict[str, float]


def value_at(about: ParameterRange, share: float, ledger: Ledger) -> float:
    """Value at a share of a range: as the prior is distributed between its 5% and 95% points, or evenly over a range of the file."""
    if not about.prior:
        return about.low + share * (about.high - about.low)
    low, high = MIDDLE
    return float(ledger[about.name].quantiles(low + share * (high - low))[0])


def rows_of(content: SensitivityFile, ranges: Sequence[ParameterRange]) -> list[Row]:
    """Rows of the design that a sensitivity file asks for."""
    names = [about.name for about in ranges]
    if content.method == "tornado":
        rows = [Row("p0000", "centre", "", (), {})]
        for about in ranges:
            for role, value in (("low", about.low), ("high", about.high)):
                rows.append(Row(f"p{len(rows):04d}", role, about.name, (), {about.name: value}))
        return rows
    if content.method == "morris":
        shares = unit.morris(content.trajectories, content.levels, names, content.seed)
    elif content.through == "ward":
        shares = unit.saltelli(content.points, names, content.seed)
    else:
        shares = unit.sobol(content.points, len(names), content.seed)
    ledger = Ledger.load()
    width = max(4, len(str(len(shares) - 1)))
    return [
        Row(
            f"p{index:0{width}d}",
            "point",
            "",
            tuple(float(share) for share in row),
            {about.name: value_at(about, float(share), ledger) for about, share in zip(ranges, row, strict=True)},
        )
        for index, row in enumerate(shares)
    ]


def count_rows(content: SensitivityFile, dimensions: int) -> int:
    """Number of rows, without making them."""
    if content.method == "tornado":
        return 2 * dimensions + 1
    if content.method == "morris":
        return content.trajectories * (dimensions + 1)
    return content.points * (dimensions + 2) if content.through == "ward" else content.points
