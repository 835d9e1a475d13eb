"""`wardsim plan`: lay out a study for an array job."""

from __future__ import annotations

from pathlib import Path

import click

from .output import REFUSED, Failure, Output, speaking
from .studies import load_study

EPILOG = """\b
Examples:
  wardsim plan results/my-sweep --out results/my-sweep --chunks 40
  wardsim worker results/my-sweep --chunk 7
  wardsim collect results/my-sweep
"""


@click.command(epilog=EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--out", "folder", metavar="DIR", required=True, help="Folder of the study, on a disk that all workers see."
)
@click.option("--chunks", type=click.IntRange(1, 100_000), required=True, help="Number of workers at most.")
@click.option("--runs", type=click.IntRange(1), help="Runs of each cell. Left out: what the study says.")
@speaking("plan")
def command(files: tuple[str, ...], folder: str, chunks: int, runs: int | None, out: Output) -> None:
    """Divide a study into chunks of equal size, numbered from 0, for `wardsim worker`.

    Exit code 0: done; 1: the folder cannot be written; 2: no study, or the folder holds another one.
    """
    from wardsim.experiments.study.chunks import plan_study
    from wardsim.experiments.study.kinds import planned

    study = load_study(files)
    wanted = planned(study, runs)
    if min(wanted.values(), default=0) < 1:
        raise Failure("a plan needs at least one run of each cell", REFUSED)
    plan = plan_study(study, Path(folder), chunks, wanted)
    pieces = len(plan.pieces())
    out.say(f"{pieces} pieces of {study.block} runs each in {plan.chunks} chunks")
    out.data(f"wardsim worker {folder} --chunk I, for I from 0 to {plan.chunks - 1}; then wardsim collect {folder}")
    out.finish({"results": folder, "chunks": plan.chunks, "pieces": pieces, "runs": pieces * study.block})
