"""Tangent lines, normals, planes, linear approximations."""

import json
from pathlib import Path

import pytest
import sympy

import symback
from symback import solve
from symback.errors import DomainError, SymbackError, UsageError
from symback.page import render
from symback.page.maths import text
from symback.page.solution import CONFIRMED, WRONG
from tests.running import Run

LINES: list[tuple[str, dict[str, object], str, str]] = [
    ("x^2", {"x": 2}, "4x - 4", "9/2 - x/4"),
    ("x^2", {"x": 0}, "0", "0"),
    ("x^3 - 3x", {"x": 2}, "9x - 16", "20/9 - x/9"),
    ("x^3", {"x": -1}, "3x + 2", "-x/3 - 4/3"),
    ("1/x", {"x": 1}, "2 - x", "x"),
    ("sqrt(x)", {"x": 4}, "x/4 + 1", "18 - 4x"),
    ("ln x", {"x": 1}, "x - 1", "1 - x"),
    ("e^x", {"x": 0}, "x + 1", "1 - x"),
    ("e^x", {"x": 1}, "e x", "e + 1/e - (1/e) x"),
    ("sin x", {"x": 0}, "x", "-x"),
    ("cos x", {"x": 0}, "1", "0"),
    ("tan x", {"x": "pi/4"}, "2x + 1 - pi/2", "1 + pi/8 - x/2"),
    ("x e^x", {"x": 0}, "x", "-x"),
    ("1/(1 + x^2)", {"x": 1}, "1 - x/2", "2x - 3/2"),
    ("f(t) = t^2 - t", {"t": 3}, "5t - 9", "33/5 - t/5"),
]


@pytest.mark.parametrize(("function", "at", "line", "normal"), LINES)
def test_lines_and_normals(function: str, at: dict[str, object], line: str, normal: str) -> None:
    found = symback.tangent(function, at)
    assert text(found.last) == line
    assert found.verify().verdict == "verified"
    other = symback.tangent(function, at, normal=True)
    assert text(other.last) == normal
    assert text(other.line) == line
    assert other.verify().verdict == "verified"


@pytest.mark.parametrize(("function", "at", "line", "normal"), LINES)
def test_lines_against_sympy(function: str, at: dict[str, object], line: str, normal: str) -> None:
    [(name, value)] = at.items()
    x = sympy.Symbol(name, real=True)
    f = symback.parse(function.partition("= ")[2] or function).doit()
    a = sympy.sympify(value)
    expected = f.subs(x, a) + sympy.diff(f, x).subs(x, a) * (x - a)
    assert sympy.simplify(symback.tangent(function, at).answer - expected) == 0


PLANES: list[tuple[str, dict[str, object], str]] = [
    ("x^2 + y^2", {"x": 1, "y": 2}, "2x + 4y - 5"),
    ("x y", {"x": 2, "y": 3}, "3x + 2y - 6"),
    ("x^2 y", {"x": 1, "y": 2}, "4x + y - 4"),
    ("e^(x y)", {"x": 0, "y": 1}, "x + 1"),
    ("u^2 - v", {"u": 1, "v": 1}, "2u - v - 1"),
]


@pytest.mark.parametrize(("function", "at", "plane"), PLANES)
def test_planes(function: str, at: dict[str, object], plane: str) -> None:
    found = symback.tangent(function, at)
    assert text(found.last) == plane
    assert str(found.asked) == "z"
    assert found.verify().verdict == "verified"


CURVES = [("x^2 + y^2 = 25", 3, 4, "25/4 - 3x/4"), ("x^3 + y^3 = 6x y", 3, 3, "6 - x"), ("x y = 2", 1, 2, "4 - 2x")]


