"""A graph's text, read: its statements written out and in order, its shapes, its functions, its inputs.

    def psi(t) = 1/(1 + 3^-t)        a function; def psi'(t) = ... gives its derivative
    def p(a, b) = a b^2              a function of several numbers
    W1: 3x2; x: 2; s:                shapes: a matrix, a vector, a number
    A: n x n symmetric; y in R^n     sizes may be letters, which are numbers in the formulas
    for t in 1..3:                   written out; h[t] are nodes, x[t] are entries of the array x
        h[t] = tanh(W1 @ x[t] + h[t-1])
        L += (h[t] - y[t])^2         collected into one sum

The left sides and the names with a shape are the names of the whole graph, and come before everything else: with
`e = a + b`, `e` is that node. Definitions may be in any order, but not in a circle.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import ParseError
from symback.expr.tree import Apply, Tree, symbols_of, walk
from symback.graph.language.declared import Names, left_name, names_of, variable_of
from symback.graph.language.definitions import Definition, definitions_of
from symback.graph.language.loops import MAX_STATEMENTS, Bounds, Template, Unroller, Written, array_of
from symback.graph.language.matrix_words import Meaning
from symback.graph.language.order import collected, in_order
from symback.graph.language.shape_lines import Ranges, Shapes, checked_entries, entries_used, least_sizes, shapes_of
from symback.graph.language.statements import (
    Assignment,
    FunctionLine,
    Item,
    Loop,
    ShapeLine,
    Span,
    error_at,
    items_of,
    without_comments,
)
from symback.graph.nodes import Shape
from symback.graph.operations.calls import arrays
from symback.syntax.reading import declared, tree_in
from symback.syntax.source import MAX_CHARACTERS, check_length, check_limit
from symback.syntax.source import Source as Reader

__all__ = ["Definition", "Source", "Statement", "parse_expression", "read_graph"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One node by name: its tree, and where in the text it is (lines and columns count from 1)."""

    name: str
    tree: Tree
    line: int = 0
    column: int = 0
    text: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A graph as it was read.

    `statements` are written out, each after those it needs. `entries` says which entries are taken of each array along
    each axis, and `first` for the arrays with a shape how the first entry is numbered (`x[1]` to `x[3]` of 3: from 1).
    `shapes` are those of shape lines, whose places in the text are `places`; `given` are those of values that were
    known when the text was read. `symmetric` are the matrices that are said to be so, `sizes` the letters in shapes,
    and `least` how many entries an axis of such a size must have.
    """

    statements: tuple[Statement, ...]
    shapes: dict[str, Shape] = field(default_factory=dict)
    functions: dict[str, Definition] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    text: str = ""
    names: frozenset[str] = frozenset()
    entries: dict[str, Ranges] = field(default_factory=dict)
    first: dict[str, Shape] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()
    sizes: tuple[str, ...] = ()
    given: dict[str, Shape] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)

    def error(self, statement: Statement, message: str, hint: str = "") -> ParseError:
        """Return an error that shows the line of a statement."""
        return ParseError(message, self.text, statement.at, statement.at + len(statement.text), hint=hint)


def read_graph(
    text: str,
    names: Iterable[str] = (),
    given: Mapping[str, Shape] | None = None,
    max_characters: int = MAX_CHARACTERS,
    max_statements: int = MAX_STATEMENTS,
) -> Source:
    """Return a graph's text as it is read; what cannot be read is a `ParseError` with its place.

    `names` are inputs of several letters that have no shape line: `read_graph("L = loss_weight x", ["loss_weight"])`.
    `given` are the shapes of values, by canonical name, which are names as well. A text that is longer than
    `max_characters`, or has more than `max_statements` when its loops are written out, is refused.

    >>> source = read_graph("d = 2b; e = a + d; L = c e")
    >>> [statement.name for statement in source.statements], source.inputs
    (['d', 'e', 'L'], ('b', 'a', 'c'))
    """
    check_length(text, max_characters, "Write repeated lines as a loop, for t in 1..3:, or use matrices.")
    check_limit("max_statements", max_statements)
    try:
        return _read(text, without_comments(text), declared(names), given or {}, max_statements)
    except ParseError as error:
        error.text = text  # with its comments, for the drawing
        raise


def parse_expression(
    text: str,
    names: Iterable[str] = (),
    functions: Mapping[str, Definition] | Iterable[str] = (),
    sizes: Iterable[str] = (),
    shapes: Mapping[str, Shape] | None = None,
) -> Tree:
    """Return the tree of one right-hand side; a name such as `h[3]` is that node, `sizes` are letters for sizes.

    `functions` are those of a graph, or names of functions of one number. `shapes` are those of names: with one,
    `ix` in C[ix] is an array of row numbers.

    >>> parse_expression("W @ h[3] + x[2]", ["h[3]"]), parse_expression("sum(x)/n + ones(n)", sizes=["n"])
    (Plus(Apply(matmul, W, h[3]), Apply(index, x, 2)), Plus(Quotient(Apply(sum, x), Size(n)), Apply(ones, Size(n))))
    """
    own, letters = _parameters(functions), frozenset(sizes)
    known = declared(names) | letters
    families = {array: name[len(array) :].count(",") + 1 for name in known if (array := array_of(name))}
    tree = tree_in(Reader(text, known | families.keys() | own.keys(), arrays=arrays(own, shapes)))
    tree = Meaning(known, letters, {}).of(tree, lambda remark: None)
    item = Assignment(Span(0, 0), Span(0, len(text)), False)
    (written,) = Unroller(text, families, shapes=shapes).written((Template(item, "", (), tree, 0, True),), {})
    return written.tree


def _parameters(functions: Mapping[str, Definition] | Iterable[str]) -> dict[str, tuple[str, ...]]:
    if isinstance(functions, Mapping):
        return {name: definition.parameters for name, definition in functions.items()}
    return dict.fromkeys(functions, ("t",))


def _read(text: str, plain: str, known: frozenset[str], given: Mapping[str, Shape], max_statements: int) -> Source:
    items = items_of(plain)
    names = names_of(plain, items, known | {name for name in given if not array_of(name)})
    lines = [item for item in items if isinstance(item, ShapeLine)]
    shapes = shapes_of(plain, lines, names.families)
    function_lines = [item for item in items if isinstance(item, FunctionLine)]
    functions, function_notes = definitions_of(plain, function_lines, names.functions)
    templates = _Templates(plain, names, {**given, **shapes.shapes})
    unroller = Unroller(plain, names.families, max_statements, {**given, **shapes.shapes})
    written = list(unroller.written(templates.of(items, ()), {}))
    if not written:
        raise Reader(plain).error("There is no assignment.", 0, hint="Write one, such as y = w x + b.")
    _check_families(plain, written, names)
    statements = tuple(_statements(text, in_order(plain, collected(plain, written))))
    inputs = _inputs(written)
    used = entries_used(written)
    least = least_sizes(written, shapes.shapes)
    shapes = shapes_of(plain, lines, names.families, least)
    first = checked_entries(plain, written, used, shapes.shapes)
    notes = (
        *names.notes,
        *function_notes,
        *templates.notes(),
        *_notes_on_shapes(shapes, statements, inputs, names, first),
    )
    nodes = [*(statement.name for statement in statements), *inputs]
    return Source(
        statements,
        _of_entries(shapes.shapes, names, nodes),
        functions,
        inputs,
        notes,
        text,
        names.all - names.sizes.keys(),
        used,
        first,
        _symmetric(shapes, names, nodes),
        tuple(names.sizes),
        {name: tuple(given[name]) for name in inputs if name in given and name not in shapes.shapes},
        shapes.places,
        least,
    )


def _notes_on_shapes(
    shapes: Shapes,
    statements: Iterable[Statement],
    inputs: Iterable[str],
    names: Names,
    first: dict[str, Shape],
) -> Iterator[str]:
    used = {*(statement.name for statement in statements), *inputs, *names.families}
    unused = (name for name in shapes.shapes if (array_of(name) or name) not in used)
    yield from (f"{name} has a shape, but no line uses it." for name in unused)
    yield from (f"The entries of {name} are counted from 1, as the text does." for name in first if 1 in first[name])


# --- assignments, as trees -------------------------------------------------------------------------------------------


class _Templates:
    """Reads the lines of a graph, each once; the variables of the loops around it are names there."""

    def __init__(self, text: str, names: Names, shapes: Mapping[str, Shape]) -> None:
        self.text = text
        self.names = names.all
        self.arrays = arrays(names.functions, shapes)
        self.sizes = frozenset(names.sizes)
        about_matrices = "@" in text or any(len(shape) > 1 for shape in shapes.values())
        self.meaning = Meaning(self.names, self.sizes, shapes, about_matrices)
        self.readers: list[Reader] = []
        self.remarks: list[str] = []

    def of(self, items: Iterable[Item], variables: tuple[str, ...]) -> tuple[Bounds | Template, ...]:
        made: list[Bounds | Template] = []
        for item in items:
            if isinstance(item, Loop):
                made.append(self._loop(item, variables))
            elif isinstance(item, Assignment):
                made.append(self._assignment(item, variables))
            elif variables:
                message = "Write shapes and functions outside loops."
                raise error_at(self.text, Span(item.left.at, item.right.stop), message, "Move this line to the top.")
        return tuple(made)

    def _loop(self, loop: Loop, variables: tuple[str, ...]) -> Bounds:
        variable = variable_of(self.text, loop)
        first, last = (self._number(span, variables) for span in (loop.first, loop.last))
        is_fixed = not (symbols_of(first) or symbols_of(last))
        span = Span(loop.first.at, loop.last.stop)
        return Bounds(span, variable, first, last, is_fixed, self.of(loop.body, (*variables, variable)))

    def _assignment(self, item: Assignment, variables: tuple[str, ...]) -> Template:
        name, indices = left_name(self.text, item.left)
        trees = tuple(self._number(span, variables) for span in indices)
        tree = self._tree(item.right, self.names | frozenset(variables) if variables else self.names)
        tree = self.meaning.of(tree, self.remarks.append)
        nodes = list(walk(tree))
        self.remarks.extend(_note_subscripts(tree, variables))
        return Template(item, name, trees, tree, len(nodes), any(map(_is_index, nodes)), variables)

    def _number(self, span: Span, variables: tuple[str, ...]) -> Tree:
        """Read what must be a number; sizes are known there, so that an error can name them."""
        return self.meaning.of(self._tree(span, self.sizes | frozenset(variables)), self.remarks.append)

    def _tree(self, span: Span, names: frozenset[str]) -> Tree:
        reader = Reader(self.text, names, arrays=self.arrays)
        self.readers.append(reader)
        return tree_in(reader, *span)

    def notes(self) -> tuple[str, ...]:
        """Return the remarks about how the lines were read, each once."""
        return tuple(dict.fromkeys([*(note for reader in self.readers for note in reader.notes), *self.remarks]))


def _note_subscripts(tree: Tree, variables: tuple[str, ...]) -> Iterator[str]:
    """Note `h_t` in a loop over t: it is one name, the same in every pass."""
    for name in sorted(s.name for s in symbols_of(tree)) if variables else ():
        base, underscore, subscript = name.rpartition("_")
        if underscore and subscript in variables:
            yield f"{name} is one name, the same in every pass of the loop; write {base}[{subscript}] for an entry."


def _is_index(node: Basic) -> bool:
    return isinstance(node, Apply) and node.name in ("index", "slice")


def _check_families(text: str, written: Iterable[Written], names: Names) -> None:
    """Refuse `h` alone where h[1], h[2] and so on are nodes."""
    families = names.families.keys()
    for statement in written if families else ():
        for symbol in symbols_of(statement.tree):
            if symbol.name in families:
                message = f"{symbol.name} stands for the nodes {symbol.name}[...], and one of them is needed here."
                hint = f"Write {symbol.name}[3] for one of them."
                raise error_at(text, statement.template.item.right, message, hint)


def _inputs(written: Iterable[Written]) -> tuple[str, ...]:
    """Return the names that no line defines, in the order in which they are first used."""
    written = list(written)
    defined = {statement.name for statement in written}
    used: dict[str, None] = {}
    for statement in written:
        if any(s.name not in defined and s.name not in used for s in symbols_of(statement.tree)):
            used.update((node.name, None) for node in walk(statement.tree) if isinstance(node, Symbol))
    return tuple(name for name in used if name not in defined)


def _of_entries(shapes: dict[str, Shape], names: Names, nodes: Iterable[str]) -> dict[str, Shape]:
    """Return the shapes with the one of a family given to each of its nodes."""
    result = {name: shape for name, shape in shapes.items() if name not in names.families}
    for node in nodes:
        family = array_of(node)
        if family in names.families and family in shapes:
            result.setdefault(node, shapes[family])
    return result


def _symmetric(shapes: Shapes, names: Names, nodes: Iterable[str]) -> frozenset[str]:
    own = (node for node in nodes if array_of(node) in shapes.symmetric)
    return frozenset((*(name for name in shapes.symmetric if name not in names.families), *own))


def _statements(text: str, written: Iterable[Written]) -> Iterator[Statement]:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]  # of the lines
    for statement in written:
        whole = statement.template.item.whole
        line = bisect_right(starts, whole.at)
        column = whole.at - starts[line - 1] + 1
        yield Statement(statement.name, statement.tree, line, column, text[whole.at : whole.stop], whole.at)
