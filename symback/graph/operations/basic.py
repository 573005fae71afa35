"""The operations of a graph: what shape each has, and the law of its gradient, one row an operation.

In a law `a` and `b` are the inputs, `z` the node's own value and `g` the gradient of the loss by the node; the law of
an input gives what the node adds to that input's gradient (after which it is summed over broadcast axes). The layout is
the denominator layout: a gradient has the shape of what it is taken by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from symback.errors import ShapeError
from symback.expr.numeric import np
from symback.graph.nodes import Shape, shape_text
from symback.graph.operations import basic_kernels as k
from symback.graph.operations.guarded import product, ratio, times
from symback.graph.sizes import fits_in, total

ShapeRule = Callable[[Sequence[Shape], tuple[Any, ...]], Shape]


# --- shapes ----------------------------------------------------------------------------------------------------------


def broadcast_shape(shapes: Sequence[Shape], params: tuple[Any, ...] = ()) -> Shape:
    """Return the shape of an elementwise operation, by NumPy's rule: axes are aligned at the right, 1 stretches."""
    if not any(shapes):
        return ()
    result: list[int] = []
    for axis in range(1, max(map(len, shapes)) + 1):
        sizes = {s[-axis]: None for s in shapes if len(s) >= axis and s[-axis] != 1}
        if len(sizes) > 1:
            raise _mismatch("cannot be combined entry by entry", shapes, *list(sizes)[:2])
        result.append(next(iter(sizes), 1))
    return tuple(reversed(result))


def _mismatch(what: str, shapes: Sequence[Shape], first: int | None = None, second: int | None = None) -> ShapeError:
    names = " and ".join(shape_text(s) for s in shapes)
    why = f"{first} and {second} are different" if first is not None else "they do not fit"
    return ShapeError(f"The shapes {names} {what}: {why}.")


