"""Functions whose arguments are not all nodes (an axis, an index, a size), or that are written with others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sympy.core.symbol import Symbol

from symback.errors import ShapeError
from symback.tree import ONE, Apply, Quotient, Tree, apply, number_value

if TYPE_CHECKING:
    from symback.graph.build import Builder


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
    return builder.add("unit", (), (*_integers(node.arguments[:1]), *builder.lengths(node.arguments[1:])))


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


def _kron(builder: Builder, node: Apply, inner: list[int]) -> int:
    raise ShapeError("A graph has no Kronecker products; kron stands in formulas of Jacobians.")


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
    "quadratic": _quadratic,
    "cross_entropy": _cross_entropy,
    "bce": _bce,
    "kron": _kron,
}
