"""Special angles and other values that everybody knows: one value, whichever command is asked."""

from __future__ import annotations

import pytest

import symback as package
from symback.calculus.tidy.numbers import exact_logarithm, exact_root
from symback.calculus.tidy.surds import key_of
from symback.errors import DomainError
from symback.expr.functions import ROWS, Function
from symback.expr.tree import Apply, number_value, walk
from symback.page.maths import text
from symback.syntax import parse
from symback.verify import same_value
from tests.running import Run

# fmt: off
EXACT = [  # expression, its value as a book prints it, a rule that leads there
    ("1/2.5", "0.4", "reduce the fraction"), ("1/0.3", "10/3", "reduce the fraction"),
    ("sin(3pi/2)", "-1", "known value"), ("tan(pi/4)", "1", "known value"), ("cos(pi/4)", "sqrt(2)/2", "known value"),
    ("sec(pi/3)", "2", "known value"), ("cos(pi/3)", "1/2", "known value"), ("csc(pi/6)", "2", "known value"),
    ("cot(pi/3)", "sqrt(3)/3", "known value"), ("sin(pi/12)", "(sqrt(6) - sqrt(2))/4", "known value"),
    ("sin(7pi/6)", "-1/2", "reference angle"), ("tan(-3pi/4)", "1", "odd function"),
    ("cos(-7pi/3)", "1/2", "even function"), ("sin(100pi)", "0", "reference angle"),
    ("arcsin(sqrt(2)/2)", "pi/4", "known value"), ("arcsin(1/sqrt 2)", "pi/4", "known value"),
    ("arcsin(-1/2)", "-pi/6", "odd function"), ("arccos(-1/2)", "2pi/3", "known value"),
    ("arccos(sqrt(3/4))", "pi/6", "simplify the root"), ("arctan(sqrt 3)", "pi/3", "known value"),
    ("arccot(-1)", "-pi/4", "known value"), ("arcsec(-2)", "2pi/3", "known value"), ("arccsc 2", "pi/6", "known value"),
    ("sin(arcsin(1/3))", "1/3", "inverse functions"), ("arsinh 1", "ln(1 + sqrt(2))", "known value"),
    ("sinh(ln 2)", "3/4", "hyperbolic function of a logarithm"),
    ("cosh(ln 3)", "5/3", "hyperbolic function of a logarithm"),
    ("tanh(ln 2)", "3/5", "hyperbolic function of a logarithm"),
    ("cosh(2 ln 3)", "41/9", "hyperbolic function of a logarithm"), ("sinh(-ln 2)", "-3/4", "odd function"),
    ("(-1)^(2/3)", "1", "work out the power"), ("(-8)^(2/3)", "4", "work out the power"),
    ("(-8)^(1/3)", "-2", "work out the power"), ("(-32)^(-3/5)", "-1/8", "work out the power"),
    ("0^(1/3)", "0", "work out the power"), ("0^(1/2)", "0", "work out the power"),
    ("8^(2/3)", "4", "work out the power"),
    ("(16/81)^(3/4)", "8/27", "work out the power"), ("0.25^0.5", "0.5", "work out the power"),
    ("root(0, 3)", "0", "work out the root"), ("root(-32, 5)", "-2", "work out the root"),
    ("cbrt(-8/27)", "-2/3", "work out the root"), ("sqrt(50)", "5 sqrt(2)", "simplify the root"),
    ("sqrt(1/2)", "sqrt(2)/2", "simplify the root"), ("cbrt(-16)", "-2 cbrt(2)", "simplify the root"),
    ("sqrt(8) + sqrt(2)", "3 sqrt(2)", "collect like terms"), ("2/sqrt 2", "sqrt(2)", "simplify the roots"),
    ("e^(ln 3)", "3", "inverse functions"), ("e^(2 ln 3)", "9", "inverse functions"),
    ("e^(-ln 3)", "1/3", "inverse functions"), ("ln(e^2)", "2", "inverse functions"),
    ("ln(1/e)", "-1", "inverse functions"), ("ln(sqrt(e))", "1/2", "inverse functions"),
    ("ln(cbrt(e))", "1/3", "logarithm of a product"), ("ln(e sqrt(e))", "3/2", "logarithm of a product"),
    ("ln(3e^2)", "2 + ln 3", "logarithm of a product"), ("ln(2 sqrt(e))", "1/2 + ln 2", "logarithm of a product"),
    ("ln(3e^-2)", "ln 3 - 2", "logarithm of a product"), ("ln(e/2)", "1 - ln 2", "logarithm of a quotient"),
    ("ln(2/e)", "ln 2 - 1", "logarithm of a quotient"), ("ln(e^3/5)", "3 - ln 5", "logarithm of a quotient"),
    ("ln(2e^3/5)", "3 + ln(2/5)", "logarithm of a quotient"), ("ln(1/(2e))", "-1 - ln 2", "logarithm of a quotient"),
    ("e^(ln 2 + ln 3)", "6", "power of a sum"), ("e^(ln 2 + ln 3 + ln 5)", "30", "power of a sum"),
    ("e^(2 ln 2 + ln 3)", "12", "power of a sum"), ("e^(ln 6 - ln 3)", "2", "power of a sum"),
    ("e^(-ln 2 - ln 3)", "1/6", "power of a sum"), ("e^(1 + ln 2)", "2e", "power of a sum"),
    ("e^(2 - ln 3)", "e^2/3", "power of a sum"), ("e^(ln 3 - 2)", "3/e^2", "power of a sum"),
    ("e^(3 + 2 ln 2)", "4e^3", "power of a sum"), ("e^(-1 + ln 2)", "2/e", "power of a sum"),
    ("log_2 8", "3", "work out the logarithm"), ("log10(0.001)", "-3", "work out the logarithm"),
    ("log_4 8", "3/2", "work out the logarithm"), ("log_8 2", "1/3", "work out the logarithm"),
    ("sigmoid(0)", "1/2", "known value"), ("relu(-1)", "0", "work out the value"),
    ("leaky_relu(-1)", "-0.01", "work out the value"), ("softsign(-1)", "-1/2", "work out the value"),
    ("elu(-1)", "e^-1 - 1", "work out the value"), ("erf(0)", "0", "known value"), ("|-3|", "3", "work out the value"),
    ("sign(sin 4)", "-1", "work out the value"), ("floor(e^2)", "7", "work out the value"),
    ("round(pi)", "3", "work out the value"), ("sign(pi - 4)", "-1", "work out the value"),
]
LEFT_AS_THEY_ARE = ["sin 1", "sin 0.5", "erf 1", "sigmoid 1", "sin(pi/5)", "log_2 3", "ln 2", "arcsin 0.5", "cbrt 2",
                      "ln 6", "ln pi", "e^(1 + sqrt 2)"]
