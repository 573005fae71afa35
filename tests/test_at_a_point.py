"""Whether a derivative exists at a point, judged without the engine: the formula and the point are given by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from mpmath import mp

import symback
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Diff, Tree, symbol
from symback.page.maths import text
from symback.syntax import parse
from symback.verify import verify
from symback.verify.approach import approach
from symback.verify.at_a_point import Finding, look_at
from symback.verify.compare import Huge, Undefined, evaluate
from symback.verify.second_look import Opinion, second_look
from symback.verify.values import Beyond

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


# --- a second judge of limits -----------------------------------------------------------------------------------------

C, R, U = Opinion.CONFIRMED, Opinion.REFUTED, Opinion.UNKNOWN
# fmt: off
SECOND = [  # function, its formula, what was found at 0, the opinion, whether there is but one side
    ("sqrt(x^4)", "2x^3/sqrt(x^4)", "0", C, False), ("sqrt(x^4)", "2x^3/sqrt(x^4)", "1/1000", R, False),
    ("cbrt(x^3)", "x^2/cbrt(x^3)^2", "1", C, False), ("cbrt(x^3)", "x^2/cbrt(x^3)^2", "-1", R, False),
    ("sqrt(x^2 + x^4) - |x|", "(x + 2x^3)/sqrt(x^2 + x^4) - sign x", "0", C, False),
    ("x sqrt(x)", "3 sqrt(x)/2", "0", C, True), ("|x|^(6/5)", "6/5 |x|^(1/5) sign x", "0", C, False),
    ("y sqrt(x^4)", "2y x^3/sqrt(x^4)", "0", C, False), ("y cbrt(x^3)", "y x^2/cbrt(x^3)^2", "1", R, False),
    ("cases(x^2 sin(1/x), x != 0, 0)", "2x sin(1/x) - cos(1/x)", "0", C, False),
    ("cases(x^2 sin(1/x), x != 0, 0)", "2x sin(1/x) - cos(1/x)", "1", R, False),
    ("cases(e^(-1/x^2), x != 0, 0)", "2e^(-1/x^2)/x^3", "0", C, False),
    ("cases(x sin(1/x), x != 0, 0)", "sin(1/x) - cos(1/x)/x", "0", U, False),
    ("cases(x sin(pi/x), x != 0, 0)", "sin(pi/x) - pi cos(pi/x)/x", "0", U, False),
    ("cases(x/ln|x|, x != 0, 0)", "1/ln|x| - 1/ln(|x|)^2", "0", U, False),
    ("10^-30 cbrt(x^3)", "10^-30 x^2/cbrt(x^3)^2", "0", R, False),
    ("10^-30 cbrt(x^3)", "10^-30 x^2/cbrt(x^3)^2", "10^-30", C, False),
    ("10^-200 cbrt(x^3)", "10^-200 x^2/cbrt(x^3)^2", "10^-200", U, False),
    ("|x|", "sign x", "0", R, False), ("cases(1, x > 0, 2)", "0", "0", U, False),
]
# fmt: on


@pytest.mark.parametrize(("function", "formula", "found", "opinion", "one_sided"), SECOND)
def test_a_second_judge(function: str, formula: str, found: str, opinion: Opinion, one_sided: bool) -> None:
    seen = second_look(parse(function), parse(formula), X, {X: parse("0")}, parse(found))
    assert seen == (opinion, one_sided)


@pytest.mark.parametrize(
    ("function", "trend"),
    [("cos(x)", "SETTLES"), ("x^(1/4)", "SETTLES"), ("x ln x", "SETTLES"), ("x sin(1/x)", "SETTLES"),
     ("e^(-1/x)", "SETTLES"), ("1/x", "GROWS"), ("ln x", "GROWS"), ("x^(-1/9)", "GROWS"), ("sin(1/x)", "SWINGS"),
     ("sin(pi/x)", "SWINGS"), ("sin(ln x)", "UNKNOWN"), ("1/ln x", "UNKNOWN"), ("ln(-ln x)", "UNKNOWN"),
     ("sqrt(-x)", "NOT_REAL")],
)  # fmt: skip
def test_what_values_come_to(function: str, trend: str) -> None:
    tree = parse(function)
    with mp.workdps(220):
        assert approach(lambda h: value_or_none(tree, h)).trend.name == trend


def value_or_none(tree: Tree, x: Any) -> Any:
    try:
        return evaluate(tree, {X: x}, 220)
    except Huge:
        raise Beyond from None
    except Undefined:
        return None


def test_a_wrong_limit_is_not_verified() -> None:
    right = symback.derive("sqrt(x^4)", at={"x": 0})
    move = right.moves[-1]
    for value, verdict in (("0", "verified"), ("2", "failed")):
        changed = replace(
            right,
            moves=(*right.moves[:-1], Move(move.rule, move.path, move.piece, parse(value), move.bound)),
            last=parse(value),
        )
        assert verify(changed).verdict == verdict
    slow = "cases(x/ln|x|, x != 0, 0)"
    bound = (("f", parse(slow)), ("x", parse("0")))
    guessed = Move(move.rule, (), parse("1/ln|x| - 1/ln(|x|)^2"), parse("0"), bound)
    found = verify(Derivation(guessed.piece, (guessed,), guessed.result, (X,)))
    assert (found.verdict, found.message) == (
        "unverified", "Not verified: the limit could not be found in a second way.")  # fmt: skip


# fmt: off
LIMITS = [  # function, the slope at 0 as it is written, the label
    ("cbrt(x^3)", "1", ""), ("sqrt(3) pi cbrt(x^3)", "sqrt(3) pi", ""), ("(1 + sqrt 2) cbrt(x^3)", "1 + sqrt(2)", ""),
    ("ln(2) cbrt(x^3)", "ln 2", ""), ("e^2 cbrt(x^3)", "e^2", ""), ("cbrt(2x^3)", "cbrt(2)", ""),
    ("10^12 cbrt(x^3)", "1000000000000", ""), ("10^-30 cbrt(x^3)", "1e-30", ", rounded"), ("10^-30 sqrt(x^4)", "0", ""),
    ("cbrt(x^3)/7919", "0.0001262785705", ", rounded"),
    ("10^12 sin(1) cbrt(x^3)", "1000000000000 sin 1", ""), ("cbrt(x^3)/1000", "1/1000", ""),
    ("cbrt(x^3 ln(2) sin(1))", "0.8355161882", ", rounded"), ("cbrt(-x^3 sin(1))", "-0.9440892412", ", rounded"),
]
# fmt: on


@pytest.mark.parametrize(("function", "slope", "label"), LIMITS)
def test_limits_as_one_writes_them(function: str, slope: str, label: str) -> None:
    found = symback.derive(function, at={"x": 0})
    assert (text(found.last), found.moves[-1].rule.name) == (slope, f"limit of the difference quotient{label}")
    assert ("rounded to ten digits" in " ".join(found.notes)) is bool(label)
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize(("function", "point", "slope"), [
    ("sqrt(sin(x)^4)", "pi", "0"), ("cbrt(sin(x)^3)", "pi", "-1"), ("cbrt((x^2 - 2)^3)", "sqrt(2)", "2 sqrt(2)"),
])  # fmt: skip
def test_limits_at_points_that_are_no_fractions(function: str, point: str, slope: str) -> None:
    found = symback.derive(function, at={"x": point})
    assert found.moves[-1].rule.name == "limit of the difference quotient"
    assert found.answer == parse(slope).doit()
    assert found.verify().verdict == "verified"
