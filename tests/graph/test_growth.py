"""What a loop twice as long costs: twice as many calls of functions, which unlike seconds are the same on every run."""

from __future__ import annotations

import cProfile
from typing import Any

import numpy as np
import pytest

from symback.graph.graph import Graph, shapes_of
from symback.page import render

RECURRENT = """
x: {n}x3
y: {n}x4
Wx: 4x3
Wh: 4x4
h[0]: 4
for t in 1..{n}:
    h[t] = tanh(Wx @ x[t] + Wh @ h[t-1])
    p[t] = softmax(h[t])
    L += -sum(y[t] * ln(p[t]))
"""
LOOPS = {
    "for t in 1..{n}:\n    h[t] = sin(w h[t-1])\nL = h[{n}]^2": lambda n: {"w": 0.9, "h[0]": 0.5},
    "for t in 1..{n}:\n    h[t] = 1/(1 + w h[t-1])\n    L += ln(h[t])*sqrt(h[t])": lambda n: {"w": 0.9, "h[0]": 0.5},
    RECURRENT: lambda n: {
        "x": np.full((n, 3), 0.1), "y": np.eye(4)[np.arange(n) % 4], "Wx": np.full((4, 3), 0.1), "Wh": np.eye(4) / 2,
        "h[0]": np.zeros(4),
    },
}  # fmt: skip


def calls(text: str, values: dict[str, Any]) -> dict[str, int]:
    """Return how many functions are called for each thing that is done with a graph."""
    graph = Graph(text)
    shapes = shapes_of(graph.arrays(values))
    done = {
        "read": lambda: Graph(text),
        "forward": lambda: graph.forward(values),
        "gradients": lambda: Graph(text).gradient_program(None, None, shapes),
        "code": lambda: Graph(text).lambdify()(values),
    }
    return {name: _counted(work) for name, work in done.items()}


def _counted(work: Any) -> int:
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize(
    "text", [pytest.param(text, marks=pytest.mark.slow if text == RECURRENT else ()) for text in LOOPS]
)
def test_a_loop_twice_as_long_costs_twice_as_much(text: str) -> None:
    calls(text.format(n=10), LOOPS[text](10))  # what is done once
    short, long = (calls(text.format(n=n), LOOPS[text](n)) for n in (40, 80))
    for name, count in long.items():
        assert count <= 2.2 * short[name], name


SCALAR = """
x: {n}
y: {n}
h[0]:
for t in 1..{n}:
    h[t] = tanh(u x[t] + w h[t-1] + b)
    L += (h[t] - y[t])^2
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SCALAR, marks=pytest.mark.slow),
        *(pytest.param(text, marks=() if "sin" in text else pytest.mark.slow) for text in LOOPS),
    ],
)
def test_the_page_of_a_loop_twice_as_long_costs_twice_as_much(text: str) -> None:
    def page(n: int) -> int:
        return _counted(lambda: render(Graph(text.format(n=n)).backprop(), "text"))

    page(3)  # what is done once
    assert page(20) <= 2.4 * page(10)
