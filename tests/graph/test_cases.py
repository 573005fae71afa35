"""The worked cases of graphs and networks with their numbers, and the notes where a document is wrong or approximate.

The numbers in the names of the tests are those of the list of worked cases.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from math import log
from typing import Any

import numpy as np
import pytest

from symback.errors import ParseError
from symback.graph.backprop import Backprop
from symback.graph.graph import Graph
from symback.page import render
from symback.page.maths import text
from symback.train import train

TWO_SIGMOIDS = "o1 = sigma(w1 x + b1); o = x + w2 o1; yhat = sigma(o); L = (yhat - y)^2"
AT_29 = {"x": 1, "y": 1, "w1": 0.5, "w2": -2, "b1": -0.5}

THREE_NEURONS = """
def psi(t) = 1/(1 + 3^-t)
def psi'(t) = psi(t)(1 - psi(t))
P1 = psi(w1 x1 + w2 x2 + b1)
P2 = (w3 P1 + b2)^2
P3 = (w4 P1 + b3)^2
C = ((P2 - y1)^2 + (P3 - y2)^2)/2
"""
THETA = ("w1", "w2", "w3", "w4", "b1", "b2", "b3")
START = dict(zip(THETA, (1, 1, 2, 4, -1, 0.5, 0), strict=True))
POINT_30 = {"x1": -1, "x2": 3, "y1": 3, "y2": 8}

RECURRENT = """
for t in 1..3:
    s[t] = h[t-1] + x[t]
    o[t] = s[t] w
    h[t] = o[t] + h[t-1]
    L += (h[t] - y[t])^2
