"""`wardsim export`: the results of a folder in the forms that others work with."""

from __future__ import annotations

from pathlib import Path

import click

from .output import Output, speaking

EPILOG = """\b
Examples:
  wardsim export results/my-comparison
  wardsim export results/my-comparison --format xlsx --format stress --out to-publish
  wardsim export results/my-run --format vidigi
  wardsim export results/my-comparison --format all
"""
KINDS = ("csv", "parquet", "xlsx", "vidigi", "stress", "salib", "arviz")
ALL = "all"


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR")
@click.option(
    "--format", "kinds", type=click.Choice([*KINDS, ALL]), multiple=True, default=("csv",), show_default=True,
    help="What to write; may be repeated. all: whatever the folder holds.",
)  # fmt: skip
@click.option("--out", "target", metavar="FOLDER", help="Where the files go. Left out: DIR/export.")
@speaking("export")
def command(folder: str, kinds: tuple[str, ...], target: str | None, out: Output) -> None:
    """Write the results of a folder in other forms.

    \b
    csv      every value with its low and high in one tidy table, and what its columns mean
    parquet  every table, numbers as numbers
    xlsx     a workbook as government analysts expect: cover, contents, notes, a table a sheet (needs the extra `excel`)
    vidigi   the event log of a run made with --events, and where to draw its events
    stress   a draft of the STRESS-DES report with gaps marked, as Markdown and HTML
    salib    the problem for SALib, with the draws and what came of them
    arviz    draws of parameters and measures, or the posterior of a calibration folder (needs the extra `arviz`)

    Nothing is simulated and no number is worked out: everything is read from the folder. Text that a spreadsheet would take for a formula opens with
    an apostrophe.

    Exit code 0: done; 1: the folder holds no finished results, they are damaged, or lack what a format needs.
    """
    from wardsim.report.exports import ExportError, export

    place = Path(target) if target else Path(folder) / "export"
    paths: list[Path] = []
    left: dict[str, str] = {}
    if ALL not in kinds:
        paths = export(Path(folder), kinds, place)
    else:
        for kind in KINDS:
            try:
                paths += export(Path(folder), [kind], place)
            except ExportError as error:
                left[kind] = str(error)
        if not paths:
            raise ExportError("; ".join(dict.fromkeys(left.values())))
    for path in paths:
        out.data(str(path))
    for kind, why in left.items():
        out.say(f"{kind} left out: {why}")
    out.finish({"files": [str(path) for path in paths], "left_out": left})
