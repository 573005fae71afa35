"""The shapes of expressions on a graph, for the shape lines of matrix laws: `3x2 = (3x4)(4x2)`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sympy.core.basic import Basic

from symback.expr.tree import Apply, Diff, Edge, Inert, Neg, Quotient, Times, Tree, apply, fold, product_of
from symback.graph.nodes import Dim, Shape
from symback.graph.program.formula_shapes import Shapes, shape_of, shape_of_node
from symback.page.display import HADAMARD
from symback.page.names import latex_name
from symback.page.pieces import Mark, bare


class ShapeLine(NamedTuple):
    """How the shapes of a matrix product fit together, or the shape of another array, which has no factors."""

    result: Shape
    factors: tuple[Shape, ...] = ()

    def text(self, unicode: bool = True) -> str:
        """Return `3x2 = (3x4)(4x2)`, `m×k = (m×n)(n×k)`, or `shape 3x2`."""
        sign = "×" if unicode and _has_letters((self.result, *self.factors)) else "x"
        result, *factors = (sign.join(map(_bracketed, shape)) or "1" for shape in (self.result, *self.factors))
        return f"{result} = " + "".join(f"({f})" for f in factors) if factors else f"shape {result}"

    @property
    def latex(self) -> str:
        r"""The line in LaTeX: `3 \times 2 = (3 \times 4)\,(4 \times 2)`."""
        shown = (self.result, *self.factors)
        result, *factors = (r" \times ".join(map(_size_in_latex, shape)) or "1" for shape in shown)
        return f"{result} = " + r"\,".join(f"({f})" for f in factors) if factors else rf"\text{{shape}}\ {result}"


def _has_letters(shapes: Iterable[Shape]) -> bool:
    return any(isinstance(size, Dim) for shape in shapes for size in shape)


def _bracketed(size: int) -> str:
    return f"({size})" if " " in str(size) else str(size)


def _size_in_latex(size: int) -> str:
    return latex_name(size.letter) if isinstance(size, Dim) else str(size)


def shape_line(tree: Tree, shapes: Shapes) -> ShapeLine | None:
    """Return how the shapes of a matrix product fit together, of another array its shape, and of a number nothing.

    For `G @ B.T` with G 2x4 and B 3x4 this is `2x3 = (2x4)(4x3)`; factors that are numbers are passed over.
    """
    shape = shape_of(tree, shapes)
    if not shape or set(shape) == {1}:
        return None
    product = _without_numbers(tree, shapes)
    if isinstance(product, Apply) and product.name == "outer":
        return ShapeLine(shape, ((shape[0], 1), (1, shape[1])))
    factors = [shape_of(f, shapes) for f in _matrix_factors(product)]
    known = tuple(f for f in factors if f is not None)
    return ShapeLine(shape, known if len(known) == len(factors) else ())


def _without_numbers(tree: Tree, shapes: Shapes) -> Tree:
    """Return the only array of a product or quotient with numbers."""
    while isinstance(tree, (Neg, Times, Quotient)):
        arrays = [part for part in tree._args if shape_of(part, shapes) != ()]
        if len(arrays) != 1 or (isinstance(tree, Quotient) and arrays[0] is not tree._args[0]):
            break
        tree = arrays[0]
    return tree


def _matrix_factors(tree: Tree) -> list[Tree]:
    """Return A, B, C of A @ B @ C."""
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
        inside = [known[id(n)] for n in node._args] if isinstance(node, Inert) else []
        known[id(node)] = inside[0] if isinstance(node, Mark) else shape_of_node(node, inside, shapes)
        if not isinstance(node, Inert) or all(new is old for new, old in zip(inner, node._args, strict=True)):
            made = node
        else:
            made = type(node)(*inner)
        if isinstance(node, Times) and not any(known[id(n)] is None and _is_between_arrays(n) for n in node._args):
            return _with_sign(made, [known[id(old)] for old in node._args])
        return made

    return fold(tree, combine)


def _is_between_arrays(factor: Basic) -> bool:
    """Tell whether a factor is the derivative of an array by an array, which is not worked out yet."""
    return isinstance(bare(factor), (Edge, Diff))


def _with_sign(product: Tree, shapes: Sequence[Shape | None]) -> Tree:
    """Return a product whose factors have these shapes; what has none that is known is an array beside an array."""
    factors = list(zip(product._args, shapes, strict=True))
    if not any(shapes) or sum(shape != () for shape in shapes) < 2:
        return product
    numbers = [factor for factor, shape in factors if shape == ()]
    first, *others = (factor for factor, shape in factors if shape != ())
    return apply(HADAMARD, product_of([*numbers, first]), *others)
