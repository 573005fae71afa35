"""The letters of a law are none that the expression holds: in steps, in text, in LaTeX and in JSON."""

from __future__ import annotations

import json

import pytest

import symback
from symback.page.maths import text

# what is derived, by what, the rule, its law in the letters that are shown, and what they stand for
LETTERS = [
    ("x^2 sin x", "x", "product rule", "D(u*v) = D(u)*v + u*D(v)", {"u": "x^2", "v": "sin x"}),
    ("x^2 sin x + u", "x", "product rule", "D(v*w) = D(v)*w + v*D(w)", {"v": "x^2", "w": "sin x"}),
    ("x^2 sin x + u v", "x", "product rule", "D(w*p) = D(w)*p + w*D(p)", {"w": "x^2", "p": "sin x"}),
    ("x^2 sin x + v", "x", "product rule", "D(u*w) = D(u)*w + u*D(w)", {"u": "x^2", "w": "sin x"}),
    ("u^2 sin u", "u", "product rule", "D(v*w) = D(v)*w + v*D(w)", {"v": "u^2", "w": "sin u"}),
    ("x/(x + u)", "x", "quotient rule", "D(v/w) = (D(v)*w - v*D(w))/w^2", {"v": "x", "w": "x + u"}),
    ("sin(x^2) + u", "x", "chain rule", "D(f(v)) = D(f(v), v)*D(v)", {"f": "sin", "v": "x^2"}),
    ("f(x^2) + x", "x", "chain rule", "D(g(u)) = D(g(u), u)*D(u)", {"g": "f", "u": "x^2"}),
    ("(u^2 + 1)^5", "u", "chain rule", "D(v^n) = D(v^n, v)*D(v)", {"n": "5", "v": "u^2 + 1"}),
    ("c x^3", "x", "constant multiple rule", "D(k*u) = k*D(u)", {"k": "c", "u": "x^3"}),
    ("c k x^3", "x", "constant multiple rule", "D(a*u) = a*D(u)", {"a": "ck", "u": "x^3"}),
    ("c u^3", "u", "constant multiple rule", "D(k*v) = k*D(v)", {"k": "c", "v": "u^3"}),
    ("x^2 + c", "x", "constant rule", "D(k) = 0", {"k": "c"}),
    ("x^3 + n", "x", "power rule", "D(x^m) = m*x^(m - 1)", {"m": "3"}),
    ("x t^3", "t", "power rule", "D(t^n) = n*t^(n - 1)", {"n": "3"}),
    ("t^3", "t", "power rule", "D(x^n) = n*x^(n - 1)", {"n": "3"}),
    ("sin(x t)", "t", "derivative of sine", "D(sin(u)) = cos(u)", {}),
    ("x^2 + sin x + u", "x", "sum rule", "D(v + w) = D(v) + D(w)", {"v": "x^2", "w": "sin x", "p": "u"}),
    ("x^x + u", "x", "logarithmic differentiation", "D(v^w) = v^w*D(w*ln(v))", {"v": "x", "w": "x"}),
    ("u x e^x sin x ln x", "x", "product rule",
     "D(v*w*p*q) = D(v)*w*p*q + v*D(w)*p*q + v*w*D(p)*q + v*w*p*D(q)",
     {"v": "x", "w": "e^x", "p": "sin x", "q": "ln x"}),
    ("u = x^2 sin x", "x", "product rule", "D(v*w) = D(v)*w + v*D(w)", {"v": "x^2", "w": "sin x"}),
    ("y = u^2; u = 3x", "x", "chain rule", "D(p) = D(p, u)*D(u)", {"p": "u^2", "u": "3x"}),
    ("p = u^2; u = 3x", "x", "chain rule", "D(v) = D(v, u)*D(u)", {"v": "u^2", "u": "3x"}),
    ("z = x^2 y; x = cos t; y = sin t", "t", "constant multiple rule", "D(c*u) = c*D(u)", {"c": "y", "u": "x^2"}),
    ("y = u^2; u = 3x", "x", "inner function", "D(u) = D(v), where u stands for v", {"v": "3x"}),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "wrt", "rule", "law", "bindings"), LETTERS)
def test_the_letters_of_a_law_are_free(expr: str, wrt: str, rule: str, law: str, bindings: dict[str, str]) -> None:
    derivation = symback.derive(expr, wrt)
    step = next(s for s in derivation.steps if s.rule.name == rule)
    assert step.rule.law == law
    assert {letter: text(tree) for letter, tree in step.bindings.items()} == bindings
    made = next(s for s in json.loads(symback.render(derivation, "json"))["steps"] if s["rule"] == rule)
    assert (made["law"], made["bindings"]) == (law, bindings)


@pytest.mark.parametrize(
    ("expr", "wrt", "form", "part"),
    [
        ("u^2 c", "u", "text", "k = c, v = u²"),
        ("u^2 c", "u", "latex", r"k = c,\ v = u^{2}"),
        ("sin(u^2 v)", "u", "text", "Let w = u²v."),
        ("sin(u^2 v)", "u", "latex", r"w = u^{2} v"),
        ("y = u^2; u = sin x", "x", "text", "Let u = sin x."),
    ],
)
def test_the_letters_are_free_in_every_format(expr: str, wrt: str, form: str, part: str) -> None:
    assert part in symback.render(symback.derive(expr, wrt), form, detail="full")


def test_graphs_have_free_letters_too() -> None:
    graph = symback.Graph("u = x*y; v = sin(u*c); L = u*v")
    steps = json.loads(symback.render(graph.backprop("L"), "json"))["steps"]
    bound = [s["bindings"] for s in steps if s["bindings"]]
    assert bound
    assert not {letter for letters in bound for letter in letters} & {"u", "v", "c", "x", "y", "L"}
