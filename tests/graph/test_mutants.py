"""Every law of the backward pass, changed in one place: the check of a graph that uses it must fail.

A mutant that no check notices would be a wrong gradient that could be printed with a tick.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from symback.errors import SymbackError
from symback.expr.functions import FUNCTIONS
from symback.graph.graph import Graph
from symback.graph.operations import MATMUL_LAWS, OPERATIONS
from symback.syntax import parse_matrix


class Mutant(NamedTuple):
    """A law with one change: the table and the row it stands in, which input it is for, what was done, the text."""

    table: str
    row: Any
    place: int
    kind: str
    text: str


# fmt: off
# What is changed, and how: a pattern whose every occurrence is a mutant, and what stands there instead.
CHANGES = (
    ("a sign", r"^", "-"),
    ("a sign", r" - ", " + "),
    ("a sign", r" \+ ", " - "),
    ("a transpose dropped", r"\.T", ""),
    ("a transpose added", r"(?<![\w(])[abgz](?= @)|(?<=@ )[abgz](?![.\w])", r"\g<0>.T"),
    ("a lost factor", r"\b(?:2|g|z|c|out)\*", ""),
    ("a lost factor", r"[*/](?:[abcgz]|count\(a\)|rows\(a\)|samples\(a\))(?![\w^(])", ""),
    ("a lost factor", r" @ [abgz](?:\.T)?$", ""),
    ("a sum missing", r"sum\(([^()]*), -1\)", r"\1"),
    ("a function lost", r"\b(?:ln|step|sigmoid|softmax|log_softmax|inv)\((\w+)\)", r"\1"),
    ("one input for the other", r"\ba\b(?=[^)]*\bb\b)", "b"),
)

# Graphs that use an operation; what flows into it is neither 1 nor the same for all entries.
GRAPHS: dict[str, tuple[str, ...]] = {
    "identity": ("x: 3; h = x; L = sum(h^3)",),
    "add": ("x: 3; u: 3; h = x + u; L = sum(h^3)",),
    "subtract": ("x: 3; u: 3; h = x - u; L = sum(h^3)",),
    "negate": ("x: 3; h = -x; L = sum(h^3)",),
    "multiply": ("x: 3; u: 3; h = x * u; L = sum(h^3)", "X: 2x3; c:; h = X * c; L = sum(h^3)"),
    "divide": ("x: 3; u: 3; h = x / u; L = sum(h^3)",),
    "power": ("x: 3; u: 3; h = x^u; L = sum(h^3)",),
    "exp": ("x: 3; h = e^x; L = sum(h^3)",),
    "maximum": ("x: 8; u: 8; h = max(x, u); L = sum(h^3)",),
    "minimum": ("x: 8; u: 8; h = min(x, u); L = sum(h^3)",),
    "hypot": ("x: 3; u: 3; h = sqrt(x^2 + u^2); L = sum(h^3)",),
    "transpose": ("X: 3x3; Y: 3x3; h = X.T; L = sum(h^2 * Y)",),
    "sum": ("X: 3x3; u: 3; h = sum(X, 1); L = sum(h^2 * u)", "X: 3x3; h = sum(X); L = h^2"),
    "mean": ("X: 3x3; u: 3; h = mean(X, 0); L = sum(h^2 * u)", "X: 3x3; h = mean(X); L = h^2"),
    "dot": ("x: 3; u: 3; h = dot(x, u); L = h^2",),
    "outer": ("x: 3; u: 3; Y: 3x3; h = outer(x, u); L = sum(h^2 * Y)",),
    "norm2": ("x: 3; h = norm2(x); L = h^2",),
    "softmax": ("X: 3x3; Y: 3x3; h = softmax(X); L = sum(h^2 * Y)", "x: 3; u: 3; h = softmax(x); L = sum(h^2 * u)"),
    "log_softmax": ("X: 3x3; Y: 3x3; h = log_softmax(X); L = sum(h^2 * Y)",),
    "logsumexp": ("X: 3x3; u: 3; h = logsumexp(X); L = sum(h^2 * u)",),
    "cross_entropy": ("X: 3x3; Y: 3x3; h = cross_entropy(X, Y); L = h^2",),
    "softmax_cross_entropy": ("X: 3x3; Y: 3x3; p = softmax(X); h = cross_entropy(p, Y); L = h^2",
                              "X: 3x3; Y: 3x3; p = softmax(X); L = cross_entropy(p, Y)"),
    "bce": ("X: 3x3; Y: 3x3; h = bce(X, Y); L = h^2",),
    "sigmoid_bce": ("X: 3x3; Y: 3x3; p = sigmoid(X); h = bce(p, Y); L = h^2",
                    "X: 3x3; Y: 3x3; p = sigmoid(X); L = bce(p, Y)"),
    "mse": ("X: 3x3; Y: 3x3; h = mse(X, Y); L = h^2",),
    "index": ("X: 3x3; u: 3; h = X[1]; L = sum(h^2 * u)",),
    "trace": ("X: 3x3; h = trace(X); L = h^2",),
    "logdet": ("X: 3x3; h = logdet(X + X @ X); L = h^2",),
    "inverse": ("X: 3x3; Y: 3x3; h = inv(X); L = sum(h^2 * Y)",),
    "diag": ("x: 3; Y: 3x3; h = diag(x); L = sum(h^2 * Y)",),
    "diagonal": ("X: 3x3; u: 3; h = diagonal(X); L = sum(h^2 * u)",),
    "instead": ("X: 3x3; Y: 3x3; p = softmax(X); h = ln(p); L = sum(h^2 * Y)",
                "X: 3x3; Y: 3x3; p = sigmoid(X); h = ln(p); L = sum(h^2 * Y) + sum(p^2)"),
    "xlogy": ("x: 3; u: 3; h = u * ln(x); L = sum(h^2)",),
    "matmul 2 2": ("X: 3x3; Y: 3x3; Z: 3x3; h = X @ Y; L = sum(h^2 * Z)",),
    "matmul 2 1": ("X: 3x3; x: 3; u: 3; h = X @ x; L = sum(h^2 * u)",),
    "matmul 1 2": ("X: 3x3; x: 3; u: 3; h = x @ X; L = sum(h^2 * u)",),
    "matmul 1 1": ("x: 3; u: 3; h = x @ u; L = h^2",),
}

# Mutants that say the same as the law, each with its reason.
_VECTOR = "a vector is its own transpose"
EQUIVALENT: dict[tuple[str, str], str] = {
    ("outer", "g @ b.T"): _VECTOR, ("outer", "g.T @ a.T"): _VECTOR, ("(2, 1)", "a.T @ g.T"): _VECTOR,
    ("(1, 2)", "b @ g.T"): _VECTOR, ("times_outer", "g @ b.T"): _VECTOR, ("times_outer", "g.T @ a.T"): _VECTOR,
}
# fmt: on


def mutants_of(law: str) -> Iterator[tuple[str, str]]:
    """Yield what is done and the law that it makes, for each place where a change can be made.

    >>> list(mutants_of("g @ b.T"))[:2]
    [('a sign', '-g @ b.T'), ('a transpose dropped', 'g @ b')]
    """
    for kind, pattern, instead in CHANGES:
        for found in re.finditer(pattern, law):
            text = law[: found.start()] + found.expand(instead) + law[found.end() :]
            if _is_law(text) and text.removeprefix("--") != law:
                yield kind, text


def _is_law(text: str) -> bool:
    try:
        return bool(parse_matrix(text, ("out",)))
    except SymbackError:
        return False


def laws() -> Iterator[tuple[str, Any, int, str]]:
    """Yield every law: its table, its row, the input that it is for, its text."""
    for row in OPERATIONS.values():
        yield from (("operations", row.name, place, law) for place, law in enumerate(row.laws) if law)
    for axes, pair in MATMUL_LAWS.items():
        yield from (("products", axes, place, law) for place, law in enumerate(pair))


MUTANTS = [Mutant(*law[:3], kind, text) for law in laws() for kind, text in mutants_of(law[3])]


def put_in(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a mutant in the place of its law."""
    if mutant.table == "products":
        pair = list(MATMUL_LAWS[mutant.row])
        pair[mutant.place] = mutant.text
        monkeypatch.setitem(MATMUL_LAWS, mutant.row, tuple(pair))
        return
    row = OPERATIONS[mutant.row]
    changed = (*row.laws[: mutant.place], mutant.text, *row.laws[mutant.place + 1 :])
    monkeypatch.setitem(OPERATIONS, mutant.row, replace(row, laws=changed))


