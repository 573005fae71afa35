"""Whether a derivative exists at a point, judged without the engine: the formula and the point are given by hand."""

from __future__ import annotations

import pytest

from symback.check import verify
from symback.check.at_a_point import Finding, look_at
from symback.parse import parse
from symback.rule import Derivation, Move, Rule
from symback.tree import Diff, Tree, symbol

X, Y = symbol("x"), symbol("y")

# fmt: off
FINDINGS = [  # function, its formula, the point, what there is
    ("x^2", "2x", "3", Finding.FINE), ("|x|", "sign x", "0", Finding.NO_DERIVATIVE),
    ("|x|", "sign x", "2", Finding.FINE), ("x|x|", "2|x|", "0", Finding.FINE),
    ("relu(x)", "step x", "0", Finding.NO_DERIVATIVE), ("step x", "0", "0", Finding.NO_DERIVATIVE),
    ("ln x", "1/x", "-1", Finding.NO_VALUE), ("x/x", "0", "0", Finding.NO_VALUE),
    ("x^(1/3)", "1/(3x^(2/3))", "0", Finding.NO_DERIVATIVE), ("sqrt x", "1/(2 sqrt x)", "0", Finding.NO_DERIVATIVE),
    ("x^(3/2)", "3 sqrt(x)/2", "0", Finding.FROM_ONE_SIDE), ("tan x", "sec^2 x", "pi/2", Finding.NO_DERIVATIVE),
    ("x^2", "2x + 1", "3", Finding.FINE),  # whether the formula is right is for the other points to say
    ("|x + 5|", "sign(x + 5)", "-5", Finding.NO_DERIVATIVE), ("x^x^x", "x", "1000", Finding.FINE),
]
# fmt: on


@pytest.mark.parametrize(("function", "formula", "point", "finding"), FINDINGS)
def test_what_there_is(function: str, formula: str, point: str, finding: Finding) -> None:
    assert look_at(Diff(parse(function), X), parse(formula), {X: parse(point)}) is finding


@pytest.mark.parametrize(("function", "formula"), [("|x|", "0"), ("x|x|", "2 sign x")])
def test_every_pass_must_have_its_derivative(function: str, formula: str) -> None:
    pending = Diff(Diff(parse(function), X), X)
    assert look_at(pending, parse(formula), {X: parse("0")}) is Finding.NO_DERIVATIVE
    assert look_at(pending, parse(formula), {X: parse("1")}) is Finding.FINE


def test_a_variable_that_is_left_open_is_anywhere() -> None:
    assert look_at(Diff(parse("|x - y|"), X), parse("sign(x - y)"), {X: parse("1")}) is Finding.FINE
    assert look_at(Diff(parse("y|x|"), X), parse("y sign x"), {X: parse("0")}) is Finding.NO_DERIVATIVE


def at_point(function: str, formula: str, value: str, point: str) -> Derivation:
    start, line, last = Diff(parse(function), X), parse(formula), parse(value)
    put_in: tuple[tuple[str, Tree], ...] = (("x", parse(point)),)
    moves = (Move(Rule("some rule", "u = v"), (), start, line), Move(Rule("substitute", ""), (), line, last, put_in))
    return Derivation(start, moves, last, (X,), point=((X, parse(point)),))


def test_the_verdict_says_that_no_step_is_wrong() -> None:
    found = verify(at_point("|x|", "sign x", "0", "0"))
    assert (found.verdict, found.outside, found.failed_step) == ("failed", True, None)
    assert found.message == "The function has no derivative at this point."


def test_a_wrong_step_is_named_all_the_same() -> None:
    found = verify(at_point("|x|", "2 sign x", "0", "0"))
    assert (found.verdict, found.outside, found.failed_step) == ("failed", False, 0)
