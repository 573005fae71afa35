"""Jacobians as they are printed: columns and rows, in numerator or in denominator layout.

A formula is derived with vectors of one axis. On paper a vector is a column, so u @ v is written u.T @ v, and
outer(u, v) is u @ v.T; nothing is broadcast but numbers to vectors. The denominator layout transposes all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sympy.core.symbol import Symbol

from symback.expr.match import joined_product
from symback.expr.tree import (
    ONE,
    Apply,
    Edge,
    Gradient,
    Inert,
    Neg,
    Plus,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    number_value,
    sum_of,
    symbols_of,
)
from symback.graph.derivation.explicit import Shown, factors_of, number_first
from symback.graph.derivation.product import array_part, is_multiple, product, scalar_part
from symback.graph.derivation.shapes import Shapes, arguments, is_call, ones
from symback.graph.jacobians.carry import ByMatrix, Jacobian
from symback.graph.nodes import Shape
from symback.graph.operations import broadcast_shape
from symback.graph.sizes import size_tree

LAYOUTS = ("numerator", "denominator")
_SYMMETRIC = ("diag", "eye")


class JacobianShapes(Shapes):
    """The shapes of formulas in which `Gradient(y, c)` is the Jacobian of y, of this shape, by c."""

    def __init__(self, names: Mapping[str, Shape], of: Shape) -> None:
        super().__init__(names)
        self.target = of

    def _of_node(self, node: Any, inner: list[Shape]) -> Shape:
        return self.target + inner[1] if isinstance(node, Gradient) else super()._of_node(node, inner)


class Columns(Shown):
    """Formulas without the ones that make numbers vectors; equal rows are written out, as ones(n) @ v.T."""

    def _loose(self, parts: Sequence[Tree], inner: Sequence[Tree], is_product: bool = False) -> list[Tree]:
        if len(broadcast_shape([self.shapes.of(p) for p in parts])) > 1:
            return list(inner)
        return super()._loose(parts, inner, is_product)

    def _product(self, node: Times, inner: Sequence[Tree]) -> Tree:
        loose = [f for f in self._loose(node._args, inner, is_product=True) if f != ONE]
        return joined_product(loose) if loose else ONE

    def _repeated(self, node: Apply, inner: list[Tree]) -> Tree:
        vector = inner[1]
        first, second = (
            (ones(self.shapes.of(node)[:1]), vector)
            if node.name == "rows"
            else (vector, ones(self.shapes.of(node)[1:]))
        )
        return apply("outer", first, second)


class _Written(NamedTuple):
    """A formula as it is printed, and transposed; of a number both are the same."""

    plain: Tree
    turned: Tree


class Layout:
    """Writes Jacobians of y, which has a shape, in a layout."""

    def __init__(self, shapes: Shapes, of: Shape, layout: str, symmetric: frozenset[str]) -> None:
        self.shapes, self.of, self.symmetric = shapes, of, symmetric
        self.is_denominator = layout == "denominator"
        self.columns = Columns(shapes)

    def __call__(self, found: Jacobian, shape: Shape) -> Tree:
        """Return the Jacobian by a node of this shape as it is printed."""
        if isinstance(found, tuple):
            return sum_of([self._by_matrix(term) for term in found])
        written = self._written(self.columns(found))
        return _number_in_front(written.turned if self._is_turned(shape) else written.plain)

    def transposed(self, found: Tree, shape: Shape) -> Tree:
        """Return the transpose of the Jacobian by a node of this shape, a number or a vector."""
        written = self._written(self.columns(found))
        return _number_in_front(written.plain if self._is_turned(shape) else written.turned)

    def before_edge(self, found: Jacobian, node: Tree, v: Symbol) -> Tree:
        """Return the Jacobian by a node times the one of the node by v, in the order of the layout."""
        shape, own = self.shapes.of(node), self.shapes.of(v)
        if isinstance(found, tuple):
            factor, edge = self(found, shape), Edge(node if isinstance(node, Symbol) else self.columns(node), v)
            return _chain(edge, factor) if self.is_denominator else _chain(factor, edge)
        edge = Edge(node if isinstance(node, Symbol) else self.columns(node), v)
        p = product(found, self.shapes)
        if found == ONE or is_call(array_part(p), "eye"):
            front = scalar_part(p)
            return Neg(edge) if front == Neg(ONE) else edge if front == ONE else joined_product([front, edge])
        if isinstance(found, Neg):
            return Neg(self.before_edge(found._args[0], node, v))
        factor = self(found, shape)
        if not shape and not (self.of and own):
            return joined_product([factor, edge])
        return _chain(edge, factor) if self.is_denominator else _chain(factor, edge)

    def _is_turned(self, shape: Shape) -> bool:
        """Tell whether a Jacobian is printed as the transpose of what is derived.

        That of a number is derived as a column, and by a number too.
        """
        if not self.of:
            return bool(shape) and not self.is_denominator
        return self.is_denominator

    def _by_matrix(self, term: ByMatrix) -> Tree:
        p = product(term.p, self.shapes)
        if is_multiple(p):
            inner = self._by_matrix(term._replace(p=array_part(p)))
            front = scalar_part(p)
            size = front._args[0] if isinstance(front, Neg) else front
            made = inner if size == ONE else _number_in_front(_times(size, inner))
            return Neg(made) if isinstance(front, Neg) else made
        matrix, vector = (self._written(self.columns(part)) for part in (term.p, term.u))
        pair = (matrix.turned, vector.plain) if self.is_denominator else (matrix.plain, vector.turned)
        return apply("kron", *(reversed(pair) if term.is_turned else pair))

    # --- columns and rows ---------------------------------------------------------------------------------------------

    def _written(self, tree: Tree) -> _Written:
        return fold(tree, self._combine)

    def _combine(self, node: Any, inner: list[_Written]) -> _Written:
        if not isinstance(node, (Inert, Symbol)):
            return _Written(node, node)
        shape = self.shapes.of(node)
        if isinstance(node, Gradient):
            other = apply("transpose", node)
            return _Written(other, node) if self._is_turned(shape[len(self.of) :]) else _Written(node, other)
        if is_call(node, "matmul"):
            return self._product(node, *inner[1:])
        if is_call(node, "outer"):
            (u, v) = inner[1:]
            return _Written(_chain(u.plain, v.turned), _chain(v.plain, u.turned))
        if is_call(node, "transpose"):
            return _Written(inner[1].turned, inner[1].plain)
        plain = self._rebuilt(node, [part.plain for part in inner])
        return _Written(plain, plain if not shape else self._turned(node, plain, inner, shape))

    def _rebuilt(self, node: Any, parts: list[Tree]) -> Tree:
        if not isinstance(node, Inert) or all(a is b for a, b in zip(parts, node._args, strict=True)):
            return node
        return joined_product(parts) if isinstance(node, Times) else type(node)(*parts)

    def _product(self, node: Tree, a: _Written, b: _Written) -> _Written:
        first, second = (len(self.shapes.of(part)) for part in arguments(node))
        if first == 1 and second == 1:
            number = _chain(a.turned, b.plain)
            return _Written(number, number)
        if first == 1:  # u @ A is a vector, so a column on paper
            return _Written(_chain(b.turned, a.plain), _chain(a.turned, b.plain))
        return _Written(_chain(a.plain, b.plain), _chain(b.turned, a.turned))

    def _turned(self, node: Any, plain: Tree, inner: list[_Written], shape: Shape) -> Tree:
        if is_call(node, *_SYMMETRIC) or isinstance(node, Symbol) and node.name in self.symmetric:
            return plain
        if is_call(node, "ones", "zeros") and len(shape) == 2:
            return apply(node.name, *map(size_tree, reversed(shape)))
        if isinstance(node, Neg):
            return Neg(inner[0].turned)
        own = [self.shapes.of(part) for part in node._args] if isinstance(node, (Plus, Times, Quotient)) else []
        if isinstance(node, Plus) and (len(shape) == 2 or all(own) and any(map(_is_chain, node._args))):
            return Plus(*(part.turned for part in inner))
        if isinstance(node, (Times, Quotient)) and sum(map(bool, own)) == 1 and bool(own[0] or isinstance(node, Times)):
            return self._rebuilt(node, [part.turned for part in inner])
        chains = (
            [i for i, part in enumerate(node._args) if _is_chain(part) and own[i]] if isinstance(node, Times) else []
        )
        if len(shape) == 1 and len(chains) == 1 and all(s in ((), shape) for s in own):
            return self._row_of_product(node, inner, chains[0])
        return apply("transpose", plain)

    def _row_of_product(self, node: Times, inner: list[_Written], place: int) -> Tree:
        """Return (u*(A @ v)).T as v.T @ A.T @ diag(u), a chain of matrices."""
        others = [part for i, part in enumerate(inner) if i != place]
        own = [bool(self.shapes.of(part)) for i, part in enumerate(node._args) if i != place]
        numbers = [part.plain for part, is_array in zip(others, own, strict=True) if not is_array]
        arrays = [part.plain for part, is_array in zip(others, own, strict=True) if is_array]
        diagonal = [apply("diag", joined_product(arrays))] if arrays else []
        return joined_product([*numbers, _chain(inner[place].turned, *diagonal)])


def _times(number: Tree, matrix: Tree) -> Tree:
    """Return a multiple of a matrix, a quotient for a fraction."""
    if not isinstance(number, Quotient):
        return joined_product([number, matrix])
    top, bottom = number._args
    return Quotient(matrix if top == ONE else joined_product([top, matrix]), bottom)


def _number_in_front(tree: Tree) -> Tree:
    """Write the numbers of a Jacobian's terms first: (1/3) ones(3).T for ones(3).T/3, and 2 A @ B for 2*(A @ B)."""
    if isinstance(tree, Plus):
        return sum_of([_number_in_front(term) for term in tree._args])
    if isinstance(tree, Neg):
        return Neg(_number_in_front(tree._args[0]))
    if not isinstance(tree, Quotient) or symbols_of(tree._args[1]) or number_value(tree) is not None:
        return number_first(tree)
    top, bottom = tree._args
    number, *others = top._args if isinstance(top, Times) and number_value(top._args[0]) is not None else (ONE, top)
    return (
        Quotient(number_first(top), bottom)
        if is_call(others[-1], "matmul")
        else Times(Quotient(number, bottom), *others)
    )


def _is_chain(tree: Tree) -> bool:
    return is_call(tree, "matmul") or isinstance(tree, Gradient)


def _chain(*parts: Tree) -> Tree:
    """Return a matrix product without brackets."""
    first, *others = [factor for part in parts for factor in factors_of(part)]
    for factor in others:
        first = apply("matmul", first, factor)
    return first
