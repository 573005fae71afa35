r"""Formulas as sentences, for those who hear a page."""

from __future__ import annotations

import pytest

from symback.page.writers.spoken import FUNCTIONS, LONGEST, SIGNS, words_of_latex
from symback.words import words_of

SPOKEN = [
    (r"\frac{d}{dx}\left[x^{2}\right] = 2 x", "the derivative by x of x squared equals 2 x"),
    (r"\frac{d}{dx}\left[x + 1\right]", "the derivative by x of open bracket x plus 1 close bracket"),
    (r"\frac{\partial^{2} f}{\partial x \partial y} = 6 x y", "the second derivative of f by x and y equals 6 x y"),
    (r"\frac{x + 1}{2 y} z", "fraction x plus 1 over 2 y end of fraction z"),
    (r"-\frac{1}{3} x^{2}", "minus 1 over 3 x squared"),
    (r"\left. \frac{df}{dx} \right|_{x = 2} = 4", "the derivative of f by x, at x equals 2, equals 4"),
    (r"x e^{x^{2} + y^{2}} \cdot \left(-2\right)",
     "x e to the power x squared plus y squared end of power times open bracket minus 2 close bracket"),
    (r"\sin^{2} x \cos x", "sine squared of x cosine of x"),
    (r"\hat{y} = \sigma\left(w_{32}^{[1]}\right)", "y hat equals σ w index 32 layer 1"),
    (r"\sqrt{x} + \sqrt[3]{y + 1}", "the square root of x plus the root of degree 3 of y plus 1 end of root"),
    (r"\mathrm{rate} x", "rate x"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "matrix row 1: 1, 2; row 2: 3, 4; end of matrix"),
    (r"\begin{pmatrix} 6 x y \\ 3 x^{2} \end{pmatrix}", "vector 6 x y, 3 x squared, end of vector"),
    (r"\begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}", "x, x is greater than 0; 0, else"),
    (r"\changed{x + 1}", "x plus 1"),
    (r"\sum_{i=1}^{n} x_i", "the sum from i equals 1 up to n of x index i"),
    (r"\int_{0}^{1} x^{2} \, dx", "the integral from 0 up to 1 of x squared d x"),
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "the limit, x to 0, of fraction sine of x over x end of fraction"),
    (r"\left\|x\right\|^{2}", "the norm of x, squared"),
    (r"\left|x\right|", "the absolute value of x"),
    (r"f''(x)", "f prime prime of open bracket x close bracket"),
    (r"f\left(x, y\right)", "f of open bracket x, y close bracket"),
    (r"\left(X^{\top} y\right)^{-1}", "open bracket X transposed y close bracket to the power minus 1 end of power"),
    (r"\binom{n}{k}", "n choose k"),
    (r"\input{x}", r"\input{x}"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "words"), SPOKEN, ids=[latex for latex, _ in SPOKEN])
def test_words(latex: str, words: str) -> None:
    assert words_of_latex(latex) == words


def test_words_have_an_end() -> None:
    assert len(words_of_latex("x + " * 5000 + "x")) <= LONGEST


def test_sentences_in_german() -> None:
    say = words_of("de").say
    assert (
        words_of_latex(r"\frac{d}{dx}\left[x^{2}\right] = 2 x", say)
        == "die Ableitung nach x von x zum Quadrat gleich 2 x"
    )
    assert words_of_latex(r"\sqrt{x + 1}", say) == "die Wurzel von x plus 1 Ende der Wurzel"
    known = {phrase for phrase in (*SIGNS.values(), *FUNCTIONS.values()) if say(phrase) == phrase}
    assert known <= {"plus", "minus", "in", "d"}  # which are the same in both languages
