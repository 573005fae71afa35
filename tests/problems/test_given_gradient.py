"""Backpropagation from a gradient that is given, of a loss that is not in the graph."""

from __future__ import annotations

from typing import Any

import pytest

from symback.page import render
from symback.problems.file.sheet import Problem
from symback.problems.working import work

LINEAR = "W: m x n; x: n; b: m; z = W @ x + b"
AT = {"W": [[1, 2], [3, -4]], "x": [1, 1], "b": [0, 1]}


def worked(answer: Any = None, **asked: Any) -> Any:
    return work(Problem("p1", 1, "", "backprop", asked=asked, answer=answer))


RIGHT = [
    (LINEAR, {"dL/dz": [0.5, -2]}, AT, {"x": [-5.5, 9], "W": [[0.5, 0.5], [-2, -2]], "b": [0.5, -2]}),
    (LINEAR, {r"\frac{\partial L}{\partial z}": "delta"}, None, {"x": "W.T @ delta", "W": "outer(delta, x)"}),
    ("X: N x D; W: D x M; Y = X @ W", {"∂L/∂Y": "G"}, None, {"X": "G @ W.T", "W": "X.T @ dL/dY"}),
    ("a = x y; q = a + x", {"dL/dq": 3}, {"x": 2, "y": 5}, {"x": 18, "y": 6, "a": 3}),
    ("X: 2x3; h = relu(X); s = softmax(h)", {"dJ/dh": "G"}, None, {"X": "G * step(X)"}),
]


@pytest.mark.parametrize(("graph", "given", "at", "answer"), RIGHT)
def test_right(graph: str, given: dict[str, Any], at: Any, answer: Any) -> None:
    solution = worked(answer, graph=graph, given=given, **({"at": at} if at else {}))
    assert solution.error is None, solution.error
    assert solution.answer_check == "confirmed"
    assert solution.works[0].thing.check.verdict == "verified"


def test_the_gradient_of_another_output_is_wrong() -> None:
    assert worked({"x": "W @ G"}, graph="W: n x n; x: n; z = W @ x", given={"dL/dz": "G"}).answer_check == "wrong"


def test_nothing_of_the_loss_is_shown() -> None:
    solution = worked(graph=LINEAR, given={"dL/dz": [0.5, -2]}, at=AT)
    (thing,) = (work.thing for work in solution.works)
    shown = render(thing, "text")
    assert "∂L/∂z = G  " in shown
    assert "given gradient" in shown
    assert "sum(" not in shown
    assert "L =" not in shown


WRONG = [
    ("a = x y; q = a + x", {"dL/da": 3}, {}, "q depends on x too"),
    ("a = x y; q = a + x", {"dL/dr": 3}, {}, "no node r"),
    ("a = x y; q = a + x", {"q": 3}, {}, "no gradient by a node"),
    ("a = x y; q = a + x", {"dL/dq": 3, "dL/da": 1}, {}, "One gradient"),
    ("a = x y; q = a + x", {"dx/dq": 3}, {}, "x is in the graph"),
    ("a = x y; q = a + x", {"dL/dq": "x"}, {}, "x is in the graph"),
    ("a = x y; q = a + x", {"dL/dq": "G"}, {"at": {"x": 1, "y": 2}}, "none for the gradient by q"),
    ("a = x y; q = a + x", {"dL/dq": 3}, {"loss": "a"}, "loss is a"),
    ("a = x y; q = a + x; r = z q", {"dL/dq": 3}, {"wrt": ["z"]}, "q does not depend on z"),
    (LINEAR, {"dL/dz": [1, 2, 3]}, {"at": AT}, "m is 2 in W and 3 in G"),
]


@pytest.mark.parametrize(("graph", "given", "more", "message"), WRONG)
def test_wrong(graph: str, given: dict[str, Any], more: dict[str, Any], message: str) -> None:
    error = worked(graph=graph, given=given, **more).error
    assert error is not None
    assert message in error.message
