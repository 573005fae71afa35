"""Graphs with their right gradients, worked out apart: the values, the check, and every formula that is printed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

import symback
from symback.errors import SymbackError
from symback.graph.graph import Graph

from .sweep.inputs import positive, probabilities, well_conditioned
from .sweep.judging import bad, in_text, judged_text, point_of
from .sweep.slopes import slopes
from .sweep.tokens import LONGER, tokens

pytest.importorskip("jax", reason="jax is not installed")

X43 = [[1, 0.5, -1], [0, 2, 1], [1, 1, 0], [-1, 0.3, 0.7]]


class Row(NamedTuple):
    """A graph, values of its inputs, its gradients there, and formulas that are as good as any.

    At a `corner` a function has no slope of its own, or a value is beyond floats on the way: there numbers alone count.
    """

    graph: str
    values: dict[str, Any]
    right: dict[str, Any]
    formulas: dict[str, str] = {}  # noqa: RUF012
    corner: bool = False


# fmt: off
ROWS = (
    # a loss of probabilities, and what is done with it afterwards
    Row("z: 3; y: 3; p = softmax(z); L = 2 cross_entropy(p, y)", {"z": [1, 2, 3], "y": [0, 0, 1]},
        {"z": [0.1800611463, 0.4894569421, -0.6695180885]}, {"z": "2(p - y)"}),
    Row("z: 3; y: 3; p = softmax(z); J = cross_entropy(p, y); L = J^2", {"z": [1, 2, 3], "y": [0, 0, 1]},
        {"z": [0.0733939972, 0.1995055689, -0.2728995662]}, {"z": "2J (p - y)"}),
    Row("X: 4x3; W: 3x2; y: 4x2; a:; p = sigmoid(X @ W); L = a bce(p, y)",
        {"X": X43, "W": [[0.1, -0.2], [0.4, 0.3], [-0.5, 0.2]], "y": [[1, 0], [0, 1], [0, 1], [1, 0]], "a": 1.5},
        {"W": [[0.3353224459, -0.2411516182], [0.5406764221, -0.2603992501], [0.178963677, -0.1214015438]]},
        {"W": "a X.T @ ((p - y)/4)"}),
    Row("W: 2x2\nfor t in 1..2:\n    p[t] = softmax(W @ x[t])\n    L += cross_entropy(p[t], y[t])/2",
        {"W": [[1, 0], [0, 2]], "x": [[1, 2], [3, 1]], "y": [[1, 0], [0, 1]]},
        {"W": [[0.6203008045, -0.5870448375], [-0.6203008045, 0.5870448375]]},
        {"W": "(outer(p[1] - y[1], x[1]) + outer(p[2] - y[2], x[2]))/2"}),
    # a number that is spread over an array
    Row("x: 4; m:; L = sum(x - m)", {"x": [1, 2, 3, 4], "m": 0}, {"m": -4.0}, {"m": "-4"}),
    Row("x: 4; m:; s:; L = sum(ln(s) + (x - m)^2/(2 s^2))", {"x": [1, 2, 3, 4], "m": 2, "s": 1.5},
        {"m": -0.8888888889, "s": 0.8888888889}, {"s": "4/s - sum((x - m)^2)/s^3"}),
    Row("x: 4; r:; L = sum(x ln(r) - r)", {"x": [1, 2, 3, 4], "r": 2}, {"r": 1.0}, {"r": "sum(x)/r - 4"}),
    Row("X: 4x3; W: 3x2; g: 2; L = sum((X @ W) * g)",
        {"X": X43, "W": [[0.1, -0.2], [0.4, 0.3], [-0.5, 0.2]], "g": [2, -1]},
        {"W": [[2.0, -1.0], [7.6, -3.8], [1.4, -0.7]], "g": [1.27, 1.08]}, {"W": "outer(sum(X, 0), g)"}),
    Row("z: 3; c = exp(z); Z = sum(c); p = c/Z; L = -mean(ln p)", {"z": [1, 2, 3]},
        {"z": [-0.2433027602, -0.0886048623, 0.3319076224]}, {"z": "p - 1/3"}),
    Row("x: 4; L = sum(x - mean(x))", {"x": [1, 2, 3, 4]}, {"x": [0.0, 0.0, 0.0, 0.0]}, {"x": "0"}),
    Row("A: 2x2; L = sum(A)", {"A": [[1, 2], [3, 4]]}, {"A": [[1, 1], [1, 1]]}, {"A": "ones(2, 2)"}),
    # 0 times infinity
    Row("x: 2; L = norm(x)^2", {"x": [0, 0]}, {"x": [0, 0]}, {"x": "2x"}, corner=True),
    Row("x: 2; L = sum(sqrt(max(x, 0)))", {"x": [-1, 4]}, {"x": [0, 0.25]}, corner=True),
    Row("L = x^n", {"x": 0, "n": 0}, {"x": 0}, corner=True),
    Row("a: 2; b: 2; L = sum(a^b)", {"a": [0, 2], "b": [1, 1]}, {"b": [0, 1.3862943611]}, corner=True),
    Row("p = sigmoid(z); L = -(y ln p + (1 - y) ln(1 - p))", {"z": 40, "y": 0}, {"z": 1.0}, {"z": "p - y"},
        corner=True),
    Row("z: 2; y: 2; p = softmax(z); L = -sum(y * ln p)", {"z": [0, 1000], "y": [1, 0]}, {"z": [-1, 1]},
        {"z": "p - y"}, corner=True),
    # ties
    Row("L = max(x, x)", {"x": 1}, {"x": 1}, corner=True),
    Row("L = leaky_relu(x)", {"x": 0}, {"x": 0.01}, corner=True),
    # names and shapes of the values that are given
    Row("mu = mean(X, 0); L = sum((X - mu)^3)", {"X": [[1, 2], [3, 5], [8, 1]]},
        {"X": [[1.0, -7.3333333333], [-23.0, 7.6666666667], [22.0, -0.3333333333]]}),
    Row("y = x + eps; L = y^2", {"x": 1, "eps": 0.1}, {"eps": 2.2, "x": 2.2}),
    # the textbook's form
    Row("z: 3; y: 3; p = softmax(z); L = -sum(y * ln p)", {"z": [1, 2, 3], "y": [0, 0, 1]},
        {"z": [0.0900305732, 0.2447284711, -0.3347590442]}, {"z": "p - y"}),
    Row("A: 3x3; X: 3x3; L = trace(X.T @ A @ X)",
        {"A": [[1, 2, 0], [0, 1, 1], [1, 0, 2]], "X": [[1, 0, 1], [0, 2, 0], [1, 1, 1]]},
        {"X": [[3, 5, 3], [3, 5, 3], [5, 6, 5]]}, {"X": "(A + A.T) @ X"}),
)
SMALLEST = (  # each printed a wrong formula once
    "x: 3; a:; L = sum(a + x)",
    "X: 2x3; b: 3; L = sum(X + b)",
    "X: 3x2; L = sum(sum(X, 1))",
    "u: 2; L = sum(log_softmax(u))",
    "X: 2x3; u: 3; L = sum(X - u)",
    "x: 3; m = mean(x); L = sum(x - m)",
    "M: 3x3; c:; L = c*trace(M - M)",
    "x: 2; L = sum(abs(x))/logsumexp(x/x)",
    "z: 3; y: 3; p = softmax(z); J = cross_entropy(p, y); L = ln(J)",
    "z: 3; y: 3; p = softmax(z); J = cross_entropy(p, y); L = e^J",
    "z: 3; y: 3; a:; p = softmax(z); J = cross_entropy(p, y); L = a J",
    "z: 3; y: 3; p = softmax(z); J = cross_entropy(p, y); L = J/2",
    "x: 4; m:; s:; L = sum((x - m)/s)",
    "x: 4; L = x[1]^2 + sum(x[2] x)",
    "x: 2; y: 3; h = concat(x, y); L = sum(h^2)",
    "X: 3x3; L = trace(X.T @ X)",
    "X: 3x2; L = norm2(X @ X.T)",
    "A: 3x3; x: 3; L = x.T @ A @ x",
    "M: 3x3; c = trace(M); L = sum(M c)",
    "def q(x) = x^2; z: 2; L = sum(z q(z))",
    "def f(t) = t^2 + 1; t: 2; L = sum(f(t) t)",
    "def f(a) = a^3; a:; b: 2; L = sum(f(b) a)",
    "W: 2x2; h[0]: 2\nfor t in 1..2:\n    h[t] = W @ h[t-1]\nL = sum(h[2])",
)
# fmt: on


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.graph)
def test_values_and_check(row: Row) -> None:
    found = symback.Graph(row.graph, row.values).backprop(at=row.values, wrt=list(row.right))
    for name, right in row.right.items():
        assert np.shape(found.values[name]) == np.shape(right)
        assert found.values[name] == pytest.approx(np.asarray(right, dtype=float), rel=1e-9, abs=1e-9)
    assert found.check.verdict == "verified" or (row.corner and found.check.verdict != "failed")


def with_shapes(row: Row) -> tuple[str, dict[str, Any]]:
    """Return a graph with the shapes of all values, and the values as arrays."""
    values = {name: np.asarray(value, dtype=float) for name, value in row.values.items()}
    declared = {part.partition(":")[0].strip() for part in row.graph.partition("\n")[0].split(";") if ":" in part}
    shapes = [f"{name}: {' x '.join(map(str, v.shape))}" for name, v in values.items() if name not in declared]
    return "\n".join([*shapes, row.graph]), values


ORDINARY = [row for row in ROWS if not row.corner]


@pytest.mark.parametrize("row", ORDINARY, ids=lambda row: row.graph)
def test_the_table_is_right(row: Row) -> None:
    text, values = with_shapes(row)
    true = slopes(Graph(text), Graph(text).last, values)
    for name, right in row.right.items():
        assert true[name] == pytest.approx(np.asarray(right, dtype=float), rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("row", ORDINARY, ids=lambda row: row.graph)
def test_every_formula(row: Row) -> None:
    text, values = with_shapes(row)
    found = judged_text(text, [point_of(text, values, {})], row.right, values, whole=False)
    assert not bad(found), bad(found)


@pytest.mark.parametrize("row", [row for row in ROWS if row.formulas], ids=lambda row: row.graph)
def test_formulas_are_as_short(row: Row) -> None:
    shown = list(in_text(Graph(row.graph, row.values).backprop(at=row.values, wrt=list(row.right))))
    for name, formula in row.formulas.items():
        printed = next(text for by, is_end, text in shown if by == name and is_end)
        assert tokens(printed) <= LONGER * tokens(formula) or printed.startswith("zeros"), (
            printed
        )  # which says its shape


@pytest.mark.parametrize("with_values", [False, True])
@pytest.mark.parametrize("graph", SMALLEST)
def test_the_smallest_graphs(graph: str, with_values: bool) -> None:
    read, source = Graph(graph), np.random.default_rng(4)
    values = {name: _value(source, read.shapes[name], name == "y" and "softmax" in graph) for name in read.inputs}
    found = judged_text(graph, [point_of(graph, values, {})], read.inputs, values if with_values else None, whole=False)
    assert not bad(found), bad(found)


def _value(source: np.random.Generator, shape: tuple[int, ...], sums_to_one: bool) -> Any:
    square = len(shape) == 2 and shape[0] == shape[1]
    return (probabilities if sums_to_one else well_conditioned if square else positive)(source, shape)


def test_a_tie_of_slopes_is_named() -> None:
    found = symback.Graph("L = max(x, 0.1x)").backprop(at={"x": 0})
    assert 0.1 <= found.values["x"] <= 1
    assert found.check.verdict != "failed"
    assert any("max" in note for note in found.notes)


@pytest.mark.parametrize(("wrong", "says"), [(3, "3"), (-1, "-1"), (0.5, "0.5")])
def test_class_numbers_out_of_range(wrong: float, says: str) -> None:
    graph = symback.Graph("z: 2x3; y: 2; L = cross_entropy(softmax(z), y)")
    values = {"z": [[1, 2, 3], [3, 2, 1]], "y": [1, wrong]}
    for run in (graph.forward, lambda at: graph.backprop(at=at), graph.lambdify(wrt=["z"])):
        with pytest.raises(SymbackError) as error:
            run(values)
        assert says in str(error.value)
        assert "y" in str(error.value)
