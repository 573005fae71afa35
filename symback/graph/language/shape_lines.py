"""Shapes: `W: 3x2` a matrix, `x: 2` a vector, `s:` a number; and the entries x[t] that a text takes of an array."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from sympy.core.symbol import Symbol

from symback.errors import ParseError
from symback.expr.tree import Apply, Neg, Tree, walk
from symback.graph.language.declared import shaped_names
from symback.graph.language.loops import Written, array_of, whole_number
from symback.graph.language.statements import ShapeLine, Span, error_at
from symback.graph.language.written_shapes import written_shape
from symback.graph.nodes import Dim, Shape, shape_text
from symback.graph.sizes import letters_of, samples

LARGEST_SAMPLE = 200  # of a size that is a letter: arrays of samples are worked out


class Shapes(NamedTuple):
    """The shapes that a text gives: by name, with the line that says so, and the matrices that are symmetric."""

    shapes: dict[str, Shape]
    places: dict[str, Span]
    symmetric: frozenset[str]


def shapes_of(
    text: str, lines: Iterable[ShapeLine], families: Container[str], least: Mapping[str, int] | None = None
) -> Shapes:
    """Return the shapes that are given; a name has one. `least` is for `sizes.samples`."""
    lines = list(lines)
    written = [written_shape(text, line) for line in lines]
    letters = dict.fromkeys(size for one in written for size in one.sizes if not size.isdigit())
    dims = {letter: Dim(letter, sample) for letter, sample in samples(letters, least=least).items()}
    found = Shapes({}, {}, frozenset())
    for line, one in zip(lines, written, strict=True):
        shape = tuple(dims[size] if size in dims else int(size) for size in one.sizes)
        names = shaped_names(text, line)
        for name, span in names:
            _add(text, found, (name, span), shape, families)
            found.places.setdefault(name, line.whole)
        if one.symmetric:
            found = found._replace(symmetric=found.symmetric | {name for name, _ in names})
    return found


def _add(text: str, found: Shapes, named: tuple[str, Span], shape: Shape, families: Container[str]) -> None:
    name, span = named
    array = array_of(name)
    if array and array not in families:
        hint = f"Give the shape of {array}."
        raise error_at(text, span, f"{name} is an entry of the array {array}.", hint)
    if found.shapes.setdefault(name, shape) != shape:
        message = f"{name} has two shapes, {shape_text(found.shapes[name])} and {shape_text(shape)}."
        raise error_at(text, span, message, "Give each name one shape.")


def least_sizes(statements: Iterable[Written], shapes: Mapping[str, Shape]) -> dict[str, int]:
    """Return how many entries an axis of that size must have, because the text takes that many."""
    least: dict[str, int] = {}
    every = letters_of(shapes.values())
    for statement in statements if every else ():
        for letters, count in _needs(statement, shapes):
            for letter in every if letters is None else letters:
                least[letter] = max(least.get(letter, 0), min(count, LARGEST_SAMPLE))
    return least


def _needs(statement: Written, shapes: Mapping[str, Shape]) -> Iterator[tuple[Iterable[str] | None, int]]:
    """Yield the letters of the axis of which an entry is taken, or None for any, and how many entries that needs."""
    if not statement.template.has_index:
        return
    for node in walk(statement.tree):
        if not isinstance(node, Apply) or node.name not in ("index", "slice"):
            continue
        base, *rest = node.arguments
        shape = shapes.get(base.name) if isinstance(base, Symbol) else None
        places = enumerate(rest) if node.name == "index" else [(int(rest[0]), end) for end in rest[1:]]
        for axis, tree in places:
            value, _ = whole_number(tree, {})
            if value is not None:
                size = shape[axis] if shape is not None and axis < len(shape) else None
                letters = None if size is None else [size.letter] if isinstance(size, Dim) else []
                yield letters, value + 1 if value >= 0 else -value


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
    if any(isinstance(size, Dim) for size in shape):
        hint = f"Up to {LARGEST_SAMPLE} entries are taken where a size is a letter; write a number for it."
    return error_at(text, place, message, hint)
