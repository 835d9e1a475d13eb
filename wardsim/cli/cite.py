"""`wardsim cite`: how to cite wardsim, and what identifies a result of it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from .output import REFUSED, Failure, Output, speaking

EPILOG = """\b
Examples:
  wardsim cite
  wardsim cite --format bibtex
  wardsim cite results/my-comparison
  wardsim cite results/my-comparison --format cff
"""


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "bibtex", "cff"]), default="text", show_default=True,
    help="cff: as CITATION.cff, which reference managers and repositories read.",
)  # fmt: skip
@speaking("cite")
def command(folder: str | None, form: str, out: Output) -> None:
    """Say how to cite wardsim; with the folder of a result, also what identifies it, in words for a section on methods.

    Ward or study, estimand, length, runs, seed, where the parameters came from, and the fingerprints of results, scenario, model, ledger of parameters
    and posterior: whoever makes the result again sees by them that it is the same one.

    Exit code 0: done; 2: the folder holds no finished results, or they are not as they were written; 1: anything else.
    """
    from wardsim import __version__

    from .citation import FORMATS, work

    result = None
    if folder is not None:
        from .cited import NoResultError, cited

        try:
            result = cited(Path(folder))
        except NoResultError as error:
            raise Failure(f"{folder} is no folder of finished results: {error}", REFUSED) from None
        if result.wardsim != __version__:
            out.say(f"wardsim: {folder} was made with wardsim {result.wardsim}, so that is cited; this is {__version__}")
    what = work("" if result is None else result.wardsim)
    text = FORMATS[form](what, result)
    out.data(text)
    if folder is None:
        out.say("wardsim: `wardsim cite DIR` adds what identifies the results of a folder")
    out.finish({"format": form, "citation": text, "software": asdict(what), "result": None if result is None else asdict(result)})
