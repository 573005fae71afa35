"""The check of gradients as they are written: wrong formulas are found, right ones of every kind are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import symback
from symback.graph.formula_values import NotAlone, formulas_that_differ, value_of
from symback.graph.reading import parse_expression
from symback.tree import symbol

NET = "X: 4x3; W: 3x2; b: 2; y: 4\nP = softmax(X @ W + b); L = cross_entropy(P, y)"


def backprop(graph: str) -> Any:
    read = symback.Graph(graph)
    random = np.random.default_rng(3)
    at = {name: random.uniform(0.2, 0.9, read.shapes[name]) for name in read.inputs}
    return read.backprop(at={**at, **({"y": [0, 1, 1, 0]} if read.shapes.get("y") == (4,) else {})})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("w", "2 p x"), ("w", "x"), ("B", "p"), ("B", "sum(2p)"), ("B", "outer(p, p)"), ("x", "B @ outer(p, p) @ B")],
)
def test_a_wrong_formula_is_found(name: str, wrong: str) -> None:
    b = backprop("B: 3; p = w x + B; L = sum(p^2)")
    values = {**b.inputs, **b.forward}
    assert formulas_that_differ("L", b.derivations, values, b.node_values) == []
    mutated = replace(b.derivations[name], last=parse_expression(wrong, ("w", "x", "B", "p")))
    assert formulas_that_differ("L", {**b.derivations, name: mutated}, values, b.node_values) == [name]


@pytest.mark.parametrize("graph", [NET, "L = |x| + relu(-x)", "z: 3; L = norm2(z)", "x: 4; L = x[1]^2 + sum(x[2] x)"])
def test_right_formulas_are_not(graph: str) -> None:
    assert backprop(graph).check.verdict == "verified"


def test_what_a_formula_does_not_say() -> None:
    with pytest.raises(NotAlone):
        value_of(parse_expression("q + 1", ("q",)), {})
    with pytest.raises(NotAlone):
        value_of(parse_expression("f(q)", ("q", "f"), ("f",)), {symbol("q"): 1.0})
