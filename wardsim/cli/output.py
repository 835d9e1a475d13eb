"""How commands speak: data on stdout, talk on stderr, one JSON object when asked, a message and never a traceback.

The object of `--json`, also on failure::

    {"wardsim": "0.1.0", "command": "validate", "ok": false, "exit_code": 2, "data": {...},
     "problems": [{"file": ..., "line": ..., "column": ..., "code": "WS104", "key": ..., "value": ...,
                   "message": ..., "hint": ..., "source_line": ...}]}
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from wardsim.scenario.errors import Problem

DONE, FAILED, REFUSED, STOPPED, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; failed; bad usage or invalid scenario; stopped early with the finished part saved; interrupted."""


class Failure(click.ClickException):
    """A command could not do what was asked.

    Parameters
    ----------
    message : str
        What went wrong and what to do.
    exit_code : int
        See the exit codes above.
    """

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code: int = exit_code  # type: ignore[misc]  # click declares it on the class

    def show(self, file: Any = None) -> None:
        """Print it."""
        click.echo(f"wardsim: {self.format_message()}", err=True)


class Output:
    """Where a command puts what it has to say.

    Parameters
    ----------
    command : str
        Name of the command.
    as_json : bool
        One JSON object on stdout and nothing else.
    quiet : bool
        No talk.
    """

    def __init__(self, command: str, as_json: bool = False, quiet: bool = False) -> None:
        self.command = command
        self.as_json = as_json
        self.quiet = quiet

    def data(self, text: str) -> None:
        """Data, for people: stdout, left out under `--json`."""
        if not self.as_json:
            click.echo(text)

    def say(self, text: str) -> None:
        """Talk: stderr, left out under `--quiet` and `--json`."""
        if not self.quiet and not self.as_json:
            click.echo(text, err=True)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Problems of scenarios: stderr, also under `--quiet`, left out under `--json`."""
        if not self.as_json:
            for problem in problems:
                click.echo(problem.render(), err=True)

    def finish(self, data: dict[str, Any], problems: Iterable[Problem] = (), exit_code: int = DONE) -> None:
        """The object of `--json`, and the end of the command when it did not succeed."""
        if self.as_json:
            click.echo(envelope(self.command, data, [problem.as_dict() for problem in problems], exit_code))
        if exit_code != DONE:
            click.get_current_context().exit(exit_code)


def envelope(command: str, data: dict[str, Any], problems: list[dict[str, Any]], exit_code: int) -> str:
    """The one documented object of `--json`."""
    from wardsim import __version__

    whole = {
        "wardsim": __version__,
        "command": command,
        "ok": exit_code == DONE,
        "exit_code": exit_code,
        "data": data,
        "problems": problems,
    }
    return json.dumps(whole, indent=2, allow_nan=False, ensure_ascii=True)


def speaking(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator: the options `--json` and `--quiet`, handed to the command as `out`."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @click.option("--json", "as_json", is_flag=True, help="Print one JSON object, also on failure.")
        @click.option("--quiet", "-q", is_flag=True, help="Print data and problems only.")
        @functools.wraps(function)
        def wrapped(*args: Any, as_json: bool, quiet: bool, **kwargs: Any) -> None:
            function(*args, out=Output(name, as_json, quiet), **kwargs)

        return wrapped

    return decorate


def overrides_option(function: Callable[..., None]) -> Callable[..., None]:
    """Decorator: the option `--set KEY=VALUE`, handed on as `overrides`."""
    return click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="KEY=VALUE",
        help="Override a key of the scenario; may be repeated.",
    )(function)


def summary(problems: Iterable[Problem]) -> str:
    """The last line below problems: how many, and how to learn more."""
    told = list(problems)
    count = f"{len(told)} problem{'s' if len(told) != 1 else ''}"
    return f"{count}; `wardsim explain {told[0].code}` tells more" if told else count


def watched() -> bool:
    """Whether data goes to a terminal, and not into a pipe, a file or nowhere."""
    return sys.stdout is not None and sys.stdout.isatty()


def report(error: BaseException, words: list[str]) -> int:
    """Say what went wrong, once, in the form that was asked for; the exit code.

    Parameters
    ----------
    error : BaseException
        What came out of a command.
    words : list of str
        Arguments, in which `--json` is looked for.
    """
    try:
        code, message, problems = _understand(error)
        if "--json" in words:
            command = next((word for word in words if not word.startswith("-")), "")
            shown = problems or [_as_problem(message, code)]
            click.echo(envelope(command, {}, shown, code))
        elif isinstance(error, click.ClickException):
            error.show()
        elif message:
            click.echo(message, err=True)
        return code
    except OSError:  # nobody listens any more: stdout or stderr is closed or full
        _silence()
        return FAILED


def _understand(error: BaseException) -> tuple[int, str, list[dict[str, Any]]]:
    """Exit code, message and problems."""
    from wardsim.scenario.errors import ScenarioError, printable

    if isinstance(error, SystemExit):
        return (error.code if isinstance(error.code, int) else FAILED), "", []
    if isinstance(error, click.ClickException):
        return error.exit_code, error.format_message(), []
    if isinstance(error, ScenarioError):
        text = "\n".join([str(error), summary(error.problems)])
        return REFUSED, text, [problem.as_dict() for problem in error.problems]
    if isinstance(error, KeyboardInterrupt | click.Abort | EOFError):
        return INTERRUPTED, "wardsim: interrupted", []
    if isinstance(error, BrokenPipeError):
        raise error
    if isinstance(error, OSError) and not hasattr(error, "exit_code"):
        place = f": {printable(str(error.filename))}" if error.filename else ""
        return FAILED, f"wardsim: {error.strerror or error}{place}", []
    if os.environ.get("WARDSIM_TRACEBACK"):
        raise error
    text = "\n".join(printable(line) for line in str(error).splitlines())[:2000]
    known = type(error).__module__.startswith("wardsim.")
    if known:
        return int(getattr(error, "exit_code", FAILED)), f"wardsim: {text}", []
    advice = "set WARDSIM_TRACEBACK=1 to see where, and please report it"
    return FAILED, f"wardsim: this is a fault of wardsim ({type(error).__name__}: {text}); {advice}", []


def _as_problem(message: str, code: int) -> dict[str, Any]:
    """A failure without a place, in the shape of a problem."""
    blank = {"file": "", "line": 0, "column": 0, "key": "", "value": "", "hint": "", "source_line": ""}
    return {**blank, "code": "usage" if code == REFUSED else "failed", "message": message}


def _silence() -> None:
    """Point the standard streams at nothing, so that their flush at exit stays silent."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            except (OSError, ValueError):
                continue
