"""Functions by cases, remainders and steps in graphs: what they become, their gradients, and their code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import symback
from symback.errors import DomainError, ParseError, ShapeError
from symback.page.maths import text
from symback.syntax.arrays import Arrays, Call
from symback.syntax.reading import tree_in
from symback.syntax.source import Source

# fmt: off
READ = [  # what is typed, what it becomes
    ("cases(x^2, x < 1, 2x)", "where(x < 1, x^2, 2x)"), ("x^2 if x < 1 else 2x", "where(x < 1, x^2, 2x)"),
    ("cases(x, x <= 0, 2, x = 3, x^2)", "where(x <= 0, x, where(x == 3, 2, x^2))"),
    ("x if x < 0 else x^2 if x < 2 else 7", "where(x < 0, x, where(x < 2, x^2, 7))"),
    ("cases(x, 0 <= x < 1, 3)", "where((0 <= x)*(x < 1), x, 3)"),
    ("cases(x, x < 0 or x > 1, 3)", "where(max(x < 0, x > 1), x, 3)"),
    (r"\begin{cases} x^2 & x \ge 1 \\ 2x & \text{otherwise} \end{cases}", "where(x >= 1, x^2, 2x)"),
    ("{x^2 if x < 1, 2x otherwise}", "where(x < 1, x^2, 2x)"),
]
SLOPES = [  # loss, point, its slopes
    ("L = cases(x^2, x < 1, 2x)", {"x": 3.0}, {"x": 2.0}), ("L = x^2 if x < 1 else 2x", {"x": 0.5}, {"x": 1.0}),
    ("L = cases(x^3, 0 <= x < 1, a x, x >= 1, a^2)", {"x": -2.0, "a": 5.0}, {"x": 0.0, "a": 10.0}),
    ("L = cases(x^3, x < 0 or x > 2, 5x)", {"x": 3.0}, {"x": 27.0}),
    ("x: 4\nL = sum(cases(x^2, 0 <= x < 1, 2x, x >= 1, 3))", {"x": [0.5, 2.0, -1.0, 0.2]}, {"x": [1.0, 2.0, 0.0, 0.4]}),
    ("L = x mod 3", {"x": 7.5}, {"x": 1.0}), ("L = mod(x, m)", {"x": 7.5, "m": 2.0}, {"x": 1.0, "m": -3.0}),
    ("L = mod(x, m)", {"x": -7.5, "m": 2.0}, {"x": 1.0, "m": 4.0}), ("L = x mod(x^2, 3)", {"x": 2.5}, {"x": 12.75}),
    ("x: 3\nL = sum(mod(x, 2)*x)", {"x": [1.5, -0.3, 7.2]}, {"x": [3.0, 1.4, 8.4]}),
    ("L = x floor(x) + ⌈x⌉ + round(x)", {"x": 7.6}, {"x": 7.0}), ("L = ⌊2x⌋ x", {"x": 1.3}, {"x": 2.0}),
]
WRONG = [  # what is typed, the message, the hint
    ("L = cases(x^2, x < 1)", "In a graph cases have a value everywhere.", "cases(x^2, x < 1, 2x)"),
    ("L = where(x = 1, x, 2)", "There is an equals sign in brackets.", "=="),
    ("L = cases(x < 1, x, 2)", "This is a condition, where cases needs a value.", "cases("),
    ("L = 0 < x < 1", "Write one comparison at a time.", "(a < b) * (b < c)"),
    ("L = x + 3 mod 2", "It is not clear what mod is taken of.", "mod(x + 3, 2)"),
]
# fmt: on


@pytest.mark.parametrize(("typed", "expected"), READ)
def test_cases_become_choices(typed: str, expected: str) -> None:
    reserved = Arrays(calls={"where": Call("where", 3, 3)}, reserved={"where": "where"})
    assert tree_in(Source(typed, arrays=reserved)) == tree_in(Source(expected, arrays=reserved))
    assert symback.Graph(f"L = {typed}").nodes == symback.Graph(f"L = {expected}").nodes


@pytest.mark.parametrize(("graph", "at", "slopes"), SLOPES)
def test_slopes_and_their_check(graph: str, at: dict[str, Any], slopes: dict[str, Any]) -> None:
    found = symback.Graph(graph, at).backprop("L", at=at)
    for name, slope in slopes.items():
        np.testing.assert_allclose(found.values[name], slope, rtol=1e-12)
    assert found.check.verdict == "verified"


@pytest.mark.parametrize(("graph", "at", "slopes"), SLOPES)
def test_code(graph: str, at: dict[str, Any], slopes: dict[str, Any]) -> None:
    values = {name: np.asarray(value) if isinstance(value, list) else value for name, value in at.items()}
    _, found = symback.Graph(graph, at).lambdify("L", wrt=list(slopes))(values)
    for name, slope in slopes.items():
        np.testing.assert_allclose(found[name], slope, rtol=1e-12)


def test_a_slope_of_a_remainder_as_a_formula() -> None:
    found = symback.Graph("L = mod(x, m)").backprop("L", at={"x": 7.5, "m": 2.0})
    assert {name: text(tree) for name, tree in found.gradients.items()} == {"x": "1", "m": "-floor(x/m)"}


@pytest.mark.parametrize(("typed", "message", "hint"), WRONG)
def test_what_does_not_fit_is_said(typed: str, message: str, hint: str) -> None:
    with pytest.raises((ParseError, ShapeError), match=message[:20]) as raised:
        symback.Graph(typed)
    assert message in str(raised.value)
    assert hint in raised.value.hint


# --- joints and points where a formula has no value -------------------------------------------------------------------

JOINTS = [  # a graph, its values, what is equal there
    ("L = where(w > 1, w^2, w)", {"w": 1}, "w = 1"),
    ("L = where(w > 1, w^2, w)", {"w": 2}, ""),
    ("a = w + 1; L = where(a^2 <= 4, w^2, 2w)", {"w": 1}, "a^2 = 4"),
    ("m = w >= 1; L = w m", {"w": 1}, "w = 1"),
    ("L = sum(where(x > 1, x^2, x))", {"x": [1, 2]}, "x = 1 for some entries"),
    ("L = sum(where(x > y, x, y))", {"x": [1, 2], "y": [0, 3]}, ""),
]


@pytest.mark.parametrize(("graph", "at", "equal"), JOINTS)
def test_a_joint_is_named(graph: str, at: dict[str, Any], equal: str) -> None:
    notes = [
        note for note in symback.Graph(graph).backprop(at=at).notes if note.startswith("The values lie at a joint")
    ]
    assert [note.partition(", ")[2].partition(":")[0] for note in notes] == ([equal] if equal else [])


@pytest.mark.parametrize(("graph", "last"), [
    ("L = sqrt(w^4)", "= 2w³/L = 0"), ("L = sqrt(w^2)", "= w/L = 0"), ("L = sqrt(w^4) + w", "= 2w³/√(w⁴) + 1 = 1"),
    ("L = w/(w + 1)", "= (1 · (0 + 1) - 0 · 1)/(0 + 1)² = 1"),
])  # fmt: skip
def test_no_line_divides_by_zero(graph: str, last: str) -> None:
    printed = symback.render(symback.Graph(graph).backprop(at={"w": 0}), "text")
    assert "/0 " not in printed
    assert "/√(0⁴)" not in printed
    assert last.split(" = ")[-1] in printed


@pytest.mark.parametrize("graph", ["L = cbrt(w^3)", "L = root(w^5, 5)", "u = w^3; L = u^(1/3)"])
def test_an_infinite_factor_of_the_chain_rule_is_no_fault_of_the_program(graph: str) -> None:
    with pytest.raises(DomainError, match="a factor of the chain rule is infinite here") as caught:
        symback.Graph(graph).backprop(at={"w": 0})
    assert "symback derive" in caught.value.hint


@pytest.mark.parametrize("graph", ["L = (x^2 - 2)^2", "L = (x^2 - 2)^2 + (x^3 - 2x)^2", "L = (x^4 - 4)^2"])
def test_a_gradient_that_is_rounding_alone_does_not_fail(graph: str) -> None:
    check = symback.Graph(graph).backprop(at={"x": 2**0.5}).check
    assert check is not None
    assert check.verdict == "verified"
