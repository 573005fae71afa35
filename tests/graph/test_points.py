"""Random values for checks: sizes at which matrices have inverses, and what is said where there are none."""

from __future__ import annotations

import pytest

from symback.errors import DomainError
from symback.graph.derivation.points import random_points
from symback.graph.graph import Graph


@pytest.mark.parametrize(
    ("text", "verdict", "where"),
    [
        ("X: m x n; L = logdet(X.T @ X)", "verified", "at random values of two sets of sizes"),
        ("X: m x n; L = logdet(X @ X.T)", "verified", "at random values of two sets of sizes"),
        (
            "X: m x n; y: m; w = inv(X.T @ X) @ X.T @ y; L = norm2(w)",
            "verified",
            "at random values of two sets of sizes",
        ),
        ("X: 5x2; L = logdet(X.T @ X)", "verified", "at random values"),
        ("X: 2x5; L = logdet(X.T @ X)", "unverified", ""),
        ("X: 2x5; L = sum(inv(X.T @ X))", "unverified", ""),
    ],
)
def test_matrices_that_may_have_no_inverse(text: str, verdict: str, where: str) -> None:
    check = Graph(text).backprop().check
    assert (check.verdict, check.where) == (verdict, where)


def test_a_given_matrix_without_an_inverse_is_an_error_of_its_own() -> None:
    graph = Graph("A: 2x2; L = sum(inv(A))")
    for work in (graph.forward, lambda at: graph.backprop(at=at)):
        with pytest.raises(DomainError, match="no inverse"):
            work({"A": [[1, 2], [2, 4]]})


def test_a_mask_has_both_outcomes_and_no_row_without_one() -> None:
    graph = Graph("S: 5x5; M: 5x5; L = sum(softmax(where(M > 0, S, -inf))^2)")
    (point,) = random_points(graph, graph.shapes, "L", [])
    seen = point.values["M"] > 0
    assert seen.any(axis=1).all()
    assert not seen.all()


def test_a_convolution_of_many_channels_does_not_saturate() -> None:
    graph = Graph("X: 4x2x12x12; K: 3x2x3x3; b: 3x1x1; Z = conv2d(X, K) + b; L = sum(tanh(Z))")
    (point,) = random_points(graph, {n: graph.shapes[n] for n in graph.inputs}, "L", [])
    assert abs(graph.forward(point.values)["Z"]).max() < 3
