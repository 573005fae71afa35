"""The numbers of a program, node by node: floats and arrays, or exact fractions where every operation allows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np

from symback.errors import DomainError
from symback.graph.given_values import ROW, check_classes, exact_array
from symback.graph.given_values import as_array as as_array
from symback.graph.given_values import check_shape as check_shape
from symback.graph.given_values import require_finite as require_finite
from symback.graph.nodes import Node, Program, Shape
from symback.graph.operations.table import TABLE, kernel_of
from symback.graph.zero_wins import product, ratio, times

Array = Any
Operation = Callable[..., Array]


def run(
    program: Program, values: Mapping[str, Array], exact: bool = False, fixed: Mapping[int, Array] | None = None
) -> list[Array]:
    """Return the value of every node; `values` holds an array or number for each input by name.

    A node of `fixed` has the value given there, whatever it would be worked out to.
    """
    results: list[Array] = []
    fixed = fixed or {}
    with np.errstate(all="ignore"):
        for node in program:
            if node.op == "one_hot":
                check_classes(program[node.inputs[0]].name, results[node.inputs[0]], node.params[0])
            elif node.op == "gather":
                rows, places = node.inputs
                check_classes(program[places].name, results[places], np.shape(results[rows])[0], ROW)
            results.append(fixed[node.id] if node.id in fixed else _value(node, results, values, exact))
    return results


def rerun(nodes: Program, results: Sequence[Array]) -> list[Array]:
    """Return the results with these nodes worked out again, in order; all that they do not depend on stays."""
    again = list(results)
    with np.errstate(all="ignore"):
        for node in nodes:
            again[node.id] = _value(node, again, {}, False)
    return again


def _value(node: Node, results: list[Array], values: Mapping[str, Array], exact: bool) -> Array:
    if node.op == "input":
        return values[node.name]
    if node.op == "constant":
        if node.value is None:
            return {"e": np.e, "pi": np.pi, "inf": np.inf}[node.params[0]]
        return node.value if exact else float(node.value)
    inputs = [results[i] for i in node.inputs]
    if exact and is_exact(node.op):
        with suppress(ZeroDivisionError):  # fractions know no infinity, floats do
            return _worked_out(node, inputs, True)
    if exact:
        inputs = [np.asarray(i, dtype=float)[()] for i in inputs]
    return _worked_out(node, inputs, False)


def _worked_out(node: Node, inputs: Sequence[Array], exact: bool) -> Array:
    if exact and node.op in CONSTANTS:
        return exact_array(OPERATIONS[node.op](**_keywords(node)))
    if node.op == "power":
        return _power(inputs[0], inputs[1], exact)
    if node.op in OPERATIONS:
        return OPERATIONS[node.op](*inputs, **_keywords(node))
    return kernel_of(node.op, node.params, node.shape, tuple(map(np.shape, inputs)))(*inputs)


def is_exact(op: str) -> bool:
    """Tell whether an operation on fractions gives fractions."""
    return op in EXACT or op in TABLE and TABLE[op].exact


def _keywords(node: Node) -> dict[str, Any]:
    return {"params": node.params, "shape": node.shape} if node.op in WITH_PARAMS else {}


def _power(base: Array, exponent: Array, exact: bool) -> Array:
    if exact and isinstance(exponent, Fraction) and exponent.denominator == 1:
        return base ** int(exponent)
    if exact:
        base, exponent = (np.asarray(x, dtype=float) for x in (base, exponent))
    return np.power(np.asarray(base, dtype=float), exponent)[()]


# --- stable elementary functions ------------------------------------------------------------------------------------


def _sigmoid(x: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=float)))


def _softmax(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def _log_softmax(z: Array) -> Array:
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def _logsumexp(z: Array) -> Array:
    top = np.max(z, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(z - top), axis=-1)) + top[..., 0]


def _times_log(y: Array, p: Array) -> Array:
    """Return y ln p, which is 0 where y and p are 0."""
    return times(y, np.log(p))


def _samples(x: Array) -> int:
    return int(np.prod(np.shape(x)[:-1]))


def _rows(x: Array) -> int:
    return np.shape(x)[0] if np.ndim(x) else 1


def _cross_entropy(p: Array, y: Array) -> Array:
    return -np.sum(_times_log(y, p)) / _samples(p)


def _softmax_cross_entropy(z: Array, y: Array, p: Array = None) -> Array:
    return -np.sum(y * _log_softmax(z)) / _samples(z)


def _bce(p: Array, y: Array) -> Array:
    return -np.sum(_times_log(y, p) + _times_log(1 - y, 1 - p)) / _rows(p)


def _sigmoid_bce(z: Array, y: Array, p: Array = None) -> Array:
    return np.sum(np.logaddexp(0, z) - y * z) / _rows(z)


def _erf(x: Array) -> Array:
    from math import erf

    return np.vectorize(erf, otypes=[float])(x)[()]


def _gelu(x: Array) -> Array:
    return x * (1 + _erf(x / np.sqrt(2))) / 2


# --- arrays ---------------------------------------------------------------------------------------------------------


def _along(function: Callable[..., Array]) -> Operation:
    def apply(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
        return function(np.asarray(x), axis=params[0] if params else None)

    return apply


def _mean(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    x = np.asarray(x)
    count = x.shape[params[0]] if params else x.size
    return np.sum(x, axis=params[0] if params else None) / count


def _broadcast(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    x = np.asarray(x) if params[1] is None else np.expand_dims(x, params[1])
    return np.broadcast_to(x, shape)


def _reduce(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    """Sum over the axes along which an array of `shape` was broadcast to the shape of x."""
    x = np.asarray(x)
    x = np.sum(x, axis=tuple(range(x.ndim - len(shape)))) if x.ndim > len(shape) else x
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and x.shape[i] != 1)
    return np.sum(x, axis=stretched, keepdims=True) if stretched else x


def _scatter(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    result = np.zeros(shape, dtype=np.asarray(x).dtype)
    result[params[0]] = x
    return result


def _slice(x: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    axis, start, stop = params
    return np.take(x, range(start, stop), axis=axis)


def _inverse(matrix: Array) -> Array:
    try:
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        raise DomainError("A matrix has no inverse at these values.", hint="Give values at which it has one.") from None


def _one_hot(labels: Array, params: tuple[Any, ...], shape: Shape) -> Array:
    return np.eye(params[0])[np.rint(np.asarray(labels, dtype=float)).astype(int)]


OPERATIONS: dict[str, Operation] = {
    "identity": lambda x: x,
    "add": np.add,
    "subtract": np.subtract,
    "negate": np.negative,
    "multiply": np.multiply,
    "divide": np.divide,
    "ratio": ratio,
    "times": times,
    "product": product,
    "times_outer": lambda a, b: times(np.asarray(a)[:, None], b),
    "instead": lambda x, *rest: x,
    "maximum": np.maximum,
    "hypot": np.hypot,
    "minimum": np.minimum,
    "matmul": np.matmul,
    "transpose": np.transpose,
    "dot": np.dot,
    "outer": np.outer,
    "norm2": lambda x: np.sum(np.square(x)),
    "sum": _along(np.sum),
    "mean": _mean,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "logsumexp": _logsumexp,
    "cross_entropy": _cross_entropy,
    "softmax_cross_entropy": _softmax_cross_entropy,
    "bce": _bce,
    "sigmoid_bce": _sigmoid_bce,
    "xlogy": _times_log,
    "mse": lambda a, b: np.sum(np.square(np.subtract(a, b))) / np.size(a),
    "concat": lambda *parts, params, shape: np.concatenate(parts, axis=params[0]),
    "index": lambda x, params, shape: np.asarray(x)[params],
    "scatter": _scatter,
    "slice": _slice,
    "broadcast": _broadcast,
    "reduce": _reduce,
    "one_hot": _one_hot,
    "trace": np.trace,
    "logdet": lambda a: np.linalg.slogdet(a)[1],
    "inverse": _inverse,
    "eye": lambda params, shape: np.eye(params[0]),
    "ones": lambda params, shape: np.ones(shape),
    "zeros": lambda params, shape: np.zeros(shape),
    "unit": lambda params, shape: np.eye(params[1])[params[0]],
    "size": lambda params, shape: float(params[0]),
    "diag": np.diag,
    "diagonal": lambda a: np.array(np.diagonal(a)),
    "call": lambda u, result: result,
    # functions
    "exp": np.exp,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "cot": lambda x: 1 / np.tan(x),
    "sec": lambda x: 1 / np.cos(x),
    "csc": lambda x: 1 / np.sin(x),
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "arccot": lambda x: np.arctan(1 / x),
    "arcsec": lambda x: np.arccos(1 / x),
    "arccsc": lambda x: np.arcsin(1 / x),
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "coth": lambda x: 1 / np.tanh(x),
    "sech": lambda x: 1 / np.cosh(x),
    "csch": lambda x: 1 / np.sinh(x),
    "arsinh": np.arcsinh,
    "arcosh": np.arccosh,
    "artanh": np.arctanh,
    "arcoth": lambda x: np.arctanh(1 / x),
    "arsech": lambda x: np.arccosh(1 / x),
    "arcsch": lambda x: np.arcsinh(1 / x),
    "ln": np.log,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "abs": np.abs,
    "sign": np.sign,
    "step": lambda x: np.where(np.isnan(x), x, np.asarray(x) > 0) * 1.0,
    "erf": _erf,
    "sigmoid": _sigmoid,
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.maximum(x, 0.01 * np.asarray(x)),
    "elu": lambda x: np.maximum(x, 0) + np.expm1(np.minimum(x, 0)),
    "gelu": _gelu,
    "silu": lambda x: x * _sigmoid(x),
    "softplus": lambda x: np.logaddexp(0, x),
}
WITH_PARAMS = frozenset(
    (
        "sum",
        "mean",
        "concat",
        "index",
        "scatter",
        "slice",
        "broadcast",
        "reduce",
        "one_hot",
        "eye",
        "ones",
        "zeros",
        "unit",
        "size",
    )
)
CONSTANTS = frozenset(("eye", "ones", "zeros", "unit", "size"))  # of no inputs
EXACT = frozenset(
    ("identity", "add", "subtract", "negate", "multiply", "divide", "power", "maximum", "minimum", "abs", "matmul",
     "transpose", "dot", "outer", "norm2", "sum", "mean", "mse", "concat", "index", "scatter", "slice", "broadcast",
     "reduce", "times", "product", "times_outer", "instead", "diag", "diagonal", "trace", "call")
) | CONSTANTS  # fmt: skip
