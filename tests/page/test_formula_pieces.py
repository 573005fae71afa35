r"""Long formulas in pieces: where they are broken, and that nothing is lost."""

from __future__ import annotations

import re

import pytest

from symback.page.formula import Row
from symback.page.formula.breaking import ROOM, fine_pieces, links_of, terms_of, width
from symback.page.formula.read_latex import formula_of
from symback.page.writers.spoken import words_of_row

LONG = " + ".join(f"{n} x^{{{n}}} y" for n in range(1, 20))


def row(latex: str) -> Row:
    found = formula_of(latex)
    assert found is not None
    return found


def said(latex: str) -> list[str]:
    return [words_of_row((piece.sign, *piece.row) if piece.sign else piece.row) for piece in terms_of(row(latex))]


TERMS = [
    ("a + b - c", ["a", "plus b", "minus c"]),
    ("-a + b", ["minus a", "plus b"]),
    ("a = -b", ["a", "equals minus b"]),
    (r"a \cdot b", ["a times b"]),
    (r"\left(a + b\right) c + d", ["open bracket a plus b close bracket c", "plus d"]),
    (r"a \approx 2", ["a", "is about 2"]),
    ("(a + b) c", ["open bracket a plus b close bracket c"]),
    ("f(x, y) = x - y", ["f of open bracket x, y close bracket", "equals x", "minus y"]),
]


@pytest.mark.parametrize(("latex", "terms"), TERMS, ids=[latex for latex, _ in TERMS])
def test_terms(latex: str, terms: list[str]) -> None:
    assert said(latex) == terms


def test_links() -> None:
    assert [words_of_row(link) for link in links_of(row("a = b + c = d"))] == ["a", "equals b plus c", "equals d"]


@pytest.mark.parametrize(
    "latex",
    [
        LONG,
        rf"\left({LONG}\right)",
        rf"a \left({LONG}\right)^{{2}} b",
        rf"x \cdot \left(1 + \left[{LONG}\right]\right) \cdot y",
        rf"\frac{{{LONG}}}{{x + {LONG}}}",
        rf"\sqrt{{{LONG}}}",
        rf"\changed{{{LONG}}}",
        rf"({LONG}) x",
        "9" * 300,
        r"\mathrm{" + "a" * 300 + "}",
        " ".join(rf"\left(x + {n}\right)" for n in range(40)),
    ],
)
def test_what_can_be_broken_is(latex: str) -> None:
    pieces = fine_pieces(row(latex))
    assert len(pieces) > 3
    assert all(width(piece.row) <= ROOM + 6 for piece in pieces)


def test_nothing_is_lost() -> None:
    pieces = fine_pieces(row(rf"a \left({LONG}\right)^{{2}} \cdot b - c"))
    whole = " ".join(words_of_row((piece.sign, *piece.row) if piece.sign else piece.row) for piece in pieces)
    assert re.findall(r"(\d+) x", whole) == [str(n) for n in range(1, 20)]
    assert whole.startswith("a open bracket 1 x")
    assert re.search(r"19 y close bracket (squared|to the power 2) times b minus c$", whole)


def test_what_cannot_be_broken_stays_whole() -> None:
    matrix = r"\begin{pmatrix} " + " & ".join(f"x_{{{n}}}" for n in range(60)) + r" \end{pmatrix}"
    assert len(fine_pieces(row(matrix))) == 1
