"""Which steps share a line, what is marked, and what is said beside it."""

from __future__ import annotations

import pytest

import symback
from symback.errors import UsageError
from symback.expr.tree import at
from symback.page import maths
from symback.page.formula.value import formula
from symback.page.lines import Reason, reason_of, shown

from .fixtures import product_with_exponential, three_x_squared_y


def said(derivation: symback.Derivation, detail: str) -> list[tuple[str, str, str]]:
    lines = shown(derivation, detail)[1:]
    return [(maths.text(line.tree), *said_of(reason_of(line, detail))) for line in lines]


def said_of(reason: Reason) -> tuple[str, str]:
    letters = [f"{letter} = {maths.text(tree)}" for letter, tree in reason.bindings]
    return ", ".join(reason.names), ", ".join((*letters, *reason.more))


def test_normal_shows_one_idea_a_line() -> None:
    assert said(product_with_exponential(), "normal") == [
        ("d/dx [x^2] * e^(3x) + x^2 * d/dx [e^(3x)]", "product rule", "u = x^2, v = e^(3x)"),
        ("2x e^(3x) + 3x^2 e^(3x)", "chain rule", "u = 3x, power rule, exponential rule"),
    ]


def test_brief_shows_some_of_these_lines() -> None:
    assert said(product_with_exponential(), "brief") == [
        ("2x e^(3x) + 3x^2 e^(3x)", "product rule, chain rule, power rule", ""),
    ]
    assert said(three_x_squared_y(), "normal") == [
        ("3y * 2x", "constant multiple rule, power rule", ""),
        ("6xy", "multiply numbers", ""),
    ]
    assert said(three_x_squared_y(), "brief") == [("6xy", "constant multiple rule, power rule", "")]


def test_full_shows_every_step() -> None:
    derivation = product_with_exponential()
    assert [line for line, _, _ in said(derivation, "full")] == [maths.text(t) for t in derivation.lines()[1:]]


def test_an_unknown_detail_is_refused() -> None:
    with pytest.raises(UsageError, match="no detail"):
        shown(three_x_squared_y(), "everything")


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
@pytest.mark.parametrize(
    "typed", ["x^2 e^(3x)", "sin(cos(tan x))", "(x^2+1)^5/(x-1)", "1/(1+e^-x)", "x^x", "2x - 3x^2 + (x - 1)(x + x^3)"]
)
def test_the_last_line_is_the_answer_and_marks_stand(typed: str, detail: str) -> None:
    derivation = symback.derive(typed, "x")
    lines = shown(derivation, detail)
    assert lines[0].tree == derivation.start
    assert lines[-1].tree == derivation.last
    for line in lines:
        assert all(at(line.tree, path) is not None for path in (*line.marks, *line.taken))
        assert maths.text(line.marked) == maths.text(line.tree)


def test_marks_follow_the_folded_steps() -> None:
    line = shown(product_with_exponential())[2]
    assert [maths.text(at(line.tree, path)) for path in line.marks] == ["2", "x", "3x^2 e^(3x)"]


TAKEN = [
    ("x^2 e^(3x)", [["d/dx [x^2]", "x^2 * d/dx [e^(3x)]"], [], []]),
    ("ln(x^2 + 1)", [["d/dx [x^2 + 1]"], [], []]),  # the last step takes the whole line
    ("x^5 - 4x^3 + 2x^2 + 3", [[], ["4 * 3x^2", "2 * 2x"], []]),  # a zero goes from the whole sum
    ("(x^2 + 1)/(x - 1)", [
        ["d/dx [x^2 + 1]", "(x^2 + 1) * d/dx [x - 1]"], ["2x(x - 1) - (x^2 + 1)"], ["2x^2 - 2x - x^2 - 1"], [],
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "taken"), TAKEN, ids=[typed for typed, _ in TAKEN])
def test_each_line_knows_what_the_next_one_takes(typed: str, taken: list[list[str]]) -> None:
    lines = shown(symback.derive(typed, "x"))
    found = [[maths.text(at(line.tree, path)) for path in line.taken if path] for line in lines]
    assert found[1:] == taken


def test_both_marks_stand_inside_each_other() -> None:
    formulas = [formula(line.marked) for line in shown(symback.derive("(x^2 + 1)/(x - 1)", "x"))]
    assert formulas[2].marked == (
        r"\frac{\taken{\changed{2 x} \left(x - 1\right) - \left(\changed{x^{2} + 1}\right)}}{\left(x - 1\right)^{2}}"
    )
    assert formulas[2].portable == formulas[2].marked.replace(r"\taken", r"\underbrace").replace(
        r"\changed", r"\underline"
    )
    assert formulas[2].latex == r"\frac{2 x \left(x - 1\right) - \left(x^{2} + 1\right)}{\left(x - 1\right)^{2}}"


def test_named_inner_functions_are_said_by_name() -> None:
    rules = [(r, b) for _, r, b in said(symback.derive("p = 0.5 o; o = -x + 0.5y^2", "y"), "normal")]
    assert rules[0] == ("chain rule", "o = -x + 0.5y^2")