def verdict(graph: str, seed: int = 5) -> str:
    """Return what symback says of its own gradients by all inputs and nodes; "error" where it has none."""
    source = np.random.default_rng(seed)
    try:
        read = Graph(graph)
        values = {name: _value(source, read.shapes[name]) for name in read.inputs}
        names = [*read.inputs, *(s.name for s in read.statements)]
        return str(read.backprop(at=values, wrt=names).check.verdict)
    except SymbackError:
        return "error"


def _value(source: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return source.uniform(0.2, 0.8, shape) + (np.eye(3) * 0.15 if shape == (3, 3) else 0)


# Laws that only second derivatives use: gradients hold these operations, so a product with the Hessian uses their laws.
OF_GRADIENTS: dict[str, list[str]] = {
    "ratio": ["x: 3; y: 3; L = sum(y*ln(x))", "x: 3; y: 3; L = sum(x^2/x*y)", "p: 3; y: 3; L = cross_entropy(p, y)"],
    "times": ["x: 3; y: 3; L = sum(sqrt(x) * y)", "x: 3; y: 3; L = norm(x)^3 * sum(y*x)"],
    "times_outer": ["A: 2x2; u: 2; L = sum(sqrt(A @ sqrt(u)))", "A: 2x3; u: 3; L = sum(sqrt(A @ u)^3)"],
}


def verdict_of_product(graph: str, seed: int = 5) -> str:
    """Return whether products with the Hessian are how fast the gradients change along a line."""
    source = np.random.default_rng(seed)
    try:
        f = Graph(graph).lambdify()
        values = {name: source.uniform(0.2, 0.8, shape) for name, shape in Graph(graph).shapes.items() if name != "L"}
        direction = {name: source.normal(size=np.shape(value)) for name, value in values.items()}
        found = f.hvp(values, direction)
        ends = [f({n: v + h * direction[n] for n, v in values.items()})[1] for h in (1e-6, -1e-6)]
    except (SymbackError, ValueError):  # a law of the wrong shape
        return "error"
    apart = max(float(np.max(np.abs(found[n] - (ends[0][n] - ends[1][n]) / 2e-6))) for n in values)
    return "verified" if apart < 1e-4 else "failed"


@pytest.mark.parametrize("name", OF_GRADIENTS)
def test_the_law_of_an_operation_of_gradients_is_right(name: str) -> None:
    assert {verdict_of_product(graph) for graph in OF_GRADIENTS[name]} == {"verified"}


KNOWN = [name for name in GRAPHS if name.partition(" ")[0] in OPERATIONS]


@cache
def before(graph: str) -> str:
    """Return what symback says of a graph when nothing is changed."""
    return verdict(graph)


@pytest.mark.parametrize(
    "mutant",
    MUTANTS,
    ids=lambda m: f"{m.row}, input {m.place}: {m.text}",
)
def test_a_changed_law_is_noticed(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    if (str(mutant.row), mutant.text) in EQUIVALENT:
        pytest.skip(EQUIVALENT[str(mutant.row), mutant.text])
    name = f"matmul {mutant.row[0]} {mutant.row[1]}" if mutant.table == "products" else mutant.row
    if name in OF_GRADIENTS:
        put_in(mutant, monkeypatch)
        assert {verdict_of_product(graph) for graph in OF_GRADIENTS[name]} & {"failed", "error"}
        return
    graphs = [graph for graph in GRAPHS[name] if before(graph) == "verified"]
    put_in(mutant, monkeypatch)
    assert {verdict(graph) for graph in graphs} & {"failed", "error"}, (mutant.kind, mutant.text)


@pytest.mark.parametrize("name", KNOWN)
def test_the_law_itself_is_right(name: str) -> None:
    assert {verdict(graph) for graph in GRAPHS[name]} == {"verified"}


def test_every_law_has_mutants_and_graphs() -> None:
    names = {row if table == "operations" else f"matmul {row[0]} {row[1]}" for table, row, _, _ in laws()}
    assert names <= GRAPHS.keys() | OF_GRADIENTS.keys()
    assert {(table, row, place) for table, row, place, _ in laws()} == {m[:3] for m in MUTANTS}
    assert {kind for kind, _, _ in CHANGES} == {mutant.kind for mutant in MUTANTS}
    for name in KNOWN:
        graphs = GRAPHS[name]
        met = {n.op for graph in graphs for n in (*Graph(graph).nodes, *Graph(graph).numeric()[0])}
        assert name.partition(" ")[0] in met


# --- derivatives of functions ----------------------------------------------------------------------------------------

ROWS = [row for row in FUNCTIONS.values() if row.derivative and row.derivative != "0" and row.arity == 1]
SAFE = {"arcosh": "1.2 + x^2", "arcoth": "1.2 + x^2", "arcsec": "1.2 + x^2", "arccsc": "1.2 + x^2"}
CHANGED = [
    (row, change)
    for row in ROWS
    for change in ("-({0})", "2({0})", "({0}) + x/9", "1/({0})")
    if change != "1/({0})" or row.name not in ("abs", "relu", "leaky_relu", "elu")  # their slope at these points is 1
]


@pytest.mark.parametrize(
    ("row", "change"),
    [pytest.param(*one, marks=pytest.mark.slow if one[1] in ("2({0})", "1/({0})") else ()) for one in CHANGED],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_changed_derivative_is_noticed(row: Any, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = f"x: 3; u: 3; h = {row.name}({SAFE.get(row.name, 'x')}); L = sum(h^2 * u)"
    assert verdict(graph) == "verified"
    monkeypatch.setitem(FUNCTIONS, row.name, row._replace(derivative=change.format(row.derivative)))
    assert verdict(graph) == "failed"
