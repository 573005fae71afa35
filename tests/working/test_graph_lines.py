"""Workings about graphs: gradients in every reading of a derivative sign, and the one repair that mends a line."""

from __future__ import annotations

import pytest

from symback import check_working
from symback.working.checking import is_about_graph
from symback.working.of_gradients import BETTER, SAYS
from symback.working.rows_of_text import rows_of

LAYER = """\
X: 4x3
W1: 3x5
b1: 5
W2: 5x2
y: 4x2
z1 = X @ W1 + b1
a1 = sigmoid(z1)
z2 = a1 @ W2
L = mse(z2, y)
"""
NEURON = "e = c d; c = a + b; d = b + 1"
COLUMN = "W: 3x5; x: 5; z = W @ x; a = sigmoid(z); L = sum(a^2)"
LOOP = """\
h[0]:
x: 3
y: 3
for t in 1..3:
    s[t] = h[t-1] + x[t]
    o[t] = s[t] w
    h[t] = o[t] + h[t-1]
    L += (h[t] - y[t])^2
"""

CLAIMS = [  # the graph, a claim, its verdict, and the name of the mistake
    (LAYER, "dL/dW2 = a1.T @ dL/dz2", "right", None),
    (LAYER, "dL/dW2 = a1 @ dL/dz2", "wrong", "transpose left out"),
    (LAYER, "dL/dW2 = dL/dz2.T @ a1", "wrong", "transposed"),
    (LAYER, "dL/da1 = dL/dz2 @ W2.T", "right", None),
    (LAYER, "dL/da1 = W2.T @ dL/dz2", "wrong", "order of the matrix product"),
    (LAYER, "dL/dz1 = dL/da1 * a1 * (1 - a1)", "right", None),
    (LAYER, "dL/dz1 = dL/da1", "wrong", "derivative of the activation left out"),
    (LAYER, "dL/dz1 = dL/da1 * z1 * (1 - z1)", "wrong", "value before the activation taken"),
    (LAYER, "dL/dW1 = X.T @ dL/dz1", "right", None),
    (LAYER, "dL/dz2 = 2(z2 - y)/8", "right", None),
    (LAYER, "dL/dz2 = 2(y - z2)/8", "wrong", "difference the wrong way round"),
    (LAYER, "dL/dz2 = (z2 - y)/8", "wrong", "factor 2 left out"),
    (NEURON, "de/db = de/dc dc/db + de/dd dd/db", "right", None),
    (NEURON, "de/db = c + d", "right", None),
    (NEURON, "de/db = d", "wrong", "a path is missing"),
    (NEURON, "de/dc = d", "right", None),
    ("e = c d; c = a b; d = c + a", "de/da = de/dc dc/da + de/dd dd/da", "right", None),  # with the edges
    ("e = c d; c = a b; d = c + a", "de/dc = d", "right", None),  # the edge; the whole is d + c
    ("L = c d; c = a b; d = c + a", "dL/dc = 2d", "wrong", None),
    (LOOP, "dL/dh[1] = dL/do[2] + dL/ds[2]", "right", None),  # what flows back from later steps
    (LOOP, "dL/dh[2] = 2(h[2] - y[2])", "wrong", "a path is missing"),
    (LOOP, "dL/dh[3] = 2(h[3] - y[3])", "right", None),
    (LOOP, "dL/dw = dL/do[2] s[2]", "wrong", "sum over time left out"),
    ("z: 3; c: 3; p = softmax(z); L = sum(p * c)", "dL/dz = p * (1 - p) * dL/dp", "wrong",
     "only the diagonal of the softmax"),
    ("W: m x n; x: n; L = sum((W @ x)^2)", "dL/dx = 2 W.T @ W @ x", "right", None),
    (LAYER, "dL/dW1 = X^T dL/dz1", "right", None),  # side by side, as on paper
    (LAYER, "dL/dW1 = X.T * dL/dz1", "wrong", "elementwise for matrix product"),
    (LAYER, "dL/dW1 = X dL/dz1", "wrong", "transpose left out"),
    (COLUMN, "dL/dW = dL/dz x^T", "right", None),  # vectors are columns
    (COLUMN, "dL/dW = dL/dz @ x.T", "right", None),
    (COLUMN, "dL/dx = W^T dL/dz", "right", None),
    (COLUMN, "dL/dx = W dL/dz", "wrong", "transpose left out"),
    (COLUMN, "dL/dz = dL/da * a * (1 - a)", "right", None),
    ("def psi(t) = 1/(1+3^-t)\no = psi(s); s = w x; L = o^2", "dL/ds = 2o psi'(s)", "right", None),
    ("W: m x n; x: n; L = sum((W @ x)^2)", "dL/dx = 2 W @ W @ x", "wrong", "transpose left out"),
]  # fmt: skip


