"""`wardsim plan`: lay out a study for an array job."""

from __future__ import annotations

from pathlib import Path

import click

from .drawn import parameters_option
from .numbers import REPLICATIONS, too_short
from .output import REFUSED, Failure, Output, speaking
from .studies import load_study

EPILOG = """\b
Examples:
  wardsim plan scenarios/sweeps/staffing-by-training.yaml --runs 80 --chunks 40 --out results/my-sweep
  wardsim worker results/my-sweep --chunk 7
  wardsim collect results/my-sweep
"""


@click.command(epilog=EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--out", "folder", metavar="DIR", required=True, help="Folder of the study, on a disk that all workers see."
)
@click.option("--chunks", type=click.IntRange(1, 100_000), required=True, help="Number of workers at most.")
@click.option("--runs", type=REPLICATIONS, help="Runs of each cell. Left out: the `replications` of the study.")
@parameters_option
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key of the study file; may be repeated.")
@speaking("plan")
def command(
    files: tuple[str, ...], folder: str, chunks: int, runs: int | None, parameters: str | None, overrides: tuple[str, ...], out: Output
) -> None:
    """Divide a study (a study file, or the folder of one) into chunks of equal size, numbered from 0, for `wardsim worker`.

    The number of runs is fixed: nobody looks at results in between to see whether they are precise enough.

    Exit code 0: done; 1: the folder cannot be written; 2: no study, or the folder holds another one.
    """
    from wardsim.experiments.quoted import quoted
    from wardsim.experiments.study.chunks import plan_study
    from wardsim.experiments.study.kinds import planned

    begun = (Path(files[0]) / "study.json").exists()
    study = load_study(files, overrides, parameters, out, replications=None if begun else runs)
    if runs is None and not begun and study.settings.get("replications") is None:
        raise Failure(f"{files[0]} does not say how many runs each ward gets; give --runs", REFUSED)
    if word := too_short(study.years):
        out.say(word)
    wanted = planned(study, runs)
    if min(wanted.values(), default=0) < 1:
        raise Failure("a plan needs at least one run of each cell", REFUSED)
    plan = plan_study(study, Path(folder), chunks, wanted)
    pieces = len(plan.pieces())
    out.say(f"{pieces} pieces of {study.block} runs each in {plan.chunks} chunks")
    place = quoted(folder)
    out.data(f"wardsim worker {place} --chunk I, for I from 0 to {plan.chunks - 1}; then wardsim collect {place}")
    out.finish({"results": folder, "chunks": plan.chunks, "pieces": pieces, "runs": pieces * study.block})
