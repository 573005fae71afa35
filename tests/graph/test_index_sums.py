"""Sums over an index are sums of the vectors."""

from __future__ import annotations

import pytest

from symback import Graph
from symback.errors import ParseError

SAME = [
    ("x: 3; y: 3; L = Σ_i x_i y_i", "x: 3; y: 3; L = sum(x y)"),
    ("x: 3; m:; b:; L = 1/2 sum_i (x_i - m)^2 + b", "x: 3; m:; b:; L = 1/2 sum((x - m)^2) + b"),
    (r"x: n; L = \sum_{i=1}^{n} x_i^2", "x: n; L = sum(x^2)"),
    ("x: 3; y: 3; L = -Σ_k y_k ln(x_k)", "x: 3; y: 3; L = -sum(y ln(x))"),
    ("x: 3; L = ∑_i x_i^2/2", "x: 3; L = sum(x^2/2)"),
    ("x: 3; a:; L = 2 Σ_i x_i a - a", "x: 3; a:; L = 2 sum(x a) - a"),
    ("x: 3; y: 2; L = (Σ_i x_i) (Σ_j y_j^2)", "x: 3; y: 2; L = sum(x) sum(y^2)"),
]


@pytest.mark.parametrize(("written", "meant"), SAME)
def test_it_is_the_sum_of_the_vectors(written: str, meant: str) -> None:
    assert Graph(written).statements[-1].tree == Graph(meant).statements[-1].tree


REFUSED = [
    ("x: 3; L = Σ_i q_i", "q_i is not an entry of a vector", 10),
    ("W: 2x3; x: 3; L = Σ_j W_j x_j", "W_j is not an entry of a vector", 18),
    ("x: 3; L = Σ_i 2", "no entries of vectors", 10),
    ("x: 3; L = Σ_i i x_i", "no entries of vectors", 10),
]


@pytest.mark.parametrize(("text", "said", "at"), REFUSED)
def test_what_it_cannot_be_is_said_at_its_place(text: str, said: str, at: int) -> None:
    with pytest.raises(ParseError, match=said) as caught:
        Graph(text)
    assert caught.value.at == at


def test_a_covariance_keeps_its_name() -> None:
    assert Graph("Σ: 2x2; x: 2; L = x @ Σ @ x").inputs == ("x", "Sigma")
