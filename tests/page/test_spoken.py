r"""Formulas in words: one line of text that says the same."""

from __future__ import annotations

import pytest

from symback.page.writers.spoken import LONGEST, words_of_latex

SPOKEN = [
    (r"\frac{d}{dx}\left[x^{2}\right] = 2 x", "d/dx [x^2] = 2x"),
    (r"\frac{\partial^{2} f}{\partial x \partial y} = 6 x y", "∂^2 f/∂x ∂y = 6xy"),
    (r"\frac{x + 1}{2 y} z", "(x + 1)/(2y) z"),
    (r"-\frac{1}{3} x^{2}", "-1/3 x^2"),
    (r"\left. \frac{df}{dx} \right|_{x = 2}", "df/dx|_(x = 2)"),
    (r"x e^{x^{2} + y^{2}} \cdot \left(-2\right)", "x e^(x^2 + y^2) · (-2)"),
    (r"\sin^{2} x \cos x", "sin^2 x cos x"),
    (r"\hat{y} = \sigma\left(w_{32}^{[1]}\right)", "y hat = σ(w_32^[1])"),
    (r"\sqrt{x} + \sqrt[3]{y + 1}", "sqrt(x) + root(3, y + 1)"),
    (r"\mathrm{rate} x", "rate x"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "(1, 2; 3, 4)"),
    (r"\begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}", "{x, x > 0; 0, else}"),
    (r"\changed{x + 1}", "x + 1"),
    (r"\sum_{i=1}^{n} x_i", "∑_(i = 1)^n x_i"),
    (r"\left\|x\right\|^{2}", "‖x‖^2"),
    (r"f''(x)", "f''(x)"),
    (r"\binom{n}{k}", "binomial(n, k)"),
    (r"\input{x}", r"\input{x}"),
]


@pytest.mark.parametrize(("latex", "words"), SPOKEN, ids=[latex for latex, _ in SPOKEN])
def test_words(latex: str, words: str) -> None:
    assert words_of_latex(latex) == words


def test_words_have_an_end() -> None:
    assert len(words_of_latex("x + " * 5000 + "x")) <= LONGEST
