"""`wardsim validate`: check scenarios and study files, all mistakes in one pass."""

from __future__ import annotations

from typing import Any

import click

from .output import DONE, REFUSED, Output, overrides_option, speaking, summary

EPILOG = """\b
Examples:
  wardsim validate scenarios/baseline.yaml
  wardsim validate scenarios/*.yaml --set staffing.required.night.rn=3
  wardsim validate scenarios/sweeps/*.yaml
"""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@overrides_option
@speaking("validate")
def command(files: tuple[str, ...], overrides: tuple[str, ...], out: Output) -> None:
    """Check scenario and study files and say everything that is wrong with them, with line, code and remedy.

    In a study file every ward is checked that it makes. Exit code 0: all are in order; 2: at least one is not.
    """
    from wardsim.scenario.errors import printable
    from wardsim.scenario.load import Problem, ScenarioError

    problems: list[Problem] = []
    results: list[dict[str, Any]] = []
    for name in files:
        try:
            found = _checked(name, overrides)
        except ScenarioError as error:
            out.problems(error.problems)
            problems += error.problems
            results.append({"file": name, "ok": False, "name": None, "hash": None})
            continue
        what = f"  {found['kind']}, {found['wards']:,} wards" if "wards" in found else ""
        out.data(f"ok  {printable(name)}  {printable(found['name'])}  {found['hash'][:8]}{what}")
        results.append({"file": name, "ok": True, **found})
    if problems:
        out.say(summary(problems))
    out.finish({"files": results}, problems, REFUSED if problems else DONE)


def _checked(name: str, overrides: tuple[str, ...]) -> dict[str, Any]:
    """Name and hash of a file that is in order, and for a study its kind and number of wards.

    Raises
    ------
    ScenarioError
        It is not.
    """
    from wardsim.scenario.load import load
    from wardsim.scenario.studies import kind_of_file, load_study

    if kind_of_file(name) is None:
        loaded = load(name, overrides)
        return {"name": loaded.scenario.name, "hash": loaded.hash}
    from wardsim.experiments.design.build import check_cells
    from wardsim.experiments.design.estimate import cells_of

    study = load_study(name, overrides)
    check_cells(study)
    return {"name": study.content.name, "hash": study.hash, "kind": study.kind, "wards": cells_of(study)}
