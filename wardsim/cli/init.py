"""`wardsim init`: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

import click

from .output import REFUSED, Failure, Output, speaking
from .schema import write_new

EPILOG = """\b
Examples:
  wardsim init my-ward.yaml
  wardsim init my-option.yaml --template option
"""


@click.command(epilog=EPILOG)
@click.argument("file", default="scenario.yaml", type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--template", "name", default="ward", metavar="NAME", help="Which template; see --list. [default: ward]")
@click.option("--list", "listing", is_flag=True, help="List the templates and write nothing.")
@speaking("init")
def command(file: Path, name: str, listing: bool, out: Output) -> None:
    """Write a commented scenario to FILE (scenario.yaml when left out); a file that is there is never overwritten."""
    from wardsim.scenario.templates import GENERATED, names, template

    known = names()
    if listing:
        for entry in known:
            out.data(f"{entry}  {GENERATED[entry]}" if entry in GENERATED else f"{entry}  shipped scenario")
        out.finish({"templates": known})
        return
    if name not in known:
        raise Failure(f"there is no template {name!a}; choose from {', '.join(known)}", REFUSED)
    write_new(file, template(name))
    out.say(f"wrote {file}; check it with: wardsim validate {file}")
    out.finish({"file": str(file), "template": name})
