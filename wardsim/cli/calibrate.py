"""`wardsim calibrate`: fit the free parameters to published rates, and report what that teaches and what it does not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .output import DONE, FAILED, REFUSED, Failure, Output, speaking
from .studies import StudyTeller, cache, executor, where_options

if TYPE_CHECKING:
    from wardsim.calibrate.conduct import Calibrated
    from wardsim.calibrate.sbc import Check
    from wardsim.calibrate.shipped import Job
    from wardsim.calibrate.structures import Judged
    from wardsim.calibrate.waves import Tell
    from wardsim.experiments.executor import Executor

TRUTH_RUNS = 4
"""Runs of each truth of which figures are made: their chance is not part of the figures' error."""

EPILOG = """\b
Examples:
  wardsim calibrate --reduced
  wardsim calibrate --out results/calibration
  wardsim calibrate --out results/calibration --check --structures
  wardsim calibrate --out results/calibration --install
  wardsim calibrate --influence --install
  wardsim calibrate --reaffirm
"""


@click.command(epilog=EPILOG)
@click.option("--reduced", is_flag=True, help="Four parameters, few points, short runs: minutes, for checks only.")
@click.option("--check", is_flag=True, help="Also recover known truths, 100 on the emulators and 20 on the ward.")
@click.option(
    "--structures",
    is_flag=True,
    help="Also with mechanisms off, and what each structure says of the headline questions.",
)
@click.option(
    "--influence",
    is_flag=True,
    help="Instead: run wards with every parameter drawn from its prior, and say which parameters move what.",
)
@click.option(
    "--reaffirm",
    "again",
    is_flag=True,
    help="Instead: where only code changed, run the ward at draws of the shipped posterior; the same numbers, and it stays valid.",
)
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    help="Folder of waves, posterior and report. Left out: results/calibration[-reduced].",
)
@click.option(
    "--install", is_flag=True, help="Put posterior and report into the calibration folder that wardsim draws from."
)
@where_options
@speaking("calibrate")
def command(
    reduced: bool,
    check: bool,
    structures: bool,
    influence: bool,
    again: bool,
    folder: str | None,
    install: bool,
    jobs: int | None,
    cluster: str | None,
    out: Output,
) -> None:
    """Calibrate the free parameters to the published targets.

    Waves of runs rule out what contradicts the targets; the posterior is drawn on emulators and checked by the ward itself. An
    interrupted calibration goes on when the same command is given again: waves that are done are not run again.

    Exit code 0: done; 1: it could not be done; 2: targets, free parameters or priors are wrong; 3 or 130: interrupted.
    """
    if reduced and install:
        raise Failure("a reduced calibration is too coarse to be drawn from: --install needs the full one", REFUSED)
    try:
        import emcee  # noqa: F401
    except ImportError:
        raise Failure("calibration needs emcee: pip install 'wardsim[calibration]'", FAILED) from None
    from wardsim.calibrate.inference import CalibrationError
    from wardsim.calibrate.targets import TargetsError

    from .stopping import stopping

    place = Path(folder) if folder else Path("results") / ("calibration-reduced" if reduced else "calibration")
    try:
        with stopping(place / "waves", "the same command"):
            if again:
                _reaffirm(jobs, cluster, out)
            elif influence:
                _influence(place, reduced, install, jobs, cluster, out)
            else:
                _calibrate(place, reduced, check, structures, install, jobs, cluster, out)
    except TargetsError as error:
        raise Failure(str(error), REFUSED) from None
    except CalibrationError as error:
        raise Failure(str(error), FAILED) from None


def _reaffirm(jobs: int | None, cluster: str | None, out: Output) -> None:
    from wardsim.calibrate.reaffirm import reaffirm
    from wardsim.calibrate.shipped import simulator_of
    from wardsim.experiments.reproduce.behaviour import NotTheSameError
    from wardsim.scenario.shipped import shipped

    place = shipped("calibration")
    with executor(jobs, cluster) as where, StudyTeller(out) as teller:
        try:
            done = reaffirm(simulator_of(place, executor=where, on_progress=teller), place)
        except NotTheSameError as error:
            raise Failure(str(error), FAILED) from None
    out.data(done)
    out.finish({"reaffirmed": done}, exit_code=DONE)


