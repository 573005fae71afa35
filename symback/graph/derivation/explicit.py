"""Broadcasting, written and left out: NumPy's rule made explicit by `ones`, `rows` and `columns`, and hidden again.

    x + 1        x + ones(3)                 X + b    X + rows(b, 4)
    X + c        X + columns(sum(c, 1), 3)   where c is a column, 4x1

A number times an array needs nothing: it is a multiple. What is shown is read by NumPy's rule again: an array that
nothing else makes large enough is written with all its entries, as 2 ones(3), outer(ones(4), b) or outer(u, ones(3)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sympy.core.numbers import Integer

from symback.expr.match import joined_product
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    E,
    Gradient,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    number_value,
)
from symback.graph.derivation.shapes import Shapes, arguments, count, is_call, ones
from symback.graph.derivation.user_functions import replaced
from symback.graph.nodes import Shape
from symback.graph.operations import broadcast_shape
from symback.graph.operations.choosing import COMPARISONS
from symback.graph.operations.table import arrays_of, parameters_of, row_of
from symback.graph.sizes import size_tree as size
from symback.syntax.arrays import ALONG_THE_LAST

_TWO_ARRAYS = frozenset(("max", "min", *COMPARISONS.values()))
_ENTRY_BY_ENTRY = _TWO_ARRAYS | {"where"}


# --- written ---------------------------------------------------------------------------------------------------------


def explicit(tree: Tree, shapes: Shapes) -> Tree:
    """Return a formula whose every part has the shape that it counts for; ShapeError where that cannot be."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if not isinstance(node, Inert) or isinstance(node, Gradient) or number_value(node) is not None:
            return node
        if isinstance(node, Plus) or (isinstance(node, Apply) and node.name in _ENTRY_BY_ENTRY):
            return _of_one_shape(node, inner, shapes)
        if isinstance(node, (Times, Quotient)):
            return _multiples(node, inner, shapes)
        if isinstance(node, Power):
            return _power(inner, shapes)
        return _without_names(node, inner, shapes)

    return fold(tree, combine)


def _of_one_shape(node: Any, inner: list[Tree], shapes: Shapes) -> Tree:
    head, parts = (inner[:1], inner[1:]) if isinstance(node, Apply) else ([], inner)
    shape = broadcast_shape([shapes.of(p) for p in parts])
    return type(node)(*head, *(spread(p, shape, shapes) for p in parts))


def _multiples(node: Any, inner: list[Tree], shapes: Shapes) -> Tree:
    """Spread the arrays of a product to one shape; numbers stay, being multiples."""
    own = [shapes.of(p) for p in inner]
    shape = broadcast_shape(own)
    parts = [p if not s else spread(p, shape, shapes) for p, s in zip(inner, own, strict=True)]
    return type(node)(*parts)


def _power(inner: list[Tree], shapes: Shapes) -> Tree:
    base, exponent = inner
    if base is E or not shapes.of(exponent):
        return Power(base, exponent)
    shape = broadcast_shape([shapes.of(base), shapes.of(exponent)])
    return Power(*(spread(p, shape, shapes) for p in inner))


def _without_names(node: Any, inner: list[Any], shapes: Shapes) -> Tree:
    """Write what is only another word: a dot product is a matrix product, a mean a sum, an axis is counted from 0."""
    name, parts = (node.name, inner[1:]) if isinstance(node, Apply) else ("", inner)
    if name == "dot" or name == "matmul" and any(len(shapes.of(p)) > 2 for p in parts):
        return apply("bmm" if name == "matmul" else "matmul", *parts)
    if row_of(name) is not None or len(parts) > 1 and name in (*ALONG_THE_LAST, "transpose"):
        return _of_table(name, parts, shapes)
    if name == "transpose" and (axes := len(shapes.of(parts[0]))) != 2:
        return _of_table("permute", [parts[0], *map(Integer, reversed(range(axes)))], shapes) if axes > 2 else parts[0]
    if name in ("sum", "mean") and len(parts) > 1:
        return apply(name, parts[0], Integer(_axis(parts[1], len(shapes.of(parts[0])))))
    if name in ("sum", "mean") and not shapes.of(parts[0]):
        return parts[0]
    if name in _OTHER_WORDS:
        return _OTHER_WORDS[name](*parts)
    if name in ("mse", "bce", "cross_entropy"):
        return _loss(name, parts[0], parts[1], shapes)
    return node if all(a is b for a, b in zip(inner, node._args, strict=True)) else type(node)(*inner)


