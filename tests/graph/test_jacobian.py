"""Jacobians of vectors on a graph: formulas and labels in both layouts, and numbers by three ways."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

import symback
from symback import cli
from symback.errors import NoRule, ShapeError, UsageError
from symback.render.maths import text
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


@pytest.mark.parametrize(
    ("graph", "asked", "error", "said"),
    [
        ("M: 2x3; Y = 2M", {}, ShapeError, "Y is a 2x3"),
        ("W: 2x2; y = trace(W)", {"wrt": "W"}, ShapeError, "backpropagation"),
        ("x: 3; y = x", {"layout": "both"}, UsageError, "numerator or denominator"),
        ("x: 3; y = x", {"wrt": "q"}, UsageError, "no node q"),
        ("x: 3; y = concat(x, x)", {}, NoRule, "concat"),
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
