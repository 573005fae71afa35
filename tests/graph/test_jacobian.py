"""Jacobians of vectors on a graph: formulas and labels in both layouts, and numbers by three ways."""

from __future__ import annotations

import json
import random
import re

import numpy as np
import pytest

import symback
from symback import cli
from symback.errors import NoRule, ParseError, ShapeError, UsageError
from symback.graph.jacobians.laws import OF_VECTORS
from symback.page.maths import text
from tests.running import Result, Run

# A graph, what it is taken by, the Jacobian in numerator and in denominator layout, and the labels.
FORMULAS = [
    ("a: 3; z: 3; y = dot(a, z)", "z", "a.T", "a", ["dot product"]),
    ("M: 2x3; z: 3; y = M @ z", "z", "M", "M.T", ["matrix product"]),
    ("M: 2x3; z: 2; y = z @ M", "z", "M.T", "M", ["matrix product"]),
    ("W: 2x3; x: 3; b: 2; y = W @ x + b", "x", "W", "W.T", ["sum rule", "matrix product"]),
    ("W: 2x3; x: 3; b: 2; y = W @ x + b", "b", "eye(2)", "eye(2)", ["sum rule"]),
    ("W: 2x3; x: 3; y = W @ x", "W", "kron(eye(2), x.T)", "kron(eye(2), x)", ["matrix product"]),
    ("x: 3; y = sigmoid(x)", "x", "diag(y(1 - y))", "diag(y(1 - y))", ["derivative of sigmoid"]),
    ("x: 3; y = exp(x)", "x", "diag(y)", "diag(y)", ["exponential rule"]),
    ("x: 3; y = -x", "x", "-eye(3)", "-eye(3)", ["constant multiple rule"]),
    ("x: 3; y = softmax(x)", "x", "diag(y) - y @ y.T", "diag(y) - y @ y.T", ["softmax"]),
    ("x: 3; y = sum(x)", "x", "ones(3).T", "ones(3)", ["sum of entries"]),
    ("x: 3; y = mean(x)", "x", "(1/3) ones(3).T", "(1/3) ones(3)", ["mean of entries"]),
    ("x: 3; y = x[1]", "x", "unit(1, 3).T", "unit(1, 3)", ["indexing"]),
    ("x: 3; y = c x", "c", "x", "x.T", ["elementwise product"]),
    ("x: 3; y = c x", "x", "c eye(3)", "c eye(3)", ["elementwise product"]),
]


@pytest.mark.parametrize(("graph", "by", "numerator", "denominator", "labels"), FORMULAS)
def test_the_formula_in_both_layouts(graph: str, by: str, numerator: str, denominator: str, labels: list[str]) -> None:
    for layout, formula in (("numerator", numerator), ("denominator", denominator)):
        found = symback.Graph(graph).jacobian(wrt=by, layout=layout)
        assert text(found.jacobians[by]) == formula
        assert [m.rule.name for m in found.derivations[by].moves if not m.rule.minor] == labels
        assert found.check.verdict == "verified"


LAYERS_WITH_LETTERS = "W: m x n; x: n; V: k x m; z = W @ x; h = relu(z); o = V @ h"
RESIDUAL = "A: n x n; x: n; h = tanh(A @ x); g = tanh(A @ h); y = A @ g + x"

