"""The shape of a formula on the nodes of a graph: every line of the derivation of a gradient has that of its node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import ShapeError
from symback.functions import FUNCTIONS
from symback.graph.nodes import Shape
from symback.graph.operations import OPERATIONS, broadcast_shape
from symback.tree import Apply, Edge, Gradient, Inert, Neg, Plus, Power, Quotient, Times, Tree, fold, number_value

Shapes = Mapping[str, Shape]

_ARITHMETIC = (Plus, Times, Quotient, Power, Neg)
_OPERATION = {"inv": "inverse", "max": "maximum", "min": "minimum"}
_WITH_NUMBERS = ("sum", "mean", "index", "concat")  # whose last arguments may be an axis or a place
_OF_PARTS = ("slice", "scatter")  # which do not say of how large an array they are a part


def shape_of(tree: Tree, shapes: Shapes) -> Shape | None:
    """Return the shape of a formula in nodes of these shapes; None where it is not known, or the parts do not fit.

    What is spread has 1 for the axis that it will be spread along.

    >>> from symback.tree import apply, symbol
    >>> shape_of(apply("matmul", symbol("A"), symbol("b")), {"A": (2, 3), "b": (3,)})
    (2,)
    """
    return fold(tree, lambda node, inner: shape_of_node(node, inner, shapes))


def shape_of_node(node: Basic, inner: Sequence[Shape | None], shapes: Shapes) -> Shape | None:
    """Return the shape of a node whose arguments have the shapes `inner`."""
    if isinstance(node, Symbol):
        return shapes.get(node.name, ())
    if isinstance(node, Gradient):
        return inner[1]
    if isinstance(node, Edge):
        return inner[1] if inner[0] == () else None
    if not isinstance(node, Inert):
        return ()
    known = [s for s in (inner[1:] if isinstance(node, Apply) else inner) if s is not None]
    if len(known) < len(inner) - isinstance(node, Apply):
        return None
    try:
        if isinstance(node, _ARITHMETIC):
            return broadcast_shape(known)
        return _of_call(node, known) if isinstance(node, Apply) else None
    except (ShapeError, IndexError):
        return None


def _of_call(call: Apply, inner: list[Shape]) -> Shape | None:
    name, numbers = call.name, _whole(call)
    if name in ("ones", "eye"):
        return numbers * 2 if name == "eye" else numbers
    if name == "spread":
        return _spread(inner[0], numbers[0]) if numbers else None
    if name in _OF_PARTS:
        return None
    if name == "quadratic":
        return ()
    operation = OPERATIONS.get(_OPERATION.get(name, name))
    if operation is None or (name in FUNCTIONS and len(inner) == 1):
        return broadcast_shape(inner)
    params = numbers[-_numbers_after(call) :] if name in _WITH_NUMBERS and _numbers_after(call) else ()
    return operation.shape(inner[: len(inner) - len(params)], params)


def _whole(call: Apply) -> tuple[int, ...]:
    found: list[Any] = [number_value(argument) for argument in call.arguments]
    return tuple(int(n) for n in found if n is not None)


def _numbers_after(call: Apply) -> int:
    """Return how many numbers stand after the first argument."""
    return sum(number_value(argument) is not None for argument in call.arguments[1:])


def _spread(shape: Shape, axis: int) -> Shape:
    place = axis if axis >= 0 else len(shape) + 1 + axis
    return (*shape[:place], 1, *shape[place:])
