"""`wardsim run`: simulate a scenario many times, write its results folder, print the headline measures."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .drawn import parameters_option
from .numbers import REPLICATIONS, SEED, WARM_UP, YEARS, too_short
from .output import DONE, FAILED, INTERRUPTED, REFUSED, STOPPED, Failure, Output, overrides_option, speaking

if TYPE_CHECKING:
    from wardsim.experiments.replicate import Outcome, Request
    from wardsim.parameters.posterior import Source
    from wardsim.scenario.load import Loaded

EPILOG = """\b
Examples:
  wardsim run scenarios/baseline.yaml
  wardsim run scenarios/baseline.yaml --replications 20 --parameters point
  wardsim run scenarios/plus-one-nurse-nights.yaml --estimand transition --baseline scenarios/baseline.yaml
"""


@dataclass(frozen=True)
class Asked:
    """Options of the command, as given; None: the scenario's own."""

    replications: int | None
    seed: int | None
    years: float | None
    warm_up: int | None
    estimand: str | None

    def overrides(self) -> list[str]:
        """The same as overrides of the scenario, checked with it."""
        keys = {
            "replications": self.replications,
            "seed": self.seed,
            "years": self.years,
            "warm_up_weeks": self.warm_up,
            "estimand": self.estimand,
        }
        return [f"run.{key}={value}" for key, value in keys.items() if value is not None]


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@click.option("--replications", type=REPLICATIONS, help="Number of runs in all. Left out: as many as fit two minutes.")
@click.option("--seed", type=SEED, help="Root of all random numbers.")
@click.option("--years", type=YEARS, help="Years measured. Left out: the scenario's (1, or 3 after a change).")
@click.option("--warm-up", type=WARM_UP, metavar="WEEKS", help="Weeks simulated and not measured (steady).")
@click.option(
    "--estimand",
    type=click.Choice(["steady", "transition"]),
    help="steady: the ward in balance; transition: what follows a change at time zero.",
)
@click.option("--baseline", metavar="FILE", help="Ward before the change (transition). Left out: what FILE extends.")
@parameters_option
@click.option("--jobs", type=click.IntRange(1, 1024), help="Processes. Left out: one a processor.")
@click.option("--out", "folder", metavar="DIR", help="Folder of the results. Left out: results/<scenario>-<hash>.")
@click.option("--events", is_flag=True, help="Also write the event log of the first run (vidigi's column names).")
@click.option("--no-progress", is_flag=True, help="No progress.")
@overrides_option
@speaking("run")
def command(
    file: str,
    replications: int | None,
    seed: int | None,
    years: float | None,
    warm_up: int | None,
    estimand: str | None,
    baseline: str | None,
    parameters: str | None,
    jobs: int | None,
    folder: str | None,
    events: bool,
    no_progress: bool,
    overrides: tuple[str, ...],
    out: Output,
) -> None:
    """Simulate a scenario many times and write one results folder.

    Every number comes with three intervals: what the model does not know (95% over parameter draws), how one ward-year
    varies by chance (80%), and the error of the simulation itself (95%).

    Exit code 0: done; 2: the scenario or the usage is wrong; 3: some runs failed, the others are written; 130: interrupted,
    what was finished is written; 1: anything else.
    """
    from wardsim.scenario.errors import ScenarioError

    try:
        _run(
            file,
            Asked(replications, seed, years, warm_up, estimand),
            baseline,
            overrides,
            parameters=parameters,
            jobs=jobs,
            folder=folder,
            events=events,
            progress=not no_progress,
            out=out,
        )
    except ScenarioError as error:
        if not out.as_json:
            raise
        problems = [problem.as_dict() for problem in error.problems]
        _print_json({"schema_version": 1, "status": "refused"}, REFUSED, problems)
        click.get_current_context().exit(REFUSED)


