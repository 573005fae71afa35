"""Loops unrolled: every assignment once per value of the loop variables, with exact indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import TooLarge
from symback.expr.tree import (
    Apply,
    Inert,
    Neg,
    Plus,
    Quotient,
    Size,
    Times,
    Tree,
    apply,
    fold,
    number,
    number_value,
    symbol,
    symbols_of,
    walk,
)
from symback.graph.language.statements import Assignment, Span, error_at
from symback.graph.nodes import Shape

MAX_STATEMENTS = 5_000
NODES = 60  # numbers, names and signs that a statement may have, taken over all of them
_LARGEST = 1_000_000

Values = Mapping[str, int]


class Bounds(NamedTuple):
    """A loop whose bounds are trees of numbers and of the variables of the loops around it."""

    span: Span
    variable: str
    first: Tree
    last: Tree
    is_fixed: bool
    body: tuple[Bounds | Template, ...]


class Template(NamedTuple):
    """An assignment as it is written, its indices still trees; `variables` are those of the loops around it."""

    item: Assignment
    name: str
    indices: tuple[Tree, ...]
    tree: Tree
    nodes: int
    has_index: bool
    variables: tuple[str, ...] = ()


class Written(NamedTuple):
    """An assignment written out: its name, such as `h[3]`, and its tree, free of loop variables."""

    name: str
    tree: Tree
    template: Template


class Unroller:
    """Writes loops out within the limits; `families` are the names that are assigned entry by entry, as h[t] is."""

    def __init__(
        self,
        text: str,
        families: Mapping[str, int],
        max_statements: int = MAX_STATEMENTS,
        shapes: Mapping[str, Shape] | None = None,
    ) -> None:
        self.text = text
        self.shapes = shapes or {}
        self.lines: frozenset[str] = frozenset()  # names of lines outside loops
        self.families = families
        self.max_statements = max_statements
        self.passes = 0
        self.statements = 0
        self.nodes = 0

    def written(self, items: tuple[Bounds | Template, ...], values: Values) -> Iterator[Written]:
        """Yield the assignments in the order in which they would be carried out."""
        self.lines |= {item.name for item in items if isinstance(item, Template) and not item.indices}
        for item in items:
            if isinstance(item, Template):
                yield self._statement(item, values)
                continue
            for value in self._range(item, values):
                self.passes += 1
                self._check_limits(item.span)
                yield from self.written(item.body, {**values, item.variable: value})

    def _statement(self, template: Template, values: Values) -> Written:
        self.statements += 1
        self.nodes += template.nodes
        self._check_limits(template.item.whole)
        name = template.name
        if template.indices:
            entries = [self._whole(index, values, template.item.left) for index in template.indices]
            name = entry_name(name, entries)
        tree = template.tree
        if values or template.has_index:
            tree = fold(tree, lambda node, inner: self._filled(node, inner, values, template))
        return Written(name, tree, template)

    def _filled(self, node: Basic, inner: list[Tree], values: Values, template: Template) -> Tree:
        if isinstance(node, Symbol):
            return number(values[node.name]) if node.name in values else node
        if not inner:
            return node
        if isinstance(node, Apply) and node.name == "index":
            return self._entry(inner[1], inner[2:], template)
        if isinstance(node, Apply) and node.name == "slice":
            return apply("slice", inner[1], inner[2], *(self._end(end, template) for end in inner[3:]))
        return node if all(a is b for a, b in zip(inner, node._args, strict=True)) else type(node)(*inner)

    def _entry(self, base: Tree, indices: list[Tree], template: Template) -> Tree:
        name = base.name if isinstance(base, Symbol) else ""
        if len(indices) == 1 and name not in self.families and self._is_array(indices[0]):
            return apply("gather", base, indices[0])
        place = self._place(name, template.item.right)
        entries = [self._whole(index, {}, place) for index in indices]
        own = self.families.get(name, 0)
        if len(entries) < own:
            message = f"{name} has {own} indices where it is defined, but {len(entries)} here."
            raise error_at(self.text, place, message, "Write as many indices in both places.")
        if own:
            base = symbol(entry_name(name, entries[:own]))
        return apply("index", base, *map(number, entries[own:])) if entries[own:] else base

    def _is_array(self, index: Tree) -> bool:
        """Tell whether an index is worked out by the graph: a list, or names that have axes or a line of their own."""
        names = symbols_of(index)
        is_list = isinstance(index, Apply) and index.name == "array"
        return is_list or bool(names) and all(s.name in self.lines or self.shapes.get(s.name, ()) for s in names)

    def _end(self, end: Tree, template: Template) -> Tree:
        """Return an end of a slice: a whole number, or a size with whole numbers."""
        return end if has_size(end) else number(self._whole(end, {}, template.item.right))

    def _place(self, name: str, span: Span) -> Span:
        """Return where the entry of a name is written, or the whole span."""
        at = self.text.find(f"{name}[", *span) if name else -1
        return span if at < 0 else Span(at, min(self.text.find("]", at) + 1 or span.stop, span.stop))

    def _whole(self, tree: Tree, values: Values, span: Span) -> int:
        value, culprit = whole_number(tree, values)
        if value is not None and abs(value) <= _LARGEST:
            return value
        if has_size(tree):
            message = f"The index holds {culprit}, which is the size of an axis; a number is needed there."
        elif culprit:
            message = f"The index holds {culprit}, which is not the variable of a loop around it."
        else:
            message = "The index is not a whole number up to a million."
        raise error_at(self.text, span, message, "Write an index such as t, t-1 or 2t with for t in 1..3 around it.")

    def _range(self, loop: Bounds, values: Values) -> range:
        first, last = (self._bound(tree, values, loop.span) for tree in (loop.first, loop.last))
        if last < first and loop.is_fixed:
            hint = f"Write for {loop.variable} in {last}..{first}; definitions may be in any order."
            raise error_at(self.text, loop.span, f"There is no number from {first} up to {last}.", hint)
        return range(first, last + 1)

    def _bound(self, tree: Tree, values: Values, span: Span) -> int:
        value, culprit = whole_number(tree, values)
        if value is None or abs(value) > _LARGEST:
            whole = "A loop runs over whole numbers up to a million."
            why = "the size of an axis, and a loop needs a number" if has_size(tree) else "not a number here"
            message = f"{culprit} is {why}." if culprit else whole
            raise error_at(self.text, span, message, "Write numbers, as in for t in 1..3.")
        return value

    def _check_limits(self, span: Span) -> None:
        most, most_nodes = self.max_statements, NODES * self.max_statements
        if max(self.statements, self.passes / 2) <= most and self.nodes <= most_nodes:
            return
        what = f"{most_nodes:,} numbers, names and signs" if self.nodes > most_nodes else f"{most:,} statements"
        hint = f"Use vectors and matrices instead of a loop. In Python max_statements={4 * most} raises the limit."
        raise TooLarge(f"Written out, the graph has more than {what}.", self.text, span.at, span.stop, hint=hint)


def whole_number(tree: Tree, values: Values) -> tuple[int | None, str]:
    """Return the whole number that a tree of numbers and loop variables is worth; else None and the name in its way.

    >>> from symback.syntax import parse
    >>> whole_number(parse("2t - 1"), {"t": 3}), whole_number(parse("t/2"), {"t": 3}), whole_number(parse("n + 1"), {})
    ((5, ''), (None, ''), (None, 'n'))
    """
    unknown = [s.name for s in walk(tree) if isinstance(s, (Symbol, Size)) and s.name not in values]
    if unknown:
        return None, unknown[0]
    value = fold(tree, lambda node, inner: _worth(node, inner, values))
    return (None, "") if value is None or value.denominator != 1 else (value.numerator, "")


def has_size(tree: Tree) -> bool:
    """Tell whether a size that is a letter is in a tree."""
    return any(isinstance(node, Size) for node in walk(tree))


def _worth(node: Basic, inner: list[Fraction | None], values: Values) -> Fraction | None:
    if isinstance(node, Symbol):
        return Fraction(values[node.name])
    if not isinstance(node, Inert):
        return number_value(node)
    known = [value for value in inner if value is not None]
    if len(known) < len(inner) or any(abs(value) > _LARGEST**2 for value in known):
        return None
    if isinstance(node, Plus):
        return sum(known, Fraction(0))
    if isinstance(node, Neg):
        return -known[0]
    if isinstance(node, Times):
        return _product(known)
    return known[0] / known[1] if isinstance(node, Quotient) and known[1] else None


def _product(factors: list[Fraction]) -> Fraction | None:
    product = Fraction(1)
    for factor in factors:
        product *= factor
        if abs(product) > _LARGEST**2:
            return None
    return product


def array_of(name: str) -> str:
    """Return the array that a name is an entry of; nothing for a name that is not an entry.

    >>> array_of("h[3]"), array_of("h^[1][3]"), array_of("w^[1]"), array_of("h")
    ('h', 'h^[1]', '', '')
    """
    array, _, _ = name.rpartition("[") if name.endswith("]") else ("", "", "")
    return "" if array.endswith("^") else array  # a layer, as in w^[1], is part of the name


def entry_name(name: str, entries: list[int]) -> str:
    """Return the name of one entry of a family: `h[3]`, `A[0,2]`."""
    return f"{name}[{','.join(map(str, entries))}]"
