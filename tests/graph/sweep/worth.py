"""What a tree is worth with arrays, by a table of its own; with NumPy, or with jax.numpy to be differentiated.

It is independent of the numbers of symback on purpose: a sweep that shared a table with what it judges would share its
faults. Elementwise operations align axes at the right, as NumPy does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
from sympy.core.numbers import Integer, Rational
from sympy.core.symbol import Str, Symbol

from symback.expr.tree import PI, Apply, Decimal, E, Neg, Plus, Power, Quotient, Size, Times, Tree, fold, number_value
from tests.graph.sweep import worth_of_operations

Array = Any


class NotKnown(Exception):
    """A tree with something that this table has no meaning for."""


class NoNode(NotKnown):
    """A tree with a name that is not a node of the graph, and no size."""


@dataclass
class Place:
    """Where a tree is worked out: the module of arrays, the values, the author's functions, how entries are counted.

    `calls` are functions that are known already, as one with a derivative of the author's; `kinks` collects how near
    the arguments of |u|, max and so on come to where they have no slope.
    """

    xp: Any
    values: Mapping[str, Array]
    functions: Mapping[str, Any] = field(default_factory=dict)
    first: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    kinks: list[float] | None = None
    calls: Mapping[str, Callable[..., Array]] = field(default_factory=dict)

    def near(self, x: Array) -> None:
        """Remember how near x comes to 0."""
        if self.kinks is not None:
            self.kinks.append(float(np.min(np.abs(x), initial=math.inf)))


def worth(tree: Tree, place: Place) -> Array:
    """Return what a tree is worth; NotKnown where it holds what has no meaning here.

    >>> from symback.expr.tree import apply, symbol
    >>> print(worth(apply("sum", symbol("x")), Place(np, {"x": np.array([1.0, 2.0])})))
    3.0
    """
    return fold(tree, lambda node, inner: _combined(place, node, inner))


def _combined(place: Place, node: Any, inner: list[Array]) -> Array:
    if isinstance(node, (Symbol, Size)):
        if node.name not in place.values:
            raise NoNode(node.name)
        return place.values[node.name]
    number = number_value(node)
    if number is not None or node is E or node is PI:
        return float(node) if number is None else float(number)
    if isinstance(node, (Str, Rational, Integer, Decimal)):
        return None  # a part of what is above: the name of a function, the entry of a decimal
    if type(node) in _ARITHMETIC:
        return _ARITHMETIC[type(node)](place.xp, *inner)
    if isinstance(node, Apply):
        return _called(place, node, inner[1:])
    raise NotKnown(type(node).__name__)


def _called(place: Place, node: Apply, inner: list[Array]) -> Array:
    name = node.name
    if name in place.calls:
        return place.calls[name](*inner)
    if name in place.functions:
        function = place.functions[name]
        return worth(
            function.body,
            Place(place.xp, {function.parameter: inner[0]}, place.functions, {}, place.kinks, place.calls),
        )
    if name == "index":
        return _entry(place, node, inner)
    if name in KINKS and place.kinks is not None:
        place.near(KINKS[name](*inner))
    if name.startswith("einsum["):
        return worth_of_operations.einsum(name)(place.xp, *inner)
    if name not in CALLS:
        raise NotKnown(name)
    return CALLS[name](place.xp, *inner)


def _entry(place: Place, node: Apply, inner: list[Array]) -> Array:
    """Return x[1], where the graph may count the entries of x from 1."""
    array, *indices = inner
    first = place.first.get(getattr(node.arguments[0], "name", ""), ())
    first = (*first, *[0] * len(indices))
    return array[tuple(int(i) - start for i, start in zip(indices, first, strict=False))]


def given_slope(name: str, place: Place) -> Callable[[Array], Array]:
    """Return the derivative that the author gave for a function, as a function of its argument."""
    function = place.functions[name]
    return lambda x: worth(function.derivative, Place(place.xp, {function.parameter: x}, place.functions))


# --- the table -------------------------------------------------------------------------------------------------------


def _power(xp: Any, base: Array, exponent: Array) -> Array:
    """Return a power; a whole exponent is one of a product, which has a slope at 0 and below."""
    if isinstance(base, float) and base == math.e:
        return xp.exp(exponent)
    whole = isinstance(exponent, float) and exponent.is_integer()
    return base ** int(exponent) if whole and abs(exponent) < 64 else base**exponent


_ARITHMETIC: dict[type, Callable[..., Array]] = {
    Plus: lambda xp, *terms: reduce(lambda a, b: a + b, terms),
    Times: lambda xp, *factors: reduce(lambda a, b: a * b, factors),
    Quotient: lambda xp, a, b: a / b,
    Neg: lambda xp, a: -a,
    Power: _power,
}


def _axis(axis: tuple[Any, ...]) -> int | None:
    return int(axis[0]) if axis else None


_SELU, _SELU_BELOW = 1.0507009873554805, 1.7580993408473769


def _erf(xp: Any, x: Array) -> Array:
    if xp is np:
        return np.vectorize(math.erf, otypes=[float])(x)
    from jax.scipy.special import erf

    return erf(x)


def _sigmoid(xp: Any, x: Array) -> Array:
    return 0.5 * (1 + xp.tanh(0.5 * x))


def _rows(x: Array) -> int:
    return int(np.shape(x)[0]) if np.shape(x) else 1


def _samples(x: Array) -> int:
    return math.prod(np.shape(x)[:-1])


def _cross_entropy(xp: Any, p: Array, y: Array) -> Array:
    rows = _onehot(xp, y, np.shape(p)[-1]) if np.ndim(y) < np.ndim(p) else y
    return -xp.sum(rows * xp.log(p)) / _samples(p)


def _bce(xp: Any, p: Array, y: Array) -> Array:
    return -xp.sum(y * xp.log(p) + (1 - y) * xp.log(1 - p)) / _rows(p)


def _onehot(xp: Any, y: Array, classes: float) -> Array:
    return np.eye(int(classes))[np.asarray(y, dtype=int)]


def _concat(xp: Any, *parts: Array) -> Array:
    axis = 0
    if not np.ndim(parts[-1]):
        *parts, axis = parts
    return xp.concatenate(list(parts), axis=int(axis))


def _slice(xp: Any, x: Array, axis: float, low: float, high: float) -> Array:
    return x[(slice(None),) * int(axis) + (slice(int(low), int(high)),)]


def _eliminated(xp: Any, a: Array) -> tuple[Array, Array]:
    """Return the inverse of a well-conditioned matrix and the logarithm of its determinant, by elimination.

    Nothing but elementwise operations and products, which JAX differentiates without a compiled routine.
    """
    size = len(a)
    rows, total = xp.concatenate([a, np.eye(size)], axis=1), 0.0
    for i in range(size):
        pivot = rows[i, i]
        total = total + xp.log(xp.abs(pivot))
        row, others = rows[i] / pivot, np.arange(size)[:, None] != i
        rows = xp.where(others, rows - rows[:, i : i + 1] * row, row)
    return rows[:, size:], total


def _inverse(xp: Any, a: Array) -> Array:
    return np.linalg.inv(a) if xp is np else _eliminated(xp, a)[0]


def _logdet(xp: Any, a: Array) -> Array:
    return np.linalg.slogdet(a)[1] if xp is np else _eliminated(xp, a)[1]


def _shape(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(int(size) for size in sizes)


def _inverse_of_one_over(function: str) -> Callable[..., Array]:
    return lambda xp, x: getattr(xp, function)(1 / x)


# fmt: off
CALLS: dict[str, Callable[..., Array]] = {
    # arrays
    "sum": lambda xp, a, *axis: xp.sum(a, axis=_axis(axis)),
    "mean": lambda xp, a, *axis: xp.mean(a, axis=_axis(axis)),
    "dot": lambda xp, a, b: xp.sum(a * b),
    "outer": lambda xp, a, b: a[:, None] * b[None, :],
    "norm": lambda xp, a: xp.sqrt(xp.sum(a * a)),
    "norm2": lambda xp, a: xp.sum(a * a),
    "trace": lambda xp, a: xp.sum(a * np.eye(len(a))),
    "logdet": _logdet,
    "det": lambda xp, a: np.linalg.det(a) if xp is np else xp.exp(_logdet(xp, a)),
    "inv": _inverse,
    "quadratic": lambda xp, x, a: x @ a @ x,
    "mse": lambda xp, a, b: xp.mean((a - b) ** 2),
    "bce": _bce,
    "cross_entropy": _cross_entropy,
    "concat": _concat,
    "slice": _slice,
    "diag": lambda xp, v: v[:, None] * np.eye(len(v)),
    "diagonal": lambda xp, a: xp.sum(a * np.eye(len(a)), axis=1),
    "ones": lambda xp, *sizes: np.ones(_shape(sizes)),
    "zeros": lambda xp, *sizes: np.zeros(_shape(sizes)),
    "eye": lambda xp, size: np.eye(int(size)),
    "unit": lambda xp, i, size: np.eye(int(size))[int(i)],
    "onehot": _onehot,
    # elementwise, of one value
    **{name: (lambda xp, x, f=name: getattr(xp, f)(x)) for name in
       ("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "sqrt", "cbrt", "abs", "sign")},
    "cot": lambda xp, x: xp.cos(x) / xp.sin(x),
    "sec": lambda xp, x: 1 / xp.cos(x),
    "csc": lambda xp, x: 1 / xp.sin(x),
    "arccot": _inverse_of_one_over("arctan"),
    "arcsec": _inverse_of_one_over("arccos"),
    "arccsc": _inverse_of_one_over("arcsin"),
    "coth": lambda xp, x: 1 / xp.tanh(x),
    "sech": lambda xp, x: 1 / xp.cosh(x),
    "csch": lambda xp, x: 1 / xp.sinh(x),
    "arsinh": lambda xp, x: xp.arcsinh(x),
    "arcosh": lambda xp, x: xp.arccosh(x),
    "artanh": lambda xp, x: xp.arctanh(x),
    "arcoth": _inverse_of_one_over("arctanh"),
    "arsech": _inverse_of_one_over("arccosh"),
    "arcsch": _inverse_of_one_over("arcsinh"),
    "ln": lambda xp, x: xp.log(x),
    "step": lambda xp, x: xp.where(x > 0, 1.0, 0.0),
    "erf": _erf,
    "sigmoid": _sigmoid,
    "relu": lambda xp, x: xp.maximum(x, 0.0),
    "leaky_relu": lambda xp, x: xp.where(x > 0, x, 0.01 * x),
    "elu": lambda xp, x: xp.where(x > 0, x, xp.exp(xp.minimum(x, 0.0)) - 1),
    "gelu": lambda xp, x: x * (1 + _erf(xp, x / 2**0.5)) / 2,
    "silu": lambda xp, x: x * _sigmoid(xp, x),
    "softplus": lambda xp, x: xp.logaddexp(0.0, x),
    "selu": lambda xp, x: xp.where(x > 0, _SELU * x, _SELU_BELOW * (xp.exp(xp.minimum(x, 0.0)) - 1)),
    "mish": lambda xp, x: x * xp.tanh(xp.logaddexp(0.0, x)),
    "softsign": lambda xp, x: x / (1 + xp.abs(x)),
    "hardtanh": lambda xp, x: xp.clip(x, -1.0, 1.0),
    "floor": lambda xp, x: xp.floor(x),
    "ceil": lambda xp, x: xp.ceil(x),
    "round": lambda xp, x: xp.round(x),
    # elementwise, of two values
    "log": lambda xp, x, base: xp.log(x) / xp.log(base),
    "root": lambda xp, x, n: x ** (1 / n),
    "max": lambda xp, a, b: xp.maximum(a, b),
    "min": lambda xp, a, b: xp.minimum(a, b),
    **worth_of_operations.CALLS,
    "solve": lambda xp, a, b: _inverse(xp, a) @ b,
}

# What is 0 where a function has no slope of its own.
KINKS: dict[str, Callable[..., Array]] = {
    **dict.fromkeys(("abs", "sign", "step", "relu", "leaky_relu", "elu", "selu", "softsign", "cbrt"), lambda x: x),
    "hardtanh": lambda x: np.abs(x) - 1,
    **dict.fromkeys(("floor", "ceil", "round"), lambda x: np.sin(2 * np.pi * x) / 6),
    "max": lambda a, b: a - b,
    "min": lambda a, b: a - b,
    **worth_of_operations.KINKS,
}
# fmt: on