SLOPES = [  # function, point, slope
    ("sin x", "pi/3", "1/2"), ("sin x", "pi/4", "sqrt(2)/2"), ("tan x", "pi/6", "4/3"), ("x^(2/3)", "-8", "-1/3"),
    ("root(x, 5)", "-32", "1/80"), ("sinh x", "ln 2", "5/4"), ("e^x", "ln 3", "3"), ("ln x", "e", "1/e"),
    ("sec x", "pi/3", "2 sqrt(3)"), ("x^(4/3)", "0", "0"),
]
# fmt: on


@pytest.mark.parametrize(("expression", "value", "rule"), EXACT)
def test_an_exact_value_is_a_labelled_step(expression: str, value: str, rule: str) -> None:
    found = package.evaluate(expression)
    assert found.last == parse(value)
    assert rule in [step.rule.name for step in found.steps]
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize(("expression", "point", "value"), [
    ("root(x, n)", {"x": -8, "n": 3}, "-2"), ("x^n", {"x": -8, "n": "1/3"}, "-2"), ("x^n", {"x": -3, "n": 2}, "9"),
    ("ln(e^2 x)", {"x": 3}, "2 + ln 3"), ("ln(e^2 x)", {"x": 1}, "2"), ("ln(x sqrt(e))", {"x": "e^2"}, "5/2"),
    ("e^(x + ln 2)", {"x": "ln 3"}, "6"),
    ("x^(n/3)", {"x": -8, "n": 2}, "4"), ("log(x, b)", {"x": 8, "b": 2}, "3"), ("x^x", {"x": "1/2"}, "sqrt(2)/2"),
])  # fmt: skip
def test_an_exact_value_at_a_point(expression: str, point: dict[str, object], value: str) -> None:
    found = package.evaluate(expression, point)
    assert found.last == parse(value)
    assert found.verify().verdict == "verified"


def test_the_slope_of_a_root_whose_index_is_given() -> None:
    found = package.derive("x^n", "x", at={"x": -8, "n": "1/3"})
    assert found.last == parse("1/12")
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize("expression", LEFT_AS_THEY_ARE)
def test_a_value_without_an_exact_form_is_a_decimal_beside_it(symback: Run, expression: str) -> None:
    assert package.evaluate(expression).moves == ()
    assert "≈" in symback("evaluate", expression).out


@pytest.mark.parametrize(("function", "at", "slope"), SLOPES)
def test_the_slope_at_a_point(function: str, at: str, slope: str) -> None:
    found = package.derive(function, "x", at={"x": at})
    assert same_value(found.last, parse(slope)) == "yes"
    assert not any(isinstance(n, Apply) and n.name not in ("sqrt", "ln") for n in walk(found.last))
    assert found.verify().verdict == "verified"


