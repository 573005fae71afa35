"""What a formula on the nodes of a graph is worth, with arrays: so that gradients are checked as they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
from sympy.core.symbol import Symbol

from symback.functions import FUNCTIONS
from symback.graph import numbers
from symback.rule import Derivation
from symback.tree import (
    PI,
    Apply,
    E,
    Gradient,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    fold,
    number_value,
    symbol,
)

Array = Any
GOOD = 1e-6  # the relative error that rounding in float64 explains


class NotAlone(Exception):
    """A formula that does not say all that its value depends on: a part of an array, a function of the author's."""


def value_of(tree: Tree, values: Mapping[Tree, Array]) -> Array:
    """Return what a formula is worth where names and gradients have these values; NotAlone where that is open.

    >>> from symback.tree import apply
    >>> print(value_of(apply("sum", symbol("x")), {symbol("x"): np.array([1.0, 2.0])}))
    3.0
    """

    def combine(node: Any, inner: list[Array]) -> Array:
        if node in values:
            return values[node]
        known = number_value(node)
        if known is not None or node is E or node is PI:
            return float(node) if known is None else float(known)
        if type(node) in ARITHMETIC:
            return ARITHMETIC[type(node)](*inner)
        if isinstance(node, Apply):
            return _called(node.name, inner[1:])
        if isinstance(node, (Symbol, Inert)):
            raise NotAlone
        return None  # the name of a function, an entry of a decimal: parts of what is above

    with np.errstate(all="ignore"):
        return fold(tree, combine)


def formulas_that_differ(
    loss: str, derivations: Mapping[str, Derivation], values: Mapping[str, Array], gradients: Mapping[str, Array]
) -> list[str]:
    """Return the names by which the gradient, as its formula says it, is another than in `gradients`."""
    known: dict[Tree, Array] = {symbol(name): np.asarray(value, dtype=float) for name, value in values.items()}
    found = {name: np.asarray(gradient, dtype=float) for name, gradient in gradients.items()}
    known |= {Gradient(symbol(loss), symbol(name)): gradient for name, gradient in found.items()}
    return [n for n, d in derivations.items() if n in found and _differs(d.last, known, found[n])]


def _differs(formula: Tree, values: Mapping[Tree, Array], gradient: Array) -> bool:
    try:
        found = np.asarray(value_of(formula, values), dtype=float)
    except NotAlone:
        return False
    except (ValueError, np.linalg.LinAlgError):  # shapes that do not fit
        return True
    if found.size > gradient.size:
        return True
    with np.errstate(all="ignore"):
        apart = np.abs(found - gradient)
    comparable = np.isfinite(apart)  # 0/0 in a formula may be a limit that the program knows
    return bool(np.any(apart[comparable] > GOOD * (1 + np.max(np.abs(gradient), initial=0.0))))


def _over(operation: Callable[..., Array]) -> Callable[..., Array]:
    return lambda x, *axis: operation(x, axis=int(axis[0]) if axis else None)


ARITHMETIC: dict[type, Callable[..., Array]] = {
    Plus: lambda *terms: reduce(np.add, terms),
    Times: lambda *factors: reduce(np.multiply, factors),
    Quotient: np.divide,
    Neg: np.negative,
    Power: np.power,
}
_CALLS: dict[str, Callable[..., Array]] = {
    "sum": _over(np.sum),
    "mean": _over(np.mean),
    "spread": lambda x, *axis: np.expand_dims(x, int(axis[0])) if axis else x,
    "ones": lambda *sizes: np.ones([int(n) for n in sizes]),
    "eye": lambda size: np.eye(int(size)),
    "inv": np.linalg.inv,
    "max": np.maximum,
    "min": np.minimum,
    "log": lambda x, base: np.log(x) / np.log(base),
    "quadratic": lambda x, a: x @ a @ x,
}
_OPERATIONS = ("matmul", "transpose", "dot", "outer", "trace", "logdet", "norm2", "softmax", "log_softmax", "logsumexp",
               "mse", "bce", "cross_entropy")  # fmt: skip


def _called(name: str, inner: list[Array]) -> Array:
    if name in _CALLS:
        return _CALLS[name](*inner)
    if name not in _OPERATIONS and not (name in FUNCTIONS and len(inner) == 1):
        raise NotAlone
    return numbers.OPERATIONS[name](*inner)
