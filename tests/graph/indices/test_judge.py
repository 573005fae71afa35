"""Proved for all sizes: the textbooks' gradients are, and no wrong variant of one ever is."""

from __future__ import annotations

import numpy as np
import pytest

from symback.expr.tree import Tree
from symback.graph.indices.judge import Judge, proved
from tests.graph.indices.book import BOOK
from tests.graph.indices.graphs import Graph, read
from tests.graph.indices.mutants import mutants
from tests.graph.indices.numeric import gradient, inputs, value

ROWS = [
    pytest.param(text, name, formula, id=f"{text} by {name}") for text, row in BOOK for name, formula in row.items()
]


def judge(graph: Graph) -> Judge:
    return Judge(graph.statements, graph.shapes, graph.loss, graph.symmetric, graph.normal)


@pytest.mark.parametrize(("text", "name", "formula"), ROWS)
def test_textbook_gradients_are_proved(text: str, name: str, formula: str) -> None:
    graph = read(text)
    tree = graph.tree(formula)
    found = proved(
        tree, graph.statements, graph.shapes, graph.loss, name, symmetric=graph.symmetric, normal=graph.normal
    )
    assert found is True


def wrong_variants(graph: Graph, tree: Tree, arrays: dict[str, object]) -> list[tuple[str, Tree]]:
    """Return the variants of a formula that have other numbers, or another shape, or none."""
    right, wrong = value(tree, arrays, graph.sizes), []
    for how, mutant in mutants(tree, list(graph.sizes)):
        try:
            with np.errstate(all="ignore"):
                found = value(mutant, arrays, graph.sizes)
                is_same = np.shape(found) == np.shape(right) and np.allclose(found, right, rtol=1e-7)
        except (ValueError, IndexError, np.linalg.LinAlgError):
            is_same = False
        if not is_same:
            wrong.append((how, mutant))
    return wrong


MOST = 4  # variants that are tried of each formula, of some 12


@pytest.mark.parametrize(("text", "row"), [pytest.param(*row, id=row[0]) for row in BOOK])
def test_wrong_variants_are_never_proved(text: str, row: dict[str, str]) -> None:
    graph = read(text)
    arrays = inputs(graph, 1)
    arrays |= {f"d/{name}": gradient(graph, arrays, name) for name in arrays}
    for name, formula in row.items():
        tree, right = graph.tree(formula), arrays[f"d/{name}"]
        assert np.allclose(value(tree, arrays, graph.sizes), right, rtol=1e-5, atol=1e-7), "the book is wrong"
        wrong = wrong_variants(graph, tree, arrays)
        judging = judge(graph)
        for how, mutant in wrong[:: 1 + len(wrong) // MOST]:
            assert judging.proves(mutant, name, 5000) is None, f"{how}: {mutant}"


# --- sizes, names, what is not covered ------------------------------------------------------------------------------


def found(text: str, name: str, formula: str) -> bool | None:
    graph = read(text)
    return judge(graph).proves(graph.tree(formula), name)


@pytest.mark.parametrize(
    ("text", "name", "formula", "verdict"),
    [
        ("A: 3 x 4; x: 4; L = norm2(A @ x)", "x", "2*A.T @ (A @ x)", True),
        ("X: 2 x 2; L = norm2(X @ X)", "X", "2*(X @ X) @ X.T + 2*X.T @ (X @ X)", True),
        ("x: n; y: n x 1; L = sum(x*y)", "x", "sum(y)*ones(n)", True),
        ("x: n; y: n x 1; L = sum(x*y)", "y", "sum(x)*ones(n, 1)", True),
        ("x: n; y: n x 1; L = sum(x*y)", "y", "sum(x)*ones(n)", None),
        ("x: 1 x n; y: m x n; L = norm2(x - y)", "x", "2*(m*x - outer(ones(1), sum(y, 0)))", True),
        ("x: 1; y: n; L = sum(x*y)", "x", "sum(y)*ones(1)", True),
        ("x: 1; y: n; L = sum(x*y)", "x", "n*x", None),
        ("x: n; L = sum(x)", "x", "1", None),  # of another shape
        ("x: 3; y: n; L = sum(y)*sum(x)", "y", "sum(x)*ones(n)", True),
        ("x: n; y: m; L = sum(x)*sum(y)", "x", "sum(y)*ones(m)", None),
        ("x: 3; y: 3; L = sum(x)*sum(y)", "x", "sum(y)*ones(3)", True),
        ("x: n; c: ; L = sum(x)", "c", "0", True),
        ("x: n; L = sum(x)", "L", "1", True),
        ("x: n; h = x^2; J = sum(h); L = J^2", "h", "grad(J)*ones(n)", True),
        ("x: n; h = x^2; J = sum(h); L = J^2", "x", "2*grad(h)*x", True),
        ("x: n; h = x^2; J = sum(h); L = J^2", "x", "4*J*x", True),
        ("x: n; h = x^2; J = sum(h); L = J^2", "x", "4*grad(J)*x", None),
        ("x: n; L = sum(erf(x)) + sum(arctan(x))", "x", "2/sqrt(pi)*e^(-x^2) + 1/(1 + x^2)", True),
        ("x, y: n; L = sum(min(x, y))", "x", "step(y - x)", True),
        ("x: n; b: ; L = sum(x^b)", "x", "b*x^(b - 1)", True),
        ("x: n; b: ; L = sum(x^b)", "b", "sum(x^b*ln(x))", True),
        ("y: 5; Z: 5 x 3; P = softmax(Z); L = cross_entropy(P, y)", "Z", "(P - onehot(y, 3))/5", True),
        ("y: 5; Z: 5 x 3; P = softmax(Z); L = cross_entropy(P, y)", "Z", "(P - onehot(y, 3))/3", None),
        ("x: n; L = sum(unheard(x))", "x", "ones(n)", None),
        ("x: n; y: m; L = sum(x + y)", "x", "ones(n)", None),  # sizes that do not fit
        ("x: n; L = sum(x)", "x", "x/0", None),
        ("x: n; L = sum(x)", "x", "ones(n)*2^100000/2^99999/2", None),
    ],
)
def test_verdicts(text: str, name: str, formula: str, verdict: bool | None) -> None:
    assert found(text, name, formula) is verdict


class Square:
    """A function that a graph's text would define."""

    parameters = ("t",)
    body = read("t: ; L = t^2").statements["L"]
    derivative: Tree | None = None


class GivenSlope(Square):
    derivative = read("t: ; L = 3*t").statements["L"]


@pytest.mark.parametrize(("definition", "formula"), [(Square, "2*x"), (GivenSlope, "3*x")])
def test_functions_of_the_author(definition: type, formula: str) -> None:
    graph = read("x: n; L = sum(psi(x))")
    judging = Judge(graph.statements, graph.shapes, graph.loss, definitions={"psi": definition()})
    assert judging.proves(graph.tree(formula), "x") is True
    assert judging.proves(graph.tree("4*x"), "x") is None


def test_entries_may_be_counted_from_1() -> None:
    graph = read("x: 3; L = x[1]^2")
    formula = graph.tree("2*x[1]*unit(0, 3)")
    assert Judge(graph.statements, graph.shapes, graph.loss, first={"x": (1,)}).proves(formula, "x") is True
    assert judge(graph).proves(formula, "x") is None


def test_work_is_bounded() -> None:
    graph = read("x, y, z, u, v, w: n; L = sum((x + y + z + u + v + w)^20)")
    assert judge(graph).proves(graph.tree("20*(x + y + z + u + v + w)^19"), "x") is None
    assert judge(graph).proves(graph.tree("x"), "x", 10) is None