@pytest.mark.parametrize(("equation", "x", "y", "line"), CURVES)
def test_curves_of_equations(equation: str, x: int, y: int, line: str) -> None:
    found = symback.tangent(equation, {"x": x, "y": y})
    assert text(found.last) == line
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize(
    ("function", "at"), [("cbrt(x)", {"x": 0}), ("sqrt(x)", {"x": 0}), ("x^2 + y^2 = 25", {"x": 5, "y": 0})]
)
def test_vertical_tangents(function: str, at: dict[str, object]) -> None:
    found = symback.tangent(function, at)
    assert (str(found.asked), found.answer) == ("x", at["x"])
    assert "vertical" in str(found)
    assert found.verify().verdict == "verified"


def test_a_linear_approximation_and_its_error() -> None:
    found = symback.tangent("sqrt(x)", {"x": 4}, near={"x": "4.1"})
    near = found.fact("near")
    assert text(near["value"]) == "2.025"
    assert near["exact"] == pytest.approx(4.1**0.5)
    assert near["error"] == pytest.approx(2.025 - 4.1**0.5)
    assert "the error of the approximation is 0.00015432687" in " ".join(str(found).split())


REFUSED: list[tuple[str, dict[str, object], type[SymbackError], str]] = [
    ("|x|", {"x": 0}, DomainError, "-1 on one side and 1 on the other"),
    ("1/x", {"x": 0}, DomainError, "divides by zero"),
    ("ln x", {"x": -1}, DomainError, "no real value"),
    ("x^2", {"t": 2}, UsageError, "no value for x"),
    ("x^2", {}, UsageError, "needs a point"),
    ("x^2", {"x": "a"}, UsageError, "is no number"),
    ("x^2 y", {"x": 1}, UsageError, "no value for y"),
    ("x y z", {"x": 1, "y": 1, "z": 1}, UsageError, "one variable or two"),
    ("x^2 + y^2 = 25", {"x": 3}, UsageError, "two coordinates"),
    ("x^2 + y^2 = 25", {"x": 3, "y": 5}, DomainError, "not on the curve"),
    ("y = x^2", {"x": 3, "y": 8}, DomainError, "y is 9 there, not 8"),
    ("x^2 + y^2 + z^2 = 14", {"x": 1, "y": 2, "z": 3}, UsageError, "gives a surface"),
    ("x^2", {"x": 1, "y": 2}, UsageError, "y does not occur"),
]


@pytest.mark.parametrize(("function", "at", "error", "said"), REFUSED)
def test_refusals(function: str, at: dict[str, object], error: type[SymbackError], said: str) -> None:
    with pytest.raises(error, match=said):
        symback.tangent(function, at)


def test_the_picture_shows_curve_tangent_and_point() -> None:
    page = render(symback.tangent("x^2", {"x": 2}, normal=True), "html")
    assert page.count("<polyline") == 3
    assert "the tangent 4x - 4" in page
    assert "a dot at (2, 4)" in page


def test_a_command(symback: Run) -> None:
    found = symback("tangent", "x^2", "--at", "x=2", "--format", "json")
    made = json.loads(found.out)
    assert (made["kind"], made["answer"]["text"], made["slope"]["text"]) == ("tangent", "4x - 4", "4")
    assert made["verified"]["verdict"] == "verified"
    assert symback("tangent", "x^2").code == 2
    assert symback("tangent", "|x|", "--at", "x=0").code == 1


ANSWERS = [
    ("answer = 'y = 4x - 4'", CONFIRMED),
    ("answer = '4(x - 1)'", CONFIRMED),
    ("answer = '4x'", WRONG),
    ("normal = true\nanswer = '9/2 - x/4'", CONFIRMED),
    ("near = {x = 2.1}\nanswer = {slope = 4, near = 4.4}", CONFIRMED),
]


@pytest.mark.parametrize(("keys", "verdict"), ANSWERS)
def test_answers_in_files(tmp_path: Path, keys: str, verdict: str) -> None:
    file = tmp_path / "sheet.toml"
    file.write_text(f"[[problem]]\nkind = 'tangent'\nexpr = 'x^2'\nat = {{x = 2}}\n{keys}\n")
    [solution] = solve(file).solutions
    assert solution.error is None
    assert solution.answer_check == verdict
