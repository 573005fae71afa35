"""Formulas as values: written in every notation, compared, with and without marks."""

from __future__ import annotations

import pickle

import pytest

import symback
from symback.expr.tree import Plus, Times, Tree, symbol
from symback.page.formula.value import (
    DOTS,
    NOTHING,
    Formula,
    Matrix,
    entries_of,
    equation,
    formula,
    name,
    typed,
    without_marks,
    words,
)  # fmt: skip
from symback.page.notation import LATEX, TEXT, UNICODE
from symback.page.pieces import Mark
from symback.page.writers.html_pieces import terms
from symback.page.writers.mathml import formula as mathml

X, Y, Z = map(symbol, "xyz")


def tree(text: str) -> Tree:
    return symback.parse(text)


ROW = (formula(X), DOTS)
WRITTEN = [
    (formula(tree("3x^2/y")), "3x^2/y", "3x²/y", r"\frac{3 x^{2}}{y}"),
    (name("w12"), "w12", "w₁₂", "w_{12}"),
    (name("f(x, y)"), "f(x, y)", "f(x, y)", r"f\left(x, y\right)"),
    (equation(name("u"), formula(tree("3x"))), "u = 3x", "u = 3x", "u = 3 x"),
    (words("100%"), "100%", "100%", r"\text{100\%}"),
    (typed(r"\alpha"), r"\alpha", r"\alpha", r"\alpha"),
    (Formula(Matrix((ROW, ROW))), "[[x, ...], [x, ...]]", "[[x, …], [x, …]]",
     r"\begin{pmatrix} x & \cdots \\ x & \cdots \end{pmatrix}"),
    (Formula(Matrix((ROW,), is_row=True)), "[x, ...]", "[x, …]", r"\left(x, \cdots\right)"),
    (NOTHING, "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "text", "unicode", "latex"), WRITTEN)
def test_every_notation(shown: Formula, text: str, unicode: str, latex: str) -> None:
    assert (shown.write(TEXT), shown.write(UNICODE), shown.write(LATEX)) == (text, unicode, latex)
    assert shown.marked == latex
    assert bool(shown) == (shown != NOTHING)
    assert pickle.loads(pickle.dumps(shown)) == shown


@pytest.mark.parametrize(
    ("left", "shown", "names"),
    [
        ("H", Matrix(((formula(X), formula(Y)),) * 2), ["H[1, 1]", "H[1, 2]", "H[2, 1]", "H[2, 2]"]),
        ("a b", Matrix(((formula(X),), (formula(Y),))), ["(a b)[1]", "(a b)[2]"]),
        ("f(x y)", Matrix(((formula(X), formula(Y)),), is_row=True), ["f(x y)[1]", "f(x y)[2]"]),
        ("a/b", Matrix(((formula(X),),)), ["(a/b)[1]"]),
    ],
)
def test_entries(left: str, shown: Matrix, names: list[str]) -> None:
    assert [own.write(TEXT) for own, _ in entries_of(typed(left), shown)] == names


def test_the_entries_of_a_large_matrix_have_commas() -> None:
    wide = Matrix((tuple(formula(X) for _ in range(11)),) * 2)
    assert entries_of(name("H"), wide)[-1][0].latex == "H_{2,11}"


def test_marks() -> None:
    shown = formula(Plus(Mark(tree("2x")), Times(Y, Z)))
    assert shown.marked == r"\changed{2 x} + y z"
    assert shown.latex == shown.plain.latex == shown.plain.marked == r"2 x + y z"
    assert shown.write(UNICODE) == "2x + yz"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("x", "x"),
        (r"\changed{x}", "x"),
        (r"a \changed{\frac{1}{2}} b", r"a \frac{1}{2} b"),
        (r"\changed{\{x\}} + \changed{y}", r"\{x\} + y"),
        (r"\frac{\changed{a \changed{b}}}{c}", r"\frac{a b}{c}"),
    ],
)
def test_a_formula_without_its_marks(marked: str, plain: str) -> None:
    assert without_marks(marked) == plain


def test_a_wide_mark_is_broken_into_marks() -> None:
    wide = " + ".join(rf"\left(x + {n}\right)^{{2}}" for n in range(12))
    found = terms(rf"3 \cdot \changed{{{wide}}} + y")
    assert found is not None
    pieces = [piece.whole for term in found for piece in term]
    assert len(pieces) > 3
    assert all(piece.width <= 21 for piece in pieces)
    assert sum('class="changed"' in piece.mathml for piece in pieces) == len(pieces) - 2
    assert not any("changed{" in piece.mathml for piece in pieces)


def test_what_is_copied_holds_no_marks() -> None:
    found = mathml(r"3 \changed{x}")
    assert found is not None
    assert '<mrow class="changed"><mi>x</mi></mrow>' in found.mathml
    assert '<annotation encoding="application/x-tex">3 x</annotation>' in found.mathml
