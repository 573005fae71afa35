"""Values as they are typed into a form or stand in a link, and back: a=3, x=[1, 2]; W=[[1, 0], [0, 1]]."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from symback.errors import UsageError
from symback.problems.file.fields import (
    Accuracy,
    Arrays,
    Data,
    Direction,
    Expressions,
    Field,
    Flag,
    Point,
    Points,
    PointsOfGraph,
    Texts,
    Validation,
)  # fmt: skip

MOST_NESTED = 8  # axes of an array
FORM = "Write a name and its value, as in a=3, x=[1, 2]; W=[[1, 0], [0, 1]]."
_NUMBER = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,3})?")
_YES = ("true", "yes", "on", "1")


def value_of(field: Field[Any], text: str) -> Any:
    """Return what a file would say, from what was typed for a field.

    >>> from symback.problems.registry import kind
    >>> value_of(kind("derive").fields["at"], "x=2, y=1/2"), value_of(kind("derive").fields["order"], "2")
    ({'x': '2', 'y': '1/2'}, 2)
    """
    return next((read for kind, read in _READERS if isinstance(field, kind)), _as_option)(field, text)


def _as_option(field: Field[Any], text: str) -> Any:
    return field.typed([text])


def _listed(field: Field[Any], text: str) -> Any:
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    return parts if len(parts) > 1 else text.strip()


def _stripped(value: Any) -> Any:
    return [part.strip() for part in value] if isinstance(value, list) else value.strip()


def _number(field: Field[Any], text: str) -> Any:
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else text


def _arrays(field: Field[Any], text: str) -> Any:
    """Read names with numbers and arrays; a part of the data, such as 0.2, is a number."""
    if isinstance(field, Validation) and _NUMBER.fullmatch(text.strip()):
        return _number(field, text)
    joined = ",".join(part.strip().rstrip(",;") for part in text.splitlines() if part.strip())
    found: Mapping[str, str] = Point("").typed([joined])
    return {name: nested(value) for name, value in found.items()}


_READERS: tuple[tuple[Any, Callable[[Field[Any], str], Any]], ...] = (
    (Flag, lambda field, text: text.strip().lower() in _YES),
    (Accuracy, lambda field, text: False if text.strip().lower() == "false" else text),
    (Points, _number),
    (Direction, lambda field, text: text),
    ((Arrays, PointsOfGraph, Data, Validation), _arrays),
    (Expressions, lambda field, text: _stripped(field.argument(text))),
    (Texts, _listed),
)


def nested(text: str, depth: int = 0) -> Any:
    """Return an array as nested lists of numbers and texts.

    >>> nested("[[1, 0], [sqrt(2), 0.5]]")
    [[1, 0], ['sqrt(2)', Decimal('0.5')]]
    """
    text = text.strip()
    if not text.startswith("["):
        return _entry(text)
    if not text.endswith("]"):
        raise UsageError("A list is not closed.", hint="Write ] at its end, as in x=[1, 2].")
    if depth == MOST_NESTED:
        raise UsageError(f"More than {MOST_NESTED} lists in lists.", hint=FORM)
    return [nested(part, depth + 1) for part in _parts(text[1:-1])]


def _entry(text: str) -> Any:
    if text.lstrip("+-").isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    return Decimal(text) if _NUMBER.fullmatch(text) else text


MOST_DIGITS = 40


def _parts(text: str) -> list[str]:
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character in ",;" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part.strip()]


def text_of(value: Any) -> str:
    """Return a value of a file as it is typed.

    >>> text_of({"x": [1, 2], "a": 3}), text_of(["x", "y"]), text_of(True)
    ('x=[1, 2]; a=3', 'x; y', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={_in_brackets(entry)}" for name, entry in value.items())
    return "; ".join(map(text_of, value)) if isinstance(value, (list, tuple)) else str(value)


def _in_brackets(value: Any) -> str:
    return f"[{', '.join(map(_in_brackets, value))}]" if isinstance(value, list) else str(value)
