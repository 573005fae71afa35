"""Equations in rows that fit on a page."""

from __future__ import annotations

from itertools import pairwise

import pytest

import symback
from symback.page.fitting import WIDEST, fitting
from symback.page.formula.latex_width import width
from symback.page.kinds import blocks_of
from symback.page.latex_rows import broken, placed, rows_of
from symback.page.options import Options
from symback.page.page import Display, Equation

from .shown import equation

# How wide TeX sets a formula in 11 points, in digits.
MEASURED = [
    ("12", 2.0),
    (r"2 e^{2} + 8 e^{2} + 4 e^{2}", 13.3),
    (r"\text{shape}\ 2 \times 3", 10.1),
    (r"\frac{\partial}{\partial z}\left[\frac{1}{e^{a x} + e^{b y} + e^{c z}} e^{a x} a\right]", 21.9),
    (r"2 \left(o - y\right) \cdot \left(a \odot w_{2} \odot \left(1 - a\right)\right)", 24.7),
    (
        r"2 x - 0 + 3 y \cdot 1 - \frac{\partial}{\partial x}\left[x\right]"
        r" + \frac{\partial}{\partial x}\left[6\right]",
        27.0,
    ),
    (r"\begin{pmatrix} 12 \\ 0 \\ 3 \end{pmatrix}", 5.5),
    (r"9 x^{2} \left(x^{3} + 3\right)^{2} \left(2 x - 5\right)^{5}", 19.6),
]


@pytest.mark.parametrize(("latex", "measured"), MEASURED)
def test_width_is_about_what_tex_needs(latex: str, measured: float) -> None:
    assert 0.93 * measured <= width(latex) <= 1.2 * measured


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (r"\frac{100}{3}", "100 + 3"),
        ("x^{23}", "x 23"),
        ("x_{2}^{3}", "x_{2} x^{3}"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{pmatrix} 1 & 2 \end{pmatrix}"),
        (r"\begin{array}{ll} 1 & 2 \end{array}", "1 + 2 + 3 + 4"),
        (r"\frac12", r"\frac{1}{2} 3"),
        ("", "x"),
    ],
)
def test_widths_compare(narrow: str, wide: str) -> None:
    assert width(narrow) < width(wide)


def test_width_copes_with_anything() -> None:
    for latex in ("}", "{", r"\frac", "^", r"\end{x}", r"\begin{array}", "&", r"\\", r"\begin{pmatrix} 1 & 2"):
        assert width(latex) >= 0


# --- breaking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "room", "rows"),
    [
        ("a + b", 20, ["a + b"]),
        ("aaaa + bbbb + cccc", 12, ["aaaa", "+ bbbb", "+ cccc"]),
        (r"aaaa \cdot bbbb \cdot cccc", 11, [r"aaaa", r"\cdot bbbb", r"\cdot cccc"]),
        (r"2 \left(aaaa + bbbb\right)", 9, [r"2 \bigl(aaaa", r"+ bbbb\bigr)"]),
        (r"\frac{aaaa + bbbb}{c}", 9, [r"\bigl(aaaa", r"+ bbbb\bigr)", "/ c"]),
        (r"\frac{a}{bbbb + cccc}", 9, ["a", r"/ \bigl(bbbb", r"+ cccc\bigr)"]),
        (r"\begin{pmatrix} aaaa + bbbb \end{pmatrix}", 5, [r"\begin{pmatrix} aaaa + bbbb \end{pmatrix}"]),
        ("x^{aaaa + bbbb}", 3, ["x^{aaaa + bbbb}"]),
    ],
)
def test_broken(latex: str, room: float, rows: list[str]) -> None:
    assert broken(latex, room) == rows


def test_nothing_is_lost_where_a_sum_is_broken() -> None:
    terms = " + ".join(f"{n} x^{{{n}}}" for n in range(2, 300))
    rows = broken(terms, 60)
    assert " ".join(rows) == terms
    assert max(map(width, rows)) <= 60


# --- columns --------------------------------------------------------------------------------------------------------

REASON = equation("", ("2 x",), "power rule", ("n = 2",))


@pytest.mark.parametrize(
    ("equations", "widest", "rows"),
    [
        ([equation("x = y", ())], 84, ["& x = y"]),
        ([equation("f", ("2 x", "4"))], 84, ["f &= 2 x = 4"]),
        ([equation("f", ("x + x",)), REASON], 84, ["f &= x + x", r"&= 2 x && \text{power rule},\ n = 2"]),
        (
            [equation("f", ("x + x",)), REASON],
            48,
            ["f &= x + x", r"&= 2 x && \text{power rule},\ n = 2"],
        ),
        (
            [equation("f", ("x + x",)), REASON],
            16,
            ["f &= x + x", "&= 2 x", r"&\qquad \text{power rule},", r"&\qquad n = 2"],
        ),
        (
            [equation("f" * 30, ("x + x",)), REASON],
            50,
            ["& " + "f" * 30, r"&\quad = x + x", r"&= 2 x && \text{power rule},\ n = 2"],
        ),
        (
            [equation("f" * 15, ("x" * 20,)), REASON],
            50,
            ["& " + "f" * 15, r"&\quad = " + "x" * 20, r"&\quad = 2 x && \text{power rule},\ n = 2"],
        ),
    ],
)
def test_rows(equations: list[Equation], widest: float, rows: list[str]) -> None:
    assert rows_of(equations, widest) == rows


THINGS = [
    symback.derive("(x^3+3)^3 (2x-5)^5", "x"),
    symback.derive("log(e^(a x) + e^(b y) + e^(c z))", "x"),
    symback.derive("(x^2+3x+1)(x^3+2)/((x+1)(x^2+4x+4) + sin(x) cos(x))", "x"),
    symback.derive(" + ".join(f"x^{n}" for n in range(2, 30)), "x"),
    symback.hessian("log(e^(a x) + e^(b y) + e^(c z))", ["x", "y", "z"]),
]


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_no_row_is_wider_than_the_page(thing: object, detail: str) -> None:
    for block in blocks_of(thing, Options(detail)):
        if isinstance(block, Display):
            rows, widest = placed(fitting(block))
            assert widest <= WIDEST
            assert all(row.count("&") for row in rows)
            assert not any(a == b for a, b in pairwise(rows))
