"""Hessians of graphs: formulas in a textbook's form, beside JAX, and what is said where there is none."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from symback.errors import NoRule, ShapeError, UsageError
from symback.expr.tree import Size, Str
from symback.graph.derivation.names import Names
from symback.graph.graph import Graph
from symback.graph.jacobians.values import formula_value
from symback.page import render
from symback.page.maths import text
from tests.marks import every
from tests.running import Run

from .sweep.slopes import run
from .sweep.worth import Place, worth

LOGISTIC = "X: n x d; y: n; w: d; p = sigmoid(X @ w); L = bce(p, y)"
SOFTMAX = "z: n; y: n; p = softmax(z); L = cross_entropy(p, y)"
LAYER = "W: k x n; x: n; y: k; b: k; z = W @ x + b; p = softmax(z); L = cross_entropy(p, y)"
NETWORK = """W1: 3x2; b1: 3; w2: 3; x: 2
h = tanh(W1 @ x + b1)
o = w2 @ h + b2
L = (o - y)^2"""
SLOPES = """W1: 3x2; b1: 3; w2: 3; x: 2
h = sigmoid(W1 @ x + b1)
o = sigmoid(w2 @ h + b2)
L = (o - y)^2"""

# A graph, two names, and the formula of the block by them.
FORMULAS = [
    ("A: n x n; x: n; L = x @ A @ x", "x x", "A.T + A"),
    ("A: n x n; x: n; L = x.T @ A @ x", "x x", "A.T + A"),
    ("A: n x n symmetric; x: n; L = x @ A @ x", "x x", "2A"),
    ("A: n x n symmetric; b: n; x: n; L = x @ A @ x/2 - b @ x", "x x", "A"),
    ("X: m x n; w: n; y: m; L = norm2(X @ w - y)", "w w", "2 X.T @ X"),
    ("X: m x n; w: n; y: m; L = mean((X @ w - y)^2)", "w w", "2 X.T @ X/m"),
    ("X: m x n; w: n; y: m; L = norm2(X @ w - y) + c norm2(w)", "w w", "2(X.T @ X + c eye(n))"),
    (LOGISTIC, "w w", "X.T @ diag(p(1 - p)) @ X/n"),
    (
        "X: n x d; y: n; w: d; p = sigmoid(X @ w); L = sum(-(y*ln(p) + (1-y)*ln(1-p)))",
        "w w",
        "X.T @ diag(p(1 - p)) @ X",
    ),
    ("X: n x d; y: n; w: d; p = sigmoid(X @ w + b); L = bce(p, y)", "w b", "X.T @ (p(1 - p))/n"),
    ("X: n x d; y: n; w: d; p = sigmoid(X @ w + b); L = bce(p, y)", "b w", "(p(1 - p)).T @ X/n"),
    (SOFTMAX, "z z", "diag(p) - p @ p.T"),
    ("z: n; y: n; p = softmax(z); L = -sum(y*ln(p))", "z z", "diag(p) - p @ p.T"),
    (SOFTMAX, "z y", "p @ ones(n).T - eye(n)"),
    (LAYER, "b b", "diag(p) - p @ p.T"),
    (LAYER, "z z", "diag(p) - p @ p.T"),
    (LAYER, "x x", "W.T @ (diag(p) - p @ p.T) @ W"),
    ("x: n; L = logsumexp(x)", "x x", "diag(softmax(x)) - softmax(x) @ softmax(x).T"),
    ("x: n; L = norm(x)", "x x", "(eye(n) - x @ x.T/L^2)/L"),
    ("x: n; L = sqrt(1 + norm2(x))", "x x", "(eye(n) - x @ x.T/L^2)/L"),
    ("x: n; L = sum(x^3)", "x x", "6 diag(x)"),
    ("x: n; a: n; L = c sum(a*x)", "x x", "zeros(n, n)"),
    ("x: n; a: n; L = c sum(a*x)", "x c", "a"),
    ("x: n; a: n; L = c sum(a*x)", "c x", "a.T"),
    ("L = (1-x)^2 + 100(y-x^2)^2", "x x", "1200x^2 - 400y + 2"),
    ("L = (1-x)^2 + 100(y-x^2)^2", "y x", "-400x"),
    ("L = (1-x)^2 + 100(y-x^2)^2", "y y", "200"),
    ("d = 2b; e = a + d; L = c e", "b c", "2"),
    ("k = ln(u); L = u^k", "k k", "u^k (ln u)^2"),
    (NETWORK, "w2 w2", "2h @ h.T"),
    (NETWORK, "b1 b2", "2 w2 * (1 - h^2)"),
]


@pytest.mark.parametrize(("graph", "names", "formula"), FORMULAS)
def test_the_formula(graph: str, names: str, formula: str) -> None:
    first, second = names.split()
    found = Graph(graph).hessian(wrt=list(dict.fromkeys((first, second))))
    assert text(found.hessians[first, second]) == formula
    assert found.check.verdict == "verified"
    assert found.check.points > 0


# --- beside JAX ------------------------------------------------------------------------------------------------------

# Graphs and the names by which all blocks are held against JAX; the last two have no formula, but numbers.
OF_FORMULAS = list(dict.fromkeys((graph, tuple(dict.fromkeys(names.split()))) for graph, names, _ in FORMULAS))
BLOCKS = [
    *every(6, OF_FORMULAS),
    (NETWORK, ("b1", "w2", "b2", "x")),
    pytest.param(SLOPES, ("b1", "w2", "b2"), marks=pytest.mark.slow),
    ("X: n x d; y: n; w: d; L = sum(ln(1 + e^(-y*(X @ w))))", ("w",)),
    ("x: n; a: n; L = ln(sum(e^(a*x)))", ("x", "a")),
    ("x: 3; L = x[0] x[1] + x[2]^3", ("x",)),
    ("A: 4x1; B: 4x5; L = ln(1 + max(mse(A * B + A, softmax(B)), c)^2)", ("c",)),
    ("x: 3x2; W: 2x2; h[0]: 2\nfor t in 1..3:\n    h[t] = tanh(W @ h[t-1] + x[t])\n    L += norm2(h[t])", ("h[0]",)),
    ("x: n; y: n; L = max(0, 2 - y @ x)^2", ("x", "y")),
    ("x: n; L = sum(relu(x)^2) + sum(abs(x) x)", ("x",)),
    ("f = a b; j = f^2 + sin(a); L = j f", ("a", "b")),
    ("X: n x d; W: d x k; v: k; H = tanh(X @ W); y: n; L = mean((H @ v - y)^2)", ("v",)),
    ("A: 3x3; x: 3; L = logdet(A + outer(x, x))", ("x",)),
    ("X: 4x3; W: 3x2; Y: 4x2; b: 2; P = softmax(X @ W + b); L = cross_entropy(P, Y)", ("b",)),
]


@pytest.fixture(scope="module")
def jax() -> Iterator[ModuleType]:
    """jax at double precision, where it is installed."""
    module = pytest.importorskip("jax", reason="jax is not installed")
    precision = module.config.jax_enable_x64
    module.config.update("jax_enable_x64", True)
    yield module
    module.config.update("jax_enable_x64", precision)


def drawn(graph: Graph) -> tuple[dict[str, Any], dict[str, int]]:
    """Return values for the inputs of a graph, labels that sum to 1 among them, and numbers for its letters."""
    random = np.random.default_rng(4)
    sizes = {letter: n for n, letter in enumerate(graph.sizes, 3)}
    shapes = {name: tuple(sizes.get(str(d), int(d)) for d in graph.shapes[name]) for name in graph.inputs}
    values: dict[str, Any] = {name: random.uniform(0.2, 1.4, shape)[()] for name, shape in shapes.items()}
    for name in {"y", "Y"} & values.keys() if "softmax" in graph.text else ():
        values[name] = values[name] / np.sum(values[name], axis=-1, keepdims=True)
    for name in graph.symmetric:
        values[name] = values[name] + values[name].T
    return values, sizes


def hessian_in_jax(jax: ModuleType, graph: Graph, wrt: Any, values: Any, sizes: Any) -> Any:
    """Return the second derivatives of a graph's loss, by JAX and a table of the tests' own."""

    def loss(moved: Any) -> Any:
        place = Place(jax.numpy, {**sizes, **values, **moved}, graph.functions, graph.source.first)
        for statement in graph.statements:
            if statement.name not in moved:
                place.values[statement.name] = worth(statement.tree, place)  # type: ignore[index]
        return place.values[graph.last]

    inputs = {name: np.asarray(values.get(name, graph.forward(values).get(name)), float) for name in wrt}
    with jax.disable_jit():
        made = jax.make_jaxpr(jax.jacfwd(jax.grad(loss)))(inputs)
        shape = jax.eval_shape(jax.jacfwd(jax.grad(loss)), inputs)
    return jax.tree.unflatten(jax.tree.structure(shape), run(made.jaxpr, made.consts, jax.tree.leaves(inputs)))


@pytest.mark.parametrize(("text_", "wrt"), BLOCKS)
def test_numbers_and_formulas_are_those_of_jax(jax: ModuleType, text_: str, wrt: tuple[str, ...]) -> None:
    graph = Graph(text_)
    values, sizes = drawn(graph)
    try:
        wanted = hessian_in_jax(jax, graph, wrt, values, sizes)
    except NotImplementedError:
        pytest.skip("the program has a product of batches")
    found = graph.hessian(wrt=list(wrt), at=values)
    assert found.check.verdict == "verified", found.check.message
    known = {**values, **graph.forward(values)}
    known |= {called: graph.backprop(at=values, wrt=[name]).values[name] for name, called in found.called.items()}
    letters = {Size(Str(letter)): float(n) for letter, n in sizes.items()}
    for first in wrt:
        for second in wrt:
            block = np.asarray(wanted[first][second])
            own = np.asarray(found.values[first, second])
            np.testing.assert_allclose(np.ravel(own), np.ravel(block), rtol=1e-9, atol=1e-10)
            if (first, second) in found.hessians and not _has_names(found, first, second):
                worked_out = formula_value(found.hessians[first, second], known, letters)
                np.testing.assert_allclose(np.ravel(worked_out + 0 * own), np.ravel(own), rtol=1e-9, atol=1e-10)


def _has_names(found: Any, first: str, second: str) -> bool:
    """Tell whether a formula calls a derivative by its name."""
    return "/d" in text(found.hessians[first, second])


# --- what is said ----------------------------------------------------------------------------------------------------


def test_the_lines_and_their_labels() -> None:
    found = Graph(LOGISTIC).hessian(wrt="w")
    lines = [text(line) for line in found.derivations["w, w"].lines()]
    assert lines == [
        "d^2L/dw^2",
        "dg/dw",
        "dg/dp @ dp/dw",
        "dg/dp @ diag(p(1 - p)) @ d(X @ w)/dw",
        "dg/dp @ diag(p(1 - p)) @ X",
        "X.T @ diag(p(1 - p)) @ X/n",
    ]
    assert [m.rule.name for m in found.derivations["w, w"].moves] == [
        "the gradient by its name",
        "chain rule",
        "chain rule, derivative of sigmoid",
        "matrix product",
        "already found",
    ]
    assert list(found.derivations) == ["g", "w, p", "w, w"]
    assert text(found.gradients["w"]) == "X.T @ (p - y)/n"
    assert found.gradient_derivations["w"].lines()[-1] == found.gradients["w"]


def test_one_name_stands_for_the_block_by_it_twice() -> None:
    found = Graph("A: 2x2; x: 2; L = x @ A @ x").hessian(wrt="x", at={"A": [[1, 2], [3, 4]], "x": [1, 1]})
    assert found.hessians["x"] == found.hessians["x", "x"]
    assert found.values["x"].tolist() == [[2, 5], [5, 8]]
    with pytest.raises(KeyError):
        found.hessians["A"]


def test_all_vectors_and_numbers_are_taken_where_none_are_named() -> None:
    found = Graph("X: n x d; w: d; L = c norm2(X @ w)").hessian()
    assert found.wrt == ("c", "w")
    assert list(found.hessians) == [("c", "c"), ("c", "w"), ("w", "c"), ("w", "w")]


def test_labels_sum_to_1_only_where_nothing_else_is_known() -> None:
    graph = Graph(SOFTMAX)
    assert graph.hessian(wrt="z").notes == ("The entries of y are taken to sum to 1.",)
    others = graph.hessian(wrt="z", at={"z": [1.0, 2.0, 0.5], "y": [1.0, 1.0, 0.0]})
    assert text(others.hessians["z"]) == "sum(y) (diag(p) - p @ p.T)"
    assert text(graph.hessian(wrt=["z", "y"]).hessians["z"]) == "sum(y) (diag(p) - p @ p.T)"


def test_gradients_are_called_by_names_that_the_graph_does_not_have() -> None:
    assert Graph("g = a^2; L = g^3").hessian().called == {"a": "gamma"}
    assert Graph("x: 2; L = c norm2(x)").hessian().called == {"c": "g_c", "x": "g_x"}
    taken = Graph("g_a = a^2; gamma_a = g_a b; grad_b = gamma_a a; L = grad_b^2 gradient_a", ["gradient_a"])
    assert taken.hessian(wrt=["a", "b"]).called == {"a": "gradient1", "b": "gradient2"}


def test_a_derivative_that_was_given_is_differentiated() -> None:
    """It may be any formula: the derivative of x^2 is said to be x^3 here."""
    found = Graph("def q(x) = x^2\ndef q'(x) = x^3\nL = q(a b)").hessian()
    assert text(found.hessians["a", "a"]) == "3a^2b^4"
    assert text(found.hessians["a", "b"]) == text(found.hessians["b", "a"]) == "4a^3b^3"
    assert [n for n in found.notes if "it is used as it is given" in n]
    assert found.check.verdict == "verified"


@pytest.mark.parametrize(
    ("graph", "wrt", "error", "said"),
    [
        ("A: n x n; x: n; L = x @ A @ x", "A", ShapeError, "A is a n×n, and its Hessian has four axes."),
        ("A: n x n; x: n; y = A @ x", "x", ShapeError, "A Hessian is that of a number, but y is a n."),
        ("A: 2x2; L = trace(A)", None, UsageError, "The graph has no input that is a vector or a number."),
        ("x: 300; L = norm2(x)", "x", ShapeError, "x has 300 entries; a Hessian is taken by at most 256."),
        ("x: 3; L = norm2(x)", "z", UsageError, "The graph has no node z."),
        (LAYER, "z b", UsageError, "z is computed from b, so there are no second derivatives by both."),
        ("A: n x n; x: n; L = logdet(A + outer(x, x))", "x", NoRule, "There is no law for the Jacobian of inv"),
    ],
)
def test_what_there_is_no_hessian_of(graph: str, wrt: str | None, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        Graph(graph).hessian(wrt=wrt.split() if wrt else None)
    assert said in str(caught.value)


def test_without_a_law_there_are_numbers_and_a_note() -> None:
    graph = Graph("A: 2x2; x: 2; L = logdet(A + outer(x, x)) + c norm2(x)")
    found = graph.hessian(wrt=["x", "c"], at={"A": np.eye(2), "x": [0.0, 0.0], "c": 1})
    np.testing.assert_allclose(found.values["x"], [[4, 0], [0, 4]], atol=1e-12)
    assert ("x", "x") not in found.hessians
    assert text(found.hessians["x", "c"]) == "2x"
    assert [n for n in found.notes if n.startswith("There is no formula by x and x: There is no law for")]
    assert found.check.verdict == "verified"


# --- nothing wrong is verified ---------------------------------------------------------------------------------------


def test_a_gradient_that_is_right_only_as_a_number_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """With k for ln(u) in it, the gradient by k is the same number, but another function of k."""
    monkeypatch.setattr(Names, "forget", lambda self, names: None)
    assert Graph("k = ln(u); L = u^k").hessian(wrt="k").check.verdict == "failed"


def test_a_wrong_law_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from symback.graph.jacobians import carry

    wrong = tuple(law._replace(by=("diag(z)",)) if law.operation == "softmax" else law for law in carry.OF_VECTORS)
    monkeypatch.setattr(carry, "OF_VECTORS", wrong)
    assert Graph(SOFTMAX).hessian(wrt="z").check.verdict == "failed"


# --- how it is shown -------------------------------------------------------------------------------------------------

FOUND = {"A": [[1, 2], [3, 4]], "x": [1, 1], "c": 2}


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "json", "html", "typst", "notebook"])
@pytest.mark.parametrize("at", [None, FOUND])
def test_it_goes_into_every_format(format: str, at: Any) -> None:
    found = Graph("A: 2x2; x: 2; L = c x @ A @ x").hessian(wrt=["x", "c"], at=at)
    written = render(found, format)
    assert "A" in (written if isinstance(written, str) else written.decode())


def test_the_text_of_numbers_ends_with_the_matrix() -> None:
    said = str(Graph("L = x^2 y").hessian())
    assert "∂²L/∂x² = ∂/∂x [2xy]" in said
    assert "H = ⎡ 2y   2x ⎤\n      ⎣ 2x   0  ⎦" in said
    assert "✓ formulas, backward passes and differences agree" in said


def test_the_json_object() -> None:
    found = json.loads(render(Graph("A: 2x2; x: 2; L = c x @ A @ x").hessian(wrt=["x", "c"], at=FOUND), "json"))
    assert (found["kind"], found["loss"], found["wrt"]) == ("hessian", "L", ["x", "c"])
    assert [block["wrt"] for block in found["hessians"]] == [["x", "x"], ["x", "c"], ["c", "x"], ["c", "c"]]
    assert found["hessians"][0]["value"] == [[4, 10], [10, 16]]
    assert found["hessians"][0]["text"] == "c(A.T + A)"
    assert found["check"]["verdict"] == "verified"
    assert {step["node"] for step in found["steps"]} >= {"x", "g_x", "x, x", "c, x"}


def test_a_result_is_pickled() -> None:
    found = Graph("A: 2x2; x: 2; L = c x @ A @ x").hessian(wrt=["x", "c"], at=FOUND)
    again = pickle.loads(pickle.dumps(found))
    assert str(again) == str(found)
    assert again.hessians["x"] == found.hessians["x"]


def test_the_command(symback: Run) -> None:
    found = symback("hessian", "A: n x n; x: n; L = x.T @ A @ x", "--wrt", "x", "--at", "A=[[1,2],[3,4]]; x=[1,1]")
    assert found.code == 0
    assert "∂²L/∂x² = ∂g/∂x" in found.out
    assert "⎡ 2  5 ⎤" in found.out
    found = symback("hessian", "x: n; y = 2x; L = norm2(y)", "--wrt", "x", "--format", "json")
    assert json.loads(found.out)["hessians"][0]["text"] == "8 eye(n)"
    found = symback("hessian", "x: n; L = norm2(x); y = 2x", "--wrt", "x", "--loss", "L")
    assert (found.code, "2I_n" in found.out.replace(" ", "")) == (0, True)
    assert symback("hessian", "x: n; y = 2x", "--wrt", "x").code == 3
