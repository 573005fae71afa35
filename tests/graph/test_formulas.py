"""The lines of every derivation on random graphs, worked out with arrays: each has the gradient's shape and values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
import pytest
from sympy.core.symbol import Symbol

import symback
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    PI,
    Apply,
    Diff,
    E,
    Edge,
    Gradient,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    fold,
    number_value,
    symbol,
    walk,
)
from symback.graph.backprop import Backprop
from symback.graph.graph import Graph
from symback.graph.operations import OPERATIONS
from symback.graph.operations.functions import function_kernel
from symback.graph.program.formula_shapes import shape_of
from symback.page.maths import text
from symback.syntax import parse

from .test_against_jax import drawn

Array = Any
GRAPHS = 300
ZERO = parse("0")  # also of an array

CALLS = {
    "matmul": np.matmul,
    "transpose": np.transpose,
    "dot": np.dot,
    "outer": np.outer,
    "inv": np.linalg.inv,
    "trace": np.trace,
    "max": np.maximum,
    "min": np.minimum,
    "norm2": lambda x: np.sum(x * x),
    "sum": lambda x, *axis: np.sum(x, axis=int(axis[0]) if axis else None),
    "mean": lambda x, *axis: np.mean(x, axis=int(axis[0]) if axis else None),
    "spread": lambda x, *axis: np.expand_dims(x, int(axis[0])) if axis else x,
    "ones": lambda *sizes: np.ones([int(n) for n in sizes]),
    "eye": lambda size: np.eye(int(size)),
    "index": lambda x, *place: x[tuple(map(int, place))],
    "concat": lambda x, y, axis=0: np.concatenate([x, y], int(axis)),
    "log": lambda x, base: np.log(x) / np.log(base),
    "root": lambda x, n: np.where(n == 3, np.cbrt(x), x ** (1 / n)),
    "quadratic": lambda x, a: x @ a @ x,
}
CALLS |= {name: OPERATIONS[name].kernel for name in ("softmax", "log_softmax", "logsumexp", "logdet")}
LOSSES = ("mse", "bce", "cross_entropy")


class Unknown(Exception):
    """A part of an array, which a formula does not say the size of."""


ARITHMETIC: dict[type, Any] = {
    Plus: lambda *terms: reduce(np.add, terms),
    Times: lambda *factors: reduce(np.multiply, factors),
    Quotient: np.divide,
    Neg: np.negative,
    Power: np.power,
}


def worth(tree: Tree, values: Mapping[Any, Array]) -> Array:
    """Return what a line is worth, its names and gradients having these values."""

    def combine(node: Any, inner: list[Array]) -> Array:
        if node in values:
            return values[node]
        known = number_value(node)
        if known is not None or node is E or node is PI:
            return float(node) if known is None else float(known)
        if type(node) in ARITHMETIC:
            return ARITHMETIC[type(node)](*inner)
        return _called(node.name, inner[1:]) if isinstance(node, Apply) else _leaf(node)

    with np.errstate(all="ignore"):
        return fold(tree, combine)


def _called(name: str, inner: list[Array]) -> Array:
    if name in CALLS:
        return CALLS[name](*inner)
    if name not in FUNCTIONS and name not in LOSSES:
        raise Unknown
    return (function_kernel(name) if name in FUNCTIONS else OPERATIONS[name].kernel)(*inner)


def _leaf(node: Any) -> None:
    if isinstance(node, (Symbol, Gradient, Edge, Diff)):
        raise Unknown


def check(b: Backprop) -> int:
    """Check every line that can be worked out, and return how many."""
    shapes = {**b.inputs, **b.forward}
    values: dict[Any, Array] = {symbol(name): np.asarray(value, dtype=float) for name, value in shapes.items()}
    loss = symbol(b.loss)
    found = {name: np.asarray(b.node_values.get(name, b.values.get(name)), dtype=float) for name in b.derivations}
    values |= {Gradient(loss, symbol(name)): gradient for name, gradient in found.items()}
    checked = 0
    for name, derivation in b.derivations.items():
        own = np.shape(values[symbol(name)])
        for number, line in enumerate(derivation.lines()[1:]):
            try:
                value = worth(line, values)
            except Unknown:
                continue
            said = f"d{b.loss}/d{name}, line {number + 1}: {text(line)}"
            if not _is_spread(line) and line != ZERO and np.prod(own) != 1:
                assert np.shape(value) == own, f"{said} has the shape {np.shape(value)}, not {own}"
            scale = 1 + np.max(np.abs(found[name]), initial=0)
            assert np.all(np.abs(value - found[name]) <= 1e-7 * scale), said
            checked += 1
    return checked


def _is_spread(line: Tree) -> bool:
    return any(isinstance(n, Apply) and n.name == "spread" for n in walk(line))


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow if seed >= 50 else ()) for seed in range(GRAPHS)]
)
def test_every_line_is_the_gradient(seed: int) -> None:
    graph = drawn(seed)
    read = Graph("\n".join(graph.lines))
    at = {name: graph.values[name] for name in read.inputs}
    assert check(read.backprop("L", at=at)) >= 1, "\n".join(graph.lines)


BROADCAST = [
    "x: 4; y: 4; p = w x + b; L = mse(p, y)",
    "B: 3; p = w x + B; L = sum(p^2)",
    "X: 4x3; b: 4x1; p = X + b; L = sum(p^2)",
    "X: 4x3; b: 1x3; p = X*b; L = sum(p^2)",
    "b: 1x3; c: 4x1; p = b*c; L = sum(p^3)",
    "A: 2x3; B: 3x2; L = c sum(A @ B)",
    "A: 2x3; L = c sum(A)",
    "A: 2x3; L = mean(A.T)",
    "Z: 2x3; W: 2x3; P = softmax(Z); L = sum(P*W)",
    "Z: 2x3; W: 2x3; L = sum(log_softmax(Z)*W)",
    "Z: 2x3; s = logsumexp(Z); L = sum(s^2)",
    "Z: 2x3; s = sum(Z^2, 1); L = sum(s^2)",
    "Z: 2x3; s = mean(Z^2, 0); L = sum(s^2)",
    "A: 3; L = mean(A) + c sum(A)",
    "X: 5x2; W: 2x3; b: 3; Y: 5x3; L = mse(relu(X @ W + b), Y)",
    "X: 5x2; W: 2x3; b: 3; Y: 5x3; L = bce(sigmoid(X @ W + b), Y)",
    "x: 2; W: 3x2; L = norm2(W @ x)/2",
    "x: 3; A: 3x3; L = quadratic(x, A)",
    "u: 2; v: 3; L = sum(outer(u, v)^2)",
]


@pytest.mark.parametrize(
    ("graph", "name", "formula"),
    [
        ("x: 4; y: 4; p = w x + b; L = mse(p, y)", "b", "sum(dL/dp)"),
        ("B: 3; p = w x + B; L = sum(p^2)", "w", "2x sum(p)"),
        ("X: 4x3; b: 4x1; p = X + b; L = sum(p^2)", "b", "2p @ ones(3, 1)"),
        ("X: 4x3; b: 1x3; p = X*b; L = sum(p^2)", "b", "2 ones(1, 4) @ (pX)"),
        ("A: 2x3; B: 3x2; L = sum(A @ B)", "A", "outer(ones(2), sum(B, 1))"),
        ("A: 2x3; L = c sum(A)", "A", "c ones(2, 3)"),
        ("Z: 2x3; s = sum(Z^2, 1); L = sum(s^2)", "Z", "4 outer(s, ones(3)) Z"),
        ("x: 3; A: 3x3; L = quadratic(x, A)", "x", "(A + A.T) @ x"),
    ],
)
def test_formulas_of_spread_arrays(graph: str, name: str, formula: str) -> None:
    assert text(symback.Graph(graph).backprop().gradients[name]) == formula


@pytest.mark.parametrize("graph", BROADCAST)
def test_lines_of_broadcast_arrays(graph: str) -> None:
    read = symback.Graph(graph)
    random = np.random.default_rng(1)
    at = {name: random.uniform(0.2, 0.9, read.shapes[name]) for name in read.inputs}
    b = read.backprop(at=at)
    assert check(b) >= len(b.derivations)
    for name, derivation in b.derivations.items():
        found = shape_of(derivation.last, b.shapes)
        assert found == b.shapes[name] or _is_spread(derivation.last), text(derivation.last)


@pytest.mark.parametrize("graph", [*BROADCAST, "x: 3; y = log_2(x); L = sum(y)", "L = root(x, n)", "L = log_b(x)"])
def test_every_letter_is_one_of_the_author(graph: str) -> None:
    """What stands between the lines of the graph is written as it is, and never by the number of its node."""
    b = symback.Graph(graph).backprop()
    letters = {symbol for d in b.derivations.values() for line in d.lines() for symbol in walk(line)}
    assert not [letter for letter in letters if isinstance(letter, Symbol) and letter.name.startswith("node")]
