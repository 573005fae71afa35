r"""Formulas in Typst: what is written, and that Typst sets whatever comes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symback.page.formula.read_latex import formula_of
from symback.page.writers.typst_maths import typst_of_latex

from .hostile import FORMULAS, GOOD_FORMULAS
from .test_formula_reading import whitelist

typst = pytest.importorskip("typst")

WRITTEN = [
    ("2 x", "2 x"),
    (r"\frac{d}{dx}\left[x^{2}\right]", r"frac(d, d x) lr(\[ x^(2) \])"),
    (r"\sqrt[3]{x} + \sqrt{y}", "root(3, x) + sqrt(y)"),
    (r"w_{32}^{[1]}", r"w_(32)^(\[ 1 \])"),
    (r"\left.f\right|_{x = 2}", r'lr(""f \|)_(x = 2)'),
    (r"\mathrm{loss} \cdot x", '"loss"⋅ x'),
    (r"\mathrm{rate} x", '"rate"thin x'),
    (r"\operatorname{ReLU}\left(z\right)", r'op("ReLU") lr(\( z \))'),
    (r"\sin^{2} x", "sin^(2) x"),
    (r"\lim_{x \to 0} x", "lim_(x → 0) x"),
    (r"\hat{y} \bar{y} \tilde{y}", "hat(y) macron(y) tilde(y)"),
    (r"\mathbf{v}", "upright(bold(v))"),
    (r"\partial \nabla \infty \odot \times", "∂ upright(∇) ∞ ⊙ ×"),
    (r"\changed{x}", "changed(x)"),
    (r"\text{say ``\#''}", '"say ``#\'\'"'),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", 'mat(delim: "(", 1, 2; 3, 4)'),
    (r"\begin{bmatrix} 1 \end{bmatrix}", 'mat(delim: "[", 1)'),
    (r"\begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}", r'cases(x & quad x \> 0, 0 & quad "else")'),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", 'mat(delim: #none, a & = b; "" & = c)'),
    (r"\begin{array}{l|l} a & b \\ \hline c & d \end{array}",
     "mat(delim: #none, align: #left, augment: #(hline: (1,), vline: (1,)), a, b; c, d)"),
    ("f(x, y; z)", r"f \( x \, y \; z \)"),
    ("a/b", r'a class("normal", \/) b'),
    (r"50\% \#1", r"50 \% \# 1"),
    ("", '""'),
    (r"\input{x}", r'#raw("\\input{x}")'),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "written"), WRITTEN, ids=[latex for latex, _ in WRITTEN])
def test_written(latex: str, written: str) -> None:
    assert typst_of_latex(latex) == written


def set_by_typst(formulas: list[str]) -> None:
    """Let Typst set formulas, each in a line and in brackets of its own."""
    written = [typst_of_latex(latex) for latex in formulas]
    marks = "#let changed(body) = math.underline(body)\n"  # a sheet has one that is coloured too
    source = marks + "\n\n".join(f"${maths}$ $ lr(\\( {maths} \\)) $" for maths in written)
    assert typst.Compiler(source.encode(), ignore_system_fonts=True).compile(format="pdf")


def test_typst_sets_the_whole_subset() -> None:
    set_by_typst([*whitelist(), *GOOD_FORMULAS])


def test_hostile_formulas_are_shown_as_typed() -> None:
    for latex in FORMULAS:
        if formula_of(latex) is None:
            assert typst_of_latex(latex).startswith('#raw("')
    set_by_typst([latex for latex in FORMULAS if len(latex) < 1000])


_SAFE_CODE = re.compile(
    r'#raw\("(?:[^"\\]|\\.)*"\)|#rgb\("#[0-9a-f]{6}"\)|#-?[0-9.]+em|#(?:none|true|left|right|center)|#h\([-0-9.]+em\)'
)
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\\.')

PIECES = st.sampled_from(
    [*"#$\\\"'`*_@<>[](){}~=+-/:;.,!?|^&% 19ax", r"\frac", r"\sqrt", r"\left(", r"\right)", r"\left|", r"\right.",
    r"\text{",
     r"\changed{", r"\operatorname{", r"\mathrm{", r"\begin{pmatrix}", r"\end{pmatrix}", r"\begin{aligned}",
     r"\end{aligned}",
     r"\\", "{x}", "{y+1}", r"\alpha", r"\cdot", r"\sum", r"\limits", r"\hat", r"\overbrace", r"\boxed", r"\mathbf",
     r"\middle|",
     r"\quad", r"\,", r"\!", r"\displaystyle", r"\pmod", r"\max", r"\{", r"\}", r"\#", r"\&", r"\_", r"\%"]
)  # fmt: skip


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda p: f"{p[0]} + {p[1]}"),
        two.map(lambda p: r"\frac{{{}}}{{{}}}".format(*p)),
        two.map(lambda p: "{{{}}}_{{{}}}^{{2}}".format(*p)),
        two.map(lambda p: r"\begin{{cases}} {} & {} \end{{cases}}".format(*p)),
        inner.map(lambda p: rf"\left({p}\right|"),
        inner.map(lambda p: rf"\changed{{{p}}}"),
        inner.map(lambda p: rf"\sqrt{{{p}}} '"),
    )


SENSIBLE = st.recursive(
    st.sampled_from(["x", "2.5", r"\mathrm{ab}", r"\text{a # $ \"}", ",", "f:", r"\sin", "|", "/", r"\lbrace"]), grown
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=12), st.lists(PIECES, max_size=10).map("".join), SENSIBLE), max_size=25))
def test_typst_sets_whatever_comes(formulas: list[str]) -> None:
    set_by_typst(formulas)


@given(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=12).map("".join), SENSIBLE))
def test_no_code_comes_through(latex: str) -> None:
    """Besides strings and escaped signs there is no # but where this package wrote it, and no $ at all but in a box."""
    rest = _TEXT.sub("", _SAFE_CODE.sub("", typst_of_latex(latex)))
    rest = re.sub(r"#box\(stroke: 0.5pt, inset: 3pt, baseline: 3pt, \$|\$\)", "", rest)
    assert "#" not in rest
    assert "$" not in rest
    assert '"' not in rest
