"""Functions whose arguments are not all nodes (an axis, an index, a size), or that are written with others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sympy.core.symbol import Symbol

from symback.errors import ShapeError
from symback.expr.tree import ONE, Apply, Quotient, Times, Tree, apply, number_value
from symback.graph.operations.rearranging import to_the_last, turned_back
from symback.graph.operations.row import axis_of
from symback.graph.operations.table import TABLE

if TYPE_CHECKING:
    from symback.graph.program.build import Builder


def _integers(arguments: Sequence[Tree]) -> tuple[int, ...]:
    values = [number_value(a) for a in arguments]
    if any(v is None or v.denominator != 1 for v in values):
        raise ShapeError("An axis or an index must be a whole number.")
    return tuple(int(v) for v in values if v is not None)


def _over_axis(builder: Builder, node: Apply, inner: list[int]) -> int:
    return builder.add(node.name, inner[:1], _integers(node.arguments[1:]))


def _index(builder: Builder, node: Apply, inner: list[int]) -> int:
    array = node.arguments[0]
    place = _integers(node.arguments[1:])
    first = builder.first.get(array.name, ()) if isinstance(array, Symbol) else ()
    counted = tuple(i - (first[axis] if axis < len(first) else 0) for axis, i in enumerate(place))
    return builder.add("index", inner[:1], counted)


def _slice(builder: Builder, node: Apply, inner: list[int]) -> int:
    (axis,) = _integers(node.arguments[1:2])
    start, stop = builder.lengths(node.arguments[2:])
    shape = builder.shape(inner[0])
    if start == 0 and axis < len(shape) and stop == shape[axis]:
        return inner[0]
    return builder.add("slice", inner[:1], (axis, start, stop))


def _array_of(builder: Builder, node: Apply, inner: list[int]) -> int:
    lengths = builder.lengths(node.arguments)
    if any(int(length) < 1 for length in lengths):
        raise ShapeError(f"{node.name} needs sizes from 1.", hint=f"Write {node.name}(3), with a number or a letter.")
    return builder.add(node.name, (), lengths)


def _unit(builder: Builder, node: Apply, inner: list[int]) -> int:
    return builder.add("unit", (), builder.lengths(node.arguments))


def _one_hot(builder: Builder, node: Apply, inner: list[int]) -> int:
    return builder.add("one_hot", inner[:1], builder.lengths(node.arguments[1:]))


def _concat(builder: Builder, node: Apply, inner: list[int]) -> int:
    last = number_value(node.arguments[-1])
    if len(inner) > 2 and last is not None:
        return builder.add("concat", inner[:-1], _integers(node.arguments[-1:]))
    return builder.add("concat", inner, (0,))


def _log(builder: Builder, node: Apply, inner: list[int]) -> int:
    logarithms = [builder.add("ln", (i,), tree=apply("ln", a)) for i, a in zip(inner, node.arguments, strict=True)]
    return builder.add("divide", logarithms)


def _root(builder: Builder, node: Apply, inner: list[int]) -> int:
    exponent = builder.add("divide", (builder.constant(1), inner[1]), tree=Quotient(ONE, node.arguments[1]))
    return builder.add("power", (inner[0], exponent))


def _modulo(builder: Builder, node: Apply, inner: list[int]) -> int:
    """Build x - m floor(x/m), whose slope by x is 1 and by m is -floor(x/m)."""
    x, m = node.arguments
    ratio = builder.add("divide", inner, tree=Quotient(x, m))
    times = builder.add("floor", (ratio,), tree=apply("floor", Quotient(x, m)))
    whole = builder.add("multiply", (inner[1], times), tree=Times(m, apply("floor", Quotient(x, m))))
    return builder.add("subtract", (inner[0], whole))


def _quadratic(builder: Builder, node: Apply, inner: list[int]) -> int:
    x, matrix = inner
    product = apply("matmul", node.arguments[1], node.arguments[0])
    return builder.add("matmul", (x, builder.add("matmul", (matrix, x), tree=product)))


def _cross_entropy(builder: Builder, node: Apply, inner: list[int]) -> int:
    """Build cross-entropy; from a softmax it is built from the logits, which neither overflow nor lose digits."""
    p, y = inner
    shape = builder.shape(p)
    if len(shape) == 2 and builder.shape(y) == shape[:1]:
        y = builder.add("one_hot", (y,), (shape[-1],))
    if builder.nodes[p].op == "softmax":
        return builder.add("softmax_cross_entropy", (builder.nodes[p].inputs[0], y, p))
    return builder.add("cross_entropy", (p, y))


def _bce(builder: Builder, node: Apply, inner: list[int]) -> int:
    p, y = inner
    if builder.nodes[p].op == "sigmoid":
        return builder.add("sigmoid_bce", (builder.nodes[p].inputs[0], y, p))
    return builder.add("bce", (p, y))


def _along_the_last(builder: Builder, node: Apply, inner: list[int]) -> int:
    """Build softmax and its kin; along another axis than the last one, of the array turned so that it is the last."""
    array = inner[0]
    axes = len(builder.shape(array))
    if len(node.arguments) == 1 or not axes:
        return builder.add(node.name, (array,))
    (axis,) = _integers(node.arguments[1:])
    order = to_the_last(axis_of(builder.shape(array), axis), axes)
    if order is None:
        return builder.add(node.name, (array,))
    made = builder.add(node.name, (builder.add("permute", (array,), order),))
    return made if node.name == "logsumexp" else builder.add("permute", (made,), turned_back(order))


def _permute(builder: Builder, node: Apply, inner: list[int]) -> int:
    if len(node.arguments) == 1:
        return builder.add("transpose", inner[:1])
    axes = tuple(axis_of(builder.shape(inner[0]), axis) for axis in _integers(node.arguments[1:]))
    return builder.add("permute", inner[:1], axes)


def _infinity(builder: Builder, node: Apply, inner: list[int]) -> int:
    return builder.constant(0, ("inf",))


def _convolution(builder: Builder, node: Apply, inner: list[int]) -> int:
    """Build a convolution of samples with channels; one sample, or a matrix, is first made to have these axes."""
    row = TABLE[node.name]
    axes = {"conv1d": 3, "conv2d": 4}[node.name]
    missing = axes - len(builder.shape(inner[0]))
    found = builder.operation(row, node, inner)
    if not missing:
        return found
    given = builder.nodes[found]
    arrays = [_with_axes(builder, i, axes) for i in given.inputs]
    made = builder.add(node.name, arrays, given.params)
    for _ in range(missing):
        made = builder.add("squeeze", (made,), (0,))
    return made


def _with_axes(builder: Builder, array: int, axes: int) -> int:
    for _ in range(axes - len(builder.shape(array))):
        array = builder.add("expand", (array,), (0,))
    return array


BUILDERS: dict[str, Callable[[Builder, Apply, list[int]], int]] = {
    "sum": _over_axis,
    "mean": _over_axis,
    "index": _index,
    "slice": _slice,
    **dict.fromkeys(("ones", "zeros", "eye"), _array_of),
    "unit": _unit,
    "onehot": _one_hot,
    "concat": _concat,
    "log": _log,
    "root": _root,
    "mod": _modulo,
    "quadratic": _quadratic,
    "cross_entropy": _cross_entropy,
    "bce": _bce,
    **dict.fromkeys(("softmax", "log_softmax", "logsumexp"), _along_the_last),
    "transpose": _permute,
    "inf": _infinity,
    **dict.fromkeys(("conv1d", "conv2d"), _convolution),
}
