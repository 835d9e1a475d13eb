"""`wardsim completion`: the script that lets a shell complete commands, options and files."""

from __future__ import annotations

import os
from pathlib import Path

import click

from .output import REFUSED, Failure, Output, speaking, watched

EPILOG = """\b
Examples:
  wardsim completion bash
  wardsim completion zsh
  wardsim completion fish
"""
WHERE = {
    "bash": "~/.wardsim-complete.bash, and in ~/.bashrc: . ~/.wardsim-complete.bash",
    "zsh": "~/.wardsim-complete.zsh, and in ~/.zshrc, below compinit: . ~/.wardsim-complete.zsh",
    "fish": "~/.config/fish/completions/wardsim.fish",
}
"""Shell -> where its script is put, and what else it takes."""
VARIABLE = "_WARDSIM_COMPLETE"
"""By which the script asks wardsim for what may follow."""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(list(WHERE)), required=False)
@speaking("completion")
def command(shell: str | None, out: Output) -> None:
    """Print the completion script of a shell; without a name, of the one in SHELL.

    \b
    Save it, and open a new shell:
      wardsim completion bash > ~/.wardsim-complete.bash, and in ~/.bashrc: . ~/.wardsim-complete.bash
      wardsim completion zsh > ~/.wardsim-complete.zsh, and in ~/.zshrc, below compinit: . ~/.wardsim-complete.zsh
      wardsim completion fish > ~/.config/fish/completions/wardsim.fish

    Then the Tab key completes commands, options, their choices, and files. Bash must be 4.4 or later.
    """
    chosen = shell or Path(os.environ.get("SHELL", "")).name
    if chosen not in WHERE:
        raise Failure(f"SHELL names none of {', '.join(WHERE)}: say which, as in `wardsim completion bash`", REFUSED)
    script = script_of(chosen)
    out.data(script)
    if watched():  # else it is on its way to its place, or into `eval`
        out.say(f"wardsim: it goes into {WHERE[chosen]}")
    out.finish({"shell": chosen, "script": script, "where": WHERE[chosen]})


def script_of(shell: str) -> str:
    """The script of a shell.

    Parameters
    ----------
    shell : str
        bash, zsh or fish.
    """
    from click.shell_completion import ShellComplete, get_completion_class

    from wardsim.cli import main

    kind = get_completion_class(shell)
    assert kind is not None
    # of the base class: that of bash starts a bash to look at its version, which is not that of the user's shell
    return ShellComplete.source(kind(main, {}, "wardsim", VARIABLE)).strip()
