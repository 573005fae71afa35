"""Formulas of arrays on paper: sums over what was spread, transposes, numbers that stand for arrays."""

from __future__ import annotations

from sympy.core.numbers import Integer

from symback.graph.nodes import Shape
from symback.match import joined_product
from symback.tree import ONE, Apply, Neg, Plus, Times, Tree, apply, number_value

WHOLE_ARRAYS = frozenset(("matmul", "transpose", "outer", "dot", "slice"))
ELEMENTWISE = frozenset(("add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "hypot"))


def over_entries(term: Tree, shape: Shape, own: Shape) -> Tree:
    """Return the sum of a term of this shape over the entries that one entry of an array of shape `own` goes into.

    A row or a column keeps its shape by a product with ones.

    >>> from symback.tree import symbol
    >>> over_entries(symbol("x"), (4, 3), (3,)), over_entries(symbol("x"), (4, 3), (4, 1))
    (Apply(sum, x, 0), Apply(matmul, x, Apply(ones, 3, 1)))
    """
    if shape == own:
        return term
    if not own or (own == (1,) and shape[-1] > 1):
        return apply("sum", term)
    for _ in range(len(shape) - len(own)):
        term = apply("sum", term, Integer(0))
    shape = shape[len(shape) - len(own) :]
    if len(own) == 2 and own[0] == 1 < shape[0]:
        term = apply("matmul", apply("ones", Integer(1), Integer(shape[0])), term)
    if len(own) == 2 and own[1] == 1 < shape[1]:
        term = apply("matmul", term, apply("ones", Integer(shape[1]), Integer(1)))
    return term


def without_ones(tree: Tree) -> Tree:
    """Return a product without its factors 1."""
    if isinstance(tree, Times):
        kept = [f for f in tree._args if f != ONE]
        return joined_product(kept) if kept else ONE
    return tree


def transposed(tree: Tree) -> Tree:
    """Return the transpose of a formula: (A @ b).T is b.T @ A.T, outer(a, b).T is outer(b, a), (A + B).T is A.T + B.T."""
    if isinstance(tree, Apply) and tree.name == "transpose":
        return tree.arguments[0]
    if isinstance(tree, Apply) and tree.name in ("matmul", "outer"):
        first, second = tree.arguments
        is_product = tree.name == "matmul"
        return apply(tree.name, *((transposed(second), transposed(first)) if is_product else (second, first)))
    if isinstance(tree, Plus) and not any(number_value(term) is not None for term in tree._args):
        return Plus(*map(transposed, tree._args))
    if isinstance(tree, Neg):
        return Neg(transposed(tree._args[0]))
    return apply("transpose", tree)


def ones(shape: Shape) -> Tree:
    """Return an array of ones."""
    return apply("ones", *map(Integer, shape))
