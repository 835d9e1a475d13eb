"""`wardsim schema`: the JSON Schema of scenario and study files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .output import REFUSED, Failure, Output, speaking

EPILOG = """\b
Examples:
  wardsim schema
  wardsim schema --out wardsim-scenario-1.schema.json
  wardsim schema --kind sweep
"""
KINDS = ("scenario", "options", "sweep", "sensitivity", "optimise", "population")
"""Kinds of file."""


@click.command(epilog=EPILOG)
@click.option("--out", "target", type=click.Path(path_type=Path), help="Write to this file instead of stdout.")
@click.option("--kind", type=click.Choice(KINDS), default="scenario", show_default=True, help="Which kind of file.")
@speaking("schema")
def command(target: Path | None, kind: str, out: Output) -> None:
    """Print the JSON Schema of scenario files, or of another kind, with units and descriptions.

    Saved beside a scenario under the name that its first line gives, it lets editors complete and check as one types.
    """
    from wardsim.scenario.jsonschema import json_schema

    schema = json_schema(kind)
    text = json.dumps(schema, indent=2) + "\n"
    if target is None:
        out.data(text.rstrip("\n"))
        out.finish({"schema": schema})
        return
    write_new(target, text)
    out.say(f"wrote {target}")
    out.finish({"file": str(target)})


def write_new(target: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all; one with the same content may stay.

    Parameters
    ----------
    target : Path
        File.
    text : str
        Content.
    """
    try:
        with target.open("x", encoding="utf-8", newline="\n") as stream:
            try:
                stream.write(text)
                stream.flush()
            except OSError:
                target.unlink(missing_ok=True)
                raise
    except FileExistsError:
        if target.is_file() and target.read_bytes() == text.encode("utf-8"):
            return
        raise Failure(f"{target} is already there and is never overwritten; give another name", REFUSED) from None
    except FileNotFoundError:
        raise Failure(f"there is no folder {target.parent}", REFUSED) from None
