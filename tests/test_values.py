"""Values at a point: exact, as decimals, beside difference quotients, and refused where there are none."""

from __future__ import annotations

import json

import pytest

import symback as package
from symback.calculus.differences import difference_table
from symback.errors import DomainError, UsageError
from symback.page import render
from tests.running import Run

# fmt: off
VALUES = [  # expression, point, exact value, decimal value
    ("-(y ln p + (1-y) ln(1-p))", {"y": 0, "p": 0.886}, "-ln 0.114", 2.1715568305876416),
    ("x^2 + 1", {"x": "1/2"}, "5/4", 1.25),
    ("ln 2", {}, "ln 2", 0.6931471805599453),
    ("e^(2x)", {"x": 1}, "e^2", 7.38905609893065),
    ("p = 0.5 o; o = -x + 0.5y^2", {"x": 1, "y": 2}, "0.5", 0.5),
]
# fmt: on


@pytest.mark.parametrize(("expression", "point", "exact", "decimal"), VALUES)
def test_values(expression: str, point: dict[str, object], exact: str, decimal: float) -> None:
    found = package.evaluate(expression, point)
    assert found.last == package.parse(exact)
    assert found.approximate == pytest.approx(decimal, rel=1e-15)
    assert found.verify().verdict == "verified"


def test_the_substitution_is_a_step() -> None:
    assert package.evaluate("x^2 + 1", {"x": 3}).steps[0].rule.name == "substitute"


def test_a_value_that_is_missing_is_asked_for() -> None:
    with pytest.raises(UsageError, match="no value for y"):
        package.evaluate("x y", {"x": 1})


def test_letters_have_no_decimal_value() -> None:
    assert package.derive("a x^2", "x").approximate is None


# --- decimals beside exact values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "shown"),
    [("text", "= 2e² ≈ 14.778 "), ("markdown", r"&= 2 e^{2} \approx 14.778"), ("latex", r"&= 2 e^{2} \approx 14.778")],
)
def test_a_value_that_is_no_plain_number_has_a_decimal_beside_it(symback: Run, to: str, shown: str) -> None:
    assert shown in symback("derive", "e^(2x)", "--at", "x=1", "--format", to).out


def test_the_decimal_in_json() -> None:
    made = json.loads(render(package.derive("e^(2x)", "x", at={"x": 1}), "json"))
    assert made["approximate"] == pytest.approx(14.77811219786)
    assert made["answer"]["text"] == "2e^2"
    assert made["point"] == {"x": "1"}


@pytest.mark.parametrize("expression", ["x^2", "x^2/3", "0.3x^2"])
def test_a_plain_number_needs_no_decimal(expression: str) -> None:
    assert "≈" not in render(package.derive(expression, "x", at={"x": 5}), "text")
    assert "approximate" not in json.loads(render(package.derive(expression, "x", at={"x": 5}), "json"))


def test_a_formula_needs_no_decimal() -> None:
    assert "≈" not in render(package.derive("pi x", "x"), "text")


def test_evaluate_on_the_command_line(symback: Run) -> None:
    said = symback("evaluate", "-(y ln p + (1-y) ln(1-p))", "--at", "y=0,p=0.886")
    assert said.code == 0
    assert "= -ln 0.114 ≈ 2.1716" in said.out
    assert json.loads(symback("evaluate", "x+1", "--at", "x=2", "--format", "json").out)["kind"] == "value"


# --- difference quotients ---------------------------------------------------------------------------------------------


def test_difference_quotients_come_closer_to_the_derivative() -> None:
    table = difference_table("x^2 sin y", "x", {"x": 3, "y": 2})
    assert [row.h for row in table.rows] == [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6]
    for row in table.rows:
        assert row.error == pytest.approx(row.h * 0.9092974268256817, rel=1e-9)  # h f''/2, to all digits


def test_a_step_out_of_the_domain_is_left_out() -> None:
    assert difference_table("sqrt(1 - x)", "x", {"x": 0.95}).rows[0].h == 0.01


DIFFERENCES = ("derive", "x^2", "--at", "x=3", "--differences")