_OTHER_WORDS: dict[str, Callable[..., Tree]] = {
    "quadratic": lambda x, a: apply("matmul", x, apply("matmul", a, x)),
    "log": lambda x, base: Quotient(apply("ln", x), apply("ln", base)),
    "root": lambda x, n: Power(x, Quotient(ONE, n)),
    "mod": lambda x, m: Plus(x, Neg(Times(m, apply("floor", Quotient(x, m))))),
}


def _of_table(name: str, parts: list[Tree], shapes: Shapes) -> Tree:
    """Return an operation of the table with all its parameters, axes counted from 0."""
    if name in ALONG_THE_LAST:
        return _along_axis(name, parts[0], parts[1], shapes)
    name = "permute" if name == "transpose" else name
    row = row_of(name)
    assert row is not None
    count = arrays_of(row, parts)
    arrays = [shapes.of(p) for p in parts[:count]]
    if name == "expand" and len(arrays[0]) < 2:
        return _one_entry(parts[0], _axis(parts[1], len(arrays[0]) + 1), arrays[0])
    given = [int(v) if (v := number_value(p)) is not None else shapes.length(p) for p in parts[count:]]
    params = parameters_of(row, name, given, arrays)
    return apply(name, *parts[:count], *(() if row.has_many else map(size, params)))


def _one_entry(part: Tree, axis: int, shape: Shape) -> Tree:
    """Return a number as a vector of one entry, and a vector as a matrix of one row or column."""
    if not shape:
        return joined_product([part, ones((1,))]) if part != ONE else ones((1,))
    return apply("columns" if axis else "rows", part, ONE)


def _along_axis(name: str, inside: Tree, axis: Tree, shapes: Shapes) -> Tree:
    """Return softmax along an axis; along the last one that need not be said."""
    axes = len(shapes.of(inside))
    place = _axis(axis, axes)
    return apply(name, inside) if place == axes - 1 else apply(name, inside, Integer(place))


def _loss(name: str, p: Tree, y: Tree, shapes: Shapes) -> Tree:
    """Return a loss of two arrays of one shape; class numbers are written as the one-hot rows that they stand for."""
    shape, own = shapes.of(p), shapes.of(y)
    if name == "cross_entropy" and own == shape[:-1]:
        return apply(name, p, apply("onehot", y, size(shape[-1])))
    shape = broadcast_shape([shape, own])
    return apply(name, *(spread(part, shape, shapes) for part in (p, y)))


def _axis(tree: Tree, axes: int) -> int:
    value = number_value(tree)
    return int(value or 0) % axes


def spread(tree: Tree, shape: Shape, shapes: Shapes) -> Tree:
    """Return an array repeated up to a shape, by NumPy's rule."""
    own = shapes.of(tree)
    if own == shape:
        return tree
    if not own:
        return (
            ones(shape) if tree == ONE else tree if tree == ZERO and not shape else joined_product([tree, ones(shape)])
        )
    if len(shape) > 2:
        return apply("broadcast_to", tree, *map(size, shape))
    if len(own) == 2:  # an axis of size 1 is stretched
        kept = [i for i in (0, 1) if own[i] == shape[i]]
        if not kept:
            return joined_product([apply("sum", tree), ones(shape)])
        axis = 1 - kept[0]
        flat = _flattened(tree, axis, shapes)
        return _repeated(apply("sum", tree, Integer(axis)) if flat is None else flat, kept[0], shape)
    if own[0] == shape[-1]:
        return _repeated(tree, 1, shape) if len(shape) == 2 else tree
    return joined_product([apply("sum", tree), ones(shape)])


def _flattened(tree: Tree, axis: int, shapes: Shapes) -> Tree | None:
    """Return a matrix of one column or row as the vector that it was made of, as by keepdims; None where it is none."""
    if is_call(tree, "columns" if axis else "rows"):
        return tree._args[1]
    if not isinstance(tree, (Plus, Neg, Times, Quotient, Power)):
        return None
    shape = shapes.of(tree)
    parts: list[Tree] = []
    for part in tree._args:
        flat: Tree | None = part if not shapes.of(part) else None
        if is_call(part, "ones"):
            flat = ones(shape[:1] if axis else shape[1:])
        elif shapes.of(part) == shape:
            flat = _flattened(part, axis, shapes)
        if flat is None:
            return None
        parts.append(flat)
    return type(tree)(*parts)


def _repeated(vector: Tree, axis: int, shape: Shape) -> Tree:
    """Return a matrix whose rows (axis 1) or columns (axis 0) are all one vector."""
    return apply("rows", vector, size(shape[0])) if axis == 1 else apply("columns", vector, size(shape[1]))


