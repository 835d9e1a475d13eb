"""The command line: one command a file, imported only when it is called.

Exit codes: 0 done; 1 failed; 2 bad usage or invalid scenario; 3 stopped early with the finished part saved; 130 interrupted.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from copy import copy
from typing import Any

import click

from wardsim import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("wardsim.cli.init", "Write a commented scenario to start from."),
    "validate": ("wardsim.cli.validate", "Check scenarios and say everything that is wrong."),
    "explain": ("wardsim.cli.explain", "Explain a key, an error code, a parameter or a measure."),
    "schema": ("wardsim.cli.schema", "Print the JSON Schema of scenarios."),
    "run": ("wardsim.cli.run", "Run a scenario and write its results."),
    "compare": ("wardsim.cli.compare", "Compare options under the same chance."),
    "sweep": ("wardsim.cli.sweep", "Cross or spread levels of staffing, training or anything else."),
    "sensitivity": ("wardsim.cli.sensitivity", "Say which unknown inputs decide an answer."),
    "optimise": ("wardsim.cli.optimise", "Find the cheapest plan that keeps limits."),
    "population": ("wardsim.cli.population", "Draw a population of wards and set it beside published figures."),
    "report": ("wardsim.cli.report", "Make a page of a results folder."),
    "export": ("wardsim.cli.export", "Write results as a workbook and in other forms."),
    "reproduce": ("wardsim.cli.reproduce", "Make reference results again and check them."),
    "resume": ("wardsim.cli.resume", "Go on with a study that was interrupted."),
    "plan": ("wardsim.cli.plan", "Divide a study into chunks for an array job."),
    "worker": ("wardsim.cli.worker", "Make one chunk of a planned study."),
    "collect": ("wardsim.cli.collect", "Put the chunks of a planned study together."),
    "calibrate": ("wardsim.cli.calibrate", "Fit the free parameters to published rates."),
    "doctor": ("wardsim.cli.doctor", "Say whether this installation is sound."),
    "cite": ("wardsim.cli.cite", "Say how to cite wardsim, or a result of it."),
    "completion": ("wardsim.cli.completion", "Print the completion script of a shell."),
}
"""Name -> module (which has a click command `command`), and what it does in one line."""

PATHS = {"FILE": "file", "DIR": "folder", "FOLDER": "folder"}
"""How help texts write what is a path."""

EPILOG = """\b
Examples:
  wardsim init my-ward.yaml
  wardsim validate my-ward.yaml
"""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and lets no traceback reach a user."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order in which a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(found, click.Command)
        return _with_paths(found) if ctx.resilient_parsing else found  # resilient: a shell asks what may follow

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no command {args[0]!a}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and turn whatever goes wrong into a message and an exit code."""
        words = list(sys.argv[1:] if args is None else args)

        if not standalone_mode:
            return super().main(words, "wardsim", complete_var, standalone_mode=False, **extra)
        if args is None:
            from .stopping import OWN_PROCESS

            extra["obj"] = OWN_PROCESS  # the words are the process's own, and so are its signals
        try:
            result = super().main(words, "wardsim", complete_var, standalone_mode=False, **extra)
            if sys.stdout is not None:
                sys.stdout.flush()
        except BaseException as error:
            from .output import report

            sys.exit(report(error, words))
        sys.exit(result if isinstance(result, int) else 0)


def _with_paths(command: click.Command) -> click.Command:
    """The command as completion is to know it: what is a path is one. A call takes paths as text, and says itself what is wrong with one."""
    known = copy(command)
    known.params = [copy(parameter) for parameter in command.params]
    for parameter in known.params:
        if kind := PATHS.get((parameter.metavar or "").strip("[].")):
            parameter.type = click.Path(file_okay=kind == "file")
    return known


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", message="%(prog)s %(version)s")
def main() -> None:
    """wardsim: what staffing and training do to violence and therapeutic contact on an acute mental health ward."""
