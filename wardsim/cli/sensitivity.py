"""`wardsim sensitivity`: which unknown inputs decide an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .asked import Asked, conduct, study_of_file, study_options
from .output import Output, speaking

if TYPE_CHECKING:
    from wardsim.experiments.sensitivity.conduct import Sensitivity

EPILOG = """\b
Examples:
  wardsim sensitivity scenarios/studies/sensitivity-night-nurse.yaml
  wardsim sensitivity scenarios/studies/sensitivity-night-nurse.yaml --set method=tornado --replications 8
"""
SECONDS = 1200.0
"""Time that a study may take when nothing else is said."""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@study_options
@speaking("sensitivity")
def command(file: str, asked: Asked, out: Output) -> None:
    """Vary parameters of the ledger and say how much of the outcome (or of an option's difference) each decides.

    tornado: one at a time from low to high; morris: screening of many; sobol: shares of variance, through an emulator whose error on
    held-back runs is shown, or from the ward itself. Chance has a share of its own and is never counted as an effect.

    Exit code 0: done; 2: the file or the usage is wrong; 3: stopped early or some runs failed, what is finished is kept and
    `wardsim resume DIR` goes on; 130: interrupted with nothing finished; 1: anything else.
    """
    conduct(study_of_file(file, "sensitivity", asked, out), asked, out, seconds=SECONDS)


def text_of(found: Sensitivity, width: int) -> str:
    """Everything that is printed about a study of sensitivity."""
    from wardsim.experiments.shown import SOURCE_WORDS
    from wardsim.measures import MEASURES

    from . import sensitivity_tables
    from .grid import fill, label, span_of

    study = found.study
    option = study.settings["option"]
    what = f"difference of {option} from {study.baseline.name}" if option else f"level in {study.baseline.name}"
    years = span_of(study.years)
    labels = {name: f"{label(MEASURES[name])}: {what}" for name in study.settings["outcomes"]}
    head = f"{study.name}\n{fill(study.question, width)}\n" if study.question else f"{study.name}\n"
    others = "at their point values" if study.point else f"drawn {SOURCE_WORDS[study.parameters]}, the same draws for every point"
    head += fill(f"Estimand {study.estimand}, {years}; all other parameters {others}", width)
    return "\n\n".join([head, *(sensitivity_tables.text_of(result, labels, width).rstrip() for result in found.results)]) + "\n"


def json_of(found: Sensitivity) -> dict[str, Any]:
    """A study of sensitivity as `--json` prints it: one list of indices."""
    study = found.study
    return {
        "estimand": study.estimand,
        "years": study.years,
        "seed": study.seed,
        "others": "point" if study.point else study.parameters,
        "option": study.settings["option"],
        "outcomes": list(study.settings["outcomes"]),
        "parameters": [dict(about) for about in study.settings["parameters"]],
        "indices": [row for result in found.results for row in result.table()],
        "notes": [note for result in found.results for note in result.notes],
    }
