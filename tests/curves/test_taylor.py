"""Taylor polynomials: against SymPy's series, the table, the remainder, refusals."""

import json
from pathlib import Path

import pytest
import sympy

import symback
from symback import solve
from symback.calculus.worked import Said
from symback.errors import DomainError, SymbackError, UsageError
from symback.page import render
from symback.page.maths import text
from symback.page.solution import CONFIRMED, WRONG
from tests.running import Run

POLYNOMIALS: list[tuple[str, object, int, str]] = [
    ("e^x", 0, 4, "1 + x + x^2/2 + x^3/6 + x^4/24"),
    ("sin x", 0, 5, "x - x^3/6 + x^5/120"),
    ("cos x", 0, 4, "1 - x^2/2 + x^4/24"),
    ("ln x", 1, 3, "(x - 1) - (x - 1)^2/2 + (x - 1)^3/3"),
    ("ln(1 + x)", 0, 3, "x - x^2/2 + x^3/3"),
    ("1/(1 - x)", 0, 3, "1 + x + x^2 + x^3"),
    ("sqrt(x)", 4, 2, "2 + (x - 4)/4 - (x - 4)^2/64"),
    ("sqrt(1 + x)", 0, 2, "1 + x/2 - x^2/8"),
    ("arctan x", 0, 3, "x - x^3/3"),
    ("tan x", 0, 3, "x + x^3/3"),
    ("e^(-x^2)", 0, 2, "1 - x^2"),
    ("x^3 - 2x + 1", 1, 4, "(x - 1) + 3(x - 1)^2 + (x - 1)^3"),
    ("cos x", "pi/3", 1, "1/2 - (sqrt(3)/2) (x - pi/3)"),
    ("1/x", 2, 2, "1/2 - (1/4) (x - 2) + (x - 2)^2/8"),
    ("x e^x", 0, 3, "x + x^2 + x^3/2"),
    ("e^x", -1, 1, "e^-1 + e^-1 (x + 1)"),
]


@pytest.mark.parametrize(("function", "about", "order", "polynomial"), POLYNOMIALS)
def test_polynomials(function: str, about: object, order: int, polynomial: str) -> None:
    found = symback.taylor(function, "x", about, order)
    assert text(found.last) == polynomial
    assert found.verify().verdict == "verified"
    x = sympy.Symbol("x", real=True)
    series = sympy.series(symback.parse(function).doit(), x, sympy.sympify(about), order + 1).removeO()
    assert sympy.simplify(found.answer - series) == 0


def test_the_table_has_a_row_for_each_derivative() -> None:
    found = symback.taylor("sin x", "x", 0, 3)
    assert [(t.order, text(t.derivative), text(t.value), text(t.coefficient)) for t in found.terms] == [
        (0, "sin x", "0", "0"),
        (1, "cos x", "1", "1"),
        (2, "-sin x", "0", "0"),
        (3, "-cos x", "-1", "-1/6"),
    ]
    assert [step.rule.name for step in found.steps][:2] == ["derivative of sine", "derivative of cosine"]
    assert text(found.fact("remainder")) == "(sin(xi)/24) x^4"


def test_a_polynomial_has_no_remainder() -> None:
    found = symback.taylor("x^2 + 1", "x", 3, 2)
    assert found.fact("remainder") == 0
    assert "the polynomial is the function itself" in " ".join(str(found).split())


def test_a_wrong_polynomial_is_found_by_numbers() -> None:
    found = symback.taylor("e^x", "x", 0, 2)
    wrong = found.__class__(found.pieces, symback.parse("1 + x + x^2/3"), found.asked, function=found.function,
                            variable=found.variable, about_value=found.about_value, terms=found.terms)  # fmt: skip
    assert wrong.verify().message == "The polynomial does not fit the function near the point."


REFUSED: list[tuple[str, object, object, int, type[SymbackError], str]] = [
    ("ln x", "x", 0, 3, DomainError, "no real value at x = 0"),
    ("sqrt(x)", "x", 0, 2, DomainError, "no Taylor polynomial of order 2"),
    ("|x|", "x", 0, 1, DomainError, "-1 on one side and 1 on the other"),
    ("x^(5/3)", "x", 0, 2, DomainError, "the derivative of order 2 fails"),
    ("x y", None, 0, 2, UsageError, "2 variables"),
    ("e^x", "x", "a", 2, UsageError, "must be a number"),
    ("e^x", "x", 0, 21, UsageError, "from 0 to 20"),
]


