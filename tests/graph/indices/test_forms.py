"""Index forms: entries are NumPy's, formulas that are equal have one form, derivatives are those of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symback.expr.tree import Tree
from symback.graph.indices.budget import NotCovered
from symback.graph.indices.canonical import fresh
from symback.graph.indices.derivative import index_derivative
from symback.graph.indices.forms import axes
from symback.graph.indices.reading import as_text, index_form
from symback.graph.indices.tensors import Tensor
from tests.graph.indices.graphs import Graph, read
from tests.graph.indices.numeric import entries, inputs, value

SHAPES = "A, C: n x m; B: m x k; S: n x n; P: n x n symmetric; x, y: n; w: m; u: k; q: n x 1; r: 1 x m; c, d: ; "
SHAPES += "z: 5; Z: 5 x 3; "

# fmt: off
FORMULAS = [
    "A @ B", "A.T @ x", "x @ A", "x @ y", "x @ S @ x", "dot(x, y)", "outer(x, w)", "A.T", "x.T", "S + S.T", "A*w",
    "A + w", "x - q", "r*A", "A*q", "q @ r", "q*r", "c*A", "A/c", "sum(A)", "sum(A, 0)", "sum(A, 1)", "sum(A, -1)",
    "mean(A)", "mean(A, 0)", "mean(x)", "sum(q, 1)", "sum(r, 0)", "norm2(A)", "norm(x)", "x/norm(x)", "trace(S)",
    "trace(A @ A.T)", "diag(x)", "diag(x) @ A", "diagonal(S)", "sum(diagonal(S))", "inv(S)", "inv(S) @ A",
    "inv(S.T @ S) @ x", "logdet(S)", "softmax(x)", "softmax(A)", "logsumexp(x)", "logsumexp(A)", "log_softmax(A)",
    "sum(softmax(A))", "softmax(A @ B)", "softmax(x)[1]", "softmax(A)[0]", "ones(n)", "ones(n, m)/(n*m)", "c*eye(n)",
    "n*c + m", "unit(2, n)", "x[0]", "A[1]", "A[1, 0]", "x[-1]", "slice(z, 0, 1, 4)", "slice(Z, 0, 1, 3)",
    "slice(Z, 1, 0, 2)", "concat(x, w, 0)", "slice(concat(x, w, 0), 0, 0, n)", "concat(x, z, 0)[1]",
    "slice(slice(z, 0, 1, 5), 0, 1, 3)", "slice(concat(z, x, 0), 0, 5, 5 + n)", "concat(A, S, 1)", "concat(Z, Z, 0)",
    "tanh(A)", "sin(x)^2 + cos(x)^2", "e^(-x)", "e^(2*x + c)", "x^c", "x^(-1/2)", "sqrt(x*n)", "sqrt(4*x)",
    "sqrt(c/2)", "sqrt(8)", "ln(x)", "ln(e^x)", "e^(2*ln(x))", "sigmoid(-x)", "softplus(x)", "abs(x - y)",
    "sign(x - y)", "relu(y - x)", "step(-2*x + 2*y)", "max(x, y)", "min(x, 1/2)", "mse(A, C)", "bce(A/2, C/2)",
    "cross_entropy(softmax(A), C)", "(x + y)^3", "(x + y)^(-2)", "x/(x + y) + y/(x + y)", "(x*y + x)/(1 + y)",
    "1/(1 + e^(-x))", "(x - mean(x))/sqrt(mean((x - mean(x))^2) + c)", "P @ inv(P) @ x", "inv(S) @ S @ A",
    "sum(sum(A, 0))", "(A @ B @ u) @ x", "norm2(x)^2/norm2(x)", "norm2(x)/sum(x)^2", "sum(A)^2/norm2(A)",
    "trace(inv(S @ S) @ S @ S.T)", "inv(outer(x, x) + S) @ (x*x)", "1/(1 + 1/x)", "0*x", "x - x",
]
# fmt: on


def graph_of(formula: str) -> Graph:
    return read(f"{SHAPES} L = {formula}")


def form_of(formula: str) -> tuple[Graph, Tensor]:
    graph = graph_of(formula)
    return graph, index_form(graph.statements["L"], graph.shapes, graph.symmetric)


@pytest.mark.parametrize("formula", FORMULAS)
def test_entries_are_those_of_numpy(formula: str) -> None:
    graph, tensor = form_of(formula)
    for seed in (1, 2):
        arrays = inputs(graph, seed)
        right = np.asarray(arrays["L"])
        places = [i for i in axes(tensor.shape) if i.level == 0]
        found = entries(tensor.form, places, arrays, graph.sizes)
        assert len(tensor.shape) == right.ndim
        assert np.allclose(np.broadcast_to(found.reshape(found.shape), right.squeeze().shape), right.squeeze())


# fmt: off
EQUAL = [
    ("(A @ B).T", "B.T @ A.T"), ("(A.T).T", "A"), ("outer(x, w).T", "outer(w, x)"), ("x @ A", "A.T @ x"),
    ("eye(n) @ A", "A"), ("diag(x) @ A", "outer(x, ones(m))*A"), ("A @ ones(m)", "sum(A, 1)"),
    ("ones(n) @ A", "sum(A, 0)"), ("outer(x, w) @ w", "norm2(w)*x"), ("sum(ones(n))", "n"), ("sum(c*x)", "c*sum(x)"),
    ("sum(x + c)", "sum(x) + n*c"), ("sum(outer(x, w), 0)", "sum(x)*w"), ("trace(A @ A.T)", "norm2(A)"),
    ("trace(outer(x, y))", "x @ y"), ("trace(A @ B @ B.T @ A.T)", "trace(B.T @ A.T @ A @ B)"), ("A + A", "2*A"),
    ("diagonal(outer(x, y))", "x*y"), ("trace(eye(n))", "n"), ("inv(S.T)", "inv(S).T"), ("inv(P).T", "inv(P)"),
    ("P.T", "P"), ("inv(S) @ S", "eye(n)"), ("S @ inv(S)", "eye(n)"), ("inv(S.T @ S) @ (S.T @ S @ x)", "x"),
    ("inv(S + c*eye(n)) @ (S @ x + c*x)", "x"), ("logdet(S.T)", "logdet(S)"), ("sum(softmax(A), 1)", "ones(n)"),
    ("sum(x - mean(x))", "0"), ("2*x - 2*y", "2*(x - y)"), ("1/(2*x - 2*y)", "-1/(2*(y - x))"), ("x^c*x", "x^(c + 1)"),
    ("e^x*e^y", "e^(x + y)"), ("(e^x)^2", "e^(2*x)"), ("1/e^x", "e^(-x)"), ("x/(x + y)", "1 - y/(x + y)"),
    ("x/norm(x)*norm2(x)", "x*norm(x)"), ("(x @ y)^2", "y @ outer(x, x) @ y"), ("sqrt(n*x)", "sqrt(n)*sqrt(x)"),
    ("softmax(A)[1]", "softmax(A[1])"), ("concat(x, w, 0)[0]", "slice(concat(x, w, 0), 0, 0, 2)[0]"),
    ("slice(concat(x, w, 0), 0, 0, n)", "x"), ("slice(concat(x, w, 0), 0, n, n + m)", "w"), ("abs(x)*sign(x)", "x"),
    ("max(x, y) + min(x, y)", "x + y"), ("relu(x) - relu(-x)", "x"), ("1/(1 + 1/x)", "x/(1 + x)"),
    ("sigmoid(x) + sigmoid(-x)", "ones(n)"),
    ("tanh(-A)", "-tanh(A)"), ("cos(-x)", "cos(x)"), ("norm2(S @ S) + x @ x", "x @ x + norm2(S @ S)"),
    ("sum((A @ B)*(A @ B))", "trace((A @ B).T @ (A @ B))"),
]
DIFFERENT = [
    ("A @ B", "A @ (2*B)"), ("S.T", "S"), ("inv(S).T", "inv(S)"), ("x @ S @ y", "y @ S @ x"), ("sqrt(x^2)", "x"),
    ("sum(x*y)", "sum(x)*sum(y)"), ("softmax(S.T)", "softmax(S).T"), ("n*x", "m*x"), ("max(x, y)", "min(x, y)"),
    ("trace(S @ S)", "trace(S @ S.T)"), ("sum(A, 0) @ w", "sum(A, 1) @ x"), ("x[0]", "x[1]"),
    ("1/(x + y)", "1/x + 1/y"), ("inv(S + S.T) @ S", "eye(n)"), ("norm2(x)", "norm(x)"), ("norm2(x)/sum(x)^2", "1"),
    ("inv(outer(x, x) + S) @ (x*x*sum(x))", "inv(outer(x, x) + S) @ (x*norm2(x))"), ("logdet(2*S)", "logdet(S)"),
]
# fmt: on


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_formulas_have_one_form(left: str, right: str) -> None:
    one, other = form_of(left)[1], form_of(right)[1]
    assert one.form.key == other.form.key


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_formulas_have_different_forms(left: str, right: str) -> None:
    assert form_of(left)[1].form.key != form_of(right)[1].form.key


def slopes(graph: Graph, arrays: dict[str, Any], name: str) -> Any:
    """Return the derivatives of L by the entries of a name, whose axes come last, by central differences."""
    step, columns, tree = 1e-6, [], graph.statements["L"]
    for place in np.ndindex(np.shape(arrays[name])):
        sides = []
        for sign in (1, -1):
            moved = np.array(arrays[name])
            moved[place] += sign * step
            sides.append(value(tree, {**arrays, name: moved}, graph.sizes))
        columns.append((sides[0] - sides[1]) / (2 * step))
    return np.stack(columns, axis=-1).reshape((*np.shape(columns[0]), *np.shape(arrays[name])))


# fmt: off
SLOPES = [
    ("A @ B", "A"), ("A @ B", "B"), ("x @ S @ x", "x"), ("tanh(A @ w)", "w"), ("softmax(A)", "A"),
    ("logsumexp(A)", "A"), ("inv(S)", "S"), ("inv(S.T @ S)", "S"), ("logdet(S @ S.T)", "S"), ("norm(x)", "x"),
    ("x/norm(x)", "x"), ("x^c", "c"), ("c^x", "x"), ("e^(x*c)", "c"), ("mean(A, 0)", "A"), ("diag(x) @ A", "x"),
    ("diagonal(S @ S)", "S"), ("A[1]", "A"), ("concat(x*c, w, 0)", "x"), ("slice(Z, 0, 1, 3)", "Z"),
    ("max(x, y)*x", "x"), ("abs(x - y)^3", "y"), ("ln(x)/x", "x"), ("cross_entropy(softmax(A), C)", "A"),
    ("sigmoid(A)*A", "A"), ("sqrt(sin(x) + 2)", "x"), ("log_softmax(A)", "A"),
]
# fmt: on


@pytest.mark.parametrize(("formula", "name"), SLOPES)
def test_derivatives_are_those_of_numbers(formula: str, name: str) -> None:
    graph, tensor = form_of(formula)
    by = tuple(fresh(size) for size in as_text(graph.shapes[name]))
    arrays = inputs(graph, 3)
    places = [*axes(tensor.shape), *by]
    found = entries(index_derivative(tensor.form, name, by), places, arrays, graph.sizes)
    assert np.allclose(found, slopes(graph, arrays, name), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    "formula",
    ["A @ x", "x + w", "trace(A)", "inv(A)", "outer(A, x)", "sum(x, 1)", "A[0, 0, 0]", "z[5]", "unheard(x)", "x/0",
     "x^(1/0)", "concat(A, x, 0)", "mse(x, q)", "D(x)", "(-e)^x",
     "x/eye(n)"],
)  # fmt: skip
def test_what_is_not_covered_says_so(formula: str) -> None:
    graph = read(SHAPES + "L = x")
    tree: Tree = graph.tree(formula)
    with pytest.raises(NotCovered):
        index_form(tree, graph.shapes)