"""
AT_32: dict[str, Any] = {"h[0]": 0.5, "x": [1, 2, -1], "y": [1, 0, 2], "w": 0.25}


def labels(b: Backprop, name: str) -> list[str]:
    return [step.rule.name for step in b.derivations[name].steps]


def formulas(b: Backprop) -> dict[str, str]:
    return {name: text(tree) for name, tree in b.gradients.items()}


def verified(b: Backprop) -> bool:
    return b.check is not None and b.check.verdict == "verified"


# --- graphs -----------------------------------------------------------------------------------------------------------


def test_21_a_product_with_a_sum() -> None:
    b = Graph("d = 2b; e = a + d; L = c e").backprop(at={"a": 3, "b": 1, "c": -2})
    assert b.forward == {"d": 2, "e": 5, "L": -10}
    assert b.values == {"a": -2, "b": -4, "c": 5}
    assert formulas(b) == {"a": "c", "b": "2c", "c": "e"}
    assert labels(b, "e")[:3] == ["chain rule", "seed", "local derivative"]
    assert labels(b, "b")[:4] == ["chain rule", "already found", "local derivative", "constant multiple rule"]
    assert "sum rule" in labels(b, "a")
    assert verified(b)


def test_22_two_paths_are_summed() -> None:
    b = Graph("c = a + b; d = b + 1; e = c d").backprop("e", at={"a": 2, "b": 1})
    assert b.forward == {"c": 3, "d": 2, "e": 6}
    assert b.values == {"a": 2, "b": 5}
    assert formulas(b) == {"a": "d", "b": "d + c"}
    assert labels(b, "b")[0] == "multivariable chain rule"


def test_23_sigma_of_a_sum_as_one_node() -> None:
    graph = Graph.from_expression("sigma(3 + (y + 5x))")
    assert [(s.name, text(s.tree)) for s in graph.statements] == [
        ("n1", "5x"), ("n2", "y + n1"), ("n3", "3 + n2"), ("z", "sigmoid(n3)"),
    ]  # fmt: skip
    b = graph.backprop(at={"x": 0.2, "y": -4})
    assert b.forward == {"n1": 1, "n2": -3, "n3": 0, "z": 0.5}
    assert b.values == {"x": 1.25, "y": 0.25}
    assert formulas(b) == {"x": "5 * dz/dn1", "y": "dz/dn2"}
    assert "derivative of sigmoid" in labels(b, "n3")
    picture = ET.fromstring(render(b, "svg"))
    drawn = "".join(picture.itertext())
    assert all(name in drawn for name in ("n", "z", "x", "y", "0.5", "1.25"))


def test_24_the_function_of_a_graph_and_its_gradients() -> None:
    graph = Graph("n1 = a + b; n2 = 2a; n3 = n1 n2; n4 = n3 - b; n5 = n4^2; z = n5 + n1")
    assert text(graph.expression()) == "((a + b) * (2a) - b)^2 + (a + b)"
    b = graph.backprop("z", at={"a": 3, "b": 5}, wrt=["n4", "n3", "a", "b"])
    assert b.forward == {"n1": 8, "n2": 6, "n3": 48, "n4": 43, "n5": 1849, "z": 1857}
    assert b.values == {"n4": 86, "n3": 86, "a": 86 * (6 + 16) + 1, "b": 86 * (6 - 1) + 1}
    assert labels(b, "a")[0] == labels(b, "b")[0] == "multivariable chain rule"
    assert verified(b)


def test_25_dot_products() -> None:
    graph = Graph("x: 4\nw: 4\ny: 4\nxw = dot(x, w)\nwy = dot(w, y)\nxy = dot(x, y)\nyx = dot(y, x)")
    at = {"x": [1, 4, 5, 8], "w": [4, 3, 1, 1], "y": [9, 2, 7, 8]}
    assert graph.forward(at, exact=True) == {"xw": 29, "wy": 57, "xy": 116, "yx": 116}


def test_26_matrix_products_where_they_exist() -> None:
    at = {
        "W": [[1, 2, 3], [4, 8, 9], [9, 3, 2], [8, 3, 1]],
        "X": [[4, 8], [7, 2], [6, 9]],
        "Y": [[5, 2], [6, 2], [8, 1], [9, 1]],
        "a": [4, 3, 1],
    }
    found = Graph("W: 4x3\nX: 3x2\nY: 4x2\na: 3\nWX = W @ X\nWa = W @ a\nXY = X @ Y.T").forward(at)
    assert found["WX"].tolist() == [[36, 39], [126, 129], [69, 96], [59, 79]]
    assert found["Wa"].tolist() == [13, 49, 47, 42]
    assert found["XY"].tolist() == [[36, 40, 40, 44], [39, 46, 58, 65], [48, 54, 57, 63]]
    with pytest.raises(ParseError, match=r"matrix product of 3x2 and 4x2") as refused:
        Graph("X: 3x2\nY: 4x2\nZ = X @ Y")
    assert "X @ Y" in refused.value.explain()


# --- networks ---------------------------------------------------------------------------------------------------------


def test_27_two_inputs_three_hidden_one_output_in_matrices() -> None:
    graph = Graph("x: 2\nW1: 3x2\nW2: 3\nf = W2 @ sigmoid(W1 @ x)")
    b = graph.backprop(at={"x": [1, -1], "W1": [[1, 0], [0, 1], [1, 1]], "W2": [0.5, 0.5, 2.5]})
    assert b.forward["f"] == pytest.approx(1.75)
    assert b.shapes["W1"] == (3, 2)
    assert b.values["W1"][2, 1] == pytest.approx(-0.625)
    assert verified(b)


def test_27_the_same_by_single_weights() -> None:
    weights = {f"w_{{{i}{j}}}^{{[1]}}": (i, j) for i in (1, 2, 3) for j in (1, 2)}
    lines = [f"y{i} = w_{{{i}1}}^{{[1]}} x_1 + w_{{{i}2}}^{{[1]}} x_2" for i in (1, 2, 3)]
    graph = Graph("\n".join([*lines, "f = " + " + ".join(f"w_{{1{i}}}^{{[2]}} sigma(y{i})" for i in (1, 2, 3))]))
    matrix = [[1, 0], [0, 1], [1, 1]]
    at = {name: matrix[i - 1][j - 1] for name, (i, j) in weights.items()}
    at |= {"x_1": 1, "x_2": -1, "w_{11}^{[2]}": 0.5, "w_{12}^{[2]}": 0.5, "w_{13}^{[2]}": 2.5}
    b = graph.backprop("f", at=at, wrt=["w_{32}^{[1]}"])
    assert text(graph.expression()).startswith("w11^[2] sigmoid(w11^[1] x1 + w12^[1] x2) + ")
    assert b.forward == pytest.approx({"y1": 1, "y2": -1, "y3": 0, "f": 1.75})
    assert b.values == pytest.approx({"w32^[1]": 2.5 * 0.25 * -1})
    assert formulas(b) == {"w32^[1]": "df/dy3 * x2"}
    assert "derivative of sigmoid" in labels(b, "y3")


@pytest.mark.parametrize(
    ("hidden", "outputs", "solves"),
    [("2(W1 @ x + 1)", [4, 4, 4, 4], False), ("2(W1 @ x)", [0, 0, 0, 0], False), ("step(W1 @ x)", [0, 1, 1, 0], True)],
)
def test_28_exclusive_or_needs_a_bend(hidden: str, outputs: list[int], solves: bool) -> None:
    """With hidden values 2z the network is linear, with and without a bias; with the step function it is not."""
    graph = Graph(f"x: 2\nW1: 2x2\nW2: 2\nh = {hidden}\nf = W2 @ h")
    truth = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}
    weights = {"W1": [[1, -1], [-1, 1]], "W2": [1, 1]}
    found = [graph.forward({"x": x, **weights})["f"] for x in truth]
    assert found == outputs
    assert (found == list(truth.values())) is solves


def test_29_two_sigmoids_forward_backward_and_update() -> None:
    b = Graph(TWO_SIGMOIDS).backprop("L", at=AT_29, lr=0.1)
    assert b.forward == {"o1": 0.5, "o": 0, "yhat": 0.5, "L": 0.25}
    wanted = {"w1": 0.125, "b1": 0.125, "w2": -0.125, "x": -0.1875}
    assert {name: b.values[name] for name in wanted} == pytest.approx(wanted)
    new = {"w1": 0.4875, "b1": -0.5125, "w2": -1.9875}
    assert {name: b.updates[name] for name in new} == pytest.approx(new)
    assert verified(b)


def test_29_the_six_symbolic_lines() -> None:
    """sigma' of a node is written by the node's own value: sigma2'(o) = yhat (1 - yhat)."""
    graph = Graph(TWO_SIGMOIDS)
    b = graph.backprop("L", at=AT_29, wrt=["yhat", "o", "w2", "b1", "w1", "x"])
    found = formulas(b)
    assert found["yhat"] == "2(yhat - y)"
    assert found["o"] == "dL/dyhat * yhat * (1 - yhat)"
    assert found["w2"] == "dL/do * o1"
    assert found["b1"] == "dL/do1 * o1 * (1 - o1)"
    assert found["w1"] == "dL/do1 * o1 * (1 - o1) x"
    assert labels(b, "x")[0] == "multivariable chain rule", "x reaches the loss on two paths"
    assert found["x"] == "dL/do1 * o1 * (1 - o1) w1 + dL/do"


