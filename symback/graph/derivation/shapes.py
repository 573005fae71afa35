"""The shape of every part of a formula, found once, and the sizes in it as trees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy.core.numbers import Integer

from symback.errors import ShapeError
from symback.expr.tree import ONE, Apply, Inert, Size, Tree, apply, number_value, product_of
from symback.graph.nodes import Dim, Shape
from symback.graph.program.formula_shapes import shape_of_node
from symback.graph.sizes import size_tree as size
from symback.graph.sizes import size_value


class Shapes:
    """The shapes of formulas on named arrays; what was asked for once is remembered."""

    def __init__(self, names: Mapping[str, Shape]) -> None:
        self.names = names
        self.letters = {d.letter: d for shape in names.values() for d in shape if isinstance(d, Dim)}
        self._known: dict[Tree, Shape] = {}

    def of(self, tree: Tree) -> Shape:
        """Return the shape of a formula; ShapeError where its parts do not fit together."""
        known = self._known.get(tree)
        if known is None:
            parts = [self.of(part) for part in tree._args] if isinstance(tree, Inert) else []
            known = self._known[tree] = self._of_node(tree, parts)
        return known

    def _of_node(self, node: Any, inner: list[Shape]) -> Shape:
        if number_value(node) is not None or isinstance(node, Size):
            return ()
        if isinstance(node, Apply) and node.name in ("rows", "columns"):
            (length,), other = inner[1], self.length(node.arguments[1])
            return (other, length) if node.name == "rows" else (length, other)
        found = shape_of_node(node, inner, self.names) if not _is_array_of_sizes(node) else self._sizes(node)
        if found is None:
            raise ShapeError(f"The parts of {node} do not fit together.")
        return found

    def _sizes(self, node: Apply) -> Shape:
        sizes = tuple(map(self.length, node.arguments))
        return sizes * 2 if node.name == "eye" else sizes[1:] if node.name == "unit" else sizes

    def length(self, tree: Tree) -> int:
        """Return the size that a number, a letter or a sum of them is in a formula."""
        found = size_value(tree, self.letters)
        if found is None:
            raise ShapeError(f"{tree} is not a size.")
        return found

    def is_size(self, tree: Any) -> bool:
        """Tell whether a formula is a size."""
        return isinstance(tree, (Integer, Size, Inert)) and size_value(tree, self.letters) is not None


def _is_array_of_sizes(node: Any) -> bool:
    return isinstance(node, Apply) and node.name in ("ones", "zeros", "eye", "unit")


def ones(shape: Iterable[int]) -> Tree:
    """Return an array of ones: 1 for a number."""
    sizes = [size(n) for n in shape]
    return apply("ones", *sizes) if sizes else ONE


def zeros(shape: Iterable[int]) -> Tree:
    """Return an array of zeros: 0 for a number."""
    sizes = [size(n) for n in shape]
    return apply("zeros", *sizes) if sizes else Integer(0)


def count(shape: Iterable[int]) -> Tree:
    """Return the number of entries of an array as a tree: the product of its letters, with the numbers in one.

    >>> count((2, 3)), count((Dim("n", 4), 3))
    (6, Times(3, Size(n)))
    """
    number, letters = 1, []
    for length in shape:
        if isinstance(length, Dim):
            letters.append(size(length))
        else:
            number *= int(length)
    return product_of([*([Integer(number)] if number != 1 or not letters else []), *letters])


def is_call(tree: Any, *names: str) -> bool:
    """Tell whether a tree is one of these functions applied."""
    return isinstance(tree, Apply) and tree.name in names


def arguments(tree: Tree) -> tuple[Tree, ...]:
    """Return what a function is applied to."""
    return tree._args[1:] if isinstance(tree, Inert) else ()
