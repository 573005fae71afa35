"""At a point where a node has no value there are no numbers: the node is named, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from symback.errors import DomainError
from symback.graph.forward_table import forward_table
from symback.graph.graph import Graph

# fmt: off
# graph, values, what is said
NOWHERE: list[tuple[str, dict[str, Any], str]] = [
    ("y = tan(x); L = 0*y", {"x": 1.5707963267948966}, "y = tan x has no value at x = 1.5708: tan(u) has none for"),
    ("y = ln(x); L = y^2", {"x": 0}, "y = ln x has no value at x = 0: ln(u) has none for u = 0, its domain is: u > 0."),
    ("y = 1/x; L = y^2", {"x": 0}, "y = 1/x has no value at x = 0: it divides by zero."),
    ("a = 1/x; L = a*y", {"x": 0, "y": 0}, "a = 1/x has no value at x = 0: it divides by zero."),
    ("y = x/x; L = y^2", {"x": 0}, "y = x/x has no value at x = 0: it divides by zero."),
    ("y = x^-2; L = y", {"x": 0}, "has no value at x = 0: 0 has no power -2."),
    ("y = x^a; L = y", {"x": -1, "a": 0.5}, "has no value at a = 0.5, x = -1: -1 has no real power 0.5."),
    ("y = sqrt(x); L = y^2", {"x": -1}, "sqrt(u) has none for u = -1"),
    ("L = arcsin(x)", {"x": 2}, "its domain is: -1 <= u <= 1."),
    ("a = exp(x); L = a - 2a", {"x": 1000}, "a = e^x has no value at x = 1000: it is too large"),
    ("x: 3; L = sum(ln(x))", {"x": [1, 0, 2]}, "has no value at these values: ln(u) has none for u = 0"),
    ("x: 3; y: 3; z = x/y; L = sum(z)", {"x": [1, 0, 2], "y": [1, 0, 1]}, "at these values: it divides by zero"),
    ("A: 2x2; L = logdet(A)", {"A": [[1, 2], [2, 4]]}, "the determinant is 0"),
    ("S: 2; L = sum(softmax(where(S > 0, S, -inf)))", {"S": [-1, -2]}, "a part of it is infinite"),
]
# fmt: on


@pytest.mark.parametrize(("text", "at", "said"), NOWHERE)
def test_a_node_without_a_value_is_named(text: str, at: dict[str, Any], said: str) -> None:
    graph = Graph(text)
    with pytest.raises(DomainError) as error:
        graph.backprop(at=at)
    assert said in str(error.value)
    with pytest.raises(DomainError):
        forward_table(graph, [at])


def test_second_derivatives_and_jacobians_are_refused_too() -> None:
    with pytest.raises(DomainError, match="y = ln x has no value"):
        Graph("y = ln(x); L = y^2").hessian(at={"x": 0})
    with pytest.raises(DomainError, match="y = 1/x has no value"):
        Graph("x: 2; y = 1/x").jacobian(at={"x": [0, 1]})


@pytest.mark.parametrize(("text", "at", "loss"), [
    ("S: 2; M: 2; A = where(M > 0, S, -inf); L = sum(softmax(A)^2)", {"S": [1, 2], "M": [1, 0]}, 1),  # a mask
    ("a = e^(-z); s = 1 + a; p = 1/s; L = -ln(p)", {"z": -800}, 800),  # too large, in a stable form
    ("L = e^(-1/x^2)", {"x": 0}, 0),
    ("x: 2; L = norm(x)", {"x": [0, 0]}, 0),
])  # fmt: skip
def test_what_has_a_value_is_worked_out(text: str, at: dict[str, Any], loss: float) -> None:
    assert Graph(text).backprop(at=at).forward["L"] == loss


def test_a_gradient_of_0_times_infinity_is_refused() -> None:
    with pytest.raises(DomainError, match="By x a factor of the chain rule is infinite here"):
        Graph("y = sqrt(x); L = y^2").backprop(at={"x": 0})


def test_the_slope_of_a_norm_at_0_is_a_convention() -> None:
    graph = Graph("x: 2; L = norm(x)")
    note = "At its value 0, as here, ‖x‖ has no derivative; 0 is taken by convention."
    assert any(note == n.replace("norm(x)", "‖x‖") for n in graph.backprop(at={"x": [0, 0]}).notes)
    assert not graph.backprop(at={"x": [3, 4]}).notes
