"""The manual page, made from the help of the commands: `symback help --man > symback.1`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from symback import __version__


def page(group: click.Group, does: str) -> str:
    """Return the manual page in the language of man; `does` is what the program does, in one line."""
    context = click.Context(group, info_name="symback")
    lines = [
        f'.TH SYMBACK 1 "" "symback {__version__}" "User Commands"',
        ".SH NAME",
        f"symback \\- {_escaped(does)}",
        ".SH SYNOPSIS",
        ".B symback",
        "COMMAND [OPTIONS]",
        ".SH COMMANDS",
    ]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            lines += _command(command, click.Context(command, parent=context, info_name=name))
    return "\n".join(lines) + "\n"


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS symback {_escaped(context.info_name or '')} {_escaped(usage)}"
    for paragraph in re.split(r"\n\s*\n", command.help or ""):
        yield ".PP"
        if paragraph.lstrip().startswith("\b"):
            yield from (".nf", *map(_escaped, paragraph.lstrip().lstrip("\b").strip("\n").split("\n")), ".fi")
        else:
            yield _escaped(" ".join(paragraph.split()))
    for param in command.get_params(context):
        record = param.get_help_record(context)
        if record is not None:
            yield from (".TP", f".B {_escaped(record[0])}", _escaped(" ".join(record[1].split())))


def _escaped(text: str) -> str:
    """Return text in which no sign means something to man."""
    line = text.strip().replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{line}" if line.startswith((".", "'")) else line
