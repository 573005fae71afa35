"""LaTeX, Markdown and JSON."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest

import symback
from symback.errors import ParseError, UsageError
from symback.page import FORMATS, render
from symback.page.json import error
from symback.page.latex_rows import broken

from .fixtures import VERIFIED, product_with_exponential, three_x_squared_y


def as_json(thing: Any, **options: Any) -> dict[str, Any]:
    text = render(thing, "json", **options)
    assert "\n" not in text
    return dict(json.loads(text))


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_json_of_a_derivation() -> None:
    made = as_json(three_x_squared_y(), verification=VERIFIED)
    steps = made.pop("steps")
    assert made.pop("lines") == [
        {
            "text": "3y * 2x",
            "latex": r"3 y \cdot 2 x",
            "reason": "constant multiple rule, power rule",
            "steps": [0, 1],
        },
        {"text": "6xy", "latex": "6 x y", "reason": "multiply numbers", "steps": [2]},
    ]
    assert made == {
        "schema": 1,
        "kind": "derivative",
        "input": "3*x**2*y",
        "read_as": "3*x**2*y",
        "notes": [],
        "wrt": ["x"],
        "order": 1,
        "answer": {"text": "6xy", "sympy": "6*x*y", "latex": "6 x y"},
        "verified": {"verdict": "verified", "points": 12},
    }
    assert steps[0] == {
        "rule": "constant multiple rule",
        "law": "D(c*u) = c*D(u)",
        "bindings": {"c": "3y", "u": "x^2"},
        "path": [],
        "before": {
            "text": "d/dx [3x^2y]",
            "sympy": "Derivative(3*x**2*y, x)",
            "latex": r"\frac{\partial}{\partial x}\left[3 x^{2} y\right]",
        },
        "after": {
            "text": "3y * d/dx [x^2]",
            "sympy": "3*y*Derivative(x**2, x)",
            "latex": r"3 y \cdot \frac{\partial}{\partial x}\left[x^{2}\right]",
        },
        "minor": False,
    }
    assert [s["minor"] for s in steps] == [False, False, True]
    assert all(a["after"] == b["before"] for a, b in pairwise(steps))


@pytest.mark.parametrize(
    ("wrt", "order", "names"),
    [("x", 1, ["x"]), ("x", 2, ["x"]), ("x,y", 1, ["x", "y"]), (["x", "x", "y"], 1, ["x", "x", "y"])],
)
def test_json_names_the_variables(wrt: Any, order: int, names: list[str]) -> None:
    made = as_json(symback.derive("x^3 y^2", wrt, order=order), verify=False)
    assert made["wrt"] == names
    assert "verified" not in made


def test_json_of_a_long_derivation_is_local() -> None:
    made = as_json(symback.derive(" + ".join(f"x^{n}" for n in range(2, 400)), "x"), verify=False)
    assert made["notes"]
    assert made["steps"][1]["before"]["text"] == "d/dx [x^2]"
    assert made["steps"][1]["path"] == [0]


def test_json_of_tables() -> None:
    gradient = as_json(symback.gradient("x y^2 + 3x^2 z", at={"x": 1, "y": 0, "z": 2}))
    assert gradient["kind"] == "gradient"
    assert gradient["point"] == {"x": "1", "y": "0", "z": "2"}
    assert gradient["answer"]["text"] == "(y^2 + 6xz, 2xy, 3x^2)"
    assert gradient["value"]["sympy"] == "Matrix([12, 0, 3])"
    assert [p["wrt"] for p in gradient["partials"]] == [["x"], ["y"], ["z"]]
    assert gradient["verified"]["verdict"] == "verified"
    jacobian = as_json(symback.jacobian(["x y", "x + y"]), verify=False)
    assert jacobian["answer"]["text"] == "((y, x), (1, 1))"
    assert jacobian["answer"]["latex"] == r"\begin{pmatrix} y & x \\ 1 & 1 \end{pmatrix}"
    assert "value" not in jacobian
    assert as_json(symback.hessian("x^2 y"), verify=False)["answer"]["sympy"] == "Matrix([[2*y, 2*x], [2*x, 0]])"


def test_json_of_a_directional_derivative() -> None:
    made = as_json(symback.directional("x^2 + y^2", ["x", "y"], (3, 4), at={"x": 1, "y": 2}), verify=False)
    assert made["kind"] == "directional"
    assert made["direction"] == ["3", "4"]
    assert [u["text"] for u in made["unit"]] == ["3/5", "4/5"]
    assert made["answer"]["text"] == "22/5"


def test_json_of_an_error() -> None:
    problem = ParseError("The sum has no right-hand side.", "2 sin x +", 8, hint="Write a term after +.")
    assert json.loads(error(problem)) == {
        "schema": 1,
        "error": {
            "code": "parse",
            "message": "The sum has no right-hand side.",
            "at": 8,
            "hint": "Write a term after +.",
        },
    }
    assert json.loads(error(UsageError("No.")))["error"]["at"] is None


# --- LaTeX and Markdown ---------------------------------------------------------------------------------------------


def test_latex() -> None:
    assert render(three_x_squared_y(notes=("50% & more",)), "latex", verification=VERIFIED) == "\n".join(
        [
            r"\begin{align*}",
            r"  \frac{\partial}{\partial x}\left[3 x^{2} y\right] &= "
            r"3 y \cdot 2 x && \text{constant multiple rule, power rule} \\",
            r"  &= 6 x y && \text{multiply numbers}",
            r"\end{align*}",
            "",
            "Verified at 12 points.",
            "",
            r"Note: 50\% \& more",
        ]
    )


def test_latex_marks_what_changed() -> None:
    shown = render(three_x_squared_y(), "latex", "full", mark=True, verify=False)
    assert shown.startswith(r"\providecommand{\changed}")
    assert r"3 y \cdot \changed{2 x}" in shown
    assert "changed" not in render(three_x_squared_y(), "latex", verify=False)


def test_markdown() -> None:
    shown = render(three_x_squared_y(notes=("x_1 is |u|.",)), "markdown", verification=VERIFIED)
    assert shown.startswith("$$\n\\begin{aligned}\n  \\frac{\\partial}{\\partial x}")
    assert shown.endswith("\\end{aligned}\n$$\n\n✓ verified at 12 points\n\n> note: x\\_1 is \\|u\\|.")


def balanced(latex: str) -> bool:
    plain = re.sub(r"\\[{}]", "", latex)
    return plain.count("{") == plain.count("}") and plain.count(r"\left") == plain.count(r"\right")


THINGS = [
    symback.derive("(x^3+3)^3 (2x-5)^5", "x"),
    symback.derive("log(e^(a x) + e^(b y) + e^(c z))", "x"),
    symback.derive("x^2 - 6y^2 + 3x y - x + 2y + 6", "x"),
    symback.derive("sqrt(x)/x + |x|^2 + f(x^2)", "x"),
    symback.derive("7", "x"),
    product_with_exponential(name="f"),
    symback.gradient("x y^2 + 3x^2 z", at={"x": 1, "y": 0, "z": 2}),
    symback.hessian("x^3 + x y^2"),
    symback.directional("x^2 + y^2", ["x", "y"], (3, 4)),
]


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_row_of_latex_stands_by_itself(thing: Any, detail: str) -> None:
    shown = render(thing, "latex", detail, verify=False, notes=False, mark=True)
    for row in re.sub(r"\\(begin|end)\{align\*\}", "", shown).split(" \\\\\n"):
        assert balanced(row), row


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_shows_every_thing(thing: Any, format: str) -> None:
    assert render(thing, format, verify=False)


def test_long_latex_is_broken_outside_of_brackets() -> None:
    rows = broken(r"\frac{a + b}{c} + \left(x + y\right) z - 5 x \cdot 2 + x y z t u \cdot w", 15)
    assert rows == [r"\frac{a + b}{c}", r"+ \left(x + y\right) z", r"- 5 x \cdot 2", r"+ x y z t u", r"\cdot w"]
    assert all(balanced(row) for row in rows)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="no format"):
        render(three_x_squared_y(), "docx")
