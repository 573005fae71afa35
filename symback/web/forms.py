"""The forms of the page: every kind of question with its fields, from what the kind declares, and all formats."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from typing import Any

from symback import formats
from symback.errors import SymbackError
from symback.expr.numeric import is_installed
from symback.problems.file.fields import (
    Arrays,
    Choice,
    Data,
    Field,
    Flag,
    Graph,
    Point,
    PointsOfGraph,
    Texts,
    Validation,
    Whole,
)  # fmt: skip
from symback.problems.kind import Kind
from symback.problems.registry import kinds
from symback.web.typed import text_of

Object = dict[str, Any]
LABELS = {"expr": "Expression", "wrt": "Variables", "at": "At the point", "from": "From", "to": "To"}
HIDDEN = ("mistake", "function", "forward_only")  # what makes exercises of a question, for authors

_WIDGETS: tuple[tuple[Any, str, str], ...] = (
    (Flag, "check", ""),
    (Choice, "choice", ""),
    (Whole, "number", ""),
    (Graph, "area", "d = 2b; e = a + d; L = c e"),
    ((Data, Validation), "area", "X=[[0, 1], [1, 0]]; y=[1, 0]"),
    ((Arrays, PointsOfGraph), "area", "a=3, b=1; x=[1, 2]"),
    (Point, "text", "x=2, y=1/2"),
    (Texts, "text", ""),
)


def forms(given: Object | None = None) -> Object:
    """Return all kinds with their fields, all formats that can be written here, and whether arrays have values here.

    >>> found = forms()
    >>> [field["key"] for field in found["kinds"]["derive"]["fields"]][:2]
    ['expr', 'wrt']
    """
    asked = {name: _form(one) for name, one in kinds().items() if one.does}  # the others are asked in sheets alone
    return {"kinds": asked, "formats": _formats(), "arrays": is_installed()}


def _form(kind: type[Kind]) -> Object:
    example = example_of(kind)
    fields = [_field(one, example) for key, one in kind.fields.items() if key not in HIDDEN]
    return {
        "kind": kind.kind(),
        "title": kind.kind().replace("_", " ").capitalize(),
        "does": kind.does,
        "takes": kind.takes,
        "details": list(kind.details),
        "writes": list(kind.writes),
        "fields": fields,
        "example": {key: text_of(value) for key, value in example.items()},
    }


def example_of(kind: type[Kind]) -> Object:
    r"""Return the example of a kind as its fields.

    >>> from symback.problems.registry import kind
    >>> example_of(kind("backprop"))
    {'graph': 'd = 2b; e = a + d; L = c e'}
    """
    text = re.sub(r"(?<=['\"}\]\d]) and (?=\w+ = )", "\n", kind.example)
    with suppress(tomllib.TOMLDecodeError):
        return tomllib.loads(text)
    return {}


def _field(field: Field[Any], example: Object) -> Object:
    widget, placeholder = next(((w, p) for kind, w, p in _WIDGETS if isinstance(field, kind)), ("text", ""))
    if "\n" in str(example.get(field.key, "")):
        widget = "area"
    default = "" if field.required or field.default in (None, ()) else text_of(field.default)
    return {
        "key": field.key,
        "label": LABELS.get(field.key) or field.key.replace("_", " ").capitalize(),
        "says": says_of(field),
        "required": field.required,
        "default": default,
        "widget": widget,
        "words": list(getattr(field, "words", ())) if widget == "choice" else [],
        "placeholder": placeholder,
    }


def says_of(field: Field[Any]) -> str:
    """Return what a field is for, as it is said to whoever types into a form.

    >>> from symback.problems.registry import kind
    >>> says_of(kind("derive").fields["at"])
    'Work out the value at a point: x=2,y=-1/2.'
    """
    said = field.option or field.says
    said = re.sub(r"--[\w-]+ (\w+) (?:or )?--[\w-]+ (\w+)", r"\1; \2", said)
    return re.sub(r"--(?=\w)", "", re.sub(r"--[\w-]+[ =]", "", said))


def _formats() -> list[Object]:
    return [
        {"name": row.name, "called": row.called, "ending": row.endings[0], "uses": list(row.uses)}
        for row in formats.FORMATS
        if _can_be_written(row)
    ]


def _can_be_written(row: formats.Format) -> bool:
    if "sheet" not in row.uses:
        return True
    from symback.page.writers import format_named

    try:
        format_named(row.name)
    except (SymbackError, ImportError):
        return False
    return True
