"""LaTeX as books print it, names of other countries, and what looks like a product and is none."""

from __future__ import annotations

import pytest

import symback
from symback.errors import ParseError
from symback.expr.functions import ABROAD
from symback.expr.tree import dump, symbol
from symback.syntax import parse, read

READ = [
    # fractions and roots of plain TeX
    (r"{x+1 \over x-1}", "Quotient(Plus(x, 1), Plus(x, Neg(1)))"),
    (r"x+1 \over x-1", "Quotient(Plus(x, 1), Plus(x, Neg(1)))"),
    (r"y = {x \over 2}^2", "Power(Quotient(x, 2), 2)"),
    (r"e^{1 \over x}", "Power(E, Quotient(1, x))"),
    (r"(1 \over x) + 2", "Plus(Quotient(1, x), 2)"),
    (r"\exp\{-x\}", "Power(E, Neg(x))"),
    (r"\left[x + 1\right]^2", "Power(Plus(x, 1), 2)"),
    (r"2\left\{x + \lbrack y\rbrack^3\right\}", "Times(2, Plus(x, Power(y, 3)))"),
    (r"[2 [y + 1]] / \lbrace x - 1\rbrace", "Quotient(Times(2, Plus(y, 1)), Plus(x, Neg(1)))"),
    (r"\left( x \over y \right)^2", "Power(Quotient(x, y), 2)"),
    (r"{{a \over b} \over c}", "Quotient(Quotient(a, b), c)"),
    (r"\max(x \over 2, 1)", "Apply(max, Quotient(x, 2), 1)"),
    (r"\root 3 \of {x}", "Apply(cbrt, x)"),
    (r"\root n \of x", "Apply(root, x, n)"),
    (r"\root n+1 \of {x+1}", "Apply(root, Plus(x, 1), Plus(n, 1))"),
    (r"\root 3 \of x y", "Times(Apply(cbrt, x), y)"),
    (r"\sqrt[3]2x", "Times(Apply(cbrt, 2), x)"),
    (r"\sqrt2 x", "Times(Apply(sqrt, 2), x)"),
    # one token after ^ and _
    (r"$2^x3^x4^x$", "Times(Power(2, x), Power(3, x), Power(4, x))"),
    (r"\frac{1}{2}2^x3^x", "Times(Quotient(1, 2), Power(2, x), Power(3, x))"),
    (r"\alpha e^x2", "Times(alpha, Power(E, x), 2)"),
    (r"\alpha x^2y", "Times(alpha, Power(x, 2), y)"),
    (r"\alpha x^10", "Times(alpha, Power(x, 10))"),
    (r"\alpha a_nx", "Times(alpha, a_n, x)"),
    (r"\alpha 2^{x3}", "Times(alpha, Power(2, x3))"),
    ("2^x3^x4^x", "Power(2, Power(x3, Power(x4, x)))"),
    # a group is one name, or one sign
    (r"\operatorname{sen} x", "Apply(sin, x)"),
    (r"\operatorname{arc\,sen}(x)", "Apply(arcsin, x)"),
    (r"\mathop{\mathrm{sen}} x", "Apply(sin, x)"),
    (r"\mathop{\rm sen} x", "Apply(sin, x)"),
    (r"{\rm sen} x", "Apply(sin, x)"),
    (r"\text{tg}\,x", "Apply(tan, x)"),
    (r"\textrm{cotg}^2 x", "Power(Apply(cot, x), 2)"),
    (r"\mathit{relu}(x)", "Apply(relu, x)"),
    (r"\text{-}x", "Neg(x)"),
    (r"x \text{ - } 1", "Plus(x, Neg(1))"),
    (r"x\text{+}1", "Plus(x, 1)"),
    (r"\mathrm{e}^x", "Power(E, x)"),
    (r"{\rm e}^{x}", "Power(E, x)"),
    (r"\mathrm{i}", "i"),
    (r"\mathrm{x}_1", "x1"),
    (r"{\bf w}_1 x", "Times(w1, x)"),
    (r"\frac{\mathrm{d}}{\mathrm{dx}}[x]", "Diff(x, x)"),
    # superscripts on superscripts
    ("eˣ²", "Power(E, Power(x, 2))"),
    ("e²ˣ", "Power(E, Times(2, x))"),
    ("2ˣ⁺¹", "Power(2, Plus(x, 1))"),
    ("xⁿ⁻¹", "Power(x, Plus(n, Neg(1)))"),
    ("x⁽ⁿ⁺¹⁾²", "Power(x, Power(Plus(n, 1), 2))"),
    # logarithms that go by other names
    ("lg x", "Apply(log, x, 10)"),
    ("lb x", "Apply(log, x, 2)"),
    ("ld(x)", "Apply(log, x, 2)"),
    # products that stay products
    ("a d x", "Times(a, d, x)"),
    ("f^{-1}", "Power(f, Neg(1))"),
    ("E^2", "Power(E, 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "expected"), READ)
def test_tree(typed: str, expected: str) -> None:
    assert dump(parse(typed)) == expected


@pytest.mark.parametrize(("word", "name"), [(w, name) for name, words in ABROAD.items() for w in words.split()])
def test_a_name_of_another_country(word: str, name: str) -> None:
    for typed in (f"{word} x", f"{word}(x)", rf"\operatorname{{{word}}} x"):
        assert dump(parse(typed)) == f"Apply({name}, x)"


REFUSED = [
    # what is typed, where, the reason
    (r"\operatorname{foo}(x)", 14, "foo is not a known name."),
    (r"\mathrm{Log}(x)", 8, "Log is not a known name."),
    (r"\mathbf{AB}", 8, "AB is not a known name."),
    (r"\text{if x}", 6, "if x is not a known name."),
    (r"\text{a b}", 6, "a b is not a known name."),
    (r"{a \over b \over c}", 11, r"The same brackets hold two \over."),
    (r"\root 3 {x}", 0, r"The sign \root has no \of."),
    (r"\sqrt[3]27", 8, "It is not clear where the root ends."),
    ("x^2 dx", 4, "dx looks like the differential of an integral, and there is none here."),
    ("sin x dx", 6, "dx looks like the differential of an integral, and there is none here."),
    ("x dx", 2, "dx looks like the differential of an integral, and there is none here."),
    ("x^2 dt", 4, "dt looks like the differential of an integral, and there is none here."),
    (r"e^{x}\,\mathrm{d}x", 7, r"\mathrm{d}x looks like the differential of an integral, and there is none here."),
    (r"(x+1)\,d\theta", 7, r"d\theta looks like the differential of an integral, and there is none here."),
    (r"\frac{dx}{x}", 6, "dx looks like the differential of an integral, and there is none here."),
    ("f^-1(x)", 0, "f^-1(...) can mean the inverse function of f, or 1/f(...)."),
    ("f^{-1}(x)", 0, "f^-1(...) can mean the inverse function of f, or 1/f(...)."),
    ("g⁻¹(2x)", 0, "g^-1(...) can mean the inverse function of g, or 1/g(...)."),
    (r"\Gamma(x+1)", 0, r"\Gamma(...) looks like the gamma function."),
    ("Γ(x)", 0, "Γ(...) looks like the gamma function."),
    ("Gamma(x)", 0, "Gamma(...) looks like the gamma function."),
    *((typed, at, "Angles are in radians here; the sign for degrees is not part of the language.")
      for typed, at in (("45°", 2), ("90deg", 2), ("x degrees", 2), (r"\sin 30^\circ", 8), (r"30^{\circ}", 4))),
    ("1,000x^2", 1, "The comma in 1,000 can stand for thousands or for a decimal point."),
    ("500,000(1.05)^t", 3, "The comma in 500,000 can stand for thousands or for a decimal point."),
    ("1,000,000x", 1, "A comma in a number is not read."),
    ("0,5x", 1, "A decimal comma is not read."),
    ("0,500x", 1, "A decimal comma is not read."),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "at", "reason"), REFUSED)
def test_error(typed: str, at: int, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(typed)
    assert (caught.value.at, caught.value.message) == (at, reason)
    assert caught.value.hint


@pytest.mark.parametrize(("typed", "names"), [("x^2 dx", "dx"), ("x d", "d"), ("Gamma(x)", "Gamma")])
def test_a_declared_name_is_one(typed: str, names: str) -> None:
    assert symbol(names) in parse(typed, [names]).free_symbols


NOTED = [
    ("2^x3", "x3 in the exponent is read as one name; write x*3 for a factor 3 after it."),
    ("sqrt2 x", "sqrt 2x is read as sqrt(2*x); write sqrt(2)*x for a root that ends before."),
    ("eˣ²", "ˣ² is read as a power in the exponent; write e²ˣ for a product."),
    ("E^x", "E is read as a variable; write e^x with a small e for the exponential function."),
    ("D(x^2)", "D is read as a letter, and D(...) as a product; write d/dx [...] for a derivative."),
    ("lg x", "lg is read as the logarithm to the base 10; write log_2(x) for the base 2."),
    ("ld x", "ld is read as the logarithm to the base 2; write log_10(x) for the base 10."),
    ("x^1/n", "^1/n is read as a division after the power; write x^(1/n) for the exponent."),
    ("2^1/x", "^1/x is read as a division after the power; write 2^(1/x) for the exponent."),
    ("x^-1/2", "^-1/2 is read as a division after the power; write x^(-1/2) for the exponent."),
    ("e^-x/2", "^-x/2 is read as a division after the power; write e^(-x/2) for the exponent."),
    ("e^-x^2/2", "^-x^2/2 is read as a division after the power; write e^(-x^2/2) for the exponent."),
    ("x^1/(n+1)", "^1/(...) is read as a division after the power; write x^(1/(...)) for the exponent."),
]


@pytest.mark.parametrize(("typed", "note"), NOTED)
def test_note(typed: str, note: str) -> None:
    assert note in read(typed).notes


@pytest.mark.parametrize("typed", ["$2^x3^x4^x$", r"\sqrt2 x", "x^2/3", "e^x/x", "x^{-1}/2", "x⁻¹/2", "E^2", "2ˣ⁺¹"])
def test_no_note(typed: str) -> None:
    assert read(typed).notes == ()


@pytest.mark.parametrize(
    ("system", "answer"),
    [
        ("y=3u-6, u=2x^2", "12*x"),
        ("y = 3u - 6 and u = 2x^2", "12*x"),
        ("y = 3u - 6, where u = 2x^2", "12*x"),
        ("y = max(u, 2u), u = 3", "0"),
        ("y = u^2, u = v + 1, and v = 3x", "18*x + 6"),
    ],
)
def test_a_system_separated_by_commas(system: str, answer: str) -> None:
    assert str(symback.derive(system, "x").answer.expand()) == answer


def test_a_comma_between_parts_that_are_no_equations_separates_nothing() -> None:
    with pytest.raises(ParseError, match="decimal comma"):
        symback.derive("y = 0,5x", "x")


GRAPHS = [
    ("d = a*b; L = dd", "dd is read as the product d*d; write d*d to say so"),
    ("dist = a; d = a; i = b; s = a; L = 2dis", "dis is read as the product d*i*s; write dist for that name."),
]


@pytest.mark.parametrize(("graph", "note"), GRAPHS)
def test_note_on_a_graph(graph: str, note: str) -> None:
    assert any(said.startswith(note) for said in symback.Graph(graph).notes)


def test_letters_near_a_declared_name_are_refused_in_a_graph() -> None:
    with pytest.raises(ParseError, match="dis is not a known name"):
        symback.Graph("dist = a + b; L = 2dis")
