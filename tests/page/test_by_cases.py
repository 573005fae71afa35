"""Functions by cases, remainders and rounding brackets on pages: every writer shows them, and lines break at cases."""

from __future__ import annotations

import pytest

import symback
from symback.page.formula.read_latex import formula_of
from symback.page.formula.subset import safe_latex
from symback.page.layout import wrapped
from symback.page.maths import latex
from symback.page.writers.spoken import words_of_latex
from symback.page.writers.typst_maths import typst_of_latex
from symback.syntax import parse

# fmt: off
SHOWN = [  # what is typed, in Typst, spoken
    ("cases(x^2, x <= 1, 2x)", 'cases(x^(2) & quad "if "x ≤ 1, 2 x & quad "otherwise")',
     "x squared, if x is at most 1; 2 x, otherwise"),
    ("cases(x, 0 <= x < 1 or x != 3)", r'cases(x & quad "if "0 ≤ x \< 1" or "x ≠ 3)',
     "x, if 0 is at most x is less than 1 or x is not 3"),
    ("floor(x) - ceil(2x)", r"lr(\⌊ x \⌋) − lr(\⌈ 2 x \⌉)", "the floor of x minus the ceiling of 2 x end"),
]
BROKEN = [  # a line, its rows of 40 columns
    ("cases(x^2 + 3x, x < 0, sin(x) + 5, 0 < x < 10, 7x, x > 10)",
     ["cases(x^2 + 3x, x < 0,", "sin(x) + 5, 0 < x < 10, 7x, x > 10)"]),
    ("d/dx [cases(x^2 + 3x + 12, x < 0, sin(x) + 5)] + 1", ["d/dx [cases(x^2 + 3x + 12, x < 0,", "sin(x) + 5)] + 1"]),
]
# fmt: on


@pytest.mark.parametrize(("typed", "in_typst", "aloud"), SHOWN)
def test_every_writer_shows_them(typed: str, in_typst: str, aloud: str) -> None:
    written = latex(parse(typed))
    assert formula_of(written) is not None
    assert safe_latex(written)
    assert typst_of_latex(written) == in_typst
    assert words_of_latex(written) == aloud


@pytest.mark.parametrize(("line", "rows"), BROKEN)
def test_lines_break_between_cases(line: str, rows: list[str]) -> None:
    assert list(wrapped(line, 40, "", "")) == rows


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "typst", "json", "notebook"])
def test_every_format(form: str) -> None:
    shown = symback.render(symback.derive("cases(x^2, x <= 1, 2x - 1)", "x"), form)
    assert "derivative at the joints" in shown
    assert "At x = 1 the function is continuous" in shown