def test_29_the_update_lines_show_their_numbers() -> None:
    shown = render(Graph(TWO_SIGMOIDS).backprop("L", at=AT_29, wrt=["w1", "b1", "w2"], lr=0.1), "text", width=100)
    for line in ("w₁ - 0.1·0.125", "b₁ - 0.1·0.125", "w₂ - 0.1·(-0.125)", "0.4875", "-0.5125", "-1.9875"):
        assert line in shown


def case_30(at: dict[str, float]) -> Backprop:
    b: Backprop = Graph(THREE_NEURONS).backprop("C", at=at, wrt=THETA, lr=0.1)
    return b


def test_30_three_neurons_with_a_given_derivative() -> None:
    b = case_30({**POINT_30, **START})
    assert b.forward == pytest.approx({"P1": 0.75, "P2": 4, "P3": 9, "C": 1})
    assert [b.values[name] for name in THETA] == pytest.approx([-6, 18, 3, 4.5, 6, 4, 6])
    assert [b.updates[name] for name in THETA] == pytest.approx([1.6, -0.8, 1.7, 3.55, -1.6, 0.1, -0.6])
    assert "given derivative" in labels(b, "w1")


def test_30_the_note_says_by_how_much_the_given_derivative_differs() -> None:
    """The true derivative of 1/(1 + 3^-t) is ln 3 times the given one."""
    b = case_30({**POINT_30, **START})
    ratio = f"{1 / log(3):.4f}"
    assert any("given for psi" in note and ratio in note for note in b.notes)
    assert b.check is not None
    assert b.check.verdict == "unverified", "differences find the true gradient, which is another"


