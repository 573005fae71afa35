"""Questions about graphs: from a graph's text or file to gradients, Jacobians and Hessians, or to a picture."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from symback.cli import arguments, output
from symback.cli.arguments import Problem
from symback.cli.questions import Given, load_engine, page_of
from symback.cli.values import canonical, merged, pointed_at, read_text
from symback.errors import FileError, ParseError, SymbackError
from symback.problems.file.fields import Name
from symback.problems.kind import Kind
from symback.problems.registry import exercise

LONGEST = 1 << 20  # characters of a graph that are read; the graph's own limit refuses sooner and says so


def ask(declared: type[Kind], texts: tuple[str, ...], given: Given, options: Given) -> int:
    """Read a graph, its values and names, print what is asked of them, and return the exit code."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads would take more memory than a problem may have
    load_engine()
    page = page_of(declared, options)
    try:
        problem = Problem(_text(texts))
    except SymbackError as error:
        page.complain(error)
        page.close()
        return error.exit_code

    def work(problem: Problem) -> Iterator[Any]:
        asked = {"graph": problem.text, **given, **dict(_named(declared, options))}
        values = merged(options["at"], options.get("files", ()))
        asked |= {} if values is None else {"at": values}
        try:
            read = exercise(declared.kind(), asked, _names(options["symbols"]))
            yield from page.asks(read, declared.picture).things()
        except SymbackError as error:
            raise pointed_at(error, options["at"]) from None

    return output.answer(page, [problem], work)


def _named(declared: type[Kind], options: Given) -> Iterator[tuple[str, Any]]:
    """Yield the keys that name nodes, in canonical spelling."""
    if wrt := _names(options["wrt"]):
        yield "wrt", list(wrt)
    for key, one in declared.fields.items():
        if isinstance(one, Name) and options.get(key):
            yield key, _node(options[key][-1])


# --- reading the arguments ------------------------------------------------------------------------------------------


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
    """Tell whether an argument names a file; FileError where it can mean nothing else and does not exist."""
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