@pytest.mark.parametrize(("function", "x", "about", "order", "error", "said"), REFUSED)
def test_refusals(function: str, x: object, about: object, order: int, error: type[SymbackError], said: str) -> None:
    with pytest.raises(error, match=said):
        symback.taylor(function, x, about, order)


def test_the_picture_shows_the_approximations() -> None:
    page = render(symback.taylor("sin x", "x", 0, 5), "html")
    assert page.count("<polyline") == 4
    assert "T₅(x)" in page or "T_5(x)" in page


def test_a_command(symback: Run) -> None:
    found = symback("taylor", "e^x", "--about", "x=0", "--order", "2", "--format", "json")
    made = json.loads(found.out)
    assert (made["kind"], made["answer"]["text"]) == ("taylor", "1 + x + x^2/2")
    assert [term["coefficient"]["text"] for term in made["terms"]] == ["1", "1", "1/2"]
    assert made["about"] == {"x": "0"}
    assert made["verified"]["verdict"] == "verified"
    assert symback("taylor", "ln x", "--about", "x=0").code == 1
    assert symback("taylor", "e^x", "--about", "x=0,y=1").code == 2


ANSWERS = [
    ("about = {x = 0}\norder = 2\nanswer = '1 + x + x^2/2'", CONFIRMED),
    ("about = 0\norder = 2\nanswer = '1 + x + x^2'", WRONG),
    ("about = {x = 1}\norder = 1\nanswer = 'e x'", CONFIRMED),
    ("order = 2\nanswer = {coefficients = [1, 1, '1/2']}", CONFIRMED),
]


@pytest.mark.parametrize(("keys", "verdict"), ANSWERS)
def test_answers_in_files(tmp_path: Path, keys: str, verdict: str) -> None:
    file = tmp_path / "sheet.toml"
    file.write_text(f"[[problem]]\nkind = 'taylor'\nexpr = 'e^x'\n{keys}\n")
    [solution] = solve(file).solutions
    assert solution.error is None
    assert solution.answer_check == verdict


CONTINUED: list[tuple[str, object, int, str, str]] = [
    ("sin(x)/x", 0, 4, "1 - x^2/6 + x^4/120", "1"),
    ("(1 - cos x)/x^2", 0, 4, "1/2 - x^2/24 + x^4/720", "1/2"),
    ("(e^x - 1)/x", 0, 2, "1 + x/2 + x^2/6", "1"),
    ("ln(1 + x)/x", 0, 3, "1 - x/2 + x^2/3 - x^3/4", "1"),
    ("sin(2x)/(4x)", 0, 2, "1/2 - x^2/3", "1/2"),
    ("ln(x)/(x - 1)", 1, 2, "1 - (1/2) (x - 1) + (x - 1)^2/3", "1"),
]


@pytest.mark.parametrize(("function", "about", "order", "polynomial", "value"), CONTINUED)
def test_a_function_with_a_limit_is_continued_by_it(
    function: str, about: object, order: int, polynomial: str, value: str
) -> None:
    found = symback.taylor(function, "x", about, order)
    assert text(found.last) == polynomial
    assert text(found.fact("continued")) == value
    assert found.verify().verdict == "verified"
    x = sympy.Symbol("x", real=True)
    series = sympy.series(symback.parse(function).doit(), x, sympy.sympify(about), order + 1).removeO()
    assert sympy.simplify(found.answer - series) == 0
    assert "has no value" in render(found, "text")


@pytest.mark.parametrize("function", ["1/x", "|x|/x", "sin(1/x)", "e^(1/x)", "sqrt(x)/x"])
def test_a_function_without_a_limit_is_refused(function: str) -> None:
    with pytest.raises(DomainError):
        symback.taylor(function, "x", 0, 2)


@pytest.mark.parametrize(
    ("function", "known"),
    [("e^(x^2)", "1 + u + u^2/2"), ("sin(2x)", "u - u^3/6"), ("ln(1 + x^2)", "u - u^2/2"), ("cos(x^2)", "1 - u^2/2")],
)
def test_the_way_by_composition_is_shown_too(function: str, known: str) -> None:
    found = symback.taylor(function, "x", 0, 4)
    last = found.chains()[-1]
    assert last.derivation.last == found.last
    assert any(known == text(part) for piece in found.pieces if isinstance(piece, Said)
               for part in piece.words if not isinstance(part, str))  # fmt: skip
    assert found.verify().verdict == "verified"
