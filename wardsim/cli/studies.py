"""What the commands that work on studies share: where runs are made, how far they are, how they end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .output import DONE, FAILED, REFUSED, STOPPED, Failure, Output
from .progress import SECONDS_BETWEEN_LINES, span, terminal

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor, Task
    from wardsim.experiments.study.cells import Study
    from wardsim.experiments.study.finished import Finished
    from wardsim.experiments.study.kinds import Analysis
    from wardsim.experiments.study.session import Progress, Session

EXIT = {"ok": DONE, "partial": STOPPED, "failed": FAILED}
"""Exit code by the status of a study."""


COMMAND = {
    "options": "compare", "sweep": "sweep", "sensitivity": "sensitivity", "optimise": "optimise", "population": "population",
}  # fmt: skip
"""Kind of study file -> command that takes it."""


def load_study(
    files: Sequence[str], overrides: Sequence[str], parameters: str | None, out: Output, replications: int | None = None
) -> Study:
    """The study that files describe.

    Parameters
    ----------
    files : sequence of str
        The folder of a study that was begun or planned, or a study file.
    overrides : sequence of str
        Laid over a study file.
    parameters : str or None
        `--parameters`: prior, posterior, point, or None.
    out : Output
        Told where draws come from.
    replications : int, optional
        Runs of each ward, over what a study file says of precision.

    Raises
    ------
    Failure
        When they describe none.
    ScenarioError
        With every problem of a study file.
    """
    if len(files) == 1 and (Path(files[0]) / "study.json").exists():
        from wardsim.experiments.study.folder import read_study

        if overrides or parameters:
            raise Failure(f"{files[0]} holds a study that was begun: nothing can be laid over it", REFUSED)
        return read_study(Path(files[0]))
    from wardsim.scenario.studies import kind_of_file

    kind = kind_of_file(files[0]) if len(files) == 1 else None
    if len(files) == 1 and (kind is not None or not readable(files[0])):
        from wardsim.experiments.design.build import study_of
        from wardsim.scenario.studies import load_study as load_file

        from .drawn import drawn_from

        asked = [f"{'others' if kind == 'sensitivity' else 'parameters'}={parameters}"] if parameters else []
        file = load_file(files[0], [*overrides, *asked], replications=replications)
        return study_of(file, source=drawn_from(file.parameters, out))
    if len(files) > 1:
        raise Failure(f"{len(files)} files are given; give one study file, or the folder of one study", REFUSED)
    kinds = ", ".join(COMMAND)
    raise Failure(
        f"{files[0]} is a scenario, neither a study file nor the folder of a study; give a study file ({kinds}) that names it as its "
        "`base`, as `wardsim init study.yaml --kind options` writes one, or the folder of a study; `wardsim run` runs a scenario",
        REFUSED,
    )


def readable(path: str) -> bool:
    """Whether a path is a file that is YAML; what is wrong with one that is not, its reader tells."""
    from wardsim.scenario.reader import NotReadError, read_bytes, read_nodes

    try:
        read_nodes(read_bytes(Path(path), path), path)
    except NotReadError:
        return False
    return True


def analysed(analysis: Analysis, session: Session) -> Finished:
    """The analysis; where it cannot be made the folder keeps its runs, with those that failed told.

    Raises
    ------
    Failure
        When the study cannot be analysed: exit code 1 when runs failed, 2 when it was not to be had as asked.
    """
    from wardsim.experiments.errors import CannotError

    try:
        return analysis(session)
    except CannotError as error:
        runs = session.runs()
        if not runs.failed:
            raise Failure(str(error), REFUSED) from None
        from wardsim.experiments.compare.comparison import failures_csv
        from wardsim.experiments.quoted import quoted

        done = sum(runs.count(cell) for cell in range(len(session.study.cells)))
        told = {"done": done, "failed": len(runs.failed)}
        session.finish({"failures.csv": failures_csv(runs.failed)}, {"status": "failed", "runs": told, "reason": str(error)})
        again = f"failures.csv says why; `wardsim resume {quoted(session.folder)} --again` makes them again"
        raise Failure(f"{error}. {told['failed']} of {done + told['failed']} runs failed; {again}", FAILED) from None


def tell_lost(session: Session, out: Output) -> None:
    """Say, also under `--quiet`, when runs that a folder had are not to be taken up and will be made again."""
    if session.lost and not out.as_json:
        click.echo(f"wardsim: {session.lost}", err=True)


def task() -> Task:
    """What simulates a job."""
    from wardsim.experiments.job import simulate

    return simulate


def _address(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The form of an address is checked before anything is made ready, and before anybody is called there."""
    if value is None:
        return None
    from wardsim.experiments.cluster import ClusterError, checked_address

    try:
        return checked_address(value)
    except ClusterError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def where_options(function: Callable[..., None]) -> Callable[..., None]:
    """Decorator: the options `--jobs` and `--cluster`, for `executor`."""
    cluster = click.option("--cluster", callback=_address, metavar="ADDRESS", help="Dask scheduler (tcp://host:port or host:port), or `local`.")
    jobs = click.option("--jobs", type=click.IntRange(1, 1024), help="Processes. Left out: one a processor.")
    return jobs(cluster(function))


