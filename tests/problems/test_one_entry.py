"""One entry of a Jacobian on a graph."""

from __future__ import annotations

from typing import Any

import pytest

from symback.page.maths import unicode
from symback.problems.file.sheet import Problem
from symback.problems.working import work

SOFTMAX = "z: n; p = softmax(z)"
LAYER = "W: m x n; x: n; y = sigma(W @ x)"
AT = {"W": [[1, 2], [0, 0]], "x": [1, 2]}


def worked(graph: str, of: str, wrt: str, at: Any = None, answer: Any = None) -> Any:
    asked = {"graph": graph, "of": of, "wrt": wrt, **({"at": at} if at else {})}
    return work(Problem("p1", 1, "", "jacobian", asked=asked, answer=answer))


ENTRIES = [
    ("M: 2x3; z: 3; y = M @ z", "y[0]", "z[1]", None, "M[0, 1]", "M[0, 1]"),
    (SOFTMAX, "p[0]", "z[1]", None, "-p[1] p[0]", "-p[0] p[1]"),
    (SOFTMAX, "p[1]", "z[1]", None, "p[1] · (1 - p[1])", "p[1](1 - p[1])"),
    (LAYER, "y[1]", "W[1, 0]", None, "y[1] · (1 - y[1]) x[0]", "y[1](1 - y[1]) x[0]"),
    (LAYER, "y[1]", "W[0, 0]", None, "0", 0),
    (LAYER, "y[1]", "W[1, 0]", AT, "0.25", "0.25"),
    ("a: 2; b: 2; c = a * b; L = sum(c)", "L", "a[1]", None, "b[1]", "b[1]"),
    ("A: 2x2; B: 2x2; C = A @ B", "C[0, 1]", "A[0, 0]", None, "B[0, 1]", "B[0, 1]"),
]


@pytest.mark.parametrize(("graph", "of", "wrt", "at", "shown", "answer"), ENTRIES)
def test_entries(graph: str, of: str, wrt: str, at: Any, shown: str, answer: Any) -> None:
    solution = worked(graph, of, wrt, at, answer)
    assert solution.error is None, solution.error
    gradient, entry = solution.works
    assert unicode(entry.thing.last) == shown
    assert (gradient.verification.verdict, entry.verification.verdict) == ("verified", "verified")
    assert solution.answer_check == "confirmed"


@pytest.mark.parametrize(("of", "answer"), [("y[1]", "y[1] x[0]"), ("y[0]", "y[0](1 - y[0]) x[0]")])
def test_another_entry_is_wrong(of: str, answer: str) -> None:
    assert worked(LAYER, of, "W[1, 0]", answer=answer).answer_check == "wrong"


WRONG = [
    ("y[0]", "W[0]", "W is m x n"),
    ("q[0]", "x[0]", "no node q"),
    ("y", "x[0]", "y is m, and has no entry"),
]


@pytest.mark.parametrize(("of", "wrt", "message"), WRONG)
def test_wrong(of: str, wrt: str, message: str) -> None:
    error = worked(LAYER, of, wrt).error
    assert error is not None
    assert message in error.message


def test_an_entry_beyond_the_end() -> None:
    assert "has no entry [2]" in worked("x: 2; y = x^2", "y[2]", "x[0]").error.message
