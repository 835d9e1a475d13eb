"""`wardsim sweep`: levels of anything, crossed or spread."""

from __future__ import annotations

import click

from .asked import FEWEST, Asked, conduct, report_option, study_of_file, study_options
from .output import Output, speaking

EPILOG = """\b
Examples:
  wardsim sweep scenarios/sweeps/staffing-by-training.yaml
  wardsim sweep scenarios/sweeps/staffing-by-training.yaml --replications 8 --years 1
"""
SECONDS = 900.0
"""Time that a sweep may take when nothing else is said."""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@study_options
@report_option
@speaking("sweep")
def command(file: str, asked: Asked, out: Output) -> None:
    """Run every cell of a sweep file with the same chance, and say what the levels do to violence, contact and cost.

    Each cell is compared with the reference; its sign is marked as settled by the evidence, open, or too close to tell with these
    runs. A surface is fitted through the cells, with the ranges that the cells have.

    Exit code 0: done; 2: a file or the usage is wrong; 3: stopped early or some runs failed, what is finished is kept and
    `wardsim resume DIR` goes on; 130: interrupted with nothing finished; 1: anything else.
    """
    conduct(study_of_file(file, "sweep", asked, out), asked, out, seconds=SECONDS, least_draws=FEWEST)
