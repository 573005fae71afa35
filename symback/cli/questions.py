"""The commands of the kinds: options, help and checks come from the fields that a kind declares."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import click

from symback.cli import arguments, output
from symback.cli.arguments import CONTEXT, ExpressionCommand, Problem, one_expression
from symback.cli.output import Page
from symback.errors import SymbackError
from symback.problem.fields import Arrays, Direction, Field, Point, Texts
from symback.problem.kind import Kind
from symback.problem.registry import exercise, kind
from symback.problem.values import Refused

Work = Callable[[], int]


def command(name: str) -> click.Command:
    """Return the command of a kind."""
    declared = kind(name)
    first, *others = declared.fields.values()
    several = isinstance(first, Texts)
    positional = click.Argument(
        ["expressions"], nargs=-1, metavar=first.metavar, callback=None if several else one_expression
    )
    return ExpressionCommand(
        name,
        params=[positional, *(_option(one) for one in others if one.option is not None), *_common()],
        callback=partial(_work, name),
        help=declared.help(),
        short_help=declared.does,
        context_settings=CONTEXT,
    )


def _option(one: Field[Any]) -> click.Option:
    """Return the option of a field: it is read as text, so that its type says what is wrong, of all options at once."""
    spelled = [f"--{one.key.replace('_', '-')}", one.key]
    help_ = one.option or one.says
    if not one.metavar:
        return click.Option(spelled, is_flag=True, help=help_)
    if one.default not in (None, ()) and not one.required:
        help_ += f"  [default: {one.default}]"
    return click.Option(spelled, multiple=True, required=one.required, metavar=one.metavar, help=help_)


def _common() -> list[click.Parameter]:
    """Return the options that all questions have."""
    return [
        click.Option(["--symbols"], multiple=True, metavar="NAMES",
                     help="Names of your own, as in --symbols loss,rate."),
        click.Option(["--detail"], type=click.Choice(["brief", "normal", "full"]), default="normal", show_default=True,
                     help="brief selects lines; full shows every step with what its letters stand for."),
        click.Option(["--format", "format_"], metavar="FORMAT",
                     help="text, markdown, latex, json, html, pdf, typst or notebook.  [default: by FILE]"),
        click.Option(["-o", "--output"], metavar="FILE", help="Write to FILE (atomically) instead of stdout."),
        click.Option(["--force"], is_flag=True, help="Let -o replace a file."),
    ]  # fmt: skip


def _work(name: str, expressions: tuple[str, ...], **options: Any) -> Work:
    """Check the options, all of them at once, and return the work."""
    declared = kind(name)
    of_graph = "graph" in declared.fields and arguments.is_graph(expressions)
    given, wrong = _typed(declared, options, "graph" if of_graph else next(iter(declared.fields)))
    if wrong:
        raise click.UsageError("\n".join(wrong))
    if of_graph:
        graphs = import_module("symback.cli.graphs")
        one = {key: given.get(key, field.default) for key, field in declared.fields.items() if not _is_read_late(field)}
        return partial(getattr(graphs, name), expressions, {**options, **one})
    return partial(_ask, declared, expressions, given, options)


def _typed(declared: type[Kind], options: dict[str, Any], about: str) -> tuple[dict[str, Any], list[str]]:
    """Return the keys that options say, but those that the parser reads, and all that is wrong with them."""
    given: dict[str, Any] = {}
    late: dict[str, Any] = {about: ""}
    wrong = []
    for key, one in declared.fields.items():
        if not options.get(key):
            continue
        try:
            if _is_read_late(one):
                late[key] = one.typed(options[key])
            else:
                given[key] = one.check(one.typed(options[key]))
        except Refused as refused:
            if not _is_read_late(one):
                wrong.append(_sentence(refused, (key,)))
    if not wrong and about != "graph":  # of a graph, more may be left out here than in a file
        wrong += [_sentence(refused, refused.path) for refused in declared.disagree({**late, **given})]
    return given, wrong


def _sentence(refused: Refused, path: Sequence[str | int]) -> str:
    """Return what is wrong with an option; a hint that shows how a file has it is left out."""
    subject = f"--{str(path[0]).replace('_', '-')} " if path else "The question "
    hint = "" if " = " in refused.hint else f" {refused.hint}".rstrip()
    return f"{subject}{refused.said}.{hint}"


def _is_read_late(one: Field[Any]) -> bool:
    """Tell whether the parser reads a field, which points at what is wrong, once SymPy is loaded."""
    return isinstance(one, (Point, Arrays, Direction)) or isinstance(one, Texts) and one.key == "wrt"


def _ask(declared: type[Kind], expressions: tuple[str, ...], given: dict[str, Any], options: dict[str, Any]) -> int:
    """Read what the parser reads, answer every problem, print, and return the exit code."""
    load_engine()
    format_ = arguments.format_of(options["format_"], options["output"])
    page = Page(format_, options["detail"], options["output"], options["force"])
    try:
        asked = arguments.read_options(options.get("wrt", ()), options.get("at", ()), options["symbols"])
        given = {**given, **dict(_read(declared, asked, options))}
    except SymbackError as error:
        page.complain(error)
        return error.exit_code
    first = next(iter(declared.fields.values()))
    for remark in declared.remarks(given):
        output.note(remark)

    def work(problem: Problem) -> Iterable[Any]:
        return exercise(declared.kind(), {first.key: first.argument(problem.text), **given}, asked.names).things()

    return output.answer(page, arguments.problems(expressions), work)


def _read(declared: type[Kind], asked: arguments.Asked, options: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the keys that the parser reads."""
    if asked.groups:
        yield "wrt", [",".join(group) for group in asked.groups]
    if asked.point is not None:
        yield "at", asked.point
    for key, one in declared.fields.items():
        if isinstance(one, Direction):
            yield key, one.typed(options[key])
        elif isinstance(one, Arrays) and key != "at" and options.get(key):
            yield key, import_module("symback.cli.values").merged(options[key], ())


def load_engine() -> None:
    """Load SymPy and the engine without collecting garbage meanwhile: what they make stays to the end anyway."""
    gc.disable()
    try:
        import_module("symback.derive")
        import_module("symback.check")
        import_module("symback.render")
    finally:
        gc.freeze()
        gc.enable()
