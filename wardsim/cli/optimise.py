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
LEGEND = "Every plan with its ranges is in choice.csv, each limit by itself in verdicts.csv, the front in front.csv, steps in prices.csv."


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
    from wardsim.experiments.shown import SOURCE_WORDS, calibrated_words

    from .grid import fill, span_of
    from .optimise_tables import front_text, open_text, plans_text

    study, plans = found.study, found.plans
    title = f"{study.name}\n{fill(study.question, width)}" if study.question else study.name
    drawn = "point parameters" if study.point else f"parameters drawn {SOURCE_WORDS[study.parameters]}"
    about = fill(
        f"Estimand {study.estimand}, {span_of(study.years)}; {len(plans.names)} plans, {found.choice.spent} runs in all, {drawn}; "
        f"a plan is named by its {plans.title}",
        width,
    )
    settled = [step for step in found.steps if step.price is not None]
    said = [
        f"{title}\n{about}",
        _filled(words.text_of(found.choice, plans), width),
        open_text(found, width),
        plans_text(found, width),
        _filled(words.text_of(found.choice.feasibility, plans), width),
        _filled(words.text_of(found.front, plans), width),
        front_text(found, width),
        _filled(words.text_of(settled, plans), width) if settled else "",
        _filled(f"{LEGEND}\n{calibrated_words(study.point, study.parameters)}", width),
    ]
    return "\n\n".join(part for part in said if part) + "\n"


def _filled(text: str, width: int) -> str:
    from .grid import fill

    return "\n".join(fill(line, width) for line in text.splitlines())


def json_of(found: Optimum) -> dict[str, Any]:
    """An optimisation as `--json` prints it: the choice, why plans are open, and the tables of the folder as records."""
    from wardsim.experiments.optimise.tables import choice_table, feasibility_table, front_table, shadow_table
    from wardsim.experiments.optimise.words import stopped

    study, plans, choice = found.study, found.plans, found.choice
    return {
        "estimand": study.estimand,
        "years": study.years,
        "seed": study.seed,
        "parameters": "point" if study.point else study.parameters,
        "factors": list(plans.factors),
        "chosen": None if choice.chosen is None else plans.names[choice.chosen],
        "chosen_in_words": None if choice.chosen is None else plans.spelled(choice.chosen),
        "sure": choice.sure,
        "probability": choice.feasibility.probability,
        "confidence": choice.confidence,
        "reasons": list(choice.reasons),
        "open": [plans.names[cell] for cell in choice.open],
        "stopped": stopped(choice),
        "plans": _records(choice_table(choice, plans)),
        "verdicts": _records(feasibility_table(choice.feasibility, plans)),
        "front": _records(front_table(found.front, plans)),
        "prices": _records(shadow_table(found.steps, plans)),
    }


def _records(table: Table) -> list[dict[str, Any]]:
    from wardsim.experiments.results import number

    return [
        {key: number(value) if isinstance(value, float) else value for key, value in zip(table.header, row, strict=True)}
        for row in table.rows
    ]
