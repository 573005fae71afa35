"""A shape as it is written: `3x2`, `m x n`, `mxn`, `(m, n)`, `n x n symmetric`, and `R^(m x n)` after `in`."""

from __future__ import annotations

import re
from typing import NamedTuple

from symback.errors import ParseError
from symback.graph.language.statements import ShapeLine, Span, error_at
from symback.graph.operations.calls import RESERVED
from symback.syntax.alphabet import SUPERSCRIPTS
from symback.syntax.reading import one_name
from symback.syntax.source import Source
from symback.syntax.words import FUNCTION_WORDS

MAX_AXES = 8
MAX_SIZE = 1_000_000
_REALS = re.compile(r"(?:ℝ|\\mathbb\s*\{\s*R\s*\}|\\mathbb\s+R|\\R(?![A-Za-z])|R(?![A-Za-z\d]))\s*(\^?)\s*")
_SYMMETRIC = re.compile(r"[\s,]*\bsymmetric$")
_SEPARATOR = re.compile(r"\s*(?:[×,*]|\\times(?![A-Za-z]))\s*|\s+x\s+")
_RUN = re.compile(r"(?:\d+|[A-Za-z])(?:\s*x\s*(?:\d+|[A-Za-z]))+")  # 3x2, mxn, n x3
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_NO_SIZES = frozenset(("vector", "matrix", "tensor", "array", "list", "number", "real", "float", "int", "value"))


class Written(NamedTuple):
    """The sizes of a shape, each digits or a canonical letter, and whether the matrix is said to be symmetric."""

    sizes: tuple[str, ...]
    symmetric: bool = False


def written_shape(text: str, line: ShapeLine) -> Written:
    """Return the sizes on the right of a shape line; ParseError where it is none."""
    written = text[line.right.at : line.right.stop]
    bare = _SYMMETRIC.sub("", written)
    inside = _inside(bare, line.is_member)
    sizes = None if inside is None else () if inside in ("", "scalar") else _sizes(inside)
    if sizes is None:
        raise _no_shape(text, line)
    if len(sizes) > MAX_AXES or not all(1 <= int(size[:9]) <= MAX_SIZE for size in sizes if size[0].isdigit()):
        message = f"A shape has up to {MAX_AXES} sizes, from 1 to {MAX_SIZE:,}."
        raise error_at(text, Span(*line.right), message, "Write 3x2 for a matrix of 3 rows and 2 columns.")
    symmetric = bare != written
    if symmetric and (len(sizes) != 2 or sizes[0] != sizes[1]):
        message = "Only a square matrix can be symmetric."
        raise error_at(text, Span(*line.right), message, "Write A: n x n symmetric.")
    return Written(sizes, symmetric)


def _inside(written: str, is_member: bool) -> str | None:
    """Return the sizes alone, without ℝ and brackets; None where ℝ is wanted and missing."""
    found = _REALS.match(written)
    rest = written[found.end() :] if found else ""
    if found and (found[1] or rest[:1] in SUPERSCRIPTS or is_member and not rest):
        raised = "" if found[1] else rest
        written = "".join(SUPERSCRIPTS.get(c, c) for c in raised) if raised else rest
        if found[1] and not rest:
            return None
    elif is_member:
        return None
    written = written.strip()
    if written[:1] in _BRACKETS and written.endswith(_BRACKETS[written[0]]):
        written = written[1:-1].strip().removesuffix(",").rstrip()
    return written


def _sizes(written: str) -> tuple[str, ...] | None:
    sizes: list[str] = []
    for part in _SEPARATOR.split(written):
        for size in re.split(r"\s*x\s*", part) if _RUN.fullmatch(part) else [part]:
            name = size if size.isascii() and size.isdigit() else _letter(size)
            if not name:
                return None
            sizes.append(name)
    return tuple(sizes)


def _letter(written: str) -> str:
    """Return the canonical name of a size that is a letter; "" for what cannot be one."""
    try:
        name = one_name(Source(written), 0, len(written))
    except ParseError:
        return ""
    is_word = name in _NO_SIZES or name in FUNCTION_WORDS or name in RESERVED
    return "" if name == "x" or is_word or "[" in name else name


def _no_shape(text: str, line: ShapeLine) -> ParseError:
    place = Span(*line.right)
    message = f"{Source(text).clip(*place) or 'This'} is not a shape."
    if line.is_member:
        return error_at(text, place, message, "Write x in R^n for a vector, and W in R^(m x n) for a matrix.")
    hint = "Write 3x2 or m x n for a matrix, 2 or n for a vector, and nothing for a number; a value has an equals sign."
    return error_at(text, place, message, hint)
