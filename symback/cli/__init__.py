"""The command line: a command reads its options and returns the work that `run` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import click

from symback import __version__
from symback.cli import arguments, output
from symback.cli.arguments import CONTEXT, ExpressionCommand, FrontPage
from symback.cli.output import INTERRUPTED, Page
from symback.errors import UsageError
from symback.front_page import COMMANDS

Work = Callable[[], int]
Writers = dict[str, Callable[[Any], str]]
BOOKS = ("text", "markdown", "json")  # the formats of the table of rules


def run(args: list[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is said in a sentence."""
    try:
        work = main.main(args, prog_name="symback", standalone_mode=False)
        # The work is done here and not inside click: Python 3.11 maps and unmaps a piece of its stack at each call that
        # crosses a certain depth, and SymPy's import, begun that deep, costs 6 % more.
        return work() if callable(work) else work or 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        output.show(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED
    except Exception as error:  # the last line of defence: a bug is named, never shown as a traceback
        known = output.explained(error)
        output.say(output.in_words(known))
        return known.exit_code


def results(args: list[str]) -> list[Any]:
    """Return the results of a command in place of printing them; SymbackError where it fails."""
    kept: list[Any] = []
    before = output.KEPT.set(kept)
    try:
        work = main.main(args, prog_name="symback", standalone_mode=False)
        if callable(work):
            work()
    except click.ClickException as error:
        raise UsageError(error.format_message()) from None
    finally:
        output.KEPT.reset(before)
    return kept


@click.group(cls=FrontPage, context_settings=CONTEXT)
@click.version_option(__version__, message="symback %(version)s")
def main() -> None:
    """Show the work."""


@main.command("rules", cls=ExpressionCommand, short_help=COMMANDS["rules"], context_settings=CONTEXT)
@click.argument("name", nargs=-1)
@click.option("--format", "format_", type=click.Choice(BOOKS), help="[default: by FILE, or text]")
@click.option("-o", "--output", "path", metavar="FILE", help="Write to FILE (atomically) instead of stdout.")
@click.option("--force", is_flag=True, help="Let -o replace a file.")
@click.option("--integrals", is_flag=True, help="Print the laws of integration instead.")
@click.option("--limits", is_flag=True, help="Print the laws of limits instead.")
@click.option("--mistakes", is_flag=True, help="Print the wrong laws that `symback check` knows instead.")
def rules(name: tuple[str, ...], format_: str | None, path: str | None, force: bool, **tables: bool) -> Work:
    """Print the laws that are used, as a table; or those with a name, each with a solved example.

    \b
    symback rules
    symback rules chain rule
    symback rules sine
    symback rules --format markdown -o rules.md
    symback rules --integrals power
    symback rules --limits squeeze theorem
    symback rules --mistakes chain rule
    """
    wanted = [table for table, is_wanted in tables.items() if is_wanted]
    if len(wanted) > 1:
        raise click.UsageError(f"--{wanted[0]} and --{wanted[1]} are two tables; ask for one of them.")
    table = wanted[0] if wanted else ""
    work = print_mistakes if table == "mistakes" else partial(print_rules, table=table)
    return partial(work, " ".join(name), format_, path, force)


def print_mistakes(wanted: str, format_: str | None, path: str | None, force: bool) -> int:
    """Print the mistakes that are wanted; UsageError where there are none."""
    from symback.cli import mistakebook as book
    from symback.page.options import Options

    wide = Options().columns
    text = partial(book.as_text, width=wide)
    writers: Writers = {"markdown": book.as_markdown, "json": book.as_json, "text": text}
    return _print_rows(
        "mistake", book.find, writers, wanted, Page(arguments.format_among(BOOKS, format_, path), "full", path, force)
    )


def print_rules(wanted: str, format_: str | None, path: str | None, force: bool, table: str = "") -> int:
    """Print the rules of a table ("", "integrals" or "limits") that are wanted; UsageError where there are none."""
    from symback.cli import rulebook as book
    from symback.page.options import Options

    what, find = {
        "": ("rule", book.find),
        "integrals": ("rule of integration", book.find_integrals),
        "limits": ("law of limits", book.find_limits),
    }[table]
    plain = book.as_text_with_examples if wanted else book.as_text
    text = partial(plain, width=Options().columns)
    writers: Writers = {"markdown": book.as_markdown, "json": book.as_json, "text": text}
    return _print_rows(
        what, find, writers, wanted, Page(arguments.format_among(BOOKS, format_, path), "full", path, force)
    )


OPTIONS = {"rule": "", "rule of integration": " --integrals", "law of limits": " --limits", "mistake": " --mistakes"}


def _print_rows(
    what: str, find: Callable[[str], Any], writers: Mapping[str, Callable[[Any], str]], wanted: str, page: Page
) -> int:
    from symback.cli.questions import load_engine

    load_engine()
    found = find(wanted)
    if not found:
        option = OPTIONS[what]
        near = arguments.nearest(wanted, {one.name for one in find("")})
        told = f" Did you mean: symback rules{option} {near}" if near else f" `symback rules{option}` lists them all."
        raise click.UsageError(f"There is no {what} {wanted[:60]!r}.{told}")
    page.write(writers[page.format](found))
    page.close()
    return 0
