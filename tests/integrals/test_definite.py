"""Integrals between limits: values, improper ones, and what is refused with the place that is named."""

import pytest
import sympy

import symback
from symback.calculus.integrals.ask import read_limit
from symback.calculus.integrals.lettered import verify_with_letters
from symback.errors import DomainError, UsageError
from symback.page.maths import text
from symback.syntax import parse

VALUES = [
    ("x^2", 0, 3, "9"),
    ("x^2", 1, 0, "-1/3"),
    ("x", 2, 2, "0"),
    ("1/x", 1, "e", "1"),
    ("1/x", -2, -1, "-log(2)"),
    ("sin x", 0, "pi", "2"),
    ("cos(x)^2", 0, "pi/2", "pi/4"),
    ("x e^(-x)", 0, "oo", "1"),
    ("1/x^2", 1, "oo", "1"),
    ("1/(1 + x^2)", "-oo", "oo", "pi"),
    ("e^(-x^2)", "-oo", "oo", "sqrt(pi)"),
    ("ln x", 0, 1, "-1"),
    ("1/sqrt(x)", 0, 4, "4"),
    ("sqrt(1 - x^2)", -1, 1, "pi/2"),
    ("|x|", -1, 2, "5/2"),
    ("x sign(x - 1)", 0, 2, "1"),
    ("x ln x", 1, "e", "exp(2)/4 + 1/4"),
    ("0.5x", 0, 1, "1/4"),
    ("1/(2 + cos x)", 0, "pi", "sqrt(3)*pi/3"),
    ("1/(2 + cos x)", 0, "2pi", "2*sqrt(3)*pi/3"),
    ("1/(2 + cos x)", "3pi", 0, "-sqrt(3)*pi"),
    ("1/cbrt(x^2)", -1, 1, "6"),
]


@pytest.mark.parametrize(("integrand", "low", "high", "value"), VALUES)
def test_values(integrand: str, low: object, high: object, value: str) -> None:
    found = symback.integrate(integrand, "x", limits=(low, high))
    assert found.value is not None
    assert sympy.simplify(found.value - sympy.sympify(value)) == 0
    assert found.verify().verdict == "verified"
    assert "quadrature" in found.verify().message


def test_the_steps_between_limits() -> None:
    found = symback.integrate("x^2", limits=(1, 3))
    assert found.definite is not None
    assert text(found.definite.start) == "int(x^2, x, 1, 3)"
    assert text(found.definite.steps[0].after) == "3^3/3 - 1^3/3"
    assert found.definite.steps[0].rule.name == "fundamental theorem of calculus"
    assert text(found.definite.steps[0].bindings["F(x)"]) == "x^3/3"
    assert text(found.definite.last) == "26/3"


LETTERS = [
    ("x^2", 0, "a", "a^3/3", ()),
    ("x", "a", "b", "b^2/2 - a^2/2", ()),
    ("1/x", 1, "t", "ln|t|", ("t is greater than 0",)),
    ("1/x", "a", "b", "ln|b| - ln|a|", ("x = 0 does not lie between a and b",)),
    ("1/x^2", "a", "oo", "1/a", ("a is greater than 0",)),
    ("ln x", 0, "a", "a ln a - a", ("a is greater than 0",)),
    ("1/((x - 1)(x - 3))", 2, "t", "-ln(|t - 1|)/2 + ln(|t - 3|)/2", ("t is greater than 1", "t is less than 3")),
    ("sqrt(a^2 - x^2)", 0, "a", "pi a^2/4", ("a is greater than 0",)),
    ("e^(-k x)", 0, "oo", "1/k", ("k is greater than 0",)),
    ("x^n", 0, 1, "1/(n + 1)", ("n is greater than 0",)),
    ("sin(n x)", 0, "pi", "(1 - cos(pi n))/n", ("n is not 0",)),
    ("x/(x^2 + a^2)", 0, 1, "ln(1 + a^2)/2 - ln(a^2)/2", ("a is not 0",)),  # ln(a^2), though no sample has a = 0
    ("1/(x + a)", 0, 1, "ln|1 + a| - ln|a|", ("the integrand has a value everywhere between the limits",)),
]


@pytest.mark.parametrize(("integrand", "low", "high", "value", "assumed"), LETTERS)
def test_letters(integrand: str, low: object, high: object, value: str, assumed: tuple[str, ...]) -> None:
    found = symback.integrate(integrand, "x", limits=(low, high))
    assert found.definite is not None
    assert text(found.definite.last) == value
    assert found.notes == tuple(f"It is assumed that {each}." for each in assumed)
    assert found.verify().verdict == "verified"
    assert "quadrature" in found.verify().message


def test_a_wrong_value_with_letters_would_be_seen() -> None:
    start, antiderivative, wrong = parse("int_0^a x^2 dx"), parse("x^3/3"), parse("a^3/2")
    assert verify_with_letters(start, antiderivative, wrong, ()).verdict == "failed"


def test_an_antiderivative_that_jumps_is_taken_piece_by_piece() -> None:
    found = symback.integrate("1/(2 + cos x)", limits=(0, "2pi"))
    assert found.definite is not None
    split, put_in = found.definite.steps[:2]
    assert split.rule.name == "split at x = pi"
    assert text(split.after) == "int(1/(2 + cos x), x, 0, pi) + int(1/(2 + cos x), x, pi, 2 pi)"
    assert put_in.rule.name == "fundamental theorem of calculus, limit of the antiderivative"
    assert text(found.definite.last) == "2 pi sqrt(3)/3"


REFUSED = [
    ("1/x", -1, 1, "a pole at x = 0"),
    ("1/x^2", -1, 1, "a pole at x = 0"),
    ("tan x", 0, 2, "a pole at x = pi/2"),
    ("1/(x^2 - 2)", 1, 2, "a pole at x = sqrt(2)"),
    ("1/(x - 1/3)^3", 0, 1, "a pole at x = 1/3"),
    ("sqrt(x)", -1, 1, "no real value at x = "),
    ("ln x", -2, 2, "no real value"),
    ("1/x", 0, 1, "diverges"),
    ("1/x", 1, "oo", "diverges"),
    ("sin x", 0, "oo", "diverges"),
    ("e^x", 0, "oo", "diverges"),
    ("x", 0, "ln(-1)", "no real value"),
]


@pytest.mark.parametrize(("integrand", "low", "high", "said"), REFUSED)
def test_what_is_refused_names_the_place(integrand: str, low: object, high: object, said: str) -> None:
    with pytest.raises(DomainError) as caught:
        symback.integrate(integrand, "x", limits=(low, high))
    assert said in str(caught.value)


@pytest.mark.parametrize("limits", ["01", (1,), (1, 2, 3), 5])
def test_limits_are_two(limits: object) -> None:
    with pytest.raises(UsageError, match="two numbers"):
        symback.integrate("x", limits=limits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "read"), [("oo", "oo"), ("-∞", "-oo"), (r"\infty", "oo"), ("1/2", "1/2"), (2, "2"), (0.5, "0.5")]
)
def test_limits_as_they_are_typed(given: object, read: str) -> None:
    assert text(read_limit(given)) == read


def test_an_integral_sign_says_the_limits() -> None:
    found = symback.integrate("∫_0^1 x^2 dx")
    assert found.value == sympy.Rational(1, 3)
    with pytest.raises(UsageError, match="limits already"):
        symback.integrate("∫_0^1 x^2 dx", limits=(0, 2))
