"""The commands for writing problem files: all of their faults with line and column, and the JSON Schema for editors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from symback.cli.output import note
from symback.cli.pages import Command
from symback.front_page import COMMANDS

if TYPE_CHECKING:
    from symback.problems.file.faults import Fault
    from symback.problems.reader import Found

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
UNREADABLE = 3


@click.command("validate", cls=Command, short_help=COMMANDS["validate"], context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR ...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: a list of all faults on stdout.",
)
def validate(paths: tuple[str, ...], format_: str) -> Callable[[], int]:
    """Check problem files without solving them: all faults at once, each with its line and column.

    \b
    symback validate sheet.toml
    symback validate problems/ lecture.md
    symback validate sheet.toml --format json

    It checks the TOML, the keys and their values, every expression, graph and answer, the placeholders and conditions
    of variants, and the ids. For a folder, every .toml file is checked, and every .md file with `symback` blocks.
    Faults are printed to stderr; exit code 0 without faults, 3 with some.
    """
    return partial(_validate, paths, format_)


def _validate(paths: tuple[str, ...], format_: str) -> int:
    from symback.problems.file.faults import FileFaults
    from symback.problems.reading import files_of, inspect

    faults: list[Fault] = []
    for path in dict.fromkeys(paths):
        try:
            files = files_of(path)
        except FileFaults as error:
            faults += _told(error.faults, format_)
            continue
        for file in files:
            found = inspect(file)
            faults += _told(found.faults, format_)
            if format_ == "text":
                _summarise(found)
    if format_ == "json":
        click.echo(json.dumps(list(map(_as_json, faults)), indent=2, ensure_ascii=False))
    return UNREADABLE if faults else 0


def _told(faults: Iterable[Fault], format_: str) -> Iterable[Fault]:
    """Explain faults on stderr, and pass them on."""
    for fault in faults if format_ == "text" else ():
        click.echo(f"{fault.explain()}\n", err=True)
    return faults


def _summarise(found: Found) -> None:
    for remark in found.remarks:
        note(str(remark))
    name = found.file if found.file.isprintable() else repr(found.file)
    if found.sheet is None:
        click.echo(f"{name}: {_counted(len(found.faults), 'fault')}", err=True)
    else:
        click.echo(f"{name}: {_counted(len(found.sheet.problems), 'problem')}, no faults")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _as_json(fault: Fault) -> dict[str, Any]:
    keys = ("file", "line", "column", "message", "hint")
    return {key: getattr(fault, key) for key in keys}


@click.command("schema", cls=Command, short_help=COMMANDS["schema"], context_settings=CONTEXT)
def schema() -> Callable[[], int]:
    """Print the JSON Schema of problem files; with it an editor completes keys and marks faults while you type.

    \b
    symback schema > symback.schema.json

    Most editors for TOML find it by a first line such as #:schema ./symback.schema.json in the problem file.
    """
    return _schema


def _schema() -> int:
    from symback.problems import schema as made

    click.echo(json.dumps(made(), indent=2, sort_keys=True, ensure_ascii=False))
    return 0
