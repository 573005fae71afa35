"""0 times infinity, ties and kinks, and losses written out: the same numbers from the graph and from every code."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symback.expr.functions import FUNCTIONS
from symback.expr.rule import Derivation, Move
from symback.expr.tree import ONE, Neg, Plus, Quotient, Times, symbol
from symback.graph.derivation.checking import Checking
from symback.graph.derivation.points import Point
from symback.graph.gradient_check import check_gradients
from symback.graph.graph import Graph, shapes_of
from symback.graph.program import numbers
from symback.syntax import parse

INF = float("inf")
Numbers = Callable[[str, dict[str, Any], list[str]], tuple[Any, dict[str, Any]]]


def _of_graph(text: str, at: dict[str, Any], wrt: list[str]) -> tuple[Any, dict[str, Any]]:
    graph = Graph(text)
    values = graph.arrays(at)
    program = graph.gradient_program(None, wrt, shapes_of(values))
    results = numbers.run(program.nodes, values)
    return graph.forward(at)[graph.last], {name: results[program.gradients[name]] for name in wrt}


def _of_code(backend: str) -> Numbers:
    def of_code(text: str, at: dict[str, Any], wrt: list[str]) -> tuple[Any, dict[str, Any]]:
        if backend == "jax":
            pytest.importorskip("jax")
        return Graph(text).lambdify(wrt=wrt, backend=backend)(at)  # type: ignore[no-any-return]

    return of_code


WAYS: dict[str, Numbers] = {"graph": _of_graph, "numpy or math": _of_code("numpy"), "jax": _of_code("jax")}

# fmt: off
# graph, values, loss, gradients
ZERO_AND_INFINITY: list[tuple[str, dict[str, Any], Any, dict[str, Any]]] = [
    ("x: 2; L = norm(x)^2", {"x": [0, 0]}, 0, {"x": [0, 0]}),
    ("x: 2; L = norm(x)", {"x": [0, 0]}, 0, {"x": [0, 0]}),
    ("x: 2; L = sum(sqrt(max(x, 0)))", {"x": [-1, 4]}, 2, {"x": [0, 0.25]}),
    ("x: 2; L = sum(sqrt(relu(x)))", {"x": [-1, 4]}, 2, {"x": [0, 0.25]}),
    ("L = sqrt(relu(x))", {"x": -1}, 0, {"x": 0}),
    ("L = sqrt(x^4)", {"x": 0}, 0, {"x": 0}),
    ("L = x^n", {"x": 0, "n": 0}, 1, {"x": 0}),
    ("L = x^n", {"x": 0, "n": 2}, 0, {"x": 0, "n": 0}),
    ("a: 2; b: 2; L = sum(a^b)", {"a": [0, 1], "b": [2, 2]}, 1, {"a": [0, 2], "b": [0, 0]}),
    ("L = x sqrt(x)", {"x": 0}, 0, {"x": 0}),
    ("L = e^(-1/x^2)", {"x": 0}, 0, {"x": 0}),
    ("L = 0*ln(x)", {"x": 3}, 0, {"x": 0}),
    ("L = y ln(x + 1)", {"x": -1, "y": 0}, 0, {"x": 0}),
    ("y: 2; p: 2; L = -sum(y * ln(p))", {"y": [0, 1], "p": [0, 0.5]}, np.log(2), {"p": [0, -2]}),
    ("y: 2; p: 2; L = -dot(y, ln(p))", {"y": [0, 1], "p": [0, 0.5]}, np.log(2), {"p": [0, -2]}),
    ("y: 2; p: 2; L = -y @ ln(p)", {"y": [0, 1], "p": [0, 0.5]}, np.log(2), {"p": [0, -2]}),
    ("L = -(y ln p + (1-y) ln(1-p))", {"y": 1, "p": 1}, 0, {"p": -1}),
    ("W: 2x2; x: 2; L = sum(sqrt(W @ x))", {"W": [[1, 2], [3, 4]], "x": [0, 0]}, 0, {"W": [[0, 0], [0, 0]]}),
    ("X: 2x2; w: 2; L = sum(sqrt(X @ w))", {"X": [[0, 0], [3, 1]], "w": [1, 1]}, 2, {"w": [0.75, 0.25]}),
    ("X: 2x2; V: 2x2; L = sum(sqrt(X @ V))", {"X": [[0, 0], [1, 0]], "V": [[4, 4], [1, 1]]}, 4,
     {"V": [[0.25, 0.25], [0, 0]]}),
    ("u: 2; v: 2; L = sum(sqrt(outer(u, v)))", {"u": [0, 4], "v": [1, 0]}, 2, {"v": [1, INF]}),
    ("a: 2; b: 2; L = sqrt(dot(a, b))", {"a": [0, 0], "b": [0, 0]}, 0, {"a": [0, 0], "b": [0, 0]}),
    ("A: 2x2; L = sqrt(trace(A))", {"A": [[0, 1], [1, 0]]}, 0, {"A": [[INF, 0], [0, INF]]}),
    ("x: 2; L = sum(elu(x))", {"x": [1000, 0]}, 1000, {"x": [1, 1]}),
    ("L = x/y", {"x": 0, "y": 2}, 0, {"x": 0.5, "y": 0}),
    ("L = relu(-1/x)", {"x": 0.0}, 0, {"x": 0}),
    ("L = sqrt(x)", {"x": 0}, 0, {"x": INF}),
]
TIES: list[tuple[str, dict[str, Any], Any, dict[str, Any]]] = [
    ("L = max(a, b)", {"a": 1, "b": 1}, 1, {"a": 0, "b": 1}),
    ("L = min(a, b)", {"a": 1, "b": 1}, 1, {"a": 0, "b": 1}),
    ("L = max(x, x)", {"x": 1}, 1, {"x": 1}),
    ("L = max(x, 0.1x)", {"x": 0}, 0, {"x": 0.1}),
    ("L = max(0.1x, x)", {"x": 0}, 0, {"x": 1}),
    ("L = max(0, x)", {"x": 0}, 0, {"x": 0}),
    ("L = max(x, 0)", {"x": 0}, 0, {"x": 0}),
    ("L = min(x, 0)", {"x": 0}, 0, {"x": 0}),
    ("L = min(0, x)", {"x": 0}, 0, {"x": 0}),
    ("a: 2; b: 2; L = sum(max(a, b))", {"a": [1, 2], "b": [1, 1]}, 3, {"a": [0, 1], "b": [1, 0]}),
    ("x: 2; L = sum(max(x, x))", {"x": [0, 5]}, 5, {"x": [1, 1]}),
]
BIG = [[0.0, 1000.0], [3.0, -700.0]]
FIRST = [[1, 0], [1, 0]]
LOSSES: list[tuple[str, dict[str, Any], Any, dict[str, Any]]] = [
    ("p = sigmoid(z); L = -(y ln p + (1-y) ln(1-p))", {"z": 40, "y": 0}, 40, {"z": 1}),
    ("p = sigmoid(z); L = -(y ln p + (1-y) ln(1-p))", {"z": -800, "y": 1}, 800, {"z": -1}),
    ("L = -y*log(sigmoid(z)) - (1-y)*log(1 - sigmoid(z))", {"z": 40, "y": 0}, 40, {"z": 1}),
    ("p = sigmoid(z); q = 1 - p; L = -(y ln p + (1-y) ln q)", {"z": 40, "y": 0}, 40, {"z": 1}),
    ("p = 1/(1 + e^(-z)); L = -(y ln p + (1-y) ln(1-p))", {"z": 800, "y": 0}, 800, {"z": 1}),
    ("a = e^(-z); s = 1 + a; p = 1/s; L = -ln(p)", {"z": -800}, 800, {"z": -1}),
    ("z: 2; y: 2; p = sigmoid(z); L = -sum(y * ln(p) + (1 - y) * ln(1 - p))", {"z": [40, -40], "y": [0, 1]}, 80,
     {"z": [1, -1]}),
    ("z: 2; y: 2; p = sigmoid(z); L = -mean(y * ln(p) + (1 - y) * ln(1 - p))", {"z": [40, -40], "y": [0, 1]}, 40,
     {"z": [0.5, -0.5]}),
    ("z: 2; y: 2; p = softmax(z); L = -sum(y * ln p)", {"z": [0, 1000], "y": [1, 0]}, 1000, {"z": [-1, 1]}),
    ("z: 2; y: 2; L = -sum(y * log(softmax(z)))", {"z": [0, 1000], "y": [1, 0]}, 1000, {"z": [-1, 1]}),
    ("z: 2; y: 2; p = softmax(z); L = a*sum(-y * ln(p))", {"z": [0, 1000], "y": [1, 0], "a": 3}, 3000, {"z": [-3, 3]}),
    ("z: 2; y: 2; p = softmax(z); L = -y @ ln(p)", {"z": [0, 1000], "y": [1, 0]}, 1000, {"z": [-1, 1]}),
    ("z: 2; y: 2; p = softmax(z); q = ln(p); L = -dot(q, y)", {"z": [0, 1000], "y": [1, 0]}, 1000, {"z": [-1, 1]}),
    ("z: 2; p = softmax(z); L = -ln(p[0])", {"z": [0, 1000]}, 1000, {"z": [-1, 1]}),
    ("z: 2; p = softmax(z); L = -mean(ln p)", {"z": [0, 1000]}, 500, {"z": [-0.5, 0.5]}),
    ("z: 2; y: 2; c = exp(z); Z = sum(c); p = c/Z; L = -sum(y * ln p)", {"z": [0, 1000], "y": [1, 0]}, 1000,
     {"z": [-1, 1]}),
    ("z: 2; y: 2; c = exp(z); Z = sum(c); p = c/Z; L = cross_entropy(p, y)", {"z": [0, 1000], "y": [1, 0]}, 1000,
     {"z": [-1, 1]}),
    ("z: 2; c = exp(z); L = ln(sum(c)) - z[0]", {"z": [0, 1000]}, 1000, {"z": [-1, 1]}),
    ("z: 2x2; y: 2x2; p = softmax(z); L = -sum(y * ln p)/2", {"z": BIG, "y": FIRST}, 500, {"z": [[-0.5, 0.5], [0, 0]]}),
    ("z: 2x2; y: 2x2; p = softmax(z); L = -1/2 sum(y * log(p))", {"z": BIG, "y": FIRST}, 500,
     {"z": [[-0.5, 0.5], [0, 0]]}),
    ("z: 2x2; y: 2x2; p = softmax(z); L = mean(-sum(y * log(p), 1))", {"z": BIG, "y": FIRST}, 500,
     {"z": [[-0.5, 0.5], [0, 0]]}),
    ("z: 2x2; p = softmax(z); L = -(ln(p[0, 0]) + ln(p[1, 1]))", {"z": BIG}, 1703, {"z": [[-1, 1], [1, -1]]}),
]
# fmt: on


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("text", "at", "loss", "expected"), [*ZERO_AND_INFINITY, *TIES, *LOSSES])
def test_numbers(way: str, text: str, at: dict[str, Any], loss: Any, expected: dict[str, Any]) -> None:
    found, gradients = WAYS[way](text, at, list(expected))
    assert np.allclose(found, loss, rtol=1e-12, atol=1e-12)
    for name, value in expected.items():
        assert np.allclose(gradients[name], value, rtol=1e-12, atol=1e-12), name


@pytest.mark.parametrize(("text", "at"), [(text, at) for text, at, _, _ in LOSSES])
def test_the_gradient_by_what_lies_between_is_there_too(text: str, at: dict[str, Any]) -> None:
    """The gradient of ln p goes past p straight to z; by p it is what the chain rule makes it, as for small z."""
    graph = Graph(text)
    small = {name: np.asarray(value, dtype=float) * (0.001 if name == "z" else 1) for name, value in at.items()}
    names = [*graph.inputs, *(s.name for s in graph.statements)]
    check = check_gradients(graph.gradient_program(None, names), graph.arrays(small), names)
    assert check.verdict == "verified", check.message


def test_fractions_give_way_where_a_value_is_infinite() -> None:
    found = Graph("L = e^(-1/x^2) + sqrt(z)").backprop(at={"x": Fraction(0), "z": Fraction(0)}, exact=True)
    assert found.forward["L"] == 0
    assert found.values["z"] == INF


def test_nan_is_not_hidden() -> None:
    _, found = Graph("x: 2; L = sum(relu(x)*ln(x))").lambdify()({"x": [-1, 2]})
    assert np.isnan(found["x"][0])


# --- the note and the number at a kink are of one row ----------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", ["", "x: 1; "])
@pytest.mark.parametrize(("name", "kink"), [(row.name, k) for row in FUNCTIONS.values() if row.arity == 1
                                            for k in row.kinks])  # fmt: skip
def test_what_the_note_says_is_what_is_taken(way: str, shape: str, name: str, kink: str) -> None:
    graph = Graph(f"{shape}L = sum({name}(x))")
    place = float({"n": "2", "n + 1/2": "-1.5"}.get(kink, kink))
    at = {"x": [place] if shape else place}
    note = next(n for n in graph.backprop(at=at).notes if n.startswith(f"{name}(u)"))
    said = re.search(r"by convention (\S+) is taken", note)
    assert said
    assert float(said[1]) == float(FUNCTIONS[name].at_kink)
    assert np.all(WAYS[way](graph.text, at, ["x"])[1]["x"] == float(said[1]))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize(
    ("u", "v", "taken"), [("2x", "3x", 3), ("3x", "2x", 2), ("x", "x", 1), ("0", "x", 0), ("x", "0", 0)]
)
def test_where_both_are_equal_the_derivative_of_the_second_is_taken(
    way: str, name: str, u: str, v: str, taken: float
) -> None:
    graph = Graph(f"L = {name}({u}, {v})")
    said = "by convention the derivative of v (0 where u or v is a number) is taken there."
    assert any(note.startswith(f"{name}(u, v)") and note.endswith(said) for note in graph.backprop().notes)
    assert WAYS[way](graph.text, {"x": 0}, ["x"])[1]["x"] == taken


ROUNDED_AWAY = [
    ("p = 1/(1 + e^(-z)); L = -(y ln p + (1 - y) ln(1 - p))", {"y": 0.0}, 1.0),
    ("p = sigmoid(z); L = -(y ln p + (1 - y) ln(1 - p))", {"y": 0.0}, 1.0),
    ("z: 2; y: 2; e = exp(z); p = e/sum(e); L = -sum(y * ln p)", {"y": [0.0, 1.0]}, [1.0, -1.0]),
]


@pytest.mark.parametrize(("graph", "values", "slope"), ROUNDED_AWAY)
@pytest.mark.parametrize("size", [3.0, 40.0, 1000.0])
def test_what_is_rounded_away_is_not_called_wrong(graph: str, values: dict[str, Any], slope: Any, size: float) -> None:
    z = [size, -size] if "z: 2" in graph else size
    b = Graph(graph).backprop(at={"z": z, **values})
    assert b.check.verdict == "verified" or size > 3 and "is rounded away" in b.check.message
    if size > 3:
        assert np.asarray(b.values["z"]) == pytest.approx(np.asarray(slope))


def test_a_formula_that_is_0_by_0_at_a_point_is_not_excused_by_rounding() -> None:
    b = Graph("L = x^2").backprop(at={"x": 1.0})
    less = Plus(symbol("x"), Neg(ONE))
    right = b.derivations["x"]
    made = Times(right.last, Quotient(less, less))
    move = Move(right.moves[-1].rule, (), right.last, made)
    wrong = Derivation(right.start, (*right.moves, move), made, right.variables, name=right.name)
    check = Checking(b.graph, b.graph.trees, "L", {"x": wrong}, b.shapes, ())._at_values(Point({"x": 1.0}, {}), ["x"])
    assert (check.verdict, check.message) == ("failed", "The formula by x does not give the gradient.")


@pytest.mark.parametrize("text", ["(x - 1)/(x - 1)", "ln(x - 1)/ln(x - 1)", "sqrt(-x)/sqrt(-x)"])
def test_a_line_that_is_no_number_is_a_wrong_line(text: str) -> None:
    """A line worth nan is never as good as a gradient that is a number: max(0, nan) is 0."""
    b = Graph("L = x^2").backprop(at={"x": 1.0})
    right = b.derivations["x"]
    made = Times(right.last, parse(text))
    wrong = Derivation(right.start, (*right.moves, Move(right.moves[-1].rule, (), right.last, made)), made,
                       right.variables, name=right.name)  # fmt: skip
    check = Checking(b.graph, b.graph.trees, "L", {"x": wrong}, b.shapes, ())._at_values(Point({"x": 1.0}, {}), ["x"])
    assert check.verdict == "failed"


@pytest.mark.parametrize(("text", "slope"), [("L = floor(10^5 x) + x", 1.0), ("L = ceil(10^6 x) + x^2", 1.4)])
def test_differences_over_many_jumps_refuse_no_right_formula(text: str, slope: float) -> None:
    found = Graph(text).backprop(at={"x": 0.7})
    assert found.check is not None
    assert found.check.verdict == "verified"
    assert found.values["x"] == pytest.approx(slope)
