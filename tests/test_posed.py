"""Questions as they are posed: one pending derivative as a whole is the question, taken once and with a note."""

from __future__ import annotations

import json

import pytest

import symback
from symback.errors import DomainError, UsageError
from symback.page.maths import text
from symback.syntax import parse
from symback.verify import same_value

POSED = [  # as typed, the derivative, by what
    ("d/dx [x^3]", "3x^2", "x"),
    ("d/dx x^3", "3x^2", "x"),
    ("d/dx (x^3)", "3x^2", "x"),
    ("d/dx (3x+1)^5", "15(3x+1)^4", "x"),
    ("d/dx (x+1)(x+2)", "2x + 3", "x"),
    ("d/dx e^x sin x", "e^x sin x + e^x cos x", "x"),
    ("d/dx -x^2", "-2x", "x"),
    ("d/dx 1/x", "-1/x^2", "x"),
    ("d/dθ sin θ", "cos θ", "theta"),
    (r"\frac{d}{dx} x^2", "2x", "x"),
    (r"\frac{d}{dx}\left(x^3\right)", "3x^2", "x"),
    (r"\frac{d}{dx}{x^2}", "2x", "x"),
    (r"$\frac{d}{dx} \sin(x^2)$", "2x cos(x^2)", "x"),
    (r"\dfrac{d}{dx}\big[x^2\big]", "2x", "x"),
    (r"\frac{\mathrm{d}}{\mathrm{d}x} x^2", "2x", "x"),
    (r"\frac{d(x^3+x)}{dx}", "3x^2 + 1", "x"),
    (r"\frac{d\left(x^3+x\right)}{dx}", "3x^2 + 1", "x"),
    (r"\frac{d \sin x}{dx}", "cos x", "x"),
    ("d(x^3+x)/dx", "3x^2 + 1", "x"),
    (r"\frac{\partial}{\partial x}(x^2y)", "2x y", "x"),
    (r"\frac{\partial (x^2 y)}{\partial x}", "2x y", "x"),
    ("∂/∂x (x²y)", "2x y", "x"),
    ("∂(x²y)/∂y", "x^2", "y"),
    (r"\frac{\mathrm d}{\mathrm d x} x^2", "2x", "x"),
    ("dy/dx where y = x^2", "2x", "x"),
    ("d/dt [x^2] where x = t^3", "6t^5", "t"),
    ("(x^2)'", "2x", "x"),
    ("[x^2]'", "2x", "x"),
    ("sin(x)'", "cos x", "x"),
    (r"\left(x^2\right)'", "2x", "x"),
    (r"(x^2)^{\prime}", "2x", "x"),
    ("(x^5)''", "20x^3", "x,x"),
    ("(x²)″", "2", "x,x"),
    ("d^2/dx^2 [x^5]", "20x^3", "x,x"),
    ("d²/dx² x⁵", "20x^3", "x,x"),
    (r"\frac{d^2}{dx^2} x^5", "20x^3", "x,x"),
    (r"\frac{d^2 (x^5)}{dx^2}", "20x^3", "x,x"),
    (r"\frac{\partial^2}{\partial x \partial y}(x^2 y^3)", "6x y^2", "y,x"),
    (r"\frac{\partial^2 }{\partial x^2}(x^3 y)", "6x y", "x,x"),
    ("d/dx [d/dx [x^3]]", "6x", "x,x"),
    ("D_x(x^3)", "3x^2", "x"),
    ("D_x[x^3]", "3x^2", "x"),
    ("d/dx f(x)", "f'(x)", "x"),
    ("(f(x) g(x))'", "f'(x) g(x) + f(x) g'(x)", "x"),
    ("f'(x); f(x) = x^3", "3x^2", "x"),
    ("f'(t); f(x) = x^3", "3t^2", "t"),
    ("f''(x); f(x) = x^5", "20x^3", "x,x"),
    ("d/dx f(2x); f(x) = x^3", "24x^2", "x"),
    ("f_x(x, y); f(x, y) = x^2 y", "2x y", "x"),
    ("f_{xy}(x, y); f(x, y) = x^2 y^3", "6x y^2", "x,y"),
    ("df/dx; f(x) = x^3", "3x^2", "x"),
    ("dy/dx; y = u^2; u = 3x + 1", "18x + 6", "x"),
    (r"\frac{dy}{dx}; y = x^3", "3x^2", "x"),
    ("d^2y/dx^2; y = x^4", "12x^2", "x,x"),
    ("y'; y = x^3", "3x^2", "x"),
    ("y''; y = x^3", "6x", "x,x"),
]


@pytest.mark.parametrize(("typed", "answer", "by"), POSED)
def test_a_pending_derivative_is_the_question(typed: str, answer: str, by: str) -> None:
    derivation = symback.derive(typed)
    assert same_value(derivation.last, parse(answer)) == "yes"
    assert ",".join(v.name for v in derivation.variables) == by
    assert sum(note.endswith("is taken as the question.") for note in derivation.notes) == 1
    assert derivation.verify().verdict == "verified"


