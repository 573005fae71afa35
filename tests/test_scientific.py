"""Numbers print as on paper: with a power of ten where the digits would be mostly zeros, and read back as they were."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

import symback
from symback.expr.tree import dump
from symback.page import maths
from symback.syntax import parse, read

# what is typed, in text, in Unicode, in LaTeX, in SymPy's syntax
PRINTED = [
    ("602200000000000000000000.0", "6.022e23", "6.022 · 10²³", r"6.022 \cdot 10^{23}", "6022*10**20"),
    ("6.022e23", "6.022e23", "6.022 · 10²³", r"6.022 \cdot 10^{23}", "6022*10**20"),
    ("6.022*10^23", "6.022e23", "6.022 · 10²³", r"6.022 \cdot 10^{23}", "6022*10**20"),
    (r"6.022 \times 10^{23}", "6.022e23", "6.022 · 10²³", r"6.022 \cdot 10^{23}", "6022*10**20"),
    ("6.022·10²³ x²", "6.022e23x^2", "6.022 · 10²³ x²", r"6.022 \cdot 10^{23} x^{2}", "6022*10**20*x**2"),
    ("1.38e-23x", "1.38e-23x", "1.38 · 10⁻²³ x", r"1.38 \cdot 10^{-23} x", "138*10**(-25)*x"),
    ("3*10^-8 x", "3e-8x", "3 · 10⁻⁸ x", r"3 \cdot 10^{-8} x", "3*10**(-8)*x"),
    ("2*10^30", "2e30", "2 · 10³⁰", r"2 \cdot 10^{30}", "2*10**30"),
    ("0.000001", "1e-6", "1 · 10⁻⁶", r"1 \cdot 10^{-6}", "1*10**(-6)"),
    ("0.00001", "0.00001", "0.00001", "0.00001", "0.00001"),
    ("1e-3", "0.001", "0.001", "0.001", "0.001"),
    ("2e3", "2000.0", "2000.0", "2000.0", "2000.0"),
    ("299792458.0", "299792458.0", "299792458.0", "299792458.0", "299792458.0"),
    ("1234567890123456789012345678901234567890", *["1234567890123456789012345678901234567890"] * 4),
    ("602200000000000000000000", *["602200000000000000000000"] * 4),
    ("1.234567890123456789012345678901e-1", *["0.1234567890123456789012345678901"] * 4),
    ("2.5*10^2", "2.5 * 10^2", "2.5 · 10²", r"2.5 \cdot 10^{2}", "2.5*10**2"),
    ("12*10^30", "12 * 10^30", "12 · 10³⁰", r"12 \cdot 10^{30}", "12*10**30"),
    ("10^23", "10^23", "10²³", "10^{23}", "10**23"),
    ("-6.022e23", "-6.022e23", "-6.022 · 10²³", r"-6.022 \cdot 10^{23}", "-6022*10**20"),
    ("x/6.022e23", "x/6.022e23", "x/(6.022 · 10²³)", r"\frac{x}{6.022 \cdot 10^{23}}", "x/(6022*10**20)"),
    ("x/6.022*10^23", "(x/6.022) * 10^23", "(x/6.022) · 10²³", r"\frac{x}{6.022} \cdot 10^{23}", "(x/6.022)*10**23"),
    ("6.022e23^2", "6.022e23^2", "(6.022 · 10²³)²", r"\left(6.022 \cdot 10^{23}\right)^{2}", "(6022*10**20)**2"),
    ("e^(6e23x)", "e^(6e23x)", "e^(6·10²³ x)", r"e^{6 \cdot 10^{23} x}", "exp(6*10**23*x)"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "text", "unicode", "latex", "in_sympy"), PRINTED)
def test_printed_as_on_paper(typed: str, text: str, unicode: str, latex: str, in_sympy: str) -> None:
    tree = parse(typed)
    assert (maths.text(tree), maths.unicode(tree), maths.latex(tree)) == (text, unicode, latex)
    assert maths.sympy(tree) == in_sympy
    for written in (text, unicode, latex):
        assert parse(written) == tree


@pytest.mark.parametrize("typed", ["6.022e23", "1.38e-23", "2*10^30", "3*10^-8"])
def test_the_value_for_sympy_is_exact(typed: str) -> None:
    tree = parse(typed)
    assert sympy.Rational(sympy.sympify(maths.sympy(tree))) == tree.doit()


@pytest.mark.parametrize(
    ("expr", "answer"),
    [
        ("602200000000000000000000.0x^2", "1.2044 · 10²⁴ x"),
        ("6.022e23 x^2", "1.2044 · 10²⁴ x"),
        ("2*10^30 x^2", "4 · 10³⁰ x"),
        ("3e-8x^2", "6 · 10⁻⁸ x"),
        ("602200000000000000000000x^2", "1204400000000000000000000x"),
        ("0.5x^2 + 1e-3x", "x + 0.001"),
    ],
)
def test_answers(expr: str, answer: str) -> None:
    assert maths.unicode(symback.derive(expr, "x").last) == answer


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("2e3", "2e3 is read as the number 2000; write 2*e*3 for the letter e."),
        ("1e-3x", "1e-3 is read as the number 0.001; write 1*e-3 for the letter e."),
        ("6.022e23", "6.022e23 is read as the number 6.022*10^23; write 6.022*e*23 for the letter e."),
        ("1.5e+3", "1.5e+3 is read as the number 1500; write 1.5*e+3 for the letter e."),
        ("0e5", "0e5 is read as the number 0; write 0*e*5 for the letter e."),
    ],
)
def test_notes_on_scientific_notation(typed: str, note: str) -> None:
    assert read(typed).notes == (note,)


def test_a_declared_e_is_a_letter() -> None:
    tree = parse("6*10^23 e", names=["e"])
    assert parse(maths.text(tree), ["e"]) == tree
    assert dump(parse("6e23", names=["e"])) == "Times(6, e23)"
    assert Fraction(6 * 10**23) == Fraction(int(parse("6e23").doit()))
