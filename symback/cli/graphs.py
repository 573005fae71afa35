"""The command `symback backprop`: from a graph's text or file to its gradients with every step, or to its picture."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from symback.cli import arguments, output
from symback.cli.arguments import ExpressionCommand, Problem
from symback.cli.output import Page
from symback.cli.values import canonical, merged, pointed_at, read_text, read_values
from symback.errors import FileError, ParseError, SymbackError, UsageError
from symback.front_page import COMMANDS

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
LONGEST = 1 << 20  # characters of a graph that are read; the graph's own limit refuses sooner and says so


@click.command("backprop", cls=ExpressionCommand, short_help=COMMANDS["backprop"], context_settings=CONTEXT)
@click.argument("graphs", nargs=-1, metavar="GRAPH|FILE")
@click.option("--at", multiple=True, metavar="VALUES", help='Values: --at a=3,b=1 or --at "x=[1,2]; W=[[1,0],[0,1]]".')
@click.option(
    "--values", "files", multiple=True, metavar="FILE", help="Values from a JSON object, an .npz file or a training."
)
@click.option("--loss", metavar="NAME", help="The node to differentiate.  [default: the last one]")
@click.option("--wrt", multiple=True, metavar="NAMES", help="The nodes to differentiate by.  [default: all inputs]")
@click.option("--lr", metavar="NUMBER", help="Show a step of gradient descent with this learning rate.")
@click.option(
    "--layout",
    type=click.Choice(["numerator", "denominator"]),
    default="denominator",
    show_default=True,
    help="denominator: a gradient has the shape of what it is taken by; numerator: it is transposed.",
)
@click.option("--exact", is_flag=True, help="Keep fractions as fractions.")
@click.option("--symbols", multiple=True, metavar="NAMES", help="Inputs of several letters, as in --symbols loss,rate.")
@click.option(
    "--detail",
    type=click.Choice(["brief", "normal", "full", "proof"]),
    default="normal",
    show_default=True,
    help="brief shows the gradients alone, full every step on a line of its own; proof derives the laws by indices.",
)
@click.option(
    "--format",
    "format_",
    metavar="FORMAT",
    help="text, markdown, latex, json, html, pdf, typst, notebook; svg or dot for the picture.  [default: by FILE]",
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE (atomically) instead of stdout.")
@click.option("--force", is_flag=True, help="Let -o replace a file.")
def backprop(graphs: tuple[str, ...], **options: Any) -> Callable[[], int]:
    """Work out the gradients of a graph, forward and backward, one labelled step at a time.

    \b
    symback backprop "d = 2b; e = a + d; L = c e" --at a=3,b=1,c=-2
    symback backprop "z = W @ x + b; L = sum(z^2)" --at "W=[[1,0],[2,1]]; x=[1,2]; b=[0,1]" --wrt W,b
    symback backprop network.txt --values weights.npz --lr 0.1
    symback backprop "c = a+b; d = b+1; e = c d" --at a=2,b=1 -o graph.svg

    A graph has one assignment a line, or several separated by semicolons. `-` reads it from standard input.
    """
    return partial(_backprop, graphs, options)


def _backprop(graphs: tuple[str, ...], options: dict[str, Any]) -> int:
    from symback.cli.questions import load_engine

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads would take more memory than a problem may have
    load_engine()
    format_ = _format(options["format_"], options["output"])
    page = Page(format_, options["detail"], options["output"], options["force"])
    try:
        problem = Problem(_text(graphs))
    except SymbackError as error:
        page.complain(error)
        page.close()
        return error.exit_code
    return output.answer(page, [problem], lambda p: _work(p.text, options))


def jacobian(graphs: tuple[str, ...], options: dict[str, Any]) -> int:
    """Print the Jacobians of a vector on a graph, and return the exit code."""

    def found(graph: Any, wrt: Any, values: Any) -> Any:
        of = _node(options["of"]) if options["of"] else None
        return graph.jacobian(of, wrt, at=values, layout=options["layout"])

    return _derivatives(graphs, options, found)


def hessian(graphs: tuple[str, ...], options: dict[str, Any]) -> int:
    """Print the second derivatives of a number on a graph, and return the exit code."""

    def found(graph: Any, wrt: Any, values: Any) -> Any:
        return graph.hessian(_node(options["loss"]) if options["loss"] else None, wrt, at=values)

    return _derivatives(graphs, options, found)


def _derivatives(graphs: tuple[str, ...], options: dict[str, Any], found: Callable[[Any, Any, Any], Any]) -> int:
    """Read a graph, its values and the names to differentiate by, and print what is found of them."""
    from symback.cli.questions import load_engine

    load_engine()
    format_ = arguments.format_of(options["format_"], options["output"])
    page = Page(format_, options["detail"], options["output"], options["force"])

    def work(problem: Problem) -> Iterable[Any]:
        from symback.graph.graph import Graph

        values = merged(options["at"], ())
        graph = Graph(problem.text, values or {}, symbols=_names(options["symbols"]))
        wrt = _names(options["wrt"]) or None
        with _pointing_at(options["at"]):
            yield found(graph, wrt, values)

    return output.answer(page, [Problem("\n".join(graphs))], work)


def _work(text: str, options: dict[str, Any]) -> Iterable[Any]:
    from symback.graph.graph import Graph

    values = merged(options["at"], options["files"])
    graph = Graph(text, values or {}, symbols=_names(options["symbols"]))
    rate = _rate(options["lr"])
    if rate is not None and values is None:
        raise UsageError("A step of gradient descent needs values.", hint="Give them with --at or --values.")
    wrt = _names(options["wrt"]) or None
    loss = _node(options["loss"]) if options["loss"] else None
    with _pointing_at(options["at"]):
        yield graph.backprop(loss, at=values, wrt=wrt, lr=rate, layout=options["layout"], exact=options["exact"])


@contextmanager
def _pointing_at(texts: Iterable[str]) -> Iterator[None]:
    """Let errors about a value that was typed point at it."""
    try:
        yield
    except SymbackError as error:
        raise pointed_at(error, texts) from None


def _format(name: str | None, path: str | None) -> str:
    """Return the format of that name, or the one that the file's name asks for: a picture too."""
    from symback.render import PICTURES

    wanted = name or arguments.SUFFIXES.get(Path(path or "").suffix.lower(), "")
    if wanted in PICTURES:
        return wanted
    try:
        return arguments.format_of(name, path)
    except click.UsageError as error:
        raise click.UsageError(f"{error.message.rstrip('.')}; for pictures {' and '.join(PICTURES)}.") from None