@pytest.mark.parametrize(
    ("typed", "answer", "by"), [row for row in POSED if ";" not in row[0] and " where " not in row[0]][::3]
)
def test_a_tree_of_it_is_the_question_too(typed: str, answer: str, by: str) -> None:
    assert same_value(symback.derive(parse(typed)).last, parse(answer)) == "yes"


@pytest.mark.parametrize(
    ("typed", "by", "order", "answer"),
    [
        ("d/dx [x^3]", "x", 1, "3x^2"),
        ("(x^2 y)'", "x", 1, "2x y"),
        ("d^2/dx^2 [x^5]", "x", 1, "20x^3"),
        ("d^2/dx^2 [x^5]", "x", 2, "20x^3"),
        ("d^2/dx^2 [x^5]", None, 2, "20x^3"),
        ("∂²/∂x∂y [x^2 y^3]", ["x", "y"], 1, "6x y^2"),
        ("y = d/dx [x^3]", "x", 1, "6x"),
        ("d/dx [x^3] + x", "x", 1, "6x + 1"),
        ("2(x^2)'", "x", 1, "4"),
        ("f'(x)", "x", 1, "f''(x)"),
    ],
)
def test_what_is_said_besides(typed: str, by: str | list[str] | None, order: int, answer: str) -> None:
    derivation = symback.derive(typed, by, order=order)
    assert same_value(derivation.last, parse(answer)) == "yes"
    assert derivation.notes or typed == "f'(x)"


@pytest.mark.parametrize(
    ("typed", "by", "order"), [("d/dx [x^3]", "y", 1), ("d/dx [x^2 y]", "y", 1), ("d/dx [x^3]", "x", 2)]
)
def test_what_disagrees_is_refused(typed: str, by: str, order: int) -> None:
    with pytest.raises(UsageError, match="asks for the derivative by x, not by"):
        symback.derive(typed, by, order=order)


@pytest.mark.parametrize(
    ("typed", "at", "value"),
    [
        ("d/dx (x^3)", {"x": 2}, 12),
        ("d/dx [x^3] + x", {"x": 2}, 14),
        ("d^2/dx^2 [x^5]", {"x": 1}, 20),
        ("(x^2)'", {"x": 5}, 10),
        (r"\frac{\partial}{\partial x} x^2 y", {"x": 1, "y": 5}, 10),
        ("y'; y = x^3", {"x": 2}, 12),
    ],
)
def test_the_value_of_a_pending_derivative(typed: str, at: dict[str, int], value: int) -> None:
    found = symback.evaluate(typed, at)
    assert found.answer == value
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize(("typed", "at"), [("d/dx |x|", 0), ("d/dx ln x", -1), ("d/dx [sqrt x] + x", 0)])
def test_there_is_no_value_where_there_is_no_derivative(typed: str, at: int) -> None:
    with pytest.raises(DomainError):
        symback.evaluate(typed, {"x": at})


def test_a_gradient_of_a_derivative_says_so() -> None:
    found = symback.gradient("d/dx [x^2 y]")
    assert [text(d.last) for d in found.entries[0]] == ["2y", "2x"]
    assert any("whose gradient is asked for" in note for note in found.notes)


def test_differences_are_those_of_the_function() -> None:
    from symback.calculus.differences import difference_table

    assert difference_table("d/dx [x^2]", None, {"x": 3}).exact == 6


@pytest.mark.parametrize(
    ("expr", "more", "answer"),
    [
        ("d/dx [x^3]", "", "3x^2"),
        (r"\frac{d}{dx} x^3", "", "3x^2"),
        ("(x^2 y)''", 'wrt = "x"', "2y"),
        ("y = f(2x); f(x) = x^2", "", "8x"),
        ("u(x) v(x)", 'wrt = "x"', "u'(x) v(x) + u(x) v'(x)"),
        ("u(x) v(x)", 'wrt = "x"', "u' v + u v'"),
        ("d/dx [f(x)/g(x)]", "", "(f' g - f g')/g^2"),
    ],
)
def test_in_problem_files(tmp_path, expr: str, more: str, answer: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "p.toml"
    lines = ["[[problem]]", 'kind = "derive"', f"expr = '''{expr}'''", more, f"answer = '''{answer}'''"]
    path.write_text("\n".join(lines), encoding="utf-8")
    shown = symback.render(symback.solve(path), "text")
    assert "✗" not in shown
    assert "✓" in shown
    if more != 'wrt = "x"' and ";" not in expr:
        assert "is taken as the question" in shown
        assert json.loads(symback.render(symback.derive(expr), "json"))["order"] == 1
