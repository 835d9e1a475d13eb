"""Page of the command line, made from the commands themselves."""

from __future__ import annotations

import re

import click

from .common import NOTE, table

EXITS = (
    ("0", "done"),
    ("1", "failed, or a threshold was not met"),
    ("2", "bad usage, or a file that is not in order"),
    ("3", "stopped early; what is finished is kept, and `wardsim resume DIR` goes on"),
    ("130", "interrupted with nothing to go on with"),
)


def commands_page() -> str:
    """Every command with its arguments, options and examples."""
    from wardsim.cli import COMMANDS, main

    assert isinstance(main, click.Group)
    top = click.Context(main, info_name="wardsim", help_option_names=["-h", "--help"])
    text = [
        NOTE,
        "# Command line\n",
        "What a command finds goes to standard output, what it says about its progress to standard error. `--json` gives one object instead, on\n"
        "failure too; `--help` tells what stands here. `NO_COLOR`, pipes and continuous integration are respected.\n",
        table(("exit code", "means"), EXITS),
        table(("command", "what it does"), [(f"[`{name}`](#wardsim-{name})", about[1]) for name, about in COMMANDS.items()]),
    ]
    for name in COMMANDS:
        command = main.get_command(top, name)
        assert command is not None
        text.append(_command(name, command, top))
    return "\n".join(text)


def _command(name: str, command: click.Command, top: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=top)
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [f"## wardsim {name}\n", f"```text\nwardsim {name} {usage}\n```\n", _prose(command.help or "")]
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in parameter.opts:
            rows.append((f"`{record[0]}`", record[1]))
    if rows:
        parts.append(table(("option", "what it does"), rows))
    if command.epilog:
        lines = [line.strip() for line in command.epilog.replace("\b", "").splitlines()]
        examples = [line for line in lines if line.startswith("wardsim ")]
        if examples:
            parts.append("Examples:\n\n```text\n" + "\n".join(examples) + "\n```\n")
    return "\n".join(parts)


def _prose(text: str) -> str:
    """Help text as paragraphs; what stands after a form feed is not shown, as in the terminal."""
    shown = text.partition("\f")[0]
    blocks = []
    for block in re.split(r"\n\s*\n", shown.strip()):
        lines = [line.rstrip() for line in block.splitlines()]
        if lines and lines[0].strip() == "\b":
            blocks.append("```text\n" + "\n".join(lines[1:]) + "\n```\n")
        else:
            blocks.append(" ".join(line.strip() for line in lines).replace("<", "&lt;") + "\n")
    return "\n".join(blocks)
