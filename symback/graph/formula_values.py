"""What a formula on the nodes of a graph is worth, with arrays: so that it is checked as it is written.

It knows nothing of the laws. Names, sizes and gradients have the values that are given for them; arrays of different
shapes are combined by NumPy's rule, as a reader of the formula would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from sympy.core.symbol import Symbol

from symback.functions import FUNCTIONS
from symback.graph import numbers
from symback.laws import ARGUMENT, definition_of
from symback.tree import (
    PI,
    Apply,
    E,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    fold,
    number_value,
)

Array = Any


class NotAlone(Exception):
    """A formula that does not say all that its value depends on: something that has no value here."""


def value_of(
    tree: Tree,
    values: Mapping[Tree, Array],
    functions: Mapping[str, Callable[..., Array]] | None = None,
    first: Mapping[str, tuple[int, ...]] | None = None,
) -> Array:
    """Return what a formula is worth where names, sizes and gradients have these values; NotAlone where that is open.

    `functions` are the author's own, and their derivatives by the name with a prime; `first` says how the first entry
    of an array is numbered along each axis.

    >>> from symback.tree import apply, symbol
    >>> print(value_of(apply("sum", symbol("x")), {symbol("x"): np.array([1.0, 2.0])}))
    3.0
    """
    own = functions or {}

    def combine(node: Any, inner: list[Array]) -> Array:
        if node in values:
            return values[node]
        known = number_value(node)
        if known is not None or node is E or node is PI:
            return float(node) if known is None else _as_float(known)
        if type(node) in ARITHMETIC:
            return ARITHMETIC[type(node)](*inner)
        if isinstance(node, Apply):
            if node.name == "index":
                return entry_value(inner[1], inner[2:], (first or {}).get(str(node.arguments[0]), ()))
            return own[node.name](*inner[1:]) if node.name in own else call_value(node.name, inner[1:])
        if isinstance(node, (Symbol, Inert)):
            raise NotAlone
        return None  # the name of a function, an entry of a decimal: parts of what is above

    with np.errstate(all="ignore"):
        return fold(tree, combine)


def _as_float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        raise NotAlone from None  # no float says what such a number is worth


# --- arithmetic ------------------------------------------------------------------------------------------------------


def product(*factors: Array) -> Array:
    """Return a product in which an exact 0 wins over an infinite factor, as a derivative of 0 does."""
    made = reduce(np.multiply, factors)
    if np.all(np.isfinite(made)):
        return made
    is_zero = reduce(np.logical_or, [np.equal(f, 0) for f in factors])
    return np.where(is_zero, 0.0, made)[()]


def _quotient(a: Array, b: Array) -> Array:
    """Return a/b, which is a times 1/b: an exact 0 wins over 1/0 here too, as in step(x)/sqrt(max(x, 0))."""
    made = np.divide(a, b)
    return made if np.all(np.isfinite(made)) else np.where(np.equal(a, 0) & np.equal(b, 0), 0.0, made)[()]


ARITHMETIC: dict[type, Callable[..., Array]] = {
    Plus: lambda *terms: reduce(np.add, terms),
    Times: product,
    Quotient: _quotient,
    Neg: np.negative,
    Power: lambda base, exponent: np.power(np.asarray(base, dtype=float), exponent)[()],
}


# --- arrays ----------------------------------------------------------------------------------------------------------


def _whole(size: Array) -> int:
    return round(float(size))


def entry_value(x: Array, place: list[Array], first: tuple[int, ...]) -> Array:
    """Return a part of an array by its place, counted as the text does along each axis."""
    counted = [_whole(i) for i in place]
    offsets = (*first, *[0] * len(counted))
    return np.asarray(x)[tuple(i - k for i, k in zip(counted, offsets, strict=False))]


def _over(operation: Callable[..., Array]) -> Callable[..., Array]:
    return lambda x, *axis: operation(x, axis=_whole(axis[0]) if axis else None)


def _concat(*parts: Array) -> Array:
    axis = 0 if np.ndim(parts[-1]) else _whole(parts[-1])
    return np.concatenate(parts if np.ndim(parts[-1]) else parts[:-1], axis=axis)


def _slice(x: Array, axis: Array, low: Array, high: Array) -> Array:
    return np.take(x, range(_whole(low), _whole(high)), axis=_whole(axis))


def _diagonal(matrix: Array) -> Array:
    if np.ndim(matrix) != 2:
        raise ValueError("a diagonal is that of a matrix")
    return np.diagonal(matrix)


_CALLS: dict[str, Callable[..., Array]] = {
    "sum": _over(np.sum),
    "mean": _over(np.mean),
    "ones": lambda *sizes: np.ones([_whole(n) for n in sizes]),
    "zeros": lambda *sizes: np.zeros([_whole(n) for n in sizes]),
    "eye": lambda size: np.eye(_whole(size)),
    "unit": lambda place, size: (np.arange(_whole(size)) == _whole(place)) * 1.0,
    "onehot": lambda y, classes: np.eye(_whole(classes))[np.asarray(y, dtype=int)],
    "diag": np.diag,
    "diagonal": _diagonal,
    "rows": lambda v, n: np.tile(v, (_whole(n), 1)),
    "columns": lambda u, m: np.tile(np.reshape(u, (-1, 1)), (1, _whole(m))),
    "slice": _slice,
    "concat": _concat,
    "outer": np.multiply.outer,
    "inv": np.linalg.inv,
    "max": np.maximum,
    "min": np.minimum,
    "log": lambda x, base: np.log(x) / np.log(base),
    "root": lambda x, n: np.power(x, 1 / n),
    "quadratic": lambda x, a: x @ a @ x,
    "norm2": lambda x: np.sum(np.square(x)),
}
_OPERATIONS = ("matmul", "transpose", "dot", "trace", "logdet", "softmax", "log_softmax", "logsumexp",
               "mse", "bce")  # fmt: skip


def _cross_entropy(p: Array, y: Array) -> Array:
    rows = np.eye(np.shape(p)[-1])[np.asarray(y, dtype=int)] if np.ndim(y) < np.ndim(p) else y  # class numbers are rows
    return numbers.OPERATIONS["cross_entropy"](p, rows)


def call_value(name: str, inner: list[Array]) -> Array:
    """Return the value of a call; NotAlone for one that is not known here."""
    if name == "cross_entropy":
        return _cross_entropy(*inner)
    if name in _CALLS:
        return _CALLS[name](*inner)
    if name in FUNCTIONS and len(inner) == 1:
        return function_value(name, *inner)
    if name not in _OPERATIONS:
        raise NotAlone
    return numbers.OPERATIONS[name](*inner)


def function_value(name: str, *arguments: Array) -> Array:
    """Return the value of an elementary function: by its own code, or as its row defines it."""
    if name in numbers.OPERATIONS:
        return numbers.OPERATIONS[name](*arguments)
    return value_of(definition_of(name), {ARGUMENT: arguments[0]})
