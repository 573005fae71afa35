"""The shapes of expressions on a graph, for the shape lines of matrix laws: `3x2 = (3x4)(4x2)`."""

from __future__ import annotations

from collections.abc import Mapping

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import ShapeError
from symback.graph.nodes import Shape
from symback.graph.operations import OPERATIONS, broadcast_shape
from symback.render.matrices import HADAMARD
from symback.tree import (
    Apply,
    Edge,
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
)  # fmt: skip

Shapes = Mapping[str, Shape]
_ELEMENTWISE = (Plus, Times, Quotient, Power, Neg)
_ROWS = {"inv": "inverse", HADAMARD: "multiply"}
_WITH_NUMBERS = ("index", "sum", "mean", "concat")  # whose last arguments may be an axis or a place
_ENTRY = (1, 1)


def shape_of(tree: Tree, shapes: Shapes) -> Shape | None:
    """Return the shape of an expression in nodes of these shapes; None where that is not known."""
    return fold(tree, lambda node, inner: _shape(node, inner, shapes))


def _shape(node: Basic, inner: list[Shape | None], shapes: Shapes) -> Shape | None:
    if isinstance(node, Symbol):
        return shapes.get(node.name, ())
    if isinstance(node, Gradient):
        return inner[1]
    if isinstance(node, Edge):
        return inner[1] if inner[0] == () else None
    if not isinstance(node, Inert):
        return ()
    known = [s for s in (inner[1:] if isinstance(node, Apply) else inner) if s is not None]
    try:
        if isinstance(node, _ELEMENTWISE):
            return broadcast_shape(known) if len(known) == len(inner) else None
        return _of_call(node, known) if isinstance(node, Apply) and len(known) == len(inner) - 1 else None
    except (ShapeError, IndexError):
        return None


def _of_call(node: Apply, known: list[Shape]) -> Shape | None:
    name = _ROWS.get(node.name, node.name)
    if name == "quadratic":
        return ()
    numbers = [] if name not in _WITH_NUMBERS else [number_value(t) for t in node.arguments[1:]]
    params = tuple(int(n) for n in numbers if n is not None)
    if name in OPERATIONS:
        return OPERATIONS[name].shape(known[: len(known) - len(params)], params)
    return broadcast_shape(known)


def shape_text(shape: Shape) -> str:
    """Return a shape as people write it; a number is 1."""
    return "x".join(map(str, shape)) if shape else "1"


def shape_line(tree: Tree, shapes: Shapes) -> str:
    """Return how the shapes of a matrix product fit together, of another array its shape, and of a number nothing.

    For `G @ B.T` with G 2x4 and B 3x4 this is `2x3 = (2x4)(4x3)`.
    """
    shape = shape_of(tree, shapes)
    if not shape:
        return ""
    tree = _without_sign(tree)
    factors = [shape_of(f, shapes) for f in _matrix_factors(tree)]
    if len(factors) < 2 or None in factors:
        return f"shape {shape_text(shape)}"
    known = [f or () for f in factors]
    if isinstance(tree, Apply) and tree.name == "outer":
        known = [(*known[0], 1), (1, *known[1])]
    return f"{shape_text(shape)} = " + "".join(f"({shape_text(f)})" for f in known)


def _without_sign(tree: Tree) -> Tree:
    return tree._args[0] if isinstance(tree, Neg) else tree


def _matrix_factors(tree: Tree) -> list[Tree]:
    """Return A, B, C of A @ B @ C; of an outer product the column and the row."""
    if not isinstance(tree, Apply):
        return []
    if tree.name == "outer":
        a, b = tree.arguments
        return [a, b]
    factors: list[Tree] = []
    while isinstance(tree, Apply) and tree.name == "matmul":
        tree, last = tree.arguments
        factors.append(last)
    return [tree, *reversed(factors)] if factors else []


def with_elementwise_signs(tree: Tree, shapes: Shapes) -> Tree:
    r"""Return the tree with products of several arrays marked, which LaTeX writes with a sign of their own, \odot."""
    if not any(shapes.values()):
        return tree
    known: dict[int, Shape | None] = {}

    def combine(node: Basic, inner: list[Tree]) -> Tree:
        made = type(node)(*inner) if isinstance(node, Inert) else node
        if isinstance(node, Times):
            arrays = [f for f, old in zip(inner, node._args, strict=True) if known[id(old)]]
            numbers = [f for f, old in zip(inner, node._args, strict=True) if not known[id(old)]]
            if len(arrays) > 1:
                product = apply(HADAMARD, *arrays)
                made = Times(*numbers, product) if numbers else product
        known[id(node)] = _shape(node, [known[id(n)] for n in node._args] if isinstance(node, Inert) else [], shapes)
        return made

    return fold(tree, combine)
