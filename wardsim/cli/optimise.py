"""`wardsim optimise`: the cheapest plan that keeps limits with a stated probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .asked import Asked, conduct, study_of_file, study_options
from .output import Output, speaking

if TYPE_CHECKING:
    from wardsim.experiments.optimise.conduct import Optimum
    from wardsim.experiments.optimise.tables import Table

EPILOG = """\b
Examples:
  wardsim optimise scenarios/optimise/cheapest-safe.yaml
  wardsim optimise scenarios/optimise/cheapest-safe.yaml --years 1 --budget 3600
"""
SECONDS = 3600.0
"""Time that an optimisation may take when nothing else is said."""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@study_options
@speaking("optimise")
def command(file: str, asked: Asked, out: Output) -> None:
    """Enumerate every plan of the file, and choose the cheapest that keeps the limits with the stated probability.

    Plans are sorted into those that keep the limits, those that do not, and the undecided, on which more runs are spent; the choice
    comes with what is promised about it, or with why nothing is. The front shows the plans that are best in some balance.

    Exit code 0: done; 2: the file or the usage is wrong; 3: stopped early or some runs failed, what is finished is kept and
    `wardsim resume DIR` goes on; 130: interrupted with nothing finished; 1: anything else.
    """
    conduct(study_of_file(file, "optimise", asked, out), asked, out, seconds=SECONDS)


def text_of(found: Optimum, width: int) -> str:
    """Everything that is printed about an optimisation."""
    from wardsim.experiments.optimise import words
    from wardsim.experiments.shown import SOURCE_WORDS

    from .grid import fill, span_of

    study, names = found.study, found.names
    head = f"{study.name}\n{fill(study.question, width)}\n" if study.question else f"{study.name}\n"
    years = span_of(study.years)
    drawn = "point parameters" if study.point else f"parameters drawn {SOURCE_WORDS[study.parameters]}"
    head += fill(f"Estimand {study.estimand}, {years}; {len(names)} plans, {found.choice.spent} runs in all, {drawn}", width)
    said = [words.text_of(found.choice, names), words.text_of(found.choice.feasibility, names), words.text_of(found.front, names)]
    settled = [step for step in found.steps if step.price is not None]
    if settled:
        said.append(words.text_of(settled, names))
    blocks = ["\n".join(fill(line, width) for line in text.splitlines()) for text in said]
    return "\n\n".join([head, *blocks]) + "\n"


def json_of(found: Optimum) -> dict[str, Any]:
    """An optimisation as `--json` prints it: the choice, and the tables of the folder as records."""
    from wardsim.experiments.optimise.tables import choice_table, feasibility_table, front_table, shadow_table

    study, names, choice = found.study, found.names, found.choice
    return {
        "estimand": study.estimand,
        "years": study.years,
        "seed": study.seed,
        "parameters": "point" if study.point else study.parameters,
        "chosen": None if choice.chosen is None else names[choice.chosen],
        "sure": choice.sure,
        "probability": choice.feasibility.probability,
        "confidence": choice.confidence,
        "reasons": list(choice.reasons),
        "plans": _records(choice_table(choice, names)),
        "verdicts": _records(feasibility_table(choice.feasibility, names)),
        "front": _records(front_table(found.front, names)),
        "prices": _records(shadow_table(found.steps, names)),
    }


def _records(table: Table) -> list[dict[str, Any]]:
    from wardsim.experiments.results import number

    return [
        {key: number(value) if isinstance(value, float) else value for key, value in zip(table.header, row, strict=True)}
        for row in table.rows
    ]
