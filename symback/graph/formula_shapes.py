"""The shape of a formula on the nodes of a graph: every line of the derivation of a gradient has that of its node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symback.functions import FUNCTIONS
from symback.graph.nodes import Shape
from symback.graph.operations import OPERATIONS, broadcast_shape
from symback.tree import Apply, Gradient, Neg, Plus, Power, Quotient, Times, Tree, fold, number_value

_ARITHMETIC = (Plus, Times, Quotient, Power, Neg)
_OPERATION = {"inv": "inverse", "max": "maximum", "min": "minimum"}
_MADE_OF_NUMBERS = ("ones", "eye")
_WITH_AXES = ("sum", "mean", "index")


def shape_of(tree: Tree, shapes: Mapping[Tree, Shape]) -> Shape | None:
    """Return the shape of a formula; None where it takes a part of an array, or puts one into another.

    `shapes` has the shape of each node by what stands for it in formulas: its name, or its expression. An array that is
    spread has 1 for the axis that it will be spread along. Raises ShapeError where the parts do not fit.

    >>> from symback.tree import apply, symbol
    >>> a, b = symbol("A"), symbol("b")
    >>> shape_of(apply("matmul", a, b), {a: (2, 3), b: (3,)})
    (2,)
    """

    def combine(node: Any, inner: list[Any]) -> Any:
        if isinstance(node, Gradient):
            return shapes.get(node._args[1])
        if node in shapes:
            return shapes[node]
        if isinstance(node, _ARITHMETIC):
            return None if None in inner else broadcast_shape(inner)
        return _of_call(node, inner[1:]) if isinstance(node, Apply) else ()

    found: Shape | None = fold(tree, combine)
    return found


def _of_call(call: Apply, inner: Sequence[Any]) -> Shape | None:
    name, numbers = call.name, [number_value(a) for a in call.arguments]
    whole = tuple(int(n) for n in numbers if n is not None)
    if name in _MADE_OF_NUMBERS:
        return whole * 2 if name == "eye" else whole
    if None in inner or name in ("slice", "scatter"):
        return None
    if name == "spread":
        return _spread(inner[0], whole[0]) if whole else None
    if name in _WITH_AXES:
        return OPERATIONS[name].shape(inner[:1], whole)
    operation = OPERATIONS.get(_OPERATION.get(name, name))
    if operation is None or (name in FUNCTIONS and len(inner) == 1):
        return broadcast_shape(inner)
    return operation.shape(inner, ())


def _spread(shape: Shape, axis: int) -> Shape:
    place = axis if axis >= 0 else len(shape) + 1 + axis
    return (*shape[:place], 1, *shape[place:])