def test_30_the_true_derivative_is_ln_3_times_as_large() -> None:
    given = case_30({**POINT_30, **START}).values
    graph = Graph("\n".join(line for line in THREE_NEURONS.splitlines() if "psi'" not in line))
    true = graph.backprop("C", at={**POINT_30, **START}, wrt=THETA)
    for name in ("w1", "w2", "b1"):
        assert true.values[name] == pytest.approx(log(3) * given[name])
    for name in ("w3", "w4", "b2", "b3"):
        assert true.values[name] == pytest.approx(given[name])
    assert verified(true)


def test_30_as_one_epoch_of_training() -> None:
    data = {name: [value] for name, value in POINT_30.items()}
    history = train(Graph(THREE_NEURONS), data, START, lr=0.1, epochs=1)
    assert [history.parameters[name] for name in THETA] == pytest.approx([1.6, -0.8, 1.7, 3.55, -1.6, 0.1, -0.6])


def test_31_the_mean_of_two_gradients() -> None:
    first = [case_30({**POINT_30, **START}).values[name] for name in THETA]
    mean = (np.array(first) + np.array([6, 2, 1, 5.5, 10, -4, 2])) / 2
    assert mean == pytest.approx([0, 10, 2, 5, 8, 0, 4])
    assert np.array(list(START.values())) - 0.1 * mean == pytest.approx([1, 0, 1.8, 3.5, -1.8, 0.5, -0.4])


def test_31_training_averages_over_the_examples() -> None:
    second = {"x1": 1, "x2": 0, "y1": 2, "y2": 3}
    gradients = [case_30({**point, **START}).values for point in (POINT_30, second)]
    history = train(
        Graph(THREE_NEURONS), {name: [POINT_30[name], second[name]] for name in second}, START, lr=0.1, epochs=1
    )
    for name in THETA:
        mean = (gradients[0][name] + gradients[1][name]) / 2
        assert history.parameters[name] == pytest.approx(START[name] - 0.1 * mean)


def test_32_a_recurrent_network() -> None:
    b = Graph(RECURRENT).backprop("L", at=AT_32, wrt=["w", "x", "h[0]", "o[2]", "s[2]", "h[1]", "h[2]", "h[3]"])
    found = formulas(b)
    assert found["h[3]"] == "2(h[3] - y[3])"
    assert found["o[2]"] == "dL/dh[2]"
    assert found["s[2]"] == "dL/do[2] * w"
    assert found["w"] == "dL/do[1] * s[1] + dL/do[2] * s[2] + dL/do[3] * s[3]", "a sum over t"
    assert found["h[1]"] == "dL/ds[2] + dL/dh[2] + 2(h[1] - y[1])", "both paths, and the loss of the step itself"
    assert found["h[0]"] == "dL/ds[1] + dL/dh[1]"
    assert labels(b, "h[1]")[0] == "multivariable chain rule"
    assert verified(b)


def test_32_by_numbers_worked_out_by_hand() -> None:
    b = Graph(RECURRENT).backprop("L", at=AT_32, wrt=["w", "h[0]", "h[1]", "h[2]", "h[3]"], lr=0.1)
    w, h, x, y = 0.25, [0.5], AT_32["x"], AT_32["y"]
    for t in range(3):
        h.append((h[t] + x[t]) * w + h[t])
    by_h = [0.0] * 5
    for t in (3, 2, 1):  # dL/dh[t] = 2(h[t] - y[t]) + (1 + w) dL/dh[t+1]
        by_h[t] = 2 * (h[t] - y[t - 1]) + (1 + w) * by_h[t + 1]
    by_w = sum((h[t - 1] + x[t - 1]) * by_h[t] for t in (1, 2, 3))
    assert [b.values[f"h[{t}]"] for t in (1, 2, 3)] == pytest.approx(by_h[1:4])
    assert b.values["w"] == pytest.approx(by_w)
    assert b.updates["w"] == pytest.approx(w - 0.1 * by_w)