# A text, what it is taken by, the layout, and the formula: to the end, with letters for sizes.
TO_THE_END = [
    (LAYERS_WITH_LETTERS, "x", "numerator", "V @ diag(step(z)) @ W"),
    (LAYERS_WITH_LETTERS, "x", "denominator", "W.T @ diag(step(z)) @ V.T"),
    (LAYERS_WITH_LETTERS, "W", "numerator", "kron(V @ diag(step(z)), x.T)"),
    (LAYERS_WITH_LETTERS, "W", "denominator", "kron(diag(step(z)) @ V.T, x)"),
    (LAYERS_WITH_LETTERS, "V", "numerator", "kron(eye(k), h.T)"),
    ("W: m x n; x: n; V: k x m; o = V @ relu(W @ x)", "x", "numerator", "V @ diag(step(W @ x)) @ W"),
    ("W: m x n; x: n; y = tanh(W @ x)", "x", "numerator", "diag(1 - y^2) @ W"),
    ("W: m x n; x: n; y = tanh(W @ x)", "x", "denominator", "W.T @ diag(1 - y^2)"),
    ("W: m x n; x: n; b: m; y = sigmoid(W @ x + b)", "b", "denominator", "diag(y(1 - y))"),
    ("W: m x n; x: n; b: m; y = W @ x + b", "b", "numerator", "eye(m)"),
    ("W: m x n; x: n; b: m; y = W @ x + b", "W", "numerator", "kron(eye(m), x.T)"),
    ("W: m x n; x: n; b: m; y = W @ x + b", "W", "denominator", "kron(eye(m), x)"),
    ("W: k x n; x: n; p = softmax(W @ x)", "x", "numerator", "(diag(p) - p @ p.T) @ W"),
    ("W: k x n; x: n; p = softmax(W @ x)", "x", "denominator", "W.T @ (diag(p) - p @ p.T)"),
    ("x: n; y = log_softmax(x)", "x", "numerator", "eye(n) - ones(n) @ softmax(x).T"),
    ("x: n; y = log_softmax(x)", "x", "denominator", "eye(n) - softmax(x) @ ones(n).T"),
    (RESIDUAL, "x", "numerator", "A @ diag(1 - g^2) @ A @ diag(1 - h^2) @ A + eye(n)"),
    (RESIDUAL, "x", "denominator", "A.T @ diag(1 - h^2) @ A.T @ diag(1 - g^2) @ A.T + eye(n)"),
    ("W: m x n; x: n; z = W @ x; q = W @ x; y = z * q", "x", "numerator", "(diag(q) + diag(z)) @ W"),
    ("W: m x n; x: n; z = W @ x; q = W @ x; y = z * q", "W", "denominator", "kron(diag(q) + diag(z), x)"),
    ("W: m x n; x: n; u = 3W @ x; y = 2u", "x", "numerator", "6W"),
    ("A: n x n; x: n; y = A.T.T @ x", "x", "numerator", "A"),
    ("A: n x n symmetric; x: n; y = A @ x", "x", "denominator", "A"),
    ("A: n x k; x: n; y = A.T @ x", "x", "denominator", "A"),
    ("A: n x k; x: n; y = A.T @ x", "A", "numerator", "kron(x.T, eye(k))"),
    ("A: n x k; B: k x m; x: m; y = A @ B @ x", "A", "denominator", "kron(eye(n), B @ x)"),
    ("A: n x k; B: k x m; x: m; M = A @ B; y = M @ x", "B", "numerator", "kron(A, x.T)"),
    ("W: n x n; x: n; y = W @ W @ x", "W", "numerator", "kron(eye(n), x.T @ W.T) + kron(W, x.T)"),
    ("X: n x m; u: m; y = (2 c X) @ u", "X", "numerator", "2c kron(eye(n), u.T)"),
    ("X: n x m; u: m; y = (2 c X) @ u", "c", "denominator", "2 u.T @ X.T"),
    ("X: n x m; y = sum(X, 1)", "X", "numerator", "kron(eye(n), ones(m).T)"),
    ("X: n x m; y = mean(X, 0)", "X", "denominator", "(1/n) kron(ones(n), eye(m))"),
    ("X: 2x3; y = X[1]", "X", "numerator", "kron(unit(1, 2).T, eye(3))"),
    ("x: n; b: n; y = diag(x) @ b", "x", "numerator", "diag(b)"),
    ("x: n; b: n; y = outer(x, x) @ b", "x", "numerator", "(b.T @ x) eye(n) + x @ b.T"),
    ("x: n; b: n; y = (x @ b) x", "x", "denominator", "(b.T @ x) eye(n) + b @ x.T"),
    ("x: n; y = x/norm(x)", "x", "numerator", "eye(n)/norm(x) - y @ x.T/norm2(x)"),
    ("x: n; y = 2^x", "x", "numerator", "ln 2 diag(y)"),
    ("x: n; y = (x + c)/c", "c", "denominator", "(1 - y).T/c"),
    ("x: n; a: n; y = max(x, a)", "a", "numerator", "diag(1 - step(x - a))"),
    ("x: 3; def f(t) = t^3 + t; y = f(x)", "x", "numerator", "3 diag(x^2) + eye(3)"),
    ("x: 3; def f(t) = t^3; def f'(t) = 3t^2; y = f(x)", "x", "numerator", "3 diag(x^2)"),
    ("x: n; A: n x n; L = x @ A @ x", "x", "numerator", "x.T @ (A + A.T)"),
    ("W: m x n; x: n; V: k x m; h = tanh(W @ x); o = V @ h; L = norm2(o)", "x", "numerator",
     "2 o.T @ V @ diag(1 - h^2) @ W"),
    ("W: m x n; x: n; V: k x m; h = tanh(W @ x); o = V @ h; L = norm2(o)", "x", "denominator",
     "2 W.T @ ((V.T @ o) (1 - h^2))"),
    ("x: 3; y = 2x", "y", "numerator", "eye(3)"),
    ("x: 3; z: 2; q = sum(z); y = 2x", "z", "numerator", "zeros(3, 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("graph", "by", "layout", "formula"), TO_THE_END)
def test_jacobians_to_the_end(graph: str, by: str, layout: str, formula: str) -> None:
    found = symback.Graph(graph).jacobian(wrt=by, layout=layout)
    assert text(found.jacobians[by]) == formula
    assert found.check.verdict == "verified"
    has_letters = bool(found.graph.sizes)
    assert found.check.where == "at random values" + " of two sets of sizes" * has_letters


def test_a_line_that_gets_long_keeps_the_names_of_jacobians() -> None:
    steps = "; ".join(f"h{t} = tanh(W @ h{t - 1})" for t in range(1, 12))
    found = symback.Graph(f"W: n x n; h0: n; {steps}").jacobian(wrt="h0")
    formula = text(found.jacobians["h0"])
    assert len(formula) < 130
    assert formula.startswith("dh11/dh")
    assert found.check.verdict == "verified"


def test_the_chain_rule_multiplies_in_the_order_of_the_layout() -> None:
    graph = symback.Graph("W: 2x3; x: 3; z = W @ x; y = tanh(z)")
    by_rows, by_columns = (graph.jacobian(wrt="x", layout=layout) for layout in ("numerator", "denominator"))
    assert text(by_rows.derivations["x"].lines()[1]) == "dy/dz @ dz/dx"
    assert text(by_columns.derivations["x"].lines()[1]) == "dz/dx @ dy/dz"
    assert text(by_rows.jacobians["x"]) == "diag(1 - y^2) @ W"
    assert text(by_columns.jacobians["x"]) == "W.T @ diag(1 - y^2)"


def test_two_paths_are_added() -> None:
    found = symback.Graph("x: 3; y = c x^2 + sin(x)").jacobian(wrt="x")
    assert text(found.jacobians["x"]) == "2c diag(x) + diag(cos x)"
    assert text(found.derivations["x"].lines()[1]) == "d(cx^2)/dx + dsin(x)/dx"


def test_values_have_the_shape_of_the_layout() -> None:
    graph, at = symback.Graph("y = M @ z"), {"M": [[1, 2, 3], [4, 5, 6]], "z": [1, 0, 1]}
    assert graph.jacobian(wrt="z", at=at).values["z"].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert graph.jacobian(wrt="z", at=at, layout="denominator").values["z"].tolist() == [[1, 4], [2, 5], [3, 6]]
    by_matrix = graph.jacobian(wrt="M", at=at)
    assert by_matrix.values["M"].tolist() == [[1, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1]]
    assert "The entries of M are counted row by row." in by_matrix.notes


def test_the_chain_rule_of_functions_of_one_variable() -> None:
    found = symback.Graph("x = t^2; y = sin(x)").jacobian(wrt="t", at={"t": 3})
    assert text(found.jacobians["t"]) == "2 cos(x) t"
    assert found.values["t"] == pytest.approx(6 * np.cos(9))


LAYERS = ("A @ {}", "sigmoid({})", "softmax({})", "{} * {}", "c {}", "tanh({}) + x", "{} - b", "sum({}) * {}", "{}^2")


@pytest.mark.parametrize("seed", range(40))
def test_random_compositions_agree_by_formula_backward_pass_and_differences(seed: int) -> None:
    pick = random.Random(seed)
    layers = [f"h{k} = " + pick.choice(LAYERS).replace("{}", f"h{k - 1}") for k in range(1, pick.randint(3, 5))]
    found = symback.Graph("\n".join(["A: 3x3", "x: 3", "b: 3", "h0 = x", *layers])).jacobian(
        wrt="x", layout=pick.choice(["numerator", "denominator"])
    )
    assert found.check.verdict == "verified"
    assert found.check.worst_error < 1e-7
    for derivation in found.derivations.values():
        assert derivation.lines()[-1] == derivation.last


MORE_LAYERS = (
    "A @ {}", "A.T @ {}", "{} @ A", "A @ A @ {}", "sigmoid({})", "softmax({})", "log_softmax({})", "{} * {}", "c {}",
    "tanh({}) + x", "{} - b", "sum({}) * {}", "{}^2", "mean({}) b", "(b @ {}) {}", "diag({}) @ b", "outer({}, b) @ x",
    "{}/norm({})", "relu({})", "max({}, b)", "{}/(1 + {}^2)", "({} + c)/2",
)  # fmt: skip
ENDS = ("", "norm2({})", "b @ {}", "{} @ A @ {}", "-sum(b*ln({}^2 + 1))", "logsumexp({})", "{}[1]")


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_with_letters_for_sizes_in_every_line(seed: int) -> None:
    pick = random.Random(seed)
    count = pick.randint(1, 4)
    layers = [f"h{k} = " + pick.choice(MORE_LAYERS).replace("{}", f"h{k - 1}") for k in range(1, count + 1)]
    end = pick.choice(ENDS)
    layers += [f"y = {end.replace('{}', f'h{count}')}"] if end else []
    graph = symback.Graph("\n".join(["A: n x n", "x: n", "b: n", "h0 = x", *layers]))
    found = graph.jacobian(wrt="x", layout=pick.choice(["numerator", "denominator"]))
    assert found.check.verdict == "verified"
    formula = text(found.jacobians["x"])
    assert not re.search(r"eye\(n\) @|@ eye\(n\)|\.T\.T", formula)


def test_a_wrong_law_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tuple(law._replace(by=tuple(f"2*({t})" for t in law.by if "kron" not in t)) for law in OF_VECTORS)
    monkeypatch.setattr("symback.graph.jacobians.carry.OF_VECTORS", wrong)
    found = symback.Graph("x: n; y = softmax(x)").jacobian()
    assert found.check.verdict == "failed"
    assert "differ" in found.check.message


@pytest.mark.parametrize(
    ("graph", "asked", "error", "said"),
    [
        ("M: 2x3; Y = 2M", {}, ShapeError, "Y is a 2x3"),
        ("W: 2x2; y = trace(W)", {"wrt": "W"}, ShapeError, "backpropagation"),
        ("x: 3; y = x", {"layout": "both"}, UsageError, "numerator or denominator"),
        ("x: 3; y = x", {"wrt": "q"}, UsageError, "no node q"),
        ("x: 3; y = concat(x, x)", {}, NoRule, "concat"),
        ("X: n x m; y = sum(tanh(X), 1)", {}, NoRule, "tanh by a matrix"),
        ("X: n x m; Y = 2X", {}, ShapeError, "Y is a n×m"),
        ("W: m x n; x: n; b: k; y = W @ x + b", {}, ParseError, "m and k"),
        ("W: 2x2; x: 2; y = kron(W, x)", {}, ParseError, "kron multiplies matrices"),
    ],
)
def test_what_cannot_be_done_is_said(graph: str, asked: dict[str, str], error: type, said: str) -> None:
    with pytest.raises(error) as found:
        symback.Graph(graph).jacobian(**asked)
    assert said in f"{found.value} {found.value.hint}"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str) -> Result:
        code = cli.run(list(args))
        out, err = capfd.readouterr()
        return Result(code, out, err)

    return run


def test_the_command(run: Run) -> None:
    done = run("jacobian", "M: 2x3; z: 3; y = M @ z", "--wrt", "z", "--layout", "denominator")
    assert done.code == 0
    assert "∂y/∂z = Mᵀ    matrix product" in done.out
    done = run("jacobian", "y = M @ z", "--at", "M=[[1,2],[3,4]]; z=[1,1]", "--wrt", "z", "--format", "json")
    shown = json.loads(done.out)
    assert shown["kind"] == "jacobian"
    assert shown["jacobians"]["z"]["value"] == [[1, 2], [3, 4]]


def test_layouts_of_functions() -> None:
    row, column = (symback.gradient("3x^2 y", layout=layout) for layout in ("numerator", "denominator"))
    assert "(∇f)ᵀ = [ 6xy   3x² ]" in str(row)
    assert "(∇f)ᵀ" not in str(column)
    assert row.answer == column.answer
    assert "Jᵀ = ⎡ y   1 ⎤" in str(symback.jacobian("x y; x + y", layout="denominator"))
    with pytest.raises(UsageError):
        symback.gradient("x y", layout="row")
