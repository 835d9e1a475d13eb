"""`wardsim report`: one page of a results folder, and its figures as files."""

from __future__ import annotations

from pathlib import Path

import click

from .output import Output, speaking

EPILOG = """\b
Examples:
  wardsim report results/my-comparison
  wardsim report results/my-comparison --figures figures --format png
"""


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR")
@click.option("--figures", metavar="FOLDER", help="Also save every figure there, as files.")
@click.option("--format", "kind", type=click.Choice(["svg", "png"]), default="svg", show_default=True, help="Of these files.")
@speaking("report")
def command(folder: str, figures: str | None, kind: str, out: Output) -> None:
    """Make report.html in the results folder of run, compare, sweep, sensitivity or optimise.

    One file that needs nothing else: it opens in any browser, prints on A4 and asks nothing of any other computer. Everything in it is
    read from the folder, so that the same results give the same page.

    Exit code 0: done; 1: the folder holds no finished results, they are damaged, or it cannot be written.
    """
    from wardsim.report import add_report

    place = add_report(Path(folder))
    saved = [] if figures is None else _save(Path(folder), Path(figures), kind)
    out.data(f"report: {place}")
    for path in saved:
        out.data(f"figure: {path}")
    out.finish({"report": str(place), "figures": [str(path) for path in saved]})


def _save(folder: Path, target: Path, kind: str) -> list[Path]:
    from wardsim.experiments.results import slug, write_whole
    from wardsim.experiments.study.folder import writing
    from wardsim.report import figures_of

    saved = []
    with writing(target):
        target.mkdir(parents=True, exist_ok=True)
        for at, figure in enumerate(figures_of(folder), start=1):
            path = target / f"{at:02d}-{slug(figure.name)}.{kind}"
            write_whole(path, figure.save(kind))
            saved.append(path)
    return saved