def test_differences_on_the_command_line(symback: Run) -> None:
    said = symback(*DIFFERENCES)
    assert said.code == 0
    rows = [line.split("   ") for line in said.out.splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert ["h", "(f(x + h) - f(x))/h", "error"] in cells
    assert ["0.001", "6.001", "0.001"] in cells
    assert "✓ verified" in said.out


@pytest.mark.parametrize(
    ("to", "row"), [("markdown", "| $0.01$ | $6.01$ | $0.01$ |"), ("latex", r"\text{exact} & 6 &")]
)
def test_differences_in_documents(symback: Run, to: str, row: str) -> None:
    assert row in symback(*DIFFERENCES, "--format", to).out


def test_differences_in_json(symback: Run) -> None:
    found = json.loads(symback(*DIFFERENCES, "--format", "json").out)
    assert found["kind"] == "derivative"
    assert found["differences"]["exact"] == 6.0
    assert found["differences"]["quotient"] == "(f(x + h) - f(x))/h"
    assert found["differences"]["rows"][1] == {"h": 0.01, "quotient": 6.01, "error": 0.01}


@pytest.mark.parametrize(
    ("more", "says"),
    [(("--wrt", "x,y"), "by one variable"), (("--order", "2"), "first derivative"), (("--wrt", "x"), "no value for y")],
)
def test_differences_that_make_no_sense(symback: Run, more: tuple[str, ...], says: str) -> None:
    said = symback("derive", "x^2 y", "--at", "x=3", "--differences", *more)
    assert (said.code, said.out) == (2, "")
    assert says in said.err


# --- points where there is nothing ------------------------------------------------------------------------------------

# fmt: off
NOTHING_THERE = [
    ("|x|", "x=0"), ("sqrt(x^2)", "x=0"), ("relu(x)", "x=0"), ("max(x, 1)", "x=1"), ("|x-y|", "x=1,y=1"),
    ("step x", "x=0"), ("x^(1/3)", "x=0"), ("x^(2/3)", "x=0"), ("1/x", "x=0"), ("ln x", "x=-1"), ("sqrt x", "x=-4"),
    ("sqrt x", "x=0"), ("arcsin x", "x=1"), ("arcsin x", "x=2"), ("tan x", "x=pi/2"), ("x/x", "x=0"), ("x^x", "x=0"),
    ("sin(x)/x", "x=0"), ("|x|^3/x", "x=0"),
]
SOMETHING_THERE = [
    ("|x|", "x=-2"), ("x|x|", "x=0"), ("x^2|x|", "x=0"), ("ln|x|", "x=-2"), ("arcsec x", "x=-2"), ("e^x", "x=0"),
    ("x^2", "x=10^30"), ("ln x", "x=10^-30"), ("|x - y|", "x=1"), ("relu(x)^2", "x=0"), ("x^(5/3)", "x=0"),
]
# fmt: on


@pytest.mark.parametrize(("expression", "point"), NOTHING_THERE)
def test_no_derivative_at_the_point_is_exit_code_1(symback: Run, expression: str, point: str) -> None:
    said = symback("derive", expression, "--wrt", "x", "--at", point)
    assert (said.code, said.out) == (1, "")
    assert said.err.count("Error: The") == 1
    assert "report" not in said.err
    assert json.loads(symback("derive", expression, "--wrt", "x", "--at", point, "--format", "json").out)["error"]


@pytest.mark.parametrize(("expression", "point"), SOMETHING_THERE)
def test_a_derivative_at_a_point_that_looks_dangerous(symback: Run, expression: str, point: str) -> None:
    said = symback("derive", expression, "--wrt", "x", "--at", point)
    assert said.code == 0, said.err
    assert "✓ verified" in said.out


def test_the_second_derivative_needs_the_first(symback: Run) -> None:
    assert symback("derive", "|x|", "--order", "2", "--at", "x=0").code == 1
    assert symback("derive", "x|x|", "--order", "2", "--at", "x=0").code == 1
    assert symback("derive", "x^2|x|", "--order", "2", "--at", "x=0").code == 0


def test_a_derivative_from_one_side_says_so(symback: Run) -> None:
    assert "from one side only" in symback("derive", "x^(3/2)", "--at", "x=0").out


def test_a_gradient_at_a_kink(symback: Run) -> None:
    said = symback("gradient", "|x| + y^2", "--at", "x=0,y=1")
    assert (said.code, said.out) == (1, "")
    assert "no derivative at" in said.err


@pytest.mark.parametrize(("expression", "point"), [("sqrt x", "x=-1"), ("1/x", "x=0"), ("ln(x - y)", "x=1,y=1")])
def test_no_value_at_the_point_is_exit_code_1(symback: Run, expression: str, point: str) -> None:
    assert symback("evaluate", expression, "--at", point).code == 1


@pytest.mark.parametrize(
    "expression",
    ["tan(pi/2)", "1/cos(pi/2)", "1/sin(pi)", "1/(sqrt(2)^2 - 2)", "1/(e^(ln 3) - 3)", "ln(sin(pi))", "ln(-1)", "1/0"],
)
def test_no_value_at_a_pole_or_outside_the_domain(expression: str) -> None:
    with pytest.raises(DomainError, match="There is no real value"):
        package.evaluate(expression)
