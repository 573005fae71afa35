"""What a problem assumes rules the points at which its answers are compared."""

from __future__ import annotations

from typing import Any

import pytest

from symback.problems.file.sheet import Problem
from symback.problems.working import work

WHOLE = ["n integer"]
SHARES = ["sum(y) = 1"]
CASES = [
    ("show", {"left": "cos(n pi)", "right": "(-1)^n"}, WHOLE, None, "confirmed", "wrong"),
    ("show", {"left": "sin(n pi)", "right": "0"}, WHOLE, None, "confirmed", "wrong"),
    ("show", {"left": "cos(n pi)", "right": "1"}, WHOLE, None, "wrong", "wrong"),
    ("derive", {"expr": "sin(x n pi)", "wrt": "x", "at": {"x": 1}}, WHOLE, {"value": "n pi (-1)^n"}, "confirmed", ""),
    ("derive", {"expr": "sin(x n pi)", "wrt": "x", "at": {"x": 1}}, WHOLE, {"value": "n pi"}, "wrong", ""),
    ("derive", {"expr": "x^(2n)", "wrt": "x"}, WHOLE, "-2n (-x)^(2n - 1)", "confirmed", ""),
    ("derive", {"expr": "x^(2n)", "wrt": "x"}, WHOLE, "2n (-x)^(2n - 1)", "wrong", ""),
    ("derive", {"expr": "ln(x^2)"}, ["x > 0"], "2/sqrt(x^2)", "confirmed", "wrong"),
    ("backprop", {"graph": "y: k; z: k; L = sum(y) sum(z^2)", "wrt": "z"}, SHARES, "2z", "confirmed", "wrong"),
    ("backprop", {"graph": "y: k; z: k; L = sum(y) sum(z^2)", "wrt": "z"}, SHARES, "3z", "wrong", "wrong"),
    ("backprop", {"graph": "C: n x n; x: n; L = x @ C @ x", "wrt": "x"}, ["C = C.T"], "2 C @ x", "confirmed", "wrong"),
]


def check(kind: str, asked: dict[str, Any], answer: Any) -> str:
    solution = work(Problem("p1", 1, "", kind, asked=asked, answer=answer))
    assert solution.error is None, solution.error
    return solution.answer_check


@pytest.mark.parametrize(("kind", "asked", "assume", "answer", "verdict", "without"), CASES)
def test_answers(kind: str, asked: Any, assume: list[str], answer: Any, verdict: str, without: str) -> None:
    assert check(kind, {**asked, "assume": assume}, answer) == verdict
    if without:
        assert check(kind, asked, answer) == without


def test_labels_must_be_given() -> None:
    asked = {"graph": "x: 3; y = x^2; L = sum(y)", "assume": SHARES}
    error = work(Problem("p1", 1, "", "backprop", asked=asked)).error
    assert error is not None
    assert "no array y that is given" in error.message
