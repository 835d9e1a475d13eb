"""`wardsim doctor`: is this installation sound?"""

from __future__ import annotations

import click

from .output import DONE, FAILED, Output, speaking, watched

EPILOG = """\b
Examples:
  wardsim doctor
  wardsim doctor --json
"""


@click.command(epilog=EPILOG)
@speaking("doctor")
def command(out: Output) -> None:
    """Say whether this installation is sound: Python and packages, what is shipped, folders, processes, and a week of a ward.

    One line for each thing that is looked at. ok: nothing to do; warn: it works, and something is amiss, with what to do; fail: commands will
    fail, with what to do. It takes some seconds, asks nothing of the network and writes no results.

    Exit code 0: nothing failed; 1: something did.
    """
    from . import doctor_machine as machine
    from . import doctor_model as model
    from . import doctor_packages as packages
    from .doctor_check import Check, held
    from .grid import terminal_width

    found: list[Check] = []
    width = terminal_width() if watched() else None  # elsewhere a line stays one
    for name, checker in (
        ("python", packages.python), ("wardsim", packages.installed), ("packages", packages.packages), ("extras", packages.extras),
        ("ward", packages.build), ("machine", machine.machine), ("scenarios", model.scenarios), ("evidence", model.evidence),
        ("posterior", model.posterior), ("reference results", model.references), ("folders", machine.folders),
        ("processes", machine.processes), ("simulation", model.simulation),
    ):  # fmt: skip
        for check in held(name, checker):
            found.append(check)
            out.data(check.text(width))
    failed, warned = (sum(check.state == state for check in found) for state in ("fail", "warn"))
    sound = "this installation is sound" if not failed else f"{failed} of {len(found)} checks failed"
    out.say(sound + (f"; {warned} warning{'s' if warned != 1 else ''}" if warned else ""))
    data = {"checks": [check.as_dict() for check in found], "failed": failed, "warnings": warned}
    out.finish(data, exit_code=FAILED if failed else DONE)
