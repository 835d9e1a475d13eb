"""A study of sensitivity from beginning to end: the points run, their outcomes gathered in the order of the design, the indices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..design.parameters import problem_of
from ..results import MEANING
from ..study.cells import Study
from ..study.finished import Finished
from ..study.kinds import status_of
from ..study.runs import Failed, Runs
from ..study.session import Session
from .analyse import Method, analyse
from .prcc import fewest_rows
from .problem import Array
from .result import SensitivityResult


@dataclass(slots=True)
class Sensitivity:
    """What a study of sensitivity found.

    Attributes
    ----------
    study : Study
    results : list of SensitivityResult
        One a method; through an emulator the partial rank correlations follow from the same runs.
    failed : list of Failed
        Runs without a result.
    done : int
        Runs with one.
    """

    study: Study
    results: list[SensitivityResult]
    failed: list[Failed] = field(default_factory=list)
    done: int = 0


def conduct(session: Session) -> Finished:
    """Make the runs of a study of sensitivity, analyse them, finish the folder."""
    study = session.study
    session.need(dict.fromkeys(range(len(study.cells)), study.limit))
    found = analysed(study, session.runs())
    runs = {"done": found.done, "failed": len(found.failed)}
    settings = study.settings
    told = {"kind": study.kind, "estimand": study.estimand, "method": settings["method"], "option": settings["option"]}
    summary = {"status": status_of(found.done, len(found.failed)), "runs": runs, "result": {**told, "intervals": MEANING}}
    session.finish(files_of(found), summary)
    return Finished(summary, found)


def methods_of(study: Study) -> tuple[Method, ...]:
    """Methods of the analysis of a study."""
    method = study.settings["method"]
    if method != "sobol":
        return (method,)
    if study.settings["through"] == "ward":
        return ("sobol",)
    enough = len(study.settings["rows"]) >= fewest_rows(len(study.settings["parameters"]))
    return ("emulator", "prcc") if enough else ("emulator",)


def analysed(study: Study, runs: Runs) -> Sensitivity:
    """Indices from the runs.

    Raises
    ------
    SensitivityError
        When failed runs leave holes that the method cannot do without.
    """
    settings = study.settings
    problem = problem_of(settings["parameters"])
    unit = np.array([row["shares"] for row in settings["rows"]], dtype=np.float64)
    outcomes = list(settings["outcomes"])
    y = np.stack([outcome(study, runs, name) for name in outcomes], axis=2)
    results = [
        analyse(problem, unit, y, None, method, study.seed % 2**32, outcomes=outcomes, shared=True, levels=settings["levels"])
        for method in methods_of(study)
    ]
    done = sum(runs.count(cell) for cell in range(len(study.cells)))
    return Sensitivity(study, results, list(runs.failed), done)


def outcome(study: Study, runs: Runs, measure: str) -> Array:
    """A measure at every point of the design, run by run; with an option, its difference from the base under the same chance.

    Returns
    -------
    array, shape (points, replications)
        NaN where a run has no value.
    """
    place = {cell.name: i for i, cell in enumerate(study.cells)}
    found = np.full((len(study.settings["rows"]), study.limit), np.nan)
    for i, row in enumerate(study.settings["rows"]):
        levels = np.full((len(row["cells"]), study.limit), np.nan)
        for k, name in enumerate(row["cells"]):
            column = runs.column(place[name], measure)
            keep = column.run < study.limit
            levels[k, column.run[keep]] = column.value[keep]
        found[i] = levels[-1] - levels[0] if len(levels) > 1 else levels[0]
    return found


def files_of(found: Sensitivity) -> dict[str, bytes]:
    """Tables: sensitivity.csv (every index with its intervals), problem.json and salib.json (what varies), failures.csv."""
    from ..compare.comparison import failures_csv

    first, *others = (result.csv(found.study.estimand) for result in found.results)
    rest = b"".join(table.split(b"\n", 1)[1] for table in others)
    problem = found.results[0].problem
    return {
        "sensitivity.csv": first + rest,
        "problem.json": problem.file(),
        "salib.txt": problem.salib_text(),
        "failures.csv": failures_csv(found.failed),
    }
