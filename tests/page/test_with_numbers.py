"""The numbers put into a formula, as a textbook multiplies them out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symback.expr.tree import Diff, Edge, Gradient, Plus, Times, Tree, apply, symbol
from symback.graph.graph import Graph
from symback.page import maths, render
from symback.page.with_numbers import abridged, with_numbers
from symback.syntax import parse

VALUES: dict[str, Any] = {
    "a": 3, "b": -2.0, "c": 0.5, "d": -0.25, "p": Fraction(1, 3), "q": Fraction(-5, 2), "t": 1e-12, "x": np.ones(2),
    "w": 0.1 + 0.2, "v": float("nan"), "o": 0.0, "big": 3e15,
}  # fmt: skip
KNOWN: dict[Tree, Any] = {symbol(name): value for name, value in VALUES.items()}
L, o, a, b, x, w = (symbol(name) for name in "Loabxw")


@pytest.mark.parametrize(
    ("typed", "shown", "latex"),
    [
        ("a c", "3 · 0.5", r"3 \cdot 0.5"),
        ("b a", "-2 · 3", r"-2 \cdot 3"),
        ("a b", "3 · (-2)", r"3 \cdot \left(-2\right)"),
        ("a + b", "3 + (-2)", r"3 + \left(-2\right)"),
        ("b - d", "-2 - (-0.25)", r"-2 - \left(-0.25\right)"),
        ("a + b c", "3 + (-2) · 0.5", r"3 + \left(-2\right) \cdot 0.5"),
        ("a - b c", "3 - (-2) · 0.5", r"3 - \left(-2\right) \cdot 0.5"),
        ("-b", "-(-2)", r"-\left(-2\right)"),
        ("2 c", "2 · 0.5", r"2 \cdot 0.5"),
        ("(b - a)^2", "(-2 - 3)²", r"\left(-2 - 3\right)^{2}"),
        ("b^2 c", "(-2)² · 0.5", r"\left(-2\right)^{2} \cdot 0.5"),
        ("2 (c - 1) c", "2 · (0.5 - 1) · 0.5", r"2 \cdot \left(0.5 - 1\right) \cdot 0.5"),
        ("sigma(b c + d)", "σ(-2 · 0.5 + (-0.25))", r"\sigma\left(-2 \cdot 0.5 + \left(-0.25\right)\right)"),
        ("e^(-b)", "e^(-(-2))", r"e^{-\left(-2\right)}"),
        ("ln a", "ln 3", r"\ln 3"),
        ("a/b", "3/(-2)", r"\frac{3}{-2}"),
        ("p q", "(1/3) · (-5/2)", r"\frac{1}{3} \cdot \left(-\frac{5}{2}\right)"),
        ("q + p", "-5/2 + 1/3", r"-\frac{5}{2} + \frac{1}{3}"),
        ("a t", "3 · 1e-12", r"3 \cdot \left(1 \cdot 10^{-12}\right)"),
        ("a big", "3 · 3e15", r"3 \cdot \left(3 \cdot 10^{15}\right)"),
        ("a w", "3 · 0.3", r"3 \cdot 0.3"),
        ("pi a", "π · 3", r"\pi \cdot 3"),
        ("a o", "3 · 0", r"3 \cdot 0"),
    ],
)
def test_numbers_put_in(typed: str, shown: str, latex: str) -> None:
    tree = with_numbers(parse(typed, ["big"]), KNOWN)
    assert tree is not None
    assert (maths.unicode(tree), maths.latex(tree)) == (shown, latex)


@pytest.mark.parametrize("typed", ["a", "3", "-2", "1/2", "2 * 3", "a x", "a z", "a v", "d/da [a c]"])
def test_nothing_where_it_would_say_nothing(typed: str) -> None:
    assert with_numbers(parse(typed), KNOWN) is None


def test_gradients_and_local_derivatives() -> None:
    known = {**KNOWN, Gradient(L, a): -0.25, Edge(a, b): 4.0}
    found = with_numbers(Times(Gradient(L, a), Edge(a, b)), known)
    assert found is not None
    assert maths.text(found) == "-0.25 * 4"
    assert with_numbers(Times(Gradient(L, b), Edge(a, b)), known) is None
    assert with_numbers(Gradient(L, a), known) is None
    assert with_numbers(Diff(a, a), known) is None


def test_a_long_sum_is_abridged() -> None:
    seven = Plus(*(symbol(f"x{i}") for i in range(7)))
    assert maths.unicode(abridged(seven)) == "x₀ + x₁ + x₂ + ... + x₆"
    assert maths.latex(abridged(seven)) == r"x_{0} + x_{1} + x_{2} + \cdots + x_{6}"
    six = Plus(*seven._args[:6])
    assert abridged(six) is six
    assert abridged(apply("sum", seven)) == apply("sum", seven)


def test_in_a_backward_pass() -> None:
    graph = Graph("o1 = sigma(w1 x + b1); yhat = w2 o1; L = (yhat - y)^2")
    backward = graph.backprop(at={"w1": 0.5, "x": 1, "b1": -0.5, "w2": 1, "y": 1})
    shown = " ".join(render(backward, width=120).split())
    assert "o₁ = σ(w₁x + b₁) = σ(0.5 · 1 + (-0.5)) = 0.5" in shown
    assert "L = (ŷ - y)² = (0.5 - 1)² = 0.25" in shown
    assert "∂L/∂w₂ = ∂L/∂ŷ · ∂ŷ/∂w₂" in shown
    plain = render(backward, unicode=False, width=120)
    assert plain.isascii()
    assert "L    = (yhat - y)^2 = (0.5 - 1)^2" in plain
    for format in ("latex", "markdown"):
        assert r"\left(\hat{y} - y\right)^{2} = \left(0.5 - 1\right)^{2}" in render(backward, format)


def test_fractions_stay_fractions() -> None:
    shown = render(Graph("L = x y/3").backprop(at={"x": 1, "y": 2}, exact=True), width=100)
    assert "L = xy/3 = 1 · 2/3 = 2/3" in shown


def test_numbers_that_have_no_room_are_left_out() -> None:
    graph = Graph("L = a b c d + b c d a")
    at = {"a": 1.23456789, "b": 2.3456789, "c": 3.456789, "d": 4.56789}
    assert "1.23456789 · 2.3456789" in render(graph.backprop(at=at), width=150)
    assert "1.23456789 · 2.3456789" not in render(graph.backprop(at=at), width=60)
    assert "1.23456789 ·" not in render(graph.backprop(at=at), "text", "brief", width=150)
