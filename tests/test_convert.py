"""SymPy expressions that are asked about: what becomes of their names and heads, what is refused, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
import sympy
from sympy import Dummy, Float, Function, Heaviside, Max, Min, Rational, Symbol

import symback
from symback.errors import TooLarge, UsageError
from symback.expr import tree
from symback.page.maths import text
from symback.syntax.convert import from_sympy, to_sympy

x, y = sympy.symbols("x y")

# fmt: off
NAMES = [  # SymPy's name, symback's
    ("x", "x"), ("x_1", "x1"), ("x_{1}", "x1"), ("theta_0", "theta0"), ("x_max", "x_max"), ("α", "alpha"),
    (r"\alpha", "alpha"), ("alpha_1", "alpha1"), ("lambda", "lambda"), ("w_{32}^{[1]}", "w32^[1]"), ("loss", "loss"),
    ("E", "E"), ("e", "e"), ("pi", "pi"), ("S", "S"),
]
NO_NAMES = [
    "", " ", "x y", "x,y", "x+y", "x^2", "1x", "_x", "sin", "__import__('os')", r"\input{a}", "<b>", "\x1b[31m",
    "x" * 40,
]

HEADS = [  # a SymPy expression, the text of its tree
    (sympy.exp(-x), "e^(-x)"), (1/sympy.sqrt(x), "1/sqrt(x)"), (x**-2, "1/x^2"), (Float("0.1")*x, "0.1x"),
    (x**Rational(2, 3), "x^(2/3)"),
    (Max(x, y, 1), "max(max(1, x), y)"), (Min(x, y), "min(x, y)"), (Heaviside(x, 0), "step(x)"),
    (Heaviside(x, 1), "1 - step(-x)"), (Function("f")(x), "f(x)"), (Function("sigmoid")(x), "sigmoid(x)"),
    (tree.Times(tree.TWO, tree.symbol("x")) + y, "y + 2x"),
]
UNKNOWN = [  # what symback does not know, and the word that says so
    (sympy.Piecewise((x, sympy.Contains(x, sympy.Interval(0, 1))), (0, True)), "Contains"),
    (sympy.Integral(x, x), "Integral"),
    (sympy.I*x, "ImaginaryUnit"),
    (sympy.Subs(sympy.Derivative(x**2, x), x, 3), "Subs"), (sympy.gamma(x), "gamma"), (sympy.oo, "Infinity"),
    (Heaviside(x, y), "Heaviside"), (Function("exp")(x), "exp"), (Function(r"\input{a}")(x), "input"),
    (Function("max")(x), "max"),
]
# fmt: on


@pytest.mark.parametrize(("name", "own"), NAMES)
def test_a_symbol_of_sympy_gets_the_name_in_symbacks_spelling(name: str, own: str) -> None:
    z = Symbol(name)
    for derivation in (symback.derive(z**2), symback.derive(z**2, z), symback.derive(z**2, name)):
        assert derivation.last == tree.Times(tree.TWO, tree.symbol(own))
        assert derivation.answer == 2 * z
    assert symback.gradient(z**2 * Symbol("q")).answer[1 if own > "q" else 0] == 2 * z * Symbol("q")
    assert symback.derive(z**3, z, at={z: 2}).answer == 12


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_symbol_whose_name_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        symback.derive(Symbol(name) * x, x)


@pytest.mark.parametrize("expr", [x * Dummy("x"), Symbol("x_1") + Symbol("x1"), x + sympy.Wild("x")])
def test_two_symbols_never_become_one(expr: sympy.Expr) -> None:
    with pytest.raises(UsageError, match="Two different symbols"):
        from_sympy(expr)


def test_assumptions_of_a_symbol_make_no_other_symbol() -> None:
    assert symback.derive(Symbol("x", positive=True) ** 2 + x, x).answer == 2 * x + 1


@pytest.mark.parametrize(("expr", "written"), HEADS)
def test_heads(expr: sympy.Expr, written: str) -> None:
    assert text(from_sympy(expr)) == written


@pytest.mark.parametrize(("expr", "word"), UNKNOWN)
def test_what_symback_does_not_know_is_named(expr: Any, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        from_sympy(expr)


def test_an_odd_root_of_a_negative_number_is_real() -> None:
    assert symback.derive("x^(1/3)", "x", at={"x": -8}).answer == Rational(1, 12)
    assert symback.derive("cbrt(x)", "x", at={"x": -8}).answer == Rational(1, 12)


@pytest.mark.parametrize("wrap", [lambda t: tree.apply("sin", t), lambda t: tree.Power(tree.E, t)])
def test_a_deep_tree_has_an_answer(wrap: Callable[[tree.Tree], tree.Tree]) -> None:
    deep = tree.symbol("x")
    for _ in range(500):
        deep = wrap(deep)
    assert to_sympy(deep).is_commutative


@pytest.mark.parametrize(
    "value", [10**400, -(10**5000), Fraction(1, 10**400), sympy.Integer(10) ** 5000 * x], ids="abcd"
)
def test_a_number_may_have_400_digits(value: Any) -> None:
    with pytest.raises(TooLarge):
        symback.derive(value, "x")
    assert symback.derive(10**400 - 1, "x").answer == 0


# --- the question ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrt", [None, "", (), []])
def test_without_a_variable_the_only_one_is_taken(wrt: Any) -> None:
    assert text(symback.derive("x^2", wrt).last) == "2x"


@pytest.mark.parametrize("wrt", [3, 2.5, ["x", 3], x**2])
def test_a_variable_must_be_a_name(wrt: Any) -> None:
    with pytest.raises(UsageError):
        symback.derive("x^2", wrt)


@pytest.mark.parametrize("at", [{"x": 2}, {x: 2}, {tree.symbol("x"): "2"}, {"x": Fraction(2)}, "x=2"])
def test_a_point(at: Mapping[Any, Any] | str) -> None:
    assert symback.derive("x^3", "x", at=at).answer == 12


def test_numbers_of_numpy_are_values() -> None:
    numpy = pytest.importorskip("numpy")
    for value in (numpy.float64(2.5), numpy.float32(2.5), numpy.int64(2)):
        assert symback.derive("x^2", "x", at={"x": value}).answer == 2 * Rational(str(value.item()))


@pytest.mark.parametrize("at", [[("x", 2)], {"x": "x + 1"}, {"x": "y", "y": 2}, {"x": None}, {"x": True}, {"x,y": 1},
                                {"x": 1, x: 2}, {"x": float("inf")}])  # fmt: skip
def test_what_is_no_point_is_refused(at: Any) -> None:
    with pytest.raises(UsageError):
        symback.derive("x^2 y", "x", at=at)