def test_32_the_last_line_of_the_document_forgets_a_path() -> None:
    """It takes 2(h[1] - y[1]) for dL/dh[0], which is what reaches h[0] neither through o nor through later steps."""
    b = Graph(RECURRENT).backprop("L", at=AT_32, wrt=["h[0]", "h[1]"])
    assert b.values["h[0]"] == pytest.approx((1 + 0.25) * b.values["h[1]"])
    assert b.values["h[0]"] != pytest.approx(2 * (b.forward["h[1]"] - 1))
    one_step = Graph("s = h0 + x; o = s w; h = o + h0; L = (h - y)^2").backprop(
        at={"h0": 0.5, "x": 1, "y": 1, "w": 0.25}
    )
    assert one_step.values["h0"] == pytest.approx((1 + 0.25) * 2 * (0.875 - 1))


def test_33_binary_cross_entropy() -> None:
    assert Graph("L = bce(p, y)").forward({"p": 0.886, "y": 0})["L"] == pytest.approx(2.17, abs=0.005)


def test_34_logistic_regression() -> None:
    """The document's last form has the wrong sign: it is +(yhat - y) x."""
    graph = Graph("w: 3\nx: 3\nL = bce(sigmoid(dot(w, x) + b), y)")
    b = graph.backprop("L", at={"w": [1, 2, 3], "x": [0.1, 0.2, -0.3], "b": 0.5, "y": 1}, wrt=["w", "b"])
    assert formulas(b)["w"] == "(sigmoid(w @ x + b) - y) x"
    sigma = 1 / (1 + np.exp(-0.1))
    assert b.values["w"] == pytest.approx((sigma - 1) * np.array([0.1, 0.2, -0.3]))
    assert verified(b)


# --- gradient descent -------------------------------------------------------------------------------------------------


def test_35_one_epoch_of_training_is_the_update_of_29() -> None:
    start = {name: AT_29[name] for name in ("w1", "w2", "b1")}
    history = train(TWO_SIGMOIDS, {"x": [1], "y": [1]}, start, lr=0.1, epochs=1)
    assert dict(history.parameters) == pytest.approx({"w1": 0.4875, "w2": -1.9875, "b1": -0.5125})
    assert history.losses[0] == 0.25
    assert history.losses[1] < 0.25


@pytest.mark.parametrize("method", ["full", "stochastic", "mini-batch"])
def test_35_full_stochastic_and_mini_batch_descent(method: str) -> None:
    data = {"x": [0, 1, 2, 3], "y": [1, 3, 5, 7]}
    history = train("L = (w x + b - y)^2", data, {"w": 0, "b": 0}, method=method, batch=2, lr=0.05, epochs=600)
    assert dict(history.parameters) == pytest.approx({"w": 2, "b": 1}, abs=1e-3)
    assert history.losses[-1] < 1e-6 < history.losses[0]


@pytest.mark.parametrize(
    ("rate", "reason"),
    [(0.1, "the loss no longer falls"), (0.9, "the loss no longer falls"), (1.0, "the loss no longer falls"),
     (1.1, "all epochs done"), (0.001, "all epochs done")],
)  # fmt: skip
def test_35_the_learning_rate_decides_how_far_a_step_goes(rate: float, reason: str) -> None:
    """On L = w^2 a step multiplies w by 1 - 2 rate: below rate 1 it comes down, above it goes away."""
    history = train("L = w^2", {}, {"w": 1}, lr=rate, epochs=300, patience=1000 if rate > 1 else 20)
    assert history.reason == reason
    assert history.losses[1] == pytest.approx((1 - 2 * rate) ** 2)
    assert (history.losses[-1] > history.losses[0]) is (rate > 1)


def test_35_the_loss_curve() -> None:
    history = train(TWO_SIGMOIDS, {"x": [1], "y": [1]}, {"w1": 0.5, "w2": -2, "b1": -0.5}, lr=0.5, epochs=100)
    assert list(history.losses) == sorted(history.losses, reverse=True)
    curve = ET.fromstring(render(history, "svg"))
    (line,) = curve.iter("{http://www.w3.org/2000/svg}polyline")
    heights = [float(point.split(",")[1]) for point in line.attrib["points"].split()]
    assert len(heights) == 101
    assert heights == sorted(heights), "down on the paper is a smaller loss"
