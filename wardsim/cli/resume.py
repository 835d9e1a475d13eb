"""`wardsim resume`: go on with a study that was interrupted."""

from __future__ import annotations

from pathlib import Path

import click

from .output import Output, speaking
from .stopping import stopping
from .studies import StudyTeller, analysed, cache, ended, executor, task, tell_lost, where_options

EPILOG = """\b
Examples:
  wardsim resume results/my-sweep
  wardsim resume results/my-sweep --cluster tcp://scheduler:8786
"""


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR")
@where_options
@click.option("--again", is_flag=True, help="Make runs that failed again.")
@speaking("resume")
def command(folder: str, jobs: int | None, cluster: str | None, again: bool, out: Output) -> None:
    """Make the runs that are missing in the folder of a study, then analyse and finish it.

    The result is the same as if the study had never been interrupted. A finished study is analysed again.

    Exit code 0: done; 1: the folder cannot be used; 2: it was begun with another version; 3: stopped again, or some runs failed; 130:
    interrupted with nothing finished.
    """
    from wardsim.experiments.study.folder import read_study
    from wardsim.experiments.study.kinds import analysis_of
    from wardsim.experiments.study.session import Session

    place = Path(folder)
    with stopping(place):
        study = read_study(place)
        analysis = analysis_of(study.kind)
        with executor(jobs, cluster) as where, StudyTeller(out) as teller:
            session = Session(study, place, executor=where, task=task(), cache=cache(), on_progress=teller)
            with session:
                tell_lost(session, out)
                if again:
                    out.say(f"{session.again()} pieces with failed runs were made again")
                finished = analysed(analysis, session)
    ended(study, finished, place, out)
