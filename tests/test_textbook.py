"""320 exercises as calculus books set them, with their derivatives by x in the form in which a book prints them."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy

import symback
from symback.page.lines import shown
from symback.page.maths import text
from symback.syntax.convert import from_sympy, to_sympy

TABLE = Path(__file__).with_name("textbook_answers.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
LONGER = 1.1

# Answers that one of SymPy's forms would make shorter by more than a tenth, and why they stay as they are.
PRODUCT = "the terms of a product rule stay one for each factor"
WRITTEN = "it keeps the form of what was written"
TERMS = "the numerator of a quotient is expanded and collected"
REASONS = {
    PRODUCT: ("x^2 sqrt(x + 1)", "x sigmoid(x)", "x^2 sqrt(1 - x)", "(x^2 + 1) sin(x)/e^x"),
    WRITTEN: (
        "1/(1 + e^(-x))", "1/(1 + e^-x)", "ln((1 + x)/(1 - x))", "sigmoid(2x)", "x^(3/2) - 4x^(1/2)", "(1 - x^2)^(3/2)",
        "(1 - x)^10", "0.25x^2 - 0.5x", "(x + a)^2", "(x^2 + 1)^(1/2)", "arcsin(x/2)",
    ),
    TERMS: ("x^2/(x + a)", "(3x^2 - 5)/(2x)", "sin(x) ln(x)/sqrt(x)"),
}  # fmt: skip
STAYS = {typed for rows in REASONS.values() for typed in rows}


def length(written: str) -> int:
    """Return how many characters are written, without blanks."""
    return len(written.replace(" ", ""))


@pytest.mark.parametrize(("typed", "answer"), ROWS)
def test_the_form_of_a_book(typed: str, answer: str) -> None:
    derivation = symback.derive(typed, "x")
    assert text(derivation.last) == answer
    grouped = [move for line in shown(derivation, "normal") for move in line.moves]
    assert grouped == list(derivation.moves)  # the lines group the steps in their order
    own = to_sympy(derivation.last)
    shortest = min(length(text(from_sympy(form(own)))) for form in (sympy.factor, sympy.expand, sympy.together))
    assert (length(answer) > LONGER * shortest) == (typed in STAYS)


def test_there_are_three_hundred() -> None:
    assert len({typed for typed, _ in ROWS}) >= 300
    assert {typed for typed, _ in ROWS} >= STAYS