@pytest.mark.parametrize(("graph", "claim", "verdict", "name"), CLAIMS, ids=[c[1] for c in CLAIMS])
def test_a_claim(graph: str, claim: str, verdict: str, name: str | None) -> None:
    (line,) = check_working(claim, given=graph).lines
    assert line.verdict == verdict
    assert (line.mistake and line.mistake.name) == name
    if verdict == "wrong" and line.term is not None and line.right:
        left = claim.partition("=")[0]
        assert check_working(f"{left}= {line.right}", given=graph).lines[0].verdict == "right"


def test_the_graph_may_stand_in_the_working() -> None:
    found = check_working(f"{LAYER}dL/da1 = dL/dz2 @ W2.T\n= 2(z2 - y)/8 @ W2.T\n= (z2 - y)/8 @ W2.T\n")
    assert [line.verdict for line in found.lines] == [*["given"] * 9, "right", "right", "wrong"]
    shown = str(found)
    assert "z₁     = X @ W₁ + b₁" in shown
    assert "factor 2 left out" in shown


def test_a_chain_follows_and_is_mended() -> None:
    found = check_working("de/db = d\n= b + 1\n= c + d", given=NEURON)
    assert [line.verdict for line in found.lines] == ["wrong", "follows", "mended"]
    assert found.lines[1].follows == 1


def test_shapes_that_do_not_fit_and_names_that_are_not_there() -> None:
    found = check_working("dL/dW1 = dL/dz1 @ X\ndL/dW9 = 2\ndL/dW1 = q\ndL/dz1 = z1 +", given=LAYER)
    assert [line.verdict for line in found.lines] == ["wrong", "unreadable", "unreadable", "unreadable"]
    assert found.lines[0].why == "the shapes do not fit"
    messages = [line.error.message for line in found.lines[1:] if line.error]
    assert messages == ["The graph has no W9.", "The graph has no q.", "The sum has no right-hand side."]


def test_what_is_about_a_graph() -> None:
    def is_graph(text: str, given: str = "") -> bool:
        return is_about_graph(rows_of(text)[0], given)

    assert is_graph("dL/dx = W.T @ g")
    assert is_graph("de/da = d", NEURON)
    assert is_graph("dy/dx = 2u", "y = u^2; u = 3x") is False  # one definition put into the other says as much
    assert is_graph("de/dc = d", NEURON)
    assert is_graph("f = x^2\ndf/dx = 2x") is False


def test_a_sum_over_paths_is_no_product_rule() -> None:
    for label, said in (
        ("product rule", "this is the multivariable chain rule, not the product rule"),
        ("multivariable chain rule", ""),
        ("chain rule", ""),
    ):
        (line,) = check_working(f"de/db = de/dc dc/db + de/dd dd/db   {label}", given=NEURON).lines
        assert (line.verdict, line.label, line.label_is_wrong) == ("right", label, said)


def test_better_names_are_names() -> None:
    assert {*BETTER, *(name for names in BETTER.values() for name in names)} <= set(SAYS)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("do/dz = sigma(1 - sigma)", "right"),
        ("do/dz = sigma'(z)", "right"),
        ("do/dz = sigma' ", "right"),
        ("dL/dz = dL/do sigma'(z)", "right"),
        ("do/dz = sigma(z)(1 - sigma)", "right"),
        ("do/dz = sigma(1 + sigma)", "wrong"),
        ("do/dz = tanh(1 - tanh)", "unreadable"),
    ],
)
def test_the_name_of_a_function_stands_for_its_value(claim: str, verdict: str) -> None:
    found = check_working(claim, given="z = 2x + b; o = sigma(z); L = (o - y)^2")
    assert [line.verdict for line in found.lines] == [verdict]
