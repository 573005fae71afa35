"""All that the page can ask: each function takes a table of plain data, and returns one, or a file.

This runs in a worker process of `symback serve` and in the thread of the browser in which a static site runs symback.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from symback import failures
from symback.errors import ParseError, SymbackError, UsageError
from symback.web import guard
from symback.web.questions import error_of, object_of, problem_of, worked

Object = dict[str, Any]
JSON = "application/json"


class Reply(NamedTuple):
    """What the page gets: a status as of HTTP, the type of the content, the content, and the name of a file."""

    status: int
    type: str
    content: bytes
    file: str = ""


class File(NamedTuple):
    """A file that the page offers for download."""

    name: str
    content: bytes


def answer(path: str, body: bytes) -> Reply:
    """Return the reply to `api/KIND` or `side/NAME`, whatever the body holds; an error has the status 422.

    >>> answer("api/derive", b'{"expr": "x^2"}').status, answer("api/derive", b"[").status
    (200, 422)
    """
    where, _, name = path.partition("/")
    try:
        given = read_body(body)
        with guard.watched():
            made = _api(name, given) if where == "api" else functions()[name](given)
        return _reply(made)
    except MemoryError:
        raise
    except Exception as error:
        return refused(explained(error), plain=where == "api")


def _reply(made: Object | File) -> Reply:
    if isinstance(made, File):
        return Reply(200, "application/octet-stream", made.content, made.name)
    from symback.page.writers.json import text_of

    return Reply(200, JSON, text_of(made).encode("utf-8", "replace"))


def explained(error: Exception) -> SymbackError:
    """Return whatever went wrong as an error that symback can explain."""
    if isinstance(error, PermissionError):
        return UsageError("Files are not read here.", hint="Write the values themselves.")
    if isinstance(error, ZeroDivisionError):
        return SymbackError("Something is divided by 0 at these values.", hint="Choose other values.")
    return failures.explained(error)


def refused(error: SymbackError, plain: bool) -> Reply:
    made = error_of(error)
    if not plain and isinstance(error, ParseError):
        made["error"] |= {"text": error.text, "end": error.end}
    return Reply(422, JSON, json.dumps(made).encode())


def read_body(body: bytes) -> Object:
    """Return the table that a body holds: decimals stay as they are written; UsageError where it holds none."""
    try:
        found = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UsageError("The body is not JSON.", hint='Send the fields of a problem: {"expr": "x^2 sin x"}.') from None
    if not isinstance(found, dict):
        raise UsageError("The body is not an object.", hint='Send the fields of a problem: {"expr": "x^2 sin x"}.')
    return found


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _api(kind: str, given: Mapping[str, Any]) -> Object:
    return object_of(worked(problem_of(kind, given)))


def functions() -> Mapping[str, Callable[[Object], Object | File]]:
    """Return what the page can ask besides the questions themselves, by name."""
    return {name: partial(_call, module, function) for name, (module, function) in _FUNCTIONS.items()}


def _call(module: str, function: str, given: Object) -> Object | File:
    """Call a function of a module that is loaded with its first call: a page in the browser starts sooner so."""
    made: Object | File = getattr(import_module(f"symback.web.{module}"), function)(given)
    return made


_FUNCTIONS = {
    "forms": ("forms", "forms"),
    "read": ("reading", "read"),
    "work": ("working", "work"),
    "judge": ("working", "judge"),
    "graph": ("graphs", "graph"),
    "rule": ("rules", "rule"),
    "export": ("exports", "export"),
    "sheet": ("sheets", "read"),
    "problem": ("sheets", "problem"),
    "sheet-export": ("sheets", "export"),
}
NAMES = tuple(_FUNCTIONS)
LONG = ("sheet", "sheet-export")  # what is about many questions, and may take longer than one
