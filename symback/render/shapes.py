"""The shapes of expressions on a graph, for the shape lines of matrix laws: `3x2 = (3x4)(4x2)`."""

from __future__ import annotations

from collections.abc import Sequence

from sympy.core.basic import Basic

from symback.graph.formula_shapes import Shapes, shape_of, shape_of_node
from symback.graph.nodes import Shape
from symback.render.display import HADAMARD
from symback.tree import Apply, Diff, Edge, Inert, Neg, Times, Tree, apply, fold, product_of


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
    """Return the tree with products of several arrays marked, which are written with a sign of their own, ⊙.

    Numbers stand in front, in one product with the first array: 2(p - y) ⊙ x. A product with a derivative that is not
    worked out yet is none of arrays.
    """
    if not any(shapes.values()):
        return tree
    known: dict[int, Shape | None] = {}

    def combine(node: Basic, inner: list[Tree]) -> Tree:
        known[id(node)] = shape_of_node(
            node, [known[id(n)] for n in node._args] if isinstance(node, Inert) else [], shapes
        )
        if not isinstance(node, Inert) or all(new is old for new, old in zip(inner, node._args, strict=True)):
            made = node
        else:
            made = type(node)(*inner)
        if isinstance(node, Times) and not any(isinstance(factor, (Edge, Diff)) for factor in node._args):
            return _with_sign(made, [known[id(old)] for old in node._args])
        return made

    return fold(tree, combine)


def _with_sign(product: Tree, shapes: Sequence[Shape | None]) -> Tree:
    """Return a product whose factors have these shapes; what has none that is known is an array beside an array."""
    factors = list(zip(product._args, shapes, strict=True))
    if not any(shapes) or sum(shape != () for shape in shapes) < 2:
        return product
    numbers = [factor for factor, shape in factors if shape == ()]
    first, *others = (factor for factor, shape in factors if shape != ())
    return apply(HADAMARD, product_of([*numbers, first]), *others)