# A derivative of second order where its formula, or that of the first, is 0/0: every one on the way must exist.
SECOND = [  # function, the variables, the value at 0 (y = 1 where there is one); None where there is none
    ("sqrt(x^4)", "xx", "2"), ("x|x|", "xx", None), ("sqrt(x^6)", "xx", "0"), ("x sqrt(x^4)", "xxx", "6"),
    ("cbrt(x^3) x", "xx", "2"), ("|x|^3", "xxx", None), ("|x| y", "xy", None), ("x|x| y", "xx", None),
    ("x^2|x| y", "xy", "0"), ("cases(x^4, x < 0, x^3)", "xx", "0"), ("cases(x^4, x < 0, x^3)", "xxx", None),
]  # fmt: skip


@pytest.mark.parametrize(("function", "by", "value"), SECOND)
def test_the_second_derivative_at_a_point(function: str, by: str, value: str | None) -> None:
    at = {"x": 0, "y": 1} if "y" in function else {"x": 0}
    if value is None:
        with pytest.raises(DomainError):
            package.derive(function, list(by), at=at)
        return
    derivation = package.derive(function, list(by), at=at)
    assert text(derivation.last) == value
    assert derivation.verify().verdict == "verified"


def test_a_hessian_where_its_formulas_have_no_value() -> None:
    found = package.hessian("sqrt(x^4 + y^4)", ["x", "y"], at={"x": 0, "y": 0})
    assert found.value == ((2, 0), (0, 2))
    assert found.verify().verdict == "verified"
    move = found.values[0][0].moves[-1]
    assert move.rule.name == "limit of the difference quotient"
    assert text(dict(move.bound)["f"]) == "cases(2x^3/sqrt(x^4+y^4), x != 0, 0)"
    with pytest.raises(DomainError, match="the slope is -2 on one side and 2 on the other"):
        package.hessian("x|x| y", ["x", "y"], at={"x": 0, "y": 1})


def test_every_command_gives_the_same_value(symback: Run) -> None:
    said = [
        symback("evaluate", "cos(pi/3)").out,
        symback("evaluate", "cos x", "--at", "x=pi/3").out,
        symback("derive", "sin x", "--at", "x=pi/3").out,
        symback("gradient", "sin x + y", "--at", "x=pi/3,y=1").out,
    ]
    assert all("= 1/2 " in text for text in said)


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in ROWS if row.known], ids=lambda row: row.name)
def test_the_known_values_of_a_row(row: Function) -> None:
    for entry in row.known.split(", "):
        u, value = entry.split(": ")
        assert same_value(parse(f"{row.name}({u})"), parse(value)) == "yes", entry
        assert key_of(parse(u)) is not None


@pytest.mark.parametrize("row", [row for row in ROWS if row.parity], ids=lambda row: row.name)
def test_the_parity_of_a_row(row: Function) -> None:
    sign = "-" if row.parity == "odd" else ""
    assert same_value(parse(f"{row.name}(-x)"), parse(f"{sign}{row.name}(x)")) == "yes"


@pytest.mark.parametrize("name", ["sin", "cos", "tan", "cot", "sec", "csc"])
def test_every_multiple_of_a_twelfth_of_pi(name: str) -> None:
    without = 0
    for k in range(-25, 26):
        try:
            found = package.evaluate(f"{name}({k}pi/12)")
        except DomainError:
            without += 1
            continue
        assert not any(isinstance(n, Apply) and n.name != "sqrt" for n in walk(found.last)), k
        assert found.verify().verdict == "verified", k
    assert without == (0 if name in ("sin", "cos") else 4 if name in ("tan", "sec") else 5)


def test_exact_roots_and_logarithms_are_found_or_not() -> None:
    def fraction(text: str) -> object:
        return number_value(parse(text))

    assert exact_root(fraction("-8"), 2) is None  # type: ignore[arg-type]
    assert exact_root(fraction("10000000000000000000000000000"), 7) == 10000  # type: ignore[arg-type]
    assert exact_logarithm(fraction("7"), fraction("2")) is None  # type: ignore[arg-type]
    assert exact_logarithm(fraction("1/8"), fraction("4")) == fraction("-3/2")  # type: ignore[arg-type]


def test_a_second_derivative_is_no_limit_of_the_function() -> None:
    """The difference quotient of f itself says nothing of f_xx: that of f_x does, whose slopes are -2 and 2."""
    with pytest.raises(DomainError, match="-2 on one side and 2 on the other"):
        package.hessian("x sqrt(x^2 + y^2)", ["x", "y"], {"x": 0, "y": 0})
    assert package.hessian("sqrt(x^4 + y^4)", ["x", "y"], {"x": 0, "y": 0}).value == ((2, 0), (0, 2))


def test_a_second_derivative_at_a_kink_of_the_first() -> None:
    with pytest.raises(DomainError, match="-2 on one side and 2 on the other"):
        package.derive("x|x|", "x", order=2, at={"x": 0})
    assert package.derive("x^2 |x|", "x", order=2, at={"x": 0}).answer == 0
