"""Which formulas the check of a backward pass says to be proved for all sizes."""

from __future__ import annotations

import pytest

from symback.graph.derivation import checking
from symback.graph.gradient_check import GradientCheck
from symback.graph.graph import Graph
from symback.page.backprop.rows import check_words


@pytest.mark.parametrize(
    "text",
    [
        "X: n x d; w: d; y: n; r = X @ w - y; L = norm2(r)/n",
        "A: n x n symmetric; x: n; L = x.T @ A @ x",
        "z: k; y: k; p = softmax(z); L = -sum(y * ln p)",
        "X: n x d; W: d x k; b: k; y: n x k; P = softmax(X @ W + b); L = cross_entropy(P, y)",
        "x: n; mu:; s:; L = sum(ln(s) + (x - mu)^2/(2 s^2))",
        "def f(u) = u^2\nx: n; L = sum(f(x))",
        "def f(u) = u^2\ndef f'(u) = 2u\nx: n; L = sum(f(x))",
        "A: n x n; L = logdet(A) + trace(inv(A))",
    ],
)
def test_textbook_formulas_are_proved_for_all_sizes(text: str) -> None:
    graph = Graph(text)
    check = graph.backprop().check
    assert check is not None
    assert (check.verdict, check.where) == ("verified", checking.AT_TWO_SIZES)
    assert (check.proved, check.unproved) == (graph.inputs, ())


def test_with_values_it_is_said_too() -> None:
    check = Graph("x: n; L = sum(x^2)").backprop(at={"x": [1, 2]}).check
    assert check is not None
    assert (check.where, check.proved) == ("", ("x",))


def test_without_letters_nothing_is_proved() -> None:
    check = Graph("x: 3; L = sum(x^2)").backprop().check
    assert check is not None
    assert (check.where, check.proved, check.unproved) == (checking.AT_RANDOM, (), ())


def test_what_takes_too_long_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "STEPS_OF_PROOFS", 5)
    check = Graph("X: n x d; w: d; L = norm2(X @ w)").backprop().check
    assert check is not None
    assert (check.verdict, check.proved, check.unproved) == ("verified", (), ("X", "w"))


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (GradientCheck("verified", 2e-16, 3), "gradient check: worst error 2e-16"),
        (GradientCheck("verified", 2e-16, 3, where="at random values"),
         "gradient check at random values: worst error 2e-16"),
        (GradientCheck("verified", 2e-16, 3, "", "at random values of two sets of sizes", ("W", "b")),
         "gradient check at random values of two sets of sizes: worst error 2e-16; proved for all sizes"),
        (GradientCheck("verified", 2e-16, 3, "", "", ("W", "b"), ("x",)),
         "gradient check: worst error 2e-16; proved for all sizes: by W, b"),
        (GradientCheck("verified", 2e-16, 3, "", "", (), ("x",)), "gradient check: worst error 2e-16"),
        (GradientCheck("unverified", 0, 0, "The loss is not finite.", "at random values"),
         "gradient check: the loss is not finite"),
    ],
)  # fmt: skip
def test_words(check: GradientCheck, words: str) -> None:
    assert check_words(check) == words
