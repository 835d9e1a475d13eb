"""An optimisation from beginning to end: the grid enumerated, runs spent where verdicts are open, the cheapest plan and the front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wardsim.measures import MEASURES

from ..compare.comparison import failures_csv
from ..results import MEANING, csv_bytes
from ..statistics.split import FEWEST_DRAWS
from ..study.cells import Study
from ..study.finished import Finished
from ..study.kinds import status_of
from ..study.runs import Failed, Runs
from ..study.session import Session
from .bank import Bank, OptimiseError
from .chance import FIRST
from .cheapest import Choice, cheapest
from .limits import Limit
from .pareto import Front, Objective, front
from .plans import Plans
from .shadow import Step, shadow_prices
from .tables import choice_table, feasibility_table, front_table, shadow_table
from .words import stopped

INDIFFERENCE = 0.005
"""Cost difference not worth finding, as a share of the cost of the reference."""
ASSAULTS = "catchment_assaults_true_per_year"
"""Effect whose price is given: a yearly count, as cost is by the year."""


@dataclass(slots=True)
class Optimum:
    """What an optimisation found.

    Attributes
    ----------
    study : Study
    choice : Choice
        The cheapest plan that keeps the limits, and verdicts on all.
    front : Front
        Plans that nothing beats in every objective.
    steps : list of Step
        Cost of one assault less, between neighbours of the grid.
    failed : list of Failed
    done : int
        Runs with a result.
    """

    study: Study
    choice: Choice
    front: Front
    steps: list[Step] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    done: int = 0

    @property
    def plans(self) -> Plans:
        """Names of the plans, by place, and the factors that they are made of."""
        return Plans.of(self.study)


def conduct(session: Session) -> Finished:
    """Make runs where they are needed, choose, finish the folder."""
    study = session.study

    def need(wanted: Mapping[int, int]) -> Runs:
        session.need(wanted)
        return session.runs()

    found = chosen(study, Bank.of(study, need, study.settings.get("budget_runs")))
    found.failed = list(session.runs().failed)
    found.done = sum(session.runs().count(cell) for cell in range(len(study.cells)))
    runs = {"done": found.done, "failed": len(found.failed)}
    told: dict[str, Any] = {"kind": study.kind, "estimand": study.estimand, "intervals": MEANING, "sure": found.choice.sure}
    told["chosen"] = None if found.choice.chosen is None else study.cells[found.choice.chosen].name
    told["stopped"] = stopped(found.choice)
    summary = {"status": status_of(found.done, len(found.failed)), "runs": runs, "result": told}
    session.finish(files_of(found), summary)
    return Finished(summary, found)


def limits_of(study: Study) -> list[Limit]:
    """Limits of a study; those relative to the base are held against the reference cell, run by run."""
    found = []
    for measure, about in study.settings["limits"].items():
        for side in ("at_most", "at_least"):
            bound = about.get(side)
            if bound is None:
                continue
            if about["relative_to_base"] == "percent":
                found.append(Limit(measure, **{side: 0.0}, against=0, times=bound / 100.0))
            elif about["relative_to_base"] == "difference":
                found.append(Limit(measure, **{side: bound}, against=0))
            else:
                found.append(Limit(measure, **{side: bound}))
    return found


def chosen(study: Study, bank: Bank) -> Optimum:
    """The cheapest plan and the front.

    Raises
    ------
    OptimiseError
        When limit and budget do not allow the first look.
    """
    settings = study.settings
    cost = settings["objective"]
    room = bank.room(bank.cells, FIRST * bank.per_draw)
    draws = room // bank.per_draw
    if draws < FEWEST_DRAWS:  # before anything is run
        raise OptimiseError(
            f"the first look at {len(bank.names)} plans needs {FEWEST_DRAWS * bank.per_draw} runs each; limit and budget leave {room}"
        )
    first = bank.step
    bank.ask([0], first)
    values = bank.column(0, cost).value
    values = values[np.isfinite(values)]
    if not len(values):
        raise OptimiseError(f"none of the first {first} runs of {study.cells[0].name} has a value of {cost}")
    delta = INDIFFERENCE * abs(float(values.mean()))
    choice = cheapest(bank, limits_of(study), cost=cost, probability=settings["probability"], delta=delta, first=draws)
    wanted = settings["pareto"] or [cost, *settings["limits"]]
    objectives = [Objective(name, "higher" if MEASURES[name].direction == "higher" else "lower") for name in wanted]
    kept = study.measures or tuple(MEASURES)
    grid = [cell.factors for cell in study.cells]
    steps = shadow_prices(bank, grid, cost=cost, measure=ASSAULTS) if ASSAULTS in kept else []
    return Optimum(study, choice, front(bank, objectives), steps)


def files_of(found: Optimum) -> dict[str, bytes]:
    """Tables: choice.csv, verdicts.csv, front.csv, prices.csv, failures.csv."""
    plans = found.plans
    return {
        "choice.csv": csv_bytes(*choice_table(found.choice, plans)),
        "verdicts.csv": csv_bytes(*feasibility_table(found.choice.feasibility, plans)),
        "front.csv": csv_bytes(*front_table(found.front, plans)),
        "prices.csv": csv_bytes(*shadow_table(found.steps, plans)),
        "failures.csv": failures_csv(found.failed),
    }
