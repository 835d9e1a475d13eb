"""`wardsim worker`: make one chunk of a planned study."""

from __future__ import annotations

from pathlib import Path

import click

from .output import DONE, REFUSED, STOPPED, Failure, Output, speaking
from .stopping import stopping
from .studies import StudyTeller, cache, executor, task

EPILOG = """\b
Examples:
  wardsim worker results/my-sweep --chunk $SLURM_ARRAY_TASK_ID
"""


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR")
@click.option("--chunk", type=click.IntRange(0), required=True, metavar="I", help="Number of the chunk, from 0.")
@click.option("--jobs", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processes.")
@speaking("worker")
def command(folder: str, chunk: int, jobs: int, out: Output) -> None:
    """Make the pieces of one chunk that are not there yet. Any number of workers may share the folder; the same chunk again goes on
    where it stopped.

    Exit code 0: the chunk is there; 1: the folder cannot be used; 2: no such chunk, or another version; 3: stopped before the end, or
    some runs failed; 130: interrupted with nothing finished.
    """
    from wardsim.experiments.quoted import quoted
    from wardsim.experiments.study.chunks import read_plan, work_chunk

    place = Path(folder)
    with stopping(place, f"`wardsim worker {quoted(place)} --chunk {chunk}`"):
        plan = read_plan(place)
        try:
            pieces = len(plan.chunk(chunk))
        except ValueError as error:
            raise Failure(str(error), REFUSED) from None
        with executor(jobs, None) as where, StudyTeller(out) as teller:
            failed = work_chunk(place, chunk, executor=where, task=task(), cache=cache(), on_progress=teller)
    out.data(f"chunk {chunk}: {pieces} pieces are there{f', {failed} runs failed' if failed else ''}")
    out.finish(
        {"results": folder, "chunk": chunk, "pieces": pieces, "failed": failed}, exit_code=STOPPED if failed else DONE
    )
