"""What follows when the runs of a study are there, by kind of study.

An analysis takes a session, asks it for runs as often as it needs, and finishes it. It must ask for the same runs whatever is
stored already: then an interrupted study that is resumed is the same as one that was not.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from .cells import Study
from .chunks import read_plan
from .finished import Finished
from .folder import PLAN
from .session import Session

Analysis = Callable[[Session], Finished]
"""Makes what is missing, finishes the folder, and gives back the result."""

MODULES: dict[str, str] = {
    "compare": "wardsim.experiments.compare.conduct:conduct",
    "sweep": "wardsim.experiments.sweep.conduct:conduct",
    "optimise": "wardsim.experiments.optimise.conduct:conduct",
    "sensitivity": "wardsim.experiments.sensitivity.conduct:conduct",
    "population": "wardsim.experiments.population.conduct:conduct",
}
"""Kind -> `module:function`, imported when it is needed."""


def analysis_of(kind: str) -> Analysis:
    """The analysis of a kind of study; for a kind without one, the runs alone."""
    if kind not in MODULES:
        return runs_only
    module, _, name = MODULES[kind].partition(":")
    found: Analysis = getattr(import_module(module), name)
    return found


def planned(study: Study, runs: int | None = None) -> dict[int, int]:
    """Runs of each cell that are made when nobody looks at the results in between.

    Parameters
    ----------
    study : Study
        What is run.
    runs : int, optional
        Of each cell; left out: `runs` of the settings of the study, else its limit.
    """
    wanted = runs if runs is not None else study.settings.get("runs", study.limit)
    return dict.fromkeys(range(len(study.cells)), int(wanted))


def runs_only(session: Session) -> Finished:
    """Make the runs that are planned (all that are there, of a finished study), and finish with their table."""
    if not session.finished:
        there = (session.folder / PLAN).exists()
        session.need(read_plan(session.folder).wanted if there else planned(session.study))
    failed = len(session.runs().failed)
    done = sum(session.runs().count(cell) for cell in range(len(session.study.cells)))
    summary = {"status": status_of(done, failed), "runs": {"done": done, "failed": failed}}
    session.finish({}, summary)
    return Finished(summary)


def status_of(done: int, failed: int) -> str:
    """ok, partial (some runs failed) or failed (all did)."""
    if not done:
        return "failed"
    return "partial" if failed else "ok"
