"""`wardsim compare`: options side by side under the same chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .asked import FEWEST, Asked, conduct, report_option, study_of_file, study_options
from .drawn import drawn_from
from .output import REFUSED, Failure, Output, speaking

if TYPE_CHECKING:
    from wardsim.experiments.study.cells import Study

EPILOG = """\b
Examples:
  wardsim compare scenarios/options/extra-night-nurse.yaml
  wardsim compare scenarios/baseline.yaml scenarios/plus-one-nurse-nights.yaml
  wardsim compare scenarios/baseline.yaml scenarios/plus-one-nurse-nights.yaml --years 3 --budget 600
  wardsim compare scenarios/baseline.yaml scenarios/long-days.yaml --estimand steady --replications 20
"""
SECONDS = 45.0
"""Time that the runs of a comparison may take when nothing else is said: with the start and the report it is a minute."""
INSTEAD = {"run.years": "--years", "run.replications": "--replications", "run.estimand": "--estimand"}
"""What a scenario says of its own run and a comparison does not take from it -> the option that says it of a comparison."""


@click.command(epilog=EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@study_options
@report_option
@speaking("compare")
def command(files: tuple[str, ...], asked: Asked, out: Output) -> None:
    """Compare options: an option file, or two or more scenario files of which the first is the reference.

    All wards see the same patients, the same sickness and the same parameter draws, so that differences are differences of
    the options. Each comes with what the model does not know (95% over parameter draws), the simulation error (95%), how one year of
    each may differ by chance (80%), and the share of parameter draws in which it is better. Scenario files are followed for the first
    year after the change, unless --years says otherwise.

    Exit code 0: done; 2: a file or the usage is wrong; 3: stopped early or some runs failed, what is finished is kept and
    `wardsim resume DIR` goes on; 130: interrupted with nothing finished; 1: anything else.
    """
    study = study_of_file(files[0], "options", asked, out) if len(files) == 1 else _of_scenarios(files, asked, out)
    conduct(study, asked, out, seconds=SECONDS, least_draws=FEWEST)


def _of_scenarios(files: tuple[str, ...], asked: Asked, out: Output) -> Study:
    """A study of scenario files as they stand, the first being the reference and the ward before the change."""
    from wardsim.experiments.compare.scenarios import comparison_of
    from wardsim.experiments.design.estimate import refuse_absurd
    from wardsim.scenario.load import load
    from wardsim.scenario.studies import kind_of_file

    for path in files:
        if kind_of_file(path):
            raise Failure(f"{path} is a study file; several files must be scenarios, an options file stands alone", REFUSED)
    overrides = [line.removeprefix("base.") for line in asked.overrides]
    for line, given in zip(overrides, asked.overrides, strict=True):
        if option := INSTEAD.get(line.partition("=")[0].strip()):
            raise Failure(f"--set {given}: a comparison of scenario files takes that from {option}, not from the files", REFUSED)
    wards = [load(path, overrides or None) for path in files]
    first = wards[0].scenario
    for path, ward in zip(files, wards, strict=True):
        if ward.scenario.ward.start_date != first.ward.start_date:
            raise Failure(f"{path} and {files[0]} must have the same ward.start_date", REFUSED)
    study = comparison_of(
        wards,
        estimand="steady" if asked.estimand == "steady" else "transition",
        years=asked.years,
        seed=asked.seed if asked.seed is not None else first.run.seed,
        point=asked.parameters == "point",
        parameters=drawn_from(asked.parameters, out),
        replications=asked.replications,
    )
    refuse_absurd(study, asked.allow_large)
    return study
