"""What plans are called: which factor each level of a name belongs to, and what the numbers about them estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..study.cells import Study

BETWEEN = " / "
"""Between the levels in the name of a plan."""


@dataclass(frozen=True)
class Plans:
    """The cells of a grid by place, for tables and sentences.

    Attributes
    ----------
    names : sequence of str
        Names, each the levels of its factors in order.
    estimand : str
        What the study estimates: steady or transition.
    factors : tuple of str
        Factors in the order of the levels in a name; empty where there is no grid.
    points : sequence of mapping
        Points of the grid: the name of the cell, and `labels` and `values` by factor. A cell without one (a baseline beside the
        grid) has no levels.
    """

    names: Sequence[str]
    estimand: str = ""
    factors: tuple[str, ...] = ()
    points: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, study: Study) -> Plans:
        """The plans of a study."""
        settings = study.settings
        factors = tuple(factor["name"] for factor in settings.get("factors", ()))
        return cls(tuple(cell.name for cell in study.cells), study.estimand, factors, settings.get("points", ()))

    @property
    def title(self) -> str:
        """Heading of a column of names: the factors in the order in which names have their levels."""
        return BETWEEN.join(self.factors) or "plan"

    def point(self, cell: int) -> Mapping[str, Any] | None:
        """The point of the grid that a cell is, if it is one."""
        return next((point for point in self.points if point["cell"] == self.names[cell]), None)

    def label(self, cell: int, factor: str) -> str | None:
        """Level of a factor in a plan, as the file names it."""
        point = self.point(cell)
        return None if point is None or factor not in point["labels"] else str(point["labels"][factor])

    def spelled(self, cell: int, *, without: str = "") -> str:
        """A plan with the factor before each level, in words; its name where it has none.

        Parameters
        ----------
        cell : int
            Place.
        without : str
            Factor left out.
        """
        said = [f"{name} {self.label(cell, name)}" for name in self.factors if name != without]
        return ", ".join(said) if said and self.point(cell) is not None else self.names[cell]

    @property
    def header(self) -> tuple[str, ...]:
        """Columns of a table that say where a plan lies: the label of each factor, then its number."""
        return (*self.factors, *(f"{name} (number)" for name in self.factors))

    def place(self, cell: int) -> tuple[object, ...]:
        """Those columns of one plan."""
        point = self.point(cell)
        if point is None:
            return (None,) * len(self.header)
        return (*(point["labels"][name] for name in self.factors), *(float(point["values"][name]) for name in self.factors))
