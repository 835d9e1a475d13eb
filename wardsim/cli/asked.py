"""Options that every command on a study file shares, and the study that file and options describe."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .drawn import drawn_from, parameters_option
from .grid import span_of
from .numbers import BUDGET, REPLICATIONS, SEED, YEARS, too_short
from .output import REFUSED, Failure, Output
from .progress import size, span
from .stopping import stopping
from .studies import COMMAND, StudyTeller, analysed, cache, ended, executor, readable, task, tell_lost, where_options

if TYPE_CHECKING:
    from wardsim.experiments.study.cells import Study


@dataclass(frozen=True)
class Asked:
    """Options as given; None: what the file says."""

    replications: int | None
    years: float | None
    seed: int | None
    estimand: str | None
    parameters: str | None
    budget: float | None
    folder: str | None
    jobs: int | None
    cluster: str | None
    allow_large: bool
    progress: bool
    overrides: tuple[str, ...]
    report: bool = True

    def as_overrides(self, kind: str) -> list[str]:
        """The same as overrides of a study file of a kind, checked with it; the number of runs goes beside them."""
        keys = {
            "years": self.years,
            "seed": self.seed,
            "estimand": self.estimand,
            "others" if kind == "sensitivity" else "parameters": self.parameters,
        }
        return [*self.overrides, *(f"{key}={value}" for key, value in keys.items() if value is not None)]


def study_options(function: Callable[..., None]) -> Callable[..., None]:
    """Decorator: the shared options, handed to the command as `asked`."""

    @where_options
    @click.option("--replications", type=REPLICATIONS, help="Runs of each ward. Left out: what the file or the precision asks for.")
    @click.option("--years", type=YEARS, help="Years measured. Left out: what the file says (else 3 after a change, 1 in balance).")
    @click.option("--seed", type=SEED, help="Root of all random numbers.")
    @click.option(
        "--estimand",
        type=click.Choice(["transition", "steady"]),
        help="transition: what follows a change from the same start; steady: wards in balance.",
    )
    @parameters_option
    @click.option("--budget", type=BUDGET, metavar="SECONDS", help="Time that the runs may take.")
    @click.option("--out", "folder", metavar="DIR", help="Folder of the results. Left out: results/<name>-<hash>.")
    @click.option("--allow-large", is_flag=True, help="Allow a study that is absurdly large.")
    @click.option("--no-progress", is_flag=True, help="No progress.")
    @click.option(
        "--set", "overrides", multiple=True, metavar="KEY=VALUE",
        help="Override a key of the study, or after `base.` one of its base scenario (of every scenario file); may be repeated.",
    )
    @functools.wraps(function)
    def wrapped(
        *args: Any, replications: int | None, years: float | None, seed: int | None, estimand: str | None, parameters: str | None,
        budget: float | None, folder: str | None, jobs: int | None, cluster: str | None, allow_large: bool, no_progress: bool,
        overrides: tuple[str, ...], **kwargs: Any,
    ) -> None:
        asked = Asked(
            replications, years, seed, estimand, parameters, budget, folder, jobs, cluster, allow_large, not no_progress, overrides
        )
        function(*args, asked=asked, **kwargs)

    return wrapped


def report_option(function: Callable[..., None]) -> Callable[..., None]:
    """Decorator, below `study_options`: `--no-report`, told to the command in `asked`."""

    @click.option("--no-report", is_flag=True, help="Do not make report.html.")
    @functools.wraps(function)
    def wrapped(*args: Any, no_report: bool, asked: Asked, **kwargs: Any) -> None:
        function(*args, asked=replace(asked, report=not no_report), **kwargs)

    return wrapped


def study_of_file(path: str, kind: str, asked: Asked, out: Output) -> Study:
    """The study of a file of one kind, with the options laid over it.

    Raises
    ------
    Failure
        When the file is of another kind.
    ScenarioError
        With every problem of the file.
    CannotError
        When the study is absurdly large and not allowed to be, or its design is none.
    """
    from wardsim.experiments.design.build import study_of
    from wardsim.scenario.studies import kind_of_file, load_study

    found = kind_of_file(path)
    if found and found != kind:
        raise Failure(f"{path} is a file of kind {found}; give it to `wardsim {COMMAND[found]}`", REFUSED)
    if found is None and readable(path):
        raise Failure(f"{path} is a scenario; `wardsim run` runs it, and `wardsim compare` compares two or more", REFUSED)
    file = load_study(path, asked.as_overrides(kind), replications=asked.replications)
    return study_of(file, allow_large=asked.allow_large, source=drawn_from(file.parameters, out))


def conduct(study: Study, asked: Asked, out: Output, *, seconds: float, least_draws: int = 1) -> None:
    """Run a study in its folder, analyse it, print it.

    Parameters
    ----------
    study : Study
        What to run.
    asked : Asked
        Where and how.
    out : Output
        Where to say it.
    seconds : float
        Time for the runs when neither file nor options say how many or how long.
    least_draws : int
        Parameter draws that are made however long they take, unless `--budget` says how long.
    """
    from wardsim.experiments.design.estimate import estimate
    from wardsim.experiments.plan import cores
    from wardsim.experiments.probe import seconds_per_run
    from wardsim.experiments.results import folder_name
    from wardsim.experiments.start import prune
    from wardsim.experiments.study.kinds import analysis_of
    from wardsim.experiments.study.session import Session

    if word := too_short(study.years):
        out.say(word)
    many = asked.jobs or cores()
    one, burn_in = seconds_per_run(study)
    told = ""
    if study.settings.get("replications") is None and (study.settings.get("budget_runs") is None or asked.budget):
        study, told = _within(study, asked.budget, seconds, many, least_draws, one, burn_in)
    shared = burn_in / len(study.cells) if study.estimand == "transition" else 0.0
    most_runs = replace(study, settings={**study.settings, "replications": study.limit})
    cost = estimate(most_runs, one + shared, many)
    draws = "" if study.point else f" ({-(-study.limit // study.per_draw)} parameter draws)"
    out.say(
        f"{len(study.cells)} wards, at most {study.limit} runs of each{draws}, {span_of(study.years)}, {study.estimand}: "
        f"at most {span(cost.seconds)}, {size(cost.bytes)} on disk{told}"
    )
    place = Path(asked.folder) if asked.folder else Path("results") / folder_name(study.name, study.identity)
    with stopping(place):
        analysis = analysis_of(study.kind)
        with executor(asked.jobs, asked.cluster) as where, StudyTeller(out, asked.progress) as teller:
            session = Session(study, place, executor=where, task=task(), cache=cache(), on_progress=teller)
            with session:
                tell_lost(session, out)
                finished = analysed(analysis, session)
    prune(Path(cache()))
    ended(study, finished, place, out, report=asked.report)


FEWEST = 6
"""Parameter draws below which hardly anything can be said of what is not known."""
FASTER = 2.0
"""Runs of a compiled ward in the time of one that is not, about (docs/explanation/speed.md)."""


def _within(
    study: Study, budget: float | None, seconds: float, many: int, least_draws: int, one: float, burn_in: float
) -> tuple[Study, str]:
    """The study with as many runs of each ward as fit the time, and what that means in words."""
    from wardsim.experiments.probe import fitting
    from wardsim.ward import compiled

    time = budget or seconds
    fit = fitting(study, time, many, one, burn_in)
    least = 0 if budget else least_draws * (1 if study.point else study.per_draw)
    most = max(fit, least)
    said = f"\n{span(time)} would give {fit} runs of each, too few to tell what is not known" if most > fit else ""
    said += f"; --budget {time:.0f} holds to the time" if most > fit else f"\nas many as fit {span(time)}"
    if not compiled():
        said += f"; a compiled ward would make about {fitting(study, FASTER * time, many, one, burn_in)} of each in that time (docs/explanation/speed.md)"
    return replace(study, limit=most, block=next(b for b in range(study.block, 0, -1) if most % b == 0)), said
