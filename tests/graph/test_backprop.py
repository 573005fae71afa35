"""The backward pass: formulas, labels, numbers, updates, layouts, and what is refused."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from symback.errors import NoRule, ParseError, ShapeError, UsageError
from symback.expr.tree import Gradient, put, symbol, weight_of
from symback.graph.graph import Graph
from symback.page.maths import text

CAB = "d = 2b; e = a + d; L = c e"
POINT = {"a": 3, "b": 1, "c": -2}
TWO_NEURONS = "o1 = sigma(w1 x + b1)\nyhat = sigma(x + w2 o1)\nL = (yhat - y)^2"


def test_the_front_page_graph() -> None:
    b = Graph(CAB).backprop(at=POINT, lr=0.1)
    assert b.forward == {"d": 2.0, "e": 5.0, "L": -10.0}
    assert b.values == {"a": -2.0, "b": -4.0, "c": 5.0}
    assert {name: text(tree) for name, tree in b.gradients.items()} == {"a": "c", "b": "2c", "c": "e"}
    assert b.updates == pytest.approx({"a": 3.2, "b": 1.4, "c": -2.5})
    assert b.check is not None
    assert b.check.verdict == "verified"
    assert b.check.worst_error < 1e-9


def test_a_node_used_twice_is_a_sum_over_its_paths() -> None:
    b = Graph("c = a + b; d = b + 1; e = c d").backprop(at={"a": 2, "b": 1})
    assert b.values == {"a": 2.0, "b": 5.0}
    assert "multivariable chain rule" in [s.rule.name for s in b.derivations["b"].steps]
    assert [s.rule.name for s in b.derivations["a"].steps][:3] == ["chain rule", "already found", "local derivative"]


def test_a_name_used_twice_in_one_line_counts_twice() -> None:
    assert Graph("L = x x").backprop(at={"x": 3}).values == {"x": 6.0}


@pytest.mark.parametrize(
    "graph", [CAB, TWO_NEURONS, "X: 2x3\nW: 3x2\nb: 2\nL = sum((X @ W + b)^2)", "x: 3\nL = sum(x)"]
)
def test_derivations_replay_to_their_last_line(graph: str) -> None:
    for derivation in Graph(graph).backprop().derivations.values():
        line = derivation.start
        assert isinstance(line, Gradient)
        for move in derivation.moves:
            line = put(line, move.path, move.result)
        assert line == derivation.last


def test_two_neurons_by_numbers() -> None:
    at = {"x": 1, "y": 1, "w1": 0.5, "w2": -2, "b1": -0.5}
    b = Graph(TWO_NEURONS).backprop(at=at, wrt=["w1", "b1", "w2", "x"], lr=0.1)
    assert b.forward == {"o1": 0.5, "yhat": 0.5, "L": 0.25}
    assert b.values == pytest.approx({"w1": 0.125, "b1": 0.125, "w2": -0.125, "x": -0.1875})
    assert b.updates == pytest.approx({"w1": 0.4875, "b1": -0.5125, "w2": -1.9875, "x": 1.01875})
    assert text(b.derivations["yhat"].last) == "2(yhat - y)"


def test_gradients_stay_on_the_graph() -> None:
    lines = ["h0 = w0 x"] + [f"h{i} = tanh(w{i} h{i - 1})" for i in range(1, 12)] + ["L = h11^2"]
    b = Graph("\n".join(lines)).backprop()
    assert max(weight_of(tree) for tree in b.gradients.values()) < 60


def test_sharing_stays_linear() -> None:
    text_of = "e0 = x sin(x)\n" + "\n".join(f"e{i} = e{i - 1} sin(e{i - 1})" for i in range(1, 120))
    program = Graph(text_of).gradient_program()
    assert len(program.nodes) < 120 * 8


def test_softmax_with_cross_entropy_is_p_minus_y() -> None:
    graph = Graph("z: 3\ny: 3\np = softmax(z)\nL = cross_entropy(p, y)")
    z, y = [1000.0, 1001.0, 999.0], [0, 1, 0]
    b = graph.backprop(at={"z": z, "y": y}, wrt=["z"])
    p = graph.forward({"z": z, "y": y})["p"]
    assert np.allclose(b.values["z"], p - np.array(y))
    by_p, by_z = b.derivations["p"], b.derivations["z"]
    assert text(by_p.last) == "-y/p"
    assert [s.rule.name for s in by_z.steps if not s.minor] == [
        "chain rule", "softmax", "already found", "number out of a product", "cancel in a sum of products",
        "the entries of y sum to 1",
        "collect like terms", "multiply out and cancel p",
    ]  # fmt: skip
    assert text(by_z.lines()[2]) == "p(dL/dp - dL/dp @ p)"
    assert text(by_z.last) == "p - y"


@pytest.mark.parametrize(
    ("graph", "lines"),
    [
        ("p = sigmoid(z); L = bce(p, y)", ["p - y"]),
        ("Z: 4x3; y: 4x3; p = softmax(Z); L = cross_entropy(p, y)", ["(p - y)/4"]),
        ("z: 4; y: 4; p = sigmoid(z); L = bce(p, y)", ["(p - y)/4"]),
    ],
)
def test_losses_of_probabilities_come_out_as_p_minus_y(graph: str, lines: list[str]) -> None:
    b = Graph(graph).backprop()
    name = "Z" if "Z" in b.derivations else "z"
    found = [text(line) for line in b.derivations[name].lines()]
    assert [line for line in found if line in lines] == lines
    assert found[-1] == lines[-1]


@pytest.mark.parametrize(
    ("loss", "z", "y"),
    [
        ("p = softmax(z); L = cross_entropy(p, y)", [0.3, -1, 2], [0.2, 0.5, 0.3]),
        ("p = softmax(z); L = cross_entropy(p, y) + 2p[0]", [0.3, -1, 2], [0, 1, 0]),
        ("p = sigmoid(z); L = bce(p, y)", [0.3, -1, 2], [0, 1, 1]),
        ("p = sigmoid(z); L = bce(p, y) + sum(p^2)", [0.3, -1, 2], [0, 1, 1]),
    ],
)
def test_probabilities_have_a_gradient_of_their_own(loss: str, z: list[float], y: list[float]) -> None:
    """The loss is worked out from z, but p is a node of the graph, and the loss depends on it."""
    values = {"z": z, "y": y}
    graph = Graph(loss)
    b = graph.backprop(at=values, wrt=["p", "z"])
    p = graph.forward(values)["p"]
    alone = Graph(loss.split(";")[1]).backprop(at={"p": p, "y": y}, wrt=["p"])
    assert np.allclose(b.values["p"], alone.values["p"])
    assert b.check.verdict == alone.check.verdict == "verified"


def test_entries_that_do_not_sum_to_one_are_not_taken_to() -> None:
    graph = Graph("z: 3; y: 3; L = cross_entropy(softmax(z), y)")
    b = graph.backprop(at={"z": [1, 2, 3], "y": [1, 1, 0]}, wrt=["z"])
    assert text(b.gradients["z"]) == "sum(y) softmax(z) - y"
    assert b.check.verdict == "verified"
    assert not any("sum to 1" in note for note in b.notes)
    assert "The entries of y are taken to sum to 1." in graph.backprop(wrt=["z"]).notes


@pytest.mark.parametrize(
    ("graph", "at", "gradient"),
    [
        ("L = bce(p, y)", {"p": [0, 1, 0.5], "y": [0, 1, 1]}, [1 / 3, -1 / 3, -2 / 3]),
        ("L = cross_entropy(p, y)", {"p": [0, 1, 0], "y": [0, 1, 0]}, [0, -1, 0]),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_where_nothing_is_expected_a_probability_of_zero_is_no_harm(
    graph: str, at: dict[str, list[float]], gradient: list[float], dtype: str
) -> None:
    assert np.allclose(Graph(graph).backprop(at=at, wrt=["p"]).values["p"], gradient)
    with np.errstate(all="ignore"):
        _, found = Graph(graph).lambdify(wrt=["p"], dtype=dtype)({n: np.array(v, dtype) for n, v in at.items()})
    assert np.allclose(found["p"], gradient)


def test_class_numbers_are_one_hot_rows() -> None:
    graph = Graph("Z: 2x3\ny: 2\nL = cross_entropy(softmax(Z), y)")
    rows = Graph("Z: 2x3\ny: 2x3\nL = cross_entropy(softmax(Z), y)")
    z = [[0.1, 0.2, 0.7], [1, 2, 3]]
    a = graph.backprop(at={"Z": z, "y": [2, 0]}, wrt=["Z"]).values["Z"]
    b = rows.backprop(at={"Z": z, "y": [[0, 0, 1], [1, 0, 0]]}, wrt=["Z"]).values["Z"]
    assert np.allclose(a, b)


def test_exact_numbers_stay_fractions() -> None:
    from fractions import Fraction

    b = Graph("L = (a/3 + b)^2").backprop(at={"a": 1, "b": Fraction(1, 6)}, exact=True)
    assert b.values == {"a": Fraction(1, 3), "b": Fraction(1)}


def test_numerator_layout_transposes() -> None:
    graph = Graph("M: 2x3\nz: 3\nL = sum(M @ z)")
    at = {"M": [[1, 2, 3], [4, 5, 6]], "z": [1, 0, -1]}
    denominator = graph.backprop(at=at, wrt=["M"]).values["M"]
    numerator = graph.backprop(at=at, wrt=["M"], layout="numerator").values["M"]
    assert denominator.shape == (2, 3)
    assert np.array_equal(numerator, denominator.T)


def test_a_given_derivative_is_used_and_its_error_is_said() -> None:
    b = Graph("def psi(t) = 1/(1+3^-t)\ndef psi'(t) = psi(t)(1-psi(t))\nL = psi(w)").backprop(at={"w": 0})
    assert b.values["w"] == pytest.approx(0.25)
    assert any("0.910239 times the true one" in note for note in b.notes)
    assert b.check is not None
    assert b.check.verdict == "unverified"


@pytest.mark.parametrize(("call", "loss", "slopes"), [
    ("p(u, v)", 12, {"u": 12, "v": 4}),
    ("p(v, u)", 18, {"u": 9, "v": 12}),
    ("sum(p(x, u))", 20, {"x": [4, 12], "u": 10}),
    ("sum(p(x, p(x, x)))", 244, {"x": [5, 405]}),
])  # fmt: skip
def test_a_function_of_several_parameters(call: str, loss: float, slopes: dict[str, Any]) -> None:
    graph = Graph(f"def p(a, b) = a^2 b\nx: 2\nL = {call}")
    values = {name: {"u": 2, "v": 3, "x": [1, 3]}[name] for name in graph.inputs}
    b = graph.backprop(at=values)
    for name, slope in slopes.items():
        assert np.allclose(b.values[name], slope), name
    assert b.check is not None
    assert b.check.verdict == graph.backprop().check.verdict == "verified"
    assert graph.lambdify()(values)[0] == pytest.approx(loss)


def test_shapes_follow_from_values() -> None:
    graph = Graph("L = sum((W @ x - y)^2)")
    b = graph.backprop(at={"W": [[1, 2], [3, 4]], "x": [1, -1], "y": [0, 0]}, wrt=["W"])
    assert np.allclose(b.values["W"], [[-2, 2], [-2, 2]])


def test_expression_of_a_graph() -> None:
    assert text(Graph(CAB).expression()) == "c(a + 2b)"
    assert [s.name for s in Graph.from_expression("sigma(3 + (y + 5x))").statements] == ["n1", "n2", "n3", "z"]


def test_a_loss_that_does_not_depend_on_an_input_has_gradient_zero() -> None:
    b = Graph("m = a b; L = a^2").backprop(at={"a": 2, "b": 5})
    assert b.values == {"a": 4.0, "b": 0.0}
    assert b.gradients["b"] == 0


@pytest.mark.parametrize(
    ("graph", "error"),
    [
        ("A: 3x2\nB: 4x2\nC = A @ B", ParseError),
        ("a = b + 1\nb = a + 1", ParseError),
        ("a = 1\na = 2", ParseError),
        ("L = unknownfunction(x)", ParseError),
    ],
)
def test_bad_graphs_are_refused_with_their_line(graph: str, error: type[Exception]) -> None:
    with pytest.raises((error, NoRule)):
        Graph(graph)


def test_bad_questions() -> None:
    graph = Graph(CAB)
    with pytest.raises(UsageError, match="no value"):
        graph.forward({"a": 1})
    with pytest.raises(UsageError, match="no input q"):
        graph.forward({**POINT, "q": 1})
    with pytest.raises(UsageError, match="no node q"):
        graph.backprop("q")
    with pytest.raises(ShapeError):
        Graph("x: 2\ny = 2x").backprop()
    with pytest.raises(ShapeError):
        Graph("x: 2\nL = sum(x)").forward({"x": [1, 2, 3]})


def test_a_graph_pickles() -> None:
    graph = pickle.loads(pickle.dumps(Graph(CAB)))
    assert graph.forward(POINT)["L"] == -10.0
    assert symbol("L") == symbol(graph.last)


@pytest.mark.parametrize(
    ("graph", "at", "gradients"),
    [
        ("a = x^2; b = x^2; L = a b", {"x": 3}, {"a": 9, "b": 9, "x": 108}),
        ("a = 2exp(x); b = exp(x); L = a + b^2", {"x": 0}, {"a": 1, "b": 2, "x": 4}),
        ("b = exp(x); a = 2exp(x); L = a + b^2", {"x": 0}, {"a": 1, "b": 2, "x": 4}),
        ("b = x; L = b^2 + x", {"x": 3}, {"b": 6, "x": 7}),
        ("c = 3; L = 3c^2 x", {"x": 2}, {"c": 36, "x": 27}),
        ("b = x; c = b; L = sum(b c)", {"x": [1, 2]}, {"b": [2, 4], "c": [1, 2], "x": [2, 4]}),
    ],
)
def test_a_name_is_a_node_of_its_own(graph: str, at: dict[str, Any], gradients: dict[str, Any]) -> None:
    """Equal expressions are worked out once, but the gradient by one of two equal nodes is not that by both."""
    b = Graph(graph).backprop(at=at, wrt=list(gradients))
    assert {name: np.asarray(value).tolist() for name, value in b.values.items()} == gradients
    assert b.check.verdict == "verified"
    _, found = Graph(graph).lambdify(wrt=list(gradients))({n: np.array(v, float) for n, v in at.items()})
    assert {name: np.asarray(value).tolist() for name, value in found.items()} == gradients


def test_a_node_that_only_renames_another_passes_its_gradient_on() -> None:
    b = Graph("d = 2b; e = d; L = e").backprop(at={"b": 1}, wrt=["b", "d", "e"])
    assert b.values == {"b": 2.0, "d": 1.0, "e": 1.0}
    assert [text(line) for line in b.derivations["b"].lines()][-1] == "2"
    assert "0" not in [text(line) for line in b.derivations["b"].lines()]


@pytest.mark.parametrize(
    ("graph", "name", "formula"),
    [
        ("W: 2x2; x: 2; y = W @ x; L = sum(y^2)/2", "x", "y.T @ W"),
        ("W: 2x2; x: 2; y = W @ x; L = sum(y^2)/2", "W", "outer(x, y)"),
        ("x: 3; A: 3x3; L = x^T @ A @ x", "x", "x.T @ (A + A.T)"),
        ("x: 3; L = norm2(x)", "x", "(2x).T"),
    ],
)
def test_formulas_in_numerator_layout(graph: str, name: str, formula: str) -> None:
    assert text(Graph(graph).backprop(layout="numerator").gradients[name]) == formula


@pytest.mark.parametrize(
    ("graph", "name", "lines"),
    [
        ("z = a b; L = z + a", "a", ["dL/dz * dz/da + d/da [z + a]", "b + 1"]),
        ("x: 3; A: 3x3; L = x @ A @ x", "x", ["dL/dL * dL/dx", "(A.T + A) @ x"]),
        ("x: 2; W: 2x3; y = x @ W; L = sum(y^2)", "x", ["dL/dy * dy/dx", "2W @ y"]),
    ],
)
def test_a_gradient_does_not_stand_for_one_of_its_parts(graph: str, name: str, lines: list[str]) -> None:
    found = [text(line) for line in Graph(graph).backprop().derivations[name].lines()]
    assert [found[1], found[-1]] == lines


def test_parts_of_a_concatenation() -> None:
    b = Graph("a: 2; b: 2; c = concat(a, b); L = sum(c^2)").backprop(at={"a": [1, 2], "b": [3, 4]})
    assert [text(b.gradients[name]) for name in "ab"] == ["(2c)[0:2]", "(2c)[2:4]"]
    assert (list(b.values["a"]), list(b.values["b"])) == ([2, 4], [6, 8])


@pytest.mark.parametrize(
    "graph",
    [
        "x: 3; y = (w x)[1]; L = y^2",
        "A: 2x3; L = (w A)[0, 1]^2 + w",
        "x: 3; L = sin((x + w)[2]) w",
        "x: 3; L = (w + 1) x[2]^2 + x[0] w",
        "x: 3; y = tanh(w)\nL = (y x)[0] + y x[1]",
    ],
)
def test_entries_of_what_is_worked_out_and_of_names(graph: str) -> None:
    assert Graph(graph).backprop().check.verdict == "verified"
