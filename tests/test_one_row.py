"""What CONTRIBUTING promises: a function is one row, and nothing else is to be written."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

HEAD = """
from symback.expr.functions import Function, add
add(Function("versin", "versine", "sin(x)", definition="1 - cos(x)", latex=r"\\operatorname{versin}"))
import numpy as np
from symback import Graph, derive, render
"""


def run(body: str) -> str:
    """Run a program in which a function has been added by its row."""
    done = subprocess.run(
        [sys.executable, "-c", HEAD + dedent(body)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_function_is_derived_and_written() -> None:
    said = run("""
        found = derive("x versin(3x)", "x")
        print(render(found, "text"))
        print(found.verify().verdict)
        print(render(found, "latex"))
    """)
    for words in ("derivative of versine", "versin(3x)", "verified", r"\operatorname{versin}\left(3 x\right)"):
        assert words in said


def test_a_loss_is_one_row_with_steps_numbers_checks_and_code() -> None:
    said = run("""
        from symback.expr import composites
        composites.add(composites.Composite("quantile", "quantile loss", "a, b, q=0.5",
            "mean(max(q*(b - a), (q - 1)*(b - a)))", is_loss=True))
        b = Graph("z: n; y: n\\nL = quantile(z, y, q=0.9)").backprop()
        print(render(b, "text"), b.check.verdict, b.check.proved)
        graph, at = Graph("z: 2; y: 2; L = quantile(z, y)"), {"z": [3.0, 1.0], "y": [1.0, 2.0]}
        print("numbers", graph.forward(at)["L"] == 0.75, graph.backprop(at=at).values["z"].tolist() == [0.25, -0.25])
        for options in ({}, {"dtype": "float32"}):
            loss, gradients = graph.lambdify(**options)(at)
            print("code", bool(abs(loss - 0.75) < 1e-6), np.allclose(gradients["z"], [0.25, -0.25]))
        for backend in ("jax", "torch"):
            print(backend, "maximum" in graph.lambdify(backend=backend).source)
    """)
    for words in ("quantile(a, b, q=0.5), the quantile loss, is", "verified ('z', 'y')", "numbers True True"):
        assert words in said
    assert said.count("code True True") == 2


def test_a_graph_holds_it_in_formulas_numbers_and_code() -> None:
    said = run("""
        b = Graph("a = versin(w x); L = a^2").backprop()
        print(render(b, "text"), b.check.verdict)
        b = Graph("W: m x n; x: n\\na = versin(W @ x)\\nL = sum(a^2)").backprop()
        print(render(b, "text"), b.check.verdict, b.check.proved)
        numbers, arrays = Graph("a = versin(w x); L = a^2"), Graph("x: 2; a = versin(w x); L = sum(a^2)")
        wanted = 4*(1 - np.cos(1))*np.sin(1)
        loss, gradients = numbers.lambdify()({"w": 0.5, "x": 2.0})
        print("math", bool(abs(gradients["w"] - wanted) < 1e-12))
        loss, gradients = arrays.lambdify()({"w": 0.5, "x": np.array([2.0, 2.0])})
        print("numpy", bool(abs(gradients["w"] - 2*wanted) < 1e-12))
        for backend in ("jax", "torch"):
            print(backend, "cos" in arrays.lambdify(backend=backend).source)
    """)
    assert "2a sin(wx) x" in said
    assert "derivative of versine" in said
    assert "('W', 'x')" in said
    assert said.count("verified") == 2
    for backend in ("numpy", "math", "jax", "torch"):
        assert f"{backend} True" in said
