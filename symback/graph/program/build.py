"""From trees to nodes: every operation once, shapes checked as it is built.

Equal operations on equal inputs are one node, so work and code stay linear however often a name is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import Any

from sympy.core.basic import Basic
from sympy.core.numbers import Rational
from sympy.core.symbol import Str, Symbol

from symback.errors import NoRule, ShapeError
from symback.expr.composites import COMPOSITES
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    PI,
    Apply,
    Decimal,
    E,
    Neg,
    Plus,
    Power,
    Quotient,
    Size,
    Times,
    Tree,
    fold,
    number_value,
)
from symback.graph.language.clashes import clash
from symback.graph.nodes import Dim, Node, Program, Shape, shape_text
from symback.graph.operations import OPERATIONS, broadcast_shape, same_shape
from symback.graph.operations.functions import has_kernel
from symback.graph.operations.row import ArrayOperation, ShapeRule
from symback.graph.operations.table import TABLE, arrays_of, parameters_of, row_of
from symback.graph.program.composite_bodies import body_of
from symback.graph.program.composite_bodies import definition_of as definition_for
from symback.graph.program.function_builders import BUILDERS
from symback.graph.program.stable_forms import stable_form
from symback.graph.sizes import total, valued
from symback.syntax.function_rows import ARGUMENT, definition_of

Environment = Mapping[Symbol, int]

# A tree's function name and the operation it is; function rows are operations of their own name.
_NAMES = {"max": "maximum", "min": "minimum", "inv": "inverse"}
MAX_AXES = 16
MOST_ENTRIES = 10**9  # of the result of an operation
_TIED = frozenset(("maximum", "minimum"))
_WITH_AXIS = frozenset(("sum", "mean"))
_ELEMENTWISE = frozenset(row.name for row in FUNCTIONS.values() if row.arity == 1)


class Builder:
    """The nodes built so far; `add` returns the number of a node, an old one where the operation is known already."""

    def __init__(
        self,
        functions: Mapping[str, Any] | None = None,
        nodes: Program = (),
        first: Mapping[str, Sequence[int]] | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self.nodes: list[Node] = list(nodes)
        self.functions = functions or {}
        self.first = first or {}  # by array: how its first entry is numbered along each axis
        self.sizes = sizes or {}  # by letter: a number, or the letter itself as a Dim
        self._known = {_key(node): node.id for node in nodes}

    def shape(self, node: int) -> Shape:
        return self.nodes[node].shape

    def add(self, op: str, inputs: Sequence[int] = (), params: tuple[Any, ...] = (), tree: Tree | None = None) -> int:
        """Return the node of an operation; ShapeError where the inputs do not fit."""
        inputs = tuple(inputs)
        if op == "matmul" and any(len(self.nodes[i].shape) > 2 for i in inputs):
            op = "bmm"
        if op == "transpose" and len(self.nodes[inputs[0]].shape) < 2:
            return inputs[0]  # a vector is neither a row nor a column
        if op in _TIED and self.nodes[inputs[0]].value is not None:
            inputs = inputs[::-1]  # where both are equal the derivative of the second is taken: that of the number
        simpler = _without_effect(self, op, inputs)
        if simpler is not None:
            return simpler
        key = (op, inputs, params, None)
        known = self._known.get(key)
        if known is not None:
            return known
        shapes = [self.nodes[i].shape for i in inputs]
        rule = _shape_rule(op)
        try:
            shape = rule(shapes, params)
            _check_size(shape)
        except ShapeError as error:
            raise clash(error, self.nodes, inputs) from None
        made = self._known[key] = len(self.nodes)
        self.nodes.append(Node(made, op, inputs, shape, "", params, None, tree))
        return made

    def constant(self, value: Fraction | int, params: tuple[Any, ...] = ()) -> int:
        """Return the node of a number (or, with params, of e or pi)."""
        exact = None if params else Fraction(value)
        known = self._known.get(("constant", (), params, exact))
        return self._append(Node(len(self.nodes), "constant", (), (), "", params, exact)) if known is None else known

    def input(self, name: str, shape: Shape) -> int:
        """Return the node of an input of the graph."""
        return self._append(Node(len(self.nodes), "input", (), shape, name, tuple(shape)), unique=True)

    def keep_apart(self, node: int) -> None:
        """Let no later operation be taken for this node, as for one that was given a name."""
        self._known.pop(_key(self.nodes[node]), None)

    def _append(self, node: Node, unique: bool = False) -> int:
        self.nodes.append(node)
        if not unique:
            self._known[_key(node)] = node.id
        return node.id

    def name(self, node: int, name: str, is_new: bool) -> int:
        """Give a node the user's name and return its number.

        What has a name is a node of its own, because there is a gradient by it: with b = x^2 and L = x^2 + b the two
        squares are two nodes, or the gradient by b would count both. So a node that was there before is copied, and
        nothing else is taken for one with a name.
        """
        old = self.nodes[node]
        if is_new and not old.name and old.op != "constant":  # numbers are worked out at once, names are not
            self._known.pop(_key(old), None)
            self.nodes[node] = replace(old, name=name)
            return node
        if old.name or not old.inputs:  # with e = d, the loss depends on d through e
            copy = replace(old, op="identity", inputs=(node,), params=(), value=None, tree=None)
        else:
            copy = old
        return self._append(replace(copy, id=len(self.nodes), name=name), unique=True)

    # --- trees ----------------------------------------------------------------------------------------------------

    def lower(self, tree: Tree, names: Environment, special: Mapping[str, Callable[..., int]] | None = None) -> int:
        """Return the node that a tree is worth, its symbols being the nodes of `names`.

        `special` maps functions that only a law knows (`spread`, `count`) to what builds them.
        """
        special = special or {}

        def combine(node: Basic, inner: list[Any]) -> Any:
            stable = None if special else stable_form(node)
            if stable is not None:
                found: Any = self.lower(stable, names)
            elif isinstance(node, Apply):
                found = self._apply(node, inner[1:], names, special)
            else:
                found = self._arithmetic(node, inner, names)
            if isinstance(found, int) and self.nodes[found].tree is None and not special:
                self.nodes[found] = replace(self.nodes[found], tree=node)
            return found

        return int(fold(tree, combine))

    def _arithmetic(self, node: Basic, inner: list[Any], names: Environment) -> Any:
        if isinstance(node, Symbol):
            if node not in names:
                raise NoRule(f"{node.name} is not defined.")
            return names[node]
        constant = self._constant_of(node)
        if constant is not None:
            return constant
        if isinstance(node, Plus):
            return self._sum(node, inner)
        if isinstance(node, Times):
            return self._chain(node, inner)
        if isinstance(node, Quotient):
            return self.add("divide", inner)
        if isinstance(node, Neg):
            return self.add("negate", inner)
        if isinstance(node, Power):
            return self.add("exp", inner[1:]) if node._args[0] is E else self.add("power", inner)
        return None if isinstance(node, (Str, Rational, Decimal)) or not hasattr(node, "_args") else _refuse(node)

    def _constant_of(self, node: Basic) -> int | None:
        """Return the node of a number, a size, e or pi; None for anything else."""
        value = number_value(node)
        if value is not None:
            return self.constant(value)
        if node is E or node is PI:
            return self.constant(0, ("e" if node is E else "pi",))
        return self.size(node) if isinstance(node, Size) else None

    def size(self, letter: Size) -> int:
        """Return the node of a size that is a letter, or of the number that it stands for."""
        length = self._length(letter)
        return self.add("size", (), (length,)) if isinstance(length, Dim) else self.constant(length)

    def _length(self, tree: Tree) -> int:
        """Return what a size is: a number, a letter, or a sum of them such as n + 1."""
        value = number_value(tree)
        if value is not None and value.denominator == 1:
            return int(value)
        found = valued(tree.name, self.sizes) if isinstance(tree, Size) else None
        if found is not None:
            return found
        if isinstance(tree, Plus):
            terms = [(isinstance(term, Neg), term._args[0] if isinstance(term, Neg) else term) for term in tree._args]
            added, less = (
                [self._length(term) for sign, term in terms if sign == negative] for negative in (False, True)
            )
            return total(added, less)
        if isinstance(tree, Times) and (count := number_value(tree._args[0])) is not None and len(tree._args) == 2:
            return total([self._length(tree._args[1])] * int(count))
        hint = "Write a number such as 3, or a letter that is the size of an axis, as n in x: n."
        raise ShapeError("A size must be a whole number or a letter for one.", hint=hint)

    def lengths(self, trees: Sequence[Tree]) -> Shape:
        """Return what sizes are, as in ones(m, n)."""
        return tuple(self._length(tree) for tree in trees)

    def _chain(self, node: Times, inner: list[int]) -> int:
        total = inner[0]
        for count, part in enumerate(inner[1:], 2):
            total = self._labelled(self.add("multiply", (total, part)), node, count)
        return total

    def _labelled(self, found: int, node: Tree, count: int) -> int:
        """Give the node of the first terms or factors these as its expression."""
        if self.nodes[found].tree is None and count < len(node._args):
            self.nodes[found] = replace(self.nodes[found], tree=type(node)(*node._args[:count]))
        return found

    def _sum(self, node: Plus, inner: list[int]) -> int:
        total = inner[0]
        for count, (term, part) in enumerate(zip(node._args[1:], inner[1:], strict=True), 2):
            negated = isinstance(term, Neg) and self.nodes[part].op == "negate"
            op, right = ("subtract", self.nodes[part].inputs[0]) if negated else ("add", part)
            total = self._labelled(self.add(op, (total, right)), node, count)
        return total

    def _apply(
        self, node: Apply, inner: list[int], names: Environment, special: Mapping[str, Callable[..., int]]
    ) -> int:
        name = node.name
        if name in special:
            return special[name](*inner)
        if name in self.functions:
            return self._user_function(name, inner)
        if name in COMPOSITES:
            return self._composite(node, inner)
        builder = BUILDERS.get(name)
        if builder is not None:
            return builder(self, node, inner)
        row = row_of(name)
        if row is not None:
            return self.operation(row, node, inner)
        op = _NAMES.get(name, name)
        if op in OPERATIONS or op in _ELEMENTWISE and has_kernel(op):
            return self.add(op, inner)
        if op in _ELEMENTWISE and FUNCTIONS[op].definition:
            return self.lower(definition_of(op), {ARGUMENT: inner[0]})
        raise NoRule(f"A graph cannot hold the function {name}.", hint="Define it with a line `def name(t) = ...`.")

    def operation(self, row: ArrayOperation, node: Apply, inner: Sequence[int]) -> int:
        """Return the node of an operation of the table; ShapeError where arrays or parameters do not fit."""
        count = arrays_of(row, node.arguments)
        arrays = tuple(inner[:count])
        given = [self._parameter(row, place, tree) for place, tree in enumerate(node.arguments[count:])]
        shapes = [self.shape(i) for i in arrays]
        try:
            params = parameters_of(row, node.name, given, shapes)
        except ShapeError as error:
            raise clash(error, self.nodes, arrays) from None
        return self.add(row.name, arrays, params)

    def _parameter(self, row: ArrayOperation, place: int, tree: Tree) -> int:
        """Return a parameter of an operation: a whole number, or a size."""
        value = number_value(tree)
        if value is not None and value.denominator == 1:
            return int(value)
        try:
            return self._length(tree)
        except ShapeError as error:
            parameter = row.parameters[min(place, len(row.parameters) - 1)]
            if parameter.takes_rest:
                raise
            message = f"The {parameter.name} of {row.called} is not a whole number."
            raise ShapeError(message, hint=f"Write one, as in {row.called}(x, {parameter.name}=1).") from error

    def _composite(self, node: Apply, inner: list[int]) -> int:
        """Write a composite out; what a loss compares has one shape, where it is not class numbers."""
        shapes = [self.shape(i) for i in inner]
        row = COMPOSITES[node.name]
        if row.is_loss and definition_for(row, shapes) == row.definition:
            try:
                same_shape(shapes[:2], ())
            except ShapeError as error:
                raise clash(error, self.nodes, inner) from None
        inputs, body = body_of(node, shapes)
        return self.lower(body, dict(zip(inputs, inner, strict=False)))

    def _user_function(self, name: str, inner: list[int]) -> int:
        """Write a function of the user's out; with a given derivative the result is one node, `call`."""
        definition = self.functions[name]
        result = self.lower(definition.body, definition.bound(inner))
        return result if definition.derivative is None else self.add("call", (inner[0], result), (name,))


