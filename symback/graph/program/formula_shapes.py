"""The shape of a formula on the nodes of a graph: every line of the derivation of a gradient has that of its node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sympy.core.basic import Basic
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.errors import ShapeError
from symback.expr.composites import COMPOSITES
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    Apply,
    Decimal,
    Edge,
    Gradient,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Size,
    Times,
    Tree,
    fold,
    number_value,
    walk,
)
from symback.graph.nodes import Dim, Shape
from symback.graph.operations import OPERATIONS, broadcast_shape
from symback.graph.operations.row import ArrayOperation, axis_of
from symback.graph.operations.table import arrays_of, parameters_of, row_of
from symback.graph.program.composite_bodies import body_of
from symback.graph.sizes import letters_of, size_value, total
from symback.syntax.arrays import ALONG_THE_LAST

Shapes = Mapping[str, Shape]

_ARITHMETIC = (Plus, Times, Quotient, Power, Neg)
_OPERATION = {"inv": "inverse", "max": "maximum", "min": "minimum"}  # heads that have another name as operations


def shape_of(tree: Tree, shapes: Shapes) -> Shape | None:
    """Return the shape of a formula in nodes of these shapes; None where it is not known, or the parts do not fit.

    >>> from symback.expr.tree import apply, symbol
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
    if not isinstance(node, Inert) or isinstance(node, (Size, Decimal)):
        return ()
    try:
        if isinstance(node, Apply):
            return _of_call(node, inner[1:], shapes)
        known = [shape for shape in inner if shape is not None]
        return broadcast_shape(known) if isinstance(node, _ARITHMETIC) and len(known) == len(inner) else None
    except (ShapeError, IndexError):
        return None


def _of_call(call: Apply, inner: Sequence[Shape | None], shapes: Shapes) -> Shape | None:
    name, arguments = call.name, call.arguments
    made = _OF_SIZES.get(name)
    if made:
        sizes = [size_of(argument, shapes) for argument in arguments]
        known = [size for size in sizes if size is not None]
        return made(known) if len(known) == len(sizes) else None
    if name in _OF_PARTS:
        return None if inner[0] is None else _OF_PARTS[name](inner[0], arguments[1:], shapes)
    if name in COMPOSITES:
        inputs, body = body_of(call, inner)
        return shape_of(body, {i.name: s for i, s in zip(inputs, inner, strict=False) if s is not None})
    if name in ALONG_THE_LAST and len(arguments) > 1:
        return _along_the_last(name, inner[0], arguments[1])
    row = row_of(_in_table(name, inner))
    if row is not None:
        return _by_row(row, call, inner, shapes)
    parameters = _parameters(call)
    arrays = [shape for shape in inner[: len(inner) - len(parameters)] if shape is not None]
    if len(arrays) < len(inner) - len(parameters):
        return None
    return () if name == "quadratic" else _of_operation(name, arrays, parameters)


def _of_operation(name: str, arrays: list[Shape], parameters: tuple[int, ...]) -> Shape:
    operation = OPERATIONS.get(_OPERATION.get(name, name))
    if operation is None or (name in FUNCTIONS and len(arrays) == 1):
        return broadcast_shape(arrays)
    return operation.shape(arrays, parameters)


def _in_table(name: str, inner: Sequence[Shape | None]) -> str:
    """Return what the table calls an operation on these arrays."""
    if name == "matmul" and any(len(shape or ()) > 2 for shape in inner):
        return "bmm"
    return "permute" if name == "transpose" and len(inner) > 1 else name


def _along_the_last(name: str, shape: Shape | None, axis: Tree) -> Shape | None:
    value = number_value(axis)
    if not shape or value is None:
        return None
    place = axis_of(shape, int(value))
    return shape if name != "logsumexp" else shape[:place] + shape[place + 1 :]


def is_along_the_last(call: Apply, shapes: Shapes) -> bool:
    """Tell whether a softmax goes along the last axis, so that its rows sum to 1; False where that is not known.

    >>> from symback.expr.tree import ONE, ZERO, apply, symbol
    >>> [is_along_the_last(apply("softmax", symbol("X"), axis), {"X": (2, 3)}) for axis in (ZERO, ONE)]
    [False, True]
    """
    array, *axis = call.arguments
    if not axis or number_value(axis[0]) == -1:
        return True
    shape = shape_of(array, shapes)
    return shape is not None and number_value(axis[0]) == len(shape) - 1


def _by_row(row: ArrayOperation, call: Apply, inner: Sequence[Shape | None], shapes: Shapes) -> Shape | None:
    count = arrays_of(row, call.arguments)
    arrays = [shape for shape in inner[:count] if shape is not None]
    given = [_whole(tree, shapes) for tree in call.arguments[count:]]
    known = [value for value in given if value is not None]
    if len(arrays) < count or len(known) < len(given):
        return None
    return row.shape(arrays, parameters_of(row, call.name, known, arrays))


def _whole(tree: Tree, shapes: Shapes) -> int | None:
    value = number_value(tree)
    return size_of(tree, shapes) if value is None else int(value)


# --- sizes -----------------------------------------------------------------------------------------------------------


def size_of(tree: Tree, shapes: Shapes) -> int | None:
    """Return the size that a number, a letter or a sum of them is, None for anything else."""
    if isinstance(tree, Integer):
        return int(tree)
    letters = letters_of(shapes.values())
    unknown = {n.name: Dim(n.name, 3) for n in walk(tree) if isinstance(n, Size) and n.name not in letters}
    return size_value(tree, {**letters, **unknown})


def _parameters(call: Apply) -> tuple[int, ...]:
    """Return the axis of a sum, a mean or a concatenation, which comes after its array."""
    if call.name not in ("sum", "mean", "concat") or len(call.arguments) < 2:
        return ()
    value = number_value(call.arguments[-1])
    return () if value is None else (int(value),)


_OF_SIZES: dict[str, Callable[[list[int]], Shape]] = {
    "ones": tuple,
    "zeros": tuple,
    "eye": lambda sizes: (sizes[0], sizes[0]),
    "unit": lambda sizes: (sizes[1],),
}


# --- parts -----------------------------------------------------------------------------------------------------------


def _slice(shape: Shape, arguments: Sequence[Tree], shapes: Shapes) -> Shape | None:
    place = number_value(arguments[0])
    length = _length(arguments[1], arguments[2], shapes)
    if place is None or length is None or not -len(shape) <= place < len(shape):
        return None
    axis = int(place) % len(shape)
    return (*shape[:axis], length, *shape[axis + 1 :])


def _length(low: Tree, high: Tree, shapes: Shapes) -> int | None:
    """Return how many places there are from one to before another: n of 0:n, m of n:n + m, 2 of 1:3."""
    first, last = size_of(low, shapes), size_of(high, shapes)
    return None if first is None or last is None else total([last], [first])


def _one_hot(shape: Shape, arguments: Sequence[Tree], shapes: Shapes) -> Shape | None:
    classes = size_of(arguments[0], shapes)
    return None if classes is None else (*shape, classes)


_OF_PARTS: dict[str, Callable[[Shape, Sequence[Tree], Shapes], Shape | None]] = {
    "diag": lambda shape, arguments, shapes: (shape[0], shape[0]) if len(shape) == 1 else None,
    "diagonal": lambda shape, arguments, shapes: shape[:1] if len(shape) == 2 else None,
    "index": lambda shape, arguments, shapes: shape[len(arguments) :] if len(arguments) <= len(shape) else None,
    "slice": _slice,
    "onehot": _one_hot,
}
