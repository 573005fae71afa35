"""What a formula on the nodes of a graph is worth, with arrays: so that it is checked as it is written.

It knows nothing of the laws. Names, sizes and gradients have the values that are given for them; arrays of different
shapes are combined by NumPy's rule, as a reader of the formula would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.numeric import np, numpy, quiet
from symback.expr.reals import Real
from symback.expr.tree import (
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
from symback.graph.operations import CONSTANTS, OPERATIONS
from symback.graph.operations.basic_kernels import power
from symback.graph.operations.functions import function_kernel, has_kernel
from symback.graph.operations.rearranging import to_the_last, turned_back
from symback.graph.operations.row import ArrayOperation
from symback.graph.operations.table import arrays_of, kernel_of, parameters_of, row_of
from symback.syntax.arrays import ALONG_THE_LAST
from symback.syntax.function_rows import ARGUMENT, definition_of

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

    >>> from symback.expr.tree import apply, symbol
    >>> print(value_of(apply("sum", symbol("x")), {symbol("x"): np.array([1.0, 2.0])}))
    3.0
    """
    own = functions or {}

    def combine(node: Any, inner: list[Array]) -> Array:
        if node in values:
            return values[node]
        known = number_value(node)
        if known is not None or node is E or node is PI:
            return Real(node) if known is None else _as_float(known)
        if type(node) in ARITHMETIC:
            return ARITHMETIC[type(node)](*inner)
        if isinstance(node, Apply):
            if node.name == "index":
                return entry_value(inner[1], inner[2:], (first or {}).get(str(node.arguments[0]), ()))
            return own[node.name](*inner[1:]) if node.name in own else call_value(node.name, inner[1:])
        if isinstance(node, (Symbol, Inert)):
            raise NotAlone
        return None  # the name of a function, an entry of a decimal: parts of what is above

    with quiet():
        return fold(tree, combine)


def _as_float(value: Fraction) -> Real:
    try:
        return Real(value)
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
    Power: power,
}


# --- arrays ----------------------------------------------------------------------------------------------------------


def _whole(size: Array) -> int:
    return round(float(size))


def entry_value(x: Array, place: list[Array], first: tuple[int, ...]) -> Array:
    """Return a part of an array by its place, counted as the text does along each axis."""
    counted = [_whole(i) for i in place]
    offsets = (*first, *[0] * len(counted))
    return np.asarray(x)[tuple(i - k for i, k in zip(counted, offsets, strict=False))]


def _concat(*parts: Array) -> Array:
    axis = 0 if np.ndim(parts[-1]) else _whole(parts[-1])
    return np.concatenate(parts if np.ndim(parts[-1]) else parts[:-1], axis=axis)


def _diagonal(matrix: Array) -> Array:
    if np.ndim(matrix) != 2:
        raise ValueError("a diagonal is that of a matrix")
    return np.diagonal(matrix)


# What formulas have other words for than the table: equal rows and columns, and functions that are short for others.
_CALLS: dict[str, Callable[..., Array]] = {
    "onehot": lambda y, classes: np.eye(_whole(classes))[np.asarray(y, dtype=int)],
    "diagonal": _diagonal,
    "rows": lambda v, n: np.tile(v, (_whole(n), 1)),
    "columns": lambda u, m: np.tile(np.reshape(u, (-1, 1)), (1, _whole(m))),
    "concat": _concat,
    "log": lambda x, base: np.log(x) / np.log(base),
    "root": lambda x, n: power(x, 1 / n),
    "mod": lambda x, m: x - m * np.floor(x / m),
    "quadratic": lambda x, a: x @ a @ x,
    "outer": lambda u, v: numpy().multiply.outer(u, v),
    "inf": lambda: Real(np.inf),
}
_OTHER_NAMES = {"inv": "inverse", "max": "maximum", "min": "minimum"}


def _along_the_last(name: str, x: Array, *axis: Array) -> Array:
    x = np.asarray(x)
    order = to_the_last(_whole(axis[0]) % x.ndim, x.ndim) if axis and x.ndim else None
    if order is None:
        return OPERATIONS[name].kernel(x)
    made = OPERATIONS[name].kernel(np.transpose(x, order))
    return made if name == "logsumexp" else np.transpose(made, turned_back(order))


def _cross_entropy(p: Array, y: Array) -> Array:
    rows = np.eye(np.shape(p)[-1])[np.asarray(y, dtype=int)] if np.ndim(y) < np.ndim(p) else y  # class numbers are rows
    return OPERATIONS["cross_entropy"].kernel(p, rows)


def call_value(name: str, inner: list[Array]) -> Array:
    """Return the value of a call; NotAlone for one that is not known here."""
    if name == "cross_entropy":
        return _cross_entropy(*inner)
    if name in _CALLS:
        return _CALLS[name](*inner)
    if name in ALONG_THE_LAST:
        return _along_the_last(name, *inner)
    if name in FUNCTIONS and len(inner) == 1:
        return function_value(name, *inner)
    row = row_of("permute" if name == "transpose" and len(inner) > 1 else name)
    return _basic(name, inner) if row is None else _by_row(row, name, inner)


def _basic(name: str, inner: list[Array]) -> Array:
    """Return the value of a basic operation: arrays, then whole numbers where it has parameters."""
    operation = OPERATIONS.get(_OTHER_NAMES.get(name, name))
    if operation is None:
        raise NotAlone
    if not operation.with_params:
        return operation.kernel(*inner)
    arrays = [] if operation.name in CONSTANTS else inner[:1]
    params = tuple(map(_whole, inner[len(arrays) :]))
    return operation.kernel(*arrays, params=params, shape=operation.shape([np.shape(a) for a in arrays], params))


def _by_row(row: ArrayOperation, name: str, inner: list[Array]) -> Array:
    """Return the value of an operation of the table, of arrays followed by its parameters."""
    count = arrays_of(row, inner)
    arrays = inner[:count]
    shapes = tuple(map(np.shape, arrays))
    params = parameters_of(row, name, list(map(_whole, inner[count:])), shapes)
    return kernel_of(row.name, params, row.shape(shapes, params), shapes)(*arrays)


def function_value(name: str, *arguments: Array) -> Array:
    """Return the value of an elementary function: by its own code, or as its row defines it."""
    if has_kernel(name):
        return function_kernel(name)(*arguments)
    return value_of(definition_of(name), {ARGUMENT: arguments[0]})
