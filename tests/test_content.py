"""Results are frozen, and equal where their content is: a copy that went through another process is equal."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symback
from symback.content import same_content
from symback.graph.graph import Graph

PROBLEMS = Path(__file__).parents[1] / "problems"
CHAIN = "d = 2b; e = a + d; L = c e"
LAYER = "W: 3x2; x: 2; def p(t) = 1/(1 + e^-t); L = sum(p(W @ x))"
VALUES = {"W": [[1, 2], [3, 4], [5, 6]], "x": [0.5, -1]}


def results() -> list[Any]:
    layer = Graph(LAYER)
    return [
        Graph(CHAIN),
        layer,
        Graph(CHAIN).backprop("L", at={"a": 3, "b": 1, "c": -2}),
        layer.backprop("L"),
        layer.backprop("L", at=VALUES),
        layer.jacobian("x", wrt=["x"]),
        layer.hessian("L", wrt=["x"]),
        symback.derive("x^2 sin x"),
        symback.gradient("x^2 y", ["x", "y"], {"x": 1, "y": 2}),
        *map(symback.solve, sorted(PROBLEMS.glob("*.toml"))[:3]),
    ]


@pytest.mark.parametrize("result", results(), ids=lambda r: type(r).__name__)
def test_a_pickled_copy_is_equal_and_frozen(result: Any) -> None:
    copy = pickle.loads(pickle.dumps(result))
    assert copy == result
    assert hash(copy) == hash(result)
    with pytest.raises((FrozenInstanceError, AttributeError)):
        copy.title = "another"


def test_other_content_is_another_result() -> None:
    assert Graph(CHAIN) != Graph(LAYER)
    at = {"a": 3, "b": 1, "c": -2}
    assert Graph(CHAIN).backprop("L", at=at) != Graph(CHAIN).backprop("L", at=at | {"a": 4})


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.zeros(2), np.zeros((2, 1)), False),
        ({"x": [1, 2]}, {"x": [1, 3]}, False),
        ((1,), (1, 2), False),
        (1, 1.0, False),
        (ValueError("a"), ValueError("b"), False),
    ],
)
def test_same_content(a: Any, b: Any, same: bool) -> None:
    assert same_content(a, b) is same
