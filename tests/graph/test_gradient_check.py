"""The gradient check: no right gradient fails, no wrong one passes, and what cannot be judged says why."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symback.graph.gradient_check import GradientCheck, check_gradients
from symback.graph.graph import Graph, shapes_of
from symback.graph.nodes import GradientProgram, Node

KINK, STEEP, INFINITE = "At a kink", "too steep", "infinite"

# fmt: off
# graph, values, verdict, what is said
RIGHT: list[tuple[str, dict[str, Any], str, str]] = [
    ("L = exp(50x)", {"x": 3}, "verified", ""),
    ("L = sin(1000x)", {"x": 3}, "verified", ""),
    ("L = 1/x", {"x": 1e-8}, "verified", ""),
    ("L = 1/x^3", {"x": 1e-5}, "verified", ""),
    ("L = x*1e-20", {"x": 1}, "verified", ""),
    ("L = sqrt(x^2 + 1e-20)", {"x": 1e-10}, "verified", ""),
    ("L = arccos(x)", {"x": 0.9999999999}, "verified", ""),
    ("L = x^3*y", {"x": 0, "y": 0}, "verified", ""),
    ("L = |x|", {"x": 1e-9}, "verified", ""),
    ("L = relu(x - 1)", {"x": 1 + 1e-9}, "verified", ""),
    ("L = |x|^3", {"x": 0}, "verified", ""),
    ("L = x|x|", {"x": 0}, "verified", ""),
    ("L = max(x, x)", {"x": 1}, "verified", ""),
    ("x: 2; L = norm(x)^2", {"x": [0, 0]}, "verified", ""),
    ("p = sigmoid(z); L = -ln(1 - p)", {"z": 40}, "verified", ""),
    ("L = sin(1e8 x)", {"x": 3.1}, "unverified", STEEP),
    ("L = (x + 1e16) - 1e16", {"x": 1}, "unverified", STEEP),
    ("L = |x|", {"x": 0}, "verified", KINK),
    ("L = relu(x)", {"x": 0}, "verified", KINK),
    ("L = relu(x) - relu(-x)", {"x": 0}, "unverified", KINK),
    ("L = max(a, b)", {"a": 1, "b": 1}, "verified", KINK),
    ("x: 2; L = norm(x)", {"x": [0, 0]}, "verified", KINK),
    ("x: 3; L = sum(relu(x))", {"x": [-1, 0, 1]}, "verified", KINK),
    ("L = sqrt(x)", {"x": 0}, "unverified", INFINITE),
    ("L = cbrt(x)", {"x": 0}, "unverified", INFINITE),
    ("x: 2; L = sum(sqrt(x))", {"x": [0, 1]}, "unverified", INFINITE),
]
WRONG: list[tuple[str, dict[str, Any], float]] = [  # what is added to every gradient
    ("L = x^2", {"x": 1}, 1e-5),
    ("L = x^2", {"x": 0}, 1e-5),
    ("L = x*1e-20", {"x": 1}, 1e-23),
    ("L = exp(50x)", {"x": 3}, 1e64),
    ("L = sin(1000x)", {"x": 3}, 0.1),
    ("L = |x|", {"x": 1e-9}, -2),
    ("x: 2; L = norm(x)^2", {"x": [0, 0]}, float("nan")),
    ("L = |x|", {"x": 0}, float("nan")),
    ("x: 3; L = sum(x^2)", {"x": [1, 2, 3]}, float("nan")),
    ("x: 3; L = sum(x^2)", {"x": [1, 2, 3]}, float("inf")),
]
# fmt: on


def checked(text: str, at: dict[str, Any], error: float | None = None) -> GradientCheck:
    graph = Graph(text)
    values = graph.arrays(at)
    program = graph.gradient_program(None, None, shapes_of(values))
    if error is not None:
        program = with_error(program)
        values = {**values, "error": np.float64(error)}
    return check_gradients(program, values, graph.inputs)


def with_error(program: GradientProgram) -> GradientProgram:
    """Return the program with an input more, which is added to every gradient."""
    nodes = [*program.nodes, Node(len(program.nodes), "input", (), (), "error")]
    gradients = {}
    for name, place in program.gradients.items():
        gradients[name] = len(nodes)
        nodes.append(Node(len(nodes), "add", (place, len(program.nodes)), nodes[place].shape))
    return replace(program, nodes=tuple(nodes), gradients=gradients)


@pytest.mark.parametrize(("text", "at", "verdict", "said"), RIGHT)
def test_right_gradients(text: str, at: dict[str, Any], verdict: str, said: str) -> None:
    check = checked(text, at)
    assert check.verdict == verdict
    assert said in check.message
    assert bool(said) == bool(check.message)


@pytest.mark.parametrize(("text", "at", "error"), WRONG)
def test_wrong_gradients(text: str, at: dict[str, Any], error: float) -> None:
    check = checked(text, at, error)
    assert check.verdict == "failed"
    assert check.message.startswith("By x")


@pytest.mark.parametrize("seed", range(40))
def test_steep_functions_do_not_fail(seed: int) -> None:
    """Random compositions with slopes from 1e-10 to 1e10, none of which may fail."""
    random = np.random.default_rng(seed)
    inner = "x"
    for _ in range(3):
        outer = str(
            random.choice(["sin({})", "exp({})", "({})^3", "1/(1 + ({})^2)", "sqrt(1 + ({})^2)", "ln(1 + ({})^2)"])
        )
        scale = Fraction(str(round(float(10 ** random.uniform(-3, 2)), 4)))
        inner = outer.format(f"{scale.numerator}/{scale.denominator}*({inner})")
    assert checked(f"L = {inner}", {"x": float(random.normal())}).verdict != "failed"