# --- reading the options --------------------------------------------------------------------------------------------


def _text(graphs: tuple[str, ...]) -> str:
    """Return the text of the graph: as typed, of a file of that name, or of standard input."""
    if graphs in ((), ("-",)):
        if not graphs and sys.stdin.isatty():
            raise click.UsageError('Give a graph, as in symback backprop "d = 2b; L = d^2"; or - for standard input.')
        return sys.stdin.buffer.read(LONGEST).decode("utf-8", "replace").removeprefix("\ufeff")
    if len(graphs) == 1 and "\n" not in graphs[0] and _is_file(graphs[0]):
        return read_text(graphs[0].strip())
    return "\n".join(graph.strip() for graph in graphs)


def _is_file(text: str) -> bool:
    """Tell whether an argument names a file; FileError where it can mean nothing else and there is none."""
    try:
        if Path(text.strip()).is_file():
            return True
    except (OSError, ValueError):
        return False
    if "=" not in text and (Path(text).suffix.lower() in (".txt", ".graph", ".sym", ".md") or os.sep in text):
        raise FileError(f"There is no file {text.strip()[:200]}.", hint="Give a file or a graph, such as y = w x + b.")
    return False


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    """Return canonical names in lists such as `W1,b1` or `h[0], w_{32}^{[1]}`."""
    parts = [part.strip() for text in texts for part in arguments.split_at_commas(text)]
    return tuple(dict.fromkeys(_node(part) for part in parts if part))


def _node(text: str) -> str:
    name = canonical(text.strip())
    if not name:
        raise ParseError(f"{text.strip()[:60]!r} is not a name.", hint="Write the name of a node, such as w1 or h[0].")
    return name


def _rate(text: str | None) -> Any:
    """Return the learning rate as an exact number."""
    return None if text is None else read_values(f"lr={text.strip()}")["lr"]
