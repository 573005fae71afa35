"""The commands with which an author begins: a first sheet to change, and the table of words for another language."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path

import click

from symback.cli.output import write_whole
from symback.front_page import COMMANDS

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
NAMES = {"en": "sheet.toml", "de": "blatt.toml"}


@click.command("init", short_help=COMMANDS["init"], context_settings=CONTEXT)
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--language", type=click.Choice(list(NAMES)), default="en", show_default=True, help="Of the sheet.")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def init(file: str | None, language: str, force: bool) -> Callable[[], int]:
    """Write a first sheet to look at and to change: a problem with parts, one with variants, a computation graph.

    \b
    symback init
    symback init week1.toml
    symback init --language de
    """
    return partial(_init, Path(file or NAMES[language]), language, force)


def _init(path: Path, language: str, force: bool) -> int:
    if path.suffix != ".toml":
        raise click.UsageError(f"{path} must end with .toml, as problem files do.")
    if path.exists() and not (force and path.is_file()):
        hint = "--force replaces it." if path.is_file() else "Give the name of a file."
        raise click.UsageError(f"{path} exists; {hint}")
    if not path.parent.is_dir():
        raise click.UsageError(f"There is no folder {path.parent}.")
    sheet = (files("symback.cli") / "first_sheets" / f"{language}.toml").read_text(encoding="utf-8")
    write_whole(path, sheet.replace(NAMES[language], path.name), replace=force)
    click.echo(f"{path} written; look at it with: symback solve {path} --out out")
    return 0


@click.command("words", short_help=COMMANDS["words"], context_settings=CONTEXT)
def words() -> Callable[[], int]:
    """Print the German table of words; with the words of another language in it, it is a table for that one.

    \b
    symback words > french.toml

    In the sheet: language = "fr" and words = "french.toml". `symback validate` names what is missing.
    """
    return _words


def _words() -> int:
    from symback.words import text_of

    click.echo(text_of("de"), nl=False)
    return 0
