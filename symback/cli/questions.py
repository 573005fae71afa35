"""The commands of the kinds: argument, options, help and checks come from what a kind declares."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import click

from symback import formats
from symback.cli import arguments, output
from symback.cli.arguments import CONTEXT, ExpressionCommand, Problem, one_expression
from symback.cli.output import Page
from symback.errors import SymbackError
from symback.problems.file.fields import Arrays, Direction, Field, Name, Place, Point, PointsOfGraph, Texts
from symback.problems.file.values import Refused
from symback.problems.kind import Kind
from symback.problems.registry import exercise, kind

Work = Callable[[], int]
Given = dict[str, Any]


def command(name: str) -> click.Command:
    """Return the command of a kind."""
    declared = kind(name)
    return ExpressionCommand(
        name,
        params=[_argument(declared), *_options(declared), *_common(declared)],
        callback=partial(_work, name),
        help=declared.help(),
        short_help=declared.does,
        context_settings=CONTEXT,
    )


def _argument(declared: type[Kind]) -> click.Argument:
    """Return what is before the options: the first key of the kind, or the file that has all keys."""
    if declared.takes == "file":
        return click.Argument(["texts"], metavar="FILE", callback=lambda ctx, param, value: (value,))
    first = next(iter(declared.fields.values()))
    several = declared.takes == "graph" or isinstance(first, Texts)
    return click.Argument(["texts"], nargs=-1, metavar=first.metavar, callback=None if several else one_expression)


def _options(declared: type[Kind]) -> Iterator[click.Option]:
    """Yield the options of the other keys."""
    keys = declared.fields if declared.takes == "file" else list(declared.fields)[1:]
    for one in (declared.fields[key] for key in keys):
        if one.option is not None and (declared.options is None or one.key in declared.options):
            yield _option(one, has_default=declared.takes != "file")
        if isinstance(one, PointsOfGraph):
            help_ = "Values from a JSON object, an .npz file or a training."
            yield click.Option(["--values", "files"], multiple=True, metavar="FILE", help=help_)


def _option(one: Field[Any], has_default: bool) -> click.Option:
    """Return the option of a field: it is read as text, so that its type says what is wrong, of all options at once."""
    spelled = [f"--{(one.spelled or one.key).replace('_', '-')}", one.key]
    help_ = one.option or one.says
    if not one.metavar:
        return click.Option(spelled, is_flag=True, help=help_)
    if has_default and one.default not in (None, ()) and not one.required:
        help_ += f"  [default: {one.default}]"
    words = list(getattr(one, "words", ()))
    return click.Option(
        spelled,
        multiple=True,
        required=one.required,
        metavar=one.metavar,
        help=help_,
        shell_complete=(lambda *_: list(words)) if words else None,
    )


def _common(declared: type[Kind]) -> Iterator[click.Option]:
    """Yield the options that all questions have; a file has its own symbols."""
    if declared.takes != "file":
        yield click.Option(["--symbols"], multiple=True, metavar="NAMES",
                           help="Names of your own, as in --symbols loss,rate.")  # fmt: skip
    detail = click.Choice(declared.details)
    yield click.Option(["--detail"], type=detail, default="normal", show_default=True, help=declared.details_say)
    known = (*formats.names("result"), *declared.writes)
    yield click.Option(["--format", "format_"], metavar="FORMAT", shell_complete=lambda *_: list(known),
                       help=f"{', '.join(known)}.  [default: by the ending of -o]")  # fmt: skip
    yield click.Option(["-o", "--output"], metavar="FILE", help="Write to FILE (atomically) instead of stdout.")
    yield click.Option(["--force"], is_flag=True, help="Let -o replace a file.")
    yield click.Option(["--open", "opens"], is_flag=True, help="Show the page in a browser.")


def _work(name: str, texts: tuple[str, ...], **options: Any) -> Work:
    """Check the options, all of them at once, and return the work."""
    declared = kind(name)
    takes = "graph" if "graph" in declared.fields and arguments.is_graph(texts) else declared.takes
    given, wrong = _typed(declared, options, takes)
    if wrong:
        raise click.UsageError("\n".join(wrong))
    return partial(WAYS[takes], declared, texts, given, options)


def _of_graph(declared: type[Kind], texts: tuple[str, ...], given: Given, options: Given) -> int:
    return import_module("symback.cli.graphs").ask(declared, texts, given, options)  # type: ignore[no-any-return]


def _of_file(declared: type[Kind], texts: tuple[str, ...], given: Given, options: Given) -> int:
    return import_module("symback.cli.train").ask(declared, texts, given, options)  # type: ignore[no-any-return]


def _typed(declared: type[Kind], options: Given, takes: str) -> tuple[Given, list[str]]:
    """Return the keys that options say, but those that the parser reads, and all that is wrong with them."""
    given: Given = {}
    late: Given = {next(iter(declared.fields)): ""}
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
                wrong.append(_sentence(declared, refused, (key,)))
    if not wrong and takes == "expression":  # of a graph or of a file, options are not all that is asked
        wrong += [_sentence(declared, refused, refused.path) for refused in declared.disagree({**late, **given})]
    return given, wrong


def _sentence(declared: type[Kind], refused: Refused, path: Sequence[str | int]) -> str:
    """Return what is wrong with an option; a hint that shows how a file has it is left out."""
    one = declared.fields.get(str(path[0])) if path else None
    subject = f"--{((one and one.spelled) or str(path[0])).replace('_', '-')} " if path else "The question "
    hint = "" if " = " in refused.hint else f" {refused.hint}".rstrip()
    return f"{subject}{refused.said}.{hint}"


def _is_read_late(one: Field[Any]) -> bool:
    """Tell whether the parser reads a field, which points at what is wrong, once SymPy is loaded."""
    return (
        isinstance(one, (Point, Arrays, PointsOfGraph, Direction, Name))
        and not isinstance(one, Place)
        or isinstance(one, Texts)
        and one.key == "wrt"
    )


def page_of(declared: type[Kind], options: Given) -> Page:
    """Return where the answers to a question go."""
    named = options["format_"] or ("html" if options["opens"] and not options["output"] else None)
    format_ = arguments.format_of(named, options["output"], declared.writes)
    return Page(format_, options["detail"], options["output"], options["force"], options["opens"])


def _of_expressions(declared: type[Kind], texts: tuple[str, ...], given: Given, options: Given) -> int:
    """Read what the parser reads, answer every problem, print, and return the exit code."""
    load_engine()
    page = page_of(declared, options)
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
        read = exercise(declared.kind(), {first.key: first.argument(problem.text), **given}, asked.names)
        return page.asks(read, declared.picture).things()  # type: ignore[no-any-return]

    return output.answer(page, arguments.problems(texts), work)


WAYS: dict[str, Callable[[type[Kind], tuple[str, ...], Given, Given], int]] = {
    "expression": _of_expressions,
    "graph": _of_graph,
    "file": _of_file,
}  # how a question is answered, by what its command takes


def _read(declared: type[Kind], asked: arguments.Asked, options: Given) -> Iterator[tuple[str, Any]]:
    """Yield the keys that the parser reads."""
    if asked.groups:
        yield "wrt", [",".join(group) for group in asked.groups]
    if asked.point is not None:
        yield "at", asked.point
    for key, one in declared.fields.items():
        if isinstance(one, (Direction, Name)) and options.get(key):
            yield key, one.typed(options[key])
        elif isinstance(one, Arrays) and key != "at" and options.get(key):
            yield key, import_module("symback.cli.values").merged(options[key], ())
        elif isinstance(one, Point) and key != "at" and options.get(key) and not isinstance(one, Place):
            yield key, arguments.read_options((), options[key], asked.names).point


def load_engine() -> None:
    """Load SymPy and the engine without collecting garbage meanwhile: what they make stays to the end anyway."""
    gc.disable()
    try:
        import_module("symback.calculus.derive")
        import_module("symback.verify")
        import_module("symback.page")
    finally:
        gc.freeze()
        gc.enable()
