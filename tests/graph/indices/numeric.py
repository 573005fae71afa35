"""Formulas and index forms worked out with NumPy, on their own: nothing of the program's evaluators is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from sympy.core.symbol import Symbol

from symback.expr.tree import Apply, E, Gradient, Neg, Plus, Power, Quotient, Size, Times, Tree, fold, number_value
from symback.graph.indices.forms import (
    POSITION,
    Base,
    Bracket,
    Call,
    Constant,
    Delta,
    Entry,
    Form,
    Index,
    Part,
    Product,
    Whole,
)
from tests.graph.indices.graphs import Graph

Arrays = Mapping[str, Any]


def softmax(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ln": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sigmoid": sigmoid, "sqrt": np.sqrt, "abs": np.abs,
    "step": lambda x: (x > 0) * 1.0, "sign": np.sign, "relu": lambda x: np.maximum(x, 0),
    "softplus": lambda x: np.logaddexp(0, x), "power": np.power, "arctan": np.arctan,
}  # fmt: skip


# --- trees ----------------------------------------------------------------------------------------------------------


def _over(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, *axis: function(x, axis=int(axis[0]) if axis else None)


def _slice(x: Any, axis: float, low: float, high: float) -> Any:
    return np.take(x, range(int(low), int(high)), axis=int(axis))


def _logsumexp(x: Any) -> Any:
    return np.log(np.sum(np.exp(x), axis=-1))


def _bernoulli(p: Any, y: Any) -> Any:
    return y * np.log(p) + (1 - y) * np.log(1 - p)


HEADS: dict[str, Callable[..., Any]] = {
    **FUNCTIONS, "sum": _over(np.sum), "mean": _over(np.mean), "matmul": np.matmul, "transpose": np.transpose,
    "outer": np.outer, "dot": np.dot, "norm2": lambda x: np.sum(x**2), "norm": lambda x: np.sqrt(np.sum(x**2)),
    "trace": np.trace, "logdet": lambda a: np.linalg.slogdet(a)[1], "inv": np.linalg.inv, "softmax": softmax,
    "logsumexp": _logsumexp, "log_softmax": lambda z: np.log(softmax(z)), "max": np.maximum, "min": np.minimum,
    "diag": np.diag, "diagonal": np.diagonal, "ones": lambda *n: np.ones([int(k) for k in n]),
    "eye": lambda n: np.eye(int(n)), "index": lambda x, *i: x[tuple(int(k) for k in i)],
    "slice": _slice, "mse": lambda a, b: np.mean((a - b) ** 2),
    "concat": lambda *xs: np.concatenate(xs[:-1], axis=int(xs[-1])), "unit": lambda i, n: np.eye(int(n))[int(i)],
    "bce": lambda p, y: -np.sum(_bernoulli(p, y)) / np.shape(p)[0],
    "cross_entropy": lambda p, y: -np.sum(y * np.log(p)) / np.prod(np.shape(p)[:-1]),
}  # fmt: skip
ARITHMETIC: dict[type, Callable[..., Any]] = {
    Plus: lambda *terms: reduce(np.add, terms), Times: lambda *factors: reduce(np.multiply, factors),
    Quotient: np.divide, Neg: np.negative, Power: np.power,
}  # fmt: skip


def value(tree: Tree, arrays: Arrays, sizes: Mapping[str, int]) -> Any:
    """Return what a formula is worth; `arrays` holds names, and gradients as "d/v"."""

    def combine(node: Any, inner: list[Any]) -> Any:
        known = number_value(node)
        if known is not None or node is E:
            return float(node if known is None else known)
        if isinstance(node, Symbol):
            return arrays[node.name]
        if isinstance(node, Gradient):
            return arrays[f"d/{node._args[1].name}"]
        if isinstance(node, Size):
            return float(int(sizes[node.name]))
        if isinstance(node, Apply):
            return HEADS[node.name](*inner[1:])
        return ARITHMETIC[type(node)](*inner) if type(node) in ARITHMETIC else None

    return fold(tree, combine)


def inputs(graph: Graph, seed: int) -> dict[str, Any]:
    """Return random values, those of probabilities and of symmetric matrices as such."""
    random = np.random.default_rng(seed)
    arrays: dict[str, Any] = {}
    for name, shape in graph.shapes.items():
        array = random.uniform(0.2, 0.9, [int(n) for n in shape])
        if len(shape) == 2 and shape[0] == shape[1]:
            array = array + np.eye(int(shape[0])) * 2
        if name in graph.symmetric:
            array = (array + array.T) / 2
        if name in graph.normal:
            array = array / np.sum(array, axis=-1, keepdims=True)
        arrays[name] = array
    return run(graph, arrays)


def run(graph: Graph, arrays: dict[str, Any], fixed: str = "") -> dict[str, Any]:
    """Return the arrays with the values of the nodes; the node `fixed` has the value given."""
    result = dict(arrays)
    for name, tree in graph.statements.items():
        if name != fixed:
            result[name] = value(tree, result, graph.sizes)
    return result


def gradient(graph: Graph, arrays: dict[str, Any], name: str) -> Any:
    """Return the gradient of the loss by a name, by central differences."""
    start = np.array(arrays[name], dtype=float)
    result, step = np.zeros_like(start), 1e-5
    for place in np.ndindex(start.shape):
        sides = []
        for sign in (1, -1):
            moved = start.copy()
            moved[place] += sign * step
            sides.append(run(graph, {**arrays, name: moved}, name)[graph.loss])
        result[place] = (sides[0] - sides[1]) / (2 * step)
    return result


# --- index forms ----------------------------------------------------------------------------------------------------


def entries(form: Form, order: Sequence[Index], arrays: Arrays, sizes: Mapping[str, int]) -> Any:
    """Return the entries of a form at all values of the indices of `order`, an axis for each."""
    shape = [length(i, sizes) for i in order]
    terms = (of_product(Product(t.coefficient, t.bound, t.factors), order, arrays, sizes) for t in form.terms)
    return sum(terms, np.zeros(shape))


def of_product(product: Product, order: Sequence[Index], arrays: Arrays, sizes: Mapping[str, int]) -> Any:
    """Return the entries of one product."""
    every = [*order, *product.bound]
    result = np.full([length(i, sizes) for i in every], float(product.coefficient))
    for base, exponent in product.factors:
        result = result * _base(base, every, arrays, sizes) ** _plain(exponent)
    return result.sum(axis=tuple(range(len(order), len(every))))


def _plain(exponent: Fraction) -> float:
    return float(exponent)


def length(index: Index, sizes: Mapping[str, int]) -> int:
    return sum(int(part) if part.isdigit() else int(sizes[part]) for part in index.size.split("+"))


def _grid(index: Index, order: Sequence[Index], sizes: Mapping[str, int]) -> Any:
    """Return the values of an index, along its own axis."""
    if index.level == POSITION:
        return np.array(index.number % length(index, sizes)).reshape([1] * len(order))
    return np.arange(length(index, sizes)).reshape([-1 if i == index else 1 for i in order])


def _base(base: Base, order: Sequence[Index], arrays: Arrays, sizes: Mapping[str, int]) -> Any:
    match base:
        case Entry(name=name, indices=indices):
            return np.asarray(arrays[name], dtype=float)[tuple(_grid(i, order, sizes) for i in indices)]
        case Constant(name=name):
            known = {"e": np.e, "pi": np.pi}
            return known[name] if name in known else float(name if name.isdigit() else int(sizes[name]))
        case Delta(indices=(i, j)):
            return (_grid(i, order, sizes) == _grid(j, order, sizes)) * 1.0
        case Part(start=start, inner=i, outer=j):
            offset = length(Index(0, 0, start), sizes)
            return (_grid(i, order, sizes) + offset == _grid(j, order, sizes)) * 1.0
        case Call(function=function, arguments=forms):
            return FUNCTIONS[function](*(entries(form, order, arrays, sizes) for form in forms))
        case Bracket(form=form):
            return entries(form, order, arrays, sizes)
        case Whole():
            body = entries(base.body, [*order, *base.formal], arrays, sizes)
            found = HEADS[base.operation](body)
            if not base.indices:
                return found
            beside = [np.arange(n).reshape([-1 if k == a else 1 for k in range(len(order))])
                      for a, n in enumerate(found.shape[: len(order)])]  # fmt: skip
            return found[(*beside, *(_grid(i, order, sizes) for i in base.indices))]
    raise TypeError(base)
