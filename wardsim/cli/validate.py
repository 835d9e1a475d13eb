"""`wardsim validate`: check scenarios, all mistakes in one pass."""

from __future__ import annotations

from typing import Any

import click

from .output import DONE, REFUSED, Output, overrides_option, speaking, summary

EPILOG = """\b
Examples:
  wardsim validate scenarios/baseline.yaml
  wardsim validate scenarios/*.yaml --set staffing.required.night.rn=3
"""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@overrides_option
@speaking("validate")
def command(files: tuple[str, ...], overrides: tuple[str, ...], out: Output) -> None:
    """Check scenario files and say everything that is wrong with them, with line, code and remedy.

    Exit code 0: all are in order; 2: at least one is not.
    """
    from wardsim.scenario.errors import printable
    from wardsim.scenario.load import Problem, ScenarioError, load

    problems: list[Problem] = []
    results: list[dict[str, Any]] = []
    for name in files:
        try:
            loaded = load(name, overrides)
        except ScenarioError as error:
            out.problems(error.problems)
            problems += error.problems
            results.append({"file": name, "ok": False, "name": None, "hash": None})
            continue
        title = loaded.scenario.name
        out.data(f"ok  {printable(name)}  {printable(title)}  {loaded.hash[:8]}")
        results.append({"file": name, "ok": True, "name": title, "hash": loaded.hash})
    if problems:
        out.say(summary(problems))
    out.finish({"files": results}, problems, REFUSED if problems else DONE)
