"""Results are frozen, and equal where their content is: a copy that went through another process is equal."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from functools import partial
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


RESULTS: dict[str, Callable[[], Any]] = {
    "graph": lambda: Graph(CHAIN),
    "graph of arrays": lambda: Graph(LAYER),
    "chain at values": lambda: Graph(CHAIN).backprop("L", at={"a": 3, "b": 1, "c": -2}),
    "layer": lambda: Graph(LAYER).backprop("L"),
    "layer at values": lambda: Graph(LAYER).backprop("L", at=VALUES),
    "jacobian": lambda: Graph(LAYER).jacobian("x", wrt=["x"]),
    "hessian": lambda: Graph(LAYER).hessian("L", wrt=["x"]),
    "derivative": lambda: symback.derive("x^2 sin x"),
    "gradient": lambda: symback.gradient("x^2 y", ["x", "y"], {"x": 1, "y": 2}),
    **{path.stem: partial(symback.solve, path) for path in sorted(PROBLEMS.glob("*.toml"))[:3]},
}


@pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)
def test_a_pickled_copy_is_equal_and_frozen(make: Callable[[], Any]) -> None:
    result = make()
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
