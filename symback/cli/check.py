"""The command that judges a working."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from symback.cli import arguments, output
from symback.cli.arguments import CONTEXT, ExpressionCommand, Problem
from symback.cli.output import Page
from symback.cli.questions import load_engine
from symback.errors import SymbackError
from symback.front_page import commands

LONGEST_NAME = 200  # characters of what may be the name of a file


@click.command("check", cls=ExpressionCommand, short_help=commands()["check"], context_settings=CONTEXT)
@click.argument("lines", nargs=-1, metavar="FILE|LINE...")
@click.option(
    "--given", metavar="FILE|TEXT", help="What stands above: definitions, or a graph that the lines claim of."
)
@click.option("--no-answer", is_flag=True, help="Leave the right lines and the answer out.")
@click.option("--strict", is_flag=True, help="End with code 1 also where a line could not be judged.")
@click.option("--symbols", multiple=True, metavar="NAMES", help="Names of your own, as in --symbols loss,rate.")
@click.option(
    "--format", "format_", metavar="FORMAT", help="text, markdown, latex, json, html, pdf, typst or notebook."
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE (atomically) instead of stdout.")
@click.option("--force", is_flag=True, help="Let -o replace a file.")
def check(lines: tuple[str, ...], **options: Any) -> Callable[[], int]:
    """Judge a working line by line: the first wrong line, the wrong term, and the mistake by its name.

    \b
    symback check working.txt
    symback check "f = x^2 sin x" "df/dx = 2x cos x"
    symback check lecture.md --no-answer
    symback check claims.txt --given graph.txt

    FILE is text, Markdown with ```working fences, or LaTeX with align*. Lines such as f(x, y) = ... are given, a
    derivative sign on the left (df/dx =, f'(x) =, dL/dW1 =) makes a claim, and what begins with = goes on with it.

    Exit code 0: all is right; 1: a line is wrong (with --strict also: could not be judged); 3: a line cannot be read.
    """
    return partial(_check, lines, options)


def _check(lines: tuple[str, ...], options: dict[str, Any]) -> int:
    load_engine()
    page = Page(
        arguments.format_of(options["format_"], options["output"]), "normal", options["output"], options["force"]
    )
    found: list[Any] = []

    def work(problem: Problem) -> Iterator[Any]:
        from symback.syntax import read_names
        from symback.working import check_working

        names = [name for text in options["symbols"] for name in read_names(text)]
        given = _text_of(options["given"]) if options["given"] else ""
        found.append(check_working(problem.text, names, given, show_answer=not options["no_answer"]))
        yield found[0]
        for line in found[0].lines:
            if line.error is not None:
                page.complain(line.error, f"line {line.number}") if page.format != "json" else None

    code = output.answer(page, [Problem(_working(lines))], work)
    return code or (found[0].exit_code(options["strict"]) if found else 0)


def _working(lines: tuple[str, ...]) -> str:
    """Return the text of a working: of a file, of standard input, or the lines of the command itself."""
    if not lines or lines == ("-",):
        if not lines and sys.stdin.isatty():
            raise click.UsageError('Give a file, or lines, as in symback check "d/dx [x^3]" "3x^2".')
        return sys.stdin.buffer.read(1 << 20).decode("utf-8", "replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    return _text_of(lines[0]) if len(lines) == 1 else "\n".join(line.strip() for line in lines)


def _text_of(text: str) -> str:
    """Return what stands in a file of that name; the text itself where there is no such file."""
    if len(text) > LONGEST_NAME or "\n" in text:
        return text
    path = Path(text.strip())
    try:
        if path.is_file():
            return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SymbackError(f"{text} cannot be read: {error}.") from None
    if path.suffix in (".txt", ".md", ".tex"):
        raise click.UsageError(f"There is no file {text}.")
    return text