# --- left out --------------------------------------------------------------------------------------------------------


class Shown:
    """Formulas as they are printed: what NumPy's rule spreads again is not written."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.keeps_axes = False  # a graph with keepdims gets keepdims
        self._means: dict[Tree, Tree] = {}  # by the quotient that each is
        self._known: dict[Tree, Tree] = {}
        self._shorts: dict[Tree, Tree | None] = {}

    def __call__(self, tree: Tree) -> Tree:
        """Return an explicit formula as it is printed."""
        return replaced(self._of(tree), self._means) if self._means else self._of(tree)

    def _of(self, tree: Tree) -> Tree:
        if not isinstance(tree, Inert) or isinstance(tree, Gradient):
            return tree
        known = self._known.get(tree)
        if known is None:
            known = self._known[tree] = self._of_node(tree, [self._of(part) for part in tree._args])
        return known

    def _of_node(self, node: Any, inner: list[Any]) -> Tree:
        if isinstance(node, Plus):
            return Plus(*self._loose(node._args, inner))
        if isinstance(node, Apply) and node.name in _ENTRY_BY_ENTRY:
            return apply(node.name, *self._loose(node.arguments, inner[1:]))
        if isinstance(node, Times):
            return self._product(node, inner)
        if isinstance(node, Quotient):
            loose = self._loose(node._args, inner, is_product=True)
            return Quotient(*loose)
        if isinstance(node, Power) and self.shapes.of(node._args[0]):
            return Power(*self._loose(node._args, inner))
        if is_call(node, "rows", "columns"):
            return self._repeated(node, inner)
        if is_call(node, "matmul", "bmm"):
            return self._chain(*inner[1:])
        if self._says_the_only_axis(node):
            return apply(node.name, *inner[1:-1])
        return node if all(a is b for a, b in zip(inner, node._args, strict=True)) else type(node)(*inner)

    def _says_the_only_axis(self, node: Any) -> bool:
        """Tell whether an operation along an axis is one of a vector, which has no other."""
        row = row_of(node.name) if isinstance(node, Apply) else None
        if row is None or len(node.arguments) != 2 or [p.name for p in row.parameters] != ["axis"] or row.made_axes:
            return False
        return len(self.shapes.of(node.arguments[0])) == 1 and self.shapes.of(node) != ()

    def has_means(self, means: Iterable[Tree]) -> None:
        """Take over the graph's own means: what it calls mean(x) is not printed as sum(x)/n."""
        for mean in means:
            inside, *axis = arguments(mean)
            shape = self.shapes.of(inside)
            shown = self._of(mean)
            entries = count(shape if not axis else (shape[int(axis[0])],))
            total = apply("sum", *arguments(shown))
            self._means[Quotient(total, entries)] = shown
            for place in axis:
                self._means[Quotient(apply("expand", total, place), entries)] = apply("expand", shown, place)

    def _repeated(self, node: Apply, inner: list[Tree]) -> Tree:
        """Return equal rows or columns where nothing else says how many."""
        shape = self.shapes.of(node)
        if is_call(node.arguments[0], "ones"):
            return ones(shape)
        if self.keeps_axes and shape[node.name == "columns"] == 1:
            return apply("expand", inner[1], Integer(int(node.name == "columns")))
        if node.name == "columns":
            column = self._as_column(node.arguments[0]) if shape[1] == 1 else None
            return apply("outer", inner[1], ones(shape[1:])) if column is None else column
        vector = node.arguments[0]
        if shape[0] == 1 and is_call(vector, "sum") and len(vector.arguments) == 2 and vector.arguments[1] == ZERO:
            matrix = vector.arguments[0]  # a row of sums that stays a row
            return apply("matmul", apply("ones", ONE, size(self.shapes.of(matrix)[0])), self._of(matrix))
        return apply("outer", ones(shape[:1]), inner[1])

    def _as_row(self, vector: Tree) -> Tree:
        """Return a vector that is repeated as rows: r for sum(r, 0) of a row r, 1 x m."""
        is_sum = is_call(vector, "sum") and len(vector.arguments) == 2 and vector.arguments[1] == ZERO
        is_row = is_sum and self.shapes.of(vector.arguments[0])[0] == 1
        return self._of(vector.arguments[0] if is_row else vector)

    def _as_column(self, vector: Tree) -> Tree | None:
        """Return a vector of row sums as a column, n x 1: c for sum(c, 1) of a column c, else A @ ones(m, 1)."""
        if is_call(vector, "sum") and len(vector.arguments) == 2 and vector.arguments[1] == ONE:
            matrix = vector.arguments[0]
            columns = self.shapes.of(matrix)[1]
            shown = self._of(matrix)
            if columns != 1 and self.keeps_axes:
                return apply("expand", self._of(vector), ONE)
            return shown if columns == 1 else apply("matmul", shown, apply("ones", size(columns), ONE))
        if isinstance(vector, (Neg, Times, Quotient, Power, Plus)) and self.shapes.of(vector):
            parts = [self._as_column(a) if self.shapes.of(a) else self._of(a) for a in vector._args]
            return None if any(p is None for p in parts) else type(vector)(*parts)
        return apply("expand", self._of(vector), ONE) if self.keeps_axes else None

    def _chain(self, left: Tree, right: Tree) -> Tree:
        """Return a matrix product without brackets, A @ B @ c, where they may be left out."""
        factors = factors_of(right)
        if any(len(self.shapes.of(f)) < 2 for f in factors[:-1]):
            return apply("matmul", left, right)
        for factor in factors:
            left = apply("matmul", left, factor)
        return left

    # --- parts of one shape ---

    def _product(self, node: Times, inner: Sequence[Tree]) -> Tree:
        loose = self._loose(node._args, inner, is_product=True)
        kept = [f for f in loose if f != ONE] or [ONE]
        made = joined_product(kept) if len(kept) < len(loose) else Times(*loose)
        is_multiple = [bool(self.shapes.of(f)) for f in node._args] == [*[False] * (len(node._args) - 1), True]
        return number_first(made) if is_multiple else made

    def _loose(self, parts: Sequence[Tree], inner: Sequence[Tree], is_product: bool = False) -> list[Tree]:
        """Return the parts as short as they may be: what is repeated by the others is not repeated."""
        shape = broadcast_shape([self.shapes.of(p) for p in parts])
        if not shape:
            return list(inner)
        short = [self._short(part) for part in parts]
        result = list(inner)
        own = [self.shapes.of(p) for p in parts]
        for i, candidate in enumerate(short):
            if candidate is None:
                continue
            now = self.shapes.of(candidate)
            others = [own[k] for k in range(len(parts)) if k != i]
            if broadcast_shape([now, *others]) == shape:
                result[i], own[i] = candidate, now
        return result

    def _short(self, part: Tree) -> Tree | None:
        """Return a part that is repeated as what is repeated; None where nothing is."""
        if not isinstance(part, Inert) or not self.shapes.of(part):
            return None
        if part not in self._shorts:
            self._shorts[part] = self._shorter(part)
        return self._shorts[part]

    def _shorter(self, part: Inert) -> Tree | None:
        if is_call(part, "ones", "zeros"):
            return ONE if part.name == "ones" else ZERO
        if is_call(part, "broadcast_to"):
            return self._of(part.arguments[0])
        if is_call(part, "rows"):
            return self._as_row(part.arguments[0])
        if is_call(part, "columns"):
            return self._as_column(part.arguments[0])
        return self._short_parts(part) if isinstance(part, (Neg, Power, Times, Quotient, Plus)) else None

    def _short_parts(self, part: Inert) -> Tree | None:
        """Return a formula all of whose arrays are repeated, in what is repeated."""
        inner: list[Tree] = []
        for own in part._args:
            short = self._short(own) if self.shapes.of(own) else self._of(own)
            if short is None:
                return None
            inner.append(short)
        if isinstance(part, Times):
            kept = [f for f in inner if f != ONE]
            return joined_product(kept) if kept else ONE
        return type(part)(*inner)


def number_first(tree: Tree) -> Tree:
    """Return a multiple of a matrix product with the number at its first factor: 2 A @ x, without brackets."""
    if not isinstance(tree, Times) or not is_call(tree._args[-1], "matmul"):
        return tree
    *numbers, chain = tree._args
    first, *others = factors_of(chain)
    if any(is_call(f, "matmul") for f in others):
        return tree
    made: Tree = Times(*numbers, first)
    for factor in others:
        made = apply("matmul", made, factor)
    return made


def factors_of(tree: Tree) -> list[Tree]:
    """Return A, B, C of (A @ B) @ C; a formula that is not a matrix product is its own factor."""
    found: list[Tree] = []
    while is_call(tree, "matmul"):
        tree, last = tree.arguments
        found.append(last)
    return [tree, *reversed(found)]
