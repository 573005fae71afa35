"""Shapes: `W: 3x2` a matrix, `x: 2` a vector, `s:` a number; and the entries x[t] that a text takes of an array."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping

from sympy.core.symbol import Symbol

from symback.errors import ParseError
from symback.graph.declared import shaped_names
from symback.graph.loops import Written, array_of
from symback.graph.nodes import Shape, shape_text
from symback.graph.statements import ShapeLine, Span, error_at
from symback.parse.source import Source
from symback.tree import Apply, Neg, Tree, walk

MAX_AXES = 3
MAX_SIZE = 1_000_000
_SEPARATOR = re.compile(r"\s*[x×,*]\s*")
_BRACKETS = {"(": ")", "[": "]"}


def shapes_of(text: str, lines: Iterable[ShapeLine], families: Container[str]) -> dict[str, Shape]:
    """Return the shapes that are given, by name; a name has one."""
    shapes: dict[str, Shape] = {}
    for line in lines:
        shape = _shape(text, line)
        for name, span in shaped_names(text, line):
            array = array_of(name)
            if array and array not in families:
                hint = f"Give the shape of {array}."
                raise error_at(text, span, f"{name} is an entry of the array {array}.", hint)
            if shapes.setdefault(name, shape) != shape:
                message = f"{name} has two shapes, {shape_text(shapes[name])} and {shape_text(shape)}."
                raise error_at(text, span, message, "Give each name one shape.")
    return shapes


def _shape(text: str, line: ShapeLine) -> Shape:
    written = text[line.right.at : line.right.stop]
    if written[:1] in _BRACKETS and written.endswith(_BRACKETS[written[0]]):
        written = written[1:-1].strip().removesuffix(",").rstrip()
    if written in ("", "scalar"):
        return ()
    sizes = _SEPARATOR.split(written)
    place = Span(line.right.at, line.right.stop)
    if not all(size.isdigit() and size.isascii() for size in sizes):
        hint = "Write 3x2 for a matrix of 3 rows, 2 for a vector, and nothing for a number; a value has an equals sign."
        raise error_at(text, place, f"{Source(text).clip(*place)} is not a shape.", hint)
    shape = tuple(int(size) if len(size) < 9 else MAX_SIZE + 1 for size in sizes)
    if len(shape) > MAX_AXES or not all(1 <= size <= MAX_SIZE for size in shape):
        message = f"A shape has up to {MAX_AXES} sizes, from 1 to {MAX_SIZE:,}."
        raise error_at(text, place, message, "Write 3x2 for a matrix of 3 rows and 2 columns.")
    return shape


# --- entries ---------------------------------------------------------------------------------------------------------

Ranges = tuple[tuple[int, int], ...]  # the least and the greatest index along each axis


def entries_used(statements: Iterable[Written]) -> dict[str, Ranges]:
    """Return which entries are taken of each array: `x[1]` to `x[3]` is {"x": ((1, 3),)}."""
    used: dict[str, Ranges] = {}
    for statement in statements:
        for name, entry in _entries(statement):
            used[name] = _joined(used.get(name, ()), entry)
    return used


def _entries(statement: Written) -> Iterator[tuple[str, tuple[int, ...]]]:
    if not statement.template.has_index:
        return
    for node in walk(statement.tree):
        if isinstance(node, Apply) and node.name == "index" and isinstance(node.arguments[0], Symbol):
            yield node.arguments[0].name, tuple(map(_whole, node.arguments[1:]))


def _whole(tree: Tree) -> int:
    return -int(tree.args[0]) if isinstance(tree, Neg) else int(tree)


def _joined(ranges: Ranges, entry: tuple[int, ...]) -> Ranges:
    known = [(min(low, i), max(high, i)) for (low, high), i in zip(ranges, entry, strict=False)]
    return (*known, *ranges[len(entry) :], *((i, i) for i in entry[len(ranges) :]))


def first_entries(ranges: Ranges, shape: Shape) -> Shape | None:
    """Return the number that the first entry has along each axis: 0, or 1 where the text counts from 1 up to the size.

    None where neither fits.

    >>> first_entries(((0, 2),), (3,)), first_entries(((1, 3),), (3,)), first_entries(((0, 3),), (3,))
    ((0,), (1,), None)
    """
    if len(ranges) > len(shape):
        return None
    first = tuple(
        0 if -size <= low and high < size else 1 if low >= 1 and high == size else -1
        for (low, high), size in zip(ranges, shape, strict=False)
    )
    return None if -1 in first else first


def checked_entries(
    text: str, statements: Iterable[Written], used: Mapping[str, Ranges], shapes: Mapping[str, Shape]
) -> dict[str, Shape]:
    """Return the first entry of each array whose shape is given; refuse an entry that it has not."""
    firsts = {name: first_entries(ranges, shapes[name]) for name, ranges in used.items() if name in shapes}
    wrong = {name for name, first in firsts.items() if first is None}
    taken = [(s, name, entry) for s in (statements if wrong else ()) for name, entry in _entries(s) if name in wrong]
    for statement, name, entry in taken:
        if first_entries(_joined((), entry), shapes[name]) is None:
            raise _no_entry(text, statement, name, entry, shapes[name])
    for statement, name, entry in taken:  # each would do by itself, but some count from 0 and some from 1
        if 1 in (first_entries(_joined((), entry), shapes[name]) or ()):
            raise _no_entry(text, statement, name, entry, shapes[name])
    return {name: first for name, first in firsts.items() if first is not None}


def _no_entry(text: str, statement: Written, name: str, entry: tuple[int, ...], shape: Shape) -> ParseError:
    right = statement.template.item.right
    at = text.find(f"{name}[", *right)
    place = Span(at, text.find("]", at) + 1) if at >= 0 else right
    shown = ", ".join(map(str, entry))
    message = f"There is no entry {name}[{shown}]: {name} has the shape {shape_text(shape)}."
    hint = "Entries are numbered from 0, or from 1 where the text takes them from 1 up to the last."
    return error_at(text, place, message, hint)
