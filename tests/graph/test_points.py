"""Random values for checks: sizes at which matrices have inverses, and what is said where there are none."""

from __future__ import annotations

import pytest

from symback.errors import DomainError
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