def _matmul(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    a, b = shapes
    what = f"The matrix product of {shape_text(a)} and {shape_text(b)} does not exist"
    if not (1 <= len(a) <= 2 and 1 <= len(b) <= 2):
        hint = "Write * for a product with a number." if not (a and b) else "Take one matrix of it, as in X[0]."
        raise ShapeError(f"{what}: @ multiplies vectors and matrices.", hint=hint)
    if a[-1] != b[0]:
        hint = "The columns of the first must be as many as the rows of the second; .T transposes."
        raise ShapeError(f"{what}: {a[-1]} and {b[0]} are different.", hint=hint)
    return (*a[:-1], *b[1:])


def same_shape(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    """Return the shape of a loss, which compares two arrays of one shape."""
    if any(s != shapes[0] for s in shapes):
        raise _mismatch("cannot be compared", shapes)
    return ()


def _transpose(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return tuple(reversed(shapes[0]))


def _over_axis(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    shape = shapes[0]
    if not params:
        return ()
    axis = params[0]
    if not -len(shape) <= axis < len(shape):
        raise ShapeError(f"A {shape_text(shape)} has no axis {axis}.", hint="The axes are numbered from 0.")
    axis %= len(shape)
    return shape[:axis] + shape[axis + 1 :]


def _kept(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return shapes[0]


def _rows(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    if not shapes[0]:
        raise ShapeError("softmax and logsumexp need a vector or a matrix, not a scalar.")
    return shapes[0]


def _logsumexp(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return _rows(shapes, params)[:-1]


def _dot(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    a, b = shapes
    if len(a) != 1 or a != b:
        raise _mismatch("have no dot product, which takes two vectors of one length", shapes)
    return ()


def _outer(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    a, b = shapes
    if len(a) != 1 or len(b) != 1:
        raise _mismatch("have no outer product, which takes two vectors", shapes)
    return (*a, *b)


def _square_to_scalar(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    _square(shapes, params)
    return ()


def _square(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    shape = shapes[0]
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ShapeError(f"A square matrix is needed, not a {shape_text(shape)}.")
    return shape


def _index(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    shape = shapes[0]
    if len(params) > len(shape) or any(not -n <= i < n for i, n in zip(params, shape, strict=False)):
        place = ", ".join(map(str, params))
        raise ShapeError(f"There is no entry [{place}] in a {shape_text(shape)}.", hint="Entries are numbered from 0.")
    return shape[len(params) :]


def _concat(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    axis = params[0] if params else 0
    first = shapes[0]
    if not first or any(len(s) != len(first) for s in shapes):
        raise _mismatch("cannot be joined", shapes)
    axis %= len(first)
    if any(s[:axis] + s[axis + 1 :] != first[:axis] + first[axis + 1 :] for s in shapes):
        raise _mismatch("cannot be joined", shapes)
    return (*first[:axis], total(s[axis] for s in shapes), *first[axis + 1 :])


def _kept_number(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return ()


def _given(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return tuple(params)


def _target(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    """Return the shape named by the params of broadcast and reduce: (shape, axis put in first or None)."""
    return tuple(params[0])


def _slice(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    axis, start, stop = params
    shape = shapes[0]
    if not 0 <= axis < len(shape):
        raise ShapeError(f"A {shape_text(shape)} has no axis {axis}.", hint="The axes are numbered from 0.")
    if not (0 <= start < stop and fits_in(stop, shape[axis]) and fits_in(start, shape[axis])):
        message = f"There is no slice from {start} up to {stop} of {shape[axis]} entries."
        raise ShapeError(message, hint="The entries are numbered from 0, and the last end is not in the slice.")
    return (*shape[:axis], total([stop], [start]), *shape[axis + 1 :])


def _scatter(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return tuple(params[1])


def _one_hot(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return (*shapes[0], params[0])


def _eye(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return (params[0], params[0])


def _diag(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    if len(shapes[0]) != 1:
        raise ShapeError(
            f"diag needs a vector, not a {shape_text(shapes[0])}.", hint="diagonal(A) is that of a matrix."
        )
    return shapes[0] * 2


def _diagonal(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return _square(shapes, params)[:1]


def _unit(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    place, length = params
    if not 0 <= place < length:
        raise ShapeError(f"There is no unit vector {place} of {length} entries.", hint="They are numbered from 0.")
    return (length,)


def _second(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    return shapes[1]


# --- the table -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: the name of its law, its shape rule, its kernel, and the law's text for each input ("" for none).

    `takes` is how many values a call in a graph's text has; none for what only symback writes. `exact` kernels give
    fractions for fractions; `with_params` kernels are given the parameters and the shape of the result.
    """

    name: str
    title: str
    shape: ShapeRule
    kernel: Callable[..., Any]
    laws: tuple[str, ...] = ()
    takes: tuple[int, int] | None = None
    exact: bool = False
    with_params: bool = False


_P = "params"  # the kernel takes the parameters and the shape


def _op(
    name: str, title: str, shape: ShapeRule, kernel: Callable[..., Any], kind: str, takes: str, *laws: str
) -> Operation:
    least, _, most = takes.partition("-")
    called = (int(least), int(most or least)) if takes else None
    return Operation(name, title, shape, kernel, laws, called, "exact" in kind, _P in kind)


_E = broadcast_shape
_X = "exact"
_XP = "exact params"
_MANY = "2-64"

# fmt: off
OPERATIONS: dict[str, Operation] = {row.name: row for row in (
    # name             law's title                 shape          kernel         kind  called  gradient by a and b
    _op("input",       "input",                    _given,        k.unknown,     "",   ""),
    _op("constant",    "constant",                 _given,        k.unknown,     "",   ""),
    _op("identity",    "identity rule",            _kept,         k.same,        _X,   "",   "g"),
    _op("add",         "sum rule",                 _E,            np.add,        _X,   "",   "g", "g"),
    _op("subtract",    "difference rule",          _E,            np.subtract,   _X,   "",   "g", "-g"),
    _op("negate",      "constant multiple rule",   _E,            np.negative,   _X,   "",   "-g"),
    _op("multiply",    "elementwise product",      _E,            np.multiply,   _X,   "",   "g*b", "g*a"),
    _op("divide",      "elementwise quotient",     _E,            np.divide,     _X,   "",   "g/b", "-g*z/b"),
    _op("power",       "power rule",               _E,            k.power,       _X,   "",
        "g*b*a^(b - 1)", "g*z*ln(a)"),
    _op("exp",         "exponential rule",         _E,            np.exp,        "",   "",   "g*z"),
    _op("maximum",     "maximum rule",             _E,            np.maximum,    _X,   "",   "g*step(a - b)",
        "g*(1 - step(a - b))"),
    _op("minimum",     "minimum rule",             _E,            np.minimum,    _X,   "",   "g*step(b - a)",
        "g*(1 - step(b - a))"),
    _op("hypot",       "root of a sum of squares", _E,            np.hypot,      "",   "",   "g*ratio(a, z)",
        "g*ratio(b, z)"),
    _op("transpose",   "transpose",                _transpose,    np.transpose,  _X,   "1-8", "g.T"),
    _op("sum",         "sum of entries",           _over_axis,    k.summed,      _XP,  "",   "spread(g)"),
    _op("mean",        "mean of entries",          _over_axis,    k.mean,        _XP,  "",   "spread(g)/count(a)"),
    _op("matmul",      "matrix product",           _matmul,       np.matmul,     _X,   "2"),
    _op("dot",         "dot product",              _dot,          np.dot,        _X,   "2",  "g*b", "g*a"),
    _op("outer",       "outer product",            _outer,        np.outer,      _X,   "2",  "g @ b", "g.T @ a"),
    _op("norm2",       "squared norm",             same_shape,    k.norm2,       _X,   "",   "2*g*a"),
    _op("softmax",     "softmax",                  _rows,         k.softmax,     "",   "",
        "z*(g - spread(sum(g*z, -1)))"),
    _op("log_softmax", "log-softmax",              _rows,         k.log_softmax, "",   "",
        "g - softmax(a)*spread(sum(g, -1))"),
    _op("logsumexp",   "log-sum-exp",              _logsumexp,    k.logsumexp,   "",   "",   "spread(g)*softmax(a)"),
    _op("cross_entropy", "cross-entropy",          same_shape,    k.cross_entropy, "", "2",
        "-g*ratio(b, a)/samples(a)", "-g*ln(a)/samples(a)"),
    _op("softmax_cross_entropy", "softmax with cross-entropy", same_shape, k.softmax_cross_entropy, "", "",
        "g*(softmax(a)*spread(sum(b, -1)) - b)/samples(a)", "-g*log_softmax(a)/samples(a)",
        "-g*ratio(b, c)/samples(a)"),
    _op("bce",         "binary cross-entropy",     same_shape,    k.bce,         "",   "2",
        "g*(ratio(1 - b, 1 - a) - ratio(b, a))/rows(a)", "g*(ln(1 - a) - ln(a))/rows(a)"),
    _op("sigmoid_bce", "sigmoid with binary cross-entropy", same_shape, k.sigmoid_bce, "", "",
        "g*(sigmoid(a) - b)/rows(a)", "-g*a/rows(a)", "g*(ratio(1 - b, 1 - c) - ratio(b, c))/rows(a)"),
    _op("mse",         "mean squared error",       same_shape,    k.mse,         _X,   "2",
        "2*g*(a - b)/count(a)", "2*g*(b - a)/count(a)"),
    _op("concat",      "concatenation",            _concat,       k.concat,      _XP,  _MANY),
    _op("index",       "indexing",                 _index,        k.entry,       _XP,  "2-8", "scatter(g)"),
    _op("trace",       "trace",                    _square_to_scalar, np.trace,  _X,   "1",  "g*eye(a)"),
    _op("logdet",      "log-determinant",          _square_to_scalar, k.logdet,  "",   "1",  "g*inv(a).T"),
    _op("inverse",     "inverse matrix",           _square,       k.inverse,     "",   "",   "-z.T @ g @ z.T"),
    _op("call",        "given derivative",         _second,       k.second,      _X,   ""),
    # what numbers and code work out in the place of a formula; see stable_program
    _op("instead",     "the same, stable",         _kept,         k.same,        _X,   "",   "g", "g"),
    _op("xlogy",       "product with a logarithm", _E,            k.times_log,   "",   "",
        "g*ln(b)", "g*ratio(a, b)"),
    # operations that only gradients need; ratio(a, b) is a/b, and 0 for 0/0, as y/p is where nothing is expected; in
    # times, product and times_outer, too, 0 wins over infinity; see zero_wins
    _op("ratio",       "quotient",                 _E,            ratio,         "",   "",   "ratio(g, b)",
        "-ratio(g*z, b)"),
    _op("times",       "product",                  _E,            times,         _X,   "",   "g*b", "g*a"),
    _op("product",     "matrix product",           _matmul,       product,       _X,   ""),
    _op("times_outer", "outer product",            _outer,        k.times_outer, _X,   "",   "g @ b", "g.T @ a"),
    _op("broadcast",   "spread over the entries",  _target,       k.broadcast,   _XP,  ""),
    _op("reduce",      "sum over broadcast axes",  _target,       k.reduce,      _XP,  ""),
    _op("scatter",     "entry put in its place",   _scatter,      k.scatter,     _XP,  ""),
    # parts of arrays, and arrays of constants; what flows into a slice is put between zeros
    _op("slice",       "slice",                    _slice,        k.part,        _XP,  "4"),
    _op("diag",        "diagonal matrix",          _diag,         np.diag,       _X,   "1",  "diagonal(g)"),
    _op("diagonal",    "diagonal of a matrix",     _diagonal,     k.diagonal,    _X,   "1",  "diag(g)"),
    _op("one_hot",     "class numbers as rows",    _one_hot,      k.one_hot,     _P,   ""),
    _op("eye",         "identity matrix",          _eye,          k.eye,         _XP,  "1"),
    _op("ones",        "array of ones",            _given,        k.ones,        _XP,  "1-8"),
    _op("zeros",       "array of zeros",           _given,        k.zeros,       _XP,  "1-8"),
    _op("unit",        "unit vector",              _unit,         k.unit,        _XP,  "2"),
    _op("size",        "size of an axis",          _kept_number,  k.size,        _XP,  ""),
)}

# The matrix product has other laws for vectors: (rows of a, columns of b) as numbers of axes.
MATMUL_LAWS: dict[tuple[int, int], tuple[str, str]] = {
    (2, 2): ("g @ b.T", "a.T @ g"),
    (2, 1): ("outer(g, b)", "a.T @ g"),
    (1, 2): ("b @ g", "outer(a, g)"),
    (1, 1): ("g*b", "g*a"),
}
# What text has other names for, or writes with others: how many values a call has.
OTHER_CALLS: dict[str, tuple[int, int]] = {"inv": (1, 1), "onehot": (2, 2), "quadratic": (2, 2)}
# fmt: on

CONSTANTS = frozenset(("eye", "ones", "zeros", "unit", "size"))  # operations without inputs


# A loss of probabilities that a graph works out from what they are made of, because that neither overflows nor loses
# digits: its inputs are (z, y, p), where p is the softmax or the sigmoid of z. The law of p is for the gradient by p
# alone; what p passes on to z is in the law of z.
FUSED = {"softmax_cross_entropy": "cross_entropy", "sigmoid_bce": "bce"}
PROBABILITIES = 2  # the place of p


def laws_of(op: str, shapes: Sequence[Shape]) -> tuple[str, ...]:
    """Return the texts of the laws of an operation for inputs of these shapes."""
    if op in ("matmul", "product"):
        return MATMUL_LAWS[len(shapes[0]), len(shapes[1])]
    return OPERATIONS[op].laws
