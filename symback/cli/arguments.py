"""Reading the command line: expressions with a leading minus, standard input, and names, points and formats.

Nothing here loads SymPy before a question is asked, so that `symback derive --help` stays quick.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from symback import formats
from symback.cli.pages import Command, Context
from symback.front_page import commands, front_page

if TYPE_CHECKING:
    from symback.expr.tree import Tree

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
LONGEST_LINE = 20_000  # characters of a line of standard input that are kept; the parser refuses sooner and says so


class ExpressionCommand(Command):
    """A command that takes `-3x` for an expression, not for options that happen to be called 3 and x.

    The cures that click offers are worse than the fault: told to ignore unknown options, it takes the `x` out of `-3*x`
    where an option `-x` exists, and differentiates what is left.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        declared = {name for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
        return super().parse_args(ctx, spare_minus(args, declared))


Resolved = tuple[str | None, click.Command | None, list[str]]


class FrontPage(click.Group):
    """The group of all commands; its help is the front page, and it answers a forgotten command with the right one."""

    context_class = Context

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.later: dict[str, Callable[[], click.Command]] = {
            "solve": _solve,
            "validate": _validate,
            "schema": _schema,
            "init": _init,
            "words": _words,
            "check": _check,
            "completion": _completion,
            "help": _help,
            "serve": lambda: _of_web("serve"),
            "site": lambda: _of_web("site"),
        }

    def get_help(self, ctx: click.Context) -> str:
        return front_page().rstrip()

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(commands())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command, which is made when it is first asked for."""
        if name in self.later:
            self.add_command(self.later.pop(name)())
        elif name not in self.commands and name in commands():
            self.add_command(_question(name))
        return super().get_command(ctx, name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help", "--version", "-", "--"):
            self.resolve_command(ctx, args)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Resolved:
        name = args[0]
        if name in commands():
            return super().resolve_command(ctx, args)
        likely = nearest(name, commands())
        remedy = f"symback {likely}" if likely else f'symback derive "{name[:60]}"'
        raise click.UsageError(f"There is no command {name[:60]!r}. Did you mean: {remedy}", ctx)


def is_graph(texts: Iterable[str]) -> bool:
    """Tell whether expressions are those of a graph of arrays: they have @, .T, a shape line or softmax."""
    shape_line = r"(?:^|[;\n])\s*[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*(?:\s*:\s*\w|\s+in\s+R\^)"
    return any(re.search(rf"@|\.T\b|\bsoftmax\(|{shape_line}", text) for text in texts)


def _question(kind: str) -> click.Command:
    from symback.cli.questions import command

    return command(kind)


def _solve() -> click.Command:
    from symback.cli.solve import solve

    return solve


def _validate() -> click.Command:
    from symback.cli.problems import validate

    return validate


def _schema() -> click.Command:
    from symback.cli.problems import schema

    return schema


def _init() -> click.Command:
    from symback.cli.first_sheet import init

    return init


def _words() -> click.Command:
    from symback.cli.first_sheet import words

    return words


def _completion() -> click.Command:
    from symback.cli.about import completion

    return completion


def _help() -> click.Command:
    from symback.cli.about import help_

    return help_


def _check() -> click.Command:
    from symback.cli.check import check

    return check


def _of_web(name: str) -> click.Command:
    from symback.cli import web

    return {"serve": web.serve, "site": web.site}[name]


def nearest(word: str, words: Any) -> str:
    """Return the word that may have been meant, "" where none is near."""
    from difflib import get_close_matches

    return "".join(get_close_matches(word.lower(), list(words), n=1, cutoff=0.6))


_A_WORD = re.compile(r"--[A-Za-z][A-Za-z-]+(?:=.*)?", re.DOTALL)


def spare_minus(args: list[str], declared: set[str]) -> list[str]:
    """Put a blank before every token that begins with a minus and is an expression, not an option.

    One minus begins an expression unless the token is exactly a declared option. Two begin one unless a word follows,
    which may be an option misspelt.

    >>> spare_minus(["-3x", "--wrt", "x", "-o", "a.txt", "-"], {"-o", "--wrt"})
    [' -3x', '--wrt', 'x', '-o', 'a.txt', '-']
    >>> spare_minus(["--x", "--wtr=x", "--sin(x)"], {"--wrt"})
    [' --x', '--wtr=x', ' --sin(x)']
    """
    stop = args.index("--") if "--" in args else len(args)
    return [f" {token}" if _is_expression(token, declared) else token for token in args[:stop]] + args[stop:]


def _is_expression(token: str, declared: set[str]) -> bool:
    if len(token) < 2 or token[0] != "-" or token in declared:
        return False
    return token[1] != "-" or (len(token) > 2 and not _A_WORD.fullmatch(token))


def format_of(name: str | None, path: str | None, more: Sequence[str] = ()) -> str:
    """Return the format of that name, or without one what the file's name asks for; text where it has no ending.

    `more` are the formats besides those that every result has, such as pictures.
    """
    return format_among((*formats.names("result"), *more), name, path)


def format_among(known: Sequence[str], name: str | None, path: str | None) -> str:
    """Return one of these formats as `format_of` does; UsageError with the list of them, or of their endings."""
    wanted = name or formats.of_file(path or "")
    ending = Path(path or "").suffix
    if not name and ending and wanted not in known:
        raise click.UsageError(
            f"No format has the ending {ending[:20]!r}; there are {', '.join(formats.endings(known))}."
        )
    wanted = wanted or "text"
    if wanted in known:
        return wanted
    raise click.UsageError(f"There is no format {wanted[:60]!r}; there are {', '.join(known)}.")


# --- problems ------------------------------------------------------------------------------------------------------


class Problem(NamedTuple):
    """One expression as typed; `where` is empty, or says which line of standard input it is."""

    text: str
    where: str = ""


def problems(expressions: tuple[str, ...]) -> Iterator[Problem]:
    """Yield the expression of the command line, or one problem for each line of standard input."""
    if expressions and expressions != ("-",):
        yield Problem("; ".join(text.strip() for text in expressions))
        return
    if not expressions and sys.stdin.isatty():
        raise click.UsageError('Give an expression, as in symback derive "x^2"; or - to read standard input.')
    yield from _lines_of_input()


def _lines_of_input() -> Iterator[Problem]:
    lines = ((number, line.strip()) for number, line in enumerate(_bounded_lines(), 1))
    some = False
    for number, text in lines:
        if text:
            some = True
            yield Problem(text, f"line {number}")
    if not some:
        yield Problem("", "standard input")


def _bounded_lines() -> Iterator[str]:
    """Yield the lines of standard input, cut off where no expression could be that long."""
    stream = sys.stdin.buffer
    while line := stream.readline(LONGEST_LINE):
        rest = line
        while not rest.endswith(b"\n") and (rest := stream.readline(1 << 16)):
            pass  # the parser refuses what is kept already; the rest is only read past
        yield line.decode("utf-8", "replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def one_expression(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse `derive 2 sin x` without quotes: the shell makes three arguments of it."""
    if len(value) > 1:
        whole = " ".join(text.strip() for text in value)
        raise click.UsageError(f'Put the expression in quotes: symback {ctx.info_name} "{whole}"', ctx)
    return value


# --- names, points, directions --------------------------------------------------------------------------------------


class Asked(NamedTuple):
    """What the options say, read once for all problems: variables, groups of them, a point, declared names."""

    groups: tuple[tuple[str, ...], ...]
    point: dict[str, Tree] | None
    names: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...] | None:
        """All variables in the order given, without repetition; None where none was given."""
        return tuple(dict.fromkeys(name for group in self.groups for name in group)) or None


def read_options(wrt: tuple[str, ...], at: tuple[str, ...], symbols: tuple[str, ...]) -> Asked:
    """Read `--wrt`, `--at` and `--symbols`; what is not a name or a value is a ParseError."""
    from symback.syntax import read_names, read_point

    groups = tuple(read_names(text) for text in wrt)
    declared = [name for text in symbols for name in read_names(text)]
    names = tuple(dict.fromkeys([*declared, *(name for group in groups for name in group)]))
    point = read_point(", ".join(at), names) if at else None
    return Asked(groups, point, names)


def split_at_commas(text: str) -> list[str]:
    """Split at the commas that stand outside all brackets, the brackets of a whole vector not counting.

    >>> split_at_commas("(1, max(2, 3))")
    ['1', 'max(2, 3)']
    """
    text = text.strip()
    parts = _split(text)
    if len(parts) == 1 and text[:1] in ("(", "[") and text[-1:] in (")", "]"):
        parts = _split(text[1:-1])
    return [part.strip() for part in parts]


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