def _influence(place: Path, reduced: bool, install: bool, jobs: int | None, cluster: str | None, out: Output) -> None:
    from wardsim.calibrate.influence import Effort, keep, run
    from wardsim.calibrate.ledger_view import TABLE
    from wardsim.parameters import Ledger
    from wardsim.scenario.shipped import shipped

    effort = Effort(draws=24, years=0.25, burn_in_weeks=2, warm_up_weeks=1) if reduced else Effort()
    out.say(f"{effort.draws} draws of every parameter, {effort.ward_years():,.0f} ward-years")
    with executor(jobs, cluster) as where, StudyTeller(out) as teller:
        found = run(place / "waves" / "influence", effort, executor=where, on_progress=teller)
    ledger = Ledger.load()
    for folder in (place, shipped("calibration")) if install else (place,):
        keep(found, effort, ledger, folder)
    rows = found.rows()
    for row in rows[:10]:
        out.data(f"{row[0]:3d} {row[1]}: {row[2]:.3f} ({row[5]} {row[6]:+.2f})")
    told = sum(bool(row[3]) for row in rows)
    out.data(f"{told} of {len(rows)} parameters are told from chance; {place / TABLE}")
    out.finish({"out": str(place), "told": told, "parameters": len(rows)}, exit_code=DONE)


def _calibrate(
    place: Path,
    reduced: bool,
    check: bool,
    structures: bool,
    install: bool,
    jobs: int | None,
    cluster: str | None,
    out: Output,
) -> None:
    from wardsim.calibrate.conduct import calibrate
    from wardsim.calibrate.found import diagnostics
    from wardsim.calibrate.report import find
    from wardsim.calibrate.shipped import instead, keep, prepare, shown
    from wardsim.experiments.plan import cores
    from wardsim.experiments.sensitivity.emulator import quietly
    from wardsim.scenario.shipped import shipped

    begun, many, waves = time.monotonic(), jobs or cores(), place / "waves"

    def tell(text: str) -> None:
        line = f"{time.monotonic() - begun:6.0f} s  {text}"
        out.say(line)
        place.mkdir(parents=True, exist_ok=True)
        with (place / "log.txt").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    tell(f"calibrate{' --reduced' if reduced else ''} into {place}, {many} processes")

    with executor(jobs, cluster) as where, StudyTeller(out) as teller:
        job = prepare(reduced=reduced, waves=waves, executor=where, on_progress=teller, tell=tell)
        tell(
            f"{len(job.names)} parameters, {len(job.judge.names)} targets, at most {job.ward_years():,.0f} ward-years: "
            + ", ".join(f"{what} {years:,.0f}" for what, years in job.budget().items())
        )
        found = calibrate(job.simulator, job.judge, job.plan, waves, processes=many, tell=tell)
        with quietly():
            checks = _checks(job, found, waves, many, tell) if check else []
            judged = _structures(job, found, place, where, many, tell) if structures else []
    tell("diagnostics and report")
    with quietly():
        told = find(
            found, job.labels, notes=job.notes, layers=job.layers, checks=checks, structures=judged, shown=shown(job, found),
            instead=instead(found), processes=many,
        )  # fmt: skip
    keep(job, found, told, place)
    if install:
        keep(job, found, told, shipped("calibration"))
    summary = diagnostics(told)
    out.data(
        f"{summary['targets_inside']} of {summary['targets']} targets inside their 95% predictive interval "
        f"({summary['targets_inside_without_discrepancy']} without discrepancy); "
        f"{len(summary['not_informed'])} of {len(job.names)} parameters not informed"
    )
    out.data(f"report: {place / 'report' / 'report.md'}")
    out.data(f"posterior: {place / 'posterior' / 'draws.csv'}")
    out.finish({"out": str(place), "diagnostics": summary}, exit_code=DONE)


def _checks(job: Job, found: Calibrated, waves: Path, many: int, tell: Tell) -> list[Check]:
    from dataclasses import replace

    from wardsim.calibrate.sbc import on_emulator, on_simulator

    few = job.plan.name == "reduced"
    tell("known truths on the emulators")
    first = on_emulator(found.surrogate, found.judge, truths=20 if few else 100, processes=many)
    tell("known truths on the ward")
    long = replace(job.simulator, length=replace(job.simulator.length, runs=1 if few else TRUTH_RUNS))
    second = on_simulator(long, found.surrogate, found.judge, folder=waves, truths=5 if few else 20, processes=many)
    return [first, second]


def _structures(job: Job, found: Calibrated, place: Path, where: Executor, many: int, tell: Tell) -> list[Judged]:
    from dataclasses import replace

    from wardsim.calibrate.headline import shipped_headline
    from wardsim.calibrate.shipped import STRUCTURE_LENGTH
    from wardsim.calibrate.structures import GROUPS, SINGLY, Budget, compare_structures
    from wardsim.calibrate.wards import with_structure

    few = job.plan.name == "reduced"
    ask = replace(
        shipped_headline(job.names, place / "answers"),
        executor=where,
        cache=cache(),
        years=0.25 if few else 1.0,
    )
    short = job.simulator if few else replace(job.simulator, length=STRUCTURE_LENGTH)
    return compare_structures(
        lambda structure: with_structure(short, structure.off), found.surrogate, found.judge, found.sampled,
        SINGLY[:1] if few else (*SINGLY, *GROUPS), budget=Budget(points=20, draws=2) if few else Budget(), ask=ask,
        folder=place / "structures", processes=many, tell=tell,
    )  # fmt: skip
