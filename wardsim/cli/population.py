"""`wardsim population`: wards drawn from published spreads, beside published figures."""

from __future__ import annotations

import click

from .asked import Asked, conduct, study_of_file, study_options
from .output import Output, speaking

EPILOG = """\b
Examples:
  wardsim population scenarios/national-2008/population.yaml
  wardsim population scenarios/national-2008/population.yaml --set trusts=8 --set wards_per_trust=1 --replications 1
  wardsim population scenarios/national-2008/staffing-studies.yaml --replications 2
"""
SECONDS = 900.0
"""Time that the populations may take when nothing else is said."""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@study_options
@speaking("population")
def command(file: str, asked: Asked, out: Output) -> None:
    """Run whole populations of wards, and set what they show beside what was published, with the range and the difference.

    A file with `trusts` rates them on four points, by the thresholds it states, and says how ratings move when thresholds do. A file with
    `studies` makes observational studies on the wards, and counts how many find fewer, more or no difference with more staff.
    --replications is the number of populations; each has another draw of what is not known.

    Exit code 0: done; 2: a file or the usage is wrong; 3: stopped early or some runs failed, what is finished is kept and
    `wardsim resume DIR` goes on; 130: interrupted with nothing finished; 1: anything else.
    """
    conduct(study_of_file(file, "population", asked, out), asked, out, seconds=SECONDS)
