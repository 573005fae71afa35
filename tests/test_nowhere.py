"""Functions that are real nowhere, impossible bases, derivatives where the formula is 0/0, names that do not occur."""

from __future__ import annotations

import json

import pytest

import symback as package
from symback.errors import DomainError, ParseError, UsageError
from symback.expr.tree import symbol
from symback.syntax import parse
from symback.verify.quotient import limit_at
from tests.running import Run

# fmt: off
NOWHERE = [  # function, what is said
    ("(-2)^x", "base of a power"), ("0^x", "base of a power"), ("(1-3)^(2x)", "base of a power"),
    ("log(x, 0)", "base of a logarithm"), ("log(x, 1)", "base of a logarithm"), ("log(x, -2)", "base of a logarithm"),
    ("root(x, 0)", "index"), ("ln(-x^2)", "no real value anywhere"), ("sqrt(-1-x^2)", "no real value anywhere"),
    ("arcsin(2+x^2)", "no real value anywhere"), ("artanh(2+x^2)", "no real value anywhere"),
    ("sqrt(x) + sqrt(-x-1)", "no real value anywhere"), ("x/(x-x)", "divides by zero"),
    ("(-1-x^2)^x", "no real value anywhere"), ("max(x, arccos(2))", "arccos(u) has none for u = 2"),
    ("0*arccos(2) x", "arccos(u) has none"), ("ln(-1) + x", "ln(u) has none"), ("0^0 x", "0 has no power 0"),
    ("x + 0^-1", "0 has no power -1"), ("(-2)^(1/2) x", "no real power"),
]
SOMEWHERE = [  # real in a small window, or far away
    "sqrt(x-10^6)", "sqrt(x-10^9)", "ln(-x-10^12)", "sqrt(0.001 - x^2)", "ln(x-50)", "arcsin((x-100)/0.01)",
    "arcsin(x^2-10^6)", "arccos(x-e^10)", "sqrt(10^-8-(x-3)^2)", "ln(sin(x) - 0.999)", "arcsin(ln x - 20)",
    "ln(ln(ln(ln x)))", "x^x", "x^relu(x)", "e^(e^(e^x))",
]
NO_VALUE = [  # expression, point
    ("log(6, x)", "x=0"), ("log(6, x)", "x=1"), ("log(6, x)", "x=-2"), ("arccot x", "x=0"), ("x^x", "x=0"),
    ("e^(ln x)", "x=0"), ("3/ln x", "x=0"), ("root(x, n)", "x=2,n=0"), ("artanh x", "x=1"), ("0^x", "x=-1"),
]
LIMITS = [  # function, point, slope by x
    ("sqrt(x^4)", {"x": 0}, "0"), ("cbrt(x^3)", {"x": 0}, "1"), ("x sqrt(x^2+y^2)", {"x": 0, "y": 0}, "0"),
    ("cbrt(x y)", {"x": 1, "y": 0}, "0"), ("cbrt(2x^3)", {"x": 0}, "cbrt(2)"), ("pi cbrt(x^3)", {"x": 0}, "pi"),
    ("sqrt((x-pi)^4)", {"x": "pi"}, "0"), ("cbrt((x-1)^3)", {"x": 1}, "1"), ("-3 cbrt(x^3)/2", {"x": 0}, "-3/2"),
    ("a sqrt(x^4)", {"x": 0}, "0"),
]
NO_LIMIT = [  # function, what is said of it at 0
    ("|x|", "-1 on one side and 1 on the other"), ("sqrt(x^2)", "-1 on one side and 1 on the other"),
    ("cbrt x", "grows beyond all bounds"), ("sqrt x", "grows beyond all bounds"),
    ("sqrt(1 - cos x)", "-0.707107 on one side and 0.707107 on the other"), ("ln x", "ln(u) has none for u = 0"),
]
# fmt: on


@pytest.mark.parametrize(("function", "said"), NOWHERE)
def test_a_function_that_is_real_nowhere_is_refused(function: str, said: str) -> None:
    with pytest.raises(DomainError) as found:
        package.derive(function, "x")
    assert said in str(found.value)
    with pytest.raises(DomainError):
        package.gradient(f"y + {function}", ["x", "y"])


def test_it_is_exit_code_1(symback: Run) -> None:
    said = symback("derive", "(-2)^x", "--format", "json")
    assert said.code == 1
    assert json.loads(said.out)["error"]["code"] == "domain"


@pytest.mark.parametrize("function", SOMEWHERE)
def test_a_function_that_is_real_somewhere_is_derived(function: str) -> None:
    assert package.derive(function, "x").verify().verdict == "verified"


def test_a_letter_that_is_a_whole_number_makes_it_real() -> None:
    assert package.derive("(-1)^n x^n", "x").last == parse("n x^(n-1) (-1)^n")


