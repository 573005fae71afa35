"""Odd roots are real in every place: derivations, graphs, generated code, SymPy answers and JSON."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import symback as package
from symback.expr.tree import symbol
from symback.graph.operations.basic_kernels import odd_root
from symback.page import maths
from symback.syntax import parse

# fmt: off
ROOTS = [  # function, x, value, slope
    ("root(x, 5)", -32, -2, 1 / 80), ("cbrt(x)", -8, -2, 1 / 12), ("x^(1/3)", -8, -2, 1 / 12),
    ("x^(2/3)", -8, 4, -1 / 3), ("x^(-1/3)", -8, -0.5, -1 / 48), ("x^(3/5)", -32, -8, 0.15), ("x^0.2", -32, -2, 1 / 80),
    ("x^(4/5)", -32, 16, -0.4), ("root(x, 3)", 27, 3, 1 / 27), ("root(x, 4)", 16, 2, 1 / 32),
]
# fmt: on


@pytest.mark.parametrize(("function", "x", "value", "slope"), ROOTS)
def test_in_every_place(function: str, x: int, value: float, slope: float) -> None:
    derived = package.derive(function, "x")
    assert package.evaluate(function, {"x": x}).approximate == pytest.approx(value)
    assert package.derive(function, "x", at={"x": x}).approximate == pytest.approx(slope)
    assert float(parse(function).doit().subs(symbol("x"), x)) == pytest.approx(value)
    assert float(derived.answer.subs(symbol("x"), x)) == pytest.approx(slope)
    assert float(sympy.sympify(maths.sympy(derived.last)).subs("x", x)) == pytest.approx(slope)
    graph = package.Graph(f"L = {function}")
    assert graph.forward({"x": x})["L"] == pytest.approx(value)
    found = graph.backprop(at={"x": x})
    assert (found.values["x"], found.check.verdict) == (pytest.approx(slope), "verified")
    loss, gradients = graph.lambdify()({"x": float(x)})
    assert (loss, gradients["x"]) == (pytest.approx(value), pytest.approx(slope))


@pytest.mark.parametrize("function", ["root(x, 5)", "x^(1/5)"])
def test_of_arrays(function: str) -> None:
    graph, x = package.Graph(f"x: 3; L = sum({function})"), np.array([-32.0, 1.0, 243.0])
    loss, gradients = graph.lambdify()({"x": x})
    assert loss == pytest.approx(2.0)
    np.testing.assert_allclose(gradients["x"], [1 / 80, 1 / 5, 1 / 405])
    np.testing.assert_allclose(graph.backprop(at={"x": x}).values["x"], gradients["x"])
    assert "sign" in graph.lambdify(backend="torch").source


def test_which_exponents_are_odd_roots() -> None:
    assert [odd_root(e) for e in (0.5, 2.0, 0.1, float("inf"))] == [None] * 4
    assert all(odd_root(e) for e in (1 / 3, -2 / 3, 0.2, 5 / 7))