def _check_size(shape: Shape) -> None:
    """Refuse a result that no memory holds, and one without entries."""
    if any(int(n) < 1 for n in shape):
        raise ShapeError(f"The result cannot be {shape_text(shape)}.", hint="Sizes are 1 or more.")
    if len(shape) > MAX_AXES or prod(map(int, shape)) > MOST_ENTRIES:
        what = f"{len(shape)} axes" if len(shape) > MAX_AXES else f"{prod(map(int, shape)):,} entries"
        hint = f"An array has up to {MAX_AXES} axes and {MOST_ENTRIES:,} entries."
        raise ShapeError(f"The result has {what}, which is too many.", hint=hint)


def _shape_rule(op: str) -> ShapeRule:
    if op in OPERATIONS:
        return OPERATIONS[op].shape
    return TABLE[op].shape if op in TABLE else broadcast_shape


def _key(node: Node) -> tuple[Any, ...]:
    return (node.op, node.inputs, node.params, node.value)


def _refuse(node: Basic) -> int:
    raise NoRule(f"A graph cannot hold a {type(node).__name__}.")


def _without_effect(builder: Builder, op: str, inputs: tuple[int, ...]) -> int | None:
    """Return the node that an operation with 0 or 1 leaves, and work out arithmetic on two numbers."""
    if op not in _ARITHMETIC or len(inputs) != 2:
        return None
    left, right = (builder.nodes[i] for i in inputs)
    a, b = left.value, right.value
    if a is not None and b is not None:
        value = _ARITHMETIC[op](a, b)
        return None if value is None else builder.constant(value)
    if op == "multiply" and a == 1 or op == "add" and a == 0:
        return right.id
    if b == (1 if op in ("multiply", "divide", "power") else 0) and b is not None:
        return left.id
    return None


