"""Integrals as they are written: each spelling is read, and what is printed reads back."""

import pytest

from symback.errors import ParseError
from symback.page.maths import latex, sympy, text, unicode
from symback.page.writers.mathml import formula
from symback.page.writers.spoken import words_of_latex
from symback.syntax import parse, read

READ = [
    ("∫ x e^(x^2) dx", "int(x e^(x^2), x)"),
    (r"\int_0^1 x\,dx", "int(x, x, 0, 1)"),
    ("int(x^2, x)", "int(x^2, x)"),
    ("int(x^2, x, 0, 1)", "int(x^2, x, 0, 1)"),
    ("∫_0^1 x^2 dx", "int(x^2, x, 0, 1)"),
    ("int x^2 dx", "int(x^2, x)"),
    ("int_0^1 x dx", "int(x, x, 0, 1)"),
    (r"\int \frac{dx}{x}", "int(1/x, x)"),
    ("∫ dx/x", "int(1/x, x)"),
    (r"\int \frac{x\,dx}{x^2+1}", "int(x/(x^2 + 1), x)"),
    (r"\int_{-\infty}^{\infty} e^{-x^2} dx", "int(e^(-x^2), x, -oo, oo)"),
    ("∫_0^oo e^-x dx", "int(e^(-x), x, 0, oo)"),
    ("2 ∫ sin(x) dx", "2 int(sin x, x)"),
    ("∫ (x+1) dx + 3", "int(x + 1, x) + 3"),
    ("∫₀¹ t dt", "int(t, t, 0, 1)"),
    (r"\int \sin\theta \, d\theta", "int(sin theta, theta)"),
    ("∫_(pi/2)^pi sin x dx", "int(sin x, x, pi/2, pi)"),
    (r"$\int_1^e \ln x \mathrm{d}x$", "int(ln x, x, 1, e)"),
    ("∫ dx", "int(1, x)"),
    ("∫ ∫ x dx dy", "int(int(x, x), y)"),
]


@pytest.mark.parametrize(("typed", "written"), READ)
def test_spellings(typed: str, written: str) -> None:
    found = read(typed)
    assert text(found.tree) == written
    assert found.notes == ()
    for writer in (text, unicode, latex):
        assert parse(writer(found.tree)) == found.tree


def test_notations() -> None:
    tree = parse("2 int(x + 1, x, 0, pi/2)")
    assert unicode(tree) == "2 ∫_0^(π/2) (x + 1) dx"
    assert latex(tree) == r"2 \int_{0}^{\frac{\pi}{2}} \left(x + 1\right) \, dx"
    assert sympy(tree) == "2*Integral(x + 1, (x, 0, pi/2))"
    assert formula(latex(tree)) is not None
    assert words_of_latex(latex(tree)).startswith("2")


def test_a_letter_d_is_no_differential() -> None:
    tree = parse("int(d x, x)")
    assert unicode(tree) == "int(dx, x)"
    assert parse(unicode(tree)) == tree


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("∫ x", "no differential"),
        ("∫_0 x dx", "one limit only"),
        ("int(x, 2)", "int has a function, a name"),
        ("x dx", "there is none here"),
    ],
)
def test_what_is_no_integral(typed: str, said: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(typed)
    assert said in caught.value.message


def test_int_is_a_product_of_letters_elsewhere() -> None:
    assert text(parse("int")) == "i n t"
    assert text(parse("int x", names=["int"])) == "int x"
