"""`wardsim init`: a commented scenario or study file to start from."""

from __future__ import annotations

from pathlib import Path

import click

from .output import REFUSED, Failure, Output, speaking
from .schema import KINDS, write_new

EPILOG = """\b
Examples:
  wardsim init my-ward.yaml
  wardsim init my-option.yaml --template option
  wardsim init my-options.yaml --kind options
"""


@click.command(epilog=EPILOG)
@click.argument("file", default="scenario.yaml", type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--template", "name", metavar="NAME", help="Which template of a scenario; see --list. [default: ward]")
@click.option("--kind", type=click.Choice(KINDS), default="scenario", show_default=True, help="Which kind of file.")
@click.option("--list", "listing", is_flag=True, help="List the templates and write nothing.")
@speaking("init")
def command(file: Path, name: str | None, kind: str, listing: bool, out: Output) -> None:
    """Write a commented file to FILE (scenario.yaml when left out); a file that is there is never overwritten.

    FILE is a scenario, or with --kind a study: options to compare, levels to sweep, a sensitivity analysis, choices to optimise.
    """
    from wardsim.experiments.quoted import quoted
    from wardsim.scenario.templates import GENERATED, names, study_template, template

    known = names()
    if listing:
        for entry in known:
            out.data(f"{entry}  {GENERATED[entry]}" if entry in GENERATED else f"{entry}  shipped scenario")
        out.finish({"templates": known})
        return
    if kind != "scenario" and name is not None:
        raise Failure("--template names a scenario; a study file has one template for each --kind", REFUSED)
    wanted = name or "ward"
    if kind == "scenario" and wanted not in known:
        raise Failure(f"there is no template {wanted!a}; choose from {', '.join(known)}", REFUSED)
    write_new(file, template(wanted) if kind == "scenario" else study_template(kind))
    out.say(f"wrote {file}; check it with: wardsim validate {quoted(file)}")
    out.finish({"file": str(file), "template": wanted if kind == "scenario" else kind})
