"""Expressions of every kind, as text in Python's explicit syntax that both symback and the oracle read.

One function builds them from a chooser, so Hypothesis can shrink them and a plain random generator can make thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from symback.expr.functions import ROWS

T = TypeVar("T")
Choose = Callable[[Sequence[Any]], Any]
Inner = Callable[[], str]

ONE_ARGUMENT = tuple(row.name for row in ROWS if row.arity == 1)
ORDINARY = ("sin", "cos", "exp", "ln", "sqrt", "tan", "abs", "arctan", "tanh", "sigmoid")
INSIDE = ("arcsin", "arccos", "artanh", "arsech")  # functions of numbers below 1: given a squashed argument
OUTSIDE = ("arcosh", "arcoth", "arcsec", "arccsc")  # functions of numbers above 1: given a raised argument
NUMBERS = ("1", "2", "3", "5", "7", "10", "0.5", "0.25", "1.5", "(1/2)", "(2/3)", "pi", "e")
EXPONENTS = ("2", "3", "4", "5", "1", "0", "-1", "-2", "(1/2)", "(1/3)", "(2/3)", "(-1/2)", "0.5", "(3/2)", "10")


def build(choose: Choose, depth: int, names: Sequence[str] = ("x",), shapes: Sequence[str] = ()) -> str:
    """Return the text of an expression of at most that depth."""
    if depth == 0:
        return str(choose((*names, *names, *names, choose(NUMBERS))))

    def inner() -> str:
        return build(choose, choose((depth - 1, 0, depth // 2)), names, shapes)

    shape = choose(shapes or COMMON)
    return (SHAPES.get(shape) or NEW[shape])(choose, inner)


def _sum(choose: Choose, inner: Inner) -> str:
    return f"({' + '.join(inner() for _ in range(choose((2, 2, 3))))})"


def _product(choose: Choose, inner: Inner) -> str:
    return f"({'*'.join(inner() for _ in range(choose((2, 2, 2, 3, 4))))})"


def _exponential(choose: Choose, inner: Inner) -> str:
    return f"({choose(('e', '2', '10', '0.5', 'pi'))}**{inner()})"


def _call(name: str, argument: str) -> str:
    if name in INSIDE:
        argument = f"sigmoid({argument})" if name == "arsech" else f"tanh({argument})"
    elif name in OUTSIDE:
        argument = f"(1.5 + ({argument})**2)"
    return f"{name}({argument})"


def _maximum(choose: Choose, inner: Inner) -> str:
    left, right = inner(), inner()
    return f"{choose(('max', 'min'))}({left}, {right if right != left else '1.5'})"


def _cases(choose: Choose, inner: Inner) -> str:
    """Return a function by two or three cases, whose conditions are about x."""
    ends = choose((("0",), ("1",), ("-0.5",), ("-1", "2"), ("0.5", "1.5")))
    branches = [f"{inner()}, x {choose(('<', '<='))} {end}" for end in ends]
    return f"cases({', '.join(branches)}, {inner()})"


SHAPES: dict[str, Callable[[Choose, Inner], str]] = {
    "sum": _sum,
    "difference": lambda choose, inner: f"({inner()} - {inner()})",
    "product": _product,
    "quotient": lambda choose, inner: f"({inner()}/{inner()})",
    "power": lambda choose, inner: f"({inner()}**{choose(EXPONENTS)})",
    "minus": lambda choose, inner: f"(-{inner()})",
    "constant multiple": lambda choose, inner: f"({choose(NUMBERS)}*{inner()})",
    "exponential": _exponential,
    "general power": lambda choose, inner: f"({inner()}**{inner()})",
    "ordinary": lambda choose, inner: _call(choose(ORDINARY), inner()),
    "any function": lambda choose, inner: _call(choose(ONE_ARGUMENT), inner()),
    "maximum": _maximum,
    "logarithm": lambda choose, inner: f"log({inner()}, {choose(('2', '10', '3', 'e'))})",
    "root": lambda choose, inner: f"root({inner()}, {choose(('3', '4', '5'))})",
}
NEW: dict[str, Callable[[Choose, Inner], str]] = {  # for tests that ask for them
    "cases": _cases,
    "remainder": lambda choose, inner: f"mod({inner()}, {choose(('2', '3', '0.5'))})",
}
COMMON = (
    *SHAPES,
    "sum",
    "difference",
    "product",
    "product",
    "quotient",
    "power",
    "ordinary",
    "ordinary",
    "any function",
)
SIMPLE = ("sum", "difference", "product", "product", "quotient", "power", "constant multiple", "ordinary", "ordinary")


def random_expression(rng: Random, depth: int, names: Sequence[str] = ("x",), shapes: Sequence[str] = ()) -> str:
    """Return a random expression: the same generator gives the same one."""
    return build(rng.choice, depth, names, shapes)


@st.composite
def expressions(draw: Any, depth: int = 6, names: Sequence[str] = ("x",), shapes: Sequence[str] = ()) -> str:
    """Expressions of depth 1 to `depth` over the whole table of scalar functions."""

    def choose(options: Sequence[T]) -> T:
        return options[draw(st.integers(0, len(options) - 1))]

    return build(choose, draw(st.integers(1, depth)), names, shapes)