def _power_of_numbers(a: Fraction, b: Fraction) -> Fraction | None:
    small = b.denominator == 1 and abs(b) <= 64 and max(abs(a.numerator), a.denominator) < 2**32
    return a ** int(b) if small and (a or b > 0) else None


_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction | None]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else None,
    "power": _power_of_numbers,
}


def pruned(nodes: Sequence[Node], wanted: Sequence[int]) -> tuple[Program, dict[int, int]]:
    """Return the nodes that the wanted ones need (and every input), renumbered, and where each went."""
    needed = {n.id for n in nodes if n.op == "input"}
    stack = list(wanted)
    while stack:
        node = stack.pop()
        if node not in needed or nodes[node].op == "input":
            needed.add(node)
            stack.extend(i for i in nodes[node].inputs if i not in needed)
    places = {old: new for new, old in enumerate(sorted(needed))}
    return tuple(_moved(nodes[old], new, places) for old, new in places.items()), places


def _moved(node: Node, new: int, places: Mapping[int, int]) -> Node:
    """Return a node with another number, and its inputs where they are now."""
    inputs = tuple([places[i] for i in node.inputs])
    if node.id == new and node.inputs == inputs:
        return node
    return Node(new, node.op, inputs, node.shape, node.name, node.params, node.value, node.tree)


def entries(shape: Shape) -> int:
    """Return the number of entries of an array of this shape."""
    return prod(shape)
