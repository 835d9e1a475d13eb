"""A comparison from beginning to end: runs until it is precise enough or the budget is spent, then the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wardsim.measures import MEASURES

from .. import profile
from ..day import FILE as DAY
from ..statistics.best import best
from ..statistics.simultaneous import simultaneous
from ..study.cells import Study
from ..study.finished import Finished
from ..study.kinds import status_of
from ..study.runs import Runs
from ..study.session import Session
from ..threads import one_thread
from .analysis import HEADLINE, options_of
from .comparison import Comparison, files_of, manifest_of
from .decision import decided
from .enough import enough
from .known import drawn
from .prior import explanations
from .structures import by_structure
from .variance import spreads


def conduct(session: Session) -> Finished:
    """Make the runs of a comparison, analyse them, finish the folder."""
    study = session.study
    cells = cells_of_model(study)
    stopped = enough(session, cells)
    comparison = compared(study, session.runs(), cells)
    comparison.stopped = stopped
    done = sum(option.runs for option in comparison.options)
    summary = {
        "status": status_of(done, len(comparison.failed)),
        "runs": {"done": done, "failed": len(comparison.failed)},
        "result": dict(manifest_of(comparison)),
    }
    session.finish({**files_of(comparison), **around(session, cells)}, summary)
    return Finished(summary, comparison)


def around(session: Session, cells: Sequence[int]) -> dict[str, bytes]:
    """What belongs to the wards and not to their differences: their hours, staff time and training, and a day of the reference."""
    day = session.day()
    profiles = profile.files_of(session.study, session.runs(), cells)
    return {**profiles, **({} if day is None else {DAY: day})}


def cells_of_model(study: Study) -> list[int]:
    """Places of the cells of the full model, the reference first."""
    structures = study.settings.get("structures") or []
    if not structures:
        return list(range(len(study.cells)))
    names = set(structures[0]["cells"])
    return [i for i, cell in enumerate(study.cells) if cell.name in names]


def compared(study: Study, runs: Runs, cells: Sequence[int]) -> Comparison:
    """The comparison that runs make."""
    questions = {one["name"]: one["question"] for one in study.settings.get("options", [])}
    comparison = Comparison(study, options_of(study, runs, cells, questions=questions), failed=list(runs.failed))
    names = [study.cells[cell].name for cell in cells]
    for measure in HEADLINE:
        if measure not in runs.names:
            continue
        columns = {name: runs.column(cell, measure) for name, cell in zip(names, cells, strict=True)}
        found = best(columns, MEASURES[measure].direction, point=study.point)
        if found.chances is not None:
            comparison.best[measure] = tuple(found.chances[name] for name in names)
        if len(cells) > 2:
            comparison.joint[measure] = simultaneous({one.name: one.against[measure].found for one in comparison.options[1:]})
    comparison.structures = by_structure(study, runs)
    with one_thread():
        comparison.spreads = spreads(study, runs, cells)
        parameters = drawn(study, np.unique(runs.draw[np.isin(runs.cell, list(cells))]))
        comparison.explained = explanations(comparison.options, parameters)
        comparison.decision = decided(study, runs, cells, parameters)
    return comparison
