"""The input language: what people write on paper and what they write in Python, read by our own parser.

`parse` gives the tree of an expression, `read` also the name it was given and the notes on readings that could be meant
otherwise; `read_system`, `read_names` and `read_point` read systems, lists of names and points. Nothing evaluates, and
everything that cannot be read is a `ParseError` with its place, the reason and what to do.
"""

from __future__ import annotations

from symback.syntax.reading import (
    Equation,
    Reading,
    is_equation,
    is_system,
    parse,
    parse_law,
    parse_matrix,
    read,
    read_equation,
    read_names,
    read_point,
    read_system,
)

__all__ = [
    "Equation",
    "Reading",
    "is_equation",
    "is_system",
    "parse",
    "parse_law",
    "parse_matrix",
    "read",
    "read_equation",
    "read_names",
    "read_point",
    "read_system",
]
