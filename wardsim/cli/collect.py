"""`wardsim collect`: put the chunks of a planned study together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .output import Output, speaking
from .stopping import stopping
from .studies import StudyTeller, analysed, cache, ended, executor, task, tell_lost, where_options

if TYPE_CHECKING:
    from wardsim.experiments.study.finished import Finished
    from wardsim.experiments.study.session import Session


@click.command()
@click.argument("folder", metavar="DIR")
@where_options
@speaking("collect")
def command(folder: str, jobs: int | None, cluster: str | None, out: Output) -> None:
    """See that every piece of a planned study is there, then analyse it and write its tables.

    Exit code 0: done; 1: the folder cannot be used, or workers are still at it; 2: another version; 3: pieces are missing (they are
    named), or some runs failed.
    """
    from wardsim.experiments.study.chunks import collect
    from wardsim.experiments.study.folder import read_study
    from wardsim.experiments.study.kinds import analysis_of

    place = Path(folder)
    with stopping(place):
        study = read_study(place)

        def analysis(session: Session) -> Finished:
            tell_lost(session, out)
            return analysed(analysis_of(study.kind), session)

        with executor(jobs, cluster) as where, StudyTeller(out) as teller:
            finished = collect(place, analysis, executor=where, task=task(), cache=cache(), on_progress=teller)
    ended(study, finished, place, out)