@pytest.mark.parametrize(("expression", "point"), NO_VALUE)
def test_no_value_at_a_point(symback: Run, expression: str, point: str) -> None:
    assert symback("evaluate", expression, "--at", point).code == 1


@pytest.mark.parametrize(("function", "point"), [("4x + 3/ln(y)", {"x": 2, "y": 0}), ("x e^(ln y)", {"x": 1, "y": 0})])
def test_no_derivative_where_the_function_has_no_value(function: str, point: dict[str, int]) -> None:
    with pytest.raises(DomainError, match="The function has no value"):
        package.derive(function, "x", at=point)


# --- the limit of the difference quotient -----------------------------------------------------------------------------


@pytest.mark.parametrize(("function", "point", "slope"), LIMITS)
def test_a_derivative_where_the_formula_has_no_value(function: str, point: dict[str, object], slope: str) -> None:
    found = package.derive(function, "x", at=point)
    assert found.last == parse(slope)
    assert found.steps[-1].rule.name == "limit of the difference quotient"
    assert "limit of the difference quotient from both sides" in " ".join(found.notes)
    assert found.verify().verdict == "verified"


def test_a_limit_from_one_side_says_so() -> None:
    found = package.derive("sqrt(x^3)", "x", at={"x": 0})
    assert "from the side where the function is real" in found.notes[-1]


@pytest.mark.parametrize(("function", "said"), NO_LIMIT)
def test_the_error_says_why_there_is_no_derivative(function: str, said: str) -> None:
    with pytest.raises(DomainError) as found:
        package.derive(function, "x", at={"x": 0})
    assert said in str(found.value)


def test_a_gradient_of_limits() -> None:
    found = package.gradient("x sqrt(x^2+y^2)", at={"x": 0, "y": 0})
    assert found.value == (0, 0)
    assert found.verify().verdict == "verified"
    assert len([note for note in found.notes if "difference quotient" in note]) == 1


@pytest.mark.parametrize(("function", "value"), [("x/ln|x|", None), ("|x|", None), ("x^2", "0"), ("sin x", "1")])
def test_what_the_quotient_comes_to(function: str, value: str | None) -> None:
    found = limit_at(parse(function), symbol("x"), {symbol("x"): parse("0")}).value
    assert found == (None if value is None else parse(value))


# --- points -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [("derive", "x^2"), ("evaluate", "x^2"), ("gradient", "x^2"), ("hessian", "x^2"), ("jacobian", "x^2")]
)
def test_a_name_that_does_not_occur_is_said(symback: Run, command: tuple[str, ...]) -> None:
    said = symback(*command, "--at", "x=1,y=3")
    assert said.code == 0
    assert "y does not occur in the expression: the names there are x." in " ".join(said.err.split())


def test_a_name_that_a_graph_does_not_have_is_refused(symback: Run) -> None:
    assert "no input y" in symback("backprop", "L = x^2", "--at", "x=1,y=3").err


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "Infinity", "oo"])
def test_what_is_no_number_is_no_product_of_letters(symback: Run, word: str) -> None:
    for command in (("derive", "x^2"), ("evaluate", "x^2"), ("backprop", "L = x^2")):
        said = symback(*command, f"--at=x={word}")
        assert said.code == 3
        assert "is not a real number" in said.err
    with pytest.raises(ParseError):
        package.derive("x^2", "x", at={"x": word})


@pytest.mark.parametrize("value", [1 + 2j, None, [1, 2j], "2"])
def test_a_graph_takes_real_numbers(value: object) -> None:
    graph = package.Graph("L = sum(x^2)")
    for ask in (graph.forward, lambda at: graph.backprop(at=at)):
        with pytest.raises(UsageError, match="real numbers are needed"):
            ask({"x": value})  # type: ignore[operator]


# --- numbers beyond floats --------------------------------------------------------------------------------------------

HUGE = "9" * 330


@pytest.mark.parametrize("to", ["text", "notebook", "json", "latex", "html"])
def test_a_number_beyond_floats_is_exact(symback: Run, to: str) -> None:
    said = symback("derive", f"{HUGE} x", "--at", "x=2", "--format", to)
    assert (said.code, said.err) == (0, "")


def test_a_number_beyond_floats_in_a_graph_is_a_clear_error(symback: Run) -> None:
    assert "too large" in symback("backprop", f"L = {HUGE} x^2", "--at", "x=2").err
    assert "too large" in symback("backprop", "L = x^2", "--at", f"x={HUGE}").err


@pytest.mark.parametrize("text", ["(1/3)^100000000 x", "2^(-100000000) x", "0.5^100000000 x", "9^9^9 x"])
def test_a_power_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="too large"):
        package.derive(text, "x")