@contextmanager
def executor(jobs: int | None, cluster: str | None) -> Iterator[Executor]:
    """Where the runs are made, closed at the end.

    Parameters
    ----------
    jobs : int or None
        Processes; 1: this one.
    cluster : str or None
        Address of a Dask scheduler, or `local`.
    """
    from contextlib import closing

    with closing(_executor(jobs, cluster)) as found:
        yield found


def _executor(jobs: int | None, cluster: str | None) -> Executor:
    from wardsim.experiments.executor import Here
    from wardsim.experiments.local import Processes
    from wardsim.experiments.plan import cores

    if cluster is not None:
        from wardsim.experiments.cluster import Cluster

        return Cluster(cluster, jobs)
    return Here() if jobs == 1 else Processes(jobs or cores())


def cache() -> str:
    """Folder of saved starts; `WARDSIM_STARTS` names another one, say on a disk that the machines of a cluster share."""
    from wardsim.experiments.start import cache_folder

    return os.environ.get("WARDSIM_STARTS") or str(cache_folder())


class StudyTeller:
    """Says how far a study is: a bar on a terminal, a line now and then elsewhere; use it as a context manager.

    Parameters
    ----------
    out : Output
        Where to say it.
    wanted : bool
        False: say nothing.
    """

    def __init__(self, out: Output, wanted: bool = True) -> None:
        self._out = out
        self._wanted = wanted and not out.quiet and not out.as_json
        self._bar: Any = None
        self._task: Any = None
        self._last = 0.0

    def __enter__(self) -> StudyTeller:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __call__(self, progress: Progress) -> None:
        """Say how far it is."""
        import time

        if not self._wanted:
            return
        note = f"{progress.failed} failed" if progress.failed else ""
        if terminal():
            self._draw(progress, note)
            return
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_LINES and progress.pieces_done < progress.pieces:
            left = f", {span(progress.seconds_left)} left" if progress.seconds_left == progress.seconds_left else ""
            if self._last:
                self._out.say(f"{progress.runs_done} of {progress.runs} runs{left}{'; ' + note if note else ''}")
            self._last = now

    def _draw(self, progress: Progress, note: str) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=progress.runs)
            self._bar.start()
        self._bar.update(self._task, completed=progress.runs_done, total=progress.runs, description=note)


PRINTED: dict[str, str] = {
    "compare": "wardsim.cli.compare_tables",
    "sweep": "wardsim.cli.sweep_tables",
    "sensitivity": "wardsim.cli.sensitivity",
    "optimise": "wardsim.cli.optimise",
    "population": "wardsim.cli.population_tables",
}
"""Kind -> module with `text_of(result, width)` and `json_of(result)`."""


REPORTED = frozenset({"compare", "sweep"})
"""Kinds of study that end with a report."""


def ended(study: Study, finished: Finished, folder: Path, out: Output, *, report: bool = True) -> None:
    """What a study found, its report, its last words, and the exit code that its status asks for."""
    summary = finished.summary
    code = EXIT.get(str(summary.get("status")), FAILED)
    runs = summary.get("runs", {})
    data: dict[str, Any] = {"status": summary.get("status"), "results": str(folder), "kind": study.kind, "name": study.name}
    if finished.result is not None:
        from importlib import import_module

        from .grid import terminal_width

        module = import_module(PRINTED[study.kind])
        data |= module.json_of(finished.result) if out.as_json else {}
        if not out.as_json:
            out.data(module.text_of(finished.result, terminal_width()))
    if runs.get("failed"):
        out.say(f"{runs['failed']} of {runs['failed'] + runs.get('done', 0)} runs failed; failures.csv and runs.parquet say why")
    out.data(f"results: {folder}")
    if report and study.kind in REPORTED and finished.result is not None and runs.get("done"):
        from wardsim.report import add_report

        data["report"] = str(add_report(folder))
        out.data(f"report: {data['report']}")
    out.finish({**data, "runs": runs}, exit_code=code)
