"""Products checked a second way: NumPy's matrix products on exact fractions, and every sum as written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.numeric import NOT_CHECKED, is_installed, numpy
from symback.expr.tree import Apply, Neg, Plus, Power, Quotient, Times, Tree, fold, number_value, symbol
from symback.products.arrays import Array
from symback.products.steps import Step
from symback.verify import Verification

Matrix = Any  # a NumPy array of fractions: vectors are columns, transposed ones rows


def verify(products: Any) -> Verification:
    """Return the verdict on expressions that were worked out: every entry and every sum must come out again."""
    if not is_installed():
        return Verification("unverified", 0, NOT_CHECKED)
    np = numpy()
    matrices = {symbol(name): _matrix(array, np) for name, array in products.values.items()}
    entries = 0
    for product in products.products:
        found = _found(product.tree, matrices, np)
        if (product.result is None) != (found is None):
            what = "exists" if found is not None else "does not exist"
            return Verification("failed", entries, f"{product.source} {what}.")
        if found is None or product.result is None:
            continue
        if [e.value for e in product.result.entries] != list(found.ravel()):
            return Verification("failed", entries, f"{product.source} comes out otherwise the second way.")
        if not all(_sums_agree(step) for step in product.steps):
            return Verification("failed", entries, f"A sum of {product.source} is not its entry.")
        entries += len(product.result.entries)
    said = "1 entry" if entries == 1 else f"{entries} entries"
    return Verification("verified", entries, f"Verified: {said} worked out a second way.")


def _matrix(array: Array, np: Any) -> Matrix:
    made = np.array([[entry.value for entry in row] for row in array.rows], dtype=object)
    return made.reshape(()) if not array.shape else made


def _found(tree: Tree, matrices: Mapping[Symbol, Matrix], np: Any) -> Matrix | None:
    """Return the value of an expression, None where shapes do not fit."""
    operations = _operations(np)

    def combine(node: Basic, inner: list[Any]) -> Any:
        if isinstance(node, Symbol):
            return matrices[node]
        value = number_value(node)
        if value is not None:
            return np.array(value, dtype=object)
        key = node.name if isinstance(node, Apply) else type(node)
        return operations[key](*(inner[1:] if isinstance(node, Apply) else inner)) if key in operations else node

    try:
        return np.asarray(fold(tree, combine))
    except ValueError:
        return None


def _operations(np: Any) -> dict[Any, Callable[..., Matrix]]:
    def product(a: Matrix, b: Matrix) -> Matrix:
        if not np.ndim(a) or not np.ndim(b):
            return a * b
        a = a.T if a.shape[1] == 1 and b.shape[0] == a.shape[0] else a  # a column before a column or a matrix
        return _plain(np.matmul(a, b))

    def plus(a: Matrix, b: Matrix) -> Matrix:
        if np.shape(a) != np.shape(b):
            raise ValueError("two shapes")
        return a + b

    return {
        Times: lambda *factors: reduce(product, factors),
        "matmul": product,
        "dot": product,
        "outer": lambda a, b: np.matmul(a, b.T),
        "transpose": np.transpose,
        Plus: lambda *terms: reduce(plus, terms),
        Neg: lambda a: -a,
        Quotient: _quotient,
        Power: lambda a, k: a ** int(k) if not np.ndim(a) else reduce(np.matmul, [a] * int(k)),
        "sum": lambda a: np.sum(a),
        "trace": lambda a: np.trace(a) if a.shape[0] == a.shape[1] else _plain(np.matmul(a, a[:0])),
        "norm2": lambda a: np.sum(a * a),
    }


def _quotient(a: Matrix, b: Matrix) -> Matrix:
    if b.ndim:
        raise ValueError("nothing is divided by an array")
    return a / b


def _plain(product: Matrix) -> Matrix:
    return product.reshape(()) if product.shape == (1, 1) else product


def _sums_agree(step: Step) -> bool:
    return all(_worth(s) == e.value for s, e in zip(step.sums, step.result.entries, strict=False))


def _worth(tree: Tree) -> Fraction:
    value = tree.doit()
    return Fraction(int(value.p), int(value.q))