def _run(
    file: str,
    asked: Asked,
    baseline: str | None,
    overrides: tuple[str, ...],
    *,
    parameters: str | None,
    jobs: int | None,
    folder: str | None,
    events: bool,
    progress: bool,
    out: Output,
) -> None:
    from wardsim.experiments.export import files_of, manifest_of, results_name, status_of
    from wardsim.experiments.replicate import TRANSITION_YEARS, check, replicate
    from wardsim.experiments.results import prepare, write_folder
    from wardsim.experiments.start import cache_folder, prune
    from wardsim.measures import MEASURES
    from wardsim.scenario.load import load

    from .drawn import drawn_from
    from .progress import Teller

    wanted = [*overrides, *asked.overrides()]
    undecided = asked.estimand == "transition" and asked.years is None
    # A file written for the steady ward says how long to measure that; a change is followed for longer.
    if undecided and load(file, overrides).scenario.run.estimand == "steady":
        wanted.append(f"run.years={TRANSITION_YEARS}")
    loaded = load(file, wanted)
    before = _before(loaded, baseline, file, out) if loaded.scenario.run.estimand == "transition" else None
    if baseline and before is None:
        raise Failure("--baseline belongs to --estimand transition", REFUSED)
    source = drawn_from(parameters, out)
    request = _request(loaded, before, point=parameters == "point", source=source, jobs=jobs, events=events, cache=str(cache_folder()))
    try:
        check(request)
    except ValueError as error:
        raise Failure(f"{file}: {error}", REFUSED) from None
    if word := too_short(request.years):
        out.say(word)
    target = Path(folder) if folder else Path("results") / results_name(request)
    prepare(target)
    teller = Teller(out, request, progress)
    with teller, _stop_politely():
        outcome = replicate(request, on_plan=teller.plan, on_progress=teller.progress)
    files = files_of(outcome, MEASURES)
    sources = [str(path) for path in loaded.files]
    write_folder(target, files, manifest_of(outcome, scenario_hash=loaded.hash, sources=sources))
    prune(cache_folder())
    _tell(outcome, target, status_of(outcome), out)


def _request(
    loaded: Loaded, before: Loaded | None, *, point: bool, source: Source, jobs: int | None, events: bool, cache: str
) -> Request:
    from wardsim.experiments.calendar import holidays_around
    from wardsim.experiments.replicate import Request, years_of

    scenario = loaded.scenario
    others = [before.scenario] if before is not None else []
    return Request(
        scenario=scenario,
        baseline=before.scenario if before is not None else None,
        roster=loaded.given_roster,
        baseline_roster=before.given_roster if before is not None else None,
        holidays=holidays_around(scenario, others, years_of(scenario), scenario.run.warm_up_weeks),
        point=point,
        parameters=source,
        processes=jobs,
        events=events,
        cache=cache,
    )


def _before(loaded: Loaded, baseline: str | None, file: str, out: Output) -> Loaded:
    """The ward before the change: as named, else what the file extends, else the file itself without overrides."""
    from wardsim.scenario.load import load

    if baseline is None:
        extended = [path for path in loaded.files[1:] if path.suffix in (".yaml", ".yml")]
        baseline = str(extended[0]) if extended else file
        out.say(f"baseline before the change: {baseline}")
    before = load(baseline)
    if before.scenario.ward.start_date != loaded.scenario.ward.start_date:
        raise Failure(f"{file} and its baseline {baseline} must have the same ward.start_date", REFUSED)
    return before


@contextmanager
def _stop_politely() -> Iterator[None]:
    """Treat a request to terminate like Ctrl-C, so that what is finished is written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(outcome: Outcome, target: Path, status: str, out: Output) -> None:
    from wardsim.measures import MEASURES

    from .grid import terminal_width
    from .run_tables import text_of

    failures = outcome.collection.failures
    code = {"ok": DONE, "partial": STOPPED, "interrupted": INTERRUPTED, "failed": FAILED}[status]
    if outcome.interrupted:
        code = INTERRUPTED
    if out.as_json:
        from wardsim.experiments.export import checks_of, kind_of
        from wardsim.experiments.results import summary_json

        request = outcome.request
        data = {
            "schema_version": 1,
            "status": status,
            "results": str(target),
            "scenario": request.scenario.model_dump(mode="json"),
            "estimand": request.estimand,
            "replications": outcome.runs,
            "failed": len(failures),
            "years": request.years,
            "seed": request.scenario.run.seed,
            "parameters": kind_of(request),
            "measures": {
                name: summary_json(s, MEASURES[name].unit if name in MEASURES else "")
                for name, s in outcome.measures.items()
            },
            "checks": checks_of(outcome),
        }
        _print_json(data, code, [])
    else:
        if outcome.runs:
            out.data(text_of(outcome, MEASURES, terminal_width()))
        out.data(f"results: {target}")
        for failure in failures[:3]:
            where = f"draw {failure.draw}, replication {failure.replication}"
            click.echo(f"wardsim: run failed ({where}, stage {failure.stage}): {failure.error}", err=True)
        if failures:
            click.echo(f"wardsim: {len(failures)} of {outcome.plan.runs} runs failed; see manifest.json", err=True)
        if outcome.interrupted:
            done = f"{outcome.runs} of {outcome.plan.runs} runs were finished and are written"
            click.echo(f"wardsim: interrupted; {done}", err=True)
    if code != DONE:
        click.get_current_context().exit(code)


def _print_json(data: dict[str, Any], code: int, problems: list[dict[str, Any]]) -> None:
    """The object of `--json`: that of every command, with the fields of a run at its top level."""
    import json

    from wardsim import __version__

    common = {"wardsim": __version__, "command": "run", "ok": code == DONE, "exit_code": code, "problems": problems}
    click.echo(json.dumps({**data, **common}, indent=2, allow_nan=False, ensure_ascii=True))
