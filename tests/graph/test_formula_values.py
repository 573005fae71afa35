"""The check of gradients as they are written: wrong formulas are found, right ones of every kind are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import symback
from symback.expr.tree import symbol
from symback.graph.derivation.judge import Judge
from symback.graph.derivation.points import Point
from symback.graph.language.reader import parse_expression
from symback.graph.program.formula_values import NotAlone, value_of

NET = "X: 4x3; W: 3x2; b: 2; y: 4\nP = softmax(X @ W + b); L = cross_entropy(P, y)"


def backprop(graph: str) -> Any:
    read = symback.Graph(graph)
    random = np.random.default_rng(3)
    at = {name: random.uniform(0.2, 0.9, read.shapes[name]) for name in read.inputs}
    return read.backprop(at={**at, **({"y": [0, 1, 1, 0]} if read.shapes.get("y") == (4,) else {})})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("w", "2 p x"),
        ("w", "x"),
        ("B", "p"),
        ("B", "sum(2p)"),
        ("B", "2"),
        ("B", "outer(p, p)"),
        ("x", "B @ outer(p, p) @ B"),
    ],
)
def test_a_wrong_formula_is_found(name: str, wrong: str) -> None:
    b = backprop("B: 3; p = w x + B; L = sum(p^2)")
    judge = Judge(b.graph, b.graph.trees, "L", Point(b.inputs, {}), list(b.derivations))
    assert not judge.verdict(name, b.derivations[name]).wrong
    mutated = replace(b.derivations[name], last=parse_expression(wrong, ("w", "x", "B", "p")))
    assert judge.verdict(name, mutated, whole=False).wrong == name


def test_a_name_that_is_no_node_is_wrong() -> None:
    b = backprop("B: 3; p = w x + B; L = sum(p^2)")
    judge = Judge(b.graph, b.graph.trees, "L", Point(b.inputs, {}), list(b.derivations))
    mutated = replace(b.derivations["B"], last=parse_expression("2q", ("q",)))
    assert judge.verdict("B", mutated, whole=False).wrong == "B"


@pytest.mark.parametrize("graph", [NET, "L = |x| + relu(-x)", "z: 3; L = norm2(z)", "x: 4; L = x[1]^2 + sum(x[2] x)"])
def test_right_formulas_are_not(graph: str) -> None:
    assert backprop(graph).check.verdict == "verified"


def test_what_a_formula_does_not_say() -> None:
    with pytest.raises(NotAlone):
        value_of(parse_expression("q + 1", ("q",)), {})
    with pytest.raises(NotAlone):
        value_of(parse_expression("f(q)", ("q", "f"), ("f",)), {symbol("q"): 1.0})
