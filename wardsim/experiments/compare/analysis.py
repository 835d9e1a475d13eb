"""Runs in, comparison out: every measure of every option with its intervals, its difference from the reference, and how sure.

The first cell of the study is the reference. All cells ran with the same keys, so differences are paired run by run; how a single
real year may differ comes from independent years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..collect import POISSON_UNITS
from ..intervals import Summary, summarise
from ..statistics.better import Better, p_better
from ..statistics.difference import Difference, difference
from ..statistics.split import unseen_scale
from ..study.cells import Study
from ..study.runs import Runs

HEADLINE = tuple(name for name, measure in MEASURES.items() if measure.headline)
"""Measures that open every table."""


@dataclass(frozen=True, slots=True)
class Against:
    """One measure of an option against the reference.

    Attributes
    ----------
    found : Difference
        Option less reference.
    better : Better
        Share of parameter draws in which the expected difference is better.
    """

    found: Difference
    better: Better

    @property
    def reason(self) -> str:
        """Why something is missing, or a caution: of the difference, then of the share of draws."""
        return "; ".join(dict.fromkeys(reason for reason in (self.found.reason, self.better.reason) if reason))


@dataclass(slots=True)
class Option:
    """What is known of one option.

    Attributes
    ----------
    cell : int
        Place in the study.
    name, question : str
        For people.
    runs, failed : int
        Runs with and without a result.
    measures : dict of str to Summary
        Over the measured period.
    against : dict of str to Against
        Against the reference; empty for the reference itself.
    quarters : list of dict of str to Against
        The same by quarter (transition), headline measures only.
    """

    cell: int
    name: str
    question: str
    runs: int
    failed: int
    measures: dict[str, Summary] = field(default_factory=dict)
    against: dict[str, Against] = field(default_factory=dict)
    quarters: list[dict[str, Against]] = field(default_factory=list)


def declared(names: Sequence[str]) -> dict[str, Measure]:
    """Declarations of those of the names that are declared, in the order of the registry."""
    wanted = set(names)
    return {name: measure for name, measure in MEASURES.items() if name in wanted}


def counted(measure: Measure) -> bool:
    """Whether its numerators are numbers of events."""
    return measure.unit.startswith(POISSON_UNITS)


def options_of(
    study: Study, runs: Runs, cells: Sequence[int] | None = None, *, questions: Mapping[str, str] | None = None
) -> list[Option]:
    """Everything that the runs say of the options, the reference first.

    Parameters
    ----------
    study : Study
        Whose cells they are.
    runs : Runs
        All that is finished.
    cells : sequence of int, optional
        Cells to look at, the reference first; left out: all.
    questions : mapping of str to str, optional
        Question of each option by its name.
    """
    chosen = list(range(len(study.cells))) if cells is None else list(cells)
    reference = chosen[0]
    asked = questions or {}
    names = declared(runs.names)
    failed = [one.cell for one in runs.failed]
    told = []
    for cell in chosen:
        name = study.cells[cell].name
        question = asked.get(name, study.cells[cell].scenario.question)
        option = Option(cell, name, question, runs.count(cell), failed.count(name))
        for measure in names.values():
            option.measures[measure.name] = summary_of(study, runs, cell, measure)
            if cell != reference:
                option.against[measure.name] = against(study, runs, reference, cell, measure)
        if cell != reference:
            length = study.years / max(1, runs.windows - 1)
            option.quarters = [
                {
                    name: against(study, runs, reference, cell, names[name], window, length)
                    for name in HEADLINE
                    if name in names
                }
                for window in range(1, runs.windows)
            ]
        told.append(option)
    return told


def summary_of(study: Study, runs: Runs, cell: int, measure: Measure, window: int = 0) -> Summary:
    """One measure of one cell with its three intervals."""
    column = runs.column(cell, measure.name, window)
    return summarise(
        column.draw, column.value, column.top, column.bottom, point=study.point, years=study.years, percent=measure.unit == "%",
        counted=counted(measure), scale=unseen_scale(measure.unit),
    )  # fmt: skip


def against(
    study: Study,
    runs: Runs,
    reference: int,
    cell: int,
    measure: Measure,
    window: int = 0,
    years: float | None = None,
) -> Against:
    """One measure of a cell against the reference."""
    found = difference(
        runs.column(reference, measure.name, window), runs.column(cell, measure.name, window), point=study.point,
        years=study.years if years is None else years, percent=measure.unit == "%", counted=counted(measure),
        sequential=study.settings.get("replications") is None, scale=unseen_scale(measure.unit),
    )  # fmt: skip
    return Against(found, p_better(found, measure.direction, ranged=measure.headline))
